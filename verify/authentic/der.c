/* SPDX-License-Identifier: MIT */
#include "verify/authentic/der.h"

enum {
    LONG_TAG = 0x1F,    /* a tag number of several bytes follows */
    LONG_LENGTH = 0x80, /* the low bits count the bytes of the length; 0: BER's indefinite one */
    LENGTH_BYTES_MAX = 4
};

/* X.690, 10.1: definite and as short as can be. */
static size_t read_length(fp_reader *r)
{
    const uint8_t first = fp_read_u8(r);
    if (first < LONG_LENGTH)
        return first;
    const unsigned count = first & 0x7FU;
    if (count == 0 || count > LENGTH_BYTES_MAX) {
        r->failed = true;
        return 0;
    }
    size_t length = 0;
    for (unsigned i = 0; i < count; i++)
        length = length << 8 | fp_read_u8(r);
    if (length < LONG_LENGTH || length >> (8 * (count - 1)) == 0)
        r->failed = true;
    return length;
}

fp_der fp_der_next(fp_reader *r)
{
    const size_t start = r->at;
    const uint8_t tag = fp_read_u8(r);
    if ((tag & LONG_TAG) == LONG_TAG)
        r->failed = true;
    const size_t length = read_length(r);
    const fp_span content = fp_read_span(r, length);
    if (r->failed)
        return (fp_der){0};
    return (fp_der){tag, fp_span_of(r->span.data + start, r->at - start), content};
}

fp_der fp_der_read(fp_reader *r, fp_der_tag tag)
{
    const fp_der element = fp_der_next(r);
    if (element.tag == tag)
        return element;
    r->failed = true;
    return (fp_der){0};
}

bool fp_der_optional(fp_reader *r, fp_der_tag tag, fp_der *out)
{
    if (fp_reader_left(r) == 0 || r->span.data[r->at] != tag)
        return false;
    *out = fp_der_next(r);
    return !r->failed;
}

fp_reader fp_der_enter(fp_reader *r, fp_der_tag tag)
{
    fp_reader inside = fp_der_inside(fp_der_read(r, tag));
    inside.failed = r->failed;
    return inside;
}

/* `count` digits at *at. */
static bool take_number(fp_span text, size_t *at, size_t count, int *out)
{
    fp_span digits;
    if (!fp_span_sub(text, *at, count, &digits))
        return false;
    int n = 0;
    for (size_t i = 0; i < count; i++) {
        if (digits.data[i] < '0' || digits.data[i] > '9')
            return false;
        n = n * 10 + (digits.data[i] - '0');
    }
    *at += count;
    *out = n;
    return true;
}

/* ".5" up to ".999999999", which counts to the millisecond. */
static bool take_fraction(fp_span text, size_t *at, int *millisecond)
{
    enum { DIGITS_MAX = 9 };
    *millisecond = 0;
    if (*at >= text.size || text.data[*at] != '.')
        return true;
    ++*at;
    size_t count = 0;
    int digit;
    for (int scale = 100; count < DIGITS_MAX && take_number(text, at, 1, &digit); count++) {
        *millisecond += digit * scale;
        scale /= 10;
    }
    return count > 0;
}

bool fp_der_time(fp_der element, fp_time *out)
{
    const fp_span text = element.content;
    const bool utc = element.tag == FP_DER_UTC_TIME;
    size_t at = 0;
    int year, month, day, hour, minute, second;
    int millisecond = 0;
    if (!utc && element.tag != FP_DER_GENERALIZED_TIME)
        return false;
    if (!take_number(text, &at, utc ? 2 : 4, &year) || !take_number(text, &at, 2, &month) ||
        !take_number(text, &at, 2, &day) || !take_number(text, &at, 2, &hour) ||
        !take_number(text, &at, 2, &minute) || !take_number(text, &at, 2, &second))
        return false;
    if (!utc && !take_fraction(text, &at, &millisecond))
        return false;
    if (at + 1 != text.size || text.data[at] != 'Z')
        return false;
    if (utc) /* RFC 5280, 4.1.2.5.1 */
        year += year < 50 ? 2000 : 1900;
    return fp_time_civil(year, month, day, hour, minute, second, millisecond, out);
}
