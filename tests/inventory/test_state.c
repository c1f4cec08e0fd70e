/* SPDX-License-Identifier: MIT */
/* One answer per KB: the decision list row by row, and what must hold of any traces. */
#include "inventory/hotfix/state.h"

#include "tests/support/check.h"

enum { BUDGET = 1 << 20, TRACES_MAX = 6, FILES_MAX = 3 };

#define CM FP_STR("System Center Configuration Manager 2007")

/* --- hotfixes made of words --- */

typedef struct spec { /* a trace; a row's list ends with a place of 0 */
    char place;       /* a letter of PLACES */
    fp_trace_says says;
} spec;

/* Where a letter stands: several are of one place, but another voice. */
static fp_trace trace_of(spec s)
{
    static const struct {
        char letter;
        fp_trace trace;
    } PLACES[] = {
        {'U', {.place = FP_TRACE_UPDATES}},
        {'o', {.place = FP_TRACE_UPDATES, .other_product = true}},
        {'C', {.place = FP_TRACE_CBS, .name = FP_STR_INIT("Package_for_KB954474~31bf~amd64~~6.1")}},
        {'c', {.place = FP_TRACE_CBS, .name = FP_STR_INIT("Package_2_for_KB954474~31bf~~6.1")}},
        {'r', {.place = FP_TRACE_CBS, .name = FP_STR_INIT("Package_for_KB954474_RTM~31bf~~6.1")}},
        {'M', {.place = FP_TRACE_MSI}},
        {'h', {.place = FP_TRACE_HOTFIX}},
        {'u', {.place = FP_TRACE_UNINSTALL}},
        {'l', {.place = FP_TRACE_LISTING}},
        {'g', {.place = FP_TRACE_LOG}},
        {'f', {.place = FP_TRACE_FOLDER}},
    };
    for (size_t i = 0; i < sizeof PLACES / sizeof PLACES[0]; i++) {
        if (PLACES[i].letter == s.place) {
            fp_trace t = PLACES[i].trace;
            t.says = s.says;
            t.files_complete = FP_TRUE;
            return t;
        }
    }
    fail_msg("no place %c", s.place);
    return (fp_trace){0};
}

#define I FP_TRACE_SAYS_INSTALLED
#define P FP_TRACE_SAYS_PENDING
#define S FP_TRACE_SAYS_SUPERSEDED
#define R FP_TRACE_SAYS_REMOVED
#define H FP_TRACE_SAYS_HINT
#define X FP_TRACE_SAYS_UNREADABLE

/* What is known of places without a trace, as the search tells it. */
typedef enum reach {
    NONE = 0, /* nothing was supplied */
    MARKER,   /* the marker's places were read */
    ALL
} reach;

static void derive(fp_hotfix *h, reach seen)
{
    bool present = false;
    bool elsewhere = false;
    for (size_t i = 0; i < h->trace_count; i++) {
        const fp_trace *t = &h->traces[i];
        if (t->place == FP_TRACE_UPDATES && !t->other_product)
            present = true;
        else if (t->says != H)
            elsewhere = true;
    }
    h->present = present ? FP_TRUE : seen == NONE ? FP_UNKNOWN : FP_FALSE;
    h->elsewhere = elsewhere ? FP_TRUE : seen == ALL ? FP_FALSE : FP_UNKNOWN;
    h->covered = seen == ALL;
}

static void conclude(fp_hotfix *h, const fp_hotfix_evidence *evidence, fp_str product,
                     fp_arena *arena)
{
    h->kb = FP_STR("KB954474");
    h->notes = h->compared = (fp_observations){0};
    assert_int_equal(fp_hotfix_conclude(evidence, product, arena, h), FP_OK);
    assert_true(h->because.size > 0);
}

/* --- the rows --- */

typedef struct state_row {
    const char *name;
    spec traces[TRACES_MAX];
    reach seen;
    bool any_product; /* none was asked for */
    bool contested;
    bool lost;
    fp_hotfix_state state;
    fp_hotfix_ground ground;
    fp_unknown_why why; /* of an unknown or conflicting one */
    size_t notes;
} state_row;

