/* SPDX-License-Identifier: MIT */
#include "verify/cli/console.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { MESSAGE_MAX = 4096, MESSAGE_MEMORY = 256 * 1024 };

/* One write per line, so that lines of several processes do not mix. A failure has nobody to be
 * told to. */
static void write_line(fp_str text)
{
    fp_out line = {0};
    fp_out_str(&line, text);
    fp_out_char(&line, '\n', 1);
    if (!line.failed && write(STDERR_FILENO, line.data, line.size) < 0)
        (void)0;
    fp_out_free(&line);
}

void fp_console_error(const char *subject, const char *format, ...)
{
    char message[MESSAGE_MAX];
    va_list args;
    va_start(args, format);
    if (vsnprintf(message, sizeof message, format, args) < 0)
        message[0] = '\0';
    va_end(args);

    fp_arena *arena = fp_arena_new(MESSAGE_MEMORY);
    fp_str shown = FP_STR("fixproof: out of memory");
    if (arena != NULL) {
        const char *text =
            fp_arena_printf(arena, "fixproof: %s%s%s", subject != NULL ? subject : "",
                            subject != NULL ? ": " : "", message);
        if (text == NULL || fp_text_display(fp_str_of(text), arena, &shown) != FP_OK)
            shown = FP_STR("fixproof: out of memory");
    }
    write_line(shown);
    fp_arena_free(arena);
}

int fp_console_out_of_memory(void)
{
    fp_console_error(NULL, "out of memory");
    return FP_EXIT_SOFTWARE;
}

void fp_console_diag(const char *subject, const fp_diag *d)
{
    const char *message = *d->message != '\0' ? d->message : fp_status_name(d->status);
    if (d->module == NULL || d->where == 0)
        fp_console_error(subject, "%s", message);
    else if (strcmp(d->module, "json") == 0 && subject != NULL && d->where > 0)
        fp_console_error(NULL, "%s:%llu: %s", subject, (unsigned long long)d->where, message);
    else
        fp_console_error(subject, "%s (%s, %llu)", message, d->module,
                         (unsigned long long)d->where);
}

fp_exit fp_console_exit_of(fp_status status)
{
    switch (status) {
    case FP_OK:
        return FP_EXIT_NOTHING_TO_DO;
    case FP_IO:
        return FP_EXIT_IOERR;
    case FP_TRUNCATED:
    case FP_FORMAT:
    case FP_LIMIT:
    case FP_UNSUPPORTED:
    case FP_NOT_FOUND:
        return FP_EXIT_DATA;
    case FP_NOMEM:
    case FP_CRYPTO:
        break;
    }
    return FP_EXIT_SOFTWARE;
}

static bool is_utf8_locale(void)
{
    static const char *const variables[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++) {
        const fp_str value = fp_str_of(getenv(variables[i]));
        if (value.size > 0) /* the first that is set decides, as setlocale does it */
            return fp_str_ifind(value, FP_STR("utf-8")) >= 0 ||
                   fp_str_ifind(value, FP_STR("utf8")) >= 0;
    }
    return false;
}

static bool is_terminal(void)
{
    const char *term = getenv("TERM");
    return isatty(STDOUT_FILENO) && (term == NULL || strcmp(term, "dumb") != 0);
}

/* $COLUMNS, then the terminal's own width; where there is no terminal always the same, so that
 * output does not depend on where it was made. */
static unsigned width_of_output(void)
{
    if (!isatty(STDOUT_FILENO))
        return FP_CONSOLE_WIDTH;
    struct winsize size;
    uint64_t columns = 0;
    if (!fp_str_to_u64(fp_str_of(getenv("COLUMNS")), &columns) &&
        ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
        columns = size.ws_col;
    if (columns == 0)
        return FP_CONSOLE_WIDTH;
    if (columns < FP_CONSOLE_WIDTH_MIN)
        return FP_CONSOLE_WIDTH_MIN;
    return columns > FP_CONSOLE_WIDTH_MAX ? FP_CONSOLE_WIDTH_MAX : (unsigned)columns;
}

bool fp_console_style(const fp_options *options, fp_report_style *out)
{
    const char *when = fp_option_value(options, FP_OPT_COLOR);
    const char *no_color = getenv("NO_COLOR");
    fp_report_style style = {.utf8 = !is_terminal() || is_utf8_locale(),
                             .width = width_of_output()};
    if (when == NULL || strcmp(when, "auto") == 0)
        style.color = is_terminal() && (no_color == NULL || *no_color == '\0');
    else if (strcmp(when, "always") == 0)
        style.color = true;
    else if (strcmp(when, "never") != 0) {
        fp_console_error(NULL, "option --color takes auto, always or never, not '%s'", when);
        return false;
    }
    *out = style;
    return true;
}

fp_report_style fp_console_file_style(void)
{
    return (fp_report_style){.utf8 = true, .width = FP_CONSOLE_WIDTH};
}
