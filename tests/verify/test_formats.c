/* SPDX-License-Identifier: MIT */
/*
 * The formats of other programs: every verdict in every one of them (the table of data/README.md),
 * what they have no word for, hostile text on the level of bytes. Whether they accept what is
 * written is the matter of scripts/check-formats.
 */
#include "tests/support/check.h"
#include "tests/support/report_model.h"
#include "tests/support/xml_check.h"
#include "verify/report/export.h"

#include <stdio.h>

static char *write_as(const report_model *m, const char *format)
{
    fp_out out = {0};
    assert_int_equal(fp_report_format_find(format)->write(&m->report, &m->style, &out), FP_OK);
    assert_int_equal(strlen(out.data), out.size);
    return out.data;
}

static void make(report_model *m, fp_verdict verdict)
{
    report_model_make(m, FP_VIEW_ASSESS);
    if (verdict == FP_UNDETERMINED)
        report_model_open(m);
    m->result.verdict = verdict;
    if (verdict != FP_UNDETERMINED)
        m->result.possible = fp_verdict_bit(verdict);
}

/* ---- one test per cell of the table ---- */

typedef struct cell {
    const char *format;
    fp_verdict verdict;
    const char *has[4]; /* all of these stand in it ... */
    const char *lacks;  /* ... and this does not */
} cell;

#define CELL(format, verdict, lacks, ...)                                                          \
    {                                                                                              \
        format, verdict, {__VA_ARGS__}, lacks                                                      \
    }

static const cell cells[] = {
    CELL("openvex", FP_AFFECTED, "impact_statement", "\"status\": \"affected\"",
         "\"action_statement\": \"Install KB954474."),
    CELL("openvex", FP_FIXED, "action_statement", "\"status\": \"fixed\""),
    CELL("openvex", FP_NOT_APPLICABLE, "action_statement", "\"status\": \"not_affected\"",
         "\"impact_statement\": \"The site synchronises"),
    CELL("openvex", FP_UNDETERMINED, "\"fixed\"", "\"status\": \"under_investigation\"",
         "still possible: affected or not applicable", "Missing: the log wsyncmgr.log"),
    CELL("csaf", FP_AFFECTED, "\"threats\"", "\"known_affected\"", "\"vendor_fix\"",
         "\"status\": \"final\""),
    CELL("csaf", FP_FIXED, "\"remediations\"", "\"fixed\": [", "\"status\": \"final\""),
    CELL("csaf", FP_NOT_APPLICABLE, "\"flags\"", "\"known_not_affected\"",
         "\"category\": \"impact\""),
    CELL("csaf", FP_UNDETERMINED, "\"fixed\": [", "\"under_investigation\"",
         "\"status\": \"interim\"", "still possible: affected or not applicable"),
    CELL("sarif", FP_AFFECTED, "\"none\"", "\"kind\": \"fail\"", "\"level\": \"error\""),
    CELL("sarif", FP_FIXED, "\"error\"", "\"kind\": \"pass\"", "\"level\": \"none\""),
    CELL("sarif", FP_NOT_APPLICABLE, "\"error\"", "\"kind\": \"notApplicable\"",
         "\"level\": \"none\""),
    CELL("sarif", FP_UNDETERMINED, "\"pass\"", "\"kind\": \"open\"", "\"level\": \"none\"",
         "\"verdict\": \"undetermined\"", "\"collect\": \"copy"),
    CELL("junit", FP_AFFECTED, "<skipped", "<failure type=\"affected\"", "failures=\"1\""),
    CELL("junit", FP_FIXED, "<failure", "failures=\"0\" errors=\"0\" skipped=\"0\"",
         "name=\"954474.verdict\" value=\"fixed\""),
    CELL("junit", FP_NOT_APPLICABLE, "<failure", "<skipped message=", "skipped=\"1\""),
    CELL("junit", FP_UNDETERMINED, "<failure", "<error type=\"undetermined\"", "errors=\"1\"",
         "still possible: affected or not applicable"),
    CELL("cyclonedx", FP_AFFECTED, "justification", "\"state\": \"exploitable\"", "\"update\""),
    CELL("cyclonedx", FP_FIXED, "\"update\"", "\"state\": \"resolved\""),
    CELL("cyclonedx", FP_NOT_APPLICABLE, "justification", "\"state\": \"not_affected\""),
    CELL("cyclonedx", FP_UNDETERMINED, "resolved", "\"state\": \"in_triage\"",
         "\"value\": \"affected or not applicable\""),
    CELL("nagios", FP_AFFECTED, " OK ", "FIXPROOF CRITICAL - 1 affected", " | undetermined=0"),
    CELL("nagios", FP_FIXED, "CRITICAL", "FIXPROOF OK - ", "fixed=1"),
    CELL("nagios", FP_NOT_APPLICABLE, "CRITICAL", "FIXPROOF OK - ", "not_applicable=1"),
    CELL("nagios", FP_UNDETERMINED, " OK ", "FIXPROOF UNKNOWN - ", "undetermined=1"),
    CELL("csv", FP_AFFECTED, "\"fixed\"", "\"affected\",\"yes\""),
    CELL("csv", FP_FIXED, "\"affected\"", "\"fixed\",\"no\""),
    CELL("csv", FP_NOT_APPLICABLE, "\"affected\"", "\"not_applicable\",\"no\""),
    CELL("csv", FP_UNDETERMINED, "\"fixed\"", "\"undetermined\",\"yes\"",
         "\"affected not_applicable\"", "\"the log wsyncmgr.log\""),
    CELL("ndjson", FP_AFFECTED, "\"verdict\":\"undetermined\"",
         "\"verdict\":\"affected\",\"reason\":", "\"action_needed\":true"),
    CELL("ndjson", FP_FIXED, "\"verdict\":\"undetermined\"",
         "\"verdict\":\"fixed\",\"reason\":", "\"action_needed\":false"),
    CELL("ndjson", FP_NOT_APPLICABLE, "\"verdict\":\"undetermined\"",
         "\"verdict\":\"not_applicable\",\"reason\":", "\"action_needed\":false"),
    CELL("ndjson", FP_UNDETERMINED, "\"action_needed\":false",
         "\"verdict\":\"undetermined\",\"reason\":"),
};

