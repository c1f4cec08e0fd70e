/* SPDX-License-Identifier: MIT */
#include "inventory/evidence.h"

#include "inventory/evidence_set.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MIB ((uint64_t)1024 * 1024)

enum {
    NAME_SHOWN_MAX = 2048, /* of FP_EVIDENCE_PATH_MAX; of a longer name its end is shown */
    LISTING_SLACK = 1024 * 1024,
    PROGRESS_STEP = 1024 * 1024, /* bytes between two calls of the progress function */
    NOTES_MEMORY = 64 * 1024 * 1024
};

const fp_evidence_limits fp_evidence_default_limits = {
    .items = 50000,
    .folder_depth = 32,
    .file = 64 * 1024 * MIB,
    .whole_item = 256 * MIB,
    .memory = 768 * MIB,
};

/* ---- the set ---- */

/* A zero means the archive reader's own default. */
static void fill_archive_limits(fp_archive_limits *limits)
{
    const fp_archive_limits *usual = &fp_archive_default_limits;
    if (limits->members == 0)
        limits->members = usual->members;
    if (limits->member_bytes == 0)
        limits->member_bytes = usual->member_bytes;
    if (limits->total_bytes == 0)
        limits->total_bytes = usual->total_bytes;
    if (limits->nesting == 0)
        limits->nesting = usual->nesting;
    if (limits->stall_seconds == 0)
        limits->stall_seconds = usual->stall_seconds;
    if (limits->cpu_seconds == 0)
        limits->cpu_seconds = usual->cpu_seconds;
    if (limits->decoder_memory == 0)
        limits->decoder_memory = usual->decoder_memory;
    if (limits->nesting > FP_EVIDENCE_LEVELS_MAX)
        limits->nesting = FP_EVIDENCE_LEVELS_MAX;
}

/* What a full listing and all held contents need: hostile evidence meets a limit, never FP_NOMEM.
 */
static size_t arena_budget(const fp_evidence_limits *limits)
{
    size_t per_item = sizeof(fp_item) + FP_EVIDENCE_PATH_MAX + 256;
    size_t listing;
    size_t budget;
    if (!fp_size_mul(limits->items, per_item, &listing) ||
        !fp_size_add(listing, LISTING_SLACK, &budget) ||
        !fp_size_add(budget, (size_t)limits->memory, &budget))
        return SIZE_MAX;
    return budget;
}

fp_status fp_evidence_new(const fp_evidence_options *options, fp_evidence **out)
{
    fp_evidence *set = calloc(1, sizeof *set);
    if (set == NULL)
        return FP_NOMEM;
    set->options = *options;
    fill_archive_limits(&set->options.limits.archive);
    set->arena = fp_arena_new(arena_budget(&options->limits));
    set->notes = fp_arena_new(NOTES_MEMORY);
    set->chunks[0] = malloc(FP_EVIDENCE_CHUNK);
    set->chunks[1] = malloc(FP_EVIDENCE_CHUNK);
    if (set->arena == NULL || set->notes == NULL || set->chunks[0] == NULL ||
        set->chunks[1] == NULL) {
        fp_evidence_free(set);
        return FP_NOMEM;
    }
    *out = set;
    return FP_OK;
}

void fp_evidence_free(fp_evidence *set)
{
    if (set == NULL)
        return;
    for (size_t i = 0; i < set->kept_count; i++)
        fp_arena_free(set->kept[i]);
    for (size_t i = 0; i < set->paged_count; i++)
        fp_paged_close(set->paged[i]);
    free(set->chunks[0]);
    free(set->chunks[1]);
    fp_arena_free(set->notes);
    fp_arena_free(set->arena);
    free(set);
}

size_t fp_evidence_count(const fp_evidence *set)
{
    return set->count;
}

const fp_item *fp_evidence_item(const fp_evidence *set, uint32_t id)
{
    return id == 0 || id > set->count ? NULL : set->items[id - 1];
}

bool fp_evidence_confined(const fp_evidence *set)
{
    return !set->unconfined;
}

/* ---- problems ---- */

static void add_problem(fp_item *item, const char *text)
{
    if (item->problem_count < FP_ITEM_PROBLEMS_MAX)
        item->problems[item->problem_count] = text;
    item->problem_count++;
}

static void add_formatted(fp_evidence *set, fp_item *item, const char *format, va_list args)
    FP_PRINTF(3, 0);

/* Problems quote evidence: what cannot be shown is escaped here, once. */
static void add_formatted(fp_evidence *set, fp_item *item, const char *format, va_list args)
{
    if (item->problem_count >= FP_ITEM_PROBLEMS_MAX) {
        item->problem_count++;
        return;
    }
    char text[FP_EVIDENCE_PROBLEM_MAX];
    const int wanted = vsnprintf(text, sizeof text, format, args);
    fp_str shown;
    const char *kept = NULL;
    if (wanted >= 0 && fp_text_display(fp_str_of(text), set->notes, &shown) == FP_OK)
        kept = fp_arena_string(set->notes, shown.data, shown.size);
    add_problem(item, kept != NULL ? kept : "a problem for whose text there is no memory");
}

