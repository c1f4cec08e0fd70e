/* SPDX-License-Identifier: MIT */
/*
 * Two parts of what the program does with a catalogue, each alone, for scripts/bench:
 *
 *   bench_catalog signature FILE ROOTS.pem     verifies the signature: nothing else is read of it
 *   bench_catalog decode FILE                  decodes package.xml, as far as that is needed for it
 */
#include "tests/support/slurp.h"

#include "inventory/archive/archive.h"
#include "inventory/catalog/catalog.h"
#include "verify/authentic/authentic.h"

#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { PIECE = 1024 * 1024, ARENA = 16 * 1024 * 1024 };

/* ---- signature ---- */

typedef struct checked { /* a file whose signature is verified */
    int fd;
    struct stat seen;
    uint64_t held; /* bytes, by `paged` */
    fp_paged paged;
    fp_trust *trust;
    fp_arena *arena;
} checked;

static fp_status load_roots(checked *c, const char *path)
{
    size_t size = 0;
    fp_trust_added added;
    void *pem = slurp_file(path, &size);
    c->trust = fp_trust_new();
    fp_status status = pem == NULL ? FP_IO : FP_NOMEM;
    if (pem != NULL && c->trust != NULL)
        status = fp_trust_add_pem(c->trust, fp_span_of(pem, size), true, &added, NULL);
    free(pem);
    return status;
}

static fp_status open_checked(checked *c, const char *path)
{
    c->fd = open(path, O_RDONLY | O_CLOEXEC);
    c->arena = fp_arena_new(ARENA);
    if (c->fd < 0 || fstat(c->fd, &c->seen) != 0)
        return FP_IO;
    const fp_paged_source source = {
        .fd = c->fd, .seen = &c->seen, .held = &c->held, .held_max = UINT64_MAX};
    return c->arena == NULL ? FP_NOMEM : fp_paged_open(&source, &c->paged);
}

static fp_status feed(fp_authentic *a, int fd)
{
    static uint8_t piece[PIECE];
    ssize_t got;
    while ((got = read(fd, piece, sizeof piece)) > 0)
        fp_authentic_feed(a, fp_span_of(piece, (size_t)got));
    return got == 0 ? FP_OK : FP_IO;
}

static fp_status verify(checked *c, fp_authenticity *found)
{
    const fp_authentic_policy policy = {.trust = c->trust, .now = (fp_time)time(NULL) * 1000};
    fp_authentic *a = fp_authentic_begin(&policy, c->arena);
    if (a == NULL)
        return FP_NOMEM;
    fp_authentic_ahead(a, c->paged);
    const fp_status status = feed(a, c->fd);
    const fp_status ended = fp_authentic_end(a, status == FP_OK, found, NULL);
    return status != FP_OK ? status : ended;
}

static int signature(const char *path, const char *roots)
{
    checked c = {.fd = -1};
    fp_authenticity found = {.result = FP_AUTHENTIC_UNKNOWN};
    fp_status status = load_roots(&c, roots);
    if (status == FP_OK)
        status = open_checked(&c, path);
    if (status == FP_OK)
        status = verify(&c, &found);
    (void)printf("%s: %s: %.*s\n", fp_status_name(status), fp_authentic_result_name(found.result),
                 FP_STR_ARG(found.reason));
    fp_paged_close(c.paged);
    fp_trust_free(c.trust);
    fp_arena_free(c.arena);
    if (c.fd >= 0)
        (void)close(c.fd);
    return found.result == FP_AUTHENTIC_VALID ? 0 : 1;
}

/* ---- decode ---- */

typedef struct decoded {
    uint64_t bytes; /* of package.xml */
    bool complete;
} decoded;

static bool is_package_xml(const fp_archive_member *m)
{
    return m->level == 2 && fp_str_eq(m->name, FP_STR("package.xml"));
}

static fp_status on_begin(void *context, const fp_archive_member *m)
{
    (void)context;
    (void)m;
    return FP_OK;
}

static fp_status on_data(void *context, const fp_archive_member *m, fp_span bytes)
{
    if (is_package_xml(m))
        ((decoded *)context)->bytes += bytes.size;
    return FP_OK;
}

/* Anything but FP_OK ends the reading. */
static fp_status on_end(void *context, const fp_archive_member *m, bool complete)
{
    if (!is_package_xml(m))
        return FP_OK;
    ((decoded *)context)->complete = complete;
    return FP_LIMIT;
}

static bool descend(void *context, const char *name, unsigned level)
{
    (void)context;
    (void)level;
    return strcmp(name, "package.cab") == 0;
}

static int decode(const char *path)
{
    decoded d = {.bytes = 0};
    const fp_archive_events events = {
        .context = &d, .begin = on_begin, .data = on_data, .end = on_end, .descend = descend};
    fp_archive_result result;
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return 1;
    const fp_status status =
        fp_archive_read(fd, &fp_archive_default_limits, false, &events, &result, NULL);
    (void)close(fd);
    (void)printf("%" PRIu64 " bytes of package.xml\n", d.bytes);
    return d.complete && status == FP_LIMIT ? 0 : 1;
}

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "signature") == 0)
        return signature(argv[2], argv[3]);
    if (argc == 3 && strcmp(argv[1], "decode") == 0)
        return decode(argv[2]);
    (void)fprintf(stderr, "usage: bench_catalog signature FILE ROOTS.pem | decode FILE\n");
    return 64;
}