static void a_verdict_keeps_its_meaning(void **state)
{
    const cell *c = *state;
    report_model m;
    make(&m, c->verdict);
    char *text = write_as(&m, c->format);
    for (size_t i = 0; i < sizeof c->has / sizeof *c->has && c->has[i] != NULL; i++)
        if (strstr(text, c->has[i]) == NULL)
            fail_msg("%s: no %s in\n%s", c->format, c->has[i], text);
    if (strstr(text, c->lacks) != NULL)
        fail_msg("%s: %s in\n%s", c->format, c->lacks, text);
    free(text);
}

/* ---- what the formats have no word for ---- */

typedef enum fact { REASON, ASSURANCE, CAVEATS, POSSIBLE, MISSING, DECLARED, FACTS } fact;

static const char *const fact_names[FACTS] = {"reason",   "assurance", "caveats",
                                              "possible", "missing",   "declared"};

/* All of them in one report: an undetermined result that has everything else too. */
static void make_all_facts(report_model *m)
{
    make(m, FP_UNDETERMINED);
    m->result.assurance = FP_STR("installed");
    m->result.caveat_count = 1;
}

typedef struct carried { /* what stands where */
    const char *format;
    fact what;
    const char *place;
    const char *text; /* within WITHIN bytes behind the place's beginning */
} carried;

enum { WITHIN = 1000 };

#define IN_WORDS(format, place)                                                                    \
    {format, REASON, place, "Reason: evidence_missing."},                                          \
        {format, ASSURANCE, place, "Assurance: installed."},                                       \
        {format, CAVEATS, place, "Caveat: The log does not reach back to the installation."},      \
        {format, POSSIBLE, place, "still possible: affected or not applicable."},                  \
        {format, MISSING, place, "Missing: the log wsyncmgr.log (not supplied)."},                 \
    {                                                                                              \
        format, DECLARED, place, "Declared, not observed: sms2003-clients = yes."                  \
    }

