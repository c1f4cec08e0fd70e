/* SPDX-License-Identifier: MIT */
/*
 * DER, strictly (ITU-T X.690, 8 and 10): one-byte tags, definite lengths in their shortest form,
 * every element inside the one that holds it. A cursor is an fp_reader: its first failure sticks.
 * BER's freedoms are refused, so that two readers cannot see two things in the same signature.
 */
#ifndef FP_AUTHENTIC_DER_H
#define FP_AUTHENTIC_DER_H

#include "inventory/base/bytes.h"
#include "inventory/base/time.h"

typedef enum fp_der_tag { /* those that signatures use */
                          FP_DER_INTEGER = 0x02,
                          FP_DER_OCTETS = 0x04,
                          FP_DER_NULL = 0x05,
                          FP_DER_OID = 0x06,
                          FP_DER_UTC_TIME = 0x17,
                          FP_DER_GENERALIZED_TIME = 0x18,
                          FP_DER_SEQUENCE = 0x30,
                          FP_DER_SET = 0x31,
                          FP_DER_CONTEXT_0_PRIMITIVE = 0x80,
                          FP_DER_CONTEXT_0 = 0xA0,
                          FP_DER_CONTEXT_1 = 0xA1
} fp_der_tag;

typedef struct fp_der {
    uint8_t tag;
    fp_span whole;   /* tag, length and content */
    fp_span content; /* empty after a failure */
} fp_der;

/* The next element, whatever it is. */
fp_der fp_der_next(fp_reader *r);
/* The next element, which must have this tag: else the reader fails. */
fp_der fp_der_read(fp_reader *r, fp_der_tag tag);
/* The next element if it has this tag; else nothing is read and the answer is false. */
bool fp_der_optional(fp_reader *r, fp_der_tag tag, fp_der *out);
/* A cursor inside the next element, which must have this tag; a failed one when it has not. */
fp_reader fp_der_enter(fp_reader *r, fp_der_tag tag);
static inline fp_reader fp_der_inside(fp_der element)
{
    return fp_reader_at(element.content, 0);
}
/* Was everything read, and nothing wrong? */
static inline bool fp_der_done(const fp_reader *r)
{
    return !r->failed && r->at == r->span.size;
}

static inline bool fp_span_eq(fp_span a, fp_span b)
{
    return a.size == b.size && fp_span_starts(a, b.data, b.size);
}

/* An object identifier as its content octets. */
typedef struct fp_oid {
    uint8_t size;
    uint8_t bytes[11];
} fp_oid;
static inline bool fp_oid_is(fp_span content, const fp_oid *oid)
{
    return fp_span_eq(content, fp_span_of(oid->bytes, oid->size));
}

/* UTCTime or GeneralizedTime as DER has them: seconds are there, the zone is "Z". */
FP_MUST_CHECK bool fp_der_time(fp_der element, fp_time *out);

#endif
