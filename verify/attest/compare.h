/* SPDX-License-Identifier: MIT */
/*
 * Are these the evidence and the verdicts that were attested? Items are matched by content, as
 * in-toto does it (spec/v1/statement.md: "matched purely by digest"); names only tell which of the
 * others belong together. Where the evidence lies does not matter: its first folder may be called
 * otherwise than it was.
 */
#ifndef FP_ATTEST_COMPARE_H
#define FP_ATTEST_COMPARE_H

#include "verify/record/record.h"

typedef enum fp_difference_kind {
    FP_DIFFERENCE_UNREAD = 0,  /* an item of this name is there, and cannot be read now */
    FP_DIFFERENCE_UNREAD_BOTH, /* ... nor could it be when it was attested: who knows what it is */
    FP_DIFFERENCE_UNREAD_THEN, /* ... and could not be read when it was attested */
    FP_DIFFERENCE_CHANGED,     /* ... with another content */
    FP_DIFFERENCE_MISSING,     /* attested, not at hand */
    FP_DIFFERENCE_EXTRA,       /* at hand, not attested */
    FP_DIFFERENCES
} fp_difference_kind;

typedef struct fp_difference {
    fp_difference_kind kind;
    const fp_record_item *attested; /* NULL: FP_DIFFERENCE_EXTRA */
    const fp_record_item *at_hand;  /* NULL: FP_DIFFERENCE_MISSING */
} fp_difference;

/* In the order of the attested items, then of those at hand. Are the lists the same? An item that
 * neither could read is listed alike, and no difference. FP_NOMEM. */
FP_MUST_CHECK fp_status fp_compare_items(const fp_record *attested, const fp_record *at_hand,
                                         fp_arena *arena, fp_difference **out, size_t *count);
/* Is the evidence the same? What neither could read is FP_DIFFERENCE_UNREAD_BOTH. */
FP_MUST_CHECK fp_status fp_compare_evidence(const fp_record *attested, const fp_record *at_hand,
                                            fp_arena *arena, fp_difference **out, size_t *count);

/* Does `other` say the same of the advisory: verdict, what is possible, reason, assurance, caveats
 * (where both tell)? NULL says nothing. */
bool fp_same_caveats(const fp_record_result *attested, const fp_record_result *other);
bool fp_same_verdict(const fp_record_result *attested, const fp_record_result *other);
bool fp_same_server(const fp_record_subject *attested, const fp_record_subject *other);

typedef struct fp_disagreement {      /* on one advisory */
    const fp_record_result *attested; /* NULL: nothing is attested of it */
    const fp_record_result *at_hand;  /* NULL: nothing is said of it */
} fp_disagreement;

typedef struct fp_disagreements { /* what a report or a run says otherwise than is attested */
    const fp_record_subject *other_server; /* of another server: this one; or NULL */
    fp_disagreement *at;                   /* attested ones first */
    size_t count;
} fp_disagreements;

static inline bool fp_disagreements_none(const fp_disagreements *d)
{
    return d->other_server == NULL && d->count == 0;
}

/* Does `other` say of the same server what is attested, and no more? FP_NOMEM. */
FP_MUST_CHECK fp_status fp_compare_verdicts(const fp_record *attested, const fp_record *other,
                                            fp_arena *arena, fp_disagreements *out);

#endif
