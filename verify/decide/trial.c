/* SPDX-License-Identifier: MIT */
#include "verify/decide/trial.h"

#include "verify/decide/checklist.h"
#include "verify/decide/trial_words.h"

#include "inventory/base/out.h"
#include "inventory/base/time.h"
#include "inventory/registry/reg_tree.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { KEY_SIZE_MAX = 2048 }; /* bytes of a key's path */

typedef enum block {
    BLOCK_NONE = 0,
    BLOCK_REGISTRY,
    BLOCK_LOG,
    BLOCK_SITE_UPDATES,
    BLOCK_CATALOG
} block;

typedef struct reader {
    fp_arena *arena;
    fp_lint_fn *lint;
    void *context;
    fp_diag *d;
    fp_trial *trial;
    const char *line_start; /* of the line being read; for columns */
    uint64_t line;
    size_t errors;
    bool no_memory;
    bool has_possible;
    block block;
    fp_out made;  /* of the item being described */
    size_t bytes; /* of all items made */
    fp_str name;  /* its name, or the registry subtree's root */
    fp_str component;
    fp_str key;                     /* below the root, that values belong to */
    fp_str keys[FP_TRIAL_KEYS_MAX]; /* written so far */
    size_t key_count;
    fp_described_update *updates; /* [FP_TRIAL_UPDATES_MAX] of the catalogue being described */
} reader;

/* ---- telling ---- */

static void error(reader *r, fp_str at, const char *format, ...) FP_PRINTF(3, 4);
static void error(reader *r, fp_str at, const char *format, ...)
{
    char message[FP_DIAG_MESSAGE];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(message, sizeof message, format, args);
    va_end(args);
    if (r->errors++ >= FP_FORM_ERRORS_MAX)
        return;
    uint64_t column = 1;
    for (const char *c = r->line_start; at.data != NULL && c < at.data; c++)
        column += ((unsigned char)*c & 0xC0) != 0x80;
    (void)fp_fail(r->d, FP_FORMAT, "case", r->line, "%s", message);
    const fp_lint told = {true, FP_LINT_VALUE, r->line, column, FP_STR(""), fp_str_of(message)};
    if (r->lint != NULL)
        r->lint(r->context, &told);
}

/* ---- pieces of a line ---- */

/* "NAME = VALUE": at the first " = ", or before " =" at the end of the line. */
static bool split_pair(fp_str text, fp_str *name, fp_str *value)
{
    ptrdiff_t at = fp_str_find(text, FP_STR(" = "));
    if (at < 0 && fp_str_iends(text, FP_STR(" =")))
        at = (ptrdiff_t)text.size - 2;
    if (at <= 0)
        return false;
    *name = fp_str_trim((fp_str){text.data, (size_t)at});
    const size_t behind = (size_t)at + 2;
    *value = fp_str_trim(fp_str_tail(text, behind));
    return name->size > 0;
}

/* ---- items of evidence ---- */

static void add_item(reader *r, const char *name, fp_str content)
{
    const char *copy = fp_arena_string(r->arena, content.data, content.size);
    if (copy == NULL || name == NULL) {
        r->no_memory = true;
        return;
    }
    r->trial->items[r->trial->item_count++] = (fp_trial_item){name, {copy, content.size}};
}

/* What was described line by line becomes an item. A key behind all others shows that the export
 * was not cut off before. */
static void end_block(reader *r)
{
    if (r->block == BLOCK_REGISTRY)
        fp_out_text(&r->made, "[HKEY_USERS]\r\n\r\n");
    if (r->made.failed)
        r->no_memory = true;
    else if (r->block == BLOCK_REGISTRY)
        add_item(r, fp_arena_printf(r->arena, "export-%zu.reg", r->trial->item_count + 1),
                 (fp_str){r->made.data, r->made.size});
    else if (r->block == BLOCK_LOG)
        add_item(r, fp_arena_string(r->arena, r->name.data, r->name.size),
                 (fp_str){r->made.data, r->made.size});
    else if (r->block == BLOCK_SITE_UPDATES)
        add_item(r, fp_arena_printf(r->arena, "site-updates-%zu.csv", r->trial->item_count + 1),
                 (fp_str){r->made.data, r->made.size});
    r->bytes += r->made.size;
    fp_out_free(&r->made);
    r->made = (fp_out){0};
    r->block = BLOCK_NONE;
}

