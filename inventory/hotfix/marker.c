/* SPDX-License-Identifier: MIT */
#include "inventory/hotfix/marker.h"

#include "inventory/hotfix/kb.h"
#include "inventory/registry/query.h"

#include <stdlib.h>

#define UPDATES "Microsoft\\Updates"
#define HOTFIX  "Microsoft\\Windows NT\\CurrentVersion\\HotFix"

typedef struct found { /* one hotfix while it is searched for */
    uint64_t number;
    fp_marker marker;
    size_t capacity;     /* of marker.traces */
    bool present;        /* a sound UPDATES trace of the product asked for */
    bool elsewhere;      /* a sound trace elsewhere */
    fp_doubt of_present; /* keys that would decide `present` and are contested */
    fp_doubt of_elsewhere;
} found;

typedef struct search {
    fp_registry *reg;
    fp_arena *arena;
    fp_str product;  /* asked for; empty: any */
    uint64_t only;   /* the one hotfix asked for; 0: every one */
    found *hotfixes; /* with `only`: exactly that one */
    size_t count;
    size_t capacity;
    bool hotfixes_lost; /* there are more than FP_MARKERS_MAX */
    size_t keys;        /* looked at so far */
    size_t traces;      /* kept so far */
    size_t files;       /* kept so far */
    fp_doubt asked;     /* listings that decide `present` */
    fp_doubt others;    /* listings that decide `elsewhere` */
    fp_observations searched;
    fp_status status;

    /* Where the walk is. */
    fp_view view;
    fp_key_path path;
    fp_str in_product;  /* the key below Updates, valid while it is walked */
    size_t product_end; /* where its path ends: the export that settles its keys */
    fp_str in_level;    /* the key below that */
    bool other_product;
} search;

/* --- matching names --- */

static found *hotfix_of(search *s, uint64_t number)
{
    for (size_t i = 0; i < s->count; i++) {
        if (s->hotfixes[i].number == number)
            return &s->hotfixes[i];
    }
    return NULL;
}

static found *new_hotfix(search *s, uint64_t number)
{
    if (s->count == FP_MARKERS_MAX) {
        s->hotfixes_lost = true;
        return NULL;
    }
    found *grown =
        fp_arena_grow(s->arena, s->hotfixes, s->count, &s->capacity, sizeof *s->hotfixes);
    const char *kb = fp_arena_printf(s->arena, "KB%llu", (unsigned long long)number);
    if (grown == NULL || kb == NULL) {
        s->status = FP_NOMEM;
        return NULL;
    }
    s->hotfixes = grown;
    s->hotfixes[s->count] = (found){.number = number, .marker = {.kb = fp_str_of(kb)}};
    return &s->hotfixes[s->count++];
}

/* --- what a key below Updates records --- */

/* A text of the key at s->path; empty when it is not there. *doubtful: contested, damaged or not
 * seen. */
static fp_str text_of(search *s, found *f, const char *name, bool *doubtful)
{
    fp_text_value value = {.state = FP_TEXT_ABSENT};
    if (s->status == FP_OK)
        s->status = fp_query_text(s->reg, fp_key_path_str(&s->path), name, s->arena, &value);
    if (value.state == FP_TEXT_UNUSABLE)
        fp_observe(&f->marker.notes, s->arena, value.answer.origin, "%s is not a sound text", name);
    if (value.state == FP_TEXT_UNKNOWN && value.answer.why == FP_WHY_CONFLICTING)
        fp_observe(&f->marker.notes, s->arena, (fp_origin){0, f->marker.kb},
                   "the evidence disagrees about %s of %.*s", name,
                   FP_STR_ARG(fp_key_path_str(&s->path)));
    if (value.state == FP_TEXT_FOUND)
        return value.text;
    if (value.state != FP_TEXT_ABSENT)
        *doubtful = true;
    return (fp_str){0};
}

typedef struct file_list {
    search *s;
    found *f;
    fp_trace *trace;
    size_t capacity;
    bool doubtful; /* files, or what is recorded of them, may be missing */
} file_list;

static fp_marker_file read_file(file_list *l, const fp_reg_subkey *key)
{
    bool ignored = false;
    fp_marker_file file = {.name = text_of(l->s, l->f, "FileName", &l->doubtful),
                           .version_text = text_of(l->s, l->f, "Version", &l->doubtful),
                           .location = text_of(l->s, l->f, "Location", &ignored),
                           .origin = key->origin};
    file.has_version = fp_version_parse(file.version_text, &file.version);
    return file;
}

