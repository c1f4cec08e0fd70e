/* SPDX-License-Identifier: MIT */
/* What an attestation says, and whether evidence and verdicts are those attested. */
#include "tests/support/check.h"
#include "tests/support/replaced.h"
#include "tests/support/report_model.h"

#include "verify/attest/attestation.h"
#include "verify/attest/compare.h"
#include "verify/report/recorded.h"

#include <stdio.h>

enum { BUDGET = 16 << 20 };

static fp_arena *arena;
static report_model model;
static fp_record record; /* of the model */

static int make_record(void **state)
{
    (void)state;
    arena = fp_arena_new(BUDGET);
    report_model_make(&model, FP_VIEW_CONFIRM);
    model.items[2].hashed = false;
    model.statements[0].item = 0;
    if (arena == NULL || fp_record_of(&model.report, arena, &record) != FP_OK)
        return -1;
    memset(record.sha256, 0xAB, sizeof record.sha256);
    return 0;
}

static int free_arena(void **state)
{
    (void)state;
    fp_arena_free(arena);
    return 0;
}

static char *statement_of(const fp_record *r)
{
    fp_out out = {0};
    fp_diag d = {0};
    assert_int_equal(fp_attestation_write(r, arena, &out, &d), FP_OK);
    return out.data;
}

static fp_status read_statement(const char *text, fp_arena *into, fp_record *out)
{
    fp_diag d = {0};
    const fp_status status = fp_attestation_read(fp_span_of(text, strlen(text)), into, out, &d);
    assert_int_equal(status, d.status);
    return status;
}

/* ---- the statement ---- */

static void what_is_attested_comes_back(void **state)
{
    (void)state;
    fp_record read;
    char *text = statement_of(&record);
    assert_int_equal(read_statement(text, arena, &read), FP_OK);
    free(text);
    assert_str(read.tool_version, record.tool_version.data);
    assert_str(read.command, "confirm");
    assert_int_equal(read.generated, record.generated);
    assert_int_equal(read.since, record.since);
    assert_memory_equal(read.sha256, record.sha256, FP_SHA256_SIZE);
    assert_str(read.subject.host, "SRV01");
    assert_str(read.subject.site_code, "ABC");
    assert_str(read.subject.version, "4.00.6221.1000");
    assert_str(read.subject.role, "primary");
    assert_int_equal(read.statement_count, 1);
    assert_true(fp_str_eq(read.statements[0].key, record.statements[0].key));
    assert_true(fp_str_eq(read.statements[0].value, record.statements[0].value));
    assert_int_equal(read.result_count, 1);
    assert_true(fp_same_verdict(&read.results[0], &record.results[0]));
    assert_true(read.settings.known && read.results[0].advisory_sha256.size > 0);
    fp_setting_change *changes = NULL;
    size_t count = 99;
    assert_int_equal(fp_record_compare_settings(&record, &read, arena, &changes, &count), FP_OK);
    assert_int_equal(count, 0);
}

/* As an earlier version wrote it. */
static void settings_may_be_missing(void **state)
{
    (void)state;
    fp_record read;
    char *text = statement_of(&record);
    char *without = replaced(text, "\"settings\":{", "\"more\":{");
    assert_int_equal(read_statement(without, arena, &read), FP_OK);
    assert_false(read.settings.known);
    free(without);
    without = replaced(text, "\"settings\":{", "\"settings\":1,\"more\":{");
    assert_int_equal(read_statement(without, arena, &read), FP_FORMAT);
    free(without);
    free(text);
}

