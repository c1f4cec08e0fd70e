/* SPDX-License-Identifier: MIT */
/*
 * The hive reader. Each row starts from a good hive, breaks one thing in it, and says what must be
 * told and where. Many rows are small twins of the broken test hives that
 * yarp, hivex and regipy keep.
 */
#include "inventory/registry/hive.h"

#include "inventory/registry/hive_source.h"
#include "tests/support/check.h"
#include "tests/support/hive_builder.h"
#include "tests/support/registry_probe.h"

#include <stdio.h>

#define S "HKEY_LOCAL_MACHINE\\SOFTWARE"

/* ---- a small hive ---------------------------------------------------------------------------- */

typedef struct sample {
    registry_probe *p;
    hive_builder *b;
    hive_builder_key *root, *classes, *microsoft, *setup, *updates;
    uint8_t *file;
    size_t size;
} sample;

static void start(sample *s)
{
    s->p = probe_new(PROBE_BUDGET);
    s->b = hive_builder_new(s->p->arena);
    s->root = hive_builder_root(s->b);
    s->classes = hive_builder_path(s->b, FP_STR("Classes"));
    s->microsoft = hive_builder_path(s->b, FP_STR("Microsoft"));
    s->setup = hive_builder_path(s->b, FP_STR("Microsoft\\Setup"));
    s->updates = hive_builder_path(s->b, FP_STR("Microsoft\\Updates"));
    s->setup->written = 1213934530000; /* 2008-06-20T04:02:10Z */
    assert_true(hive_builder_text(s->b, s->setup, FP_STR("Version"), FP_STR("4.00")));
    assert_true(hive_builder_dword(s->b, s->setup, FP_STR("TYPE"), 1));
    assert_true(hive_builder_text(s->b, s->setup, FP_STR(""), FP_STR("default")));
}

static void finish(sample *s, const hive_builder_options *options)
{
    assert_true(hive_builder_write(s->b, options, &s->file, &s->size));
}

static const hive_builder_options plain = {.name = "SOFTWARE", .written = 1213934530000};

static sample small_hive(void)
{
    sample s;
    start(&s);
    finish(&s, &plain);
    return s;
}

static uint8_t *record(sample *s, uint32_t offset)
{
    return s->file + FP_HIVE_BLOCK + offset + 4;
}

static void read_sample(sample *s)
{
    assert_int_equal(probe_hive(s->p, fp_span_of(s->file, s->size), "SOFTWARE"), FP_OK);
}

static uint64_t file_offset(uint32_t offset)
{
    return FP_HIVE_BLOCK + (uint64_t)offset;
}

/* ---- the base block -------------------------------------------------------------------------- */

typedef struct header_row {
    const char *title;
    size_t at;
    uint32_t value;
    fp_status status;
    uint64_t where;
} header_row;

static const header_row header_rows[] = {
    {"signature", 0, 0x66676573, FP_FORMAT, 0},
    {"version 0.5", 20, 0, FP_UNSUPPORTED, 20},
    {"version 2.5", 20, 2, FP_UNSUPPORTED, 20},
    {"version 1.1 of NT 3.1", 24, 1, FP_UNSUPPORTED, 20},
    {"version 1.2 of NT 3.5", 24, 2, FP_UNSUPPORTED, 20},
    {"version 1.6, a delta hive", 24, 6, FP_UNSUPPORTED, 20},
    {"version 1.3", 24, 3, FP_OK, 0},
    {"version 1.4", 24, 4, FP_OK, 0},
    {"old transaction log", 28, 1, FP_UNSUPPORTED, 28},
    {"new transaction log", 28, 6, FP_UNSUPPORTED, 28},
    {"format 0", 32, 0, FP_UNSUPPORTED, 32},
};

static void test_header_row(void **state)
{
    const header_row *row = *state;
    sample s = small_hive();
    hive_put32(s.file + row->at, row->value);
    hive_builder_seal(s.file, s.size);
    fp_hive_header header;
    fp_diag d = {.status = FP_OK};
    assert_int_equal(fp_hive_read_header(fp_span_of(s.file, s.size), &header, &d), row->status);
    assert_int_equal(d.where, row->where);
    if (row->status != FP_OK) {
        read_sample(&s);
        assert_int_equal(s.p->soundness, FP_REG_UNREADABLE);
        assert_int_equal(s.p->where[0], row->where);
        assert_string_equal(probe_key(s.p, S "\\Microsoft"), "unreadable");
    }
    probe_free(s.p);
}

static void test_header_fields(void **state)
{
    (void)state;
    sample s = small_hive();
    fp_hive_header h;
    assert_int_equal(fp_hive_read_header(fp_span_of(s.file, s.size), &h, NULL), FP_OK);
    assert_true(h.checksum_right);
    assert_int_equal(h.primary, 7);
    assert_int_equal(h.secondary, 7);
    assert_int_equal(h.minor, 5);
    assert_int_equal(h.written, 1213934530000);
    assert_int_equal(h.root, s.root->offset);
    assert_int_equal(h.bins_size, s.size - FP_HIVE_BLOCK);
    assert_int_equal(h.name.data[2], 'O');
    probe_free(s.p);
}

/* ---- answers of a good hive ------------------------------------------------------------------ */

