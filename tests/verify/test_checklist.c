/* SPDX-License-Identifier: MIT */
/* What becomes of an item of the checklist: ticked on evidence alone, never on a statement, on what
 * nobody confirmed, on what has no digest, or on what is older than the change. */
#include "tests/support/check.h"
#include "tests/support/slurp.h"
#include "verify/decide/checklist.h"
#include "verify/decide/criteria.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

enum { BUDGET = 4 * 1024 * 1024, TESTS = 2 };

typedef struct bench {
    fp_arena *arena;
    fp_evidence *evidence;
    fp_case c;
    fp_test tests[TESTS];
    fp_test_result answers[TESTS];
    fp_observation seen[TESTS];
    fp_criteria criteria[4]; /* the tests themselves, then the negation of each */
    fp_checklist_item item;
    fp_package package;
    fp_advisory advisory;
    fp_result result;
} bench;

static void make_criteria(bench *b)
{
    for (size_t i = 0; i < TESTS; i++) {
        b->criteria[i] = (fp_criteria){.kind = FP_CRITERIA_TEST, .test = i};
        b->criteria[TESTS + i] =
            (fp_criteria){.kind = FP_CRITERIA_NOT, .children = &b->criteria[i], .child_count = 1};
    }
}

/* An item that test 0 ticks, in evidence that is sound. */
static int open_bench(void **state)
{
    const fp_evidence_options options = {.limits = fp_evidence_default_limits};
    bench *b = calloc(1, sizeof *b);
    if (b == NULL || fp_evidence_new(&options, &b->evidence) != FP_OK)
        return -1;
    b->arena = fp_arena_new(BUDGET);
    make_criteria(b);
    for (size_t i = 0; i < TESTS; i++) {
        b->tests[i] = (fp_test){.name = FP_STR("t"), .certainty = FP_STR("inferred")};
        b->answers[i].observations =
            (fp_observations){.at = &b->seen[i], .count = 1, .capacity = 1};
    }
    b->item = (fp_checklist_item){
        .name = FP_STR("i"), .phase = FP_PHASE_AFTER, .ticked_by = &b->criteria[0]};
    b->advisory = (fp_advisory){.tests = b->tests,
                                .test_count = TESTS,
                                .checklist = &b->item,
                                .checklist_count = 1,
                                .packages = &b->package,
                                .package_count = 1};
    b->c = (fp_case){.arena = b->arena, .evidence = b->evidence};
    b->result = (fp_result){.advisory = &b->advisory, .answers = b->answers};
    *state = b;
    return b->arena == NULL ? -1 : 0;
}

static int close_bench(void **state)
{
    bench *b = *state;
    fp_evidence_free(b->evidence);
    fp_arena_free(b->arena);
    free(b);
    return 0;
}

static const fp_checked *check_when(bench *b, bool stale)
{
    assert_int_equal(fp_checklist_fill(&b->c, stale, &b->result), FP_OK);
    return &b->result.checklist[0];
}

static const fp_checked *check(bench *b)
{
    return check_when(b, false);
}

static void answers_tick(void **state)
{
    static const fp_tick ticks[] = {
        [FP_UNKNOWN] = FP_TICK_OPEN, [FP_FALSE] = FP_TICK_FAILED, [FP_TRUE] = FP_TICK_TICKED};
    bench *b = *state;
    for (unsigned is = FP_UNKNOWN; is <= FP_TRUE; is++) {
        b->answers[0].is = (fp_tri)is;
        b->item.ticked_by = &b->criteria[0];
        assert_int_equal(check(b)->is, ticks[is]);
        assert_ptr_equal(check(b)->because.test, &b->tests[0]);
        b->item.ticked_by = &b->criteria[TESTS];
        assert_int_equal(check(b)->is, ticks[fp_tri_not((fp_tri)is)]);
        assert_int_equal(check(b)->because.kind, FP_CRITERIA_NOT);
        assert_int_equal(check(b)->because.result, fp_tri_not((fp_tri)is));
    }
    b->answers[0].is = FP_UNKNOWN;
    assert_int_equal(check(b)->why, FP_OPEN_EVIDENCE);
}

static void what_no_test_asks_is_left_to_a_person(void **state)
{
    bench *b = *state;
    b->item.ticked_by = NULL;
    assert_int_equal(check(b)->is, FP_TICK_OPEN);
    assert_int_equal(check(b)->why, FP_OPEN_BY_HAND);
    assert_int_equal(check(b)->because.child_count, 0);
}

