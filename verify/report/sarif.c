/* SPDX-License-Identifier: MIT */
#include "verify/report/sarif.h"

/* In a message "[text](target)" is a link and "{0}" a placeholder (3.11.5, 3.11.6): text from
 * evidence must be neither. */
static fp_str message_text(fp_doc *f, fp_str text)
{
    char *escaped = fp_arena_alloc_array(f->arena, text.size + 1, 2);
    size_t used = 0;
    f->failed = f->failed || escaped == NULL;
    for (size_t i = 0; escaped != NULL && i < text.size; i++) {
        const char c = text.data[i];
        if (c == '[' || c == ']' || c == '\\')
            escaped[used++] = '\\';
        else if (c == '{' || c == '}')
            escaped[used++] = c;
        escaped[used++] = c;
    }
    return (fp_str){escaped, used};
}

fp_json *fp_sarif_message(fp_doc *f, fp_str text)
{
    fp_json *node = fp_doc_object(f);
    fp_doc_put_text(f, node, "text", message_text(f, text));
    return node;
}

fp_json *fp_sarif_tool(fp_doc *f, const char *version, fp_json *rules)
{
    fp_json *node = fp_doc_object(f);
    fp_json *driver = fp_doc_object(f);
    fp_doc_put_text(f, driver, "name", FP_STR("fixproof"));
    fp_doc_put_text(f, driver, "version", fp_str_of(version));
    fp_doc_put(f, driver, "rules", rules);
    fp_doc_put(f, node, "driver", driver);
    return node;
}

fp_json *fp_sarif_artifact_location(fp_doc *f, fp_str uri, uint64_t index)
{
    fp_json *node = fp_doc_object(f);
    if (uri.size > 0)
        fp_doc_put_text(f, node, "uri", uri);
    fp_doc_put_number(f, node, "index", index);
    return node;
}

fp_json *fp_sarif_logical(fp_doc *f, fp_str name)
{
    fp_json *list = fp_doc_array(f);
    fp_json *logical = fp_doc_object(f);
    fp_doc_put_text(f, logical, "fullyQualifiedName", name);
    fp_doc_add(f, list, logical);
    return list;
}

fp_json *fp_sarif_fingerprints(fp_doc *f, const char *hex)
{
    fp_json *node = fp_doc_object(f);
    fp_doc_put_text(f, node, "fixproof/v1", fp_str_of(hex));
    return node;
}

void fp_sarif_fill(fp_doc *f, fp_json *root, fp_json *run)
{
    fp_json *runs = fp_doc_array(f);
    fp_doc_put_text(f, root, "$schema",
                    FP_STR("https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"
                           "sarif-schema-2.1.0.json"));
    fp_doc_put_text(f, root, "version", FP_STR("2.1.0"));
    fp_doc_add(f, runs, run);
    fp_doc_put(f, root, "runs", runs);
}
