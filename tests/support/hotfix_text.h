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

static inline fp_hotfix hotfix_text_read(registry_text *t, fp_str kb, fp_str product)
{
    const fp_hotfix_evidence evidence = {.registry = t->reg};
    fp_hotfix h;
    assert_int_equal(fp_hotfix_read(&evidence, kb, product, t->arena, &h), FP_OK);
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
