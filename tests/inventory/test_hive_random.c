/* SPDX-License-Identifier: MIT */
/*
 * Random registry trees in hives that hivexregedit wrote, and in hives of our own builder (which
 * alone writes li, lf, ri and db): our walk and `hivexregedit --export` show the same keys and
 * values, and so do the two hives.
 */
#include "inventory/registry/hive.h"

#include "tests/support/check.h"
#include "tests/support/hive_dump.h"
#include "tests/support/random_tree.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

enum { TREES = 204, TREES_EACH = 17, GROUPS = TREES / TREES_EACH, BUDGET = 512 * 1024 * 1024 };

/* ---- files in memory that another program can open by name ------------------------------------
 */

typedef struct memory_file {
    int fd;
    char path[64];
} memory_file;

static memory_file memory_file_of(const void *bytes, size_t size)
{
    memory_file f = {.fd = memfd_create("hive", MFD_CLOEXEC)};
    assert_true(f.fd >= 0);
    assert_int_equal(write(f.fd, bytes, size), size);
    (void)snprintf(f.path, sizeof f.path, "/proc/%d/fd/%d", (int)getpid(), f.fd);
    return f;
}

static fp_span content_of(const memory_file *f, fp_arena *arena)
{
    const off_t size = lseek(f->fd, 0, SEEK_END);
    uint8_t *bytes = size < 0 ? NULL : fp_arena_alloc(arena, (size_t)size + 1);
    assert_non_null(bytes);
    assert_int_equal(pread(f->fd, bytes, (size_t)size, 0), size);
    return fp_span_of(bytes, (size_t)size);
}

/* ---- one tree, two hives ----------------------------------------------------------------------
 */

typedef struct hives {
    fp_arena *arena;
    hive_builder_key *root; /* of the tree */
    memory_file built;      /* by hive_builder, in one of its forms */
    memory_file merged;     /* by hivexregedit, into a hive with nothing in it */
} hives;

static memory_file build(hive_builder *b, const hive_builder_options *options)
{
    uint8_t *file = NULL;
    size_t size = 0;
    assert_true(hive_builder_write(b, options, &file, &size));
    return memory_file_of(file, size);
}

static memory_file merge(hives *h, uint64_t seed)
{
    const hive_builder_options options = {.name = "SOFTWARE"};
    hive_builder *nothing = hive_builder_new(h->arena);
    assert_non_null(nothing);
    const memory_file hive = build(nothing, &options);
    fp_out text = {.size = 0};
    random_tree_text(h->root, seed, &text);
    assert_false(text.failed);
    const memory_file reg = memory_file_of(text.data, text.size);
    fp_out_free(&text);

    char command[256];
    (void)snprintf(command, sizeof command,
                   "PERL_UNICODE=SD timeout 60 hivexregedit --merge '%s' '%s'", hive.path,
                   reg.path);
    assert_int_equal(system(command), 0);
    (void)close(reg.fd);
    return hive;
}

static hives hives_make(uint64_t seed)
{
    static const hive_builder_options forms[] = {{.list = HIVE_LH},
                                                 {.list = HIVE_LF},
                                                 {.list = HIVE_LI},
                                                 {.list = HIVE_LI, .leaf = 4},
                                                 {.list = HIVE_LH, .leaf = 7},
                                                 {.list = HIVE_LF, .minor = 3}};
    hives h = {.arena = fp_arena_new(BUDGET)};
    assert_non_null(h.arena);
    hive_builder *b = hive_builder_new(h.arena);
    assert_non_null(b);
    assert_true(random_tree_fill(b, h.arena, seed));
    h.root = hive_builder_root(b);
    h.built = build(b, &forms[seed % (sizeof forms / sizeof forms[0])]);
    h.merged = merge(&h, seed);
    return h;
}

static void hives_free(hives *h)
{
    (void)close(h->built.fd);
    (void)close(h->merged.fd);
    fp_arena_free(h->arena);
}

/* ---- what must hold ---------------------------------------------------------------------------
 */

/*
 * hivex hashes the UTF-8 bytes of a name (calc_hash in its lib/write.c), Windows the units of
 * UTF-16, which is the same for ASCII only. So in lists that hivexregedit wrote we find the hash of
 * another name at every Latin-1 name that is not ASCII, and say so, once for each key that has such
 * subkeys. All of them are read all the same.
 */
