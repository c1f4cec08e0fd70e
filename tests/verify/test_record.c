/* SPDX-License-Identifier: MIT */
/* Reports read back: what was written comes back, and what was altered is refused. */
#include "tests/support/check.h"
#include "tests/support/replaced.h"
#include "tests/support/report_model.h"
#include "verify/report/recorded.h"

#include <stdio.h>

enum { BUDGET = 16 * 1024 * 1024 };

static char *write_json(const report_model *m)
{
    fp_out out = {0};
    assert_int_equal(fp_report_format_find("json")->write(&m->report, &m->style, &out), FP_OK);
    return out.data;
}

static fp_status read_text(const char *text, size_t size, fp_arena *arena, fp_record *out,
                           fp_diag *d)
{
    return fp_record_read(fp_span_of(text, size), arena, out, d);
}

static void assert_text(fp_str is, fp_str should_be)
{
    if (!fp_str_eq(is, should_be))
        fail_msg("'%.*s' instead of '%.*s'", FP_STR_ARG(is), FP_STR_ARG(should_be));
}

static void same_state(const fp_record *a, const fp_record *b)
{
    const fp_record_state *one = &a->state;
    const fp_record_state *two = &b->state;
    assert_true(a->has_state && b->has_state);
    assert_int_equal(one->collected_at, two->collected_at);
    assert_int_equal(one->site_server, two->site_server);
    assert_int_equal(one->markers_complete, two->markers_complete);
    assert_int_equal(one->marker_count, two->marker_count);
    for (size_t i = 0; i < one->marker_count; i++) {
        assert_text(one->markers[i].kb, two->markers[i].kb);
        assert_int_equal(one->markers[i].state, two->markers[i].state);
        assert_int_equal(one->markers[i].ground, two->markers[i].ground);
        assert_int_equal(one->markers[i].present, two->markers[i].present);
        assert_text(one->markers[i].date, two->markers[i].date);
        assert_int_equal(one->markers[i].written, two->markers[i].written);
        assert_int_equal(one->markers[i].origin.item, two->markers[i].origin.item);
        assert_text(one->markers[i].origin.where, two->markers[i].origin.where);
    }
    assert_int_equal(one->file_count, two->file_count);
    for (size_t i = 0; i < one->file_count; i++) {
        assert_int_equal(one->files[i].item, two->files[i].item);
        assert_text(one->files[i].name, two->files[i].name);
        assert_text(one->files[i].version, two->files[i].version);
    }
}

static void same_happenings(const fp_record_state *one, const fp_record_state *two)
{
    assert_int_equal(one->catalog_count, two->catalog_count);
    for (size_t i = 0; i < one->catalog_count; i++) {
        assert_int_equal(one->catalogs[i].item, two->catalogs[i].item);
        assert_text(one->catalogs[i].package_id, two->catalogs[i].package_id);
        assert_int_equal(one->catalogs[i].created, two->catalogs[i].created);
        assert_int_equal(one->catalogs[i].damaged, two->catalogs[i].damaged);
    }
    assert_int_equal(one->log_count, two->log_count);
    for (size_t i = 0; i < one->log_count; i++) {
        assert_int_equal(one->logs[i].item, two->logs[i].item);
        assert_int_equal(one->logs[i].earliest, two->logs[i].earliest);
        assert_int_equal(one->logs[i].latest, two->logs[i].latest);
    }
    assert_int_equal(one->episode_count, two->episode_count);
    for (size_t i = 0; i < one->episode_count; i++) {
        assert_text(one->episodes[i].advisory, two->episodes[i].advisory);
        assert_text(one->episodes[i].activity, two->episodes[i].activity);
        assert_int_equal(one->episodes[i].outcome, two->episodes[i].outcome);
        assert_int_equal(one->episodes[i].begin, two->episodes[i].begin);
        assert_int_equal(one->episodes[i].end, two->episodes[i].end);
        assert_text(one->episodes[i].update, two->episodes[i].update);
        assert_int_equal(one->episodes[i].origin.item, two->episodes[i].origin.item);
    }
}

static void same_needs(const fp_record_need *one, size_t count, const fp_record_need *two,
                       size_t other_count)
{
    assert_int_equal(count, other_count);
    for (size_t i = 0; i < count; i++) {
        assert_text(one[i].test, two[i].test);
        assert_text(one[i].needs, two[i].needs);
        assert_text(one[i].collect, two[i].collect);
        assert_text(one[i].why, two[i].why);
    }
}

