/* SPDX-License-Identifier: MIT */
/*
 * Evidence made on the spot: a temporary folder, and archives of a set of members as descriptors of
 * anonymous files. Everything returns false or -1 when the machine refuses.
 */
#ifndef FP_TESTS_EVIDENCE_TREE_H
#define FP_TESTS_EVIDENCE_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct tree {
    char root[64];
} tree;

bool tree_make(tree *t);
void tree_remove(const tree *t);
/* `path` is relative; folders on the way are made. */
bool tree_file(const tree *t, const char *path, const void *bytes, size_t size);
bool tree_folder(const tree *t, const char *path);
bool tree_link(const tree *t, const char *path, const char *target);
bool tree_pipe(const tree *t, const char *path);
int tree_open(const tree *t, const char *path); /* "" is the root itself */

typedef enum member_kind { MEMBER_FILE = 0, MEMBER_FOLDER, MEMBER_LINK } member_kind;

typedef struct member {
    const char *name;
    const void *data; /* NULL: zeros */
    size_t size;
    member_kind kind;
} member;

/* `format`: "zip", "tar", "tar.gz", "7zip"; written by libarchive. */
int pack(const char *format, const member *members, size_t count);
/* A cabinet of one stored folder with right checksums. `members` are files of at most 32 KiB all
 * together. */
int pack_cabinet(const member *members, size_t count);

int blob(const void *bytes, size_t size); /* an anonymous file that holds these bytes */
/* The bytes of `fd`, closed; freed by the caller. */
void *slurp(int fd, size_t *size);

#endif
