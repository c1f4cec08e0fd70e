/* SPDX-License-Identifier: MIT */
#include "inventory/files/pe.h"

#include "tests/support/check.h"
#include "tests/support/paged_file.h"
#include "tests/support/pe_builder.h"

#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>

enum { BUDGET = 1 << 20 };

static const pe_language ENGLISH = {.id = 0x409,
                                    .version = {4, 0, 6221, 1047},
                                    .file_version = "4.0.6221.1047 (made.080613-1240)",
                                    .original_name = "updatewuscatalog.exe"};

static uint8_t file[PE_BUILD_MAX];
static pe_layout at;

static void build(const pe_plan *plan)
{
    assert_true(pe_build(plan, file, &at));
}

static void build_good(void)
{
    const pe_plan plan = {.languages = &ENGLISH, .language_count = 1, .certificate_size = 64};
    build(&plan);
}

static fp_version version_of(uint32_t a, uint32_t b, uint32_t c, uint32_t d)
{
    return (fp_version){.part = {a, b, c, d}, .count = 4};
}

static void check_version(const fp_pe *pe, fp_version expected)
{
    assert_true(pe->has_version);
    assert_int_equal(pe->version.count, 4);
    assert_int_equal(fp_version_compare(&pe->version, &expected), 0);
}

/* --- good files --- */

typedef struct read_state {
    fp_arena *arena;
    fp_diag d;
} read_state;

static int open_arena(void **state)
{
    read_state *s = calloc(1, sizeof *s);
    *state = s;
    if (s == NULL)
        return -1;
    s->arena = fp_arena_new(BUDGET);
    return s->arena == NULL ? -1 : 0;
}

static int close_arena(void **state)
{
    read_state *s = *state;
    fp_arena_free(s->arena);
    free(s);
    return 0;
}

static fp_status read_file(read_state *s, fp_pe *pe)
{
    /* A copy of exactly the file's size: a sanitizer sees a read beyond it. */
    uint8_t *exact = malloc(at.size);
    assert_non_null(exact);
    memcpy(exact, file, at.size);
    const fp_status status =
        fp_pe_read(fp_paged_of(fp_span_of(exact, at.size)), s->arena, pe, &s->d);
    free(exact);
    return status;
}

static void test_pe32(void **state)
{
    build_good();
    fp_pe pe;
    assert_int_equal(read_file(*state, &pe), FP_OK);
    assert_int_equal(pe.machine, 0x14C);
    check_version(&pe, version_of(4, 0, 6221, 1047));
    assert_str(pe.version_text, "4.0.6221.1047 (made.080613-1240)");
    assert_str(pe.original_name, "updatewuscatalog.exe");
    assert_true(pe.has_certificates);
    assert_false(pe.strings_damaged);
    assert_false(pe.languages_differ);
}

static void test_pe32_plus(void **state)
{
    const pe_plan plan = {
        .machine = 0x8664, .plus = true, .languages = &ENGLISH, .language_count = 1};
    build(&plan);
    fp_pe pe;
    assert_int_equal(read_file(*state, &pe), FP_OK);
    assert_int_equal(pe.machine, 0x8664);
    check_version(&pe, version_of(4, 0, 6221, 1047));
    assert_false(pe.has_certificates);
}

static void test_no_resources(void **state)
{
    const pe_plan plan = {.no_resources = true};
    build(&plan);
    fp_pe pe;
    assert_int_equal(read_file(*state, &pe), FP_OK);
    assert_false(pe.has_version);
    assert_int_equal(pe.version.count, 0);
    assert_int_equal(pe.version_text.size, 0);
}

static void test_other_resources_only(void **state)
{
    build_good();
    pe_put32(file, at.type_directory + 16, 24); /* RT_MANIFEST */
    fp_pe pe;
    assert_int_equal(read_file(*state, &pe), FP_OK);
    assert_false(pe.has_version);
}

static void test_other_name_only(void **state)
{
    build_good();
    pe_put32(file, at.name_directory + 16, 2);
    fp_pe pe;
    assert_int_equal(read_file(*state, &pe), FP_OK);
    assert_false(pe.has_version);
}

