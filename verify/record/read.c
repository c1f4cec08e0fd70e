/* SPDX-License-Identifier: MIT */
/* A JSON report of ours read back. */
#include "verify/record/record.h"

#define SCHEMA        FP_STR("fixproof/report/v1")
#define SCHEMA_PREFIX FP_STR("fixproof/")

enum { RESULTS_MAX = 4096 /* each is compared with the ones before it */ };

typedef struct reading {
    fp_form form;
    fp_record *record;
} reading;

/* ---- lists of objects ---- */

typedef struct list {
    const char *key;
    size_t size_max; /* elements */
    size_t element;  /* bytes */
    fp_fields fields;
    /* What a table does not read or check; or NULL. */
    void (*more)(reading *r, const fp_place *at, const fp_json *node, void *element);
} list;

static void *list_room(reading *r, const fp_place *at, const fp_json *array, const list *l)
{
    const size_t count = fp_json_size(array);
    if (count > l->size_max) {
        fp_form_error(&r->form, at, "more than %zu elements", l->size_max);
        return NULL;
    }
    void *room = fp_arena_alloc_array(r->form.arena, count + 1, l->element);
    r->form.no_memory = r->form.no_memory || room == NULL;
    return room;
}

/* A required member of `object`: *out is set when all of its elements were read. */
static void read_list(reading *r, const fp_place *up, const fp_json *object, const list *l,
                      void **out, size_t *count)
{
    const fp_json *array = NULL;
    const fp_field member = {l->key, FP_FIELD_ARRAY, true, 0, NULL};
    fp_form_fill(&r->form, up, object, (fp_fields){&member, 1}, &array);
    const fp_place at = fp_place_key(up, fp_str_of(l->key));
    char *room = array == NULL ? NULL : list_room(r, &at, array, l);
    if (room == NULL)
        return;
    const size_t size = fp_json_size(array);
    for (size_t i = 0; i < size && r->form.errors == 0; i++) {
        const fp_place here = fp_place_index(&at, i);
        const fp_json *node = fp_json_at(array, i);
        void *element = room + i * l->element;
        if (!fp_form_is_object(&r->form, &here, node))
            continue;
        fp_form_fill(&r->form, &here, node, l->fields, element);
        if (l->more != NULL)
            l->more(r, &here, node, element);
    }
    *out = room;
    *count = size;
}
/* Into record members that have the same name: `array` and `array_count` of `target`. */
#define READ_LIST(r, at, object, table, target, array, array_count)                                \
    do {                                                                                           \
        void *elements = NULL;                                                                     \
        read_list((r), (at), (object), &(table), &elements, &(target)->array_count);               \
        (target)->array = elements;                                                                \
    } while (0)

/* The index of a word in a list that ends with NULL: the value of an enum. */
static unsigned read_word(fp_form *form, const fp_place *at, const fp_json *object, const char *key,
                          const char *const *words)
{
    unsigned word = 0;
    const fp_field field = {key, FP_FIELD_WORD, true, 0, words};
    fp_form_fill(form, at, object, (fp_fields){&field, 1}, &word);
    return word == 0 ? 0 : word - 1;
}

static void check_item(reading *r, const fp_place *at, uint32_t id, bool required)
{
    if (id > r->record->item_count || (required && id == 0))
        fp_form_error(&r->form, at, "names evidence that is not listed");
}

/* ---- evidence ---- */

static void more_of_item(reading *r, const fp_place *at, const fp_json *node, void *element)
{
    static const char *const kinds[] = {"unknown",
                                        "registry-export",
                                        "registry-hive",
                                        "registry-log",
                                        "log",
                                        "catalog",
                                        "cabinet",
                                        "archive",
                                        "pe",
                                        "collection",
                                        "statements",
                                        "hotfix-listing",
                                        "site-updates",
                                        NULL};
    static const fp_field head[] = {{"id", FP_FIELD_ID, true, 0, NULL}};
    static const fp_field hash[] = {{"sha256", FP_FIELD_KNOWN, true, 0, NULL}};
    fp_record_item *item = element;
    uint32_t id = 0;
    fp_str hex = {NULL, 0};
    item->kind = (fp_kind)read_word(&r->form, at, node, "kind", kinds);
    fp_form_fill(&r->form, at, node, FP_FIELDS(head), &id);
    fp_form_fill(&r->form, at, node, FP_FIELDS(hash), &hex);
    if (id != at->index + 1)
        fp_form_error(&r->form, at, "is not in its place: ids are 1, 2, ...");
    if (item->parent >= id && item->parent != 0)
        fp_form_error(&r->form, at, "lies in an item that is not listed before it");
    item->hashed = hex.size > 0;
    if (item->hashed && !fp_unhex(hex, FP_SHA256_SIZE, item->sha256))
        fp_form_error(&r->form, at, "\"sha256\" is none");
}

