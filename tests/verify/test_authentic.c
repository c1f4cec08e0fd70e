/* SPDX-License-Identifier: MIT */
/*
 * Signatures that are good but for one thing: each row starts from what tests/support/sign_builder
 * makes, breaks it in one place, and says which result and which check that gives. Certificates are
 * made anew for every run.
 */
#include "tests/support/check.h"
#include "tests/support/sign_builder.h"

#include <stdio.h>

enum { BUDGET = 64 << 20 };
static const fp_time NOW = INT64_C(1795348800000); /* 2026-11-22 */

/* ---- who signs ------------------------------------------------------------------------ */

typedef enum who {
    ROOT = 0,
    ISSUING, /* by ROOT */
    PUBLISHER,
    OLD,             /* its certificate ended with 2023 */
    LIFETIME,        /* the same, and its time stamps do not help */
    OTHER_PUBLISHER, /* of nearly the same name */
    RSA,
    SHORT_KEY,
    OLD_ISSUING, /* its certificate is signed with SHA-1 */
    UNDER_OLD_ISSUING,
    NO_SIGNER, /* its key is for encryption only */
    TWO_ORGANIZATIONS,
    TLS,
    NO_USAGE,
    ANY_USAGE,
    TLS_ISSUING, /* an authority for servers only */
    UNDER_TLS_ISSUING,
    NO_AUTHORITY, /* PUBLISHER's certificate used as an authority */
    STRANGER_ROOT,
    STRANGER,
    IMPOSTOR,      /* self-signed, called Microsoft Corporation */
    NAMESAKE_ROOT, /* ROOT's name, another key */
    UNDER_NAMESAKE,
    TSA_ROOT,
    TSA,
    OLD_TSA, /* ended with 2021 */
    STRANGER_TSA,
    PEOPLE_COUNT
} who;

enum { NOBODY = -1 }; /* self-signed */

typedef struct person {
    int issuer; /* who, or NOBODY */
    sign_person is;
} person;

static const person PEOPLE[PEOPLE_COUNT] = {
    [ROOT] = {NOBODY, {.name = "Test Root", .organization = "Fixture", .authority = true}},
    [ISSUING] = {ROOT, {.name = "Test Issuing", .organization = "Fixture", .authority = true}},
    [PUBLISHER] = {ISSUING,
                   {.name = "Test Publisher",
                    .organization = "Publisher Corporation",
                    .usage = "codeSigning",
                    .from_year = 2020,
                    .to_year = 2030}},
    [OLD] = {ISSUING,
             {.name = "Test Old Publisher",
              .organization = "Publisher Corporation",
              .usage = "codeSigning",
              .from_year = 2020,
              .to_year = 2024}},
    [LIFETIME] = {ISSUING,
                  {.name = "Test Lifetime",
                   .usage = "codeSigning,1.3.6.1.4.1.311.10.3.13",
                   .from_year = 2020,
                   .to_year = 2024}},
    [OTHER_PUBLISHER] = {ISSUING,
                         {.name = "Test Other",
                          .organization = "publisher Corporation",
                          .usage = "codeSigning",
                          .from_year = 2020,
                          .to_year = 2030}},
    [RSA] = {ISSUING,
             {.name = "Test RSA",
              .organization = "Publisher Corporation",
              .usage = "codeSigning",
              .from_year = 2020,
              .to_year = 2030,
              .rsa_bits = 2048}},
    [SHORT_KEY] = {ISSUING,
                   {.name = "Test Short",
                    .usage = "codeSigning",
                    .from_year = 2020,
                    .to_year = 2030,
                    .rsa_bits = 1024}},
    [OLD_ISSUING] = {ROOT, {.name = "Test Old Issuing", .authority = true, .sha1 = true}},
    [UNDER_OLD_ISSUING] =
        {OLD_ISSUING,
         {.name = "Test Under Old", .usage = "codeSigning", .from_year = 2020, .to_year = 2030}},
    [TLS] = {ISSUING,
             {.name = "www.example.com",
              .organization = "Publisher Corporation",
              .usage = "serverAuth,clientAuth",
              .from_year = 2020,
              .to_year = 2030}},
    [NO_USAGE] = {ISSUING, {.name = "Test No Usage", .from_year = 2020, .to_year = 2030}},
    [ANY_USAGE] = {ISSUING,
                   {.name = "Test Any Usage",
                    .usage = "anyExtendedKeyUsage",
                    .from_year = 2020,
                    .to_year = 2030}},
    [TLS_ISSUING] = {ROOT, {.name = "Test TLS Issuing", .authority = true, .usage = "serverAuth"}},
    [UNDER_TLS_ISSUING] =
        {TLS_ISSUING,
         {.name = "Test Under TLS", .usage = "codeSigning", .from_year = 2020, .to_year = 2030}},
    [NO_AUTHORITY] =
        {PUBLISHER,
         {.name = "Test Under Leaf", .usage = "codeSigning", .from_year = 2020, .to_year = 2030}},
    [STRANGER_ROOT] = {NOBODY, {.name = "Stranger Root", .authority = true}},
    [STRANGER] = {STRANGER_ROOT,
                  {.name = "Stranger",
                   .organization = "Publisher Corporation",
                   .usage = "codeSigning",
                   .from_year = 2020,
                   .to_year = 2030}},
    [IMPOSTOR] = {NOBODY,
                  {.name = "Microsoft Corporation",
                   .organization = "Microsoft Corporation",
                   .usage = "codeSigning",
                   .from_year = 2020,
                   .to_year = 2030}},
    [NAMESAKE_ROOT] = {NOBODY, {.name = "Test Root", .organization = "Fixture", .authority = true}},
    [UNDER_NAMESAKE] = {NAMESAKE_ROOT,
                        {.name = "Test Under Namesake",
                         .usage = "codeSigning",
                         .from_year = 2020,
                         .to_year = 2030}},
    [TSA_ROOT] = {NOBODY, {.name = "Test TSA Root", .authority = true}},
    [TSA] = {TSA_ROOT,
             {.name = "Test TSA",
              .usage = "critical,timeStamping",
              .from_year = 2010,
              .to_year = 2030}},
    [OLD_TSA] = {TSA_ROOT,
                 {.name = "Test Old TSA",
                  .usage = "critical,timeStamping",
                  .from_year = 2020,
                  .to_year = 2022}},
    [STRANGER_TSA] = {STRANGER_ROOT,
                      {.name = "Stranger TSA",
                       .usage = "critical,timeStamping",
                       .from_year = 2020,
                       .to_year = 2030}},
    [NO_SIGNER] = {ISSUING,
                   {.name = "Test Cipher",
                    .usage = "codeSigning",
                    .key_usage = "critical,keyEncipherment"}},
    [TWO_ORGANIZATIONS] = {ISSUING,
                           {.name = "Test Two",
                            .organization = "Publisher Corporation",
                            .second_organization = "Another",
                            .usage = "codeSigning"}},
};

static sign_identity *people[PEOPLE_COUNT];
static fp_trust *believed; /* ROOT and TSA_ROOT */

static void believe(fp_trust *trust, who root)
{
    fp_trust_added added;
    fp_arena *arena = fp_arena_new(BUDGET);
    assert_int_equal(fp_trust_add_pem(trust, sign_pem(people[root], arena), true, &added, NULL),
                     FP_OK);
    assert_int_equal(added.believed, 1);
    fp_arena_free(arena);
}

static int make_people(void **state)
{
    (void)state;
    for (size_t i = 0; i < PEOPLE_COUNT; i++) {
        sign_person is = PEOPLE[i].is;
        is.issuer = PEOPLE[i].issuer == NOBODY ? NULL : people[PEOPLE[i].issuer];
        people[i] = sign_identity_new(&is);
    }
    believed = fp_trust_new();
    believe(believed, ROOT);
    believe(believed, TSA_ROOT);
    return 0;
}

static int free_people(void **state)
{
    (void)state;
    for (size_t i = 0; i < PEOPLE_COUNT; i++)
        sign_identity_free(people[i]);
    fp_trust_free(believed);
    return 0;
}

/* The plan's chain: everybody above the signer but a root. */
static sign_plan plan_of(who signer)
{
    sign_plan plan = {.signer = people[signer]};
    size_t count = 0;
    for (int i = PEOPLE[signer].issuer; i >= 0 && PEOPLE[i].issuer >= 0; i = PEOPLE[i].issuer)
        plan.chain[count++] = people[i];
    return plan;
}

static void add_stamp(sign_plan *plan, fp_stamp_kind kind, who signer, const char *time)
{
    plan->stamp = (sign_stamp){.kind = kind, .signer = people[signer], .time = time};
    if (kind != FP_STAMP_LEGACY)
        return;
    size_t count = 0; /* its certificate stands among those of the signature */
    while (plan->chain[count] != NULL)
        count++;
    plan->chain[count] = people[signer];
}

/* ---- examining ------------------------------------------------------------------------ */

typedef struct trial {
    fp_arena *arena;
    fp_authentic_policy policy;
    fp_authenticity got;
} trial;

static trial begin(void)
{
    return (trial){.arena = fp_arena_new(BUDGET), .policy = {.trust = believed, .now = NOW}};
}

