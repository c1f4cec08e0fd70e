/* SPDX-License-Identifier: MIT */
/*
 * Cabinets that other projects collected, many of them hostile: what our scanner and the jailed
 * decoder make of each. Enabled by FIXPROOF_CORPUS, the folder that holds cab/. Where cabextract
 * and 7z are installed, the list of members and their contents are compared with theirs, of every
 * cabinet that we read and they do.
 */
#include "tests/support/archive_builder.h"
#include "tests/support/check.h"

#include "inventory/base/digest.h"
#include "inventory/catalog/cabinet.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

typedef enum outcome {
    NOT_LISTED = 0,
    FINE,        /* no finding, every member complete */
    DOUBTFUL,    /* fine, but programs disagree on it: bytes follow, or two tables of files */
    DAMAGED,     /* a hard finding of the scanner */
    UNSUPPORTED, /* Quantum or several volumes: not damaged */
    NO_CABINET,
    REFUSED, /* the structure is right; the decoder said no */
    UNEXPECTED
} outcome;

static const char *outcome_name(outcome o)
{
    static const char *const names[] = {"not listed",  "FINE",       "DOUBTFUL", "DAMAGED",
                                        "UNSUPPORTED", "NO_CABINET", "REFUSED",  "unexpected"};
    return names[o];
}

/* Reviewed by hand against what cabextract, 7-Zip and libarchive make of each; a part of a set that
 * is cut off counts as part of a set. */
