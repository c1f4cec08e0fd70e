/* SPDX-License-Identifier: MIT */
/*
 * Writes a small PE file: headers, an empty .text section, and .rsrc with nothing but a version
 * resource. Good by default; a test breaks one thing at an offset of pe_layout.
 */
#ifndef FP_TESTS_PE_BUILDER_H
#define FP_TESTS_PE_BUILDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PE_BUILD_MAX = 32 * 1024, PE_BUILD_LANGUAGES_MAX = 8 };

typedef struct pe_language {
    uint16_t id;
    uint16_t version[4];
    bool no_fixed;             /* without VS_FIXEDFILEINFO */
    const char *file_version;  /* ASCII; NULL: not there */
    const char *original_name; /* ASCII; NULL: not there */
} pe_language;

typedef struct pe_plan {
    uint16_t machine; /* 0 = 0x14c */
    bool plus;        /* PE32+ */
    bool no_resources;
    const pe_language *languages;
    size_t language_count;
    size_t certificate_size; /* bytes of a certificate table behind the sections, or 0 */
} pe_plan;

/* File offsets. */
typedef struct pe_layout {
    size_t coff;               /* "PE\0\0" */
    size_t optional;           /* the optional header */
    size_t directory_count;    /* its NumberOfRvaAndSizes */
    size_t resource_directory; /* data directory 2 */
    size_t certificate_entry;  /* data directory 4 */
    size_t text_section;       /* section header 0 */
    size_t rsrc_section;       /* section header 1 */
    size_t type_directory; /* resource directories of the three levels; entries begin 16 behind */
    size_t name_directory;
    size_t language_directory;
    size_t data_entry[PE_BUILD_LANGUAGES_MAX];
    size_t version[PE_BUILD_LANGUAGES_MAX]; /* VS_VERSIONINFO */
    size_t string_info[PE_BUILD_LANGUAGES_MAX];
    size_t certificates;
    size_t size; /* of the file */
} pe_layout;

/* `file` is zeroed first. Returns false when the plan does not fit. */
bool pe_build(const pe_plan *plan, uint8_t file[PE_BUILD_MAX], pe_layout *layout);

void pe_put16(uint8_t *file, size_t at, uint32_t value);
void pe_put32(uint8_t *file, size_t at, uint32_t value);

#endif
