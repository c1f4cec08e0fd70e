/* SPDX-License-Identifier: MIT */
#include "inventory/base/csv.h"
#include "inventory/configmgr/site_updates.h"

#include "tests/support/check.h"
#include "tests/support/listing_text.h"

#include <stdio.h>

enum { BUDGET = 64 * 1024 * 1024, ITEM = 7 };

typedef struct said {
    fp_arena *arena;
    fp_status status;
    fp_site_updates list;
    fp_out states; /* "196612 -": of each row in its order, "-" where none is readable */
} said;

static said read_bytes(fp_span bytes, const char *code_page, size_t budget)
{
    said s = {.arena = fp_arena_new(budget)};
    assert_non_null(s.arena);
    s.status = fp_site_updates_read(bytes, ITEM, code_page, s.arena, &s.list, NULL);
    for (size_t i = 0; s.status == FP_OK && i < s.list.count; i++) {
        const fp_site_update *u = &s.list.updates[i];
        fp_out_text(&s.states, i > 0 ? " " : "");
        if (u->has_state)
            fp_out_printf(&s.states, "%u", u->state);
        else
            fp_out_text(&s.states, "-");
    }
    return s;
}

static said read_text(const char *text)
{
    return read_bytes(fp_span_of(text, strlen(text)), NULL, BUDGET);
}

static void done(said *s)
{
    fp_out_free(&s->states);
    fp_arena_free(s->arena);
}

static void check_states(const said *s, const char *expected)
{
    assert_str(((fp_str){s->states.data, s->states.size}), expected);
}

/* ---- forms and encodings ---- */

#define GUID_A "9B7A1E46-6A5D-4B0E-8D0C-0A1B2C3D4E5F"
#define GUID_B "11111111-2222-3333-4444-555555555555"

static const char description[] =
    "ClientVersion|DateReleased|Description|FullVersion|LastUpdateTime|Name|PackageGuid|State|"
    "UpdateType\n"
    "5.00.9128.1000|9/18/2024|Aktualisierung für 2403|5.00.9128.1000|20240918120000.000000+000|"
    "Configuration Manager 2403 Hotfix (KB29166583)|" GUID_A "|196612|1\n"
    "|9/5/2024||5.00.9128.1000||Configuration Manager 2403 Hotfix (KB29166583)|{" GUID_B
    "}|262146|1\n"
    "|12/4/2024||5.00.9132.1000||Configuration Manager 2409|" GUID_B "|2|0\n";
static const char described[] = "196612 262146 2";

static const listing_style styles[] = {LISTING_WMIC_CSV, LISTING_PS_CSV, LISTING_PS_CSV_TYPED,
                                       LISTING_PS_JSON, LISTING_PS_CLIXML};
enum { STYLES = sizeof styles / sizeof *styles };

static const struct encoding {
    const char *name, *mark;
    size_t mark_size;
    const char *line_end;
} encodings[] = {
    {"UTF-8", "", 0, "\n"},
    {"UTF-8", "\xEF\xBB\xBF", 3, "\r\n"},
    {"UTF-16LE", "\xFF\xFE", 2, "\r\n"},
    {"UTF-16LE", "", 0, "\r\r\n"},
    {"UTF-16BE", "\xFE\xFF", 2, "\n"},
    {"CP1252", "", 0, "\r\n"},
};
enum { ENCODINGS = sizeof encodings / sizeof *encodings };

static fp_out encoded(size_t style, size_t encoding)
{
    const struct encoding *e = &encodings[encoding];
    fp_out text = listing_text(styles[style], description);
    fp_out bytes = listing_encode(&text, e->name, e->mark, e->mark_size, e->line_end);
    fp_out_free(&text);
    return bytes;
}

static void test_forms_and_encodings(void **state)
{
    (void)state;
    for (size_t style = 0; style < STYLES; style++) {
        for (size_t i = 0; i < ENCODINGS; i++) {
            fp_out bytes = encoded(style, i);
            said s = read_bytes(fp_span_of(bytes.data, bytes.size), NULL, BUDGET);
            assert_int_equal(s.status, FP_OK);
            check_states(&s, described);
            assert_true(s.list.complete);
            assert_int_equal(s.list.item, ITEM);
            assert_int_equal(s.list.problems.count, 0);
            const fp_site_update *u = s.list.updates;
            assert_str(u[0].name, "Configuration Manager 2403 Hotfix (KB29166583)");
            assert_str(u[0].package_guid, GUID_A);
            assert_str(u[1].package_guid, GUID_B);
            assert_str(u[0].full_version, "5.00.9128.1000");
            assert_str(u[0].client_version, "5.00.9128.1000");
            assert_str(u[0].released, "9/18/2024");
            assert_str(u[0].updated, "20240918120000.000000+000");
            assert_true(u[0].line < u[1].line && u[1].line < u[2].line);
            assert_true(fp_site_update_names(&u[0], 29166583));
            assert_false(fp_site_update_names(&u[0], 2916658));
            assert_false(fp_site_update_names(&u[2], 2409));
            done(&s);
            fp_out_free(&bytes);
        }
    }
}

