/* SPDX-License-Identifier: MIT */
/*
 * The parts of a made wsusscn2.cab (see catalog_model.h), for scripts/make-catalog:
 *
 *     make_catalog UPDATES[:FLAW] METHOD package OUT      package.cab with package.xml
 *     make_catalog UPDATES[:FLAW] METHOD shard N OUT      package<N>.cab, N from 2
 *     make_catalog UPDATES[:FLAW] METHOD whole OUT DIR    index.xml, and the cabinets of folder DIR
 *     make_catalog UPDATES facts                          shards; a KB number and its revisions
 *
 * METHOD: stored, mszip, or lzx:15 to lzx:21. FLAW: a number of model_flaw.
 */
#include "cab_writer.h"
#include "catalog_model.h"

#include "inventory/base/digest.h"

#include <stdlib.h>
#include <string.h>

typedef struct job {
    catalog_model model;
    unsigned method;
    unsigned window_bits;
    cab_writer *cabinet;
    fp_out text; /* used again for each piece */
} job;

static fp_span text_of(const job *j)
{
    return fp_span_of(j->text.data, j->text.size);
}

/* Hands on what was written, in pieces large enough to be worth it. */
static void drain(job *j, size_t least)
{
    if (j->text.failed)
        abort();
    if (j->text.size < least)
        return;
    cab_writer_bytes(j->cabinet, text_of(j));
    j->text.size = 0;
}

static void begin_file(job *j, const char *name)
{
    drain(j, 1);
    cab_writer_file(j->cabinet, name);
}

/* ---- cabinets ---- */

static bool package(job *j)
{
    enum { PIECE = 65536 };
    const catalog_model *m = &j->model;
    begin_file(j, "package.xml");
    model_package_begin(m, &j->text);
    for (uint32_t update = 0; update < m->updates; update++) {
        model_package_update(m, update, &j->text);
        drain(j, PIECE);
    }
    model_package_middle(m, &j->text);
    for (uint32_t update = 0; update < m->updates; update++) {
        model_package_location(m, update, &j->text);
        drain(j, PIECE);
    }
    model_package_end(m, &j->text);
    drain(j, 1);
    return true;
}

typedef void fragment(const catalog_model *m, uint32_t update, fp_out *out);

static void put_fragments(job *j, model_range range, const char *folder, fragment *write)
{
    char name[32];
    for (uint32_t update = range.first; update < range.end; update++) {
        (void)snprintf(name, sizeof name, "%s\\%u", folder, model_revision(&j->model, update));
        begin_file(j, name);
        write(&j->model, update, &j->text);
    }
    drain(j, 1);
}

static void put_localized(job *j, model_range range, unsigned language)
{
    char name[48];
    for (uint32_t update = range.first; update < range.end; update++) {
        if (!model_localized(&j->model, update, language, &j->text))
            continue;
        (void)snprintf(name, sizeof name, "l\\%s\\%u", model_language(language),
                       model_revision(&j->model, update));
        cab_writer_file(j->cabinet, name);
        drain(j, 1);
    }
}

/* files\<last two digits of the SHA-1>\<SHA-1> */
static void put_licences(job *j)
{
    for (unsigned i = 0; i < MODEL_LICENCES; i++) {
        uint8_t sha1[FP_SHA1_SIZE];
        char hex[2 * FP_SHA1_SIZE + 1];
        char name[64];
        model_licence(i, &j->text);
        if (fp_digest_span(FP_SHA1, text_of(j), sha1) != FP_OK)
            abort();
        fp_hex(sha1, sizeof sha1, hex);
        for (char *c = hex; *c != '\0'; c++)
            *c = fp_ascii_upper(*c);
        (void)snprintf(name, sizeof name, "files\\%s\\%s", hex + 2 * FP_SHA1_SIZE - 2, hex);
        cab_writer_file(j->cabinet, name);
        drain(j, 1);
    }
}

static bool shard(job *j, uint32_t number)
{
    if (number < 2 || number - 2 >= model_shards(&j->model))
        return false;
    const model_range range = model_shard(&j->model, number - 2);
    put_fragments(j, range, "c", model_core);
    put_fragments(j, range, "x", model_extended);
    for (unsigned language = 0; language < MODEL_LANGUAGES; language++)
        put_localized(j, range, language);
    if (number == 2)
        put_licences(j);
    return true;
}

