/* SPDX-License-Identifier: MIT */
#include "inventory/registry/reg_export.h"

#include "inventory/registry/reg_text.h"

#include <string.h>

typedef struct reader {
    fp_arena *arena;
    fp_reg_tree *tree;
    fp_reg_problems *problems;
    fp_text_format format;
    const char *code_page; /* of string bytes in hex data; NULL: not known */
    bool wide_hex;         /* string bytes in hex data are UTF-16LE, not the code page's */
    bool lossy;            /* some characters could not be decoded */

    fp_str rest;   /* lines still to be read */
    uint64_t line; /* number of the current one */
    bool ended;    /* the current line has its line end */

    fp_reg_key *key; /* where values go; NULL: nowhere */
    fp_reg_hex hex;
    bool sound;
    uint64_t bad_lines;
    bool stopped; /* nothing from here on can be believed */
    bool nomem;
} reader;

#define REPLACEMENT "\xEF\xBF\xBD" /* U+FFFD, the decoder's mark for what it could not read */

static void incomplete(reader *r, const char *why)
{
    r->sound = false;
    fp_reg_problem(r->problems, r->line, "%s", why);
}

/* A line that no exporter writes. */
static void unsound(reader *r, const char *why)
{
    r->bad_lines++;
    incomplete(r, why);
}

static void stop(reader *r, const char *why)
{
    r->stopped = true;
    unsound(r, why);
}

/* Answers for the outcomes that every lexer call shares; true when the line can be read on. */
static bool went_well(reader *r, fp_reg_lex lex, const char *fault)
{
    switch (lex) {
    case FP_REG_LEX_OK:
        return true;
    case FP_REG_LEX_OPEN:
        stop(r, "a string that is not closed on its line: nothing from here on is believed");
        return false;
    case FP_REG_LEX_NOMEM:
        r->nomem = true;
        return false;
    case FP_REG_LEX_BAD:
    case FP_REG_LEX_MORE:
        break;
    }
    unsound(r, fault);
    return false;
}

static bool next_line(reader *r, fp_str *line)
{
    if (r->rest.size == 0)
        return false;
    const char *end = memchr(r->rest.data, '\n', r->rest.size);
    r->ended = end != NULL;
    size_t size = end != NULL ? (size_t)(end - r->rest.data) : r->rest.size;
    *line = (fp_str){r->rest.data, size};
    if (r->ended)
        size++;
    r->rest = fp_str_tail(r->rest, size);
    r->line++;
    if (r->ended && line->size > 0 && line->data[line->size - 1] == '\r')
        line->size--;
    return true;
}

static bool holds(fp_str line, char c)
{
    return line.size > 0 && memchr(line.data, c, line.size) != NULL;
}

/* ---- values ---------------------------------------------------------------------------------- */

static void store(reader *r, fp_reg_entry *entry)
{
    if (r->key == NULL) { /* after an invalid or deleted key, which was told */
        if (r->sound)
            unsound(r, "a value that belongs to no key");
        return;
    }
    if (fp_reg_utf16_units(entry->node.name) > FP_REGISTRY_VALUE_NAME_MAX) {
        unsound(r, "a value name of more than 16383 characters");
        return;
    }
    entry->suspect = entry->suspect || !r->ended;

    fp_reg_entry old;
    if (fp_reg_tree_set(r->tree, r->key, entry, &old) != FP_OK) {
        r->nomem = true;
        return;
    }
    if (old.deleted || entry->deleted)
        return;
    const bool same =
        old.type == entry->type && old.data.size == entry->data.size &&
        (old.data.size == 0 || memcmp(old.data.data, entry->data.data, old.data.size) == 0);
    if (same)
        return;
    fp_reg_entry *now = fp_reg_tree_value(r->key, entry->node.name);
    if (now != NULL)
        now->suspect = true;
    fp_reg_problem(r->problems, r->line, "a value that line %llu gives otherwise",
                   (unsigned long long)old.line);
}

