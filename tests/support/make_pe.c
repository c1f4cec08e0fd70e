/* SPDX-License-Identifier: MIT */
/*
 * Writes a minimal PE file with a version resource to standard output, for evidence of test cases:
 *
 *     make_pe i386 4.0.6221.1047 updatewuscatalog.exe > updatewuscatalog.exe
 *
 * The machine is i386 (PE32) or x64 (PE32+); the version goes into the fixed block and into the
 * FileVersion string, the name into OriginalFilename.
 */
#include "tests/support/pe_builder.h"

#include <stdio.h>
#include <string.h>

static bool parse_version(const char *text, uint16_t version[4])
{
    unsigned part[4];
    int end = 0;
    if (sscanf(text, "%5u.%5u.%5u.%5u%n", &part[0], &part[1], &part[2], &part[3], &end) != 4 ||
        text[end] != '\0')
        return false;
    for (int i = 0; i < 4; i++) {
        if (part[i] > UINT16_MAX)
            return false;
        version[i] = (uint16_t)part[i];
    }
    return true;
}

static bool parse_machine(const char *text, pe_plan *plan)
{
    plan->plus = strcmp(text, "x64") == 0;
    plan->machine = plan->plus ? 0x8664 : 0x14C;
    return plan->plus || strcmp(text, "i386") == 0;
}

int main(int argc, char **argv)
{
    static uint8_t file[PE_BUILD_MAX];
    pe_language language = {.id = 0x409};
    pe_plan plan = {.languages = &language, .language_count = 1};
    if (argc != 4 || !parse_machine(argv[1], &plan) || !parse_version(argv[2], language.version)) {
        (void)fprintf(stderr, "usage: make_pe i386|x64 A.B.C.D NAME > FILE\n");
        return 64;
    }
    language.file_version = argv[2];
    language.original_name = argv[3];
    pe_layout layout;
    if (!pe_build(&plan, file, &layout)) {
        (void)fprintf(stderr, "make_pe: the name is too long\n");
        return 64;
    }
    if (fwrite(file, 1, layout.size, stdout) != layout.size || fflush(stdout) != 0) {
        perror("make_pe");
        return 73;
    }
    return 0;
}
