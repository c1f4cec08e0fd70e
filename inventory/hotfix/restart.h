/* SPDX-License-Identifier: MIT */
/*
 * Is a restart of the server pending, so that what was installed may not have taken effect?
 *
 * Each sign is a row of the table in restart.c with its source. The keys among them are gone after
 * the restart, so Windows may keep them in memory only: a hive file does not prove that they are
 * not there, an export does. An orphaned SOFTWARE\Microsoft\Updates\UpdateExeVolatile is a
 * well-known false alarm and is no sign (chef/chef, pull request 3909): it is listed as ignored.
 */
#ifndef FP_HOTFIX_RESTART_H
#define FP_HOTFIX_RESTART_H

#include "inventory/base/arena.h"
#include "inventory/registry/registry.h"

typedef struct fp_restart_sign {
    const char *name;     /* "RebootPending key of Component Based Servicing" */
    fp_str key_path;      /* with the value's name behind it, when the sign is a value */
    bool ignored;         /* known not to prove anything */
    fp_reg_answer answer; /* an empty list of files to rename is not there */
} fp_restart_sign;

typedef struct fp_restart {
    fp_tri pending; /* TRUE: a sign is there; FALSE: every one is known not to be */
    fp_unknown_why why;
    fp_str unknown_where;   /* when unknown: keys whose export would settle it */
    fp_restart_sign *signs; /* all that were asked for, in the table's order */
    size_t sign_count;
} fp_restart;

/* FP_OK whatever was found; FP_NOMEM. */
FP_MUST_CHECK fp_status fp_restart_read(fp_registry *reg, fp_arena *arena, fp_restart *out);

#endif
