/* SPDX-License-Identifier: MIT */
#include "verify/decide/catalog_oddities.h"

#include "verify/decide/catalog_lines.h"

enum { UPDATES_SHOWN = 8 }; /* of one catalogue */

/* ---- what was seen -------------------------------------------------------------------- */

static void observe(const fp_test_context *context, const fp_case_catalog *catalog, fp_out *line,
                    fp_test_result *out)
{
    fp_test_observe_line(context, catalog, FP_STR("package.xml"), line, out);
}

/* How many there are of what is looked for; `whole`: there are no others. */
static void put_count(fp_out *line, uint64_t count, bool whole)
{
    if (count > 0)
        fp_out_printf(line, ": %s%llu", whole ? "" : "at least ", (unsigned long long)count);
    else
        fp_out_text(line, whole ? ": none" : ": none found, and not all of package.xml was read");
}

static void observe_update(const fp_test_context *context, const fp_case_catalog *catalog,
                           const fp_update *u, fp_str action, fp_test_result *out)
{
    char guid[FP_GUID_TEXT + 1];
    fp_out line = {0};
    fp_out_printf(&line, "RevisionId %u:", (unsigned)u->revision_id);
    if (u->has_update_id) {
        fp_guid_format(u->update_id, guid);
        fp_out_printf(&line, " UpdateId %s,", guid);
    }
    if (u->has_revision_number)
        fp_out_printf(&line, " revision %u,", (unsigned)u->revision_number);
    fp_out_printf(&line, " DeploymentAction %.*s", FP_STR_ARG(action));
    observe(context, catalog, &line, out);
}

/* ---- DeploymentActions ---------------------------------------------------------------- */

static bool is_expected(const fp_texts *expected, fp_str action)
{
    for (size_t i = 0; i < expected->count; i++)
        if (fp_str_eq(expected->at[i], action))
            return true;
    return false;
}

/* The first of every other value, then the second: one value does not hide the others. */
static void observe_updates(const fp_test_context *context, const fp_case_catalog *catalog,
                            const fp_texts *expected, fp_test_result *out)
{
    const fp_catalog *c = catalog->catalog;
    size_t shown = 0;
    for (size_t k = 0; k < FP_CATALOG_FIRST_MAX; k++) {
        for (size_t i = 0; i < c->action_count && shown < UPDATES_SHOWN; i++) {
            const fp_catalog_action *a = &c->actions[i];
            if (k >= a->first_count || is_expected(expected, a->value))
                continue;
            observe_update(context, catalog, a->first[k], a->value, out);
            shown++;
        }
    }
}

static fp_tri ask_actions(const fp_test_context *context, const fp_case_catalog *catalog,
                          const fp_texts *expected, fp_test_result *out)
{
    const fp_catalog *c = catalog->catalog;
    fp_out line = {0};
    uint64_t count = 0;
    for (size_t i = 0; i < c->action_count; i++)
        count += is_expected(expected, c->actions[i].value) ? 0 : c->actions[i].count;
    fp_out_text(&line, "updates with a DeploymentAction that is not expected");
    put_count(&line, count, c->actions_read);
    observe(context, catalog, &line, out);
    observe_updates(context, catalog, expected, out);
    return count > 0 ? FP_TRUE : c->actions_read ? FP_FALSE : FP_UNKNOWN;
}

/* ---- RevisionIds ---------------------------------------------------------------------- */

static fp_tri ask_duplicates(const fp_test_context *context, const fp_case_catalog *catalog,
                             const fp_texts *unused, fp_test_result *out)
{
    const fp_catalog *c = catalog->catalog;
    fp_out line = {0};
    (void)unused;
    fp_out_text(&line, "RevisionIds that more than one update carries");
    put_count(&line, c->duplicate_count, c->revisions_read);
    for (size_t i = 0; i < c->duplicate_count && i < FP_CATALOG_DUPLICATES_MAX; i++)
        fp_out_printf(&line, "%s%u", i > 0 ? ", " : ": ", (unsigned)c->duplicates[i]);
    if (c->duplicate_count > FP_CATALOG_DUPLICATES_MAX)
        fp_out_text(&line, " ...");
    observe(context, catalog, &line, out);
    return c->duplicate_count > 0 ? FP_TRUE : c->revisions_read ? FP_FALSE : FP_UNKNOWN;
}

/* ---- every catalogue ------------------------------------------------------------------ */

typedef fp_tri (*question)(const fp_test_context *context, const fp_case_catalog *catalog,
                           const fp_texts *expected, fp_test_result *out);

/* Does one of them hold such a thing? */
static void ask(const fp_test_context *context, question of, const fp_texts *expected,
                fp_test_result *out)
{
    const fp_case *c = context->casefile;
    if (c->catalog_count == 0)
        return; /* unknown: not supplied */
    out->is = FP_FALSE;
    for (size_t i = 0; i < c->catalog_count; i++) {
        const fp_case_catalog *catalog = &c->catalogs[i];
        const bool readable = catalog->catalog != NULL && !catalog->catalog->starved &&
                              !fp_case_catalog_is_worthless(catalog);
        const fp_tri is = readable ? of(context, catalog, expected, out) : FP_UNKNOWN;
        out->is = fp_tri_or(out->is, is);
        if (is == FP_UNKNOWN)
            fp_test_doubt(out, readable ? FP_WHY_INCOMPLETE : FP_WHY_UNREADABLE);
    }
}

void fp_catalog_ask_actions(const fp_test_context *context, const fp_texts *expected,
                            fp_test_result *out)
{
    ask(context, ask_actions, expected, out);
}

void fp_catalog_ask_duplicates(const fp_test_context *context, fp_test_result *out)
{
    ask(context, ask_duplicates, NULL, out);
}
