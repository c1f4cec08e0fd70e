/* SPDX-License-Identifier: MIT */
/*
 * episode: how did the last whole episode of an activity go, and was that after the installation of
 * a fix?
 *
 *     {"kind": "episode", "activity": "...", "state": "failed"}
 *     {"kind": "episode", "activity": "...", "state": "completed", "counts_min": [1],
 *      "relation": "after-install", "kb": "KB...", "update_product": "...", "installed_at": "..."}
 *
 * An episode that completes with counts below counts_min proves nothing: it neither is a success
 * nor takes back a failure before it. What "last" is must be *known*: episodes without times have
 * an order only inside one log, so
 *
 *   failed      a failure that no success is known to follow;
 *   completed   a success, and no such failure, nor an episode in which a log ends and that no
 *               success is known to follow: it may have become one.
 *
 * relation after-install: that failure or success began after the latest time at which the fix can
 * have been installed (and after `since`, in confirm). relation undated: there is such a failure,
 * and whether it came before or after cannot be told.
 */
#include "verify/decide/test.h"

typedef enum episode_state { STATE_FAILED = 1, STATE_COMPLETED } episode_state;
static const char *const state_words[] = {"failed", "completed", NULL};
typedef enum episode_relation { RELATION_NONE = 0, RELATION_AFTER, RELATION_UNDATED } relation;
static const char *const relation_words[] = {"after-install", "undated", NULL};

typedef struct episode_test {
    fp_str activity, kb, update_product, installed_at;
    fp_numbers counts_min;
    unsigned state, relation;
    size_t activity_index;
} episode_test;
#define MEMBER(name, kind, required)                                                               \
    {                                                                                              \
#name, kind, required, offsetof(episode_test, name), NULL                                  \
    }
static const fp_field episode_fields[] = {
    MEMBER(activity, FP_FIELD_TEXT, true),
    {"state", FP_FIELD_WORD, true, offsetof(episode_test, state), state_words},
    MEMBER(counts_min, FP_FIELD_NUMBERS, false),
    {"relation", FP_FIELD_WORD, false, offsetof(episode_test, relation), relation_words},
    MEMBER(kb, FP_FIELD_KB, false),
    MEMBER(update_product, FP_FIELD_TEXT, false),
    MEMBER(installed_at, FP_FIELD_TEXT, false),
};
#undef MEMBER

static fp_status parse(fp_form *form, const fp_place *at, const fp_json *json,
                       const fp_advisory *advisory, const void **arguments)
{
    episode_test *t = fp_arena_alloc(form->arena, sizeof *t);
    if (t == NULL)
        return FP_NOMEM;
    fp_form_fill(form, at, json, FP_FIELDS(episode_fields), t);
    (void)fp_test_activity(form, at, advisory, t->activity, &t->activity_index);

    const bool hotfix = t->kb.size > 0 && t->update_product.size > 0;
    const bool any = t->kb.size > 0 || t->update_product.size > 0 || t->installed_at.size > 0;
    if (t->relation != RELATION_NONE && !hotfix)
        fp_form_error(form, at, "\"relation\" needs \"kb\" and \"update_product\"");
    if (t->relation == RELATION_NONE && any)
        fp_form_error(form, at, "\"kb\", \"update_product\", \"installed_at\" need a \"relation\"");
    if (t->relation == RELATION_UNDATED && t->state != STATE_FAILED)
        fp_form_error(form, at, "the relation undated belongs to the state failed");
    if (t->counts_min.count > FP_SIG_COUNTS)
        fp_form_error(form, at, "\"counts_min\" has at most %d numbers", FP_SIG_COUNTS);
    *arguments = t;
    return FP_OK;
}

/* ---- when was the fix installed? ---- */

static const fp_time one_hour = INT64_C(60) * 60 * 1000;

/* What was declared: an instant, or the whole of a day wherever on earth that day was meant. */
static bool declared_window(fp_str text, fp_install_window *out)
{
    enum { BARE_DATE = 10 };
    fp_time t;
    if (!fp_time_parse(text, &t))
        return false;
    *out = text.size > BARE_DATE ? (fp_install_window){t, t}
                                 : (fp_install_window){t - 14 * one_hour, t + (24 + 12) * one_hour};
    return true;
}

