/* SPDX-License-Identifier: MIT */
#include "tests/support/case_file.h"

#include <stdio.h>

bool case_file_write(const char *folder, const char *name, const char *ending, fp_str bytes)
{
    char path[1024];
    const int folder_size = snprintf(path, sizeof path, "%s/", folder);
    const int size = snprintf(path, sizeof path, "%s/%s.%s", folder, name, ending);
    if (folder_size < 0 || size < 0 || (size_t)size >= sizeof path)
        return false;
    for (char *c = path + folder_size; *c != '\0'; c++)
        if (*c == '/')
            *c = '-';
    FILE *file = fopen(path, "wb");
    if (file == NULL)
        return false;
    const bool written = fwrite(bytes.data, 1, bytes.size, file) == bytes.size;
    return fclose(file) == 0 && written;
}