/* So may caveats; an earlier version attested none, which is not that there were none. */
static void caveats_may_be_missing(void **state)
{
    (void)state;
    fp_record read;
    char *text = statement_of(&record);
    assert_int_equal(read_statement(text, arena, &read), FP_OK);
    assert_true(read.results[0].caveats_known);
    assert_int_equal(read.results[0].caveats.count, 1);
    assert_true(fp_str_eq(read.results[0].caveats.at[0], record.results[0].caveats.at[0]));
    static const char *const unknown[] = {"\"x\":", "\"caveats\":null,\"x\":"};
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++) {
        char *without = replaced(text, "\"caveats\":", unknown[i]);
        assert_int_equal(read_statement(without, arena, &read), FP_OK);
        assert_false(read.results[0].caveats_known);
        assert_true(fp_same_verdict(&read.results[0], &record.results[0]));
        free(without);
        without = statement_of(&read); /* and stays so */
        assert_non_null(strstr(without, "\"caveats\":null"));
        free(without);
    }
    free(text);
}

static void items_without_a_digest_are_no_subjects(void **state)
{
    (void)state;
    fp_record read;
    fp_difference *differences;
    size_t count;
    char *text = statement_of(&record);
    assert_int_equal(read_statement(text, arena, &read), FP_OK);
    free(text);
    assert_int_equal(read.item_count, MODEL_ITEMS);
    assert_str(read.items[0].path, "srv01/sms.reg");
    assert_true(read.items[0].hashed);
    assert_str(read.items[2].path, "srv01/wsusscn2.cab");
    assert_str(read.items[3].path, "srv01/readme.txt");
    assert_false(read.items[3].hashed);
    assert_int_equal(fp_compare_items(&read, &record, arena, &differences, &count), FP_OK);
    assert_int_equal(count, 0);
}

/* Those of files come again with the file. */
static void statements_of_files_are_not_attested(void **state)
{
    (void)state;
    fp_record read;
    record.statements[0].item = 1;
    char *text = statement_of(&record);
    assert_int_equal(read_statement(text, arena, &read), FP_OK);
    assert_int_equal(read.statement_count, 0);
    free(text);
}

static void without_a_digest_there_is_nothing_to_attest(void **state)
{
    (void)state;
    fp_out out = {0};
    for (size_t i = 0; i < record.item_count; i++)
        record.items[i].hashed = false;
    assert_int_equal(fp_attestation_write(&record, arena, &out, NULL), FP_NOT_FOUND);
    fp_out_free(&out);
}

static void text_of_evidence_cannot_forge_a_statement(void **state)
{
    (void)state;
    fp_record read;
    record.items[0].path = FP_STR("a\",\"digest\":{\"sha256\":\"\x1b[31m\xE2\x80\xAE");
    char *text = statement_of(&record);
    assert_null(strchr(text, '\x1b'));
    assert_null(strstr(text, "\xE2\x80\xAE"));
    assert_int_equal(read_statement(text, arena, &read), FP_OK);
    assert_true(fp_str_eq(read.items[0].path, record.items[0].path));
    free(text);
}

