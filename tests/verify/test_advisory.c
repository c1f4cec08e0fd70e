/* SPDX-License-Identifier: MIT */
/* The strict reader: each row takes a good advisory, breaks one thing, and must hear of it at its
 * place. */
#include "tests/support/check.h"
#include "verify/decide/advisory.h"
#include "verify/decide/criteria.h"
#include "verify/decide/test.h"

#include <stdio.h>

enum { BUDGET = 8 * 1024 * 1024, TEXT_MAX = 256 * 1024 };

static const char good[] =
    "{\n"
    "  \"schema\": \"fixproof/advisory/v1\",\n"
    "  \"id\": \"A-1\", \"title\": \"t\", \"title_source\": \"s\", \"title_certainty\": "
    "\"confirmed\",\n"
    "  \"summary\": \"s\", \"published\": \"2008-06-13\", \"remediation\": \"r\",\n"
    "  \"kbs\": [\"KB1\"],\n"
    "  \"references\": [{\"title\": \"t\", \"url\": \"u\"}],\n"
    "  \"catalog\": {\"revisions\": [7], \"source\": \"s\", \"certainty\": \"inferred\"},\n"
    "  \"activities\": {\"sync\": {\"title\": \"t\", \"signatures\": [\n"
    "    {\"role\": \"begin\", \"name\": \"b\", \"pattern\": \"Begin of it\", \"literals\": "
    "[\"Begin of it\"], \"source\": \"s\", \"certainty\": \"confirmed\"},\n"
    "    {\"role\": \"end\", \"name\": \"e\", \"pattern\": \"End of it\", \"literals\": [\"End of "
    "it\"], \"source\": \"s\", \"certainty\": \"confirmed\"}\n"
    "  ]}},\n"
    "  \"tests\": {\n"
    "    \"site\": {\"kind\": \"site-server\", \"title\": \"t\", \"source\": \"s\", \"certainty\": "
    "\"confirmed\", \"needs\": \"n\", \"collect\": \"c\"},\n"
    "    \"range\": {\"kind\": \"site-server\", \"version\": {\"at_least\": \"1.0\", \"below\": "
    "\"2.0\"}, \"title\": \"t\", \"source\": \"s\", \"certainty\": \"confirmed\", \"needs\": "
    "\"n\", \"collect\": \"c\"},\n"
    "    \"marker\": {\"kind\": \"hotfix\", \"kb\": \"KB1\", \"update_product\": \"p\", \"state\": "
    "\"present\", \"title\": \"t\", \"source\": \"s\", \"certainty\": \"confirmed\", \"needs\": "
    "\"n\", \"collect\": \"c\"},\n"
    "    \"failed\": {\"kind\": \"episode\", \"activity\": \"sync\", \"state\": \"failed\", "
    "\"title\": \"t\", \"source\": \"s\", \"certainty\": \"confirmed\", \"needs\": \"n\", "
    "\"collect\": \"c\"},\n"
    "    \"used\": {\"kind\": \"activity\", \"activity\": \"sync\", \"declared\": {\"key\": \"k\", "
    "\"in_use\": [\"yes\"], \"not_in_use\": [\"no\"]}, \"title\": \"t\", \"source\": \"s\", "
    "\"certainty\": \"confirmed\", \"needs\": \"n\", \"collect\": \"c\"},\n"
    "    \"there\": {\"kind\": \"catalog\", \"state\": \"update\", \"revision\": [7], \"title\": "
    "\"t\", \"source\": \"s\", \"certainty\": \"confirmed\", \"needs\": \"n\", \"collect\": "
    "\"c\"}\n"
    "  },\n"
    "  \"decide\": [\n"
    "    {\"when\": {\"any\": [{\"not\": \"site\"}, {\"not\": \"range\"}]}, \"verdict\": "
    "\"not_applicable\", \"reason\": \"r1\", \"text\": \"t\"},\n"
    "    {\"when\": {\"all\": [\"marker\", \"failed\"]}, \"verdict\": \"affected\", \"reason\": "
    "\"r2\", \"text\": \"t\", \"caveat_on\": [\"failed\"], \"caveat\": \"c\"},\n"
    "    {\"when\": {\"all\": [\"marker\", \"there\"]}, \"verdict\": \"fixed\", \"reason\": "
    "\"r3\", \"text\": \"t\", \"assurance\": \"effective\"},\n"
    "    {\"when\": \"used\", \"verdict\": \"affected\", \"reason\": \"r4\", \"text\": \"t\"},\n"
    "    {\"when\": {\"all\": []}, \"verdict\": \"undetermined\", \"reason\": \"r5\", \"text\": "
    "\"t\", \"possible\": [\"affected\", \"fixed\"]}\n"
    "  ]\n"
    "}\n";

typedef struct told { /* what lint heard */
    size_t errors, warnings;
    char path[FP_FORM_PATH_MAX]; /* of the first */
    char message[400];
    uint64_t line, column;
    fp_lint_rule rule;
} told;

static void hear(void *context, const fp_lint *lint)
{
    told *t = context;
    if (t->errors + t->warnings == 0) {
        (void)snprintf(t->path, sizeof t->path, "%.*s", FP_STR_ARG(lint->path));
        (void)snprintf(t->message, sizeof t->message, "%.*s", FP_STR_ARG(lint->message));
        t->line = lint->line;
        t->column = lint->column;
        t->rule = lint->rule;
    }
    assert_true(lint->error == fp_lint_rule_table[lint->rule].error);
    t->errors += lint->error;
    t->warnings += !lint->error;
}

