/* SPDX-License-Identifier: MIT */
/* What a case file makes of the evidence: statements, hosts, the collector's record, damage. */
#include "tests/support/case_input.h"
#include "tests/support/check.h"
#include "tests/support/hive_builder.h"
#include "tests/support/pe_builder.h"
#include "verify/decide/case_parts.h"
#include "verify/decide/statements.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

enum { BUDGET = 4 * 1024 * 1024, EVIDENCE_MAX = 16 * 1024 };

/* ---- the JSON files ---- */

static const char statements[] =
    "{\"schema\": \"fixproof/statements/v1\",\n"
    " \"statements\": [\n"
    "  {\"key\": \"k\", \"value\": \"v\", \"by\": \"b\", \"date\": \"2008-06-18\"},\n"
    "  {\"key\": \"l\", \"value\": \"w\", \"by\": \"b\", \"date\": \"2008-06-18T01:02:03Z\", "
    "\"note\": \"\"}\n"
    " ]}";
static const char collection[] =
    "{\"schema\": \"fixproof/collection/v1\",\n"
    " \"host\": \"H\", \"collected_at\": \"2008-06-18T01:02:03Z\",\n"
    " \"collector\": \"c\",\n"
    " \"items\": [{\"path\": \"p\", \"source\": \"s\", \"modified\": \"2008-06-18\"}],\n"
    " \"failed\": [{\"source\": \"HKLM/SOFTWARE\", \"reason\": \"denied\"}],\n"
    " \"absent\": [\"a.log\"]}";

static fp_status read_document(bool is_statements, const char *text, size_t size, size_t budget,
                               fp_diag *d)
{
    fp_arena *arena = fp_arena_new(budget);
    fp_statement *read = NULL;
    size_t count = 0;
    fp_collection record = {0};
    assert_non_null(arena);
    const fp_span span = fp_span_of(text, size);
    const fp_status status = is_statements
                                 ? fp_statements_read(span, 7, arena, NULL, NULL, &read, &count, d)
                                 : fp_collection_read(span, arena, NULL, NULL, &record, d);
    if (status != FP_OK)
        assert_true(read == NULL && count == 0 && record.host.size == 0);
    fp_arena_free(arena);
    return status;
}

typedef struct row {
    bool is_statements;
    const char *name, *find, *put;
    fp_status status;
    uint64_t line;
} row;

static const row rows[] = {
    {true, "statements as they should be", "\"v\"", "\"v\"", FP_OK, 0},
    {true, "statement without a name", ", \"by\": \"b\", \"date\": \"2008-06-18\"}",
     ", \"date\": \"2008-06-18\"}", FP_FORMAT, 3},
    {true, "statement without a value", "\"value\": \"v\", ", "", FP_FORMAT, 3},
    {true, "statement with an empty value", "\"v\"", "\"\"", FP_FORMAT, 3},
    {true, "statement whose date is none", "T01:02:03Z", "T25:02:03Z", FP_FORMAT, 4},
    {true, "statement with an unknown key", "\"note\"", "\"notes\"", FP_FORMAT, 4},
    {true, "statement that is no object", "{\"key\": \"k\"", "1, {\"key\": \"k\"", FP_FORMAT, 3},
    {true, "statements of another schema", "statements/v1", "statements/v2", FP_FORMAT, 1},
    {true, "statements beside something else",
     "\"statements\":", "\"x\": 1, \"statements\":", FP_FORMAT, 2},
    {true, "statements that are no array", "[\n", "{}, \"a\": [\n", FP_FORMAT, 2},
    {false, "a collection as it should be", "\"H\"", "\"H\"", FP_OK, 0},
    {false, "collection without a host", "\"host\": \"H\", ", "", FP_FORMAT, 1},
    {false, "collection without a time", "2008-06-18T01:02:03Z", "yesterday", FP_FORMAT, 2},
    {false, "a failure without a source", "\"source\": \"HKLM/SOFTWARE\", ", "", FP_FORMAT, 5},
    {false, "an absence that is no text", "[\"a.log\"]", "[7]", FP_FORMAT, 6},
    {false, "collection with an unknown key", "\"collector\"", "\"collectors\"", FP_FORMAT, 3},
    {false, "collected item without a path", "\"path\": \"p\", ", "", FP_FORMAT, 4},
};

