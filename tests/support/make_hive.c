/* SPDX-License-Identifier: MIT */
/*
 * Writes a registry hive from a readable description:
 *
 *     make_hive IN.reg OUT [ROOT] [--dirty] [--list=lh|lf|li|ri]
 *
 * IN.reg has the grammar of a registry export; only keys below ROOT (HKEY_LOCAL_MACHINE\SOFTWARE
 * when not given) go into the hive, relative to it, and ROOT's last name goes into the base block.
 * A line
 * ";@written 2008-06-20T10:00:00Z" right after a key's line sets that key's last-written time.
 */
#include "tests/support/hive_builder.h"

#include "inventory/registry/reg_export.h"

#include <stdio.h>
#include <string.h>

enum { INPUT_MAX = 64 * 1024 * 1024 };

typedef struct job {
    const char *input;
    const char *output;
    fp_str root;
    hive_builder_options options;
    fp_arena *arena;
    fp_reg_export *description;
    hive_builder *builder;
    hive_builder_key *key; /* whose values are being copied */
} job;

static void complain(void *context, const fp_registry_problem *problem)
{
    const job *j = context;
    (void)fprintf(stderr, "make_hive: %s:%llu: %s\n", j->input, (unsigned long long)problem->where,
                  problem->message);
}

static bool read_file(job *j, fp_span *out)
{
    FILE *file = fopen(j->input, "rb");
    if (file == NULL) {
        perror(j->input);
        return false;
    }
    size_t size = 0;
    size_t capacity = 64 * 1024;
    uint8_t *data = fp_arena_alloc(j->arena, capacity);
    while (data != NULL && !feof(file) && !ferror(file)) {
        size += fread(data + size, 1, capacity - size, file);
        if (size < capacity || capacity >= INPUT_MAX)
            break;
        uint8_t *grown = fp_arena_alloc(j->arena, capacity * 2);
        if (grown != NULL)
            memcpy(grown, data, size);
        data = grown;
        capacity *= 2;
    }
    const bool good = data != NULL && ferror(file) == 0 && size < INPUT_MAX;
    (void)fclose(file);
    *out = fp_span_of(data, size);
    return good;
}

/* ---- from the description to the builder ----------------------------------------------------- */

/* Takes the root off the front; false: the key is not below it. */
static bool relative(const job *j, fp_str path, fp_str *out)
{
    if (!fp_str_istarts(path, j->root))
        return false;
    const fp_str rest = {path.data + j->root.size, path.size - j->root.size};
    if (rest.size > 0 && rest.data[0] != '\\')
        return false;
    *out = rest.size > 0 ? (fp_str){rest.data + 1, rest.size - 1} : rest;
    return true;
}

static bool copy_value(void *context, fp_name_node *node)
{
    job *j = context;
    const fp_reg_entry *entry = (const fp_reg_entry *)node;
    return entry->deleted ||
           hive_builder_value_add(j->builder, j->key, node->name, entry->type, entry->data);
}

static hive_builder_key *key_below(job *j, hive_builder_key *parent, const fp_reg_key *key)
{
    const fp_str path = fp_reg_tree_path(j->description->tree, key);
    fp_str below;
    if (parent != NULL)
        return hive_builder_add(j->builder, parent, key->node.name);
    if (relative(j, path, &below) && below.size == 0)
        return hive_builder_root(j->builder);
    return NULL; /* above the root, or beside it */
}

typedef struct level {
    job *job;
    hive_builder_key *parent; /* NULL: not yet at the root */
} level;

static bool copy_key(void *context, fp_name_node *node)
{
    const level *l = context;
    const fp_reg_key *key = (const fp_reg_key *)node;
    if (key->deleted)
        return true;
    level below = {.job = l->job, .parent = key_below(l->job, l->parent, key)};
    if (below.parent == NULL && l->parent != NULL)
        return false;
    if (below.parent != NULL) {
        l->job->key = below.parent;
        if (!fp_name_tree_each(&key->values, copy_value, l->job))
            return false;
    }
    return fp_name_tree_each(&key->children, copy_key, &below);
}

/* ---- ";@written" ----------------------------------------------------------------------------- */