static void end(trial *t)
{
    fp_arena_free(t->arena);
}

static fp_authentic_result examine(trial *t, fp_span file)
{
    fp_diag d = {0};
    assert_int_equal(fp_authentic_span(file, &t->policy, t->arena, &t->got, &d), FP_OK);
    return t->got.result;
}

static void expect(trial *t, fp_span file, fp_authentic_result result, fp_authentic_check failed,
                   const char *name)
{
    const fp_authentic_result got = examine(t, file);
    const fp_authentic_signature *s = t->got.decisive;
    const fp_authentic_check check = s == NULL ? FP_CHECK_PLACE : s->failed;
    if (got != result || check != failed)
        print_error("%s: %s, check %d: %.*s\n", name, fp_authentic_result_name(got), (int)check,
                    FP_STR_ARG(t->got.reason));
    assert_int_equal(got, result);
    assert_int_equal(check, failed);
    assert_true((got == FP_AUTHENTIC_VALID) == (t->got.reason.size == 0));
}

/* ---- one flaw ------------------------------------------------------------------------- */

typedef struct flaw_row {
    const char *name;
    sign_flaw flaw;
    fp_authentic_result result;
    fp_authentic_check failed;
} flaw_row;

#define FORGED(check) FP_AUTHENTIC_FORGED, (check)
static const flaw_row FLAWS[] = {
    {"sound", SIGN_SOUND, FP_AUTHENTIC_VALID, FP_CHECK_COUNT},
    {"bytes behind it, in its place", SIGN_TRAILING_BYTES, FORGED(FP_CHECK_PLACE)},
    {"a length in too many bytes", SIGN_LONG_LENGTH, FORGED(FP_CHECK_PLACE)},
    {"an indefinite length", SIGN_INDEFINITE, FORGED(FP_CHECK_PLACE)},
    {"no signer", SIGN_NO_SIGNER, FORGED(FP_CHECK_STRUCTURE)},
    {"two signers", SIGN_TWO_SIGNERS, FORGED(FP_CHECK_STRUCTURE)},
    {"no signed attributes", SIGN_NO_SIGNED_ATTRIBUTES, FORGED(FP_CHECK_STRUCTURE)},
    {"two digests that differ", SIGN_OTHER_SET_DIGEST, FORGED(FP_CHECK_STRUCTURE)},
    {"more certificates than the limit", SIGN_MANY_CERTIFICATES, FP_AUTHENTIC_UNKNOWN,
     FP_CHECK_STRUCTURE},
    {"another content type", SIGN_OTHER_CONTENT_TYPE, FORGED(FP_CHECK_CONTENT)},
    {"the data type of the other carrier", SIGN_OTHER_DATA_TYPE, FORGED(FP_CHECK_CONTENT)},
    {"no data type", SIGN_NO_DATA_TYPE, FORGED(FP_CHECK_CONTENT)},
    {"a digest longer than its algorithm's", SIGN_LONG_DIGEST, FORGED(FP_CHECK_CONTENT)},
    {"a digest shorter than its algorithm's", SIGN_SHORT_DIGEST, FORGED(FP_CHECK_CONTENT)},
    {"an empty digest", SIGN_EMPTY_DIGEST, FORGED(FP_CHECK_CONTENT)},
    {"a digest of 4096 bytes", SIGN_HUGE_DIGEST, FORGED(FP_CHECK_CONTENT)},
    {"a thousand elements inside each other", SIGN_DEEP_VALUE, FP_AUTHENTIC_VALID, FP_CHECK_COUNT},
    {"one more element in the content", SIGN_CONTENT_TAIL, FORGED(FP_CHECK_CONTENT)},
    {"the digest of another file", SIGN_OTHER_FILE_DIGEST, FP_AUTHENTIC_MISMATCH, FP_CHECK_DIGEST},
    {"a SHA-1 digest signed with SHA-256", SIGN_OTHER_FILE_HASH, FORGED(FP_CHECK_ALGORITHM)},
    {"an MD5 digest", SIGN_MD5, FP_AUTHENTIC_UNKNOWN, FP_CHECK_ALGORITHM},
    {"a contentType attribute of another type", SIGN_OTHER_ATTRIBUTE_TYPE,
     FORGED(FP_CHECK_MESSAGE_DIGEST)},
    {"no message digest", SIGN_NO_MESSAGE_DIGEST, FORGED(FP_CHECK_MESSAGE_DIGEST)},
    {"two message digests", SIGN_TWO_MESSAGE_DIGESTS, FORGED(FP_CHECK_MESSAGE_DIGEST)},
    {"a message digest with two values", SIGN_TWO_DIGEST_VALUES, FORGED(FP_CHECK_MESSAGE_DIGEST)},
    {"another message digest", SIGN_OTHER_MESSAGE_DIGEST, FORGED(FP_CHECK_MESSAGE_DIGEST)},
    {"a message digest of 8 bytes", SIGN_SHORT_MESSAGE_DIGEST, FORGED(FP_CHECK_MESSAGE_DIGEST)},
    {"a signature algorithm with another digest", SIGN_OTHER_SIGNING_HASH,
     FORGED(FP_CHECK_ALGORITHM)},
    {"RSA, with an EC key", SIGN_OTHER_SCHEME, FORGED(FP_CHECK_SIGNATURE)},
    {"an unknown signature algorithm", SIGN_UNKNOWN_SCHEME, FP_AUTHENTIC_UNKNOWN,
     FP_CHECK_ALGORITHM},
    {"an altered signature", SIGN_ALTERED_SIGNATURE, FORGED(FP_CHECK_SIGNATURE)},
    {"an empty signature", SIGN_EMPTY_SIGNATURE, FORGED(FP_CHECK_SIGNATURE)},
    {"no certificate of the signer", SIGN_NO_CERTIFICATE, FORGED(FP_CHECK_SIGNATURE)},
    {"a damaged certificate of an authority", SIGN_DAMAGED_CERTIFICATE, FORGED(FP_CHECK_SIGNATURE)},
    {"a certificate with another serial number", SIGN_OTHER_SERIAL, FORGED(FP_CHECK_SIGNATURE)},
};

static void one_flaw(void **state)
{
    const flaw_row *row = *state;
    trial t = begin();
    sign_plan plan = plan_of(PUBLISHER);
    plan.flaw = row->flaw;
    expect(&t, sign_cabinet(&plan, 1, t.arena), row->result, row->failed, row->name);
    expect(&t, sign_executable(&plan, false, 1, t.arena), row->result, row->failed, row->name);
    expect(&t, sign_executable(&plan, true, 1, t.arena), row->result, row->failed, row->name);
    end(&t);
}

/* ---- who and when --------------------------------------------------------------------- */

typedef struct trust_row {
    const char *name;
    who signer;
    fp_stamp_kind stamp;
    who stamper;
    const char *time; /* NULL: June 2021 */
    sign_flaw flaw;
    fp_authentic_result result;
    fp_authentic_check failed;
} trust_row;