static void test_row(void **state)
{
    const row *r = *state;
    const char *good = r->is_statements ? statements : collection;
    const char *at = strstr(good, r->find);
    char text[1024];
    fp_diag d = {0};
    assert_non_null(at);
    (void)snprintf(text, sizeof text, "%.*s%s%s", (int)(at - good), good, r->put,
                   at + strlen(r->find));
    assert_int_equal(read_document(r->is_statements, text, strlen(text), BUDGET, &d), r->status);
    assert_int_equal(d.status, r->status);
    assert_int_equal(d.where, r->line);
}

static void test_values(void **state)
{
    (void)state;
    fp_arena *arena = fp_arena_new(BUDGET);
    fp_statement *read = NULL;
    size_t count = 0;
    fp_collection record;
    fp_time t;
    assert_int_equal(fp_statements_read(fp_span_of(statements, strlen(statements)), 7, arena, NULL,
                                        NULL, &read, &count, NULL),
                     FP_OK);
    assert_int_equal(count, 2);
    assert_str(read[0].value, "v");
    assert_str(read[1].date, "2008-06-18T01:02:03Z");
    assert_int_equal(read[1].item, 7);
    assert_int_equal(fp_collection_read(fp_span_of(collection, strlen(collection)), arena, NULL,
                                        NULL, &record, NULL),
                     FP_OK);
    assert_true(fp_time_parse(FP_STR("2008-06-18T01:02:03Z"), &t));
    assert_int_equal(record.time, t);
    assert_str(record.host, "H");
    assert_int_equal(record.item_count, 1);
    assert_str(record.items[0].path, "p");
    assert_str(record.items[0].source, "s");
    assert_int_equal(record.failed_count, 1);
    assert_str(record.failed[0].source, "HKLM/SOFTWARE");
    assert_str(record.failed[0].reason, "denied");
    fp_arena_free(arena);
}

static void test_cut_anywhere(void **state)
{
    (void)state;
    for (int which = 0; which < 2; which++) {
        const char *good = which == 0 ? statements : collection;
        for (size_t size = 0; size < strlen(good); size++)
            assert_int_equal(read_document(which == 0, good, size, BUDGET, NULL), FP_FORMAT);
    }
}

static void test_budgets(void **state)
{
    (void)state;
    for (int which = 0; which < 2; which++) {
        const char *good = which == 0 ? statements : collection;
        fp_status status = FP_NOMEM;
        size_t refused = 0;
        for (size_t budget = 0; status == FP_NOMEM; budget += 16) {
            status = read_document(which == 0, good, strlen(good), budget, NULL);
            assert_true(status == FP_OK || status == FP_NOMEM);
            refused += status == FP_NOMEM;
        }
        assert_true(refused > 0);
    }
}

static void test_too_many_statements(void **state)
{
    (void)state;
    char *text = malloc(1024 * 1024);
    assert_non_null(text);
    size_t size = (size_t)sprintf(text, "{\"schema\":\"fixproof/statements/v1\",\"statements\":[");
    for (int i = 0; i <= FP_STATEMENTS_MAX; i++)
        size += (size_t)sprintf(
            text + size, "%s{\"key\":\"k\",\"value\":\"v\",\"by\":\"b\",\"date\":\"2008-06-18\"}",
            i == 0 ? "" : ",");
    size += (size_t)sprintf(text + size, "]}");
    assert_int_equal(read_document(true, text, size, BUDGET, NULL), FP_FORMAT);
    free(text);
}

/* ---- the case file ---- */

typedef struct world {
    fp_arena *arena;
    fp_releases *releases;
    fp_case_options options;
    case_inputs inputs;
    fp_json *json;
} world;

static int open_world(void **state)
{
    world *w = calloc(1, sizeof *w);
    assert_non_null(w);
    w->arena = fp_arena_new(BUDGET);
    w->releases = fp_releases_new(w->arena);
    assert_non_null(w->releases);
    w->options.releases = w->releases;
    *state = w;
    return 0;
}

static int close_world(void **state)
{
    world *w = *state;
    case_inputs_close(&w->inputs);
    fp_json_free(w->json);
    fp_arena_free(w->arena);
    free(w);
    return 0;
}

/* `evidence`: as in a case of tests/cases. */
static fp_case *open_case(world *w, const char *evidence)
{
    fp_case *c = NULL;
    fp_diag d = {0};
    assert_int_equal(fp_json_parse(fp_span_of(evidence, strlen(evidence)), &w->json, NULL), FP_OK);
    assert_int_equal(case_inputs_open(w->json, FIXPROOF_SOURCE_DIR "/tests/cases", &w->inputs),
                     CASE_READY);
    if (fp_case_open(w->inputs.at, w->inputs.count, &w->options, &c, &d) != FP_OK)
        fail_msg("%s", d.message);
    return c;
}

