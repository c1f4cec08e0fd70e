/* SPDX-License-Identifier: MIT */
/* "site_updates" of fixproof/inventory/v1: what "Updates and Servicing" lists. */
#include "verify/report/json_parts.h"

static fp_json *update_of(fp_doc *f, const fp_site_update *u)
{
    const fp_site_update_stage stage = fp_site_update_stage_at(u);
    fp_json *node = fp_doc_object(f);
    fp_doc_put_text(f, node, "name", u->name);
    fp_doc_put_known(f, node, "package_guid", u->package_guid);
    fp_doc_put_text(f, node, "stage", fp_str_of(fp_site_update_stage_name(stage)));
    if (u->has_state)
        fp_doc_put_number(f, node, "state", u->state);
    else
        fp_doc_put_null(f, node, "state");
    fp_doc_put_known(f, node, "state_name",
                     fp_str_of(u->has_state ? fp_site_update_state_name(u->state) : NULL));
    fp_doc_put_known(f, node, "full_version", u->full_version);
    fp_doc_put_known(f, node, "client_version", u->client_version);
    fp_doc_put_known(f, node, "released", u->released);
    fp_doc_put_known(f, node, "updated", u->updated);
    fp_doc_put_number(f, node, "line", u->line);
    return node;
}

static fp_json *list_of(fp_doc *f, const fp_site_updates *list)
{
    fp_json *updates = fp_doc_array(f);
    for (size_t i = 0; i < list->count; i++)
        fp_doc_add(f, updates, update_of(f, &list->updates[i]));
    fp_json *node = fp_doc_object(f);
    fp_doc_put_number(f, node, "evidence", list->item);
    fp_doc_put_bool(f, node, "complete", list->complete);
    fp_doc_put(f, node, "updates", updates);
    fp_doc_put(f, node, "problems", fp_doc_observations(f, &list->problems));
    return node;
}

void fp_json_put_site_updates(fp_doc *f, fp_json *root, const fp_case *c)
{
    fp_json *array = fp_doc_array(f);
    for (size_t i = 0; i < c->site_updates_count; i++)
        fp_doc_add(f, array, list_of(f, &c->site_updates[i]));
    fp_doc_put(f, root, "site_updates", array);
}