static fp_status read_text(const char *text, size_t size, told *t, fp_diag *d)
{
    fp_arena *arena = fp_arena_new(BUDGET);
    const fp_advisory *advisory = NULL;
    assert_non_null(arena);
    const fp_status status = fp_advisory_read(fp_span_of(text, size), arena, hear, t, &advisory, d);
    assert_true((status == FP_OK) == (advisory != NULL));
    fp_arena_free(arena);
    return status;
}

/* The good text with the only place of `find` replaced. */
static char *broken(const char *find, const char *put)
{
    const char *at = strstr(good, find);
    char *text = malloc(TEXT_MAX);
    assert_non_null(text);
    if (at == NULL || strstr(at + 1, find) != NULL)
        fail_msg("\"%s\" does not stand in the good advisory exactly once", find);
    (void)snprintf(text, TEXT_MAX, "%.*s%s%s", (int)(at - good), good, put, at + strlen(find));
    return text;
}

typedef struct row {
    const char *name, *find, *put, *path;
    uint64_t line;
} row;

#define SUPERSEDES(a, b)                                                                           \
    "{\"kb\": \"KB" a "\", \"supersedes\": \"KB" b                                                 \
    "\", \"source\": \"s\", \"certainty\": \"confirmed\"}"

#define KBS "\"kbs\": [\"KB1\"]"
#define ITEM(name, phase, more)                                                                    \
    ", \"checklist\": {\"" name "\": {\"phase\": \"" phase                                         \
    "\", \"text\": \"t\", \"source\": \"s\"" more "}}"
#define PACKAGE(more)                                                                              \
    ", \"packages\": [{\"kb\": \"KB1\", \"name\": \"p.exe\", " more                                \
    "\"source\": \"s\", \"certainty\": \"confirmed\"}]"

