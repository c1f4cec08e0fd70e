/* SPDX-License-Identifier: MIT */
#include "verify/attest/attestation.h"

#include "verify/attest/attestation_parts.h"

#define STATEMENT FP_STR("https://in-toto.io/Statement/v1")
/* No address of anybody: .invalid is reserved for that (RFC 2606). */
#define PREDICATE FP_STR("https://fixproof.invalid/attestation/v1")

/* ---- writing ---- */

static fp_json *digest_of(fp_doc *f, const uint8_t sha256[FP_SHA256_SIZE])
{
    fp_json *node = fp_doc_object(f);
    fp_doc_put_sha256(f, node, "sha256", sha256);
    return node;
}

static fp_json *subjects_of(fp_doc *f, const fp_record *record)
{
    fp_json *array = fp_doc_array(f);
    for (size_t i = 0; i < record->item_count; i++) {
        const fp_record_item *item = &record->items[i];
        if (!item->hashed)
            continue;
        fp_json *node = fp_doc_object(f);
        fp_doc_put_text(f, node, "name", item->path);
        fp_doc_put(f, node, "digest", digest_of(f, item->sha256));
        fp_doc_add(f, array, node);
    }
    return array;
}

static fp_json *unread_of(fp_doc *f, const fp_record *record)
{
    fp_json *array = fp_doc_array(f);
    for (size_t i = 0; i < record->item_count; i++)
        if (!record->items[i].hashed)
            fp_doc_add(f, array, fp_doc_text(f, record->items[i].path));
    return array;
}

fp_json *fp_attest_tool(fp_doc *f, fp_str version)
{
    fp_json *node = fp_doc_object(f);
    fp_doc_put_text(f, node, "name", FP_STR("fixproof"));
    fp_doc_put_text(f, node, "version", version);
    return node;
}

fp_json *fp_attest_server(fp_doc *f, const fp_record_subject *subject)
{
    fp_json *node = fp_doc_object(f);
    fp_doc_put_known(f, node, "host", subject->host);
    fp_doc_put_known(f, node, "site_code", subject->site_code);
    fp_doc_put_known(f, node, "product", subject->product);
    fp_doc_put_known(f, node, "release", subject->release);
    fp_doc_put_known(f, node, "version", subject->version);
    fp_doc_put_known(f, node, "role", subject->role);
    return node;
}

static fp_json *declared_of(fp_doc *f, const fp_record *record)
{
    fp_json *array = fp_doc_array(f);
    for (size_t i = 0; i < record->statement_count; i++) {
        if (record->statements[i].item != 0) /* it comes with its file */
            continue;
        fp_json *node = fp_doc_object(f);
        fp_doc_put_text(f, node, "key", record->statements[i].key);
        fp_doc_put_text(f, node, "value", record->statements[i].value);
        fp_doc_add(f, array, node);
    }
    return array;
}

fp_json *fp_attest_verdict(fp_doc *f, const fp_record_result *result)
{
    fp_json *node = fp_doc_object(f);
    fp_doc_put_text(f, node, "advisory", result->advisory);
    fp_doc_put_known(f, node, "advisory_sha256", result->advisory_sha256);
    fp_doc_put_text(f, node, "verdict", fp_str_of(fp_verdict_name(result->verdict)));
    fp_doc_put_text(f, node, "reason", result->reason);
    fp_doc_put_known(f, node, "assurance", result->assurance);
    fp_doc_put(f, node, "possible", fp_doc_possible(f, result->possible));
    fp_doc_put(f, node, "caveats",
               result->caveats_known ? fp_doc_texts(f, result->caveats.at, result->caveats.count)
                                     : fp_json_new_null());
    return node;
}

static fp_json *verdicts_of(fp_doc *f, const fp_record *record)
{
    fp_json *array = fp_doc_array(f);
    for (size_t i = 0; i < record->result_count; i++)
        fp_doc_add(f, array, fp_attest_verdict(f, &record->results[i]));
    return array;
}

