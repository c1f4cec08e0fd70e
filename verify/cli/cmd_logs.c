/* SPDX-License-Identifier: MIT */
#include "verify/cli/output.h"
#include "verify/cli/session.h"

#include <stdlib.h>

enum { FLUSH_BYTES = 64 * 1024, LINE_MEMORY = 64 * 1024 * 1024 };

/* `--records`: every record of every log, straight from the reader to standard output. */
typedef struct printer {
    fp_out out;
    fp_diag diag;
    fp_progress progress;
    const char *code_page;
    size_t logs;
    bool broken; /* standard output is no more */
} printer;

typedef struct log_stream {
    printer *p;
    fp_log_reader *reader;
} log_stream;

static fp_status flush(printer *p)
{
    if (p->out.failed)
        return FP_NOMEM;
    if (fp_output_to_stdout((fp_str){p->out.data, p->out.size}, &p->diag) != FP_OK) {
        p->broken = true;
        return FP_NOMEM; /* the one status that ends the reading */
    }
    p->out.size = 0;
    return FP_OK;
}

/* Escaped, so that a record is one line and its fields are what lies between tabs. */
static fp_status put_text(printer *p, fp_str text)
{
    fp_arena *arena = fp_arena_new(LINE_MEMORY);
    fp_str shown;
    const fp_status status = arena == NULL ? FP_NOMEM : fp_text_display(text, arena, &shown);
    if (status == FP_OK)
        fp_out_str(&p->out, shown);
    fp_arena_free(arena);
    return status;
}

static fp_status print_record(void *context, const fp_log_record *record)
{
    printer *p = context;
    char time[FP_TIME_TEXT_SIZE];
    fp_out_text(&p->out, record->time == FP_TIME_NONE ? "-" : fp_time_format(record->time, time));
    fp_out_char(&p->out, '\t', 1);
    fp_status status = put_text(p, record->component.size > 0 ? record->component : FP_STR("-"));
    fp_out_printf(&p->out, "\t%lu\t", (unsigned long)record->thread);
    if (status == FP_OK)
        status = put_text(p, record->message);
    fp_out_char(&p->out, '\n', 1);
    if (status == FP_OK && p->out.size >= FLUSH_BYTES)
        status = flush(p);
    return status;
}

static fp_status begin_log(void *context, fp_item *item, void **stream)
{
    printer *p = context;
    log_stream *log = calloc(1, sizeof *log);
    (void)item;
    if (log == NULL)
        return FP_NOMEM;
    log->p = p;
    log->reader = fp_log_reader_new(p->code_page, print_record, p);
    if (log->reader == NULL) {
        free(log);
        return FP_NOMEM;
    }
    p->logs++;
    *stream = log;
    return FP_OK;
}

static fp_status log_data(void *context, void *stream, fp_span bytes)
{
    (void)context;
    return fp_log_feed(((log_stream *)stream)->reader, bytes);
}

static fp_status end_log(void *context, void *stream, bool complete)
{
    log_stream *log = stream;
    fp_log_counts counts;
    (void)context;
    (void)complete;
    const fp_status status = fp_log_end(log->reader, &counts);
    fp_log_reader_free(log->reader);
    free(log);
    return status;
}

static int read_inputs(fp_session *s, fp_evidence *set)
{
    for (size_t i = 0; i < s->input_count; i++) {
        const fp_case_input *input = &s->inputs[i];
        fp_diag d = {0};
        if (input->fd < 0)
            continue;
        const fp_status status = fp_evidence_add(set, input->fd, input->name, input->is_stdin, &d);
        if (status != FP_OK) {
            fp_console_diag(input->name, &d);
            return (int)fp_console_exit_of(status);
        }
    }
    return 0;
}

static int print_inputs(fp_session *s, printer *p)
{
    const fp_evidence_handler handler = {
        .kind = FP_KIND_LOG, .begin = begin_log, .data = log_data, .end = end_log};
    const fp_evidence_options options = {
        .limits = fp_evidence_default_limits,
        .require_jail = fp_option_is_given(s->options, FP_OPT_REQUIRE_JAIL),
        .handlers = &handler,
        .handler_count = 1,
        .context = p,
    };
    fp_evidence *set;
    if (fp_evidence_new(&options, &set) != FP_OK)
        return FP_EXIT_SOFTWARE;
    int exit_status = read_inputs(s, set);
    fp_evidence_free(set);
    if (!p->broken && exit_status == 0 && flush(p) != FP_OK && !p->broken)
        exit_status = FP_EXIT_SOFTWARE;
    if (p->broken) {
        fp_console_error("standard output", "%s", p->diag.message);
        return FP_EXIT_CANTCREAT;
    }
    if (exit_status == 0 && p->logs == 0) {
        fp_console_error(NULL, "nothing in the evidence was recognised as a log");
        return FP_EXIT_DATA;
    }
    return exit_status;
}

static int records(fp_session *s)
{
    if (fp_option_is_given(s->options, FP_OPT_FORMAT))
        return fp_command_misused(s->command, "--records prints text only: it takes no --format");
    int exit_status = fp_session_open_inputs(s);
    if (exit_status != 0)
        return exit_status;
    printer p = {.code_page = fp_option_value(s->options, FP_OPT_CODE_PAGE)};
    exit_status = print_inputs(s, &p);
    fp_out_free(&p.out);
    return exit_status;
}

static int check(const fp_session *s)
{
    const fp_history *history = s->casefile->history;
    if (history != NULL && history->file_count > 0)
        return 0;
    fp_console_error(NULL, "nothing in the evidence was recognised as a log");
    return FP_EXIT_DATA;
}

static int run(const fp_command *command, const fp_options *options)
{
    fp_session s;
    int exit_status = fp_session_begin(&s, command, options);
    if (exit_status == 0 && fp_option_is_given(options, FP_OPT_RECORDS)) {
        exit_status = records(&s);
    } else if (exit_status == 0) {
        exit_status = fp_session_read(&s);
        if (exit_status == 0)
            exit_status = fp_session_write(&s);
        if (exit_status == 0)
            exit_status = check(&s);
    }
    fp_session_end(&s);
    return exit_status;
}

static const char *const answers[] = {"what the logs hold is written", NULL, NULL};

const fp_command fp_command_logs = {
    .name = "logs",
    .arguments = "FILE|EVIDENCE... [--records] [OPTION]...",
    .summary = "show what happened: episodes, runs, gaps; or every record",
    .help = "Reads ConfigMgr log files and shows the episodes of the activities that the\n"
            "advisories watch, the runs around them, the time that no log covers, and what\n"
            "each file holds. Times are UTC. With --records every record is printed\n"
            "instead, one per line: time, component, thread, message, separated by tabs;\n"
            "unknown is \"-\".\n",
    .examples = "  fixproof logs wsyncmgr.lo_ wsyncmgr.log\n"
                "  fixproof logs --records wsyncmgr.log | grep CreateUpdateNode\n",
    .options = FP_OPTS_EVIDENCE | FP_OPT_BIT(FP_OPT_ADVISORY) | FP_OPT_BIT(FP_OPT_RECORDS),
    .reads_evidence = true,
    .view = FP_VIEW_LOGS,
    .operands_min = 1,
    .operand_words = "name the logs: files, a folder or an archive",
    .answers = answers,
    .run = run,
};
