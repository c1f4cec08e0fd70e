/* SPDX-License-Identifier: MIT */
/*
 * The search for hotfixes, as the places see it: one walk over everything that can hold traces,
 * either for those asked for or for all. A place (places.h) goes through what it knows, asks which
 * hotfixes a name means, and adds a trace to each; what it could not see it notes as a doubt.
 *
 * The first failure sticks in `status` and ends the walk; what a place does after it is of no
 * effect.
 */
#ifndef FP_HOTFIX_SEARCH_H
#define FP_HOTFIX_SEARCH_H

#include "inventory/hotfix/hotfix.h"
#include "inventory/registry/query.h"

typedef struct fp_hotfix_place fp_hotfix_place;

typedef struct fp_found { /* one hotfix while it is searched for */
    uint64_t number;
    fp_hotfix hotfix;
    size_t trace_capacity;
    size_t key;          /* the last one that was looked at for it */
    bool present;        /* a trace that decides `present` */
    bool elsewhere;      /* another one that counts */
    fp_doubt of_present; /* contested keys, which would decide `present` */
    fp_doubt of_elsewhere;
    const fp_hotfix_place *settled; /* the place of which no further trace is wanted, or NULL */
} fp_found;

typedef struct fp_search {
    const fp_hotfix_evidence *evidence;
    fp_arena *arena;
    fp_str product;  /* asked for; empty: any */
    bool only_asked; /* the hotfixes that were asked for (fp_search_ask); else every one */
    fp_status status;

    fp_found **hotfixes; /* by number */
    size_t count;
    size_t capacity;
    bool hotfixes_lost; /* there are more than FP_HOTFIXES_MAX */
    bool unlisted;      /* a place that makes hotfixes known was not seen whole */
    size_t steps;       /* keys and mentions looked at so far */
    size_t traces;      /* kept so far */
    size_t files;       /* kept so far */
    size_t key;         /* number of the key that is looked at: 1, 2, ... */
    fp_doubt asked;     /* what decides `present` and was not seen */
    fp_doubt others;    /* what decides `elsewhere` */
    fp_observations searched;

    /* Where the walk is. */
    const fp_hotfix_place *place;
    bool of_product; /* UPDATES, below the product asked for: what is here decides `present` */
    fp_view view;
    fp_key_path path;
} fp_search;

/* ---- the walk --------------------------------------------------------------------------------
 */

/* One step more. False: the limit or a failure ends the walk. */
bool fp_search_step(fp_search *s);

/* Notes an answer that an export of `path` would settle, where it is UNKNOWN. */
void fp_search_doubt(fp_search *s, const fp_reg_answer *answer, fp_str path);
/* The same for what was not gone into: a name that is too long, too much. */
void fp_search_doubt_path(fp_search *s, fp_str path);

/*
 * Lists the key at s->path; what that leaves unknown, an export of the first `export_size` bytes of
 * the path would settle. Returns the answer.
 */
fp_reg_answer fp_search_list(fp_search *s, size_t export_size, fp_registry_subkey_fn *each,
                             void *context);

/* ---- which hotfixes --------------------------------------------------------------------------
 */

/* Asks for this one before the walk. NULL: no memory, or more than FP_HOTFIXES_MAX. */
fp_found *fp_search_ask(fp_search *s, uint64_t number);
/*
 * The hotfix of this number, or NULL when it is not looked for. One that no trace named before is
 * made where the place makes hotfixes known.
 */
fp_found *fp_search_hotfix(fp_search *s, uint64_t number);

/* ---- traces ----------------------------------------------------------------------------------
 */

/* Is there room for one more trace? If not, it counts as seen and lost, and need not be read. */
bool fp_search_has_room(fp_search *s, fp_found *f);
/* Keeps a copy. What `trace` points to must live as long as the arena. */
void fp_search_add(fp_search *s, fp_found *f, const fp_trace *trace);

/*
 * The key `key` below s->path: for each hotfix that its name or `text` means, a trace of
 * this place is begun (place, view, name, path, times, origin; complete without files), completed
 * by `read` and kept, unless that returns false. s->path is that of the key meanwhile. Where
 * sources disagree whether the key is there at all, it is no trace but a doubt.
 */
typedef bool fp_search_read_fn(void *context, fp_found *f, fp_trace *trace);
void fp_search_key(fp_search *s, const fp_reg_subkey *key, fp_str text, fp_search_read_fn *read,
                   void *context);

/*
 * A text of the key at s->path; empty when it is not there. What is no sound text, or contested, is
 * noted, empty, and *doubtful; so is what was not seen.
 */
fp_str fp_search_text(fp_search *s, fp_found *f, const char *name, bool *doubtful);
/*
 * A number of the key at s->path; false when none was seen. What is no sound number, or contested,
 * is noted; and a contested one makes the hotfix contested.
 */
bool fp_search_number(fp_search *s, fp_found *f, const char *name, uint64_t *out);
/* A copy in the arena. */
void fp_search_keep(fp_search *s, fp_str text, fp_str *out);

typedef struct fp_search_meaning { /* of a number, in a place's own table */
    uint64_t number;
    const char *name;
    fp_trace_says says;
} fp_search_meaning;
/*
 * What the number `name` of the key at s->path says by `table`: trace->says and trace->said ("State
 * = 0x1 (applied)"). UNREADABLE: the table does not have it, or there is no sound number.
 */
void fp_search_says(fp_search *s, fp_found *f, const char *name, const fp_search_meaning *table,
                    size_t count, fp_trace *trace);

#endif