static const struct alteration {
    const char *name, *old, *new;
    fp_status status;
} alterations[] = {
    {"an older statement", "Statement/v1", "Statement/v0.1", FP_UNSUPPORTED},
    {"no type", "\"_type\"", "\"type\"", FP_UNSUPPORTED},
    {"type is a number", "\"_type\":", "\"_type\":1,\"x\":", FP_UNSUPPORTED},
    {"another predicate", "fixproof.invalid/attestation/v1", "example.org/scan/v1", FP_UNSUPPORTED},
    {"a later predicate", "attestation/v1", "attestation/v2", FP_UNSUPPORTED},
    {"no subject", "\"subject\"", "\"subjekt\"", FP_FORMAT},
    {"subject is an object", "\"subject\":[", "\"subject\":{},\"x\":[", FP_FORMAT},
    {"a subject that is a text", "\"subject\":[", "\"subject\":[\"\",", FP_FORMAT},
    {"a subject without a name", "\"name\":\"srv01", "\"nom\":\"srv01", FP_FORMAT},
    {"a subject without digests", "\"digest\":", "\"hash\":", FP_FORMAT},
    {"a subject with another digest only", "\"sha256\":", "\"md5\":", FP_FORMAT},
    {"a short digest", "\"sha256\":\"11", "\"sha256\":\"1", FP_FORMAT},
    {"a long digest", "\"sha256\":\"11", "\"sha256\":\"111", FP_FORMAT},
    {"a digest of other letters", "\"sha256\":\"11", "\"sha256\":\"xy", FP_FORMAT},
    {"a digest that is empty", "\"sha256\":\"", "\"sha256\":\"\",\"x\":\"", FP_FORMAT},
    {"no predicate", "\"predicate\":", "\"predikate\":", FP_FORMAT},
    {"predicate is null", "\"predicate\":{", "\"predicate\":null,\"x\":{", FP_FORMAT},
    {"no tool", "\"tool\":", "\"werkzeug\":", FP_FORMAT},
    {"no version", "\"tool\":{\"name\":\"fixproof\",\"version\":", "\"tool\":{\"x\":", FP_FORMAT},
    {"no command", "\"command\":", "\"x\":", FP_FORMAT},
    {"a time that is none", "\"generated\":\"2", "\"generated\":\"x2", FP_FORMAT},
    {"no time", "\"generated\":\"2008-06-14T00:00:00Z\"", "\"generated\":null", FP_FORMAT},
    {"since is a number", "\"since\":", "\"since\":1,\"x\":", FP_FORMAT},
    {"host is a list", "\"host\":\"SRV01\"", "\"host\":[]", FP_FORMAT},
    {"unread is a text", "\"unread\":[", "\"unread\":\"\",\"x\":[", FP_FORMAT},
    {"an unread item that is a number", "\"unread\":[", "\"unread\":[1,", FP_FORMAT},
    {"declared without a value", "\"value\":", "\"valeur\":", FP_FORMAT},
    {"no verdicts", "\"verdicts\":", "\"x\":", FP_FORMAT},
    {"a verdict that is a number", "\"verdicts\":[", "\"verdicts\":[1,", FP_FORMAT},
    {"an unknown verdict", "\"verdict\":\"affected\"", "\"verdict\":\"fine\"", FP_FORMAT},
    {"a verdict that is not possible", "\"verdict\":\"affected\"", "\"verdict\":\"fixed\"",
     FP_FORMAT},
    {"an advisory that is a path", "\"advisory\":\"954474\"", "\"advisory\":\"../954474\"",
     FP_FORMAT},
    {"no advisory", "\"advisory\":", "\"x\":", FP_FORMAT},
    {"no reason", "\"reason\":", "\"x\":", FP_FORMAT},
    {"caveats that are a text", "\"caveats\":[", "\"caveats\":\"\",\"x\":[", FP_FORMAT},
    {"a caveat that is empty", "\"caveats\":[", "\"caveats\":[\"\",", FP_FORMAT},
    {"no report", "\"report\":", "\"x\":", FP_FORMAT},
    {"a report without a digest", "\"report\":{\"sha256\"", "\"report\":{\"sha1\"", FP_FORMAT},
    {"a member twice", "\"tool\":", "\"tool\":{},\"tool\":", FP_FORMAT},
    {"text behind it", "{\"_type\"", "{} {\"_type\"", FP_FORMAT},
    {"a list", "{\"_type\"", "[],{\"_type\"", FP_FORMAT},
    {"what is not known is passed over", "\"tool\":", "\"later\":[{}],\"tool\":", FP_OK},
    {"digests of other kinds are passed over", "\"sha256\":\"11", "\"md5\":7,\"sha256\":\"11",
     FP_OK},
    {"the same subject twice", "\"subject\":[",
     "\"subject\":[{\"name\":\"srv01/sms.reg\",\"digest\":{\"sha256\":"
     "\"1111111111111111111111111111111111111111111111111111111111111111\"}},",
     FP_OK},
};

static void what_was_altered_is_refused(void **state)
{
    (void)state;
    char *text = statement_of(&record);
    for (size_t i = 0; i < sizeof alterations / sizeof *alterations; i++) {
        const struct alteration *a = &alterations[i];
        fp_record read;
        char *altered = replaced(text, a->old, a->new);
        const fp_status status = read_statement(altered, arena, &read);
        if (status != a->status)
            print_error("%s: %s instead of %s\n", a->name, fp_status_name(status),
                        fp_status_name(a->status));
        assert_int_equal(status, a->status);
        free(altered);
    }
    free(text);
}