static bool begin_block(reader *r, fp_str at, block kind)
{
    if (r->trial->item_count == FP_TRIAL_ITEMS_MAX) {
        error(r, at, "more than %d exports, logs, lists and records", FP_TRIAL_ITEMS_MAX);
        return false;
    }
    r->block = kind;
    return true;
}

/* ---- registry ---- */

/* Full path of a root key's short name, or the path as it is. */
static fp_str whole_path(reader *r, fp_str path)
{
    static const struct {
        fp_str name, whole;
    } roots[] = {{FP_STR_INIT("HKLM\\"), FP_STR_INIT("HKEY_LOCAL_MACHINE\\")},
                 {FP_STR_INIT("HKU\\"), FP_STR_INIT("HKEY_USERS\\")},
                 {FP_STR_INIT("HKCU\\"), FP_STR_INIT("HKEY_CURRENT_USER\\")}};
    for (size_t i = 0; i < sizeof roots / sizeof *roots; i++) {
        if (!fp_str_istarts(path, roots[i].name))
            continue;
        const fp_str tail = fp_str_tail(path, roots[i].name.size);
        const char *whole =
            fp_arena_printf(r->arena, "%.*s%.*s", FP_STR_ARG(roots[i].whole), FP_STR_ARG(tail));
        r->no_memory = r->no_memory || whole == NULL;
        return fp_str_of(whole);
    }
    return path;
}

static void put_key(reader *r, fp_str key)
{
    for (size_t i = 0; i < r->key_count; i++)
        if (fp_str_ieq(r->keys[i], key))
            return;
    if (r->key_count == FP_TRIAL_KEYS_MAX) {
        error(r, key, "more than %d keys", FP_TRIAL_KEYS_MAX);
        return;
    }
    r->keys[r->key_count++] = key;
    fp_out_text(&r->made, "\r\n[");
    fp_out_str(&r->made, r->name);
    fp_out_text(&r->made, key.size > 0 ? "\\" : "");
    fp_out_str(&r->made, key);
    fp_out_text(&r->made, "]\r\n");
}

/* Can this be a key's path, as an export writes it? */
static bool is_path(fp_str path)
{
    return path.size > 0 && path.size <= KEY_SIZE_MAX && fp_reg_path_fault(path) == NULL &&
           path.data[path.size - 1] != '\\' && memchr(path.data, ']', path.size) == NULL;
}

static void read_registry(reader *r, fp_str rest)
{
    const fp_str root = whole_path(r, rest);
    if (r->no_memory)
        return;
    if (!is_path(root)) {
        error(r, rest, "registry KEY: the subtree that was exported, as HKLM\\SOFTWARE");
        return;
    }
    if (!begin_block(r, rest, BLOCK_REGISTRY))
        return;
    r->name = root;
    r->key = (fp_str){rest.data, 0};
    r->key_count = 0;
    fp_out_text(&r->made, "Windows Registry Editor Version 5.00\r\n");
    put_key(r, r->key);
}

static void put_escaped(fp_out *out, fp_str text)
{
    fp_out_char(out, '"', 1);
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] == '"' || text.data[i] == '\\')
            fp_out_char(out, '\\', 1);
        fp_out_char(out, text.data[i], 1);
    }
    fp_out_char(out, '"', 1);
}

static bool is_dword(fp_str value)
{
    const fp_str prefix = FP_STR("dword:");
    bool good = value.size > prefix.size && value.size <= prefix.size + 8;
    for (size_t i = prefix.size; good && i < value.size; i++)
        good = fp_ascii_hex(value.data[i]) >= 0;
    return good;
}