#define IS_INSTALLED   .state = FP_HOTFIX_INSTALLED, .ground = FP_GROUND_RECORDED
#define IS_REPORTED    .state = FP_HOTFIX_INSTALLED, .ground = FP_GROUND_REPORTED
#define IS_PENDING     .state = FP_HOTFIX_PENDING, .ground = FP_GROUND_RECORDED
#define IS_SUPERSEDED  .state = FP_HOTFIX_SUPERSEDED, .ground = FP_GROUND_RECORDED
#define IS_REMOVED     .state = FP_HOTFIX_REMOVED, .ground = FP_GROUND_RECORDED
#define IS_CONFLICTING .state = FP_HOTFIX_CONFLICTING, .why = FP_WHY_CONFLICTING
#define IS_ABSENT      .state = FP_HOTFIX_ABSENT
#define IS_UNKNOWN(w)  .state = FP_HOTFIX_UNKNOWN, .why = FP_WHY_##w

static const state_row STATE_ROWS[] = {
    /* every source alone */
    {"marker key", {{'U', I}}, IS_INSTALLED},
    {"marker key, everything read", {{'U', I}}, ALL, IS_INSTALLED},
    {"package", {{'C', I}}, IS_INSTALLED},
    {"part of a package", {{'c', I}}, IS_INSTALLED},
    {"patch", {{'M', I}}, IS_INSTALLED},
    {"HotFix key", {{'h', I}}, IS_REPORTED},
    {"uninstall entry", {{'u', I}}, IS_REPORTED},
    {"listing", {{'l', I}}, IS_REPORTED},
    {"marker key of another product", {{'o', I}}, IS_REPORTED},
    {"log alone", {{'g', H}}, IS_UNKNOWN(NOT_SUPPLIED)},
    {"folder alone, everything read", {{'f', H}}, ALL, IS_ABSENT},
    {"nothing at all", {{0}}, IS_UNKNOWN(NOT_SUPPLIED)},
    {"nothing, the marker's places read", {{0}}, MARKER, IS_UNKNOWN(INCOMPLETE)},
    {"nothing, everything read", {{0}}, ALL, IS_ABSENT},

    /* what installers record */
    {"package pending", {{'C', P}}, IS_PENDING},
    {"package superseded", {{'C', S}}, IS_SUPERSEDED},
    {"package gone", {{'C', R}}, IS_REMOVED},
    {"package gone, everything read", {{'C', R}}, ALL, IS_REMOVED},
    {"patch gone", {{'M', R}}, IS_REMOVED},
    {"patch superseded", {{'M', S}}, IS_SUPERSEDED},
    {"a part that is named otherwise", {{'C', I}, {'r', R}}, IS_INSTALLED},
    {"only parts, all gone", {{'c', R}, {'c', R}}, IS_REMOVED},
    {"older package superseded, newer installed", {{'C', S}, {'C', I}}, IS_INSTALLED},
    {"older package gone, newer installed", {{'C', R}, {'C', I}}, IS_INSTALLED},
    {"older package installed, newer waits", {{'C', I}, {'C', P}}, IS_PENDING},
    {"parts not needed", {{'C', I}, {'c', R}, {'c', I}}, IS_INSTALLED},
    {"parts of a superseded package", {{'C', S}, {'c', R}, {'c', S}}, IS_SUPERSEDED},
    {"a part waits", {{'C', I}, {'c', P}}, IS_PENDING},
    {"package gone, a part is not", {{'C', R}, {'c', I}}, IS_CONFLICTING},
    {"patch of two products, gone from one", {{'M', I}, {'M', R}}, IS_INSTALLED, .notes = 1},

    /* in agreement */
    {"marker key and all others",
     {{'U', I}, {'C', I}, {'M', I}, {'h', I}, {'u', I}, {'l', I}},
     IS_INSTALLED},
    {"marker key and a package that waits", {{'U', I}, {'C', P}}, IS_PENDING},
    {"marker key and a superseded package", {{'U', I}, {'C', S}}, IS_INSTALLED},
    {"listing and HotFix key", {{'l', I}, {'h', I}}, IS_REPORTED},
    {"package gone, log left", {{'C', R}, {'g', H}}, IS_REMOVED},

    /* in contradiction */
    {"marker key, package gone", {{'U', I}, {'C', R}}, IS_CONFLICTING},
    {"marker key, patch gone", {{'U', I}, {'M', R}}, IS_CONFLICTING},
    {"marker key, parts gone", {{'U', I}, {'c', R}}, IS_CONFLICTING},
    {"package gone, patch there", {{'C', R}, {'M', I}}, IS_CONFLICTING},
    {"package waits, patch gone", {{'C', P}, {'M', R}}, IS_CONFLICTING},
    {"package superseded, patch gone", {{'C', S}, {'M', R}}, IS_CONFLICTING},
    {"package gone, listed", {{'C', R}, {'l', I}}, IS_CONFLICTING},
    {"package gone, HotFix key left", {{'C', R}, {'h', I}}, IS_CONFLICTING},
    {"package gone, uninstall entry left", {{'C', R}, {'u', I}}, IS_CONFLICTING},
    {"package gone, hollow marker key left", {{'C', R}, {'U', H}}, IS_CONFLICTING},
    {"marker key, HotFix key says it is gone", {{'U', I}, {'h', R}}, IS_CONFLICTING},
    {"two marker keys, one says it is gone", {{'U', I}, {'U', R}}, IS_CONFLICTING},
    {"HotFix key, but no marker key", {{'h', I}}, MARKER, IS_CONFLICTING},
    {"uninstall entry, but no marker key", {{'u', I}}, MARKER, IS_CONFLICTING},
    {"listed, but no marker key", {{'l', I}}, MARKER, IS_CONFLICTING},
    {"another product's, but no marker key", {{'o', I}}, ALL, IS_CONFLICTING},
    {"HotFix key says it is gone",
     {{'h', R}},
     ALL,
     .state = FP_HOTFIX_REMOVED,
     .ground = FP_GROUND_REPORTED},
    {"sources disagree", {{'U', I}}, .contested = true, IS_CONFLICTING},
    {"sources disagree, nothing is left of it", {{0}}, ALL, .contested = true, IS_CONFLICTING},

    /* where any product will do */
    {"any: HotFix key alone", {{'h', I}}, ALL, .any_product = true, IS_REPORTED},
    {"any: listed alone", {{'l', I}}, NONE, .any_product = true, IS_REPORTED},
    {"any: listed alone, only Updates read", {{'l', I}}, MARKER, .any_product = true, IS_REPORTED},
    {"any: listed alone, everything read", {{'l', I}}, ALL, .any_product = true, IS_CONFLICTING},
    {"any: listed and a HotFix key", {{'l', I}, {'h', I}}, ALL, .any_product = true, IS_REPORTED},
    {"any: listed and a hollow key", {{'l', I}, {'U', H}}, ALL, .any_product = true, IS_REPORTED},

    /* in doubt */
    {"hollow marker key", {{'U', H}}, IS_REPORTED},
    {"hollow key in one view", {{'U', H}, {'U', I}}, IS_INSTALLED},
    {"unreadable marker key", {{'U', X}}, IS_UNKNOWN(UNREADABLE)},
    {"unreadable package", {{'C', X}}, ALL, IS_UNKNOWN(UNREADABLE)},
    {"unreadable package beside the marker key", {{'U', I}, {'C', X}}, IS_UNKNOWN(UNREADABLE)},
    {"unreadable package beside a listing", {{'l', I}, {'C', X}}, IS_UNKNOWN(UNREADABLE)},
    {"unreadable package beside one that is gone", {{'C', R}, {'C', X}}, IS_UNKNOWN(UNREADABLE)},
    {"unreadable HotFix key beside a contradiction",
     {{'U', I}, {'M', R}, {'h', X}},
     IS_CONFLICTING},
    {"more traces than are listed", {{'U', I}}, .lost = true, IS_UNKNOWN(UNREADABLE)},
};
enum { STATE_ROW_COUNT = sizeof STATE_ROWS / sizeof STATE_ROWS[0] };

