/* SPDX-License-Identifier: MIT */
#include "tests/support/logs.h"

#include "detect/hit.h"

#include <stdlib.h>
#include <string.h>

enum { DAY_MS = 24 * 60 * 60 * 1000, FIRST_DAY = 13 };

void log_plain(fp_out *log, const char *message)
{
    fp_out_printf(log, "%s\r\n", message);
}

static void clock_text(long ms, char *out, size_t size)
{
    const long of_day = ms % DAY_MS;
    (void)snprintf(out, size, "%02ld:%02ld:%02ld.%03ld", of_day / 3600000, of_day / 60000 % 60,
                   of_day / 1000 % 60, of_day % 1000);
}

void log_site_as(fp_out *log, long ms, const char *component, const char *message)
{
    char clock[64];
    clock_text(ms, clock, sizeof clock);
    fp_out_printf(log, "%s  $$<%s><06-%02ld-2008 %s+000><thread=5976 (0x1758)>\r\n", message,
                  component, FIRST_DAY + ms / DAY_MS, clock);
}

void log_site(fp_out *log, long ms, const char *message)
{
    log_site_as(log, ms, "SMS_WSUS_SYNC_MANAGER", message);
}

void log_client(fp_out *log, long ms, const char *message)
{
    char clock[64];
    clock_text(ms, clock, sizeof clock);
    fp_out_printf(log,
                  "<![LOG[%s]LOG]!><time=\"%s+000\" date=\"06-%02ld-2008\" "
                  "component=\"SMS_WSUS_SYNC_MANAGER\" context=\"\" type=\"1\" thread=\"5976\" "
                  "file=\"sync.cpp:12\">\r\n",
                  message, clock, FIRST_DAY + ms / DAY_MS);
}

fp_time log_time(long ms)
{
    fp_time day = 0;
    if (!fp_time_civil(2008, 6, FIRST_DAY, 0, 0, 0, 0, &day))
        abort();
    return day + ms;
}

/* Decodes one character of UTF-8 that is known to be good. */
static uint32_t next_character(const char **at)
{
    const unsigned char *p = (const unsigned char *)*at;
    const int more = p[0] < 0x80 ? 0 : p[0] < 0xE0 ? 1 : p[0] < 0xF0 ? 2 : 3;
    static const unsigned char lead[] = {0x7F, 0x1F, 0x0F, 0x07};
    uint32_t c = p[0] & lead[more];
    for (int i = 1; i <= more; i++)
        c = c << 6 | (p[i] & 0x3F);
    *at += more + 1;
    return c;
}

static void put_unit(fp_out *out, uint32_t unit, bool big_endian)
{
    const char high = (char)(unit >> 8 & 0xFF);
    const char low = (char)(unit & 0xFF);
    fp_out_char(out, big_endian ? high : low, 1);
    fp_out_char(out, big_endian ? low : high, 1);
}

void log_utf16(fp_out *log, bool big_endian)
{
    fp_out wide = {.data = NULL};
    put_unit(&wide, 0xFEFF, big_endian);
    for (const char *at = log->data; at < log->data + log->size;) {
        const uint32_t c = next_character(&at);
        if (c < 0x10000) {
            put_unit(&wide, c, big_endian);
            continue;
        }
        put_unit(&wide, 0xD800 + ((c - 0x10000) >> 10), big_endian);
        put_unit(&wide, 0xDC00 + ((c - 0x10000) & 0x3FF), big_endian);
    }
    fp_out_free(log);
    *log = wide;
}

void log_bytes(fp_out *log)
{
    fp_out bytes = {.data = NULL};
    for (const char *at = log->data; at < log->data + log->size;) {
        const uint32_t c = next_character(&at);
        fp_out_char(&bytes, (char)(c < 0x80 ? c : 0xE0 | (c & 0x1F)), 1);
    }
    fp_out_free(log);
    *log = bytes;
}

/* ---- the advisory's signatures ---- */

static bool read_text(const char *path, fp_out *out)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return false;
    char piece[4096];
    size_t got;
    while ((got = fread(piece, 1, sizeof piece, file)) > 0)
        fp_out_str(out, (fp_str){piece, got});
    const bool good = ferror(file) == 0 && !out->failed;
    (void)fclose(file);
    return good;
}

static bool role_of(fp_str name, fp_signature_role *out)
{
    static const char *const names[FP_SIG_ROLES] = {[FP_SIG_BEGIN] = "begin",
                                                    [FP_SIG_STEP] = "step",
                                                    [FP_SIG_FAILURE] = "failure",
                                                    [FP_SIG_END] = "end",
                                                    [FP_SIG_RUN_BEGIN] = "run_begin",
                                                    [FP_SIG_RUN_END] = "run_end",
                                                    [FP_SIG_RUN_FAILURE] = "run_failure"};
    for (int i = 0; i < FP_SIG_ROLES; i++) {
        if (fp_str_eq(name, fp_str_of(names[i]))) {
            *out = (fp_signature_role)i;
            return true;
        }
    }
    return false;
}