static const row errors[] = {
    {"unknown key at the top", "\"summary\": \"s\"", "\"sumary\": \"s\", \"summary\": \"s\"",
     "/sumary", 4},
    {"missing member", "\"summary\": \"s\", ", "", "", 1},
    {"another schema", "advisory/v1", "advisory/v2", "/schema", 2},
    {"wrong type", "\"id\": \"A-1\"", "\"id\": 1", "/id", 3},
    {"empty text", "\"remediation\": \"r\"", "\"remediation\": \"\"", "/remediation", 4},
    {"an id is a name", "\"A-1\"", "\"A 1\"", "/id", 3},
    {"no certainty of that name", "\"title_certainty\": \"confirmed\"",
     "\"title_certainty\": \"sure\"", "/title_certainty", 3},
    {"a date that is none", "2008-06-13", "2008-06-31", "/published", 4},
    {"a KB without number", "[\"KB1\"]", "[\"KBx\"]", "/kbs/0", 5},
    {"a KB twice", "[\"KB1\"]", "[\"KB1\", \"KB1\"]", "/kbs/1", 5},
    {"a reference without address", ", \"url\": \"u\"", "", "/references/0", 6},
    {"a threshold without source", "[7], \"source\": \"s\"", "[7]", "/catalog", 7},
    {"a revision that is no number", "\"revisions\": [7]", "\"revisions\": [\"7\"]",
     "/catalog/revisions/0", 7},
    {"a revision too large", "\"revisions\": [7]", "\"revisions\": [4294967296]", "/catalog", 7},
    {"unknown role", "\"begin\"", "\"start\"", "/activities/sync/signatures/0/role", 9},
    {"pattern that does not compile", "\"pattern\": \"Begin of it\"",
     "\"pattern\": \"Begin (of it\"", "/activities/sync/signatures/0", 9},
    {"pattern that matches nothing at all", "\"pattern\": \"End of it\"",
     "\"pattern\": \"(End of it)?\"", "/activities/sync/signatures/1", 10},
    {"two signatures of one name", "\"name\": \"e\"", "\"name\": \"b\"",
     "/activities/sync/signatures/1", 10},
    {"unknown kind", "\"kind\": \"hotfix\"", "\"kind\": \"hotfiks\"", "/tests/marker/kind", 15},
    {"unknown key of a kind", "\"state\": \"present\"", "\"state\": \"present\", \"stat\": 1",
     "/tests/marker/stat", 15},
    {"unknown word of a kind", "\"state\": \"present\"", "\"state\": \"presnt\"",
     "/tests/marker/state", 15},
    {"a statement of removal beside another state", "\"state\": \"present\"",
     "\"state\": \"pending\", \"removed\": \"k\"", "/tests/marker", 15},
    {"an expected record beside another state", "\"state\": \"present\"",
     "\"state\": \"removed\", \"record\": \"expected\"", "/tests/marker", 15},
    {"missing argument of a kind", "\"update_product\": \"p\", ", "", "/tests/marker", 15},
    {"bad KB of a test", "\"kb\": \"KB1\"", "\"kb\": \"KB\"", "/tests/marker/kb", 15},
    {"bad version", "\"at_least\": \"1.0\"", "\"at_least\": \"1.x\"",
     "/tests/range/version/at_least", 14},
    {"a range that holds nothing", "\"below\": \"2.0\"", "\"below\": \"1.0.0\"",
     "/tests/range/version", 14},
    {"a range without bounds", "{\"at_least\": \"1.0\", \"below\": \"2.0\"}", "{}",
     "/tests/range/version", 14},
    {"no CVE", "\"kbs\": [\"KB1\"]",
     "\"kbs\": [\"KB1\"], \"cves\": [\"CVE-2025-1234\", \"CVE-25-1\"]", "/cves/1", 5},
    {"a checklist that is a list", KBS, KBS ", \"checklist\": [1]", "/checklist", 5},
    {"an item of a phase that is none", KBS, KBS ITEM("i", "later", ""), "/checklist/i/phase", 5},
    {"an item without a source", KBS,
     KBS ", \"checklist\": {\"i\": {\"phase\": \"after\", \"text\": \"t\"}}", "/checklist/i", 5},
    {"an item of a name that is none", KBS, KBS ITEM("i i", "after", ""), "/checklist/i i", 5},
    {"an item ticked by no test", KBS, KBS ITEM("i", "after", ", \"ticked_by\": \"markr\""),
     "/checklist/i/ticked_by", 5},
    {"an item ticked by nothing", KBS, KBS ITEM("i", "after", ", \"ticked_by\": {\"all\": []}"),
     "/checklist/i/ticked_by", 5},
    {"an item ticked whatever a test says", KBS,
     KBS ITEM("i", "after", ", \"ticked_by\": {\"any\": [\"marker\", {\"all\": []}]}"),
     "/checklist/i/ticked_by", 5},
    {"an item that never concerns a server", KBS,
     KBS ITEM("i", "after", ", \"only_if\": {\"not\": {\"all\": []}}"), "/checklist/i/only_if", 5},
    {"a package without a name", KBS,
     KBS ", \"packages\": [{\"kb\": \"KB1\", \"source\": \"s\", \"certainty\": \"confirmed\"}]",
     "/packages/0", 5},
    {"a package of a digest too short", KBS, KBS PACKAGE("\"sha256\": \"00\", "),
     "/packages/0/sha256", 5},
    {"a package for what is no test", KBS, KBS PACKAGE("\"only_if\": \"site1\", "),
     "/packages/0/only_if", 5},
    {"supersedence without a source", "\"kbs\": [\"KB1\"]",
     "\"kbs\": [\"KB1\"], \"supersedence\": [{\"kb\": \"KB2\", \"supersedes\": \"KB1\", "
     "\"certainty\": \"confirmed\"}]",
     "/supersedence/0", 5},
    {"supersedence in a circle", "\"kbs\": [\"KB1\"]",
     "\"kbs\": [\"KB1\"], \"supersedence\": [" SUPERSEDES("1", "2") ", " SUPERSEDES(
         "2", "3") ", " SUPERSEDES("3", "1") "]",
     "/supersedence/2", 5},
    {"supersedence of itself", "\"kbs\": [\"KB1\"]",
     "\"kbs\": [\"KB1\"], \"supersedence\": [" SUPERSEDES("1", "1") "]", "/supersedence/0", 5},
    {"unknown activity of an episode", "\"sync\", \"state\"", "\"synk\", \"state\"",
     "/tests/failed/activity", 16},
    {"a relation without its hotfix", "\"state\": \"failed\"",
     "\"state\": \"failed\", \"relation\": \"undated\"", "/tests/failed", 16},
    {"a hotfix without its relation", "\"state\": \"failed\"",
     "\"state\": \"failed\", \"kb\": \"KB1\"", "/tests/failed", 16},
    {"bad KB of an episode", "\"state\": \"failed\"",
     "\"state\": \"failed\", \"relation\": \"undated\", \"kb\": \"KB\", \"update_product\": \"p\"",
     "/tests/failed/kb", 16},
    {"too many counts", "\"state\": \"failed\"",
     "\"state\": \"failed\", \"counts_min\": [1,1,1,1,1]", "/tests/failed", 16},
    {"unknown activity", "\"sync\", \"declared\"", "\"synk\", \"declared\"", "/tests/used/activity",
     17},
    {"a word that means both", "\"not_in_use\": [\"no\"]", "\"not_in_use\": [\"Yes\"]",
     "/tests/used/declared", 17},
    {"a revision nobody asks for", "\"revision\": [7]", "\"revision\": [8]",
     "/tests/there/revision", 18},
    {"test not defined", "{\"not\": \"site\"}", "{\"not\": \"sit\"}", "/decide/0/when/any/0/not",
     21},
    {"unknown operator", "{\"not\": \"site\"}", "{\"none\": \"site\"}", "/decide/0/when/any/0/none",
     21},
    {"two operators", "{\"not\": \"site\"}", "{\"not\": \"site\", \"all\": []}",
     "/decide/0/when/any/0", 21},
    {"criteria of another type", "{\"not\": \"site\"}", "7", "/decide/0/when/any/0", 21},
    {"any of nothing", "{\"any\": [{\"not\": \"site\"}, {\"not\": \"range\"}]}", "{\"any\": []}",
     "/decide/0/when/any", 21},
    {"unknown verdict", "\"not_applicable\"", "\"not_affected\"", "/decide/0/verdict", 21},
    {"caveat on a test elsewhere", "[\"failed\"], \"caveat\"", "[\"used\"], \"caveat\"",
     "/decide/1/caveat_on/0", 22},
    {"caveat below a not", "{\"all\": [\"marker\", \"failed\"]}", "{\"not\": \"failed\"}",
     "/decide/1/caveat_on/0", 22},
    {"caveat on nothing defined", "[\"failed\"], \"caveat\"", "[\"fail\"], \"caveat\"",
     "/decide/1/caveat_on/0", 22},
    {"caveat_on without its text", ", \"caveat\": \"c\"", "", "/decide/1", 22},
    {"fixed without assurance", ", \"assurance\": \"effective\"", "", "/decide/2", 23},
    {"assurance of another verdict", "\"reason\": \"r4\"",
     "\"assurance\": \"installed\", \"reason\": \"r4\"", "/decide/3", 24},
    {"a definite rule states verdicts", "\"reason\": \"r4\"",
     "\"possible\": [\"fixed\"], \"reason\": \"r4\"", "/decide/3", 24},
    {"a contradiction states none", ", \"possible\": [\"affected\", \"fixed\"]", "", "/decide/4",
     25},
    {"it states no verdict", "\"possible\": [\"affected\", \"fixed\"]",
     "\"possible\": [\"undetermined\"]", "/decide/4/possible", 25},
    {"a remediation where nothing is affected", "\"reason\": \"r5\"",
     "\"remediation\": \"m\", \"reason\": \"r5\"", "/decide/4", 25},
    {"needs without collect", "\"reason\": \"r5\"", "\"needs\": \"n\", \"reason\": \"r5\"",
     "/decide/4", 25},
    {"the last rule has a condition", "\"when\": {\"all\": []}", "\"when\": \"site\"", "/decide/4",
     25},
    {"a key twice", "\"reason\": \"r5\"", "\"reason\": \"r5\", \"reason\": \"r5\"", "", 25},
};

