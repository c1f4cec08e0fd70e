/* SPDX-License-Identifier: MIT */
#include "verify/decide/statements.h"

static const char *const statements_schema[] = {"fixproof/statements/v1", NULL};
static const char *const collection_schema[] = {"fixproof/collection/v1", NULL};

typedef struct statements_form {
    fp_str dollar_schema;
    unsigned schema;
    const fp_json *statements;
} statements_form;
static const fp_field statements_fields[] = {
    {"$schema", FP_FIELD_TEXT, false, offsetof(statements_form, dollar_schema), NULL},
    {"schema", FP_FIELD_WORD, true, offsetof(statements_form, schema), statements_schema},
    {"statements", FP_FIELD_ARRAY, true, offsetof(statements_form, statements), NULL},
};

/* Who says it and when belongs to every statement: a change board asks for both. */
static const fp_field statement_fields[] = {
    {"key", FP_FIELD_TEXT, true, offsetof(fp_statement, key), NULL},
    {"value", FP_FIELD_TEXT, true, offsetof(fp_statement, value), NULL},
    {"by", FP_FIELD_TEXT, true, offsetof(fp_statement, by), NULL},
    {"date", FP_FIELD_TIME, true, offsetof(fp_statement, date), NULL},
    {"note", FP_FIELD_NOTE, false, offsetof(fp_statement, note), NULL},
};

typedef struct collection_form {
    fp_str dollar_schema, host, collected_at, collector;
    unsigned schema;
    const fp_json *items, *failed;
    fp_texts absent; /* informative: a file's absence is the collector's word only */
} collection_form;
static const fp_field collection_fields[] = {
    {"$schema", FP_FIELD_TEXT, false, offsetof(collection_form, dollar_schema), NULL},
    {"schema", FP_FIELD_WORD, true, offsetof(collection_form, schema), collection_schema},
    {"host", FP_FIELD_TEXT, true, offsetof(collection_form, host), NULL},
    {"collected_at", FP_FIELD_TIME, true, offsetof(collection_form, collected_at), NULL},
    {"collector", FP_FIELD_NOTE, false, offsetof(collection_form, collector), NULL},
    {"items", FP_FIELD_ARRAY, false, offsetof(collection_form, items), NULL},
    {"failed", FP_FIELD_ARRAY, false, offsetof(collection_form, failed), NULL},
    {"absent", FP_FIELD_TEXTS, false, offsetof(collection_form, absent), NULL},
};

static const fp_field collected_fields[] = {
    {"path", FP_FIELD_TEXT, true, offsetof(fp_collected_item, path), NULL},
    {"source", FP_FIELD_NOTE, false, offsetof(fp_collected_item, source), NULL},
    {"modified", FP_FIELD_TIME, false, offsetof(fp_collected_item, modified), NULL},
};

static const fp_field failure_fields[] = {
    {"source", FP_FIELD_TEXT, true, offsetof(fp_collection_failure, source), NULL},
    {"reason", FP_FIELD_NOTE, false, offsetof(fp_collection_failure, reason), NULL},
};

static fp_status open_document(fp_span json, const char *module, fp_json **root, fp_diag *d)
{
    if (json.size > FP_STATEMENTS_SIZE_MAX)
        return fp_fail(d, FP_LIMIT, module, 0, "more than %d bytes", FP_STATEMENTS_SIZE_MAX);
    return fp_json_parse(json, root, d);
}