static void put_value(reader *r, fp_str name, fp_str value)
{
    const size_t prefix = strlen("dword:");
    if (fp_str_eq(name, FP_STR("@")))
        fp_out_text(&r->made, "@");
    else
        put_escaped(&r->made, name);
    fp_out_text(&r->made, "=");
    if (!fp_str_starts(value, FP_STR("dword:"))) {
        put_escaped(&r->made, value);
    } else if (is_dword(value)) {
        fp_out_text(&r->made, "dword:");
        fp_out_char(&r->made, '0', 8 - (value.size - prefix));
        fp_out_str(&r->made, fp_str_tail(value, prefix));
    } else {
        error(r, value, "dword: and up to eight hexadecimal digits");
    }
    fp_out_text(&r->made, "\r\n");
}

/* A key with all the keys between it and the root, as an export writes them. */
static void read_key(reader *r, fp_str key)
{
    const char *path =
        fp_arena_printf(r->arena, "%.*s\\%.*s", FP_STR_ARG(r->name), FP_STR_ARG(key));
    if (path == NULL) {
        r->no_memory = true;
        return;
    }
    if (!is_path(fp_str_of(path)) || fp_str_istarts(key, FP_STR("HK"))) {
        error(r, key, "must be a key below the subtree's root: Microsoft\\SMS\\Setup");
        return;
    }
    for (size_t i = 0; i < key.size; i++)
        if (key.data[i] == '\\')
            put_key(r, (fp_str){key.data, i});
    put_key(r, key);
    r->key = key;
}

static void read_registry_line(reader *r, fp_str text)
{
    fp_str name, value;
    if (!split_pair(text, &name, &value)) {
        read_key(r, text);
        return;
    }
    if (r->key_count == 0 || !fp_str_ieq(r->keys[r->key_count - 1], r->key))
        error(r, text, "values come right below their key, which is named once");
    else
        put_value(r, name, value);
}

/* ---- log ---- */

static void read_log(reader *r, fp_str rest)
{
    const fp_str name = fp_trial_word(&rest);
    if (name.size == 0) {
        error(r, name, "log NAME [COMPONENT]");
        return;
    }
    if (!begin_block(r, name, BLOCK_LOG))
        return;
    r->name = name;
    r->component = fp_trial_word(&rest);
    if (rest.size > 0)
        error(r, rest, "log NAME [COMPONENT], and nothing behind it");
}

/* "2008-06-13T00:03:11.500Z" as a site server writes it: "06-13-2008 00:03:11.500+0". */
static void put_stamp(reader *r, fp_time time)
{
    enum { YEAR = 4, DAY_END = 10, CLOCK = 11, SECONDS_END = 19 };
    char text[FP_TIME_TEXT_SIZE];
    (void)fp_time_format(time, text);
    const bool fraction = text[SECONDS_END] == '.';
    fp_out_printf(&r->made, " $$<%.*s><%.5s-%.4s %.8s.%.3s+0><thread=1 (0x1)>\r\n",
                  FP_STR_ARG(r->component), text + YEAR + 1, text, text + CLOCK,
                  fraction ? text + SECONDS_END + 1 : "000");
}

static void read_log_line(reader *r, fp_str text)
{
    fp_time time;
    fp_str rest = text;
    const fp_str first = fp_trial_word(&rest);
    const bool dated = fp_str_find(first, FP_STR("T")) > 0 && fp_time_parse(first, &time);
    if (!dated) {
        fp_out_str(&r->made, text);
        fp_out_text(&r->made, "\r\n");
    } else if (r->component.size == 0) {
        error(r, text, "a dated line needs the component that wrote it: log NAME COMPONENT");
    } else {
        fp_out_str(&r->made, rest);
        put_stamp(r, time);
    }
}

/* ---- Updates and Servicing ---- */

static void read_site_updates(reader *r, fp_str rest)
{
    if (rest.size > 0)
        error(r, rest, "site-updates, and nothing behind it: its packages stand below");
    else if (begin_block(r, rest, BLOCK_SITE_UPDATES))
        fp_out_text(&r->made, "\"Name\",\"State\",\"FullVersion\",\"PackageGuid\"\r\n");
}

static bool has_quote(fp_str text)
{
    return text.size > 0 && memchr(text.data, '"', text.size) != NULL;
}

