/* SPDX-License-Identifier: MIT */
#include "verify/cli/data.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static fp_status io_failed(fp_diag *d, int error)
{
    return fp_fail(d, FP_IO, NULL, 0, "%s", strerror(error));
}

/* Up to `limit` bytes and one more, which tells that there are too many. */
static fp_status read_all(int fd, size_t limit, fp_arena *arena, fp_span *out, fp_diag *d)
{
    size_t capacity = 64 * 1024;
    size_t size = 0;
    uint8_t *bytes = malloc(capacity);
    fp_status status = bytes == NULL ? fp_fail(d, FP_NOMEM, NULL, 0, "out of memory") : FP_OK;
    while (status == FP_OK) {
        if (size == capacity) {
            uint8_t *more = realloc(bytes, 2 * capacity);
            if (more == NULL) {
                status = fp_fail(d, FP_NOMEM, NULL, 0, "out of memory");
                break;
            }
            bytes = more;
            capacity *= 2;
        }
        const ssize_t n = read(fd, bytes + size, capacity - size);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            status = io_failed(d, errno);
        if (n <= 0)
            break;
        size += (size_t)n;
        if (size > limit)
            status = fp_fail(d, FP_LIMIT, NULL, 0, "more than %zu bytes", limit);
    }
    if (status == FP_OK) {
        void *copy = fp_arena_copy(arena, bytes, size);
        if (copy == NULL && size > 0)
            status = fp_fail(d, FP_NOMEM, NULL, 0, "out of memory");
        else
            *out = fp_span_of(copy, size);
    }
    free(bytes);
    return status;
}

fp_status fp_data_read_file(const char *path, size_t limit, fp_arena *arena, fp_span *out,
                            fp_diag *d)
{
    if (strcmp(path, "-") == 0)
        return read_all(STDIN_FILENO, limit, arena, out, d);
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    struct stat st;
    if (fd < 0)
        return io_failed(d, errno);
    fp_status status;
    if (fstat(fd, &st) != 0)
        status = io_failed(d, errno);
    else if (!S_ISREG(st.st_mode))
        status = fp_fail(d, FP_IO, NULL, 0, "not a file");
    else
        status = read_all(fd, limit, arena, out, d);
    (void)close(fd);
    return status;
}

int fp_data_read_record(const char *path, fp_arena *arena, fp_record *out)
{
    fp_span text;
    fp_diag d = {0};
    fp_status status = fp_data_read_file(path, FP_JSON_SIZE_MAX, arena, &text, &d);
    if (status == FP_OK)
        status = fp_record_read(text, arena, out, &d);
    return status == FP_OK ? 0 : fp_data_told(path, status, &d);
}