static void widen(fp_install_window *window, const fp_install_window *other)
{
    if (window->earliest != FP_TIME_NONE && other->earliest < window->earliest)
        window->earliest = other->earliest;
    if (window->latest != FP_TIME_NONE && other->latest > window->latest)
        window->latest = other->latest;
}

/* All times that were declared, in one window; the last statement that told one, or NULL. */
static const fp_statement *read_declarations(const fp_test_context *context, const episode_test *t,
                                             fp_install_window *all, fp_test_result *out)
{
    const fp_statement *last = NULL;
    const fp_statement *s = NULL;
    while ((s = fp_test_statement(context, t->installed_at, s)) != NULL) {
        const fp_origin origin = {s->item, s->key};
        fp_install_window one;
        if (!declared_window(fp_str_trim(s->value), &one)) {
            fp_test_finding(context, origin, "declared %.*s = %.*s: not a time, ignored",
                            FP_STR_ARG(s->key), FP_STR_ARG(s->value));
            continue;
        }
        fp_observe(&out->observations, context->arena, origin, "declared: %.*s = %.*s",
                   FP_STR_ARG(s->key), FP_STR_ARG(s->value));
        if (last == NULL)
            *all = one;
        else
            widen(all, &one);
        last = s;
    }
    return last;
}

/* A declaration makes the window exact; one that the traces contradict only widens it. */
static void use_declaration(const fp_test_context *context, const episode_test *t,
                            fp_install_window *window, fp_test_result *out)
{
    fp_install_window declared = {FP_TIME_NONE, FP_TIME_NONE};
    const fp_statement *s = read_declarations(context, t, &declared, out);
    if (s == NULL)
        return;
    const bool too_early = window->earliest != FP_TIME_NONE && declared.latest < window->earliest;
    const bool too_late = window->latest != FP_TIME_NONE && declared.earliest > window->latest;
    if (!too_early && !too_late) {
        *window = declared;
        return;
    }
    fp_test_finding(context, (fp_origin){s->item, s->key},
                    "declared %.*s = %.*s contradicts the marker's own time", FP_STR_ARG(s->key),
                    FP_STR_ARG(s->value));
    widen(window, &declared);
}

static void observe_window(const fp_test_context *context, const episode_test *t,
                           const fp_hotfix *hotfix, const fp_install_window *window,
                           fp_test_result *out)
{
    char earliest[FP_TIME_TEXT_SIZE], latest[FP_TIME_TEXT_SIZE];
    const fp_origin origin =
        hotfix->trace_count > 0 ? hotfix->traces[0].origin : (fp_origin){0, {NULL, 0}};
    if (window->earliest == FP_TIME_NONE && window->latest == FP_TIME_NONE)
        fp_observe(&out->observations, context->arena, origin,
                   "when %.*s was installed is not known", FP_STR_ARG(t->kb));
    else if (window->earliest == FP_TIME_NONE)
        fp_observe(&out->observations, context->arena, origin, "%.*s was installed by %s",
                   FP_STR_ARG(t->kb), fp_time_format(window->latest, latest));
    else
        fp_observe(&out->observations, context->arena, origin,
                   "%.*s was installed between %s and %s", FP_STR_ARG(t->kb),
                   fp_time_format(window->earliest, earliest),
                   fp_time_format(window->latest, latest));
}

/* `traced`: of the window what its traces alone tell. */
static fp_status read_window(const fp_test_context *context, const episode_test *t,
                             fp_install_window *traced, fp_install_window *window,
                             fp_test_result *out)
{
    const fp_hotfix *hotfix;
    const fp_status status = fp_case_hotfix(context->casefile, t->kb, t->update_product, &hotfix);
    if (status != FP_OK)
        return status;
    *traced = *window = fp_hotfix_window(hotfix);
    use_declaration(context, t, window, out);

    observe_window(context, t, hotfix, window, out);
    return FP_OK;
}

