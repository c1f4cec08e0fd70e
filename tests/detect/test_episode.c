/* SPDX-License-Identifier: MIT */
#include "tests/support/check.h"
#include "tests/support/logs.h"

#include <stdio.h>

#define FIRST "Performing legacy sync"
#define STATUS(id)                                                                                 \
    "STATMSG: ID=" id " SEV=I LEV=M SOURCE=\"SMS Server\" COMP=\"SMS_WSUS_SYNC_MANAGER\" "         \
    "SYS=SITESRV01.contoso.com SITE=CS1 PID=432 TID=3404 ISTR0=\"\" NUMATTRS=0"
#define IMPORTER "Started with command line: D:\\SMS\\bin\\i386\\updatewuscatalog.exe /x"
#define STEP     "Processing security catalog D:\\PkgSource\\wsusscn2.cab ..."
#define FAILURE                                                                                    \
    "Error 0x80004005, Unexpected DeploymentAction for update 1293995. Returned from "             \
    "CreateUpdateNode"
#define END_ZERO  "Updates summary: 0 processed, 0 matched, 0 outdated, 0 updated"
#define END_SOME  "Updates summary: 57 processed, 40 matched, 3 outdated, 14 updated"
#define RUN_BEGIN STATUS("6701")
#define RUN_END   STATUS("6702")
#define ROTATION  "<MAXIMUM LOG FILE SIZE REACHED - FILE RENAMED>"

static fp_activity *legacy_sync;

/* ---- one log, described by letters ---- */

/* Each letter of a script is one site record, one second after the other; see `line_of`. */
static const char *line_of(char letter)
{
    switch (letter) {
    case 'f':
        return FIRST;
    case 's':
        return STATUS("6709");
    case 'i':
        return IMPORTER;
    case 'p':
        return STEP;
    case 'X':
        return FAILURE;
    case '0':
        return END_ZERO;
    case 'E':
        return END_SOME;
    case '(':
        return RUN_BEGIN;
    case ')':
        return RUN_END;
    case '!':
        return STATUS("6703");
    case '.':
        return "sync: WSUS synchronizing updates, processed 130 out of 130 items (100%)";
    default:
        return NULL;
    }
}

enum { STEP_MS = 1000 };

static void write_script(fp_out *log, long ms, const char *script)
{
    for (; *script != '\0'; script++, ms += STEP_MS) {
        if (*script == 'e') /* an END of another component */
            log_site_as(log, ms, "SMS_OTHER", END_SOME);
        else if (*script == '~' || *script == 'F') { /* a record that was not written whole */
            fp_out_str(log, FP_STR("\0\0\0"));
            log_site(log, ms, *script == 'F' ? FIRST : "x");
        } else if (*script == '>' || *script == '<') { /* the clock is put forward, or back */
            ms += (*script == '>' ? 1000 : -1001) * STEP_MS;
        } else if (*script == 'M')
            log_plain(log, ROTATION);
        else if (*script != '#' && *script != '%')
            log_site(log, ms, line_of(*script));
    }
}

static const fp_history *history_of(fp_arena *arena, const scanned_file *files, size_t count)
{
    const fp_history *h = NULL;
    assert_int_equal(scan_files(arena, legacy_sync, files, count, &h), FP_OK);
    return h;
}

/*
 * An episode as a word: outcome F C U, "w" whole, "d" dated, "#n" first count, "@b-e" seconds of
 * begin and end, "+" its log ends in it; runs as R or A (active).
 */
static void describe(fp_out *out, const fp_history *h)
{
    static const char outcomes[] = "UCF";
    for (size_t i = 0; i < h->episode_count; i++) {
        const fp_episode *e = &h->episodes[i];
        fp_out_printf(out, "%c%s%s", outcomes[e->outcome], e->whole ? "w" : "",
                      e->dated ? "d" : "");
        if (e->has_counts)
            fp_out_printf(out, "#%llu", (unsigned long long)e->counts[0]);
        if (e->begin != FP_TIME_NONE)
            fp_out_printf(out, "@%lld", (long long)((e->begin - log_time(0)) / STEP_MS));
        if (e->end != FP_TIME_NONE)
            fp_out_printf(out, "-%lld", (long long)((e->end - log_time(0)) / STEP_MS));
        fp_out_text(out, e->cut_short ? "+ " : " ");
    }
    for (size_t i = 0; i < h->run_count; i++)
        fp_out_text(out, h->runs[i].active ? "A " : "R ");
}

