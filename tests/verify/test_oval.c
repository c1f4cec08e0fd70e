/* SPDX-License-Identifier: MIT */
/*
 * The bridge to OVAL: documents of every advisory and of every case are well-formed, made of our
 * elements only and the same twice; an unknown is never "does not exist". Whether an interpreter
 * comes to the same verdicts is scripts/check-oval's business:
 *
 * FIXPROOF_OVAL=FOLDER: the evidence of every case of every advisory is written there as OVAL.
 */
#include "tests/support/case_input.h"
#include "tests/support/case_world.h"
#include "tests/support/check.h"
#include "tests/support/oval_case.h"
#include "tests/support/oval_names.h"
#include "tests/support/xml_check.h"
#include "verify/decide/claim.h"
#include "verify/decide/trial_run.h"
#include "verify/oval/oval.h"

#include <dirent.h>
#include <stdio.h>

#define ADVISORIES FIXPROOF_SOURCE_DIR "/data/advisories"

enum { BUDGET = 64 * 1024 * 1024, PATH_SIZE = 1024, STEP = 4096 };

static const fp_oval_generator generator = {"0.1.0", INT64_C(1214035200000)};

static fp_span slurp(fp_arena *arena, const char *path)
{
    size_t size = 0;
    char *text = slurp_file(path, &size);
    assert_non_null(text);
    void *copy = fp_arena_copy(arena, text, size);
    free(text);
    assert_non_null(copy);
    return fp_span_of(copy, size);
}

static const fp_advisory *read_advisory(fp_arena *arena, const char *path)
{
    const fp_advisory *advisory = NULL;
    fp_diag d = {0};
    assert_int_equal(fp_advisory_read(slurp(arena, path), arena, NULL, NULL, &advisory, &d), FP_OK);
    return advisory;
}

static bool has(const char *text, const char *part)
{
    return text != NULL && strstr(text, part) != NULL;
}

/* ---- documents ---- */

static const char *const names[] = {OVAL_DEFINITIONS_NAMES,
                                    "oval_system_characteristics",
                                    "system_info",
                                    "os_name",
                                    "os_version",
                                    "architecture",
                                    "primary_host_name",
                                    "interfaces",
                                    "collected_objects",
                                    "object",
                                    "message",
                                    "variable_value",
                                    "system_data",
                                    "win:registry_item",
                                    "win:file_item",
                                    "ind:variable_item",
                                    NULL};

static void check_document(const fp_out *out)
{
    const xml_count count = xml_check((fp_str){out->data, out->size}, names);
    assert_true(count.well_formed);
    assert_int_equal(count.strangers, 0);
}

static void write_definitions(const fp_advisory *advisory, fp_out *out)
{
    fp_arena *arena = fp_arena_new(BUDGET);
    assert_non_null(arena);
    assert_int_equal(fp_oval_definitions_write(advisory, world.releases, &generator, arena, out),
                     FP_OK);
    fp_arena_free(arena);
    check_document(out);
}

static void write_characteristics(const fp_case *c, const fp_result *result, fp_out *out)
{
    const fp_report report = {.tool_version = generator.tool_version,
                              .generated = generator.now,
                              .casefile = c,
                              .results = result,
                              .result_count = 1};
    fp_arena *arena = fp_arena_new(BUDGET);
    assert_non_null(arena);
    assert_int_equal(fp_oval_characteristics_write(&report, arena, out), FP_OK);
    fp_arena_free(arena);
    check_document(out);
}

/* ---- a server in a few lines ---- */

typedef struct server {
    fp_arena *arena;
    fp_case *c;
    fp_result result;
    fp_out oval;
} server;

