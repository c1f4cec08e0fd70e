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
    fp_doc_put(f, node, "files", recorded_files(f, trace));
    fp_doc_put_bool(f, node, "files_complete", trace->files_complete == FP_TRUE);
    fp_doc_put_origin(f, node, trace->origin);
    return node;
}

static void put_markers(fp_doc *f, fp_json *root, const fp_report *report)
{
    fp_json *markers = fp_doc_array(f);
    for (size_t i = 0; i < report->hotfix_count; i++) {
        const fp_hotfix *hotfix = &report->hotfixes[i];
        fp_json *traces = fp_doc_array(f);
        for (size_t j = 0; j < hotfix->trace_count; j++)
            fp_doc_add(f, traces, trace_of(f, &hotfix->traces[j]));
        fp_json *node = fp_doc_object(f);
        fp_doc_put_text(f, node, "kb", hotfix->kb);
        fp_doc_put_tri(f, node, "present", hotfix->present);
        fp_doc_put(f, node, "traces", traces);
        fp_doc_put(f, node, "notes", fp_doc_observations(f, &hotfix->notes));
        fp_doc_add(f, markers, node);
    }
    fp_doc_put(f, root, "markers", markers);
    fp_doc_put_bool(f, root, "markers_complete", report->hotfixes_complete != FP_UNKNOWN);
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
        fp_doc_put_known(f, node, "original_name", file->pe.original_name);
        fp_doc_put_number(f, node, "machine", file->pe.machine);
        fp_doc_put_bool(f, node, "signature_present", file->pe.has_certificates);
        fp_doc_add(f, files, node);
    }
    fp_doc_put(f, root, "files", files);
}

void fp_json_put_inventory(fp_doc *f, fp_json *root, const fp_report *report)
{
    put_product(f, root, &report->casefile->product);
    put_names(f, root, report->casefile);
    put_markers(f, root, report);
    put_files(f, root, report->casefile);
}
