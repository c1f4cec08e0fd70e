/* SPDX-License-Identifier: MIT */
/* Values of a hive: vk records and their data, in the record, in a cell, or in segments (db). */
#include "inventory/registry/hive.h"

#include "inventory/registry/hive_cell.h"
#include "inventory/registry/hive_name.h"

#include <string.h>

enum {
    FLAG_LATIN1 = 1,
    VALUE_CELL_MIN = 24, /* bytes: what the smallest value takes */
    INLINE_MAX = 4,
    INLINE_AT = 8,      /* of the record: where its data offset or its data stand */
    BIG_DATA_MINOR = 4, /* versions before know no db */
};
#define INLINE_BIT 0x80000000U

/* ---- vk -------------------------------------------------------------------------------------- */

static fp_status read_value(const fp_hive *hive, uint32_t offset, fp_hive_value *out, fp_diag *d)
{
    const uint64_t where = fp_hive_file_offset(offset);
    fp_span record;
    if (!fp_hive_cell(hive, offset, &record))
        return fp_fail(d, FP_FORMAT, "regf", where,
                       "a value is said to be here, but no cell begins");

    fp_reader r = fp_reader_at(record, 0);
    const fp_span magic = fp_read_span(&r, 2);
    const uint16_t name_size = fp_read_u16le(&r);
    const uint32_t size = fp_read_u32le(&r);
    fp_hive_value value = {.offset = offset};
    value.data_offset = fp_read_u32le(&r);
    value.type = fp_read_u32le(&r);
    const uint16_t flags = fp_read_u16le(&r);
    fp_read_skip(&r, 2);
    value.name = fp_read_span(&r, name_size);
    value.latin1 = (flags & FLAG_LATIN1) != 0;
    value.is_inline = (size & INLINE_BIT) != 0;
    value.size = size & ~INLINE_BIT;

    if (!fp_reader_ok(&r))
        return fp_fail(d, FP_FORMAT, "regf", where, "a value that does not fit in its cell");
    if (memcmp(magic.data, "vk", 2) != 0)
        return fp_fail(d, FP_FORMAT, "regf", where, "not a value record");
    if (name_size > FP_HIVE_VALUE_NAME_BYTES || (!value.latin1 && name_size % 2 != 0))
        return fp_fail(d, FP_FORMAT, "regf", where, "a value name of an impossible size");
    *out = value;
    return FP_OK;
}

bool fp_hive_values(const fp_hive *hive, const fp_hive_key *key, fp_hive_value_fn *each,
                    void *context, fp_diag *d)
{
    if (key->values == 0)
        return true;
    if (key->values > hive->bins_size / VALUE_CELL_MIN || !fp_hive_afford(hive, key->values)) {
        (void)fp_fail(d, FP_LIMIT, "regf", fp_hive_file_offset(key->offset),
                      "a list of more values than look-ups may read");
        return false;
    }
    fp_span list = {NULL, 0};
    if (!fp_hive_cell(hive, key->value_list, &list) || list.size / 4 < key->values) {
        (void)fp_fail(d, FP_FORMAT, "regf", fp_hive_file_offset(key->value_list),
                      "not a list of %u values", key->values);
        return false;
    }
    bool whole = true;
    for (uint32_t i = 0; i < key->values; i++) {
        fp_hive_value value;
        if (read_value(hive, fp_load_u32le(list.data + (size_t)i * 4), &value, d) != FP_OK)
            whole = false;
        else if (!each(context, &value))
            return false;
    }
    return whole;
}

/* ---- look-up --------------------------------------------------------------------------------- */

typedef struct search {
    fp_hive_search names;
    fp_hive_value *out;
} search;

static bool match_value(void *context, const fp_hive_value *value)
{
    search *s = context;
    if (fp_hive_search_first(&s->names, value->name, value->latin1))
        *s->out = *value;
    return true;
}

fp_hive_found fp_hive_find_value(const fp_hive *hive, const fp_hive_key *key, fp_str name,
                                 fp_hive_value *out, fp_diag *d)
{
    search s = {.names.wanted = fp_hive_wanted_name(name), .out = out};
    const bool whole = fp_hive_values(hive, key, match_value, &s, d);
    return fp_hive_search_result(&s.names, whole);
}

/* ---- data ------------------------------------------------------------------------------------ */