static void read_package(reader *r, fp_str text)
{
    fp_str name = {text.data, 0}, rest = name;
    uint64_t number;
    (void)split_pair(text, &name, &rest); /* without a pair there is no state */
    const fp_str state = fp_trial_word(&rest);
    const fp_str version = fp_trial_word(&rest);
    if (!fp_str_to_u64(state, &number) || number > UINT32_MAX || has_quote(text)) {
        error(r, text, "NAME = STATE [VERSION [PACKAGE-GUID]]: Hotfix (KB...) = 196612");
        return;
    }
    fp_out_printf(&r->made, "\"%.*s\",\"%u\",\"%.*s\",\"%.*s\"\r\n", FP_STR_ARG(name),
                  (unsigned)number, FP_STR_ARG(version), FP_STR_ARG(rest));
}

/* ---- file ---- */

static void read_file(reader *r, fp_str rest)
{
    fp_described_file f = {.name = fp_trial_word(&rest)};
    while (rest.size > 0) {
        const fp_str what = fp_trial_word(&rest);
        const fp_str value = fp_trial_word(&rest);
        if (fp_str_eq(what, FP_STR("version")) && fp_version_parse(value, &f.version))
            f.has_version = true;
        else if (fp_str_eq(what, FP_STR("sha256")) && fp_unhex(value, FP_SHA256_SIZE, f.sha256))
            f.hashed = true;
        else
            error(r, what, "file NAME [version NUMBERS] [sha256 64 HEXADECIMAL DIGITS]");
    }
    if (f.name.size == 0)
        error(r, rest, "file NAME ...");
    else if (r->trial->file_count == FP_TRIAL_FILES_MAX)
        error(r, f.name, "more than %d files", FP_TRIAL_FILES_MAX);
    else
        r->trial->files[r->trial->file_count++] = f;
}

#define CATALOG_LINE                                                                               \
    "catalog damaged, or catalog STATE [sha256 DIGEST] [NUMBER OF AN UPDATE]...; STATE is whole, " \
    "or what its signature is: unsigned, mismatch, forged, untrusted, expired, weak"

/* "whole" is also signed by its publisher; any other result of a signature is called by its name.
 */
static bool read_catalog_state(fp_str word, fp_described_catalog *c)
{
    c->damaged = fp_str_eq(word, FP_STR("damaged"));
    c->signature = FP_AUTHENTIC_VALID;
    if (c->damaged || fp_str_eq(word, FP_STR("whole")))
        return true;
    for (c->signature = FP_AUTHENTIC_UNSIGNED; c->signature < FP_AUTHENTIC_VALID; c->signature++)
        if (fp_str_eq(word, fp_str_of(fp_authentic_result_name(c->signature))))
            return true;
    return false;
}

static fp_described_update *add_update(reader *r, fp_str at, fp_described_catalog *c)
{
    if (c->update_count < FP_TRIAL_UPDATES_MAX)
        return &r->updates[c->update_count++];
    error(r, at, "more than %d updates", FP_TRIAL_UPDATES_MAX);
    return NULL;
}

static void read_held(reader *r, fp_str word, fp_str *rest, fp_described_catalog *c)
{
    uint32_t number;
    if (fp_str_eq(word, FP_STR("sha256")) && !c->hashed &&
        fp_unhex(fp_trial_word(rest), FP_SHA256_SIZE, c->sha256)) {
        c->hashed = true;
        return;
    }
    if (c->damaged || !fp_trial_u32(word, &number)) {
        error(r, word, CATALOG_LINE);
        return;
    }
    fp_described_update *u = add_update(r, word, c);
    if (u != NULL)
        *u = (fp_described_update){.is.revision_id = number, .has_revision = true};
}

static void read_catalog(reader *r, fp_str rest)
{
    fp_described_catalog c = {.damaged = false};
    const fp_str state = fp_trial_word(&rest);
    const bool known = read_catalog_state(state, &c);
    r->updates = fp_arena_alloc_array(r->arena, FP_TRIAL_UPDATES_MAX, sizeof *r->updates);
    r->no_memory = r->no_memory || r->updates == NULL;
    while (r->updates != NULL && rest.size > 0)
        read_held(r, fp_trial_word(&rest), &rest, &c);
    c.updates = r->updates;
    if (!known) {
        error(r, state, CATALOG_LINE);
    } else if (r->trial->catalog_count == FP_TRIAL_CATALOGS_MAX) {
        error(r, state, "more than %d catalogues", FP_TRIAL_CATALOGS_MAX);
    } else {
        r->trial->catalogs[r->trial->catalog_count++] = c;
        r->block = BLOCK_CATALOG;
    }
}

