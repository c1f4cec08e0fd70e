/* SPDX-License-Identifier: MIT */
/*
 * Output of a monitoring plugin (Nagios Plugin API, "Plugin Output"; Monitoring Plugins Development
 * Guidelines, 2.1 and 2.6): "FIXPROOF CRITICAL - summary | performance data", then lines of detail.
 * '|' ends the text in a line, so it is shown as \x7c.
 */
#include "verify/report/export.h"

#include <string.h>

enum { LINE_MAX_BYTES = 1024, LINES_MAX = 40 /* Nagios 4 reads 8 KiB; the worst comes first */ };

enum { PLUGIN_OK = 0, PLUGIN_CRITICAL = 2, PLUGIN_UNKNOWN = 3 }; /* Nagios' own numbers */

/* undetermined is never OK: a monitor must not be green where nothing was shown. */
static int status_of(fp_verdict verdict)
{
    static const int of[FP_VERDICTS] = {
        [FP_UNDETERMINED] = PLUGIN_UNKNOWN,
        [FP_AFFECTED] = PLUGIN_CRITICAL,
        [FP_FIXED] = PLUGIN_OK,
        [FP_NOT_APPLICABLE] = PLUGIN_OK,
    };
    return of[verdict];
}

int fp_report_plugin_status(const fp_result *results, size_t count)
{
    int worst = count == 0 ? PLUGIN_UNKNOWN : PLUGIN_OK;
    for (size_t i = 0; i < count; i++) {
        const int one = status_of(results[i].verdict);
        if (one == PLUGIN_CRITICAL || worst == PLUGIN_OK)
            worst = one;
    }
    return worst;
}

int fp_report_monitor_status(const fp_report *report)
{
    static const int of[] = {PLUGIN_OK, PLUGIN_CRITICAL, PLUGIN_UNKNOWN};
    return report->changes != NULL ? of[fp_conclusion_exit_status(report->changes->conclusion)]
                                   : fp_report_plugin_status(report->results, report->result_count);
}

static const char *status_word(int status)
{
    return status == PLUGIN_OK ? "OK" : status == PLUGIN_CRITICAL ? "CRITICAL" : "UNKNOWN";
}

/* At most LINE_MAX_BYTES of it, never half a character. */
static void put_text(fp_out *out, const char *text)
{
    size_t size = strlen(text);
    const bool cut = size > LINE_MAX_BYTES;
    if (cut)
        for (size = LINE_MAX_BYTES; size > 0 && ((unsigned char)text[size] & 0xC0) == 0x80;)
            size--;
    for (size_t i = 0; i < size; i++) {
        if (text[i] == '|')
            fp_out_text(out, "\\x7c");
        else
            fp_out_char(out, text[i], 1);
    }
    if (cut)
        fp_out_text(out, "...");
}

static void first_line(fp_export *x, fp_out *out)
{
    const fp_report *report = x->report;
    fp_page *p = &x->words;
    const int status = fp_report_monitor_status(report);
    const fp_changes *c = report->changes;
    fp_out_printf(out, "FIXPROOF %s - ", status_word(status));
    put_text(out,
             fp_page_format(
                 p,
                 "%s%s%zu affected, %zu undetermined, %zu fixed, %zu not "
                 "applicable on %s",
                 c != NULL ? fp_text_conclusion(c).words : "", c != NULL ? ": " : "",
                 fp_report_count(report, FP_AFFECTED), fp_report_count(report, FP_UNDETERMINED),
                 fp_report_count(report, FP_FIXED), fp_report_count(report, FP_NOT_APPLICABLE),
                 report->casefile->host.size > 0 ? fp_page_clean(p, report->casefile->host)
                                                 : "a server not named"));
    fp_out_text(out, " |");
    for (unsigned v = 0; v < FP_VERDICTS; v++)
        fp_out_printf(out, " %s=%zu", fp_verdict_name((fp_verdict)v),
                      fp_report_count(report, (fp_verdict)v));
    fp_out_char(out, '\n', 1);
}

static void change_line(fp_export *x, fp_out *out)
{
    const fp_str note = fp_export_change_note(x);
    if (note.size == 0)
        return;
    fp_out_text(out, "change: ");
    put_text(out, note.data);
    fp_out_char(out, '\n', 1);
}

fp_status fp_nagios_write(const fp_report *report, const fp_report_style *style, fp_out *out)
{
    static const fp_verdict order[] = {FP_AFFECTED, FP_UNDETERMINED, FP_FIXED, FP_NOT_APPLICABLE};
    (void)style;
    fp_export x;
    const fp_status status = fp_export_begin(&x, report);
    if (status == FP_OK) {
        first_line(&x, out);
        change_line(&x, out);
    }
    size_t lines = 0;
    for (size_t v = 0; v < sizeof order / sizeof *order && status == FP_OK; v++) {
        for (size_t i = 0; i < report->result_count; i++) {
            const fp_result *result = &report->results[i];
            if (result->verdict != order[v] || lines++ >= LINES_MAX)
                continue;
            put_text(out, fp_page_format(&x.words, "%s: %s",
                                         fp_page_clean(&x.words, result->advisory->id),
                                         fp_export_note(&x, result).data));
            fp_out_char(out, '\n', 1);
        }
    }
    if (lines > LINES_MAX)
        fp_out_printf(out, "... and %zu more\n", lines - LINES_MAX);
    const bool failed = out->failed || x.words.failed;
    fp_export_end(&x);
    return status == FP_OK && failed ? FP_NOMEM : status;
}