#define ITEM(key, kind)                                                                            \
    {                                                                                              \
#key, kind, true, offsetof(fp_record_item, key), NULL                                      \
    }
static const fp_field item_fields[] = {
    ITEM(parent, FP_FIELD_ID),
    ITEM(path, FP_FIELD_NOTE),
    ITEM(complete, FP_FIELD_BOOL),
    {"size_bytes", FP_FIELD_COUNT, true, offsetof(fp_record_item, size), NULL},
};
static const list items = {"evidence",
                           FP_RECORD_LIST_MAX,
                           sizeof(fp_record_item),
                           {item_fields, sizeof item_fields / sizeof *item_fields},
                           more_of_item};

/* ---- statements ---- */

static const fp_field statement_fields[] = {
    {"key", FP_FIELD_TEXT, true, offsetof(fp_statement, key), NULL},
    {"value", FP_FIELD_TEXT, true, offsetof(fp_statement, value), NULL},
    {"evidence", FP_FIELD_ID, true, offsetof(fp_statement, item), NULL},
};

static void more_of_statement(reading *r, const fp_place *at, const fp_json *node, void *element)
{
    (void)node;
    check_item(r, at, ((const fp_statement *)element)->item, false);
}

static const list statements = {
    "statements",
    FP_RECORD_LIST_MAX,
    sizeof(fp_statement),
    {statement_fields, sizeof statement_fields / sizeof *statement_fields},
    more_of_statement};

/* ---- state ---- */

#define MARKER(key, kind)                                                                          \
    {                                                                                              \
#key, kind, true, offsetof(fp_record_marker, key), NULL                                    \
    }
static const fp_field marker_fields[] = {
    MARKER(kb, FP_FIELD_KB),
    MARKER(present, FP_FIELD_TRI),
    MARKER(written, FP_FIELD_MOMENT),
    {"installed_date", FP_FIELD_KNOWN, true, offsetof(fp_record_marker, date), NULL},
    {"evidence", FP_FIELD_ID, true, offsetof(fp_record_marker, origin.item), NULL},
    {"where", FP_FIELD_KNOWN, true, offsetof(fp_record_marker, origin.where), NULL},
};

static void more_of_marker(reading *r, const fp_place *at, const fp_json *node, void *element)
{
    static const char *const states[] = {"unknown",    "absent",  "installed",   "pending",
                                         "superseded", "removed", "conflicting", NULL};
    static const char *const grounds[] = {"none", "reported", "recorded", "confirmed", NULL};
    fp_record_marker *marker = element;
    marker->state = (fp_hotfix_state)read_word(&r->form, at, node, "state", states);
    marker->ground = (fp_hotfix_ground)read_word(&r->form, at, node, "ground", grounds);
    check_item(r, at, marker->origin.item, false);
    if (at->index > 0 && fp_record_kb_number(marker->kb) <= fp_record_kb_number(marker[-1].kb))
        fp_form_error(&r->form, at, "is not in the order of the numbers, or stands here twice");
}

static const list markers = {"markers",
                             FP_RECORD_LIST_MAX,
                             sizeof(fp_record_marker),
                             {marker_fields, sizeof marker_fields / sizeof *marker_fields},
                             more_of_marker};

#define FILE_(key, kind)                                                                           \
    {                                                                                              \
#key, kind, true, offsetof(fp_record_file, key), NULL                                      \
    }
static const fp_field file_fields[] = {
    FILE_(name, FP_FIELD_NOTE),
    FILE_(version, FP_FIELD_KNOWN),
    {"evidence", FP_FIELD_ID, true, offsetof(fp_record_file, item), NULL},
};

static void more_of_file(reading *r, const fp_place *at, const fp_json *node, void *element)
{
    (void)node;
    const fp_record_file *file = element;
    fp_version version;
    check_item(r, at, file->item, true);
    if (file->version.size > 0 && !fp_version_parse(file->version, &version))
        fp_form_error(&r->form, at, "\"version\" is none");
}

static const list files = {"files",
                           FP_RECORD_LIST_MAX,
                           sizeof(fp_record_file),
                           {file_fields, sizeof file_fields / sizeof *file_fields},
                           more_of_file};

