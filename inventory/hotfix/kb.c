/* SPDX-License-Identifier: MIT */
#include "inventory/hotfix/kb.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static size_t digits_at(fp_str text, size_t at)
{
    size_t count = 0;
    while (at + count < text.size && is_digit(text.data[at + count]))
        count++;
    return count;
}

static fp_str part(fp_str text, size_t at, size_t size)
{
    return (fp_str){text.data + at, size};
}

static bool has_kb_at(fp_str text, size_t at)
{
    return text.size - at >= 2 && fp_str_ieq(part(text, at, 2), FP_STR("KB"));
}

bool fp_kb_parse(fp_str text, uint64_t *number)
{
    const size_t at = has_kb_at(text, 0) ? 2 : 0;
    const size_t count = digits_at(text, at);
    return count > 0 && count <= FP_KB_DIGITS_MAX && at + count == text.size &&
           fp_str_to_u64(part(text, at, count), number);
}

/* "v2" behind a number is the package's own version: the word ends before it. */
static bool word_ends_at(fp_str text, size_t at)
{
    if (at == text.size || !is_letter(text.data[at]))
        return true;
    return (text.data[at] == 'v' || text.data[at] == 'V') && digits_at(text, at + 1) > 0;
}

static bool word_begins_at(fp_str text, size_t at)
{
    return at == 0 || (!is_letter(text.data[at - 1]) && !is_digit(text.data[at - 1]));
}

bool fp_kb_next(fp_str text, size_t *at, uint64_t *number)
{
    for (size_t i = *at; i < text.size; i++) {
        if (!has_kb_at(text, i) || !word_begins_at(text, i))
            continue;
        const size_t count = digits_at(text, i + 2);
        const size_t end = i + 2 + count;
        if (count == 0 || count > FP_KB_DIGITS_MAX || !word_ends_at(text, end))
            continue;
        *at = end;
        return fp_str_to_u64(part(text, i + 2, count), number);
    }
    return false;
}

bool fp_kb_name(fp_str text, uint64_t *number)
{
    size_t at = 0;
    uint64_t found;
    if (text.size < 3 || !has_kb_at(text, 0) || !fp_kb_next(text, &at, &found) ||
        at != 2 + digits_at(text, 2))
        return false; /* the first KB that is one stands further behind */
    for (; at < text.size; at++)
        if (!is_letter(text.data[at]) && !is_digit(text.data[at]) && text.data[at] != '-' &&
            text.data[at] != '_')
            return false;
    *number = found;
    return true;
}

bool fp_kb_own_package(fp_str name)
{
    const fp_str begin = FP_STR("Package_for_KB");
    const ptrdiff_t end = fp_str_find(name, FP_STR("~"));
    uint64_t number;
    return fp_str_istarts(name, begin) && end > (ptrdiff_t)begin.size &&
           fp_str_to_u64(part(name, begin.size, (size_t)end - begin.size), &number);
}