void fp_attest_put_run(fp_doc *f, fp_json *node, const fp_record *record)
{
    fp_doc_put(f, node, "tool", fp_attest_tool(f, record->tool_version));
    fp_doc_put_text(f, node, "command", record->command);
    fp_doc_put_time(f, node, "generated", record->generated);
    fp_doc_put_time(f, node, "since", record->since);
    fp_doc_put(f, node, "settings", fp_doc_settings(f, &record->settings));
    fp_doc_put(f, node, "server", fp_attest_server(f, &record->subject));
}

void fp_attest_put_claims(fp_doc *f, fp_json *node, const fp_record *record)
{
    fp_doc_put(f, node, "declared", declared_of(f, record));
    fp_doc_put(f, node, "verdicts", verdicts_of(f, record));
    fp_doc_put(f, node, "report", digest_of(f, record->sha256));
}

static fp_json *predicate_of(fp_doc *f, const fp_record *record)
{
    fp_json *node = fp_doc_object(f);
    fp_attest_put_run(f, node, record);
    fp_doc_put(f, node, "unread", unread_of(f, record));
    fp_attest_put_claims(f, node, record);
    return node;
}

static bool has_digest(const fp_record *record)
{
    for (size_t i = 0; i < record->item_count; i++)
        if (record->items[i].hashed)
            return true;
    return false;
}

fp_status fp_attestation_write(const fp_record *record, fp_arena *arena, fp_out *out, fp_diag *d)
{
    if (!has_digest(record))
        return fp_fail(d, FP_NOT_FOUND, "attestation", 0,
                       "no item of its evidence has a SHA-256: there is nothing to attest");
    fp_doc f = {.arena = arena};
    fp_json *root = fp_doc_object(&f);
    fp_doc_put_text(&f, root, "_type", STATEMENT);
    fp_doc_put(&f, root, "subject", subjects_of(&f, record));
    fp_doc_put_text(&f, root, "predicateType", PREDICATE);
    fp_doc_put(&f, root, "predicate", predicate_of(&f, record));
    const fp_status status = fp_doc_write_compact(&f, root, out);
    fp_json_free(root);
    return status == FP_OK ? FP_OK : fp_fail(d, status, "attestation", 0, "out of memory");
}

/* ---- reading ---- */

typedef struct statement_form {
    const fp_json *subject, *predicate;
} statement_form;
static const fp_field statement_fields[] = {
    {"subject", FP_FIELD_ARRAY, true, offsetof(statement_form, subject), NULL},
    {"predicate", FP_FIELD_OBJECT, true, offsetof(statement_form, predicate), NULL},
};

typedef struct predicate_form {
    const fp_json *tool, *settings, *server, *unread, *declared, *verdicts, *report;
} predicate_form;
static const fp_field predicate_fields[] = {
    {"tool", FP_FIELD_OBJECT, true, offsetof(predicate_form, tool), NULL},
    {"settings", FP_FIELD_NODE, false, offsetof(predicate_form, settings), NULL},
    {"server", FP_FIELD_OBJECT, true, offsetof(predicate_form, server), NULL},
    {"unread", FP_FIELD_ARRAY, true, offsetof(predicate_form, unread), NULL},
    {"declared", FP_FIELD_ARRAY, true, offsetof(predicate_form, declared), NULL},
    {"verdicts", FP_FIELD_ARRAY, true, offsetof(predicate_form, verdicts), NULL},
    {"report", FP_FIELD_OBJECT, true, offsetof(predicate_form, report), NULL},
};
static const fp_field record_fields[] = {
    {"command", FP_FIELD_TEXT, true, offsetof(fp_record, command), NULL},
    {"generated", FP_FIELD_MOMENT, true, offsetof(fp_record, generated), NULL},
    {"since", FP_FIELD_MOMENT, true, offsetof(fp_record, since), NULL},
};
static const fp_field tool_fields[] = {{"version", FP_FIELD_TEXT, true, 0, NULL}};
static const fp_field digest_fields[] = {{"sha256", FP_FIELD_TEXT, true, 0, NULL}};
static const fp_field name_fields[] = {
    {"name", FP_FIELD_NOTE, true, offsetof(fp_record_item, path), NULL}};