static const struct {
    const char *path;
    outcome expected;
} table[] = {
    {"cabextract/bugs/cve-2010-2800-mszip-infinite-loop.cab", REFUSED},
    {"cabextract/bugs/cve-2010-2801-qtm-flush.cab", UNSUPPORTED},
    {"cabextract/bugs/cve-2014-9556-qtm-infinite-loop.cab", UNSUPPORTED},
    {"cabextract/bugs/cve-2014-9732-folders-segfault.cab", DAMAGED},
    {"cabextract/bugs/cve-2015-4470-mszip-over-read.cab", DAMAGED},
    {"cabextract/bugs/cve-2015-4471-lzx-under-read.cab", DAMAGED},
    {"cabextract/bugs/filename-read-violation-1.cab", DAMAGED},
    {"cabextract/bugs/filename-read-violation-2.cab", UNSUPPORTED},
    {"cabextract/bugs/filename-read-violation-3.cab", UNSUPPORTED},
    {"cabextract/bugs/filename-read-violation-4.cab", DAMAGED},
    {"cabextract/bugs/lzx-main-tree-no-lengths.cab", REFUSED},
    {"cabextract/bugs/lzx-premature-matches.cab", REFUSED},
    {"cabextract/bugs/qtm-max-size-block.cab", UNSUPPORTED},
    {"cabextract/cabs/case-ascii.cab", FINE},
    {"cabextract/cabs/case-utf8.cab", FINE},
    {"cabextract/cabs/dir.cab", FINE},
    {"cabextract/cabs/dirwalk-vulns.cab", FINE},
    {"cabextract/cabs/encoding-koi8.cab", FINE},
    {"cabextract/cabs/encoding-latin1.cab", FINE},
    {"cabextract/cabs/encoding-sjis.cab", FINE},
    {"cabextract/cabs/large-files-cab.cab", FINE},
    {"cabextract/cabs/mixed.cab", UNSUPPORTED},
    {"cabextract/cabs/search.cab", NO_CABINET},
    {"cabextract/cabs/simple.cab", FINE},
    {"cabextract/cabs/split-1.cab", UNSUPPORTED},
    {"cabextract/cabs/split-2.cab", UNSUPPORTED},
    {"cabextract/cabs/split-3.cab", UNSUPPORTED},
    {"cabextract/cabs/split-4.cab", UNSUPPORTED},
    {"cabextract/cabs/split-5.cab", UNSUPPORTED},
    {"cabextract/cabs/utf8-stresstest.cab", FINE},
    {"gcab/CVE-2014-9556.cab", UNSUPPORTED},
    {"gcab/CVE-2014-9732.cab", DAMAGED},
    {"gcab/CVE-2015-4470.cab", DAMAGED},
    {"gcab/CVE-2015-4471.cab", DAMAGED},
    {"gcab/test-mszip.cab", FINE},
    {"gcab/test-ncbytes-overflow.cab", DAMAGED},
    {"gcab/test-none.cab", FINE},
    {"gcab/test-signed.cab", FINE},
    {"jsign/sample1.cab", FINE},
    {"jsign/sample2-disk1.cab", UNSUPPORTED},
    {"jsign/sample2-disk2.cab", UNSUPPORTED},
    {"jsign/sample3.cab", FINE},
    {"jsign/sample4.cab", FINE},
    {"libarchive/test_fuzz.cab", FINE},
    {"libarchive/test_read_format_cab_1.cab", FINE},
    {"libarchive/test_read_format_cab_2.cab", FINE},
    {"libarchive/test_read_format_cab_3.cab", FINE},
    {"libarchive/test_read_format_cab_filename_cp932.cab", FINE},
    {"libarchive/test_read_format_cab_lzx_16bit.cab", REFUSED},
    {"libarchive/test_read_format_cab_lzx_e8.cab", FINE},
    {"libarchive/test_read_format_cab_lzx_literal_control.cab", FINE},
    {"libarchive/test_read_format_cab_lzx_oob.cab", DAMAGED},
    {"libarchive/test_read_format_cab_multi.p1.cab", UNSUPPORTED},
    {"libarchive/test_read_format_cab_multi.p2.cab", UNSUPPORTED},
    {"libarchive/test_read_format_cab_skip_malformed.cab", DAMAGED},
    {"libmspack/bad_folderindex.cab", DAMAGED},
    {"libmspack/bad_nofiles.cab", DAMAGED},
    {"libmspack/bad_nofolders.cab", DAMAGED},
    {"libmspack/bad_signature.cab", NO_CABINET},
    {"libmspack/cve-2010-2800-mszip-infinite-loop.cab", REFUSED},
    {"libmspack/cve-2014-9556-qtm-infinite-loop.cab", UNSUPPORTED},
    {"libmspack/cve-2014-9732-folders-segfault.cab", DAMAGED},
    {"libmspack/cve-2015-4470-mszip-over-read.cab", DAMAGED},
    {"libmspack/cve-2015-4471-lzx-under-read.cab", DAMAGED},
    {"libmspack/cve-2017-11423-fname-overread.cab", DAMAGED},
    {"libmspack/cve-2018-18584-qtm-max-size-block.cab", UNSUPPORTED},
    {"libmspack/filename-read-violation-1.cab", DAMAGED},
    {"libmspack/filename-read-violation-2.cab", UNSUPPORTED},
    {"libmspack/filename-read-violation-3.cab", UNSUPPORTED},
    {"libmspack/filename-read-violation-4.cab", DAMAGED},
    {"libmspack/hidden-file-bad-folderid.cab", DAMAGED},
    {"libmspack/hidden-file-beyond-eof.cab", DAMAGED},
    {"libmspack/hidden-files.cab", DOUBTFUL},
    {"libmspack/lzx-main-tree-no-lengths.cab", REFUSED},
    {"libmspack/lzx-premature-matches.cab", REFUSED},
    {"libmspack/mszip_lzx_qtm.cab", UNSUPPORTED},
    {"libmspack/multi_basic_pt1.cab", UNSUPPORTED},
    {"libmspack/multi_basic_pt2.cab", UNSUPPORTED},
    {"libmspack/multi_basic_pt3.cab", UNSUPPORTED},
    {"libmspack/multi_basic_pt4.cab", UNSUPPORTED},
    {"libmspack/multi_basic_pt5.cab", UNSUPPORTED},
    {"libmspack/normal_255c_filename.cab", FINE},
    {"libmspack/normal_2files_1folder.cab", FINE},
    {"libmspack/normal_2files_2folders.cab", FINE},
    {"libmspack/partial_nodata.cab", DAMAGED},
    {"libmspack/partial_nofiles.cab", DAMAGED},
    {"libmspack/partial_nofolder.cab", DAMAGED},
    {"libmspack/partial_shortextheader.cab", DAMAGED},
    {"libmspack/partial_shortfile1.cab", DAMAGED},
    {"libmspack/partial_shortfile2.cab", DAMAGED},
    {"libmspack/partial_shortfolder.cab", DAMAGED},
    {"libmspack/partial_shortheader.cab", DAMAGED},
    {"libmspack/partial_str_nofname.cab", UNSUPPORTED},
    {"libmspack/partial_str_noninfo.cab", UNSUPPORTED},
    {"libmspack/partial_str_nonname.cab", UNSUPPORTED},
    {"libmspack/partial_str_nopinfo.cab", UNSUPPORTED},
    {"libmspack/partial_str_nopname.cab", UNSUPPORTED},
    {"libmspack/partial_str_shortfname.cab", UNSUPPORTED},
    {"libmspack/partial_str_shortninfo.cab", UNSUPPORTED},
    {"libmspack/partial_str_shortnname.cab", UNSUPPORTED},
    {"libmspack/partial_str_shortpinfo.cab", UNSUPPORTED},
    {"libmspack/partial_str_shortpname.cab", UNSUPPORTED},
    {"libmspack/reserve_---.cab", REFUSED},
    {"libmspack/reserve_--D.cab", REFUSED},
    {"libmspack/reserve_-F-.cab", REFUSED},
    {"libmspack/reserve_-FD.cab", REFUSED},
    {"libmspack/reserve_H--.cab", REFUSED},
    {"libmspack/reserve_H-D.cab", REFUSED},
    {"libmspack/reserve_HF-.cab", REFUSED},
    {"libmspack/reserve_HFD.cab", REFUSED},
    {"libmspack/search_basic.cab", NO_CABINET},
    {"libmspack/search_tricky1.cab", DAMAGED},
    {"relic/dummy.cab", FINE},
    {"tpm/TrustedTpm-06202024.cab", FINE},
    {"tpm/TrustedTpm-10232021.cab", FINE},
    {"updateservicesdsc/WSUS.cab", FINE},
};