static void a_statement_cut_anywhere_is_none(void **state)
{
    (void)state;
    char *text = statement_of(&record);
    for (size_t size = strlen(text) - 1; size > 0; size--) {
        fp_record read;
        text[size] = '\0';
        assert_int_equal(read_statement(text, arena, &read), FP_FORMAT);
    }
    free(text);
}

static void too_many_subjects_are_refused(void **state)
{
    (void)state;
    const size_t count = FP_RECORD_LIST_MAX + 1;
    fp_arena *large = fp_arena_new(256U << 20);
    fp_record read;
    record.items = fp_arena_alloc_array(large, count, sizeof *record.items);
    record.item_count = count;
    assert_non_null(record.items);
    for (size_t i = 0; i < count; i++)
        record.items[i] = (fp_record_item){.path = FP_STR("a"), .hashed = true};
    char *text = statement_of(&record);
    assert_int_equal(read_statement(text, large, &read), FP_FORMAT);
    free(text);
    record.item_count--;
    text = statement_of(&record);
    assert_int_equal(read_statement(text, large, &read), FP_OK);
    free(text);
    fp_arena_free(large);
}

static fp_status all_of_it(fp_arena *small)
{
    fp_out out = {0};
    fp_record read;
    fp_difference *differences;
    size_t count = 1;
    fp_status status = fp_attestation_write(&record, small, &out, NULL);
    if (status == FP_OK)
        status = fp_attestation_read(fp_span_of(out.data, out.size), small, &read, NULL);
    if (status == FP_OK)
        status = fp_compare_items(&read, &record, small, &differences, &count);
    assert_true(status != FP_OK || count == 0);
    fp_out_free(&out);
    return status;
}

static void little_memory_is_no_other_answer(void **state)
{
    (void)state;
    fp_status status = FP_NOMEM;
    size_t budget = 0;
    for (; status != FP_OK; budget += 64) {
        fp_arena *small = fp_arena_new(budget);
        assert_non_null(small);
        status = all_of_it(small);
        assert_true(status == FP_OK || status == FP_NOMEM);
        fp_arena_free(small);
        assert_true(budget < BUDGET);
    }
    assert_true(budget > 256);
}

/* ---- evidence ---- */

/* "a/b=1 c=2": paths and the byte that their digest is made of; 0: none. */
static fp_record record_of(const char *text)
{
    enum { MANY = 16 };
    fp_record r = {.items = fp_arena_alloc_array(arena, MANY, sizeof(fp_record_item))};
    assert_non_null(r.items);
    fp_str rest = fp_str_of(text);
    fp_str word;
    while (rest.size > 0 && fp_str_split(&rest, ' ', &word)) {
        fp_record_item *item = &r.items[r.item_count++];
        item->path = (fp_str){word.data, word.size - 2};
        item->hashed = word.data[word.size - 1] != '0';
        if (item->hashed)
            memset(item->sha256, word.data[word.size - 1], sizeof item->sha256);
    }
    return r;
}

typedef fp_status comparison_fn(const fp_record *attested, const fp_record *at_hand, fp_arena *into,
                                fp_difference **out, size_t *count);

static const char *told(comparison_fn *compare, const fp_record *attested, const fp_record *at_hand)
{
    static const char *const names[FP_DIFFERENCES] = {
        [FP_DIFFERENCE_UNREAD] = "unread",           [FP_DIFFERENCE_UNREAD_BOTH] = "unread both",
        [FP_DIFFERENCE_UNREAD_THEN] = "unread then", [FP_DIFFERENCE_CHANGED] = "changed",
        [FP_DIFFERENCE_MISSING] = "missing",         [FP_DIFFERENCE_EXTRA] = "extra"};
    fp_difference *differences = NULL;
    size_t count = 0;
    const char *text = "";
    assert_int_equal(compare(attested, at_hand, arena, &differences, &count), FP_OK);
    for (size_t i = 0; i < count; i++) {
        const fp_difference *x = &differences[i];
        const fp_str a = x->attested != NULL ? x->attested->path : FP_STR("-");
        const fp_str b = x->at_hand != NULL ? x->at_hand->path : FP_STR("-");
        text = fp_arena_printf(arena, "%s%s%s %.*s %.*s", text, i > 0 ? "; " : "", names[x->kind],
                               FP_STR_ARG(a), FP_STR_ARG(b));
    }
    return text;
}

