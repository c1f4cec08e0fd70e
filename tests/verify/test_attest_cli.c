/* SPDX-License-Identifier: MIT */
/* `attest` and `verify-attestation` as a user runs them, on evidence, keys and envelopes that
 * somebody may have changed. */
#include "tests/support/key_builder.h"
#include "tests/support/program.h"
#include "tests/support/replaced.h"

#include "verify/attest/attestation.h"
#include "verify/attest/envelope.h"

#include <fcntl.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

enum { BUDGET = 64 << 20 };

/* ---- what is at hand: evidence, report, keys, attestation ---- */

static void in_shell(const char *format, ...) FP_PRINTF(1, 2);

static void in_shell(const char *format, ...)
{
    char command[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(command, sizeof command, format, args);
    va_end(args);
    assert_int_equal(system(command), 0);
}

static void put_key(const char *name, char *pem)
{
    put_file(name, pem);
    free(pem);
    assert_int_equal(chmod(in_folder(name), 0600), 0);
}

static const char *evidence(void)
{
    return in_folder("evidence");
}

static const char *envelope(void)
{
    return in_folder("e.json");
}

static void write_report(const char *verb, const char *option, const char *value)
{
    run(verb, evidence(), "--format", json_to("r.json"), option, value, NULL);
    if (got.status > 2)
        fail_msg("%s: exit status %d: %s", verb, got.status, got.err);
}

static void attest(void)
{
    run("attest", in_folder("r.json"), "--key", in_folder("key.pem"), "--output", envelope(), NULL);
    assert_status(0);
    assert_string_equal(got.out, "");
}

static int set_up_case(void **state)
{
    if (set_up(state) != 0)
        return -1;
    put_key("key.pem", key_pem_private(KEY_SEED_ONE));
    put_key("pub.pem", key_pem_public(KEY_SEED_ONE));
    put_key("other.pem", key_pem_private(KEY_SEED_TWO));
    put_key("otherpub.pem", key_pem_public(KEY_SEED_TWO));
    in_shell("cp -r '%s' '%s'", sample("unpatched-symptom"), evidence());
    write_report("assess", NULL, NULL);
    attest();
    return 0;
}

static void attest_sample(const char *name)
{
    in_shell("rm -r '%s' && cp -r '%s' '%s'", evidence(), sample(name), evidence());
    write_report("assess", NULL, NULL);
    attest();
}

static int verify(const char *option, const char *value)
{
    return run("verify-attestation", envelope(), "--key", in_folder("pub.pem"), evidence(), option,
               value, NULL);
}

/* ---- it holds ---- */

static void what_was_attested_is_verified(void **state)
{
    (void)state;
    run("verify-attestation", envelope(), "--key", in_folder("pub.pem"), NULL);
    assert_status(0);
    assert_in(got.out, "VERIFIED");
    assert_in(got.out, "954474: affected, unpatched_symptom_seen");
    assert_in(got.out, "KOLCM01, site KOL");
    run("verify-attestation", envelope(), "--key", in_folder("pub.pem"), evidence(), "--report",
        in_folder("r.json"), "--reproduce", NULL);
    assert_status(0);
    assert_in(got.out, "is the one attested");
    assert_in(got.out, "Evidence   as attested");
    assert_in(got.out, "the same again");
    assert_string_equal(got.err, "");
}

static void the_place_of_the_evidence_does_not_matter(void **state)
{
    (void)state;
    in_shell("mkdir '%s/else' && mv '%s' '%s/else/where'", folder, evidence(), folder);
    run("verify-attestation", envelope(), "--key", in_folder("pub.pem"), in_folder("else/where"),
        "--reproduce", NULL);
    assert_status(0);
}

static void the_same_report_gives_the_same_bytes(void **state)
{
    (void)state;
    char *before = malloc(TEXT_MAX);
    assert_non_null(before);
    slurp(envelope(), before);
    run("attest", in_folder("r.json"), "--key", in_folder("key.pem"), NULL);
    assert_status(0);
    assert_string_equal(got.out, before);
    free(before);
}

/* 06e3...: SHA-256 of the SubjectPublicKeyInfo, see test_attest.c. */
static void both_verbs_tell_the_key_id(void **state)
{
    (void)state;
    run("attest", in_folder("r.json"), "--key", in_folder("key.pem"), NULL);
    assert_in(got.err, "06e3fd8fda29bb60ab59557de61edb0aecdb231134be30e75b455f8e1b792fa9");
    assert_in(got.out, "06e3fd8fda29bb60ab59557de61edb0aecdb231134be30e75b455f8e1b792fa9");
    run("verify-attestation", envelope(), "--key", in_folder("pub.pem"), NULL);
    assert_in(got.out, "06e3fd8fda29bb60ab59557de61edb0aecdb231134be30e75b455f8e1b792fa9");
    run("attest", in_folder("r.json"), "--key", in_folder("key.pem"), "--quiet", NULL);
    assert_string_equal(got.err, "");
}

static void declared_facts_are_asked_with_again(void **state)
{
    (void)state;
    in_shell("rm '%s'/Logs/*", evidence());
    write_report("assess", "--declare", "sms2003-clients=no");
    attest();
    verify("--reproduce", NULL);
    assert_status(0);
    assert_in(got.out, "sms2003-clients = no");
    assert_in(got.out, "954474: not_applicable");
}

static void a_confirmation_is_given_again(void **state)
{
    (void)state;
    attest_sample("fix-effective");
    write_report("confirm", "--since", "2008-06-01");
    attest();
    verify("--reproduce", NULL);
    assert_status(0);
    assert_in(got.out, "confirm");
    assert_in(got.out, "the same again");
    /* Of before the change: fixed for assess, and not for confirm. */
    write_report("confirm", "--since", "2009-01-01");
    attest();
    verify("--reproduce", NULL);
    assert_status(0);
    assert_in(got.out, "not_yet_effective");
    write_report("explain", "--advisory", "954474");
    attest();
    verify("--reproduce", NULL);
    assert_status(0);
}

static void caveats_are_attested(void **state)
{
    (void)state;
    attest_sample("fix-installed");
    verify("--reproduce", NULL);
    assert_status(0);
    assert_in(got.out, "954474: fixed, fix_installed (installed)\n             Caveat: ");
    assert_null(strstr(got.out, "Caveats"));
    run("verify-attestation", envelope(), "--key", in_folder("pub.pem"), "--format", "json", NULL);
    assert_in(got.out, "\"caveats\": [\n          \"");
}

static void an_advisory_of_its_own_is_named_again(void **state)
{
    (void)state;
    in_shell("sed 's/\"id\": \"954474\"/\"id\": \"own\"/' '%s/data/advisories/954474.json' > "
             "'%s/own.json'",
             FIXPROOF_SOURCE_DIR, folder);
    write_report("assess", "--advisory", in_folder("own.json"));
    attest();
    verify("--reproduce", NULL);
    assert_failed(66);
    run("verify-attestation", envelope(), "--key", in_folder("pub.pem"), evidence(), "--reproduce",
        "--advisory", in_folder("own.json"), NULL);
    assert_status(0);
}

/* ---- evidence that is not what was attested ---- */

static void changed_evidence_is_told(void **state)
{
    (void)state;
    in_shell("echo >> '%s/Logs/wsyncmgr.log'", evidence());
    verify("--reproduce", NULL);
    assert_status(1);
    assert_in(got.out, "NOT VERIFIED");
    assert_in(got.out, "changed:");
    assert_in(got.out, "wsyncmgr.log");
    assert_in(got.out, "not asked for again");
    assert_null(strstr(got.out, "missing:"));
    assert_null(strstr(got.out, "extra"));
}

static void missing_evidence_is_told(void **state)
{
    (void)state;
    in_shell("rm '%s/software.reg'", evidence());
    verify(NULL, NULL);
    assert_status(1);
    assert_in(got.out, "missing:");
    assert_in(got.out, "software.reg");
}

static void extra_evidence_is_told(void **state)
{
    (void)state;
    in_shell("echo x > '%s/notes.txt'", evidence());
    verify(NULL, NULL);
    assert_status(1);
    assert_in(got.out, "extra, not attested:");
    assert_in(got.out, "notes.txt");
}

/* A named pipe in its place: there, and not read. */
static void evidence_that_cannot_be_read_is_open(void **state)
{
    (void)state;
    in_shell("rm '%s/software.reg' && mkfifo '%s/software.reg'", evidence(), evidence());
    verify(NULL, NULL);
    assert_status(2);
    assert_in(got.out, "cannot be read:");
    write_report("assess", NULL, NULL);
    attest();
    assert_in(got.err, "not attested, for want of a SHA-256");
    verify("--reproduce", NULL);
    assert_status(2); /* it may be another one */
    assert_in(got.out, "Evidence   cannot be read, nor could it then:");
    assert_in(got.out, "the same again");
    verify("--report", in_folder("r.json"));
    assert_status(2);
    assert_in(got.out, "is the one attested");
    run("verify-attestation", envelope(), "--key", in_folder("pub.pem"), "--report",
        in_folder("r.json"), NULL);
    assert_status(0); /* the evidence is not asked about */
    in_shell("rm '%s/software.reg' && echo x > '%s/software.reg'", evidence(), evidence());
    verify(NULL, NULL);
    assert_status(1);
    assert_in(got.out, "could not be read then:");
}

static void a_long_list_of_differences_is_cut(void **state)
{
    (void)state;
    in_shell("cd '%s' && for i in $(seq 105); do echo $i > extra$i; done", evidence());
    verify(NULL, NULL);
    assert_status(1);
    assert_in(got.out, "and 5 more");
}

static void evidence_that_cannot_be_opened_is_no_answer(void **state)
{
    (void)state;
    run("verify-attestation", envelope(), "--key", in_folder("pub.pem"), "/nonexistent", NULL);
    assert_failed(66);
}

/* ---- another report ---- */

static void another_report_is_told(void **state)
{
    (void)state;
    in_shell("echo >> '%s/r.json'", folder);
    verify("--report", in_folder("r.json"));
    assert_status(1);
    assert_in(got.out, "is not the one attested");
    verify("--report", "/nonexistent");
    assert_failed(66);
}

/* ---- envelopes that were signed, by us, for something else ---- */

static char *statement_text(void)
{
    fp_arena *arena = fp_arena_new(BUDGET);
    char *text = malloc(TEXT_MAX);
    fp_envelope e;
    assert_non_null(text);
    slurp(envelope(), text);
    assert_int_equal(fp_envelope_read(fp_span_of(text, strlen(text)), arena, &e, NULL), FP_OK);
    memcpy(text, e.payload.data, e.payload.size);
    text[e.payload.size] = '\0';
    fp_arena_free(arena);
    return text;
}

/* Signs it in place of the envelope; `text` is freed. */
static void sign_as(const char *type, char *text)
{
    fp_arena *arena = fp_arena_new(BUDGET);
    char *pem = key_pem_private(KEY_SEED_ONE);
    fp_key *key = NULL;
    fp_envelope e;
    fp_out out = {0};
    assert_int_equal(fp_key_read_private(fp_span_of(pem, strlen(pem)), NULL, NULL, &key, NULL),
                     FP_OK);
    assert_int_equal(
        fp_envelope_sign(fp_str_of(type), fp_span_of(text, strlen(text)), key, arena, &e), FP_OK);
    assert_int_equal(fp_envelope_write(&e, arena, &out), FP_OK);
    put_file("e.json", out.data);
    fp_out_free(&out);
    fp_key_free(key);
    fp_arena_free(arena);
    free(pem);
    free(text);
}

static void sign_altered(const char *old, const char *new)
{
    char *text = statement_text();
    char *altered = replaced(text, old, new);
    free(text);
    sign_as("application/vnd.in-toto+json", altered);
}

static void another_version_is_not_asked_again(void **state)
{
    (void)state;
    sign_altered("\"version\":\"0.", "\"version\":\"9.");
    verify("--reproduce", NULL);
    assert_status(2);
    assert_in(got.out, "OPEN");
    assert_in(got.out, "not asked for again: this is fixproof 0.");
    verify(NULL, NULL);
    assert_status(0);
}

static void a_verdict_that_is_not_given_again_is_told(void **state)
{
    (void)state;
    sign_altered(
        "\"verdict\":\"affected\",\"reason\":\"unpatched_symptom_seen\",\"assurance\":null,"
        "\"possible\":[\"affected\"]",
        "\"verdict\":\"fixed\",\"reason\":\"fix_effective\",\"assurance\":\"effective\","
        "\"possible\":[\"fixed\"]");
    verify("--reproduce", NULL);
    assert_status(1);
    assert_in(got.out, "954474 is not as attested: affected, unpatched_symptom_seen");
    /* The digest of the report is right, what is said of it is not. */
    verify("--report", in_folder("r.json"));
    assert_status(1);
    assert_in(got.out, "Report     954474 is not as attested");
}

/* A verdict without what it is to be taken with is another one. */
static void a_caveat_that_is_kept_back_is_told(void **state)
{
    (void)state;
    attest_sample("fix-installed");
    sign_altered("\"reason\":\"fix_installed\",\"assurance\":\"installed\","
                 "\"possible\":[\"fixed\"],\"caveats\":[",
                 "\"reason\":\"fix_installed\",\"assurance\":\"installed\","
                 "\"possible\":[\"fixed\"],\"caveats\":[],\"x\":[");
    verify("--report", in_folder("r.json"));
    assert_status(1);
    assert_in(got.out, "Report     954474 is not as attested: fixed, fix_installed (installed)\n"
                       "             Caveat: ");
    verify("--reproduce", NULL);
    assert_status(1);
    /* One that nobody had is told to be none. */
    attest_sample("unpatched-symptom");
    sign_altered("\"possible\":[\"affected\"],\"caveats\":[",
                 "\"possible\":[\"affected\"],\"caveats\":[\"it was raining\"");
    verify("--reproduce", NULL);
    assert_status(1);
    assert_in(got.out, "Caveats: none");
}

static void caveats_that_are_not_attested_are_told(void **state)
{
    (void)state;
    sign_altered("\"possible\":[\"affected\"],\"caveats\":[",
                 "\"possible\":[\"affected\"],\"x\":[");
    verify("--reproduce", NULL);
    assert_status(0); /* nobody signed that there are none */
    assert_in(got.out, "Caveats    not attested");
}

/* Signed by us, and still not what the report says: a server, or a verdict that is kept back. */
static void what_is_not_attested_of_the_report_is_told(void **state)
{
    (void)state;
    sign_altered("\"host\":\"KOLCM01\"", "\"host\":\"KOLCM02\"");
    verify("--report", in_folder("r.json"));
    assert_status(1);
    assert_in(got.out, "Report     of another server: KOLCM01");
    verify("--reproduce", NULL);
    assert_status(1);
    assert_in(got.out, "Verdicts   of another server: KOLCM01");
    attest();
    sign_altered("\"verdicts\":[", "\"verdicts\":[],\"x\":[");
    verify("--report", in_folder("r.json"));
    assert_status(1);
    assert_in(got.out, "954474 is not attested: affected");
}

static void evidence_that_the_report_does_not_have_is_told(void **state)
{
    (void)state;
    sign_altered("\"subject\":[",
                 "\"subject\":[{\"name\":\"x\",\"digest\":{\"sha256\":"
                 "\"1111111111111111111111111111111111111111111111111111111111111111\"}},");
    verify("--report", in_folder("r.json"));
    assert_status(1);
    assert_in(got.out, "lists other evidence than is attested");
    assert_in(got.out, "missing: x");
}

static void ids_that_are_paths_are_not_asked(void **state)
{
    (void)state;
    sign_altered("\"advisory\":\"954474\"", "\"advisory\":\"-\"");
    verify("--reproduce", NULL);
    assert_status(2);
    sign_altered("\"advisory\":\"-\"", "\"advisory\":\"x.json\"");
    verify("--reproduce", NULL);
    assert_status(2);
    sign_altered("\"command\":\"assess\"", "\"command\":\"catalog\"");
    verify("--reproduce", NULL);
    assert_status(2);
}

static void what_is_signed_and_no_attestation_is_unusable(void **state)
{
    (void)state;
    sign_as("application/vnd.in-toto", statement_text());
    verify(NULL, NULL);
    assert_failed(65);
    sign_as("text/plain", strdup("hello"));
    verify(NULL, NULL);
    assert_failed(65);
    sign_as("application/vnd.in-toto+json", strdup("hello"));
    verify(NULL, NULL);
    assert_failed(65);
    sign_as("application/vnd.in-toto+json",
            strdup("{\"_type\": \"https://in-toto.io/Statement/v1\", \"subject\": [],"
                   " \"predicateType\": \"https://slsa.dev/provenance/v1\", \"predicate\": {}}"));
    verify(NULL, NULL);
    assert_failed(65);
    assert_in(got.err, "https://slsa.dev/provenance/v1");
}

static void text_of_an_attestation_is_shown_inert(void **state)
{
    (void)state;
    sign_altered("\"host\":\"KOLCM01\"", "\"host\":\"\\u001b[31mA\\u202eB\\nVERIFIED\"");
    verify(NULL, NULL);
    assert_status(0);
    assert_null(strchr(got.out, '\x1b'));
    assert_null(strstr(got.out, "\xE2\x80\xAE"));
    assert_null(strstr(got.out, "\nVERIFIED\n"));
}

/* ---- judged with other settings, or other data ---- */

static void other_settings_are_told(void **state)
{
    (void)state;
    verify("--reproduce", "--accept-weak");
    assert_status(2); /* the same verdicts, but not as they were asked for */
    assert_in(got.out, "OPEN");
    assert_in(got.out, "Settings   weak signatures accepted: attested no, now yes");
    run("verify-attestation", envelope(), "--key", in_folder("pub.pem"), evidence(), "--reproduce",
        "--accept-weak", "--format", "json", NULL);
    assert_in(got.out, "\"setting\": \"accept_weak\"");
    assert_in(got.out, "\"answer\": \"open\"");
    verify("--reproduce", NULL);
    assert_status(0);
    assert_null(strstr(got.out, "Settings"));
}

static void settings_that_are_not_attested_leave_it_open(void **state)
{
    (void)state;
    sign_altered("\"settings\":{", "\"more\":{");
    verify("--reproduce", NULL);
    assert_status(2);
    assert_in(got.out, "Settings   not attested");
    verify(NULL, NULL);
    assert_status(0);
}

/* The rest of the settings is no word for the data of the advisory. */
static void advisory_data_that_are_not_attested_leave_it_open(void **state)
{
    (void)state;
    static const char *const kept_back[] = {"\"advisory_sha256\":null,\"x\":", "\"x\":"};
    for (size_t i = 0; i < sizeof kept_back / sizeof *kept_back; i++) {
        attest();
        sign_altered("\"advisory_sha256\":", kept_back[i]);
        verify("--reproduce", NULL);
        assert_status(2);
        assert_in(got.out, "Settings   data of the advisory 954474: attested not told, now");
        verify(NULL, NULL);
        assert_status(0);
    }
}

/* An advisory that says otherwise now refutes nobody. */
static void other_data_leave_it_open(void **state)
{
    (void)state;
    in_shell("cp -r '%s/data' '%s' && sed -i 's/unpatched_symptom_seen/another_reason/' "
             "'%s/data/advisories/954474.json'",
             FIXPROOF_SOURCE_DIR, folder, folder);
    run("verify-attestation", envelope(), "--key", in_folder("pub.pem"), evidence(), "--reproduce",
        "--data", in_folder("data"), NULL);
    assert_status(2);
    assert_in(got.out, "OPEN");
    assert_in(got.out, "Settings   data of the advisory 954474: attested");
    assert_in(got.out, "954474 is not as attested: affected, another_reason");
    /* It is no way round what the report itself says. */
    sign_altered("\"reason\":\"unpatched_symptom_seen\"", "\"reason\":\"x\"");
    verify("--reproduce", "--accept-weak");
    assert_status(2);
    verify("--report", in_folder("r.json"));
    assert_status(1);
    verify("--reproduce", NULL);
    assert_status(1);
}

/* ---- the same for programs ---- */

static void a_program_is_told_the_same(void **state)
{
    (void)state;
    run("verify-attestation", envelope(), "--key", in_folder("pub.pem"), evidence(), "--report",
        in_folder("r.json"), "--reproduce", "--format", "json", NULL);
    assert_status(0);
    assert_in(got.out, "\"schema\": \"fixproof/verification/v1\"");
    assert_in(got.out, "\"answer\": \"verified\"");
    assert_in(got.out, "\"state\": \"good\"");
    assert_in(got.out, "06e3fd8fda29bb60ab59557de61edb0aecdb231134be30e75b455f8e1b792fa9");
    assert_in(got.out, "\"reason\": \"unpatched_symptom_seen\"");
    assert_in(got.out, "\"asked\": true");
    assert_null(strstr(got.out, "\"same\": false"));
    run("verify-attestation", envelope(), "--key", in_folder("pub.pem"), "--format", "json", NULL);
    assert_status(0);
    assert_in(got.out, "\"report\": null");
    assert_in(got.out, "\"evidence\": null");
    assert_in(got.out, "\"reproduced\": null");
}

static void a_program_is_told_what_is_otherwise(void **state)
{
    (void)state;
    in_shell("echo >> '%s/Logs/wsyncmgr.log' && rm '%s/software.reg' && echo x > '%s/notes.txt'",
             evidence(), evidence(), evidence());
    run("verify-attestation", envelope(), "--key", in_folder("pub.pem"), evidence(), "--reproduce",
        "--format", "json", NULL);
    assert_status(1);
    assert_in(got.out, "\"answer\": \"not_verified\"");
    assert_in(got.out, "\"kind\": \"changed\"");
    assert_in(got.out, "\"kind\": \"missing\"");
    assert_in(got.out, "\"kind\": \"extra\"");
    assert_in(got.out, "\"asked\": false");
    assert_in(got.out, "\"why_not\": \"this is not the evidence attested\"");
}

static void a_program_is_told_of_other_verdicts(void **state)
{
    (void)state;
    sign_altered(
        "\"verdict\":\"affected\",\"reason\":\"unpatched_symptom_seen\",\"assurance\":null,"
        "\"possible\":[\"affected\"]",
        "\"verdict\":\"fixed\",\"reason\":\"x\",\"assurance\":null,\"possible\":[\"fixed\"]");
    run("verify-attestation", envelope(), "--key", in_folder("pub.pem"), evidence(), "--reproduce",
        "--format", "json", NULL);
    assert_status(1);
    assert_in(got.out, "\"same\": false");
    assert_in(got.out, "\"reason\": \"x\"");
    assert_in(got.out, "\"reason\": \"unpatched_symptom_seen\"");
    sign_altered("\"version\":\"0.", "\"version\":\"9.");
    run("verify-attestation", envelope(), "--key", in_folder("pub.pem"), evidence(), "--reproduce",
        "--format", "json", NULL);
    assert_status(2);
    assert_in(got.out, "\"answer\": \"open\"");
    assert_in(got.out, "\"why_not\": \"this is fixproof 0.");
}

/* Nothing of what nobody signed is told. */
static void a_program_is_told_nothing_unsigned(void **state)
{
    (void)state;
    run("verify-attestation", envelope(), "--key", in_folder("otherpub.pem"), evidence(),
        "--format", "json", NULL);
    assert_status(1);
    assert_in(got.out, "\"answer\": \"not_verified\"");
    assert_in(got.out, "\"state\": \"other_key\"");
    assert_in(got.out, "\"attested\": null");
    assert_null(strstr(got.out, "KOLCM01"));
    run("verify-attestation", envelope(), "--key", in_folder("pub.pem"), "--format",
        json_to("v.json"), "--format", "text", NULL);
    assert_status(0);
    assert_int_equal(access(in_folder("v.json"), F_OK), 0);
    run("verify-attestation", envelope(), "--key", in_folder("pub.pem"), "--format",
        json_to("e.json"), NULL);
    assert_failed(64);
}

/* ---- envelopes that were not signed by us ---- */

static void another_key_verifies_nothing(void **state)
{
    (void)state;
    run("verify-attestation", envelope(), "--key", in_folder("otherpub.pem"), evidence(), NULL);
    assert_status(1);
    assert_in(got.out, "NOT VERIFIED");
    assert_in(got.out, "one by another key, not checked");
    assert_null(strstr(got.out, "954474")); /* nothing of it is shown */
    assert_null(strstr(got.out, "KOLCM01"));
}

static void an_altered_payload_verifies_nothing(void **state)
{
    (void)state;
    char *text = malloc(TEXT_MAX);
    assert_non_null(text);
    slurp(envelope(), text);
    char *payload = strstr(text, "\"payload\": \"") + strlen("\"payload\": \"");
    payload[100] = payload[100] == 'A' ? 'B' : 'A';
    put_file("e.json", text);
    verify(NULL, NULL);
    assert_status(1);
    assert_in(got.out, "was not made by it");
    assert_null(strstr(got.out, "954474"));
    free(text);
}

static void alter_envelope(const char *old, const char *new)
{
    char *text = malloc(TEXT_MAX);
    assert_non_null(text);
    slurp(envelope(), text);
    char *altered = replaced(text, old, new);
    put_file("e.json", altered);
    free(altered);
    free(text);
}

static void an_altered_envelope_is_no_answer_or_a_no(void **state)
{
    (void)state;
    static const struct {
        const char *old, *new;
        int status;
    } rows[] = {{"application/vnd.in-toto+json", "application/vnd.in-toto+jsox", 1},
                {"\"sig\": \"", "\"sig\": \"AAAA", 1},
                {"\"sig\": \"", "\"sig\": \"\", \"x\": \"", 1},
                {"\"sig\": \"", "\"sig\": \"-", 65},
                {"\"sig\"", "\"sign\"", 65},
                {"\"payload\": \"", "\"payload\": \"\\n", 65},
                {"\"payload\": \"", "\"payload\": \"=", 65},
                {"\"payload\"", "\"payloads\"", 65},
                {"\"signatures\": [", "\"signatures\": [{},", 65},
                {"\"signatures\": [", "\"signatures\": [], \"x\": [", 1},
                {"\"keyid\": \"06", "\"keyid\": \"07", 0},
                {"{", "{\"x\": [1],", 0}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        attest();
        alter_envelope(rows[i].old, rows[i].new);
        verify(NULL, NULL);
        if (got.status != rows[i].status)
            print_error("%s -> %s\n", rows[i].old, rows[i].new);
        assert_status(rows[i].status);
        if (rows[i].status == 65)
            assert_failed(65);
    }
}

static void one_of_several_signatures_is_enough(void **state)
{
    (void)state;
    char signature[256] = "";
    run("attest", in_folder("r.json"), "--key", in_folder("other.pem"), NULL);
    assert_status(0);
    const char *at = strstr(got.out, "\"keyid\"");
    snprintf(signature, sizeof signature, "\"signatures\": [{%.*s},", (int)strcspn(at, "}"), at);
    alter_envelope("\"signatures\": [", signature);
    verify(NULL, NULL);
    assert_status(0);
    assert_in(got.out, "one by another key, not checked");
    run("verify-attestation", envelope(), "--key", in_folder("otherpub.pem"), NULL);
    assert_status(0);
}

static void put_large(const char *name, size_t size, char fill)
{
    FILE *file = fopen(in_folder(name), "w");
    char block[4096];
    assert_non_null(file);
    memset(block, fill, sizeof block);
    for (size_t i = 0; i < size; i += sizeof block)
        fwrite(block, 1, size - i < sizeof block ? size - i : sizeof block, file);
    fclose(file);
}

static void hostile_files_are_refused(void **state)
{
    (void)state;
    put_large("e.json", 100 << 20, ' ');
    verify(NULL, NULL);
    assert_failed(65);
    put_large("e.json", 10000, '[');
    verify(NULL, NULL);
    assert_failed(65);
    put_file("e.json", "");
    verify(NULL, NULL);
    assert_failed(65);
    put_large("r.json", 100 << 20, ' ');
    run("attest", in_folder("r.json"), "--key", in_folder("key.pem"), NULL);
    assert_failed(65);
    run("verify-attestation", "/nonexistent", "--key", in_folder("pub.pem"), NULL);
    assert_failed(66);
    run("verify-attestation", folder, "--key", in_folder("pub.pem"), NULL);
    assert_failed(66);
    run("attest", "/nonexistent", "--key", in_folder("key.pem"), NULL);
    assert_failed(66);
}

/* A report that can be read, and an attestation of it that could not: Base64 makes it longer. */
static void an_attestation_that_nobody_could_read_is_not_written(void **state)
{
    (void)state;
    FILE *file = fopen(in_folder("r.json"), "w");
    assert_non_null(file);
    fprintf(file, "{\"schema\":\"fixproof/report/v1\",\"tool\":{\"version\":\"0.1.0\"},"
                  "\"command\":\"assess\",\"generated\":\"2008-06-14T00:00:00Z\",\"since\":null,"
                  "\"subject\":{\"host\":null,\"site_code\":null,\"product\":null,"
                  "\"release\":null,\"version\":null,\"role\":null},"
                  "\"statements\":[],\"results\":[],\"evidence\":[");
    for (int i = 1; i <= 3500; i++)
        fprintf(file,
                "%s{\"id\":%d,\"parent\":null,\"path\":\"%04096d\",\"kind\":\"log\",\"sha256\":"
                "\"%064d\",\"size_bytes\":1,\"complete\":true}",
                i > 1 ? "," : "", i, i, i);
    fprintf(file, "]}");
    fclose(file);
    run("attest", in_folder("r.json"), "--key", in_folder("key.pem"), NULL);
    assert_failed(65);
    assert_in(got.err, "16777216 bytes");
}

static void a_long_name_of_a_key_is_cut(void **state)
{
    (void)state;
    char *long_id = malloc(100001);
    char *entry = malloc(100100);
    assert_true(long_id != NULL && entry != NULL);
    memset(long_id, 'k', 100000);
    long_id[100000] = '\0';
    snprintf(entry, 100100, "\"signatures\": [{\"sig\": \"\", \"keyid\": \"%s\"},", long_id);
    alter_envelope("\"signatures\": [", entry);
    run("verify-attestation", envelope(), "--key", in_folder("pub.pem"), NULL);
    assert_status(0);
    assert_true(strlen(got.out) < 4000);
    free(long_id);
    free(entry);
}

static void other_documents_are_not_attested(void **state)
{
    (void)state;
    run("attest", envelope(), "--key", in_folder("key.pem"), NULL);
    assert_failed(65);
    put_file("r.json", "{\"schema\": \"fixproof/inventory/v1\"}");
    run("attest", in_folder("r.json"), "--key", in_folder("key.pem"), NULL);
    assert_failed(65);
}

/* ---- keys ---- */

static int attest_with(const char *key, const char *option, const char *value)
{
    return run("attest", in_folder("r.json"), "--key", in_folder(key), option, value, NULL);
}

static void keys_of_other_kinds_are_refused(void **state)
{
    (void)state;
    put_key("rsa.pem", key_pem_other_private("RSA"));
    put_key("rsapub.pem", key_pem_other_public("RSA"));
    put_key("ec.pem", key_pem_traditional("EC"));
    put_key("not.pem", strdup("hello\n"));
    attest_with("rsa.pem", NULL, NULL);
    assert_failed(65);
    assert_in(got.err, "Ed25519");
    attest_with("ec.pem", NULL, NULL);
    assert_failed(65);
    attest_with("not.pem", NULL, NULL);
    assert_failed(65);
    attest_with("pub.pem", NULL, NULL);
    assert_failed(65);
    attest_with("none.pem", NULL, NULL);
    assert_failed(66);
    run("verify-attestation", envelope(), "--key", in_folder("rsapub.pem"), NULL);
    assert_failed(65);
    run("verify-attestation", envelope(), "--key", in_folder("key.pem"), NULL);
    assert_failed(65);
    run("verify-attestation", envelope(), "--key", in_folder("none.pem"), NULL);
    assert_failed(66);
    put_large("key.pem", 1 << 20, 'A');
    attest_with("key.pem", NULL, NULL);
    assert_failed(65);
    run("attest", in_folder("r.json"), "--key", folder, NULL);
    assert_failed(66);
}

static void a_key_that_others_can_read_is_refused(void **state)
{
    (void)state;
    static const mode_t loose[] = {0644, 0640, 0604, 0660, 0602, 0610, 0777};
    for (size_t i = 0; i < sizeof loose / sizeof *loose; i++) {
        assert_int_equal(chmod(in_folder("key.pem"), loose[i]), 0);
        attest_with("key.pem", NULL, NULL);
        assert_failed(66);
        assert_in(got.err, "chmod 600");
    }
    static const mode_t strict[] = {0400, 0600, 0700};
    for (size_t i = 0; i < sizeof strict / sizeof *strict; i++) {
        assert_int_equal(chmod(in_folder("key.pem"), strict[i]), 0);
        attest_with("key.pem", NULL, NULL);
        assert_status(0);
    }
    assert_int_equal(chmod(in_folder("pub.pem"), 0644), 0);
    verify(NULL, NULL);
    assert_status(0);
}

static void the_pass_phrase_is_in_a_file(void **state)
{
    (void)state;
    put_key("locked.pem", key_pem_encrypted(KEY_SEED_ONE, "open, sesame", 2048));
    put_key("phrase", strdup("open, sesame\nand what is behind it\n"));
    attest_with("locked.pem", "--passphrase-file", in_folder("phrase"));
    assert_status(0);
    put_key("phrase", strdup("open, sesame"));
    attest_with("locked.pem", "--passphrase-file", in_folder("phrase"));
    assert_status(0);
    put_key("phrase", strdup("open, sesame\r\n"));
    attest_with("locked.pem", "--passphrase-file", in_folder("phrase"));
    assert_status(0);
    put_key("phrase", strdup("open, Sesame\n"));
    attest_with("locked.pem", "--passphrase-file", in_folder("phrase"));
    assert_failed(65);
    assert_null(strstr(got.err, "Sesame"));
    put_key("phrase", strdup("\n"));
    attest_with("locked.pem", "--passphrase-file", in_folder("phrase"));
    assert_failed(66);
    put_key("phrase", strdup(""));
    attest_with("locked.pem", "--passphrase-file", in_folder("phrase"));
    assert_failed(66);
    put_large("phrase", 4096, 'x');
    attest_with("locked.pem", "--passphrase-file", in_folder("phrase"));
    assert_failed(66);
    attest_with("locked.pem", "--passphrase-file", in_folder("none"));
    assert_failed(66);
    attest_with("key.pem", "--passphrase-file", in_folder("none")); /* it is not asked for */
    assert_status(0);
}

static void a_pass_phrase_that_others_can_read_is_refused(void **state)
{
    (void)state;
    put_key("locked.pem", key_pem_encrypted(KEY_SEED_ONE, "p", 1));
    put_file("phrase", "p\n");
    assert_int_equal(chmod(in_folder("phrase"), 0644), 0);
    attest_with("locked.pem", "--passphrase-file", in_folder("phrase"));
    assert_failed(66);
    assert_in(got.err, "chmod 600");
}

static void secrets_come_through_pipes(void **state)
{
    (void)state;
    int ends[2];
    put_key("locked.pem", key_pem_encrypted(KEY_SEED_ONE, "p", 1));
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "p\n", 2), 2);
    close(ends[1]);
    extra_stdin = ends[0];
    attest_with("locked.pem", "--passphrase-file", "-");
    assert_status(0);
    close(ends[0]);
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "p\n", 2), 2);
    close(ends[1]);
    extra_stdin = ends[0];
    attest_with("locked.pem", "--passphrase-file", "/dev/stdin");
    assert_status(0);
    close(ends[0]);
    extra_stdin = open(in_folder("key.pem"), O_RDONLY | O_CLOEXEC);
    run("attest", in_folder("r.json"), "--key", "-", NULL);
    assert_status(0);
    close(extra_stdin);
}