static outcome expected_of(const char *path)
{
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        if (strcmp(table[i].path, path) == 0)
            return table[i].expected;
    }
    return NOT_LISTED;
}

/* ---- one file ------------------------------------------------------------------------- */

typedef struct reading {
    const fp_cabinet *cabinet;
    fp_archive_result result;
    fp_digest *digest; /* over all members' contents, in order */
    size_t members;
    bool all_complete;
    bool same_names;
} reading;

/* A name that claims UTF-8 and is not may come as anything: libarchive replaces or drops it. */
static bool same_name(fp_str decoded, const fp_cabinet_file *file)
{
    const fp_str stored = file->name;
    if ((file->attributes & 0x80) != 0 && !fp_text_is_utf8(stored))
        return true;
    if (decoded.size != stored.size)
        return false;
    for (size_t i = 0; i < decoded.size; i++) {
        const char c = stored.data[i] == '\\' ? '/' : stored.data[i];
        if (decoded.data[i] != c && decoded.data[i] != stored.data[i])
            return false;
    }
    return true;
}

static fp_status on_begin(void *context, const fp_archive_member *m)
{
    reading *r = context;
    const size_t i = r->members++;
    if (i >= r->cabinet->file_count || !same_name(m->name, &r->cabinet->files[i]))
        r->same_names = false;
    return FP_OK;
}

static fp_status on_data(void *context, const fp_archive_member *m, fp_span bytes)
{
    (void)m;
    fp_digest_update(((reading *)context)->digest, bytes);
    return FP_OK;
}

static fp_status on_end(void *context, const fp_archive_member *m, bool complete)
{
    (void)m;
    ((reading *)context)->all_complete &= complete;
    return FP_OK;
}

static const fp_cabinet *scan_file(fp_arena *arena, int fd)
{
    static uint8_t buffer[65536];
    fp_cabinet_scanner *s = fp_cabinet_scan_new(arena);
    ssize_t n;
    while ((n = read(fd, buffer, sizeof buffer)) > 0)
        fp_cabinet_scan(s, fp_span_of(buffer, (size_t)n));
    return fp_cabinet_scan_end(s, n == 0);
}

static outcome judge(const reading *r)
{
    const fp_cabinet_finding *f = fp_cabinet_hard_finding(r->cabinet);
    if (f != NULL && f->fault == FP_CAB_NOT_A_CABINET)
        return NO_CABINET;
    if (f != NULL)
        return f->fault == FP_CAB_MULTI_VOLUME || f->fault == FP_CAB_QUANTUM_METHOD ? UNSUPPORTED
                                                                                    : DAMAGED;
    if (r->result.fate == FP_FATE_REFUSED)
        return REFUSED;
    if (r->result.fate != FP_FATE_ENDED || !r->all_complete || r->members != r->cabinet->file_count)
        return UNEXPECTED;
    return r->cabinet->finding_count > 0 ? DOUBTFUL : FINE;
}

/* ---- what other programs make of it --------------------------------------------------- */

