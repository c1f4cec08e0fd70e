/* SPDX-License-Identifier: MIT */
/*
 * Nothing of an envelope is believed or shown before a signature by the given key holds. Then come
 * the report and the evidence, as far as they are named, and the verdicts, asked again.
 */
#include "verify/attest/attestation.h"
#include "verify/attest/compare.h"
#include "verify/attest/envelope.h"
#include "verify/cli/key_file.h"
#include "verify/cli/session.h"
#include "verify/report/recorded.h"
#include "verify/report/words.h"

#include <string.h>

enum { SHOWN_MAX = 100 /* lines of one list */, KEY_NAME_MAX = 128 /* bytes */, LABEL_WIDTH = 11 };

enum { VERIFIED = 0, NOT_VERIFIED = 1, LEFT_OPEN = 2 }; /* exit status: see `answers` */

typedef struct verification {
    const fp_command *command;
    const fp_options *options;
    fp_arena *arena;
    fp_report_style style;
    fp_envelope envelope;
    fp_record attested;
    fp_out body;
    fp_page page; /* of the body */
    bool wrong;   /* something is not as attested */
    bool open;    /* something that was to be checked could not be */
} verification;

/* ---- telling ---- */

static void put(verification *v, const char *label, fp_tone tone, const char *format, ...)
    FP_PRINTF(4, 5);

/* A line of the body; the label stands on the first of its lines. */
static void put(verification *v, const char *label, fp_tone tone, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const char *text = fp_page_format_list(&v->page, format, args);
    va_end(args);
    fp_page_put(&v->page,
                (fp_lead){.first = "  ", .mark = label, .mark_width = LABEL_WIDTH, .tone = tone},
                fp_str_of(text));
}

static const char *clean(verification *v, fp_str text)
{
    return fp_page_clean(&v->page, text);
}

static int answer_of(const verification *v)
{
    return v->wrong ? NOT_VERIFIED : v->open ? LEFT_OPEN : VERIFIED;
}

static void conclude(const verification *v, fp_page *p)
{
    static const struct {
        const char *word, *meaning;
        fp_tone tone;
    } rows[] = {
        [VERIFIED] = {"VERIFIED", "all that was checked is as attested", FP_TONE_GOOD},
        [NOT_VERIFIED] = {"NOT VERIFIED", "this is not what was attested", FP_TONE_BAD},
        [LEFT_OPEN] = {"OPEN", "nothing is otherwise, but not all could be checked", FP_TONE_OPEN},
    };
    const int answer = answer_of(v);
    fp_page_put(p,
                (fp_lead){.mark = rows[answer].word, .mark_width = 14, .tone = rows[answer].tone},
                fp_str_of(rows[answer].meaning));
}

static int print(verification *v)
{
    fp_out out = {0};
    fp_page p = {.out = &out, .arena = v->arena, .style = &v->style};
    conclude(v, &p);
    fp_out_str(&out, (fp_str){v->body.data, v->body.size});
    out.failed = out.failed || p.failed || v->page.failed || v->body.failed;
    const int exit_status = fp_command_print(&out);
    if (exit_status != 0)
        return exit_status;
    return answer_of(v);
}