static void test_state_row(void **state)
{
    const state_row *row = *state;
    fp_arena *arena = fp_arena_new(BUDGET);
    fp_trace traces[TRACES_MAX];
    fp_hotfix h = {.traces = traces, .contested = row->contested, .traces_lost = row->lost};
    while (h.trace_count < TRACES_MAX && row->traces[h.trace_count].place != 0) {
        traces[h.trace_count] = trace_of(row->traces[h.trace_count]);
        h.trace_count++;
    }
    derive(&h, row->seen);
    const fp_hotfix_evidence nothing = {0};
    conclude(&h, &nothing, row->any_product ? (fp_str){0} : CM, arena);
    for (size_t i = 0; i < h.notes.count; i++)
        print_message("    note: %.*s\n", FP_STR_ARG(h.notes.at[i].value));
    assert_string_equal(fp_hotfix_state_name(h.state), fp_hotfix_state_name(row->state));
    assert_string_equal(fp_hotfix_ground_name(h.ground), fp_hotfix_ground_name(row->ground));
    if (h.state == FP_HOTFIX_UNKNOWN || h.state == FP_HOTFIX_CONFLICTING)
        assert_int_equal(h.why, row->why);
    assert_int_equal(h.notes.count, row->notes);
    assert_int_equal(h.files_match, FP_UNKNOWN);
    fp_arena_free(arena);
}

