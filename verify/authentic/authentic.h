/* SPDX-License-Identifier: MIT */
/*
 * Is this file what its publisher signed? Authenticode on cabinets and PE files, verified from the
 * bytes themselves and from the root certificates that the caller believes: no network, no system
 * store, no clock of its own. What is signed of each carrier: carrier.c.
 *
 * The file is fed once, in order, in pieces of any size; its digest is computed while bytes go by,
 * and nothing but the signature is held. Only the signature at the file's end tells which digest it
 * needs: of a file that can be read at any place that is looked up first (fp_authentic_ahead), of
 * others SHA-1 and SHA-256 are both computed. FP_AUTHENTIC_VALID means: every check of
 * fp_authentic_check held, the last of them that the file ends where its signature does. It is
 * assigned in one place. Revocation is not checked, ever: a report must say so.
 *
 * Stricter than osslsigncode 2.9, on purpose:
 * - every byte of a cabinet's header that no signature protects must have its one canonical value;
 * - nothing may follow the signature, and the signature's slot may hold it and at most seven zero
 *   bytes of padding, nothing else;
 * - one digest algorithm throughout: the file's, the signer's and the signature's must agree, and
 * it must be SHA-256 or SHA-1;
 * - a time stamp that is there must hold, and a nested second signature must too, even where the
 *   first one is good;
 * - MD5, SHA-1 and short keys are weak, unless the policy accepts them.
 * Less strict in one thing: of several signatures that hold, one that is believed is enough. Files
 * for old systems carry one whose root nobody has any more. The checksum field of a PE file is not
 * examined: it protects nothing and hides nothing.
 */
#ifndef FP_AUTHENTIC_AUTHENTIC_H
#define FP_AUTHENTIC_AUTHENTIC_H

#include "inventory/base/digest.h"
#include "inventory/base/paged.h"
#include "inventory/base/time.h"
#include "verify/authentic/trust.h"

enum {
    FP_AUTHENTIC_SIGNATURE_MAX =
        512 * 1024,                    /* bytes of a file's signature; real ones: 2 to 40 KB */
    FP_AUTHENTIC_HEAD_MAX = 64 * 1024, /* bytes in which a PE file's headers must lie */
    FP_AUTHENTIC_SIGNATURES_MAX = 9    /* of one file: the first and eight nested in it */
};

typedef enum fp_authentic_result {
    FP_AUTHENTIC_UNKNOWN = 0, /* not examined, or a form that is not examined here */
    FP_AUTHENTIC_UNSIGNED,    /* carries no signature; a catalogue file may sign it elsewhere */
    FP_AUTHENTIC_MISMATCH,    /* the file is not the one that was signed */
    FP_AUTHENTIC_FORGED,      /* the signature contradicts itself or does not verify */
    FP_AUTHENTIC_UNTRUSTED,   /* it verifies, but whoever made it is not believed */
    FP_AUTHENTIC_EXPIRED,     /* believed once: no certificate chain at the time that counts */
    FP_AUTHENTIC_WEAK,        /* holds, but by means that can be broken today: policy */
    FP_AUTHENTIC_VALID
} fp_authentic_result;

const char *fp_authentic_result_name(fp_authentic_result result); /* "valid", "untrusted" ... */
/* Does the signature say that the file was altered, whoever is believed? */
static inline bool fp_authentic_is_broken(fp_authentic_result result)
{
    return result == FP_AUTHENTIC_MISMATCH || result == FP_AUTHENTIC_FORGED;
}

/* In the order in which they are reported: the first that failed gives the result. */
typedef enum fp_authentic_check {
    FP_CHECK_PLACE = 0,      /* the header's canonical form, and where the signature stands */
    FP_CHECK_END,            /* the file was read to its end, which is the signature's */
    FP_CHECK_STRUCTURE,      /* PKCS #7 SignedData, DER, one signer */
    FP_CHECK_CONTENT,        /* SpcIndirectData for this kind of file */
    FP_CHECK_ALGORITHM,      /* digests and signature algorithm are known and agree */
    FP_CHECK_DIGEST,         /* the file's digest is the signed one */
    FP_CHECK_EXTENT,         /* the file's own idea of its size ends where the signature begins */
    FP_CHECK_MESSAGE_DIGEST, /* the signed attributes are about this content */
    FP_CHECK_SIGNATURE,      /* the signer's certificate is there, and its key made the signature */
    FP_CHECK_TIME_STAMP,     /* the time stamps that are there are about this signature, and hold */
    FP_CHECK_CHAIN,          /* a chain to a believed root, for code signing */
    FP_CHECK_TIME,           /* ... that was valid at the time stamp's time, else is valid now */
    FP_CHECK_PUBLISHER,      /* the signer is the organisation that the root's pin names */
    FP_CHECK_STRENGTH,       /* nothing weak */
    FP_CHECK_COUNT
} fp_authentic_check;

