/* SPDX-License-Identifier: MIT */
#include "verify/decide/advisory.h"

#include "inventory/base/digest.h"

#include "verify/decide/advisory_parts.h"

static const char *const schema_words[] = {"fixproof/advisory/v1", NULL};
const char *const fp_certainty_words[] = {"confirmed", "inferred", "unconfirmed", NULL};

bool fp_certainty_is_doubtful(unsigned certainty)
{
    enum { UNCONFIRMED = 3 }; /* 1 + its place among the words */
    return certainty == UNCONFIRMED;
}

typedef struct document {
    fp_str dollar_schema, id, title, title_source, summary, published, revised, remediation, note;
    fp_str severity;
    unsigned schema, title_certainty;
    fp_texts kbs, cves;
    const fp_json *checklist, *packages, *supersedence, *references, *catalog, *activities, *tests,
        *decide;
} document;

#define MEMBER(name, kind, required)                                                               \
    {                                                                                              \
#name, kind, required, offsetof(document, name), NULL                                      \
    }
static const fp_field document_fields[] = {
    {"$schema", FP_FIELD_TEXT, false, offsetof(document, dollar_schema), NULL},
    {"schema", FP_FIELD_WORD, true, offsetof(document, schema), schema_words},
    MEMBER(id, FP_FIELD_TEXT, true),
    MEMBER(title, FP_FIELD_TEXT, true),
    MEMBER(title_source, FP_FIELD_TEXT, true),
    {"title_certainty", FP_FIELD_WORD, true, offsetof(document, title_certainty),
     fp_certainty_words},
    MEMBER(summary, FP_FIELD_TEXT, true),
    MEMBER(published, FP_FIELD_TIME, true),
    MEMBER(revised, FP_FIELD_TIME, false),
    MEMBER(note, FP_FIELD_TEXT, false),
    MEMBER(kbs, FP_FIELD_TEXTS, true),
    MEMBER(cves, FP_FIELD_TEXTS, false),
    MEMBER(severity, FP_FIELD_TEXT, false),
    MEMBER(checklist, FP_FIELD_OBJECT, false),
    MEMBER(packages, FP_FIELD_ARRAY, false),
    MEMBER(supersedence, FP_FIELD_ARRAY, false),
    MEMBER(references, FP_FIELD_ARRAY, true),
    MEMBER(remediation, FP_FIELD_TEXT, true),
    MEMBER(catalog, FP_FIELD_OBJECT, false),
    MEMBER(activities, FP_FIELD_OBJECT, false),
    MEMBER(tests, FP_FIELD_OBJECT, true),
    MEMBER(decide, FP_FIELD_ARRAY, true),
};
#undef MEMBER

static const fp_field reference_fields[] = {
    {"title", FP_FIELD_TEXT, true, offsetof(fp_reference, title), NULL},
    {"url", FP_FIELD_TEXT, true, offsetof(fp_reference, url), NULL},
};

typedef struct catalog {
    fp_numbers revisions;
    fp_str source;
    unsigned certainty;
} catalog;
static const fp_field catalog_fields[] = {
    {"revisions", FP_FIELD_NUMBERS, true, offsetof(catalog, revisions), NULL},
    {"source", FP_FIELD_TEXT, true, offsetof(catalog, source), NULL},
    {"certainty", FP_FIELD_WORD, true, offsetof(catalog, certainty), fp_certainty_words},
};

static void read_references(fp_form *form, const fp_place *at, const fp_json *json,
                            fp_advisory *advisory)
{
    const size_t count = fp_json_size(json);
    if (count > FP_FORM_ITEMS_MAX) {
        fp_form_error(form, at, "more than %d references", FP_FORM_ITEMS_MAX);
        return;
    }
    advisory->references =
        fp_arena_alloc_array(form->arena, count + 1, sizeof *advisory->references);
    if (advisory->references == NULL) {
        form->no_memory = true;
        return;
    }
    for (size_t i = 0; i < count; i++) {
        const fp_place here = fp_place_index(at, i);
        fp_reference *r = &advisory->references[advisory->reference_count];
        if (fp_form_read(form, &here, fp_json_at(json, i), FP_FIELDS(reference_fields), r))
            advisory->reference_count++;
    }
}

static void read_catalog(fp_form *form, const fp_place *at, const fp_json *json,
                         fp_advisory *advisory)
{
    catalog c = {0};
    if (json == NULL || !fp_form_read(form, at, json, FP_FIELDS(catalog_fields), &c))
        return;
    if (fp_certainty_is_doubtful(c.certainty))
        advisory->revisions_unconfirmed = c.source;
    advisory->revisions =
        fp_arena_alloc_array(form->arena, c.revisions.count + 1, sizeof *advisory->revisions);
    if (advisory->revisions == NULL) {
        form->no_memory = true;
        return;
    }
    for (size_t i = 0; i < c.revisions.count; i++) {
        if (c.revisions.at[i] > UINT32_MAX) {
            fp_form_error(form, at, "a revision id is a 32-bit number");
            return;
        }
        advisory->revisions[advisory->revision_count++] = (uint32_t)c.revisions.at[i];
    }
}

static void check_kbs(fp_form *form, const fp_place *at, const fp_advisory *advisory)
{
    for (size_t i = 0; i < advisory->kb_count; i++) {
        const fp_place here = fp_place_index(at, i);
        (void)fp_form_kb(form, &here, advisory->kbs[i]);
    }
}