#define CATALOG(key, kind)                                                                         \
    {                                                                                              \
#key, kind, true, offsetof(fp_record_catalog, key), NULL                                   \
    }
static const fp_field catalog_fields[] = {
    CATALOG(package_id, FP_FIELD_KNOWN),
    CATALOG(package_version, FP_FIELD_KNOWN),
    CATALOG(created, FP_FIELD_MOMENT),
    CATALOG(damaged, FP_FIELD_BOOL),
    {"evidence", FP_FIELD_ID, true, offsetof(fp_record_catalog, item), NULL},
};

static void more_of_catalog(reading *r, const fp_place *at, const fp_json *node, void *element)
{
    (void)node;
    check_item(r, at, ((const fp_record_catalog *)element)->item, true);
}

static const list catalogs = {"catalogs",
                              FP_RECORD_LIST_MAX,
                              sizeof(fp_record_catalog),
                              {catalog_fields, sizeof catalog_fields / sizeof *catalog_fields},
                              more_of_catalog};

#define LOG(key, kind)                                                                             \
    {                                                                                              \
#key, kind, true, offsetof(fp_record_log, key), NULL                                       \
    }
static const fp_field log_fields[] = {
    LOG(earliest, FP_FIELD_MOMENT),
    LOG(latest, FP_FIELD_MOMENT),
    {"evidence", FP_FIELD_ID, true, offsetof(fp_record_log, item), NULL},
};

static void more_of_log(reading *r, const fp_place *at, const fp_json *node, void *element)
{
    (void)node;
    const fp_record_log *log = element;
    check_item(r, at, log->item, true);
    if (log->latest < log->earliest)
        fp_form_error(&r->form, at, "ends before it begins");
}

static const list logs = {"logs",
                          FP_RECORD_LIST_MAX,
                          sizeof(fp_record_log),
                          {log_fields, sizeof log_fields / sizeof *log_fields},
                          more_of_log};

#define EPISODE(key, kind)                                                                         \
    {                                                                                              \
#key, kind, true, offsetof(fp_record_episode, key), NULL                                   \
    }
static const fp_field episode_fields[] = {
    EPISODE(advisory, FP_FIELD_TEXT),
    EPISODE(activity, FP_FIELD_TEXT),
    EPISODE(title, FP_FIELD_NOTE),
    EPISODE(begin, FP_FIELD_MOMENT),
    EPISODE(end, FP_FIELD_MOMENT),
    EPISODE(update, FP_FIELD_KNOWN),
    {"evidence", FP_FIELD_ID, true, offsetof(fp_record_episode, origin.item), NULL},
    {"where", FP_FIELD_KNOWN, true, offsetof(fp_record_episode, origin.where), NULL},
};

static void more_of_episode(reading *r, const fp_place *at, const fp_json *node, void *element)
{
    static const char *const outcomes[] = {"unknown", "completed", "failed", NULL};
    fp_record_episode *episode = element;
    episode->outcome = (fp_episode_outcome)read_word(&r->form, at, node, "outcome", outcomes);
    check_item(r, at, episode->origin.item, false);
}

static const list episodes = {"episodes",
                              FP_RECORD_LIST_MAX,
                              sizeof(fp_record_episode),
                              {episode_fields, sizeof episode_fields / sizeof *episode_fields},
                              more_of_episode};

static const fp_field state_fields[] = {
    {"collected_at", FP_FIELD_MOMENT, true, offsetof(fp_record_state, collected_at), NULL},
    {"site_server", FP_FIELD_TRI, true, offsetof(fp_record_state, site_server), NULL},
    {"markers_complete", FP_FIELD_BOOL, true, offsetof(fp_record_state, markers_complete), NULL},
};

static void read_state(reading *r, const fp_place *up, const fp_json *state)
{
    const fp_place at = fp_place_key(up, FP_STR("state"));
    fp_record_state *out = &r->record->state;
    out->collected_at = FP_TIME_NONE;
    r->record->has_state = state != NULL;
    if (state == NULL)
        return;
    fp_form_fill(&r->form, &at, state, FP_FIELDS(state_fields), out);
    READ_LIST(r, &at, state, markers, out, markers, marker_count);
    READ_LIST(r, &at, state, files, out, files, file_count);
    READ_LIST(r, &at, state, catalogs, out, catalogs, catalog_count);
    READ_LIST(r, &at, state, logs, out, logs, log_count);
    READ_LIST(r, &at, state, episodes, out, episodes, episode_count);
}

/* ---- results ---- */

