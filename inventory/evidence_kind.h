/* SPDX-License-Identifier: MIT */
/*
 * What is this item? Told from its first bytes; its name is a hint of last resort, for logs only.
 */
#ifndef FP_INVENTORY_EVIDENCE_KIND_H
#define FP_INVENTORY_EVIDENCE_KIND_H

#include "inventory/evidence.h"

enum { FP_KIND_HEAD = 64 * 1024 }; /* bytes that are looked at */

/*
 * `head`: the first FP_KIND_HEAD bytes, or all when there are fewer. Every cabinet is
 * FP_KIND_CABINET here: whether it is a catalogue is known only once its file table was read.
 * FP_NOMEM.
 */
FP_MUST_CHECK fp_status fp_kind_recognise(fp_span head, fp_str name, fp_kind *out);

#endif
