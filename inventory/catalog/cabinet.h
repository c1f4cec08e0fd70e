/* SPDX-License-Identifier: MIT */
/*
 * The structure of a cabinet, read by ourselves from a stream of bytes: [MS-CAB] 2.1 to 2.6.
 *
 * A push parser: it is fed the cabinet's bytes once, in order, in pieces of any size, and checks
 * CFHEADER, CFFOLDERs, CFFILEs and every folder's CFDATA chain on the way, whatever order the
 * regions stand in. It decodes nothing. It tells where the signature lies and what follows the
 * cabinet. Offsets in findings count from the start of the cabinet.
 */
#ifndef FP_CATALOG_CABINET_H
#define FP_CATALOG_CABINET_H

#include "inventory/base/arena.h"
#include "inventory/base/text.h"

enum {
    FP_CABINET_NAME_MAX = 256, /* [MS-CAB]: 255 bytes and the NUL */
    FP_CABINET_FINDINGS_MAX = 16
};

typedef enum fp_cabinet_method { /* CFFOLDER.typeCompress, low 4 bits */
                                 FP_CAB_STORED = 0,
                                 FP_CAB_MSZIP = 1,
                                 FP_CAB_QUANTUM = 2,
                                 FP_CAB_LZX = 3
} fp_cabinet_method;

typedef struct fp_cabinet_folder {
    uint32_t offset;         /* of its first CFDATA */
    uint16_t blocks;         /* CFDATAs declared */
    uint16_t type;           /* typeCompress as stored */
    uint64_t packed_bytes;   /* sums over the CFDATAs seen */
    uint64_t unpacked_bytes; /* sum of cbUncomp */
} fp_cabinet_folder;

typedef struct fp_cabinet_file {
    fp_str name; /* raw bytes as stored */
    uint32_t size;
    uint32_t folder_offset; /* uoffFolderStart */
    uint16_t folder;
    uint16_t attributes; /* 0x80: the name is UTF-8 */
} fp_cabinet_file;

/* What is wrong. Zero means nothing. Hard ones (fp_cabinet_fault_is_hard) forbid decoding. */
typedef enum fp_cabinet_fault {
    FP_CAB_FINE = 0,
    FP_CAB_NOT_A_CABINET,
    FP_CAB_CUT_OFF,            /* the stream ends before the structure does */
    FP_CAB_BAD_HEADER,         /* reserved fields, version, flags, counts of zero */
    FP_CAB_BAD_FOLDER,         /* a folder's offset lies outside or overlaps */
    FP_CAB_BAD_FILE,           /* a file's folder, extent or name is impossible */
    FP_CAB_BAD_DATA,           /* a CFDATA is impossible: sizes */
    FP_CAB_BAD_CHECKSUM,       /* a CFDATA's checksum is wrong */
    FP_CAB_BAD_SIGNATURE_SLOT, /* the reserve says "signed" but not canonically */
    FP_CAB_TRAILING_BYTES,     /* bytes after the cabinet that are not the signature: soft */
    FP_CAB_FILES_ELSEWHERE,    /* the CFFILEs do not follow the CFFOLDERs: programs disagree on
                                  which table they read: soft */
    FP_CAB_MULTI_VOLUME,       /* part of a set: unsupported, not damaged */
    FP_CAB_QUANTUM_METHOD,     /* unsupported, not damaged */
    FP_CAB_OUT_OF_MEMORY
} fp_cabinet_fault;

bool fp_cabinet_fault_is_hard(fp_cabinet_fault fault);
/* Of the hard ones: a form that is not read here, and no damage. */
static inline bool fp_cabinet_fault_is_unsupported(fp_cabinet_fault fault)
{
    return fault == FP_CAB_MULTI_VOLUME || fault == FP_CAB_QUANTUM_METHOD;
}

typedef struct fp_cabinet_finding {
    fp_cabinet_fault fault;
    uint64_t offset;
    char message[120];
} fp_cabinet_finding;

typedef enum fp_cabinet_signature {
    FP_CAB_SIGNATURE_UNKNOWN = 0, /* the header was not read */
    FP_CAB_UNSIGNED,
    FP_CAB_SIGNED /* carries a signature; it was not verified here */
} fp_cabinet_signature;

typedef struct fp_cabinet { /* everything lives in the arena given to fp_cabinet_scan_new */
    uint32_t size;          /* cbCabinet */
    uint16_t flags;
    uint16_t set_id;
    uint16_t volume; /* iCabinet */
    fp_cabinet_folder *folders;
    size_t folder_count;
    fp_cabinet_file *files;
    size_t file_count;
    fp_cabinet_signature signature;
    uint64_t signature_offset; /* when signed */
    uint64_t signature_size;
    uint64_t blocks_checked;   /* CFDATAs whose checksum was right */
    uint64_t blocks_unchecked; /* ... whose checksum field is zero */
    bool files_read;           /* the whole CFFILE table was read: names are known */
    fp_cabinet_finding findings[FP_CABINET_FINDINGS_MAX];
    size_t finding_count; /* further ones are counted, not kept: may exceed the array's size */
} fp_cabinet;

typedef struct fp_cabinet_scanner fp_cabinet_scanner;

/* NULL: no memory. Budget for the tables comes from `arena`. */
FP_MUST_CHECK fp_cabinet_scanner *fp_cabinet_scan_new(fp_arena *arena);
/* Never fails: findings tell. After a hard finding further bytes are ignored. */
void fp_cabinet_scan(fp_cabinet_scanner *scanner, fp_span bytes);
/* What is known so far; after fp_cabinet_scan_end, the whole. Lives in the arena. */
const fp_cabinet *fp_cabinet_so_far(const fp_cabinet_scanner *scanner);
/* `whole` = the stream really ended here (false: it was cut by its source, so say nothing of the
 * tail). */
const fp_cabinet *fp_cabinet_scan_end(fp_cabinet_scanner *scanner, bool whole);

/* The first hard finding, or NULL. */
const fp_cabinet_finding *fp_cabinet_hard_finding(const fp_cabinet *cabinet);
/* Index of the file with this name (ASCII case ignored, '\\' = '/'), or -1. */
ptrdiff_t fp_cabinet_find(const fp_cabinet *cabinet, fp_str name);

#endif
