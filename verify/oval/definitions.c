/* SPDX-License-Identifier: MIT */
#include "verify/oval/logic.h"
#include "verify/oval/oval.h"
#include "verify/oval/parts.h"

typedef struct writing {
    const fp_advisory *advisory;
    fp_oval_parts *parts;
    fp_page *p;
} writing;

/* ---- criteria ---- */

static void put_definition_id(writing *w, size_t number)
{
    fp_markup_textf(w->p, "oval:fixproof.%s:def:%zu", fp_page_clean(w->p, w->advisory->id), number);
}

static void put_extension(writing *w, const fp_claim *claim, bool negate)
{
    const bool test = claim->kind == FP_CLAIM_TEST;
    const size_t from = test ? FP_OVAL_TESTS_FROM : FP_OVAL_RULES_FROM;
    fp_markup_raw(w->p, "<extend_definition definition_ref=\"");
    put_definition_id(w, from + claim->index);
    fp_markup_raw(w->p, negate ? "\" negate=\"true\"" : "\"");
    fp_markup_attribute(w->p, "comment",
                        test ? w->advisory->tests[claim->index].name
                             : w->advisory->rules[claim->index].reason);
    fp_markup_raw(w->p, "/>\n");
}

static void put_claim(writing *w, const fp_claim *claim, bool negate);

static void put_list(writing *w, const fp_claim *claim, bool negate)
{
    fp_out_printf(w->p->out, "<criteria operator=\"%s\"%s>\n",
                  claim->kind == FP_CLAIM_ALL ? "AND" : "OR", negate ? " negate=\"true\"" : "");
    for (const fp_claim *child = claim->first; child != NULL; child = child->next)
        put_claim(w, child, false);
    fp_markup_raw(w->p, "</criteria>\n");
}

/* As deep as the claim was built: criteria of an advisory are limited, and so are tests. */
static void put_claim(writing *w, const fp_claim *claim, bool negate)
{
    switch (claim->kind) {
    case FP_CLAIM_ALL:
    case FP_CLAIM_ANY:
        put_list(w, claim, negate);
        return;
    case FP_CLAIM_NOT:
        put_claim(w, claim->first, !negate);
        return;
    case FP_CLAIM_TEST:
    case FP_CLAIM_RULE:
        put_extension(w, claim, negate);
        return;
    case FP_CLAIM_OPEN:
    case FP_CLAIM_EXISTS:
    case FP_CLAIM_ONE:
    case FP_CLAIM_VERSION:
    case FP_CLAIM_WITHIN:
    case FP_CLAIM_OUTSIDE:
    case FP_CLAIM_TEXT:
    case FP_CLAIM_EQUALS:
        break;
    }
    fp_out_printf(w->p->out, "<criterion test_ref=\"%s\"%s/>\n", fp_oval_test(w->parts, claim),
                  negate ? " negate=\"true\"" : "");
}

/* ---- definitions ---- */

typedef struct definition {
    size_t number;
    const char *class;
    fp_str title, description;
    bool of_advisory; /* it carries the advisory's references */
    const fp_claim *claim;
} definition;

static void put_reference(fp_page *p, const char *source, fp_str id, fp_str url)
{
    fp_markup_raw(p, "<reference");
    fp_markup_attribute(p, "source", fp_str_of(source));
    fp_markup_attribute(p, "ref_id", id);
    if (url.size > 0)
        fp_markup_attribute(p, "ref_url", url);
    fp_markup_raw(p, "/>\n");
}

static void put_references(writing *w)
{
    const fp_advisory *a = w->advisory;
    for (size_t i = 0; i < a->cve_count; i++)
        put_reference(w->p, "CVE", a->cves[i], FP_STR(""));
    for (size_t i = 0; i < a->kb_count; i++)
        put_reference(w->p, "KB", a->kbs[i], FP_STR(""));
    for (size_t i = 0; i < a->reference_count; i++)
        put_reference(w->p, "Reference", a->references[i].title, a->references[i].url);
}

/* A constant has no criteria that every interpreter reads alike: it is left out by the callers. */
static void put_definition(writing *w, const definition *d)
{
    fp_page *p = w->p;
    fp_markup_raw(p, "<definition id=\"");
    put_definition_id(w, d->number);
    fp_out_printf(p->out, "\" version=\"1\" class=\"%s\">\n<metadata>\n", d->class);
    fp_markup_element(p, "title", d->title);
    fp_markup_raw(p, "\n<affected family=\"windows\"/>\n");
    if (d->of_advisory)
        put_references(w);
    fp_markup_element(p, "description", d->description);
    fp_markup_raw(p, "\n</metadata>\n");
    const bool list = d->claim->kind == FP_CLAIM_ALL || d->claim->kind == FP_CLAIM_ANY;
    if (!list)
        fp_markup_raw(p, "<criteria>\n");
    put_claim(w, d->claim, false);
    fp_markup_raw(p, list ? "</definition>\n" : "</criteria>\n</definition>\n");
}