static const struct comparison {
    const char *name, *attested, *at_hand, *told;
} comparisons[] = {
    {"the same", "e/a=1 e/b=2", "e/a=1 e/b=2", ""},
    {"nothing at all", "", "", ""},
    {"another order", "e/a=1 e/b=2", "e/b=2 e/a=1", ""},
    {"another folder", "e/a=1 e/L/b=2", "/x/y/a=1 /x/y/L/b=2", ""},
    {"other names", "e/a=1 e/b=2", "e/x=2 e/y=1", ""},
    {"missing", "e/a=1 e/b=2 e/c=3", "e/a=1 e/c=3", "missing e/b -"},
    {"all are missing", "e/a=1 e/b=2", "", "missing e/a -; missing e/b -"},
    {"extra", "e/a=1", "e/a=1 e/b=2", "extra - e/b"},
    {"all are extra", "", "e/b=1 e/a=2", "extra - e/b; extra - e/a"},
    {"changed", "e/a=1 e/b=2", "e/a=1 e/b=3", "changed e/b e/b"},
    {"changed elsewhere", "e/L/b=2 e/a=1", "/x/y/a=1 /x/y/L/b=3", "changed e/L/b /x/y/L/b"},
    {"changed, a file alone", "e/a=1", "a=2", "changed e/a a"},
    {"two changed places", "e/a=1 e/b=2", "e/a=2 e/b=1", ""},
    {"the name of another folder", "e/L/a=1", "e/K/a=2", "missing e/L/a -; extra - e/K/a"},
    {"changed beside a missing one", "e/K/a=1 e/L/a=2", "f/L/a=3",
     "missing e/K/a -; changed e/L/a f/L/a"},
    {"changed beside an extra one", "f/L/a=3", "e/K/a=1 e/L/a=2",
     "changed f/L/a e/L/a; extra - e/K/a"},
    {"twice attested", "e/a=1 e/a=1", "e/a=1", "missing e/a -"},
    {"twice at hand", "e/a=1", "e/a=1 e/b=1", "extra - e/b"},
    {"unread then and now", "e/a=1 e/b=0", "x/a=1 x/b=0", ""},
    {"unread now", "e/a=1 e/b=2", "e/a=1 e/b=0", "unread e/b e/b"},
    {"unread then", "e/a=1 e/b=0", "e/a=1 e/b=2", "unread then e/b e/b"},
    {"unread and extra", "e/a=1", "e/a=1 e/b=0", "extra - e/b"},
    {"unread and missing", "e/a=1 e/b=0", "e/a=1", "missing e/b -"},
    {"two unread are not one content", "e/a=0", "e/b=0", "missing e/a -; extra - e/b"},
    {"a name that ends like another", "e/ab=1", "e/b=2", "missing e/ab -; extra - e/b"},
    {"empty names", "=1 =2", "=1 =3", "changed  "},
};

static void evidence_is_compared(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof comparisons / sizeof *comparisons; i++) {
        const struct comparison *c = &comparisons[i];
        const fp_record attested = record_of(c->attested);
        const fp_record at_hand = record_of(c->at_hand);
        const char *is = told(fp_compare_items, &attested, &at_hand);
        if (strcmp(is, c->told) != 0)
            print_error("%s: '%s'\n", c->name, is);
        assert_string_equal(is, c->told);
    }
}

