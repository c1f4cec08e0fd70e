/* SPDX-License-Identifier: MIT */
/* One line as a record. The framing of a site record is read from the right, because a message may
 * hold every character of it. */
#include "detect/line.h"

#include <string.h>

enum {
    STAMP_TEXT_MAX = 128, /* a zone's name may be long */
    COMPONENT_MAX = 128
};

static fp_str first_of(fp_str s, size_t size)
{
    return (fp_str){s.data, size};
}

static char last_of(fp_str s)
{
    return s.size == 0 ? '\0' : s.data[s.size - 1];
}

/* Without blanks, tabs and CRs at the end. */
static fp_str trim_end(fp_str s)
{
    while (s.size > 0 && (last_of(s) == ' ' || last_of(s) == '\t' || last_of(s) == '\r'))
        s.size--;
    return s;
}

/* '~' is a line-break mark; inside a message it stays. */
static fp_str trim_message(fp_str s)
{
    while (s.size > 0 && (last_of(s) == ' ' || last_of(s) == '\t' || last_of(s) == '~'))
        s.size--;
    return s;
}

/* Takes "<inside>" off the right end of *rest. */
static bool cut_bracket(fp_str *rest, size_t limit, fp_str *inside)
{
    if (last_of(*rest) != '>')
        return false;
    const size_t window = rest->size - 1 < limit ? rest->size - 1 : limit;
    const char *start = rest->data + (rest->size - 1 - window);
    const char *open = window == 0 ? NULL : memrchr(start, '<', window);
    if (open == NULL)
        return false;
    const size_t at = (size_t)(open - rest->data);
    const fp_str found = {open + 1, rest->size - 2 - at};
    *inside = found;
    *rest = first_of(*rest, at);
    return true;
}

/* One to eight hexadecimal digits and nothing else. */
static bool parse_hex(fp_str s, uint32_t *out)
{
    if (s.size == 0 || s.size > 8)
        return false;
    uint32_t n = 0;
    for (size_t i = 0; i < s.size; i++) {
        const int digit = fp_ascii_hex(s.data[i]);
        if (digit < 0)
            return false;
        n = n << 4 | (uint32_t)digit;
    }
    *out = n;
    return true;
}

static bool parse_u32(fp_str s, uint32_t *out)
{
    uint64_t n;
    if (!fp_str_to_u64(s, &n) || n > UINT32_MAX)
        return false;
    *out = (uint32_t)n;
    return true;
}

/* "4844 (0x12EC)", "4844", or of old "DB". *agrees: both numbers are the same. */
static bool parse_thread(fp_str text, uint32_t *thread, bool *agrees)
{
    *agrees = true;
    const char *blank = text.size == 0 ? NULL : memchr(text.data, ' ', text.size);
    if (blank == NULL)
        return parse_u32(text, thread) || parse_hex(text, thread);

    const size_t digits = (size_t)(blank - text.data);
    fp_str hex = fp_str_tail(text, digits + 1);
    if (!parse_u32(first_of(text, digits), thread) || !fp_str_istarts(hex, FP_STR("(0x")) ||
        last_of(hex) != ')')
        return false;
    hex = fp_str_tail(first_of(hex, hex.size - 1), 3);
    uint32_t same;
    if (!parse_hex(hex, &same))
        return false;
    *agrees = same == *thread;
    return true;
}

/* parse_thread, for the text that most lines of a log share. */
static bool parse_thread_cached(fp_str text, fp_line_cache *cache, uint32_t *thread, bool *agrees)
{
    const bool known = cache->thread_size > 0 && text.size == cache->thread_size &&
                       memcmp(text.data, cache->thread_text, text.size) == 0;
    if (!known) {
        if (!parse_thread(text, &cache->thread, &cache->thread_agrees)) {
            cache->thread_size = 0;
            return false;
        }
        memcpy(cache->thread_text, text.data, text.size);
        cache->thread_size = text.size;
    }
    *thread = cache->thread;
    *agrees = cache->thread_agrees;
    return true;
}

/* "<thread=4844 (0x12EC)>" */
static bool cut_thread(fp_str *rest, fp_line_cache *cache, uint32_t *thread, bool *agrees)
{
    fp_str inside;
    fp_str shorter = *rest;
    if (!cut_bracket(&shorter, FP_THREAD_TEXT_MAX, &inside) ||
        !fp_str_starts(inside, FP_STR("thread=")) ||
        !parse_thread_cached(fp_str_tail(inside, sizeof "thread=" - 1), cache, thread, agrees))
        return false;
    *rest = shorter;
    return true;
}