#define UPDATE_LINE                                                                                \
    "an update of the catalogue: [revision N] [update_id GUID] [revision_number N] "               \
    "[deployment_action NAME] [kb KB]... [superseded_by N]; one of revision, update_id and kb "    \
    "must be there"

static void read_update(reader *r, fp_str text)
{
    fp_str wrong = text;
    fp_described_catalog *c = &r->trial->catalogs[r->trial->catalog_count - 1];
    fp_described_update told;
    if (c->damaged) {
        error(r, text, CATALOG_LINE);
        return;
    }
    if (!fp_trial_update_read(text, &told, &wrong)) {
        error(r, wrong, UPDATE_LINE);
        return;
    }
    fp_described_update *u = add_update(r, text, c);
    if (u != NULL)
        *u = told;
}

/* ---- the collector's record ---- */

static bool is_host(fp_str name)
{
    bool good = name.size > 0 && name.size <= FP_FORM_NAME_MAX;
    for (size_t i = 0; good && i < name.size; i++) {
        const char c = fp_ascii_lower(name.data[i]);
        good = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
    }
    return good;
}

static void read_collected(reader *r, fp_str rest)
{
    fp_time time;
    char when[FP_TIME_TEXT_SIZE];
    const fp_str word = fp_trial_word(&rest);
    if (!fp_time_parse(word, &time) || !is_host(rest)) {
        error(r, word, "collected TIME HOST: when the evidence was taken, and from which computer");
        return;
    }
    if (!begin_block(r, word, BLOCK_NONE))
        return;
    const char *text = fp_arena_printf(
        r->arena,
        "{\"schema\": \"fixproof/collection/v1\", \"host\": \"%.*s\", \"collected_at\": \"%s\"}",
        FP_STR_ARG(rest), fp_time_format(time, when));
    r->no_memory = r->no_memory || text == NULL;
    if (text != NULL)
        add_item(r, "collection.json", fp_str_of(text));
}

/* ---- the other keywords ---- */

static void read_about(reader *r, fp_str rest)
{
    if (rest.size == 0 || r->trial->about.size > 0)
        error(r, rest, "about: one sentence, once");
    r->trial->about = rest;
}

static void read_declare(reader *r, fp_str rest)
{
    fp_statement s = {.by = FP_STR("the case")};
    if (!split_pair(rest, &s.key, &s.value) || s.value.size == 0)
        error(r, rest, "declare KEY = VALUE");
    else if (r->trial->declared_count == FP_TRIAL_DECLARED_MAX)
        error(r, rest, "more than %d declarations", FP_TRIAL_DECLARED_MAX);
    else
        r->trial->declared[r->trial->declared_count++] = s;
}

static void read_confirm(reader *r, fp_str rest)
{
    if (r->trial->confirm || !fp_time_parse(rest, &r->trial->since))
        error(r, rest, "confirm TIME, once: when the change began");
    r->trial->confirm = true;
}

static bool read_verdict(reader *r, fp_str word, fp_verdict *out)
{
    fp_str names[FP_VERDICTS];
    if (fp_verdict_from_name(word, out))
        return true;
    for (unsigned v = 0; v < FP_VERDICTS; v++)
        names[v] = fp_str_of(fp_verdict_name((fp_verdict)v));
    const fp_str nearest = fp_form_nearest(word, names, FP_VERDICTS);
    error(r, word, "no verdict is named \"%.*s\"%s%.*s", FP_STR_ARG(word),
          nearest.size > 0 ? ": the nearest is " : "", FP_STR_ARG(nearest));
    return false;
}

static void read_expect(reader *r, fp_str rest)
{
    const fp_str verdict = fp_trial_word(&rest);
    const fp_str reason = fp_trial_word(&rest);
    if (reason.size == 0 || rest.size > 0 || r->trial->reason.size > 0)
        error(r, verdict, "expect VERDICT REASON, once");
    else if (read_verdict(r, verdict, &r->trial->verdict))
        r->trial->reason = reason;
}