/* --- recorded files --- */

typedef struct file_row {
    const char *name;
    const char *recorded[FILES_MAX]; /* versions of a.dll, b.dll, c.dll; "" = none */
    const char *on_disk[FILES_MAX];  /* of the same; "?" = not known; NULL = not in the evidence */
    const char *copy;                /* a second a.dll, below `copy_path` */
    const char *copy_path;
    spec also;
    bool incomplete;
    fp_tri match;
    fp_hotfix_state state;
    fp_hotfix_ground ground;
    size_t compared;
} file_row;

#define MATCHES(n)                                                                                 \
    .match = FP_TRUE, .state = FP_HOTFIX_INSTALLED, .ground = FP_GROUND_CONFIRMED, .compared = (n)
#define OPEN(n)  .match = FP_UNKNOWN, IS_INSTALLED, .compared = (n)
#define OLDER(n) .match = FP_FALSE, .state = FP_HOTFIX_CONFLICTING, .compared = (n)

static const file_row FILE_ROWS[] = {
    {"the same version", {"1.2"}, {"1.2.0.0"}, MATCHES(1)},
    {"a newer one", {"1.2"}, {"1.3"}, MATCHES(1)},
    {"an older one", {"1.2"}, {"1.1"}, OLDER(1)},
    {"two files", {"1.2", "1.2"}, {"1.2", "1.2"}, MATCHES(2)},
    {"one of two is older", {"1.2", "1.2"}, {"1.2", "1.1"}, OLDER(2)},
    {"one of two is not there", {"1.2", "1.2"}, {"1.2"}, OPEN(1)},
    {"a file without a version is not compared", {"1.2", "none"}, {"1.2", "1.0"}, MATCHES(1)},
    {"none has a version", {"none"}, {"1.0"}, OPEN(0)},
    {"no file on disk", {"1.2"}, {NULL}, OPEN(0)},
    {"the list may not be whole", {"1.2"}, {"1.2"}, .incomplete = true, OPEN(1)},
    {"older, and the list may not be whole", {"1.2"}, {"1.1"}, .incomplete = true, OLDER(1)},
    {"a second copy that is older",
     {"1.2"},
     {"1.2"},
     .copy = "1.1",
     .copy_path = "ui/a.dll",
     OLDER(2)},
    {"a second copy of which the version is not known",
     {"1.2"},
     {"1.2"},
     .copy = "?",
     .copy_path = "ui/a.dll",
     OPEN(2)},
    {"an older copy beside one of which it is not known",
     {"1.2"},
     {"?"},
     .copy = "1.1",
     .copy_path = "ui/a.dll",
     OLDER(2)},
    {"a second copy that was put aside",
     {"1.2"},
     {"1.2"},
     .copy = "1.1",
     .copy_path = "WINDOWS\\$NtUninstallKB954474$\\a.dll",
     MATCHES(1)},
    {"only what was put aside",
     {"1.2"},
     {NULL},
     .copy = "1.1",
     .copy_path = "$NTUninstallKB954474$/a.dll",
     OPEN(0)},
    {"older until the restart",
     {"1.2"},
     {"1.1"},
     .also = {'C', P},
     .match = FP_FALSE,
     IS_PENDING,
     .compared = 1},
};
enum { FILE_ROW_COUNT = sizeof FILE_ROWS / sizeof FILE_ROWS[0] };

