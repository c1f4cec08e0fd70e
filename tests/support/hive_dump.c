/* SPDX-License-Identifier: MIT */
#include "tests/support/hive_dump.h"

#include "inventory/base/out.h"
#include "inventory/registry/hive.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void add_line(fp_arena *arena, hive_lines *lines, const fp_out *text)
{
    fp_str *at = fp_arena_grow(arena, lines->at, lines->count, &lines->capacity, sizeof *at);
    const char *copy = fp_arena_string(arena, text->data, text->size);
    if (at == NULL || copy == NULL || text->failed)
        abort();
    lines->at = at;
    lines->at[lines->count++] = (fp_str){copy, text->size};
}

static int compare(fp_str a, fp_str b)
{
    const size_t size = a.size < b.size ? a.size : b.size;
    const int order = size == 0 ? 0 : memcmp(a.data, b.data, size);
    return order != 0 ? order : (a.size > b.size) - (a.size < b.size);
}

static int by_bytes(const void *a, const void *b)
{
    return compare(*(const fp_str *)a, *(const fp_str *)b);
}

static void sort(hive_lines *lines)
{
    if (lines->count > 0)
        qsort(lines->at, lines->count, sizeof *lines->at, by_bytes);
}

/* ---- our own ---- */

typedef struct dump {
    fp_arena *arena;
    const fp_hive *hive;
    hive_lines *lines;
    fp_str path[FP_REGISTRY_DEPTH_MAX + 1]; /* of the keys above, "" for the root */
    unsigned depth;
} dump;

static bool dump_key(void *context, const fp_hive_key *key, unsigned depth)
{
    dump *d = context;
    fp_str name;
    if (fp_hive_name(key->name, key->latin1, d->arena, &name) != FP_OK)
        abort();
    fp_out out = {.size = 0};
    if (depth > 0) {
        fp_out_str(&out, d->path[depth - 1]);
        fp_out_char(&out, '\\', 1);
        fp_out_str(&out, name);
    }
    const char *copy = fp_arena_string(d->arena, out.data, out.size);
    d->path[depth] = (fp_str){copy, out.size};
    d->depth = depth;
    fp_out_free(&out);

    fp_out line = {.size = 0};
    fp_out_printf(&line, "[");
    fp_out_str(&line, d->path[depth]);
    fp_out_text(&line, "]");
    add_line(d->arena, d->lines, &line);
    fp_out_free(&line);
    return true;
}

static void put_escaped(fp_out *out, fp_str name)
{
    for (size_t i = 0; i < name.size; i++) {
        if (name.data[i] == '"' || name.data[i] == '\\')
            fp_out_char(out, '\\', 1);
        fp_out_char(out, name.data[i], 1);
    }
}

static void put_data(fp_out *out, uint32_t type, fp_span data)
{
    if (type == FP_REG_DWORD && data.size == 4) {
        fp_out_printf(out, "dword:%08x", fp_load_u32le(data.data));
        return;
    }
    fp_out_printf(out, "hex(%x):", type);
    for (size_t i = 0; i < data.size; i++)
        fp_out_printf(out, i == 0 ? "%02x" : ",%02x", data.data[i]);
}

static bool dump_value(void *context, const fp_hive_key *key, const fp_hive_value *value)
{
    (void)key;
    dump *d = context;
    fp_str name;
    fp_span data;
    if (fp_hive_name(value->name, value->latin1, d->arena, &name) != FP_OK)
        abort();
    if (fp_hive_data(d->hive, value, d->arena, &data, NULL) != FP_OK)
        return true;
    fp_out line = {.size = 0};
    fp_out_text(&line, "[");
    fp_out_str(&line, d->path[d->depth]);
    fp_out_text(&line, name.size == 0 ? "] @=" : "] \"");
    if (name.size > 0) {
        put_escaped(&line, name);
        fp_out_text(&line, "\"=");
    }
    put_data(&line, value->type, data);
    add_line(d->arena, d->lines, &line);
    fp_out_free(&line);
    return true;
}

bool hive_dump_paged(fp_paged file, fp_arena *arena, hive_lines *out)
{
    fp_hive *hive = NULL;
    fp_reg_problems problems = {.tell = NULL};
    if (fp_hive_open_paged(file, arena, &problems, &hive, NULL) != FP_OK)
        return false;
    dump *d = fp_arena_alloc(arena, sizeof *d);
    if (d == NULL)
        abort();
    *d = (dump){.arena = arena, .hive = hive, .lines = out};
    const fp_hive_visitor visitor = {.context = d, .key = dump_key, .value = dump_value};
    bool whole = false;
    if (fp_hive_walk(hive, &visitor, &problems, &whole) != FP_OK)
        abort();
    sort(out);
    return true;
}

bool hive_dump_own(fp_span file, fp_arena *arena, hive_lines *out)
{
    return hive_dump_paged(fp_paged_of(file), arena, out);
}

/* ---- hivexregedit ---- */

static void take_line(fp_arena *arena, hive_lines *out, fp_out *key, fp_str line)
{
    fp_out text = {.size = 0};
    if (fp_str_starts(line, FP_STR("["))) {
        key->size = 0;
        const bool root = line.size > 2 && line.data[1] == '\\' && line.size == 3;
        fp_out_str(key, root ? FP_STR("[]") : line);
        fp_out_str(&text, (fp_str){key->data, key->size});
    } else if (line.size > 0 && key->size > 0) {
        fp_out_str(&text, (fp_str){key->data, key->size});
        fp_out_text(&text, " ");
        fp_out_str(&text, line);
    }
    if (text.size > 0)
        add_line(arena, out, &text);
    fp_out_free(&text);
}

bool hive_dump_has_hivex(void)
{
    return system("command -v hivexregedit >/dev/null 2>&1") == 0;
}

bool hive_dump_hivex(const char *path, fp_arena *arena, hive_lines *out)
{
    if (!hive_dump_has_hivex())
        return false;
    const char *command = fp_arena_printf(
        arena, "PERL_UNICODE=SD timeout 60 hivexregedit --export '%s' '\\' 2>/dev/null", path);
    FILE *pipe = popen(command, "r");
    if (pipe == NULL)
        return false;
    char *line = NULL;
    size_t capacity = 0;
    ssize_t size;
    fp_out key = {.size = 0};
    bool header = true;
    while ((size = getline(&line, &capacity, pipe)) > 0) {
        const fp_str text = {line, (size_t)size - (line[size - 1] == '\n' ? 1 : 0)};
        if (!header)
            take_line(arena, out, &key, text);
        header = false;
    }
    fp_out_free(&key);
    free(line);
    (void)pclose(pipe);
    sort(out);
    return true;
}

static void show_line(const char *whose, fp_str line)
{
    (void)printf("%s: %.*s\n", whose, FP_STR_ARG(line));
}

void hive_dump_compare(const hive_lines *own, const hive_lines *other, size_t *only_own,
                       size_t *only_other)
{
    size_t i = 0;
    size_t j = 0;
    const bool show = getenv("FIXPROOF_SHOW_DIFFERENCES") != NULL;
    *only_own = 0;
    *only_other = 0;
    while (i < own->count || j < other->count) {
        const int order = i == own->count     ? 1
                          : j == other->count ? -1
                                              : compare(own->at[i], other->at[j]);
        *only_own += order < 0;
        *only_other += order > 0;
        if (show && order != 0)
            show_line(order < 0 ? "ours" : "theirs", order < 0 ? own->at[i] : other->at[j]);
        i += order <= 0;
        j += order >= 0;
    }
}