static void describe(server *s, const fp_advisory *advisory, const char *text)
{
    static const fp_assess_options how = {.strict = false, .since = FP_TIME_NONE};
    const fp_trial *trial = NULL;
    fp_case_options options = {
        .advisories = &advisory, .advisory_count = 1, .releases = world.releases};
    fp_diag d = {0};
    *s = (server){.arena = fp_arena_new(BUDGET)};
    assert_non_null(s->arena);
    const fp_span span = fp_span_of(text, strlen(text));
    assert_int_equal(fp_trial_read(span, s->arena, NULL, NULL, &trial, &d), FP_OK);
    assert_int_equal(fp_trial_open(trial, &options, &s->c, &d), FP_OK);
    assert_int_equal(fp_assess(s->c, &options, 0, &how, &s->result), FP_OK);
    write_characteristics(s->c, &s->result, &s->oval);
}

static void forget(server *s)
{
    fp_out_free(&s->oval);
    fp_case_free(s->c);
    fp_arena_free(s->arena);
}

/* The flag of the object with this comment. */
static void assert_flag(const server *s, const char *comment, const char *flag)
{
    char start[512];
    snprintf(start, sizeof start, "comment=\"%s\" flag=\"%s\"", comment, flag);
    if (!has(s->oval.data, start))
        fail_msg("no %s in\n%s", start, s->oval.data);
}

#define EXPECT "\nexpect affected unpatched\n"
#define SITE   "about x\nregistry HKLM\\SOFTWARE\n  Microsoft\\SMS\\Setup\n    Full Version = "

static void what_is_absent_is_told_from_what_is_not_known(void **state)
{
    (void)state;
    server s;
    describe(&s, world.advisory, SITE "4.00.6221.1000" EXPECT);
    assert_flag(&s, "Microsoft\\SMS\\Setup, Full Version", "complete");
    assert_flag(&s, "System Center Configuration Manager 2007, KB954474", "does not exist");
    assert_true(has(s.oval.data, "<win:value>4.00.6221.1000</win:value>"));
    forget(&s);

    describe(&s, world.advisory,
             "about x\nregistry HKLM\\SOFTWARE\\Microsoft\\SMS\n  Setup\n"
             "    Full Version = 4.00.6221.1000" EXPECT);
    assert_flag(&s, "Microsoft\\SMS\\Setup, Full Version", "incomplete");
    assert_flag(&s, "System Center Configuration Manager 2007, KB954474", "not collected");
    forget(&s);
}

static void answers_that_only_fixproof_has_are_variables(void **state)
{
    (void)state;
    server s;
    describe(&s, world.advisory, SITE "4.00.6221.1000\ndeclare sms2003-clients = yes" EXPECT);
    assert_flag(&s, "954474, legacy-path-in-use", "complete");
    assert_true(has(s.oval.data, "<ind:value>true</ind:value>"));
    assert_true(has(s.oval.data, "<ind:value>unknown</ind:value>"));
    forget(&s);
}

static void an_empty_text_has_no_value(void **state)
{
    (void)state;
    server s;
    describe(&s, world.advisory, SITE EXPECT);
    assert_flag(&s, "Microsoft\\SMS\\Setup, Full Version", "complete");
    assert_true(has(s.oval.data, "<win:type>reg_sz</win:type></win:registry_item>"));
    forget(&s);
}

static void evidence_cannot_write_markup(void **state)
{
    (void)state;
    server s;
    describe(&s, world.advisory, SITE "\"><x on='1'>&amp;]]>\xE2\x80\xAE" EXPECT);
    assert_true(has(s.oval.data, "&lt;x on=&#39;1&#39;&gt;&amp;amp;]]&gt;"));
    assert_false(has(s.oval.data, "\xE2\x80\xAE"));
    forget(&s);
}

static void a_file_that_was_not_supplied_is_not_absent(void **state)
{
    (void)state;
    fp_arena *arena = fp_arena_new(BUDGET);
    const fp_advisory *advisory = read_advisory(arena, ADVISORIES "/CVE-2025-47178.json");
    server s;
    describe(&s, advisory, SITE "5.00.9132.1000" EXPECT);
    assert_flag(&s, "smsprov.dll", "not collected");
    forget(&s);
    describe(&s, advisory,
             SITE "5.00.9132.1000\nfile smsprov.dll version 5.00.9132.1028\n"
                  "file smsprov.dll version 5.00.9132.1029" EXPECT);
    assert_flag(&s, "smsprov.dll", "complete");
    assert_true(has(s.oval.data, ">5.0.9132.1028</win:version>"));
    assert_true(has(s.oval.data, ">5.0.9132.1029</win:version>"));
    forget(&s);
    fp_arena_free(arena);
}