static void add_on_disk(fp_hotfix_file *files, size_t *count, fp_str name, const char *version)
{
    if (version == NULL)
        return;
    fp_hotfix_file file = {.item = (uint32_t)*count + 1, .name = name};
    assert_int_equal(fp_version_parse(fp_str_of(version), &file.version),
                     strcmp(version, "?") != 0);
    files[(*count)++] = file;
}

static void test_file_row(void **state)
{
    static const fp_str NAMES[FILES_MAX] = {FP_STR_INIT("a.dll"), FP_STR_INIT("b.dll"),
                                            FP_STR_INIT("c.dll")};
    const file_row *row = *state;
    fp_arena *arena = fp_arena_new(BUDGET);
    fp_trace_file recorded[FILES_MAX];
    fp_hotfix_file files[FILES_MAX + 1];
    fp_trace traces[2] = {trace_of((spec){'U', I})};
    fp_hotfix_evidence evidence = {.files = files};
    traces[0].files = recorded;
    traces[0].files_complete = row->incomplete ? FP_UNKNOWN : FP_TRUE;
    for (size_t i = 0; i < FILES_MAX && row->recorded[i] != NULL; i++) {
        fp_trace_file *f = &recorded[traces[0].file_count++];
        *f = (fp_trace_file){.name = NAMES[i], .version_text = fp_str_of(row->recorded[i])};
        f->has_version = fp_version_parse(f->version_text, &f->version);
        add_on_disk(files, &evidence.file_count, NAMES[i], row->on_disk[i]);
    }
    add_on_disk(files, &evidence.file_count, NAMES[0], row->copy);
    if (row->copy != NULL)
        files[evidence.file_count - 1].put_aside =
            fp_hotfix_is_put_aside(fp_str_of(row->copy_path));
    qsort(files, evidence.file_count, sizeof *files, fp_hotfix_file_order);

    fp_hotfix h = {.traces = traces, .trace_count = 1};
    if (row->also.place != 0)
        traces[h.trace_count++] = trace_of(row->also);
    derive(&h, NONE);
    conclude(&h, &evidence, CM, arena);
    assert_int_equal(h.files_match, row->match);
    assert_string_equal(fp_hotfix_state_name(h.state), fp_hotfix_state_name(row->state));
    assert_string_equal(fp_hotfix_ground_name(h.ground), fp_hotfix_ground_name(row->ground));
    assert_int_equal(h.compared.count, row->compared);
    fp_arena_free(arena);
}

/* Of a hostile number of files of one name some are compared, and the answer stays open. */
static void too_many_copies_leave_it_open(void **state)
{
    enum { COUNT = FP_HOTFIX_COPIES_MAX + 1 };
    static fp_hotfix_file files[COUNT];
    (void)state;
    fp_arena *arena = fp_arena_new(BUDGET);
    fp_trace_file recorded = {.name = FP_STR("a.dll"), .version_text = FP_STR("1.2")};
    recorded.has_version = fp_version_parse(recorded.version_text, &recorded.version);
    fp_trace t = trace_of((spec){'U', I});
    t.files = &recorded;
    t.file_count = 1;
    for (size_t i = 0; i < COUNT; i++)
        files[i] = (fp_hotfix_file){(uint32_t)i + 1, recorded.name, recorded.version, false};
    fp_hotfix_evidence evidence = {.files = files, .file_count = COUNT - 1};
    fp_hotfix h = {.traces = &t, .trace_count = 1};
    derive(&h, NONE);
    conclude(&h, &evidence, CM, arena);
    assert_int_equal(h.files_match, FP_TRUE);
    evidence.file_count = COUNT;
    conclude(&h, &evidence, CM, arena);
    assert_int_equal(h.files_match, FP_UNKNOWN);
    files[0].version.part[1] = 1;
    conclude(&h, &evidence, CM, arena);
    assert_int_equal(h.files_match, FP_FALSE);
    fp_arena_free(arena);
}