/* ---- the terminal ---- */

typedef struct dialogue {
    int terminal; /* ours of the two ends */
    pid_t pid;
    char shown[4096];
    size_t size;
} dialogue;

/* With a terminal of its own, on which nothing else is shown. */
static void begin_dialogue(dialogue *d)
{
    *d = (dialogue){0};
    d->pid = forkpty(&d->terminal, NULL, NULL, NULL);
    assert_true(d->pid >= 0);
    if (d->pid > 0)
        return;
    alarm(60);
    execl(FIXPROOF_PROGRAM, FIXPROOF_PROGRAM, "attest", in_folder("r.json"), "--key",
          in_folder("locked.pem"), "--output", in_folder("new.json"), NULL);
    _exit(127);
}

/* Until `text` is shown, or the other side is gone. */
static bool read_until(dialogue *d, const char *text)
{
    while (strstr(d->shown, text) == NULL && d->size + 1 < sizeof d->shown) {
        const ssize_t n = read(d->terminal, d->shown + d->size, sizeof d->shown - 1 - d->size);
        if (n <= 0)
            return false;
        d->size += (size_t)n;
        d->shown[d->size] = '\0';
    }
    return true;
}

static bool echoes(const dialogue *d)
{
    struct termios now;
    assert_int_equal(tcgetattr(d->terminal, &now), 0);
    return (now.c_lflag & ECHO) != 0;
}