enum { LINE_SIZE = 4096 };

typedef struct listed { /* members that a program lists, compared one by one with ours */
    const fp_cabinet *cabinet;
    size_t count;
    bool same;
} listed;

/* Programs show other names in ways of their own: escaped, decoded, without "..". */
static bool is_plain(fp_str name)
{
    bool plain = name.size > 0 && name.data[0] != '/' && name.data[0] != '\\' &&
                 fp_str_find(name, FP_STR("..")) < 0;
    for (size_t i = 0; i < name.size; i++)
        plain = plain && name.data[i] > ' ' && name.data[i] < 0x7F && name.data[i] != ':';
    return plain;
}

static void compare_member(listed *l, fp_str name, uint64_t size)
{
    if (l->count >= l->cabinet->file_count) {
        l->same = false;
        return;
    }
    const fp_cabinet_file *file = &l->cabinet->files[l->count++];
    l->same = l->same && file->size == size && (!is_plain(file->name) || same_name(name, file));
}

/* " 1234 | date time | name" */
static void cabextract_line(listed *l, fp_str line)
{
    fp_str rest = line, size, date;
    uint64_t bytes;
    if (!fp_str_split(&rest, '|', &size) || !fp_str_split(&rest, '|', &date) ||
        !fp_str_to_u64(fp_str_trim(size), &bytes))
        return; /* the heading, the rule below it, the end */
    compare_member(l, fp_str_tail(rest, 1), bytes);
}

/* "Path = name", and later "Size = 1234" */
static void sevenzip_line(listed *l, fp_str line)
{
    static char name[LINE_SIZE];
    static size_t name_size;
    uint64_t bytes;
    if (fp_str_starts(line, FP_STR("Path = "))) {
        const fp_str path = fp_str_tail(line, 7);
        memcpy(name, path.data, path.size);
        name_size = path.size;
    } else if (fp_str_starts(line, FP_STR("Size = ")) &&
               fp_str_to_u64(fp_str_tail(line, 7), &bytes)) {
        compare_member(l, (fp_str){name, name_size}, bytes);
        name_size = 0;
    }
}

static const struct peer {
    const char *name;
    const char *list;
    const char *contents; /* of all members, in order */
    void (*line)(listed *l, fp_str line);
} peers[] = {
    {"cabextract", "cabextract -l -q '%s' 2>/dev/null", "cabextract -p -q '%s' 2>/dev/null",
     cabextract_line},
    {"7z", "7z l -ba -slt '%s' 2>/dev/null </dev/null", "7z x -so '%s' 2>/dev/null </dev/null",
     sevenzip_line},
};
enum { PEERS = sizeof peers / sizeof *peers };

static bool is_installed(const struct peer *peer)
{
    char command[64];
    (void)snprintf(command, sizeof command, "command -v %s >/dev/null", peer->name);
    return system(command) == 0;
}

static FILE *start(const char *format, const char *path)
{
    char command[LINE_SIZE + 256];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    (void)snprintf(command, sizeof command, format, path);
#pragma GCC diagnostic pop
    return popen(command, "r");
}

/* SHA-256 of everything that it extracts, or false when it cannot say. */
static bool peer_digest(const struct peer *peer, const char *path, uint8_t out[FP_SHA256_SIZE])
{
    FILE *pipe = start(peer->contents, path);
    if (pipe == NULL)
        return false;
    fp_digest *digest = fp_digest_new(FP_SHA256);
    uint8_t buffer[65536];
    size_t n;
    while ((n = fread(buffer, 1, sizeof buffer, pipe)) > 0)
        fp_digest_update(digest, fp_span_of(buffer, n));
    const bool good = pclose(pipe) == 0;
    return fp_digest_finish(digest, out) == FP_OK && good;
}

/* False when it lists other members; true too when it cannot say. */
static bool peer_agrees(const struct peer *peer, const char *path, const fp_cabinet *cabinet)
{
    char line[LINE_SIZE];
    listed l = {.cabinet = cabinet, .same = true};
    FILE *pipe = start(peer->list, path);
    if (pipe == NULL)
        return true;
    while (fgets(line, sizeof line, pipe) != NULL) {
        fp_str text = fp_str_of(line);
        if (text.size > 0 && text.data[text.size - 1] == '\n')
            text.size--;
        peer->line(&l, text);
    }
    const bool good = pclose(pipe) == 0;
    return !good || (l.same && l.count == cabinet->file_count);
}