static void test_no_fixed_block(void **state)
{
    const pe_language language = {.id = 0, .no_fixed = true, .file_version = "1.2.3.4"};
    const pe_plan plan = {.languages = &language, .language_count = 1};
    build(&plan);
    fp_pe pe;
    assert_int_equal(read_file(*state, &pe), FP_OK);
    assert_false(pe.has_version);
    assert_str(pe.version_text, "1.2.3.4");
}

static void test_large_parts(void **state)
{
    const pe_language language = {.id = 0, .version = {65535, 65535, 65535, 65535}};
    const pe_plan plan = {.languages = &language, .language_count = 1};
    build(&plan);
    fp_pe pe;
    assert_int_equal(read_file(*state, &pe), FP_OK);
    check_version(&pe, version_of(65535, 65535, 65535, 65535));
    assert_int_equal(pe.version_text.size, 0);
}

/* --- several languages --- */

static void test_english_is_preferred(void **state)
{
    const pe_language languages[] = {{.id = 0x407, .version = {1, 0, 0, 1}},
                                     {.id = 0, .version = {1, 0, 0, 1}},
                                     {.id = 0x409, .version = {1, 0, 0, 1}, .file_version = "en"}};
    const pe_plan plan = {.languages = languages, .language_count = 3};
    build(&plan);
    fp_pe pe;
    assert_int_equal(read_file(*state, &pe), FP_OK);
    assert_str(pe.version_text, "en");
    assert_false(pe.languages_differ);
}

static void test_neutral_before_others(void **state)
{
    const pe_language languages[] = {{.id = 0x407, .version = {1, 0, 0, 1}, .file_version = "de"},
                                     {.id = 0, .version = {1, 0, 0, 1}, .file_version = "neutral"}};
    const pe_plan plan = {.languages = languages, .language_count = 2};
    build(&plan);
    fp_pe pe;
    assert_int_equal(read_file(*state, &pe), FP_OK);
    assert_str(pe.version_text, "neutral");
}

static void test_languages_differ(void **state)
{
    const pe_language languages[] = {{.id = 0x407, .version = {1, 0, 0, 2}},
                                     {.id = 0x409, .version = {1, 0, 0, 1}}};
    const pe_plan plan = {.languages = languages, .language_count = 2};
    build(&plan);
    fp_pe pe;
    assert_int_equal(read_file(*state, &pe), FP_OK);
    check_version(&pe, version_of(1, 0, 0, 1));
    assert_true(pe.languages_differ);
}

static void test_language_without_fixed_block_differs(void **state)
{
    const pe_language languages[] = {{.id = 0x407, .no_fixed = true, .file_version = "9"},
                                     {.id = 0x409, .version = {1, 0, 0, 1}}};
    const pe_plan plan = {.languages = languages, .language_count = 2};
    build(&plan);
    fp_pe pe;
    assert_int_equal(read_file(*state, &pe), FP_OK);
    check_version(&pe, version_of(1, 0, 0, 1));
    assert_true(pe.languages_differ);
}

/* --- one thing broken: status and offset --- */

typedef struct breakage {
    const char *name;
    void (*break_it)(void);
    fp_status status;
    const size_t *where; /* the offset `where` must be at, plus `plus` */
    size_t plus;
} breakage;

