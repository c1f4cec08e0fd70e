/* SPDX-License-Identifier: MIT */
/*
 * What tests say that they saw in a catalogue. RevisionIds mean something inside one release only,
 * so every line names the catalogue by its PackageId and CreationDate, and says where nobody showed
 * whose it is.
 */
#ifndef FP_DECIDE_CATALOG_LINES_H
#define FP_DECIDE_CATALOG_LINES_H

#include "inventory/base/out.h"
#include "verify/decide/test.h"

/* One observation: the line, and behind it the catalogue, whose `catalog` is not NULL. Frees the
 * line. `where`: the members it is from. */
void fp_test_observe_line(const fp_test_context *context, const fp_case_catalog *catalog,
                          fp_str where, fp_out *line, fp_test_result *out);

#endif