static const carried places[] = {
    IN_WORDS("openvex", "\"status_notes\": \"UNDETERMINED."),
    IN_WORDS("csaf", "\"title\": \"Verdict of fixproof\""),
    IN_WORDS("sarif", "\"text\": \"UNDETERMINED."),
    IN_WORDS("junit", "<error type=\"undetermined\""),
    IN_WORDS("junit", "<system-out>954474: UNDETERMINED."),
    IN_WORDS("cyclonedx", "\"detail\": \"UNDETERMINED."),
    IN_WORDS("nagios", "\n954474: UNDETERMINED."),
    {"sarif", REASON, "\"reason\": ", "\"evidence_missing\""},
    {"sarif", ASSURANCE, "\"assurance\": ", "\"installed\""},
    {"sarif", CAVEATS, "\"caveats\": [", "\"The log does not reach back to the installation.\""},
    {"sarif", POSSIBLE, "\"possible\": [", "\"not_applicable\""},
    {"sarif", MISSING, "\"missing\": [", "\"the log wsyncmgr.log\""},
    {"junit", REASON, "name=\"954474.reason\"", " value=\"evidence_missing\""},
    {"junit", ASSURANCE, "name=\"954474.assurance\"", " value=\"installed\""},
    {"junit", POSSIBLE, "name=\"954474.possible\"", " value=\"affected or not applicable\""},
    {"cyclonedx", REASON, "\"fixproof:reason\"", "\"evidence_missing\""},
    {"cyclonedx", ASSURANCE, "\"fixproof:assurance\"", "\"installed\""},
    {"cyclonedx", POSSIBLE, "\"fixproof:possible\"", "\"affected or not applicable\""},
    {"ndjson", REASON, "\"record\":\"results\"", "\"reason\":\"evidence_missing\""},
    {"ndjson", ASSURANCE, "\"record\":\"results\"", "\"assurance\":\"installed\""},
    {"ndjson", CAVEATS, "\"record\":\"results\"", "\"caveats\":[\"The log does not reach"},
    {"ndjson", POSSIBLE, "\"record\":\"results\"",
     "\"possible\":[\"affected\",\"not_applicable\"]"},
    {"ndjson", MISSING, "\"record\":\"results\"", "\"needs\":\"the log wsyncmgr.log\""},
    {"ndjson", DECLARED, "\"record\":\"statements\"", "\"key\":\"sms2003-clients\""},
};

static void assert_behind(const char *text, const char *format, const char *place,
                          const char *wanted, ptrdiff_t within)
{
    const char *from = strstr(text, place);
    const char *found = from != NULL ? strstr(from, wanted) : NULL;
    if (found == NULL || found - from > within)
        fail_msg("%s: no %s behind %s in\n%s", format, wanted, place, text);
}

static void a_fact_has_its_place(void **state)
{
    const carried *c = *state;
    report_model m;
    make_all_facts(&m);
    char *text = write_as(&m, c->format);
    assert_behind(text, c->format, c->place, c->text, WITHIN);
    free(text);
}

/* ---- what changed ---- */

typedef struct told { /* of a change: what, where */
    const char *format, *what, *place, *text;
} told;

/* Of one advisory, in its note. */
#define TOLD_OF_ADVISORY(format, place)                                                            \
    {format, "outcome", place, "After the change: Installed, and not yet shown to work."},         \
    {                                                                                              \
        format, "verdict before", place, "Before: undetermined (evidence_missing)."                \
    }
/* Of the change as a whole, in a note of its own. */
#define TOLD_OF_CHANGE(format, place)                                                              \
    {format, "conclusion", place, "WORSE. Something is worse than before."},                       \
        {format, "order", place, "It is older."}, {format, "server", place, "not both name"},      \
        {format, "worse", place, "What got worse: KB1 is gone."},                                  \
        {format, "not asked", place,                                                               \
         "Asked before, and not again: 954474, undetermined (evidence_missing)."},                 \
        {format, "changed", place, "What changed: release: SP1 -"},                                \
        {format, "new in the log", place, "New in the log: 2008-06-13T00:00:00Z: failed"},         \
        {format, "stayed", place, "What stayed: KB1, installed; a.exe, 1.2.0.0."},                 \
    {                                                                                              \
        format, "not shown", place, "Not shown by one of the two: a.exe: not in the evidence"      \
    }

