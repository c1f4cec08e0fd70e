/* SPDX-License-Identifier: MIT */
#include "inventory/configmgr/site_updates.h"

#include "inventory/base/clixml.h"
#include "inventory/base/csv.h"
#include "inventory/base/json_rows.h"
#include "inventory/hotfix/kb.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* ---- properties ---- */

typedef enum field {
    FIELD_NAME = 0,
    FIELD_GUID,
    FIELD_STATE,
    FIELD_FULL_VERSION,
    FIELD_CLIENT_VERSION,
    FIELD_RELEASED,
    FIELD_UPDATED,
    FIELDS /* none of them */
} field;

static const fp_str field_names[FIELDS] = {
    [FIELD_NAME] = FP_STR_INIT("Name"),
    [FIELD_GUID] = FP_STR_INIT("PackageGuid"),
    [FIELD_STATE] = FP_STR_INIT("State"),
    [FIELD_FULL_VERSION] = FP_STR_INIT("FullVersion"),
    [FIELD_CLIENT_VERSION] = FP_STR_INIT("ClientVersion"),
    [FIELD_RELEASED] = FP_STR_INIT("DateReleased"),
    [FIELD_UPDATED] = FP_STR_INIT("LastUpdateTime"),
};

static field field_of(fp_str name)
{
    return (field)fp_str_index(name, field_names, FIELDS);
}

typedef struct record {
    fp_str at[FIELDS];
    bool given[FIELDS];
    bool twice; /* a property is named more than once: which one counts is not known */
    uint64_t line;
} record;

static void set_field(record *r, field f, fp_str value)
{
    r->twice = r->twice || r->given[f];
    r->given[f] = true;
    r->at[f] = fp_str_trim(value);
}

typedef struct reader {
    fp_str text; /* UTF-8; outlives the list */
    fp_arena *arena;
    fp_site_updates *out;
    size_t capacity;
    fp_status status; /* FP_NOMEM sticks */
    record open;      /* the object of a CLIXML document that is being read */
} reader;

/* What was not readable may have been about any KB. */
static void problem(reader *r, uint64_t line, const char *format, ...) FP_PRINTF(3, 4);
static void problem(reader *r, uint64_t line, const char *format, ...)
{
    char message[FP_DIAG_MESSAGE];
    r->out->complete = false;
    if (r->out->problems.count == FP_OBSERVATIONS_MAX) {
        r->out->problems.lost = true;
        return;
    }
    va_list args;
    va_start(args, format);
    (void)vsnprintf(message, sizeof message, format, args);
    va_end(args);
    const fp_origin origin = fp_origin_line(r->arena, r->out->item, line);
    if (origin.where.size == 0)
        r->status = FP_NOMEM;
    fp_observe(&r->out->problems, r->arena, origin, "%s", message);
}

/* ---- rows ---- */

/* Bytes that are no text may hide a part of a number. */
static bool is_readable(fp_str value)
{
    bool good =
        value.size <= FP_SITE_UPDATES_FIELD_MAX && fp_str_find(value, FP_STR("\xEF\xBF\xBD")) < 0;
    for (size_t i = 0; good && i < value.size; i++)
        good = (unsigned char)value.data[i] >= ' ';
    return good;
}

static fp_str without_braces(fp_str guid)
{
    if (guid.size < 2 || guid.data[0] != '{' || guid.data[guid.size - 1] != '}')
        return guid;
    return (fp_str){guid.data + 1, guid.size - 2};
}

static fp_str readable_or_empty(fp_str value)
{
    return is_readable(value) ? value : (fp_str){NULL, 0};
}

static void keep(reader *r, const record *from)
{
    uint64_t state = 0;
    const bool has_state = fp_str_to_u64(from->at[FIELD_STATE], &state) && state <= UINT32_MAX;
    if (!has_state)
        problem(r, from->line, "its State is not a number");
    fp_site_update *all =
        fp_arena_grow(r->arena, r->out->updates, r->out->count, &r->capacity, sizeof *all);
    if (all == NULL) {
        r->status = FP_NOMEM;
        return;
    }
    r->out->updates = all;
    all[r->out->count++] =
        (fp_site_update){.name = from->at[FIELD_NAME],
                         .package_guid = without_braces(from->at[FIELD_GUID]),
                         .full_version = readable_or_empty(from->at[FIELD_FULL_VERSION]),
                         .client_version = readable_or_empty(from->at[FIELD_CLIENT_VERSION]),
                         .released = readable_or_empty(from->at[FIELD_RELEASED]),
                         .updated = readable_or_empty(from->at[FIELD_UPDATED]),
                         .has_state = has_state,
                         .state = has_state ? (uint32_t)state : 0,
                         .line = from->line};
}

