/* SPDX-License-Identifier: MIT */
/*
 * The first byte chooses: 0 = the rest is a file; otherwise the rest is a resource section, put
 * behind good headers, which random bytes would seldom get past.
 */
#include "inventory/files/pe.h"

#include "tests/support/fuzz.h"
#include "tests/support/pe_builder.h"

#include <stdlib.h>
#include <string.h>

static void demand(bool holds)
{
    if (!holds)
        abort();
}

static void read_one(fp_span file)
{
    fp_arena *arena = fp_arena_new(1 << 20);
    demand(arena != NULL);
    fp_pe pe;
    fp_diag d = {0};
    const fp_status status = fp_pe_read(fp_paged_of(file), arena, &pe, &d);
    demand(status != FP_NOT_FOUND && status != FP_IO && status != FP_NOMEM);
    demand(d.status == status); /* a failure always says where */
    if (status == FP_OK) {
        demand(fp_pe_probe(file));
        demand(pe.has_version ? pe.version.count == 4 : pe.version.count == 0);
        for (unsigned i = 0; i < FP_VERSION_PARTS; i++)
            demand(pe.version.part[i] <= (i < 4 && pe.has_version ? UINT16_MAX : 0));
        demand(pe.version_text.size <= 3 * (size_t)FP_PE_TEXT_MAX);
        demand(pe.version_text.size == 0 || fp_text_is_utf8(pe.version_text));
        demand(fp_pe_text_agrees(&pe) == FP_UNKNOWN || pe.version_text.size > 0);
        demand(pe.original_name.size == 0 || fp_text_is_utf8(pe.original_name));
    }
    fp_arena_free(arena);
}

static void read_resources(fp_span resources)
{
    static uint8_t file[PE_BUILD_MAX];
    const pe_language none = {0};
    const pe_plan plan = {.languages = &none, .language_count = 1};
    pe_layout at;
    demand(pe_build(&plan, file, &at));
    const size_t room = sizeof file - at.type_directory;
    const size_t size = resources.size < room ? resources.size : room;
    if (size > 0)
        memcpy(file + at.type_directory, resources.data, size);
    pe_put32(file, at.resource_directory + 4, (uint32_t)size);
    pe_put32(file, at.rsrc_section + 8, (uint32_t)size);
    pe_put32(file, at.rsrc_section + 16, (uint32_t)size);
    const size_t total = at.type_directory + size;
    uint8_t *exact = malloc(total);
    demand(exact != NULL);
    memcpy(exact, file, total);
    read_one(fp_span_of(exact, total));
    free(exact);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    if (data[0] == 0)
        read_one(fp_span_of(data + 1, size - 1));
    else
        read_resources(fp_span_of(data + 1, size - 1));
    return 0;
}
