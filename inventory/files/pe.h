/* SPDX-License-Identifier: MIT */
/*
 * What a Windows executable says of its version: VS_FIXEDFILEINFO and the FileVersion string of its
 * version resource (PE/COFF; VS_VERSIONINFO). The fixed number is the one to compare: the string is
 * free text.
 */
#ifndef FP_FILES_PE_H
#define FP_FILES_PE_H

#include "inventory/base/paged.h"
#include "inventory/base/text.h"
#include "inventory/base/tri.h"
#include "inventory/base/version.h"

enum {
    FP_PE_SECTIONS_MAX = 96,      /* as Windows' loader */
    FP_PE_ENTRIES_MAX = 4096,     /* of one resource directory */
    FP_PE_LANGUAGES_MAX = 64,     /* of the version resource */
    FP_PE_NODES_MAX = 4096,       /* of the version resource's tree of strings */
    FP_PE_RESOURCE_MAX = 0x10000, /* bytes of a version resource: its length is 16 bits wide */
    FP_PE_TEXT_MAX = 1024         /* UTF-16 units of a string that are kept */
};

typedef struct fp_pe {
    uint16_t machine;      /* 0x14c i386, 0x8664 x64, ... */
    bool has_version;      /* a sound VS_FIXEDFILEINFO was found */
    fp_version version;    /* four parts */
    fp_str version_text;   /* StringFileInfo FileVersion, trimmed, or empty */
    fp_str original_name;  /* OriginalFilename, trimmed, or empty */
    bool languages_differ; /* the resource has several languages with different fixed versions */
    bool strings_damaged;  /* the tree of strings breaks off: texts may be missing or wrong */
    bool has_certificates; /* the certificate table (Authenticode) is there; nothing is verified */
} fp_pe;

/* "MZ" and, when the head reaches it, "PE\0\0". */
bool fp_pe_probe(fp_span head);

/*
 * Reads the headers and the version resource, and nothing else of the file; of several languages
 * 0x409 is taken, else 0, else the first. Module "pe", `where` = file offset. A file without
 * version resource is FP_OK with has_version false; FP_TRUNCATED: the file ends, or cannot be read,
 * before its headers, its version resource or its certificates do; FP_FORMAT: they contradict each
 * other; FP_LIMIT; FP_NOMEM. Texts live in `arena`.
 */
FP_MUST_CHECK fp_status fp_pe_read(fp_paged file, fp_arena *arena, fp_pe *out, fp_diag *d);

/*
 * Does version_text name the version of the fixed number? As far as it goes: "4.0.6221 (made)"
 * agrees with 4.0.6221.1047. UNKNOWN: one of them is missing, or the text does not begin with a
 * version.
 */
fp_tri fp_pe_text_agrees(const fp_pe *pe);

typedef struct fp_pe_signing {  /* file offsets: what a signature of the file leaves out, and where
                                 */
    size_t checksum;            /* four bytes */
    size_t certificate_entry;   /* eight bytes: the data directory's entry; 0 = there is none */
    size_t headers_end;         /* behind the section table */
    uint32_t certificates;      /* the certificate table */
    uint32_t certificates_size; /* 0: not signed */
} fp_pe_signing;

/*
 * The same from the first bytes of a file alone. FP_TRUNCATED: the headers do not end in `head`;
 * FP_FORMAT, FP_LIMIT as above. Whether the table lies inside the file is the caller's to check.
 */
FP_MUST_CHECK fp_status fp_pe_read_signing(fp_span head, fp_pe_signing *out, fp_diag *d);

#endif