#define NO_STAMP                FP_STAMP_NONE, TSA, NULL, SIGN_SOUND
#define STAMPED(kind, by, time) FP_STAMP_##kind, (by), (time), SIGN_SOUND
#define FLAWED(kind, flaw)      FP_STAMP_##kind, TSA, NULL, (flaw)
#define VALID                   FP_AUTHENTIC_VALID, FP_CHECK_COUNT
#define UNTRUSTED(check)        FP_AUTHENTIC_UNTRUSTED, (check)
#define EXPIRED                 FP_AUTHENTIC_EXPIRED, FP_CHECK_TIME
static const trust_row TRUSTS[] = {
    {"RSA", RSA, NO_STAMP, VALID},
    {"expired, no time stamp", OLD, NO_STAMP, EXPIRED},
    {"expired, stamped before", OLD, STAMPED(RFC3161, TSA, NULL), VALID},
    {"expired, counter-signed before", OLD, STAMPED(LEGACY, TSA, NULL), VALID},
    {"stamped after it expired", OLD, STAMPED(RFC3161, TSA, "20250601120000Z"), EXPIRED},
    {"stamped in its first second", OLD, STAMPED(RFC3161, TSA, "20200101000000Z"), VALID},
    {"stamped before it was valid", OLD, STAMPED(RFC3161, TSA, "20191231235959Z"), EXPIRED},
    {"stamped with a fraction of a second", OLD, STAMPED(RFC3161, TSA, "20210601120000.5Z"), VALID},
    {"lifetime signing, stamped", LIFETIME, STAMPED(RFC3161, TSA, NULL), EXPIRED},
    {"stamped, by a certificate that has expired since", OLD, STAMPED(RFC3161, OLD_TSA, NULL),
     VALID},
    {"stamped, by a certificate that had expired", OLD,
     STAMPED(RFC3161, OLD_TSA, "20220601120000Z"), UNTRUSTED(FP_CHECK_TIME_STAMP)},
    {"expired, stamped by a stranger", OLD, STAMPED(RFC3161, STRANGER_TSA, NULL),
     UNTRUSTED(FP_CHECK_TIME_STAMP)},
    {"valid now, stamped by a stranger", PUBLISHER, STAMPED(RFC3161, STRANGER_TSA, NULL), VALID},
    {"expired, stamped by a code signer", OLD, STAMPED(RFC3161, PUBLISHER, NULL),
     UNTRUSTED(FP_CHECK_TIME_STAMP)},
    {"expired, counter-signed by a code signer", OLD, STAMPED(LEGACY, PUBLISHER, NULL),
     UNTRUSTED(FP_CHECK_TIME_STAMP)},
    {"a stamp of another signature", PUBLISHER, FLAWED(RFC3161, SIGN_STAMP_OTHER_SIGNATURE),
     FORGED(FP_CHECK_TIME_STAMP)},
    {"a counter-signature of another signature", PUBLISHER,
     FLAWED(LEGACY, SIGN_STAMP_OTHER_SIGNATURE), FORGED(FP_CHECK_TIME_STAMP)},
    {"an altered stamp", PUBLISHER, FLAWED(RFC3161, SIGN_STAMP_ALTERED),
     FORGED(FP_CHECK_TIME_STAMP)},
    {"an altered counter-signature", PUBLISHER, FLAWED(LEGACY, SIGN_STAMP_ALTERED),
     FORGED(FP_CHECK_TIME_STAMP)},
    {"a stamp that does not name its certificate", PUBLISHER, FLAWED(RFC3161, SIGN_STAMP_NOT_NAMED),
     FORGED(FP_CHECK_TIME_STAMP)},
    {"a stamp that names another certificate", PUBLISHER, FLAWED(RFC3161, SIGN_STAMP_OTHER_NAMED),
     FORGED(FP_CHECK_TIME_STAMP)},
    {"a stamp of a month that is none", PUBLISHER, FLAWED(RFC3161, SIGN_STAMP_BAD_TIME),
     FORGED(FP_CHECK_TIME_STAMP)},
    {"two attributes with stamps", PUBLISHER, FLAWED(RFC3161, SIGN_STAMP_TWICE),
     FORGED(FP_CHECK_TIME_STAMP)},
    {"a stamp's attribute without a value", PUBLISHER, FLAWED(RFC3161, SIGN_STAMP_EMPTY),
     FORGED(FP_CHECK_TIME_STAMP)},
    {"a TLS certificate", TLS, NO_STAMP, UNTRUSTED(FP_CHECK_CHAIN)},
    {"a key that does not sign", NO_SIGNER, NO_STAMP, UNTRUSTED(FP_CHECK_CHAIN)},
    {"a certificate for nothing in particular", NO_USAGE, NO_STAMP, UNTRUSTED(FP_CHECK_CHAIN)},
    {"a certificate for anything", ANY_USAGE, NO_STAMP, UNTRUSTED(FP_CHECK_CHAIN)},
    {"an authority for servers", UNDER_TLS_ISSUING, NO_STAMP, UNTRUSTED(FP_CHECK_CHAIN)},
    {"an authority that is none", NO_AUTHORITY, NO_STAMP, UNTRUSTED(FP_CHECK_CHAIN)},
    {"a stranger", STRANGER, NO_STAMP, UNTRUSTED(FP_CHECK_CHAIN)},
    {"a self-signed Microsoft Corporation", IMPOSTOR, NO_STAMP, UNTRUSTED(FP_CHECK_CHAIN)},
    {"a root of the same name", UNDER_NAMESAKE, NO_STAMP, UNTRUSTED(FP_CHECK_CHAIN)},
    {"a short key", SHORT_KEY, NO_STAMP, FP_AUTHENTIC_WEAK, FP_CHECK_STRENGTH},
    {"an authority signed with SHA-1", UNDER_OLD_ISSUING, NO_STAMP, FP_AUTHENTIC_WEAK,
     FP_CHECK_STRENGTH},
};

static sign_plan plan_of_row(const trust_row *row)
{
    sign_plan plan = plan_of(row->signer);
    if (row->stamp != FP_STAMP_NONE)
        add_stamp(&plan, row->stamp, row->stamper, row->time);
    plan.flaw = row->flaw;
    return plan;
}

static void who_and_when(void **state)
{
    const trust_row *row = *state;
    trial t = begin();
    const sign_plan plan = plan_of_row(row);
    expect(&t, sign_cabinet(&plan, 2, t.arena), row->result, row->failed, row->name);
    expect(&t, sign_executable(&plan, true, 2, t.arena), row->result, row->failed, row->name);
    /* Weak is a matter of policy, everything else is not. */
    t.policy.accept_weak = true;
    if (row->result == FP_AUTHENTIC_WEAK)
        expect(&t, sign_cabinet(&plan, 2, t.arena), VALID, row->name);
    else
        expect(&t, sign_cabinet(&plan, 2, t.arena), row->result, row->failed, row->name);
    /* And without anybody to believe, nothing is valid, expired or weak. */
    t.policy.trust = NULL;
    const fp_authentic_result alone = examine(&t, sign_cabinet(&plan, 2, t.arena));
    assert_true(alone == FP_AUTHENTIC_UNTRUSTED || alone == FP_AUTHENTIC_FORGED);
    end(&t);
}

static void what_is_told(void **state)
{
    (void)state;
    trial t = begin();
    char text[FP_TIME_TEXT_SIZE];
    sign_plan plan = plan_of(OLD);
    add_stamp(&plan, FP_STAMP_RFC3161, TSA, "20210601120000.25Z");
    plan.link = true;
    assert_int_equal(examine(&t, sign_cabinet(&plan, 3, t.arena)), FP_AUTHENTIC_VALID);
    const fp_authentic_signature *s = t.got.decisive;
    assert_string_equal(t.got.carrier, "cabinet");
    assert_string_equal(s->digest_name, "SHA-256");
    assert_int_equal(s->digest_size, FP_SHA256_SIZE);
    assert_memory_equal(s->digest, t.got.sha256, FP_SHA256_SIZE);
    assert_str(s->signer.subject, "CN=Test Old Publisher,O=Publisher Corporation");
    assert_str(s->signer.common_name, "Test Old Publisher");
    assert_str(s->signer.organization, "Publisher Corporation");
    assert_str(s->signer.issuer, "CN=Test Issuing,O=Fixture");
    assert_str(s->root.common_name, "Test Root");
    assert_string_equal(fp_time_format(s->signer.not_after, text), "2024-01-01T00:00:00Z");
    assert_string_equal(fp_time_format(s->stamp.time, text), "2021-06-01T12:00:00.250Z");
    assert_str(s->stamp.signer.common_name, "Test TSA");
    assert_str(s->stamp.root.common_name, "Test TSA Root");
    const fp_span der = sign_der(people[OLD], t.arena);
    uint8_t thumbprint[FP_SHA256_SIZE];
    assert_int_equal(fp_digest_span(FP_SHA256, der, thumbprint), FP_OK);
    assert_memory_equal(s->signer.sha256, thumbprint, FP_SHA256_SIZE);
    end(&t);
}

/* Where no time stamp tells when it was signed, the caller's clock decides. */
static void the_clock(void **state)
{
    (void)state;
    trial t = begin();
    sign_plan plan = plan_of(PUBLISHER); /* 2020 to 2030 */
    const fp_span file = sign_cabinet(&plan, 3, t.arena);
    add_stamp(&plan, FP_STAMP_RFC3161, TSA, NULL);
    const fp_span stamped = sign_cabinet(&plan, 3, t.arena);
    assert_true(fp_time_parse(FP_STR("2019-12-31T23:59:59Z"), &t.policy.now));
    expect(&t, file, EXPIRED, "too early");
    assert_true(fp_time_parse(FP_STR("2020-01-01T00:00:01Z"), &t.policy.now));
    expect(&t, file, VALID, "in its first second");
    assert_true(fp_time_parse(FP_STR("2030-01-01T00:00:01Z"), &t.policy.now));
    expect(&t, file, EXPIRED, "too late");
    expect(&t, stamped, VALID, "stamped, at any time");
    end(&t);
}

static void the_missing_issuer(void **state)
{
    (void)state;
    trial t = begin();
    sign_plan plan = plan_of(STRANGER);
    assert_int_equal(examine(&t, sign_cabinet(&plan, 3, t.arena)), FP_AUTHENTIC_UNTRUSTED);
    assert_str(t.got.decisive->missing_issuer, "CN=Stranger Root");
    plan = plan_of(PUBLISHER);
    plan.chain[0] = NULL; /* the authority in between was left out */
    assert_int_equal(examine(&t, sign_cabinet(&plan, 3, t.arena)), FP_AUTHENTIC_UNTRUSTED);
    assert_str(t.got.decisive->missing_issuer, "CN=Test Issuing,O=Fixture");
    plan = plan_of(OLD);
    add_stamp(&plan, FP_STAMP_RFC3161, STRANGER_TSA, NULL);
    assert_int_equal(examine(&t, sign_cabinet(&plan, 3, t.arena)), FP_AUTHENTIC_UNTRUSTED);
    assert_str(t.got.decisive->stamp.missing_issuer, "CN=Stranger Root");
    assert_false(t.got.decisive->stamp.believed);
    end(&t);
}