static const told changes[] = {
    TOLD_OF_ADVISORY("openvex", "\"status_notes\": "),
    TOLD_OF_CHANGE("openvex", "The change as a whole: "),
    TOLD_OF_ADVISORY("csaf", "\"title\": \"Verdict of fixproof\""),
    TOLD_OF_CHANGE("csaf", "\"title\": \"What changed\""),
    TOLD_OF_ADVISORY("sarif", "\"ruleIndex\": 0"),
    TOLD_OF_CHANGE("sarif", "\"ruleId\": \"change-as-a-whole\""),
    TOLD_OF_ADVISORY("junit", "<failure type=\"affected\""),
    TOLD_OF_ADVISORY("junit", "<system-out>"),
    TOLD_OF_CHANGE("junit", "<failure type=\"worse\" message=\"Something is worse"),
    TOLD_OF_CHANGE("junit", "<system-out>change: "),
    TOLD_OF_ADVISORY("cyclonedx", "\"detail\": "),
    TOLD_OF_CHANGE("cyclonedx", "\"fixproof:change\""),
    TOLD_OF_ADVISORY("nagios", "\n954474: "),
    TOLD_OF_CHANGE("nagios", "\nchange: "),
    TOLD_OF_CHANGE("csv", "\"954474\",\"ConfigMgr"),
    {"nagios", "conclusion", "FIXPROOF CRITICAL - ", "WORSE: 1 affected"},
    {"csv", "outcome", "\"954474\",\"ConfigMgr", "\"installed_not_shown\",\"updated\","},
    {"csv", "verdict before", "\"954474\",\"ConfigMgr", "\"undetermined\",\"evidence_missing\","},
    {"csv", "conclusion", "\"954474\",\"ConfigMgr", "\"worse\",\"WORSE. "},
    {"csv", "not asked", "\r\n\"SRV01\"", "\"not_asked\",\"absent\",\"undetermined\""},
    {"sarif", "outcome", "\"actionNeeded\": ", "\"outcome\": \"installed_not_shown\""},
    {"sarif", "standing", "\"ruleIndex\": 0", "\"baselineState\": \"updated\""},
    {"sarif", "verdict before", "\"before\": {", "\"reason\": \"evidence_missing\""},
    {"sarif", "not asked", "\"ruleIndex\": 1,", "\"baselineState\": \"absent\""},
    {"sarif", "conclusion", "\"ruleIndex\": 2,", "\"baselineState\": \"new\""},
    {"sarif", "conclusion", "\"change\": {", "\"conclusion\": \"worse\""},
    {"sarif", "order", "\"change\": {", "\"order\": \"backwards\""},
    {"sarif", "report before", "\"change\": {", "\"baselineReportSha256\": \"abab"},
    {"sarif", "worse", "\"worse\": [", "\"KB1 is gone.\""},
    {"sarif", "changed", "\"changed\": [", "\"release: SP1 -> SP2\""},
    {"sarif", "judged otherwise", "\"judgedOtherwise\": [",
     "\"data of the advisory 954474: fedcba98"},
    {"sarif", "new in the log", "\"newInLog\": [", "2008-06-13T00:00:00Z: failed"},
    {"sarif", "stayed", "\"stayed\": [", "\"KB1, installed\""},
    {"sarif", "not shown", "\"notShown\": [", "\"a.exe: not in the evidence -> no version\""},
    {"junit", "conclusion", "name=\"change.conclusion\"", " value=\"worse\""},
    {"junit", "outcome", "name=\"954474.outcome\"", " value=\"installed_not_shown\""},
    {"junit", "verdict before", "name=\"954474.verdict_before\"", " value=\"undetermined\""},
    {"junit", "reason before", "name=\"954474.reason_before\"", " value=\"evidence_missing\""},
    {"junit", "cases", "<testsuite ", "tests=\"2\" failures=\"2\" errors=\"0\" skipped=\"0\""},
    {"cyclonedx", "conclusion", "\"fixproof:conclusion\"", "\"worse\""},
    {"cyclonedx", "outcome", "\"fixproof:outcome\"", "\"installed_not_shown\""},
    {"cyclonedx", "verdict before", "\"fixproof:verdict-before\"", "\"undetermined\""},
    {"cyclonedx", "reason before", "\"fixproof:reason-before\"", "\"evidence_missing\""},
    {"ndjson", "all of it", "\"changes\":{\"schema\":", "\"conclusion\":\"worse\""},
};

