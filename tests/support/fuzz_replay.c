/* SPDX-License-Identifier: MIT */
/*
 * Stands in for a fuzzing engine: runs a target over every file of the corpus folders given, in the
 * order of their names, and fails when there is none, so that an empty corpus cannot pass.
 */
#include "tests/support/fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>

static int replay_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        perror(path);
        return -1;
    }
    struct stat st;
    if (fstat(fileno(file), &st) != 0 || !S_ISREG(st.st_mode)) {
        (void)fclose(file);
        return 0;
    }
    const size_t size = (size_t)st.st_size;
    uint8_t *data = malloc(size == 0 ? 1 : size);
    const size_t got = data == NULL ? 0 : fread(data, 1, size, file);
    (void)fclose(file);
    if (data == NULL || got != size) {
        free(data);
        (void)fprintf(stderr, "%s: could not be read\n", path);
        return -1;
    }
    (void)LLVMFuzzerTestOneInput(data, size);
    free(data);
    return 1;
}

static int replay_folder(const char *folder)
{
    struct dirent **names = NULL;
    const int count = scandir(folder, &names, NULL, alphasort);
    if (count < 0) {
        perror(folder);
        return -1;
    }
    int replayed = 0;
    for (int i = 0; i < count; i++) {
        char path[4096];
        (void)snprintf(path, sizeof path, "%s/%s", folder, names[i]->d_name);
        const int done = replay_file(path);
        if (done < 0)
            replayed = -1;
        else if (replayed >= 0)
            replayed += done;
        free(names[i]);
    }
    free(names);
    return replayed;
}

int main(int argc, char **argv)
{
    int total = 0;
    for (int i = 1; i < argc; i++) {
        const int replayed = replay_folder(argv[i]);
        if (replayed < 0)
            return 1;
        total += replayed;
    }
    (void)printf("%s: %d inputs replayed\n", argv[0], total);
    return total == 0 ? 1 : 0;
}
