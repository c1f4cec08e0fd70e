/* SPDX-License-Identifier: MIT */
#include "tests/support/pe_builder.h"

#include <string.h>

enum {
    HEADERS = 0x200,
    TEXT_RVA = 0x1000,
    TEXT_SIZE = 0x200,
    RSRC_RVA = 0x2000,
    RSRC_AT = HEADERS + TEXT_SIZE,
    ALIGN = 0x200
};

typedef struct writer {
    uint8_t *file;
    size_t at;
    bool failed;
} writer;

void pe_put16(uint8_t *file, size_t at, uint32_t value)
{
    file[at] = (uint8_t)value;
    file[at + 1] = (uint8_t)(value >> 8);
}

void pe_put32(uint8_t *file, size_t at, uint32_t value)
{
    pe_put16(file, at, value & 0xFFFF);
    pe_put16(file, at + 2, value >> 16);
}

static bool room(writer *w, size_t size)
{
    if (w->failed || size > PE_BUILD_MAX - w->at)
        w->failed = true;
    return !w->failed;
}

static void put16(writer *w, uint32_t value)
{
    if (!room(w, 2))
        return;
    pe_put16(w->file, w->at, value);
    w->at += 2;
}

static void put32(writer *w, uint32_t value)
{
    put16(w, value & 0xFFFF);
    put16(w, value >> 16);
}

static void put_text(writer *w, const char *text) /* UTF-16LE with its NUL */
{
    for (; *text != '\0'; text++)
        put16(w, (uint8_t)*text);
    put16(w, 0);
}

static void align(writer *w, size_t to)
{
    const size_t gap = (to - w->at % to) % to;
    if (room(w, gap))
        w->at += gap;
}

/* --- the version resource --- */

static size_t begin_node(writer *w, uint32_t value_length, uint32_t type, const char *key)
{
    align(w, 4);
    const size_t start = w->at;
    put16(w, 0); /* length, patched by end_node */
    put16(w, value_length);
    put16(w, type);
    put_text(w, key);
    align(w, 4);
    return start;
}

static void end_node(writer *w, size_t start)
{
    if (!w->failed)
        pe_put16(w->file, start, (uint32_t)(w->at - start));
}

static void put_string(writer *w, const char *key, const char *value)
{
    if (value == NULL)
        return;
    const size_t node = begin_node(w, (uint32_t)strlen(value) + 1, 1, key);
    put_text(w, value);
    end_node(w, node);
}

static void put_fixed(writer *w, const uint16_t version[4])
{
    put32(w, 0xFEEF04BD);
    put32(w, 0x00010000);
    for (int i = 0; i < 2; i++) { /* file version, product version */
        put32(w, (uint32_t)version[0] << 16 | version[1]);
        put32(w, (uint32_t)version[2] << 16 | version[3]);
    }
    put32(w, 0x3F); /* flags mask */
    put32(w, 0);
    put32(w, 0x40004); /* VOS_NT_WINDOWS32 */
    put32(w, 1);       /* VFT_APP */
    put32(w, 0);
    put32(w, 0);
    put32(w, 0);
}

static void put_version(writer *w, const pe_language *language, size_t *string_info)
{
    const size_t root = begin_node(w, language->no_fixed ? 0 : 52, 0, "VS_VERSION_INFO");
    if (!language->no_fixed)
        put_fixed(w, language->version);
    *string_info = w->at;
    if (language->file_version != NULL || language->original_name != NULL) {
        const size_t info = begin_node(w, 0, 1, "StringFileInfo");
        const size_t table = begin_node(w, 0, 1, "040904B0");
        put_string(w, "FileVersion", language->file_version);
        put_string(w, "OriginalFilename", language->original_name);
        end_node(w, table);
        end_node(w, info);
    }
    end_node(w, root);
}

/* --- resources --- */

static size_t put_directory(writer *w, size_t ids)
{
    const size_t start = w->at;
    for (int i = 0; i < 3; i++)
        put32(w, 0);
    put16(w, 0);
    put16(w, (uint32_t)ids);
    return start;
}

static void put_subdirectory(writer *w, uint32_t id)
{
    put32(w, id);
    put32(w, 0x80000000U | (uint32_t)(w->at + 4 - RSRC_AT)); /* it follows at once */
}

static void put_resources(writer *w, const pe_plan *plan, pe_layout *layout)
{
    layout->type_directory = put_directory(w, 1);
    put_subdirectory(w, 16);
    layout->name_directory = put_directory(w, 1);
    put_subdirectory(w, 1);
    layout->language_directory = put_directory(w, plan->language_count);
    const size_t data = w->at + 8 * plan->language_count;
    for (size_t i = 0; i < plan->language_count; i++) {
        put32(w, plan->languages[i].id);
        put32(w, (uint32_t)(data + 16 * i - RSRC_AT));
    }
    w->at = data + 16 * plan->language_count;
    for (size_t i = 0; i < plan->language_count; i++) {
        align(w, 4);
        layout->data_entry[i] = data + 16 * i;
        layout->version[i] = w->at;
        put_version(w, &plan->languages[i], &layout->string_info[i]);
        if (w->failed)
            return;
        pe_put32(w->file, layout->data_entry[i],
                 (uint32_t)(RSRC_RVA + layout->version[i] - RSRC_AT));
        pe_put32(w->file, layout->data_entry[i] + 4, (uint32_t)(w->at - layout->version[i]));
    }
}