static void no_mz(void)
{
    file[0] = 'N';
}
static void coff_outside(void)
{
    pe_put32(file, 60, 0xFFFFFFF0U);
}
static void no_pe_signature(void)
{
    file[at.coff] = 'N';
}
static void too_many_sections(void)
{
    pe_put16(file, at.coff + 6, FP_PE_SECTIONS_MAX + 1);
}
static void unknown_magic(void)
{
    pe_put16(file, at.optional, 0x107);
}
static void short_optional_header(void)
{
    pe_put16(file, at.coff + 20, 90);
}
static void optional_header_beyond_the_end(void)
{
    pe_put16(file, at.coff + 20, 0xFFFF);
}
static void too_many_directories(void)
{
    pe_put32(file, at.directory_count, 17);
}
static void huge_directory_count(void)
{
    pe_put32(file, at.directory_count, 0xFFFFFFFFU);
}
static void certificates_beyond_the_end(void)
{
    pe_put32(file, at.certificate_entry + 4, 65);
}
static void resources_in_no_section(void)
{
    pe_put32(file, at.resource_directory, 0x7000);
}
static void resources_larger_than_their_section(void)
{
    pe_put32(file, at.resource_directory + 4, 0xFFFFFFFFU);
}
static void resources_behind_the_raw_data(void) /* memory there is zero */
{
    pe_put32(file, at.rsrc_section + 16, 8);
}
static void raw_data_beyond_the_end(void)
{
    pe_put32(file, at.rsrc_section + 20, 0xFFFFFF00U);
}
static void two_sections_overlap(void)
{
    pe_put32(file, at.text_section + 8, 0x2000);
}
static void directory_too_large(void)
{
    pe_put16(file, at.type_directory + 14, 0xFFFF);
}
static void type_twice(void)
{
    pe_put16(file, at.type_directory + 14, 2);
    pe_put32(file, at.type_directory + 24, 16); /* what was the name directory */
}
static void type_is_data(void)
{
    pe_put32(file, at.type_directory + 20, 24);
}
static void type_loops_to_the_root(void)
{
    pe_put32(file, at.type_directory + 20, 0x80000000U);
}
static void name_loops_to_the_root(void)
{
    pe_put32(file, at.name_directory + 20, 0x80000000U);
}
static void name_loops_to_itself(void)
{
    pe_put32(file, at.name_directory + 20, 0x80000000U + 24);
}
static void name_directory_outside(void)
{
    pe_put32(file, at.type_directory + 20, 0xFFFFFFFFU);
}
static void four_levels(void)
{
    pe_put32(file, at.language_directory + 20, 0x80000000U);
}
static void data_entry_outside(void)
{
    pe_put32(file, at.language_directory + 20, 0x7FFFFFFFU);
}
static void data_in_no_section(void)
{
    pe_put32(file, at.data_entry[0], 0x10);
}
static void data_wraps(void)
{
    pe_put32(file, at.data_entry[0] + 4, 0xFFFFFFFFU);
}
static void node_longer_than_data(void)
{
    pe_put16(file, at.version[0], 0xFFFF);
}
static void node_shorter_than_header(void)
{
    pe_put16(file, at.version[0], 5);
}
static void wrong_key(void)
{
    file[at.version[0] + 6] = 'X';
}
static void wrong_value_length(void)
{
    pe_put16(file, at.version[0] + 2, 53);
}
static void fixed_block_cut(void)
{
    pe_put16(file, at.version[0], 90);
}
static void wrong_fixed_signature(void)
{
    pe_put32(file, at.version[0] + 40, 0xFEEF04BCU);
}

static const size_t START = 0;

static const breakage BREAKAGES[] = {
    {"no MZ", no_mz, FP_FORMAT, &START, 0},
    {"COFF header outside", coff_outside, FP_TRUNCATED, &at.size, 0},
    {"no PE signature", no_pe_signature, FP_FORMAT, &at.coff, 0},
    {"too many sections", too_many_sections, FP_LIMIT, &at.coff, 6},
    {"unknown magic", unknown_magic, FP_FORMAT, &at.optional, 0},
    {"short optional header", short_optional_header, FP_FORMAT, &at.optional, 0},
    {"optional header beyond the end", optional_header_beyond_the_end, FP_TRUNCATED, &at.size, 0},
    {"too many directories", too_many_directories, FP_FORMAT, &at.directory_count, 0},
    {"huge directory count", huge_directory_count, FP_FORMAT, &at.directory_count, 0},
    {"certificates beyond the end", certificates_beyond_the_end, FP_TRUNCATED, &at.size, 0},
    {"resources in no section", resources_in_no_section, FP_FORMAT, &at.text_section, 0},
    {"resources larger than their section", resources_larger_than_their_section, FP_FORMAT,
     &at.rsrc_section, 0},
    {"resources behind the raw data", resources_behind_the_raw_data, FP_FORMAT, &at.rsrc_section,
     0},
    {"raw data beyond the end", raw_data_beyond_the_end, FP_TRUNCATED, &at.size, 0},
    {"two sections overlap", two_sections_overlap, FP_FORMAT, &at.rsrc_section, 0},
    {"directory too large", directory_too_large, FP_FORMAT, &at.type_directory, 0},
    {"type twice", type_twice, FP_FORMAT, &at.type_directory, 24},
    {"type is data", type_is_data, FP_FORMAT, &at.type_directory, 16},
    {"type loops to the root", type_loops_to_the_root, FP_FORMAT, &at.type_directory, 16},
    {"name loops to the root", name_loops_to_the_root, FP_FORMAT, &at.name_directory, 16},
    {"name loops to itself", name_loops_to_itself, FP_FORMAT, &at.name_directory, 16},
    {"name directory outside", name_directory_outside, FP_FORMAT, &at.type_directory, 0x7FFFFFFF},
    {"four levels", four_levels, FP_FORMAT, &at.language_directory, 16},
    {"data entry outside", data_entry_outside, FP_FORMAT, &at.language_directory, 16},
    {"data in no section", data_in_no_section, FP_FORMAT, &at.text_section, 0},
    {"data wraps", data_wraps, FP_FORMAT, &at.rsrc_section, 0},
    {"node longer than its data", node_longer_than_data, FP_FORMAT, &at.version[0], 0},
    {"node shorter than its header", node_shorter_than_header, FP_FORMAT, &at.version[0], 0},
    {"wrong key", wrong_key, FP_FORMAT, &at.version[0], 6},
    {"wrong value length", wrong_value_length, FP_FORMAT, &at.version[0], 2},
    {"fixed block cut", fixed_block_cut, FP_FORMAT, &at.version[0], 40},
    {"wrong fixed signature", wrong_fixed_signature, FP_FORMAT, &at.version[0], 40},
};
enum { BREAKAGE_COUNT = sizeof BREAKAGES / sizeof BREAKAGES[0] };