static void read_assurance(reader *r, fp_str rest)
{
    r->trial->assurance = fp_trial_word(&rest);
    if (r->trial->assurance.size == 0 || rest.size > 0)
        error(r, rest, "assurance: one word");
}

static void read_possible(reader *r, fp_str rest)
{
    r->has_possible = true;
    while (rest.size > 0) {
        fp_verdict verdict;
        const fp_str word = fp_trial_word(&rest);
        if (!read_verdict(r, word, &verdict))
            continue;
        if (verdict == FP_UNDETERMINED)
            error(r, word, "possible: definite verdicts");
        else
            r->trial->possible |= fp_verdict_bit(verdict);
    }
}

static void read_names(reader *r, fp_str rest, fp_trial_names *out)
{
    out->given = true;
    if (fp_str_eq(rest, FP_STR("none")))
        return;
    while (rest.size > 0) {
        const fp_str name = fp_trial_word(&rest);
        if (out->count == FP_TRIAL_NAMES_MAX) {
            error(r, name, "more than %d names", FP_TRIAL_NAMES_MAX);
            return;
        }
        out->at[out->count++] = name;
    }
}

static void read_missing(reader *r, fp_str rest)
{
    read_names(r, rest, &r->trial->missing);
}

static void read_checklist(reader *r, fp_str rest)
{
    fp_tick tick;
    const fp_str state = fp_trial_word(&rest);
    if (!fp_tick_from_name(state, &tick) || rest.size == 0 || r->trial->checklist[tick].given)
        error(r, state,
              "checklist STATE ITEM...: ticked, declared, failed, open, aside, each once");
    else
        read_names(r, rest, &r->trial->checklist[tick]);
}

static void read_caveats(reader *r, fp_str rest)
{
    r->trial->counts_caveats = true;
    if (!fp_str_to_u64(rest, &r->trial->caveats))
        error(r, rest, "caveats: how many");
}

typedef struct keyword {
    fp_str name;
    void (*read)(reader *r, fp_str rest);
} keyword;

static const keyword keywords[] = {
    {FP_STR_INIT("about"), read_about},
    {FP_STR_INIT("registry"), read_registry},
    {FP_STR_INIT("log"), read_log},
    {FP_STR_INIT("file"), read_file},
    {FP_STR_INIT("catalog"), read_catalog},
    {FP_STR_INIT("collected"), read_collected},
    {FP_STR_INIT("declare"), read_declare},
    {FP_STR_INIT("confirm"), read_confirm},
    {FP_STR_INIT("expect"), read_expect},
    {FP_STR_INIT("assurance"), read_assurance},
    {FP_STR_INIT("possible"), read_possible},
    {FP_STR_INIT("missing"), read_missing},
    {FP_STR_INIT("caveats"), read_caveats},
    {FP_STR_INIT("site-updates"), read_site_updates},
    {FP_STR_INIT("checklist"), read_checklist},
};
enum { KEYWORDS = sizeof keywords / sizeof *keywords };

static void read_keyword(reader *r, fp_str text)
{
    fp_str rest = text;
    fp_str names[KEYWORDS];
    const fp_str word = fp_trial_word(&rest);
    end_block(r);
    for (size_t i = 0; i < KEYWORDS; i++) {
        names[i] = keywords[i].name;
        if (fp_str_eq(word, names[i])) {
            keywords[i].read(r, rest);
            return;
        }
    }
    const fp_str nearest = fp_form_nearest(word, names, KEYWORDS);
    error(r, word, "no keyword is \"%.*s\"%s%.*s", FP_STR_ARG(word),
          nearest.size > 0 ? ": did you mean " : "", FP_STR_ARG(nearest));
}

/* Text without characters that would end a line of the evidence that is made of it. */
static bool is_plain(fp_str line)
{
    for (size_t i = 0; i < line.size; i++)
        if ((unsigned char)line.data[i] < ' ' && !fp_trial_is_blank(line.data[i]))
            return false;
    return fp_text_is_utf8(line);
}

