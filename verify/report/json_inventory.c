/* SPDX-License-Identifier: MIT */
/* fixproof/inventory/v1: what the server has. */
#include "verify/report/json_parts.h"

#include <stdio.h>

static fp_json *features_of(fp_doc *f, const fp_product *product)
{
    fp_json *array = fp_doc_array(f);
    for (size_t i = 0; i < product->feature_count; i++) {
        const fp_product_feature *feature = &product->features[i];
        fp_json *node = fp_doc_object(f);
        fp_doc_put_text(f, node, "family", feature->feature->family);
        fp_doc_put_text(f, node, "feature", feature->feature->feature);
        fp_doc_put_text(f, node, "title", feature->feature->title);
        fp_doc_put_tri(f, node, "installed", feature->installed);
        fp_doc_put_origin(f, node, feature->origin);
        fp_doc_add(f, array, node);
    }
    return array;
}

static void put_product(fp_doc *f, fp_json *root, const fp_product *product)
{
    fp_json *node = fp_doc_object(f);
    fp_doc_put_tri(f, node, "installed", product->installed);
    fp_doc_put_known(f, node, "release_title",
                     product->release != NULL ? product->release->title : (fp_str){NULL, 0});
    fp_doc_put_known(f, node, "certainty",
                     product->release != NULL ? product->release->certainty : (fp_str){NULL, 0});
    fp_doc_put_known(f, node, "source",
                     product->release != NULL ? product->release->source : (fp_str){NULL, 0});
    fp_doc_put_bool(f, node, "wow64", product->wow64);
    fp_doc_put_known(f, node, "install_folder", product->install_folder);
    fp_doc_put(f, node, "features", features_of(f, product));
    fp_doc_put_tri(f, node, "console", product->console);
    fp_doc_put(f, node, "observations", fp_doc_observations(f, &product->observations));
    fp_doc_put(f, node, "details", fp_doc_observations(f, &product->details));
    fp_doc_put(f, root, "product", node);
}

static void put_names(fp_doc *f, fp_json *root, const fp_case *c)
{
    fp_json *names = fp_doc_array(f);
    for (size_t i = 0; i < c->host_count; i++) {
        fp_json *node = fp_doc_object(f);
        fp_doc_put_text(f, node, "name", c->hosts[i].name);
        fp_doc_put_origin(f, node, c->hosts[i].origin);
        fp_doc_add(f, names, node);
    }
    fp_doc_put(f, root, "computer_names", names);
    fp_doc_put_bool(f, root, "computer_names_conflict", c->host_conflict);
}

static fp_json *recorded_files(fp_doc *f, const fp_trace *trace)
{
    fp_json *array = fp_doc_array(f);
    for (size_t i = 0; i < trace->file_count; i++) {
        const fp_trace_file *file = &trace->files[i];
        fp_json *node = fp_doc_object(f);
        fp_doc_put_text(f, node, "name", file->name);
        fp_doc_put_known(f, node, "version", file->version_text);
        fp_doc_put_known(f, node, "location", file->location);
        fp_doc_put_origin(f, node, file->origin);
        fp_doc_add(f, array, node);
    }
    return array;
}

static fp_json *trace_of(fp_doc *f, const fp_trace *trace)
{
    fp_json *node = fp_doc_object(f);
    fp_doc_put_text(f, node, "place", fp_str_of(fp_trace_place_name(trace->place)));
    fp_doc_put_text(f, node, "says", fp_str_of(fp_trace_says_name(trace->says)));
    fp_doc_put_known(f, node, "said", trace->said);
    fp_doc_put_bool(f, node, "wow64", trace->wow64);
    fp_doc_put_known(f, node, "product", trace->product);
    fp_doc_put_known(f, node, "level", trace->level);
    fp_doc_put_text(f, node, "key", trace->key_path);
    fp_doc_put_known(f, node, "name", trace->name);
    fp_doc_put_time(f, node, "written", trace->written);
    fp_doc_put_known(f, node, "installed_date", trace->installed_date);
    fp_doc_put_known(f, node, "installed_by", trace->installed_by);
    fp_doc_put_known(f, node, "description", trace->description);
    fp_doc_put_known(f, node, "type", trace->type);
    fp_doc_put_known(f, node, "superseded_by", trace->superseded_by);
    fp_doc_put(f, node, "files", recorded_files(f, trace));
    fp_doc_put_bool(f, node, "files_complete", trace->files_complete == FP_TRUE);
    fp_doc_put_origin(f, node, trace->origin);
    return node;
}

