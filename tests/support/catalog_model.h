/* SPDX-License-Identifier: MIT */
/*
 * What a made catalogue says: the texts of index.xml, package.xml and of the fragments in the
 * shards, the same whenever they are asked for. Shape and proportions are those of the catalogues
 * of 2026 (formats: elements, attributes and their order, share of bundles, leaves, detectoids, of
 * superseded updates, of KB articles); every name, number and digest is invented.
 *
 * Left out: e/ (its layout is not known). The fragments are shorter than real ones: 650 MB expand
 * to 6 GB and not to 15 or more.
 */
#ifndef FP_TESTS_CATALOG_MODEL_H
#define FP_TESTS_CATALOG_MODEL_H

#include "inventory/base/out.h"

enum {
    MODEL_UPDATES_PER_SHARD = 1890,
    MODEL_LANGUAGES = 37,
    MODEL_LICENCES = 24,              /* texts below files/ in the first shard */
    MODEL_KNOWN_REVISION = 1293995,   /* in every catalogue, with ... */
    MODEL_HIGHEST_REVISION = 45415921 /* no RevisionId is higher */
};

typedef enum model_flaw {
    MODEL_SOUND = 0,
    MODEL_RANGE,     /* index.xml: RANGESTART of two cabinets exchanged */
    MODEL_XOR,       /* index.xml: XOR is 1 */
    MODEL_MISSING,   /* index.xml names one cabinet more than there are */
    MODEL_DUPLICATE, /* package.xml: the known RevisionId twice, with another DeploymentAction */
    MODEL_ENTITIES,  /* package.xml: entities that expand to gigabytes */
    MODEL_CUT_XML    /* package.xml ends in mid-element */
} model_flaw;

typedef struct catalog_model {
    uint32_t updates; /* at least 20 */
    model_flaw flaw;
} catalog_model;

typedef struct model_range { /* updates [first, end) */
    uint32_t first;
    uint32_t end;
} model_range;

/* Cabinets package2.cab, package3.cab ... and the updates of the `shard`th, from 0. */
uint32_t model_shards(const catalog_model *m);
model_range model_shard(const catalog_model *m, uint32_t shard);

uint32_t model_revision(const catalog_model *m, uint32_t update);
/* The number in KBArticleID of its x/ fragment; 0: it has none. */
uint32_t model_kb_in_fragment(const catalog_model *m, uint32_t update);

void model_index(const catalog_model *m, fp_out *out);
/* package.xml in four parts: what stands before the updates; each update; what stands between them
 * and the locations; each update's FileLocations, if any; what stands behind. */
void model_package_begin(const catalog_model *m, fp_out *out);
void model_package_update(const catalog_model *m, uint32_t update, fp_out *out);
void model_package_middle(const catalog_model *m, fp_out *out);
void model_package_location(const catalog_model *m, uint32_t update, fp_out *out);
void model_package_end(const catalog_model *m, fp_out *out);

/* Fragments; `false`: this update has none in this language. */
void model_core(const catalog_model *m, uint32_t update, fp_out *out);
void model_extended(const catalog_model *m, uint32_t update, fp_out *out);
const char *model_language(unsigned language); /* "en", "zh-cn" */
bool model_localized(const catalog_model *m, uint32_t update, unsigned language, fp_out *out);
void model_licence(unsigned licence, fp_out *out); /* UTF-16LE with BOM */

#endif
