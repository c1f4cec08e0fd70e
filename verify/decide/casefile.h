/* SPDX-License-Identifier: MIT */
/*
 * The case file: all that is known of ONE server, put together from an evidence set. Tests are
 * asked of it.
 *
 * Two different computer names in one set make it contradictory: no verdict may be given
 * (host_conflict).
 */
#ifndef FP_DECIDE_CASEFILE_H
#define FP_DECIDE_CASEFILE_H

#include "detect/episode.h"
#include "inventory/configmgr/product.h"
#include "inventory/configmgr/site_updates.h"
#include "inventory/evidence.h"
#include "inventory/files/pe.h"
#include "inventory/hotfix/window.h"
#include "verify/authentic/authentic.h"
#include "verify/decide/advisory.h"

typedef struct fp_statement { /* declared, never observed */
    fp_str key, value, by, date, note;
    uint32_t item; /* 0 = given on the command line */
} fp_statement;

typedef struct fp_case_catalog {
    uint32_t item;
    const fp_cabinet *cabinet;
    const fp_catalog *catalog;
    fp_archive_result decoder;
    bool damaged; /* a hard finding, a bad fate, XML that does not end, or a signature that says
                     that it was altered: never used as proof */
    const fp_authenticity *authenticity; /* NULL: not examined */
    const uint8_t *sha256;               /* of all of it; NULL: not all of it was read */
    bool expected;                       /* that is one of fp_case_options.expected */
} fp_case_catalog;

/* Is it shown whose a catalogue is? */
typedef enum fp_catalog_standing {
    FP_CATALOG_NOT_SHOWN = 0, /* not examined, or by a publisher who is not believed here */
    FP_CATALOG_AUTHENTIC,     /* by its signature, or as whoever asks vouches for its SHA-256 */
    FP_CATALOG_INAUTHENTIC    /* altered; or unsigned, which the published one never is */
} fp_catalog_standing;

typedef struct fp_case_signature { /* of an item, examined while its bytes went by */
    uint32_t item;
    fp_authenticity found;
} fp_case_signature;

/* A file told of instead of supplied, as a case of an advisory does: nothing is read. */
typedef struct fp_described_file {
    fp_str name;
    bool has_version, hashed;
    fp_version version;
    uint8_t sha256[FP_SHA256_SIZE];
} fp_described_file;

typedef struct fp_described_update {
    fp_update is; /* what of it is told; `action` is not */
    bool has_revision, has_action;
    fp_str action;
    uint32_t kbs[FP_FRAGMENT_KBS_MAX];
    size_t kb_count;
    bool superseded;
    uint32_t superseded_by; /* a RevisionId */
} fp_described_update;

typedef struct fp_described_catalog {
    bool damaged;
    fp_authentic_result signature;
    bool hashed;
    uint8_t sha256[FP_SHA256_SIZE];
    const fp_described_update *updates; /* it holds these; else none that an advisory asks for */
    size_t update_count;
} fp_described_catalog;

typedef struct fp_case_file { /* a PE file in the evidence */
    uint32_t item;            /* 0: described */
    fp_pe pe;
    const fp_described_file *described;  /* or NULL */
    const fp_authenticity *authenticity; /* NULL: not examined */
} fp_case_file;

typedef struct fp_host_name { /* each source that names the computer */
    fp_str name;
    fp_origin origin;
} fp_host_name;

typedef struct fp_case_parts fp_case_parts;       /* what only the reading needs: case_parts.h */
typedef struct fp_case_hotfixes fp_case_hotfixes; /* case_hotfix.c */

enum { FP_CASE_MEMORY = 512 * 1024 * 1024 }; /* bytes of its arena, besides the evidence's own */

typedef struct fp_case {
    fp_arena *arena;
    fp_case_parts *parts;
    fp_evidence *evidence;
    fp_registry *registry;
    const fp_releases *releases; /* with which `product` was told, or NULL */
    fp_product product;
    const fp_history *history; /* of all activities of all advisories, in their order */
    fp_case_catalog *catalogs;
    size_t catalog_count;
    fp_case_signature *signatures;
    size_t signature_count, signature_capacity;
    fp_case_file *files;
    size_t file_count;
    fp_site_updates *site_updates; /* lists of "Updates and Servicing" */
    size_t site_updates_count;
    fp_statement *statements;
    size_t statement_count;
    fp_hotfix_evidence hotfixes; /* what fp_case_hotfix and fp_hotfix_list search */
    fp_case_hotfixes *answers;   /* that fp_case_hotfix has given; NULL: none is kept */
    fp_str host;                 /* or empty */
    fp_host_name *hosts;
    size_t host_count;
    bool host_conflict;
    fp_str collected_at_text; /* collection.json */
    fp_time collected_at;     /* or FP_TIME_NONE */
    fp_observations findings; /* contradictions that belong to no single item */
} fp_case;