typedef struct script_row {
    const char *name, *script, *expected;
} script_row;

static const script_row script_rows[] = {
    {"nothing happened", "....", ""},
    {"the advisory's block", ".fsippX0.", "Fwd#0@1-7 "},
    {"completed", ".fsipE.", "Cwd#57@1-5 "},
    {"completed, nothing processed", ".fsip0.", "Cwd#0@1-5 "},
    {"begin and end alone", "fE", "Cwd#57@0-1 "},
    {"any begin of the burst opens", "s.pE", "Cwd#57@0-3 "},
    {"the burst in another order", "ifsE", "Cwd#57@0-3 "},
    {"no end", "fsip..", "U@0+ "},
    {"no end, failed", "fsipX..", "Fwd@0-4+ "},
    {"the same begin again", "fsip..fsipE", "U@0 Cwd#57@6-10 "},
    {"the same begin again, failed before", "fsipX.fsipE", "Fwd@0-4 Cwd#57@6-10 "},
    {"another begin after a failure", "fX.siE", "Fwd@0-1 Cwd#57@3-5 "},
    {"another begin after a step", "fp.siE", "U@0 Cwd#57@3-5 "},
    {"a begin after an end", "fEsiE", "Cwd#57@0-1 Cwd#57@2-4 "},
    {"two failures are one episode", "fXX0", "Fwd#0@0-3 "},
    {"an end outside an episode", "E..E", ""},
    {"a second end", "fEE", "Cwd#57@0-1 "},
    {"the begin was rotated away, step", "pE", "C#57-1 "},
    {"the begin was rotated away, failure", "X0", "Fw#0-1 "},
    {"a failure alone", "..X..", "Fw-2+ "},
    {"a begin after a rotated one", "pfE", "U Cwd#57@1-2 "},
    {"the end of another component", "feE", "Cwd#57@0-2 "},
    {"only the end of another component", "fe", "U@0+ "},
    {"6709 alone is no failure", "s", "U@0+ "},
    {"a record that is not whole, inside", "f~E", "Ud#57@0-2 "},
    {"a record that is not whole, outside", "~fE~", "Cwd#57@1-2 "},
    {"a record that is not whole, failed", "f~X0", "Fwd#0@0-3 "},
    {"a begin that is not whole", "FE", "Ud#57@0-1 "},
    {"a run without the activity", "(...)", "R "},
    {"a run that failed without the activity", "(.!", ""},
    {"a run that failed with the activity", "(f!", "U@1 A "},
    {"a run after one that failed", "(.!(.)", "R "},
    {"a run with the activity", "(fsE)", "Cwd#57@1-3 A "},
    {"a run with only a step", "(p)", "U A "},
    {"a run with a failure", "(X)", "Fw-1 A "},
    {"a run ends an episode", "(fsp)E", "U@1 A "},
    {"a run ends a failed episode", "(fX)E", "Fwd@1-2 A "},
    {"an end outside any episode is no activity", "(E)", "R "},
    {"a run that began before the log", "..)", ""},
    {"a run that does not end", "(..", ""},
    {"a run that begins twice", "(f(.)", "U@1 R "},
    {"an inactive run with a damaged record", "(.~.)", ""},
    {"an active run with a damaged record", "(f~)", "U@1 A "},
    {"a rotation mark is no break", "fM0", "Cwd#0@0-2 "},
};

static void plays(void **state)
{
    const script_row *row = *state;
    fp_out log = {.data = NULL};
    write_script(&log, 0, row->script);
    fp_arena *arena = fp_arena_new(1 << 20);
    const scanned_file file = {.name = "wsyncmgr.log", .bytes = {log.data, log.size}, .step = 17};
    fp_out text = {.data = NULL};
    describe(&text, history_of(arena, &file, 1));
    assert_str(((fp_str){text.data, text.size}), row->expected);
    fp_out_free(&text);
    fp_arena_free(arena);
    fp_out_free(&log);
}