static const row warnings[] = {
    {"test never asked", "\"when\": \"used\"", "\"when\": \"marker\"", "/tests/used", 17},
    {"rule never reached", "\"reason\": \"r4\", \"text\": \"t\"},",
     "\"reason\": \"r4\", \"text\": \"t\"}, {\"when\": {\"all\": []}, \"verdict\": \"affected\", "
     "\"reason\": \"r6\", \"text\": \"t\"},",
     "/decide/5", 25},
    {"rule that implies one before it", "\"when\": \"used\"",
     "\"when\": {\"all\": [\"used\", {\"not\": {\"all\": [\"site\", \"range\"]}}]}", "/decide/3",
     24},
    {"a repetition in a repetition", "\"Begin of it\", \"literals\"",
     "\"Begin (o+f*)+ it\", \"literals\"", "/activities/sync/signatures/0/pattern", 9},
    {"a verdict on an unconfirmed pattern",
     "\"literals\": [\"End of it\"], \"source\": \"s\", \"certainty\": \"confirmed\"",
     "\"literals\": [\"End of it\"], \"source\": \"s\", \"certainty\": \"unconfirmed\"",
     "/activities/sync/signatures/1", 10},
    {"a text still to be written", "\"summary\": \"s\"", "\"summary\": \"To do: all\"", "/summary",
     4},
    {"a source still to be named", "\"title_source\": \"s\"",
     "\"title_source\": \"to do: name it\"", "/title_source", 3},
    {"a caveat still to be written", "\"caveat\": \"c\"", "\"caveat\": \"To do: what\"",
     "/decide/1/caveat", 22},
    {"verdict never given",
     "\"fixed\", \"reason\": \"r3\", \"text\": \"t\", \"assurance\": \"effective\"",
     "\"affected\", \"reason\": \"r3\", \"text\": \"t\"", "/decide", 20},
    {"a verdict on an unconfirmed fact",
     "\"state\": \"failed\", \"title\": \"t\", \"source\": \"s\", \"certainty\": \"confirmed\"",
     "\"state\": \"failed\", \"title\": \"t\", \"source\": \"s\", \"certainty\": \"unconfirmed\"",
     "/tests/failed", 16},
};

/* Of the rows above; of those that are not here, FP_LINT_VALUE. */
static const struct {
    const char *name;
    fp_lint_rule rule;
} rules_of_rows[] = {
    {"unknown key at the top", FP_LINT_UNKNOWN_NAME},
    {"missing member", FP_LINT_MISSING_MEMBER},
    {"another schema", FP_LINT_UNKNOWN_NAME},
    {"wrong type", FP_LINT_WRONG_TYPE},
    {"no certainty of that name", FP_LINT_UNKNOWN_NAME},
    {"a reference without address", FP_LINT_MISSING_MEMBER},
    {"a threshold without source", FP_LINT_MISSING_MEMBER},
    {"unknown role", FP_LINT_UNKNOWN_NAME},
    {"pattern that does not compile", FP_LINT_PATTERN},
    {"pattern that matches nothing at all", FP_LINT_PATTERN},
    {"unknown kind", FP_LINT_UNKNOWN_NAME},
    {"unknown key of a kind", FP_LINT_UNKNOWN_NAME},
    {"unknown word of a kind", FP_LINT_UNKNOWN_NAME},
    {"missing argument of a kind", FP_LINT_MISSING_MEMBER},
    {"a range that holds nothing", FP_LINT_RANGE},
    {"a range without bounds", FP_LINT_RANGE},
    {"a checklist that is a list", FP_LINT_WRONG_TYPE},
    {"an item of a phase that is none", FP_LINT_UNKNOWN_NAME},
    {"an item without a source", FP_LINT_MISSING_MEMBER},
    {"an item ticked by no test", FP_LINT_UNDEFINED},
    {"a package without a name", FP_LINT_MISSING_MEMBER},
    {"a package for what is no test", FP_LINT_UNDEFINED},
    {"supersedence without a source", FP_LINT_MISSING_MEMBER},
    {"unknown activity of an episode", FP_LINT_UNDEFINED},
    {"unknown activity", FP_LINT_UNDEFINED},
    {"a revision nobody asks for", FP_LINT_UNDEFINED},
    {"test not defined", FP_LINT_UNDEFINED},
    {"unknown verdict", FP_LINT_UNKNOWN_NAME},
    {"caveat on nothing defined", FP_LINT_UNDEFINED},
    {"the last rule has a condition", FP_LINT_LAST_RULE},
    {"a key twice", FP_LINT_SYNTAX},
    {"test never asked", FP_LINT_UNUSED_TEST},
    {"rule never reached", FP_LINT_UNREACHABLE_RULE},
    {"rule that implies one before it", FP_LINT_UNREACHABLE_RULE},
    {"a repetition in a repetition", FP_LINT_PATTERN_HAZARD},
    {"a verdict on an unconfirmed pattern", FP_LINT_UNCONFIRMED},
    {"a text still to be written", FP_LINT_TO_DO},
    {"a source still to be named", FP_LINT_TO_DO},
    {"a caveat still to be written", FP_LINT_TO_DO},
    {"verdict never given", FP_LINT_VERDICT_NEVER},
    {"a verdict on an unconfirmed fact", FP_LINT_UNCONFIRMED},
};

