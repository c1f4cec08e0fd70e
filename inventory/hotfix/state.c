/* SPDX-License-Identifier: MIT */
#include "inventory/hotfix/state.h"

#include "inventory/hotfix/kb.h"

/* ---- whose word it is ------------------------------------------------------------------------ */

typedef enum voice {
    MARKER = 0,      /* Update.exe below Updates, of the product asked for */
    PACKAGE,         /* the hotfix's own package of Component Based Servicing */
    PART_OF_PACKAGE, /* one of the packages it is made of: Package_2_for_KB..., ..._RTM */
    PATCH,           /* Windows Installer */
    OWN_VOICES,      /* up to here: an installer's own record */
    LISTING = OWN_VOICES,
    OTHER,
    VOICES
} voice;

typedef struct heard { /* what each says, as bits of fp_trace_says */
    unsigned by[VOICES];
} heard;

#define BIT(says) (1U << FP_TRACE_SAYS_##says)
enum { HERE = BIT(INSTALLED) | BIT(PENDING) | BIT(SUPERSEDED) };

static voice voice_of(const fp_trace *t)
{
    switch (t->place) {
    case FP_TRACE_UPDATES:
        return t->other_product ? OTHER : MARKER;
    case FP_TRACE_CBS:
        return fp_kb_own_package(t->name) ? PACKAGE : PART_OF_PACKAGE;
    case FP_TRACE_MSI:
        return PATCH;
    case FP_TRACE_LISTING:
        return LISTING;
    case FP_TRACE_HOTFIX:
    case FP_TRACE_UNINSTALL:
    case FP_TRACE_LOG:
    case FP_TRACE_FOLDER:
    case FP_TRACE_PLACES:
        break;
    }
    return OTHER;
}

/* A trace that is not listed may be of any voice and may say anything. */
static heard hear(const fp_hotfix *h)
{
    heard all = {0};
    for (size_t i = 0; i < h->trace_count; i++)
        all.by[voice_of(&h->traces[i])] |= 1U << h->traces[i].says;
    for (unsigned v = 0; h->traces_lost && v < VOICES; v++)
        all.by[v] |= BIT(UNREADABLE);
    return all;
}

static fp_tri says(const heard *all, voice v, unsigned what)
{
    if ((all->by[v] & what) != 0)
        return FP_TRUE;
    return (all->by[v] & BIT(UNREADABLE)) != 0 ? FP_UNKNOWN : FP_FALSE;
}

static fp_tri any_says(const heard *all, voice from, voice end, unsigned what)
{
    fp_tri any = FP_FALSE;
    for (voice v = from; v < end; v++)
        any = fp_tri_or(any, says(all, v, what));
    return any;
}

/*
 * Does it say that the hotfix is not installed? Not where it says of another version or product
 * that it is: an older package that is gone beside a newer one, a patch removed from one product
 * and applied to another. Parts that were not needed are gone beside any installed package.
 */
static fp_tri denies(const heard *all, voice v)
{
    const fp_tri gone = says(all, v, BIT(REMOVED));
    if (v == PART_OF_PACKAGE && (all->by[PACKAGE] & ~BIT(HINT)) != 0)
        return FP_FALSE;
    if (v == PACKAGE || v == PART_OF_PACKAGE || v == PATCH)
        return fp_tri_and(gone, fp_tri_not(says(all, v, HERE)));
    return gone;
}

static fp_tri any_denies(const heard *all, voice from, voice end)
{
    fp_tri any = FP_FALSE;
    for (voice v = from; v < end; v++)
        any = fp_tri_or(any, denies(all, v));
    return any;
}

/* ---- facts, and what follows from them ------------------------------------------------------- */

typedef enum fact {
    ALWAYS = 0,
    CONTESTED, /* the sources disagree */
    SAID,      /* anybody says that it is, or will be, there */
    DENIED,    /* anybody says that it is not */
    PENDING,   /* an installer's own record says so; likewise the next three */
    INSTALLED,
    SUPERSEDED,
    TAKEN_BACK,
    OLDER_FILE, /* than recorded */
    HOLLOW,     /* a marker key in which nothing is recorded */
    CLAIMED,    /* that, or what is no installer's own record, says that it is there */
    UNMARKED,   /* what should record it then was read, and does not */
    NOWHERE,    /* no place knows it, and all were read */
    FACTS
} fact;