static const fp_field declared_fields[] = {
    {"key", FP_FIELD_TEXT, true, offsetof(fp_statement, key), NULL},
    {"value", FP_FIELD_TEXT, true, offsetof(fp_statement, value), NULL},
};
static const fp_field verdict_fields[] = {
    {"advisory", FP_FIELD_TEXT, true, offsetof(fp_record_result, advisory), NULL},
    {"advisory_sha256", FP_FIELD_KNOWN, false, offsetof(fp_record_result, advisory_sha256), NULL},
};

/* Room for `count` elements of a list, or NULL (told). */
static void *room(fp_form *form, const fp_place *at, size_t count, size_t size)
{
    if (count > FP_RECORD_LIST_MAX) {
        fp_form_error(form, at, "more than %d elements", FP_RECORD_LIST_MAX);
        return NULL;
    }
    void *list = fp_arena_alloc_array(form->arena, count + 1, size);
    form->no_memory = form->no_memory || list == NULL;
    return list;
}

/* {"sha256": "..."}; digests of other kinds beside it are passed over (digest_set.md). */
static void read_digest(fp_form *form, const fp_place *at, const fp_json *node,
                        uint8_t out[FP_SHA256_SIZE])
{
    fp_str hex = {NULL, 0};
    if (!fp_form_is_object(form, at, node))
        return;
    fp_form_fill(form, at, node, FP_FIELDS(digest_fields), &hex);
    if (hex.size > 0 && !fp_unhex(hex, FP_SHA256_SIZE, out))
        fp_form_error(form, at, "\"sha256\" is none");
}

static void read_subject(fp_form *form, const fp_place *at, const fp_json *node,
                         fp_record_item *out)
{
    const fp_place digest = fp_place_key(at, FP_STR("digest"));
    if (!fp_form_is_object(form, at, node))
        return;
    fp_form_fill(form, at, node, FP_FIELDS(name_fields), out);
    read_digest(form, &digest, fp_json_get(node, "digest"), out->sha256);
    out->hashed = true;
}

/* The items: first the subjects, then what was not read. */
static void read_items(fp_form *form, const fp_place *top, const fp_json *subjects,
                       const fp_json *unread, fp_record *out)
{
    const fp_place at = fp_place_key(top, FP_STR("subject"));
    const fp_place predicate = fp_place_key(top, FP_STR("predicate"));
    const fp_place rest = fp_place_key(&predicate, FP_STR("unread"));
    const size_t hashed = fp_json_size(subjects);
    const size_t count = hashed + fp_json_size(unread);
    fp_record_item *items = room(form, &at, count, sizeof *items);
    if (items == NULL)
        return;
    for (size_t i = 0; i < hashed; i++) {
        const fp_place here = fp_place_index(&at, i);
        read_subject(form, &here, fp_json_at(subjects, i), &items[i]);
    }
    for (size_t i = hashed; i < count; i++) {
        const fp_place here = fp_place_index(&rest, i - hashed);
        const fp_json *name = fp_json_at(unread, i - hashed);
        if (!fp_json_is(name, FP_JSON_STRING))
            fp_form_error(form, &here, "must be a string");
        else if (fp_str_dup(form->arena, fp_json_string(name), &items[i].path) != FP_OK)
            form->no_memory = true;
    }
    out->items = items;
    out->item_count = count;
}

static void read_declared(fp_form *form, const fp_place *at, const fp_json *list, fp_record *out)
{
    const size_t count = fp_json_size(list);
    fp_statement *declared = room(form, at, count, sizeof *declared);
    for (size_t i = 0; declared != NULL && i < count; i++) {
        const fp_place here = fp_place_index(at, i);
        if (fp_form_is_object(form, &here, fp_json_at(list, i)))
            fp_form_fill(form, &here, fp_json_at(list, i), FP_FIELDS(declared_fields),
                         &declared[i]);
    }
    out->statements = declared;
    out->statement_count = declared != NULL ? count : 0;
}