static void test_answers(void **state)
{
    (void)state;
    sample s = small_hive();
    read_sample(&s);
    assert_int_equal(s.p->soundness, FP_REG_SOUND);
    assert_int_equal(s.p->problem_count, 0);
    assert_string_equal(probe_key(s.p, S), "yes");
    assert_string_equal(probe_key(s.p, S "\\MICROSOFT\\setup"), "yes");
    assert_string_equal(probe_key(s.p, S "\\Microsoft\\SMS"), "no");
    assert_string_equal(probe_key(s.p, S "\\Microsoft\\SMS\\Setup"), "no");
    assert_string_equal(probe_key(s.p, "HKEY_LOCAL_MACHINE\\SYSTEM\\Select"), "incomplete");
    assert_string_equal(probe_text(s.p, S "\\Microsoft\\Setup", "version"), "4.00");
    assert_string_equal(probe_text(s.p, S "\\Microsoft\\Setup", "Type"), "1");
    assert_string_equal(probe_text(s.p, S "\\Microsoft\\Setup", ""), "default");
    assert_string_equal(probe_text(s.p, S "\\Microsoft\\Setup", "absent"), "no");
    assert_string_equal(probe_text(s.p, S "\\Microsoft\\SMS", "absent"), "no");
    assert_string_equal(probe_subkeys(s.p, S "\\Microsoft"), "Setup, Updates: yes");
    assert_string_equal(probe_values(s.p, S "\\Microsoft\\Setup"), ", TYPE, Version: yes");
    assert_int_equal(fp_registry_written(s.p->reg, FP_STR(S "\\Microsoft\\Setup")), 1213934530000);
    assert_int_equal(fp_registry_written(s.p->reg, FP_STR(S "\\Microsoft")), FP_TIME_NONE);
    probe_free(s.p);
}

static void test_origins(void **state)
{
    (void)state;
    sample s = small_hive();
    read_sample(&s);
    fp_reg_value value;
    const char *key = fp_arena_printf(s.p->arena, S "\\Microsoft\\Setup, offset 0x%llx",
                                      (unsigned long long)file_offset(s.setup->offset));
    const char *version =
        fp_arena_printf(s.p->arena, S "\\Microsoft\\Setup, offset 0x%llx",
                        (unsigned long long)file_offset(s.setup->values[0].offset));
    assert_str(fp_registry_key(s.p->reg, FP_STR(S "\\microsoft\\setup")).origin.where, key);
    assert_str(fp_registry_key(s.p->reg, FP_STR(S "\\microsoft\\setup\\x")).origin.where, key);
    assert_string_equal(probe_value(s.p, S "\\Microsoft\\Setup", "Version", &value), "yes");
    assert_str(value.origin.where, version);
    assert_int_equal(value.origin.item, 2);
    probe_free(s.p);
}

/* ---- one thing broken ------------------------------------------------------------------------ */

typedef struct damage_row {
    const char *title;
    uint64_t (*damage)(sample *s); /* breaks it; the file offset to be told, or NOT_TOLD */
    fp_registry_soundness soundness;
    const char *setup;   /* is Microsoft\Setup there? */
    const char *missing; /* is Microsoft\SMS there? */
    const char *version; /* Microsoft\Setup: Version */
    const char *absent;  /* Microsoft\Setup: a value that is not there */
} damage_row;
#define NOT_TOLD UINT64_MAX

static uint64_t dirty_sequence(sample *s)
{
    hive_put32(s->file + 4, 8);
    hive_builder_seal(s->file, s->size);
    return 4;
}

static uint64_t wrong_checksum(sample *s)
{
    s->file[508] ^= 1;
    return 508;
}

static uint64_t garbage_behind(sample *s)
{
    uint8_t *longer = fp_arena_alloc(s->p->arena, s->size + 7);
    memcpy(longer, s->file, s->size);
    memset(longer + s->size, 0xFF, 7);
    s->file = longer;
    s->size += 7;
    return NOT_TOLD;
}

static uint64_t bins_longer_than_file(sample *s)
{
    hive_put32(s->file + 40, (uint32_t)(s->size - FP_HIVE_BLOCK) + 4096);
    hive_builder_seal(s->file, s->size);
    return s->size;
}

static uint64_t bin_signature(sample *s)
{
    s->file[FP_HIVE_BLOCK] = 'x';
    return FP_HIVE_BLOCK;
}

static uint64_t bin_offset(sample *s)
{
    hive_put32(s->file + FP_HIVE_BLOCK + 4, 4096);
    return FP_HIVE_BLOCK;
}

static uint64_t bin_size_odd(sample *s)
{
    hive_put32(s->file + FP_HIVE_BLOCK + 8, 4097);
    return FP_HIVE_BLOCK;
}

static uint64_t root_nowhere(sample *s)
{
    hive_put32(s->file + 36, 0xFFFFFFFF);
    hive_builder_seal(s->file, s->size);
    return file_offset(0xFFFFFFFF);
}

static uint64_t cell_of_size_zero(sample *s)
{
    hive_put32(record(s, s->setup->offset) - 4, 0);
    return file_offset(s->setup->offset);
}

static uint64_t cell_too_long(sample *s)
{
    hive_put32(record(s, s->setup->offset) - 4, 0x80000000);
    return file_offset(s->setup->offset);
}

static uint64_t cell_freed(sample *s)
{
    uint8_t *size = record(s, s->setup->offset) - 4;
    hive_put32(size, 0U - fp_load_u32le(size));
    return file_offset(s->setup->offset);
}

static uint64_t key_signature(sample *s)
{
    record(s, s->setup->offset)[0] = 'x';
    return file_offset(s->setup->offset);
}

static uint64_t key_name_too_long(sample *s)
{
    hive_put16(record(s, s->setup->offset) + 72, 200);
    return file_offset(s->setup->offset);
}

static uint64_t key_name_half_a_unit(sample *s)
{
    uint8_t *nk = record(s, s->setup->offset);
    hive_put16(nk + 2, 0); /* UTF-16, and five bytes */
    return file_offset(s->setup->offset);
}

static uint64_t key_name_with_backslash(sample *s)
{
    record(s, s->setup->offset)[76 + 1] = '\\';
    return file_offset(s->setup->offset);
}

static uint64_t key_of_another_parent(sample *s)
{
    hive_put32(record(s, s->setup->offset) + 16, s->classes->offset);
    return file_offset(s->setup->offset);
}

static uint64_t list_entry_between_cells(sample *s)
{
    hive_put32(record(s, s->microsoft->list) + 4, s->setup->offset + 8);
    return file_offset(s->setup->offset + 8);
}

static uint64_t list_entry_outside(sample *s)
{
    hive_put32(record(s, s->microsoft->list) + 4, 0x7FFFFFF8);
    return file_offset(0x7FFFFFF8);
}