static void string_value(reader *r, fp_str rest, fp_reg_entry *entry)
{
    fp_str text;
    bool odd = false;
    if (!went_well(r, fp_reg_lex_string(&rest, r->arena, &text, &odd), "a string with \\0 in it"))
        return;
    if (!fp_reg_lex_at_end(rest)) {
        unsound(r, "text after a string value");
        return;
    }
    if (fp_reg_utf16(text, true, r->arena, &entry->data) != FP_OK) {
        r->nomem = true;
        return;
    }
    entry->type = FP_REG_SZ;
    entry->suspect =
        entry->suspect || odd || (r->lossy && fp_str_find(text, FP_STR(REPLACEMENT)) >= 0);
    store(r, entry);
}

static void dword_value(reader *r, fp_str rest, fp_reg_entry *entry)
{
    uint32_t number = 0;
    if (fp_reg_lex_hex32(&rest, &number) != FP_REG_LEX_OK || !fp_reg_lex_at_end(rest)) {
        unsound(r, "a dword that is not 1 to 8 hexadecimal digits");
        return;
    }
    const uint8_t bytes[4] = {(uint8_t)number, (uint8_t)(number >> 8), (uint8_t)(number >> 16),
                              (uint8_t)(number >> 24)};
    const void *data = fp_arena_copy(r->arena, bytes, sizeof bytes);
    if (data == NULL) {
        r->nomem = true;
        return;
    }
    entry->type = FP_REG_DWORD;
    entry->data = fp_span_of(data, sizeof bytes);
    store(r, entry);
}

/*
 * Is text in hex data UTF-16LE? Pairs with a zero high byte only, more than a terminator, say yes;
 * a zero nowhere but at the end, or an odd size, says no; else what the file's form makes likely.
 */
static bool hex_text_is_wide(const uint8_t *bytes, size_t size, bool likely)
{
    if (size % 2 != 0)
        return false;
    size_t high_zeros = 0;
    size_t zeros = 0;
    for (size_t i = 0; i < size; i += 2) {
        zeros += bytes[i] == 0;
        zeros += bytes[i + 1] == 0;
        high_zeros += bytes[i] != 0 && bytes[i + 1] == 0;
    }
    if (high_zeros * 2 > size / 2 && high_zeros > 1)
        return true;
    if (size > 2 && (zeros == 0 || (zeros == 1 && bytes[size - 1] == 0)))
        return false;
    return likely;
}

static bool is_text(uint32_t type)
{
    return type == FP_REG_SZ || type == FP_REG_EXPAND_SZ || type == FP_REG_MULTI_SZ;
}

/* String bytes of a single-byte file become UTF-16LE. */
static fp_status widen(reader *r, fp_reg_entry *entry)
{
    if (!is_text(entry->type) || r->format.encoding == FP_ENCODING_UTF16LE)
        return FP_OK;
    const bool wide = hex_text_is_wide(entry->data.data, entry->data.size, r->wide_hex);
    if (wide != r->wide_hex && entry->data.size > 0) {
        entry->suspect = true;
        fp_reg_problem(r->problems, entry->line, "string bytes %s",
                       wide ? "in UTF-16 where the form has a code page"
                            : "that are not UTF-16 where the form has it");
    }
    if (wide)
        return FP_OK;

    /* The file's own text may be all ASCII: that says nothing of these bytes. */
    const fp_text_format format = {.encoding = r->code_page != NULL ? FP_ENCODING_CODE_PAGE
                                                                    : FP_ENCODING_UNKNOWN,
                                   .code_page = r->code_page};
    fp_str text;
    fp_text_counts counts;
    fp_status status = fp_text_decode(format, entry->data, r->arena, &text, &counts, NULL);
    if (status != FP_OK)
        return status;
    entry->suspect = entry->suspect || counts.bad > 0;
    return fp_reg_utf16(text, false, r->arena, &entry->data);
}

