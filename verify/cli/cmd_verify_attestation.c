/* SPDX-License-Identifier: MIT */
/*
 * Nothing of an envelope is believed or shown before a signature by the given key holds. Then come
 * the report and the evidence, as far as they are named, and the verdicts, asked again.
 */
#include "verify/attest/attestation.h"
#include "verify/attest/verification.h"
#include "verify/cli/key_file.h"
#include "verify/cli/session.h"
#include "verify/report/recorded.h"

#include <string.h>

enum { VERIFIED = 0, NOT_VERIFIED = 1, LEFT_OPEN = 2 }; /* exit status: see `answers` */

typedef struct verification {
    const fp_command *command;
    const fp_options *options;
    fp_arena *arena;
    fp_report_style style;
    fp_targets targets;
    fp_envelope envelope;
    fp_command reading; /* how the evidence is read, and with which options */
    fp_options reading_options;
    fp_session session; /* `found` points into it */
    bool in_session;
    fp_record report, at_hand;
    fp_verification found;
} verification;

static int failed(fp_status status)
{
    fp_console_error(NULL, "%s", status == FP_NOMEM ? "out of memory" : fp_status_name(status));
    return FP_EXIT_SOFTWARE;
}

/* ---- telling ---- */

static int write_target(const verification *v, const fp_target *target)
{
    const fp_report_style style = fp_target_style(target, &v->style);
    fp_out out = {0};
    fp_page p = {.out = &out, .arena = v->arena, .style = &style};
    if (target->format == fp_report_format_at(0)) {
        fp_verification_text(&v->found, &p);
        out.failed = out.failed || p.failed;
    } else if (fp_verification_json(&v->found, v->arena, &out) != FP_OK) {
        out.failed = true;
    }
    return fp_target_write(target, &out);
}

static int conclude(const verification *v)
{
    static const int statuses[FP_ANSWERS] = {[FP_ANSWER_OPEN] = LEFT_OPEN,
                                             [FP_ANSWER_VERIFIED] = VERIFIED,
                                             [FP_ANSWER_NOT_VERIFIED] = NOT_VERIFIED};
    int exit_status = 0;
    for (size_t i = 0; i < v->targets.count; i++) {
        const int one = write_target(v, &v->targets.at[i]);
        exit_status = exit_status != 0 ? exit_status : one;
    }
    return exit_status != 0 ? exit_status : statuses[fp_verification_answer(&v->found)];
}

/* ---- the envelope ---- */

static int read_envelope(verification *v, const char *path)
{
    fp_span text;
    fp_diag d = {0};
    fp_status status = fp_data_read_file(path, FP_JSON_SIZE_MAX, v->arena, &text, &d);
    if (status == FP_OK)
        status = fp_envelope_read(text, v->arena, &v->envelope, &d);
    return status == FP_OK ? 0 : fp_data_told(path, status, &d);
}

/* Whether the payload may be believed. */
static int check_signature(verification *v)
{
    fp_key *key = NULL;
    const int exit_status = fp_key_file_public(v->options, &key);
    if (exit_status != 0)
        return exit_status;
    const fp_status status =
        fp_envelope_verify(&v->envelope, key, v->arena, &v->found.signed_by_key);
    const char *id = fp_key_id(key);
    v->found.key_id = fp_arena_string(v->arena, id, strlen(id));
    fp_key_free(key);
    if (v->found.key_id == NULL)
        return failed(FP_NOMEM);
    return status == FP_OK ? 0 : failed(status);
}

static int read_statement(verification *v, const char *path)
{
    fp_diag d = {0};
    if (!fp_str_eq(v->envelope.payload_type, FP_ATTESTATION_TYPE)) {
        fp_console_error(path, "signed, but not a statement of in-toto: its payload is '%.*s'",
                         FP_STR_ARG(v->envelope.payload_type));
        return FP_EXIT_DATA;
    }
    const fp_status status =
        fp_attestation_read(v->envelope.payload, v->arena, &v->found.attested, &d);
    if (status == FP_OK)
        return 0;
    d.where = 0; /* a line of the payload, which nobody sees */
    return fp_data_told(path, status, &d);
}

