/* SPDX-License-Identifier: MIT */
/*
 * What is attested: that these items of evidence gave these verdicts. It is a Statement of in-toto
 * 1.0 (https://github.com/in-toto/attestation, spec/v1/statement.md, resource_descriptor.md,
 * digest_set.md) whose subjects are the items, each with its path and SHA-256, and whose predicate
 * is our own (data/schema/attestation.schema.json): tool, command, server, verdicts with their
 * caveats, and the SHA-256 of the report that has the reasons.
 *
 * It is a record (verify/record/record.h) of which only that is filled in. Items that could not be
 * read to their end have no digest and so are no subjects; the predicate names them ("unread").
 * Declared facts, the time of --since and what was judged with are attested too: without them
 * nobody could ask again.
 *
 * Members that are not known are passed over (spec/v1/README.md, "Parsing rules").
 */
#ifndef FP_ATTEST_ATTESTATION_H
#define FP_ATTEST_ATTESTATION_H

#include "inventory/base/out.h"
#include "verify/record/record.h"

/* Of the envelope: spec/v1/envelope.md. */
#define FP_ATTESTATION_TYPE FP_STR("application/vnd.in-toto+json")

/* The statement, on one line. FP_NOT_FOUND: no item has a digest, so that there is no subject;
 * FP_NOMEM. `arena` is for scratch. */
FP_MUST_CHECK fp_status fp_attestation_write(const fp_record *record, fp_arena *arena, fp_out *out,
                                             fp_diag *d);
/*
 * In the arena. FP_UNSUPPORTED: a statement of another version or with another predicate;
 * FP_FORMAT, FP_LIMIT: module "json" or "attestation"; FP_NOMEM.
 */
FP_MUST_CHECK fp_status fp_attestation_read(fp_span statement, fp_arena *arena, fp_record *out,
                                            fp_diag *d);

#endif