static void same_digests(const fp_named_digest *one, size_t count, const fp_named_digest *two,
                         size_t other_count)
{
    assert_int_equal(count, other_count);
    for (size_t i = 0; i < count; i++) {
        assert_text(one[i].name, two[i].name);
        assert_text(one[i].sha256, two[i].sha256);
    }
}

static void same_settings(const fp_settings *one, const fp_settings *two)
{
    assert_true(one->known && two->known);
    assert_int_equal(one->accept_weak, two->accept_weak);
    assert_int_equal(one->trust_any_root, two->trust_any_root);
    assert_text(one->code_page, two->code_page);
    same_digests(one->roots, one->root_count, two->roots, two->root_count);
    same_digests(one->expected, one->expected_count, two->expected, two->expected_count);
    assert_text(one->advisories, two->advisories);
    assert_text(one->products, two->products);
    assert_text(one->trust, two->trust);
}

static void same_results(const fp_record *a, const fp_record *b)
{
    assert_int_equal(a->result_count, b->result_count);
    for (size_t i = 0; i < a->result_count; i++) {
        const fp_record_result *one = &a->results[i];
        const fp_record_result *two = &b->results[i];
        assert_text(one->advisory, two->advisory);
        assert_text(one->title, two->title);
        assert_text(one->advisory_sha256, two->advisory_sha256);
        assert_int_equal(one->verdict, two->verdict);
        assert_int_equal(one->possible, two->possible);
        assert_text(one->reason, two->reason);
        assert_text(one->assurance, two->assurance);
        assert_text(one->remediation, two->remediation);
        assert_int_equal(one->in_place, two->in_place);
        assert_int_equal(one->kbs.count, two->kbs.count);
        same_needs(one->missing, one->missing_count, two->missing, two->missing_count);
        same_needs(one->proof, one->proof_count, two->proof, two->proof_count);
    }
}

static void same_record(const fp_record *a, const fp_record *b)
{
    assert_text(a->tool_version, b->tool_version);
    assert_text(a->command, b->command);
    same_settings(&a->settings, &b->settings);
    assert_int_equal(a->generated, b->generated);
    assert_int_equal(a->since, b->since);
    assert_int_equal(a->statement_count, b->statement_count);
    for (size_t i = 0; i < a->statement_count; i++) {
        assert_text(a->statements[i].key, b->statements[i].key);
        assert_text(a->statements[i].value, b->statements[i].value);
        assert_int_equal(a->statements[i].item, b->statements[i].item);
    }
    assert_text(a->subject.host, b->subject.host);
    assert_text(a->subject.site_code, b->subject.site_code);
    assert_text(a->subject.version, b->subject.version);
    assert_text(a->subject.role, b->subject.role);
    assert_int_equal(a->item_count, b->item_count);
    for (size_t i = 0; i < a->item_count; i++) {
        assert_text(a->items[i].path, b->items[i].path);
        assert_int_equal(a->items[i].kind, b->items[i].kind);
        assert_int_equal(a->items[i].hashed, b->items[i].hashed);
        assert_memory_equal(a->items[i].sha256, b->items[i].sha256, FP_SHA256_SIZE);
        assert_int_equal(a->items[i].size, b->items[i].size);
        assert_int_equal(a->items[i].parent, b->items[i].parent);
    }
    same_state(a, b);
    same_happenings(&a->state, &b->state);
    same_results(a, b);
}

static void check_round_trip(report_model *m)
{
    fp_arena *arena = fp_arena_new(BUDGET);
    fp_record made = {0};
    fp_record read = {0};
    fp_diag d = {0};
    char *text = write_json(m);
    assert_int_equal(fp_record_of(&m->report, arena, &made), FP_OK);
    if (read_text(text, strlen(text), arena, &read, &d) != FP_OK)
        fail_msg("line %llu: %s\n%s", (unsigned long long)d.where, d.message, text);
    same_record(&made, &read);
    free(text);
    fp_arena_free(arena);
}

