/* SPDX-License-Identifier: MIT */
/*
 * Files, told by a script of letters and bytes, become one history: the same in whatever order and
 * pieces they are read, and never one that says more than was seen.
 */
#include "tests/support/fuzz.h"
#include "tests/support/logs.h"

#include <string.h>

enum { INPUT_MAX = 2048, FILES_MAX = 4, ARENA = 1 << 26 };

#define STATUS(id)                                                                                 \
    "STATMSG: ID=" id                                                                              \
    " SEV=I LEV=M SOURCE=\"SMS Server\" COMP=\"SMS_WSUS_SYNC_MANAGER\" SYS=A ISTR0=\"\""

/* What a letter writes; other bytes below 0x80 stand for themselves in a plain line. */
static const struct {
    char letter;
    const char *message;
} lines[] = {
    {'f', "Performing legacy sync"},
    {'s', STATUS("6709")},
    {'i', "Started with command line: D:\\SMS\\bin\\i386\\updatewuscatalog.exe"},
    {'p', "Processing security catalog D:\\PkgSource\\wsusscn2.cab ..."},
    {'X', "Error 0x80004005, Unexpected DeploymentAction for update 1293995. Returned from "
          "CreateUpdateNode"},
    {'E', "Updates summary: 57 processed, 40 matched, 3 outdated, 14 updated"},
    {'(', STATUS("6701")},
    {')', STATUS("6702")},
    {'.', "nothing"},
    {'1', "Error 0x80004005, Unexpected DeploymentAction for update 1293995."},
    {'2', "Returned from CreateUpdateNode"},
};

static const char *message_of(char letter)
{
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        if (lines[i].letter == letter)
            return lines[i].message;
    }
    return NULL;
}

/* A byte of 0x80 and more moves the clock, mostly forward; '_' makes the next record plain; '|'
 * ends the file. */
static size_t write_files(const uint8_t *data, size_t size, fp_out *files)
{
    size_t count = 1;
    long ms = 1000000;
    bool plain = false;
    for (size_t i = 0; i < size; i++) {
        const char letter = (char)data[i];
        const char *message = message_of(letter);
        if (data[i] >= 0x80) {
            ms += (data[i] & 0x7F) == 0 ? -5000 : (data[i] & 0x7F) * 100;
            ms = ms < 0 ? 0 : ms;
        } else if (letter == '|' && count < FILES_MAX) {
            count++;
        } else if (letter == '_') {
            plain = true;
        } else if (message == NULL) {
            fp_out_char(&files[count - 1], letter, 1);
        } else {
            (plain ? log_plain(&files[count - 1], message)
                   : log_site(&files[count - 1], ms, message));
            plain = false;
        }
    }
    return count;
}

static void check_episode(const fp_episode *e)
{
    require(e->begin_origin.item != 0 && e->end_origin.item != 0);
    require((e->outcome == FP_EPISODE_FAILED) == (e->failure_origin.item != 0));
    require(e->outcome != FP_EPISODE_FAILED || (e->whole && e->failure_text.size > 0));
    require(e->outcome != FP_EPISODE_COMPLETED || e->has_counts);
    require(!e->dated || (e->begin != FP_TIME_NONE && e->end != FP_TIME_NONE));
    require(e->marks.size > 0);
}

static void check_history(const fp_history *h, size_t count)
{
    require(h->file_count == count);
    bool undated = false; /* from the first undated file on there are only such */
    for (size_t i = 0; i < count; i++) {
        const fp_time first = h->files[i].counts.earliest;
        undated |= first == FP_TIME_NONE;
        require(undated == (first == FP_TIME_NONE));
        require(i == 0 || undated || h->files[i - 1].counts.earliest <= first);
        require(h->files[i].duplicates <= h->files[i].hits);
        require(h->files[i].log <= i);
    }
    for (size_t i = 0; i < h->episode_count; i++)
        check_episode(&h->episodes[i]);
    for (size_t i = 0; i < h->gap_count; i++)
        require(h->gaps[i].from == FP_TIME_NONE || h->gaps[i].from < h->gaps[i].to);
}

static void same_history(const fp_history *a, const fp_history *b)
{
    require(a->episode_count == b->episode_count && a->run_count == b->run_count &&
            a->gap_count == b->gap_count);
    for (size_t i = 0; i < a->episode_count; i++) {
        const fp_episode *x = &a->episodes[i];
        const fp_episode *y = &b->episodes[i];
        require(x->outcome == y->outcome && x->begin == y->begin && x->end == y->end &&
                x->failure == y->failure && x->dated == y->dated && x->whole == y->whole);
        require(fp_str_eq(x->marks, y->marks) && fp_str_eq(x->update, y->update));
        require(fp_str_eq(x->begin_origin.where, y->begin_origin.where));
    }
    for (size_t i = 0; i < a->run_count; i++)
        require(a->runs[i].active == b->runs[i].active && a->runs[i].begin == b->runs[i].begin);
    for (size_t i = 0; i < a->gap_count; i++)
        require(a->gaps[i].from == b->gaps[i].from && a->gaps[i].to == b->gaps[i].to);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static fp_activity *activity;
    static const char *const names[FILES_MAX] = {"w.lo_", "w.log", "x/w.log", "other.log"};
    if (activity == NULL)
        activity = legacy_sync_activity();
    require(activity != NULL);
    if (size < 1 || size > INPUT_MAX)
        return 0;

    fp_out logs[FILES_MAX] = {{.data = NULL}};
    const size_t count = write_files(data + 1, size - 1, logs);
    scanned_file forth[FILES_MAX];
    scanned_file back[FILES_MAX];
    for (size_t i = 0; i < count; i++) {
        const scanned_file file = {.name = names[i],
                                   .bytes = {logs[i].data, logs[i].size},
                                   .cut = (data[0] >> i & 1) != 0};
        forth[i] = file;
        back[count - 1 - i] = file;
        back[count - 1 - i].step = 1 + (data[0] >> 4);
    }
    fp_arena *arena = fp_arena_new(ARENA);
    const fp_history *one = NULL;
    const fp_history *other = NULL;
    require(scan_files(arena, activity, forth, count, &one) == FP_OK);
    require(scan_files(arena, activity, back, count, &other) == FP_OK);
    check_history(one, count);
    check_history(other, count);
    same_history(one, other);
    fp_arena_free(arena);
    for (size_t i = 0; i < count; i++)
        fp_out_free(&logs[i]);
    return 0;
}