static void tells_what_it_saw(void **state)
{
    (void)state;
    fp_out log = {.data = NULL};
    write_script(&log, 0, ".fsipX0.");
    fp_arena *arena = fp_arena_new(1 << 20);
    const scanned_file file = {.name = "wsyncmgr.log", .bytes = {log.data, log.size}};
    const fp_history *h = history_of(arena, &file, 1);
    const fp_episode *e = &h->episodes[0];
    assert_str(e->update, "1293995");
    assert_str(e->failure_text, FAILURE);
    assert_str(e->marks, "first-line,status-6709,importer-started,catalog-opened,"
                         "create-update-node,updates-summary");
    assert_int_equal(e->begin_origin.item, 1);
    assert_str(e->begin_origin.where, "line 2");
    assert_str(e->failure_origin.where, "line 6");
    assert_str(e->end_origin.where, "line 7");
    assert_true(e->failure == log_time(5000));
    assert_int_equal(h->files[0].counts.site, 8);
    assert_str(h->files[0].host, "SITESRV01.contoso.com");
    assert_int_equal(h->host_count, 1);
    assert_str(h->hosts[0], "SITESRV01");
    assert_str(h->host_origins[0].where, "line 3");
    fp_arena_free(arena);
    fp_out_free(&log);
}

/* ---- several files ---- */

enum { FILES_MAX = 4 };

typedef struct files_row {
    const char *name;
    struct {
        const char *name;
        long second;
        const char *script; /* "#" at its end: the file is cut there; "%": known afterwards */
    } files[FILES_MAX];
    const char *expected; /* episodes and runs, then "| gap", then "| n duplicates" */
} files_row;

static const files_row files_rows[] = {
    {"the rotated file comes first",
     {{"wsyncmgr.log", 100, "pE."}, {"wsyncmgr.lo_", 0, ".fsM"}},
     "Cwd#57@1-101 | ?-0 |0"},
    {"names without case",
     {{"WSYNCMGR.LOG", 100, "pE."}, {"wsyncmgr.LO_", 0, ".fs"}},
     "Cwd#57@1-101 | ?-0 |0"},
    {"the rotated file was cut",
     {{"wsyncmgr.log", 100, "pE."}, {"wsyncmgr.lo_", 0, ".fs#"}},
     "U@1+ C#57-101 | ?-0 2-100 |0"},
    {"the rotated file turned out to be cut",
     {{"wsyncmgr.log", 100, "pE."}, {"wsyncmgr.lo_", 0, ".fs%"}},
     "U@1+ C#57-101 | ?-0 2-100 |0"},
    {"a run over the rotation",
     {{"wsyncmgr.log", 100, ".)"}, {"wsyncmgr.lo_", 0, "(.."}},
     "R | ?-0 |0"},
    {"a run over a gap",
     {{"a/wsyncmgr.log", 100, ".)"}, {"b/wsyncmgr.log", 0, "(.."}},
     "| ?-0 2-100 |0"},
    {"an episode over a gap",
     {{"a/wsyncmgr.log", 100, ".E"}, {"b/wsyncmgr.log", 0, "f.."}},
     "U@0+ | ?-0 2-100 |0"},
    {"a failed episode over a gap",
     {{"a/wsyncmgr.log", 100, ".E"}, {"b/wsyncmgr.log", 0, "fX"}},
     "Fwd@0-1+ | ?-0 1-100 |0"},
    {"a file that was rotated by date",
     {{"wsyncmgr-20080613-000000.log", 0, "fsE"}, {"wsyncmgr.log", 100, ".fsX0"}},
     "Cwd#57@0-2 Fwd#0@101-104 | ?-0 2-100 |0"},
    {"the same file twice",
     {{"a/wsyncmgr.log", 0, ".fsE."}, {"b/wsyncmgr.log", 0, ".fsE."}},
     "Cwd#57@1-3 | ?-0 |3"},
    {"a copy under another name",
     {{"wsyncmgr.log", 0, ".fsE."}, {"old (1).log", 0, ".fsE."}},
     "Cwd#57@1-3 | ?-0 |3"},
    {"a later copy goes on",
     {{"early.log", 0, ".fs"}, {"late.log", 0, ".fspX0"}},
     "Fwd#0@1-5 | ?-0 |2"},
    {"a later copy that begins inside",
     {{"early.log", 0, "(.fs"}, {"late.log", 2, "fspE)"}},
     "Cwd#57@2-5 A | ?-0 |2"},
    {"another log does not end an episode",
     {{"wsyncmgr.log", 0, "fs..."}, {"other.log", 2, "E"}},
     "U@0+ | ?-0 ?-2 |0"},
    {"over the rotation, another component's end",
     {{"wsyncmgr.log", 100, "eE"}, {"wsyncmgr.lo_", 0, "fs"}},
     "Cwd#57@0-101 | ?-0 |0"},
    {"a clock that was set back keeps the file's order",
     {{"a/x.log", 0, "f.>p<.X0"}, {"b/x.log", 100, "fE"}},
     "Fw#0@0-6 Cwd#57@100-101 | ?-0 6-100 |0"},
    {"three files out of order",
     {{"c/x.log", 200, "E"},
      {"a/x.log", 0, "fs.........."},
      {"b/x.log", 5, "....................."}},
     "U@0+ | ?-0 25-200 |0"},
    {"episodes of two logs in the order of time",
     {{"b.log", 50, "fE"}, {"a.log", 0, "fX........."}, {"c.log", 100, "fE"}},
     "Fwd@0-1+ Cwd#57@50-51 Cwd#57@100-101 | ?-0 ?-50 ?-100 |0"},
};