/* "$$<COMPONENT>" */
static bool cut_component(fp_str *rest, fp_str *component)
{
    fp_str shorter = *rest;
    if (!cut_bracket(&shorter, COMPONENT_MAX, component) || shorter.size < 2 ||
        memcmp(shorter.data + shorter.size - 2, "$$", 2) != 0 ||
        memchr(component->data, '>', component->size) != NULL)
        return false;
    *rest = first_of(shorter, shorter.size - 2);
    return true;
}

/* message $$<COMPONENT><stamp><thread=...>: the shape decides the framing, the stamp only the time.
 */
static bool parse_site(fp_str line, fp_line_cache *cache, fp_log_record *out)
{
    fp_str rest = line;
    fp_str component, text;
    uint32_t thread;
    bool agrees;
    if (!cut_thread(&rest, cache, &thread, &agrees) || !cut_bracket(&rest, STAMP_TEXT_MAX, &text) ||
        !cut_component(&rest, &component))
        return false;

    fp_stamp stamp = fp_stamp_site(text, &cache->stamps);
    out->framing = FP_LOG_SITE;
    if (stamp.local == FP_TIME_NONE) {
        const fp_stamp old = fp_stamp_asctime(text);
        if (old.local != FP_TIME_NONE) {
            out->framing = FP_LOG_OLD;
            stamp = old;
        }
    }
    out->message = trim_message(rest);
    out->component = component;
    out->thread = thread;
    out->time = stamp.utc;
    out->local = stamp.local;
    out->stamp_bad = stamp.bad || !agrees;
    return true;
}

/* message <Fri Mar 26 10:43:41.547 1999 Eastern Standard Time>, with or without <thread=...> behind
 * it. */
static bool parse_old(fp_str line, fp_line_cache *cache, fp_log_record *out)
{
    fp_str rest = line;
    fp_str text;
    uint32_t thread = 0;
    bool agrees = true;
    (void)cut_thread(&rest, cache, &thread, &agrees);
    if (!cut_bracket(&rest, STAMP_TEXT_MAX, &text))
        return false;
    const fp_stamp stamp = fp_stamp_asctime(text);
    if (stamp.local == FP_TIME_NONE)
        return false;

    (void)cut_component(&rest, &out->component);
    out->framing = FP_LOG_OLD;
    out->message = trim_message(rest);
    out->thread = thread;
    out->local = stamp.local;
    out->stamp_bad = stamp.bad || !agrees;
    return true;
}

/* The last TAB-separated column of *rest. */
static bool cut_column(fp_str *rest, fp_str *column)
{
    const char *tab = rest->size == 0 ? NULL : memrchr(rest->data, '\t', rest->size);
    if (tab == NULL)
        return false;
    const size_t at = (size_t)(tab - rest->data);
    *column = fp_str_tail(*rest, at + 1);
    *rest = first_of(*rest, at);
    return true;
}

/* message TAB component TAB date time TAB thread, as a viewer copies a row. Its date has the
 * viewer's local form and no bias: it is not read. */
static void strip_columns(fp_log_record *out)
{
    fp_str rest = out->message;
    fp_str thread_text, date, component;
    uint32_t thread;
    bool agrees;
    if (!cut_column(&rest, &thread_text) || !parse_thread(thread_text, &thread, &agrees) ||
        !cut_column(&rest, &date) || date.size == 0 || fp_ascii_hex(date.data[0]) < 0 ||
        !cut_column(&rest, &component) || component.size == 0 || component.size > COMPONENT_MAX ||
        memchr(component.data, ' ', component.size) != NULL)
        return;
    out->message = trim_message(rest);
    out->component = component;
    out->thread = thread;
    out->stamp_bad = !agrees;
}

/* Without "- " or "* " before it and a stray "-" behind it, as lists and pages leave them. */
static fp_str strip_list_mark(fp_str s)
{
    while (s.size > 0 && (s.data[0] == ' ' || s.data[0] == '\t'))
        s = fp_str_tail(s, 1);
    if (fp_str_starts(s, FP_STR("- ")) || fp_str_starts(s, FP_STR("* ")))
        s = fp_str_tail(s, 2);
    s = trim_message(s);
    if (s.size > 1 && last_of(s) == '-')
        s = trim_message(first_of(s, s.size - 1));
    return s;
}