/* Which chain, and which time: there are two of each. */
static void reasons_tell_signer_from_stamp(void **state)
{
    (void)state;
    trial t = begin();
    sign_plan plan = plan_of(OLD);
    add_stamp(&plan, FP_STAMP_RFC3161, STRANGER_TSA, NULL);
    (void)examine(&t, sign_cabinet(&plan, 3, t.arena));
    assert_true(fp_str_starts(t.got.reason, FP_STR("the time stamp is not believed: ")));
    plan = plan_of(LIFETIME);
    add_stamp(&plan, FP_STAMP_RFC3161, TSA, NULL);
    (void)examine(&t, sign_cabinet(&plan, 3, t.arena));
    assert_true(fp_str_find(t.got.reason, FP_STR("lifetime signing")) > 0);
    plan = plan_of(OLD);
    add_stamp(&plan, FP_STAMP_RFC3161, TSA, "20250601120000Z");
    (void)examine(&t, sign_cabinet(&plan, 3, t.arena));
    assert_true(fp_str_find(t.got.reason, FP_STR("when it was stamped")) > 0);
    plan = plan_of(PUBLISHER);
    plan.flaw = SIGN_MD5;
    (void)examine(&t, sign_cabinet(&plan, 3, t.arena));
    assert_str(t.got.decisive->weakness, "the file's digest is MD5");
    end(&t);
}

/* ---- digests -------------------------------------------------------------------------- */

static void sha1_is_weak(void **state)
{
    (void)state;
    trial t = begin();
    sign_plan plan = plan_of(PUBLISHER);
    plan.hash = FP_HASH_SHA1;
    const fp_span file = sign_cabinet(&plan, 4, t.arena);
    expect(&t, file, FP_AUTHENTIC_WEAK, FP_CHECK_STRENGTH, "SHA-1");
    assert_string_equal(t.got.decisive->digest_name, "SHA-1");
    assert_memory_equal(t.got.decisive->digest, t.got.sha1, FP_SHA1_SIZE);
    t.policy.accept_weak = true;
    expect(&t, file, VALID, "SHA-1, accepted");
    assert_true(t.got.decisive->weakness.size > 0);

    t.policy.accept_weak = false;
    sign_plan stamped = plan_of(PUBLISHER);
    add_stamp(&stamped, FP_STAMP_RFC3161, TSA, NULL);
    stamped.stamp.sha1 = true;
    expect(&t, sign_cabinet(&stamped, 4, t.arena), FP_AUTHENTIC_WEAK, FP_CHECK_STRENGTH,
           "a stamp with SHA-1");
    end(&t);
}

static void longer_digests_are_not_examined(void **state)
{
    (void)state;
    trial t = begin();
    sign_plan plan = plan_of(PUBLISHER);
    plan.hash = FP_HASH_SHA384;
    expect(&t, sign_cabinet(&plan, 4, t.arena), FP_AUTHENTIC_UNKNOWN, FP_CHECK_ALGORITHM,
           "SHA-384");
    plan.hash = FP_HASH_SHA512;
    expect(&t, sign_executable(&plan, true, 4, t.arena), FP_AUTHENTIC_UNKNOWN, FP_CHECK_ALGORITHM,
           "SHA-512");
    end(&t);
}

/* ---- nested signatures ---------------------------------------------------------------- */

static void a_second_signature(void **state)
{
    (void)state;
    trial t = begin();
    sign_plan weak = plan_of(PUBLISHER);
    weak.hash = FP_HASH_SHA1;
    const sign_plan strong = plan_of(PUBLISHER);
    weak.nested = &strong;
    expect(&t, sign_cabinet(&weak, 5, t.arena), VALID, "weak, then strong");
    assert_int_equal(t.got.signature_count, 2);
    assert_ptr_equal(t.got.decisive, &t.got.signatures[1]);
    assert_int_equal(t.got.signatures[0].result, FP_AUTHENTIC_WEAK);

    const sign_plan stranger = plan_of(STRANGER);
    sign_plan first = plan_of(PUBLISHER);
    first.nested = &stranger;
    expect(&t, sign_cabinet(&first, 5, t.arena), VALID, "ours, then a stranger's");
    assert_ptr_equal(t.got.decisive, &t.got.signatures[0]);
    end(&t);
}

/* A second signature stands where no signature protects it: one that does not hold is not ignored.
 */
static void a_second_signature_that_is_broken(void **state)
{
    (void)state;
    trial t = begin();
    sign_plan first = plan_of(PUBLISHER);
    sign_plan second = plan_of(PUBLISHER);
    first.nested = &second;
    second.flaw = SIGN_OTHER_FILE_DIGEST;
    expect(&t, sign_cabinet(&first, 5, t.arena), FP_AUTHENTIC_MISMATCH, FP_CHECK_DIGEST,
           "of another file");
    second.flaw = SIGN_ALTERED_SIGNATURE;
    expect(&t, sign_cabinet(&first, 5, t.arena), FORGED(FP_CHECK_SIGNATURE), "altered");
    second.flaw = SIGN_TWO_SIGNERS;
    expect(&t, sign_cabinet(&first, 5, t.arena), FORGED(FP_CHECK_STRUCTURE), "malformed");
    end(&t);
}

static void nested_twice(void **state)
{
    (void)state;
    trial t = begin();
    const sign_plan third = plan_of(PUBLISHER);
    sign_plan second = plan_of(STRANGER);
    sign_plan first = plan_of(STRANGER);
    second.nested = &third;
    first.nested = &second;
    expect(&t, sign_cabinet(&first, 5, t.arena), UNTRUSTED(FP_CHECK_CHAIN), "the third is ours");
    assert_int_equal(t.got.signature_count, 2);
    end(&t);
}

/* ---- the file around it --------------------------------------------------------------- */

static uint8_t *copy_of(trial *t, fp_span file, size_t more)
{
    uint8_t *copy = fp_arena_alloc(t->arena, file.size + more);
    assert_non_null(copy);
    memcpy(copy, file.data, file.size);
    return copy;
}

typedef struct altered_row {
    size_t from; /* offsets, in a cabinet */
    size_t to;
    fp_authentic_result result;
} altered_row;

/* Every byte of the header: those that are signed, and those that must have one value. */
static const altered_row HEADER[] = {
    {0, 4, FP_AUTHENTIC_UNKNOWN},    /* no cabinet any more */
    {4, 8, FP_AUTHENTIC_FORGED},     /* reserved1 */
    {8, 30, FP_AUTHENTIC_MISMATCH},  /* sizes, counts, version */
    {31, 34, FP_AUTHENTIC_MISMATCH}, /* flags, setID */
    {34, 44, FP_AUTHENTIC_FORGED},   /* iCabinet, the sizes of reserves and structures */
    {52, 60, FP_AUTHENTIC_FORGED},   /* filler */
};

static void every_byte_of_the_header(void **state)
{
    (void)state;
    trial t = begin();
    const sign_plan plan = plan_of(PUBLISHER);
    const fp_span file = sign_cabinet(&plan, 6, t.arena);
    uint8_t *copy = copy_of(&t, file, 0);
    for (size_t row = 0; row < sizeof HEADER / sizeof HEADER[0]; row++) {
        for (size_t at = HEADER[row].from; at < HEADER[row].to; at++) {
            for (unsigned bit = 0; bit < 8; bit++) {
                copy[at] ^= (uint8_t)(1U << bit);
                if (examine(&t, fp_span_of(copy, file.size)) != HEADER[row].result)
                    print_error("offset %zu, bit %u: %.*s\n", at, bit, FP_STR_ARG(t.got.reason));
                assert_int_equal(t.got.result, HEADER[row].result);
                copy[at] ^= (uint8_t)(1U << bit);
            }
        }
    }
    assert_int_equal(examine(&t, fp_span_of(copy, file.size)), FP_AUTHENTIC_VALID);
    end(&t);
}

/* Flags, the signature's offset and size: never valid, whatever else. */
static void every_bit_of_the_slot(void **state)
{
    (void)state;
    trial t = begin();
    const sign_plan plan = plan_of(PUBLISHER);
    const fp_span file = sign_cabinet(&plan, 6, t.arena);
    uint8_t *copy = copy_of(&t, file, 0);
    for (size_t at = 30; at < 52; at = at == 30 ? 44 : at + 1) {
        for (unsigned bit = 0; bit < 8; bit++) {
            copy[at] ^= (uint8_t)(1U << bit);
            assert_int_not_equal(examine(&t, fp_span_of(copy, file.size)), FP_AUTHENTIC_VALID);
            copy[at] ^= (uint8_t)(1U << bit);
        }
    }
    end(&t);
}

static size_t signature_of_cabinet(fp_span file)
{
    return fp_load_u32le(file.data + 44);
}

static void every_byte_that_is_signed(void **state)
{
    (void)state;
    trial t = begin();
    const sign_plan plan = plan_of(PUBLISHER);
    const fp_span file = sign_cabinet(&plan, 6, t.arena);
    uint8_t *copy = copy_of(&t, file, 0);
    for (size_t at = 60; at < signature_of_cabinet(file); at++) {
        copy[at] ^= 0x20;
        assert_int_equal(examine(&t, fp_span_of(copy, file.size)), FP_AUTHENTIC_MISMATCH);
        copy[at] ^= 0x20;
    }
    end(&t);
}