static void make_changed(report_model *m)
{
    report_model_make(m, FP_VIEW_CONFIRM);
    report_model_before(m);
}

static void a_change_is_told(void **state)
{
    const told *c = *state;
    report_model m;
    make_changed(&m);
    char *text = write_as(&m, c->format);
    assert_behind(text, c->format, c->place, c->text, 2 * WITHIN);
    free(text);
}

/* confirm --since: there is a conclusion, and nothing to stand in any relation to. */
static void without_a_report_before_nothing_has_a_standing(void **state)
{
    (void)state;
    report_model m;
    make_changed(&m);
    m.changes.before = NULL;
    m.changes.fact_count = m.changes.marker_count = m.changes.file_count = 0;
    m.changes.catalog_count = m.changes.episode_count = m.changes.regression_count = 0;
    m.changes.result_count = 1;
    m.result_changes[0].before = NULL;
    char *text = write_as(&m, "sarif");
    assert_null(strstr(text, "baselineState"));
    assert_non_null(strstr(text, "\"baselineReportSha256\": null"));
    assert_non_null(strstr(text, "change-as-a-whole"));
    free(text);
    text = write_as(&m, "csv");
    assert_non_null(strstr(text, "\"installed_not_shown\",\"\",\"\",\"\",\"worse\","));
    free(text);
}

static void a_standing_is_that_of_sarif(void **state)
{
    const fp_record_result fixed = {.verdict = FP_FIXED,
                                    .possible = fp_verdict_bit(FP_FIXED),
                                    .reason = FP_STR("r"),
                                    .assurance = FP_STR("a")};
    fp_record_result others[4] = {fixed, fixed, fixed, fixed};
    others[0].verdict = FP_AFFECTED;
    others[1].possible = fp_verdict_all();
    others[2].reason = FP_STR("s");
    others[3].assurance = FP_STR("");
    (void)state;
    assert_string_equal(fp_export_standing(&(fp_result_change){.after = &fixed}), "new");
    assert_string_equal(fp_export_standing(&(fp_result_change){.before = &fixed}), "absent");
    const fp_result_change same = {.before = &fixed, .after = &fixed};
    assert_string_equal(fp_export_standing(&same), "unchanged");
    for (size_t i = 0; i < 4; i++) {
        const fp_result_change other = {.before = &fixed, .after = &others[i]};
        assert_string_equal(fp_export_standing(&other), "updated");
    }
}

/* Without a change the formats say nothing of one. */
static void no_change_is_made_up(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        report_model m;
        make(&m, FP_AFFECTED);
        char *text = write_as(&m, changes[i].format);
        assert_null(strstr(text, "After the change"));
        assert_null(strstr(text, "WORSE"));
        assert_null(strstr(text, "change-as-a-whole"));
        assert_null(strstr(text, "the change as a whole"));
        free(text);
    }
}

/* The cell of the first row below this header; every cell is quoted, no header is. */
static void read_column(const char *text, const char *header, char *out, size_t size)
{
    size_t column = 0;
    const char *at = text;
    for (; strncmp(at, header, strlen(header)) != 0; column++) {
        at += strcspn(at, ",\r") + 1;
        assert_true(at[-1] == ','); /* else there is no such column */
    }
    for (at = strchr(text, '\n') + 2; column > 0; column--)
        at = strstr(at, "\",\"") + 3;
    assert_true(snprintf(out, size, "%.*s", (int)(strstr(at, "\"") - at), at) >= 0);
}

static void a_fact_has_its_column(void **state)
{
    static const char *const expected[FACTS] = {"evidence_missing",
                                                "installed",
                                                "The log does not reach back to the installation.",
                                                "affected not_applicable",
                                                "the log wsyncmgr.log",
                                                "sms2003-clients=yes"};
    (void)state;
    report_model m;
    make_all_facts(&m);
    char *text = write_as(&m, "csv");
    for (unsigned f = 0; f < FACTS; f++) {
        char seen[256];
        read_column(text, fact_names[f], seen, sizeof seen);
        assert_string_equal(seen, expected[f]);
    }
    free(text);
}

static const char *const exports[] = {"openvex",   "csaf",   "sarif", "junit",
                                      "cyclonedx", "nagios", "csv",   "ndjson"};