typedef struct fp_case_input { /* one thing the user named, already opened by the command line */
    int fd;                    /* -1: could not be opened, then `problem` says why */
    const char *name;
    bool is_stdin;
    const char *problem;
} fp_case_input;

/* A file whose SHA-256 whoever asks has from elsewhere. */
typedef struct fp_expected_file {
    fp_str name; /* of the item; empty: of any */
    uint8_t sha256[FP_SHA256_SIZE];
} fp_expected_file;

typedef struct fp_case_options {
    const fp_advisory *const *advisories;
    size_t advisory_count;
    const fp_releases *releases;
    const fp_statement *declared; /* from the command line */
    size_t declared_count;
    const fp_described_file *described;
    size_t described_count;
    const fp_described_catalog *described_catalogs;
    size_t described_catalog_count;
    const fp_expected_file *expected; /* a catalogue among them counts as genuine */
    size_t expected_count;
    const fp_catalog_request *catalogs; /* asked besides what the advisories ask; or NULL */
    bool require_jail;
    unsigned decoders;     /* see fp_evidence_options */
    bool survey;           /* read hives from end to end and tell all damage in them */
    const char *code_page; /* of single-byte exports, logs and listings, or NULL */
    const fp_trust *trust; /* who is believed to sign; NULL: nobody */
    fp_time now;           /* for signatures without a time stamp */
    bool accept_weak;      /* fp_authentic_policy */
    void (*progress)(void *context, const fp_evidence_step *step);
    void *progress_context;
} fp_case_options;

/*
 * Reads everything. FP_OK also when items had problems; FP_IO / FP_UNSUPPORTED when nothing at all
 * could be read; FP_NOMEM. *out is freed by fp_case_free (also its arena).
 */
FP_MUST_CHECK fp_status fp_case_open(const fp_case_input *inputs, size_t count,
                                     const fp_case_options *options, fp_case **out, fp_diag *d);
void fp_case_free(fp_case *c); /* NULL is fine */

/* The statement with this key: the last one given; command line outranks files. NULL when none. */
const fp_statement *fp_case_statement(const fp_case *c, fp_str key);
typedef struct fp_collected { /* of an item, by the collector's record */
    fp_time at;
    fp_str source;    /* on the server, or empty */
    fp_time modified; /* when it was last written there; FP_TIME_NONE */
} fp_collected;
/* False: no record lists it. */
bool fp_case_collected(const fp_case *c, const fp_item *item, fp_collected *out);
/* Was anything recognised as evidence? What is recognised and cannot be read counts: it leaves its
 * questions open, and the verdict says so. */
bool fp_case_usable(const fp_case *c);
/* Is the item of the name that was given? Is it what was expected? */
bool fp_case_is_named(const fp_expected_file *expected, const fp_item *item);
bool fp_case_is_expected(const fp_expected_file *expected, const fp_item *item);
fp_catalog_standing fp_case_catalog_standing(const fp_case_catalog *catalog);
/* Was all of it decoded, with nothing wrong, and does every byte have a witness: its checksum, or
 * the signature or digest that makes the whole authentic? */
bool fp_case_catalog_is_whole(const fp_case_catalog *catalog);
/* Blocks of data that carry no checksum, in it and in the cabinets in it that were decoded. */
uint64_t fp_case_catalog_unchecked(const fp_case_catalog *catalog);
/* Is it damaged, or not what its publisher signed? Nothing that it says counts then. */
bool fp_case_catalog_is_worthless(const fp_case_catalog *catalog);
/*
 * What is known of a hotfix, as fp_hotfix_read tells; read once, however often it is asked for.
 * FP_FORMAT: `kb` is no KB number; FP_NOMEM.
 * `kb` and `product` must outlive the case, and so does *out.
 */
FP_MUST_CHECK fp_status fp_case_hotfix(const fp_case *c, fp_str kb, fp_str product,
                                       const fp_hotfix **out);
/* Do hives that lag (fp_registry_lags) have traces of it, and is there no marker elsewhere which
 * these agree with? */
bool fp_case_hotfix_lags(const fp_case *c, const fp_hotfix *hotfix);
/* Those it was asked for so far, each once per product: index 0 ...; NULL past the last. */
const fp_hotfix *fp_case_hotfix_asked(const fp_case *c, size_t index);

#endif