static void test_code_page(void **state)
{
    (void)state;
    fp_out bytes = encoded(1, ENCODINGS - 1);
    const fp_span span = fp_span_of(bytes.data, bytes.size);
    said s = read_bytes(span, "CP1252", BUDGET);
    check_states(&s, described);
    done(&s);
    s = read_bytes(span, "no such page", BUDGET);
    assert_int_equal(s.status, FP_UNSUPPORTED);
    done(&s);
    fp_out_free(&bytes);
}

/* ---- what is cut ---- */

static bool same(const fp_site_update *a, const fp_site_update *b)
{
    return fp_str_eq(a->name, b->name) && fp_str_eq(a->package_guid, b->package_guid) &&
           a->has_state && b->has_state && a->state == b->state;
}

/* Whatever is left of a list says nothing that the whole one does not. */
static void check_subset(const said *part, const said *whole)
{
    if (part->status == FP_FORMAT)
        return;
    assert_int_equal(part->status, FP_OK);
    for (size_t i = 0; i < part->list.count; i++) {
        bool found = false;
        for (size_t k = 0; k < whole->list.count; k++)
            found = found || same(&part->list.updates[i], &whole->list.updates[k]);
        assert_true(found);
    }
    assert_true(part->list.count <= whole->list.count);
}

static void check_cut_anywhere(fp_span bytes, size_t ending)
{
    said whole = read_bytes(bytes, NULL, BUDGET);
    for (size_t size = 0; size < bytes.size; size++) {
        /* A block of exactly this size, so that a look beyond it is seen. */
        uint8_t *part = malloc(size > 0 ? size : 1);
        assert_non_null(part);
        memcpy(part, bytes.data, size);
        said cut = read_bytes(fp_span_of(part, size), NULL, BUDGET);
        check_subset(&cut, &whole);
        /* Within the last row it is seen that it was cut. */
        if (size + ending < bytes.size && size > bytes.size - 2 * ending && cut.status == FP_OK)
            assert_false(cut.list.complete);
        done(&cut);
        free(part);
    }
    done(&whole);
}

static void test_cut_at_every_byte(void **state)
{
    (void)state;
    enum { ENDING = 8 }; /* a line end in UTF-16 and brackets, at most */
    for (size_t style = 0; style < STYLES; style++) {
        for (size_t i = 0; i < ENCODINGS; i++) {
            fp_out bytes = encoded(style, i);
            check_cut_anywhere(fp_span_of(bytes.data, bytes.size), ENDING);
            fp_out_free(&bytes);
        }
    }
}

static void test_memory_budgets(void **state)
{
    (void)state;
    for (size_t style = 0; style < STYLES; style++) {
        fp_out bytes = encoded(style, 2);
        fp_status status = FP_NOMEM;
        for (size_t budget = 0; status != FP_OK && budget < BUDGET; budget += 64) {
            said s = read_bytes(fp_span_of(bytes.data, bytes.size), NULL, budget);
            status = s.status;
            assert_true(status == FP_OK || status == FP_NOMEM);
            if (status == FP_OK)
                check_states(&s, described);
            done(&s);
        }
        assert_int_equal(status, FP_OK);
        fp_out_free(&bytes);
    }
}

/* ---- texts ---- */

#define HEADER "Name,PackageGuid,State\n"

typedef struct row {
    const char *what, *text;
    const char *states; /* NULL: no such list */
    bool complete;
    const char *problem_at; /* NULL: there is none */
} row;