/* In the signature there are bytes that protect nothing (what names a certificate that is not
 * used); but none makes the file another's. */
static void every_byte_of_the_signature(void **state)
{
    (void)state;
    trial t = begin();
    const sign_plan plan = plan_of(PUBLISHER);
    const fp_span file = sign_cabinet(&plan, 6, t.arena);
    uint8_t *copy = copy_of(&t, file, 0);
    size_t valid = 0;
    for (size_t at = signature_of_cabinet(file); at < file.size; at++) {
        copy[at] ^= 0x10;
        if (examine(&t, fp_span_of(copy, file.size)) == FP_AUTHENTIC_VALID) {
            assert_str(t.got.decisive->signer.common_name, "Test Publisher");
            valid++;
        }
        copy[at] ^= 0x10;
    }
    assert_int_equal(valid, 1); /* the version of the SignedData */
    end(&t);
}

static void every_byte_of_an_executable(void **state)
{
    (void)state;
    trial t = begin();
    const sign_plan plan = plan_of(PUBLISHER);
    const fp_span file = sign_executable(&plan, false, 6, t.arena);
    uint8_t *copy = copy_of(&t, file, 0);
    const size_t coff = fp_load_u32le(copy + 60);
    const size_t signature = fp_load_u32le(copy + coff + 152);
    for (size_t at = 0; at < signature; at++) {
        copy[at] ^= 0x01;
        const fp_authentic_result got = examine(&t, fp_span_of(copy, file.size));
        const bool checksum = at >= coff + 88 && at < coff + 92;
        if ((got == FP_AUTHENTIC_VALID) != checksum)
            print_error("offset %zu: %s\n", at, fp_authentic_result_name(got));
        assert_true((got == FP_AUTHENTIC_VALID) == checksum);
        copy[at] ^= 0x01;
    }
    end(&t);
}

static void more_or_less_than_the_file(void **state)
{
    (void)state;
    trial t = begin();
    const sign_plan plan = plan_of(PUBLISHER);
    const fp_span files[] = {sign_cabinet(&plan, 7, t.arena),
                             sign_executable(&plan, true, 7, t.arena)};
    for (size_t i = 0; i < 2; i++) {
        uint8_t *copy = copy_of(&t, files[i], 16);
        expect(&t, fp_span_of(copy, files[i].size + 1), FORGED(FP_CHECK_END), "a byte behind it");
        expect(&t, fp_span_of(copy, files[i].size + 16), FORGED(FP_CHECK_END), "16 bytes");
        for (size_t size = 0; size < files[i].size; size++)
            assert_true(examine(&t, fp_span_of(copy, size)) < FP_AUTHENTIC_UNTRUSTED);
        expect(&t, fp_span_of(copy, files[i].size - 1), FORGED(FP_CHECK_PLACE), "cut by a byte");
        expect(&t, fp_span_of(copy + 1, files[i].size - 1), FP_AUTHENTIC_UNKNOWN, FP_CHECK_PLACE,
               "without its first byte");
        memmove(copy + 8, files[i].data, files[i].size);
        assert_true(examine(&t, fp_span_of(copy, files[i].size + 8)) < FP_AUTHENTIC_UNTRUSTED);
    }
    end(&t);
}

static void put_u32(uint8_t *at, size_t value)
{
    for (unsigned i = 0; i < 4; i++)
        at[i] = (uint8_t)(value >> 8 * i);
}

/* The same signature at another place, twice, or of a size that no file has. */
static void moved_or_doubled(void **state)
{
    (void)state;
    enum { AT_SIZE = 8, AT_PLACE = 44, AT_LENGTH = 48 };
    trial t = begin();
    const sign_plan plan = plan_of(PUBLISHER);
    const fp_span file = sign_cabinet(&plan, 9, t.arena);
    const size_t at = signature_of_cabinet(file);
    const size_t size = file.size - at;
    uint8_t *copy = copy_of(&t, file, size + 8);

    memcpy(copy + file.size, file.data + at, size);
    expect(&t, fp_span_of(copy, file.size + size), FORGED(FP_CHECK_END), "twice");
    put_u32(copy + AT_LENGTH, 2 * size);
    expect(&t, fp_span_of(copy, file.size + size), FORGED(FP_CHECK_PLACE), "twice, and counted");

    memset(copy + at, 0, 8);
    memcpy(copy + at + 8, file.data + at, size);
    put_u32(copy + AT_LENGTH, size);
    put_u32(copy + AT_PLACE, at + 8);
    expect(&t, fp_span_of(copy, file.size + 8), FP_AUTHENTIC_MISMATCH, FP_CHECK_DIGEST, "moved");
    put_u32(copy + AT_SIZE, at + 8);
    expect(&t, fp_span_of(copy, file.size + 8), FP_AUTHENTIC_MISMATCH, FP_CHECK_DIGEST,
           "moved, in a cabinet that says so");

    static const uint32_t huge[] = {0x7FFFFFFF, 0x80000000, 0xFFFFFFF0, 0xFFFFFFFF};
    for (size_t i = 0; i < sizeof huge / sizeof *huge; i++) {
        memcpy(copy, file.data, file.size);
        put_u32(copy + AT_LENGTH, huge[i]);
        assert_true(examine(&t, fp_span_of(copy, file.size)) < FP_AUTHENTIC_UNTRUSTED);
        put_u32(copy + AT_PLACE, huge[i]);
        assert_true(examine(&t, fp_span_of(copy, file.size)) < FP_AUTHENTIC_UNTRUSTED);
        memcpy(copy + AT_LENGTH, file.data + AT_LENGTH, 4);
        assert_true(examine(&t, fp_span_of(copy, file.size)) < FP_AUTHENTIC_UNTRUSTED);
    }
    end(&t);
}

/* Room for the signature that it does not fill: osslsigncode accepts that. */
static void a_place_that_is_too_large(void **state)
{
    (void)state;
    trial t = begin();
    const sign_plan plan = plan_of(PUBLISHER);
    assert_int_equal(examine(&t, sign_cabinet(&plan, 8, t.arena)), FP_AUTHENTIC_VALID);
    const fp_span pkcs7 = sign_pkcs7(&plan, false, t.got.sha1, t.got.sha256, t.arena);
    for (size_t more = 0; more <= 16; more++) { /* the builder pads to eight with zeros */
        const fp_span grown = fp_span_of(copy_of(&t, pkcs7, more), pkcs7.size + more);
        const bool fits = (grown.size + 7) / 8 == (pkcs7.size + 7) / 8;
        if (fits)
            expect(&t, sign_put_in_cabinet(grown, 8, t.arena), VALID, "padding");
        else if ((grown.size + 7) / 8 * 8 - pkcs7.size > 7)
            expect(&t, sign_put_in_cabinet(grown, 8, t.arena), FORGED(FP_CHECK_PLACE), "room");
    }
    end(&t);
}

typedef struct table_row {
    const char *name;
    size_t grow; /* bytes of zeros behind the file */
    int entry;   /* added to the size in the data directory */
    int length;  /* added to the WIN_CERTIFICATE's length */
    uint16_t revision;
    uint16_t type;
    fp_authentic_result result;
} table_row;

static const table_row TABLES[] = {
    {"as it was", 0, 0, 0, 0x0200, 2, FP_AUTHENTIC_VALID},
    {"eight zeros more", 8, 8, 0, 0x0200, 2, FP_AUTHENTIC_FORGED},
    {"eight zeros more, counted", 8, 8, 8, 0x0200, 2, FP_AUTHENTIC_FORGED},
    {"a length beyond the table", 0, 0, 8, 0x0200, 2, FP_AUTHENTIC_FORGED},
    {"a length below its head", 0, 0, -100000, 0x0200, 2, FP_AUTHENTIC_FORGED},
    {"half a signature", 0, 0, -500, 0x0200, 2, FP_AUTHENTIC_FORGED},
    {"a table beyond the file", 0, 8, 0, 0x0200, 2, FP_AUTHENTIC_FORGED},
    {"a table that ends before the file", 0, -8, 0, 0x0200, 2, FP_AUTHENTIC_FORGED},
    {"revision 1", 0, 0, 0, 0x0100, 2, FP_AUTHENTIC_UNKNOWN},
    {"an X.509 certificate", 0, 0, 0, 0x0200, 1, FP_AUTHENTIC_UNKNOWN},
};

static void put32(uint8_t *at, uint32_t value)
{
    for (unsigned i = 0; i < 4; i++)
        at[i] = (uint8_t)(value >> (8 * i));
}