static bool add_file(void *context, const fp_reg_subkey *key)
{
    file_list *l = context;
    search *s = l->s;
    const size_t up = s->path.size;
    if (l->trace->file_count == FP_MARKER_FILES_MAX || s->files == FP_MARKER_SEARCH_FILES_MAX ||
        !fp_key_path_down(&s->path, key->name)) {
        l->doubtful = true;
        return false;
    }
    const fp_marker_file file = read_file(l, key);
    s->path.size = up;

    fp_marker_file *files =
        fp_arena_grow(s->arena, l->trace->files, l->trace->file_count, &l->capacity, sizeof *files);
    if (files == NULL) {
        s->status = FP_NOMEM;
        return false;
    }
    l->trace->files = files;
    files[l->trace->file_count++] = file;
    s->files++;
    return s->status == FP_OK;
}

static void read_files(search *s, found *f, fp_trace *trace)
{
    file_list l = {.s = s, .f = f, .trace = trace};
    const size_t up = s->path.size;
    trace->files_complete = FP_UNKNOWN;
    if (!fp_key_path_down(&s->path, FP_STR("Filelist")))
        return;
    const fp_reg_answer listed =
        fp_registry_subkeys(s->reg, fp_key_path_str(&s->path), add_file, &l);
    s->path.size = up;
    if (!l.doubtful && listed.exists != FP_UNKNOWN)
        trace->files_complete = FP_TRUE;
}

static void read_record(search *s, found *f, fp_trace *trace)
{
    bool ignored = false;
    trace->installed_date = text_of(s, f, "InstalledDate", &ignored);
    trace->installed_by = text_of(s, f, "InstalledBy", &ignored);
    trace->description = text_of(s, f, "Description", &ignored);
    trace->type = text_of(s, f, "Type", &ignored);
    read_files(s, f, trace);
}

/* --- traces --- */

static void keep_text(search *s, fp_str text, fp_str *out)
{
    if (s->status == FP_OK)
        s->status = fp_str_dup(s->arena, text, out);
}

static bool has_room(const search *s, const found *f)
{
    return f->marker.trace_count < FP_MARKER_TRACES_MAX && s->traces < FP_MARKER_SEARCH_TRACES_MAX;
}

static void keep_trace(search *s, found *f, const fp_trace *trace)
{
    fp_trace *traces = fp_arena_grow(s->arena, f->marker.traces, f->marker.trace_count,
                                     &f->capacity, sizeof *traces);
    if (traces == NULL) {
        s->status = FP_NOMEM;
        return;
    }
    f->marker.traces = traces;
    traces[f->marker.trace_count++] = *trace;
    s->traces++;
}

/* An uninstall entry may name a hotfix in its key and in its display name, or several times. */
static bool is_kept(const search *s, const found *f)
{
    const size_t count = f->marker.trace_count;
    return count > 0 && fp_str_eq(f->marker.traces[count - 1].key_path, fp_key_path_str(&s->path));
}

static bool decides_present(const search *s, fp_trace_place place)
{
    return place == FP_TRACE_UPDATES && !s->other_product;
}

/* Where sources disagree whether the key is there at all, it is no trace but a doubt. */
static bool is_contested(search *s, found *f, fp_trace_place place)
{
    const fp_str path = fp_key_path_str(&s->path);
    const fp_reg_answer answer = fp_registry_key(s->reg, path);
    if (answer.exists == FP_TRUE)
        return false;
    const bool present = decides_present(s, place);
    fp_doubt_note(present ? &f->of_present : &f->of_elsewhere, s->arena, &answer, path);
    fp_observe(&f->marker.notes, s->arena, (fp_origin){0, f->marker.kb},
               "the evidence disagrees about the key %.*s", FP_STR_ARG(path));
    return true;
}

static fp_trace read_trace(search *s, found *f, fp_trace_place place, const fp_reg_subkey *key,
                           fp_str display_name)
{
    fp_trace trace = {.place = place,
                      .wow64 = s->view == FP_VIEW_WOW64,
                      .other_product = place == FP_TRACE_UPDATES && s->other_product,
                      .written = key->written,
                      .files_complete = FP_TRUE,
                      .origin = key->origin};
    keep_text(s, fp_key_path_str(&s->path), &trace.key_path);
    keep_text(s, key->name, &trace.name);
    keep_text(s, display_name, &trace.description);
    if (place == FP_TRACE_UPDATES) {
        keep_text(s, s->in_product, &trace.product);
        keep_text(s, s->in_level, &trace.level);
        read_record(s, f, &trace);
    }
    return trace;
}

