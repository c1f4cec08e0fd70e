/* SPDX-License-Identifier: MIT */
/*
 * make_archive_seeds CORPUS: writes the seeds of fuzz_cabinet, fuzz_catalog and fuzz_frames into
 * CORPUS/cabinet, CORPUS/catalog and CORPUS/frames, which must be there.
 */
#include "cab_builder.h"

#include "inventory/archive/frame.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *corpus;

static void write_seed(const char *target, const char *name, const char *control, size_t controls,
                       fp_span bytes)
{
    char path[4096];
    (void)snprintf(path, sizeof path, "%s/%s/%s", corpus, target, name);
    FILE *file = fopen(path, "wb");
    if (file == NULL || fwrite(control, 1, controls, file) != controls ||
        fwrite(bytes.data, 1, bytes.size, file) != bytes.size || fclose(file) != 0) {
        perror(path);
        exit(73);
    }
}

static void cabinets(void)
{
    static const struct {
        const char *name;
        cab_options options;
    } kinds[] = {
        {"stored", {0}},
        {"mszip", {.mszip = true}},
        {"data-first", {.data_first = true, .gap = 5}},
        {"blocks", {.block = 3}},
        {"reserves", {.header_reserve = 9, .folder_reserve = 2, .block_reserve = 3}},
        {"signed", {.signature = {(const uint8_t *)"0123456789", 10}}},
    };
    const cab_file files[] = {
        {.name = "index.xml", .content = cab_text("alpha")},
        {.name = "dir\\empty", .content = cab_text("")},
        {.name = "package.cab", .content = cab_text("bravo bravo"), .folder = 1},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        cab_bytes cab = cab_build(files, 3, &kinds[i].options);
        write_seed("cabinet", kinds[i].name, "\7", 1, cab_span(&cab));
        cab_free(&cab);
    }
}

static void catalogs(void)
{
    static const char index[] =
        "<INDEX VERSION=\"1\"><CABLIST XOR=\"0\"><CAB NAME=\"package.cab\" />"
        "<CAB NAME=\"package2.cab\" RANGESTART=\"0\" FILESDIR=\"1\" /></CABLIST></INDEX>";
    static const char package[] =
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><OfflineSyncPackage "
        "MinimumClientVersion=\"5.8\" "
        "PackageId=\"3f0a4a4e-1111-2222-3333-444455556666\" PackageVersion=\"1.1\" "
        "CreationDate=\"2008-06-13T04:05:06Z\" "
        "xmlns=\"http://schemas.microsoft.com/msus/2004/02/OfflineSync\"><Updates>"
        "<Update CreationDate=\"2008-06-01T00:00:00Z\" UpdateId=\"a\" RevisionNumber=\"101\" "
        "RevisionId=\"1293995\" DeploymentAction=\"Bundle\"><Prerequisites><Or><UpdateId Id=\"b\"/>"
        "</Or></Prerequisites></Update><Update RevisionId=\"1\"/></Updates><FileLocations/>"
        "</OfflineSyncPackage>";
    static const char entity[] = "<!DOCTYPE a [<!ENTITY e \"x\">]><OfflineSyncPackage a=\"&e;\"/>";
    write_seed("catalog", "index", "\21", 1, cab_text(index));
    write_seed("catalog", "package", "\20", 1, cab_text(package));
    write_seed("catalog", "entity", "\20", 1, cab_text(entity));
}

/* A whole conversation: two members, the second an archive with one member of its own. */
static void frames(void)
{
    fp_frame_writer *w = calloc(1, sizeof *w);
    if (w == NULL)
        abort();
    fp_archive_member m = {.level = 1,
                           .name = FP_STR("a.log"),
                           .size_known = true,
                           .size = 3,
                           .modified = 1213329906000,
                           .regular = true};
    fp_frame_begin(w, &m);
    fp_frame_data(w, 1, fp_span_of("abc", 3));
    fp_frame_end(w, 1, true, FP_FATE_UNKNOWN, "");
    m = (fp_archive_member){.level = 1,
                            .name = FP_STR("b.cab"),
                            .modified = FP_TIME_NONE,
                            .regular = true,
                            .is_archive = true};
    fp_frame_begin(w, &m);
    fp_frame_data(w, 1, fp_span_of("MSCF", 4));
    m = (fp_archive_member){.level = 2, .name = FP_STR("c"), .regular = true};
    fp_frame_begin(w, &m);
    fp_frame_data(w, 2, fp_span_of("c", 1));
    fp_frame_end(w, 2, false, FP_FATE_UNKNOWN, "");
    fp_frame_data(w, 1, fp_span_of("more", 4));
    fp_frame_end(w, 1, true, FP_FATE_REFUSED, "Truncated CAB header");
    const size_t before_the_end = w->used;
    w->fd = -1; /* the last frame flushes: keep its bytes by writing it ourselves */
    static const uint8_t over[] = {1, 0, 0, 0, FP_FRAME_OVER, 0, 0, 0, FP_FATE_ENDED};
    memcpy(w->buffer + before_the_end, over, sizeof over);
    const fp_span all = fp_span_of(w->buffer, before_the_end + sizeof over);
    write_seed("frames", "whole", "\0\0", 2, all);
    write_seed("frames", "pieces", "\3\0", 2, all);
    write_seed("frames", "died", "\0\2", 2, fp_span_of(w->buffer, before_the_end - 9));
    write_seed("frames", "stalled", "\11\377", 2, fp_span_of(w->buffer, before_the_end));
    free(w);
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        (void)fprintf(stderr, "usage: make_archive_seeds CORPUS\n");
        return 64;
    }
    corpus = argv[1];
    cabinets();
    catalogs();
    frames();
    return 0;
}