static void assert_rule(const row *r, const told *t)
{
    fp_lint_rule expected = FP_LINT_VALUE;
    for (size_t i = 0; i < sizeof rules_of_rows / sizeof *rules_of_rows; i++)
        if (strcmp(rules_of_rows[i].name, r->name) == 0)
            expected = rules_of_rows[i].rule;
    assert_string_equal(fp_lint_rule_table[t->rule].id, fp_lint_rule_table[expected].id);
}

static void test_error(void **state)
{
    const row *r = *state;
    told t = {0};
    fp_diag d = {0};
    char *text = broken(r->find, r->put);
    assert_int_equal(read_text(text, strlen(text), &t, &d), FP_FORMAT);
    free(text);
    if (strcmp(t.path, r->path) != 0 || t.line != r->line)
        fail_msg("told at %s line %llu: %s", t.path, (unsigned long long)t.line, t.message);
    assert_int_equal(d.status, FP_FORMAT);
    assert_int_equal(d.where, r->line);
    assert_rule(r, &t);
}

static void test_warning(void **state)
{
    const row *r = *state;
    told t = {0};
    char *text = broken(r->find, r->put);
    assert_int_equal(read_text(text, strlen(text), &t, NULL), FP_OK);
    free(text);
    assert_int_equal(t.errors, 0);
    assert_int_equal(t.warnings, 1);
    assert_string_equal(t.path, r->path);
    assert_int_equal(t.line, r->line);
    assert_rule(r, &t);
}

static void test_good(void **state)
{
    (void)state;
    told t = {0};
    fp_diag d = {0};
    if (read_text(good, strlen(good), &t, &d) != FP_OK)
        fail_msg("%s: %s", t.path, t.message);
    assert_int_equal(t.errors + t.warnings, 0);
}

static void test_read_values(void **state)
{
    (void)state;
    fp_arena *arena = fp_arena_new(BUDGET);
    const fp_advisory *a = NULL;
    assert_int_equal(fp_advisory_read(fp_span_of(good, strlen(good)), arena, NULL, NULL, &a, NULL),
                     FP_OK);
    assert_str(a->id, "A-1");
    assert_str(a->references[0].title, "t");
    assert_str(a->references[0].url, "u");
    assert_int_equal(a->revisions[0], 7);
    assert_int_equal(a->activities[0].signature_count, 2);
    assert_int_equal(a->activities[0].signatures[1].role, FP_SIG_END);
    assert_str(a->tests[2].name, "marker");
    assert_string_equal(a->tests[2].kind->name, "hotfix");
    assert_int_equal(a->rule_count, 5);
    assert_int_equal(a->rules[1].caveat_on_count, 1);
    assert_int_equal(a->rules[1].caveat_on[0], 3);
    assert_str(a->rules[2].assurance, "effective");
    assert_int_equal(a->rules[4].possible, 1U << FP_AFFECTED | 1U << FP_FIXED);
    assert_true(fp_criteria_unconditional(&a->rules[4].when));
    fp_arena_free(arena);
}

static void test_metadata(void **state)
{
    (void)state;
    fp_arena *arena = fp_arena_new(BUDGET);
    const fp_advisory *a = NULL;
    char *text =
        broken("\"kbs\": [\"KB1\"]",
               "\"kbs\": [\"KB1\"], \"cves\": [\"CVE-2025-47179\"], \"severity\": \"high\", "
               "\"supersedence\": [" SUPERSEDES("3", "1") ", " SUPERSEDES("3", "2") ", " SUPERSEDES(
                   "2", "1") "]");
    assert_int_equal(fp_advisory_read(fp_span_of(text, strlen(text)), arena, NULL, NULL, &a, NULL),
                     FP_OK);
    assert_str(a->cves[0], "CVE-2025-47179");
    assert_str(a->severity, "high");
    assert_int_equal(a->supersedence_count, 3);
    assert_str(a->supersedence[1].supersedes, "KB2");
    free(text);
    fp_arena_free(arena);
}