/* Did the episode begin after the fix was installed (and after `since`)? */
static fp_tri is_after(const fp_episode *e, const episode_test *t, const fp_install_window *window,
                       fp_time since)
{
    const bool has_since = since != FP_TIME_NONE;
    if (!e->dated) /* no times, or times that its log contradicts */
        return FP_UNKNOWN;
    const bool before_install = window->earliest != FP_TIME_NONE && e->end <= window->earliest;
    if (before_install || (has_since && e->end <= since))
        return FP_FALSE;
    if (has_since && e->begin <= since)
        return FP_UNKNOWN;
    if (window->latest != FP_TIME_NONE)
        return e->begin > window->latest ? FP_TRUE : FP_UNKNOWN;
    /* Nothing bounds the installation. A success after the change began is still what confirm asks
     * for; a failure may have come before the installation, so it proves nothing against the fix.
     */
    return has_since && t->state == STATE_COMPLETED ? FP_TRUE : FP_UNKNOWN;
}

/* ---- which episodes count ---- */

typedef enum standing { /* what one episode says */
                        SAYS_NOTHING =
                            0, /* of another activity, not whole, or with too small counts */
                        IS_SUCCESS,
                        IS_FAILURE,     /* a success is known to have followed */
                        IS_OPEN_FAILURE /* none is */
} standing;

typedef struct log_order { /* of the episodes of one standing in one log */
    size_t last;           /* 1 + index of the last one */
    fp_time begin;         /* the latest begin; FP_TIME_NONE */
} log_order;

/*
 * What is known to have come after an episode: by time, when both are dated; inside one log by the
 * order of its lines, unless its own times contradict it (a clock was set back, or files were put
 * together in the wrong order).
 */
typedef struct follower { /* made of the episodes of one standing */
    fp_time latest;       /* begin of the last dated one */
    log_order *logs;      /* by evidence item */
} follower;

typedef struct episodes {
    const fp_test_context *context;
    const episode_test *test;
    const fp_episode *at;
    uint8_t *standing; /* one per episode */
    size_t count;
    size_t items;  /* the highest evidence item among their origins */
    follower open; /* failures */
    uint32_t activity;
    size_t whole;
    size_t standings[IS_OPEN_FAILURE + 1]; /* how many of each */
    bool has_holes;                        /* what came last is not known */
    bool ends_open;                        /* nor how an episode went on that may be the last */
    bool any_log;
} episodes;

static bool is_whole(const episodes *all, const fp_episode *e)
{
    return e->activity == all->activity && e->whole && e->outcome != FP_EPISODE_UNKNOWN;
}

static bool is_success(const episodes *all, const fp_episode *e)
{
    const fp_numbers *least = &all->test->counts_min;
    if (!is_whole(all, e) || e->outcome != FP_EPISODE_COMPLETED)
        return false;
    if (least->count > 0 && !e->has_counts)
        return false;
    for (size_t k = 0; k < least->count; k++)
        if (e->counts[k] < least->at[k])
            return false;
    return true;
}

static fp_status follower_of(const episodes *all, standing of, follower *out)
{
    log_order *logs = fp_arena_alloc_array(all->context->arena, all->items + 1, sizeof *logs);
    if (logs == NULL)
        return FP_NOMEM;
    *out = (follower){FP_TIME_NONE, logs};
    for (size_t i = 0; i <= all->items; i++)
        logs[i].begin = FP_TIME_NONE;
    for (size_t i = 0; i < all->count; i++) {
        const fp_episode *e = &all->at[i];
        if (all->standing[i] != of)
            continue;
        log_order *log = &logs[e->begin_origin.item];
        log->last = i + 1;
        if (e->begin > log->begin)
            log->begin = e->begin;
        if (e->dated && e->begin > out->latest)
            out->latest = e->begin;
    }
    return FP_OK;
}

static bool is_followed(const follower *f, const fp_episode *e, size_t index)
{
    const log_order *log = &f->logs[e->begin_origin.item];
    const bool has_times = e->end != FP_TIME_NONE && log->begin != FP_TIME_NONE;
    const bool by_lines = log->last > index + 1 && (!has_times || e->end <= log->begin);
    return by_lines || (e->dated && e->end <= f->latest);
}