/* Reads on behind a "\": blank and ";" lines do not count, a new key or value ends the unfinished
 * one. */
static fp_reg_lex hex_continued(reader *r)
{
    fp_str line;
    fp_reg_lex lex = FP_REG_LEX_MORE;
    while (lex == FP_REG_LEX_MORE) {
        const fp_str before = r->rest;
        if (!next_line(r, &line))
            return FP_REG_LEX_BAD; /* cut */
        if (holds(line, '\0') || holds(line, '\r'))
            return FP_REG_LEX_BAD;
        if (fp_reg_lex_at_end(line))
            continue;

        fp_str start = line;
        fp_reg_lex_blanks(&start);
        const char first = start.data[0];
        const bool new_item = first == '[' || first == '"' || first == '@';
        if (new_item && !r->hex.after_comma) { /* this line is read as what it is */
            r->rest = before;
            r->line--;
            return FP_REG_LEX_BAD;
        }
        if (new_item) { /* swallowed; a key's values then belong to no key */
            r->key = first == '[' ? NULL : r->key;
            return FP_REG_LEX_BAD;
        }
        lex = fp_reg_lex_hex(line, &r->hex);
    }
    return lex;
}

static void hex_value(reader *r, fp_str rest, uint32_t type, fp_reg_entry *entry)
{
    r->hex.count = 0;
    fp_reg_lex lex = fp_reg_lex_hex(rest, &r->hex);
    if (lex == FP_REG_LEX_MORE)
        lex = hex_continued(r);
    if (!went_well(r, lex, "hex data that are not bytes, or break off"))
        return;

    entry->type = type;
    const void *data = fp_arena_copy(r->arena, r->hex.bytes, r->hex.count);
    if (data == NULL) {
        r->nomem = true;
        return;
    }
    entry->data = fp_span_of(data, r->hex.count);
    if (widen(r, entry) == FP_OK)
        store(r, entry);
    else
        r->nomem = true;
}

static void typed_hex_value(reader *r, fp_str rest, fp_reg_entry *entry)
{
    uint32_t type = 0;
    if (fp_reg_lex_hex32(&rest, &type) != FP_REG_LEX_OK ||
        !fp_reg_lex_literal(&rest, FP_STR("):"))) {
        unsound(r, "a type that is not hex(1 to 8 hexadecimal digits)");
        return;
    }
    hex_value(r, rest, type, entry);
}

static void data_of_value(reader *r, fp_str rest, fp_reg_entry *entry)
{
    if (fp_str_starts(rest, FP_STR("\""))) {
        string_value(r, rest, entry);
    } else if (fp_reg_lex_literal(&rest, FP_STR("dword:"))) {
        dword_value(r, rest, entry);
    } else if (fp_reg_lex_literal(&rest, FP_STR("hex:"))) {
        hex_value(r, rest, FP_REG_BINARY, entry);
    } else if (fp_reg_lex_literal(&rest, FP_STR("hex("))) {
        typed_hex_value(r, rest, entry);
    } else if (fp_reg_lex_literal(&rest, FP_STR("-")) && fp_reg_lex_at_end(rest)) {
        unsound(r, "a value is deleted: this is a script, not an export");
        entry->deleted = true;
        store(r, entry);
    } else {
        unsound(r, "a value without data that could be read");
    }
}

static void value_line(reader *r, fp_str rest)
{
    fp_reg_entry entry = {.line = r->line};
    if (!fp_reg_lex_literal(&rest, FP_STR("@")) &&
        !went_well(r, fp_reg_lex_string(&rest, r->arena, &entry.node.name, &entry.suspect),
                   "a value name with \\0 in it"))
        return;
    fp_reg_lex_blanks(&rest);
    if (!fp_reg_lex_literal(&rest, FP_STR("="))) {
        unsound(r, "a value name without \"=\"");
        return;
    }
    fp_reg_lex_blanks(&rest);
    data_of_value(r, rest, &entry);
}

