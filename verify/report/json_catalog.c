/* SPDX-License-Identifier: MIT */
/* fixproof/catalog/v1: scan catalogues, and what they say of the revisions asked for. */
#include "verify/report/json_parts.h"

static fp_json *actions_of(fp_doc *f, const fp_catalog *catalog)
{
    fp_json *array = fp_doc_array(f);
    for (size_t i = 0; i < catalog->action_count; i++) {
        fp_json *node = fp_doc_object(f);
        fp_doc_put_text(f, node, "value", catalog->actions[i].value);
        fp_doc_put_number(f, node, "updates", catalog->actions[i].count);
        fp_doc_add(f, array, node);
    }
    return array;
}

static fp_json *catalog_problems(fp_doc *f, const fp_catalog *catalog)
{
    fp_json *array = fp_doc_array(f);
    for (size_t i = 0; i < catalog->problem_count && i < FP_CATALOG_PROBLEMS_MAX; i++)
        fp_doc_add(f, array, fp_doc_text(f, catalog->problems[i]));
    return array;
}

static void put_catalog(fp_doc *f, fp_json *node, const fp_catalog *catalog)
{
    static const fp_catalog none = {.created = FP_TIME_NONE};
    const fp_catalog *c = catalog != NULL ? catalog : &none;
    fp_doc_put_bool(f, node, "index_read", c->index_read);
    fp_doc_put_bool(f, node, "packages_read", c->packages_read);
    fp_doc_put_known(f, node, "package_id", c->package_id);
    fp_doc_put_known(f, node, "creation_date", c->creation_date);
    fp_doc_put_time(f, node, "created", c->created);
    fp_doc_put_known(f, node, "package_version", c->package_version);
    fp_doc_put_number(f, node, "members_decoded", c->members);
    fp_doc_put_number(f, node, "updates", c->updates);
    fp_doc_put(f, node, "deployment_actions", actions_of(f, c));
    fp_doc_put_number(f, node, "without_deployment_action", c->without_action);
    fp_doc_put(f, node, "revisions", fp_json_catalog_revisions(f, c));
    fp_doc_put(f, node, "questions", fp_json_catalog_questions(f, c));
    fp_json_put_odd_actions(f, node, c);
    fp_json_put_duplicates(f, node, c);
    fp_doc_put(f, node, "problems", catalog_problems(f, c));
}

static fp_json *cabinet_findings(fp_doc *f, const fp_cabinet *cabinet)
{
    fp_json *array = fp_doc_array(f);
    for (size_t i = 0; i < cabinet->finding_count && i < FP_CABINET_FINDINGS_MAX; i++) {
        fp_json *node = fp_doc_object(f);
        fp_doc_put_text(f, node, "message", fp_str_of(cabinet->findings[i].message));
        fp_doc_put_number(f, node, "offset", cabinet->findings[i].offset);
        fp_doc_put_bool(f, node, "hard", fp_cabinet_fault_is_hard(cabinet->findings[i].fault));
        fp_doc_add(f, array, node);
    }
    return array;
}

static fp_json *members_of(fp_doc *f, const fp_cabinet *cabinet)
{
    fp_json *array = fp_doc_array(f);
    for (size_t i = 0; i < cabinet->file_count; i++) {
        fp_json *node = fp_doc_object(f);
        fp_doc_put_text(f, node, "name", cabinet->files[i].name);
        fp_doc_put_number(f, node, "size_bytes", cabinet->files[i].size);
        fp_doc_put_number(f, node, "folder", cabinet->files[i].folder);
        fp_doc_add(f, array, node);
    }
    return array;
}

static fp_json *cabinet_of(fp_doc *f, const fp_cabinet *cabinet, bool members)
{
    static const char *const signatures[] = {"unknown", "none", "present"};
    fp_json *node = fp_doc_object(f);
    fp_doc_put_number(f, node, "size_bytes", cabinet->size);
    fp_doc_put_number(f, node, "folders", cabinet->folder_count);
    fp_doc_put_number(f, node, "files", cabinet->file_count);
    fp_doc_put_text(f, node, "signature", fp_str_of(signatures[cabinet->signature]));
    fp_doc_put_number(f, node, "blocks_checked", cabinet->blocks_checked);
    fp_doc_put_number(f, node, "blocks_unchecked", cabinet->blocks_unchecked);
    fp_doc_put(f, node, "findings", cabinet_findings(f, cabinet));
    if (members)
        fp_doc_put(f, node, "members", members_of(f, cabinet));
    else
        fp_doc_put_null(f, node, "members");
    return node;
}

/* Whole: true and false where that was seen, else null. */
static fp_json *check_of(fp_doc *f, const fp_case_catalog *c)
{
    static const fp_catalog none = {0};
    const fp_catalog *catalog = c->catalog != NULL ? c->catalog : &none;
    const fp_tri whole = fp_case_catalog_is_whole(c) ? FP_TRUE : c->damaged ? FP_FALSE : FP_UNKNOWN;
    fp_json *node = fp_doc_object(f);
    fp_doc_put_text(f, node, "how",
                    fp_catalog_is_decoded(catalog) ? FP_STR("full") : FP_STR("quick"));
    fp_doc_put_tri(f, node, "whole", whole);
    fp_doc_put_number(f, node, "cabinets_sound", catalog->inner_sound);
    fp_doc_put_number(f, node, "cabinets_damaged", catalog->inner_damaged);
    fp_doc_put_number(f, node, "cabinets_not_decoded", catalog->inner_closed);
    fp_doc_put_number(f, node, "blocks_unchecked", fp_case_catalog_unchecked(c));
    return node;
}

void fp_json_put_catalogs(fp_doc *f, fp_json *root, const fp_report *report)
{
    static const char *const standings[] = {"not_shown", "authentic", "inauthentic"};
    const fp_case *c = report->casefile;
    fp_json *catalogs = fp_doc_array(f);
    for (size_t i = 0; i < c->catalog_count; i++) {
        const fp_case_catalog *catalog = &c->catalogs[i];
        fp_json *node = fp_doc_object(f);
        fp_doc_put_number(f, node, "evidence", catalog->item);
        fp_doc_put_bool(f, node, "damaged", catalog->damaged);
        fp_doc_put_text(f, node, "standing",
                        fp_str_of(standings[fp_case_catalog_standing(catalog)]));
        fp_doc_put_bool(f, node, "expected", catalog->expected);
        fp_doc_put(f, node, "check", check_of(f, catalog));
        fp_doc_put_text(f, node, "decoder", fp_str_of(fp_decoder_fate_name(catalog->decoder.fate)));
        fp_doc_put_known(f, node, "decoder_message", fp_str_of(catalog->decoder.message));
        fp_json_put_authenticity(f, node, catalog->authenticity);
        put_catalog(f, node, catalog->catalog);
        if (catalog->cabinet != NULL)
            fp_doc_put(f, node, "cabinet", cabinet_of(f, catalog->cabinet, report->members));
        else
            fp_doc_put_null(f, node, "cabinet");
        fp_doc_add(f, catalogs, node);
    }
    fp_doc_put(f, root, "settings", fp_doc_settings(f, &report->settings));
    fp_doc_put(f, root, "catalogs", catalogs);
}
