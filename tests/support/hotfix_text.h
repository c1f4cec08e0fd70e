/* SPDX-License-Identifier: MIT */
/* What a registry that a test writes as plain text says of a hotfix. */
#ifndef FP_TESTS_HOTFIX_TEXT_H
#define FP_TESTS_HOTFIX_TEXT_H

#include "inventory/hotfix/hotfix.h"
#include "tests/support/registry_text.h"

#define KEY(path) "[" path "]\n"
#define HKLM      "HKEY_LOCAL_MACHINE\\SOFTWARE\\"
#define WOW       HKLM "Wow6432Node\\"
/* All of SOFTWARE was exported; what stands behind it is all there is. */
#define WHOLE_SOFTWARE KEY("HKEY_LOCAL_MACHINE\\SOFTWARE") KEY(HKLM "Microsoft")
#define NO_PRODUCT     ((fp_str){NULL, 0})

/* Asked for among others it must be told the same: the walk is one for all. */
static inline void hotfix_text_same_among_others(registry_text *t, fp_str kb, fp_str product,
                                                 const fp_hotfix *alone)
{
    const fp_hotfix_evidence evidence = {.registry = t->reg};
    const fp_str kbs[] = {FP_STR("KB999001"), kb, FP_STR("KB1"), kb, FP_STR("KB950762")};
    enum { KBS = sizeof kbs / sizeof *kbs };
    fp_hotfix each[KBS];
    assert_int_equal(fp_hotfix_read_each(&evidence, kbs, KBS, product, t->arena, each), FP_OK);
    for (size_t i = 1; i <= 3; i += 2) {
        assert_true(fp_str_eq(each[i].kb, alone->kb));
        assert_int_equal(each[i].state, alone->state);
        assert_int_equal(each[i].ground, alone->ground);
        assert_int_equal(each[i].why, alone->why);
        assert_int_equal(each[i].present, alone->present);
        assert_int_equal(each[i].elsewhere, alone->elsewhere);
        assert_int_equal(each[i].contested, alone->contested);
        assert_int_equal(each[i].covered, alone->covered);
        assert_int_equal(each[i].files_match, alone->files_match);
        assert_int_equal(each[i].traces_lost, alone->traces_lost);
        assert_int_equal(each[i].searched.count, alone->searched.count);
        assert_int_equal(each[i].notes.count, alone->notes.count);
        assert_true(fp_str_eq(each[i].unknown_where, alone->unknown_where));
        assert_int_equal(each[i].trace_count, alone->trace_count);
        for (size_t k = 0; k < alone->trace_count; k++) {
            assert_true(fp_str_eq(each[i].traces[k].key_path, alone->traces[k].key_path));
            assert_int_equal(each[i].traces[k].says, alone->traces[k].says);
        }
    }
}

static inline fp_hotfix hotfix_text_read(registry_text *t, fp_str kb, fp_str product)
{
    const fp_hotfix_evidence evidence = {.registry = t->reg};
    fp_hotfix h;
    assert_int_equal(fp_hotfix_read(&evidence, kb, product, t->arena, &h), FP_OK);
    hotfix_text_same_among_others(t, kb, product, &h);
    return h;
}

/* The trace of this place, the only one of it. */
static inline const fp_trace *hotfix_text_trace(const fp_hotfix *h, fp_trace_place place)
{
    const fp_trace *found = NULL;
    for (size_t i = 0; i < h->trace_count; i++) {
        if (h->traces[i].place != place)
            continue;
        assert_null(found);
        found = &h->traces[i];
    }
    assert_non_null(found);
    return found;
}

#endif
