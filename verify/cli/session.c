/* SPDX-License-Identifier: MIT */
#include "verify/cli/session.h"

#include "verify/cli/expected.h"
#include "verify/cli/settings.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
    SHOWN_MAX = 20,  /* lines of a list in an error */
    DECODERS_MAX = 2 /* of a large catalogue 53 MB are resident then, 15 more with a third */
};

/* At a time: not more than the processors that this process may use. */
static unsigned decoders(void)
{
    cpu_set_t mine;
    const int count = sched_getaffinity(0, sizeof mine, &mine) == 0 ? CPU_COUNT(&mine) : 1;
    return count < DECODERS_MAX ? 1 : DECODERS_MAX;
}

/* https://reproducible-builds.org/specs/source-date-epoch/: seconds, decimal. */
static int read_clock(fp_time *out)
{
    const char *fixed = getenv("SOURCE_DATE_EPOCH");
    if (fixed != NULL && *fixed != '\0') {
        uint64_t seconds;
        if (!fp_str_to_u64(fp_str_of(fixed), &seconds) || seconds > 253402300799U) {
            fp_console_error("$SOURCE_DATE_EPOCH", "not a number of seconds: %s", fixed);
            return FP_EXIT_USAGE;
        }
        *out = (fp_time)seconds * 1000;
        return 0;
    }
    *out = (fp_time)time(NULL) * 1000;
    return 0;
}

static int check_overwriting(const fp_session *s)
{
    const char *before = fp_option_value(s->options, FP_OPT_BEFORE);
    int exit_status = 0;
    for (size_t i = 0; exit_status == 0 && i < s->options->operand_count; i++)
        exit_status = fp_targets_spare(&s->targets, s->command, s->options->operands[i]);
    if (exit_status == 0 && before != NULL)
        exit_status = fp_targets_spare(&s->targets, s->command, before);
    return exit_status;
}

static int parse_declared(fp_session *s)
{
    const size_t count = fp_option_times(s->options, FP_OPT_DECLARE);
    s->declared = fp_arena_alloc_array(s->arena, count + 1, sizeof *s->declared);
    if (s->declared == NULL)
        return fp_console_out_of_memory();
    for (size_t i = 0; i < count; i++) {
        const char *text = fp_option_nth(s->options, FP_OPT_DECLARE, i);
        const char *equals = strchr(text, '=');
        if (equals == NULL || equals == text || equals[1] == '\0')
            return fp_command_misused(s->command, "--declare takes KEY=VALUE, not '%s'", text);
        if (!fp_text_is_utf8(fp_str_of(text)))
            return fp_command_misused(s->command, "--declare '%s' is not valid UTF-8", text);
        s->declared[i] =
            (fp_statement){.key = {text, (size_t)(equals - text)}, .value = fp_str_of(equals + 1)};
    }
    s->declared_count = count;
    return 0;
}

/* A code page that iconv does not know is a slip of the user's: tell it before anything is read. */
static int check_code_page(const fp_session *s)
{
    const char *page = fp_option_value(s->options, FP_OPT_CODE_PAGE);
    if (page == NULL)
        return 0;
    fp_text_decoder *decoder;
    const fp_text_format format = {.encoding = FP_ENCODING_CODE_PAGE, .code_page = page};
    if (fp_text_decoder_new(format, &decoder, NULL) != FP_OK)
        return fp_command_misused(s->command, "unknown code page %s", page);
    fp_text_decoder_free(decoder);
    return 0;
}

static int check_roots(const fp_session *s)
{
    if (fp_option_is_given(s->options, FP_OPT_TRUST_ANY_ROOT) &&
        !fp_option_is_given(s->options, FP_OPT_ROOTS))
        return fp_command_misused(s->command,
                                  "--trust-any-root is about --roots, which is not given");
    return 0;
}