static bool has_name_hashed_otherwise(const hive_builder_key *key)
{
    for (size_t i = 0; i < key->child_count; i++) {
        const fp_str name = key->children[i]->name;
        bool ascii = true;
        bool plain_latin1 = true;
        for (size_t at = 0; at < name.size; at++) {
            const uint8_t c = (uint8_t)name.data[at];
            const uint8_t next = at + 1 < name.size ? (uint8_t)name.data[at + 1] : 0;
            ascii = ascii && c < 0x80;
            /* micro sign, sharp s and y with diaeresis have no upper case in Latin-1 */
            const bool odd = (c == 0xC2 && next == 0xB5) || (c == 0xC3 && next == 0x9F) ||
                             (c == 0xC3 && next == 0xBF);
            plain_latin1 = plain_latin1 &&
                           (c < 0x80 || ((c & 0xC0) == 0x80) || c == 0xC2 || c == 0xC3) && !odd;
        }
        if (!ascii && plain_latin1)
            return true;
    }
    return false;
}

static size_t keys_with_such_names(const hive_builder_key *key)
{
    size_t count = has_name_hashed_otherwise(key) ? 1 : 0;
    for (size_t i = 0; i < key->child_count; i++)
        count += keys_with_such_names(key->children[i]);
    return count;
}

static size_t problems_of(fp_span file, fp_arena *arena)
{
    fp_hive *hive = NULL;
    fp_reg_problems problems = {.tell = NULL};
    const fp_hive_visitor visitor = {.context = NULL};
    bool whole = false;
    assert_int_equal(fp_hive_open(file, arena, &problems, &hive, NULL), FP_OK);
    assert_int_equal(fp_hive_walk(hive, &visitor, &problems, &whole), FP_OK);
    assert_int_equal(whole, problems.count == 0);
    return (size_t)problems.count;
}

static size_t differing(const hive_lines *own, const hive_lines *other)
{
    size_t only_own = 0;
    size_t only_other = 0;
    hive_dump_compare(own, other, &only_own, &only_other);
    return only_own + only_other;
}

static size_t wrong_in(uint64_t seed)
{
    hives h = hives_make(seed);
    const fp_span built = content_of(&h.built, h.arena);
    const fp_span merged = content_of(&h.merged, h.arena);
    hive_lines own_built = {0}, own_merged = {0}, their_built = {0}, their_merged = {0};
    assert_true(hive_dump_own(built, h.arena, &own_built));
    assert_true(hive_dump_own(merged, h.arena, &own_merged));
    assert_true(hive_dump_hivex(h.merged.path, h.arena, &their_merged));
    size_t wrong = differing(&own_merged, &their_merged) + differing(&own_built, &own_merged);
    if (seed % 8 == 0) {
        assert_true(hive_dump_hivex(h.built.path, h.arena, &their_built));
        wrong += differing(&own_built, &their_built);
    }
    const size_t named = problems_of(merged, h.arena);
    wrong += problems_of(built, h.arena) + (named != keys_with_such_names(h.root));
    if (wrong > 0)
        print_error("tree %llu: %zu lines or problems differ; set FIXPROOF_SHOW_DIFFERENCES\n",
                    (unsigned long long)seed, wrong);
    hives_free(&h);
    return wrong;
}

static void test_trees(void **state)
{
    const size_t first = *(const size_t *)*state;
    if (!hive_dump_has_hivex()) {
        print_message("skipped: hivexregedit is not installed, so there is nothing to compare\n");
        skip();
    }
    size_t wrong = 0;
    for (size_t seed = first; seed < first + TREES_EACH; seed++)
        wrong += wrong_in(seed);
    assert_int_equal(wrong, 0);
}

int main(void)
{
    static size_t firsts[GROUPS];
    static char names[GROUPS][32];
    static struct CMUnitTest tests[GROUPS];
    for (size_t i = 0; i < GROUPS; i++) {
        firsts[i] = i * TREES_EACH;
        (void)snprintf(names[i], sizeof names[i], "trees from %zu on", firsts[i]);
        tests[i] = (struct CMUnitTest){
            .name = names[i], .test_func = test_trees, .initial_state = &firsts[i]};
    }
    return RUN_TESTS(tests);
}