static bool set_written(job *j, fp_str key_line, fp_str time_text)
{
    fp_time written;
    fp_str below;
    const fp_str path = {key_line.data + 1, key_line.size - 2};
    if (!fp_time_parse(time_text, &written)) {
        (void)fprintf(stderr, "make_hive: %s: not a time: %.*s\n", j->input, FP_STR_ARG(time_text));
        return false;
    }
    if (!relative(j, path, &below))
        return true;
    hive_builder_key *key = hive_builder_path(j->builder, below);
    if (key != NULL)
        key->written = written;
    return key != NULL;
}

static bool set_times(job *j, fp_str text)
{
    const fp_str mark = FP_STR(";@written");
    fp_str key_line = {NULL, 0};
    fp_str line;
    while (fp_str_split(&text, '\n', &line)) {
        line = fp_str_trim(line);
        if (fp_str_starts(line, mark) && key_line.size > 2) {
            const fp_str time = {line.data + mark.size, line.size - mark.size};
            if (!set_written(j, key_line, fp_str_trim(time)))
                return false;
        }
        const bool is_key = fp_str_starts(line, FP_STR("[")) && fp_str_iends(line, FP_STR("]"));
        key_line = is_key ? line : (fp_str){NULL, 0};
    }
    return true;
}

/* ---- the whole ------------------------------------------------------------------------------- */

static bool build(job *j)
{
    fp_span text;
    fp_reg_problems problems = {.tell = complain, .context = j};
    if (!read_file(j, &text) ||
        fp_reg_export_read(text, NULL, j->arena, &problems, &j->description) != FP_OK)
        return false;
    if (j->description->soundness == FP_REG_UNREADABLE || j->description->bad_lines > 0)
        return false;
    j->builder = hive_builder_new(j->arena);
    level top = {.job = j};
    return j->builder != NULL &&
           fp_name_tree_each(&j->description->tree->top->children, copy_key, &top) &&
           set_times(j, fp_str_from_span(text));
}

static bool write_hive(job *j)
{
    uint8_t *data = NULL;
    size_t size = 0;
    if (!hive_builder_write(j->builder, &j->options, &data, &size))
        return false;
    FILE *file = fopen(j->output, "wb");
    if (file == NULL) {
        perror(j->output);
        return false;
    }
    const bool written = fwrite(data, 1, size, file) == size;
    return fclose(file) == 0 && written;
}

static bool parse_option(job *j, const char *text)
{
    static const struct {
        const char *text;
        hive_builder_list list;
        size_t leaf;
    } lists[] = {{"--list=lh", HIVE_LH, 0},
                 {"--list=lf", HIVE_LF, 0},
                 {"--list=li", HIVE_LI, 0},
                 {"--list=ri", HIVE_LI, 4}};
    if (strcmp(text, "--dirty") == 0) {
        j->options.dirty = true;
        return true;
    }
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        if (strcmp(text, lists[i].text) != 0)
            continue;
        j->options.list = lists[i].list;
        j->options.leaf = lists[i].leaf;
        return true;
    }
    return false;
}

static bool parse_arguments(job *j, int argc, char **argv)
{
    int place = 0;
    for (int i = 1; i < argc; i++) {
        if (strncmp(argv[i], "--", 2) == 0) {
            if (!parse_option(j, argv[i]))
                return false;
            continue;
        }
        place++;
        if (place == 1)
            j->input = argv[i];
        else if (place == 2)
            j->output = argv[i];
        else if (place == 3)
            j->root = fp_str_of(argv[i]);
    }
    const char *last = strrchr(j->root.data, '\\');
    j->options.name = last != NULL ? last + 1 : j->root.data;
    return place == 2 || place == 3;
}

int main(int argc, char **argv)
{
    job j = {.root = FP_STR("HKEY_LOCAL_MACHINE\\SOFTWARE")};
    if (!parse_arguments(&j, argc, argv)) {
        (void)fprintf(stderr,
                      "usage: make_hive IN.reg OUT [ROOT] [--dirty] [--list=lh|lf|li|ri]\n");
        return 64;
    }
    j.arena = fp_arena_new((size_t)1 << 30);
    const bool done = j.arena != NULL && build(&j) && write_hive(&j);
    fp_arena_free(j.arena);
    if (!done)
        (void)fprintf(stderr, "make_hive: %s: no hive was written\n", j.input);
    return done ? 0 : 1;
}