enum { EXPORTS = sizeof exports / sizeof *exports };

static void an_absent_product_is_said_in_their_words(void **state)
{
    static const struct {
        const char *format, *word;
    } rows[] = {{"openvex", "\"justification\": \"component_not_present\""},
                {"csaf", "\"label\": \"component_not_present\""},
                {"cyclonedx", "\"justification\": \"code_not_present\""}};
    (void)state;
    report_model m;
    make(&m, FP_NOT_APPLICABLE);
    m.casefile.product = (fp_product){.installed = FP_FALSE};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *text = write_as(&m, rows[i].format);
        assert_non_null(strstr(text, rows[i].word));
        free(text);
    }
}

static void a_cve_has_its_own_member(void **state)
{
    static const struct {
        const char *id;
        bool cve;
    } rows[] = {{"CVE-2008-1234", true},    {"CVE-2008-12345678", true},
                {"CVE-2008-123", false},    {"CVE-08-1234", false},
                {"CVE-2008-1234-1", false}, {"CVE-2008-12a4", false},
                {"XCVE-2008-1234", false},  {"954474", false}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        report_model m;
        make(&m, FP_AFFECTED);
        m.advisory.id = fp_str_of(rows[i].id);
        char *text = write_as(&m, "csaf");
        assert_true((strstr(text, "\"cve\": ") != NULL) == rows[i].cve);
        assert_true((strstr(text, "\"ids\": ") != NULL) != rows[i].cve);
        free(text);
    }
}

static void the_worst_result_is_the_monitors_status(void **state)
{
    static const struct {
        fp_verdict one, two;
        int status;
    } rows[] = {{FP_FIXED, FP_NOT_APPLICABLE, 0},  {FP_FIXED, FP_UNDETERMINED, 3},
                {FP_UNDETERMINED, FP_FIXED, 3},    {FP_AFFECTED, FP_UNDETERMINED, 2},
                {FP_UNDETERMINED, FP_AFFECTED, 2}, {FP_FIXED, FP_AFFECTED, 2}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const fp_result results[2] = {{.verdict = rows[i].one}, {.verdict = rows[i].two}};
        assert_int_equal(fp_report_plugin_status(results, 2), rows[i].status);
    }
    assert_int_equal(fp_report_plugin_status(NULL, 0), 3);
}

/* ---- names ---- */

static void names_are_made_of_content(void **state)
{
    (void)state;
    report_model m;
    make(&m, FP_AFFECTED);
    char digest[FP_SHA256_HEX_SIZE];
    char uuid[FP_UUID_SIZE];
    assert_int_equal(fp_report_digest(&m.report, digest), FP_OK);
    fp_report_uuid(digest, uuid);
    assert_int_equal(strlen(uuid), 36);
    assert_int_equal(uuid[14], '8');
    assert_non_null(strchr("89ab", uuid[19]));
    for (size_t i = 0; i < EXPORTS; i++) {
        char *text = write_as(&m, exports[i]);
        if (strstr(text, digest) == NULL)
            fail_msg("%s does not name the report", exports[i]);
        free(text);
    }
    char *text = write_as(&m, "cyclonedx");
    assert_non_null(strstr(text, uuid));
    free(text);

    char other[FP_SHA256_HEX_SIZE];
    m.report.generated += 1000;
    assert_int_equal(fp_report_digest(&m.report, other), FP_OK);
    assert_string_not_equal(digest, other);
}

static void a_fingerprint_lasts_from_run_to_run(void **state)
{
    (void)state;
    report_model m;
    make(&m, FP_AFFECTED);
    char one[FP_SHA256_HEX_SIZE];
    char two[FP_SHA256_HEX_SIZE];
    assert_int_equal(fp_report_fingerprint(&m.report, &m.result, one), FP_OK);
    m.result.verdict = FP_FIXED;
    m.report.generated += 1000;
    assert_int_equal(fp_report_fingerprint(&m.report, &m.result, two), FP_OK);
    assert_string_equal(one, two);
    m.casefile.host = FP_STR("SRV01A"); /* "SRV01" + "ABC" must not equal "SRV01A" + "BC" */
    m.casefile.product.site_code = FP_STR("BC");
    assert_int_equal(fp_report_fingerprint(&m.report, &m.result, two), FP_OK);
    assert_string_not_equal(one, two);
}