int fp_session_begin(fp_session *s, const fp_command *command, const fp_options *options)
{
    *s = (fp_session){.command = command, .options = options};
    s->arena = fp_arena_new(FP_SESSION_MEMORY_MAX);
    if (s->arena == NULL)
        return fp_console_out_of_memory();
    s->report = (fp_report){.view = command->view,
                            .tool_version = FIXPROOF_VERSION,
                            .since = FP_TIME_NONE,
                            .confined = true};
    if (!fp_console_style(options, &s->style))
        return FP_EXIT_USAGE;
    int exit_status = read_clock(&s->now);
    if (exit_status == 0)
        exit_status = fp_targets_parse(command, options, s->arena, &s->targets);
    if (exit_status == 0)
        exit_status = check_overwriting(s);
    if (exit_status == 0)
        exit_status = parse_declared(s);
    if (exit_status == 0)
        exit_status = fp_expected_parse(s);
    if (exit_status == 0)
        exit_status = check_code_page(s);
    if (exit_status == 0)
        exit_status = check_roots(s);
    s->report.generated = s->now;
    return exit_status;
}

/* What a thing is, in words, when it is neither a file nor a folder; NULL when it is one. */
static const char *special_words(mode_t mode)
{
    if (S_ISREG(mode) || S_ISDIR(mode))
        return NULL;
    if (S_ISFIFO(mode))
        return "a named pipe is not evidence (standard input is: -)";
    if (S_ISSOCK(mode))
        return "a socket is not evidence";
    return "a device is not evidence";
}

/* Looks before it opens: opening a named pipe would wait, opening some devices acts on them. What
 * was put in its place meanwhile is seen by the second look. */
static int open_evidence(const char *path, const char **problem)
{
    struct stat st;
    if (stat(path, &st) != 0) {
        *problem = strerror(errno);
        return -1;
    }
    *problem = special_words(st.st_mode);
    if (*problem != NULL)
        return -1;
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0) {
        *problem = strerror(errno);
        return -1;
    }
    if (fstat(fd, &st) == 0)
        *problem = special_words(st.st_mode);
    if (*problem == NULL)
        return fd;
    (void)close(fd);
    return -1;
}

/* Every input stays open until the evidence was read. */
static void allow_descriptors(size_t count)
{
    struct rlimit limit;
    const rlim_t wanted = (rlim_t)count + 64;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted)
        return;
    limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
    (void)setrlimit(RLIMIT_NOFILE, &limit);
}

static int open_input(fp_session *s, const char *name, bool *stdin_used)
{
    fp_case_input input = {.fd = -1, .name = name};
    if (strcmp(name, "-") == 0) {
        if (*stdin_used)
            return fp_command_misused(s->command, "standard input is named twice");
        *stdin_used = true;
        input = (fp_case_input){.fd = STDIN_FILENO, .name = "standard input", .is_stdin = true};
    } else {
        const char *problem = NULL;
        input.fd = open_evidence(name, &problem);
        if (problem != NULL) {
            fp_console_error(name, "%s", problem);
            input.problem = fp_arena_string(s->arena, problem, strlen(problem));
            if (input.problem == NULL)
                return fp_console_out_of_memory();
        }
    }
    s->inputs[s->input_count++] = input;
    return 0;
}

int fp_session_open_inputs(fp_session *s)
{
    const size_t count = s->options->operand_count;
    s->inputs = fp_arena_alloc_array(s->arena, count + 1, sizeof *s->inputs);
    if (s->inputs == NULL)
        return fp_console_out_of_memory();
    allow_descriptors(count);
    bool stdin_used = false;
    size_t opened = 0;
    for (size_t i = 0; i < count; i++) {
        const int exit_status = open_input(s, s->options->operands[i], &stdin_used);
        if (exit_status != 0)
            return exit_status;
        opened += s->inputs[i].fd >= 0;
    }
    return opened > 0 ? 0 : FP_EXIT_NOINPUT;
}