static void test_breakage(void **state)
{
    const breakage *b = *state;
    build_good();
    b->break_it();
    read_state s = {.arena = fp_arena_new(BUDGET)};
    assert_non_null(s.arena);
    fp_pe pe = {.machine = 0x5EED};
    const fp_status status = read_file(&s, &pe);
    fp_arena_free(s.arena);
    assert_int_equal(status, b->status);
    assert_int_equal(s.d.status, b->status);
    assert_int_equal(s.d.where, *b->where + b->plus);
    assert_int_equal(pe.machine, 0x5EED); /* outputs are written only on success */
}

/* --- damage in the strings leaves the number good --- */

static void test_string_node_without_length(void **state)
{
    build_good();
    pe_put16(file, at.string_info[0], 0);
    fp_pe pe;
    assert_int_equal(read_file(*state, &pe), FP_OK);
    check_version(&pe, version_of(4, 0, 6221, 1047));
    assert_true(pe.strings_damaged);
    assert_int_equal(pe.version_text.size, 0);
}

static void test_string_node_too_long(void **state)
{
    build_good();
    pe_put16(file, at.string_info[0], 0xFFFF);
    fp_pe pe;
    assert_int_equal(read_file(*state, &pe), FP_OK);
    check_version(&pe, version_of(4, 0, 6221, 1047));
    assert_true(pe.strings_damaged);
}

static void test_string_key_without_nul(void **state)
{
    build_good();
    for (size_t i = at.string_info[0] + 6; i < at.size - at.certificates % 8; i++)
        file[i] = 'x';
    fp_pe pe;
    assert_int_equal(read_file(*state, &pe), FP_OK);
    check_version(&pe, version_of(4, 0, 6221, 1047));
    assert_int_equal(pe.version_text.size, 0);
}

static void test_lone_surrogate_in_a_string(void **state)
{
    build_good();
    const size_t value =
        at.string_info[0] + 36 + 24 + 32; /* info, table, key of the first string */
    assert_int_equal(file[value], '4');
    pe_put16(file, value, 0xD800);
    fp_pe pe;
    assert_int_equal(read_file(*state, &pe), FP_OK);
    assert_str(pe.version_text, "\xEF\xBF\xBD.0.6221.1047 (made.080613-1240)");
}

/* --- in parts --- */

/* What lies behind the resources is not read. */
static void test_only_parts_are_read(void **state)
{
    enum { LONGER = 4 << 20 };
    read_state *s = *state;
    build_good();
    uint8_t *longer = calloc(LONGER, 1);
    assert_non_null(longer);
    memcpy(longer, file, at.size);
    paged_file *parts = paged_file_new(fp_span_of(longer, LONGER), UINT64_MAX);
    fp_pe pe;
    assert_int_equal(fp_pe_read(parts->p, s->arena, &pe, &s->d), FP_OK);
    assert_true(pe.has_version);
    assert_int_equal(pe.version.part[3], 1047);
    assert_in_range(fp_paged_held(parts->p), at.size, at.size + 2 * FP_PAGED_CHUNK);
    paged_file_free(parts);
    free(longer);
}