static bool is_rotation_mark(fp_str line)
{
    return fp_str_eq(line, FP_STR("<MAXIMUM LOG FILE SIZE REACHED - FILE RENAMED>"));
}

void fp_line_parse(fp_str line, fp_line_cache *cache, fp_log_record *out)
{
    *out = (fp_log_record){.time = FP_TIME_NONE, .local = FP_TIME_NONE, .raw = line};
    const fp_str text = trim_end(line);
    if (last_of(text) == '>') {
        if (parse_site(text, cache, out))
            return;
        if (is_rotation_mark(fp_str_trim(text))) {
            out->framing = FP_LOG_ROTATED;
            out->message = text;
            return;
        }
        if (parse_old(text, cache, out))
            return;
    }
    out->message = strip_list_mark(text);
    strip_columns(out);
}

void fp_log_parse_line(fp_str line, fp_log_record *out)
{
    fp_line_cache cache = {.thread_size = 0};
    fp_line_parse(line, &cache, out);
}

bool fp_line_is_site(fp_str line)
{
    fp_log_record record;
    fp_log_parse_line(line, &record);
    return record.framing == FP_LOG_SITE || record.framing == FP_LOG_OLD;
}

/* ---- the client's framing ---- */

/* The next name="value" of *rest. */
static bool take_attribute(fp_str *rest, fp_str *name, fp_str *value)
{
    while (rest->size > 0 && rest->data[0] == ' ')
        *rest = fp_str_tail(*rest, 1);
    const char *equals = rest->size == 0 ? NULL : memchr(rest->data, '=', rest->size);
    if (equals == NULL)
        return false;
    const size_t name_size = (size_t)(equals - rest->data);
    const fp_str behind = fp_str_tail(*rest, name_size + 1);
    if (behind.size == 0 || behind.data[0] != '"')
        return false;
    const char *close = memchr(behind.data + 1, '"', behind.size - 1);
    if (close == NULL)
        return false;
    const size_t value_size = (size_t)(close - behind.data) - 1;
    *name = first_of(*rest, name_size);
    *value = first_of(fp_str_tail(behind, 1), value_size);
    *rest = fp_str_tail(behind, value_size + 2);
    return true;
}

static void keep_attribute(fp_log_record *out, fp_str name, fp_str value, fp_str *date)
{
    uint32_t number;
    if (fp_str_eq(name, FP_STR("date")))
        *date = value;
    else if (fp_str_eq(name, FP_STR("component")))
        out->component = value;
    else if (fp_str_eq(name, FP_STR("type")) && parse_u32(value, &number))
        out->type = number;
    else if (fp_str_eq(name, FP_STR("thread")) && parse_u32(value, &number))
        out->thread = number;
}

/* time="..." date="..." component="..." ... >: *rest is left behind the '>'. */
static bool parse_attributes(fp_str *rest, fp_log_record *out)
{
    enum { ATTRIBUTES_MAX = 32 };
    fp_str name, value;
    fp_str time = {NULL, 0};
    fp_str date = {NULL, 0};
    for (int i = 0; i < ATTRIBUTES_MAX && rest->size > 0 && rest->data[0] != '>'; i++) {
        if (!take_attribute(rest, &name, &value))
            return false;
        if (fp_str_eq(name, FP_STR("time")))
            time = value;
        keep_attribute(out, name, value, &date);
    }
    if (rest->size == 0 || rest->data[0] != '>')
        return false;
    *rest = fp_str_tail(*rest, 1);
    const fp_stamp stamp = fp_stamp_client(time, date);
    out->time = stamp.utc;
    out->local = stamp.local;
    out->stamp_bad = stamp.bad;
    return true;
}

size_t fp_line_parse_client(fp_str text, size_t end_mark, fp_log_record *out)
{
    const size_t open = sizeof FP_CLIENT_OPEN - 1;
    *out = (fp_log_record){
        .framing = FP_LOG_CLIENT, .time = FP_TIME_NONE, .local = FP_TIME_NONE, .raw = text};
    out->message = trim_message(fp_str_tail(first_of(text, end_mark), open));

    fp_str rest = fp_str_tail(text, end_mark + sizeof FP_CLIENT_CLOSE - 1 - (sizeof "time=\"" - 1));
    if (!parse_attributes(&rest, out)) {
        out->stamp_bad = true;
        return text.size;
    }
    out->raw = first_of(text, text.size - rest.size);
    return out->raw.size;
}
