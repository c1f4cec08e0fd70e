/* SPDX-License-Identifier: MIT */
#include "verify/report/json_parts.h"

static fp_json *digests_of(fp_doc *f, const fp_named_digest *list, size_t count, bool named)
{
    fp_json *array = fp_doc_array(f);
    for (size_t i = 0; i < count; i++) {
        fp_json *node = fp_doc_object(f);
        if (named)
            fp_doc_put_known(f, node, "name", list[i].name);
        fp_doc_put_text(f, node, "sha256", list[i].sha256);
        fp_doc_add(f, array, node);
    }
    return array;
}

fp_json *fp_doc_settings(fp_doc *f, const fp_settings *settings)
{
    if (!settings->known)
        return fp_json_new_null();
    fp_json *node = fp_doc_object(f);
    fp_json *data = fp_doc_object(f);
    fp_doc_put_bool(f, node, "accept_weak", settings->accept_weak);
    fp_doc_put_bool(f, node, "trust_any_root", settings->trust_any_root);
    fp_doc_put(f, node, "roots", digests_of(f, settings->roots, settings->root_count, false));
    fp_doc_put_known(f, node, "code_page", settings->code_page);
    fp_doc_put(f, node, "expected_sha256",
               digests_of(f, settings->expected, settings->expected_count, true));
    fp_doc_put_known(f, data, "advisories", settings->advisories);
    fp_doc_put_text(f, data, "products", settings->products);
    fp_doc_put_text(f, data, "trust", settings->trust);
    fp_doc_put(f, node, "data", data);
    return node;
}