static bool add_cabinet(job *j, const char *folder, const char *name)
{
    static uint8_t piece[1 << 18];
    char path[4096];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *in = fopen(path, "rb");
    if (in == NULL) {
        perror(path);
        return false;
    }
    cab_writer_file(j->cabinet, name);
    size_t got;
    while ((got = fread(piece, 1, sizeof piece, in)) > 0)
        cab_writer_bytes(j->cabinet, fp_span_of(piece, got));
    const bool good = ferror(in) == 0;
    (void)fclose(in);
    return good;
}

static bool whole(job *j, const char *folder)
{
    char name[32];
    begin_file(j, "index.xml");
    model_index(&j->model, &j->text);
    drain(j, 1);
    bool good = add_cabinet(j, folder, "package.cab");
    for (uint32_t i = 0; i < model_shards(&j->model) && good; i++) {
        (void)snprintf(name, sizeof name, "package%u.cab", i + 2);
        good = add_cabinet(j, folder, name);
    }
    return good;
}

/* ---- what a bench may ask ---- */

static int facts(const catalog_model *m)
{
    uint32_t kb = 0;
    for (uint32_t update = m->updates / 2; update < m->updates && kb == 0; update++)
        kb = model_kb_in_fragment(m, update);
    printf("shards %u\nrevision %d PreDeploymentCheck\nkb %u", model_shards(m),
           MODEL_KNOWN_REVISION, kb);
    for (uint32_t update = 0; update < m->updates; update++) {
        if (model_kb_in_fragment(m, update) == kb)
            printf(" %u", model_revision(m, update));
    }
    printf("\n");
    return 0;
}

/* ---- the command ---- */

static bool parse_method(job *j, const char *text)
{
    j->method = CAB_STORED;
    if (strcmp(text, "stored") == 0)
        return true;
    j->method = CAB_MSZIP;
    if (strcmp(text, "mszip") == 0)
        return true;
    j->method = CAB_LZX;
    j->window_bits = strncmp(text, "lzx:", 4) == 0 ? (unsigned)strtoul(text + 4, NULL, 10) : 0;
    return j->window_bits >= 15 && j->window_bits <= 21;
}

static bool parse_model(catalog_model *m, const char *text)
{
    char *end;
    m->updates = (uint32_t)strtoul(text, &end, 10);
    if (*end == ':')
        m->flaw = (model_flaw)strtoul(end + 1, NULL, 10);
    return m->updates >= 20 && m->updates <= 200000;
}

static bool fill(job *j, int argc, char **argv, const char **out)
{
    *out = argv[argc - 1];
    if (argc == 5 && strcmp(argv[3], "package") == 0)
        return package(j);
    if (argc == 6 && strcmp(argv[3], "shard") == 0)
        return shard(j, (uint32_t)strtoul(argv[4], NULL, 10));
    *out = argv[4];
    return argc == 6 && strcmp(argv[3], "whole") == 0 && whole(j, argv[5]);
}

static int write_cabinet(job *j, int argc, char **argv)
{
    const char *path = NULL;
    j->cabinet = cab_writer_new(j->method, j->window_bits);
    bool good = fill(j, argc, argv, &path);
    FILE *out = good ? fopen(path, "wb") : NULL;
    good = cab_writer_finish(j->cabinet, out) && good;
    if (out != NULL)
        good = fclose(out) == 0 && good;
    fp_out_free(&j->text);
    if (!good)
        (void)fprintf(stderr, "make_catalog: %s: not written\n", path);
    return good ? 0 : 1;
}

int main(int argc, char **argv)
{
    job j = {.method = CAB_STORED};
    if (argc == 3 && parse_model(&j.model, argv[1]) && strcmp(argv[2], "facts") == 0)
        return facts(&j.model);
    if (argc < 5 || !parse_model(&j.model, argv[1]) || !parse_method(&j, argv[2])) {
        (void)fprintf(stderr,
                      "usage: make_catalog UPDATES[:FLAW] METHOD package OUT | shard N OUT |"
                      " whole OUT FOLDER\n       make_catalog UPDATES facts\n");
        return 64;
    }
    return write_cabinet(&j, argc, argv);
}
