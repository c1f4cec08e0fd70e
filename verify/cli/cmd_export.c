/* SPDX-License-Identifier: MIT */
#include "verify/cli/session.h"
#include "verify/oval/oval.h"

#include <string.h>

#define OF_EVIDENCE                                                                                \
    ((FP_OPTS_EVIDENCE & ~FP_OPT_BIT(FP_OPT_FORMAT)) | FP_OPT_BIT(FP_OPT_ADVISORY) |               \
     FP_OPT_BIT(FP_OPT_DECLARE))
#define OF_DATA (FP_OPT_BIT(FP_OPT_DATA) | FP_OPT_BIT(FP_OPT_QUIET) | FP_OPT_BIT(FP_OPT_COLOR))

static int print(fp_status status, fp_out *out)
{
    if (status == FP_OK)
        return fp_command_print(out);
    fp_console_error(NULL, "cannot write OVAL: %s", fp_status_name(status));
    fp_out_free(out);
    return FP_EXIT_SOFTWARE;
}

static int write_characteristics(fp_session *s)
{
    fp_out out = {0};
    return print(fp_oval_characteristics_write(&s->report, s->arena, &out), &out);
}

static int export_oval(const fp_command *command, const fp_options *evidence)
{
    static const fp_assess_options how = {.strict = false, .since = FP_TIME_NONE};
    fp_session s;
    int exit_status = fp_session_begin(&s, command, evidence);
    if (exit_status == 0)
        exit_status = fp_session_read(&s);
    if (exit_status == 0)
        exit_status = fp_session_ask(&s, &how);
    if (exit_status == 0)
        exit_status = write_characteristics(&s);
    fp_session_end(&s);
    return exit_status;
}

static int write_definitions(fp_session *s, const char *id)
{
    fp_data_source source;
    int exit_status = fp_data_find_directory(s->options, s->arena, &s->data.directory);
    if (exit_status == 0)
        exit_status = fp_data_load_releases(&s->data, s->arena);
    if (exit_status == 0)
        exit_status = fp_data_load_advisory(&s->data, id, s->arena, &source);
    if (exit_status != 0)
        return exit_status;
    fp_out out = {0};
    const fp_oval_generator generator = {s->report.tool_version, s->report.generated};
    return print(
        fp_oval_definitions_write(source.advisory, s->data.releases, &generator, s->arena, &out),
        &out);
}

static int export_definitions(const fp_command *command, const fp_options *ids)
{
    if (ids->operand_count != 1)
        return fp_command_misused(command, "export oval-definitions takes one ID");
    fp_session s;
    int exit_status = fp_session_begin(&s, command, ids);
    if (exit_status == 0)
        exit_status = write_definitions(&s, ids->operands[0]);
    fp_session_end(&s);
    return exit_status;
}

typedef struct document {
    fp_command_word word;
    uint64_t options;
    int (*write)(const fp_command *command, const fp_options *options);
} document;

static const document documents[] = {
    {{"oval", "FILE", NULL}, OF_EVIDENCE, export_oval},
    {{"oval-definitions", "ID", NULL}, OF_DATA, export_definitions},
};

static const fp_command_word *word_at(size_t index)
{
    return index < sizeof documents / sizeof *documents ? &documents[index].word : NULL;
}

static int run_document(const fp_command *command, const fp_options *options, const document *d)
{
    for (unsigned id = 0; id < FP_OPT_COUNT; id++)
        if ((FP_OPT_BIT(id) & (d->options | FP_OPTS_ALWAYS)) == 0 &&
            fp_option_is_given(options, (fp_option_id)id))
            return fp_command_misused(command, "option --%s does not belong to export %s",
                                      fp_option_table[id].name, d->word.name);
    fp_options rest = *options; /* what stands behind the document's name */
    rest.operands++;
    rest.operand_count--;
    if (rest.operand_count == 0)
        return fp_command_misused(command, "export %s of what?", d->word.name);
    return d->write(command, &rest);
}

static int run(const fp_command *command, const fp_options *options)
{
    for (size_t i = 0; i < sizeof documents / sizeof *documents; i++)
        if (strcmp(options->operands[0], documents[i].word.name) == 0)
            return run_document(command, options, &documents[i]);
    return fp_command_misused(command, "export oval or oval-definitions; not '%s'",
                              options->operands[0]);
}

static const char *const answers[] = {"the document is written", NULL, NULL};

const fp_command fp_command_export = {
    .name = "export",
    .arguments = "DOCUMENT ARGUMENT... [OPTION]...",
    .summary = "write evidence and advisories for other programs to judge",
    .help = "oval EVIDENCE...      what the evidence says of everything that the advisories\n"
            "                      ask about, as OVAL 5.11 system characteristics\n"
            "oval-definitions ID   what an advisory asks, as OVAL 5.11 definitions: 1 its\n"
            "                      product is there, 2 the server is affected, 3 it is fixed;\n"
            "                      then one for each rule and each test\n"
            "\n"
            "An OVAL interpreter, such as oscap, then judges for itself. What OVAL cannot\n"
            "ask (log episodes, catalogues, declarations, lists of site updates) is a\n"
            "variable, for which the characteristics hold fixproof's own answers; without\n"
            "them the result is unknown, never a pass. Written to standard output.\n",
    .examples = "  fixproof export oval /evidence/srv01 --advisory 954474 >srv01.xml\n"
                "  fixproof export oval-definitions 954474 >954474.xml\n"
                "  oscap oval analyse --results results.xml 954474.xml srv01.xml\n",
    .options = OF_EVIDENCE | OF_DATA,
    .reads_evidence = true,
    .operands_min = 1,
    .operand_words = "say what: oval or oval-definitions",
    .word_at = word_at,
    .view = FP_VIEW_ASSESS,
    .answers = answers,
    .run = run,
};