static uint64_t list_entry_the_root(sample *s) /* a loop */
{
    hive_put32(record(s, s->microsoft->list) + 4, s->root->offset);
    return file_offset(s->root->offset);
}

static uint64_t list_entry_the_parent(sample *s) /* a loop */
{
    hive_put32(record(s, s->microsoft->list) + 4, s->microsoft->offset);
    return file_offset(s->microsoft->offset);
}

static uint64_t list_signature(sample *s)
{
    record(s, s->microsoft->list)[0] = 'x';
    return file_offset(s->microsoft->list);
}

static uint64_t list_longer_than_cell(sample *s)
{
    hive_put16(record(s, s->microsoft->list) + 2, 60000);
    return file_offset(s->microsoft->list);
}

static uint64_t list_shorter_than_told(sample *s)
{
    hive_put32(record(s, s->microsoft->offset) + 20, 3);
    return file_offset(s->microsoft->offset);
}

static uint64_t list_longer_than_told(sample *s)
{
    hive_put32(record(s, s->microsoft->offset) + 20, 1);
    return file_offset(s->microsoft->list);
}

static uint64_t list_nowhere(sample *s)
{
    hive_put32(record(s, s->microsoft->offset) + 28, 0xFFFFFFFF);
    return file_offset(0xFFFFFFFF);
}

static uint64_t list_of_itself(sample *s)
{
    uint8_t *list = record(s, s->microsoft->list);
    memcpy(list, "ri", 2);
    hive_put32(list + 4, s->microsoft->list);
    hive_put32(list + 8, s->microsoft->list);
    return file_offset(s->microsoft->list);
}

static uint64_t impossible_count(sample *s)
{
    hive_put32(record(s, s->microsoft->offset) + 20, 0xFFFFFFFF);
    return file_offset(s->microsoft->offset);
}

static uint64_t value_list_nowhere(sample *s)
{
    hive_put32(record(s, s->setup->offset) + 40, 0xFFFFFFFF);
    return file_offset(0xFFFFFFFF);
}

static uint64_t value_list_too_short(sample *s)
{
    hive_put32(record(s, s->setup->offset) + 36, 100);
    return file_offset(s->setup->value_list);
}

static uint64_t value_signature(sample *s)
{
    record(s, s->setup->values[0].offset)[0] = 'x';
    return file_offset(s->setup->values[0].offset);
}

static uint64_t value_name_too_long(sample *s)
{
    hive_put16(record(s, s->setup->values[0].offset) + 2, 5000);
    return file_offset(s->setup->values[0].offset);
}

static uint64_t value_data_nowhere(sample *s)
{
    hive_put32(record(s, s->setup->values[0].offset) + 8, 0xFFFFFFFF);
    return file_offset(s->setup->values[0].offset);
}

static uint64_t value_data_too_long(sample *s)
{
    hive_put32(record(s, s->setup->values[0].offset) + 4, 1000);
    return file_offset(s->setup->values[0].offset);
}

static uint64_t value_data_huge(sample *s)
{
    hive_put32(record(s, s->setup->values[0].offset) + 4, 0x7FFFFFFF);
    return file_offset(s->setup->values[0].offset);
}

static uint64_t value_inline_too_long(sample *s)
{
    hive_put32(record(s, s->setup->values[0].offset) + 4, 0x80000005);
    return file_offset(s->setup->values[0].offset);
}

static uint64_t value_twice(sample *s) /* TYPE becomes a second Version */
{
    hive_put32(record(s, s->setup->value_list) + 4, s->setup->values[0].offset);
    return file_offset(s->setup->values[0].offset);
}

static uint64_t link(sample *s)
{
    uint8_t *nk = record(s, s->setup->offset);
    hive_put16(nk + 2, fp_load_u16le(nk + 2) | 0x10U);
    return file_offset(s->setup->offset);
}