static void what_is_written_comes_back(void **state)
{
    (void)state;
    report_model m;
    report_model_make(&m, FP_VIEW_ASSESS);
    check_round_trip(&m);
    report_model_make(&m, FP_VIEW_CONFIRM);
    report_model_open(&m);
    m.result.in_place = true;
    m.result.proof = m.missing;
    m.result.proof_count = 1;
    check_round_trip(&m);
}

static void every_word_comes_back(void **state)
{
    (void)state;
    report_model m;
    report_model_make(&m, FP_VIEW_EXPLAIN);
    for (unsigned i = 0; i < FP_HOTFIX_STATES; i++) {
        m.hotfixes[0].state = (fp_hotfix_state)i;
        check_round_trip(&m);
    }
    for (unsigned i = 0; i <= FP_GROUND_CONFIRMED; i++) {
        m.hotfixes[0].ground = (fp_hotfix_ground)i;
        check_round_trip(&m);
    }
    for (unsigned i = 0; i < FP_KIND_COUNT; i++) {
        m.items[0].kind = (fp_kind)i;
        check_round_trip(&m);
    }
    for (unsigned i = 0; i <= FP_EPISODE_FAILED; i++) {
        m.episodes[0].outcome = (fp_episode_outcome)i;
        check_round_trip(&m);
    }
    for (unsigned i = 0; i < FP_VERDICTS; i++) {
        m.result.verdict = (fp_verdict)i;
        m.result.possible = i == 0 ? fp_verdict_all() : fp_verdict_bit((fp_verdict)i);
        m.result.in_place = i == FP_FIXED;
        check_round_trip(&m);
    }
}

static void nothing_known_comes_back(void **state)
{
    (void)state;
    report_model m;
    report_model_make(&m, FP_VIEW_ASSESS);
    m.casefile = (fp_case){.collected_at = FP_TIME_NONE};
    m.report.item_count = m.report.result_count = m.report.hotfix_count = 0;
    check_round_trip(&m);
}

static void the_last_episodes_of_an_activity_are_kept(void **state)
{
    (void)state;
    fp_arena *arena = fp_arena_new(BUDGET);
    fp_episode many[FP_RECORD_EPISODES_MAX + 3];
    report_model m;
    fp_record made = {0};
    report_model_make(&m, FP_VIEW_ASSESS);
    for (size_t i = 0; i < FP_RECORD_EPISODES_MAX + 3; i++) {
        many[i] = m.episodes[0];
        many[i].begin += (fp_time)i * 1000;
    }
    m.history.episodes = many;
    m.history.episode_count = FP_RECORD_EPISODES_MAX + 3;
    assert_int_equal(fp_record_of(&m.report, arena, &made), FP_OK);
    assert_int_equal(made.state.episode_count, FP_RECORD_EPISODES_MAX);
    assert_int_equal(made.state.episodes[0].begin, many[3].begin);
    fp_arena_free(arena);
}

/* What an earlier version did not write is not known; what a later one adds is passed over. */
static void other_versions_are_read(void **state)
{
    (void)state;
    fp_arena *arena = fp_arena_new(BUDGET);
    report_model m;
    report_model_make(&m, FP_VIEW_ASSESS);
    char *text = write_json(&m);
    char *without = replaced(text, "\"state\": {", "\"added later\": {");
    char *silent = replaced(without, "\"settings\": {", "\"more\": {");
    char *bare = replaced(silent, "\"in_place\": false,", "");
    fp_record read = {0};
    assert_int_equal(read_text(bare, strlen(bare), arena, &read, NULL), FP_OK);
    assert_false(read.has_state);
    assert_false(read.settings.known);
    assert_int_equal(read.state.collected_at, FP_TIME_NONE);
    assert_int_equal(read.state.marker_count, 0);
    assert_int_equal(read.result_count, 1);
    free(text);
    free(without);
    free(silent);
    free(bare);
    fp_arena_free(arena);
}

