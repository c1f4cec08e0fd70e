/* SPDX-License-Identifier: MIT */
#include "inventory/base/version.h"

#include <stdio.h>

/* "0006221" is a version part: leading zeros are usual ("4.00"). More than ten digits are none. */
static bool parse_part(fp_str text, uint32_t *out)
{
    uint64_t n;
    if (text.size > 10 || !fp_str_to_u64(text, &n) || n > UINT32_MAX)
        return false;
    *out = (uint32_t)n;
    return true;
}

bool fp_version_parse(fp_str text, fp_version *out)
{
    fp_version version = {.count = 0};
    fp_str rest = text;
    fp_str part;
    while (fp_str_split(&rest, '.', &part)) {
        if (version.count == FP_VERSION_PARTS || !parse_part(part, &version.part[version.count]))
            return false;
        version.count++;
    }
    if (version.count == 0)
        return false;
    *out = version;
    return true;
}

int fp_version_compare(const fp_version *a, const fp_version *b)
{
    for (unsigned i = 0; i < FP_VERSION_PARTS; i++) {
        if (a->part[i] != b->part[i])
            return a->part[i] < b->part[i] ? -1 : 1;
    }
    return 0;
}

bool fp_version_begins(const fp_version *version, const fp_version *prefix)
{
    for (unsigned i = 0; i < prefix->count; i++)
        if (version->part[i] != prefix->part[i])
            return false;
    return true;
}

const char *fp_version_format(const fp_version *version, char out[FP_VERSION_TEXT_SIZE])
{
    size_t size = 0;
    out[0] = '\0';
    for (unsigned i = 0; i < version->count && i < FP_VERSION_PARTS; i++)
        size += (size_t)snprintf(out + size, FP_VERSION_TEXT_SIZE - size, "%s%u", i > 0 ? "." : "",
                                 version->part[i]);
    return out;
}