static const damage_row damage_rows[] = {
    {"dirty: sequence numbers", dirty_sequence, FP_REG_DIRTY, "yes", "incomplete", "4.00",
     "incomplete"},
    {"dirty: checksum", wrong_checksum, FP_REG_DIRTY, "yes", "incomplete", "4.00", "incomplete"},
    {"garbage behind the bins", garbage_behind, FP_REG_SOUND, "yes", "no", "4.00", "no"},
    {"bins longer than the file", bins_longer_than_file, FP_REG_PARTLY, "yes", "incomplete", "4.00",
     "incomplete"},
    {"bin signature", bin_signature, FP_REG_UNREADABLE, "unreadable", "unreadable", "unreadable",
     "unreadable"},
    {"bin with a foreign offset", bin_offset, FP_REG_UNREADABLE, "unreadable", "unreadable",
     "unreadable", "unreadable"},
    {"bin size", bin_size_odd, FP_REG_UNREADABLE, "unreadable", "unreadable", "unreadable",
     "unreadable"},
    {"root nowhere", root_nowhere, FP_REG_UNREADABLE, "unreadable", "unreadable", "unreadable",
     "unreadable"},
    {"cell of size 0", cell_of_size_zero, FP_REG_PARTLY, "unreadable", "unreadable", "unreadable",
     "unreadable"},
    {"cell longer than its bin", cell_too_long, FP_REG_PARTLY, "unreadable", "unreadable",
     "unreadable", "unreadable"},
    {"freed cell", cell_freed, FP_REG_SOUND, "unreadable", "unreadable", "unreadable",
     "unreadable"},
    {"key signature", key_signature, FP_REG_SOUND, "unreadable", "unreadable", "unreadable",
     "unreadable"},
    {"key name longer than its cell", key_name_too_long, FP_REG_SOUND, "unreadable", "unreadable",
     "unreadable", "unreadable"},
    {"key name of half a unit", key_name_half_a_unit, FP_REG_SOUND, "unreadable", "unreadable",
     "unreadable", "unreadable"},
    {"backslash in a key name", key_name_with_backslash, FP_REG_SOUND, "unreadable", "unreadable",
     "unreadable", "unreadable"},
    {"key of another parent", key_of_another_parent, FP_REG_SOUND, "unreadable", "unreadable",
     "unreadable", "unreadable"},
    {"list entry between cells", list_entry_between_cells, FP_REG_SOUND, "unreadable", "unreadable",
     "unreadable", "unreadable"},
    {"list entry outside", list_entry_outside, FP_REG_SOUND, "unreadable", "unreadable",
     "unreadable", "unreadable"},
    {"list entry: the root", list_entry_the_root, FP_REG_SOUND, "unreadable", "unreadable",
     "unreadable", "unreadable"},
    {"list entry: the parent", list_entry_the_parent, FP_REG_SOUND, "unreadable", "unreadable",
     "unreadable", "unreadable"},
    {"list signature", list_signature, FP_REG_SOUND, "unreadable", "unreadable", "unreadable",
     "unreadable"},
    {"list longer than its cell", list_longer_than_cell, FP_REG_SOUND, "unreadable", "unreadable",
     "unreadable", "unreadable"},
    {"list shorter than told", list_shorter_than_told, FP_REG_SOUND, "yes", "unreadable", "4.00",
     "no"},
    {"list longer than told", list_longer_than_told, FP_REG_SOUND, "yes", "unreadable", "4.00",
     "no"},
    {"list nowhere", list_nowhere, FP_REG_SOUND, "unreadable", "unreadable", "unreadable",
     "unreadable"},
    {"list of itself", list_of_itself, FP_REG_SOUND, "unreadable", "unreadable", "unreadable",
     "unreadable"},
    {"four billion subkeys", impossible_count, FP_REG_SOUND, "unreadable", "unreadable",
     "unreadable", "unreadable"},
    {"value list nowhere", value_list_nowhere, FP_REG_SOUND, "yes", "no", "unreadable",
     "unreadable"},
    {"value list too short", value_list_too_short, FP_REG_SOUND, "yes", "no", "unreadable",
     "unreadable"},
    {"value signature", value_signature, FP_REG_SOUND, "yes", "no", "unreadable", "unreadable"},
    {"value name longer than its cell", value_name_too_long, FP_REG_SOUND, "yes", "no",
     "unreadable", "unreadable"},
    {"data nowhere", value_data_nowhere, FP_REG_SOUND, "yes", "no", "unreadable", "no"},
    {"data longer than their cell", value_data_too_long, FP_REG_SOUND, "yes", "no", "unreadable",
     "no"},
    {"data of two gigabytes", value_data_huge, FP_REG_SOUND, "yes", "no", "unreadable", "no"},
    {"five bytes in the record", value_inline_too_long, FP_REG_SOUND, "yes", "no", "unreadable",
     "no"},
    {"one value twice", value_twice, FP_REG_SOUND, "yes", "no", "conflicting", "no"},
    {"symbolic link", link, FP_REG_SOUND, "yes", "no", "4.00", "incomplete"},
};

static void test_damage_row(void **state)
{
    const damage_row *row = *state;
    sample s = small_hive();
    const uint64_t told = row->damage(&s);
    read_sample(&s);
    assert_int_equal(s.p->soundness, row->soundness);
    assert_int_equal(s.p->problem_count > 0 ? s.p->where[0] : NOT_TOLD, told);
    assert_string_equal(probe_key(s.p, S "\\Microsoft\\Setup"), row->setup);
    assert_string_equal(probe_key(s.p, S "\\Microsoft\\SMS"), row->missing);
    assert_string_equal(probe_text(s.p, S "\\Microsoft\\Setup", "Version"), row->version);
    assert_string_equal(probe_text(s.p, S "\\Microsoft\\Setup", "absent"), row->absent);
    probe_free(s.p);
}

/* Whatever is broken in one place, a neighbour stays as it was. */
static void test_damage_stays_local(void **state)
{
    const damage_row *row = *state;
    sample s = small_hive();
    (void)row->damage(&s);
    read_sample(&s);
    if (row->soundness == FP_REG_SOUND) {
        assert_string_equal(probe_key(s.p, S "\\Classes"), "yes");
        assert_string_equal(probe_key(s.p, S "\\Classes\\CLSID"), "no");
    }
    probe_free(s.p);
}

/* ---- forms of lists, names, data ------------------------------------------------------------- */

static void check_list_form(hive_builder_list list, size_t leaf, unsigned count)
{
    sample s;
    start(&s);
    for (unsigned i = 0; i < count; i++) {
        char name[16];
        (void)snprintf(name, sizeof name, "KB%06u", i);
        assert_non_null(hive_builder_add(s.b, s.updates, fp_str_of(name)));
    }
    const hive_builder_options options = {.name = "SOFTWARE", .list = list, .leaf = leaf};
    finish(&s, &options);
    read_sample(&s);
    assert_int_equal(s.p->problem_count, 0);
    char last[64];
    (void)snprintf(last, sizeof last, S "\\Microsoft\\Updates\\kb%06u", count - 1);
    assert_string_equal(probe_key(s.p, S "\\Microsoft\\Updates\\kb000000"), "yes");
    assert_string_equal(probe_key(s.p, last), "yes");
    assert_string_equal(probe_key(s.p, S "\\Microsoft\\Updates\\KB999999"), "no");
    probe_free(s.p);
}

static void test_list_forms(void **state)
{
    (void)state;
    static const hive_builder_list lists[] = {HIVE_LH, HIVE_LF, HIVE_LI};
    for (size_t i = 0; i < 3; i++) {
        check_list_form(lists[i], 0, 1);
        check_list_form(lists[i], 0, 100);
        check_list_form(lists[i], 1, 7);
        check_list_form(lists[i], 10, 101);
        check_list_form(lists[i], 0, 5003);
    }
}