static void the_table_of_an_executable(void **state)
{
    (void)state;
    trial t = begin();
    const sign_plan plan = plan_of(PUBLISHER);
    const fp_span file = sign_executable(&plan, true, 8, t.arena);
    const size_t entry = fp_load_u32le(file.data + 60) + 168;
    const uint32_t at = fp_load_u32le(file.data + entry);
    const uint32_t size = fp_load_u32le(file.data + entry + 4);
    for (size_t i = 0; i < sizeof TABLES / sizeof TABLES[0]; i++) {
        const table_row *row = &TABLES[i];
        uint8_t *copy = copy_of(&t, file, row->grow);
        put32(copy + entry + 4, size + (uint32_t)row->entry);
        put32(copy + at, row->length < -(int)size ? 7 : size + (uint32_t)row->length);
        put32(copy + at + 4, row->revision | (uint32_t)row->type << 16);
        if (examine(&t, fp_span_of(copy, file.size + row->grow)) != row->result)
            print_error("%s: %.*s\n", row->name, FP_STR_ARG(t.got.reason));
        assert_int_equal(t.got.result, row->result);
    }
    uint8_t *copy = copy_of(&t, file, 0); /* a table in the headers */
    put32(copy + entry, 64);
    put32(copy + entry + 4, (uint32_t)file.size - 64);
    expect(&t, fp_span_of(copy, file.size), FORGED(FP_CHECK_PLACE), "in the headers");
    assert_str(t.got.reason, "the signature stands inside the headers");
    end(&t);
}

/* The signed header says that the cabinet ends elsewhere than where the signature begins. */
static void a_cabinet_of_another_size(void **state)
{
    (void)state;
    trial t = begin();
    const sign_plan plan = plan_of(PUBLISHER);
    const fp_span drafts = sign_cabinet(&plan, 7, t.arena);
    uint8_t *copy = copy_of(&t, drafts, 0);
    copy[8] ^= 1; /* cbCabinet */
    assert_int_equal(examine(&t, fp_span_of(copy, drafts.size)), FP_AUTHENTIC_MISMATCH);
    const fp_span pkcs7 = sign_pkcs7(&plan, false, t.got.sha1, t.got.sha256, t.arena);
    const fp_span file = sign_put_in_cabinet(pkcs7, 7, t.arena);
    copy = copy_of(&t, file, 0);
    copy[8] ^= 1;
    expect(&t, fp_span_of(copy, file.size), FORGED(FP_CHECK_EXTENT), "another size, signed");
    end(&t);
}

static void another_files_signature(void **state)
{
    (void)state;
    trial t = begin();
    const sign_plan plan = plan_of(PUBLISHER);
    uint8_t sha1[FP_SHA1_SIZE] = {0};
    assert_int_equal(examine(&t, sign_cabinet(&plan, 8, t.arena)), FP_AUTHENTIC_VALID);
    uint8_t sha256[FP_SHA256_SIZE];
    memcpy(sha256, t.got.sha256, sizeof sha256);
    const fp_span pkcs7 = sign_pkcs7(&plan, false, sha1, sha256, t.arena);
    expect(&t, sign_put_in_cabinet(pkcs7, 8, t.arena), VALID, "its own");
    expect(&t, sign_put_in_cabinet(pkcs7, 9, t.arena), FP_AUTHENTIC_MISMATCH, FP_CHECK_DIGEST,
           "of a cabinet with other content");
    expect(&t, sign_put_in_executable(pkcs7, false, 8, t.arena), FORGED(FP_CHECK_CONTENT),
           "of a cabinet, in an executable");
    end(&t);
}

/* ---- how it is fed -------------------------------------------------------------------- */

static fp_authenticity feed(trial *t, fp_span file, size_t piece, bool complete)
{
    fp_authenticity got = {0};
    fp_authentic *a = fp_authentic_begin(&t->policy, t->arena);
    assert_non_null(a);
    for (size_t at = 0; at < file.size; at += piece) {
        const size_t left = file.size - at;
        fp_authentic_feed(a, fp_span_of(file.data + at, left < piece ? left : piece));
    }
    assert_int_equal(fp_authentic_end(a, complete, &got, NULL), FP_OK);
    return got;
}

static void in_pieces(void **state)
{
    (void)state;
    trial t = begin();
    const sign_plan plan = plan_of(PUBLISHER);
    const fp_span files[] = {sign_cabinet(&plan, 10, t.arena),
                             sign_executable(&plan, true, 10, t.arena)};
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(examine(&t, files[i]), FP_AUTHENTIC_VALID);
        for (size_t piece = 1; piece < 70; piece++) {
            const fp_authenticity got = feed(&t, files[i], piece, true);
            assert_int_equal(got.result, FP_AUTHENTIC_VALID);
            assert_memory_equal(got.sha256, t.got.sha256, FP_SHA256_SIZE);
            assert_memory_equal(got.sha1, t.got.sha1, FP_SHA1_SIZE);
        }
    }
    end(&t);
}

/* A signed cabinet with 17 MB more in it than were signed. The caller frees its data. */
static fp_span large_cabinet(fp_span small)
{
    enum { MORE = 17 * 1000 * 1000, SIZE_AT = 8, SIGNATURE_AT = 44 };
    const size_t signed_size = signature_of_cabinet(small);
    uint8_t *data = malloc(small.size + MORE);
    if (data == NULL)
        abort();
    memcpy(data, small.data, signed_size);
    for (size_t i = 0; i < MORE; i++)
        data[signed_size + i] = (uint8_t)(i * 31 >> 7);
    memcpy(data + signed_size + MORE, small.data + signed_size, small.size - signed_size);
    const uint32_t size = (uint32_t)(signed_size + MORE);
    for (unsigned i = 0; i < 4; i++)
        data[SIZE_AT + i] = data[SIGNATURE_AT + i] = (uint8_t)(size >> 8 * i);
    return fp_span_of(data, small.size + MORE);
}

/* From two places in turn, of which the one that may be written anew is; the signature in small
 * pieces, so that what was covered last is not followed by more of it. */
static fp_authenticity feed_beside(trial *t, fp_span file, size_t covered)
{
    enum { PIECE = 1000 * 1000, SMALL = 256 };
    static uint8_t places[2][PIECE];
    fp_authenticity got = {0};
    size_t size = 0, turn = 0;
    fp_authentic *a = fp_authentic_begin(&t->policy, t->arena);
    assert_non_null(a);
    fp_authentic_beside(a);
    for (size_t at = 0; at < file.size; at += size, turn ^= 1) {
        const size_t left = at < covered ? covered - at : file.size - at;
        const size_t most = at < covered ? PIECE : SMALL;
        size = left < most ? left : most;
        memcpy(places[turn], file.data + at, size);
        fp_authentic_feed(a, fp_span_of(places[turn], size));
        memset(places[turn ^ 1], 0xAA, PIECE);
    }
    assert_int_equal(fp_authentic_end(a, true, &got, NULL), FP_OK);
    return got;
}

static void digests_beside(void **state)
{
    (void)state;
    trial t = begin();
    const sign_plan plan = plan_of(PUBLISHER);
    const fp_span file = large_cabinet(sign_cabinet(&plan, 10, t.arena));
    const fp_authenticity expected = feed(&t, file, file.size, true);
    const fp_authenticity got = feed_beside(&t, file, signature_of_cabinet(file));
    assert_int_equal(expected.result, FP_AUTHENTIC_MISMATCH);
    assert_int_equal(got.result, FP_AUTHENTIC_MISMATCH);
    assert_true(got.has_sha1 && got.has_sha256);
    assert_memory_equal(got.sha1, expected.sha1, FP_SHA1_SIZE);
    assert_memory_equal(got.sha256, expected.sha256, FP_SHA256_SIZE);
    free((void *)(uintptr_t)file.data);
    end(&t);
}

static fp_authenticity feed_ahead(trial *t, fp_span ahead, fp_span file)
{
    fp_authenticity got = {0};
    fp_authentic *a = fp_authentic_begin(&t->policy, t->arena);
    assert_non_null(a);
    fp_authentic_ahead(a, fp_paged_of(ahead));
    fp_authentic_feed(a, file);
    assert_int_equal(fp_authentic_end(a, true, &got, NULL), FP_OK);
    return got;
}

/* Looked up first, a signature gets the digest that it needs and the result that it has anyway. */
static void looked_up_first(void **state)
{
    (void)state;
    trial t = begin();
    t.policy.accept_weak = true;
    sign_plan old = plan_of(PUBLISHER);
    old.hash = FP_HASH_SHA1;
    const sign_plan plan = plan_of(PUBLISHER);
    const struct {
        fp_span file;
        bool sha1;
    } rows[] = {{sign_cabinet(&plan, 10, t.arena), false},
                {sign_executable(&plan, true, 10, t.arena), false},
                {sign_cabinet(&old, 10, t.arena), true}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const fp_authenticity got = feed_ahead(&t, rows[i].file, rows[i].file);
        assert_int_equal(got.result, FP_AUTHENTIC_VALID);
        assert_int_equal(got.has_sha1, rows[i].sha1);
        assert_int_equal(got.has_sha256, !rows[i].sha1);
        assert_memory_equal(rows[i].sha1 ? got.sha1 : got.sha256, got.decisive->digest,
                            got.decisive->digest_size);
    }
    end(&t);
}

