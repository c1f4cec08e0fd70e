/* SPDX-License-Identifier: MIT */
/*
 * Product families, their releases and feature packs: a table read from data/products/<family>.json
 * (fixproof/products/v1, schema in data/schema/). The program knows no release by name.
 *
 * A family has a version range, and so has each release in it. A version inside the family that no
 * release holds is that of a build nobody has a source for: its release is unknown.
 */
#ifndef FP_CONFIGMGR_RELEASES_H
#define FP_CONFIGMGR_RELEASES_H

#include "inventory/base/json.h"
#include "inventory/base/version.h"

enum {
    FP_FAMILIES_MAX = 64,       /* of a table */
    FP_RELEASES_MAX = 256,      /* of a family */
    FP_FEATURES_MAX = 64,       /* of a family */
    FP_RELEASES_TEXT_MAX = 1024 /* bytes of one text */
};

typedef struct fp_family { /* [from, below) */
    fp_str family;         /* "configmgr-2007", "sms-2003" ...: what advisories name */
    fp_str title;          /* "System Center Configuration Manager 2007" */
    fp_version from;
    fp_version below;
    fp_str certainty; /* confirmed, inferred, unconfirmed */
    fp_str source;
} fp_family;

typedef struct fp_release { /* [from, below) */
    fp_str family;
    fp_str family_title;
    fp_str release; /* "SP1" */
    fp_str title;   /* "System Center Configuration Manager 2007 SP1" */
    fp_version from;
    fp_version below;
    fp_str certainty; /* of the whole range */
    fp_str source;
} fp_release;

typedef struct fp_feature { /* a feature pack that leaves an uninstall entry */
    fp_str family;
    fp_str feature; /* "R2" */
    fp_str title;
    fp_str uninstall_name; /* the whole DisplayName, case ignored */
    fp_str replaced_by;    /* the feature whose setup deletes this one's entry, or empty */
    fp_str certainty;
    fp_str source;
} fp_feature;

typedef struct fp_releases fp_releases;

/* Everything lives in `arena`. NULL: no memory. */
FP_MUST_CHECK fp_releases *fp_releases_new(fp_arena *arena);
/*
 * Adds one family. Refused (FP_FORMAT): unknown or missing members, empty ranges, ranges that
 * overlap or lie outside their family's, names used twice, a text over FP_RELEASES_TEXT_MAX.
 * FP_LIMIT, FP_NOMEM. Module "products", `where` = the row of "releases" or "features" counted from
 * 1, 0 = the document itself; bad JSON is module "json" with its line. After a failure the table is
 * as before.
 */
FP_MUST_CHECK fp_status fp_releases_add(fp_releases *releases, fp_span json, fp_diag *d);

/* The family, the release whose range holds this version, or NULL. `releases` may be NULL. */
const fp_family *fp_releases_family(const fp_releases *releases, const fp_version *version);
const fp_release *fp_releases_find(const fp_releases *releases, const fp_version *version);
/* By name; NULL: the table does not hold it. */
const fp_family *fp_releases_family_named(const fp_releases *releases, fp_str family);
const fp_release *fp_releases_release_named(const fp_releases *releases, fp_str family,
                                            fp_str release);
/* Family number `index`, and release number `index` over all families, or NULL past the end. */
const fp_family *fp_releases_family_at(const fp_releases *releases, size_t index);
const fp_release *fp_releases_release_at(const fp_releases *releases, size_t index);
/* Feature number `index` over all families, or NULL past the end. */
const fp_feature *fp_releases_feature(const fp_releases *releases, size_t index);

#endif
