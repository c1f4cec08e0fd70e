/* SPDX-License-Identifier: MIT */
/*
 * Hives and their transaction logs. A log may come before its hive or after it, so both wait until
 * everything is read. Logs are offered to the hives of their own folder; whether one belongs there
 * is told by what is in it.
 */
#include "verify/decide/case_parts.h"

fp_status fp_case_hold(fp_case *c, fp_case_held_list *list, uint32_t item, fp_paged content)
{
    fp_case_held *at = fp_arena_grow(c->arena, list->at, list->count, &list->capacity, sizeof *at);
    if (at == NULL)
        return FP_NOMEM;
    list->at = at;
    list->at[list->count++] = (fp_case_held){item, content};
    return FP_OK;
}

fp_str fp_case_folder_of(const fp_item *item)
{
    const size_t name = item->name.size < item->path.size ? item->name.size : item->path.size;
    return (fp_str){item->path.data, item->path.size - name};
}

static bool same_folder(const fp_item *a, const fp_item *b)
{
    return a->parent == b->parent && fp_str_eq(fp_case_folder_of(a), fp_case_folder_of(b));
}

/* Windows keeps an empty log where none was needed yet; such an item has no content to be known by.
 */
static bool is_empty_log(const fp_item *item)
{
    return item->size == 0 && item->complete && item->kind == FP_KIND_UNKNOWN &&
           (fp_str_iends(item->name, FP_STR(".LOG1")) || fp_str_iends(item->name, FP_STR(".LOG2")));
}

static fp_status hold_empty_logs(fp_case *c)
{
    const size_t count = fp_evidence_count(c->evidence);
    for (uint32_t id = 1; id <= count; id++) {
        const fp_item *item = fp_evidence_item(c->evidence, id);
        if (c->parts->hive_logs.count == FP_CASE_HIVE_LOGS_MAX)
            return FP_OK;
        if (item != NULL && is_empty_log(item) &&
            fp_case_hold(c, &c->parts->hive_logs, id, fp_paged_of(fp_span_of(NULL, 0))) != FP_OK)
            return FP_NOMEM;
    }
    return FP_OK;
}

/* ---- what is told ---------------------------------------------------------------------------- */

static void tell_applied(fp_case *c, const fp_item *hive, const fp_registry_log *log)
{
    if (log->why.status == FP_OK)
        fp_evidence_problem(c->evidence, log->item, "applied to %.*s (item %u), in memory",
                            FP_STR_ARG(hive->name), hive->id);
    else
        fp_evidence_problem(
            c->evidence, log->item, "offset %llu: %s; applied to %.*s (item %u) up to there",
            (unsigned long long)log->why.where, log->why.message, FP_STR_ARG(hive->name), hive->id);
}

static void tell_log(fp_case *c, const fp_item *hive, const fp_registry_log *log)
{
    static const char *const words[] = {
        [FP_REG_LOG_UNASKED] = NULL,
        [FP_REG_LOG_OTHER] = "nothing in it ties it to this hive",
        [FP_REG_LOG_DAMAGED] = "it is damaged",
        [FP_REG_LOG_OLDER] = "it is of an earlier write",
        [FP_REG_LOG_NEWER] = "it is of a later write than the hive",
        [FP_REG_LOG_CONFLICT] = "another log applies too, with another result",
        [FP_REG_LOG_UNUSED] = NULL,
        [FP_REG_LOG_APPLIED] = NULL,
    };
    /* A folder holds the logs of several hives; of those of another name it needs no saying. */
    if (log->fate == FP_REG_LOG_OTHER && !fp_str_istarts(log->name, hive->name))
        return;
    if (log->fate == FP_REG_LOG_APPLIED)
        tell_applied(c, hive, log);
    else if (log->why.status != FP_OK && words[log->fate] != NULL)
        fp_evidence_problem(
            c->evidence, log->item, "offset %llu: %s; not applied to %.*s (item %u)",
            (unsigned long long)log->why.where, log->why.message, FP_STR_ARG(hive->name), hive->id);
    else if (words[log->fate] != NULL)
        fp_evidence_problem(c->evidence, log->item, "not applied to %.*s (item %u): %s",
                            FP_STR_ARG(hive->name), hive->id, words[log->fate]);
}

/* "SOFTWARE.LOG1 (item 3), SOFTWARE.LOG2 (item 4)" */
static const char *applied_names(fp_case *c, const fp_registry_log *logs, size_t count)
{
    const char *names = "";
    for (size_t i = 0; i < count && names != NULL; i++) {
        if (logs[i].fate == FP_REG_LOG_APPLIED)
            names = fp_arena_printf(c->arena, "%s%s%.*s (item %u)", names, *names ? ", " : "",
                                    FP_STR_ARG(logs[i].name), logs[i].item);
    }
    return names;
}

