/* SPDX-License-Identifier: MIT */
/*
 * The fragments of the shards: one update's core (c/), extended (x/) and localised (l/) part, or,
 * in older catalogues, all of it (s/). c/, x/ and l/ are what [MS-WUSP] 3.1.1 calls fragments,
 * which are not well-formed documents; that s/ has KBArticleID in Update/Properties and Title in
 * Update/LocalizedPropertiesCollection/LocalizedProperties is how a public reader of such
 * catalogues takes it (com.shevalab.readcab, UpdateState).
 *
 * A fragment is read for what it says; whom it is about is told by its name alone.
 */
#ifndef FP_CATALOG_FRAGMENT_H
#define FP_CATALOG_FRAGMENT_H

#include "inventory/base/digest.h"
#include "inventory/base/xml.h"
#include "inventory/catalog/updates.h"

enum {
    FP_FRAGMENT_KBS_MAX = 8,                /* KBArticleIDs of one fragment that are kept */
    FP_FRAGMENT_SIZE_MAX = 8 * 1024 * 1024, /* bytes of one that is searched */
    FP_FRAGMENT_VALUE_MAX = 1024            /* bytes of a title or a file's name; longer: cut */
};

typedef enum fp_fragment_kind {
    FP_FRAGMENT_NONE = 0,
    FP_FRAGMENT_CORE,      /* c/ */
    FP_FRAGMENT_EXTENDED,  /* x/ */
    FP_FRAGMENT_LOCALIZED, /* l/<language>/ */
    FP_FRAGMENT_WHOLE      /* s/ */
} fp_fragment_kind;

typedef struct fp_fragment_name {
    fp_fragment_kind kind;
    uint32_t revision_id;
    fp_str language; /* FP_FRAGMENT_LOCALIZED; a part of the name that was parsed */
} fp_fragment_name;

/* False: no fragment, such as a licence. '/' and '\\' both separate folders. */
FP_MUST_CHECK bool fp_fragment_name_parse(fp_str member_name, fp_fragment_name *out);

typedef struct fp_fragment_file { /* what x/ says of a file; spans are valid during the call */
    fp_str name;
    bool has_size, has_sha1, has_sha256;
    uint64_t size;
    uint8_t sha1[FP_SHA1_SIZE];
    uint8_t sha256[FP_SHA256_SIZE];
} fp_fragment_file;

typedef struct fp_fragment { /* what one said */
    bool has_identity;       /* UpdateIdentity, at its own place */
    uint8_t update_id[FP_GUID_SIZE];
    uint32_t revision_number;
    fp_str type;     /* UpdateType */
    fp_str severity; /* MsrcSeverity */
    uint32_t kbs[FP_FRAGMENT_KBS_MAX];
    size_t kb_count;    /* may exceed the array: further ones are counted only */
    bool kb_unreadable; /* a KBArticleID that is no number */
    fp_str title;       /* in the language asked for */
} fp_fragment;

typedef struct fp_fragment_reader fp_fragment_reader;

typedef struct fp_fragment_events {
    void *context;
    void (*file)(void *context, const fp_fragment_file *file); /* may be NULL */
} fp_fragment_events;

/* `language`: of the title, case ignored; of an l/ fragment any. Everything lives in the reader.
 * NULL: no memory. */
FP_MUST_CHECK fp_fragment_reader *fp_fragment_new(fp_fragment_kind kind, fp_str language,
                                                  const fp_fragment_events *events);
void fp_fragment_free(fp_fragment_reader *f); /* NULL is fine */
void fp_fragment_feed(fp_fragment_reader *f, fp_span bytes);
/* What it said; what of it came before trouble counts. */
const fp_fragment *fp_fragment_end(fp_fragment_reader *f, bool complete);
const fp_xml_trouble *fp_fragment_trouble(const fp_fragment_reader *f);

/*
 * Can a fragment of these bytes have the KBArticleID `number`? A search for its digits: true too
 * where they may be written in another way (character references, sections, comments, UTF-16), so
 * that false is sure of every fragment in which the element holds text alone.
 */
bool fp_fragment_may_name_kb(fp_span fragment, uint32_t number);

/* `size` bytes of base64, padded; false: not so many, or not base64. */
FP_MUST_CHECK bool fp_base64_digest(fp_str text, uint8_t *out, size_t size);

#endif