static const row rows[] = {
    {"no list", "", NULL, false, NULL},
    {"services", "Name,State\nSpooler,Running\n", NULL, false, NULL},
    {"deployments", "PackageGuid,StatusID\n" GUID_A ",1\n", NULL, false, NULL},
    {"an array of nothing", "[]", NULL, false, NULL},
    {"no array", "\"PackageGuid State\"", NULL, false, NULL},
    {"a header alone", HEADER, "", true, NULL},
    {"a header that is cut", "Name,PackageGuid,State", NULL, false, NULL},
    {"titles in any order and case", "STATE;packageguid;name\n196612;" GUID_A ";A\n", "196612",
     true, NULL},
    {"tabs", "Name\tPackageGuid\tState\nA\t" GUID_A "\t2\n", "2", true, NULL},
    {"behind lines of something else", "#TYPE X\n\n\nName,PackageGuid,State\nA," GUID_A ",2\n", "2",
     true, NULL},
    {"lists one behind the other", HEADER "A,g,2\n" HEADER "B,h,3\n", "2 - 3", false, "line 3"},
    {"a quoted line end",
     "Description,Name,PackageGuid,State\n\"a\nb, \"\"c\"\"\",A,g,2\nx,B,h,3\n", "2 3", true, NULL},
    {"a header over two lines", "\"PackageGuid\n\",State,Name\ng,2,A\n", NULL, false, NULL},
    {"blank lines", HEADER "\nA,g,2\n\n", "2", true, NULL},
    {"a comma too many", HEADER "A, B,g,2\nC,h,3\n", "3", false, "line 2"},
    {"a field too few", HEADER "A,g\nC,h,3\n", "3", false, "line 2"},
    {"no end of the last line", HEADER "A,g,2\nC,h,19661", "2", false, "line 3"},
    {"a quote that is not closed", HEADER "\"A,g,2\nC,h,3\n", "", false, "line 2"},
    {"no name", HEADER ",g,2\n", "", false, "line 2"},
    {"a name of spaces", HEADER "\" \",g,2\n", "", false, "line 2"},
    {"a name that is no text",
     HEADER "A (KB2\xFF"
            "9166583),g,2\n",
     "", false, "line 2"},
    {"a name with a tab", HEADER "A (KB2\t9166583),g,2\n", "", false, "line 2"},
    {"no state", HEADER "A,g,\n", "-", false, "line 2"},
    {"a state in words", HEADER "A,g,Installed\n", "-", false, "line 2"},
    {"a state below zero", HEADER "A,g,-1\n", "-", false, "line 2"},
    {"a state beyond 32 bits", HEADER "A,g,4295163908\n", "-", false, "line 2"},
    {"a state with a fraction", HEADER "A,g,196612.5\n", "-", false, "line 2"},
    {"no package", HEADER "A,,2\n", "2", true, NULL},
    {"two columns of one title", "Name,PackageGuid,State,state\nA,g,2,3\n", "", false, "line 2"},

    {"one object alone", "{\"Name\":\"A\",\"PackageGuid\":\"g\",\"State\":2}", "2", true, NULL},
    {"an array in an object",
     "{\"Count\":1,\n\"value\":[{\"Name\":\"A\",\"PackageGuid\":\"g\",\"State\":2}]}", "2", true,
     NULL},
    {"a state as text", "[{\"Name\":\"A\",\"PackageGuid\":\"g\",\"State\":\"196612\"}]", "196612",
     true, NULL},
    {"a state that is an object", "[{\"Name\":\"A\",\"PackageGuid\":\"g\",\"State\":{\"a\":2}}]",
     "-", false, "line 1"},
    {"a real number", "[{\"Name\":\"A\",\"PackageGuid\":\"g\",\"State\":2.0}]", "-", false,
     "line 1"},
    {"true", "[{\"Name\":\"A\",\"PackageGuid\":\"g\",\"State\":true}]", "-", false, "line 1"},
    {"names of two spellings",
     "[\n{\"Name\":\"A\",\"PackageGuid\":\"g\",\"State\":2,\"STATE\":196612}]", "", false,
     "line 2"},
    {"a row of nothing", "[{\"Name\":\"A\",\"PackageGuid\":\"g\",\"State\":2},\nnull]", "2", false,
     "line 1"},
    {"a row that names no package",
     "[{\"Name\":\"A\",\"PackageGuid\":\"g\",\"State\":2},\n{\"Count\":1}]", "2", false, "line 2"},
    {"a name with a NUL", "[{\"Name\":\"A\\u0000B\",\"PackageGuid\":\"g\",\"State\":2}]", "", false,
     "line 1"},
    {"an array that is not closed",
     "[{\"Name\":\"A\",\"PackageGuid\":\"g\",\"State\":2},\n{\"Name\":", "", false, "line 2"},
    {"one member twice", "[{\"Name\":\"A\",\"PackageGuid\":\"g\",\n\"State\":2,\"State\":3}]", "",
     false, "line 2"},
};
enum { ROWS = sizeof rows / sizeof *rows };

static void test_row(void **state)
{
    const row *r = *state;
    said s = read_text(r->text);
    assert_int_equal(fp_site_updates_probe(fp_str_of(r->text)), r->states != NULL);
    assert_int_equal(s.status, r->states != NULL ? FP_OK : FP_FORMAT);
    if (r->states != NULL) {
        check_states(&s, r->states);
        assert_int_equal(s.list.complete, r->complete);
        assert_int_equal(s.list.problems.count > 0, r->problem_at != NULL);
    }
    if (r->problem_at != NULL)
        assert_str(s.list.problems.at[0].origin.where, r->problem_at);
    done(&s);
}

