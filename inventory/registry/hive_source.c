/* SPDX-License-Identifier: MIT */
/*
 * What the view asks of a hive: see source.h. A node is the offset of a key, with TWICE added when
 * its parent has two keys of that name: which one the server would use cannot be told, so their
 * content is in doubt.
 */
#include "inventory/registry/hive_source.h"

#include "inventory/base/out.h"

#include <stdio.h>

#define TWICE ((uint64_t)1 << 32)

typedef struct fp_hive_met {
    fp_reg_problems *problems;
    uint64_t where[FP_REG_PROBLEMS_MAX];
    size_t count;
    bool surveyed; /* all of it was told */
} fp_hive_met;

static fp_reg_seen doubt(fp_unknown_why why)
{
    return (fp_reg_seen){.sight = FP_REG_SIGHT_DOUBT, .why = why};
}

/* Many look-ups meet the same damage: each place is told once. */
static void tell_met(const fp_hive_source *s, const fp_diag *d)
{
    fp_hive_met *met = s->met;
    if (d->status == FP_OK || met->surveyed || met->count == FP_REG_PROBLEMS_MAX)
        return;
    for (size_t i = 0; i < met->count; i++) {
        if (met->where[i] == d->where)
            return;
    }
    met->where[met->count++] = d->where;
    fp_reg_problem(met->problems, d->where, "%s", d->message);
}

static fp_reg_seen unreadable(const fp_hive_source *s, const fp_diag *d)
{
    tell_met(s, d);
    return doubt(FP_WHY_UNREADABLE);
}

/* ---- one step down --------------------------------------------------------------------------- */

/* HKLM\SYSTEM\CurrentControlSet is made when Windows starts: Select\Current says which set it is.
 */
static fp_hive_found current_control_set(const fp_hive_source *s, const fp_hive_key *root,
                                         fp_hive_key *out, fp_diag *d)
{
    fp_hive_key select;
    fp_hive_value current;
    fp_span data;
    if (fp_hive_find_key(s->hive, root, FP_STR("Select"), &select, d) != FP_HIVE_FOUND ||
        fp_hive_find_value(s->hive, &select, FP_STR("Current"), &current, d) != FP_HIVE_FOUND ||
        fp_hive_data(s->hive, &current, s->arena, &data, d) != FP_OK || data.size != 4)
        return FP_HIVE_UNREADABLE;
    char name[sizeof "ControlSet" + 10];
    (void)snprintf(name, sizeof name, "ControlSet%03u", fp_load_u32le(data.data));
    const fp_hive_found found = fp_hive_find_key(s->hive, root, fp_str_of(name), out, d);
    return found == FP_HIVE_ABSENT ? FP_HIVE_UNREADABLE : found;
}

static fp_hive_found step(const fp_hive_source *s, const fp_hive_key *key, fp_str name,
                          fp_hive_key *out, fp_diag *d)
{
    const fp_hive_found found = fp_hive_find_key(s->hive, key, name, out, d);
    const bool may_be_current = found == FP_HIVE_ABSENT && s->place.system &&
                                key->offset == fp_hive_header_of(s->hive)->root &&
                                fp_str_ieq(name, FP_STR("CurrentControlSet"));
    return may_be_current ? current_control_set(s, key, out, d) : found;
}

static fp_reg_seen absent(const fp_hive_source *s, const fp_hive_key *key)
{
    if (s->soundness != FP_REG_SOUND)
        return doubt(FP_WHY_INCOMPLETE);
    if (fp_hive_key_is_link(key)) /* its content is elsewhere */
        return doubt(FP_WHY_INCOMPLETE);
    if (!fp_hive_is_sound_at(s->hive, key->offset) ||
        (key->subkeys > 0 && !fp_hive_is_sound_at(s->hive, key->subkey_list)) ||
        (key->values > 0 && !fp_hive_is_sound_at(s->hive, key->value_list)))
        return doubt(FP_WHY_UNREADABLE);
    return (fp_reg_seen){.sight = FP_REG_SIGHT_ABSENT, .node = key->offset};
}