/* ---- keys ------------------------------------------------------------------------------------ */

/* The last "]" on the line closes: names may hold one. */
static bool between_brackets(fp_str rest, fp_str *path)
{
    const char *close = memrchr(rest.data, ']', rest.size);
    if (close == NULL)
        return false;
    *path = (fp_str){rest.data + 1, (size_t)(close - rest.data) - 1};
    return true;
}

static void key_line(reader *r, fp_str rest)
{
    r->key = NULL;
    fp_str path;
    if (!between_brackets(rest, &path)) {
        stop(r, "a key that is not closed on its line: nothing from here on is believed");
        return;
    }
    const bool deleted = fp_reg_lex_literal(&path, FP_STR("-"));
    const char *fault = fp_reg_path_fault(path);
    if (fault != NULL) {
        unsound(r, fault);
        return;
    }
    if (!r->ended) /* a name may hold "]" and go on behind it */
        return;
    if (deleted) {
        unsound(r, "a key is deleted: this is a script, not an export");
        fp_reg_tree_delete(r->tree, path);
        return;
    }
    if (fp_reg_tree_list(r->tree, path, r->line, &r->key) != FP_OK)
        r->nomem = true;
}

/* ---- lines ----------------------------------------------------------------------------------- */

static void body_line(reader *r, fp_str line)
{
    fp_reg_lex_blanks(&line);
    if (line.size == 0 || line.data[0] == ';' || line.data[0] == '#')
        return;
    if (holds(line, '\r')) {
        stop(r, "a carriage return inside a line: nothing from here on is believed");
        return;
    }
    const bool is_key = line.data[0] == '[';
    if (holds(line, '\0')) {
        r->key = is_key ? NULL : r->key;
        unsound(r, "a NUL character");
        return;
    }
    if (is_key)
        key_line(r, line);
    else if (line.data[0] == '"' || line.data[0] == '@')
        value_line(r, line);
    else
        unsound(r, "a line that is no key, no value and no comment");
}

/* Exporters write an empty line after each key, the last one too. */
static bool ends_with_empty_line(fp_str text)
{
    if (text.size == 0 || text.data[text.size - 1] != '\n')
        return false;
    text.size--;
    if (text.size > 0 && text.data[text.size - 1] == '\r')
        text.size--;
    return text.size > 0 && text.data[text.size - 1] == '\n';
}

static void read_body(reader *r)
{
    const bool whole = ends_with_empty_line(r->rest);
    fp_str line;
    while (!r->stopped && !r->nomem && next_line(r, &line))
        body_line(r, line);
    if (r->stopped || r->nomem)
        return;

    if (!whole)
        incomplete(r, r->ended ? "no empty line at the end: the export may be cut off"
                               : "the last line has no end: the export may be cut off");
    const fp_reg_key *gap = fp_reg_tree_finish(r->tree);
    if (gap != NULL && r->sound) {
        r->line = gap->line;
        incomplete(r, "a key whose parent has no line: a piece of the export is missing");
    }
}

/* ---- the file -------------------------------------------------------------------------------- */

typedef enum header { HEADER_OTHER = 0, HEADER_4, HEADER_5 } header;

/* Case counts, blanks may precede, nothing may follow. "REGEDIT" alone is the form of Windows 3.1.
 */
static header header_of(fp_str line)
{
    fp_reg_lex_blanks(&line);
    if (fp_str_eq(line, FP_STR("REGEDIT4")))
        return HEADER_4;
    if (fp_str_eq(line, FP_STR("Windows Registry Editor Version 5.00")))
        return HEADER_5;
    return HEADER_OTHER;
}

