/* SPDX-License-Identifier: MIT */
/*
 * make_sign_seeds CORPUS FACTS.inc: writes the seeds of fuzz_authentic and fuzz_signature into
 * CORPUS/authentic and CORPUS/signature, and what both targets know of them: the root that they
 * believe, and the digests of the files that were really signed. The keys are thrown away.
 */
#include "tests/support/sign_builder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BUDGET = 64 << 20, PATH_SIZE = 1024 };

typedef struct cast {
    sign_identity *root;
    sign_identity *issuing;
    sign_identity *publisher;
    sign_identity *old;
    sign_identity *rsa;
    sign_identity *tsa;
    sign_identity *stranger;
} cast;

static cast make_cast(void)
{
    cast c = {0};
    c.root = sign_identity_new(&(sign_person){.name = "Seed Root", .authority = true});
    c.issuing = sign_identity_new(
        &(sign_person){.name = "Seed Issuing", .issuer = c.root, .authority = true});
    c.publisher = sign_identity_new(&(sign_person){.name = "Seed Publisher",
                                                   .organization = "Fixture",
                                                   .issuer = c.issuing,
                                                   .usage = "codeSigning"});
    c.old = sign_identity_new(&(sign_person){.name = "Seed Publisher",
                                             .issuer = c.issuing,
                                             .usage = "codeSigning",
                                             .from_year = 2020,
                                             .to_year = 2022});
    c.rsa = sign_identity_new(&(sign_person){
        .name = "Seed Publisher", .issuer = c.issuing, .usage = "codeSigning", .rsa_bits = 2048});
    c.tsa = sign_identity_new(
        &(sign_person){.name = "Seed TSA", .issuer = c.root, .usage = "critical,timeStamping"});
    c.stranger = sign_identity_new(&(sign_person){.name = "Seed Stranger", .usage = "codeSigning"});
    return c;
}

static void free_cast(cast *c)
{
    sign_identity *all[] = {c->root, c->issuing, c->publisher, c->old, c->rsa, c->tsa, c->stranger};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        sign_identity_free(all[i]);
}

enum { PLANS = 9 };
static const char *const NAMES[PLANS] = {"plain", "stamped",  "counter-signed", "rsa",      "sha1",
                                         "dual",  "stranger", "two-signers",    "no-signer"};

static void make_plans(const cast *c, sign_plan plans[PLANS])
{
    for (size_t i = 0; i < PLANS; i++)
        plans[i] = (sign_plan){.signer = c->publisher, .chain = {c->issuing}};
    plans[1].signer = c->old;
    plans[1].link = true;
    plans[1].stamp = (sign_stamp){.kind = FP_STAMP_RFC3161, .signer = c->tsa};
    plans[2].signer = c->old;
    plans[2].chain[1] = c->tsa;
    plans[2].stamp = (sign_stamp){.kind = FP_STAMP_LEGACY, .signer = c->tsa};
    plans[3].signer = c->rsa;
    plans[4].hash = FP_HASH_SHA1;
    plans[5].hash = FP_HASH_SHA1;
    plans[5].nested = &plans[1];
    plans[6] = (sign_plan){.signer = c->stranger};
    plans[7].flaw = SIGN_TWO_SIGNERS;
    plans[8].flaw = SIGN_NO_SIGNER;
}

/* The first byte steers the target. */
static void write_seed(const char *folder, const char *kind, const char *name, uint8_t first,
                       fp_span bytes)
{
    char path[PATH_SIZE];
    snprintf(path, sizeof path, "%s/%s-%s", folder, kind, name);
    FILE *file = fopen(path, "wb");
    if (file == NULL || fputc(first, file) == EOF ||
        fwrite(bytes.data, 1, bytes.size, file) != bytes.size || fclose(file) != 0) {
        perror(path);
        exit(73);
    }
}

static void write_bytes(FILE *out, const char *name, const uint8_t *bytes, size_t size)
{
    fprintf(out, "static const uint8_t %s[] = {", name);
    for (size_t i = 0; i < size; i++)
        fprintf(out, "%s0x%02x,", i % 16 == 0 ? "\n    " : " ", bytes[i]);
    fprintf(out, "\n};\n");
}

/* The Authenticode digest of a sound file of ours: what the verifier computes. */
static void digest_of(fp_span file, fp_arena *arena, uint8_t out[FP_SHA256_SIZE])
{
    const fp_authentic_policy policy = {.now = 0};
    fp_authenticity got;
    if (fp_authentic_span(file, &policy, arena, &got, NULL) != FP_OK)
        exit(70);
    memcpy(out, got.sha256, FP_SHA256_SIZE);
}

static void write_files(const char *corpus, const sign_plan *plans, FILE *facts, fp_arena *arena)
{
    char folder[PATH_SIZE];
    uint8_t digests[3 * FP_SHA256_SIZE];
    snprintf(folder, sizeof folder, "%s/authentic", corpus);
    for (size_t i = 0; i < PLANS; i++)
        write_seed(folder, "cab", NAMES[i], (uint8_t)(i * 7), sign_cabinet(&plans[i], 1, arena));
    for (size_t i = 0; i < 2; i++)
        write_seed(folder, "pe", NAMES[i], 0, sign_executable(&plans[i], i == 1, 1, arena));
    digest_of(sign_cabinet(&plans[0], 1, arena), arena, digests);
    digest_of(sign_executable(&plans[0], false, 1, arena), arena, digests + FP_SHA256_SIZE);
    digest_of(sign_executable(&plans[0], true, 1, arena), arena, digests + 2 * FP_SHA256_SIZE);
    write_bytes(facts, "SIGNED_DIGESTS", digests, sizeof digests);
}

static void write_signatures(const char *corpus, const sign_plan *plans, fp_arena *arena)
{
    char folder[PATH_SIZE];
    uint8_t sha256[FP_SHA256_SIZE];
    uint8_t sha1[FP_SHA1_SIZE];
    memset(sha256, 0x25, sizeof sha256); /* fuzz_signature's file has these digests */
    memset(sha1, 0x11, sizeof sha1);
    snprintf(folder, sizeof folder, "%s/signature", corpus);
    for (size_t i = 0; i < PLANS; i++) {
        for (unsigned executable = 0; executable < (i == 0 ? 2 : 1); executable++)
            write_seed(folder, executable ? "pe" : "cab", NAMES[i], (uint8_t)executable,
                       sign_pkcs7(&plans[i], executable != 0, sha1, sha256, arena));
    }
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: make_sign_seeds CORPUS FACTS.inc\n");
        return 64;
    }
    FILE *facts = fopen(argv[2], "w");
    if (facts == NULL) {
        perror(argv[2]);
        return 73;
    }
    fp_arena *arena = fp_arena_new(BUDGET);
    cast c = make_cast();
    sign_plan plans[PLANS];
    make_plans(&c, plans);
    fprintf(facts, "/* SPDX-License-Identifier: MIT */\n/* Written by make_sign_seeds. */\n");
    const fp_span pem = sign_pem(c.root, arena);
    write_bytes(facts, "ROOT_PEM", pem.data, pem.size);
    write_files(argv[1], plans, facts, arena);
    write_signatures(argv[1], plans, arena);
    free_cast(&c);
    fp_arena_free(arena);
    return fclose(facts) == 0 ? 0 : 73;
}