/* Names differ in case, a recorded one may have a folder, and others stand on both sides. */
static void files_are_found_by_their_names(void **state)
{
    static const char *const NAMES[] = {"", "0.dll", "A.dl", "a.DLL", "A.dll", "a.dllx", "b.dll"};
    enum { COUNT = sizeof NAMES / sizeof NAMES[0] };
    (void)state;
    fp_arena *arena = fp_arena_new(BUDGET);
    fp_trace_file recorded = {.name = FP_STR("bin\\a.dll"), .version_text = FP_STR("1.2")};
    recorded.has_version = fp_version_parse(recorded.version_text, &recorded.version);
    fp_trace t = trace_of((spec){'U', I});
    t.files = &recorded;
    t.file_count = 1;
    for (size_t older = 0; older < COUNT; older++) {
        fp_hotfix_file files[COUNT];
        for (size_t i = 0; i < COUNT; i++) {
            files[i] = (fp_hotfix_file){.item = (uint32_t)(COUNT - i), .name = fp_str_of(NAMES[i])};
            assert_true(fp_version_parse(fp_str_of(i == older ? "1.1" : "1.2"), &files[i].version));
        }
        qsort(files, COUNT, sizeof *files, fp_hotfix_file_order);
        fp_hotfix h = {.traces = &t, .trace_count = 1};
        const fp_hotfix_evidence evidence = {.files = files, .file_count = COUNT};
        derive(&h, NONE);
        conclude(&h, &evidence, CM, arena);
        assert_int_equal(h.compared.count, 2);
        assert_int_equal(h.files_match, older == 3 || older == 4 ? FP_FALSE : FP_TRUE);

        t.other_product = true; /* its record says nothing of this product's files */
        derive(&h, NONE);
        conclude(&h, &evidence, CM, arena);
        assert_int_equal(h.files_match, FP_UNKNOWN);
        t.other_product = false;
    }
    recorded.name = (fp_str){NULL, 0}; /* no file has no name */
    const fp_hotfix_file nameless = {.item = 1, .version = recorded.version};
    fp_hotfix h = {.traces = &t, .trace_count = 1};
    derive(&h, NONE);
    conclude(&h, &(fp_hotfix_evidence){.files = &nameless, .file_count = 1}, CM, arena);
    assert_int_equal(h.files_match, FP_UNKNOWN);
    fp_arena_free(arena);
}

static void memory_runs_out(void **state)
{
    (void)state;
    fp_trace traces[] = {trace_of((spec){'M', I}), trace_of((spec){'M', R})};
    for (size_t budget = 0;; budget += 64) {
        fp_arena *arena = fp_arena_new(budget);
        fp_hotfix h = {.kb = FP_STR("KB1"), .traces = traces, .trace_count = 2};
        derive(&h, NONE);
        const fp_status status = fp_hotfix_conclude(&(fp_hotfix_evidence){0}, CM, arena, &h);
        fp_arena_free(arena);
        if (status == FP_OK)
            return;
        assert_int_equal(status, FP_NOMEM);
        assert_true(budget < BUDGET);
    }
}

/* --- whatever the traces --- */

enum { RANDOM_ROUNDS = 60000 };

static unsigned next(uint64_t *seed, unsigned below)
{
    *seed = *seed * 6364136223846793005U + 1442695040888963407U;
    return (unsigned)(*seed >> 33) % below;
}

