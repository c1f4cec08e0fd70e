/* SPDX-License-Identifier: MIT */
/* Whatever the case, reading it ends, and every export and list that is described is one. */
#include "verify/decide/trial.h"

#include "tests/support/fuzz.h"

enum { BUDGET = 32 * 1024 * 1024 };

typedef struct heard {
    size_t errors;
    uint64_t lines, columns; /* of the text */
} heard;

static void hear(void *context, const fp_lint *lint)
{
    heard *h = context;
    h->errors++;
    require(lint->error && lint->message.size > 0);
    require(lint->line <= h->lines);
    require(lint->column >= 1 && lint->column <= h->columns);
}

/* Every package that is described is a row, whatever its name. */
static void check_site_updates(const fp_trial_item *item, fp_arena *arena)
{
    fp_site_updates list;
    const fp_span content = fp_span_of(item->content.data, item->content.size);
    const fp_status status = fp_site_updates_read(content, 1, NULL, arena, &list, NULL);
    require(status == FP_OK || status == FP_NOMEM);
    for (size_t i = 0; status == FP_OK && i < list.count; i++)
        require(list.updates[i].has_state);
}

static void check_item(const fp_trial_item *item, fp_arena *arena)
{
    if (fp_str_starts(item->content, FP_STR("\"Name\",\"State\"")) &&
        fp_str_starts(fp_str_of(item->name), FP_STR("site-updates-")))
        check_site_updates(item, arena);
    require(item->name != NULL && item->content.size <= FP_TRIAL_EVIDENCE_MAX);
    if (!fp_str_starts(item->content, FP_STR("Windows Registry Editor")) ||
        !fp_str_starts(fp_str_of(item->name), FP_STR("export-")))
        return;
    fp_registry *registry = fp_registry_new(arena);
    fp_registry_soundness soundness;
    if (registry != NULL &&
        fp_registry_add_export(registry, 1, fp_span_of(item->content.data, item->content.size),
                               NULL, NULL, NULL, &soundness) == FP_OK)
        require(soundness == FP_REG_SOUND);
}

/* An update is one by something that a question can ask for. */
static void check_catalog(const fp_described_catalog *c)
{
    require(c->update_count <= FP_TRIAL_UPDATES_MAX && (!c->damaged || c->update_count == 0));
    for (size_t i = 0; i < c->update_count; i++) {
        const fp_described_update *u = &c->updates[i];
        require(u->has_revision || u->is.has_update_id || u->kb_count > 0);
        require(u->kb_count <= FP_FRAGMENT_KBS_MAX);
        require(u->has_action == (u->action.size > 0));
    }
}

static void check(const fp_trial *t, fp_arena *arena)
{
    require(t->about.size > 0 && t->reason.size > 0);
    require(t->item_count + t->file_count + t->catalog_count > 0);
    require(t->catalog_count <= FP_TRIAL_CATALOGS_MAX);
    require(t->item_count <= FP_TRIAL_ITEMS_MAX && t->file_count <= FP_TRIAL_FILES_MAX);
    require(t->declared_count <= FP_TRIAL_DECLARED_MAX && t->missing.count <= FP_TRIAL_NAMES_MAX);
    require((t->possible & ~fp_verdict_all()) == 0);
    require(t->verdict == FP_UNDETERMINED || t->possible == fp_verdict_bit(t->verdict));
    require(t->confirm == (t->since != FP_TIME_NONE));
    for (size_t i = 0; i < t->catalog_count; i++)
        check_catalog(&t->catalogs[i]);
    for (size_t i = 0; i < t->item_count; i++)
        check_item(&t->items[i], arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fp_arena *arena = fp_arena_new(BUDGET);
    const fp_trial *t = NULL;
    fp_diag d = {0};
    heard h = {0, 1, size + 2};
    require(arena != NULL);
    for (size_t i = 0; i < size; i++)
        h.lines += data[i] == '\n';

    const fp_status status = fp_trial_read(fp_span_of(data, size), arena, hear, &h, &t, &d);
    require((status == FP_OK) == (t != NULL));
    require(status == d.status);
    require((status == FP_FORMAT) == (h.errors > 0) || status == FP_NOMEM);
    if (t != NULL)
        check(t, arena);
    fp_arena_free(arena);
    return 0;
}