static void read_verdicts(fp_form *form, const fp_place *at, const fp_json *list, fp_record *out)
{
    const size_t count = fp_json_size(list);
    fp_record_result *results = room(form, at, count, sizeof *results);
    for (size_t i = 0; results != NULL && i < count; i++) {
        const fp_place here = fp_place_index(at, i);
        const fp_json *node = fp_json_at(list, i);
        if (!fp_form_is_object(form, &here, node))
            continue;
        fp_form_fill(form, &here, node, FP_FIELDS(verdict_fields), &results[i]);
        fp_record_fill_verdict(form, &here, node, &results[i]);
        (void)fp_form_identifier(form, &here, results[i].advisory);
    }
    out->results = results;
    out->result_count = results != NULL ? count : 0;
}

static void read_predicate(fp_form *form, const fp_place *at, const fp_json *node,
                           predicate_form *p, fp_record *out)
{
    const fp_place tool = fp_place_key(at, FP_STR("tool"));
    const fp_place settings = fp_place_key(at, FP_STR("settings"));
    const fp_place server = fp_place_key(at, FP_STR("server"));
    const fp_place declared = fp_place_key(at, FP_STR("declared"));
    const fp_place verdicts = fp_place_key(at, FP_STR("verdicts"));
    const fp_place report = fp_place_key(at, FP_STR("report"));
    fp_form_fill(form, at, node, FP_FIELDS(predicate_fields), p);
    fp_form_fill(form, at, node, FP_FIELDS(record_fields), out);
    if (form->errors > 0)
        return;
    if (out->generated == FP_TIME_NONE)
        fp_form_error(form, at, "does not say when the verdicts were given");
    fp_form_fill(form, &tool, p->tool, FP_FIELDS(tool_fields), &out->tool_version);
    fp_settings_fill(form, &settings, p->settings, &out->settings);
    fp_record_fill_subject(form, &server, p->server, &out->subject);
    read_declared(form, &declared, p->declared, out);
    read_verdicts(form, &verdicts, p->verdicts, out);
    read_digest(form, &report, p->report, out->sha256);
}

static void read_statement(fp_form *form, const fp_json *root, fp_record *out)
{
    const fp_place top = {0};
    const fp_place predicate = fp_place_key(&top, FP_STR("predicate"));
    statement_form s = {0};
    predicate_form p = {0};
    fp_form_fill(form, &top, root, FP_FIELDS(statement_fields), &s);
    if (form->errors > 0)
        return;
    read_predicate(form, &predicate, s.predicate, &p, out);
    read_items(form, &top, s.subject, p.unread, out);
}

static fp_status check_types(const fp_json *root, fp_diag *d)
{
    const fp_str type = fp_json_string(fp_json_get(root, "_type"));
    const fp_str predicate = fp_json_string(fp_json_get(root, "predicateType"));
    if (!fp_str_eq(type, STATEMENT))
        return fp_fail(d, FP_UNSUPPORTED, "attestation", 0, "not a statement of in-toto 1.0 (%.*s)",
                       FP_STR_ARG(STATEMENT));
    if (!fp_str_eq(predicate, PREDICATE))
        return fp_fail(d, FP_UNSUPPORTED, "attestation", 0,
                       "a statement of in-toto, but not of fixproof: its predicate is '%.*s'",
                       FP_STR_ARG(predicate));
    return FP_OK;
}

fp_status fp_attestation_read(fp_span statement, fp_arena *arena, fp_record *out, fp_diag *d)
{
    fp_json *root;
    fp_record record = {.generated = FP_TIME_NONE};
    fp_form form = {.module = "attestation", .document = statement, .arena = arena, .d = d};
    fp_status status = fp_json_parse(statement, &root, d);
    if (status != FP_OK)
        return status;
    status = check_types(root, d);
    if (status == FP_OK) {
        read_statement(&form, root, &record);
        status = fp_form_status(&form);
    }
    fp_json_free(root);
    if (status == FP_OK)
        *out = record;
    return status;
}