static fp_status no_data(const fp_hive_value *value, fp_diag *d, const char *what)
{
    return fp_fail(d, FP_FORMAT, "regf", fp_hive_file_offset(value->offset), "%s", what);
}

static fp_status inline_data(const fp_hive *hive, const fp_hive_value *value, fp_span *out,
                             fp_diag *d)
{
    fp_span record;
    if (value->size > INLINE_MAX || !fp_hive_cell(hive, value->offset, &record) ||
        !fp_span_sub(record, INLINE_AT, value->size, out))
        return no_data(value, d, "a value with more than 4 bytes in its record");
    return FP_OK;
}

/* Where the segments of big data are listed; false: there is no db record that fits the size. */
static bool segments_of(const fp_hive *hive, const fp_hive_value *value, fp_span record,
                        fp_span *offsets)
{
    fp_reader r = fp_reader_at(record, 0);
    const fp_span magic = fp_read_span(&r, 2);
    const uint32_t count = fp_read_u16le(&r);
    const uint32_t list = fp_read_u32le(&r);
    fp_span whole_list;
    const uint64_t needed = ((uint64_t)value->size + FP_HIVE_SEGMENT - 1) / FP_HIVE_SEGMENT;
    return fp_reader_ok(&r) && memcmp(magic.data, "db", 2) == 0 && count == needed &&
           fp_hive_cell(hive, list, &whole_list) &&
           fp_span_sub(whole_list, 0, (uint64_t)count * 4, offsets);
}

/* Puts the segments together at `to`; NULL: only checks them. */
static bool join_segments(const fp_hive *hive, uint32_t size, fp_span offsets, uint8_t *to)
{
    uint32_t done = 0;
    for (size_t i = 0; i < offsets.size && done < size; i += 4) {
        const uint32_t part = size - done < FP_HIVE_SEGMENT ? size - done : FP_HIVE_SEGMENT;
        fp_span segment;
        if (!fp_hive_cell(hive, fp_load_u32le(offsets.data + i), &segment) || segment.size < part)
            return false;
        if (to != NULL)
            memcpy(to + done, segment.data, part);
        done += part;
    }
    return done == size;
}

static fp_status big_data(const fp_hive *hive, const fp_hive_value *value, fp_span record,
                          fp_arena *arena, fp_span *out, fp_diag *d)
{
    fp_span offsets;
    /* The segments cannot hold more than the hive: a size that says so would only waste memory. */
    if (value->size > hive->bins_size || !segments_of(hive, value, record, &offsets) ||
        !join_segments(hive, value->size, offsets, NULL))
        return no_data(value, d, "a value whose data are not all there");
    if (arena == NULL)
        return FP_OK;
    uint8_t *data = fp_arena_alloc(arena, value->size);
    if (data == NULL)
        return fp_fail(d, FP_NOMEM, "regf", fp_hive_file_offset(value->offset),
                       "no memory for a value of %u bytes", value->size);
    (void)join_segments(hive, value->size, offsets, data);
    *out = fp_span_of(data, value->size);
    return FP_OK;
}

/* arena NULL: only checks. */
static fp_status get_data(const fp_hive *hive, const fp_hive_value *value, fp_arena *arena,
                          fp_span *out, fp_diag *d)
{
    if (value->is_inline)
        return inline_data(hive, value, out, d);
    if (value->size == 0) {
        *out = fp_span_of("", 0);
        return FP_OK;
    }
    fp_span record;
    if (!fp_hive_cell(hive, value->data_offset, &record))
        return no_data(value, d, "a value whose data are not there");
    if (fp_span_sub(record, 0, value->size, out))
        return FP_OK;
    if (value->size > FP_HIVE_SEGMENT && hive->header.minor >= BIG_DATA_MINOR)
        return big_data(hive, value, record, arena, out, d);
    return no_data(value, d, "a value whose data are not all there");
}

fp_status fp_hive_data(const fp_hive *hive, const fp_hive_value *value, fp_arena *arena,
                       fp_span *out, fp_diag *d)
{
    fp_span data;
    const fp_status status = get_data(hive, value, arena, &data, d);
    if (status == FP_OK)
        *out = data;
    return status;
}

fp_status fp_hive_check_data(const fp_hive *hive, const fp_hive_value *value, fp_diag *d)
{
    fp_span data;
    return get_data(hive, value, NULL, &data, d);
}