#define REGISTRY(host)                                                                             \
    "{\"as\": \"a.reg\", \"text\": \"Windows Registry Editor Version 5.00\\r\\n\\r\\n"             \
    "[HKEY_LOCAL_MACHINE\\\\SOFTWARE\\\\Microsoft\\\\SMS]\\r\\n\\r\\n"                             \
    "[HKEY_LOCAL_MACHINE\\\\SOFTWARE\\\\Microsoft\\\\SMS\\\\Identification]\\r\\n"                 \
    "\\\"Site Server\\\"=\\\"" host "\\\"\\r\\n\\r\\n"                                             \
    "[HKEY_LOCAL_MACHINE\\\\SOFTWARE\\\\Microsoft\\\\SMS\\\\Setup]\\r\\n"                          \
    "\\\"Full Version\\\"=\\\"4.00.6221.1000\\\"\\r\\n\"}"
#define COLLECTION(host, time)                                                                     \
    "{\"as\": \"collection.json\", \"text\": \"{\\\"schema\\\": \\\"fixproof/collection/v1\\\", "  \
    "\\\"host\\\": \\\"" host "\\\", \\\"collected_at\\\": \\\"" time "\\\"}\"}"
#define STATEMENT(value)                                                                           \
    "{\"as\": \"statements.json\", \"text\": \"{\\\"schema\\\": \\\"fixproof/statements/v1\\\", "  \
    "\\\"statements\\\": [{\\\"key\\\": \\\"k\\\", \\\"value\\\": \\\"" value                      \
    "\\\", \\\"by\\\": \\\"b\\\", \\\"date\\\": \\\"2008-06-18\\\"}]}\"}"

#define LISTING(host, rest)                                                                        \
    "{\"as\": \"qfe.txt\", \"text\": \"CSName=" host "\\r\\nHotFixID=KB954474\\r\\n" rest "\"}"

typedef struct host_row {
    const char *name, *evidence;
    const char *host;
    bool conflict;
} host_row;

static const host_row host_rows[] = {
    {"one source", "[" REGISTRY("KOLCM01") "]", "KOLCM01", false},
    {"the host part, without case",
     "[" COLLECTION("kolcm01.example.com", "2008-06-18") ", " REGISTRY("KOLCM01") "]",
     "kolcm01.example.com", false},
    {"two computers", "[" COLLECTION("KOLCM02", "2008-06-18") ", " REGISTRY("KOLCM01") "]",
     "KOLCM02", true},
    {"a longer name", "[" COLLECTION("KOLCM011", "2008-06-18") ", " REGISTRY("KOLCM01") "]",
     "KOLCM011", true},
    {"placeholders name nobody",
     "[" COLLECTION("<SERVERFQDN>", "2008-06-18") ", " REGISTRY("KOLCM01") "]", "KOLCM01", false},
    {"two exports of two computers", "[" REGISTRY("KOLCM01") ", " REGISTRY("KOLCM02") "]", "",
     true},
    {"two records of two computers",
     "[" COLLECTION("A", "2008-06-18") ", " COLLECTION("B", "2008-06-18") "]", "A", true},
    {"a listing of updates", "[" LISTING("kolcm01", "") ", " REGISTRY("KOLCM01") "]", "kolcm01",
     false},
    {"a listing of another computer", "[" LISTING("OTHER", "") ", " REGISTRY("KOLCM01") "]",
     "OTHER", true},
    {"a listing of two computers", "[" LISTING("A", "CSName=B\\r\\nHotFixID=KB1\\r\\n") "]", "A",
     true},
};

static void test_hosts(void **state)
{
    for (size_t i = 0; i < sizeof host_rows / sizeof *host_rows; i++) {
        world *w = *state;
        const host_row *r = &host_rows[i];
        fp_case *c = open_case(w, r->evidence);
        if (c->host_conflict != r->conflict || !fp_str_eq(c->host, fp_str_of(r->host)) ||
            (c->findings.count > 0) != r->conflict)
            fail_msg("%s: host %.*s, %s", r->name, FP_STR_ARG(c->host),
                     c->host_conflict ? "conflict" : "no conflict");
        fp_case_free(c);
        assert_int_equal(close_world(state), 0);
        assert_int_equal(open_world(state), 0);
    }
}

