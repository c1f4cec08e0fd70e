/* SPDX-License-Identifier: MIT */
#include "verify/decide/catalog_lines.h"

static void put_catalog(fp_out *line, const fp_case_catalog *catalog)
{
    const fp_catalog *from = catalog->catalog;
    if (from->package_id.size + from->creation_date.size > 0)
        fp_out_printf(line, " (catalogue %.*s of %.*s", FP_STR_ARG(from->package_id),
                      FP_STR_ARG(from->creation_date));
    else
        fp_out_text(line, " (a catalogue without PackageId and date");
    if (fp_case_catalog_standing(catalog) != FP_CATALOG_AUTHENTIC)
        fp_out_text(line, ", decoded from an unverified cabinet");
    fp_out_text(line, ")");
}

void fp_test_observe_line(const fp_test_context *context, const fp_case_catalog *catalog,
                          fp_str where, fp_out *line, fp_test_result *out)
{
    put_catalog(line, catalog);
    if (line->failed)
        out->observations.lost = true;
    else
        fp_observe(&out->observations, context->arena, (fp_origin){catalog->item, where}, "%.*s",
                   (int)line->size, line->data);
    fp_out_free(line);
}