static bool is_constant(const fp_claim *claim)
{
    return claim == NULL || fp_claim_is_true(claim) || fp_claim_is_false(claim);
}

static void put_verdicts(writing *w, fp_claims *c, const fp_oval_logic *logic)
{
    static const struct {
        fp_verdict verdict;
        const char *class, *before, *between; /* the id, and the title */
    } rows[] = {
        {FP_NOT_APPLICABLE, "inventory", "", " applies to what this server has: "},
        {FP_AFFECTED, "vulnerability", "This server is affected by ", ": "},
        {FP_FIXED, "compliance", "This server has the remediation of ", ": "},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fp_claim *claim = fp_oval_verdict(c, logic, rows[i].verdict);
        if (is_constant(claim))
            continue;
        const definition d = {
            .number = i + 1,
            .class = rows[i].class,
            .title = fp_str_of(fp_page_format(w->p, "%s%s%s%s", rows[i].before,
                                              fp_page_clean(w->p, w->advisory->id), rows[i].between,
                                              fp_page_clean(w->p, w->advisory->title))),
            .description = w->advisory->summary,
            .of_advisory = true,
            .claim = rows[i].verdict == FP_NOT_APPLICABLE ? fp_claim_not(c, claim) : claim,
        };
        if (d.claim != NULL)
            put_definition(w, &d);
    }
}

static void put_rules(writing *w, const fp_oval_logic *logic)
{
    for (size_t i = 0; i < w->advisory->rule_count; i++) {
        const fp_rule *rule = &w->advisory->rules[i];
        if (is_constant(logic->rules[i]))
            continue;
        const definition d = {
            .number = FP_OVAL_RULES_FROM + i,
            .class = "miscellaneous",
            .title = fp_str_of(fp_page_format(w->p, "Rule %zu, %s: %s", i + 1,
                                              fp_verdict_name(rule->verdict),
                                              fp_page_clean(w->p, rule->reason))),
            .description = rule->text.size > 0 ? rule->text : rule->reason,
            .claim = logic->rules[i],
        };
        put_definition(w, &d);
    }
}

static void put_tests(writing *w, const fp_oval_logic *logic)
{
    for (size_t i = 0; i < w->advisory->test_count; i++) {
        const fp_test *test = &w->advisory->tests[i];
        if (is_constant(logic->tests[i]))
            continue;
        const definition d = {
            .number = FP_OVAL_TESTS_FROM + i,
            .class = "miscellaneous",
            .title =
                fp_str_of(fp_page_format(w->p, "Test %s (%s): %s", fp_page_clean(w->p, test->name),
                                         test->kind->name, fp_page_clean(w->p, test->title))),
            .description =
                logic->answered[i]
                    ? FP_STR("OVAL cannot ask this. fixproof answers it in the system "
                             "characteristics that it writes; without its answer it is unknown.")
                    : test->needs,
            .claim = logic->tests[i],
        };
        put_definition(w, &d);
    }
}

/* ---- the document ---- */

static const char head[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<oval_definitions xmlns=\"http://oval.mitre.org/XMLSchema/oval-definitions-5\""
    " xmlns:oval=\"http://oval.mitre.org/XMLSchema/oval-common-5\""
    " xmlns:win=\"http://oval.mitre.org/XMLSchema/oval-definitions-5#windows\""
    " xmlns:ind=\"http://oval.mitre.org/XMLSchema/oval-definitions-5#independent\""
    " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\n";

fp_status fp_oval_definitions_write(const fp_advisory *advisory, const fp_releases *releases,
                                    const fp_oval_generator *generator, fp_arena *arena,
                                    fp_out *out)
{
    fp_claims claims = {.arena = arena, .releases = releases};
    fp_oval_parts parts = {.arena = arena};
    fp_page page = fp_oval_page(&parts, out);
    writing w = {advisory, &parts, &page};
    fp_oval_logic logic;
    const fp_status status = fp_oval_logic_make(&claims, advisory, &logic);
    if (status != FP_OK)
        return status;
    fp_markup_raw(&page, head);
    fp_oval_generator_write(&page, generator->tool_version, generator->now);
    fp_markup_raw(&page, "<definitions>\n");
    put_verdicts(&w, &claims, &logic);
    put_rules(&w, &logic);
    put_tests(&w, &logic);
    fp_markup_raw(&page, "</definitions>\n");
    for (unsigned section = 0; section < FP_OVAL_SECTIONS; section++)
        fp_oval_parts_write(&parts, (fp_oval_section)section, out);
    fp_markup_raw(&page, "</oval_definitions>\n");
    if (parts.status != FP_OK)
        return parts.status;
    return out->failed || page.failed || claims.failed ? FP_NOMEM : FP_OK;
}