/* May it be the last one, and have failed unseen? */
static bool is_open_end(const episodes *all, const follower *success, size_t i)
{
    const fp_episode *e = &all->at[i];
    const bool by_time = !e->skewed && e->begin != FP_TIME_NONE && e->begin < success->latest;
    return e->activity == all->activity && e->cut_short && e->outcome == FP_EPISODE_UNKNOWN &&
           !by_time && !is_followed(success, e, i);
}

static fp_status find_open_failures(episodes *all)
{
    follower success;
    if (follower_of(all, IS_SUCCESS, &success) != FP_OK)
        return FP_NOMEM;
    for (size_t i = 0; i < all->count; i++) {
        if (all->standing[i] == IS_FAILURE && !is_followed(&success, &all->at[i], i))
            all->standing[i] = IS_OPEN_FAILURE;
        all->standings[all->standing[i]]++;
        all->ends_open = all->ends_open || is_open_end(all, &success, i);
    }
    return follower_of(all, IS_OPEN_FAILURE, &all->open);
}

/* Is every success known to lie before some open failure? */
static bool failure_is_last(const episodes *all)
{
    for (size_t i = 0; i < all->count; i++)
        if (all->standing[i] == IS_SUCCESS && !is_followed(&all->open, &all->at[i], i))
            return false;
    return true;
}

/* Evidence items are few; an origin outside their range would be a fault of ours. */
static size_t highest_item(const fp_history *h)
{
    size_t highest = 0;
    for (size_t i = 0; i < h->episode_count; i++)
        if (h->episodes[i].begin_origin.item > highest)
            highest = h->episodes[i].begin_origin.item;
    return highest;
}

static fp_status gather(const fp_test_context *context, const episode_test *t, episodes *all)
{
    const fp_history *h = context->casefile->history;
    *all = (episodes){.context = context, .test = t};
    all->activity = (uint32_t)(context->first_activity + t->activity_index);
    if (h == NULL)
        return FP_OK;
    all->at = h->episodes;
    all->items = highest_item(h);
    all->any_log = h->file_count > 0;
    all->has_holes = fp_history_has_holes(h);
    all->standing = fp_arena_alloc(context->arena, h->episode_count + 1);
    if (all->standing == NULL)
        return FP_NOMEM;
    all->count = h->episode_count;
    for (size_t i = 0; i < all->count; i++) {
        const fp_episode *e = &all->at[i];
        all->whole += is_whole(all, e);
        if (is_success(all, e))
            all->standing[i] = IS_SUCCESS;
        else if (is_whole(all, e) && e->outcome == FP_EPISODE_FAILED)
            all->standing[i] = IS_FAILURE;
    }
    return find_open_failures(all);
}

/* TRUE when one of them began after the installation, FALSE when all ended before it. */
static fp_tri any_after(const episodes *all, standing of, const fp_install_window *window)
{
    fp_tri any = FP_FALSE;
    for (size_t i = 0; i < all->count; i++)
        if (all->standing[i] == of)
            any = fp_tri_or(any, is_after(&all->at[i], all->test, window, all->context->since));
    return any;
}

/* ---- answers ---- */

static fp_tri failed(const episodes *all, const fp_install_window *window)
{
    if (all->standings[IS_OPEN_FAILURE] == 0)
        return all->has_holes ? FP_UNKNOWN : FP_FALSE;
    if (all->test->relation == RELATION_NONE)
        return FP_TRUE;
    const fp_tri after = any_after(all, IS_OPEN_FAILURE, window);
    return all->test->relation == RELATION_AFTER ? after : fp_tri_of(after == FP_UNKNOWN);
}

static fp_tri completed(const episodes *all, const fp_install_window *window)
{
    if (all->standings[IS_SUCCESS] == 0)
        return FP_FALSE;
    if (all->standings[IS_OPEN_FAILURE] > 0)
        return failure_is_last(all) ? FP_FALSE : FP_UNKNOWN;
    if (all->has_holes || all->ends_open)
        return FP_UNKNOWN;
    return all->test->relation == RELATION_NONE ? FP_TRUE : any_after(all, IS_SUCCESS, window);
}

enum { EPISODES_SHOWN = 8, MESSAGE_SHOWN = 200 };

