/* SPDX-License-Identifier: MIT */
/* Files and catalogues that are described: they become what reading them would have made of them.
 */
#include "verify/decide/case_parts.h"

static fp_status add_files(fp_case *c, const fp_case_options *options)
{
    for (size_t i = 0; i < options->described_count; i++) {
        const fp_described_file *d = &options->described[i];
        const fp_case_file file = {.pe.has_version = d->has_version,
                                   .pe.version = d->version,
                                   .pe.original_name = d->name,
                                   .described = d};
        if (fp_case_add_file(c, &file) != FP_OK)
            return FP_NOMEM;
        c->parts->usable = true;
    }
    return FP_OK;
}

static bool holds(const fp_described_catalog *d, uint32_t revision)
{
    for (size_t i = 0; i < d->revision_count; i++)
        if (d->revisions[i] == revision)
            return true;
    return false;
}

/* Whole, and asked for the revisions of every advisory. */
static fp_status answer_questions(fp_case *c, const fp_case_options *options,
                                  const fp_described_catalog *d, fp_catalog *catalog)
{
    size_t count = 0;
    for (size_t i = 0; i < options->advisory_count; i++)
        count += options->advisories[i]->revision_count;
    catalog->questions = fp_arena_alloc_array(c->arena, count + 1, sizeof *catalog->questions);
    if (catalog->questions == NULL)
        return FP_NOMEM;
    for (size_t i = 0; i < options->advisory_count; i++) {
        const fp_advisory *a = options->advisories[i];
        for (size_t k = 0; k < a->revision_count; k++)
            catalog->questions[catalog->question_count++] =
                (fp_catalog_question){.key = {FP_CATALOG_BY_REVISION, .number = a->revisions[k]},
                                      .found = holds(d, a->revisions[k]) ? 1 : 0,
                                      .settled = true};
    }
    catalog->index_read = catalog->packages_read = true;
    return FP_OK;
}

static fp_status add_catalog(fp_case *c, const fp_case_options *options,
                             const fp_described_catalog *d)
{
    fp_case_catalog *all = fp_arena_grow(c->arena, c->catalogs, c->catalog_count,
                                         &c->parts->catalog_capacity, sizeof *all);
    fp_catalog *catalog = fp_arena_alloc(c->arena, sizeof *catalog);
    fp_authenticity *found = fp_arena_alloc(c->arena, sizeof *found);
    const uint8_t *sha256 = fp_arena_copy(c->arena, d->sha256, FP_SHA256_SIZE);
    if (all == NULL || catalog == NULL || found == NULL || sha256 == NULL ||
        answer_questions(c, options, d, catalog) != FP_OK)
        return FP_NOMEM;
    found->result = d->signature;
    c->catalogs = all;
    c->catalogs[c->catalog_count++] = (fp_case_catalog){.catalog = catalog,
                                                        .damaged = d->damaged,
                                                        .authenticity = found,
                                                        .sha256 = d->hashed ? sha256 : NULL};
    c->parts->usable = true;
    return FP_OK;
}

fp_status fp_case_add_described(fp_case *c)
{
    const fp_case_options *options = c->parts->options;
    fp_status status = add_files(c, options);
    for (size_t i = 0; status == FP_OK && i < options->described_catalog_count; i++)
        status = add_catalog(c, options, &options->described_catalogs[i]);
    return status;
}