/* What a list of lists holds beyond the count may be the very key that is asked for. */
static void test_more_lists_than_told(void **state)
{
    (void)state;
    sample s;
    start(&s);
    for (unsigned i = 0; i < 3; i++)
        assert_non_null(hive_builder_add(s.b, s.updates,
                                         fp_str_of(i == 0   ? "a"
                                                   : i == 1 ? "b"
                                                            : "c")));
    finish(&s, &(hive_builder_options){.name = "SOFTWARE", .leaf = 1});
    hive_put32(record(&s, s.updates->offset) + 20, 2);
    read_sample(&s);
    assert_int_equal(s.p->where[0], file_offset(s.updates->list));
    assert_string_equal(probe_key(s.p, S "\\Microsoft\\Updates\\b"), "yes");
    assert_string_equal(probe_key(s.p, S "\\Microsoft\\Updates\\c"), "unreadable");
    probe_free(s.p);
}

static void test_wrong_order(void **state)
{
    (void)state;
    sample s = small_hive();
    uint8_t *list = record(&s, s.microsoft->list);
    uint8_t first[8];
    memcpy(first, list + 4, 8);
    memmove(list + 4, list + 12, 8);
    memcpy(list + 12, first, 8);
    read_sample(&s);
    assert_int_equal(s.p->problem_count, 0);
    assert_string_equal(probe_key(s.p, S "\\Microsoft\\Setup"), "yes");
    assert_string_equal(probe_key(s.p, S "\\Microsoft\\Updates"), "yes");
    probe_free(s.p);
}

/* A name that is not the one its list tells: damage, after which none is absent for certain. */
static void check_damaged_name(hive_builder_list list)
{
    sample s;
    start(&s);
    finish(&s, &(hive_builder_options){.name = "SOFTWARE", .list = list});
    uint8_t *name = record(&s, s.updates->offset) + 76;
    assert_memory_equal(name, "Updates", 7);
    name[1] ^= 1;
    read_sample(&s);
    assert_int_equal(s.p->where[0], file_offset(s.updates->offset));
    assert_string_equal(probe_key(s.p, S "\\Microsoft\\Setup"), "yes");
    assert_string_equal(probe_key(s.p, S "\\Microsoft\\Updates"), "unreadable");
    probe_free(s.p);
}

static void test_damaged_name(void **state)
{
    (void)state;
    check_damaged_name(HIVE_LH);
    check_damaged_name(HIVE_LF);
}

/* Neither is a hash believed: the key is found all the same. */
static void test_damaged_hash(void **state)
{
    (void)state;
    sample s = small_hive();
    memset(record(&s, s.microsoft->list) + 8, 0xEE, 4);
    read_sample(&s);
    assert_int_equal(s.p->where[0], file_offset(s.setup->offset));
    assert_string_equal(probe_key(s.p, S "\\Microsoft\\Setup"), "yes");
    assert_string_equal(probe_key(s.p, S "\\Microsoft\\Updates"), "yes");
    assert_string_equal(probe_key(s.p, S "\\Microsoft\\x"), "unreadable");
    probe_free(s.p);
}

/* What does not have a hash in its list is not damaged. */
static void test_no_hash(void **state)
{
    (void)state;
    sample s = small_hive();
    memset(record(&s, s.microsoft->list) + 8, 0, 4);
    read_sample(&s);
    assert_int_equal(s.p->problem_count, 0);
    assert_string_equal(probe_key(s.p, S "\\Microsoft\\x"), "no");
    probe_free(s.p);
}

static void test_one_name_twice(void **state)
{
    (void)state;
    sample s;
    start(&s);
    hive_builder_key *again = hive_builder_add(s.b, s.microsoft, FP_STR("SETUP"));
    assert_non_null(hive_builder_add(s.b, again, FP_STR("x")));
    finish(&s, &plain);
    read_sample(&s);
    assert_string_equal(probe_key(s.p, S "\\Microsoft\\Setup"), "yes");
    assert_string_equal(probe_key(s.p, S "\\Microsoft\\Setup\\x"), "conflicting");
    assert_string_equal(probe_text(s.p, S "\\Microsoft\\Setup", "Version"), "conflicting");
    assert_string_equal(probe_text(s.p, S "\\Microsoft\\Setup", "absent"), "conflicting");
    assert_string_equal(probe_subkeys(s.p, S "\\Microsoft"), "Setup, Updates: conflicting");
    assert_int_equal(fp_registry_written(s.p->reg, FP_STR(S "\\Microsoft\\Setup")), FP_TIME_NONE);
    probe_free(s.p);
}

/* ---- keys with many subkeys, which are remembered by the hashes of their names ----------------
 */

enum { MANY = 300 };

/* Every tenth name is not ASCII, and "KB" comes in either case. */
static const char *many_name(sample *s, unsigned i, bool other_case)
{
    static const char *const odd[2][2] = {{"\xC3\xA9", "\xC3\x89"}, {"\xC4\x8D", "\xC4\x8C"}};
    const char *middle = i % 10 == 0 ? odd[i / 10 % 2][other_case] : "";
    return fp_arena_printf(s->p->arena, "%s%s%06u", other_case ? "kB" : "KB", middle, i);
}

static sample with_many(void)
{
    sample s;
    start(&s);
    for (unsigned i = 0; i < MANY; i++)
        assert_non_null(hive_builder_add(s.b, s.updates, fp_str_of(many_name(&s, i, false))));
    return s;
}

static const char *ask_many(sample *s, const char *name)
{
    const char *path = fp_arena_printf(s->p->arena, S "\\Microsoft\\Updates\\%s", name);
    return probe_key(s->p, path);
}

static void test_each_of_many(void **state)
{
    (void)state;
    sample s = with_many();
    finish(&s, &plain);
    read_sample(&s);
    for (unsigned i = 0; i < MANY; i++) {
        assert_string_equal(ask_many(&s, many_name(&s, i, false)), "yes");
        assert_string_equal(ask_many(&s, many_name(&s, i, true)), "yes");
        assert_string_equal(ask_many(&s, many_name(&s, i + MANY, false)), "no");
    }
    assert_string_equal(ask_many(&s, "KBe000000"), "no"); /* not the letter with an accent */
    assert_string_equal(ask_many(&s, "KB000000"), "no");
    assert_int_equal(s.p->problem_count, 0);
    probe_free(s.p);
}