/* ---- definitions ---- */

static void every_advisory_has_definitions(void **state)
{
    (void)state;
    struct dirent **entries = NULL;
    const int count = scandir(ADVISORIES, &entries, NULL, alphasort);
    size_t written = 0;
    for (int i = 0; i < count; i++) {
        char path[PATH_SIZE];
        snprintf(path, sizeof path, ADVISORIES "/%s", entries[i]->d_name);
        free(entries[i]);
        if (!case_ends_with(path, ".json"))
            continue;
        fp_arena *arena = fp_arena_new(BUDGET);
        const fp_advisory *advisory = read_advisory(arena, path);
        fp_out once = {0};
        fp_out twice = {0};
        write_definitions(advisory, &once);
        write_definitions(advisory, &twice);
        assert_true(has(once.data, "class=\"inventory\""));
        assert_true(has(once.data, "class=\"vulnerability\""));
        assert_true(has(once.data, "class=\"compliance\""));
        assert_int_equal(once.size, twice.size);
        assert_memory_equal(once.data, twice.data, once.size);
        fp_out_free(&once);
        fp_out_free(&twice);
        fp_arena_free(arena);
        written++;
    }
    free(entries);
    assert_true(written > 5);
}

/* Where objects have ids of their own content, what is collected answers what is asked. */
static void characteristics_name_the_objects_of_the_definitions(void **state)
{
    (void)state;
    fp_out definitions = {0};
    server s;
    write_definitions(world.advisory, &definitions);
    describe(&s, world.advisory, SITE "4.00.6221.1000" EXPECT);
    size_t objects = 0;
    for (const char *at = s.oval.data; (at = strstr(at, "<object id=")) != NULL; at++) {
        char id[64] = "";
        assert_int_equal(sscanf(at, "<object id=\"%63[^\"]\"", id), 1);
        if (!has(definitions.data, id))
            fail_msg("%s is no object of the definitions", id);
        objects++;
    }
    assert_true(objects > 5);
    fp_out_free(&definitions);
    forget(&s);
}

static void little_memory_is_told(void **state)
{
    (void)state;
    server s;
    describe(&s, world.advisory, SITE "4.00.6221.1000" EXPECT);
    const fp_report report = {.tool_version = generator.tool_version,
                              .generated = generator.now,
                              .casefile = s.c,
                              .results = &s.result,
                              .result_count = 1};
    fp_status definitions = FP_NOMEM;
    fp_status characteristics = FP_NOMEM;
    for (size_t budget = 0; definitions != FP_OK || characteristics != FP_OK; budget += STEP) {
        fp_arena *one = fp_arena_new(budget);
        fp_arena *other = fp_arena_new(budget);
        fp_out out = {0};
        fp_out more = {0};
        assert_true(budget < BUDGET);
        definitions =
            fp_oval_definitions_write(world.advisory, world.releases, &generator, one, &out);
        characteristics = fp_oval_characteristics_write(&report, other, &more);
        assert_true(definitions == FP_OK || definitions == FP_NOMEM);
        assert_true(characteristics == FP_OK || characteristics == FP_NOMEM);
        fp_out_free(&out);
        fp_out_free(&more);
        fp_arena_free(one);
        fp_arena_free(other);
    }
    forget(&s);
}

/* ---- claims ---- */