static void describe_gaps(fp_out *out, const fp_history *h)
{
    fp_out_text(out, "| ");
    for (size_t i = 0; i < h->gap_count; i++) {
        const fp_log_gap *gap = &h->gaps[i];
        if (gap->from == FP_TIME_NONE)
            fp_out_text(out, "?");
        else
            fp_out_printf(out, "%lld", (long long)((gap->from - log_time(0)) / STEP_MS));
        fp_out_printf(out, "-%lld ", (long long)((gap->to - log_time(0)) / STEP_MS));
    }
    uint64_t duplicates = 0;
    for (size_t i = 0; i < h->file_count; i++)
        duplicates += h->files[i].duplicates;
    fp_out_printf(out, "|%llu", (unsigned long long)duplicates);
}

/* In every order in which the files can be given, the history is the same. */
static void plays_files(void **state)
{
    const files_row *row = *state;
    fp_out logs[FILES_MAX] = {{.data = NULL}};
    size_t count = 0;
    while (count < FILES_MAX && row->files[count].name != NULL) {
        write_script(&logs[count], row->files[count].second * STEP_MS, row->files[count].script);
        count++;
    }
    for (size_t turn = 0; turn < 2 * count; turn++) {
        scanned_file files[FILES_MAX];
        for (size_t i = 0; i < count; i++) {
            const size_t k = turn < count ? (i + turn) % count : (2 * count - 1 - i + turn) % count;
            files[i] = (scanned_file){.name = row->files[k].name,
                                      .bytes = {logs[k].data, logs[k].size},
                                      .cut = strchr(row->files[k].script, '#') != NULL,
                                      .cut_late = strchr(row->files[k].script, '%') != NULL};
        }
        fp_arena *arena = fp_arena_new(1 << 20);
        fp_out text = {.data = NULL};
        const fp_history *h = history_of(arena, files, count);
        describe(&text, h);
        describe_gaps(&text, h);
        assert_str(((fp_str){text.data, text.size}), row->expected);
        assert_int_equal(h->file_count, count);
        fp_out_free(&text);
        fp_arena_free(arena);
    }
    for (size_t i = 0; i < count; i++)
        fp_out_free(&logs[i]);
}

/* ---- without times ---- */