static void test_twice_among_many(void **state)
{
    (void)state;
    sample s = with_many();
    hive_builder_key *again = hive_builder_add(s.b, s.updates, FP_STR("kb000007"));
    assert_non_null(hive_builder_add(s.b, again, FP_STR("x")));
    finish(&s, &plain);
    read_sample(&s);
    assert_string_equal(ask_many(&s, "KB000007"), "yes");
    assert_string_equal(ask_many(&s, "KB000007\\x"), "conflicting");
    assert_string_equal(ask_many(&s, "KB000008\\x"), "no");
    probe_free(s.p);
}

/* One key three times in its list: twice is said, and the one that gave way is missing. */
static void test_listed_thrice_among_many(void **state)
{
    (void)state;
    sample s = with_many();
    finish(&s, &plain);
    uint8_t *list = record(&s, s.updates->list);
    const uint32_t listed = fp_load_u32le(list + 4 + 8 * 20);
    fp_hive_key key;
    fp_hive *hive = NULL;
    fp_reg_problems problems = {.tell = NULL};
    assert_int_equal(fp_hive_open(fp_span_of(s.file, s.size), s.p->arena, &problems, &hive, NULL),
                     FP_OK);
    assert_int_equal(fp_hive_key_at(hive, listed, &key, NULL), FP_OK);
    memcpy(list + 4 + 8 * 21, list + 4 + 8 * 20, 8);
    memcpy(list + 4 + 8 * 22, list + 4 + 8 * 20, 8);
    read_sample(&s);
    const char *name = fp_arena_string(s.p->arena, (const char *)key.name.data, key.name.size);
    assert_string_equal(ask_many(&s, name), "yes");
    assert_string_equal(ask_many(&s, fp_arena_printf(s.p->arena, "%s\\x", name)), "conflicting");
    probe_free(s.p);
}

static void test_unreadable_among_many(void **state)
{
    (void)state;
    sample s = with_many();
    finish(&s, &plain);
    record(&s, s.updates->children[11]->offset)[0] = 'x';
    read_sample(&s);
    assert_int_equal(s.p->where[0], file_offset(s.updates->children[11]->offset));
    assert_string_equal(ask_many(&s, many_name(&s, 12, false)), "yes");
    assert_string_equal(ask_many(&s, many_name(&s, MANY, false)), "unreadable");
    probe_free(s.p);
}

static void test_names(void **state)
{
    (void)state;
    sample s;
    start(&s);
    static const char *const stored[] = {("\xC4\x8C"
                                          "esk\xC3\xA1"),
                                         "\xC3\xA9t\xC3\xA9", "a/b", "\xF0\x9F\x98\x80"};
    for (size_t i = 0; i < 4; i++)
        assert_non_null(hive_builder_add(s.b, s.updates, fp_str_of(stored[i])));
    assert_non_null(hive_builder_add(s.b, s.updates, (fp_str){"nu\0l", 4}));
    assert_true(hive_builder_text(s.b, s.updates, FP_STR("C:\\\xC5\x98"), FP_STR("x")));
    finish(&s, &plain);
    read_sample(&s);
    assert_int_equal(s.p->problem_count, 0);
#define U S "\\Microsoft\\Updates\\"
    assert_string_equal(probe_key(s.p, U "\xC4\x8D"
                                         "ESK\xC3\x81"),
                        "yes");                                        /* UTF-16, no case */
    assert_string_equal(probe_key(s.p, U "\xC3\x89T\xC3\x89"), "yes"); /* Latin-1, no case */
    assert_string_equal(probe_key(s.p, U "ete"), "no");
    assert_string_equal(probe_key(s.p, U "a/B"), "yes");
    assert_string_equal(probe_key(s.p, U "\xF0\x9F\x98\x80"), "yes");
    assert_string_equal(probe_key(s.p, U "nu"), "no"); /* the name goes on behind its NUL */
    const fp_str nul = {U "nu\0l", sizeof U + 3};
    assert_int_equal(fp_registry_key(s.p->reg, nul).exists, FP_TRUE);
    assert_string_equal(probe_text(s.p, S "\\Microsoft\\Updates", "c:\\\xC5\x99"), "x");
    probe_free(s.p);
}

/* Data of every size around a boundary come back as they were. */
static void check_sizes(uint32_t minor)
{
    static const size_t sizes[] = {0, 1, 2, 3, 4, 5, 8, 16343, 16344, 16345, 32688, 32689, 70000};
    enum { COUNT = sizeof sizes / sizeof sizes[0] };
    sample s;
    start(&s);
    uint8_t *data = fp_arena_alloc(s.p->arena, 70000);
    for (size_t i = 0; i < 70000; i++)
        data[i] = (uint8_t)(i * 7 + i / 251);
    for (size_t i = 0; i < COUNT; i++) {
        char name[16];
        (void)snprintf(name, sizeof name, "%zu", sizes[i]);
        assert_true(hive_builder_value_add(s.b, s.updates, fp_str_of(name), FP_REG_BINARY,
                                           fp_span_of(data, sizes[i])));
    }
    finish(&s, &(hive_builder_options){.name = "SOFTWARE", .minor = minor});
    read_sample(&s);
    assert_int_equal(s.p->problem_count, 0);
    for (size_t i = 0; i < COUNT; i++) {
        char name[16];
        fp_reg_value value;
        (void)snprintf(name, sizeof name, "%zu", sizes[i]);
        assert_string_equal(probe_value(s.p, S "\\Microsoft\\Updates", name, &value), "yes");
        assert_int_equal(value.data.size, sizes[i]);
        if (sizes[i] > 0)
            assert_memory_equal(value.data.data, data, sizes[i]);
    }
    probe_free(s.p);
}

static void test_data_sizes(void **state)
{
    (void)state;
    check_sizes(3); /* no db before 1.4 */
    check_sizes(4);
    check_sizes(5);
}

typedef struct big_row {
    const char *title;
    size_t at; /* in the db record */
    uint32_t value;
    size_t width;
} big_row;

