/* SPDX-License-Identifier: MIT */
#include "inventory/base/str.h"

#include "inventory/base/utf8.h"

#include <locale.h>
#include <pthread.h>
#include <string.h>
#include <wctype.h>

fp_str fp_str_of(const char *nul_terminated)
{
    return (fp_str){nul_terminated, nul_terminated == NULL ? 0 : strlen(nul_terminated)};
}

static bool equal_ignoring_case(const char *a, const char *b, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (fp_ascii_lower(a[i]) != fp_ascii_lower(b[i]))
            return false;
    }
    return true;
}

bool fp_str_eq(fp_str a, fp_str b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

int fp_str_compare(fp_str a, fp_str b)
{
    const size_t shared = a.size < b.size ? a.size : b.size;
    const int order = shared > 0 ? memcmp(a.data, b.data, shared) : 0;
    return order != 0 ? order : (a.size > b.size) - (a.size < b.size);
}

bool fp_str_ieq(fp_str a, fp_str b)
{
    return a.size == b.size && equal_ignoring_case(a.data, b.data, a.size);
}

size_t fp_str_index(fp_str s, const fp_str *names, size_t count)
{
    size_t i = 0;
    while (i < count && !fp_str_ieq(s, names[i]))
        i++;
    return i;
}

bool fp_str_starts(fp_str s, fp_str prefix)
{
    return s.size >= prefix.size && fp_str_eq((fp_str){s.data, prefix.size}, prefix);
}

bool fp_str_istarts(fp_str s, fp_str prefix)
{
    return s.size >= prefix.size && fp_str_ieq((fp_str){s.data, prefix.size}, prefix);
}

bool fp_str_iends(fp_str s, fp_str suffix)
{
    if (suffix.size == 0)
        return true;
    return s.size >= suffix.size &&
           equal_ignoring_case(s.data + (s.size - suffix.size), suffix.data, suffix.size);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

fp_str fp_str_trim(fp_str s)
{
    while (s.size > 0 && is_blank(s.data[0])) {
        s.data++;
        s.size--;
    }
    while (s.size > 0 && is_blank(s.data[s.size - 1]))
        s.size--;
    return s;
}

fp_str fp_str_file_name(fp_str path)
{
    size_t start = path.size;
    while (start > 0 && path.data[start - 1] != '\\' && path.data[start - 1] != '/')
        start--;
    return fp_str_tail(path, start);
}

ptrdiff_t fp_str_find(fp_str haystack, fp_str needle)
{
    if (needle.size == 0)
        return 0;
    if (haystack.size < needle.size)
        return -1;
    const char *at = memmem(haystack.data, haystack.size, needle.data, needle.size);
    return at == NULL ? -1 : at - haystack.data;
}

ptrdiff_t fp_str_ifind(fp_str haystack, fp_str needle)
{
    if (needle.size == 0)
        return 0;
    for (size_t i = 0; i + needle.size <= haystack.size; i++) {
        if (equal_ignoring_case(haystack.data + i, needle.data, needle.size))
            return (ptrdiff_t)i;
    }
    return -1;
}

bool fp_str_split(fp_str *rest, char separator, fp_str *piece)
{
    if (rest->data == NULL)
        return false;
    const char *end = rest->size == 0 ? NULL : memchr(rest->data, separator, rest->size);
    if (end == NULL) {
        *piece = *rest;
        *rest = (fp_str){NULL, 0};
        return true;
    }
    const size_t size = (size_t)(end - rest->data);
    *piece = (fp_str){rest->data, size};
    *rest = (fp_str){end + 1, rest->size - size - 1};
    return true;
}

bool fp_str_to_u64(fp_str s, uint64_t *out)
{
    uint64_t n = 0;
    for (size_t i = 0; i < s.size; i++) {
        if (s.data[i] < '0' || s.data[i] > '9')
            return false;
        const uint64_t digit = (uint64_t)(s.data[i] - '0');
        if (n > (UINT64_MAX - digit) / 10)
            return false;
        n = n * 10 + digit;
    }
    *out = n;
    return s.size > 0;
}

fp_status fp_str_dup(fp_arena *arena, fp_str s, fp_str *out)
{
    const char *copy = fp_arena_string(arena, s.data, s.size);
    if (copy == NULL)
        return FP_NOMEM;
    *out = (fp_str){copy, s.size};
    return FP_OK;
}

/* ---- names without case -------------------------------------------------------------------------
 */

/* glibc's mapping table, made once: const after that. */
static locale_t unicode_locale;
static pthread_once_t unicode_once = PTHREAD_ONCE_INIT;

static void make_unicode_locale(void)
{
    unicode_locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
}

/* A character outside ASCII never becomes an ASCII letter (dotless i, long s): Windows does not map
 * them, and a look-alike must not answer for a key. */
static uint32_t upper(uint32_t c)
{
    if (c < 0x80)
        return c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c;
    if (unicode_locale == (locale_t)0 || c > 0xFFFF)
        return c;
    const uint32_t mapped = (uint32_t)towupper_l((wint_t)c, unicode_locale);
    return mapped < 0x80 ? c : mapped;
}

/* Takes the common ASCII beginning off both, without case: most names are ASCII, and compared
 * often. */
static void skip_common_ascii(fp_str *a, fp_str *b)
{
    size_t i = 0;
    while (i < a->size && i < b->size) {
        const unsigned char x = (unsigned char)a->data[i];
        const unsigned char y = (unsigned char)b->data[i];
        if ((x | y) >= 0x80 || upper(x) != upper(y))
            break;
        i++;
    }
    if (i == 0) /* an empty string may have no data to point into */
        return;
    *a = (fp_str){a->data + i, a->size - i};
    *b = (fp_str){b->data + i, b->size - i};
}

int fp_str_casecmp(fp_str a, fp_str b)
{
    (void)pthread_once(&unicode_once, make_unicode_locale);
    skip_common_ascii(&a, &b);
    while (a.size > 0 && b.size > 0) {
        uint32_t ca, cb;
        size_t la, lb;
        (void)fp_utf8_get(a, &ca, &la);
        (void)fp_utf8_get(b, &cb, &lb);
        ca = upper(ca);
        cb = upper(cb);
        if (ca != cb)
            return ca < cb ? -1 : 1;
        a = fp_str_tail(a, la);
        b = fp_str_tail(b, lb);
    }
    if (a.size == b.size)
        return 0;
    return a.size < b.size ? -1 : 1;
}