static void test_oldest_collection(void **state)
{
    fp_case *c = open_case(*state, "[" COLLECTION("A", "2008-06-18") ", " COLLECTION(
                                       "A", "2008-06-17") ", " COLLECTION("A", "2008-06-19") "]");
    assert_str(c->collected_at_text, "2008-06-17");
    fp_case_free(c);
}

static void test_failed_collection(void **state)
{
    fp_case *c = open_case(
        *state, "[{\"as\": \"collection.json\", \"text\": \"{\\\"schema\\\": "
                "\\\"fixproof/collection/v1\\\", \\\"host\\\": \\\"A\\\", "
                "\\\"collected_at\\\": \\\"2008-06-18\\\", \\\"failed\\\": "
                "[{\\\"source\\\": \\\"HKLM/SOFTWARE\\\", \\\"reason\\\": \\\"denied\\\"}]}\"}]");
    const fp_item *item = fp_evidence_item(c->evidence, 1);
    assert_non_null(item);
    assert_int_equal(item->problem_count, 1);
    assert_string_equal(item->problems[0], "the collector could not take HKLM/SOFTWARE: denied");
    fp_case_free(c);
}

/* When and where each item was taken, by the record that lies beside it. */
static void test_collected(void **state)
{
    fp_case *c = open_case(
        *state, "[{\"as\": \"set/collection.json\", \"text\": \"{\\\"schema\\\": "
                "\\\"fixproof/collection/v1\\\", \\\"host\\\": \\\"A\\\", "
                "\\\"collected_at\\\": \\\"2008-06-18T02:00:00+02:00\\\", \\\"items\\\": ["
                "{\\\"path\\\": \\\"files\\\\\\\\A.TXT\\\", \\\"source\\\": \\\"D:/a\\\", "
                "\\\"modified\\\": \\\"2008-06-17T23:00:00-02:00\\\"},"
                "{\\\"path\\\": \\\"b.txt\\\"}]}\"}, "
                "{\"as\": \"set/Files/a.txt\", \"text\": \"x\"}, "
                "{\"as\": \"set/b.txt\", \"text\": \"x\"}, {\"as\": \"b.txt\", \"text\": \"x\"}]");
    fp_time at;
    fp_time modified;
    fp_collected told;
    assert_true(fp_time_parse(FP_STR("2008-06-18T00:00:00Z"), &at));
    assert_true(fp_time_parse(FP_STR("2008-06-18T01:00:00Z"), &modified));
    assert_true(fp_case_collected(c, fp_evidence_item(c->evidence, 2), &told));
    assert_int_equal(told.at, at);
    assert_str(told.source, "D:/a");
    assert_int_equal(told.modified, modified);
    assert_true(fp_case_collected(c, fp_evidence_item(c->evidence, 3), &told));
    assert_int_equal(told.source.size, 0);
    assert_int_equal(told.modified, FP_TIME_NONE);
    assert_false(fp_case_collected(c, fp_evidence_item(c->evidence, 4), &told));
    assert_false(fp_case_collected(c, fp_evidence_item(c->evidence, 1), &told));
    fp_case_free(c);
}

/* Where an item comes from is known of the item, or else of the record that says so. */
static void test_sources(void **state)
{
    fp_case *c = open_case(
        *state, "[{\"as\": \"set/collection.json\", \"text\": \"{\\\"schema\\\": "
                "\\\"fixproof/collection/v1\\\", \\\"host\\\": \\\"A\\\", "
                "\\\"collected_at\\\": \\\"2008-06-18\\\", \\\"items\\\": ["
                "{\\\"path\\\": \\\"Files/A.txt\\\", \\\"source\\\": \\\"$NTUninstallKB1$/a\\\"},"
                "{\\\"path\\\": \\\"no source\\\"},"
                "{\\\"path\\\": \\\"gone\\\", \\\"source\\\": \\\"KB1.log\\\"}]}\"}, "
                "{\"as\": \"set/files/a.txt\", \"text\": \"x\"}]");
    assert_int_equal(c->hotfixes.path_count, 4);
    assert_str(c->hotfixes.paths[1].path, "set/files/a.txt");
    assert_str(c->hotfixes.paths[2].path, "$NTUninstallKB1$/a");
    assert_int_equal(c->hotfixes.paths[2].item, 2);
    assert_str(c->hotfixes.paths[3].path, "KB1.log");
    assert_int_equal(c->hotfixes.paths[3].item, 1);
    fp_case_free(c);
}