#define NEED(key)                                                                                  \
    {                                                                                              \
#key, FP_FIELD_NOTE, true, offsetof(fp_record_need, key), NULL                             \
    }
static const fp_field need_fields[] = {NEED(test), NEED(title), NEED(needs), NEED(collect),
                                       NEED(why)};
static const list missing = {"missing",
                             FP_ADVISORY_TESTS_MAX + 1,
                             sizeof(fp_record_need),
                             {need_fields, sizeof need_fields / sizeof *need_fields},
                             NULL};
static const list proof = {"proof",
                           FP_ADVISORY_TESTS_MAX + 1,
                           sizeof(fp_record_need),
                           {need_fields, sizeof need_fields / sizeof *need_fields},
                           NULL};

/* Missing or null: not known. */
static void fill_caveats(fp_form *form, const fp_place *at, const fp_json *node,
                         fp_record_result *out)
{
    static const fp_field fields[] = {
        {"caveats", FP_FIELD_TEXTS, true, offsetof(fp_record_result, caveats), NULL}};
    out->caveats_known = fp_json_type_of(fp_json_get(node, "caveats")) != FP_JSON_NULL;
    if (out->caveats_known)
        fp_form_fill(form, at, node, FP_FIELDS(fields), out);
}

void fp_record_fill_verdict(fp_form *form, const fp_place *at, const fp_json *node,
                            fp_record_result *out)
{
    static const fp_field texts[] = {
        {"reason", FP_FIELD_TEXT, true, offsetof(fp_record_result, reason), NULL},
        {"assurance", FP_FIELD_KNOWN, true, offsetof(fp_record_result, assurance), NULL},
    };
    static const fp_field fields[] = {{"possible", FP_FIELD_TEXTS, true, 0, NULL}};
    static const char *const verdicts[] = {"undetermined", "affected", "fixed", "not_applicable",
                                           NULL};
    fp_texts names = {NULL, 0};
    out->verdict = (fp_verdict)read_word(form, at, node, "verdict", verdicts);
    fp_form_fill(form, at, node, FP_FIELDS(fields), &names);
    fp_form_fill(form, at, node, FP_FIELDS(texts), out);
    fill_caveats(form, at, node, out);
    for (size_t i = 0; i < names.count; i++) {
        fp_verdict v;
        if (!fp_verdict_from_name(names.at[i], &v) || v == FP_UNDETERMINED)
            fp_form_error(form, at, "\"possible\" lists what is no verdict");
        else
            out->possible |= fp_verdict_bit(v);
    }
    if (out->verdict != FP_UNDETERMINED && out->possible != fp_verdict_bit(out->verdict))
        fp_form_error(form, at, "\"verdict\" and \"possible\" contradict each other");
}

static void more_of_result(reading *r, const fp_place *at, const fp_json *node, void *element)
{
    static const fp_field later[] = {
        {"in_place", FP_FIELD_BOOL, false, offsetof(fp_record_result, in_place), NULL},
        {"kbs", FP_FIELD_TEXTS, false, offsetof(fp_record_result, kbs), NULL},
        {"advisory_sha256", FP_FIELD_KNOWN, false, offsetof(fp_record_result, advisory_sha256),
         NULL},
    };
    fp_record_result *result = element;
    fp_record_fill_verdict(&r->form, at, node, result);
    result->in_place = result->verdict == FP_FIXED;
    fp_form_fill(&r->form, at, node, FP_FIELDS(later), result);
    if (result->verdict == FP_FIXED && !result->in_place)
        fp_form_error(&r->form, at, "\"verdict\" and \"in_place\" contradict each other");
    READ_LIST(r, at, node, missing, result, missing, missing_count);
    if (fp_json_get(node, proof.key) != NULL)
        READ_LIST(r, at, node, proof, result, proof, proof_count);
    for (size_t i = 1; i <= at->index; i++)
        if (fp_str_eq(result[-(ptrdiff_t)i].advisory, result->advisory)) {
            fp_form_error(&r->form, at, "is about an advisory that has a result already");
            return;
        }
}

#define RESULT(key, kind)                                                                          \
    {                                                                                              \
#key, kind, true, offsetof(fp_record_result, key), NULL                                    \
    }
static const fp_field result_fields[] = {
    RESULT(advisory, FP_FIELD_TEXT),
    RESULT(title, FP_FIELD_NOTE),
    RESULT(reason_text, FP_FIELD_NOTE),
    RESULT(remediation, FP_FIELD_KNOWN),
};
static const list results = {"results",
                             RESULTS_MAX,
                             sizeof(fp_record_result),
                             {result_fields, sizeof result_fields / sizeof *result_fields},
                             more_of_result};

