/* SPDX-License-Identifier: MIT */
#include "tests/support/check.h"

#include "detect/literal.h"

/* A static initializer takes no compound literal. */
#define TEXT(literal)                                                                              \
    {                                                                                              \
        literal, sizeof(literal) - 1                                                               \
    }
static fp_literals *make(const fp_literal *list, size_t count)
{
    fp_literals *l = NULL;
    assert_int_equal(fp_literals_new(list, count, &l, NULL), FP_OK);
    return l;
}

typedef struct find_row {
    const char *name, *text;
    size_t from, at;
} find_row;

static const fp_literal few[] = {{TEXT("CreateUpdateNode"), 0},
                                 {TEXT("STATMSG: ID=6709"), 1},
                                 {TEXT("updatewuscatalog.exe"), 2},
                                 {TEXT("Performing legacy sync"), 3}};

static void finds_the_first(void **state)
{
    const find_row *row = *state;
    fp_literals *l = make(few, 4);
    assert_int_equal(fp_literals_find(l, fp_str_of(row->text), row->from), row->at);
    fp_literals_free(l);
}

static const find_row find_rows[] = {
    {"empty text", "", 0, 0},
    {"at the front", "CreateUpdateNode", 0, 0},
    {"at the end", "xx CreateUpdateNode", 0, 3},
    {"not twice from behind it", "xx CreateUpdateNode", 4, 19},
    {"other case", "xx CREATEupdateNODE.", 0, 3},
    {"one short", "xx CreateUpdateNod", 0, 18},
    {"one wrong", "xx CreateUpdateNobe", 0, 19},
    {"the nearer of two", "a STATMSG: ID=6709 b CreateUpdateNode", 0, 2},
    {"overlapping beginnings", "CreateUpdateCreateUpdateNode", 0, 12},
    {"NUL is no end", "a", 0, 1},
    {"from past the end", "CreateUpdateNode", 16, 16},
};

/* Every literal, at every distance, is found where a naive search finds it. */
static void agrees_with_naive_search(void **state)
{
    (void)state;
    static const fp_literal mixed[] = {{TEXT("ab"), 0},    {TEXT("bab"), 1},    {TEXT("aabb"), 2},
                                       {TEXT("bbbbb"), 3}, {TEXT("abcabc"), 4}, {TEXT("B c"), 5}};
    fp_literals *l = make(mixed, 6);
    uint32_t seed = 1;
    for (int round = 0; round < 3000; round++) {
        char text[64];
        size_t size = 0;
        while (size < sizeof text - 1 && (seed >> 20) % 61 != 0) {
            seed = seed * 1664525U + 1013904223U;
            text[size++] = "abcAB "[(seed >> 24) % 6];
        }
        seed += 77;
        const fp_str s = {text, size};
        size_t expected = size;
        bool owners[6] = {false};
        for (size_t i = 0; i < 6; i++) {
            const ptrdiff_t at = fp_str_ifind(s, mixed[i].text);
            if (at >= 0 && (size_t)at < expected)
                expected = (size_t)at;
            owners[i] = at >= 0;
        }
        bool found[6] = {false};
        fp_literals_owners(l, s, found);
        assert_int_equal(fp_literals_find(l, s, 0), expected);
        assert_memory_equal(found, owners, sizeof found);
    }
    fp_literals_free(l);
}

static void wide_windows_and_long_texts(void **state)
{
    (void)state;
    char big[FP_LITERAL_SIZE_MAX];
    memset(big, 'x', sizeof big);
    big[0] = 'y';
    const fp_literal one[] = {{{big, sizeof big}, 7}};
    fp_literals *l = make(one, 1);
    char text[3000];
    memset(text, 'x', sizeof text);
    assert_int_equal(fp_literals_find(l, (fp_str){text, sizeof text}, 0), sizeof text);
    text[1234] = 'Y';
    assert_int_equal(fp_literals_find(l, (fp_str){text, sizeof text}, 0), 1234);
    assert_int_equal(fp_literals_find(l, (fp_str){text, 1234 + sizeof big - 1}, 0),
                     1234 + sizeof big - 1);
    fp_literals_free(l);
}

static void none_finds_nothing(void **state)
{
    (void)state;
    fp_literals *l = make(NULL, 0);
    assert_int_equal(fp_literals_find(l, FP_STR("anything"), 0), 8);
    fp_literals_free(l);
}

typedef struct refused_row {
    const char *name;
    fp_str text;
    fp_status status;
} refused_row;

static const refused_row refused_rows[] = {
    {"empty", {"", 0}, FP_FORMAT},
    {"one byte", {"x", 1}, FP_FORMAT},
    {"line feed", {"ab\nc", 4}, FP_FORMAT},
    {"carriage return", {"ab\rc", 4}, FP_FORMAT},
    {"too long", {NULL, FP_LITERAL_SIZE_MAX + 1}, FP_LIMIT},
};

static void refuses(void **state)
{
    const refused_row *row = *state;
    const fp_literal list[] = {{FP_STR("fine"), 0}, {row->text, 1}};
    fp_literals *l = NULL;
    fp_diag d = {.status = FP_OK};
    assert_int_equal(fp_literals_new(list, 2, &l, &d), row->status);
    assert_int_equal(d.where, 1);
    assert_null(l);
}

int main(void)
{
    enum { FINDS = sizeof find_rows / sizeof find_rows[0] };
    enum { REFUSALS = sizeof refused_rows / sizeof refused_rows[0] };
    struct CMUnitTest tests[FINDS + REFUSALS + 3];
    size_t count = 0;
    for (size_t i = 0; i < FINDS; i++)
        tests[count++] = (struct CMUnitTest){find_rows[i].name, finds_the_first, NULL, NULL,
                                             (void *)&find_rows[i]};
    for (size_t i = 0; i < REFUSALS; i++)
        tests[count++] = (struct CMUnitTest){refused_rows[i].name, refuses, NULL, NULL,
                                             (void *)&refused_rows[i]};
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(agrees_with_naive_search);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(wide_windows_and_long_texts);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(none_finds_nothing);
    return RUN_TESTS(tests);
}
