/* SPDX-License-Identifier: MIT */
#include "verify/attest/attestation.h"
#include "verify/attest/envelope.h"
#include "verify/cli/command.h"
#include "verify/cli/data.h"
#include "verify/cli/key_file.h"
#include "verify/cli/output.h"

#include <string.h>

enum { MEMORY_MAX = 256 * 1024 * 1024 };

typedef struct attesting {
    const fp_command *command;
    const fp_options *options;
    fp_arena *arena;
    const char *report;
    fp_record record;
    fp_out statement, envelope;
} attesting;

static bool is_stdin(const char *path)
{
    return path != NULL && strcmp(path, "-") == 0;
}

static int check_usage(const attesting *a)
{
    const char *key = fp_option_value(a->options, FP_OPT_KEY);
    const char *phrase = fp_option_value(a->options, FP_OPT_PASSPHRASE_FILE);
    const char *output = fp_option_value(a->options, FP_OPT_OUTPUT);
    if (key == NULL)
        return fp_command_misused(a->command, "name the private key to sign with: --key PEM");
    if (is_stdin(a->report) + is_stdin(key) + is_stdin(phrase) > 1)
        return fp_command_misused(a->command, "standard input is named twice");
    const char *const inputs[] = {a->report, key, phrase};
    for (size_t i = 0; output != NULL && i < sizeof inputs / sizeof *inputs; i++)
        if (inputs[i] != NULL && fp_output_is_file(output, inputs[i]))
            return fp_command_misused(a->command, "the attestation would replace %s", inputs[i]);
    return 0;
}

static int read_report(attesting *a)
{
    fp_diag d = {0};
    const int exit_status = fp_data_read_record(a->report, a->arena, &a->record);
    if (exit_status != 0)
        return exit_status;
    const fp_status status = fp_attestation_write(&a->record, a->arena, &a->statement, &d);
    return status == FP_OK ? 0 : fp_data_told(a->report, status, &d);
}

static int sign(attesting *a, const fp_key *key)
{
    fp_envelope envelope;
    fp_status status =
        fp_envelope_sign(FP_ATTESTATION_TYPE, fp_span_of(a->statement.data, a->statement.size), key,
                         a->arena, &envelope);
    if (status == FP_OK)
        status = fp_envelope_write(&envelope, a->arena, &a->envelope);
    if (status != FP_OK) {
        fp_console_error(a->report, "cannot be signed: %s", fp_status_name(status));
        return (int)fp_console_exit_of(status);
    }
    if (a->envelope.size > FP_JSON_SIZE_MAX) { /* nobody could verify it */
        fp_console_error(a->report, "its attestation would have more than %d bytes",
                         FP_JSON_SIZE_MAX);
        return FP_EXIT_DATA;
    }
    return 0;
}

static int write_envelope(const attesting *a)
{
    const char *file = fp_option_value(a->options, FP_OPT_OUTPUT);
    const fp_str bytes = {a->envelope.data, a->envelope.size};
    const bool to_file = file != NULL && !is_stdin(file);
    fp_diag d = {0};
    const fp_status status =
        to_file ? fp_output_to_file(file, bytes, &d) : fp_output_to_stdout(bytes, &d);
    if (status == FP_OK)
        return 0;
    fp_console_error(to_file ? file : "standard output", "%s", d.message);
    return FP_EXIT_CANTCREAT;
}

static void tell(const attesting *a, const fp_key *key)
{
    size_t unread = 0;
    for (size_t i = 0; i < a->record.item_count; i++)
        unread += !a->record.items[i].hashed;
    if (fp_option_is_given(a->options, FP_OPT_QUIET))
        return;
    fp_console_error(NULL, "attested: items of evidence %zu, verdicts %zu; signed by the key %s",
                     a->record.item_count - unread, a->record.result_count, fp_key_id(key));
    if (unread > 0)
        fp_console_error(NULL, "not attested, for want of a SHA-256: items of evidence %zu",
                         unread);
}

static int attest(attesting *a)
{
    fp_key *key = NULL;
    int exit_status = check_usage(a);
    if (exit_status == 0)
        exit_status = read_report(a);
    if (exit_status == 0) /* after the report: nobody types a pass phrase for nothing */
        exit_status = fp_key_file_private(a->options, &key);
    if (exit_status == 0)
        exit_status = sign(a, key);
    if (exit_status == 0)
        exit_status = write_envelope(a);
    if (exit_status == 0)
        tell(a, key);
    fp_key_free(key);
    return exit_status;
}

static int run(const fp_command *command, const fp_options *options)
{
    attesting a = {.command = command,
                   .options = options,
                   .arena = fp_arena_new(MEMORY_MAX),
                   .report = options->operands[0]};
    int exit_status = FP_EXIT_SOFTWARE;
    if (a.arena == NULL)
        fp_console_error(NULL, "out of memory");
    else
        exit_status = attest(&a);
    fp_out_free(&a.statement);
    fp_out_free(&a.envelope);
    fp_arena_free(a.arena);
    return exit_status;
}

static const char *const answers[] = {"the attestation is written", NULL, NULL};

const fp_command fp_command_attest = {
    .name = "attest",
    .arguments = "REPORT.json --key PEM [OPTION]...",
    .summary = "sign the evidence and the verdicts of a JSON report",
    .help = "Writes an attestation: a DSSE envelope with a statement of in-toto 1.0 in it.\n"
            "Its subjects are the items of evidence, each with its SHA-256; the rest are the\n"
            "verdicts with their caveats, the server, what was declared and judged with, and\n"
            "the SHA-256 of the report. REPORT.json was written by assess, confirm or explain\n"
            "with --format json.\n"
            "\n"
            "The key is an Ed25519 key in PEM (PKCS#8), encrypted or not, that nobody but its\n"
            "owner can read; openssl makes one:\n"
            "\n"
            "  (umask 077; openssl genpkey -algorithm ed25519 -aes256 -out key.pem)\n"
            "  openssl pkey -in key.pem -pubout -out key.pub.pem\n"
            "\n"
            "The same report and the same key give the same bytes.\n",
    .examples = "  fixproof attest srv01.json --key key.pem --output srv01.intoto.json\n"
                "  fixproof attest srv01.json --key key.pem --output srv01.intoto.json \\\n"
                "           --passphrase-file phrase.txt\n",
    .options = FP_OPT_BIT(FP_OPT_KEY) | FP_OPT_BIT(FP_OPT_PASSPHRASE_FILE) |
               FP_OPT_BIT(FP_OPT_OUTPUT) | FP_OPT_BIT(FP_OPT_QUIET),
    .operands_min = 1,
    .operands_max = 1,
    .operand_words = "name the JSON report",
    .answers = answers,
    .run = run,
};