/* ---- the report ---- */

#define SUBJECT(key)                                                                               \
    {                                                                                              \
#key, FP_FIELD_KNOWN, true, offsetof(fp_record_subject, key), NULL                         \
    }
static const fp_field subject_fields[] = {SUBJECT(host),    SUBJECT(site_code), SUBJECT(product),
                                          SUBJECT(release), SUBJECT(version),   SUBJECT(role)};
void fp_record_fill_subject(fp_form *form, const fp_place *at, const fp_json *node,
                            fp_record_subject *out)
{
    fp_form_fill(form, at, node, FP_FIELDS(subject_fields), out);
}

static const fp_field tool_fields[] = {{"version", FP_FIELD_NOTE, true, 0, NULL}};

typedef struct head {
    const fp_json *tool, *subject, *settings, *state;
} head;
static const fp_field head_fields[] = {
    {"tool", FP_FIELD_OBJECT, true, offsetof(head, tool), NULL},
    {"subject", FP_FIELD_OBJECT, true, offsetof(head, subject), NULL},
    {"settings", FP_FIELD_NODE, false, offsetof(head, settings), NULL},
    {"state", FP_FIELD_OBJECT, false, offsetof(head, state), NULL},
};
static const fp_field record_fields[] = {
    {"command", FP_FIELD_TEXT, true, offsetof(fp_record, command), NULL},
    {"generated", FP_FIELD_MOMENT, true, offsetof(fp_record, generated), NULL},
    {"since", FP_FIELD_MOMENT, true, offsetof(fp_record, since), NULL},
};

static void read_report(reading *r, const fp_json *root)
{
    const fp_place top = {0};
    const fp_place subject = fp_place_key(&top, FP_STR("subject"));
    const fp_place tool = fp_place_key(&top, FP_STR("tool"));
    const fp_place settings = fp_place_key(&top, FP_STR("settings"));
    head h = {0};
    fp_form_fill(&r->form, &top, root, FP_FIELDS(head_fields), &h);
    fp_form_fill(&r->form, &top, root, FP_FIELDS(record_fields), r->record);
    if (r->form.errors > 0)
        return;
    if (r->record->generated == FP_TIME_NONE)
        fp_form_error(&r->form, &top, "does not say when it was made");
    fp_form_fill(&r->form, &tool, h.tool, FP_FIELDS(tool_fields), &r->record->tool_version);
    fp_record_fill_subject(&r->form, &subject, h.subject, &r->record->subject);
    fp_settings_fill(&r->form, &settings, h.settings, &r->record->settings);
    READ_LIST(r, &top, root, items, r->record, items, item_count);
    READ_LIST(r, &top, root, statements, r->record, statements, statement_count);
    read_state(r, &top, h.state);
    READ_LIST(r, &top, root, results, r->record, results, result_count);
}

/* Is it the report that is read here, or what else? */
static fp_status check_schema(const fp_json *root, fp_diag *d)
{
    const fp_str schema = fp_json_string(fp_json_get(root, "schema"));
    if (fp_str_eq(schema, SCHEMA))
        return FP_OK;
    if (fp_str_starts(schema, SCHEMA_PREFIX))
        return fp_fail(d, FP_UNSUPPORTED, "report", 1,
                       "is %.*s, not the report of a verdict (%.*s: assess, confirm, explain)",
                       FP_STR_ARG(schema), FP_STR_ARG(SCHEMA));
    return fp_fail(d, FP_FORMAT, "report", 1, "not a report of fixproof (schema %.*s)",
                   FP_STR_ARG(SCHEMA));
}

fp_status fp_record_read(fp_span json, fp_arena *arena, fp_record *out, fp_diag *d)
{
    fp_json *root;
    fp_record record = {.generated = FP_TIME_NONE};
    reading r = {.form = {.module = "report", .document = json, .arena = arena, .d = d},
                 .record = &record};
    fp_status status = fp_json_parse(json, &root, d);
    if (status != FP_OK)
        return status;
    status = check_schema(root, d);
    if (status == FP_OK) {
        read_report(&r, root);
        status = fp_form_status(&r.form);
    }
    fp_json_free(root);
    if (status == FP_OK && fp_digest_span(FP_SHA256, json, record.sha256) != FP_OK)
        status = fp_fail(d, FP_CRYPTO, "report", 0, "libcrypto refuses SHA-256");
    if (status == FP_OK)
        *out = record;
    return status;
}