static void test_listing(void **state)
{
    fp_case *c = open_case(*state, "[" LISTING("A", "\\r\\nHotFixID=KB95447") "]");
    const fp_item *item = fp_evidence_item(c->evidence, 1);
    assert_non_null(item);
    assert_int_equal(item->kind, FP_KIND_LISTING);
    assert_int_equal(item->problem_count, 2);
    assert_string_equal(item->problems[0], "line 4: KB95447 may be cut: not counted");
    assert_int_equal(c->hotfixes.listing_count, 1);
    assert_int_equal(c->hotfixes.listings[0].row_count, 1);
    assert_true(fp_case_usable(c));
    fp_case_free(c);
}

#define SITE_UPDATES(rows) "{\"as\": \"a.csv\", \"text\": \"Name,PackageGuid,State\\n" rows "\"}"

static void test_site_updates(void **state)
{
    static const struct {
        const char *evidence;
        size_t count, problems;
        bool complete;
    } lists[] = {
        {"[" SITE_UPDATES("A,g,2\\n") "]", 1, 0, true},
        {"[" SITE_UPDATES("A,g,2\\nB,g") "]", 1, 1, false},
        /* It ends with a whole row, but its archive ends there too. */
        {"[{\"archive\": \"tar\", \"as\": \"a.tar\", \"truncate\": 541, \"members\": "
         "[" SITE_UPDATES("A,g,2\\nB,h,3\\n") "]}]",
         1, 0, false},
    };
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        fp_case *c = open_case(*state, lists[i].evidence);
        assert_true(fp_case_usable(c));
        assert_int_equal(c->site_updates_count, 1);
        const fp_item *item = fp_evidence_item(c->evidence, c->site_updates[0].item);
        assert_non_null(item);
        assert_int_equal(item->kind, FP_KIND_SITE_UPDATES);
        assert_int_equal(c->site_updates[0].count, lists[i].count);
        assert_int_equal(c->site_updates[0].complete, lists[i].complete);
        if (item->complete)
            assert_int_equal(item->problem_count, lists[i].problems);
        fp_case_free(c);
        assert_int_equal(close_world(state), 0);
        assert_int_equal(open_world(state), 0);
    }
}

static const fp_hotfix *ask_hotfix(const fp_case *c, const char *kb, const char *product)
{
    const fp_hotfix *hotfix = NULL;
    assert_int_equal(fp_case_hotfix(c, fp_str_of(kb), fp_str_of(product), &hotfix), FP_OK);
    return hotfix;
}

static void test_a_hotfix_is_read_once(void **state)
{
    fp_case *c = open_case(*state, "[" REGISTRY("A") "]");
    const fp_hotfix *first = ask_hotfix(c, "KB954474", "Some Product");
    assert_ptr_equal(ask_hotfix(c, "kb954474", "Some Product"), first);
    assert_ptr_not_equal(ask_hotfix(c, "KB954474", "Another Product"), first);
    assert_ptr_not_equal(ask_hotfix(c, "KB95447", "Some Product"), first);
    assert_ptr_equal(ask_hotfix(c, "KB954474", "Some Product"), first);

    const fp_hotfix *none = first;
    assert_int_equal(fp_case_hotfix(c, FP_STR("954474x"), FP_STR(""), &none), FP_FORMAT);
    assert_ptr_equal(none, first);
    ask_hotfix(c, "KB954474", ""); /* the one that is none spoils nothing */
    size_t asked = 0;
    while (fp_case_hotfix_asked(c, asked) != NULL)
        asked++;
    assert_int_equal(asked, 4);
    fp_case_free(c);
}

static fp_hotfix_ground ground_with(world *w, const fp_case_input *inputs, size_t count)
{
    fp_case *c = NULL;
    assert_int_equal(fp_case_open(inputs, count, &w->options, &c, NULL), FP_OK);
    const fp_hotfix_ground ground = ask_hotfix(c, "KB1", "X")->ground;
    fp_case_free(c);
    return ground;
}

static fp_case_input memory_input(const char *name, const void *bytes, size_t size)
{
    const int fd = memfd_create(name, MFD_CLOEXEC);
    assert_int_equal(write(fd, bytes, size), size);
    assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
    return (fp_case_input){.fd = fd, .name = name};
}