static int failed(fp_status status)
{
    fp_console_error(NULL, "%s", status == FP_NOMEM ? "out of memory" : fp_status_name(status));
    return FP_EXIT_SOFTWARE;
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

/* A stranger's word for the key: not more of it than a name is long. */
static const char *key_name(verification *v, fp_str id)
{
    const fp_str start = {id.data, id.size < KEY_NAME_MAX ? id.size : KEY_NAME_MAX};
    if (id.size == 0)
        return "it has no name";
    return fp_page_format(&v->page, "%s%s", clean(v, start), start.size < id.size ? "..." : "");
}

static void tell_signatures(verification *v, const fp_key *key, bool good)
{
    if (good)
        put(v, "Signature", FP_TONE_GOOD, "by the key %s", fp_key_id(key));
    else
        put(v, "Signature", FP_TONE_BAD, "none by the key %s", fp_key_id(key));
    for (size_t i = 0; i < v->envelope.signature_count; i++) {
        const fp_envelope_signature *s = &v->envelope.signatures[i];
        if (s->state == FP_SIGNATURE_BAD)
            put(v, "", FP_TONE_BAD, "one names this key and was not made by it over this content");
        else if (s->state == FP_SIGNATURE_OTHER)
            put(v, "", FP_TONE_FAINT, "one by another key, not checked: %s",
                key_name(v, s->key_id));
    }
}

/* *good: the payload may be believed. */
static int check_signature(verification *v, bool *good)
{
    fp_key *key = NULL;
    const int exit_status = fp_key_file_public(v->options, &key);
    if (exit_status != 0)
        return exit_status;
    const fp_status status = fp_envelope_verify(&v->envelope, key, v->arena, good);
    if (status == FP_OK)
        tell_signatures(v, key, *good);
    fp_key_free(key);
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
    const fp_status status = fp_attestation_read(v->envelope.payload, v->arena, &v->attested, &d);
    if (status == FP_OK)
        return 0;
    d.where = 0; /* a line of the payload, which nobody sees */
    return fp_data_told(path, status, &d);
}

static const char *verdict_text(verification *v, const fp_record_result *r)
{
    const char *open =
        r->verdict == FP_UNDETERMINED
            ? fp_page_format(&v->page, " {%s}", fp_text_verdicts(&v->page, r->possible))
            : "";
    return fp_page_format(&v->page, "%s%s, %s%s%s%s", fp_verdict_name(r->verdict), open,
                          clean(v, r->reason), r->assurance.size > 0 ? " (" : "",
                          clean(v, r->assurance), r->assurance.size > 0 ? ")" : "");
}

static void tell_attested(verification *v)
{
    const fp_record *r = &v->attested;
    put(v, "Server", FP_TONE_STRONG, "%s%s%s",
        r->subject.host.size > 0 ? clean(v, r->subject.host) : "not named",
        r->subject.site_code.size > 0 ? ", site " : "", clean(v, r->subject.site_code));
    put(v, "Attested", FP_TONE_STRONG, "%s by fixproof %s, %s",
        fp_text_time(&v->page, r->generated), clean(v, r->tool_version), clean(v, r->command));
    for (size_t i = 0; i < r->result_count; i++)
        put(v, "", FP_TONE_PLAIN, "%s: %s", clean(v, r->results[i].advisory),
            verdict_text(v, &r->results[i]));
    for (size_t i = 0; i < r->statement_count; i++)
        put(v, i == 0 ? "Declared" : "", FP_TONE_STRONG, "%s = %s", clean(v, r->statements[i].key),
            clean(v, r->statements[i].value));
}

/* ---- verdicts and evidence ---- */

/* Does `other` say of the same server what is attested, and no more? What is otherwise is told. */
static bool says_the_same(verification *v, const char *label, const fp_record *other)
{
    const fp_record *attested = &v->attested;
    size_t told = 0;
    if (!fp_same_server(&attested->subject, &other->subject))
        put(v, told++ == 0 ? label : "", FP_TONE_BAD, "of another server: %s, site %s",
            clean(v, other->subject.host), clean(v, other->subject.site_code));
    for (size_t i = 0; i < attested->result_count; i++) {
        const fp_record_result *r = &attested->results[i];
        const fp_record_result *now = fp_record_find_result(other, r->advisory);
        if (!fp_same_verdict(r, now))
            put(v, told++ == 0 ? label : "", FP_TONE_BAD, "%s is not as attested: %s",
                clean(v, r->advisory), now != NULL ? verdict_text(v, now) : "no verdict");
    }
    for (size_t i = 0; i < other->result_count; i++) {
        const fp_record_result *r = &other->results[i];
        if (fp_record_find_result(attested, r->advisory) == NULL)
            put(v, told++ == 0 ? label : "", FP_TONE_BAD, "%s is not attested: %s",
                clean(v, r->advisory), verdict_text(v, r));
    }
    v->wrong = v->wrong || told > 0;
    return told == 0;
}

static void tell_difference(verification *v, const char *label, const fp_difference *x)
{
    static const struct {
        const char *what;
        fp_tone tone;
    } rows[FP_DIFFERENCES] = {
        [FP_DIFFERENCE_UNREAD] = {"cannot be read", FP_TONE_OPEN},
        [FP_DIFFERENCE_UNREAD_THEN] = {"could not be read then", FP_TONE_BAD},
        [FP_DIFFERENCE_CHANGED] = {"changed", FP_TONE_BAD},
        [FP_DIFFERENCE_MISSING] = {"missing", FP_TONE_BAD},
        [FP_DIFFERENCE_EXTRA] = {"extra, not attested", FP_TONE_BAD},
    };
    const fp_record_item *item = x->at_hand != NULL ? x->at_hand : x->attested;
    put(v, label, rows[x->kind].tone, "%s: %s", rows[x->kind].what, clean(v, item->path));
}

/* Is it the evidence attested? What is not is told. */
static int check_items(verification *v, const fp_record *at_hand, bool *same)
{
    fp_difference *differences;
    size_t count;
    const fp_status status =
        fp_compare_items(&v->attested, at_hand, v->arena, &differences, &count);
    if (status != FP_OK)
        return failed(status);
    for (size_t i = 0; i < count; i++) {
        const bool unread = differences[i].kind == FP_DIFFERENCE_UNREAD;
        v->open = v->open || unread;
        v->wrong = v->wrong || !unread;
        if (i < SHOWN_MAX)
            tell_difference(v, i == 0 ? "Evidence" : "", &differences[i]);
    }
    if (count > SHOWN_MAX)
        put(v, "", FP_TONE_PLAIN, "and %zu more", count - SHOWN_MAX);
    *same = count == 0;
    if (*same)
        put(v, "Evidence", FP_TONE_GOOD, "as attested, items: %zu", at_hand->item_count);
    return 0;
}

/* ---- the report ---- */

/* The signer's word for what the report says is compared with what it says. */
static int check_content(verification *v, const char *path, fp_span text)
{
    fp_record report;
    fp_difference *differences;
    size_t count;
    fp_diag d = {0};
    fp_status status = fp_record_read(text, v->arena, &report, &d);
    if (status != FP_OK)
        return fp_data_told(path, status, &d);
    status = fp_compare_items(&v->attested, &report, v->arena, &differences, &count);
    if (status != FP_OK)
        return failed(status);
    if (count > 0) {
        put(v, "Report", FP_TONE_BAD, "lists other evidence than is attested");
        v->wrong = true;
    } else if (says_the_same(v, "Report", &report)) {
        put(v, "Report", FP_TONE_GOOD, "%s is the one attested", clean(v, fp_str_of(path)));
    }
    return 0;
}

static int check_report(verification *v)
{
    const char *path = fp_option_value(v->options, FP_OPT_REPORT);
    uint8_t sha256[FP_SHA256_SIZE];
    fp_span text;
    fp_diag d = {0};
    if (path == NULL) {
        put(v, "Report", FP_TONE_FAINT, "not compared: none was named (--report)");
        return 0;
    }
    const fp_status status = fp_data_read_file(path, FP_JSON_SIZE_MAX, v->arena, &text, &d);
    if (status != FP_OK)
        return fp_data_told(path, status, &d);
    if (fp_digest_span(FP_SHA256, text, sha256) != FP_OK)
        return failed(FP_CRYPTO);
    if (memcmp(sha256, v->attested.sha256, sizeof sha256) == 0)
        return check_content(v, path, text);
    put(v, "Report", FP_TONE_BAD, "%s is not the one attested", clean(v, fp_str_of(path)));
    v->wrong = true;
    return 0;
}

/* ---- asking again ---- */

static bool wants_again(const verification *v)
{
    return fp_option_is_given(v->options, FP_OPT_REPRODUCE);
}

/* Why the verdicts cannot be asked for again, whatever the evidence is; NULL when they can. */
static const char *hindrance(verification *v)
{
    static const char *const commands[] = {"assess", "confirm", "explain"};
    bool known = false;
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        known = known || fp_str_eq(v->attested.command, fp_str_of(commands[i]));
    for (size_t i = 0; i < v->attested.result_count; i++) /* no file is read for an attestation */
        known = known && !fp_data_is_path(v->attested.results[i].advisory.data);
    if (!fp_str_eq(v->attested.tool_version, FP_STR(FIXPROOF_VERSION)))
        return fp_page_format(&v->page, "this is fixproof %s, not %s", FIXPROOF_VERSION,
                              clean(v, v->attested.tool_version));
    return known ? NULL : "no command of this version gave them";
}

static int ask_again(verification *v, fp_session *s)
{
    const bool strict = fp_str_eq(v->attested.command, FP_STR("confirm"));
    const fp_assess_options how = {.strict = strict, .since = v->attested.since};
    fp_record now;
    const int exit_status = fp_session_ask(s, &how);
    if (exit_status != 0)
        return exit_status;
    const fp_status status = fp_record_of(&s->report, v->arena, &now);
    if (status != FP_OK)
        return failed(status);
    if (says_the_same(v, "Verdicts", &now))
        put(v, "Verdicts", FP_TONE_GOOD, "the same again, all: %zu", v->attested.result_count);
    return 0;
}

/* The run that is compared with: of the evidence named, and when the verdicts are asked for again,
 * with the advisories and declared facts attested. */
static bool make_options(verification *v, bool again, fp_options *out)
{
    const fp_record *r = &v->attested;
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

static int compare_evidence(verification *v, fp_session *s, const char *why_not)
{
    fp_record at_hand;
    bool same = false;
    int exit_status = fp_session_read(s);
    if (exit_status != 0)
        return exit_status;
    const fp_status status = fp_record_of(&s->report, v->arena, &at_hand);
    if (status != FP_OK)
        return failed(status);
    exit_status = check_items(v, &at_hand, &same);
    if (exit_status != 0 || !wants_again(v))
        return exit_status;
    if (same && why_not == NULL)
        return ask_again(v, s);
    put(v, "Verdicts", FP_TONE_OPEN, "not asked for again: %s",
        why_not != NULL ? why_not : "this is not the evidence attested");
    v->open = true;
    return 0;
}

static int check_evidence(verification *v)
{
    fp_session s;
    fp_options options;
    fp_command command = *v->command;
    if (v->options->operand_count == 1) {
        put(v, "Evidence", FP_TONE_FAINT, "not compared: none was named");
        return 0;
    }
    const char *why_not = hindrance(v);
    const bool again = wants_again(v) && why_not == NULL;
    if (!make_options(v, again, &options))
        return failed(FP_NOMEM);
    if (!again) /* then no advisory is read */
        command.options &= ~FP_OPT_BIT(FP_OPT_ADVISORY);
    int exit_status = fp_session_begin(&s, &command, &options);
    s.now = v->attested.generated; /* of signatures, as it was then */
    if (exit_status == 0)
        exit_status = compare_evidence(v, &s, why_not);
    fp_session_end(&s);
    return exit_status;
}

/* ---- */

static int verify(verification *v)
{
    const char *path = v->options->operands[0];
    bool good = false;
    int exit_status = read_envelope(v, path);
    if (exit_status == 0)
        exit_status = check_signature(v, &good);
    if (exit_status == 0 && !good) {
        v->wrong = true;
        return print(v);
    }
    if (exit_status == 0)
        exit_status = read_statement(v, path);
    if (exit_status != 0)
        return exit_status;
    tell_attested(v);
    exit_status = check_report(v);
    if (exit_status == 0)
        exit_status = check_evidence(v);
    return exit_status == 0 ? print(v) : exit_status;
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

static int check_usage(const fp_command *command, const fp_options *options)
{
    const bool again = fp_option_is_given(options, FP_OPT_REPRODUCE);
    if (!fp_option_is_given(options, FP_OPT_KEY))
        return fp_command_misused(command, "name the public key of who attested it: --key PEM");
    if (times_stdin(options) > 1)
        return fp_command_misused(command, "standard input is named twice");
    if (again && options->operand_count == 1)
        return fp_command_misused(command, "--reproduce needs the evidence");
    if (!again && fp_option_is_given(options, FP_OPT_ADVISORY))
        return fp_command_misused(command, "--advisory is about --reproduce, which is not given");
    return 0;
}

static int run(const fp_command *command, const fp_options *options)
{
    verification v = {
        .command = command, .options = options, .arena = fp_arena_new(FP_SESSION_MEMORY_MAX)};
    v.page = (fp_page){.out = &v.body, .arena = v.arena, .style = &v.style};
    int exit_status = check_usage(command, options);
    if (exit_status == 0 && !fp_console_style(options, &v.style))
        exit_status = FP_EXIT_USAGE;
    if (exit_status == 0)
        exit_status = v.arena != NULL ? verify(&v) : failed(FP_NOMEM);
    fp_out_free(&v.body);
    fp_arena_free(v.arena);
    return exit_status;
}

static const char *const answers[] = {
    "all that was checked is as attested",
    "not so: no signature by this key, or other evidence, report or verdicts",
    ("nothing is otherwise, but not all could be checked: another version, or\n"
     "      evidence that cannot be read")};

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
            "--advisory.\n",
    .examples = "  fixproof verify-attestation srv01.intoto.json --key key.pub.pem\n"
                "  fixproof verify-attestation srv01.intoto.json --key key.pub.pem \\\n"
                "           /evidence/srv01 --report srv01.json --reproduce\n",
    .options = (FP_OPTS_EVIDENCE & ~FP_OPT_BIT(FP_OPT_FORMAT)) | FP_OPT_BIT(FP_OPT_KEY) |
               FP_OPT_BIT(FP_OPT_REPORT) | FP_OPT_BIT(FP_OPT_REPRODUCE) |
               FP_OPT_BIT(FP_OPT_ADVISORY),
    .reads_evidence = true,
    .operands_min = 1,
    .operand_words = "name the attestation",
    .answers = answers,
    .run = run,
};