static fp_status tell_recovery(fp_case *c, const fp_item *hive, const fp_registry_recovery *told,
                               const fp_registry_log *logs, size_t count)
{
    const char *names;
    switch (told->state) {
    case FP_REG_RECOVERY_UNKNOWN:
        return FP_OK;
    case FP_REG_CLEAN:
        break;
    case FP_REG_RECOVERED:
        names = applied_names(c, logs, count);
        if (names == NULL)
            return FP_NOMEM;
        fp_evidence_problem(c->evidence, hive->id,
                            "dirty, and recovered in memory: %llu page%s of %s",
                            (unsigned long long)told->pages, fp_plural(told->pages), names);
        break;
    case FP_REG_NOT_RECOVERED:
        if (count > 0)
            fp_evidence_problem(c->evidence, hive->id,
                                "dirty, and no transaction log in its folder could be applied");
        break;
    }
    if (told->doubt != NULL)
        fp_evidence_problem(c->evidence, hive->id, "newer changes may be missing: %s", told->doubt);
    for (size_t i = 0; i < count; i++)
        tell_log(c, hive, &logs[i]);
    return FP_OK;
}

static void tell_lag(fp_case *c, const fp_item *hive, size_t log_count)
{
    fp_evidence_problem(c->evidence, hive->id,
                        "no verdict rests on it%s: what it shows may since have changed, what it "
                        "lacks may have been there",
                        log_count == 0 ? " without its logs (.LOG, .LOG1, .LOG2)" : "");
}

/* ---- adding ---------------------------------------------------------------------------------- */

/* The logs in the hive's folder, into `logs`; the number of them. */
static size_t logs_beside(fp_case *c, const fp_item *hive, fp_registry_log *logs)
{
    const fp_case_held_list *held = &c->parts->hive_logs;
    uint64_t bytes = 0;
    size_t count = 0;
    for (size_t i = 0; i < held->count; i++) {
        const fp_item *item = fp_evidence_item(c->evidence, held->at[i].item);
        if (item == NULL || !same_folder(hive, item))
            continue;
        bytes += held->at[i].content.place.size;
        logs[count++] = (fp_registry_log){.item = item->id,
                                          .name = item->name,
                                          .content = held->at[i].content.place,
                                          .cut = !item->complete};
    }
    if (bytes <= FP_CASE_LOG_WORK - c->parts->log_work) {
        c->parts->log_work += bytes;
        return count;
    }
    fp_evidence_problem(c->evidence, hive->id,
                        "its transaction logs were not looked at: too much of them in this set");
    return 0;
}

static fp_status add_hive(fp_case *c, const fp_case_held *held, fp_registry_log *logs)
{
    const fp_item *item = fp_evidence_item(c->evidence, held->item);
    if (item == NULL)
        return FP_OK;
    fp_case_told *told = fp_arena_alloc(c->arena, sizeof *told); /* look-ups meet damage too */
    if (told == NULL)
        return FP_NOMEM;
    *told = (fp_case_told){c, held->item, "offset"};
    const size_t count = logs_beside(c, item, logs);
    fp_registry_soundness soundness;
    fp_registry_recovery recovery;
    const fp_status status = fp_registry_add_hive_with_logs(
        c->registry, item->id, held->content, item->name, logs, count, fp_case_registry_problem,
        told, &soundness, &recovery);
    if (status != FP_OK)
        return status;
    fp_case_tell_soundness(c, item, soundness);
    if (recovery.lags && soundness != FP_REG_UNREADABLE)
        tell_lag(c, item, count);
    return tell_recovery(c, item, &recovery, logs, count);
}

fp_status fp_case_add_hives(fp_case *c)
{
    if (c->parts->hives.count == 0)
        return FP_OK;
    if (hold_empty_logs(c) != FP_OK)
        return FP_NOMEM;
    fp_registry_log *logs =
        fp_arena_alloc_array(c->arena, c->parts->hive_logs.count + 1, sizeof *logs);
    fp_status status = logs == NULL ? FP_NOMEM : FP_OK;
    for (size_t i = 0; status == FP_OK && i < c->parts->hives.count; i++)
        status = add_hive(c, &c->parts->hives.at[i], logs);
    if (status == FP_OK && c->parts->options->survey)
        status = fp_registry_survey(c->registry);
    return status;
}
