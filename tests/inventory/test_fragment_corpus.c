/* SPDX-License-Identifier: MIT */
/* Fragments of a real catalogue, as others copied them. Enabled by FIXPROOF_CORPUS. */
#include "tests/support/check.h"

#include "inventory/catalog/fragment.h"

#include <stdio.h>

static const fp_fragment_events none;

typedef struct row {
    const char *name; /* below xml/wsusscn2-brandonwan/ */
    const char *update_id;
    uint32_t revision_number;
    const char *type, *title;
} row;

static const row rows[] = {
    {"package2/c/101", "607efb8d-feed-48a0-930e-14d0cf2da71f", 203, "Category", ""},
    {"package2/l/en/101", NULL, 0, "", "Microsoft Server Operating System-23H2"},
    {"package2/x/101", NULL, 0, "", ""},
    {"package2/c/100", "", 0, NULL, NULL},
    {"package2/l/en/159387", NULL, 0, "", NULL},
    {"package10/c/3375426", "", 0, NULL, NULL},
    {"package10/l/ar/3375426", NULL, 0, "", NULL},
};

static void check_said(const row *r, const fp_fragment *said)
{
    char guid[FP_GUID_TEXT + 1];
    assert_int_equal(said->has_identity, r->update_id != NULL);
    assert_int_equal(said->kb_count, 0);
    if (r->update_id != NULL && r->update_id[0] != '\0') {
        fp_guid_format(said->update_id, guid);
        assert_string_equal(guid, r->update_id);
        assert_int_equal(said->revision_number, r->revision_number);
    }
    if (r->type != NULL)
        assert_str(said->type, r->type);
    if (r->title != NULL)
        assert_str(said->title, r->title);
    else if (r->update_id == NULL)
        assert_true(said->title.size > 0);
}

static void a_real_fragment_is_read(void **state)
{
    const row *r = *state;
    const char *corpus = corpus_or_skip();
    char path[4096];
    uint8_t bytes[65536];
    (void)snprintf(path, sizeof path, "%s/xml/wsusscn2-brandonwan/%s", corpus, r->name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    const size_t size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    fp_fragment_name name;
    assert_true(fp_fragment_name_parse(fp_str_of(strchr(r->name, '/') + 1), &name));
    fp_fragment_reader *f = fp_fragment_new(name.kind, name.language, &none);
    assert_non_null(f);
    fp_fragment_feed(f, fp_span_of(bytes, size));
    const fp_fragment *said = fp_fragment_end(f, true);
    assert_null(fp_fragment_trouble(f)->what);
    check_said(r, said);
    fp_fragment_free(f);
}

int main(void)
{
    enum { ROWS = sizeof rows / sizeof *rows };
    static struct CMUnitTest tests[ROWS];
    for (size_t i = 0; i < ROWS; i++)
        tests[i] = (struct CMUnitTest){rows[i].name, a_real_fragment_is_read, NULL, NULL,
                                       (void *)&rows[i]};
    return RUN_TESTS(tests);
}