static int end_dialogue(dialogue *d)
{
    int status;
    (void)read_until(d, "\x01");
    assert_int_equal(waitpid(d->pid, &status, 0), d->pid);
    close(d->terminal);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1 - WTERMSIG(status);
}

static void say(const dialogue *d, const char *text)
{
    assert_int_equal(write(d->terminal, text, strlen(text)), (ssize_t)strlen(text));
}

static void what_is_typed_is_not_shown(void **state)
{
    (void)state;
    dialogue d;
    put_key("locked.pem", key_pem_encrypted(KEY_SEED_ONE, "open, sesame", 1));
    begin_dialogue(&d);
    assert_true(read_until(&d, "Pass phrase"));
    assert_false(echoes(&d));
    say(&d, "open, sesame\n");
    assert_true(read_until(&d, "attested"));
    assert_true(echoes(&d));
    assert_int_equal(end_dialogue(&d), 0);
    assert_null(strstr(d.shown, "sesame"));
    assert_int_equal(access(in_folder("new.json"), F_OK), 0);

    begin_dialogue(&d);
    assert_true(read_until(&d, "Pass phrase"));
    say(&d, "sesame\n");
    assert_int_equal(end_dialogue(&d), 65);
    assert_null(strstr(d.shown, "sesame"));
}

