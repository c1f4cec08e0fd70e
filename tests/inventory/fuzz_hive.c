/* SPDX-License-Identifier: MIT */
/*
 * Hostile hives. The checksum is repaired first, else nearly every input would only be "dirty".
 * What must hold: every key and value that the walk tells is never *absent* for the view, and a
 * hive that is not sound proves no absence. Read in parts from a file, it is the same hive.
 *
 * Seeds: make_hive over tests/corpus/reg_export/software.reg with each --list, and --dirty; "many"
 * has 40 subkeys in one key.
 */
#include "inventory/registry/hive.h"

#include "tests/support/fuzz.h"
#include "tests/support/hive_builder.h"
#include "tests/support/paged_file.h"

#include <stdlib.h>
#include <string.h>

enum { BUDGET = 64 * 1024 * 1024, PATH_MAX_BYTES = 4096, LOOKUPS_MAX = 64, KEYS_MAX = 1 << 20 };
#define MOUNT "HKEY_LOCAL_MACHINE\\SOFTWARE"

typedef struct state {
    fp_arena *arena;
    fp_registry *reg;
    const fp_hive *hive;
    char path[PATH_MAX_BYTES];
    size_t length[FP_REGISTRY_DEPTH_MAX + 1]; /* of the path, at each depth */
    size_t lookups;
    size_t keys;
    bool mounted;
} state;

static void ignore(void *context, const fp_registry_problem *problem)
{
    (void)context;
    require(problem->message[0] != '\0');
}

/* The path of this key; false when it does not fit the buffer. */
static bool enter(state *s, const fp_hive_key *key, unsigned depth)
{
    fp_str name;
    if (depth == 0) {
        memcpy(s->path, MOUNT, sizeof MOUNT - 1);
        s->length[0] = sizeof MOUNT - 1;
        return true;
    }
    const size_t before = s->length[depth - 1];
    if (fp_hive_name(key->name, key->latin1, s->arena, &name) != FP_OK || name.size == 0 ||
        name.size + 1 > PATH_MAX_BYTES - before)
        return false;
    s->path[before] = '\\';
    memcpy(s->path + before + 1, name.data, name.size);
    s->length[depth] = before + 1 + name.size;
    return true;
}

static bool visit_key(void *context, const fp_hive_key *key, unsigned depth)
{
    state *s = context;
    require(depth < FP_REGISTRY_DEPTH_MAX);
    require(++s->keys < KEYS_MAX);
    if (!enter(s, key, depth))
        return false;
    if (!s->mounted || s->lookups++ >= LOOKUPS_MAX)
        return true;
    const fp_str path = {s->path, s->length[depth]};
    const fp_reg_answer a = fp_registry_key(s->reg, path);
    require(a.exists != FP_FALSE);
    (void)fp_registry_written(s->reg, path);
    return true;
}

static bool visit_value(void *context, const fp_hive_key *key, const fp_hive_value *value)
{
    (void)key;
    state *s = context;
    fp_span bytes = {NULL, 0};
    fp_str name;
    if (fp_hive_data(s->hive, value, s->arena, &bytes, NULL) == FP_OK)
        require(bytes.size == value->size);
    if (fp_hive_name(value->name, value->latin1, s->arena, &name) == FP_OK)
        require(name.size <= 2 * value->name.size + 3);
    return true;
}

static bool each_value(void *context, const fp_reg_value *value)
{
    state *s = context;
    fp_reg_value again;
    fp_str text;
    const fp_str path = FP_STR(MOUNT "\\Microsoft\\SMS\\Setup");
    require(fp_registry_value(s->reg, path, value->name, &again).exists != FP_FALSE);
    if (fp_reg_value_text(value, s->arena, &text))
        require(text.size <= 2 * value->data.size + 20);
    return s->lookups++ < 2 * LOOKUPS_MAX;
}

static bool each_subkey(void *context, const fp_reg_subkey *key)
{
    state *s = context;
    require(key->name.size <= 4 * FP_REGISTRY_KEY_NAME_MAX);
    return s->lookups++ < 3 * LOOKUPS_MAX;
}

static void check_view(state *s, fp_span file)
{
    fp_registry_soundness soundness = FP_REG_SOUND;
    if (fp_registry_add_hive(s->reg, 1, file, FP_STR("SOFTWARE"), ignore, NULL, &soundness) !=
        FP_OK)
        return;
    const fp_reg_answer absent = fp_registry_key(s->reg, FP_STR(MOUNT "\\~\\~"));
    require(absent.exists != FP_FALSE || soundness == FP_REG_SOUND);
    s->mounted = fp_registry_key(s->reg, FP_STR(MOUNT)).exists == FP_TRUE;
    (void)fp_registry_values(s->reg, FP_STR(MOUNT "\\Microsoft\\SMS\\Setup"), each_value, s);
    (void)fp_registry_subkeys(s->reg, FP_STR(MOUNT "\\Microsoft"), each_subkey, s);
}

/* ---- in memory and in parts ---- */

static void mix_problem(void *context, const fp_registry_problem *problem)
{
    mix_number(context, problem->where);
}

static bool mix_key(void *context, const fp_hive_key *key, unsigned depth)
{
    mix_number(context, key->offset);
    mix_number(context, depth);
    return true;
}

static bool mix_value(void *context, const fp_hive_key *key, const fp_hive_value *value)
{
    mix_number(context, key->offset);
    mix_number(context, value->offset);
    return true;
}

static uint64_t digest_of(fp_paged file)
{
    uint64_t sum = 1;
    fp_arena *arena = fp_arena_new(BUDGET);
    require(arena != NULL);
    fp_hive *hive = NULL;
    fp_reg_problems problems = {.tell = mix_problem, .context = &sum};
    const fp_hive_visitor visitor = {.context = &sum, .key = mix_key, .value = mix_value};
    bool whole = false;
    if (fp_hive_open_paged(file, arena, &problems, &hive, NULL) == FP_OK) {
        require(fp_hive_walk(hive, &visitor, &problems, &whole) == FP_OK);
        mix_number(&sum, whole);
    }
    fp_arena_free(arena);
    return sum;
}

static void check_parts(fp_span file)
{
    paged_file *parts = paged_file_new(file, UINT64_MAX);
    require(digest_of(fp_paged_of(file)) == digest_of(parts->p));
    require(parts->troubles == 0);
    paged_file_free(parts);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t *copy = malloc(size + 1);
    state *s = calloc(1, sizeof *s);
    require(copy != NULL && s != NULL);
    if (size > 0)
        memcpy(copy, data, size);
    hive_builder_seal(copy, size);
    const fp_span file = fp_span_of(copy, size);

    s->arena = fp_arena_new(BUDGET);
    require(s->arena != NULL);
    s->reg = fp_registry_new(s->arena);
    check_view(s, file);
    s->lookups = 0;
    require(fp_registry_survey(s->reg) == FP_OK);
    check_parts(file);

    fp_hive *hive = NULL;
    fp_reg_problems problems = {.tell = ignore};
    if (fp_hive_open(file, s->arena, &problems, &hive, NULL) == FP_OK) {
        const fp_hive_visitor visitor = {.context = s, .key = visit_key, .value = visit_value};
        bool whole = false;
        s->hive = hive;
        require(fp_hive_walk(hive, &visitor, &problems, &whole) == FP_OK);
        require(whole || problems.count > 0);
    }
    fp_arena_free(s->arena);
    free(s);
    free(copy);
    return 0;
}