static void take_record(reader *r, const record *from)
{
    const fp_str name = from->at[FIELD_NAME], guid = from->at[FIELD_GUID];
    if (r->out->count == FP_SITE_UPDATES_MAX)
        problem(r, from->line, "more than %d packages: the others are not counted",
                FP_SITE_UPDATES_MAX);
    else if (from->twice)
        problem(r, from->line, "a property is there twice: not counted");
    else if (name.size == 0 || !is_readable(name) || !is_readable(guid))
        problem(r, from->line, "no readable Name and PackageGuid: not counted");
    else
        keep(r, from);
}

/* ---- CSV ---- */

static unsigned title_of(fp_str title)
{
    return field_of(title);
}

static bool accepts(const fp_csv_header *h)
{
    bool guid = false, state = false;
    for (size_t i = 0; i < h->count; i++) {
        guid = guid || h->fields[i] == FIELD_GUID;
        state = state || h->fields[i] == FIELD_STATE;
    }
    return h->whole && guid && state;
}

static const fp_csv_titles titles = {title_of, FIELDS, accepts};

typedef struct row {
    record record;
    size_t count;
    bool ink;
    bool whole; /* its end was seen */
} row;

static bool next_row(fp_csv *csv, const fp_csv_header *h, row *out)
{
    fp_csv_cell cell = {.ends_record = false};
    *out = (row){.record = {.line = csv->line}};
    while (!cell.ends_record && fp_csv_next(csv, &cell)) {
        if (out->count < h->count && h->fields[out->count] != FIELDS)
            set_field(&out->record, (field)h->fields[out->count], cell.text);
        out->ink = out->ink || cell.text.size > 0;
        out->count++;
    }
    out->whole = cell.whole && cell.ends_record;
    return out->count > 0;
}

static void read_csv(reader *r)
{
    fp_csv csv;
    fp_csv_header h;
    row next;
    if (!fp_csv_find_header(r->text, &titles, &csv, &h))
        return;
    while (r->status == FP_OK && next_row(&csv, &h, &next)) {
        if (!next.whole)
            problem(r, next.record.line, "the list ends in mid-row: not counted");
        else if (next.ink && next.count != h.count)
            problem(r, next.record.line, "%zu field%s under %zu title%s: not counted", next.count,
                    fp_plural(next.count), h.count, fp_plural(h.count));
        else if (next.ink)
            take_record(r, &next.record);
    }
}

static bool is_csv(fp_str head)
{
    const fp_str ink = fp_str_trim(head);
    fp_csv csv;
    fp_csv_header h;
    const bool document = ink.size > 0 && memchr("[{<", ink.data[0], 3) != NULL;
    return !document && fp_csv_find_header(head, &titles, &csv, &h);
}

/* ---- JSON ---- */

/* What a document that is not well-formed, or too large, says. */
static void not_read(reader *r, fp_status status, const fp_diag *why)
{
    if (status == FP_NOMEM)
        r->status = FP_NOMEM;
    else if (status != FP_OK)
        problem(r, why->where, "%s: nothing of it is counted", why->message);
}

static bool is_json(fp_str head)
{
    return fp_json_names_member(head, field_names[FIELD_GUID]) &&
           fp_json_names_member(head, field_names[FIELD_STATE]);
}

/* In the arena: the document is freed before the list. */
static fp_status value_of(fp_arena *arena, const fp_json *value, fp_str *out)
{
    uint64_t number;
    if (!fp_json_u64(value, &number))
        return fp_str_dup(arena, fp_json_row_text(value), out);
    *out = fp_str_of(fp_arena_printf(arena, "%llu", (unsigned long long)number));
    return out->data == NULL ? FP_NOMEM : FP_OK;
}

static fp_status take_element(void *context, const fp_json *element, uint64_t line)
{
    reader *r = context;
    record next = {.line = line};
    const fp_json *value;
    fp_str key, text;
    void *cursor = NULL;
    while ((value = fp_json_next(element, &cursor, &key)) != NULL) {
        const field f = field_of(key);
        if (f == FIELDS)
            continue;
        if (value_of(r->arena, value, &text) != FP_OK)
            return FP_NOMEM;
        set_field(&next, f, text);
    }
    take_record(r, &next);
    return r->status;
}

static void read_json(reader *r)
{
    fp_diag why = {0};
    not_read(r, fp_json_rows(r->text, field_names[FIELD_GUID], take_element, r, &why), &why);
}

/* ---- CLIXML ---- */

static bool is_clixml(fp_str head)
{
    return fp_clixml_names_property(head, field_names[FIELD_GUID]) &&
           fp_clixml_names_property(head, field_names[FIELD_STATE]);
}

static fp_status begin_object(void *context, uint64_t line)
{
    reader *r = context;
    r->open = (record){.line = line};
    return FP_OK;
}