/* ---- the report ---- */

/* The signer's word for what the report says is compared with what it says. */
static int check_content(verification *v, const char *path, fp_span text)
{
    fp_report_check *check = &v->found.report;
    fp_diag d = {0};
    fp_status status = fp_record_read(text, v->arena, &v->report, &d);
    if (status != FP_OK)
        return fp_data_told(path, status, &d);
    status = fp_compare_items(&v->found.attested, &v->report, v->arena, &check->differences,
                              &check->difference_count);
    if (status == FP_OK)
        status = fp_compare_verdicts(&v->found.attested, &v->report, v->arena, &check->claims);
    return status == FP_OK ? 0 : failed(status);
}

static int check_report(verification *v)
{
    const char *path = fp_option_value(v->options, FP_OPT_REPORT);
    fp_report_check *check = &v->found.report;
    fp_span text;
    fp_diag d = {0};
    if (path == NULL)
        return 0;
    const fp_status status = fp_data_read_file(path, FP_JSON_SIZE_MAX, v->arena, &text, &d);
    if (status != FP_OK)
        return fp_data_told(path, status, &d);
    if (fp_digest_span(FP_SHA256, text, check->sha256) != FP_OK)
        return failed(FP_CRYPTO);
    check->path = path;
    check->same = memcmp(check->sha256, v->found.attested.sha256, FP_SHA256_SIZE) == 0;
    return check->same ? check_content(v, path, text) : 0;
}

/* ---- asking again ---- */

static const char *other_version(const verification *v)
{
    const char *text = fp_arena_printf(v->arena, "this is fixproof %s, not %.*s", FIXPROOF_VERSION,
                                       FP_STR_ARG(v->found.attested.tool_version));
    return text != NULL ? text : "this is another version of fixproof";
}

/* Why the verdicts cannot be asked for again, whatever the evidence is; NULL when they can. */
static const char *hindrance(const verification *v)
{
    static const char *const commands[] = {"assess", "confirm", "explain"};
    const fp_record *attested = &v->found.attested;
    bool known = false;
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        known = known || fp_str_eq(attested->command, fp_str_of(commands[i]));
    for (size_t i = 0; i < attested->result_count; i++) /* no file is read for an attestation */
        known = known && !fp_data_is_path(attested->results[i].advisory.data);
    if (!fp_str_eq(attested->tool_version, FP_STR(FIXPROOF_VERSION)))
        return other_version(v);
    return known ? NULL : "no command of this version gave them";
}

static int ask_again(verification *v)
{
    const fp_record *attested = &v->found.attested;
    fp_verdict_check *again = &v->found.verdicts;
    const bool strict = fp_str_eq(attested->command, FP_STR("confirm"));
    const fp_assess_options how = {.strict = strict, .since = attested->since};
    const int exit_status = fp_session_ask(&v->session, &how);
    if (exit_status != 0)
        return exit_status;
    fp_status status = fp_record_of(&v->session.report, v->arena, &v->at_hand);
    if (status == FP_OK)
        status = fp_compare_verdicts(attested, &v->at_hand, v->arena, &again->claims);
    if (status == FP_OK)
        status = fp_record_compare_settings(attested, &v->at_hand, v->arena, &again->settings,
                                            &again->setting_count);
    again->settings_known = attested->settings.known && v->at_hand.settings.known;
    return status == FP_OK ? 0 : failed(status);
}

/* The run that is compared with: of the evidence named, and when the verdicts are asked for again,
 * with the advisories and declared facts attested. */