typedef struct comparison {
    unsigned contents, lists; /* compared with peers that could say */
    bool differs;
} comparison;

static void compare_with_peers(const char *path, const fp_cabinet *cabinet, const uint8_t *ours,
                               comparison *c)
{
    for (size_t i = 0; i < PEERS; i++) {
        uint8_t theirs[FP_SHA256_SIZE];
        if (!is_installed(&peers[i]))
            continue;
        if (peer_digest(&peers[i], path, theirs)) {
            c->contents++;
            if (memcmp(ours, theirs, sizeof theirs) != 0) {
                print_error("    %s: other contents\n", peers[i].name);
                c->differs = true;
            }
        }
        c->lists++;
        if (!peer_agrees(&peers[i], path, cabinet)) {
            print_error("    %s: another list\n", peers[i].name);
            c->differs = true;
        }
    }
}

/* Returns the number of failures. */
static unsigned check_file(const char *path, const char *name, comparison *all)
{
    fp_arena *arena = fp_arena_new((size_t)64 << 20);
    reading r = {.all_complete = true, .same_names = true, .digest = fp_digest_new(FP_SHA256)};
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    r.cabinet = scan_file(arena, fd);
    const fp_archive_events events = {
        .context = &r, .begin = on_begin, .data = on_data, .end = on_end};
    fp_archive_limits limits = fp_archive_default_limits;
    limits.nesting = 1;
    assert_int_equal(fp_archive_read(fd, &limits, false, &events, &r.result, NULL), FP_OK);

    const outcome got = judge(&r);
    const outcome expected = expected_of(name);
    uint8_t ours[FP_SHA256_SIZE];
    assert_int_equal(fp_digest_finish(r.digest, ours), FP_OK);
    const bool readable = got == FINE || got == DOUBTFUL;
    all->differs = false;
    if (got == FINE)
        compare_with_peers(path, r.cabinet, ours, all);
    const bool differs = all->differs;
    const bool died = r.result.fate != FP_FATE_ENDED && r.result.fate != FP_FATE_REFUSED;
    const fp_cabinet_finding *f = r.cabinet->finding_count > 0 ? &r.cabinet->findings[0] : NULL;
    const bool failed = got != expected || differs || died || (readable && !r.same_names);
    if (failed)
        print_error("    {\"%s\", %s}, // %s; decoder %s %s%s%s\n", name, outcome_name(got),
                    f != NULL ? f->message : "", fp_decoder_fate_name(r.result.fate),
                    r.result.message, differs ? "; ANOTHER PROGRAM DIFFERS" : "",
                    readable && !r.same_names ? "; NAMES DIFFER" : "");
    (void)close(fd);
    fp_arena_free(arena);
    return failed ? 1 : 0;
}

/* ---- the folder ----------------------------------------------------------------------- */

typedef struct walk {
    size_t prefix; /* bytes of a path before the part that the table holds */
    unsigned files;
    unsigned failures;
    comparison compared;
} walk;

static void check_folder(walk *w, const char *folder, unsigned depth)
{
    struct dirent **names = NULL;
    const int count = scandir(folder, &names, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        char path[4096];
        struct stat st;
        (void)snprintf(path, sizeof path, "%s/%s", folder, names[i]->d_name);
        if (names[i]->d_name[0] != '.' && stat(path, &st) == 0) {
            if (S_ISDIR(st.st_mode) && depth < 4) {
                check_folder(w, path, depth + 1);
            } else if (fp_str_iends(fp_str_of(path), FP_STR(".cab"))) {
                w->files++;
                w->failures += check_file(path, path + w->prefix, &w->compared);
            }
        }
        free(names[i]);
    }
    free(names);
}

static void test_corpus(void **state)
{
    (void)state;
    const char *corpus = corpus_or_skip();
    char folder[2048];
    (void)snprintf(folder, sizeof folder, "%s/cab", corpus);
    walk w = {.prefix = strlen(folder) + 1};
    check_folder(&w, folder, 0);
    for (size_t i = 0; i < PEERS; i++)
        if (!is_installed(&peers[i]))
            print_message("skipped: %s is not installed\n", peers[i].name);
    print_message("%u cabinets; contents compared %u times, lists %u times\n", w.files,
                  w.compared.contents, w.compared.lists);
    assert_true(w.files > 0);
    assert_int_equal(w.failures, 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {cmocka_unit_test(test_corpus)};
    return RUN_TESTS(tests);
}