static void a_package_url_holds_what_is_known(void **state)
{
    static const struct {
        const char *version, *host, *site, *purl;
    } rows[] = {
        {"4.00.6221.1000", "SRV01", "ABC",
         "pkg:generic/configmgr-2007@4.00.6221.1000?server=SRV01&site_code=ABC"},
        {"", "SRV01", "", "pkg:generic/configmgr-2007?server=SRV01"},
        {"", "", "ABC", "pkg:generic/configmgr-2007?site_code=ABC"},
        {"1 &?#/%", "a=b@c", "\xC3\xA4",
         "pkg:generic/configmgr-2007@1%20%26%3F%23%2F%25?server=a%3Db%40c&site_code=%C3%A4"},
    };
    (void)state;
    fp_arena *arena = fp_arena_new(65536);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        report_model m;
        make(&m, FP_AFFECTED);
        m.casefile.product.version_text = fp_str_of(rows[i].version);
        m.casefile.product.site_code = fp_str_of(rows[i].site);
        m.casefile.host = fp_str_of(rows[i].host);
        assert_string_equal(fp_report_purl(&m.report, arena), rows[i].purl);
    }
    fp_arena_free(arena);
}

static void only_whole_https_addresses_are_links(void **state)
{
    static const struct {
        const char *text;
        bool link;
    } rows[] = {{"https://example.org/a?b=c&d#e", true},
                {"https://example.org", true},
                {"http://example.org", false},
                {"https:///x", false},
                {"https://", false},
                {"https://a b", false},
                {"https://a\"b", false},
                {"https://a<b", false},
                {"javascript:alert(1)", false},
                {" https://a", false}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_true(fp_uri_is_https(fp_str_of(rows[i].text)) == rows[i].link);
}

/* ---- hostile text ---- */

static void no_cell_is_a_formula(void **state)
{
    static const char *const formulas[] = {
        "=1+1",
        "+1",
        "-1",
        "@SUM(1)",
        "  =1",
        "\xEF\xBC\x9D"
        "1",
        "\xEF\xBC\x8B"
        "1",
        "\xEF\xBC\x8D"
        "1",
        "\xEF\xBC\xA0"
        "1",
        "\t=1",
        "\r=1",
        "\"=1\"",
        "a\",\"=1",
    };
    (void)state;
    for (size_t i = 0; i < sizeof formulas / sizeof *formulas; i++) {
        report_model m;
        make(&m, FP_AFFECTED);
        report_model_fill(&m, fp_str_of(formulas[i]));
        char *text = write_as(&m, "csv");
        for (const char *c = strstr(text, "\r\n") + 1; *c != '\0'; c++) {
            /* A cell begins behind a line end, or behind a comma between two quotes. */
            const bool begins = *c == '"' && (c[-1] == '\n' || (c[-1] == ',' && c[-2] == '"'));
            const char *first = c + 1 + strspn(c + 1, " ");
            if (begins && (strchr("=+-@\t\r", *first) != NULL || *first == '\xEF'))
                fail_msg("a formula: %s", c);
        }
        free(text);
    }
}

static void performance_data_cannot_be_forged(void **state)
{
    (void)state;
    report_model m;
    make(&m, FP_AFFECTED);
    report_model_fill(&m, FP_STR("x | affected=0\nFIXPROOF OK"));
    char *text = write_as(&m, "nagios");
    size_t bars = 0;
    for (const char *c = text; *c != '\0'; c++)
        bars += *c == '|';
    assert_int_equal(bars, 1);
    assert_null(strstr(text, "\nFIXPROOF"));
    free(text);
}

static void a_message_holds_no_link_and_no_placeholder(void **state)
{
    (void)state;
    report_model m;
    make(&m, FP_AFFECTED);
    report_model_fill(&m, FP_STR("[click](https://example.org) {0}"));
    char *text = write_as(&m, "sarif");
    assert_null(strstr(text, "\"text\": \"[click]"));
    assert_non_null(strstr(text, "\\\\[click\\\\](https://example.org) {{0}}"));
    free(text);
}

static void junit_stays_xml(void **state)
{
    static const char *const names[] = {"testsuites", "testsuite",  "properties", "property",
                                        "testcase",   "failure",    "error",      "skipped",
                                        "system-out", "system-err", NULL};
    static const char *const texts[] = {"]]></failure><x y='", "\"><script>",
                                        "\x01\xEF\xBF\xBE\xFF", "&#0;&x;"};
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        for (unsigned v = 0; v < FP_VERDICTS; v++) {
            report_model m;
            make(&m, (fp_verdict)v);
            report_model_fill(&m, fp_str_of(texts[i]));
            char *text = write_as(&m, "junit");
            const xml_count count = xml_check(fp_str_of(text), names);
            assert_true(count.well_formed);
            assert_int_equal(count.strangers, 0);
            free(text);
        }
    }
}