static void test_long_field(void **state)
{
    (void)state;
    for (size_t size = FP_SITE_UPDATES_FIELD_MAX; size <= FP_SITE_UPDATES_FIELD_MAX + 1; size++) {
        fp_out text = {.data = NULL};
        fp_out_text(&text, HEADER);
        fp_out_char(&text, 'A', size);
        fp_out_text(&text, ",g,2\n");
        said s = read_bytes(fp_span_of(text.data, text.size), NULL, BUDGET);
        assert_int_equal(s.list.count, size <= FP_SITE_UPDATES_FIELD_MAX);
        assert_int_equal(s.list.complete, size <= FP_SITE_UPDATES_FIELD_MAX);
        done(&s);
        fp_out_free(&text);
    }
}

/* A line of more titles than are kept is none: what stands under them would be shifted. */
static void test_wide_header(void **state)
{
    (void)state;
    for (size_t columns = FP_CSV_COLUMNS_MAX; columns <= FP_CSV_COLUMNS_MAX + 1; columns++) {
        fp_out text = {.data = NULL};
        fp_out_text(&text, "PackageGuid,State");
        for (size_t i = 2; i < columns; i++)
            fp_out_text(&text, ",x");
        fp_out_text(&text, "\n");
        assert_int_equal(fp_site_updates_probe((fp_str){text.data, text.size}),
                         columns == FP_CSV_COLUMNS_MAX);
        fp_out_free(&text);
    }
}

static void test_limits(void **state)
{
    (void)state;
    fp_out text = {.data = NULL};
    fp_out_text(&text, HEADER);
    for (size_t i = 0; i <= FP_SITE_UPDATES_MAX; i++)
        fp_out_text(&text, "A,g,2\n");
    said s = read_bytes(fp_span_of(text.data, text.size), NULL, BUDGET);
    assert_int_equal(s.list.count, FP_SITE_UPDATES_MAX);
    assert_false(s.list.complete);
    assert_int_equal(s.list.problems.count, 1);
    done(&s);
    fp_out_free(&text);

    uint8_t *large = calloc(1, FP_SITE_UPDATES_SIZE_MAX + 1);
    assert_non_null(large);
    s = read_bytes(fp_span_of(large, FP_SITE_UPDATES_SIZE_MAX + 1), NULL, BUDGET);
    assert_int_equal(s.status, FP_LIMIT);
    done(&s);
    free(large);
}

static void test_states(void **state)
{
    (void)state;
    static const struct {
        uint32_t state;
        const char *name, *stage;
    } codes[] = {
        {196612, "INSTALL_SUCCESS", "installed"},
        {196613, "INSTALL_PENDING_REBOOT", "pending"},
        {196611, "INSTALL_WAITING_PARENT", "installing"},
        {196614, "INSTALL_CMU_VALIDATING", "installing"},
        {196629, "INSTALL_UPDATEADMINCONSOLE", "installing"},
        {262142, "INSTALL_CMU_FAILED", "failed"},
        {262143, "INSTALL_FAILED", "failed"},
        {2, "ENABLED", "not-installed"},
        {131071, "CONTENT_REPLICATION_FAILED", "not-installed"},
        {131075, "PREREQ_WARNING", "not-installed"},
        {262145, "DOWNLOAD_IN_PROGRESS", "not-installed"},
        {327682, "APPLICABILITY_SUCCESS", "not-installed"},
        {393213, "APPLICABILITY_HIDE", "not-offered"},
        {393214, "APPLICABILITY_NA", "not-offered"},
        {0, "UNKNOWN", "unknown"},
        {1, NULL, "unknown"},
        {196630, NULL, "unknown"},
        {UINT32_MAX, NULL, "unknown"},
    };
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        const char *name = fp_site_update_state_name(codes[i].state);
        const fp_site_update_stage stage = fp_site_update_stage_of(codes[i].state);
        assert_true((name == NULL) == (codes[i].name == NULL));
        if (name != NULL)
            assert_string_equal(name, codes[i].name);
        assert_string_equal(fp_site_update_stage_name(stage), codes[i].stage);
        const fp_site_update none = {.state = codes[i].state};
        assert_int_equal(fp_site_update_stage_at(&none), FP_SITE_UPDATE_UNKNOWN);
    }
}

int main(void)
{
    static struct CMUnitTest tests[ROWS + 16];
    size_t count = 0;
    for (size_t i = 0; i < ROWS; i++)
        tests[count++] =
            (struct CMUnitTest){rows[i].what, test_row, NULL, NULL, (void *)(uintptr_t)&rows[i]};
    static const struct CMUnitTest others[] = {
        cmocka_unit_test(test_forms_and_encodings),
        cmocka_unit_test(test_code_page),
        cmocka_unit_test(test_cut_at_every_byte),
        cmocka_unit_test(test_memory_budgets),
        cmocka_unit_test(test_long_field),
        cmocka_unit_test(test_wide_header),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_states),
    };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        tests[count++] = others[i];
    return _cmocka_run_group_tests(__FILE__, tests, count, NULL, NULL) != 0;
}
