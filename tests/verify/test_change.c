/* SPDX-License-Identifier: MIT */
/* The change record of hand-made models in each of its formats: what must stand in it, that what is
 * ticked, failed and open look different, and that hostile text stays inert. */
#include "inventory/base/json.h"
#include "tests/support/check.h"
#include "tests/support/report_model.h"
#include "tests/support/xml_check.h"
#include "verify/report/markdown.h"

#include <stdlib.h>
#include <string.h>

static char *written(const report_model *m, const char *format)
{
    fp_out out = {0};
    const fp_report_format *f = fp_report_format_find(format);
    assert_non_null(f);
    assert_true(fp_report_format_can(f, FP_VIEW_CHECKLIST));
    assert_int_equal(f->write(&m->report, &m->style, &out), FP_OK);
    assert_int_equal(strlen(out.data), out.size);
    return out.data;
}

static const char *const formats[] = {"text", "markdown", "html", "json"};
enum { FORMATS = sizeof formats / sizeof *formats };

/* ---- what stands in it ---- */

static void every_format_has_all_of_it(void **state)
{
    static const char *const needles[] = {"CHG0012345",
                                          "SRV01",
                                          "954474",
                                          "Install KB954474.",
                                          "fix-enu.exe",
                                          "way back",
                                          "There are such",
                                          "KB954474 is installed.",
                                          "On the other",
                                          "the article",
                                          "the bulletin",
                                          "Full Version = 4.00.6221.1000",
                                          "wsyncmgr.log",
                                          "sms2003-clients",
                                          "the log contradicts the declaration",
                                          "Planned by",
                                          "Approved by",
                                          "2008-06-14T00:00:00Z"};
    (void)state;
    for (size_t f = 0; f < FORMATS; f++) {
        report_model m;
        report_model_make(&m, FP_VIEW_CHECKLIST);
        m.style.width = 0;
        char *text = written(&m, formats[f]);
        for (size_t i = 0; i < sizeof needles / sizeof *needles; i++)
            if (strstr(text, needles[i]) == NULL)
                fail_msg("%s: '%s' is not there", formats[f], needles[i]);
        for (size_t i = 0; i < MODEL_ITEMS; i++) {
            char digest[FP_SHA256_HEX_SIZE];
            fp_hex(m.items[i].sha256, FP_SHA256_SIZE, digest);
            assert_int_equal(check_times(text, digest), 1);
        }
        free(text);
    }
}

static void text_is_in_order(void **state)
{
    static const char *const order[] = {
        "CHANGE RECORD",
        "Subject",
        "Before       not given",
        "Now          AFFECTED (unpatched)",
        "Checklist    1 ticked, 1 declared, 1 failed, 1 open, 1 set",
        "Before the change",
        "[x] The release",
        "Full Version = 4.00.6221.1000",
        "[1] sms.reg, HKLM\\SOFTWARE\\Microsoft\\SMS",
        "[d] There are",
        "Declared, not seen",
        "Done by ____",
        "Planned action",
        "Package      fix-enu.exe (KB954474)",
        "SHA-256      no source gives it: ___",
        "[!] KB954474 is installed.",
        "Seen not to hold.",
        "no key KB954474",
        "After the change",
        "[-] On the other",
        "Back-out",
        "[ ] The way back",
        "no evidence can show it",
        "Done by ____",
        "Evidence",
        "Signatures",
        "Planned by",
        "Approved by",
        NULL};
    (void)state;
    report_model m;
    report_model_make(&m, FP_VIEW_CHECKLIST);
    char *text = written(&m, "text");
    assert_order(text, order);
    assert_int_equal(check_times(text, "Done by"), 2);
    free(text);
}

static void the_deciding_rules_remedy_is_the_planned_action(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        report_model m;
        report_model_make(&m, FP_VIEW_CHECKLIST);
        m.result.remediation = FP_STR("Compare the files first.");
        char *text = written(&m, formats[i]);
        assert_int_equal(check_times(text, "Compare the files first."), 1);
        assert_int_equal(check_times(text, "Install KB954474."), 0);
        free(text);
    }
}