/* Alike in two lists, and known of neither. */
static void evidence_that_nobody_read_is_told(void **state)
{
    (void)state;
    const fp_record attested = record_of("e/a=1 e/b=0 e/c=0");
    const fp_record at_hand = record_of("x/a=1 x/b=0 x/c=2");
    assert_string_equal(told(fp_compare_items, &attested, &at_hand), "unread then e/c x/c");
    assert_string_equal(told(fp_compare_evidence, &attested, &at_hand),
                        "unread both e/b x/b; unread then e/c x/c");
}

static void verdicts_are_compared(void **state)
{
    (void)state;
    const fp_record_result attested = {.advisory = FP_STR("a"),
                                       .verdict = FP_UNDETERMINED,
                                       .possible = fp_verdict_bit(FP_FIXED),
                                       .reason = FP_STR("r"),
                                       .assurance = FP_STR("s")};
    fp_record_result other = attested;
    assert_true(fp_same_verdict(&attested, &other));
    assert_false(fp_same_verdict(&attested, NULL));
    other.advisory = FP_STR("A");
    assert_true(fp_same_verdict(&attested, &other));
    other.advisory = FP_STR("b");
    assert_false(fp_same_verdict(&attested, &other));
    other = attested;
    other.verdict = FP_FIXED;
    assert_false(fp_same_verdict(&attested, &other));
    other = attested;
    other.possible = fp_verdict_all();
    assert_false(fp_same_verdict(&attested, &other));
    other = attested;
    other.reason = FP_STR("R");
    assert_false(fp_same_verdict(&attested, &other));
    other = attested;
    other.assurance = (fp_str){NULL, 0};
    assert_false(fp_same_verdict(&attested, &other));
}

static void caveats_are_compared_where_both_tell(void **state)
{
    (void)state;
    fp_str texts[] = {FP_STR_INIT("one"), FP_STR_INIT("two")};
    fp_str others[] = {FP_STR_INIT("one"), FP_STR_INIT("too")};
    const fp_record_result attested = {
        .advisory = FP_STR("a"), .caveats_known = true, .caveats = {texts, 2}};
    fp_record_result other = attested;
    assert_true(fp_same_verdict(&attested, &other));
    other.caveats.at = others;
    assert_false(fp_same_verdict(&attested, &other));
    other.caveats.count = 1;
    assert_false(fp_same_verdict(&attested, &other));
    other.caveats.count = 0;
    assert_false(fp_same_verdict(&attested, &other));
    other.caveats_known = false;
    assert_true(fp_same_verdict(&attested, &other));
    assert_true(fp_same_verdict(&other, &attested));
}

static void servers_are_compared(void **state)
{
    (void)state;
    const fp_record_subject one = {FP_STR_INIT("h"), FP_STR_INIT("s"), FP_STR_INIT("p"),
                                   FP_STR_INIT("r"), FP_STR_INIT("v"), FP_STR_INIT("o")};
    fp_str *const members[] = {&record.subject.host,    &record.subject.site_code,
                               &record.subject.product, &record.subject.release,
                               &record.subject.version, &record.subject.role};
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        record.subject = one;
        assert_true(fp_same_server(&one, &record.subject));
        *members[i] = FP_STR("x");
        assert_false(fp_same_server(&one, &record.subject));
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_record, free_arena)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_attested_comes_back),
        TEST(settings_may_be_missing),
        TEST(caveats_may_be_missing),
        TEST(items_without_a_digest_are_no_subjects),
        TEST(statements_of_files_are_not_attested),
        TEST(without_a_digest_there_is_nothing_to_attest),
        TEST(text_of_evidence_cannot_forge_a_statement),
        TEST(what_was_altered_is_refused),
        TEST(a_statement_cut_anywhere_is_none),
        TEST(too_many_subjects_are_refused),
        TEST(little_memory_is_no_other_answer),
        TEST(evidence_is_compared),
        TEST(evidence_that_nobody_read_is_told),
        TEST(verdicts_are_compared),
        TEST(caveats_are_compared_where_both_tell),
        TEST(servers_are_compared),
    };
    return RUN_TESTS(tests);
}
