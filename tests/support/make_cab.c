/* SPDX-License-Identifier: MIT */
/*
 * make_cab OUT.cab [-z] NAME=FILE...: a cabinet of these files under these names; -z: MSZIP. A
 * cabinet for a signing tool to sign, or a nested one for a sample catalogue.
 */
#include "cab_builder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILES_MAX = 1000 };

static bool read_file(const char *path, fp_span *out)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return false;
    uint8_t *data = NULL;
    size_t size = 0;
    size_t n = 1;
    while (n > 0) {
        uint8_t *grown = realloc(data, size + 65536);
        if (grown == NULL)
            abort();
        data = grown;
        n = fread(data + size, 1, 65536, file);
        size += n;
    }
    const bool good = ferror(file) == 0;
    (void)fclose(file);
    *out = fp_span_of(data, size);
    return good;
}

static bool write_file(const char *path, fp_span bytes)
{
    FILE *file = fopen(path, "wb");
    if (file == NULL)
        return false;
    const bool good = fwrite(bytes.data, 1, bytes.size, file) == bytes.size;
    return fclose(file) == 0 && good;
}

int main(int argc, char **argv)
{
    static cab_file files[FILES_MAX];
    cab_options options = {0};
    size_t count = 0;
    for (int i = 2; i < argc; i++) {
        if (strcmp(argv[i], "-z") == 0) {
            options.mszip = true;
            continue;
        }
        char *equals = strchr(argv[i], '=');
        if (equals == NULL || count == FILES_MAX || !read_file(equals + 1, &files[count].content)) {
            (void)fprintf(stderr, "make_cab: %s: cannot be read as NAME=FILE\n", argv[i]);
            return 66;
        }
        *equals = '\0';
        files[count++].name = argv[i];
    }
    if (count == 0) {
        (void)fprintf(stderr, "usage: make_cab OUT.cab [-z] NAME=FILE...\n");
        return 64;
    }
    cab_bytes cab = cab_build(files, count, &options);
    if (!write_file(argv[1], cab_span(&cab))) {
        perror(argv[1]);
        return 73;
    }
    cab_free(&cab);
    return 0; /* the files' contents go with the process */
}