static void read_statements(fp_form *form, const fp_json *root, uint32_t item, fp_statement **out,
                            size_t *count)
{
    const fp_place top = {0};
    const fp_place list = fp_place_key(&top, FP_STR("statements"));
    statements_form s = {0};
    if (!fp_form_read(form, &top, root, FP_FIELDS(statements_fields), &s))
        return;
    *count = fp_json_size(s.statements);
    if (*count > FP_STATEMENTS_MAX) {
        fp_form_error(form, &list, "more than %d statements", FP_STATEMENTS_MAX);
        return;
    }
    *out = fp_arena_alloc_array(form->arena, *count + 1, sizeof **out);
    form->no_memory = form->no_memory || *out == NULL;
    for (size_t i = 0; *out != NULL && i < *count; i++) {
        const fp_place here = fp_place_index(&list, i);
        (void)fp_form_read(form, &here, fp_json_at(s.statements, i), FP_FIELDS(statement_fields),
                           &(*out)[i]);
        (*out)[i].item = item;
    }
}

fp_status fp_statements_read(fp_span json, uint32_t item, fp_arena *arena, fp_lint_fn *lint,
                             void *context, fp_statement **out, size_t *count, fp_diag *d)
{
    fp_json *root;
    fp_statement *statements = NULL;
    size_t read = 0;
    fp_status status = open_document(json, "statements", &root, d);
    if (status != FP_OK)
        return status;
    fp_form form = {.module = "statements",
                    .document = json,
                    .arena = arena,
                    .lint = lint,
                    .context = context,
                    .d = d};
    read_statements(&form, root, item, &statements, &read);
    fp_json_free(root);
    status = fp_form_status(&form);
    if (status == FP_OK) {
        *out = statements;
        *count = read;
    }
    return status;
}

static void read_failures(fp_form *form, const fp_json *list, fp_collection *out)
{
    const fp_place top = {0};
    const fp_place at = fp_place_key(&top, FP_STR("failed"));
    out->failed_count = fp_json_size(list);
    out->failed = fp_arena_alloc_array(form->arena, out->failed_count + 1, sizeof *out->failed);
    form->no_memory = form->no_memory || out->failed == NULL;
    for (size_t i = 0; out->failed != NULL && i < out->failed_count; i++) {
        const fp_place here = fp_place_index(&at, i);
        (void)fp_form_read(form, &here, fp_json_at(list, i), FP_FIELDS(failure_fields),
                           &out->failed[i]);
    }
}

static void read_items(fp_form *form, const fp_json *list, fp_collection *out)
{
    const fp_place top = {0};
    const fp_place at = fp_place_key(&top, FP_STR("items"));
    out->item_count = fp_json_size(list);
    out->items = fp_arena_alloc_array(form->arena, out->item_count + 1, sizeof *out->items);
    form->no_memory = form->no_memory || out->items == NULL;
    for (size_t i = 0; out->items != NULL && i < out->item_count; i++) {
        const fp_place here = fp_place_index(&at, i);
        (void)fp_form_read(form, &here, fp_json_at(list, i), FP_FIELDS(collected_fields),
                           &out->items[i]);
    }
}

static void read_collection(fp_form *form, const fp_json *root, fp_collection *out)
{
    const fp_place top = {0};
    collection_form c = {0};
    if (!fp_form_read(form, &top, root, FP_FIELDS(collection_fields), &c))
        return;
    *out = (fp_collection){.host = c.host,
                           .collected_at = c.collected_at,
                           .collector = c.collector,
                           .time = FP_TIME_NONE};
    read_items(form, c.items, out);
    read_failures(form, c.failed, out);
    if (!fp_time_parse(c.collected_at, &out->time))
        out->time = FP_TIME_NONE;
}

fp_status fp_collection_read(fp_span json, fp_arena *arena, fp_lint_fn *lint, void *context,
                             fp_collection *out, fp_diag *d)
{
    fp_json *root;
    fp_collection collection = {0};
    fp_status status = open_document(json, "collection", &root, d);
    if (status != FP_OK)
        return status;
    fp_form form = {.module = "collection",
                    .document = json,
                    .arena = arena,
                    .lint = lint,
                    .context = context,
                    .d = d};
    read_collection(&form, root, &collection);
    fp_json_free(root);
    status = fp_form_status(&form);
    if (status == FP_OK)
        *out = collection;
    return status;
}
