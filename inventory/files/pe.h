/* SPDX-License-Identifier: MIT */
/*
 * What a Windows executable says of its version: VS_FIXEDFILEINFO and the FileVersion string of its
 * version resource (PE/COFF; VS_VERSIONINFO). The fixed number is the one to compare.
 */
#ifndef FP_FILES_PE_H
#define FP_FILES_PE_H

#include "inventory/base/text.h"
#include "inventory/base/version.h"

enum { FP_PE_SECTIONS_MAX = 96, FP_PE_ENTRIES_MAX = 4096 };

typedef struct fp_pe {
    uint16_t machine;   /* 0x14c i386, 0x8664 x64, ... */
    bool has_version;   /* a sound VS_FIXEDFILEINFO was found */
    fp_version version; /* four parts */
    fp_str version_text;  /* StringFileInfo FileVersion, trimmed, or empty */
    fp_str original_name; /* OriginalFilename, or empty */
    bool has_certificates;
} fp_pe;

bool fp_pe_probe(fp_span head); /* "MZ" and, when the head reaches it, "PE\0\0" */
/* module "pe", `where` = file offset. A file without version resource is FP_OK, has_version false. */
FP_MUST_CHECK fp_status fp_pe_read(fp_span file, fp_arena *arena, fp_pe *out, fp_diag *d);

#endif
