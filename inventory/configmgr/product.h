/* SPDX-License-Identifier: MIT */
/*
 * Which ConfigMgr or SMS site server this is: family, release, role, site code.
 *
 * Releases are data (releases.h); this module knows the registry keys that every release shares and
 * no release by name. Both registry views are read.
 */
#ifndef FP_CONFIGMGR_PRODUCT_H
#define FP_CONFIGMGR_PRODUCT_H

#include "inventory/base/tri.h"
#include "inventory/configmgr/releases.h"
#include "inventory/registry/registry.h"

/* Below HKEY_LOCAL_MACHINE\SOFTWARE: the value whose presence is a site server's, and the one that
 * without it leaves the question open (see fp_product.installed). */
#define FP_PRODUCT_SETUP_KEY          "Microsoft\\SMS\\Setup"
#define FP_PRODUCT_VERSION            "Full Version"
#define FP_PRODUCT_IDENTIFICATION_KEY "Microsoft\\SMS\\Identification"
#define FP_PRODUCT_SITE_CODE          "Site Code"

typedef enum fp_site_role { FP_ROLE_UNKNOWN = 0, FP_ROLE_PRIMARY, FP_ROLE_SECONDARY } fp_site_role;

typedef struct fp_product_feature { /* a feature pack, as the uninstall entries tell */
    const fp_feature *feature;
    fp_tri installed;
    fp_unknown_why why;
    fp_origin origin; /* TRUE: the entry */
} fp_product_feature;

typedef struct fp_product {
    /*
     * A site server is there: SMS\Setup has a Full Version, whatever it says. FALSE: both views are
     * known to have neither that value nor a site code below SMS\Identification.
     */
    fp_tri installed;
    fp_unknown_why why;   /* when `installed` or the version is unknown */
    fp_str unknown_where; /* then: the key path (or two, joined by " and ") whose export would
                             settle it */
    bool has_version;
    fp_version version;        /* of the site, never of client or console */
    fp_str version_text;       /* as stored, also when it is no version */
    const fp_family *family;   /* or NULL: no family holds the version */
    const fp_release *release; /* or NULL: no row holds the version, whatever the family */
    bool wow64;                /* found in the 32-bit view only */
    fp_site_role role;         /* as TYPE says, which a console can overwrite */
    fp_str site_code;
    fp_str site_server;           /* host name as stored, or empty */
    fp_origin site_server_origin; /* when it is not empty */
    bool site_server_conflict;    /* two registry sources name two computers */
    fp_str install_folder;
    fp_product_feature *features; /* of the family; while that is unknown, of all families */
    size_t feature_count;
    fp_tri console; /* an administrator console is installed (never proof of a site) */
    fp_observations observations; /* what settles `installed` and the version, with its origin */
    fp_observations details;      /* everything else above, with its origin */
    fp_observations problems;     /* contradictions: two views, garbage versions, TYPE odd */
} fp_product;

/* FP_OK whatever was found; FP_NOMEM. `releases` may be NULL: no family, no release. */
FP_MUST_CHECK fp_status fp_product_read(fp_registry *reg, const fp_releases *releases,
                                        fp_arena *arena, fp_product *out);

#endif