/* ---- the table ------------------------------------------------------------------------------- */

/* Takes the mount's names off the front of `path`; false: `path` is not at or below it. */
static bool below_mount(const fp_hive_source *s, fp_str *path)
{
    fp_str mount = s->place.mount;
    fp_str want, name;
    while (fp_reg_path_next(&mount, &want)) {
        if (!fp_reg_path_next(path, &name) || !fp_str_ieq(want, name))
            return false;
    }
    return true;
}

static fp_reg_seen find(const void *source, fp_str path)
{
    const fp_hive_source *s = source;
    if (!below_mount(s, &path))
        return (fp_reg_seen){.sight = FP_REG_SIGHT_NONE};
    fp_hive_key key;
    fp_diag d = {.status = FP_OK};
    if (fp_hive_root(s->hive, &key, &d) != FP_OK)
        return unreadable(s, &d);

    fp_str name;
    bool twice = false;
    while (fp_reg_path_next(&path, &name)) {
        if (twice)
            return doubt(FP_WHY_CONFLICTING);
        fp_hive_key child;
        d.status = FP_OK; /* what was passed on the way did not matter */
        switch (step(s, &key, name, &child, &d)) {
        case FP_HIVE_UNREADABLE:
            return unreadable(s, &d);
        case FP_HIVE_ABSENT:
            return absent(s, &key);
        case FP_HIVE_TWICE:
            twice = true;
            break;
        case FP_HIVE_FOUND:
            break;
        }
        key = child;
    }
    return (fp_reg_seen){.sight = FP_REG_SIGHT_PRESENT,
                         .node = key.offset | (twice ? TWICE : (uint64_t)0)};
}

enum { NAMES_MAX = FP_REGISTRY_DEPTH_MAX * 8 * FP_REGISTRY_KEY_NAME_MAX }; /* bytes, decoded */

/* Offsets from the root down to `offset`; the number of them. The depth limit bounds it. */
static size_t lineage(const fp_hive *hive, uint32_t offset, uint32_t chain[FP_REGISTRY_DEPTH_MAX])
{
    const uint32_t root = fp_hive_header_of(hive)->root;
    size_t count = 0;
    fp_hive_key key;
    while (offset != root && count < FP_REGISTRY_DEPTH_MAX &&
           fp_hive_key_at(hive, offset, &key, NULL) == FP_OK) {
        chain[count++] = offset;
        offset = key.parent;
    }
    return count;
}

static void put_name(const fp_hive_source *s, uint32_t offset, fp_arena *scratch, fp_out *out)
{
    fp_hive_key key;
    fp_str name;
    if (fp_hive_key_at(s->hive, offset, &key, NULL) != FP_OK ||
        fp_hive_name(key.name, key.latin1, scratch, &name) != FP_OK)
        name = FP_STR("?");
    fp_out_char(out, '\\', 1);
    fp_out_str(out, name);
}

/* "HKEY_LOCAL_MACHINE\SOFTWARE\..., offset 0x1020": the key's path, then the record meant. Only the
 * text is kept: there is one for each of a million answers. */
static fp_str place(const fp_hive_source *s, uint32_t key_offset, uint32_t record_offset)
{
    uint32_t chain[FP_REGISTRY_DEPTH_MAX];
    fp_out out = {.size = 0};
    fp_arena *scratch = fp_arena_new(NAMES_MAX);
    if (scratch == NULL)
        return (fp_str){NULL, 0};
    fp_out_str(&out, s->place.mount);
    for (size_t i = lineage(s->hive, key_offset, chain); i > 0; i--)
        put_name(s, chain[i - 1], scratch, &out);
    fp_arena_free(scratch);
    fp_out_printf(&out, ", offset 0x%llx%s", (unsigned long long)FP_HIVE_BLOCK + record_offset,
                  s->recovered ? " with its logs applied" : "");
    const char *text = out.failed ? NULL : fp_arena_string(s->arena, out.data, out.size);
    const fp_str result = {text, text != NULL ? out.size : 0};
    fp_out_free(&out);
    return result;
}