/* --- headers --- */

static void put_section(writer *w, const char name[8], uint32_t virtual_size, uint32_t rva,
                        uint32_t raw_size, uint32_t raw_at)
{
    if (!room(w, 8))
        return;
    memcpy(w->file + w->at, name, 8);
    w->at += 8;
    put32(w, virtual_size);
    put32(w, rva);
    put32(w, raw_size);
    put32(w, raw_at);
    put32(w, 0);
    put32(w, 0);
    put32(w, 0);
    put32(w, 0x40000040); /* readable, initialised data */
}

static void put_optional_header(uint8_t *file, bool plus, pe_layout *layout)
{
    const size_t o = layout->optional;
    pe_put16(file, o, plus ? 0x20B : 0x10B);
    pe_put32(file, o + 16, TEXT_RVA); /* entry point */
    pe_put32(file, o + 28, 0x400000); /* image base (the low half, in PE32+ at 24) */
    if (plus) {
        pe_put32(file, o + 24, 0x400000);
        pe_put32(file, o + 28, 0);
    }
    pe_put32(file, o + 32, 0x1000); /* section alignment */
    pe_put32(file, o + 36, ALIGN);
    pe_put16(file, o + 40, 4);
    pe_put16(file, o + 48, 4);      /* subsystem version */
    pe_put32(file, o + 56, 0x8000); /* size of the image */
    pe_put32(file, o + 60, HEADERS);
    pe_put16(file, o + 68, 3); /* console */
    layout->directory_count = o + (plus ? 108 : 92);
    pe_put32(file, layout->directory_count, 16);
    layout->resource_directory = layout->directory_count + 4 + 8 * 2;
    layout->certificate_entry = layout->directory_count + 4 + 8 * 4;
}

static void put_headers(const pe_plan *plan, uint8_t *file, size_t rsrc_size, pe_layout *layout)
{
    const uint32_t optional_size = plan->plus ? 240 : 224;
    memcpy(file, "MZ", 2);
    layout->coff = 64;
    pe_put32(file, 60, (uint32_t)layout->coff);
    memcpy(file + layout->coff, "PE\0\0", 4);
    pe_put16(file, layout->coff + 4, plan->machine == 0 ? 0x14C : plan->machine);
    pe_put16(file, layout->coff + 6, 2);
    pe_put16(file, layout->coff + 20, optional_size);
    pe_put16(file, layout->coff + 22, plan->plus ? 0x22 : 0x102);
    layout->optional = layout->coff + 24;
    put_optional_header(file, plan->plus, layout);

    layout->text_section = layout->optional + optional_size;
    layout->rsrc_section = layout->text_section + 40;
    writer w = {.file = file, .at = layout->text_section};
    put_section(&w, ".text\0\0", TEXT_SIZE, TEXT_RVA, TEXT_SIZE, HEADERS);
    put_section(&w, ".rsrc\0\0", (uint32_t)rsrc_size, RSRC_RVA,
                (uint32_t)((rsrc_size + ALIGN - 1) / ALIGN * ALIGN), RSRC_AT);
}

static void put_certificates(writer *w, size_t size, pe_layout *layout)
{
    if (size == 0 || !room(w, size))
        return;
    layout->certificates = w->at;
    pe_put32(w->file, layout->certificate_entry, (uint32_t)w->at);
    pe_put32(w->file, layout->certificate_entry + 4, (uint32_t)size);
    memset(w->file + w->at, 0xCE, size);
    w->at += size;
}

bool pe_build(const pe_plan *plan, uint8_t file[PE_BUILD_MAX], pe_layout *layout)
{
    if (plan->language_count > PE_BUILD_LANGUAGES_MAX)
        return false;
    memset(file, 0, PE_BUILD_MAX);
    *layout = (pe_layout){0};
    writer w = {.file = file, .at = RSRC_AT};
    if (!plan->no_resources)
        put_resources(&w, plan, layout);
    const size_t rsrc_size = w.at - RSRC_AT;
    put_headers(plan, file, rsrc_size, layout);
    if (!plan->no_resources) {
        pe_put32(file, layout->resource_directory, RSRC_RVA);
        pe_put32(file, layout->resource_directory + 4, (uint32_t)rsrc_size);
    }
    align(&w, ALIGN);
    put_certificates(&w, plan->certificate_size, layout);
    layout->size = w.at;
    return !w.failed;
}