static void list_items(fp_session *s)
{
    const fp_evidence *set = s->casefile->evidence;
    const size_t count = fp_evidence_count(set);
    const fp_item **items = fp_arena_alloc_array(s->arena, count + 1, sizeof *items);
    if (items == NULL)
        return;
    for (size_t i = 0; i < count; i++)
        items[i] = fp_evidence_item(set, (uint32_t)i + 1);
    s->report.items = items;
    s->report.item_count = count;
    s->report.confined = fp_evidence_confined(set);
}

static int open_case(fp_session *s)
{
    fp_diag d = {0};
    s->case_options = (fp_case_options){
        .advisories = s->data.advisories,
        .advisory_count = s->data.count,
        .releases = s->data.releases,
        .declared = s->declared,
        .declared_count = s->declared_count,
        .expected = s->expected,
        .expected_count = s->expected_count,
        .catalogs = &s->catalogs,
        .trust = s->data.trust,
        .now = s->now,
        .accept_weak = fp_option_is_given(s->options, FP_OPT_ACCEPT_WEAK),
        .require_jail = fp_option_is_given(s->options, FP_OPT_REQUIRE_JAIL),
        .decoders = decoders(),
        .survey = s->report.view == FP_VIEW_INVENTORY,
        .code_page = fp_option_value(s->options, FP_OPT_CODE_PAGE),
        .progress = fp_progress_told,
        .progress_context = &s->progress,
    };
    fp_progress_start(&s->progress, s->options);
    const fp_status status =
        fp_case_open(s->inputs, s->input_count, &s->case_options, &s->casefile, &d);
    fp_progress_end(&s->progress);
    if (status != FP_OK) {
        fp_console_diag(NULL, &d); /* names the input itself */
        return (int)fp_console_exit_of(status);
    }
    s->report.casefile = s->casefile;
    list_items(s);
    return s->report.items == NULL ? fp_console_out_of_memory() : 0;
}

int fp_session_read(fp_session *s)
{
    int exit_status = fp_data_find_directory(s->options, s->arena, &s->data.directory);
    if (exit_status == 0)
        exit_status = fp_data_load_releases(&s->data, s->arena);
    if (exit_status == 0)
        exit_status = fp_data_load_trust(&s->data, s->options, s->arena);
    if (exit_status == 0 && (s->command->options & FP_OPT_BIT(FP_OPT_ADVISORY)) != 0)
        exit_status = fp_data_load_advisories(&s->data, s->options, s->arena);
    if (exit_status == 0)
        exit_status = fp_settings_tell(s);
    if (exit_status == 0)
        exit_status = fp_session_open_inputs(s);
    if (exit_status == 0)
        exit_status = open_case(s);
    if (exit_status == 0)
        exit_status = fp_expected_check(s);
    s->report.advisories = s->data.advisories;
    s->report.advisory_count = s->data.count;
    return exit_status;
}

static void tell_conflict(const fp_session *s)
{
    const fp_case *c = s->casefile;
    fp_console_error(NULL, "the evidence names more than one computer; one set is one server:");
    for (size_t i = 0; i < c->host_count && i < SHOWN_MAX; i++) {
        const fp_item *item = fp_report_item(&s->report, c->hosts[i].origin.item);
        fp_console_error(NULL, "  %.*s: %.*s%s%.*s", FP_STR_ARG(c->hosts[i].name),
                         FP_STR_ARG(item != NULL ? item->path : FP_STR("declared")),
                         c->hosts[i].origin.where.size > 0 ? ", " : "",
                         FP_STR_ARG(c->hosts[i].origin.where));
    }
}

static void tell_unusable(const fp_session *s)
{
    fp_console_error(NULL, "nothing in the evidence is of use: no registry export or hive, log, "
                           "catalogue, program file or statement was recognised and readable");
    size_t shown = 0;
    for (size_t i = 0; i < s->report.item_count && shown < SHOWN_MAX; i++) {
        const fp_item *item = s->report.items[i];
        if (item->problem_count == 0)
            continue;
        fp_console_error(NULL, "  %.*s: %s", FP_STR_ARG(item->path), item->problems[0]);
        shown++;
    }
}

