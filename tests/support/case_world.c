/* SPDX-License-Identifier: MIT */
#include "tests/support/case_world.h"

#include "tests/support/case_input.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#define PRODUCTS FIXPROOF_SOURCE_DIR "/data/products"
#define ADVISORY FIXPROOF_SOURCE_DIR "/data/advisories/954474.json"

case_world world;

enum { DATA_BUDGET = 64 * 1024 * 1024 };

static bool slurp(const char *path, fp_span *out)
{
    size_t size = 0;
    void *bytes = slurp_file(path, &size);
    void *kept = bytes == NULL ? NULL : fp_arena_copy(world.arena, bytes, size);
    free(bytes);
    *out = fp_span_of(kept, kept == NULL ? 0 : size);
    return kept != NULL;
}

static bool add_products(const char *path)
{
    fp_span json;
    fp_diag d = {0};
    if (!case_ends_with(path, ".json"))
        return true;
    if (slurp(path, &json) && fp_releases_add(world.releases, json, &d) == FP_OK)
        return true;
    fprintf(stderr, "%s:%llu: %s\n", path, (unsigned long long)d.where, d.message);
    return false;
}

static bool read_products(void)
{
    struct dirent **entries = NULL;
    const int count = scandir(PRODUCTS, &entries, NULL, alphasort);
    bool ok = count > 0;
    for (int i = 0; i < count; i++) {
        char path[1024];
        snprintf(path, sizeof path, PRODUCTS "/%s", entries[i]->d_name);
        ok = ok && add_products(path);
        free(entries[i]);
    }
    free(entries);
    return ok;
}

static bool read_advisory(void)
{
    fp_span json;
    fp_diag d = {0};
    if (slurp(ADVISORY, &json) &&
        fp_advisory_read(json, world.arena, NULL, NULL, &world.advisory, &d) == FP_OK)
        return true;
    fprintf(stderr, "%s:%llu: %s\n", ADVISORY, (unsigned long long)d.where, d.message);
    return false;
}

int case_world_setup(void **state)
{
    world = (case_world){.arena = fp_arena_new(DATA_BUDGET)};
    if (world.arena != NULL)
        world.releases = fp_releases_new(world.arena);
    if (world.releases != NULL && read_products() && read_advisory())
        return 0;
    (void)case_world_teardown(state);
    return -1;
}

int case_world_teardown(void **state)
{
    (void)state;
    fp_arena_free(world.arena);
    world = (case_world){0};
    return 0;
}