static void observe_episode(const episodes *all, const fp_episode *e, fp_test_result *out)
{
    char begin[FP_TIME_TEXT_SIZE];
    (void)fp_time_format(e->begin, begin);
    const int shown =
        e->failure_text.size < MESSAGE_SHOWN ? (int)e->failure_text.size : (int)MESSAGE_SHOWN;
    if (e->outcome == FP_EPISODE_FAILED)
        fp_observe(&out->observations, all->context->arena, e->failure_origin,
                   "failed, begun %s%s%.*s: %.*s", begin, e->update.size > 0 ? ", update " : "",
                   FP_STR_ARG(e->update), shown, shown > 0 ? e->failure_text.data : "");
    else if (e->outcome == FP_EPISODE_COMPLETED && e->has_counts)
        fp_observe(&out->observations, all->context->arena, e->end_origin,
                   "completed, begun %s, with the counts %llu, %llu, %llu, %llu", begin,
                   (unsigned long long)e->counts[0], (unsigned long long)e->counts[1],
                   (unsigned long long)e->counts[2], (unsigned long long)e->counts[3]);
    else if (e->outcome == FP_EPISODE_COMPLETED)
        fp_observe(&out->observations, all->context->arena, e->end_origin,
                   "completed without counts, begun %s", begin);
    else
        fp_observe(&out->observations, all->context->arena, e->begin_origin,
                   "begun %s, its end was not seen", begin);
}

/* The update that stopped the import, as the catalogues know it: shown once, for all failures name
 * the same one as a rule. */
static void observe_update(const episodes *all, fp_str update, fp_str *told, fp_test_result *out)
{
    const fp_case *c = all->context->casefile;
    if (update.size == 0 || fp_str_eq(update, *told))
        return;
    *told = update;
    for (size_t i = 0; i < c->catalog_count; i++)
        fp_test_observe_revisions(all->context, &c->catalogs[i], update, out);
}

/* The last ones, the latest first: a log may hold thousands. */
static void observe_episodes(const episodes *all, fp_test_result *out)
{
    size_t shown = 0;
    fp_str told = {NULL, 0};
    for (size_t i = all->count; i > 0 && shown < EPISODES_SHOWN; i--) {
        if (all->at[i - 1].activity != all->activity)
            continue;
        observe_episode(all, &all->at[i - 1], out);
        observe_update(all, all->at[i - 1].update, &told, out);
        shown++;
    }
}

static fp_tri ask(const episodes *all, const fp_install_window *window)
{
    return all->test->state == STATE_FAILED ? failed(all, window) : completed(all, window);
}

static fp_status evaluate(const fp_test_context *context, const void *arguments,
                          fp_test_result *out)
{
    const episode_test *t = arguments;
    episodes all;
    if (gather(context, t, &all) != FP_OK)
        return FP_NOMEM;
    fp_install_window window = {FP_TIME_NONE, FP_TIME_NONE};
    fp_install_window traced = window;
    observe_episodes(&all, out);
    out->unconfirmed = context->advisory->activities[t->activity_index].unconfirmed;
    if (t->relation != RELATION_NONE) {
        const fp_status status = read_window(context, t, &traced, &window, out);
        if (status != FP_OK)
            return status;
        out->installed = (fp_installation){t->kb, window};
    }
    if (all.whole == 0) {
        fp_test_unknown(out, all.any_log ? FP_WHY_INCOMPLETE : FP_WHY_NOT_SUPPLIED);
        return FP_OK;
    }
    out->is = ask(&all, &window);
    out->declared = ask(&all, &traced) != out->is;
    if (out->is == FP_UNKNOWN)
        fp_test_unknown(out, FP_WHY_INCOMPLETE);
    return FP_OK;
}

static void asks_hotfix(const void *arguments, fp_str *kb, fp_str *product)
{
    const episode_test *t = arguments;
    *kb = t->kb;
    *product = t->update_product;
}

const fp_test_kind fp_test_episode = {
    .name = "episode",
    .fields = {episode_fields, sizeof episode_fields / sizeof *episode_fields},
    .parse = parse,
    .evaluate = evaluate,
    .asks_hotfix = asks_hotfix,
};