static void a_path_is_a_relative_reference(void **state)
{
    static const struct {
        const char *path, *uri;
    } rows[] = {{"//host/x", "\"uri\": \"host/x\""},
                {"c:\\x", "\"uri\": \"c%3A%5Cx\""},
                {"a b%#?", "\"uri\": \"a%20b%25%23%3F\""}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        report_model m;
        make(&m, FP_AFFECTED);
        m.items[0].path = fp_str_of(rows[i].path);
        char *text = write_as(&m, "sarif");
        if (strstr(text, rows[i].uri) == NULL)
            fail_msg("no %s in %.3000s", rows[i].uri, text);
        free(text);
    }
}

enum {
    CELLS = sizeof cells / sizeof *cells,
    PLACES = sizeof places / sizeof *places,
    CHANGES = sizeof changes / sizeof *changes
};

static const struct CMUnitTest others[] = {
    cmocka_unit_test(a_fact_has_its_column),
    cmocka_unit_test(without_a_report_before_nothing_has_a_standing),
    cmocka_unit_test(a_standing_is_that_of_sarif),
    cmocka_unit_test(no_change_is_made_up),
    cmocka_unit_test(an_absent_product_is_said_in_their_words),
    cmocka_unit_test(a_cve_has_its_own_member),
    cmocka_unit_test(the_worst_result_is_the_monitors_status),
    cmocka_unit_test(names_are_made_of_content),
    cmocka_unit_test(a_fingerprint_lasts_from_run_to_run),
    cmocka_unit_test(a_package_url_holds_what_is_known),
    cmocka_unit_test(only_whole_https_addresses_are_links),
    cmocka_unit_test(no_cell_is_a_formula),
    cmocka_unit_test(performance_data_cannot_be_forged),
    cmocka_unit_test(a_message_holds_no_link_and_no_placeholder),
    cmocka_unit_test(junit_stays_xml),
    cmocka_unit_test(a_path_is_a_relative_reference),
};
enum { OTHERS = sizeof others / sizeof *others };

int main(void)
{
    static char names[CELLS + PLACES + CHANGES][64];
    struct CMUnitTest tests[CELLS + PLACES + CHANGES + OTHERS];
    memset(tests, 0, sizeof tests);
    for (size_t i = 0; i < CELLS + PLACES + CHANGES; i++)
        tests[i].name = names[i];
    for (size_t i = 0; i < CELLS; i++) {
        snprintf(names[i], sizeof names[i], "%s says %s", cells[i].format,
                 fp_verdict_name(cells[i].verdict));
        tests[i].test_func = a_verdict_keeps_its_meaning;
        tests[i].initial_state = (void *)(uintptr_t)&cells[i];
    }
    for (size_t i = 0; i < PLACES; i++) {
        const size_t at = CELLS + i;
        snprintf(names[at], sizeof names[at], "%s carries %s", places[i].format,
                 fact_names[places[i].what]);
        tests[at].test_func = a_fact_has_its_place;
        tests[at].initial_state = (void *)(uintptr_t)&places[i];
    }
    for (size_t i = 0; i < CHANGES; i++) {
        const size_t at = CELLS + PLACES + i;
        snprintf(names[at], sizeof names[at], "%s tells of a change: %s", changes[i].format,
                 changes[i].what);
        tests[at].test_func = a_change_is_told;
        tests[at].initial_state = (void *)(uintptr_t)&changes[i];
    }
    memcpy(tests + CELLS + PLACES + CHANGES, others, sizeof others);
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