static const struct alteration {
    const char *name, *old, *new;
    fp_status status;
} alterations[] = {
    {"another schema of ours", "fixproof/report/v1", "fixproof/inventory/v1", FP_UNSUPPORTED},
    {"another version", "fixproof/report/v1", "fixproof/report/v2", FP_UNSUPPORTED},
    {"another program's", "fixproof/report/v1", "https://example/report", FP_FORMAT},
    {"no schema", "\"schema\":", "\"scheme\":", FP_FORMAT},
    {"no command", "\"command\":", "\"komand\":", FP_FORMAT},
    {"no time", "\"generated\": \"2", "\"generated\": \"x", FP_FORMAT},
    {"time is null", "\"generated\": \"2008-06-14T00:00:00Z\"", "\"generated\": null", FP_FORMAT},
    {"subject is a list", "\"subject\": {", "\"subject\": [], \"x\": {", FP_FORMAT},
    {"host is a number", "\"host\": \"SRV01\"", "\"host\": 1", FP_FORMAT},
    {"a member twice", "\"host\": \"SRV01\"", "\"host\": \"A\", \"host\": \"B\"", FP_FORMAT},
    {"evidence is no list", "\"evidence\": [", "\"evidence\": 7, \"x\": [", FP_FORMAT},
    {"an id that is left out", "\"id\": 2", "\"id\": 3", FP_FORMAT},
    {"an id of nothing", "\"id\": 1", "\"id\": 0", FP_FORMAT},
    {"lies in itself", "\"parent\": null", "\"parent\": 1", FP_FORMAT},
    {"an unknown kind", "\"kind\": \"registry-export\"", "\"kind\": \"paper\"", FP_FORMAT},
    {"a short hash", "\"sha256\": \"11", "\"sha256\": \"1", FP_FORMAT},
    {"a hash of other letters", "\"sha256\": \"11", "\"sha256\": \"xy", FP_FORMAT},
    {"a negative size", "\"size_bytes\": 1000", "\"size_bytes\": -1", FP_FORMAT},
    {"complete is a word", "\"complete\": true", "\"complete\": \"true\"", FP_FORMAT},
    {"an unknown verdict", "\"verdict\": \"affected\"", "\"verdict\": \"fine\"", FP_FORMAT},
    {"another verdict alone", "\"verdict\": \"affected\"", "\"verdict\": \"fixed\"", FP_FORMAT},
    {"fixed and not in place", "\"verdict\": \"affected\"",
     "\"verdict\": \"fixed\", \"in_place\": false, \"x\": 1", FP_FORMAT},
    {"undetermined is possible", "\"possible\": [\n        \"affected\"",
     "\"possible\": [\n        \"undetermined\"", FP_FORMAT},
    {"no reason", "\"reason\": \"unpatched\"", "\"reason\": \"\"", FP_FORMAT},
    {"missing is an object", "\"missing\": []", "\"missing\": {}", FP_FORMAT},
    {"proof is null", "\"proof\": []", "\"proof\": null", FP_FORMAT},
    {"state is null", "\"state\": {", "\"state\": null, \"x\": {", FP_FORMAT},
    {"a state without markers", "\"markers\": [", "\"marks\": [", FP_FORMAT},
    {"no KB number", "\"kb\": \"KB1\"", "\"kb\": \"KBx\"", FP_FORMAT},
    {"a hotfix twice", "\"kb\": \"KB1\"", "\"kb\": \"KB2\"", FP_FORMAT},
    {"an unknown state", "\"state\": \"conflicting\"", "\"state\": \"gone\"", FP_FORMAT},
    {"an unknown ground", "\"ground\": \"none\"", "\"ground\": \"rumoured\"", FP_FORMAT},
    {"present is a word", "\"present\": null", "\"present\": \"yes\"", FP_FORMAT},
    {"evidence that is not listed", "\"damaged\": false,\n        \"evidence\": 4",
     "\"damaged\": false, \"evidence\": 99", FP_FORMAT},
    {"a log that ends before it begins", "\"earliest\": \"2008-06-13", "\"earliest\": \"2009-06-13",
     FP_FORMAT},
    {"an unknown outcome", "\"outcome\": \"failed\"", "\"outcome\": \"good\"", FP_FORMAT},
    {"settings are a list", "\"settings\": {", "\"settings\": [], \"x\": {", FP_FORMAT},
    {"no setting of roots", "\"roots\": [", "\"root\": [", FP_FORMAT},
    {"a root that is a text", "\"roots\": [", "\"roots\": [\"x\", ", FP_FORMAT},
    {"a thumbprint that is none", "\"roots\": [", "\"roots\": [{\"sha256\": \"12\"}, ", FP_FORMAT},
    {"a setting that is a word", "\"accept_weak\": true", "\"accept_weak\": \"yes\"", FP_FORMAT},
    {"data that are no object", "\"data\": {", "\"data\": 1, \"x\": {", FP_FORMAT},
    {"nested too deep", "\"host\": \"SRV01\"",
     "\"host\": "
     "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]"
     "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
     FP_LIMIT},
};

