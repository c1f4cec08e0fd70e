/* SPDX-License-Identifier: MIT */
/* What an advisory says for the change record: the packages to install, and the items to tick. */
#include "verify/decide/advisory_parts.h"
#include "verify/decide/criteria.h"

static const char *const phase_words[] = {[FP_PHASE_BEFORE] = "before",
                                          [FP_PHASE_ACTION] = "action",
                                          [FP_PHASE_AFTER] = "after",
                                          [FP_PHASE_BACK_OUT] = "back-out",
                                          [FP_PHASES] = NULL};

const char *fp_phase_name(fp_phase phase)
{
    return phase_words[phase];
}

typedef struct item_form {
    fp_str text, source;
    unsigned phase;
    const fp_json *only_if, *ticked_by;
} item_form;
static const fp_field item_fields[] = {
    {"phase", FP_FIELD_WORD, true, offsetof(item_form, phase), phase_words},
    {"text", FP_FIELD_TEXT, true, offsetof(item_form, text), NULL},
    {"only_if", FP_FIELD_NODE, false, offsetof(item_form, only_if), NULL},
    {"ticked_by", FP_FIELD_NODE, false, offsetof(item_form, ticked_by), NULL},
    {"source", FP_FIELD_TEXT, true, offsetof(item_form, source), NULL},
};

typedef struct package_form {
    fp_str kb, name, sha256, source;
    unsigned certainty;
    const fp_json *only_if;
} package_form;
static const fp_field package_fields[] = {
    {"kb", FP_FIELD_KB, true, offsetof(package_form, kb), NULL},
    {"name", FP_FIELD_TEXT, true, offsetof(package_form, name), NULL},
    {"sha256", FP_FIELD_TEXT, false, offsetof(package_form, sha256), NULL},
    {"only_if", FP_FIELD_NODE, false, offsetof(package_form, only_if), NULL},
    {"source", FP_FIELD_TEXT, true, offsetof(package_form, source), NULL},
    {"certainty", FP_FIELD_WORD, true, offsetof(package_form, certainty), fp_certainty_words},
};

typedef struct reading {
    fp_form *form;
    fp_advisory *advisory;
    size_t nodes;
} reading;

/* What is true or false while nothing is known asks nothing of the evidence. */
static bool depends_on_evidence(const fp_criteria *criteria)
{
    static const fp_tri nothing_known[FP_ADVISORY_TESTS_MAX] = {FP_UNKNOWN};
    return fp_criteria_evaluate(criteria, nothing_known) == FP_UNKNOWN;
}

static const fp_criteria *read_criteria(reading *r, const fp_place *at, const char *key,
                                        const fp_json *json)
{
    if (json == NULL)
        return NULL;
    fp_criteria *criteria = fp_arena_alloc(r->form->arena, sizeof *criteria);
    if (criteria == NULL) {
        r->form->no_memory = true;
        return NULL;
    }
    const fp_place here = fp_place_key(at, fp_str_of(key));
    const size_t errors = r->form->errors;
    fp_criteria_read(r->form, &here, json, r->advisory, &r->nodes, criteria);
    if (r->form->no_memory || r->form->errors > errors)
        return NULL;
    if (!depends_on_evidence(criteria))
        fp_form_error(r->form, &here, "is true or false whatever the evidence says");
    return criteria;
}

static void read_item(reading *r, const fp_place *at, fp_str name, const fp_json *json,
                      fp_checklist_item *out)
{
    item_form f = {0};
    if (fp_str_dup(r->form->arena, name, &out->name) != FP_OK)
        r->form->no_memory = true;
    (void)fp_form_identifier(r->form, at, name);
    if (!fp_form_read(r->form, at, json, FP_FIELDS(item_fields), &f))
        return;
    out->phase = (fp_phase)(f.phase - 1);
    out->text = f.text;
    out->source = f.source;
    out->only_if = read_criteria(r, at, "only_if", f.only_if);
    out->ticked_by = read_criteria(r, at, "ticked_by", f.ticked_by);
}

static void read_items(reading *r, const fp_place *at, const fp_json *json)
{
    const size_t count = fp_json_size(json);
    if (count > FP_FORM_ITEMS_MAX) {
        fp_form_error(r->form, at, "more than %d items", FP_FORM_ITEMS_MAX);
        return;
    }
    r->advisory->checklist =
        fp_arena_alloc_array(r->form->arena, count + 1, sizeof *r->advisory->checklist);
    if (r->advisory->checklist == NULL) {
        r->form->no_memory = true;
        return;
    }
    fp_str name;
    void *cursor = NULL;
    const fp_json *item;
    while (count > 0 && (item = fp_json_next(json, &cursor, &name)) != NULL) {
        const fp_place here = fp_place_key(at, name);
        read_item(r, &here, name, item, &r->advisory->checklist[r->advisory->checklist_count++]);
    }
}

static void read_package(reading *r, const fp_place *at, const fp_json *json, fp_package *out)
{
    package_form f = {0};
    if (!fp_form_read(r->form, at, json, FP_FIELDS(package_fields), &f))
        return;
    const fp_place digest = fp_place_key(at, FP_STR("sha256"));
    if (f.sha256.size > 0)
        (void)fp_form_sha256(r->form, &digest, f.sha256);
    *out = (fp_package){.kb = f.kb,
                        .name = f.name,
                        .sha256 = f.sha256,
                        .source = f.source,
                        .only_if = read_criteria(r, at, "only_if", f.only_if)};
    if (f.certainty != 0)
        out->certainty = fp_str_of(fp_certainty_words[f.certainty - 1]);
}

static void read_packages(reading *r, const fp_place *at, const fp_json *json)
{
    const size_t count = fp_json_size(json);
    if (count > FP_FORM_ITEMS_MAX) {
        fp_form_error(r->form, at, "more than %d packages", FP_FORM_ITEMS_MAX);
        return;
    }
    fp_package *packages = fp_arena_alloc_array(r->form->arena, count + 1, sizeof *packages);
    if (packages == NULL) {
        r->form->no_memory = true;
        return;
    }
    for (size_t i = 0; i < count; i++) {
        const fp_place here = fp_place_index(at, i);
        read_package(r, &here, fp_json_at(json, i), &packages[i]);
    }
    r->advisory->packages = packages;
    r->advisory->package_count = count;
}

void fp_advisory_read_change(fp_form *form, const fp_place *at, const fp_json *checklist,
                             const fp_json *packages, fp_advisory *advisory)
{
    const fp_place checklist_at = fp_place_key(at, FP_STR("checklist"));
    const fp_place packages_at = fp_place_key(at, FP_STR("packages"));
    reading r = {.form = form, .advisory = advisory};
    read_items(&r, &checklist_at, checklist);
    read_packages(&r, &packages_at, packages);
}