const char *fp_authentic_check_name(fp_authentic_check check); /* "digest", "chain"; NULL: none */

typedef struct fp_authentic_certificate { /* texts are UTF-8 from evidence; empty: not there */
    fp_str subject;                       /* RFC 2253 form */
    fp_str common_name;                   /* empty also when there are several */
    fp_str organization;                  /* the same */
    fp_str issuer;
    fp_str serial;              /* upper-case hex */
    uint8_t sha1[FP_SHA1_SIZE]; /* thumbprints: of the DER certificate */
    uint8_t sha256[FP_SHA256_SIZE];
    fp_time not_before;
    fp_time not_after;
} fp_authentic_certificate;

typedef enum fp_stamp_kind {
    FP_STAMP_NONE = 0,
    FP_STAMP_RFC3161,
    FP_STAMP_LEGACY /* a PKCS #9 counter-signature */
} fp_stamp_kind;

typedef struct fp_authentic_stamp {
    fp_stamp_kind kind;
    bool believed; /* it verifies, up to a believed root: its time counts */
    fp_time time;  /* as the stamp says; FP_TIME_NONE unless the stamp verifies */
    fp_authentic_certificate signer;
    fp_authentic_certificate root; /* when believed */
    fp_str missing_issuer;         /* when not believed for want of this certificate */
} fp_authentic_stamp;

typedef struct fp_authentic_signature {
    fp_authentic_result result;
    fp_authentic_check failed;      /* what gave the result; FP_CHECK_COUNT: nothing failed */
    fp_str reason;                  /* a sentence; empty when nothing failed */
    const char *digest_name;        /* "SHA-256"; NULL: not read */
    uint8_t digest[FP_SHA256_SIZE]; /* of the file, as signed */
    size_t digest_size;             /* 0: not read */
    bool has_signer;
    fp_authentic_certificate signer;
    bool has_root; /* a believed root was reached */
    fp_authentic_certificate root;
    fp_str missing_issuer; /* the certificate that would continue the chain */
    fp_authentic_stamp stamp;
    fp_str weakness; /* what is weak, also where the policy accepts it; or empty */
} fp_authentic_signature;

typedef struct fp_authenticity {
    fp_authentic_result result; /* of `decisive`, or of the file where no signature was read */
    fp_str reason;
    const char *carrier;        /* "cabinet", "executable"; NULL: neither */
    bool has_sha1;              /* computed: only of what is signed, and see fp_authentic_ahead */
    bool has_sha256;            /* the same */
    uint8_t sha1[FP_SHA1_SIZE]; /* Authenticode digests of the bytes that were fed */
    uint8_t sha256[FP_SHA256_SIZE];
    const fp_authentic_signature *signatures; /* the first, then the nested ones */
    size_t signature_count;
    const fp_authentic_signature *decisive; /* or NULL */
} fp_authenticity;

typedef struct fp_authentic_policy {
    const fp_trust *trust; /* NULL: nobody is believed */
    fp_time now;           /* decides only where no time stamp does; never FP_TIME_NONE */
    bool accept_weak;      /* what is weak is told, but does not decide */
} fp_authentic_policy;

typedef struct fp_authentic fp_authentic;

/* NULL: no memory. policy->trust and `arena` must outlive it; always ended by fp_authentic_end. */
FP_MUST_CHECK fp_authentic *fp_authentic_begin(const fp_authentic_policy *policy, fp_arena *arena);
/*
 * The file that will be fed, at any place: its signature is looked up when the first bytes have
 * told where it stands, and only the digests that it names are computed. What is fed counts: where
 * another signature comes by, the file has changed meanwhile and the result is unknown. To be
 * called before the first byte; `file` must stay open until the end. What cannot be read of it
 * makes no difference but time.
 */
void fp_authentic_ahead(fp_authentic *a, fp_paged file);
/* The digests of a large file may be computed by threads: the bytes of each fp_authentic_feed will
 * stay as they are until the next call has returned. To be called before the first byte. */
void fp_authentic_beside(fp_authentic *a);
/* The first failure sticks and is told at the end. */
void fp_authentic_feed(fp_authentic *a, fp_span bytes);
/*
 * `complete`: the file really ended here; false: it was cut by its source, so nothing is concluded.
 * Frees `a`. FP_OK with any result; FP_NOMEM; FP_CRYPTO: libcrypto itself failed. *out lives in the
 * arena.
 */
FP_MUST_CHECK fp_status fp_authentic_end(fp_authentic *a, bool complete, fp_authenticity *out,
                                         fp_diag *d);
/* A file that is in memory. */
FP_MUST_CHECK fp_status fp_authentic_span(fp_span file, const fp_authentic_policy *policy,
                                          fp_arena *arena, fp_authenticity *out, fp_diag *d);

#endif