static void a_statement_does_not_tick(void **state)
{
    bench *b = *state;
    b->answers[0] = (fp_test_result){.is = FP_TRUE, .declared = true};
    assert_int_equal(check(b)->is, FP_TICK_DECLARED);
    assert_true(check(b)->declared);
    b->answers[0].is = FP_FALSE;
    assert_int_equal(check(b)->is, FP_TICK_FAILED);
    assert_true(check(b)->declared);

    /* Seen besides: one of the two is enough. */
    b->answers[0].is = FP_TRUE;
    b->answers[1].is = FP_TRUE;
    fp_criteria any = {.kind = FP_CRITERIA_ANY, .children = b->criteria, .child_count = TESTS};
    b->item.ticked_by = &any;
    assert_int_equal(check(b)->is, FP_TICK_TICKED);
    assert_false(check(b)->declared);
    any.kind = FP_CRITERIA_ALL;
    assert_int_equal(check(b)->is, FP_TICK_DECLARED);
}

static void what_nobody_confirmed_decides_nothing(void **state)
{
    bench *b = *state;
    for (unsigned is = FP_FALSE; is <= FP_TRUE; is++) {
        b->answers[0] = (fp_test_result){.is = (fp_tri)is, .unconfirmed = FP_STR("a source")};
        assert_int_equal(check(b)->is, FP_TICK_OPEN);
        assert_int_equal(check(b)->why, FP_OPEN_UNCONFIRMED);
        b->answers[0].unconfirmed = FP_STR("");
        b->tests[0].certainty = FP_STR("unconfirmed");
        assert_int_equal(check(b)->why, FP_OPEN_UNCONFIRMED);
        b->answers[0].declared = true;
        assert_int_equal(check(b)->is, FP_TICK_OPEN);
        assert_false(check(b)->declared);
        b->tests[0].certainty = FP_STR("inferred");
    }
}

static void what_is_not_shown_genuine_decides_nothing(void **state)
{
    bench *b = *state;
    for (unsigned is = FP_FALSE; is <= FP_TRUE; is++) {
        b->answers[0] = (fp_test_result){.is = (fp_tri)is, .reserved = FP_STR("not signed")};
        assert_int_equal(check(b)->is, FP_TICK_OPEN);
        assert_int_equal(check(b)->why, FP_OPEN_NOT_GENUINE);
    }
}

static void what_has_no_digest_does_not_tick(void **state)
{
    bench *b = *state;
    assert_int_equal(fp_evidence_add_unopened(b->evidence, "a.reg", "cut"), FP_OK);
    assert_false(fp_evidence_item(b->evidence, 1)->hashed);
    b->seen[0].origin.item = 1;
    b->answers[0].is = FP_TRUE;
    assert_int_equal(check(b)->is, FP_TICK_OPEN);
    assert_int_equal(check(b)->why, FP_OPEN_NO_DIGEST);
    b->answers[0].is = FP_FALSE; /* an alarm is not held back */
    assert_int_equal(check(b)->is, FP_TICK_FAILED);
    b->seen[0].origin.item = 0;
    b->answers[0].is = FP_TRUE;
    assert_int_equal(check(b)->is, FP_TICK_TICKED);
}

static void what_a_change_does_is_not_seen_before_it(void **state)
{
    static const fp_tick stale[FP_PHASES] = {[FP_PHASE_BEFORE] = FP_TICK_TICKED,
                                             [FP_PHASE_ACTION] = FP_TICK_OPEN,
                                             [FP_PHASE_AFTER] = FP_TICK_OPEN,
                                             [FP_PHASE_BACK_OUT] = FP_TICK_TICKED};
    bench *b = *state;
    for (unsigned phase = 0; phase < FP_PHASES; phase++) {
        b->answers[0].is = FP_TRUE;
        b->item.phase = (fp_phase)phase;
        assert_int_equal(check_when(b, true)->is, stale[phase]);
        if (stale[phase] == FP_TICK_OPEN)
            assert_int_equal(check_when(b, true)->why, FP_OPEN_STALE);
        b->answers[0].is = FP_FALSE; /* it may have been done since */
        if (stale[phase] == FP_TICK_OPEN)
            assert_int_equal(check_when(b, true)->is, FP_TICK_OPEN);
    }
}

static void only_if_sets_aside(void **state)
{
    static const struct {
        fp_tri concerns, is;
        fp_tick tick;
    } rows[] = {
        {FP_TRUE, FP_TRUE, FP_TICK_TICKED},     {FP_TRUE, FP_FALSE, FP_TICK_FAILED},
        {FP_TRUE, FP_UNKNOWN, FP_TICK_OPEN},    {FP_FALSE, FP_TRUE, FP_TICK_ASIDE},
        {FP_FALSE, FP_FALSE, FP_TICK_ASIDE},    {FP_FALSE, FP_UNKNOWN, FP_TICK_ASIDE},
        {FP_UNKNOWN, FP_TRUE, FP_TICK_TICKED},  {FP_UNKNOWN, FP_FALSE, FP_TICK_OPEN},
        {FP_UNKNOWN, FP_UNKNOWN, FP_TICK_OPEN},
    };
    bench *b = *state;
    b->item.only_if = &b->criteria[1];
    b->package.only_if = &b->criteria[1];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        b->answers[1].is = rows[i].concerns;
        b->answers[0].is = rows[i].is;
        const fp_checked *checked = check(b);
        assert_int_equal(checked->is, rows[i].tick);
        const bool by_scope = rows[i].concerns == FP_FALSE ||
                              (rows[i].concerns == FP_UNKNOWN && rows[i].is == FP_FALSE);
        assert_ptr_equal(checked->because.test, &b->tests[by_scope ? 1 : 0]);
        assert_int_equal(b->result.packages[0], rows[i].concerns);
    }
    b->answers[1] = (fp_test_result){.is = FP_FALSE, .declared = true};
    assert_int_equal(check(b)->is, FP_TICK_ASIDE);
    assert_true(check(b)->declared);
    b->item.ticked_by = NULL;
    assert_int_equal(check(b)->is, FP_TICK_ASIDE);
    b->answers[1] = (fp_test_result){.is = FP_FALSE, .unconfirmed = FP_STR("a source")};
    assert_int_equal(check(b)->is, FP_TICK_OPEN);
}