typedef struct row {
    fact both[2];
    fp_hotfix_state state;
    fp_hotfix_ground ground;
    const char *because;
} row;

/* The first that holds. */
static const row ROWS[] = {
    /* Of two sources one is wrong, and which is not known. */
    {{CONTESTED},
     FP_HOTFIX_CONFLICTING,
     FP_GROUND_NONE,
     "the sources disagree about what decides it"},
    /* A key can survive a removal, and a removal can be undone: neither outweighs the other. */
    {{SAID, DENIED},
     FP_HOTFIX_CONFLICTING,
     FP_GROUND_NONE,
     "one trace says that it is installed, another that it is not"},
    /* Before the files: those in use are replaced at the restart, and are old until then. */
    {{PENDING},
     FP_HOTFIX_PENDING,
     FP_GROUND_RECORDED,
     "its installer has recorded that it takes effect with the next restart"},
    /* Whatever put the older file there, the hotfix is not in effect as recorded. */
    {{OLDER_FILE},
     FP_HOTFIX_CONFLICTING,
     FP_GROUND_NONE,
     "a file on disk is older than the one recorded as installed"},
    /* Before superseded: an older version of its package may be replaced by a newer one. */
    {{INSTALLED}, FP_HOTFIX_INSTALLED, FP_GROUND_RECORDED, "its installer has recorded it"},
    {{SUPERSEDED},
     FP_HOTFIX_SUPERSEDED,
     FP_GROUND_RECORDED,
     "its installer has recorded it, and that a later one replaced it"},
    {{TAKEN_BACK},
     FP_HOTFIX_REMOVED,
     FP_GROUND_RECORDED,
     "its installer has recorded that it is not, or no longer, installed"},
    {{DENIED},
     FP_HOTFIX_REMOVED,
     FP_GROUND_REPORTED,
     "a trace says that it is not, or no longer, installed"},
    /* What is left after a removal looks like this, and so does a listing of another time. */
    {{CLAIMED, UNMARKED},
     FP_HOTFIX_CONFLICTING,
     FP_GROUND_NONE,
     "traces of it are there, but not the record that an installation leaves"},
    {{HOLLOW},
     FP_HOTFIX_INSTALLED,
     FP_GROUND_REPORTED,
     "its marker key is there, but records nothing of an installation"},
    {{CLAIMED},
     FP_HOTFIX_INSTALLED,
     FP_GROUND_REPORTED,
     "it is reported as installed; no record of its installer was seen"},
    {{NOWHERE},
     FP_HOTFIX_ABSENT,
     FP_GROUND_NONE,
     "every place that would record it was read, and none says that it is installed"},
    {{ALWAYS},
     FP_HOTFIX_UNKNOWN,
     FP_GROUND_NONE,
     "not every place that would record it was in the evidence"},
};
enum { ROW_COUNT = sizeof ROWS / sizeof *ROWS };

static const char *const MUFFLED = "a trace of it could not be read, and may say otherwise";

/* A marker key in which nothing is recorded: what a removal may leave, or some other installer. */
static bool is_hollow(const fp_hotfix *h, const heard *all)
{
    return h->present == FP_TRUE && all->by[MARKER] == BIT(HINT);
}

/*
 * Where the product's own marker key is known not to be there, whatever else claims the hotfix is
 * contradicted. Where any product will do, it may have left none; but the systems that make
 * listings ask the registry (listing.h), so that a listing alone is contradicted by a registry
 * which was read and knows nothing.
 */
static fp_tri unmarked(const fp_hotfix *h, fp_str product, const heard *all)
{
    if (product.size > 0)
        return fp_tri_of(h->present == FP_FALSE);
    return fp_tri_of(h->covered && (all->by[OTHER] & ~BIT(HINT)) == 0 && !is_hollow(h, all));
}