static bool is_folder(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static bool has_advisories(const char *directory)
{
    char path[PATH_MAX];
    const int n = snprintf(path, sizeof path, "%s/advisories", directory);
    return n > 0 && (size_t)n < sizeof path && is_folder(path);
}

/* <folder of the program>/../share/fixproof */
static const char *beside_program(fp_arena *arena)
{
    char program[PATH_MAX];
    const ssize_t size = readlink("/proc/self/exe", program, sizeof program - 1);
    if (size <= 0)
        return NULL;
    program[size] = '\0';
    char *slash = strrchr(program, '/');
    if (slash == NULL)
        return NULL;
    *slash = '\0';
    return fp_arena_printf(arena, "%s/../share/fixproof", program);
}

int fp_data_find_directory(const fp_options *options, fp_arena *arena, const char **out)
{
    const char *asked = fp_option_value(options, FP_OPT_DATA);
    const char *source = "--data";
    if (asked == NULL) {
        asked = getenv("FIXPROOF_DATA");
        source = "$FIXPROOF_DATA";
    }
    if (asked != NULL && *asked != '\0') { /* what was asked for is never quietly replaced */
        if (!has_advisories(asked)) {
            fp_console_error(asked, "no data directory: it has no folder advisories/ (%s)", source);
            return FP_EXIT_NOINPUT;
        }
        *out = asked;
        return 0;
    }
    const char *beside = beside_program(arena);
    if (beside != NULL && has_advisories(beside)) {
        *out = beside;
        return 0;
    }
    if (has_advisories(FIXPROOF_DATA_BUILD)) {
        *out = FIXPROOF_DATA_BUILD;
        return 0;
    }
    fp_console_error(NULL, "no data directory found: name one with --data or $FIXPROOF_DATA");
    return FP_EXIT_NOINPUT;
}

typedef struct file_list { /* full paths, sorted by name; free_files */
    struct dirent **entries;
    int count;
    const char *folder;
} file_list;

static int is_json(const struct dirent *entry)
{
    return entry->d_name[0] != '.' && fp_str_iends(fp_str_of(entry->d_name), FP_STR(".json"));
}

static int is_case(const struct dirent *entry)
{
    return entry->d_name[0] != '.' && fp_str_iends(fp_str_of(entry->d_name), FP_STR(".case"));
}

static int is_pem(const struct dirent *entry)
{
    return entry->d_name[0] != '.' && fp_str_iends(fp_str_of(entry->d_name), FP_STR(".pem"));
}

/* By bytes: the same order in every locale. */
static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int list_folder(const char *path, int (*wanted)(const struct dirent *), file_list *out)
{
    *out = (file_list){.folder = path};
    out->count = scandir(path, &out->entries, wanted, by_name);
    if (out->count < 0) {
        fp_console_error(path, "%s", strerror(errno));
        return FP_EXIT_NOINPUT;
    }
    if (out->count > FP_DATA_FILES_MAX) {
        fp_console_error(path, "more than %d files", FP_DATA_FILES_MAX);
        return FP_EXIT_DATA;
    }
    return 0;
}

static int list_files(const char *directory, const char *folder, fp_arena *arena, file_list *out)
{
    const char *path = fp_arena_printf(arena, "%s/%s", directory, folder);
    return path == NULL ? FP_EXIT_SOFTWARE : list_folder(path, is_json, out);
}

static void free_files(file_list *files)
{
    for (int i = 0; i < files->count; i++)
        free(files->entries[i]);
    free(files->entries);
}

static const char *file_path(const file_list *files, int index, fp_arena *arena)
{
    return fp_arena_printf(arena, "%s/%s", files->folder, files->entries[index]->d_name);
}

int fp_data_list_cases(const char *folder, fp_arena *arena, const char *const **out, size_t *count)
{
    file_list files = {0};
    *count = 0;
    if (!is_folder(folder))
        return 0;
    int exit_status = list_folder(folder, is_case, &files);
    const char **paths = exit_status == 0
                             ? fp_arena_alloc_array(arena, (size_t)files.count + 1, sizeof *paths)
                             : NULL;
    for (int i = 0; paths != NULL && i < files.count; i++) {
        paths[i] = file_path(&files, i, arena);
        if (paths[i] == NULL)
            exit_status = FP_EXIT_SOFTWARE;
    }
    if (exit_status == 0 && paths == NULL)
        exit_status = FP_EXIT_SOFTWARE;
    if (exit_status == 0) {
        *out = paths;
        *count = (size_t)files.count;
    }
    free_files(&files);
    return exit_status;
}

/* What a failed read of a named file means: it could not be opened, or it is no good. */
int fp_data_told(const char *path, fp_status status, const fp_diag *d)
{
    fp_console_diag(path, d);
    return status == FP_IO ? FP_EXIT_NOINPUT : (int)fp_console_exit_of(status);
}

/* All files of a list, each given to `add`; *digest: of all of them. */
static int load_json(const file_list *files, fp_status (*add)(fp_data *, fp_span, fp_diag *),
                     fp_data *data, fp_arena *arena, fp_str *digest)
{
    const size_t count = (size_t)files->count;
    fp_named_digest *notes = fp_arena_alloc_array(arena, count + 1, sizeof *notes);
    if (notes == NULL)
        return FP_EXIT_SOFTWARE;
    for (size_t i = 0; i < count; i++) {
        fp_diag d = {0};
        fp_span text;
        const char *path = file_path(files, (int)i, arena);
        if (path == NULL)
            return FP_EXIT_SOFTWARE;
        fp_status status = fp_data_read_file(path, FP_JSON_SIZE_MAX, arena, &text, &d);
        if (status == FP_OK)
            status = add(data, text, &d);
        if (status != FP_OK)
            return fp_data_told(path, status, &d);
        const fp_str name = fp_str_of(files->entries[i]->d_name);
        if (fp_str_dup(arena, name, &notes[i].name) != FP_OK ||
            fp_sha256_text(text, arena, &notes[i].sha256) != FP_OK)
            return FP_EXIT_SOFTWARE;
    }
    return fp_settings_digest(notes, count, arena, digest) == FP_OK ? 0 : FP_EXIT_SOFTWARE;
}

static fp_status add_releases(fp_data *data, fp_span text, fp_diag *d)
{
    return fp_releases_add(data->releases, text, d);
}

int fp_data_load_releases(fp_data *data, fp_arena *arena)
{
    data->releases = fp_releases_new(arena);
    if (data->releases == NULL)
        return FP_EXIT_SOFTWARE;
    file_list files = {0};
    int exit_status = list_files(data->directory, "products", arena, &files);
    if (exit_status == 0)
        exit_status = load_json(&files, add_releases, data, arena, &data->products_sha256);
    free_files(&files);
    return exit_status;
}

/* ---- trust ---- */

static fp_status add_pins(fp_data *data, fp_span text, fp_diag *d)
{
    return fp_trust_add_pins(data->trust, text, d);
}

/* `folder` NULL: there are none. */
static int load_pins(fp_data *data, const char *folder, fp_arena *arena)
{
    file_list files = {0};
    int exit_status = folder != NULL ? list_folder(folder, is_json, &files) : 0;
    if (exit_status == 0)
        exit_status = load_json(&files, add_pins, data, arena, &data->trust_sha256);
    free_files(&files);
    return exit_status;
}

static int load_bundle(fp_trust *trust, const char *path, bool any_root, fp_arena *arena)
{
    fp_diag d = {0};
    fp_span text;
    fp_trust_added added = {0};
    if (path == NULL)
        return FP_EXIT_SOFTWARE;
    fp_status status = fp_data_read_file(path, FP_DATA_BUNDLE_MAX, arena, &text, &d);
    if (status == FP_OK)
        status = fp_trust_add_pem(trust, text, any_root, &added, &d);
    if (status != FP_OK)
        return fp_data_told(path, status, &d);
    if (added.believed > 0)
        return 0;
    fp_console_error(path,
                     "no pinned root among its %zu certificate%s (the first: %s); "
                     "--trust-any-root believes %s all the same",
                     added.refused, fp_plural(added.refused), added.refused_first,
                     added.refused == 1 ? "it" : "them");
    return FP_EXIT_DATA;
}

static int load_bundles(fp_data *data, const char *folder, fp_arena *arena)
{
    file_list files = {0};
    int exit_status = list_folder(folder, is_pem, &files);
    for (int i = 0; exit_status == 0 && i < files.count; i++)
        exit_status = load_bundle(data->trust, file_path(&files, i, arena), false, arena);
    free_files(&files);
    return exit_status;
}

/* It may be missing: then only --trust-any-root makes anybody believed. */
static int load_trust_folder(fp_data *data, fp_arena *arena)
{
    const char *path = fp_arena_printf(arena, "%s/trust", data->directory);
    if (path == NULL)
        return FP_EXIT_SOFTWARE;
    const bool there = is_folder(path);
    const int exit_status = load_pins(data, there ? path : NULL, arena);
    return exit_status != 0 || !there ? exit_status : load_bundles(data, path, arena);
}

/* The administrator's own bundles, held to the same pins. The folder of the installation may be
 * missing; one that was asked for is never quietly left out. */
static int load_roots_folder(fp_data *data, fp_arena *arena)
{
    const char *asked = getenv("FIXPROOF_ROOTS");
    if (asked != NULL && *asked != '\0')
        return load_bundles(data, asked, arena);
    return is_folder(FIXPROOF_ROOTS_DIR) ? load_bundles(data, FIXPROOF_ROOTS_DIR, arena) : 0;
}

int fp_data_load_trust(fp_data *data, const fp_options *options, fp_arena *arena)
{
    const bool any_root = fp_option_is_given(options, FP_OPT_TRUST_ANY_ROOT);
    data->trust = fp_trust_new();
    if (data->trust == NULL)
        return FP_EXIT_SOFTWARE;
    int exit_status = load_trust_folder(data, arena);
    if (exit_status == 0)
        exit_status = load_roots_folder(data, arena);
    for (size_t i = 0; exit_status == 0 && i < fp_option_times(options, FP_OPT_ROOTS); i++)
        exit_status =
            load_bundle(data->trust, fp_option_nth(options, FP_OPT_ROOTS, i), any_root, arena);
    return exit_status;
}

void fp_data_free(fp_data *data)
{
    fp_trust_free(data->trust);
    data->trust = NULL;
}

/* ---- advisories ---- */

fp_status fp_data_read_advisory(const char *path, fp_arena *arena, fp_lint_fn *lint, void *context,
                                fp_data_source *out, fp_diag *d)
{
    fp_data_source source = {.path = path};
    fp_status status = fp_data_read_file(path, FP_JSON_SIZE_MAX, arena, &source.text, d);
    if (status == FP_OK)
        status = fp_advisory_read(source.text, arena, lint, context, &source.advisory, d);
    if (status == FP_OK)
        *out = source;
    return status;
}

typedef struct teller {
    const char *path;
    size_t errors;
} teller;

static void tell(void *context, const fp_lint *lint)
{
    teller *t = context;
    if (!lint->error)
        return; /* warnings are for `advisory lint` */
    t->errors++;
    const bool placed = lint->path.size > 0;
    fp_console_error(NULL, "%s:%llu:%llu: %.*s%s%.*s%s", t->path, (unsigned long long)lint->line,
                     (unsigned long long)lint->column, FP_STR_ARG(lint->message),
                     placed ? " (" : "", FP_STR_ARG(lint->path), placed ? ")" : "");
}

static int load_file(const char *path, fp_arena *arena, fp_data_source *out)
{
    fp_diag d = {0};
    teller t = {.path = path};
    fp_data_source source = {.path = path};
    if (path == NULL)
        return FP_EXIT_SOFTWARE;
    fp_status status = fp_data_read_file(path, FP_JSON_SIZE_MAX, arena, &source.text, &d);
    if (status == FP_OK) {
        status = fp_advisory_read(source.text, arena, NULL, NULL, &source.advisory, &d);
        if (status != FP_OK) /* once more, to tell all errors: whoever listens is told warnings too,
                                which are dear to find */
            status = fp_advisory_read(source.text, arena, tell, &t, &source.advisory, &d);
    }
    if (status == FP_OK) {
        *out = source;
        return 0;
    }
    return t.errors > 0 ? FP_EXIT_DATA : fp_data_told(path, status, &d);
}

bool fp_data_is_path(const char *id_or_path)
{
    return strchr(id_or_path, '/') != NULL || strcmp(id_or_path, "-") == 0 ||
           fp_str_iends(fp_str_of(id_or_path), FP_STR(".json"));
}

static void tell_unknown_id(const char *id, const char *known)
{
    fp_console_error(id, "no such advisory (there are:%s)", *known != '\0' ? known : " none");
}

/* Among the files of the directory the one that says it has this id. Files that cannot be read are
 * told only when none has it: a damaged neighbour is no concern of this run. */
static int load_by_id(fp_data *data, const char *id, fp_arena *arena, fp_data_source *out)
{
    file_list files = {0};
    int exit_status = list_files(data->directory, "advisories", arena, &files);
    const char *known = "";
    bool found = false;
    for (int i = 0; exit_status == 0 && !found && i < files.count; i++) {
        fp_data_source source = {0};
        const char *path = file_path(&files, i, arena);
        if (path == NULL || known == NULL)
            exit_status = FP_EXIT_SOFTWARE;
        else if (fp_data_read_advisory(path, arena, NULL, NULL, &source, NULL) != FP_OK)
            known = fp_arena_printf(arena, "%s [%s is damaged]", known, files.entries[i]->d_name);
        else if (fp_str_ieq(source.advisory->id, fp_str_of(id))) {
            *out = source;
            found = true;
        } else
            known = fp_arena_printf(arena, "%s %.*s", known, FP_STR_ARG(source.advisory->id));
    }
    free_files(&files);
    if (exit_status != 0 || found)
        return exit_status;
    tell_unknown_id(id, known != NULL ? known : "");
    return FP_EXIT_NOINPUT;
}

int fp_data_load_advisory(fp_data *data, const char *id_or_path, fp_arena *arena,
                          fp_data_source *out)
{
    return fp_data_is_path(id_or_path) ? load_file(id_or_path, arena, out)
                                       : load_by_id(data, id_or_path, arena, out);
}

static bool make_room(fp_data *data, size_t count, fp_arena *arena)
{
    data->sources = fp_arena_alloc_array(arena, count + 1, sizeof *data->sources);
    data->advisories = fp_arena_alloc_array(arena, count + 1, sizeof *data->advisories);
    return data->sources != NULL && data->advisories != NULL;
}

static bool has_id(const fp_data *data, fp_str id)
{
    for (size_t i = 0; i < data->count; i++)
        if (fp_str_ieq(data->advisories[i]->id, id))
            return true;
    return false;
}

/* Asked twice for the same advisory is asked once. */
static void add(fp_data *data, const fp_data_source *source)
{
    /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): no failed status exits with 0 */
    if (has_id(data, source->advisory->id))
        return;
    data->sources[data->count] = *source;
    data->advisories[data->count++] = source->advisory;
}