static const big_row big_rows[] = {
    {"db signature", 0, 0x6478, 2},
    {"too few segments", 2, 1, 2},
    {"too many segments", 2, 60000, 2},
    {"list nowhere", 4, 0xFFFFFFFF, 4},
    {"list in the base block", 4, 0xFFFFF000, 4},
};

static void test_big_row(void **state)
{
    const big_row *row = *state;
    sample s;
    start(&s);
    uint8_t *data = fp_arena_alloc(s.p->arena, 40000);
    assert_true(hive_builder_value_add(s.b, s.updates, FP_STR("big"), FP_REG_BINARY,
                                       fp_span_of(data, 40000)));
    finish(&s, &plain);
    uint8_t *db = record(&s, s.updates->values[0].data_offset);
    if (row->width == 2)
        hive_put16(db + row->at, row->value);
    else
        hive_put32(db + row->at, row->value);
    read_sample(&s);
    assert_int_equal(s.p->problem_count, 1);
    assert_int_equal(s.p->where[0], file_offset(s.updates->values[0].offset));
    assert_string_equal(probe_text(s.p, S "\\Microsoft\\Updates", "big"), "unreadable");
    assert_string_equal(probe_values(s.p, S "\\Microsoft\\Updates"), "big?: yes");
    probe_free(s.p);
}

/* ---- amplification --------------------------------------------------------------------------- */

static bool count_value(void *context, const fp_hive_key *key, const fp_hive_value *value)
{
    (void)key;
    (void)value;
    ++*(unsigned *)context;
    return true;
}

/* Which of two records has the cells by right cannot be seen: both are read, and it is told. */
static void test_shared_cells_are_told(void **state)
{
    (void)state;
    sample s = small_hive();
    hive_put32(record(&s, s.updates->offset) + 36, 3);
    hive_put32(record(&s, s.updates->offset) + 40, s.setup->value_list);
    read_sample(&s);
    assert_int_equal(s.p->problem_count, 6); /* the list, three values, two cells of data */
    assert_int_equal(s.p->where[5], file_offset(s.updates->offset));
    assert_string_equal(probe_text(s.p, S "\\Microsoft\\Updates", "Version"), "4.00");
    probe_free(s.p);
}

/* 2,000 keys that all name one list of 20,000 values: 40 million visits if nothing stopped them. */
static void test_shared_list_costs_no_hours(void **state)
{
    (void)state;
    enum { KEYS = 2000, VALUES = 20000 };
    sample s;
    start(&s);
    hive_builder_key *keys[KEYS];
    for (unsigned i = 0; i < KEYS; i++) {
        char name[16];
        (void)snprintf(name, sizeof name, "%u", i);
        keys[i] = hive_builder_add(s.b, s.updates, fp_str_of(name));
    }
    for (unsigned i = 0; i < VALUES; i++)
        assert_true(hive_builder_dword(s.b, keys[0], FP_STR("v"), i));
    finish(&s, &plain);
    for (unsigned i = 1; i < KEYS; i++) {
        hive_put32(record(&s, keys[i]->offset) + 36, VALUES);
        hive_put32(record(&s, keys[i]->offset) + 40, keys[0]->value_list);
    }
    unsigned visited = 0;
    fp_reg_problems problems = {.tell = NULL};
    fp_hive *hive = NULL;
    const fp_hive_visitor visitor = {.context = &visited, .value = count_value};
    bool whole = true;
    assert_int_equal(fp_hive_open(fp_span_of(s.file, s.size), s.p->arena, &problems, &hive, NULL),
                     FP_OK);
    assert_int_equal(fp_hive_walk(hive, &visitor, &problems, &whole), FP_OK);
    assert_false(whole);
    assert_in_range(visited, VALUES, s.size / 8);
    probe_free(s.p);
}

/* A list that is read again and again comes to an end as well: then nothing in it is known. */
static void test_look_ups_end(void **state)
{
    (void)state;
    enum { VALUES = 5000, ASKED_TIMES = 300 };
    sample s;
    start(&s);
    for (unsigned i = 0; i < VALUES; i++)
        assert_true(hive_builder_dword(s.b, s.updates, FP_STR("v"), i));
    finish(&s, &plain);
    assert_int_equal(fp_registry_add_hive(s.p->reg, 2, fp_span_of(s.file, s.size),
                                          FP_STR("SOFTWARE"), NULL, NULL, &s.p->soundness),
                     FP_OK);
    unsigned known = 0;
    for (unsigned i = 0; i < ASKED_TIMES; i++)
        known += strcmp(probe_text(s.p, S "\\Microsoft\\Updates", "x"), "no") == 0;
    assert_in_range(known, 200, ASKED_TIMES - 1);
    assert_string_equal(probe_text(s.p, S "\\Microsoft\\Updates", "x"), "unreadable");
    assert_string_equal(probe_text(s.p, S "\\Microsoft\\Setup", "x"), "no");
    probe_free(s.p);
}

static void test_deep_keys(void **state)
{
    (void)state;
    for (unsigned depth = 511; depth <= 512; depth++) {
        sample s;
        start(&s);
        hive_builder_key *key = s.microsoft;
        for (unsigned i = 1; i < depth; i++)
            key = hive_builder_add(s.b, key, FP_STR("d"));
        finish(&s, &plain);
        read_sample(&s);
        assert_int_equal(s.p->problem_count, depth == 512);
        if (depth == 512)
            assert_int_equal(s.p->where[0], file_offset(key->offset));
        probe_free(s.p);
    }
}

/* ---- truncation and budgets ------------------------------------------------------------------ */

static const char *const asked[][2] = {
    {S, NULL},
    {S "\\Microsoft", NULL},
    {S "\\Microsoft\\Setup", NULL},
    {S "\\Microsoft\\Setup", "Version"},
    {S "\\Microsoft\\Setup", "TYPE"},
    {S "\\Microsoft\\Setup", ""},
    {S "\\Microsoft\\Setup", "absent"},
    {S "\\Microsoft\\SMS", NULL},
    {S "\\Microsoft\\SMS", "absent"},
    {S "\\Classes\\CLSID", NULL},
    {"HKEY_LOCAL_MACHINE\\SYSTEM", NULL},
};
enum { ASKED = sizeof asked / sizeof asked[0] };