static fp_status take_property(void *context, fp_str name, fp_str value)
{
    reader *r = context;
    const field f = field_of(name);
    fp_str kept;
    if (f == FIELDS)
        return FP_OK;
    const fp_status status = fp_str_dup(r->arena, value, &kept);
    if (status == FP_OK)
        set_field(&r->open, f, kept);
    return status;
}

static fp_status end_object(void *context)
{
    reader *r = context;
    take_record(r, &r->open);
    return r->status;
}

static void read_clixml(reader *r)
{
    fp_diag why = {0};
    const fp_clixml_events events = {r, begin_object, take_property, end_object};
    not_read(r, fp_clixml_read(r->text, &events, &why), &why);
}

/* ---- the whole ---- */

typedef struct form {
    bool (*probe)(fp_str head);
    void (*read)(reader *r);
} form;

static const form forms[] = {{is_json, read_json}, {is_clixml, read_clixml}, {is_csv, read_csv}};

static const form *form_of(fp_str text)
{
    const fp_str head = {text.data,
                         text.size < FP_SITE_UPDATES_HEAD ? text.size : FP_SITE_UPDATES_HEAD};
    for (size_t i = 0; head.size > 0 && i < sizeof forms / sizeof *forms; i++)
        if (forms[i].probe(head))
            return &forms[i];
    return NULL;
}

bool fp_site_updates_probe(fp_str head)
{
    return form_of(head) != NULL;
}

fp_status fp_site_updates_read(fp_span content, uint32_t item, const char *code_page,
                               fp_arena *arena, fp_site_updates *out, fp_diag *d)
{
    fp_site_updates list = {.item = item, .complete = true};
    reader r = {.arena = arena, .out = &list};
    fp_text_counts counts;
    if (content.size > FP_SITE_UPDATES_SIZE_MAX)
        return fp_fail(d, FP_LIMIT, "site updates", 0, "more than %d bytes",
                       FP_SITE_UPDATES_SIZE_MAX);
    const fp_status status = fp_text_decode_sniffed(content, code_page, arena, &r.text, &counts, d);
    if (status != FP_OK)
        return status;
    const form *as = form_of(r.text);
    if (as == NULL)
        return fp_fail(d, FP_FORMAT, "site updates", 1, "no list of update packages");
    as->read(&r);
    if (r.status != FP_OK || fp_observations_starved(&list.problems))
        return fp_fail(d, FP_NOMEM, "site updates", 0, "out of memory");
    *out = list;
    return FP_OK;
}

/* ---- what a state means ---- */

/* learn.microsoft.com, "UpdatePrereqAndStateFlags Method in Class SMS_CM_UpdatePackages"; the
 * troubleshooting article "Updates and servicing" lists the same codes and 0. The order of the
 * steps (download, applicability, content, prerequisites, installation) is that article's. */