static void markdown_fills_a_box_only_where_it_is_ticked(void **state)
{
    static const char *const order[] = {
        "# Change record `CHG0012345`\n",
        "- **Before:** not given",
        "- [x] The release is one that is listed.\n",
        "    - `Full Version = 4.00.6221.1000` in \\[1\\] `sms.reg`, "
        "`HKLM\\SOFTWARE\\Microsoft\\SMS`\n",
        "- [ ] *declared:* There are",
        "- [ ] **FAILED:** KB954474 is installed.\n",
        "  - *Seen not to hold.*\n",
        "- [ ] *set aside:* On the other",
        "- [ ] *open:* The way back is agreed.\n",
        "| 1 | `srv01/sms.reg` | registry-export, 1,000 bytes | `1111111111",
        "| Approved by | | | |\n",
        NULL};
    (void)state;
    report_model m;
    report_model_make(&m, FP_VIEW_CHECKLIST);
    char *text = written(&m, "markdown");
    assert_order(text, order);
    assert_int_equal(check_times(text, "[x]"), 1);
    free(text);
}

static void html_shows_each_state(void **state)
{
    static const char *const order[] = {"<h1 class=\"ev\">CHG0012345</h1>",
                                        "class=\"verdict bad\"",
                                        "<dt>Before</dt><dd>not given",
                                        "state good\">ticked:</span> The release",
                                        "state open\">declared:</span> There are",
                                        "state bad\">failed:</span> KB954474 is installed.",
                                        "state faint\">set aside:</span> On the other",
                                        "state open\">open:</span> The way back",
                                        ">Evidence<",
                                        "<section class=\"sign shown\"",
                                        NULL};
    (void)state;
    report_model m;
    report_model_make(&m, FP_VIEW_CHECKLIST);
    char *page = written(&m, "html");
    assert_order(page, order);
    assert_int_equal(check_times(page, "Done by"), 2);
    const xml_count count = xml_check(fp_str_of(page), xml_html_names);
    assert_true(count.well_formed);
    assert_int_equal(count.strangers, 0);
    free(page);
}

static const fp_json *item_named(const fp_json *root, const char *id)
{
    const fp_json *items = fp_json_get(fp_json_at(fp_json_get(root, "advisories"), 0), "items");
    for (size_t i = 0; i < fp_json_size(items); i++)
        if (fp_str_eq(fp_json_string(fp_json_get(fp_json_at(items, i), "id")), fp_str_of(id)))
            return fp_json_at(items, i);
    fail_msg("no item %s", id);
    return NULL;
}

static void assert_member(const fp_json *node, const char *key, const char *value)
{
    const fp_json *member = fp_json_get(node, key);
    assert_non_null(member);
    if (value == NULL)
        assert_int_equal(fp_json_type_of(member), FP_JSON_NULL);
    else if (!fp_str_eq(fp_json_string(member), fp_str_of(value)))
        fail_msg("%s is %.*s, not %s", key, FP_STR_ARG(fp_json_string(member)), value);
}

static fp_json *parsed(const report_model *m)
{
    fp_json *root = NULL;
    char *text = written(m, "json");
    assert_int_equal(fp_json_parse(fp_span_of(text, strlen(text)), &root, NULL), FP_OK);
    free(text);
    return root;
}

static void json_says_each_state(void **state)
{
    static const struct {
        const char *id, *is, *why;
    } rows[] = {{"in-scope", "ticked", NULL},
                {"clients", "declared", NULL},
                {"installed", "failed", NULL},
                {"way-back", "open", "by-hand"},
                {"other", "aside", NULL}};
    (void)state;
    report_model m;
    report_model_make(&m, FP_VIEW_CHECKLIST);
    fp_json *root = parsed(&m);
    assert_member(root, "schema", "fixproof/checklist/v1");
    assert_member(root, "command", "checklist");
    assert_member(fp_json_get(root, "change"), "id", "CHG0012345");
    assert_member(root, "before", NULL);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_member(item_named(root, rows[i].id), "state", rows[i].is);
        assert_member(item_named(root, rows[i].id), "open_because", rows[i].why);
    }
    const fp_json *fact = fp_json_at(fp_json_get(item_named(root, "installed"), "facts"), 0);
    assert_member(fact, "result", "false");
    assert_member(fp_json_at(fp_json_get(fact, "observations"), 0), "value", "no key KB954474");
    fp_json_free(root);
}

static void why_an_item_is_open_is_said(void **state)
{
    static const struct {
        fp_open_why why;
        const char *words, *name;
    } rows[] = {{FP_OPEN_EVIDENCE, "does not settle it", "evidence"},
                {FP_OPEN_UNCONFIRMED, "nobody confirmed", "unconfirmed"},
                {FP_OPEN_NOT_GENUINE, "not shown to be", "not-genuine"},
                {FP_OPEN_STALE, "not shown to be from after the change", "stale"},
                {FP_OPEN_NO_DIGEST, "has no digest", "no-digest"}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        report_model m;
        report_model_make(&m, FP_VIEW_CHECKLIST);
        m.style.width = 0;
        m.checked[FP_TICK_OPEN].why = rows[i].why;
        for (size_t f = 0; f < FORMATS - 1; f++) {
            char *text = written(&m, formats[f]);
            assert_int_equal(check_times(text, rows[i].words), 1);
            free(text);
        }
        fp_json *root = parsed(&m);
        assert_member(item_named(root, "way-back"), "open_because", rows[i].name);
        fp_json_free(root);
    }
}

