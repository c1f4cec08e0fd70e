/* SPDX-License-Identifier: MIT */
/*
 * The catalogue's cabinets, dealt out to several readers, each behind a decoder of its own. All of
 * them meet the same members in the same order, so a member's number tells where in the catalogue
 * something was found, whoever found it.
 */
#include "inventory/catalog/catalog_parts.h"

#include <string.h>

enum { HELPER_MEMORY = 16 * 1024 * 1024 }; /* bytes: names, hits and problems; no updates */

bool fp_catalog_wants_all(const fp_catalog_reader *r)
{
    return r->second == NULL && !r->concluded && r->catalog.asked_all;
}

/* Cabinets are numbered through and of about one size: their numbers deal them out evenly. What is
 * no shard is share 0's. */
static unsigned share_of(fp_str member_name, unsigned shares)
{
    unsigned rest = 0;
    if (!fp_catalog_names_shard(member_name))
        return 0;
    for (size_t i = 0; i < member_name.size; i++) {
        const char c = member_name.data[i];
        if (c >= '0' && c <= '9')
            rest = (rest * 10 + (unsigned)(c - '0')) % shares;
    }
    return rest;
}

bool fp_catalog_has_share(const fp_catalog_reader *r, fp_str member_name)
{
    return share_of(member_name, r->shares) == r->share;
}

fp_catalog_reader *fp_catalog_helper_new(fp_catalog_reader *r, unsigned share, unsigned shares)
{
    fp_arena *arena = fp_arena_new(HELPER_MEMORY);
    fp_catalog_reader *helper =
        arena == NULL ? NULL : fp_catalog_reader_new(arena, r->level, r->request);
    if (helper == NULL) {
        fp_arena_free(arena);
        return NULL;
    }
    helper->share = share;
    helper->shares = r->shares = shares;
    return helper;
}

/* ---- what helpers found --------------------------------------------------------------- */

/* Of members that both met: a decoder that was taken over must not call another's cabinet sound. */
static bool join_states(fp_catalog_reader *r, const fp_catalog_reader *helper)
{
    for (size_t i = 0; i < r->member_count && i < helper->member_count; i++) {
        if (!fp_str_eq(r->members[i].name, helper->members[i].name))
            return false;
        if (helper->members[i].state != FP_CATALOG_NOT_DECODED)
            r->members[i].state = helper->members[i].state;
    }
    return r->catalog.members == helper->catalog.members;
}

/* Behind those of the same member and before those of later ones. */
static void insert_problem(fp_catalog_reader *r, fp_str text, uint64_t member)
{
    fp_catalog *c = &r->catalog;
    const size_t kept =
        c->problem_count < FP_CATALOG_PROBLEMS_MAX ? c->problem_count : FP_CATALOG_PROBLEMS_MAX;
    size_t at = kept;
    while (at > 0 && r->problem_at[at - 1] > member)
        at--;
    fp_str own = text;
    c->problem_count++;
    if (at == FP_CATALOG_PROBLEMS_MAX || !fp_catalog_keep(r, text, &own))
        return;
    const size_t behind = kept < FP_CATALOG_PROBLEMS_MAX ? kept - at : kept - at - 1;
    memmove(&c->problems[at + 1], &c->problems[at], behind * sizeof *c->problems);
    memmove(&r->problem_at[at + 1], &r->problem_at[at], behind * sizeof *r->problem_at);
    c->problems[at] = own;
    r->problem_at[at] = member;
}

static void join_problems(fp_catalog_reader *r, const fp_catalog_reader *helper)
{
    const fp_catalog *c = &helper->catalog;
    size_t kept = 0;
    for (; kept < c->problem_count && kept < FP_CATALOG_PROBLEMS_MAX; kept++)
        insert_problem(r, c->problems[kept], helper->problem_at[kept]);
    r->catalog.problem_count += c->problem_count - kept;
}

static void join_hits(fp_catalog_reader *r, const fp_catalog_search *found)
{
    r->search.unreadable += found->unreadable;
    for (size_t q = 0; q < r->catalog.question_count; q++) {
        size_t kept = 0;
        for (; kept < found->hit_count[q] && kept < FP_CATALOG_ANSWERS_MAX; kept++)
            fp_catalog_take_hit(r, q, found->hits[q][kept]);
        r->search.hit_count[q] += found->hit_count[q] - kept;
    }
}

bool fp_catalog_join(fp_catalog_reader *r, fp_catalog_reader *helper)
{
    if (helper->status != FP_OK)
        r->status = helper->status;
    const bool agree = join_states(r, helper);
    r->shares = 1;
    r->catalog.blocks_unchecked += helper->catalog.blocks_unchecked;
    join_problems(r, helper);
    join_hits(r, &helper->search);
    fp_catalog_drop_inner(helper);
    fp_catalog_search_free(&helper->search);
    fp_arena_free(helper->arena); /* the helper lives in it */
    return agree;
}