static int load_named(fp_data *data, const fp_options *options, size_t count, fp_arena *arena)
{
    if (!make_room(data, count, arena))
        return FP_EXIT_SOFTWARE;
    for (size_t i = 0; i < count; i++) {
        fp_data_source source = {0};
        const char *name = fp_option_nth(options, FP_OPT_ADVISORY, i);
        if (has_id(data, fp_str_of(name)))
            continue;
        const int exit_status = fp_data_load_advisory(data, name, arena, &source);
        if (exit_status != 0)
            return exit_status;
        add(data, &source);
    }
    return 0;
}

static int load_all(fp_data *data, fp_arena *arena)
{
    file_list files = {0};
    int exit_status = list_files(data->directory, "advisories", arena, &files);
    if (exit_status == 0 && !make_room(data, (size_t)files.count, arena))
        exit_status = FP_EXIT_SOFTWARE;
    for (int i = 0; exit_status == 0 && i < files.count; i++) {
        fp_data_source source = {0};
        exit_status = load_file(file_path(&files, i, arena), arena, &source);
        if (exit_status == 0)
            add(data, &source);
    }
    free_files(&files);
    if (exit_status == 0 && data->count == 0) {
        fp_console_error(data->directory, "there are no advisories in advisories/");
        exit_status = FP_EXIT_NOINPUT;
    }
    return exit_status;
}

int fp_data_load_advisories(fp_data *data, const fp_options *options, fp_arena *arena)
{
    const size_t named = fp_option_times(options, FP_OPT_ADVISORY);
    return named > 0 ? load_named(data, options, named, arena) : load_all(data, arena);
}