static void a_statement_that_it_does_not_hold_is_told_from_a_sight(void **state)
{
    (void)state;
    report_model m;
    report_model_make(&m, FP_VIEW_CHECKLIST);
    m.checked[FP_TICK_FAILED].declared = true;
    for (size_t f = 0; f < FORMATS - 1; f++) {
        char *text = written(&m, formats[f]);
        assert_int_equal(check_times(text, "Declared not to hold."), 1);
        assert_int_equal(check_times(text, "Seen not to hold."), 0);
        free(text);
    }
}

static void the_state_before_comes_from_the_report(void **state)
{
    static const char digest[] = "abababababababababababababababababababababababababababababababab";
    (void)state;
    report_model m;
    report_model_make(&m, FP_VIEW_CHECKLIST);
    report_model_before(&m);
    m.style.width = 0;
    for (size_t f = 0; f < FORMATS; f++) {
        char *text = written(&m, formats[f]);
        assert_int_equal(check_times(text, digest), 1);
        assert_true(
            check_times(text, "evidence_missing") + check_times(text, "evidence\\_missing") > 0);
        assert_true(check_times(text, "2008-06-12T00:00:00Z") > 0);
        free(text);
    }
    fp_json *root = parsed(&m);
    assert_member(fp_json_get(fp_json_at(fp_json_get(root, "advisories"), 0), "before"), "verdict",
                  "undetermined");
    fp_json_free(root);

    m.before_result.advisory = FP_STR("another");
    char *text = written(&m, "text");
    assert_int_equal(check_times(text, "does not ask this advisory"), 1);
    free(text);
    root = parsed(&m);
    assert_member(fp_json_at(fp_json_get(root, "advisories"), 0), "before", NULL);
    fp_json_free(root);
}

static void packages_that_are_for_others_are_left_out(void **state)
{
    static const char digest[] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    (void)state;
    report_model m;
    report_model_make(&m, FP_VIEW_CHECKLIST);
    m.packages_of[0].sha256 = fp_str_of(digest);
    for (unsigned concerns = FP_UNKNOWN; concerns <= FP_TRUE; concerns++) {
        m.concerns[0] = (fp_tri)concerns;
        for (size_t f = 0; f < FORMATS; f++) {
            char *text = written(&m, formats[f]);
            assert_int_equal(check_times(text, digest), concerns != FP_FALSE);
            assert_int_equal(check_times(text, "fix-enu.exe"), concerns != FP_FALSE);
            assert_int_equal(check_times(text, "no source names it"),
                             concerns == FP_FALSE && strcmp(formats[f], "json") != 0);
            free(text);
        }
    }
}

/* Of several advisories one that is not about the server needs no items, unless it was. */
static void advisories_of_no_concern_take_a_line(void **state)
{
    (void)state;
    report_model m;
    report_model_make(&m, FP_VIEW_CHECKLIST);
    fp_advisory other = m.advisory;
    other.id = FP_STR("OTHER-1");
    report_model_aside(&m);
    m.both_results[1].advisory = &other;
    for (size_t f = 0; f < FORMATS - 1; f++) {
        char *text = written(&m, formats[f]);
        assert_int_equal(check_times(text, "KB954474 is installed."), 1);
        assert_int_equal(check_times(text, "dvisories that do not concern this server"), 1);
        free(text);
    }
    report_model_before(&m);
    m.before_result.advisory = other.id;
    char *text = written(&m, "text");
    assert_int_equal(check_times(text, "KB954474 is installed."), 2);
    free(text);
}

static void a_checklist_of_nothing_is_no_reason_to_fail(void **state)
{
    (void)state;
    report_model m;
    report_model_make(&m, FP_VIEW_CHECKLIST);
    m.advisory.checklist_count = m.advisory.package_count = 0;
    for (size_t f = 0; f < FORMATS; f++) {
        char *text = written(&m, formats[f]);
        if (f < FORMATS - 1)
            assert_int_equal(check_times(text, "the advisory has no checklist"), 1);
        free(text);
    }
}

static void two_runs_give_the_same_bytes(void **state)
{
    (void)state;
    report_model m;
    report_model_make(&m, FP_VIEW_CHECKLIST);
    for (size_t f = 0; f < FORMATS; f++) {
        char *one = written(&m, formats[f]);
        char *other = written(&m, formats[f]);
        assert_string_equal(one, other);
        free(one);
        free(other);
    }
}