static void undated(void **state)
{
    (void)state;
    fp_out older = {.data = NULL};
    fp_out newer = {.data = NULL};
    fp_out ticket = {.data = NULL};
    fp_out dated = {.data = NULL};
    log_plain(&older, FIRST);
    log_plain(&newer, END_SOME);
    log_plain(&ticket, FIRST);
    log_plain(&ticket, FAILURE);
    write_script(&dated, 0, "fE");
    const scanned_file files[] = {
        {.name = "ticket.txt", .bytes = {ticket.data, ticket.size}},
        {.name = "pasted.log", .bytes = {newer.data, newer.size}},
        {.name = "wsyncmgr.log", .bytes = {dated.data, dated.size}},
        {.name = "pasted.lo_", .bytes = {older.data, older.size}},
    };
    fp_arena *arena = fp_arena_new(1 << 20);
    fp_out text = {.data = NULL};
    const fp_history *h = history_of(arena, files, 4);
    describe(&text, h);
    assert_str(((fp_str){text.data, text.size}), "Cwd#57@0-1 Cw#57 Fw+ ");
    assert_str(h->files[0].name, "wsyncmgr.log");
    assert_str(h->files[1].name, "pasted.lo_");
    assert_str(h->files[2].name, "pasted.log");
    fp_out_free(&text);
    fp_arena_free(arena);
    fp_out_free(&older);
    fp_out_free(&newer);
    fp_out_free(&ticket);
    fp_out_free(&dated);
}

/* A plain line in a framed log continues the record before it. */
static void a_plain_failure_in_a_dated_log(void **state)
{
    (void)state;
    fp_out log = {.data = NULL};
    log_site(&log, 0, FIRST);
    log_plain(&log, FAILURE);
    log_site(&log, 2000, END_ZERO);
    fp_arena *arena = fp_arena_new(1 << 20);
    const scanned_file file = {.name = "x.log", .bytes = {log.data, log.size}};
    fp_out text = {.data = NULL};
    const fp_history *h = history_of(arena, &file, 1);
    describe(&text, h);
    assert_str(((fp_str){text.data, text.size}), "Fwd#0@0-2 ");
    assert_true(h->episodes[0].failure == FP_TIME_NONE);
    fp_out_free(&text);
    fp_arena_free(arena);
    fp_out_free(&log);
}

/* Halves of a wrapped message are short, and only one line end, perhaps a blank line, is between
 * them. */