void fp_evidence_problem(fp_evidence *set, uint32_t id, const char *format, ...)
{
    if (id == 0 || id > set->count)
        return;
    va_list args;
    va_start(args, format);
    add_formatted(set, set->items[id - 1], format, args);
    va_end(args);
}

void fp_evidence_spoil(fp_evidence *set, fp_item *item, const char *format, ...)
{
    item->complete = false;
    va_list args;
    va_start(args, format);
    add_formatted(set, item, format, args);
    va_end(args);
}

void fp_evidence_spoil_with(fp_item *item, const char *literal)
{
    item->complete = false;
    for (size_t i = 0; i < item->problem_count && i < FP_ITEM_PROBLEMS_MAX; i++)
        if (item->problems[i] == literal)
            return;
    add_problem(item, literal);
}

/* ---- the listing ---- */

static bool starts_character(char c)
{
    return ((unsigned char)c & 0xC0) != 0x80;
}

static fp_str keep_start(fp_str s, size_t max)
{
    if (s.size <= max)
        return s;
    while (max > 0 && !starts_character(s.data[max]))
        max--;
    return (fp_str){s.data, max};
}

static fp_str keep_end(fp_str s, size_t max)
{
    if (s.size <= max)
        return s;
    size_t from = s.size - max;
    while (from < s.size && !starts_character(s.data[from]))
        from++;
    return fp_str_tail(s, from);
}

/* Members of archives come from Windows too, so there a backslash ends a folder's name. */
static size_t last_component(const fp_place *place)
{
    size_t at = place->name.size;
    while (at > 0) {
        const char c = place->name.data[at - 1];
        if (c == '/' || (c == '\\' && place->parent != 0))
            break;
        at--;
    }
    return at;
}

static void append(fp_shown_path *path, fp_str s)
{
    const fp_str fits = keep_start(s, sizeof path->text - path->size);
    path->cut = path->cut || fits.size < s.size;
    if (fits.size > 0)
        memcpy(path->text + path->size, fits.data, fits.size);
    path->size += fits.size;
}

/* Offset behind the last slash. */
static size_t last_slash(fp_str path)
{
    size_t at = path.size;
    while (at > 0 && path.data[at - 1] != '/')
        at--;
    return at;
}

/* The end of a name tells more than its start, so a long path loses its middle. */
static void compose(const fp_place *place, fp_str above, fp_str name, fp_shown_path *path)
{
    const fp_str gap = FP_STR("...");
    const fp_str end = keep_end(name, NAME_SHOWN_MAX);
    const size_t room = sizeof path->text - end.size - gap.size;

    *path = (fp_shown_path){.size = 0};
    append(path, place->folder);
    append(path, fp_str_of(place->separator));
    append(path, above);
    path->cut = path->cut || path->size > room || end.size < name.size;
    if (path->cut) {
        path->size = keep_start((fp_str){path->text, path->size}, room).size;
        append(path, gap);
    }
    append(path, end);
    path->name_size = end.size;
    if (place->name.size == 0) /* a folder itself */
        path->name_size = path->size - last_slash((fp_str){path->text, path->size});
}

fp_status fp_evidence_show(const fp_place *place, fp_shown_path *path)
{
    const fp_str whole = place->name.size == 0 ? FP_STR("") : place->name;
    const size_t split = last_component(place);
    const fp_str raw_above = keep_start((fp_str){whole.data, split}, FP_EVIDENCE_PATH_MAX);
    const fp_str raw_name = keep_end(fp_str_tail(whole, split), FP_EVIDENCE_PATH_MAX);

    fp_arena *scratch = fp_arena_new(SIZE_MAX);
    if (scratch == NULL)
        return FP_NOMEM;
    fp_str above, name;
    fp_status status = fp_text_display(raw_above, scratch, &above);
    if (status == FP_OK)
        status = fp_text_display(raw_name, scratch, &name);
    if (status == FP_OK) {
        compose(place, above, name, path);
        path->cut = path->cut || raw_above.size < split || raw_name.size < whole.size - split;
    }
    fp_arena_free(scratch);
    return status;
}

