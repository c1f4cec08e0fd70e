/* SPDX-License-Identifier: MIT */
/*
 * Fragments of the shards. First byte: the kind (two bits) and the size of the pieces; the rest:
 * the fragment. What must hold: the pieces do not change what is read; and a KB number that is read
 * was not passed over by the search that comes first.
 */
#include "inventory/catalog/fragment.h"

#include "tests/support/fuzz.h"

#include <string.h>

typedef struct files {
    size_t count;
    uint64_t sum;
} files;

static void on_file(void *context, const fp_fragment_file *file)
{
    files *f = context;
    require(file->name.size <= FP_FRAGMENT_VALUE_MAX);
    require(file->name.size == 0 || fp_text_is_utf8(file->name));
    f->count++;
    f->sum = f->sum * 31 + file->name.size + (file->has_sha1 ? file->sha1[0] : 0U) +
             (file->has_sha256 ? file->sha256[0] : 0U) + (file->has_size ? file->size : 0);
}

static fp_fragment_reader *read_fragment(fp_fragment_kind kind, fp_span bytes, size_t piece,
                                         files *f)
{
    const fp_fragment_events events = {.context = f, .file = on_file};
    fp_fragment_reader *r = fp_fragment_new(kind, FP_STR("en"), &events);
    require(r != NULL);
    for (size_t at = 0; at < bytes.size; at += piece) {
        const size_t left = bytes.size - at;
        fp_fragment_feed(r, fp_span_of(bytes.data + at, left < piece ? left : piece));
    }
    return r;
}

static void check(const fp_fragment *said, fp_span bytes)
{
    require(said->title.size <= FP_FRAGMENT_VALUE_MAX);
    require(said->title.size == 0 || fp_text_is_utf8(said->title));
    require(said->type.size == 0 || fp_text_is_utf8(said->type));
    for (size_t i = 0; i < said->kb_count && i < FP_FRAGMENT_KBS_MAX; i++)
        require(fp_fragment_may_name_kb(bytes, said->kbs[i]));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    const fp_fragment_kind kind = (fp_fragment_kind)(FP_FRAGMENT_CORE + (data[0] & 3));
    const fp_span bytes = fp_span_of(data + 1, size - 1);
    files whole_files = {0}, piece_files = {0};
    fp_fragment_reader *whole = read_fragment(kind, bytes, size, &whole_files);
    fp_fragment_reader *pieces =
        read_fragment(kind, bytes, (size_t)(data[0] >> 2) + 1, &piece_files);
    const fp_fragment *a = fp_fragment_end(whole, true);
    const fp_fragment *b = fp_fragment_end(pieces, true);
    check(a, bytes);
    require((fp_fragment_trouble(whole)->what == NULL) ==
            (fp_fragment_trouble(pieces)->what == NULL));
    require(a->kb_count == b->kb_count && a->kb_unreadable == b->kb_unreadable);
    require(fp_str_eq(a->title, b->title) && fp_str_eq(a->type, b->type));
    require(a->has_identity == b->has_identity && a->revision_number == b->revision_number);
    require(whole_files.count == piece_files.count && whole_files.sum == piece_files.sum);

    fp_fragment_name name; /* the same bytes as a member's name */
    if (fp_fragment_name_parse(fp_str_from_span(bytes), &name))
        require(name.kind != FP_FRAGMENT_NONE && name.language.size < bytes.size);
    fp_fragment_free(whole);
    fp_fragment_free(pieces);
    return 0;
}