static void constants_are_taken_out_of_claims(void **state)
{
    (void)state;
    fp_arena *arena = fp_arena_new(BUDGET);
    fp_claims c = {.arena = arena};
    fp_claim *open = fp_claim_new(&c, FP_CLAIM_OPEN);
    fp_claim *yes = fp_claim_new(&c, FP_CLAIM_ALL);
    assert_ptr_equal(fp_claim_simplify(&c, fp_claim_both(&c, yes, open)), open);

    yes = fp_claim_new(&c, FP_CLAIM_ALL);
    open = fp_claim_new(&c, FP_CLAIM_OPEN);
    assert_true(fp_claim_is_true(fp_claim_simplify(&c, fp_claim_either(&c, open, yes))));

    fp_claim *no = fp_claim_new(&c, FP_CLAIM_ANY);
    open = fp_claim_new(&c, FP_CLAIM_OPEN);
    assert_true(fp_claim_is_false(fp_claim_simplify(&c, fp_claim_both(&c, open, no))));
    assert_true(
        fp_claim_is_true(fp_claim_simplify(&c, fp_claim_not(&c, fp_claim_new(&c, FP_CLAIM_ANY)))));
    assert_false(c.failed);
    fp_arena_free(arena);
}

/* ---- for scripts/check-oval ---- */

static void export_case(const char *folder, const fp_advisory *advisory, const char *path,
                        const char *file)
{
    fp_arena *arena = fp_arena_new(BUDGET);
    const fp_trial *trial = NULL;
    fp_case *c = NULL;
    fp_case_options options = {
        .advisories = &advisory, .advisory_count = 1, .releases = world.releases};
    char name[PATH_SIZE];
    fp_diag d = {0};
    snprintf(name, sizeof name, "%.*s-%s", FP_STR_ARG(advisory->id), file);
    const fp_span text = slurp(arena, path);
    if (fp_trial_read(text, arena, NULL, NULL, &trial, &d) != FP_OK ||
        fp_trial_open(trial, &options, &c, &d) != FP_OK ||
        !oval_case_write(folder, name, c, &options))
        fail_msg("%s could not be written as OVAL: %s", path, d.message);
    fp_case_free(c);
    fp_arena_free(arena);
}

static void export_cases(const char *folder, const fp_advisory *advisory)
{
    char cases[PATH_SIZE / 2];
    struct dirent **entries = NULL;
    snprintf(cases, sizeof cases, ADVISORIES "/%.*s/cases", FP_STR_ARG(advisory->id));
    const int count = scandir(cases, &entries, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        char path[PATH_SIZE];
        snprintf(path, sizeof path, "%s/%s", cases, entries[i]->d_name);
        if (case_ends_with(path, ".case"))
            export_case(folder, advisory, path, entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
}

static void cases_are_written_where_asked(void **state)
{
    (void)state;
    const char *folder = getenv("FIXPROOF_OVAL");
    if (folder == NULL)
        return;
    struct dirent **entries = NULL;
    const int count = scandir(ADVISORIES, &entries, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        char path[PATH_SIZE];
        snprintf(path, sizeof path, ADVISORIES "/%s", entries[i]->d_name);
        free(entries[i]);
        if (!case_ends_with(path, ".json"))
            continue;
        fp_arena *arena = fp_arena_new(BUDGET);
        export_cases(folder, read_advisory(arena, path));
        fp_arena_free(arena);
    }
    free(entries);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_absent_is_told_from_what_is_not_known),
        cmocka_unit_test(answers_that_only_fixproof_has_are_variables),
        cmocka_unit_test(an_empty_text_has_no_value),
        cmocka_unit_test(evidence_cannot_write_markup),
        cmocka_unit_test(a_file_that_was_not_supplied_is_not_absent),
        cmocka_unit_test(every_advisory_has_definitions),
        cmocka_unit_test(characteristics_name_the_objects_of_the_definitions),
        cmocka_unit_test(little_memory_is_told),
        cmocka_unit_test(constants_are_taken_out_of_claims),
        cmocka_unit_test(cases_are_written_where_asked),
    };
    return cmocka_run_group_tests_name(__FILE__, tests, case_world_setup, case_world_teardown) != 0;
}
