/* SPDX-License-Identifier: MIT */
#include "verify/report/identity.h"

#include "verify/report/json_parts.h"

#include <string.h>

fp_status fp_report_digest(const fp_report *report, char hex[FP_SHA256_HEX_SIZE])
{
    uint8_t digest[FP_SHA256_SIZE];
    fp_out json = {0};
    fp_status status = fp_json_report_write(report, NULL, &json);
    if (status == FP_OK)
        status = fp_digest_span(FP_SHA256, fp_span_of(json.data, json.size), digest);
    fp_out_free(&json);
    if (status == FP_OK)
        fp_hex(digest, FP_SHA256_SIZE, hex);
    return status;
}

void fp_report_uuid(const char *hex, char out[FP_UUID_SIZE])
{
    enum { VERSION = 14, VARIANT = 19 }; /* places in the text */
    static const char variants[] = "89ab";
    size_t used = 0;
    for (size_t i = 0; used + 1 < FP_UUID_SIZE; used++)
        out[used] = used == 8 || used == 13 || used == 18 || used == 23 ? '-' : hex[i++];
    out[used] = '\0';
    out[VERSION] = '8';
    out[VARIANT] = variants[out[VARIANT] & 3];
}

fp_status fp_fingerprint(const fp_str *parts, size_t count, char hex[FP_SHA256_HEX_SIZE])
{
    uint8_t digest[FP_SHA256_SIZE];
    fp_digest *d = fp_digest_new(FP_SHA256);
    if (d == NULL)
        return FP_CRYPTO;
    for (size_t i = 0; i < count; i++) {
        fp_digest_update(d, fp_span_of(parts[i].data, parts[i].size));
        fp_digest_update(d, fp_span_of("", 1)); /* NUL: no two lists of parts run together */
    }
    const fp_status status = fp_digest_finish(d, digest);
    if (status == FP_OK)
        fp_hex(digest, FP_SHA256_SIZE, hex);
    return status;
}

fp_status fp_report_fingerprint(const fp_report *report, const fp_result *result,
                                char hex[FP_SHA256_HEX_SIZE])
{
    const fp_str parts[] = {FP_STR("fixproof/finding/v1"), report->casefile->host,
                            report->casefile->product.site_code, result->advisory->id};
    return fp_fingerprint(parts, sizeof parts / sizeof *parts, hex);
}

static bool stays(char c, bool slash)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           (c != '\0' && strchr("-._~", c) != NULL) || (slash && c == '/');
}

const char *fp_uri_escape(fp_str text, bool slash, fp_arena *arena)
{
    static const char digits[] = "0123456789ABCDEF";
    size_t capacity;
    if (!fp_size_mul(text.size, 3, &capacity))
        return NULL;
    char *out = fp_arena_alloc(arena, capacity + 1);
    if (out == NULL)
        return NULL;
    size_t used = 0;
    for (size_t i = 0; i < text.size; i++) {
        const unsigned char c = (unsigned char)text.data[i];
        if (stays((char)c, slash)) {
            out[used++] = (char)c;
            continue;
        }
        out[used++] = '%';
        out[used++] = digits[c >> 4];
        out[used++] = digits[c & 15];
    }
    out[used] = '\0';
    return out;
}

bool fp_uri_is_https(fp_str text)
{
    static const fp_str scheme = FP_STR_INIT("https://");
    if (!fp_str_starts(text, scheme) || text.size == scheme.size || text.data[scheme.size] == '/')
        return false;
    for (size_t i = 0; i < text.size; i++)
        if (!stays(text.data[i], true) &&
            (text.data[i] == '\0' || strchr("%:?#[]@!$&'()*+,;=", text.data[i]) == NULL))
            return false;
    return true;
}

const char *fp_report_purl(const fp_report *report, fp_arena *arena)
{
    const fp_case *c = report->casefile;
    const fp_family *family = c->product.family;
    const char *name =
        fp_uri_escape(family != NULL ? family->family : FP_STR("unknown"), false, arena);
    const char *version = fp_uri_escape(c->product.version_text, false, arena);
    const char *host = fp_uri_escape(c->host, false, arena);
    const char *site = fp_uri_escape(c->product.site_code, false, arena);
    if (name == NULL || version == NULL || host == NULL || site == NULL)
        return NULL;
    return fp_arena_printf(arena, "pkg:generic/%s%s%s%s%s%s%s", name, *version != '\0' ? "@" : "",
                           version, *host != '\0' ? "?server=" : "", host,
                           *site == '\0'   ? ""
                           : *host != '\0' ? "&site_code="
                                           : "?site_code=",
                           site);
}
