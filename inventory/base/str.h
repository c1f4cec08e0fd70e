/* SPDX-License-Identifier: MIT */
/* Strings with a size: views of text that somebody else owns. */
#ifndef FP_BASE_STR_H
#define FP_BASE_STR_H

#include "inventory/base/arena.h"
#include "inventory/base/bytes.h"

/* UTF-8, not NUL-terminated; `data` may be NULL when size is 0. Owned as the giver says. */
typedef struct fp_str {
    const char *data;
    size_t size;
} fp_str;

/* Both of a string literal only: the second is for static tables, where a constant is wanted. */
#define FP_STR(literal) ((fp_str){"" literal, sizeof(literal) - 1})
#define FP_STR_INIT(literal)                                                                       \
    {                                                                                              \
        "" literal, sizeof(literal) - 1                                                            \
    }
#define FP_STR_ARG(s) (int)(s).size, (s).data != NULL ? (s).data : "" /* for "%.*s" */

/* What ends an English noun behind a number: "1 file", "2 files". */
static inline const char *fp_plural(uint64_t count)
{
    return count == 1 ? "" : "s";
}

fp_str fp_str_of(const char *nul_terminated); /* NULL gives the empty string */
static inline fp_str fp_str_from_span(fp_span s)
{
    return (fp_str){(const char *)s.data, s.size};
}
static inline char fp_ascii_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}
static inline char fp_ascii_upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}
/* The value of a hexadecimal digit in either case, or -1. */
static inline int fp_ascii_hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    const char lower = fp_ascii_lower(c);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}
/* What is behind the first `from` bytes; from <= s.size. Of an empty string, an empty one: adding
 * to a NULL pointer is undefined, even 0. */
static inline fp_str fp_str_tail(fp_str s, size_t from)
{
    return from == 0 ? s : (fp_str){s.data + from, s.size - from};
}
bool fp_str_eq(fp_str a, fp_str b);
/* ASCII letters without case: keywords, hex, GUIDs, host names. */
bool fp_str_ieq(fp_str a, fp_str b);
/* Index of the first of `count` names that `s` is, case as in fp_str_ieq; `count` when none is. */
size_t fp_str_index(fp_str s, const fp_str *names, size_t count);
int fp_str_compare(fp_str a, fp_str b); /* by bytes, as memcmp tells it */
bool fp_str_starts(fp_str s, fp_str prefix);
bool fp_str_istarts(fp_str s, fp_str prefix);
bool fp_str_iends(fp_str s, fp_str suffix);
fp_str fp_str_trim(fp_str s);         /* without ASCII blanks, tabs, CR, LF at both ends */
fp_str fp_str_file_name(fp_str path); /* the last component of a path with / or \ */
/* Byte offset of `needle`, or -1. fp_str_ifind ignores ASCII case. */
ptrdiff_t fp_str_find(fp_str haystack, fp_str needle);
ptrdiff_t fp_str_ifind(fp_str haystack, fp_str needle);
/* The piece before the first `separator` of *rest, which moves on behind it; false at the end. */
bool fp_str_split(fp_str *rest, char separator, fp_str *piece);
/* Decimal digits only, nothing else, no overflow. */
FP_MUST_CHECK bool fp_str_to_u64(fp_str s, uint64_t *out);
FP_MUST_CHECK fp_status fp_str_dup(fp_arena *arena, fp_str s, fp_str *out);

/*
 * Unicode names without case, as the registry compares them: simple upper-case mapping of each
 * character (glibc's table). -1, 0, 1 as strcmp. Bad UTF-8 compares by byte.
 */
int fp_str_casecmp(fp_str a, fp_str b);

#endif
