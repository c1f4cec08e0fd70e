/* SPDX-License-Identifier: MIT */
/* Whatever the document, reading it ends, and what is accepted can be evaluated and decided. */
#include "verify/decide/advisory.h"

#include "tests/support/fuzz.h"
#include "verify/decide/criteria.h"

enum { BUDGET = 4 * 1024 * 1024 };

typedef struct heard {
    size_t errors;
    uint64_t lines; /* of the document */
} heard;

static void hear(void *context, const fp_lint *lint)
{
    heard *h = context;
    h->errors += lint->error;
    require(lint->path.size < FP_FORM_PATH_MAX);
    require(lint->message.size > 0);
    require(lint->line <= h->lines);
}

static void check_criteria(const fp_criteria *c, const fp_advisory *a, unsigned depth)
{
    require(depth < FP_CRITERIA_DEPTH_MAX);
    require(c->kind != FP_CRITERIA_TEST || c->test < a->test_count);
    require(c->kind != FP_CRITERIA_NOT || c->child_count == 1);
    for (size_t i = 0; i < c->child_count; i++)
        check_criteria(&c->children[i], a, depth + 1);
}

static void check_rule(const fp_rule *rule, const fp_advisory *a)
{
    check_criteria(&rule->when, a, 0);
    require(rule->verdict < FP_VERDICTS);
    require((rule->possible & ~fp_verdict_all()) == 0);
    require(rule->verdict == FP_UNDETERMINED || rule->possible == 0);
    require((rule->assurance.size > 0) == (rule->verdict == FP_FIXED));
    require(rule->caveat_on_count == 0 || rule->caveat.size > 0);
    for (size_t i = 0; i < rule->caveat_on_count; i++) {
        require(rule->caveat_on[i] < a->test_count);
        require(fp_criteria_count(&rule->when, rule->caveat_on[i]).negated == 0);
    }
}

/* With nothing known, and with some truths: there is always an answer, and it is consistent. */
static void check_decisions(const fp_advisory *a, const uint8_t *data, size_t size)
{
    for (int known = 0; known < 2; known++) {
        fp_tri truths[FP_ADVISORY_TESTS_MAX];
        fp_ruling rulings[FP_RULES_MAX];
        for (size_t i = 0; i < a->test_count; i++)
            truths[i] = known ? (fp_tri)(data[i % size] % 3) : FP_UNKNOWN;
        for (size_t i = 0; i < a->rule_count; i++)
            rulings[i] = fp_rule_ruling(&a->rules[i], truths, a->test_count, true);
        const fp_decision d = fp_decide(rulings, a->rule_count);
        require(d.rule < a->rule_count && d.possible != 0);
        require(d.verdict == FP_UNDETERMINED || d.possible == fp_verdict_bit(d.verdict));
        require((d.possible & ~fp_verdict_all()) == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fp_arena *arena = fp_arena_new(BUDGET);
    const fp_advisory *a = NULL;
    fp_diag d = {0};
    heard h = {0, 1};
    require(arena != NULL);
    for (size_t i = 0; i < size; i++)
        h.lines += data[i] == '\n';

    const fp_status status = fp_advisory_read(fp_span_of(data, size), arena, hear, &h, &a, &d);
    require((status == FP_OK) == (a != NULL));
    require(status == d.status);
    require(status == FP_OK || status == FP_NOMEM || h.errors > 0);
    if (a != NULL) {
        require(h.errors == 0);
        require(a->rule_count > 0);
        require(fp_criteria_unconditional(&a->rules[a->rule_count - 1].when));
        for (size_t i = 0; i < a->rule_count; i++)
            check_rule(&a->rules[i], a);
        check_decisions(a, data, size);
    }
    fp_arena_free(arena);
    return 0;
}