static void an_interruption_leaves_the_terminal_as_it_was(void **state)
{
    (void)state;
    dialogue d;
    put_key("locked.pem", key_pem_encrypted(KEY_SEED_ONE, "open, sesame", 1));
    begin_dialogue(&d);
    /* Another descriptor keeps the terminal alive after the program has ended. */
    const int kept = open(ptsname(d.terminal), O_RDWR | O_NOCTTY | O_CLOEXEC);
    assert_true(kept >= 0);
    assert_true(read_until(&d, "Pass phrase"));
    assert_false(echoes(&d));
    say(&d, "open\x03"); /* Ctrl-C */
    int status;
    assert_int_equal(waitpid(d.pid, &status, 0), d.pid);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGINT);
    assert_true(echoes(&d));
    assert_int_not_equal(access(in_folder("new.json"), F_OK), 0);
    close(kept);
    close(d.terminal);
}

static void without_a_terminal_the_option_is_named(void **state)
{
    (void)state;
    put_key("locked.pem", key_pem_encrypted(KEY_SEED_ONE, "p", 1));
    fflush(NULL);
    const pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) { /* a session of its own has no terminal */
        setsid();
        attest_with("locked.pem", NULL, NULL);
        const bool told = got.status == 66 && strstr(got.err, "--passphrase-file") != NULL;
        _exit(told ? 0 : 1);
    }
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