static const struct {
    uint32_t state;
    fp_site_update_stage stage;
    const char *name;
} states[] = {
    {0x0, FP_SITE_UPDATE_UNKNOWN, "UNKNOWN"},
    {0x2, FP_SITE_UPDATE_NOT_INSTALLED, "ENABLED"},
    {0x10001, FP_SITE_UPDATE_NOT_INSTALLED, "CONTENT_REPLICATING"},
    {0x10002, FP_SITE_UPDATE_NOT_INSTALLED, "CONTENT_REPLICATION_SUCCESS"},
    {0x1FFFF, FP_SITE_UPDATE_NOT_INSTALLED, "CONTENT_REPLICATION_FAILED"},
    {0x20001, FP_SITE_UPDATE_NOT_INSTALLED, "PREREQ_IN_PROGRESS"},
    {0x20002, FP_SITE_UPDATE_NOT_INSTALLED, "PREREQ_SUCCESS"},
    {0x20003, FP_SITE_UPDATE_NOT_INSTALLED, "PREREQ_WARNING"},
    {0x2FFFF, FP_SITE_UPDATE_NOT_INSTALLED, "PREREQ_ERROR"},
    {0x30001, FP_SITE_UPDATE_INSTALLING, "INSTALL_IN_PROGRESS"},
    {0x30002, FP_SITE_UPDATE_INSTALLING, "INSTALL_WAITING_SERVICE_WINDOW"},
    {0x30003, FP_SITE_UPDATE_INSTALLING, "INSTALL_WAITING_PARENT"},
    {0x30004, FP_SITE_UPDATE_INSTALLED, "INSTALL_SUCCESS"},
    {0x30005, FP_SITE_UPDATE_PENDING, "INSTALL_PENDING_REBOOT"},
    {0x30006, FP_SITE_UPDATE_INSTALLING, "INSTALL_CMU_VALIDATING"},
    {0x30007, FP_SITE_UPDATE_INSTALLING, "INSTALL_CMU_STOPPED"},
    {0x30008, FP_SITE_UPDATE_INSTALLING, "INSTALL_CMU_INSTALLFILES"},
    {0x30009, FP_SITE_UPDATE_INSTALLING, "INSTALL_CMU_STARTED"},
    {0x3000A, FP_SITE_UPDATE_INSTALLING, "INSTALL_CMU_SUCCESS"},
    {0x3000B, FP_SITE_UPDATE_INSTALLING, "INSTALL_WAITING_CMU"},
    {0x3000C, FP_SITE_UPDATE_INSTALLING, "INSTALL_INSTALLFILES"},
    {0x3000D, FP_SITE_UPDATE_INSTALLING, "INSTALL_UPGRADESITECTRLIMAGE"},
    {0x3000E, FP_SITE_UPDATE_INSTALLING, "INSTALL_CONFIGURESERVICEBROKER"},
    {0x3000F, FP_SITE_UPDATE_INSTALLING, "INSTALL_INSTALLSYSTEM"},
    {0x30010, FP_SITE_UPDATE_INSTALLING, "INSTALL_CONSOLE"},
    {0x30011, FP_SITE_UPDATE_INSTALLING, "INSTALL_INSTALLBASESERVICES"},
    {0x30012, FP_SITE_UPDATE_INSTALLING, "INSTALL_UPDATE_SITES"},
    {0x30013, FP_SITE_UPDATE_INSTALLING, "INSTALL_SSB_ACTIVATION_ON"},
    {0x30014, FP_SITE_UPDATE_INSTALLING, "INSTALL_UPGRADEDATABASE"},
    {0x30015, FP_SITE_UPDATE_INSTALLING, "INSTALL_UPDATEADMINCONSOLE"},
    {0x3FFFE, FP_SITE_UPDATE_FAILED, "INSTALL_CMU_FAILED"},
    {0x3FFFF, FP_SITE_UPDATE_FAILED, "INSTALL_FAILED"},
    {0x40001, FP_SITE_UPDATE_NOT_INSTALLED, "DOWNLOAD_IN_PROGRESS"},
    {0x40002, FP_SITE_UPDATE_NOT_INSTALLED, "DOWNLOAD_SUCCESS"},
    {0x4FFFF, FP_SITE_UPDATE_NOT_INSTALLED, "DOWNLOAD_FAILED"},
    {0x50001, FP_SITE_UPDATE_NOT_INSTALLED, "APPLICABILITY_CHECKING"},
    {0x50002, FP_SITE_UPDATE_NOT_INSTALLED, "APPLICABILITY_SUCCESS"},
    {0x5FFFD, FP_SITE_UPDATE_NOT_OFFERED, "APPLICABILITY_HIDE"},
    {0x5FFFE, FP_SITE_UPDATE_NOT_OFFERED, "APPLICABILITY_NA"},
    {0x5FFFF, FP_SITE_UPDATE_NOT_INSTALLED, "APPLICABILITY_FAILED"},
};
enum { STATES = sizeof states / sizeof *states };

static size_t index_of(uint32_t state)
{
    size_t i = 0;
    while (i < STATES && states[i].state != state)
        i++;
    return i;
}

fp_site_update_stage fp_site_update_stage_of(uint32_t state)
{
    const size_t i = index_of(state);
    return i < STATES ? states[i].stage : FP_SITE_UPDATE_UNKNOWN;
}

const char *fp_site_update_state_name(uint32_t state)
{
    const size_t i = index_of(state);
    return i < STATES ? states[i].name : NULL;
}

const char *fp_site_update_stage_name(fp_site_update_stage stage)
{
    static const char *const names[FP_SITE_UPDATE_STAGES] = {
        [FP_SITE_UPDATE_UNKNOWN] = "unknown",
        [FP_SITE_UPDATE_INSTALLED] = "installed",
        [FP_SITE_UPDATE_PENDING] = "pending",
        [FP_SITE_UPDATE_INSTALLING] = "installing",
        [FP_SITE_UPDATE_FAILED] = "failed",
        [FP_SITE_UPDATE_NOT_INSTALLED] = "not-installed",
        [FP_SITE_UPDATE_NOT_OFFERED] = "not-offered",
    };
    return names[stage < FP_SITE_UPDATE_STAGES ? stage : FP_SITE_UPDATE_UNKNOWN];
}

fp_site_update_stage fp_site_update_stage_at(const fp_site_update *update)
{
    return update->has_state ? fp_site_update_stage_of(update->state) : FP_SITE_UPDATE_UNKNOWN;
}

bool fp_site_update_names(const fp_site_update *update, uint64_t kb)
{
    uint64_t number;
    for (size_t at = 0; fp_kb_next(update->name, &at, &number);)
        if (number == kb)
            return true;
    return false;
}
