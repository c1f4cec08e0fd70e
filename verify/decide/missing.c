/* SPDX-License-Identifier: MIT */
#include "verify/decide/missing.h"

typedef struct gathering {
    fp_result *result;
    fp_missing_leaves leaves;
} gathering;

static bool is_listed(const fp_result *r, const fp_missing *m)
{
    for (size_t i = 0; i < r->missing_count; i++)
        if (fp_str_eq(r->missing[i].needs, m->needs) &&
            fp_str_eq(r->missing[i].collect, m->collect))
            return true;
    return false;
}

/* There is room for all tests and one more: each is listed once at most. */
static void list(fp_result *r, const fp_missing *m)
{
    if (r->missing_count <= r->advisory->test_count && !is_listed(r, m))
        r->missing[r->missing_count++] = *m;
}

static bool is_asked_for(const gathering *g, fp_tri result)
{
    switch (g->leaves) {
    case FP_LEAVES_UNKNOWN:
        return result == FP_UNKNOWN;
    case FP_LEAVES_NOT_TRUE:
        return result != FP_TRUE;
    case FP_LEAVES_ALL:
        return true;
    }
    return false;
}

/* Only what lies below unknown nodes can matter: an unknown beside a FALSE changes nothing. Below a
 * `not` it is what is TRUE that stands in the way. */
static void gather(const gathering *g, const fp_because *node, bool negated)
{
    if (!is_asked_for(g, negated ? fp_tri_not(node->result) : node->result))
        return;
    if (node->kind == FP_CRITERIA_TEST) {
        const bool unknown = node->outcome->is == FP_UNKNOWN;
        const fp_missing m = {node->test, node->test->needs, node->test->collect,
                              unknown ? node->outcome->why : FP_WHY_INCOMPLETE, false};
        list(g->result, &m);
    }
    for (size_t i = 0; i < node->child_count; i++)
        gather(g, &node->children[i], negated != (node->kind == FP_CRITERIA_NOT));
}

static fp_status make_room(fp_result *out, fp_arena *arena)
{
    if (out->missing == NULL)
        out->missing =
            fp_arena_alloc_array(arena, out->advisory->test_count + 1, sizeof *out->missing);
    return out->missing == NULL ? FP_NOMEM : FP_OK;
}

/* The last test that makes this node TRUE, or for want of one the last: of several releases the one
 * that the server is of. */
static const fp_test *deciding_test(const fp_because *node)
{
    while (node->kind != FP_CRITERIA_TEST && node->child_count > 0) {
        size_t last = node->child_count - 1;
        while (last > 0 && node->children[last].result != FP_TRUE)
            last--;
        if (node->children[last].result != FP_TRUE)
            last = node->child_count - 1;
        node = &node->children[last];
    }
    return node->kind == FP_CRITERIA_TEST ? node->test : NULL;
}

const char *fp_missing_why_name(const fp_missing *m)
{
    return m->stated ? "stated" : fp_unknown_why_name(m->why);
}

/* A rule that leaves it open says itself what would settle it: a restart, the state made clear. */
static void list_stated(fp_result *out)
{
    const fp_rule_outcome *decided = &out->rules[out->deciding];
    const fp_test *test = deciding_test(&decided->because);
    if (decided->rule->needs.size == 0 || test == NULL)
        return;
    const fp_missing m = {.test = test,
                          .needs = decided->rule->needs,
                          .collect = decided->rule->collect,
                          .stated = true};
    list(out, &m);
}

fp_status fp_missing_of_open_rules(fp_result *out, fp_arena *arena, bool stated)
{
    if (make_room(out, arena) != FP_OK)
        return FP_NOMEM;
    if (stated)
        list_stated(out);
    const gathering g = {out, FP_LEAVES_UNKNOWN};
    for (size_t i = 0; i < out->rule_count; i++)
        if (out->rules[i].reached && out->rules[i].when == FP_UNKNOWN &&
            out->rules[i].rule->verdict != FP_UNDETERMINED)
            gather(&g, &out->rules[i].because, false);
    for (size_t i = 0; i < out->rule_count; i++)
        if (out->rules[i].reached && out->rules[i].when == FP_FALSE &&
            out->rules[i].because.result == FP_UNKNOWN)
            gather(&g, &out->rules[i].because, false);
    return FP_OK;
}

/* A rule of that assurance decides, unless one before it does, which is unknown and of less. */
static void list_in_the_way(fp_result *out, fp_str assurance)
{
    const gathering g = {out, FP_LEAVES_UNKNOWN};
    if (out->deciding >= out->rule_count ||
        !fp_str_eq(out->rules[out->deciding].rule->assurance, assurance))
        return;
    for (size_t i = 0; i < out->deciding; i++)
        if (out->rules[i].when == FP_UNKNOWN && out->rules[i].rule->verdict == FP_FIXED)
            gather(&g, &out->rules[i].because, false);
}

fp_status fp_missing_of_assurance(fp_result *out, fp_arena *arena, fp_str assurance,
                                  fp_missing_leaves leaves)
{
    if (make_room(out, arena) != FP_OK)
        return FP_NOMEM;
    const gathering g = {out, leaves};
    for (size_t i = 0; i < out->rule_count; i++)
        if (fp_str_eq(out->rules[i].rule->assurance, assurance))
            gather(&g, &out->rules[i].because, false);
    list_in_the_way(out, assurance);
    return FP_OK;
}