/* ---- hostile text ---- */

static const char *const hostile[] = {
    "<script>alert(1)</script>",
    "<!-- comment --> <b>x</b>",
    "\"><img src=x onerror=alert(1)>",
    "a | b | c",
    "\\| \\\\| \\",
    "`code` ``more`` ```",
    "`",
    "``````````",
    " `x",
    "x` ",
    "[a link](https://example.org/)",
    "![an image](https://example.org/x.png)",
    "[ref]: https://example.org/",
    "https://example.org/ www.example.org a@example.org",
    "@everyone #123 GH-1 :tada:",
    "# heading",
    "> quote",
    "- [x] ticked",
    "* list",
    "+ list",
    "1. list",
    "2) list",
    "---",
    "===",
    "~~~",
    "~~struck~~ **bold** __bold__ *it* _it_",
    "&lt;b&gt; &#60; &copy;",
    "$x$ ^y^ {z}",
    "<https://example.org/>",
    "\xE2\x80\xAEgnp.exe\xE2\x81\xA6",
    "\x01\x1F\x7F\xC2\x85\xFF\xED\xA0\x80",
    "a\nb\r\n\n# c",
};

/* One of our spans and escapes, read as a strict reader would: what is left is plain text. */
static bool is_inert(const char *line, bool in_table)
{
    static const char special[] = "*_[]<>&#~!$^{}\"";
    size_t pipes = 0;
    for (const char *c = line; *c != '\0'; c++) {
        if (*c == '\\' && c[1] != '\0') {
            c++;
        } else if (*c == '`') {
            const size_t fence = strspn(c, "`");
            const char *end = c + fence;
            while ((end = strchr(end, '`')) != NULL && strspn(end, "`") != fence)
                end += strspn(end, "`");
            if (end == NULL)
                return false;
            for (const char *in = c; in < end; in++)
                pipes += *in == '|';
            c = end + fence - 1;
        } else if (strncmp(c, "<!-- -->", 8) == 0) {
            c += 7;
        } else if (strncmp(c, "*(empty)*", 9) == 0) {
            c += 8;
        } else if (strchr(special, *c) != NULL || *c == '|') {
            return false;
        }
    }
    return !in_table || pipes == 0;
}

static char *made(const char *text, void (*make)(fp_page *, fp_str, bool), bool in_table)
{
    static const fp_report_style style = {0};
    fp_out out = {0};
    fp_page page = {.out = &out, .style = &style, .arena = fp_arena_new(1024 * 1024)};
    assert_non_null(page.arena);
    make(&page, fp_str_of(text), in_table);
    fp_arena_free(page.arena);
    assert_false(page.failed || out.failed);
    return out.data;
}

static void make_prose(fp_page *p, fp_str text, bool in_table)
{
    (void)in_table;
    fp_markdown_text(p, text);
}

static void markdown_means_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
        char *prose = made(hostile[i], make_prose, false);
        char *code = made(hostile[i], fp_markdown_code, false);
        char *cell = made(hostile[i], fp_markdown_code, true);
        if (!is_inert(prose, true) || !is_inert(code, false) || !is_inert(cell, true))
            fail_msg("%s\n%s\n%s\n%s", hostile[i], prose, code, cell);
        assert_null(strpbrk(prose, "\n\r"));
        assert_null(strpbrk(code, "\n\r"));
        free(prose);
        free(code);
        free(cell);
    }
}

