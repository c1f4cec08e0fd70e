/* SPDX-License-Identifier: MIT */
/*
 * Which ConfigMgr or SMS site server this is: family, release, service pack, role, site code.
 *
 * Releases are data (data/products/<family>.json); this module knows the registry keys that every release
 * shares (domain.md 5.1) and no release by name. Both registry views are read.
 */
#ifndef FP_CONFIGMGR_PRODUCT_H
#define FP_CONFIGMGR_PRODUCT_H

#include "inventory/base/json.h"
#include "inventory/base/tri.h"
#include "inventory/base/version.h"
#include "inventory/registry/registry.h"

typedef struct fp_release { /* one row of data: [from, below) */
    fp_str family;          /* "configmgr-2007", "sms-2003" ... */
    fp_str family_title;
    fp_str release; /* "SP1" */
    fp_str title;   /* "System Center Configuration Manager 2007 SP1" */
    fp_version from;
    fp_version below;
    fp_str certainty; /* confirmed, inferred, unconfirmed */
    fp_str source;
} fp_release;

typedef struct fp_releases fp_releases;
/* Parses the documents of data/products, one call each; module "products". */
FP_MUST_CHECK fp_releases *fp_releases_new(fp_arena *arena);
FP_MUST_CHECK fp_status fp_releases_add(fp_releases *releases, fp_span json, fp_diag *d);
/* The release whose range holds this version, or NULL. */
const fp_release *fp_releases_find(const fp_releases *releases, const fp_version *version);

typedef enum fp_site_role { FP_ROLE_UNKNOWN = 0, FP_ROLE_PRIMARY, FP_ROLE_SECONDARY } fp_site_role;

typedef struct fp_product {
    fp_tri installed;      /* a site server is there; FALSE needs both views complete */
    fp_unknown_why why;    /* when installed or the version is unknown */
    bool has_version;
    fp_version version;    /* of the site, never of client or console */
    fp_str version_text;   /* as stored */
    const fp_release *release; /* or NULL: no row holds the version */
    bool wow64;            /* found in the 32-bit view */
    fp_site_role role;
    fp_str site_code;
    fp_str site_server; /* host name as stored, or empty */
    fp_str install_folder;
    fp_tri r2, r3;                /* feature packs, from the uninstall entries */
    fp_tri console;               /* an administrator console is installed (never proof of a site) */
    fp_observations observations; /* everything above with its origin */
    fp_observations problems;     /* contradictions: two views, garbage versions, TYPE odd */
} fp_product;

FP_MUST_CHECK fp_status fp_product_read(fp_registry *reg, const fp_releases *releases,
                                        fp_arena *arena, fp_product *out);

#endif
