/* SPDX-License-Identifier: MIT */
/*
 * Writes a cabinet of any size in one folder, stored, MSZIP or LZX. Unlike cab_builder it holds
 * little of it in memory, and has no knobs for odd forms. Memory comes from malloc and a failure
 * aborts: this is test code.
 */
#ifndef FP_TESTS_CAB_WRITER_H
#define FP_TESTS_CAB_WRITER_H

#include "inventory/base/bytes.h"

#include <stdio.h>

enum { CAB_STORED = 0, CAB_MSZIP = 1, CAB_LZX = 3 }; /* CFFOLDER.typeCompress */

typedef struct cab_writer cab_writer;

/* `method`: of the above; for LZX the window is 2^window_bits bytes. */
cab_writer *cab_writer_new(unsigned method, unsigned window_bits);
/* Begins a member; its content follows. At most 65535, at most 65535 blocks of 32768 bytes in all.
 */
void cab_writer_file(cab_writer *w, const char *name);
void cab_writer_bytes(cab_writer *w, fp_span content);
/* Writes the cabinet to `out` (NULL: nowhere, which fails) and frees `w`. False: it is too large
 * for the format, or a file failed. */
bool cab_writer_finish(cab_writer *w, FILE *out);

#endif