/* A program that tells two versions, or none as it is cut, may be older than the marker records. */
static void test_unsure_programs_confirm_nothing(void **state)
{
#define KEY "[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Updates\\X\\SP1\\KB1"
    static const char marker[] =
        "Windows Registry Editor Version 5.00\r\n\r\n" KEY "]\r\n\r\n" KEY "\\Filelist]\r\n\r\n" KEY
        "\\Filelist\\0]\r\n"
        "\"FileName\"=\"a.exe\"\r\n\"Version\"=\"1.2.3.4\"\r\n\r\n" KEY "\\Z]\r\n\r\n";
    static const pe_language languages[] = {{.id = 0x409, .version = {1, 2, 3, 4}},
                                            {.id = 0x407, .version = {1, 2, 3, 3}}};
    static uint8_t sound[PE_BUILD_MAX], torn[PE_BUILD_MAX];
    pe_layout of_sound, of_torn;
    pe_plan plan = {.languages = languages, .language_count = 1};
    assert_true(pe_build(&plan, sound, &of_sound));
    plan.language_count = 2;
    assert_true(pe_build(&plan, torn, &of_torn));
    const fp_case_input inputs[] = {memory_input("a.reg", marker, sizeof marker - 1),
                                    memory_input("a.exe", sound, of_sound.size),
                                    memory_input("b/a.exe", torn, of_torn.size)};
    const fp_case_input cut[] = {inputs[0], inputs[1],
                                 memory_input("b/a.exe", sound, of_sound.version[0] + 60)};
    assert_int_equal(ground_with(*state, inputs, 2), FP_GROUND_CONFIRMED);
    assert_int_equal(ground_with(*state, inputs, 3), FP_GROUND_RECORDED);
    assert_int_equal(ground_with(*state, cut, 3), FP_GROUND_RECORDED);
    for (size_t i = 0; i < 3; i++)
        (void)close(inputs[i].fd);
    (void)close(cut[2].fd);
#undef KEY
}

/* Of a log that bears the hive's name it is told why it was not used, of other hives' logs not. */
static void test_log_of_another_hive(void **state)
{
    fp_case *c = open_case(
        *state,
        "[{\"file\": \"evidence/hives/sp1\", \"as\": \"SOFTWARE\", \"flip\": 4},"
        " {\"file\": \"evidence/hives/dirty-sp1-kb/SOFTWARE.LOG1\", \"as\": \"SOFTWARE.LOG1\"},"
        " {\"file\": \"evidence/hives/dirty-sp1-kb/SOFTWARE.LOG1\", \"as\": \"SAM.LOG1\"}]");
    const fp_item *own = fp_evidence_item(c->evidence, 2);
    assert_int_equal(own->problem_count, 1);
    assert_non_null(strstr(own->problems[0], "not applied to SOFTWARE (item 1): nothing in it"));
    assert_int_equal(fp_evidence_item(c->evidence, 3)->problem_count, 0);
    fp_case_free(c);
}

static void test_no_collection(void **state)
{
    fp_case *c = open_case(*state, "[" REGISTRY("A") "]");
    assert_true(c->collected_at == FP_TIME_NONE);
    assert_null(fp_case_statement(c, FP_STR("k")));
    assert_true(fp_case_usable(c));
    fp_case_free(c);
}

static void test_statement_order(void **state)
{
    world *w = *state;
    const fp_statement declared[] = {{.key = FP_STR("other"), .value = FP_STR("x"), .item = 99},
                                     {.key = FP_STR("k"), .value = FP_STR("line"), .item = 99}};
    fp_case *c = open_case(w, "[" STATEMENT("one") ", " STATEMENT("two") "]");
    assert_int_equal(c->statement_count, 2);
    assert_str(fp_case_statement(c, FP_STR("k"))->value, "two");
    fp_case_free(c);
    assert_int_equal(close_world(state), 0);
    assert_int_equal(open_world(state), 0);
    w = *state;
    w->options.declared = declared;
    w->options.declared_count = 2;
    c = open_case(w, "[" STATEMENT("one") ", " STATEMENT("two") "]");
    assert_str(fp_case_statement(c, FP_STR("k"))->value, "line");
    assert_int_equal(fp_case_statement(c, FP_STR("k"))->item, 0);
    assert_null(fp_case_statement(c, FP_STR("K")));
    fp_case_free(c);
}

/* One error and nothing of the file counts, and the item says so. */
static void test_unsound_statements(void **state)
{
    fp_case *c = open_case(*state, "[" REGISTRY("A") ", " STATEMENT("") "]");
    assert_int_equal(c->statement_count, 0);
    assert_int_equal(fp_evidence_item(c->evidence, 2)->problem_count, 2);
    fp_case_free(c);
}