static fp_status new_item(fp_evidence *set, const fp_place *place, fp_item **out)
{
    fp_item **items =
        fp_arena_grow(set->arena, set->items, set->count, &set->capacity, sizeof *items);
    if (items == NULL)
        return FP_NOMEM;
    set->items = items;

    fp_shown_path path;
    const fp_status status = fp_evidence_show(place, &path);
    if (status != FP_OK)
        return status;
    fp_item *item = fp_arena_alloc(set->arena, sizeof *item);
    char *text = fp_arena_string(set->arena, path.text, path.size);
    if (item == NULL || text == NULL)
        return FP_NOMEM;

    item->id = (uint32_t)set->count + 1;
    item->parent = place->parent;
    item->path = (fp_str){text, path.size};
    item->name = (fp_str){text + path.size - path.name_size, path.name_size};
    items[set->count++] = item;
    if (path.cut)
        fp_evidence_problem(set, item->id, "its name is too long to be shown whole");
    *out = item;
    return FP_OK;
}

fp_status fp_evidence_list(fp_evidence *set, const fp_place *place, fp_item **out)
{
    if (set->full)
        return FP_LIMIT;
    const bool one_too_many =
        set->count >= set->options.limits.items || set->count >= UINT32_MAX - 1;
    fp_item *item = NULL;
    const fp_status status = new_item(set, place, &item);
    if (status != FP_OK)
        return status;
    if (one_too_many) {
        set->full = true;
        fp_evidence_spoil(set, item,
                          "the limit of %zu items is reached: this and everything after it was "
                          "not read",
                          set->options.limits.items);
        return FP_LIMIT;
    }
    *out = item;
    return FP_OK;
}

void fp_evidence_progress(fp_evidence *set, const fp_item *item, uint64_t count)
{
    set->read += count;
    if (set->options.progress == NULL || set->read - set->read_told < PROGRESS_STEP)
        return;
    set->read_told = set->read;
    const bool within =
        set->part_done <= set->part_total; /* a decoder may deliver more than it said */
    const fp_evidence_step step = {.path = item->path,
                                   .bytes_read = set->read,
                                   .part_done = within ? set->part_done : set->part_total,
                                   .part_total = set->part_total};
    set->options.progress(set->options.progress_context, &step);
}

void fp_evidence_begin_part(fp_evidence *set, uint64_t total)
{
    set->part_done = 0;
    set->part_total = total;
}

/* ---- what the user named ---- */

static fp_place named(const char *name)
{
    return (fp_place){.separator = "", .name = fp_str_of(name)};
}

fp_status fp_evidence_add_unopened(fp_evidence *set, const char *name, const char *problem)
{
    const fp_place place = named(name);
    fp_item *item = NULL;
    const fp_status status = fp_evidence_list(set, &place, &item);
    if (status == FP_LIMIT)
        return FP_OK;
    if (status == FP_OK)
        fp_evidence_spoil(set, item, "%s", problem);
    return status;
}

static fp_status add_folder(fp_evidence *set, int fd, const char *name, fp_diag *d)
{
    fp_place place = named(name);
    while (place.name.size > 1 && place.name.data[place.name.size - 1] == '/')
        place.name.size--;
    fp_shown_path path;
    const fp_status status = fp_evidence_show(&place, &path);
    if (status != FP_OK)
        return status;
    return fp_evidence_walk(set, fd, (fp_str){path.text, path.size}, d);
}

static fp_status add_file(fp_evidence *set, fp_item *item, int fd, fp_diag *d)
{
    const fp_status status = fp_evidence_read_file(set, item, fd, false);
    if (status == FP_OK && item->size == 0 && !item->complete)
        return fp_fail(d, FP_IO, "evidence", 0, "%s", item->problems[0]);
    return status;
}

static fp_status refuse(fp_evidence *set, fp_item *item, fp_diag *d)
{
    fp_evidence_spoil(set, item, "neither a file nor a folder: not read");
    return fp_fail(d, FP_UNSUPPORTED, "evidence", 0, "neither a file nor a folder");
}

fp_status fp_evidence_add(fp_evidence *set, int fd, const char *name, bool is_stdin, fp_diag *d)
{
    struct stat st;
    if (fstat(fd, &st) != 0) {
        const int error = errno;
        const fp_status status = fp_evidence_add_unopened(set, name, strerror(error));
        return status != FP_OK ? status : fp_fail(d, FP_IO, "evidence", 0, "%s", strerror(error));
    }
    if (S_ISDIR(st.st_mode))
        return add_folder(set, fd, name, d);

    const fp_place place = named(name);
    fp_item *item = NULL;
    fp_status status = fp_evidence_list(set, &place, &item);
    if (status == FP_LIMIT)
        return FP_OK;
    if (status != FP_OK)
        return status;

    if (S_ISREG(st.st_mode))
        return add_file(set, item, fd, d);
    if (is_stdin && (S_ISFIFO(st.st_mode) || S_ISSOCK(st.st_mode) || S_ISCHR(st.st_mode)))
        return fp_evidence_read_pipe(set, item, fd, d);
    return refuse(set, item, d);
}