static fp_hotfix random_hotfix(uint64_t *seed, fp_trace traces[TRACES_MAX], reach *seen)
{
    static const char LETTERS[] = "UoCcMhulgf";
    fp_hotfix h = {.traces = traces, .trace_count = next(seed, TRACES_MAX)};
    for (size_t i = 0; i < h.trace_count; i++) {
        const char letter = LETTERS[next(seed, sizeof LETTERS - 1)];
        /* Most are readable, or nothing definite would come out. */
        fp_trace_says says = (fp_trace_says)next(seed, FP_TRACE_SAYS_COUNT);
        if (says == X && next(seed, 2) == 0)
            says = I;
        if ((says == P || says == S) && strchr("ohul", letter) != NULL)
            says = I; /* only installers know more */
        traces[i] = trace_of((spec){letter, letter == 'g' || letter == 'f' ? H : says});
    }
    h.contested = next(seed, 16) == 0;
    *seen = (reach)next(seed, 3);
    derive(&h, *seen);
    return h;
}

static bool any_says(const fp_hotfix *h, fp_trace_says says)
{
    for (size_t i = 0; i < h->trace_count; i++)
        if (h->traces[i].says == says)
            return true;
    return false;
}

static void check_order(const fp_hotfix *h, const fp_hotfix_evidence *evidence, fp_str product,
                        uint64_t *seed, fp_arena *arena)
{
    fp_trace shuffled[TRACES_MAX];
    for (size_t i = 0; i < h->trace_count; i++) {
        const size_t at = next(seed, (unsigned)i + 1);
        shuffled[i] = shuffled[at];
        shuffled[at] = h->traces[i];
    }
    fp_hotfix other = *h;
    other.traces = shuffled;
    conclude(&other, evidence, product, arena);
    assert_int_equal(other.state, h->state);
    assert_int_equal(other.ground, h->ground);
    assert_int_equal(other.why, h->why);
    assert_int_equal(other.notes.count, h->notes.count);
}

/* A definite state is also that of every reading of what could not be read. */
static void check_readings(const fp_hotfix *h, const fp_hotfix_evidence *evidence, fp_str product,
                           reach seen, fp_arena *arena)
{
    static const fp_trace_says READINGS[] = {H, I, P, S, R};
    fp_trace read[TRACES_MAX];
    size_t unread = 0;
    size_t combinations = 1;
    for (size_t i = 0; i < h->trace_count; i++)
        unread += h->traces[i].says == X;
    for (size_t i = 0; i < unread; i++)
        combinations *= 5;
    for (size_t n = 0; unread > 0 && unread <= 2 && n < combinations; n++) {
        size_t rest = n;
        fp_hotfix other = *h;
        other.traces = read;
        for (size_t i = 0; i < h->trace_count; i++) {
            read[i] = h->traces[i];
            if (read[i].says == X) {
                read[i].says = READINGS[rest % 5];
                rest /= 5;
            }
        }
        derive(&other, seen);
        conclude(&other, evidence, product, arena);
        if (h->state != FP_HOTFIX_UNKNOWN)
            assert_int_equal(other.state, h->state);
    }
}

/* One more trace that cannot be read settles nothing. */
static void check_doubt(const fp_hotfix *h, const fp_hotfix_evidence *evidence, fp_str product,
                        reach seen, char letter, fp_arena *arena)
{
    fp_trace more[TRACES_MAX + 1];
    for (size_t i = 0; i < h->trace_count; i++)
        more[i] = h->traces[i];
    more[h->trace_count] = trace_of((spec){letter, X});
    fp_hotfix other = *h;
    other.traces = more;
    other.trace_count++;
    derive(&other, seen);
    conclude(&other, evidence, product, arena);
    assert_true(other.state == h->state || other.state == FP_HOTFIX_UNKNOWN);
}