static void test_change(void **state)
{
    (void)state;
    fp_arena *arena = fp_arena_new(BUDGET);
    const fp_advisory *a = NULL;
    char *text = broken(KBS, KBS ITEM("i", "back-out",
                                      ", \"ticked_by\": {\"not\": \"marker\"}}, "
                                      "\"k\": {\"phase\": \"before\", \"text\": \"t2\", "
                                      "\"source\": \"s\", \"only_if\": \"range\"")
                                 PACKAGE("\"only_if\": \"range\", "));
    assert_int_equal(fp_advisory_read(fp_span_of(text, strlen(text)), arena, NULL, NULL, &a, NULL),
                     FP_OK);
    assert_int_equal(a->checklist_count, 2);
    assert_str(a->checklist[0].name, "i");
    assert_int_equal(a->checklist[0].phase, FP_PHASE_BACK_OUT);
    assert_int_equal(a->checklist[0].ticked_by->kind, FP_CRITERIA_NOT);
    assert_null(a->checklist[0].only_if);
    assert_str(a->checklist[1].text, "t2");
    assert_null(a->checklist[1].ticked_by);
    assert_int_equal(a->checklist[1].only_if->test, 1);
    assert_int_equal(a->package_count, 1);
    assert_str(a->packages[0].name, "p.exe");
    assert_int_equal(a->packages[0].sha256.size, 0);
    assert_str(a->packages[0].certainty, "confirmed");
    free(text);
    fp_arena_free(arena);
}