static void test_changed_meanwhile(void **state)
{
    read_state *s = *state;
    build_good();
    paged_file *parts = paged_file_new(fp_span_of(file, at.size), UINT64_MAX);
    paged_file_change(parts, at.size, at.size - 1);
    fp_pe pe;
    assert_int_equal(fp_pe_read(parts->p, s->arena, &pe, &s->d), FP_TRUNCATED);
    assert_int_equal(parts->troubles, 1);
    paged_file_free(parts);
}

/* --- every length, every budget --- */

static void test_truncated_at_every_byte(void **state)
{
    read_state *s = *state;
    build_good();
    for (size_t size = 0; size < at.size; size++) {
        uint8_t *cut = malloc(size == 0 ? 1 : size);
        assert_non_null(cut);
        memcpy(cut, file, size);
        fp_pe pe;
        s->d = (fp_diag){0};
        const fp_status status =
            fp_pe_read(fp_paged_of(fp_span_of(cut, size)), s->arena, &pe, &s->d);
        free(cut);
        assert_int_equal(status, FP_TRUNCATED);
        assert_int_equal(s->d.where, size);
    }
}

static void test_every_budget(void **state)
{
    (void)state;
    build_good();
    bool done = false;
    for (size_t budget = 0; budget < BUDGET && !done; budget += 64) {
        read_state s = {.arena = fp_arena_new(budget)};
        assert_non_null(s.arena);
        fp_pe pe;
        const fp_status status = read_file(&s, &pe);
        fp_arena_free(s.arena);
        assert_true(status == FP_OK || status == FP_NOMEM);
        assert_true(budget > 0 || status == FP_NOMEM);
        done = status == FP_OK;
    }
    assert_true(done);
}

/* --- the probe --- */

static void test_probe(void **state)
{
    (void)state;
    build_good();
    assert_true(fp_pe_probe(fp_span_of(file, at.size)));
    assert_true(fp_pe_probe(fp_span_of(file, 64))); /* the head does not reach "PE" */
    assert_false(fp_pe_probe(fp_span_of(file, 63)));
    assert_false(fp_pe_probe(fp_span_of("", 0)));
    file[at.coff] = 'N'; /* a 16-bit program */
    assert_false(fp_pe_probe(fp_span_of(file, at.size)));
    file[0] = 'X';
    assert_false(fp_pe_probe(fp_span_of(file, at.size)));
}

/* --- real files, where there are some --- */