static void check_meaning(const fp_hotfix *h)
{
    const bool here = any_says(h, I) || any_says(h, P) || any_says(h, S);
    if (h->contested)
        assert_int_equal(h->state, FP_HOTFIX_CONFLICTING);
    /* Where one version of a package waits, no other changes that. */
    if (any_says(h, X))
        assert_true(h->state == FP_HOTFIX_UNKNOWN || h->state == FP_HOTFIX_CONFLICTING ||
                    h->state == FP_HOTFIX_PENDING);
    if (h->state == FP_HOTFIX_ABSENT) {
        assert_true(h->covered);
        assert_false(here || any_says(h, R));
    }
    if (h->state == FP_HOTFIX_REMOVED)
        assert_true(any_says(h, R) && !here);
    if (h->state == FP_HOTFIX_INSTALLED && h->ground >= FP_GROUND_RECORDED)
        assert_true(any_says(h, I) && !any_says(h, P));
    assert_int_equal(h->ground == FP_GROUND_NONE, h->state == FP_HOTFIX_UNKNOWN ||
                                                      h->state == FP_HOTFIX_CONFLICTING ||
                                                      h->state == FP_HOTFIX_ABSENT);
}

static void whatever_the_traces(void **state)
{
    (void)state;
    const fp_hotfix_evidence nothing = {0};
    uint64_t seed = 954474;
    unsigned states[FP_HOTFIX_STATES] = {0};
    for (int round = 0; round < RANDOM_ROUNDS; round++) {
        fp_arena *arena = fp_arena_new(BUDGET);
        fp_trace traces[TRACES_MAX];
        reach seen;
        fp_hotfix h = random_hotfix(&seed, traces, &seen);
        const fp_str product = next(&seed, 2) == 0 ? CM : (fp_str){0};
        conclude(&h, &nothing, product, arena);
        states[h.state]++;
        check_meaning(&h);
        check_order(&h, &nothing, product, &seed, arena);
        check_readings(&h, &nothing, product, seen, arena);
        check_doubt(&h, &nothing, product, seen, "UoCcMhul"[next(&seed, 8)], arena);
        fp_arena_free(arena);
    }
    for (size_t i = 0; i < FP_HOTFIX_STATES; i++)
        assert_true(states[i] > RANDOM_ROUNDS / 1000); /* each was reached often enough */
}

/* A mark that was not known to be missing: nothing becomes definite that was not. */
static void less_evidence(void **state)
{
    (void)state;
    const fp_hotfix_evidence nothing = {0};
    uint64_t seed = 885266;
    for (int round = 0; round < RANDOM_ROUNDS; round++) {
        fp_arena *arena = fp_arena_new(BUDGET);
        fp_trace traces[TRACES_MAX];
        reach seen;
        fp_hotfix h = random_hotfix(&seed, traces, &seen);
        fp_hotfix less = h;
        derive(&less, NONE);
        conclude(&h, &nothing, CM, arena);
        conclude(&less, &nothing, CM, arena);
        if (h.state == FP_HOTFIX_UNKNOWN)
            assert_int_equal(less.state, FP_HOTFIX_UNKNOWN);
        if (less.state != h.state && less.state != FP_HOTFIX_UNKNOWN)
            assert_int_equal(less.ground, FP_GROUND_REPORTED);
        fp_arena_free(arena);
    }
}

int main(void)
{
    struct CMUnitTest tests[STATE_ROW_COUNT + FILE_ROW_COUNT + 5];
    size_t n = 0;
    for (size_t i = 0; i < STATE_ROW_COUNT; i++)
        tests[n++] = (struct CMUnitTest){STATE_ROWS[i].name, test_state_row, NULL, NULL,
                                         (void *)(uintptr_t)&STATE_ROWS[i]};
    for (size_t i = 0; i < FILE_ROW_COUNT; i++)
        tests[n++] = (struct CMUnitTest){FILE_ROWS[i].name, test_file_row, NULL, NULL,
                                         (void *)(uintptr_t)&FILE_ROWS[i]};
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(files_are_found_by_their_names);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(too_many_copies_leave_it_open);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(memory_runs_out);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(whatever_the_traces);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(less_evidence);
    return RUN_TESTS(tests);
}
