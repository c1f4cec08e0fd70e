/* SPDX-License-Identifier: MIT */
/* Tables of releases. The seeds are the shipped ones (data/products/), cut down to a few rows. */
#include "inventory/configmgr/releases.h"

#include "tests/support/fuzz.h"

#include <stdlib.h>
#include <string.h>

static void demand(bool holds)
{
    if (!holds)
        abort();
}

static const char BASE[] =
    "{\"schema\":\"fixproof/products/v1\",\"family\":\"base\",\"title\":\"Base\",\"from\":\"3\","
    "\"below\":\"3.5\",\"source\":\"s\",\"certainty\":\"inferred\",\"releases\":[{\"release\":"
    "\"r\",\"title\":\"t\",\"from\":\"3.1\",\"below\":\"3.2\",\"source\":\"s\",\"certainty\":"
    "\"confirmed\"}]}";

/* What was in the table before stays in it and keeps its range. */
static void check_base(const fp_releases *releases)
{
    const fp_version inside = {.part = {3, 1, 7}, .count = 3};
    const fp_version end = {.part = {3, 2}, .count = 2};
    const fp_family *family = fp_releases_family(releases, &inside);
    const fp_release *release = fp_releases_find(releases, &inside);
    demand(family != NULL && fp_str_eq(family->family, FP_STR("base")));
    demand(release != NULL && fp_str_eq(release->release, FP_STR("r")));
    demand(fp_releases_find(releases, &end) == NULL);
}

static void check_features(const fp_releases *releases)
{
    const fp_feature *feature;
    for (size_t i = 0; (feature = fp_releases_feature(releases, i)) != NULL; i++) {
        demand(i < FP_FEATURES_MAX);
        demand(feature->uninstall_name.size > 0 && feature->feature.size > 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fp_arena *arena = fp_arena_new(64 << 20);
    demand(arena != NULL);
    fp_releases *releases = fp_releases_new(arena);
    demand(releases != NULL);
    demand(fp_releases_add(releases, fp_span_of(BASE, sizeof BASE - 1), NULL) == FP_OK);

    fp_diag d = {0};
    const fp_status status = fp_releases_add(releases, fp_span_of(data, size), &d);
    demand(status == FP_OK || status == FP_FORMAT || status == FP_LIMIT);
    demand(d.status == status);
    check_base(releases);
    check_features(releases);
    if (status == FP_OK) /* a family cannot be there twice */
        demand(fp_releases_add(releases, fp_span_of(data, size), NULL) == FP_FORMAT);
    fp_arena_free(arena);
    return 0;
}