/* ---- output ---- */

static void what_cannot_be_written_is_told(void **state)
{
    (void)state;
    attest_with("key.pem", "--output", "/dev/full");
    assert_failed(73);
    attest_with("key.pem", "--output", "/nonexistent/e.json");
    assert_failed(73);
    attest_with("key.pem", "--output", folder);
    assert_failed(73);
    extra_stdout = open("/dev/full", O_WRONLY | O_CLOEXEC);
    attest_with("key.pem", NULL, NULL);
    assert_failed(73);
    verify(NULL, NULL);
    assert_failed(73);
    close(extra_stdout);
}

static void a_full_disk_leaves_the_old_attestation(void **state)
{
    (void)state;
    put_file("e.json", "old\n");
    const size_t before = entries(folder);
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    const struct rlimit small = {.rlim_cur = 500, .rlim_max = limit.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    attest_with("key.pem", "--output", envelope());
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    assert_failed(73);
    char text[TEXT_MAX / 64];
    FILE *file = fopen(envelope(), "r");
    assert_non_null(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    assert_string_equal(text, "old\n");
    assert_int_equal(entries(folder), before);
}

static void inputs_are_not_overwritten(void **state)
{
    (void)state;
    attest_with("key.pem", "--output", in_folder("r.json"));
    assert_failed(64);
    attest_with("key.pem", "--output", in_folder("key.pem"));
    assert_failed(64);
    put_key("phrase", strdup("p"));
    run("attest", in_folder("r.json"), "--key", in_folder("key.pem"), "--passphrase-file",
        in_folder("phrase"), "--output", in_folder("phrase"), NULL);
    assert_failed(64);
}

/* ---- usage ---- */

static void slips_are_told(void **state)
{
    (void)state;
    run("attest", in_folder("r.json"), NULL);
    assert_failed(64);
    run("attest", "--key", in_folder("key.pem"), NULL);
    assert_failed(64);
    run("attest", "-", "--key", "-", NULL);
    assert_failed(64);
    run("attest", in_folder("r.json"), in_folder("r.json"), "--key", in_folder("key.pem"), NULL);
    assert_failed(64);
    run("verify-attestation", envelope(), NULL);
    assert_failed(64);
    run("verify-attestation", envelope(), "--key", in_folder("pub.pem"), "--reproduce", NULL);
    assert_failed(64);
    run("verify-attestation", "-", "--key", in_folder("pub.pem"), "-", NULL);
    assert_failed(64);
    run("verify-attestation", "-", "--key", "-", NULL);
    assert_failed(64);
    run("verify-attestation", envelope(), "--key", in_folder("pub.pem"), "--advisory", "954474",
        NULL);
    assert_failed(64);
    run("verify-attestation", envelope(), "--key", in_folder("pub.pem"), "--color", "sometimes",
        NULL);
    assert_failed(64);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up_case, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_was_attested_is_verified),
        TEST(the_place_of_the_evidence_does_not_matter),
        TEST(the_same_report_gives_the_same_bytes),
        TEST(both_verbs_tell_the_key_id),
        TEST(declared_facts_are_asked_with_again),
        TEST(a_confirmation_is_given_again),
        TEST(caveats_are_attested),
        TEST(an_advisory_of_its_own_is_named_again),
        TEST(other_settings_are_told),
        TEST(settings_that_are_not_attested_leave_it_open),
        TEST(advisory_data_that_are_not_attested_leave_it_open),
        TEST(other_data_leave_it_open),
        TEST(changed_evidence_is_told),
        TEST(missing_evidence_is_told),
        TEST(extra_evidence_is_told),
        TEST(evidence_that_cannot_be_read_is_open),
        TEST(a_long_list_of_differences_is_cut),
        TEST(evidence_that_cannot_be_opened_is_no_answer),
        TEST(another_report_is_told),
        TEST(another_version_is_not_asked_again),
        TEST(a_verdict_that_is_not_given_again_is_told),
        TEST(a_caveat_that_is_kept_back_is_told),
        TEST(caveats_that_are_not_attested_are_told),
        TEST(what_is_not_attested_of_the_report_is_told),
        TEST(evidence_that_the_report_does_not_have_is_told),
        TEST(ids_that_are_paths_are_not_asked),
        TEST(what_is_signed_and_no_attestation_is_unusable),
        TEST(text_of_an_attestation_is_shown_inert),
        TEST(a_program_is_told_the_same),
        TEST(a_program_is_told_what_is_otherwise),
        TEST(a_program_is_told_of_other_verdicts),
        TEST(a_program_is_told_nothing_unsigned),
        TEST(another_key_verifies_nothing),
        TEST(an_altered_payload_verifies_nothing),
        TEST(an_altered_envelope_is_no_answer_or_a_no),
        TEST(one_of_several_signatures_is_enough),
        TEST(hostile_files_are_refused),
        TEST(an_attestation_that_nobody_could_read_is_not_written),
        TEST(a_long_name_of_a_key_is_cut),
        TEST(other_documents_are_not_attested),
        TEST(keys_of_other_kinds_are_refused),
        TEST(a_key_that_others_can_read_is_refused),
        TEST(the_pass_phrase_is_in_a_file),
        TEST(a_pass_phrase_that_others_can_read_is_refused),
        TEST(secrets_come_through_pipes),
        TEST(what_is_typed_is_not_shown),
        TEST(an_interruption_leaves_the_terminal_as_it_was),
        TEST(without_a_terminal_the_option_is_named),
        TEST(what_cannot_be_written_is_told),
        TEST(a_full_disk_leaves_the_old_attestation),
        TEST(inputs_are_not_overwritten),
        TEST(slips_are_told),
    };
    return cmocka_run_group_tests_name(__FILE__, tests, NULL, NULL) != 0;
}