static void prose_begins_nothing_and_calls_nobody(void **state)
{
    static const struct {
        const char *text, *escaped;
    } rows[] = {
        {"# heading", "\\#<!-- --> heading"},
        {"- item", "\\- item"},
        {"+ item", "\\+ item"},
        {"12. item", "12\\. item"},
        {"12) item", "12\\) item"},
        {"Install 12. Then go.", "Install 12. Then go."},
        {"see https://a.example", "see https\\://a\\.example"},
        {"www.example.org", "www\\.example\\.org"},
        {"mail a@b.example", "mail a\\@<!-- -->b\\.example"},
        {"a-b, c (d): e.", "a-b, c (d): e."},
        {"", "*(empty)*"},
        {"  ", "*(empty)*"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *text = made(rows[i].text, make_prose, false);
        assert_string_equal(text, rows[i].escaped);
        free(text);
    }
}

static void code_keeps_the_text(void **state)
{
    static const struct {
        const char *text, *span;
        bool in_table;
    } rows[] = {
        {"a", "`a`", false},     {"C:\\a\\", "`C:\\a\\`", false}, {"a`b", "``a`b``", false},
        {"`", "`` ` ``", false}, {"``a", "``` ``a ```", false},   {" a ", "`  a  `", false},
        {"a|b", "`a|b`", false}, {"a|b", "`a\\u{007C}b`", true},  {"", "*(empty)*", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *text = made(rows[i].text, fp_markdown_code, rows[i].in_table);
        assert_string_equal(text, rows[i].span);
        free(text);
    }
}

/* With any text in every place: as many lines, headings, boxes and cells as with plain text. */
static void hostile_text_adds_no_block(void **state)
{
    static const char *const blocks[] = {"\n",     "\n#",   "\n- [ ] ", "\n- [x] ", "\n|",
                                         "\n  - ", "\n```", "\n> ",     "\n---",    "\n==="};
    (void)state;
    size_t expected[sizeof blocks / sizeof *blocks];
    for (size_t i = 0; i <= sizeof hostile / sizeof *hostile; i++) {
        report_model m;
        report_model_make(&m, FP_VIEW_CHECKLIST);
        report_model_before(&m);
        report_model_fill(&m, fp_str_of(i == 0 ? "plain" : hostile[i - 1]));
        m.result.remediation = FP_STR("Do it.");
        char *text = written(&m, "markdown");
        for (size_t b = 0; b < sizeof blocks / sizeof *blocks; b++) {
            const size_t count = check_times(text, blocks[b]);
            if (i == 0)
                expected[b] = count;
            else if (count != expected[b])
                fail_msg("%s: %zu times '%s', not %zu", hostile[i - 1], count, blocks[b],
                         expected[b]);
        }
        assert_int_equal(check_times(text, "\xE2\x80\xAE"), 0);
        free(text);
    }
}

static void html_gets_no_element_more(void **state)
{
    (void)state;
    xml_count plain = {0};
    for (size_t i = 0; i <= sizeof hostile / sizeof *hostile; i++) {
        report_model m;
        report_model_make(&m, FP_VIEW_CHECKLIST);
        report_model_before(&m);
        report_model_fill(&m, fp_str_of(i == 0 ? "plain" : hostile[i - 1]));
        m.items[0].path = FP_STR("another");
        m.result.remediation = FP_STR("Do it.");
        char *page = written(&m, "html");
        const xml_count count = xml_check(fp_str_of(page), xml_html_names);
        assert_true(count.well_formed);
        assert_int_equal(count.strangers, 0);
        if (i == 0)
            plain = count;
        assert_int_equal(count.elements, plain.elements);
        assert_int_equal(count.attributes, plain.attributes);
        free(page);
    }
}

static void text_and_json_show_no_control(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
        report_model m;
        report_model_make(&m, FP_VIEW_CHECKLIST);
        report_model_before(&m);
        report_model_fill(&m, fp_str_of(hostile[i]));
        for (size_t f = 0; f < FORMATS; f++) {
            char *text = written(&m, formats[f]);
            for (const char *c = text; *c != '\0'; c++)
                assert_true((unsigned char)*c >= ' ' || *c == '\n');
            assert_null(strchr(text, '\x7F'));
            assert_null(strstr(text, "\xC2\x85"));
            assert_null(strstr(text, "\xE2\x80\xAE"));
            free(text);
        }
        fp_json_free(parsed(&m));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_format_has_all_of_it),
        cmocka_unit_test(text_is_in_order),
        cmocka_unit_test(the_deciding_rules_remedy_is_the_planned_action),
        cmocka_unit_test(markdown_fills_a_box_only_where_it_is_ticked),
        cmocka_unit_test(html_shows_each_state),
        cmocka_unit_test(json_says_each_state),
        cmocka_unit_test(why_an_item_is_open_is_said),
        cmocka_unit_test(a_statement_that_it_does_not_hold_is_told_from_a_sight),
        cmocka_unit_test(the_state_before_comes_from_the_report),
        cmocka_unit_test(packages_that_are_for_others_are_left_out),
        cmocka_unit_test(advisories_of_no_concern_take_a_line),
        cmocka_unit_test(a_checklist_of_nothing_is_no_reason_to_fail),
        cmocka_unit_test(two_runs_give_the_same_bytes),
        cmocka_unit_test(markdown_means_nothing),
        cmocka_unit_test(prose_begins_nothing_and_calls_nobody),
        cmocka_unit_test(code_keeps_the_text),
        cmocka_unit_test(hostile_text_adds_no_block),
        cmocka_unit_test(html_gets_no_element_more),
        cmocka_unit_test(text_and_json_show_no_control),
    };
    return RUN_TESTS(tests);
}