static uint8_t *slurp(const char *path, size_t *size)
{
    FILE *f = fopen(path, "rb");
    if (f == NULL)
        return NULL;
    struct stat st;
    uint8_t *bytes = NULL;
    if (fstat(fileno(f), &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0) {
        *size = (size_t)st.st_size;
        bytes = malloc(*size);
    }
    if (bytes != NULL && fread(bytes, 1, *size, f) != *size) {
        free(bytes);
        bytes = NULL;
    }
    (void)fclose(f);
    return bytes;
}

/* Every real file must be read without an error, and some must have versions. */
static void read_real_folder(const char *folder, unsigned *read, unsigned *versions)
{
    DIR *d = opendir(folder);
    for (struct dirent *e; d != NULL && (e = readdir(d)) != NULL;) {
        char path[4096];
        size_t size;
        (void)snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
        uint8_t *bytes = slurp(path, &size);
        if (bytes == NULL || !fp_pe_probe(fp_span_of(bytes, size))) {
            free(bytes);
            continue;
        }
        read_state s = {.arena = fp_arena_new(BUDGET)};
        fp_pe pe;
        const fp_status status =
            s.arena == NULL ? FP_NOMEM
                            : fp_pe_read(fp_paged_of(fp_span_of(bytes, size)), s.arena, &pe, &s.d);
        if (status != FP_OK)
            print_error("%s: %s at %llu\n", path, s.d.message, (unsigned long long)s.d.where);
        fp_arena_free(s.arena);
        free(bytes);
        assert_int_equal(status, FP_OK);
        *read += 1;
        *versions += pe.has_version ? 1 : 0;
    }
    if (d != NULL)
        (void)closedir(d);
}

static void test_real_files(void **state)
{
    static const char *const FOLDERS[] = {"/usr/lib/x86_64-linux-gnu/wine/x86_64-windows",
                                          "/usr/lib/i386-linux-gnu/wine/i386-windows",
                                          "/usr/lib/wine/x86_64-windows"};
    (void)state;
    unsigned read = 0;
    unsigned versions = 0;
    for (size_t i = 0; i < sizeof FOLDERS / sizeof FOLDERS[0]; i++)
        read_real_folder(FOLDERS[i], &read, &versions);
    if (read == 0) {
        print_message("skipped: install Wine to read its programs\n");
        skip();
    }
    print_message("%u real files, %u with a version\n", read, versions);
    assert_true(versions > 0);
}

static void test_the_text_against_the_number(void **state)
{
    static const struct {
        const char *text;
        fp_tri agrees;
    } ROWS[] = {
        {"4.0.6221.1047", FP_TRUE},
        {"4.00.6221.1047 (made.080613-1240)", FP_TRUE},
        {"4, 0, 6221, 1047", FP_TRUE},
        {"4,0,6221,1047", FP_TRUE},
        {"4.0.6221", FP_TRUE},
        {"4.0.6221.1047.0", FP_TRUE},
        {"4.0.6221.1000", FP_FALSE},
        {"4.0.6221.1047.1", FP_FALSE},
        {"5", FP_FALSE},
        {"", FP_UNKNOWN},
        {"made", FP_UNKNOWN},
        {"v4.0.6221.1047", FP_UNKNOWN},
        {"4.0.6221.1047a", FP_UNKNOWN},
        {"4.0.6221.1047-made", FP_UNKNOWN},
        {"4 .0", FP_TRUE},
        {"4..0", FP_UNKNOWN},
        {"4,  0", FP_UNKNOWN},
        {"99999999999.0", FP_UNKNOWN},
        {"1.1.1.1.1.1.1.1.1", FP_UNKNOWN},
        {"00000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
         "0000000000000000000000000000000000",
         FP_UNKNOWN},
    };
    (void)state;
    fp_pe pe = {.has_version = true, .version = {{4, 0, 6221, 1047}, 4}};
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        pe.version_text = fp_str_of(ROWS[i].text);
        print_message("    \"%s\"\n", ROWS[i].text);
        assert_int_equal(fp_pe_text_agrees(&pe), ROWS[i].agrees);
    }
    pe.version_text = FP_STR("4.0.6221.1000");
    pe.has_version = false;
    assert_int_equal(fp_pe_text_agrees(&pe), FP_UNKNOWN);
}

#define IN_ARENA(test) cmocka_unit_test_setup_teardown(test, open_arena, close_arena)

int main(void)
{
    struct CMUnitTest broken[BREAKAGE_COUNT];
    for (size_t i = 0; i < BREAKAGE_COUNT; i++)
        broken[i] = (struct CMUnitTest){.name = BREAKAGES[i].name,
                                        .test_func = test_breakage,
                                        .initial_state = (void *)(uintptr_t)&BREAKAGES[i]};
    const struct CMUnitTest tests[] = {
        IN_ARENA(test_pe32),
        IN_ARENA(test_pe32_plus),
        IN_ARENA(test_no_resources),
        IN_ARENA(test_other_resources_only),
        IN_ARENA(test_other_name_only),
        IN_ARENA(test_no_fixed_block),
        IN_ARENA(test_large_parts),
        IN_ARENA(test_english_is_preferred),
        IN_ARENA(test_neutral_before_others),
        IN_ARENA(test_languages_differ),
        IN_ARENA(test_language_without_fixed_block_differs),
        IN_ARENA(test_string_node_without_length),
        IN_ARENA(test_string_node_too_long),
        IN_ARENA(test_string_key_without_nul),
        IN_ARENA(test_lone_surrogate_in_a_string),
        IN_ARENA(test_only_parts_are_read),
        IN_ARENA(test_changed_meanwhile),
        IN_ARENA(test_truncated_at_every_byte),
        cmocka_unit_test(test_every_budget),
        cmocka_unit_test(test_the_text_against_the_number),
        cmocka_unit_test(test_probe),
        cmocka_unit_test(test_real_files),
    };
    const bool failed = RUN_TESTS(tests);
    return RUN_TESTS(broken) || failed;
}
