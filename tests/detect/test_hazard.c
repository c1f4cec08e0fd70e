/* SPDX-License-Identifier: MIT */
/* Patterns that can run away, and harmless ones that look alike. */
#include "detect/hazard.h"
#include "detect/signature.h"
#include "tests/support/check.h"

typedef struct row {
    const char *pattern;
    bool hazard;
} row;

static const row rows[] = {
    {"(a+)+b", true},
    {"(?:a*)*b", true},
    {"(a+){2,}b", true},
    {"(?:[a-z]+ ?)+:", true},
    {"((a+)b?)+c", true},
    {"(?<name>\\d+)*x", true},
    {"(x{1,30})+y", true},
    {"(a|.)*b", true},
    {"(?:\\w|\\d)+;", true},
    {"x.*y.*z", true},
    {"x[^:]*:[^;]*;", true},
    {"x(?:.*)y(?:.*)z", true},
    {"x.{1,}y\\S+", true},
    {"plain text", false},
    {"(a+)b", false},
    {"(?>a+)+b", false},
    {"(a++)+b", false},
    {"(?:a+b)?c+", false},
    {"(?:ab|cd)+e", false},
    {"[(+*)]+x", false},
    {"\\(a+\\)+b", false},
    {"\\Q(a+)+\\Eb", false},
    {"[]a+(]+b", false},
    {"[[:alpha:](+]+b", false},
    {"x{,3}y{z}", false},
    {"x.{0,400}?y.{0,400}?z", false},
    {"x.*y", false},
    {"(?=.*a).*b", false},
    {"(?s)STATMSG: ID=6709\\b.{0,400}?COMP=", false},
    {":\\h*([0-9]{1,10})\\h+[^\\d,]{0,40},\\h*([0-9]{1,10})$", false},
};

static void test_row(void **state)
{
    const row *r = *state;
    fp_pattern *compiled = NULL;
    fp_diag d = {0};
    if (fp_pattern_new(fp_str_of(r->pattern), &compiled, &d) != FP_OK)
        fail_msg("%s", d.message);
    fp_pattern_free(compiled);
    assert_int_equal(fp_pattern_hazard(fp_str_of(r->pattern)) != NULL, r->hazard);
}

/* It looks at nothing behind the end of the pattern, whatever stands there. */
static void test_cut_anywhere(void **state)
{
    static const char whole[] =
        "(?<n>[^]a[:alpha:]\\]b]+\\x{41}\\Q(\\E{2,5}|\\k<n>(*ACCEPT))*+.{1,";
    (void)state;
    for (size_t size = 0; size < sizeof whole; size++) {
        char *copy = malloc(size + 1); /* the sanitizer's edge */
        assert_non_null(copy);
        memcpy(copy, whole, size);
        (void)fp_pattern_hazard((fp_str){copy, size});
        free(copy);
    }
}

int main(void)
{
    enum { ROWS = sizeof rows / sizeof *rows };
    struct CMUnitTest tests[ROWS + 1] = {cmocka_unit_test(test_cut_anywhere)};
    for (size_t i = 0; i < ROWS; i++)
        tests[i + 1] = (struct CMUnitTest){.name = rows[i].pattern,
                                           .test_func = test_row,
                                           .initial_state = (void *)(uintptr_t)&rows[i]};
    return RUN_TESTS(tests);
}