static void gather(const fp_hotfix *h, fp_str product, const heard *all, fp_tri is[FACTS])
{
    is[ALWAYS] = FP_TRUE;
    is[CONTESTED] =
        fp_tri_of(h->contested || (h->present == FP_UNKNOWN && h->why == FP_WHY_CONFLICTING));
    is[PENDING] = any_says(all, MARKER, OWN_VOICES, BIT(PENDING));
    is[INSTALLED] = any_says(all, MARKER, OWN_VOICES, BIT(INSTALLED));
    is[SUPERSEDED] = any_says(all, MARKER, OWN_VOICES, BIT(SUPERSEDED));
    is[HOLLOW] = fp_tri_of(is_hollow(h, all));
    is[CLAIMED] = fp_tri_or(is[HOLLOW], any_says(all, OWN_VOICES, VOICES, HERE));
    is[SAID] = fp_tri_or(any_says(all, MARKER, OWN_VOICES, HERE), is[CLAIMED]);
    is[TAKEN_BACK] = any_denies(all, MARKER, OWN_VOICES);
    is[DENIED] = any_denies(all, MARKER, VOICES);
    is[OLDER_FILE] = fp_tri_of(h->files_match == FP_FALSE);
    is[UNMARKED] = unmarked(h, product, all);
    is[NOWHERE] = fp_tri_of(h->present == FP_FALSE && h->elsewhere == FP_FALSE);
}

/* The row that decides: the one that holds, unless one before it may hold and says otherwise. */
static const row *decide(const fp_tri is[FACTS])
{
    unsigned open = 0;
    for (const row *r = ROWS; r < ROWS + ROW_COUNT; r++) {
        const fp_tri holds = fp_tri_and(is[r->both[0]], is[r->both[1]]);
        if (holds == FP_FALSE)
            continue;
        open |= 1U << r->state;
        if (holds == FP_TRUE)
            return open == 1U << r->state ? r : &ROWS[ROW_COUNT - 1];
    }
    return &ROWS[ROW_COUNT - 1];
}

/* ---- the files it records against those on disk ---------------------------------------------- */

bool fp_hotfix_is_put_aside(fp_str path)
{
    return fp_str_ifind(path, FP_STR("$NTUninstall")) >= 0;
}

int fp_hotfix_file_order(const void *a, const void *b)
{
    const fp_hotfix_file *left = a;
    const fp_hotfix_file *right = b;
    const int order = fp_str_casecmp(left->name, right->name);
    return order != 0 ? order : left->item < right->item ? -1 : left->item > right->item;
}

/* Thousands of files may be recorded, and thousands be in the evidence. */
static size_t first_named(const fp_hotfix_evidence *evidence, fp_str name)
{
    size_t first = 0;
    for (size_t end = evidence->file_count; first < end;) {
        const size_t middle = first + (end - first) / 2;
        if (fp_str_casecmp(evidence->files[middle].name, name) < 0)
            first = middle + 1;
        else
            end = middle;
    }
    return first;
}

/* False: the file is older than recorded. */
static fp_tri compare_copy(const fp_trace_file *recorded, const fp_hotfix_file *file,
                           fp_arena *arena, fp_observations *compared)
{
    const fp_recorded order = fp_trace_file_compare(recorded, &file->version);
    const fp_origin origin = {file->item, FP_STR("version resource")};
    const uint32_t *part = file->version.part;
    if (order == FP_RECORDED_UNKNOWN) {
        fp_observe(compared, arena, origin,
                   "the version of %.*s is not known; the marker records %.*s",
                   FP_STR_ARG(recorded->name), FP_STR_ARG(recorded->version_text));
        return FP_UNKNOWN;
    }
    const bool older = order == FP_RECORDED_NEWER;
    fp_observe(compared, arena, origin, "%.*s is %u.%u.%u.%u; the marker records %.*s%s",
               FP_STR_ARG(recorded->name), part[0], part[1], part[2], part[3],
               FP_STR_ARG(recorded->version_text), older ? ", which is newer" : "");
    return fp_tri_of(!older);
}

/* One that is recorded against every one of its name in the evidence: any older one contradicts
 * the record, as which of them runs is not known. */
static fp_tri compare_file(const fp_hotfix_evidence *evidence, const fp_trace_file *recorded,
                           fp_arena *arena, fp_observations *compared)
{
    const fp_str name = fp_str_file_name(recorded->name);
    const size_t first = first_named(evidence, name);
    bool any = false;
    fp_tri match = FP_TRUE;
    for (size_t i = first; i < evidence->file_count; i++) {
        const fp_hotfix_file *file = &evidence->files[i];
        if (name.size == 0 || fp_str_casecmp(file->name, name) != 0)
            break;
        if (i - first == FP_HOTFIX_COPIES_MAX)
            return fp_tri_and(match, FP_UNKNOWN);
        if (file->put_aside)
            continue;
        any = true;
        match = fp_tri_and(match, compare_copy(recorded, file, arena, compared));
    }
    return any ? match : FP_UNKNOWN;
}

