/* SPDX-License-Identifier: MIT */
#include "tests/support/paged_file.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void count_trouble(void *context, const char *what)
{
    require(what[0] != '\0');
    ++*(unsigned *)context;
}

paged_file *paged_file_new(fp_span content, uint64_t held_max)
{
    paged_file *f = calloc(1, sizeof *f);
    require(f != NULL);
    f->fd = memfd_create("paged", MFD_CLOEXEC);
    require(f->fd >= 0);
    for (size_t done = 0; done < content.size;) {
        const ssize_t put = write(f->fd, content.data + done, content.size - done);
        require(put > 0);
        done += (size_t)put;
    }
    require(fstat(f->fd, &f->seen) == 0);
    const fp_paged_source from = {.fd = f->fd,
                                  .seen = &f->seen,
                                  .held = &f->held,
                                  .held_max = held_max,
                                  .trouble = count_trouble,
                                  .context = &f->troubles};
    require(fp_paged_open(&from, &f->p) == FP_OK);
    return f;
}

void paged_file_free(paged_file *f)
{
    fp_paged_close(f->p);
    require(f->held == 0);
    (void)close(f->fd);
    free(f);
}

void paged_file_change(paged_file *f, size_t size, size_t at)
{
    struct stat now;
    do { /* times of files advance with the ticks of a clock */
        uint8_t byte = 0;
        require(ftruncate(f->fd, (off_t)size) == 0);
        require(pread(f->fd, &byte, 1, (off_t)at) >= 0);
        byte ^= 0xFF;
        require(pwrite(f->fd, &byte, 1, (off_t)at) == 1);
        require(fstat(f->fd, &now) == 0);
    } while (fp_paged_same_state(&now, &f->seen));
}