/* What is fed counts: another file under the name, before its signature or in it. */
static void looked_up_in_another_file(void **state)
{
    (void)state;
    trial t = begin();
    t.policy.accept_weak = true;
    sign_plan old = plan_of(PUBLISHER);
    old.hash = FP_HASH_SHA1;
    const sign_plan plan = plan_of(PUBLISHER);
    const fp_span file = sign_cabinet(&plan, 10, t.arena);
    const fp_span other = sign_cabinet(&old, 10, t.arena);
    assert_int_equal(feed_ahead(&t, file, other).result, FP_AUTHENTIC_UNKNOWN);
    for (size_t cut = 0; cut < file.size; cut += 97) /* not there: both digests, as ever */
        assert_int_equal(feed_ahead(&t, fp_span_of(file.data, cut), file).result,
                         FP_AUTHENTIC_VALID);
    uint8_t *copy = copy_of(&t, file, 0);
    copy[file.size - 100] ^= 1;
    const fp_span altered = fp_span_of(copy, file.size);
    assert_int_equal(feed_ahead(&t, altered, file).result, FP_AUTHENTIC_UNKNOWN);
    assert_int_equal(feed_ahead(&t, file, altered).result, FP_AUTHENTIC_UNKNOWN);
    copy[file.size - 100] ^= 1;
    copy[70] ^= 1;
    assert_int_equal(feed_ahead(&t, file, altered).result, FP_AUTHENTIC_MISMATCH);
    end(&t);
}

/* What was not read to its end is not known, even when it seems whole. */
static void cut_by_its_source(void **state)
{
    (void)state;
    trial t = begin();
    const sign_plan plan = plan_of(PUBLISHER);
    const fp_span file = sign_cabinet(&plan, 10, t.arena);
    assert_int_equal(feed(&t, file, 100, false).result, FP_AUTHENTIC_UNKNOWN);
    assert_int_equal(feed(&t, fp_span_of(file.data, 100), 100, false).result, FP_AUTHENTIC_UNKNOWN);
    assert_int_equal(feed(&t, fp_span_of(NULL, 0), 1, true).result, FP_AUTHENTIC_UNKNOWN);
    end(&t);
}

static void with_little_memory(void **state)
{
    (void)state;
    trial t = begin();
    sign_plan plan = plan_of(PUBLISHER);
    add_stamp(&plan, FP_STAMP_RFC3161, TSA, NULL);
    const fp_span file = sign_cabinet(&plan, 10, t.arena);
    fp_status status = FP_NOMEM;
    size_t refused = 0;
    for (size_t budget = 0; status != FP_OK; budget += 64) {
        fp_arena *arena = fp_arena_new(budget);
        fp_authenticity got = {0};
        status = fp_authentic_span(file, &t.policy, arena, &got, NULL);
        assert_true(status == FP_NOMEM || status == FP_OK);
        assert_int_equal(got.result, status == FP_OK ? FP_AUTHENTIC_VALID : FP_AUTHENTIC_UNKNOWN);
        refused += status == FP_NOMEM;
        fp_arena_free(arena);
    }
    assert_true(refused > 20);
    end(&t);
}

/* ---- DER ------------------------------------------------------------------------------ */

typedef struct der_row {
    const char *bytes;
    size_t size;
    bool good;
} der_row;

#define DER(bytes, good)                                                                           \
    {                                                                                              \
        bytes, sizeof(bytes) - 1, good                                                             \
    }
static const der_row ELEMENTS[] = {
    DER("\x04\x00", true),
    DER("\x04\x01\xFF", true),
    DER("\x04\x7F", false), /* cut */
    DER("\x04", false),
    DER("", false),
    DER("\x04\x81\x7F", false),     /* short enough for one byte */
    DER("\x04\x80\x00\x00", false), /* indefinite */
    DER("\x04\x82\x00\x80", false),
    DER("\x04\x84\xFF\xFF\xFF\xFF", false),
    DER("\x04\x85\x01\x00\x00\x00\x00", false),
    DER("\x04\xFF", false),
    DER("\x1F\x01\x00", false), /* a tag of several bytes */
    DER("\xBF\x81\x01\x00", false),
};

static void elements(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof ELEMENTS / sizeof ELEMENTS[0]; i++) {
        fp_reader r = fp_reader_at(fp_span_of(ELEMENTS[i].bytes, ELEMENTS[i].size), 0);
        const fp_der element = fp_der_next(&r);
        assert_int_equal(fp_der_done(&r), ELEMENTS[i].good);
        assert_int_equal(element.whole.size, ELEMENTS[i].good ? ELEMENTS[i].size : 0);
    }
}

typedef struct time_row {
    fp_der_tag tag;
    const char *text;
    const char *time; /* NULL: none */
} time_row;

static const time_row TIMES[] = {
    {FP_DER_UTC_TIME, "210601120000Z", "2021-06-01T12:00:00Z"},
    {FP_DER_UTC_TIME, "491231235959Z", "2049-12-31T23:59:59Z"},
    {FP_DER_UTC_TIME, "500101000000Z", "1950-01-01T00:00:00Z"},
    {FP_DER_UTC_TIME, "2106011200Z", NULL},
    {FP_DER_UTC_TIME, "210601120000+0200", NULL},
    {FP_DER_UTC_TIME, "210601120000.5Z", NULL},
    {FP_DER_GENERALIZED_TIME, "20210601120000Z", "2021-06-01T12:00:00Z"},
    {FP_DER_GENERALIZED_TIME, "20210601120000.123456789Z", "2021-06-01T12:00:00.123Z"},
    {FP_DER_GENERALIZED_TIME, "20210601120000.1234567891Z", NULL},
    {FP_DER_GENERALIZED_TIME, "20210601120000.Z", NULL},
    {FP_DER_GENERALIZED_TIME, "20210601120000", NULL},
    {FP_DER_GENERALIZED_TIME, "20210601120000X", NULL},
    {FP_DER_GENERALIZED_TIME, "20210601120000ZZ", NULL},
    {FP_DER_GENERALIZED_TIME, "20210631120000Z", NULL},
    {FP_DER_GENERALIZED_TIME, "2021060112000 Z", NULL},
    {FP_DER_GENERALIZED_TIME, "", NULL},
    {FP_DER_OCTETS, "20210601120000Z", NULL},
};

static void times(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof TIMES / sizeof TIMES[0]; i++) {
        fp_arena *arena = fp_arena_new(BUDGET);
        const fp_span text = fp_span_of(TIMES[i].text, strlen(TIMES[i].text));
        fp_reader r = fp_reader_at(sign_element(arena, TIMES[i].tag, &text, 1), 0);
        fp_time time = FP_TIME_NONE;
        char shown[FP_TIME_TEXT_SIZE];
        assert_int_equal(fp_der_time(fp_der_next(&r), &time), TIMES[i].time != NULL);
        if (TIMES[i].time != NULL)
            assert_string_equal(fp_time_format(time, shown), TIMES[i].time);
        fp_arena_free(arena);
    }
}

/* ---- bundles and pins ----------------------------------------------------------------- */

typedef struct pins_row {
    const char *json;
    fp_status status;
    uint64_t where;
} pins_row;

#define THUMBPRINT "00112233445566778899aabbccddeeff00112233445566778899AABBCCDDEEFF"
#define ROOT_ROW(use, sha256, more)                                                                \
    "{\"name\":\"a\",\"sha256\":\"" sha256                                                         \
    "\",\"publisher\":\"Publisher Corporation\",\"use\":\"" use "\",\"source\":\"b\"" more "}"
#define PINS(rows) "{\"schema\":\"fixproof/trust/v1\",\"title\":\"t\",\"roots\":[" rows "]}"

static const pins_row PIN_ROWS[] = {
    {PINS(ROOT_ROW("default", THUMBPRINT, "")), FP_OK, 0},
    {PINS(ROOT_ROW("legacy", THUMBPRINT, "")), FP_OK, 0},
    {PINS(""), FP_OK, 0},
    {PINS(ROOT_ROW("always", THUMBPRINT, "")), FP_FORMAT, 1},
    {PINS(ROOT_ROW("default", THUMBPRINT "0", "")), FP_FORMAT, 1},
    {PINS(ROOT_ROW("default", "x0112233445566778899aabbccddeeff00112233445566778899AABBCCDDEEFF",
                   "")),
     FP_FORMAT, 1},
    {PINS(ROOT_ROW("default", THUMBPRINT, ",\"also\":\"c\"")), FP_FORMAT, 1},
    {PINS(ROOT_ROW("default", THUMBPRINT, "") "," ROOT_ROW("legacy", THUMBPRINT, "")), FP_FORMAT,
     2},
    {PINS("{\"name\":\"a\"}"), FP_FORMAT, 1},
    {PINS("7"), FP_FORMAT, 1},
    {"{\"schema\":\"fixproof/trust/v2\",\"title\":\"t\",\"roots\":[]}", FP_FORMAT, 0},
    {"{\"schema\":\"fixproof/trust/v1\",\"title\":\"t\",\"roots\":{}}", FP_FORMAT, 0},
    {"{\"schema\":\"fixproof/trust/v1\",\"roots\":[]}", FP_FORMAT, 0},
    {"[]", FP_FORMAT, 0},
};

static fp_span text_span(const char *text)
{
    return fp_span_of(text, strlen(text));
}