static void read_line(reader *r, fp_str line)
{
    const fp_str text = fp_str_trim(line);
    r->line_start = line.data;
    if (text.size == 0 || line.data[0] == '#')
        return;
    if (!fp_trial_is_blank(line.data[0]))
        read_keyword(r, text);
    else if (r->block == BLOCK_REGISTRY)
        read_registry_line(r, text);
    else if (r->block == BLOCK_LOG)
        read_log_line(r, text);
    else if (r->block == BLOCK_SITE_UPDATES)
        read_package(r, text);
    else if (r->block == BLOCK_CATALOG)
        read_update(r, text);
    else
        error(r, text,
              "a line that begins with a blank belongs to a registry, a log, site-updates or a "
              "catalog");
    if (r->bytes + r->made.size > FP_TRIAL_EVIDENCE_MAX) {
        error(r, text, "more than %d bytes of evidence", FP_TRIAL_EVIDENCE_MAX);
        fp_out_free(&r->made);
        r->made = (fp_out){0};
    }
}

/* ---- the whole ---- */

static void check_whole(reader *r)
{
    const fp_trial *t = r->trial;
    const fp_str here = {r->line_start, 0};
    if (t->about.size == 0)
        error(r, here, "\"about\" is missing: one sentence on what is special here");
    if (t->reason.size == 0)
        error(r, here, "\"expect\" is missing");
    if (t->item_count + t->file_count + t->catalog_count == 0)
        error(r, here, "there is no evidence: registry, log, site-updates, file or catalog");
    if (t->reason.size > 0 &&
        (t->verdict == FP_UNDETERMINED) != (r->has_possible && t->missing.given))
        error(r, here, "\"possible\" and \"missing\" belong to undetermined, and it needs both");
    if (t->verdict != FP_UNDETERMINED && (r->has_possible || t->missing.given))
        error(r, here, "a definite verdict leaves nothing possible and nothing missing");
}

static fp_str next_line(fp_str *rest)
{
    size_t size = 0;
    while (size < rest->size && rest->data[size] != '\n')
        size++;
    const fp_str line = {rest->data, size};
    const size_t used = size < rest->size ? size + 1 : size;
    *rest = (fp_str){rest->data + used, rest->size - used};
    return line;
}

static void read_lines(reader *r, fp_span text)
{
    const bool marked = fp_span_starts(text, "\xEF\xBB\xBF", 3);
    fp_str rest = fp_str_from_span(text);
    if (marked)
        rest = fp_str_tail(rest, 3);
    while (rest.size > 0 && !r->no_memory && r->errors <= FP_FORM_ERRORS_MAX) {
        fp_str line = next_line(&rest);
        if (line.size > 0 && line.data[line.size - 1] == '\r')
            line.size--;
        r->line++;
        r->line_start = line.data;
        if (!is_plain(line))
            error(r, (fp_str){line.data, 0}, "is not UTF-8, or holds control characters");
        else if (line.size > 0)
            read_line(r, line);
    }
    end_block(r);
}

fp_status fp_trial_read(fp_span text, fp_arena *arena, fp_lint_fn *lint, void *context,
                        const fp_trial **out, fp_diag *d)
{
    if (text.size > FP_TRIAL_SIZE_MAX)
        return fp_fail(d, FP_LIMIT, "case", 0, "more than %d bytes", FP_TRIAL_SIZE_MAX);
    reader *r = fp_arena_alloc(arena, sizeof *r);
    fp_trial *trial = fp_arena_alloc(arena, sizeof *trial);
    if (r == NULL || trial == NULL)
        return fp_fail(d, FP_NOMEM, "case", 0, "out of memory");
    *r = (reader){.arena = arena, .lint = lint, .context = context, .d = d, .trial = trial};
    trial->since = FP_TIME_NONE;
    read_lines(r, text);
    if (!r->no_memory)
        check_whole(r);
    if (trial->verdict != FP_UNDETERMINED)
        trial->possible = fp_verdict_bit(trial->verdict);
    if (r->no_memory)
        return fp_fail(d, FP_NOMEM, "case", 0, "out of memory");
    if (r->errors > 0)
        return FP_FORMAT;
    *out = trial;
    return FP_OK;
}
