/* SPDX-License-Identifier: MIT */
/*
 * SOFTWARE\Microsoft\Updates\<product>\<level>\KB..., in both views: what Update.exe writes, and
 * what the Windows Installer packages of ConfigMgr 2007 SP2's hotfixes write too. For the product
 * asked for this is the marker proper.
 */
#include "inventory/hotfix/places.h"

typedef struct walk { /* where it is; names are valid while their key is walked */
    fp_search *s;
    fp_str product;     /* the key below Updates */
    size_t product_end; /* where its path ends: the export that settles its keys */
    fp_str level;       /* the key below that */
} walk;

/* --- what a key records --- */

typedef struct file_list {
    fp_search *s;
    fp_found *f;
    fp_trace *trace;
    size_t capacity;
    bool doubtful; /* files, or what is recorded of them, may be missing */
} file_list;

static fp_trace_file read_file(file_list *l)
{
    fp_search *s = l->s;
    bool ignored = false;
    const fp_reg_answer seen = fp_registry_key(s->evidence->registry, fp_key_path_str(&s->path));
    fp_trace_file file = {.name = fp_search_text(s, l->f, "FileName", &l->doubtful),
                          .version_text = fp_search_text(s, l->f, "Version", &l->doubtful),
                          .location = fp_search_text(s, l->f, "Location", &ignored),
                          .origin = seen.origin};
    file.has_version = fp_version_parse(file.version_text, &file.version);
    return file;
}

static bool add_file(void *context, const fp_reg_subkey *key)
{
    file_list *l = context;
    fp_search *s = l->s;
    const size_t up = s->path.size;
    if (l->trace->file_count == FP_TRACE_FILES_MAX || s->files == FP_HOTFIX_SEARCH_FILES_MAX ||
        !fp_key_path_down(&s->path, key->name)) {
        l->doubtful = true;
        return false;
    }
    const fp_trace_file file = read_file(l);
    s->path.size = up;

    fp_trace_file *files =
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

static void read_files(fp_search *s, fp_found *f, fp_trace *trace)
{
    file_list l = {.s = s, .f = f, .trace = trace};
    const size_t up = s->path.size;
    trace->files_complete = FP_UNKNOWN;
    if (!fp_key_path_down(&s->path, FP_STR("Filelist")))
        return;
    const fp_reg_answer listed =
        fp_registry_subkeys(s->evidence->registry, fp_key_path_str(&s->path), add_file, &l);
    s->path.size = up;
    if (!l.doubtful && listed.exists != FP_UNKNOWN)
        trace->files_complete = FP_TRUE;
}

static bool has_record(const fp_trace *t)
{
    return t->installed_date.size > 0 || t->installed_by.size > 0 || t->description.size > 0 ||
           t->type.size > 0 || t->file_count > 0;
}

/* A key in which nothing says that anything was installed is what a removal may leave. */
static fp_trace_says conclude(const fp_trace *trace, bool doubtful)
{
    if (has_record(trace))
        return FP_TRACE_SAYS_INSTALLED;
    return doubtful || trace->files_complete != FP_TRUE ? FP_TRACE_SAYS_UNREADABLE
                                                        : FP_TRACE_SAYS_HINT;
}

static bool read_record(void *context, fp_found *f, fp_trace *trace)
{
    const walk *w = context;
    bool doubtful = false;
    trace->other_product = !w->s->of_product;
    fp_search_keep(w->s, w->product, &trace->product);
    fp_search_keep(w->s, w->level, &trace->level);
    trace->installed_date = fp_search_text(w->s, f, "InstalledDate", &doubtful);
    trace->installed_by = fp_search_text(w->s, f, "InstalledBy", &doubtful);
    trace->description = fp_search_text(w->s, f, "Description", &doubtful);
    trace->type = fp_search_text(w->s, f, "Type", &doubtful);
    read_files(w->s, f, trace);
    trace->says = conclude(trace, doubtful);
    return true;
}

/* --- the walk --- */

static bool visit_kb(void *context, const fp_reg_subkey *key)
{
    walk *w = context;
    if (!fp_search_step(w->s))
        return false;
    fp_search_key(w->s, key, (fp_str){0}, read_record, w);
    return w->s->status == FP_OK;
}

static bool visit_level(void *context, const fp_reg_subkey *key)
{
    walk *w = context;
    fp_search *s = w->s;
    if (!fp_search_step(s))
        return false;
    w->level = (fp_str){0};
    fp_search_key(s, key, (fp_str){0}, read_record, w); /* a product without levels */
    if (s->status != FP_OK)
        return false;

    const size_t up = s->path.size;
    w->level = key->name;
    if (fp_key_path_down(&s->path, key->name))
        (void)fp_search_list(s, w->product_end, visit_kb, w);
    else
        fp_search_doubt_path(s, fp_key_path_str(&s->path));
    s->path.size = up;
    return s->status == FP_OK;
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

/* What was looked for where, when the product asked for is. */
static void tell(fp_search *s, const fp_reg_answer *listed)
{
    if (!s->of_product)
        return;
    const fp_origin origin =
        listed->exists == FP_UNKNOWN ? (fp_origin){0, FP_STR("registry")} : listed->origin;
    fp_observe(&s->searched, s->arena, origin, "%.*s: %s", FP_STR_ARG(fp_key_path_str(&s->path)),
               listing_words(listed));
}

/* The product `name` below the Updates key at s->path. */
static void search_product(walk *w, fp_str name)
{
    fp_search *s = w->s;
    const size_t up = s->path.size;
    if (!fp_key_path_down(&s->path, name)) {
        fp_search_doubt_path(s, fp_key_path_str(&s->path));
        return;
    }
    w->product = name;
    w->product_end = s->path.size;
    const fp_reg_answer listed = fp_search_list(s, s->path.size, visit_level, w);
    tell(s, &listed);
    s->path.size = up;
}

static bool visit_product(void *context, const fp_reg_subkey *key)
{
    walk *w = context;
    if (!fp_search_step(w->s))
        return false;
    if (w->s->of_product || fp_str_casecmp(key->name, w->s->product) != 0)
        search_product(w, key->name);
    return w->s->status == FP_OK;
}

/* The product asked for is looked up by its name: an export of that key alone settles it. */
static void search_view(fp_search *s)
{
    walk w = {.s = s};
    const bool any = s->product.size == 0;
    fp_key_path_in(&s->path, s->view, "Microsoft\\Updates");
    s->of_product = true;
    if (!any)
        search_product(&w, s->product);
    s->of_product = any;
    if (s->status != FP_OK)
        return;
    const fp_reg_answer listed = fp_search_list(s, s->path.size, visit_product, &w);
    tell(s, &listed);
}

void fp_place_updates(fp_search *s)
{
    for (s->view = FP_VIEW_NATIVE; s->view < FP_VIEWS && s->status == FP_OK; s->view++)
        search_view(s);
    s->of_product = false;
}