int fp_session_check(const fp_session *s)
{
    if (!fp_case_usable(s->casefile)) {
        tell_unusable(s);
        return FP_EXIT_DATA;
    }
    if (s->casefile->host_conflict) {
        tell_conflict(s);
        return FP_EXIT_DATA;
    }
    return 0;
}

int fp_session_list_hotfixes(fp_session *s)
{
    fp_hotfix *hotfixes = NULL;
    const fp_status status = fp_hotfix_list(&s->casefile->hotfixes, s->casefile->arena, &hotfixes,
                                            &s->report.hotfix_count, &s->report.hotfixes_complete);
    s->report.hotfixes = hotfixes;
    if (status == FP_OK)
        return 0;
    fp_console_error(NULL, "cannot list the hotfixes: %s", fp_status_name(status));
    return (int)fp_console_exit_of(status);
}

/* Asks every advisory. */
static int ask_all(fp_session *s, const fp_assess_options *how)
{
    fp_result *results = fp_arena_alloc_array(s->arena, s->data.count + 1, sizeof *results);
    if (results == NULL)
        return fp_console_out_of_memory();
    for (size_t i = 0; i < s->data.count; i++) {
        const fp_status status = fp_assess(s->casefile, &s->case_options, i, how, &results[i]);
        if (status != FP_OK) {
            fp_console_error(s->data.sources[i].path, "cannot be asked of this evidence: %s",
                             fp_status_name(status));
            return status == FP_NOMEM ? FP_EXIT_SOFTWARE : (int)fp_console_exit_of(status);
        }
    }
    fp_results_sort(results, s->data.count);
    s->report.results = results;
    s->report.result_count = s->data.count;
    return 0;
}

static int write_target(fp_session *s, const fp_target *target)
{
    fp_out out = {0};
    const fp_report_style style = fp_target_style(target, &s->style);
    if (target->format->write(&s->report, &style, &out) == FP_OK)
        return fp_target_write(target, &out);
    fp_out_free(&out);
    return fp_console_out_of_memory();
}

int fp_session_write(fp_session *s)
{
    int exit_status = 0;
    for (size_t i = 0; i < s->targets.count;
         i++) { /* one that fails does not keep the others back */
        const int one = write_target(s, &s->targets.at[i]);
        if (exit_status == 0)
            exit_status = one;
    }
    return exit_status;
}

/* A monitor takes the plugin's status from the exit status, where it has numbers of its own. */
static bool speaks_to_monitor(const fp_session *s)
{
    for (size_t i = 0; i < s->targets.count; i++)
        if (s->targets.at[i].file == NULL && s->targets.at[i].format->plugin)
            return true;
    return false;
}

int fp_session_ask(fp_session *s, const fp_assess_options *how)
{
    const int exit_status = fp_session_check(s);
    return exit_status != 0 ? exit_status : ask_all(s, how);
}

int fp_session_conclude(fp_session *s)
{
    const fp_report *report = &s->report;
    const int exit_status = fp_session_write(s);
    if (exit_status != 0)
        return exit_status;
    if (speaks_to_monitor(s))
        return fp_report_monitor_status(report);
    return report->changes != NULL ? fp_conclusion_exit_status(report->changes->conclusion)
                                   : fp_results_exit_status(report->results, report->result_count);
}

int fp_session_decide(fp_session *s, const fp_assess_options *how)
{
    int exit_status = fp_session_ask(s, how);
    if (exit_status == 0)
        exit_status = fp_session_list_hotfixes(s);
    return exit_status == 0 ? fp_session_conclude(s) : exit_status;
}

void fp_session_end(fp_session *s)
{
    fp_case_free(s->casefile);
    fp_data_free(&s->data);
    for (size_t i = 0; i < s->input_count; i++)
        if (s->inputs[i].fd > STDERR_FILENO)
            (void)close(s->inputs[i].fd);
    fp_arena_free(s->arena);
}