static void of_two_computers_nothing_is_ticked(void **state)
{
    bench *b = *state;
    b->answers[0].is = FP_TRUE;
    b->c.host_conflict = true;
    assert_int_equal(check(b)->is, FP_TICK_OPEN);
    assert_int_equal(b->result.packages[0], FP_UNKNOWN);
    assert_ptr_equal(check(b)->item, &b->item);
}

static void without_memory_it_says_so(void **state)
{
    enum { STEP = 64, MOST = 64 * 1024 };
    bench *b = *state;
    fp_status status = FP_NOMEM;
    size_t budget = 0;
    b->item.ticked_by = &b->criteria[TESTS];
    for (; status != FP_OK && budget <= MOST; budget += STEP) {
        b->c.arena = fp_arena_new(budget);
        assert_non_null(b->c.arena);
        status = fp_checklist_fill(&b->c, false, &b->result);
        assert_true(status == FP_OK || status == FP_NOMEM);
        fp_arena_free(b->c.arena);
    }
    assert_int_equal(status, FP_OK);
    assert_true(budget > STEP);
}

static void names_go_both_ways(void **state)
{
    (void)state;
    fp_tick tick = FP_TICKS;
    for (unsigned i = 0; i < FP_TICKS; i++) {
        assert_true(fp_tick_from_name(fp_str_of(fp_tick_name((fp_tick)i)), &tick));
        assert_int_equal(tick, i);
    }
    assert_false(fp_tick_from_name(FP_STR("tick"), &tick));
    for (unsigned i = 0; i < FP_OPEN_WHYS; i++)
        assert_non_null(fp_open_why_name((fp_open_why)i));
}

/* ---- the data that are shipped ---- */

static unsigned phases_of(const char *path, fp_arena *arena)
{
    size_t size = 0;
    unsigned phases = 0;
    const fp_advisory *advisory = NULL;
    char *text = slurp_file(path, &size);
    assert_non_null(text);
    assert_int_equal(fp_advisory_read(fp_span_of(text, size), arena, NULL, NULL, &advisory, NULL),
                     FP_OK);
    for (size_t i = 0; i < advisory->checklist_count; i++)
        phases |= 1U << advisory->checklist[i].phase;
    free(text);
    return phases;
}

static void every_advisory_has_items_of_every_phase(void **state)
{
    static const char folder[] = FIXPROOF_SOURCE_DIR "/data/advisories";
    (void)state;
    size_t advisories = 0;
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    struct dirent *entry;
    while ((entry = readdir(dir)) != NULL) {
        char path[1024];
        if (!fp_str_iends(fp_str_of(entry->d_name), FP_STR(".json")))
            continue;
        (void)snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        fp_arena *arena = fp_arena_new(BUDGET);
        assert_non_null(arena);
        if (phases_of(path, arena) != (1U << FP_PHASES) - 1U)
            fail_msg("%s: a phase has no item", entry->d_name);
        fp_arena_free(arena);
        advisories++;
    }
    closedir(dir);
    assert_true(advisories > 0);
}

#define ON_BENCH(test) cmocka_unit_test_setup_teardown(test, open_bench, close_bench)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BENCH(answers_tick),
        ON_BENCH(what_no_test_asks_is_left_to_a_person),
        ON_BENCH(a_statement_does_not_tick),
        ON_BENCH(what_nobody_confirmed_decides_nothing),
        ON_BENCH(what_is_not_shown_genuine_decides_nothing),
        ON_BENCH(what_has_no_digest_does_not_tick),
        ON_BENCH(what_a_change_does_is_not_seen_before_it),
        ON_BENCH(only_if_sets_aside),
        ON_BENCH(of_two_computers_nothing_is_ticked),
        ON_BENCH(without_memory_it_says_so),
        cmocka_unit_test(names_go_both_ways),
        cmocka_unit_test(every_advisory_has_items_of_every_phase),
    };
    return RUN_TESTS(tests);
}