static fp_str where(const void *source, uint64_t node)
{
    const uint32_t offset = (uint32_t)node;
    return place(source, offset, offset);
}

/* Name and type at least; unreadable data make it suspect. */
static fp_reg_value value_of(const fp_hive_source *s, const fp_hive_key *key,
                             const fp_hive_value *value, bool *readable)
{
    fp_diag d = {.status = FP_OK};
    fp_reg_value told = {.type = value->type};
    *readable = fp_hive_name(value->name, value->latin1, s->arena, &told.name) == FP_OK &&
                fp_hive_data(s->hive, value, s->arena, &told.data, &d) == FP_OK;
    tell_met(s, &d);
    told.suspect = !*readable;
    told.origin.where = place(s, key->offset, value->offset);
    return told;
}

static fp_reg_seen find_value(const void *source, uint64_t node, fp_str name, fp_reg_value *value)
{
    const fp_hive_source *s = source;
    fp_hive_key key;
    fp_hive_value found;
    fp_diag d = {.status = FP_OK};
    if (fp_hive_key_at(s->hive, (uint32_t)node, &key, &d) != FP_OK)
        return unreadable(s, &d);
    if ((node & TWICE) != 0)
        return doubt(FP_WHY_CONFLICTING);
    switch (fp_hive_find_value(s->hive, &key, name, &found, &d)) {
    case FP_HIVE_UNREADABLE:
        return unreadable(s, &d);
    case FP_HIVE_ABSENT:
        return absent(s, &key);
    case FP_HIVE_TWICE:
        return doubt(FP_WHY_CONFLICTING);
    case FP_HIVE_FOUND:
        break;
    }
    bool readable = false;
    const fp_reg_value told = value_of(s, &key, &found, &readable);
    if (!readable)
        return doubt(FP_WHY_UNREADABLE);
    *value = told;
    return (fp_reg_seen){.sight = FP_REG_SIGHT_PRESENT, .node = node};
}

/* ---- listings -------------------------------------------------------------------------------- */

typedef struct listing {
    const fp_hive_source *s;
    fp_hive_key key;
    fp_arena *names;
    fp_registry_subkey_fn *subkey;
    fp_registry_value_fn *value;
    void *context;
    bool nomem;
} listing;

static bool tell_subkey(void *context, const fp_hive_key *key)
{
    listing *l = context;
    fp_reg_subkey told = {.written = key->written};
    if (fp_hive_name(key->name, key->latin1, l->names, &told.name) != FP_OK) {
        l->nomem = true;
        return false;
    }
    return l->subkey(l->context, &told);
}

static bool tell_value(void *context, const fp_hive_value *value)
{
    listing *l = context;
    bool readable = false;
    const fp_reg_value told = value_of(l->s, &l->key, value, &readable);
    return l->value(l->context, &told);
}

static fp_reg_seen listed(const listing *l, uint64_t node, bool all_told, const fp_diag *d)
{
    if ((node & TWICE) != 0)
        return doubt(FP_WHY_CONFLICTING);
    if (!all_told || l->nomem)
        return unreadable(l->s, d);
    fp_reg_seen seen = absent(l->s, &l->key);
    if (seen.sight == FP_REG_SIGHT_ABSENT)
        seen.sight = FP_REG_SIGHT_PRESENT; /* no more than these are there */
    return seen;
}

static fp_reg_seen subkeys(const void *source, uint64_t node, fp_arena *names,
                           fp_registry_subkey_fn *each, void *context)
{
    listing l = {.s = source, .names = names, .subkey = each, .context = context};
    fp_diag d = {.status = FP_OK};
    if (fp_hive_key_at(l.s->hive, (uint32_t)node, &l.key, &d) != FP_OK)
        return unreadable(l.s, &d);
    const bool all_told = fp_hive_subkeys(l.s->hive, &l.key, tell_subkey, &l, &d);
    return listed(&l, node, all_told, &d);
}