/* NULL, or why the bytes cannot be an export that Windows would read. */
static const char *choose_format(fp_span content, const char *code_page, fp_text_format *format)
{
    *format = fp_text_sniff(content);
    switch (format->encoding) {
    case FP_ENCODING_UTF16LE:
        return format->bom_size > 0 ? NULL : "UTF-16 without its byte-order mark";
    case FP_ENCODING_UTF16BE:
        return "UTF-16 with the high byte first";
    case FP_ENCODING_UTF8:
    case FP_ENCODING_CODE_PAGE:
        return NULL;
    case FP_ENCODING_UNKNOWN:
        break;
    }
    if (code_page != NULL)
        *format = (fp_text_format){.encoding = FP_ENCODING_CODE_PAGE, .code_page = code_page};
    return NULL;
}

/* NULL when this machine cannot decode it. */
static const char *known_code_page(reader *r, const char *name)
{
    const fp_text_format format = {.encoding = FP_ENCODING_CODE_PAGE, .code_page = name};
    fp_text_decoder *decoder = NULL;
    if (name == NULL)
        return NULL;
    const fp_status status = fp_text_decoder_new(format, &decoder, NULL);
    fp_text_decoder_free(decoder);
    if (status == FP_OK)
        return name;
    fp_reg_problem(r->problems, 1, "the code page %s is not known", name);
    return NULL;
}

static uint64_t line_of_first_loss(fp_str text)
{
    const ptrdiff_t at = fp_str_find(text, FP_STR(REPLACEMENT));
    uint64_t line = 1;
    for (ptrdiff_t i = 0; i < at; i++)
        line += text.data[i] == '\n';
    return line;
}

static fp_status decode(reader *r, fp_span content)
{
    fp_text_counts counts = {0, 0};
    const fp_status status = fp_text_decode(r->format, content, r->arena, &r->rest, &counts, NULL);
    if (status != FP_OK || counts.bad == 0)
        return status;

    r->lossy = true;
    const bool code_page_unknown = r->format.encoding == FP_ENCODING_UNKNOWN;
    r->sound = r->sound && code_page_unknown; /* else the bytes are damaged */
    fp_reg_problem(r->problems, line_of_first_loss(r->rest), "%llu character%s could not be read%s",
                   (unsigned long long)counts.bad, fp_plural(counts.bad),
                   code_page_unknown ? ": the file's code page is not known" : "");
    return FP_OK;
}

static fp_status read_text(reader *r, fp_span content, fp_registry_soundness *soundness)
{
    const fp_status status = decode(r, content);
    if (status != FP_OK)
        return status;

    fp_str line = {NULL, 0};
    const bool any = next_line(r, &line);
    const header found = any ? header_of(line) : HEADER_OTHER;
    if (found == HEADER_OTHER) {
        fp_reg_problem(r->problems, 1,
                       "the first line is no header of an export that is read here");
        return FP_OK;
    }
    r->wide_hex = found == HEADER_5 || r->format.encoding == FP_ENCODING_UTF16LE;
    read_body(r);
    if (r->nomem)
        return FP_NOMEM;
    (void)fp_reg_tree_finish(r->tree);
    *soundness = r->sound ? FP_REG_SOUND : FP_REG_PARTLY;
    return FP_OK;
}

fp_status fp_reg_export_read(fp_span content, const char *code_page, fp_arena *arena,
                             fp_reg_problems *problems, fp_reg_export **out)
{
    fp_reg_export *made = fp_arena_alloc(arena, sizeof *made);
    if (made == NULL || fp_reg_tree_new(arena, &made->tree) != FP_OK)
        return FP_NOMEM;
    *out = made;

    reader r = {.arena = arena, .tree = made->tree, .problems = problems, .sound = true};
    r.hex.arena = arena;
    r.code_page = known_code_page(&r, code_page);
    const char *fault = content.size > FP_REG_EXPORT_MAX
                            ? "an export of more than 512 MiB"
                            : choose_format(content, r.code_page, &r.format);
    if (fault != NULL) {
        fp_reg_problem(problems, 1, "%s", fault);
        return FP_OK;
    }
    const fp_status status = read_text(&r, content, &made->soundness);
    made->lossy = r.lossy;
    made->bad_lines = r.bad_lines;
    return status;
}
