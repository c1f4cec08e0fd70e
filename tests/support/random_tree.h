/* SPDX-License-Identifier: MIT */
/*
 * Random registry trees, the same for the same seed: names in ASCII, Latin-1 and beyond, in case
 * variants, quoted, long and empty; every type of value and numbers that are none; data of 0 bytes
 * to several segments; now and then a very wide or a very deep tree.
 */
#ifndef FP_TESTS_RANDOM_TREE_H
#define FP_TESTS_RANDOM_TREE_H

#include "inventory/base/out.h"
#include "tests/support/hive_builder.h"

/* Below the builder's root; false: no memory. */
bool random_tree_fill(hive_builder *b, fp_arena *arena, uint64_t seed);

/*
 * The whole tree as text that `hivexregedit --merge` understands. It finds keys by names without
 * ASCII case: so the text names parents, and keys a second time, in another case.
 */
void random_tree_text(const hive_builder_key *root, uint64_t seed, fp_out *out);

#endif