/* CVE-<year>-<four digits or more>. */
static bool is_cve(fp_str id)
{
    enum { YEAR = 4, NUMBER_MIN = 4 };
    const fp_str prefix = FP_STR("CVE-");
    uint64_t n;
    if (!fp_str_starts(id, prefix) || id.size < prefix.size + YEAR + 1 + NUMBER_MIN)
        return false;
    const fp_str year = {id.data + prefix.size, YEAR};
    const fp_str rest = {year.data + YEAR, id.size - prefix.size - YEAR};
    return fp_str_to_u64(year, &n) && rest.data[0] == '-' &&
           fp_str_to_u64(fp_str_tail(rest, 1), &n);
}

static void check_cves(fp_form *form, const fp_place *at, const fp_advisory *advisory)
{
    for (size_t i = 0; i < advisory->cve_count; i++) {
        const fp_place here = fp_place_index(at, i);
        if (!is_cve(advisory->cves[i]))
            fp_form_error(form, &here, "must be \"CVE-\", a year, \"-\" and a number");
    }
}

static void take(const document *doc, fp_advisory *advisory)
{
    advisory->id = doc->id;
    advisory->title = doc->title;
    advisory->summary = doc->summary;
    advisory->published = doc->published;
    advisory->revised = doc->revised;
    advisory->remediation = doc->remediation;
    advisory->note = doc->note;
    advisory->severity = doc->severity;
    advisory->kbs = doc->kbs.at;
    advisory->kb_count = doc->kbs.count;
    advisory->cves = doc->cves.at;
    advisory->cve_count = doc->cves.count;
}

static void read_document(fp_form *form, const fp_json *root, fp_advisory *advisory)
{
    const fp_place top = {0};
    document doc = {0};
    if (!fp_form_is_object(form, &top, root))
        return;
    fp_form_fill(form, &top, root, FP_FIELDS(document_fields), &doc);
    fp_form_close(form, &top, root, FP_FIELDS(document_fields), (fp_fields){NULL, 0});

    take(&doc, advisory);

    const fp_place id = fp_place_key(&top, FP_STR("id"));
    const fp_place kbs = fp_place_key(&top, FP_STR("kbs"));
    const fp_place cves = fp_place_key(&top, FP_STR("cves"));
    const fp_place supersedence = fp_place_key(&top, FP_STR("supersedence"));
    const fp_place references = fp_place_key(&top, FP_STR("references"));
    const fp_place catalog_at = fp_place_key(&top, FP_STR("catalog"));
    const fp_place activities = fp_place_key(&top, FP_STR("activities"));
    const fp_place tests = fp_place_key(&top, FP_STR("tests"));
    const fp_place rules = fp_place_key(&top, FP_STR("decide"));
    if (doc.id.size > 0)
        (void)fp_form_identifier(form, &id, doc.id);
    check_kbs(form, &kbs, advisory);
    check_cves(form, &cves, advisory);
    fp_advisory_read_supersedence(form, &supersedence, doc.supersedence, advisory);
    read_references(form, &references, doc.references, advisory);
    read_catalog(form, &catalog_at, doc.catalog, advisory);
    fp_advisory_read_activities(form, &activities, doc.activities, advisory);
    fp_advisory_read_tests(form, &tests, doc.tests, advisory);
    fp_advisory_read_rules(form, &rules, doc.decide, advisory);
    fp_advisory_read_change(form, &top, doc.checklist, doc.packages, advisory);
    if (fp_form_status(form) == FP_OK && form->lint != NULL) /* it has nothing but warnings */
        fp_advisory_lint(form, &tests, &rules, root, advisory);
}

/* What fp_json_parse did not accept, told in the same words to linter and caller. */
static fp_status refuse(fp_lint_fn *lint, void *context, fp_json_position at, const fp_diag *found,
                        fp_diag *d)
{
    if (lint != NULL) {
        const fp_lint told = {true,      FP_LINT_SYNTAX, at.line,
                              at.column, FP_STR(""),     fp_str_of(found->message)};
        lint(context, &told);
    }
    return fp_fail(d, found->status, found->module, found->where, "%s", found->message);
}

fp_status fp_advisory_read(fp_span json, fp_arena *arena, fp_lint_fn *lint, void *context,
                           const fp_advisory **out, fp_diag *d)
{
    fp_diag found = {0};
    fp_json *root = NULL;
    fp_json_position at = {0, 0};
    const fp_status parsed =
        json.size <= FP_ADVISORY_SIZE_MAX
            ? fp_json_parse_located(json, &root, &at, &found)
            : fp_fail(&found, FP_LIMIT, "advisory", 0, "more than %d bytes", FP_ADVISORY_SIZE_MAX);
    if (parsed != FP_OK)
        return refuse(lint, context, at, &found, d);

    fp_form form = {.module = "advisory",
                    .document = json,
                    .arena = arena,
                    .lint = lint,
                    .context = context,
                    .d = d};
    fp_advisory *advisory = fp_arena_alloc(arena, sizeof *advisory);
    if (advisory == NULL)
        form.no_memory = true;
    else
        read_document(&form, root, advisory);
    fp_json_free(root);

    fp_status status = fp_form_status(&form);
    if (status != FP_OK)
        return status;
    status = fp_sha256_text(json, arena, &advisory->sha256);
    if (status != FP_OK)
        return fp_fail(d, status, "advisory", 0, "its digest cannot be told");
    *out = advisory;
    return FP_OK;
}