static bool read_signature(const fp_json *json, fp_signature_def *def, fp_str *literals)
{
    const fp_json *list = fp_json_get(json, "literals");
    def->name = fp_json_string(fp_json_get(json, "name"));
    def->pattern = fp_json_string(fp_json_get(json, "pattern"));
    def->literals = literals;
    def->literal_count = fp_json_size(list);
    if (def->literal_count > FP_SIG_LITERALS_MAX)
        return false;
    for (size_t i = 0; i < def->literal_count; i++)
        literals[i] = fp_json_string(fp_json_at(list, i));
    return role_of(fp_json_string(fp_json_get(json, "role")), &def->role);
}

static fp_activity *activity_of(const fp_json *advisory)
{
    static fp_str literals[FP_SIGNATURES_MAX][FP_SIG_LITERALS_MAX];
    fp_signature_def defs[FP_SIGNATURES_MAX];
    const fp_json *activity = fp_json_get(fp_json_get(advisory, "activities"), "legacy-sync");
    const fp_json *signatures = fp_json_get(activity, "signatures");
    const size_t count = fp_json_size(signatures);
    if (count == 0 || count > FP_SIGNATURES_MAX)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        if (!read_signature(fp_json_at(signatures, i), &defs[i], literals[i]))
            return NULL;
    }
    fp_activity *made = NULL;
    fp_diag d = {.status = FP_OK};
    if (fp_activity_new(FP_STR("legacy-sync"), defs, count, &made, &d) != FP_OK)
        (void)fprintf(stderr, "signature %llu: %s\n", (unsigned long long)d.where, d.message);
    return made;
}

/* NULL and a message when the advisory cannot be read. */
static fp_json *read_advisory(void)
{
    static const char path[] = FIXPROOF_SOURCE_DIR "/data/advisories/954474.json";
    fp_out text = {.data = NULL};
    fp_json *advisory = NULL;
    fp_diag d = {.status = FP_OK};
    if (!read_text(path, &text) ||
        fp_json_parse(fp_span_of(text.data, text.size), &advisory, &d) != FP_OK)
        (void)fprintf(stderr, "%s: %s\n", path, d.message);
    fp_out_free(&text);
    return advisory;
}

fp_activity *legacy_sync_activity(void)
{
    fp_json *advisory = read_advisory();
    fp_activity *activity = activity_of(advisory);
    if (activity == NULL)
        (void)fprintf(stderr, "advisory 954474 has no usable activity legacy-sync\n");
    fp_json_free(advisory);
    return activity;
}

int legacy_sync_literals(FILE *out)
{
    fp_activity *activity = legacy_sync_activity();
    if (activity == NULL)
        return 1;
    for (size_t i = 0; i < activity->literal_count; i++)
        (void)fprintf(out, "%.*s\n", FP_STR_ARG(activity->literals[i].text));
    fp_activity_free(activity);
    return 0;
}

/* ---- files to a history ---- */

static fp_status scan_file(fp_timeline *timeline, uint32_t item, const scanned_file *file)
{
    fp_scan *scan = NULL;
    fp_status status = fp_scan_begin(timeline, item, fp_str_of(file->name), NULL, &scan);
    if (status != FP_OK)
        return status;
    const size_t step = file->step == 0 ? file->bytes.size : file->step;
    for (size_t at = 0; at < file->bytes.size && status == FP_OK; at += step) {
        const size_t left = file->bytes.size - at;
        status = fp_scan_feed(scan, fp_span_of(file->bytes.data + at, left < step ? left : step));
    }
    const fp_status ended = fp_scan_end(scan, !file->cut);
    return status == FP_OK ? ended : status;
}

static bool was_cut_late(void *context, uint32_t item)
{
    const scanned_file *files = context;
    return files[item - 1].cut_late;
}

fp_status scan_files(fp_arena *arena, const fp_activity *activity, const scanned_file *files,
                     size_t count, const fp_history **out)
{
    fp_timeline *timeline = fp_timeline_new(arena, &activity, 1);
    if (timeline == NULL)
        return FP_NOMEM;
    fp_status status = FP_OK;
    for (size_t i = 0; i < count && status == FP_OK; i++)
        status = scan_file(timeline, (uint32_t)i + 1, &files[i]);
    fp_timeline_cut(timeline, was_cut_late, (void *)(uintptr_t)files);
    if (status == FP_OK)
        status = fp_timeline_build(timeline, out);
    fp_timeline_free(timeline);
    return status;
}