static bool make_options(verification *v, bool again, fp_options *out)
{
    const fp_record *r = &v->found.attested;
    const size_t more = again ? r->result_count + r->statement_count : 0;
    *out = *v->options;
    out->operands++;
    out->operand_count--;
    out->given =
        fp_arena_alloc_array(v->arena, v->options->given_count + more + 1, sizeof *out->given);
    if (out->given == NULL)
        return false;
    memcpy(out->given, v->options->given, v->options->given_count * sizeof *out->given);
    for (size_t i = 0; again && i < r->result_count; i++)
        out->given[out->given_count++] =
            (fp_option_given){FP_OPT_ADVISORY, r->results[i].advisory.data};
    for (size_t i = 0; again && i < r->statement_count; i++) {
        const char *text = fp_arena_printf(v->arena, "%.*s=%.*s", FP_STR_ARG(r->statements[i].key),
                                           FP_STR_ARG(r->statements[i].value));
        out->given[out->given_count++] = (fp_option_given){FP_OPT_DECLARE, text};
        if (text == NULL)
            return false;
    }
    return true;
}

/* Nothing but items that could not be read then and cannot be read now: asked again, the advisories
 * see what they saw. */
static bool can_be_asked(const fp_evidence_check *check)
{
    for (size_t i = 0; i < check->difference_count; i++)
        if (check->differences[i].kind != FP_DIFFERENCE_UNREAD_BOTH)
            return false;
    return true;
}

static int compare_evidence(verification *v)
{
    fp_evidence_check *check = &v->found.evidence;
    fp_verdict_check *verdicts = &v->found.verdicts;
    const int exit_status = fp_session_read(&v->session);
    if (exit_status != 0)
        return exit_status;
    fp_status status = fp_record_of(&v->session.report, v->arena, &v->at_hand);
    if (status == FP_OK)
        status = fp_compare_evidence(&v->found.attested, &v->at_hand, v->arena, &check->differences,
                                     &check->difference_count);
    if (status != FP_OK)
        return failed(status);
    check->done = true;
    check->item_count = v->at_hand.item_count;
    if (!verdicts->wanted || verdicts->why_not != NULL)
        return 0;
    if (can_be_asked(check))
        return ask_again(v);
    verdicts->why_not = "this is not the evidence attested";
    return 0;
}

static int check_evidence(verification *v)
{
    if (v->options->operand_count == 1)
        return 0;
    v->found.verdicts.wanted = fp_option_is_given(v->options, FP_OPT_REPRODUCE);
    v->found.verdicts.why_not = v->found.verdicts.wanted ? hindrance(v) : NULL;
    const bool again = v->found.verdicts.wanted && v->found.verdicts.why_not == NULL;
    if (!make_options(v, again, &v->reading_options))
        return failed(FP_NOMEM);
    v->reading = *v->command;
    if (!again) /* then no advisory is read */
        v->reading.options &= ~FP_OPT_BIT(FP_OPT_ADVISORY);
    v->in_session = true;
    const int exit_status = fp_session_begin(&v->session, &v->reading, &v->reading_options);
    v->session.now = v->found.attested.generated; /* of signatures, as it was then */
    return exit_status == 0 ? compare_evidence(v) : exit_status;
}

/* ---- */

static int verify(verification *v)
{
    const char *path = v->options->operands[0];
    int exit_status = read_envelope(v, path);
    if (exit_status == 0)
        exit_status = check_signature(v);
    if (exit_status == 0 && v->found.signed_by_key) {
        exit_status = read_statement(v, path);
        if (exit_status == 0)
            exit_status = check_report(v);
        if (exit_status == 0)
            exit_status = check_evidence(v);
    }
    return exit_status != 0 ? exit_status : conclude(v);
}

static size_t times_stdin(const fp_options *options)
{
    static const fp_option_id files[] = {FP_OPT_KEY, FP_OPT_REPORT};
    size_t times = 0;
    for (size_t i = 0; i < options->operand_count; i++)
        times += strcmp(options->operands[i], "-") == 0;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        const char *path = fp_option_value(options, files[i]);
        times += path != NULL && strcmp(path, "-") == 0;
    }
    return times;
}