static void ask_all(registry_probe *p, const char *answers[ASKED])
{
    for (size_t i = 0; i < ASKED; i++)
        answers[i] = asked[i][1] == NULL ? probe_key(p, asked[i][0])
                                         : probe_text(p, asked[i][0], asked[i][1]);
}

static bool is_unknown(const char *answer)
{
    return strcmp(answer, "unreadable") == 0 || strcmp(answer, "incomplete") == 0 ||
           strcmp(answer, "not supplied") == 0;
}

static void test_truncated(void **state)
{
    (void)state;
    sample s = small_hive();
    const char *whole[ASKED];
    read_sample(&s);
    ask_all(s.p, whole);
    for (size_t size = 0; size < s.size; size++) {
        uint8_t *exact = malloc(size + 1);
        assert_non_null(exact);
        memcpy(exact, s.file, size);
        registry_probe *p = probe_new(PROBE_BUDGET);
        assert_int_equal(probe_hive(p, fp_span_of(exact, size), "SOFTWARE"), FP_OK);
        assert_true(p->soundness < FP_REG_SOUND);
        assert_true(p->problem_count > 0);
        const char *cut[ASKED];
        ask_all(p, cut);
        for (size_t i = 0; i < ASKED; i++)
            assert_true(is_unknown(cut[i]) || strcmp(cut[i], whole[i]) == 0);
        probe_free(p);
        free(exact);
    }
    probe_free(s.p);
}

/* Two bins: when the second is lost, what the first holds still counts, and absence does not. */
static void test_cut_between_bins(void **state)
{
    (void)state;
    sample s;
    start(&s);
    assert_true(hive_builder_value_add(s.b, s.updates, FP_STR("big"), FP_REG_BINARY,
                                       fp_span_of(fp_arena_alloc(s.p->arena, 6000), 6000)));
    finish(&s, &plain);
    assert_int_equal(s.size, 4096 + 4096 + 8192);
    s.size = 4096 + 4096;
    read_sample(&s);
    assert_int_equal(s.p->soundness, FP_REG_PARTLY);
    assert_int_equal(s.p->where[0], 8192);
    assert_string_equal(probe_key(s.p, S "\\Microsoft\\Setup"), "yes");
    assert_string_equal(probe_key(s.p, S "\\Microsoft\\SMS"), "incomplete");
    probe_free(s.p);
}

static void test_budgets(void **state)
{
    (void)state;
    sample s = small_hive();
    fp_status status = FP_NOMEM;
    for (size_t budget = 256; status != FP_OK; budget += 64) { /* the view itself fits in 256 */
        registry_probe *p = probe_new(budget);
        assert_non_null(p->reg);
        status = probe_hive(p, fp_span_of(s.file, s.size), "SOFTWARE");
        assert_true(status == FP_OK || status == FP_NOMEM);
        fp_reg_value value;
        if (status == FP_OK) { /* answers without memory for their words */
            (void)fp_registry_key(p->reg, FP_STR(S "\\Microsoft\\Setup"));
            (void)fp_registry_value(p->reg, FP_STR(S "\\Microsoft\\Setup"), FP_STR(""), &value);
        }
        probe_free(p);
        assert_true(budget < 1024 * 1024);
    }
    probe_free(s.p);
}

#define COUNT_OF(rows) (sizeof(rows) / sizeof((rows)[0]))

int main(void)
{
    static const struct CMUnitTest single[] = {
        cmocka_unit_test(test_header_fields),
        cmocka_unit_test(test_answers),
        cmocka_unit_test(test_origins),
        cmocka_unit_test(test_list_forms),
        cmocka_unit_test(test_more_lists_than_told),
        cmocka_unit_test(test_wrong_order),
        cmocka_unit_test(test_damaged_name),
        cmocka_unit_test(test_damaged_hash),
        cmocka_unit_test(test_no_hash),
        cmocka_unit_test(test_one_name_twice),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_each_of_many),
        cmocka_unit_test(test_twice_among_many),
        cmocka_unit_test(test_listed_thrice_among_many),
        cmocka_unit_test(test_unreadable_among_many),
        cmocka_unit_test(test_look_ups_end),
        cmocka_unit_test(test_data_sizes),
        cmocka_unit_test(test_shared_cells_are_told),
        cmocka_unit_test(test_shared_list_costs_no_hours),
        cmocka_unit_test(test_deep_keys),
        cmocka_unit_test(test_truncated),
        cmocka_unit_test(test_cut_between_bins),
        cmocka_unit_test(test_budgets),
    };
    static struct CMUnitTest tests[COUNT_OF(header_rows) + 2 * COUNT_OF(damage_rows) +
                                   COUNT_OF(big_rows) + COUNT_OF(single)];
    size_t count = 0;
    for (size_t i = 0; i < COUNT_OF(header_rows); i++)
        tests[count++] = (struct CMUnitTest){header_rows[i].title, test_header_row, NULL, NULL,
                                             (void *)&header_rows[i]};
    for (size_t i = 0; i < COUNT_OF(damage_rows); i++) {
        tests[count++] = (struct CMUnitTest){damage_rows[i].title, test_damage_row, NULL, NULL,
                                             (void *)&damage_rows[i]};
        tests[count++] = (struct CMUnitTest){damage_rows[i].title, test_damage_stays_local, NULL,
                                             NULL, (void *)&damage_rows[i]};
    }
    for (size_t i = 0; i < COUNT_OF(big_rows); i++)
        tests[count++] =
            (struct CMUnitTest){big_rows[i].title, test_big_row, NULL, NULL, (void *)&big_rows[i]};
    for (size_t i = 0; i < COUNT_OF(single); i++)
        tests[count++] = single[i];
    return RUN_TESTS(tests);
}