static void test_not_usable(void **state)
{
    fp_case *c = open_case(*state, "[{\"text\": \"nothing\", \"as\": \"a.txt\"}]");
    assert_false(fp_case_usable(c));
    fp_case_free(c);
}

/* Recognised and unreadable: its questions stay open, so a verdict can say so. */
static void test_damaged_is_usable(void **state)
{
    fp_case *c = open_case(*state, "[" STATEMENT("") "]");
    assert_true(fp_case_usable(c));
    fp_case_free(c);
}

static void test_not_opened(void **state)
{
    world *w = *state;
    const fp_case_input none = {
        .fd = -1, .name = "gone.reg", .problem = "No such file or directory"};
    fp_case *c = NULL;
    fp_diag d = {0};
    assert_int_equal(fp_case_open(&none, 1, &w->options, &c, &d), FP_IO);
    assert_null(c);
    assert_non_null(strstr(d.message, "gone.reg"));
}

/* One input that is not there does not stop the others, and stays visible. */
static void test_one_not_opened(void **state)
{
    world *w = *state;
    fp_json *json = NULL;
    fp_case *c = NULL;
    static const char evidence[] = "[" REGISTRY("A") "]";
    assert_int_equal(fp_json_parse(fp_span_of(evidence, strlen(evidence)), &json, NULL), FP_OK);
    assert_int_equal(case_inputs_open(json, ".", &w->inputs), CASE_READY);
    w->inputs.at[1] =
        (fp_case_input){.fd = -1, .name = "gone.reg", .problem = "No such file or directory"};
    assert_int_equal(fp_case_open(w->inputs.at, 2, &w->options, &c, NULL), FP_OK);
    assert_int_equal(fp_evidence_count(c->evidence), 2);
    assert_int_equal(fp_evidence_item(c->evidence, 2)->problem_count, 1);
    assert_int_equal(c->product.installed, FP_TRUE);
    fp_case_free(c);
    fp_json_free(json);
}

static const fp_evidence_handler *handler_of(fp_kind kind)
{
    for (size_t i = 0; i < fp_case_handler_count; i++)
        if (fp_case_handlers[i].kind == kind)
            return &fp_case_handlers[i];
    fail_msg("no handler of %s", fp_kind_name(kind));
    return NULL;
}

/* An export that was cut between two lines looks whole: only its source knows better. */
static void test_cut_export(void **state)
{
    static const char text[] = "Windows Registry Editor Version 5.00\r\n\r\n"
                               "[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Updates]\r\n\r\n"
                               "[HKEY_LOCAL_MACHINE\\SOFTWARE\\ODBC]\r\n\r\n";
    static const fp_tri expected[] = {FP_FALSE, FP_UNKNOWN};
    for (int cut = 0; cut < 2; cut++) {
        fp_case *c = open_case(*state, "[{\"text\": \"nothing\", \"as\": \"a.txt\"}]");
        fp_item item = {.id = 1, .complete = cut == 0};
        assert_int_equal(
            handler_of(FP_KIND_REGISTRY_EXPORT)->whole(c, &item, fp_span_of(text, sizeof text - 1)),
            FP_OK);
        const fp_str below = FP_STR("HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Updates\\X");
        const fp_reg_answer answer = fp_registry_key(c->registry, below);
        assert_int_equal(answer.exists, expected[cut]);
        fp_case_free(c);
        assert_int_equal(close_world(state), 0);
        assert_int_equal(open_world(state), 0);
    }
}

/* ---- a hive of many parts, of which few are read ---- */

#define UPDATES "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Nobody\\Updates"

typedef struct hive_case {
    int fd;
    uint64_t damaged; /* file offset of Updates\KB002000, which is no key */
    fp_case *c;
} hive_case;

