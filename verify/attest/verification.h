/* SPDX-License-Identifier: MIT */
/*
 * What came of holding an attestation against a key, a report, the evidence and a second run:
 * everything that is told of it, as text and as JSON (fixproof/verification/v1).
 *
 * Where the verdicts were judged otherwise again (settings, advisory data), or that is not known,
 * they say nothing either way, be they the same or other ones: that is open, as a program of
 * another version leaves it open.
 */
#ifndef FP_ATTEST_VERIFICATION_H
#define FP_ATTEST_VERIFICATION_H

#include "verify/attest/compare.h"
#include "verify/attest/envelope.h"
#include "verify/report/page.h"

typedef enum fp_answer {
    FP_ANSWER_OPEN = 0, /* nothing contradicts it, but not all could be checked */
    FP_ANSWER_VERIFIED, /* all that was checked is as attested */
    FP_ANSWER_NOT_VERIFIED,
    FP_ANSWERS
} fp_answer;

typedef struct fp_report_check {
    const char *path; /* NULL: no report was named */
    uint8_t sha256[FP_SHA256_SIZE];
    bool same; /* its digest is the one attested; only then it was read */
    fp_difference *differences;
    size_t difference_count; /* evidence that it lists otherwise than attested */
    fp_disagreements claims;
} fp_report_check;

typedef struct fp_evidence_check {
    bool done; /* evidence was named */
    size_t item_count;
    fp_difference *differences;
    size_t difference_count;
} fp_evidence_check;

typedef struct fp_verdict_check {
    bool wanted;
    const char *why_not;         /* the verdicts were not asked for again; or NULL */
    bool settings_known;         /* of both: what they were judged with */
    fp_setting_change *settings; /* ... otherwise */
    size_t setting_count;
    fp_disagreements claims;
} fp_verdict_check;

typedef struct fp_verification {
    const char *tool_version; /* of the program that verifies */
    const char *key_id;
    const fp_envelope *envelope;
    bool signed_by_key; /* false: nothing below was looked at, and `attested` is empty */
    fp_record attested;
    fp_report_check report;
    fp_evidence_check evidence;
    fp_verdict_check verdicts;
} fp_verification;

fp_answer fp_verification_answer(const fp_verification *v);
void fp_verification_text(const fp_verification *v, fp_page *p);
/* FP_NOMEM. `arena` is for scratch. */
FP_MUST_CHECK fp_status fp_verification_json(const fp_verification *v, fp_arena *arena,
                                             fp_out *out);

#endif