/* The key at s->path names this hotfix (or, of an uninstall entry, its display name does). */
static void add_trace(search *s, found *f, fp_trace_place place, const fp_reg_subkey *key,
                      fp_str display_name)
{
    if (is_kept(s, f) || is_contested(s, f, place))
        return;
    if (decides_present(s, place))
        f->present = true;
    else
        f->elsewhere = true;
    if (!has_room(s, f)) {
        f->marker.traces_lost = true;
        return;
    }
    const fp_trace trace = read_trace(s, f, place, key, display_name);
    if (s->status == FP_OK)
        keep_trace(s, f, &trace);
}

/* Does `name` hold this number, as a KB word or, of a key, as the whole name? */
static bool names_only(const search *s, fp_str name)
{
    uint64_t number;
    if (fp_kb_parse(name, &number) && number == s->only)
        return true;
    for (size_t at = 0; fp_kb_next(name, &at, &number);) {
        if (number == s->only)
            return true;
    }
    return false;
}

/* Every hotfix that `text` mentions; new ones are made only where markers are. */
static void add_every(search *s, fp_trace_place place, const fp_reg_subkey *key, fp_str text,
                      fp_str display_name)
{
    uint64_t number;
    for (size_t at = 0; s->status == FP_OK && fp_kb_next(text, &at, &number);) {
        found *f = hotfix_of(s, number);
        if (f == NULL && place == FP_TRACE_UPDATES)
            f = new_hotfix(s, number);
        if (f != NULL)
            add_trace(s, f, place, key, display_name);
    }
}

/* One key; s->path is its parent's. A name longer than any path is no hotfix's. */
static void match_key(search *s, fp_trace_place place, const fp_reg_subkey *key,
                      fp_str display_name)
{
    const size_t up = s->path.size;
    if (!fp_key_path_down(&s->path, key->name))
        return;
    if (s->only == 0) {
        add_every(s, place, key, key->name, display_name);
        add_every(s, place, key, display_name, display_name);
    } else if (names_only(s, key->name) || names_only(s, display_name)) {
        add_trace(s, &s->hotfixes[0], place, key, display_name);
    }
    s->path.size = up;
}

/* --- the walk --- */

static const fp_reg_answer LIMIT = {.exists = FP_UNKNOWN, .why = FP_WHY_INCOMPLETE};

/* A registry that goes on for ever must not be followed for ever. */
static bool may_go_on(search *s)
{
    if (++s->keys <= FP_MARKER_KEYS_MAX)
        return s->status == FP_OK;
    fp_doubt_note(&s->asked, s->arena, &LIMIT, FP_STR("HKEY_LOCAL_MACHINE\\SOFTWARE"));
    fp_doubt_note(&s->others, s->arena, &LIMIT, FP_STR("HKEY_LOCAL_MACHINE\\SOFTWARE"));
    return false;
}

static const char *listing_words(const fp_reg_answer *listed)
{
    switch (listed->exists) {
    case FP_TRUE:
        return "looked through";
    case FP_FALSE:
        return "not there";
    case FP_UNKNOWN:
        return fp_unknown_why_name(listed->why);
    }
    return "";
}

/*
 * Lists the key at s->path. What that leaves unknown, an export of the first `export_size` bytes of
 * the path would settle.
 */
static void list(search *s, fp_registry_subkey_fn *each, fp_doubt *doubt, size_t export_size,
                 bool tell)
{
    const fp_str path = fp_key_path_str(&s->path);
    const fp_reg_answer listed = fp_registry_subkeys(s->reg, path, each, s);
    const fp_origin origin =
        listed.exists == FP_UNKNOWN ? (fp_origin){0, FP_STR("registry")} : listed.origin;
    if (tell)
        fp_observe(&s->searched, s->arena, origin, "%.*s: %s",
                   FP_STR_ARG(fp_key_path_str(&s->path)), listing_words(&listed));
    fp_doubt_note(doubt, s->arena, &listed, (fp_str){s->path.text, export_size});
}

static fp_doubt *updates_doubt(search *s)
{
    return s->other_product ? &s->others : &s->asked;
}

static bool visit_kb(void *context, const fp_reg_subkey *key)
{
    search *s = context;
    if (!may_go_on(s))
        return false;
    match_key(s, FP_TRACE_UPDATES, key, (fp_str){0});
    return s->status == FP_OK;
}

static bool visit_level(void *context, const fp_reg_subkey *key)
{
    search *s = context;
    if (!may_go_on(s))
        return false;
    s->in_level = (fp_str){0};
    match_key(s, FP_TRACE_UPDATES, key, (fp_str){0}); /* a product without levels */
    if (s->status != FP_OK)
        return false;

    const size_t up = s->path.size;
    s->in_level = key->name;
    if (fp_key_path_down(&s->path, key->name))
        list(s, visit_kb, updates_doubt(s), s->product_end, false);
    else
        fp_doubt_note(updates_doubt(s), s->arena, &LIMIT, fp_key_path_str(&s->path));
    s->path.size = up;
    return s->status == FP_OK;
}