/* Nothing that is read is written over. */
static int check_targets(verification *v)
{
    const char *const inputs[] = {v->options->operands[0], fp_option_value(v->options, FP_OPT_KEY),
                                  fp_option_value(v->options, FP_OPT_REPORT)};
    int exit_status = fp_targets_parse(v->command, v->options, v->arena, &v->targets);
    for (size_t i = 0; exit_status == 0 && i < sizeof inputs / sizeof *inputs; i++)
        if (inputs[i] != NULL)
            exit_status = fp_targets_spare(&v->targets, v->command, inputs[i]);
    return exit_status;
}

static int check_usage(verification *v)
{
    const fp_options *options = v->options;
    const bool again = fp_option_is_given(options, FP_OPT_REPRODUCE);
    const int exit_status = fp_console_style(options, &v->style) ? check_targets(v) : FP_EXIT_USAGE;
    if (exit_status != 0)
        return exit_status;
    if (!fp_option_is_given(options, FP_OPT_KEY))
        return fp_command_misused(v->command, "name the public key of who attested it: --key PEM");
    if (times_stdin(options) > 1)
        return fp_command_misused(v->command, "standard input is named twice");
    if (again && options->operand_count == 1)
        return fp_command_misused(v->command, "--reproduce needs the evidence");
    if (!again && fp_option_is_given(options, FP_OPT_ADVISORY))
        return fp_command_misused(v->command,
                                  "--advisory is about --reproduce, which is not given");
    return 0;
}

static int run(const fp_command *command, const fp_options *options)
{
    verification v = {
        .command = command, .options = options, .arena = fp_arena_new(FP_SESSION_MEMORY_MAX)};
    v.found.tool_version = FIXPROOF_VERSION;
    v.found.envelope = &v.envelope;
    int exit_status = v.arena != NULL ? check_usage(&v) : failed(FP_NOMEM);
    if (exit_status == 0)
        exit_status = verify(&v);
    if (v.in_session)
        fp_session_end(&v.session);
    fp_arena_free(v.arena);
    return exit_status;
}

static const char *const answers[] = {
    "all that was checked is as attested",
    "not so: no signature by this key, or other evidence, report or verdicts",
    ("nothing contradicts it, but not all could be checked: another version,\n"
     "      other settings or data, or evidence that cannot be read")};

static const fp_option_meaning meanings[] = {
    {FP_OPT_ADVISORY, "with --reproduce: the path of an advisory that is a\n"
                      "file of its own; the others come from the data"},
    {FP_OPT_KEY, "the public half of the Ed25519 key of who attested it"},
    {FP_OPT_COUNT, NULL},
};

const fp_command fp_command_verify_attestation = {
    .name = "verify-attestation",
    .arguments = "ENVELOPE --key PEM [EVIDENCE...] [OPTION]...",
    .summary = "say whether an attestation holds for what is at hand",
    .help = "A signature must be by the key given; only then is anything else looked at and\n"
            "shown. Of several signatures one by this key is enough, the others are named.\n"
            "With --report the report must be the one attested. EVIDENCE must be all that was\n"
            "attested and nothing else, wherever it lies now; what is missing, extra or\n"
            "changed is told.\n"
            "\n"
            "With --reproduce the advisories are asked of the evidence again, with the facts\n"
            "that were declared then, by the same version. Name --roots, --code-page and the\n"
            "like as they were named then, and an advisory that is a file of its own with\n"
            "--advisory: what is otherwise is told, advisory data too, and leaves it open.\n",
    .examples = "  fixproof verify-attestation srv01.intoto.json --key key.pub.pem\n"
                "  fixproof verify-attestation srv01.intoto.json --key key.pub.pem \\\n"
                "           /evidence/srv01 --report srv01.json --reproduce \\\n"
                "           --format text --format json=verification.json\n",
    .options = FP_OPTS_EVIDENCE | FP_OPT_BIT(FP_OPT_KEY) | FP_OPT_BIT(FP_OPT_REPORT) |
               FP_OPT_BIT(FP_OPT_REPRODUCE) | FP_OPT_BIT(FP_OPT_ADVISORY),
    .meanings = meanings,
    .formats = "text json",
    .reads_evidence = true,
    .operands_min = 1,
    .operand_words = "name the attestation",
    .answers = answers,
    .run = run,
};
