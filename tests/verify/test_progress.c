/* SPDX-License-Identifier: MIT */
/* The line that tells how far the reading has come. */
#include "tests/support/check.h"

#include "verify/cli/progress.h"
#include "verify/report/page.h"

#include <stdlib.h>

enum { MB = 1000 * 1000, SECOND = 1000, WIDE = 100 };

static void assert_line(fp_progress *p, const fp_evidence_step *step, uint64_t now_ms,
                        const char *expected)
{
    fp_out line = {0};
    fp_progress_line(p, step, now_ms, &line);
    assert_false(line.failed);
    assert_string_equal(line.data, expected);
    fp_out_free(&line);
}

static fp_evidence_step step_of(uint64_t read, uint64_t done, uint64_t total)
{
    return (fp_evidence_step){FP_STR("a/wsusscn2.cab"), read * MB, done * MB, total * MB};
}

/* The catalogue is read at 100 MB/s, and then decoded at 50. */
static void each_part_has_its_rate(void **state)
{
    (void)state;
    fp_progress p = {.width = WIDE};
    fp_evidence_step step = step_of(20, 20, 600);
    assert_line(&p, &step, SECOND / 5, "    20.0 MB read  a/wsusscn2.cab");
    step = step_of(100, 100, 600);
    assert_line(&p, &step, SECOND, "   100.0 MB read, 100.0 MB/s, 0:05 left  a/wsusscn2.cab");
    step = step_of(600, 600, 600);
    assert_line(&p, &step, 6 * SECOND, "   600.0 MB read, 100.0 MB/s, 0:00 left  a/wsusscn2.cab");
    step = step_of(601, 1, 5000);
    assert_line(&p, &step, 6 * SECOND + 20, "   601.0 MB read  a/wsusscn2.cab");
    step = step_of(650, 1, 5000);
    assert_line(&p, &step, 7 * SECOND, "   650.0 MB read, 50.0 MB/s, 1:23:19 left  a/wsusscn2.cab");
    step = step_of(700, 100, 5000);
    assert_line(&p, &step, 8 * SECOND, "   700.0 MB read, 50.0 MB/s, 1:38 left  a/wsusscn2.cab");
}

static void another_file_of_the_same_size(void **state)
{
    (void)state;
    fp_progress p = {.width = WIDE};
    fp_evidence_step step = step_of(100, 100, 100);
    assert_line(&p, &step, 10 * SECOND, "   100.0 MB read, 10.0 MB/s, 0:00 left  a/wsusscn2.cab");
    step = step_of(120, 20, 100);
    assert_line(&p, &step, 11 * SECOND, "   120.0 MB read, 20.0 MB/s, 0:04 left  a/wsusscn2.cab");
}

static void what_is_not_known_is_not_told(void **state)
{
    (void)state;
    fp_progress p = {.width = WIDE};
    fp_evidence_step step = step_of(100, 0, 0);
    assert_line(&p, &step, SECOND, "   100.0 MB read, 100.0 MB/s  a/wsusscn2.cab");
    step = step_of(150, 0, 50);
    assert_line(&p, &step, 2 * SECOND, "   150.0 MB read, 50.0 MB/s  a/wsusscn2.cab");
}

static void never_wider_than_the_terminal(void **state)
{
    (void)state;
    static const char path[] =
        "a/very/long/path/\xC3\xA9\xC3\xA9\xC3\xA9\033[2J/of/the/catalogue.cab";
    for (unsigned width = 48; width < WIDE; width++) {
        fp_progress p = {.width = width};
        fp_evidence_step step = step_of(100, 10, 100000);
        step.path = fp_str_of(path);
        fp_out line = {0};
        fp_progress_line(&p, &step, SECOND, &line);
        const fp_str text = {line.data, line.size};
        assert_true(fp_text_columns(text) <= width);
        assert_true(fp_text_is_utf8(text));
        assert_int_equal(line.data[line.size - 1], 'b');
        assert_null(strchr(line.data, '\033'));
        fp_out_free(&line);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_part_has_its_rate),
        cmocka_unit_test(another_file_of_the_same_size),
        cmocka_unit_test(what_is_not_known_is_not_told),
        cmocka_unit_test(never_wider_than_the_terminal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