/* The product `name` below the Updates key at s->path. */
static void search_product(search *s, fp_str name)
{
    const size_t up = s->path.size;
    if (!fp_key_path_down(&s->path, name)) {
        fp_doubt_note(updates_doubt(s), s->arena, &LIMIT, fp_key_path_str(&s->path));
        return;
    }
    s->in_product = name;
    s->product_end = s->path.size;
    list(s, visit_level, updates_doubt(s), s->path.size, !s->other_product);
    s->path.size = up;
}

static bool visit_product(void *context, const fp_reg_subkey *key)
{
    search *s = context;
    if (!may_go_on(s))
        return false;
    s->other_product = s->product.size > 0;
    if (!s->other_product || fp_str_casecmp(key->name, s->product) != 0)
        search_product(s, key->name);
    return s->status == FP_OK;
}

/* The product asked for is looked up by its name: an export of that key alone settles it. */
static void search_updates(search *s)
{
    fp_key_path_in(&s->path, s->view, UPDATES);
    s->other_product = false;
    if (s->product.size > 0)
        search_product(s, s->product);
    s->other_product = s->product.size > 0;
    if (s->status == FP_OK)
        list(s, visit_product, updates_doubt(s), s->path.size, !s->other_product);
}

static bool visit_hotfix(void *context, const fp_reg_subkey *key)
{
    search *s = context;
    if (!may_go_on(s))
        return false;
    match_key(s, FP_TRACE_HOTFIX, key, (fp_str){0});
    return s->status == FP_OK;
}

static void search_hotfix_key(search *s)
{
    fp_key_path_in(&s->path, s->view, HOTFIX);
    list(s, visit_hotfix, &s->others, s->path.size, false);
}

static fp_status visit_uninstall(void *context, const fp_uninstall_entry *entry)
{
    search *s = context;
    if (!may_go_on(s))
        return s->status == FP_OK ? FP_LIMIT : s->status;
    s->view = entry->view;
    fp_key_path_in(&s->path, entry->view, "Microsoft\\Windows\\CurrentVersion\\Uninstall");
    match_key(s, FP_TRACE_UNINSTALL, entry->key, entry->display_name);
    return s->status;
}

static void search_uninstall(search *s)
{
    const fp_status status = fp_query_uninstall(s->reg, s->arena, &s->others, visit_uninstall, s);
    if (s->status == FP_OK && status != FP_LIMIT) /* a limit is a doubt already */
        s->status = status;
}

static fp_status search_all(search *s)
{
    for (s->view = FP_VIEW_NATIVE; s->view < FP_VIEWS && s->status == FP_OK; s->view++)
        search_updates(s);
    for (s->view = FP_VIEW_NATIVE; s->view < FP_VIEWS && s->status == FP_OK; s->view++)
        search_hotfix_key(s);
    if (s->status == FP_OK)
        search_uninstall(s);
    const bool starved = s->asked.no_memory || s->others.no_memory;
    return s->status == FP_OK && starved ? FP_NOMEM : s->status;
}

/* --- conclusions --- */

static void join_doubts(fp_doubt *into, fp_arena *arena, const fp_doubt *more)
{
    const fp_reg_answer answer = {.exists = FP_UNKNOWN, .why = more->why};
    into->no_memory = into->no_memory || more->no_memory;
    for (size_t i = 0; i < more->path_count; i++)
        fp_doubt_note(into, arena, &answer, more->path[i]);
}

static fp_status conclude_present(search *s, found *f)
{
    if (f->present) {
        f->marker.present = FP_TRUE;
        return FP_OK;
    }
    fp_doubt doubt = s->asked;
    join_doubts(&doubt, s->arena, &f->of_present);
    f->marker.present = doubt.any ? FP_UNKNOWN : FP_FALSE;
    if (doubt.any)
        f->marker.why = fp_doubt_why(&doubt);
    return fp_doubt_where(&doubt, s->arena, &f->marker.unknown_where);
}

static void note_names(search *s, found *f)
{
    for (size_t i = 0; i < f->marker.trace_count; i++) {
        const fp_trace *t = &f->marker.traces[i];
        uint64_t number;
        if (t->place == FP_TRACE_UPDATES && !fp_kb_parse(t->name, &number))
            fp_observe(&f->marker.notes, s->arena, t->origin, "the marker key is named %.*s",
                       FP_STR_ARG(t->name));
        if (t->other_product)
            fp_observe(&f->marker.notes, s->arena, t->origin,
                       "a marker key of another product: %.*s", FP_STR_ARG(t->product));
    }
}