static void pins(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof PIN_ROWS / sizeof PIN_ROWS[0]; i++) {
        fp_trust *trust = fp_trust_new();
        fp_diag d = {0};
        const fp_status status = fp_trust_add_pins(trust, text_span(PIN_ROWS[i].json), &d);
        if (status != PIN_ROWS[i].status)
            print_error("row %zu: %s\n", i, d.message);
        assert_int_equal(status, PIN_ROWS[i].status);
        assert_int_equal(d.where, PIN_ROWS[i].where);
        fp_trust_free(trust);
    }
}

/* A pin of this certificate, as data/trust/ would have it. */
static void pin(fp_trust *trust, who root, const char *use, fp_arena *arena)
{
    uint8_t sha256[FP_SHA256_SIZE];
    char hex[2 * FP_SHA256_SIZE + 1];
    assert_int_equal(fp_digest_span(FP_SHA256, sign_der(people[root], arena), sha256), FP_OK);
    fp_hex(sha256, sizeof sha256, hex);
    const char *json = fp_arena_printf(arena, PINS(ROOT_ROW("%s", "%s", "")), hex, use);
    assert_int_equal(fp_trust_add_pins(trust, text_span(json), NULL), FP_OK);
}

static void only_pinned_roots_count(void **state)
{
    (void)state;
    trial t = begin();
    fp_trust *trust = fp_trust_new();
    fp_trust_added added;
    pin(trust, ROOT, "default", t.arena);
    t.policy.trust = trust;
    const sign_plan plan = plan_of(PUBLISHER);
    const sign_plan other = plan_of(UNDER_NAMESAKE);
    const fp_span file = sign_cabinet(&plan, 11, t.arena);
    const fp_span impostor = sign_cabinet(&other, 11, t.arena);
    expect(&t, file, UNTRUSTED(FP_CHECK_CHAIN), "no bundle yet");

    const fp_span stranger = sign_pem(people[NAMESAKE_ROOT], t.arena);
    assert_int_equal(fp_trust_add_pem(trust, stranger, false, &added, NULL), FP_OK);
    assert_int_equal(added.believed, 0);
    assert_int_equal(added.refused, 1);
    assert_string_equal(added.refused_first, "/O=Fixture/CN=Test Root");
    expect(&t, impostor, UNTRUSTED(FP_CHECK_CHAIN), "a root of the same name is not pinned");

    const fp_span ours = sign_pem(people[ROOT], t.arena);
    assert_int_equal(fp_trust_add_pem(trust, ours, false, &added, NULL), FP_OK);
    assert_int_equal(added.believed, 1);
    expect(&t, file, VALID, "pinned and there");
    expect(&t, impostor, UNTRUSTED(FP_CHECK_CHAIN), "still not pinned");
    assert_int_equal(fp_trust_add_pem(trust, stranger, true, &added, NULL), FP_OK);
    expect(&t, impostor, VALID, "any root");
    fp_trust_free(trust);
    end(&t);
}

/* An authority issues certificates to others, too. */
static void the_publisher_of_a_root(void **state)
{
    (void)state;
    trial t = begin();
    fp_trust *trust = fp_trust_new();
    fp_trust_added added;
    pin(trust, ROOT, "default", t.arena);
    assert_int_equal(fp_trust_add_pem(trust, sign_pem(people[ROOT], t.arena), false, &added, NULL),
                     FP_OK);
    t.policy.trust = trust;
    const sign_plan other = plan_of(OTHER_PUBLISHER);
    expect(&t, sign_cabinet(&other, 11, t.arena), UNTRUSTED(FP_CHECK_PUBLISHER), "another's");
    const sign_plan two = plan_of(TWO_ORGANIZATIONS);
    expect(&t, sign_cabinet(&two, 11, t.arena), UNTRUSTED(FP_CHECK_PUBLISHER), "this and another");
    assert_str(t.got.decisive->signer.organization, "");
    const sign_plan nameless = plan_of(SHORT_KEY);
    expect(&t, sign_cabinet(&nameless, 11, t.arena), UNTRUSTED(FP_CHECK_PUBLISHER), "nobody's");
    t.policy.trust = believed;
    expect(&t, sign_cabinet(&other, 11, t.arena), VALID, "a root that is not pinned");
    fp_trust_free(trust);
    end(&t);
}

static void a_root_for_old_files(void **state)
{
    (void)state;
    trial t = begin();
    fp_trust *trust = fp_trust_new();
    fp_trust_added added;
    pin(trust, ROOT, "legacy", t.arena);
    assert_int_equal(fp_trust_add_pem(trust, sign_pem(people[ROOT], t.arena), false, &added, NULL),
                     FP_OK);
    t.policy.trust = trust;
    const sign_plan plan = plan_of(PUBLISHER);
    expect(&t, sign_cabinet(&plan, 11, t.arena), FP_AUTHENTIC_WEAK, FP_CHECK_STRENGTH, "legacy");
    fp_trust_free(trust);
    end(&t);
}

static void bundles_that_are_none(void **state)
{
    (void)state;
    fp_trust *trust = fp_trust_new();
    fp_arena *arena = fp_arena_new(BUDGET);
    fp_trust_added added;
    assert_int_equal(fp_trust_add_pem(trust, text_span(""), true, &added, NULL), FP_NOT_FOUND);
    assert_int_equal(fp_trust_add_pem(trust, text_span("no\n"), true, &added, NULL), FP_NOT_FOUND);
    const fp_span pem = sign_pem(people[ROOT], arena);
    uint8_t *copy = fp_arena_copy(arena, pem.data, pem.size);
    copy[60] = '!';
    fp_diag d = {0};
    assert_int_equal(fp_trust_add_pem(trust, fp_span_of(copy, pem.size), true, &added, &d),
                     FP_FORMAT);
    assert_int_equal(d.where, 1);
    assert_int_equal(
        fp_trust_add_pem(trust, fp_span_of(pem.data, pem.size - 40), true, &added, NULL),
        FP_FORMAT);
    fp_arena_free(arena);
    fp_trust_free(trust);
}

static void names(void **state)
{
    (void)state;
    for (unsigned i = FP_AUTHENTIC_UNKNOWN; i <= FP_AUTHENTIC_VALID; i++)
        assert_true(strlen(fp_authentic_result_name((fp_authentic_result)i)) > 3);
    for (unsigned i = FP_CHECK_PLACE; i < FP_CHECK_COUNT; i++)
        assert_non_null(fp_authentic_check_name((fp_authentic_check)i));
    assert_null(fp_authentic_check_name(FP_CHECK_COUNT));
}

int main(void)
{
    enum { MOST = 128 };
    static struct CMUnitTest tests[MOST];
    size_t count = 0;
    for (size_t i = 0; i < sizeof FLAWS / sizeof FLAWS[0]; i++)
        tests[count++] =
            (struct CMUnitTest){FLAWS[i].name, one_flaw, NULL, NULL, (void *)(uintptr_t)&FLAWS[i]};
    for (size_t i = 0; i < sizeof TRUSTS / sizeof TRUSTS[0]; i++)
        tests[count++] = (struct CMUnitTest){TRUSTS[i].name, who_and_when, NULL, NULL,
                                             (void *)(uintptr_t)&TRUSTS[i]};
    const struct CMUnitTest others[] = {
        cmocka_unit_test(what_is_told),
        cmocka_unit_test(the_clock),
        cmocka_unit_test(the_missing_issuer),
        cmocka_unit_test(reasons_tell_signer_from_stamp),
        cmocka_unit_test(sha1_is_weak),
        cmocka_unit_test(longer_digests_are_not_examined),
        cmocka_unit_test(a_second_signature),
        cmocka_unit_test(a_second_signature_that_is_broken),
        cmocka_unit_test(nested_twice),
        cmocka_unit_test(every_byte_of_the_header),
        cmocka_unit_test(every_bit_of_the_slot),
        cmocka_unit_test(every_byte_that_is_signed),
        cmocka_unit_test(every_byte_of_the_signature),
        cmocka_unit_test(every_byte_of_an_executable),
        cmocka_unit_test(more_or_less_than_the_file),
        cmocka_unit_test(moved_or_doubled),
        cmocka_unit_test(a_place_that_is_too_large),
        cmocka_unit_test(the_table_of_an_executable),
        cmocka_unit_test(a_cabinet_of_another_size),
        cmocka_unit_test(another_files_signature),
        cmocka_unit_test(in_pieces),
        cmocka_unit_test(digests_beside),
        cmocka_unit_test(looked_up_first),
        cmocka_unit_test(looked_up_in_another_file),
        cmocka_unit_test(cut_by_its_source),
        cmocka_unit_test(with_little_memory),
        cmocka_unit_test(elements),
        cmocka_unit_test(times),
        cmocka_unit_test(pins),
        cmocka_unit_test(only_pinned_roots_count),
        cmocka_unit_test(the_publisher_of_a_root),
        cmocka_unit_test(a_root_for_old_files),
        cmocka_unit_test(bundles_that_are_none),
        cmocka_unit_test(names),
    };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        tests[count++] = others[i];
    return _cmocka_run_group_tests(__FILE__, tests, count, make_people, free_people) != 0;
}