static const fp_str NOTHING = {NULL, 0};

static fp_str why_name(bool open, fp_unknown_why why)
{
    return open ? fp_str_of(fp_unknown_why_name(why)) : NOTHING;
}

static fp_json *marker_of(fp_doc *f, const fp_hotfix *hotfix)
{
    const bool open = hotfix->state == FP_HOTFIX_UNKNOWN || hotfix->state == FP_HOTFIX_CONFLICTING;
    fp_json *traces = fp_doc_array(f);
    for (size_t i = 0; i < hotfix->trace_count; i++)
        fp_doc_add(f, traces, trace_of(f, &hotfix->traces[i]));
    fp_json *node = fp_doc_object(f);
    fp_doc_put_text(f, node, "kb", hotfix->kb);
    fp_doc_put_text(f, node, "state", fp_str_of(fp_hotfix_state_name(hotfix->state)));
    fp_doc_put_text(f, node, "ground", fp_str_of(fp_hotfix_ground_name(hotfix->ground)));
    fp_doc_put_text(f, node, "because", hotfix->because);
    fp_doc_put_known(f, node, "why", why_name(open, hotfix->why));
    fp_doc_put_tri(f, node, "present", hotfix->present);
    fp_doc_put_tri(f, node, "elsewhere", hotfix->elsewhere);
    fp_doc_put_tri(f, node, "files_match", hotfix->files_match);
    fp_doc_put(f, node, "traces", traces);
    fp_doc_put_bool(f, node, "traces_lost", hotfix->traces_lost);
    fp_doc_put(f, node, "notes", fp_doc_observations(f, &hotfix->notes));
    fp_doc_put(f, node, "compared", fp_doc_observations(f, &hotfix->compared));
    return node;
}

static void put_markers(fp_doc *f, fp_json *root, const fp_report *report)
{
    fp_json *markers = fp_doc_array(f);
    for (size_t i = 0; i < report->hotfix_count; i++)
        fp_doc_add(f, markers, marker_of(f, &report->hotfixes[i]));
    fp_doc_put(f, root, "markers", markers);
    fp_doc_put_bool(f, root, "markers_complete", report->hotfixes_complete != FP_UNKNOWN);
}

static fp_json *signs_of(fp_doc *f, const fp_restart *restart)
{
    fp_json *array = fp_doc_array(f);
    for (size_t i = 0; i < restart->sign_count; i++) {
        const fp_restart_sign *sign = &restart->signs[i];
        fp_json *node = fp_doc_object(f);
        fp_doc_put_text(f, node, "name", fp_str_of(sign->name));
        fp_doc_put_text(f, node, "key", sign->key_path);
        fp_doc_put_bool(f, node, "ignored", sign->ignored);
        fp_doc_put_tri(f, node, "there", sign->answer.exists);
        fp_doc_put_origin(f, node, sign->answer.origin);
        fp_doc_add(f, array, node);
    }
    return array;
}

static void put_restart(fp_doc *f, fp_json *root, const fp_report *report)
{
    static const fp_restart NOT_ASKED = {0};
    const fp_restart *restart = report->restart != NULL ? report->restart : &NOT_ASKED;
    fp_json *node = fp_doc_object(f);
    fp_doc_put_tri(f, node, "pending", restart->pending);
    fp_doc_put_known(f, node, "why", why_name(restart->pending == FP_UNKNOWN, restart->why));
    fp_doc_put_known(f, node, "unknown_where", restart->unknown_where);
    fp_doc_put(f, node, "signs", signs_of(f, restart));
    fp_doc_put(f, root, "restart", node);
}