static const fp_marker_file *file_named(const fp_trace *trace, fp_str name)
{
    for (size_t i = 0; i < trace->file_count; i++) {
        if (trace->files[i].has_version && fp_str_ieq(trace->files[i].name, name))
            return &trace->files[i];
    }
    return NULL;
}

/* Two marker keys of one hotfix that record different versions of a file of one name. */
static void note_versions(search *s, found *f, const fp_trace *a, const fp_trace *b)
{
    for (size_t i = 0; i < a->file_count; i++) {
        const fp_marker_file *file = &a->files[i];
        const fp_marker_file *other = file->has_version ? file_named(b, file->name) : NULL;
        if (other != NULL && fp_version_compare(&file->version, &other->version) != 0)
            fp_observe(&f->marker.notes, s->arena, other->origin,
                       "the marker keys record different versions of %.*s: %.*s and %.*s",
                       FP_STR_ARG(file->name), FP_STR_ARG(file->version_text),
                       FP_STR_ARG(other->version_text));
    }
}

static void note_disagreements(search *s, found *f)
{
    const fp_marker *m = &f->marker;
    const fp_origin nowhere = {0, m->kb};
    if (m->present == FP_FALSE && m->elsewhere == FP_TRUE)
        fp_observe(&f->marker.notes, s->arena, nowhere,
                   "%.*s left other traces, but no marker key of the product", FP_STR_ARG(m->kb));
    if (m->traces_lost)
        fp_observe(&f->marker.notes, s->arena, nowhere, "more traces of %.*s than are listed",
                   FP_STR_ARG(m->kb));
    for (size_t i = 1; i < m->trace_count; i++) {
        if (m->traces[i].file_count > 0 && m->traces[0].file_count > 0)
            note_versions(s, f, &m->traces[0], &m->traces[i]);
    }
}

static bool out_of_memory(const fp_observations *list)
{
    return list->lost && list->count < FP_OBSERVATIONS_MAX;
}

static fp_status conclude(search *s, found *f)
{
    const fp_status status = conclude_present(s, f);
    if (status != FP_OK)
        return status;
    const bool doubted = s->others.any || f->of_elsewhere.any;
    f->marker.elsewhere = f->elsewhere ? FP_TRUE : doubted ? FP_UNKNOWN : FP_FALSE;
    f->marker.searched = s->searched;
    note_names(s, f);
    note_disagreements(s, f);
    return out_of_memory(&f->marker.notes) || out_of_memory(&s->searched) ? FP_NOMEM : FP_OK;
}

fp_status fp_marker_read(fp_registry *reg, fp_str kb, fp_str product, fp_arena *arena,
                         fp_marker *out)
{
    search s = {.reg = reg, .arena = arena, .product = product};
    if (!fp_kb_parse(kb, &s.only) || s.only == 0)
        return FP_FORMAT;
    found *f = new_hotfix(&s, s.only);
    if (f == NULL)
        return FP_NOMEM;
    fp_status status = search_all(&s);
    if (status == FP_OK)
        status = conclude(&s, f);
    if (status == FP_OK)
        *out = f->marker;
    return status;
}

static int by_number(const void *a, const void *b)
{
    const found *left = a;
    const found *right = b;
    return left->number < right->number ? -1 : left->number > right->number;
}

fp_status fp_marker_list(fp_registry *reg, fp_arena *arena, fp_marker **out, size_t *count,
                         fp_tri *complete)
{
    search s = {.reg = reg, .arena = arena};
    fp_status status = search_all(&s);
    if (status != FP_OK)
        return status;
    fp_marker *markers = fp_arena_alloc_array(arena, s.count + 1, sizeof *markers);
    if (markers == NULL)
        return FP_NOMEM;
    if (s.count > 0)
        qsort(s.hotfixes, s.count, sizeof *s.hotfixes, by_number);
    bool contested = false;
    for (size_t i = 0; i < s.count; i++) {
        status = conclude(&s, &s.hotfixes[i]);
        if (status != FP_OK)
            return status;
        markers[i] = s.hotfixes[i].marker;
        contested = contested || s.hotfixes[i].of_present.any;
    }
    *out = markers;
    *count = s.count;
    *complete = s.asked.any || s.hotfixes_lost || contested ? FP_UNKNOWN : FP_TRUE;
    return FP_OK;
}