static fp_tri compare_files(const fp_hotfix_evidence *evidence, const fp_hotfix *h, fp_arena *arena,
                            fp_observations *compared)
{
    fp_tri all = h->traces_lost ? FP_UNKNOWN : FP_TRUE;
    bool any = false;
    for (size_t i = 0; i < h->trace_count; i++) {
        const fp_trace *t = &h->traces[i];
        if (voice_of(t) != MARKER)
            continue;
        if (t->files_complete != FP_TRUE)
            all = fp_tri_and(all, FP_UNKNOWN);
        for (size_t k = 0; k < t->file_count; k++) {
            if (!t->files[k].has_version)
                continue;
            all = fp_tri_and(all, compare_file(evidence, &t->files[k], arena, compared));
            any = true;
        }
    }
    return any ? all : FP_UNKNOWN;
}

/* ---- the answer ------------------------------------------------------------------------------ */

static void note_patches(fp_hotfix *h, const heard *all, fp_arena *arena)
{
    if ((all->by[PATCH] & BIT(REMOVED)) != 0 && (all->by[PATCH] & HERE) != 0)
        fp_observe(&h->notes, arena, (fp_origin){0, h->kb},
                   "Windows Installer has applied it to one product and removed it from another");
}

static fp_unknown_why why_of(const fp_hotfix *h, bool muffled)
{
    if (h->state == FP_HOTFIX_CONFLICTING)
        return FP_WHY_CONFLICTING;
    if (h->state != FP_HOTFIX_UNKNOWN)
        return h->why;
    if (muffled)
        return FP_WHY_UNREADABLE;
    return h->present == FP_UNKNOWN ? h->why : FP_WHY_INCOMPLETE;
}

fp_status fp_hotfix_conclude(const fp_hotfix_evidence *evidence, fp_str product, fp_arena *arena,
                             fp_hotfix *h)
{
    const heard all = hear(h);
    fp_tri is[FACTS];
    h->files_match = compare_files(evidence, h, arena, &h->compared);
    gather(h, product, &all, is);

    const row *decided = decide(is);
    const bool muffled = any_says(&all, MARKER, VOICES, BIT(UNREADABLE)) == FP_TRUE;
    h->state = decided->state;
    h->ground = decided->ground;
    const bool there = h->state == FP_HOTFIX_INSTALLED || h->state == FP_HOTFIX_SUPERSEDED;
    if (there && h->ground == FP_GROUND_RECORDED && h->files_match == FP_TRUE)
        h->ground = FP_GROUND_CONFIRMED;
    h->because = fp_str_of(h->state == FP_HOTFIX_UNKNOWN && muffled ? MUFFLED : decided->because);
    h->why = why_of(h, muffled);
    note_patches(h, &all, arena);
    return fp_observations_starved(&h->notes) || fp_observations_starved(&h->compared) ? FP_NOMEM
                                                                                       : FP_OK;
}

const char *fp_hotfix_state_name(fp_hotfix_state state)
{
    static const char *const NAMES[FP_HOTFIX_STATES] = {
        [FP_HOTFIX_UNKNOWN] = "unknown",         [FP_HOTFIX_ABSENT] = "absent",
        [FP_HOTFIX_INSTALLED] = "installed",     [FP_HOTFIX_PENDING] = "pending",
        [FP_HOTFIX_SUPERSEDED] = "superseded",   [FP_HOTFIX_REMOVED] = "removed",
        [FP_HOTFIX_CONFLICTING] = "conflicting",
    };
    return NAMES[state];
}

const char *fp_hotfix_ground_name(fp_hotfix_ground ground)
{
    static const char *const NAMES[] = {
        [FP_GROUND_NONE] = "none",
        [FP_GROUND_REPORTED] = "reported",
        [FP_GROUND_RECORDED] = "recorded",
        [FP_GROUND_CONFIRMED] = "confirmed",
    };
    return NAMES[ground];
}