static void only_halves_are_joined(void **state)
{
    (void)state;
    static const char first[] = "Error 0x80004005, Unexpected DeploymentAction for update 1293995.";
    static const char second[] = "Returned from CreateUpdateNode";
    static const struct {
        const char *between;
        size_t filler;
        bool failed;
    } rows[] = {
        {"", 0, true},       {"\r\n", 0, true}, {"\r\n\r\n", 0, false},
        {"x\r\n", 0, false}, {"", 80, true},    {"", 120, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        fp_out log = {.data = NULL};
        log_plain(&log, FIRST);
        log_plain(&log, first);
        fp_out_text(&log, rows[i].between);
        fp_out_char(&log, 'y', rows[i].filler);
        fp_out_text(&log, " ");
        log_plain(&log, second);
        fp_arena *arena = fp_arena_new(1 << 20);
        const scanned_file file = {.name = "x.txt", .bytes = {log.data, log.size}};
        const fp_history *h = history_of(arena, &file, 1);
        assert_int_equal(h->episode_count, 1);
        assert_int_equal(h->episodes[0].outcome,
                         rows[i].failed ? FP_EPISODE_FAILED : FP_EPISODE_UNKNOWN);
        fp_arena_free(arena);
        fp_out_free(&log);
    }
}

/* What is too long to be matched in bounded time is not taken for read. */
static void a_long_message_proves_nothing(void **state)
{
    (void)state;
    fp_out log = {.data = NULL};
    log_site(&log, 0, FIRST);
    fp_out_char(&log, 'x', 70000);
    log_site(&log, 1, "CreateUpdateNode");
    log_site(&log, 2, END_SOME);
    fp_arena *arena = fp_arena_new(1 << 20);
    const scanned_file file = {.name = "x.log", .bytes = {log.data, log.size}};
    const fp_history *h = history_of(arena, &file, 1);
    assert_int_equal(h->episodes[0].outcome, FP_EPISODE_UNKNOWN);
    assert_true(h->files[0].unmatched > 0);
    fp_arena_free(arena);
    fp_out_free(&log);
}

static void a_time_that_contradicts_itself_dates_nothing(void **state)
{
    (void)state;
    fp_out log = {.data = NULL};
    write_script(&log, 0, "fE");
    log_site(&log, 3000, "STATMSG: ID=500 GMTDATE=Fri Jun 13 07:00:03.000 2008 ISTR0=\"\"");
    fp_arena *arena = fp_arena_new(1 << 20);
    const scanned_file file = {.name = "x.log", .bytes = {log.data, log.size}};
    const fp_history *h = history_of(arena, &file, 1);
    assert_int_equal(h->files[0].counts.mismatch, 1);
    assert_int_equal(h->episodes[0].outcome, FP_EPISODE_COMPLETED);
    assert_false(h->episodes[0].dated);
    fp_arena_free(arena);
    fp_out_free(&log);
}

static void two_hosts(void **state)
{
    (void)state;
    fp_out log = {.data = NULL};
    log_site(&log, 0, "STATMSG: ID=500 SYS=SITESRV01.contoso.com SITE=CS1");
    log_site(&log, 1, "STATMSG: ID=500 SYS=sitesrv01 SITE=CS1");
    log_site(&log, 2, "STATMSG: ID=500 SYS=<SERVERFQDN> SITE=CS1");
    log_site(&log, 3, "STATMSG: ID=500 SYS=OTHER SITE=CS1");
    fp_arena *arena = fp_arena_new(1 << 20);
    const scanned_file file = {.name = "x.log", .bytes = {log.data, log.size}};
    const fp_history *h = history_of(arena, &file, 1);
    assert_int_equal(h->host_count, 2);
    assert_str(h->hosts[0], "SITESRV01");
    assert_str(h->hosts[1], "OTHER");
    assert_str(h->host_origins[1].where, "line 4");
    fp_arena_free(arena);
    fp_out_free(&log);
}

/* ---- limits ---- */

static void an_episode_expires(void **state)
{
    (void)state;
    for (int over = 0; over <= 1; over++) {
        fp_out log = {.data = NULL};
        log_site(&log, 0, FIRST);
        for (int i = 0; i < FP_EPISODE_RECORDS_MAX - 1 + over; i++)
            log_site(&log, 1, "x");
        log_site(&log, 2000, END_SOME);
        fp_arena *arena = fp_arena_new(1 << 20);
        const scanned_file file = {.name = "x.log", .bytes = {log.data, log.size}};
        const fp_history *h = history_of(arena, &file, 1);
        assert_int_equal(h->episode_count, 1);
        assert_int_equal(h->episodes[0].outcome,
                         over == 0 ? FP_EPISODE_COMPLETED : FP_EPISODE_UNKNOWN);
        fp_arena_free(arena);
        fp_out_free(&log);
    }
}

static void hits_over_the_limit_are_told(void **state)
{
    (void)state;
    fp_out log = {.data = NULL};
    for (int i = 0; i < FP_TIMELINE_HITS_MAX / 2; i++)
        write_script(&log, 0, "fE");
    write_script(&log, 0, "fE");
    fp_arena *arena = fp_arena_new(1 << 28);
    const scanned_file file = {.name = "x.log", .bytes = {log.data, log.size}};
    const fp_history *h = history_of(arena, &file, 1);
    assert_true(h->files[0].hits_lost);
    assert_int_equal(h->episode_count, FP_TIMELINE_HITS_MAX / 2);
    fp_arena_free(arena);
    fp_out_free(&log);
}

/* A file full of zeroes does not use up the hits. */
static void damaged_records_in_a_row_are_one_hit(void **state)
{
    (void)state;
    fp_out log = {.data = NULL};
    for (int i = 0; i < FP_TIMELINE_HITS_MAX + 10; i++)
        fp_out_str(&log, FP_STR("abc\0def\n"));
    write_script(&log, 0, "fE");
    fp_arena *arena = fp_arena_new(1 << 20);
    const scanned_file file = {.name = "x.log", .bytes = {log.data, log.size}};
    const fp_history *h = history_of(arena, &file, 1);
    assert_false(h->files[0].hits_lost);
    assert_int_equal(h->files[0].counts.nul, FP_TIMELINE_HITS_MAX + 10);
    assert_int_equal(h->episode_count, 1);
    assert_int_equal(h->episodes[0].outcome, FP_EPISODE_COMPLETED);
    fp_arena_free(arena);
    fp_out_free(&log);
}

/* A match that reaches its bound is neither a hit nor none. */
static void a_bounded_match_proves_nothing(void **state)
{
    (void)state;
    const fp_str literal = FP_STR("aaaa");
    const fp_signature_def defs[] = {
        {FP_SIG_BEGIN, FP_STR("begin"), FP_STR("bbbb"), &(fp_str){"bbbb", 4}, 1},
        {FP_SIG_FAILURE, FP_STR("slow"), FP_STR("(?:a+)+(?:a+)+(?:a+)+\\d$"), &literal, 1},
        {FP_SIG_END, FP_STR("end"), FP_STR("cccc"), NULL, 0},
    };
    fp_activity *slow = NULL;
    assert_int_equal(fp_activity_new(FP_STR("slow"), defs, 3, &slow, NULL), FP_OK);
    fp_out log = {.data = NULL};
    log_site(&log, 0, "bbbb");
    char many[400];
    memset(many, 'a', sizeof many - 1);
    many[sizeof many - 1] = '\0';
    log_site(&log, 1, many);
    log_site(&log, 2, "cccc");
    fp_arena *arena = fp_arena_new(1 << 20);
    const scanned_file file = {.name = "x.log", .bytes = {log.data, log.size}};
    const fp_history *h = NULL;
    assert_int_equal(scan_files(arena, slow, &file, 1, &h), FP_OK);
    assert_int_equal(h->files[0].unmatched, 1);
    assert_int_equal(h->episode_count, 1);
    assert_int_equal(h->episodes[0].outcome, FP_EPISODE_UNKNOWN);

    /* After many of them the file is given up, and says so. */
    for (int i = 0; i < FP_EPISODE_UNMATCHED_MAX; i++)
        log_site(&log, 3 + i, many);
    log_site(&log, 5000, "bbbb");
    const scanned_file longer = {.name = "x.log", .bytes = {log.data, log.size}};
    assert_int_equal(scan_files(arena, slow, &longer, 1, &h), FP_OK);
    assert_true(h->files[0].unmatched > FP_EPISODE_UNMATCHED_MAX);
    assert_int_equal(h->episode_count, 1);
    fp_arena_free(arena);
    fp_out_free(&log);
    fp_activity_free(slow);
}

static void any_budget_ends_in_success_or_nomem(void **state)
{
    (void)state;
    fp_out one = {.data = NULL};
    fp_out two = {.data = NULL};
    write_script(&one, 0, "(.fsipX0)(..)");
    write_script(&two, 100, ".fsE.");
    const scanned_file files[] = {
        {.name = "a.lo_", .bytes = {one.data, one.size}},
        {.name = "b.log", .bytes = {two.data, two.size}},
    };
    fp_status status = FP_NOMEM;
    size_t budget = 0;
    for (; status != FP_OK && budget < 1 << 20; budget += 64) {
        fp_arena *arena = fp_arena_new(budget);
        const fp_history *h = NULL;
        status = scan_files(arena, legacy_sync, files, 2, &h);
        assert_true(status == FP_OK || status == FP_NOMEM);
        fp_arena_free(arena);
    }
    assert_int_equal(status, FP_OK);
    assert_true(budget > 1024);
    fp_out_free(&one);
    fp_out_free(&two);
}

static void an_unended_scan_is_freed(void **state)
{
    (void)state;
    fp_arena *arena = fp_arena_new(1 << 20);
    const fp_activity *activities[] = {legacy_sync};
    fp_timeline *t = fp_timeline_new(arena, activities, 1);
    fp_scan *scan = NULL;
    assert_int_equal(fp_scan_begin(t, 1, FP_STR("x.log"), NULL, &scan), FP_OK);
    assert_int_equal(fp_scan_feed(scan, fp_span_of("abc", 3)), FP_OK);
    fp_timeline_free(t);
    fp_arena_free(arena);
}

static void no_file_no_history(void **state)
{
    (void)state;
    fp_arena *arena = fp_arena_new(1 << 20);
    const fp_history *h = history_of(arena, NULL, 0);
    assert_int_equal(h->file_count + h->episode_count + h->run_count + h->gap_count, 0);
    const scanned_file empty = {.name = "x.log", .bytes = {"", 0}};
    h = history_of(arena, &empty, 1);
    assert_int_equal(h->file_count, 1);
    assert_int_equal(h->episode_count + h->run_count + h->gap_count, 0);
    fp_arena_free(arena);
}

/* ---- what data is refused ---- */

typedef struct refused_row {
    const char *name;
    fp_signature_role role;
    const char *pattern;
    const char *literal;
    fp_status status;
} refused_row;

static const refused_row refused_rows[] = {
    {"refused: a pattern that does not compile", FP_SIG_BEGIN, "(", "abcd", FP_FORMAT},
    {"refused: the empty pattern", FP_SIG_BEGIN, "", "abcd", FP_FORMAT},
    {"refused: a pattern that matches the empty string", FP_SIG_BEGIN, "a*", "abcd", FP_FORMAT},
    {"refused: a pattern that looks only", FP_SIG_END, "(?=a)|\\b", NULL, FP_FORMAT},
    {"refused: \\C", FP_SIG_BEGIN, "a\\C", "abcd", FP_FORMAT},
    {"refused: no literals", FP_SIG_FAILURE, "a", NULL, FP_FORMAT},
    {"refused: a short literal", FP_SIG_BEGIN, "a", "a", FP_FORMAT},
    {"refused: a literal with a line end", FP_SIG_BEGIN, "a", "a\nb", FP_FORMAT},
    {"refused: bad UTF-8 in a pattern", FP_SIG_BEGIN, "a\xFF", "abcd", FP_FORMAT},
    {"taken: an end without literals", FP_SIG_END, "a", NULL, FP_OK},
    {"taken: a literal", FP_SIG_BEGIN, "a", "ab", FP_OK},
};

static void refuses(void **state)
{
    const refused_row *row = *state;
    const fp_str literal = fp_str_of(row->literal);
    const fp_signature_def defs[] = {
        {FP_SIG_END, FP_STR("good"), FP_STR("good"), NULL, 0},
        {row->role, FP_STR("tried"), fp_str_of(row->pattern), &literal, row->literal != NULL},
    };
    fp_activity *made = NULL;
    fp_diag d = {.status = FP_OK};
    assert_int_equal(fp_activity_new(FP_STR("x"), defs, 2, &made, &d), row->status);
    if (row->status != FP_OK)
        assert_int_equal(d.where, 1);
    fp_activity_free(made);
}

#define COUNT(rows) (sizeof(rows) / sizeof(rows)[0])

int main(void)
{
    static struct CMUnitTest
        tests[COUNT(script_rows) + COUNT(files_rows) + COUNT(refused_rows) + 16];
    static const struct CMUnitTest others[] = {
        cmocka_unit_test(tells_what_it_saw),
        cmocka_unit_test(undated),
        cmocka_unit_test(a_plain_failure_in_a_dated_log),
        cmocka_unit_test(only_halves_are_joined),
        cmocka_unit_test(a_long_message_proves_nothing),
        cmocka_unit_test(a_time_that_contradicts_itself_dates_nothing),
        cmocka_unit_test(two_hosts),
        cmocka_unit_test(an_episode_expires),
        cmocka_unit_test(hits_over_the_limit_are_told),
        cmocka_unit_test(damaged_records_in_a_row_are_one_hit),
        cmocka_unit_test(a_bounded_match_proves_nothing),
        cmocka_unit_test(any_budget_ends_in_success_or_nomem),
        cmocka_unit_test(an_unended_scan_is_freed),
        cmocka_unit_test(no_file_no_history),
    };
    size_t n = 0;
    for (size_t i = 0; i < COUNT(script_rows); i++)
        tests[n++] =
            (struct CMUnitTest){script_rows[i].name, plays, NULL, NULL, (void *)&script_rows[i]};
    for (size_t i = 0; i < COUNT(files_rows); i++)
        tests[n++] = (struct CMUnitTest){files_rows[i].name, plays_files, NULL, NULL,
                                         (void *)&files_rows[i]};
    for (size_t i = 0; i < COUNT(refused_rows); i++)
        tests[n++] = (struct CMUnitTest){refused_rows[i].name, refuses, NULL, NULL,
                                         (void *)&refused_rows[i]};
    for (size_t i = 0; i < COUNT(others); i++)
        tests[n++] = others[i];

    legacy_sync = legacy_sync_activity();
    if (legacy_sync == NULL)
        return 1;
    const int failed = _cmocka_run_group_tests(__FILE__, tests, n, NULL, NULL);
    fp_activity_free(legacy_sync);
    return failed != 0;
}