static hive_case open_hive_case(world *w, bool survey)
{
    hive_case h = {.fd = memfd_create("SOFTWARE", MFD_CLOEXEC)};
    fp_arena *arena = fp_arena_new(SIZE_MAX);
    hive_builder *b = hive_builder_new(arena);
    hive_builder_key *updates = hive_builder_path(b, FP_STR("Microsoft\\Nobody\\Updates"));
    for (unsigned i = 0; i < 3000; i++)
        assert_non_null(hive_builder_add(
            b, updates, fp_str_of(fp_arena_printf(arena, "KB%06u for testing", i))));
    uint8_t *file = NULL;
    size_t size = 0;
    assert_true(hive_builder_write(b, &(hive_builder_options){.name = "SOFTWARE"}, &file, &size));
    h.damaged = 4096 + (uint64_t)updates->children[2000]->offset;
    file[h.damaged + 4] = 'x';
    assert_int_equal(write(h.fd, file, size), size);
    fp_arena_free(arena);

    const fp_case_input input = {.fd = h.fd, .name = "SOFTWARE"};
    w->options.survey = survey;
    assert_int_equal(fp_case_open(&input, 1, &w->options, &h.c, NULL), FP_OK);
    return h;
}

static void close_hive_case(hive_case *h)
{
    fp_case_free(h->c);
    (void)close(h->fd);
}

static bool has_problem_at(const fp_item *item, uint64_t offset)
{
    char start[32];
    const int size = snprintf(start, sizeof start, "offset %llu: ", (unsigned long long)offset);
    for (size_t i = 0; i < item->problem_count; i++)
        if (strncmp(item->problems[i], start, (size_t)size) == 0)
            return true;
    return false;
}

/* Damage is told when a question meets it, or all of it where everything is read. */
static void test_damage_is_told_when_met(void **state)
{
    world *w = *state;
    hive_case h = open_hive_case(w, false);
    const fp_item *item = fp_evidence_item(h.c->evidence, 1);
    assert_true(item->complete);
    assert_false(has_problem_at(item, h.damaged));
    assert_int_equal(fp_registry_key(h.c->registry, FP_STR(UPDATES "\\x")).exists, FP_UNKNOWN);
    assert_true(has_problem_at(item, h.damaged));
    close_hive_case(&h);

    h = open_hive_case(w, true);
    assert_true(has_problem_at(fp_evidence_item(h.c->evidence, 1), h.damaged));
    close_hive_case(&h);
}

static void test_hive_changes_after_it_was_read(void **state)
{
    world *w = *state;
    hive_case h = open_hive_case(w, false);
    const fp_item *item = fp_evidence_item(h.c->evidence, 1);
    assert_true(item->complete && item->hashed);
    const size_t before = item->problem_count;
    assert_int_equal(ftruncate(h.fd, 8192), 0);
    assert_int_equal(
        fp_registry_key(h.c->registry, FP_STR(UPDATES "\\KB000001 for testing")).exists,
        FP_UNKNOWN);
    assert_int_equal(fp_registry_key(h.c->registry, FP_STR(UPDATES "\\x")).exists, FP_UNKNOWN);
    assert_true(item->problem_count > before);
    assert_string_equal(item->problems[before], "it changed while it was read");
    assert_false(item->complete);
    close_hive_case(&h);
}

static void test_free_null(void **state)
{
    (void)state;
    fp_case_free(NULL);
}

int main(void)
{
#define WORLD(test) cmocka_unit_test_setup_teardown(test, open_world, close_world)
    static const struct CMUnitTest fixed[] = {
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_cut_anywhere),
        cmocka_unit_test(test_budgets),
        cmocka_unit_test(test_too_many_statements),
        WORLD(test_hosts),
        WORLD(test_oldest_collection),
        WORLD(test_failed_collection),
        WORLD(test_collected),
        WORLD(test_sources),
        WORLD(test_listing),
        WORLD(test_site_updates),
        WORLD(test_a_hotfix_is_read_once),
        WORLD(test_unsure_programs_confirm_nothing),
        WORLD(test_log_of_another_hive),
        WORLD(test_no_collection),
        WORLD(test_statement_order),
        WORLD(test_unsound_statements),
        WORLD(test_not_usable),
        WORLD(test_damaged_is_usable),
        WORLD(test_not_opened),
        WORLD(test_one_not_opened),
        WORLD(test_cut_export),
        WORLD(test_damage_is_told_when_met),
        WORLD(test_hive_changes_after_it_was_read),
        cmocka_unit_test(test_free_null),
    };
    enum { FIXED = sizeof fixed / sizeof *fixed, ROWS = sizeof rows / sizeof *rows };
    struct CMUnitTest tests[FIXED + ROWS];
    memcpy(tests, fixed, sizeof fixed);
    for (size_t i = 0; i < ROWS; i++)
        tests[FIXED + i] = (struct CMUnitTest){.name = rows[i].name,
                                               .test_func = test_row,
                                               .initial_state = (void *)(uintptr_t)&rows[i]};
    return RUN_TESTS(tests);
}