static fp_reg_seen values(const void *source, uint64_t node, fp_registry_value_fn *each,
                          void *context)
{
    listing l = {.s = source, .value = each, .context = context};
    fp_diag d = {.status = FP_OK};
    if (fp_hive_key_at(l.s->hive, (uint32_t)node, &l.key, &d) != FP_OK)
        return unreadable(l.s, &d);
    const bool all_told = fp_hive_values(l.s->hive, &l.key, tell_value, &l, &d);
    return listed(&l, node, all_told, &d);
}

static fp_time written(const void *source, uint64_t node)
{
    const fp_hive_source *s = source;
    fp_hive_key key;
    if ((node & TWICE) != 0 || fp_hive_key_at(s->hive, (uint32_t)node, &key, NULL) != FP_OK)
        return FP_TIME_NONE;
    return key.written;
}

const fp_reg_source_ops fp_hive_source_ops = {.find = find,
                                              .value = find_value,
                                              .subkeys = subkeys,
                                              .values = values,
                                              .written = written,
                                              .where = where};

/* ---- reading --------------------------------------------------------------------------------- */

typedef struct links {
    uint64_t count;
    uint32_t first; /* offset */
} links;

static bool count_link(void *context, const fp_hive_key *key, unsigned depth)
{
    (void)depth;
    links *l = context;
    if (fp_hive_key_is_link(key) && l->count++ == 0)
        l->first = key->offset;
    return true;
}

fp_status fp_hive_source_survey(const fp_hive_source *s)
{
    if (s->place.mount.size == 0)
        return FP_OK;
    links l = {.count = 0};
    fp_reg_problems *problems = s->met->problems;
    const fp_hive_visitor visitor = {.context = &l, .key = count_link};
    bool whole = false;
    const fp_status status = fp_hive_walk(s->hive, &visitor, problems, &whole);
    if (status == FP_OK && l.count > 0)
        fp_reg_problem(problems, FP_HIVE_BLOCK + (uint64_t)l.first,
                       "%llu symbolic links are not followed; the first is here",
                       (unsigned long long)l.count);
    s->met->surveyed = true;
    return status;
}

static fp_registry_soundness soundness_of(const fp_hive_source *s, fp_reg_problems *problems)
{
    const fp_hive_header *h = fp_hive_header_of(s->hive);
    if (!h->checksum_right)
        fp_reg_problem(problems, 508, "dirty: the base block's checksum is wrong");
    if (h->primary != h->secondary)
        fp_reg_problem(problems, 4, "dirty: a write did not end (sequence numbers %u and %u)",
                       h->primary, h->secondary);
    if (!s->place.sure)
        fp_reg_problem(problems, FP_HIVE_BLOCK + (uint64_t)h->root, "%s: %s", s->place.why,
                       s->place.mount.size > 0 ? "absence in it proves nothing" : "not used");
    if (s->place.mount.size == 0)
        return FP_REG_UNREADABLE;
    if (!s->place.sure || !fp_hive_is_whole(s->hive))
        return FP_REG_PARTLY;
    return fp_hive_is_dirty(s->hive) ? FP_REG_DIRTY : FP_REG_SOUND;
}

fp_status fp_hive_source_open(fp_paged content, fp_str name_hint, fp_arena *arena,
                              fp_reg_problems *problems, fp_hive_source **out)
{
    fp_hive_source *s = fp_arena_alloc(arena, sizeof *s);
    if (s == NULL)
        return FP_NOMEM;
    s->arena = arena;
    s->met = fp_arena_alloc(arena, sizeof *s->met);
    if (s->met == NULL)
        return FP_NOMEM;
    s->met->problems = problems;

    fp_hive *hive = NULL;
    fp_hive_key root;
    fp_diag d = {.status = FP_OK};
    fp_status status = fp_hive_open_paged(content, arena, problems, &hive, &d);
    if (status == FP_OK)
        status = fp_hive_root(hive, &root, &d);
    if (status == FP_NOMEM)
        return FP_NOMEM;
    *out = s;
    if (status != FP_OK) {
        fp_reg_problem(problems, d.where, "%s", d.message);
        return FP_OK;
    }
    s->hive = hive;
    s->place = fp_hive_find_place(hive, &root, name_hint, arena);
    s->soundness = soundness_of(s, problems);
    return FP_OK;
}