static void what_was_altered_is_refused(void **state)
{
    (void)state;
    report_model m;
    report_model_make(&m, FP_VIEW_ASSESS);
    m.hotfixes[0].ground = FP_GROUND_NONE;
    m.hotfixes[0].present = FP_UNKNOWN;
    char *text = write_json(&m);
    for (size_t i = 0; i < sizeof alterations / sizeof *alterations; i++) {
        fp_arena *arena = fp_arena_new(BUDGET);
        fp_record read = {0};
        fp_diag d = {0};
        char *altered = replaced(text, alterations[i].old, alterations[i].new);
        const fp_status status = read_text(altered, strlen(altered), arena, &read, &d);
        if (status != alterations[i].status)
            fail_msg("%s: %s (%s)", alterations[i].name, fp_status_name(status), d.message);
        assert_int_equal(d.status, status);
        assert_true(d.where > 0);
        assert_null(read.items);
        free(altered);
        fp_arena_free(arena);
    }
    free(text);
}

static void an_advisory_has_one_result(void **state)
{
    (void)state;
    fp_arena *arena = fp_arena_new(BUDGET);
    report_model m;
    report_model_make(&m, FP_VIEW_ASSESS);
    const fp_result twice[] = {m.result, m.result};
    m.report.results = twice;
    m.report.result_count = 2;
    char *text = write_json(&m);
    fp_record read = {0};
    assert_int_equal(read_text(text, strlen(text), arena, &read, NULL), FP_FORMAT);
    free(text);
    fp_arena_free(arena);
}

static void a_cut_report_is_refused(void **state)
{
    (void)state;
    report_model m;
    report_model_make(&m, FP_VIEW_ASSESS);
    char *text = write_json(&m);
    const size_t size = strlen(text);
    for (size_t i = 0; i + 1 < size; i += i < 2000 ? 1 : 97) { /* the last byte is a line end */
        fp_arena *arena = fp_arena_new(BUDGET);
        fp_record read = {0};
        assert_int_equal(read_text(text, i, arena, &read, NULL), FP_FORMAT);
        fp_arena_free(arena);
    }
    free(text);
}

static void a_huge_report_is_refused(void **state)
{
    (void)state;
    const size_t size = (size_t)FP_JSON_SIZE_MAX + 1;
    char *text = malloc(size);
    assert_non_null(text);
    memset(text, ' ', size);
    fp_arena *arena = fp_arena_new(BUDGET);
    fp_record read = {0};
    assert_int_equal(read_text(text, size, arena, &read, NULL), FP_LIMIT);
    fp_arena_free(arena);
    free(text);
}

static void too_little_memory_is_told(void **state)
{
    (void)state;
    report_model m;
    report_model_make(&m, FP_VIEW_ASSESS);
    char *text = write_json(&m);
    fp_status status = FP_NOMEM;
    for (size_t budget = 0; status != FP_OK; budget += 64) {
        fp_arena *arena = fp_arena_new(budget);
        fp_record read = {0};
        fp_record made = {0};
        status = read_text(text, strlen(text), arena, &read, NULL);
        assert_true(status == FP_OK || status == FP_NOMEM);
        assert_true(fp_record_of(&m.report, arena, &made) != FP_OK || budget > 0);
        fp_arena_free(arena);
        assert_true(budget < BUDGET);
    }
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_comes_back),
        cmocka_unit_test(every_word_comes_back),
        cmocka_unit_test(nothing_known_comes_back),
        cmocka_unit_test(the_last_episodes_of_an_activity_are_kept),
        cmocka_unit_test(other_versions_are_read),
        cmocka_unit_test(what_was_altered_is_refused),
        cmocka_unit_test(an_advisory_has_one_result),
        cmocka_unit_test(a_cut_report_is_refused),
        cmocka_unit_test(a_huge_report_is_refused),
        cmocka_unit_test(too_little_memory_is_told),
    };
    return RUN_TESTS(tests);
}