static fp_json *rows_of(fp_doc *f, const fp_listing *listing)
{
    fp_json *array = fp_doc_array(f);
    for (size_t i = 0; i < listing->row_count; i++) {
        const fp_listing_row *row = &listing->rows[i];
        char kb[sizeof "KB18446744073709551615"];
        (void)snprintf(kb, sizeof kb, "KB%llu", (unsigned long long)row->kb);
        fp_json *node = fp_doc_object(f);
        fp_doc_put_text(f, node, "kb", fp_str_of(kb));
        fp_doc_put_known(f, node, "installed_on", row->installed_on);
        fp_doc_put_known(f, node, "installed_by", row->installed_by);
        fp_doc_put_known(f, node, "description", row->description);
        fp_doc_put_number(f, node, "line", row->line);
        fp_doc_add(f, array, node);
    }
    return array;
}

static void put_listings(fp_doc *f, fp_json *root, const fp_case *c)
{
    fp_json *array = fp_doc_array(f);
    for (size_t i = 0; i < c->hotfixes.listing_count; i++) {
        const fp_listing *listing = &c->hotfixes.listings[i];
        fp_json *node = fp_doc_object(f);
        fp_doc_put_number(f, node, "evidence", listing->item);
        fp_doc_put_text(f, node, "form", fp_str_of(fp_listing_form_name(listing->form)));
        fp_doc_put_bool(f, node, "complete", !listing->cut && !listing->rows_lost);
        fp_doc_put(f, node, "rows", rows_of(f, listing));
        fp_doc_put(f, node, "problems", fp_doc_observations(f, &listing->problems));
        fp_doc_add(f, array, node);
    }
    fp_doc_put(f, root, "listings", array);
}

static void put_files(fp_doc *f, fp_json *root, const fp_case *c)
{
    fp_json *files = fp_doc_array(f);
    for (size_t i = 0; i < c->file_count; i++) {
        const fp_case_file *file = &c->files[i];
        fp_json *node = fp_doc_object(f);
        fp_doc_put_number(f, node, "evidence", file->item);
        if (file->pe.has_version) {
            char text[4 * sizeof "4294967295"];
            const uint32_t *v = file->pe.version.part;
            (void)snprintf(text, sizeof text, "%u.%u.%u.%u", (unsigned)v[0], (unsigned)v[1],
                           (unsigned)v[2], (unsigned)v[3]);
            fp_doc_put_text(f, node, "version", fp_str_of(text));
        } else {
            fp_doc_put_null(f, node, "version");
        }
        fp_doc_put_known(f, node, "version_text", file->pe.version_text);
        fp_doc_put_tri(f, node, "version_text_agrees", fp_pe_text_agrees(&file->pe));
        fp_doc_put_bool(f, node, "languages_differ", file->pe.languages_differ);
        fp_doc_put_bool(f, node, "texts_damaged", file->pe.strings_damaged);
        fp_doc_put_known(f, node, "original_name", file->pe.original_name);
        fp_doc_put_number(f, node, "machine", file->pe.machine);
        fp_doc_put_bool(f, node, "signature_present", file->pe.has_certificates);
        fp_json_put_authenticity(f, node, file->authenticity);
        fp_doc_add(f, files, node);
    }
    fp_doc_put(f, root, "files", files);
}

void fp_json_put_inventory(fp_doc *f, fp_json *root, const fp_report *report)
{
    fp_doc_put(f, root, "settings", fp_doc_settings(f, &report->settings));
    put_product(f, root, &report->casefile->product);
    put_names(f, root, report->casefile);
    put_markers(f, root, report);
    put_restart(f, root, report);
    put_listings(f, root, report->casefile);
    fp_json_put_site_updates(f, root, report->casefile);
    put_files(f, root, report->casefile);
}