static void test_suggestions(void **state)
{
    (void)state;
    static const struct {
        const char *find, *put, *hint;
    } rows[] = {
        {"\"summary\": \"s\"", "\"sumary\": \"s\", \"summary\": \"s\"", "\"summary\""},
        {"\"kind\": \"hotfix\"", "\"kind\": \"hotfiks\"", "hotfix"},
        {"{\"not\": \"site\"}", "{\"not\": \"sit\"}", "\"site\""},
        {"\"state\": \"present\"", "\"state\": \"presnt\"", "\"present\""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        told t = {0};
        char *text = broken(rows[i].find, rows[i].put);
        assert_int_equal(read_text(text, strlen(text), &t, NULL), FP_FORMAT);
        free(text);
        if (strstr(t.message, rows[i].hint) == NULL)
            fail_msg("no hint in: %s", t.message);
    }
}

/* One run tells all errors, and the first of them is the caller's. */
static void test_all_errors_told(void **state)
{
    (void)state;
    told t = {0};
    fp_diag d = {0};
    static const char text[] = "{\"schema\": \"fixproof/advisory/v1\"}";
    assert_int_equal(read_text(text, strlen(text), &t, &d), FP_FORMAT);
    assert_true(t.errors >= 9);
    assert_non_null(strstr(d.message, "\"id\""));
}

static void test_cut_anywhere(void **state)
{
    (void)state;
    const size_t whole = strlen(good) - 1; /* without the last newline */
    for (size_t size = 0; size < whole; size++) {
        told t = {0};
        fp_diag d = {0};
        assert_int_equal(read_text(good, size, &t, &d), FP_FORMAT);
        assert_true(t.errors > 0);
        assert_int_equal(d.status, FP_FORMAT);
    }
}

static void test_budgets(void **state)
{
    (void)state;
    fp_status status = FP_NOMEM;
    size_t refused = 0;
    for (size_t budget = 0; status == FP_NOMEM; budget += 64) {
        fp_arena *arena = fp_arena_new(budget);
        const fp_advisory *a = NULL;
        fp_diag d = {0};
        status = fp_advisory_read(fp_span_of(good, strlen(good)), arena, NULL, NULL, &a, &d);
        assert_true(status == FP_OK || status == FP_NOMEM);
        assert_true((a != NULL) == (status == FP_OK));
        refused += status == FP_NOMEM;
        fp_arena_free(arena);
    }
    assert_true(refused > 10);
}

/* ---- limits ---- */

static char *append(char *at, const char *text)
{
    const size_t size = strlen(text);
    memcpy(at, text, size + 1);
    return at + size;
}

static void test_depth(void **state)
{
    (void)state;
    for (int levels = FP_CRITERIA_DEPTH_MAX - 1; levels <= FP_CRITERIA_DEPTH_MAX; levels++) {
        char put[FP_CRITERIA_DEPTH_MAX * 16] = "";
        char *at = append(put, "\"when\": ");
        for (int i = 0; i < levels; i++)
            at = append(at, "{\"not\": ");
        at = append(at, "\"used\"");
        for (int i = 0; i < levels; i++)
            at = append(at, "}");
        told t = {0};
        char *text = broken("\"when\": \"used\"", put);
        const fp_status status = read_text(text, strlen(text), &t, NULL);
        free(text);
        assert_int_equal(status, levels < FP_CRITERIA_DEPTH_MAX ? FP_OK : FP_FORMAT);
    }
}

static void test_node_limit(void **state)
{
    (void)state;
    char *put = malloc(TEXT_MAX);
    assert_non_null(put);
    char *at = append(put, "\"when\": {\"any\": [");
    for (int i = 0; i < 20; i++) {
        at = append(at, i == 0 ? "{\"any\": [" : ", {\"any\": [");
        for (int k = 0; k < FP_FORM_ITEMS_MAX; k++)
            at = append(at, k == 0 ? "\"used\"" : ",\"used\"");
        at = append(at, "]}");
    }
    (void)append(at, "]}");
    told t = {0};
    char *text = broken("\"when\": \"used\"", put);
    assert_int_equal(read_text(text, strlen(text), &t, NULL), FP_FORMAT);
    free(text);
    free(put);
}

static void test_size_limit(void **state)
{
    (void)state;
    fp_diag d = {0};
    told t = {0};
    char *text = malloc(FP_ADVISORY_SIZE_MAX + 1);
    assert_non_null(text);
    memset(text, ' ', FP_ADVISORY_SIZE_MAX + 1);
    assert_int_equal(read_text(text, FP_ADVISORY_SIZE_MAX + 1, &t, &d), FP_LIMIT);
    free(text);
}

/* A document made of errors costs no more than a sound one. */
static void test_many_errors(void **state)
{
    (void)state;
    char *text = malloc(FP_ADVISORY_SIZE_MAX);
    assert_non_null(text);
    char *at = append(text, "{");
    for (int i = 0; at < text + FP_ADVISORY_SIZE_MAX - 40; i++) {
        char member[24];
        (void)snprintf(member, sizeof member, "%s\"k%d\":0\n", i == 0 ? "" : ",", i);
        at = append(at, member);
    }
    at = append(at, "}");
    told t = {0};
    fp_diag d = {0};
    assert_int_equal(read_text(text, (size_t)(at - text), &t, &d), FP_FORMAT);
    assert_int_equal(t.errors, FP_FORM_ERRORS_MAX);
    free(text);
}

/* So does one made of warnings, and one whose rules cannot be searched through: 60 pairs, each rule
 * the same. */
static void test_many_warnings(void **state)
{
    (void)state;
    enum { TESTS = 128, PAIRS = TESTS / 2, RULES = 20 };
    char *text = malloc(FP_ADVISORY_SIZE_MAX);
    assert_non_null(text);
    char *at = append(text, "{\"schema\": \"fixproof/advisory/v1\", \"id\": \"A\", \"title\": "
                            "\"t\", \"title_source\": \"s\", \"title_certainty\": \"confirmed\", "
                            "\"summary\": \"s\", \"published\": \"2008-06-13\", \"kbs\": [], "
                            "\"references\": [], \"remediation\": \"r\", \"tests\": {");
    for (int i = 0; i < TESTS; i++) {
        char test[64];
        (void)snprintf(test, sizeof test, "%s\"t%d\": ", i > 0 ? ",\n" : "", i);
        at = append(at, test);
        at =
            append(at, "{\"kind\": \"site-server\", \"title\": \"to do:\", \"source\": \"s\", "
                       "\"certainty\": \"unconfirmed\", \"needs\": \"n\", \"collect\": \"to do:\", "
                       "\"thresholds\": [");
        for (int k = 0; k < 40; k++) {
            char threshold[128];
            (void)snprintf(threshold, sizeof threshold,
                           "%s{\"branch\": \"%d\", \"below\": \"%d.1\", \"source\": \"s\", "
                           "\"certainty\": \"unconfirmed\"}",
                           k > 0 ? ", " : "", k + 1, k + 1);
            at = append(at, threshold);
        }
        at = append(at, "]}");
    }
    at = append(at, "}, \"decide\": [\n");
    for (int r = 0; r < RULES; r++) {
        at = append(at, "{\"when\": {\"all\": [");
        for (int i = 0; i < PAIRS; i++) {
            char pair[64];
            (void)snprintf(pair, sizeof pair, "%s{\"any\": [\"t%d\", \"t%d\"]}", i > 0 ? ", " : "",
                           2 * i, 2 * i + 1);
            at = append(at, r % 2 == 0 || i % 3 > 0 || i == 0 ? pair : "");
        }
        at = append(at, "]}, \"verdict\": \"affected\", \"reason\": \"r\", \"text\": \"t\"},\n");
    }
    at = append(at, "{\"when\": {\"all\": []}, \"verdict\": \"not_applicable\", \"reason\": \"r\", "
                    "\"text\": \"t\"}]}");
    told t = {0};
    fp_diag d = {0};
    if (read_text(text, (size_t)(at - text), &t, &d) != FP_OK)
        fail_msg("%s", d.message);
    assert_int_equal(t.errors, 0);
    assert_int_equal(t.warnings, FP_FORM_ERRORS_MAX);
    free(text);
}

/* ---- places ---- */

static void test_lines(void **state)
{
    (void)state;
    static const char text[] = "\xEF\xBB\xBF{ \"a\": {\"x]\": \"\\\"}\"},\n"
                               "  \"b\":\n   [1, {\"c\": [[]]},\n"
                               "    {\"d\":\n true}]}";
    const fp_span document = fp_span_of(text, sizeof text - 1);
    const fp_place top = {0};
    const fp_place b = fp_place_key(&top, FP_STR("b"));
    const fp_place second = fp_place_index(&b, 2);
    const fp_place d = fp_place_key(&second, FP_STR("d"));
    const fp_place none = fp_place_key(&second, FP_STR("e"));
    const fp_place past = fp_place_index(&b, 3);
    assert_int_equal(fp_place_position(&top, document).line, 1);
    assert_int_equal(fp_place_position(&b, document).line, 2);
    assert_int_equal(fp_place_position(&second, document).line, 4);
    assert_int_equal(fp_place_position(&d, document).line, 4);
    assert_int_equal(fp_place_position(&none, document).line, 0);
    assert_int_equal(fp_place_position(&past, document).line, 0);
}

static void test_columns(void **state)
{
    (void)state;
    static const char text[] = "\xEF\xBB\xBF{ \"\xC3\xA9\": {\"b\": [1, \"x\"]}}";
    const fp_place top = {0};
    const fp_place e = fp_place_key(&top, FP_STR("\xC3\xA9"));
    const fp_place b = fp_place_key(&e, FP_STR("b"));
    const fp_place x = fp_place_index(&b, 1);
    const fp_span document = fp_span_of(text, sizeof text - 1);
    assert_int_equal(fp_place_position(&top, document).column, 1);
    assert_int_equal(fp_place_position(&e, document).column, 3);
    assert_int_equal(fp_place_position(&b, document).column, 9);
    assert_int_equal(fp_place_position(&x, document).column, 18);
}

/* Scanning stays inside whatever it is given. */
static void test_lines_anywhere(void **state)
{
    (void)state;
    const fp_place top = {0};
    const fp_place tests = fp_place_key(&top, FP_STR("tests"));
    const fp_place used = fp_place_key(&tests, FP_STR("used"));
    const fp_place declared = fp_place_key(&used, FP_STR("declared"));
    for (size_t size = 0; size < sizeof good; size++) {
        char *copy = malloc(size + 1); /* the sanitizer's edge */
        assert_non_null(copy);
        memcpy(copy, good, size);
        assert_true(fp_place_position(&declared, fp_span_of(copy, size)).line <= 17);
        free(copy);
    }
}

static void test_nearest(void **state)
{
    (void)state;
    const fp_str names[] = {FP_STR("verdict"), FP_STR("reason"), FP_STR("when")};
    assert_str(fp_form_nearest(FP_STR("verdikt"), names, 3), "verdict");
    assert_str(fp_form_nearest(FP_STR("wen"), names, 3), "when");
    assert_str(fp_form_nearest(FP_STR("possible"), names, 3), "");
    char longer[FP_FORM_NAME_MAX + 2];
    memset(longer, 'a', sizeof longer);
    assert_str(fp_form_nearest((fp_str){longer, sizeof longer}, names, 3), "");
}

/* ---- the advisories in the tree ---- */

static void test_shipped(void **state)
{
    (void)state;
    FILE *file = fopen(FIXPROOF_SOURCE_DIR "/data/advisories/954474.json", "rb");
    char *text = malloc(TEXT_MAX);
    assert_non_null(file);
    assert_non_null(text);
    const size_t size = fread(text, 1, TEXT_MAX, file);
    (void)fclose(file);
    told t = {0};
    fp_diag d = {0};
    const fp_status status = read_text(text, size, &t, &d);
    free(text);
    if (status != FP_OK || t.warnings > 0)
        fail_msg("%s: %s", t.path, t.message);
}

static void test_kinds(void **state)
{
    (void)state;
    size_t count = 0;
    for (; fp_test_kind_at(count) != NULL; count++) {
        const fp_test_kind *kind = fp_test_kind_at(count);
        assert_ptr_equal(fp_test_kind_find(fp_str_of(kind->name)), kind);
    }
    assert_true(count > 0);
    assert_null(fp_test_kind_find(FP_STR("")));
}

static void test_rules(void **state)
{
    (void)state;
    for (size_t i = 0; i < FP_LINT_RULES; i++) {
        const fp_lint_rule_row *l = &fp_lint_rule_table[i];
        assert_true(l->id != NULL && l->title != NULL && l->help != NULL);
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(l->id, fp_lint_rule_table[k].id);
    }
}

int main(void)
{
    enum { ERRORS = sizeof errors / sizeof *errors, WARNINGS = sizeof warnings / sizeof *warnings };
    static const struct CMUnitTest fixed[] = {
        cmocka_unit_test(test_good),           cmocka_unit_test(test_metadata),
        cmocka_unit_test(test_change),         cmocka_unit_test(test_read_values),
        cmocka_unit_test(test_suggestions),    cmocka_unit_test(test_all_errors_told),
        cmocka_unit_test(test_cut_anywhere),   cmocka_unit_test(test_budgets),
        cmocka_unit_test(test_depth),          cmocka_unit_test(test_node_limit),
        cmocka_unit_test(test_size_limit),     cmocka_unit_test(test_many_warnings),
        cmocka_unit_test(test_many_errors),    cmocka_unit_test(test_lines),
        cmocka_unit_test(test_lines_anywhere), cmocka_unit_test(test_columns),
        cmocka_unit_test(test_nearest),        cmocka_unit_test(test_shipped),
        cmocka_unit_test(test_kinds),          cmocka_unit_test(test_rules),
    };
    enum { FIXED = sizeof fixed / sizeof *fixed };
    struct CMUnitTest tests[FIXED + ERRORS + WARNINGS];
    memcpy(tests, fixed, sizeof fixed);
    for (size_t i = 0; i < ERRORS + WARNINGS; i++) {
        const row *r = i < ERRORS ? &errors[i] : &warnings[i - ERRORS];
        tests[FIXED + i] = (struct CMUnitTest){.name = r->name,
                                               .test_func = i < ERRORS ? test_error : test_warning,
                                               .initial_state = (void *)(uintptr_t)r};
    }
    return RUN_TESTS(tests);
}
