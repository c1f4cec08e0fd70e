/* SPDX-License-Identifier: MIT */
#include "inventory/files/pe.h"

#include <string.h>

/* Sizes and indexes of the PE/COFF specification; offsets are noted where they are read. */
enum {
    DOS_HEADER_SIZE = 64,
    COFF_HEADER_SIZE = 24, /* with the signature before it */
    SECTION_SIZE = 40,
    CHECKSUM_OFFSET = 64, /* in the optional header, of either kind */
    MAGIC_PE32 = 0x10B,
    MAGIC_PE32_PLUS = 0x20B,
    DIRECTORY_RESOURCES = 2,
    DIRECTORY_CERTIFICATES = 4,
    RESOURCE_DIRECTORY_SIZE = 16,
    RESOURCE_ENTRY_SIZE = 8,
    RT_VERSION = 16,
    VERSION_NAME = 1,
    LANGUAGE_ENGLISH_US = 0x409,
    FIXED_INFO_SIZE = 52,
    NODE_HEADER_SIZE = 6
};
#define SUBDIRECTORY    0x80000000U
#define NAMED           0x80000000U
#define FIXED_SIGNATURE 0xFEEF04BDU

typedef struct directory { /* a data directory: RVA (of the certificates: file offset) and size */
    uint32_t at;
    uint32_t size;
} directory;

typedef struct image {
    fp_paged file;
    uint16_t machine;
    size_t section_count;
    size_t section_table; /* file offset */
    directory resources;
    directory certificates;
    size_t checksum;          /* file offset of the optional header's CheckSum */
    size_t certificate_entry; /* file offset of that data directory, or 0 */
} image;

typedef struct entry { /* of a resource directory */
    uint32_t id;       /* bit 31: a name */
    uint32_t offset;   /* bit 31: a directory */
    size_t at;         /* file offset of the entry */
} entry;

typedef struct block { /* part of the file, known to lie inside it */
    fp_span bytes;
    size_t at; /* file offset */
} block;

bool fp_pe_probe(fp_span head)
{
    if (head.size < DOS_HEADER_SIZE || !fp_span_starts(head, "MZ", 2))
        return false;
    fp_span signature;
    if (!fp_span_sub(head, fp_load_u32le(head.data + 60), 4, &signature))
        return true; /* the head does not reach it */
    return memcmp(signature.data, "PE\0\0", 4) == 0;
}

static directory read_directory(fp_span file, size_t table, uint32_t count, uint32_t index)
{
    if (index >= count)
        return (directory){0};
    fp_reader r = fp_reader_at(file, table);
    fp_read_skip(&r, 8 * (uint64_t)index);
    const uint32_t at = fp_read_u32le(&r);
    const uint32_t size = fp_read_u32le(&r);
    return (directory){at, size};
}

/* `size` bytes at `at`: less at the end of the file, none behind it or where it is unreadable. */
static fp_reader read_part(fp_paged file, uint64_t at, uint64_t size)
{
    const uint64_t left = at < file.place.size ? file.place.size - at : 0;
    fp_span part;
    if (!fp_paged_get(file, at, size < left ? size : left, &part))
        part = fp_span_of(NULL, 0);
    return fp_reader_at(part, 0);
}

/* The optional header, which begins at `at` and ends at `end`: only its data directories matter. */
static fp_status read_optional_header(fp_paged file, size_t at, size_t end, image *pe, fp_diag *d)
{
    fp_span header;
    if (!fp_paged_get(file, at, end - at, &header))
        return fp_fail(d, FP_TRUNCATED, "pe", file.place.size,
                       "the file ends in the optional header");
    fp_reader r = fp_reader_at(header, 0);
    const uint16_t magic = fp_read_u16le(&r);
    if (fp_reader_ok(&r) && magic != MAGIC_PE32 && magic != MAGIC_PE32_PLUS)
        return fp_fail(d, FP_FORMAT, "pe", at, "unknown optional header 0x%x", magic);
    const size_t fixed_size = magic == MAGIC_PE32 ? 96 : 112;
    fp_read_skip(&r, fixed_size - 6);
    const uint32_t count = fp_read_u32le(&r);
    if (!fp_reader_ok(&r))
        return fp_fail(d, FP_FORMAT, "pe", at, "an optional header of %zu bytes", header.size);

    /* A count larger than the header holds lets directories run into the section table: refuse. */
    if (count > (header.size - fixed_size) / 8)
        return fp_fail(d, FP_FORMAT, "pe", at + fixed_size - 4,
                       "%u data directories do not fit in the optional header", count);
    pe->resources = read_directory(header, fixed_size, count, DIRECTORY_RESOURCES);
    pe->certificates = read_directory(header, fixed_size, count, DIRECTORY_CERTIFICATES);
    pe->checksum = at + CHECKSUM_OFFSET;
    if (count > DIRECTORY_CERTIFICATES)
        pe->certificate_entry = at + fixed_size + 8 * (size_t)DIRECTORY_CERTIFICATES;
    return FP_OK;
}

static fp_status read_headers(fp_paged file, image *pe, fp_diag *d)
{
    fp_reader dos = read_part(file, 0, DOS_HEADER_SIZE);
    const fp_span mz = fp_read_span(&dos, 2);
    if (fp_reader_ok(&dos) && memcmp(mz.data, "MZ", 2) != 0)
        return fp_fail(d, FP_FORMAT, "pe", 0, "no MZ signature");
    fp_read_skip(&dos, 58);
    const uint32_t start = fp_read_u32le(&dos);

    fp_reader r = read_part(file, start, COFF_HEADER_SIZE);
    const fp_span signature = fp_read_span(&r, 4);
    const uint16_t machine = fp_read_u16le(&r);
    const uint16_t sections = fp_read_u16le(&r);
    fp_read_skip(&r, 12);
    const uint16_t optional_size = fp_read_u16le(&r);
    fp_read_skip(&r, 2);
    if (!fp_reader_ok(&dos) || !fp_reader_ok(&r))
        return fp_fail(d, FP_TRUNCATED, "pe", file.place.size,
                       "the file ends before its headers do");
    if (memcmp(signature.data, "PE\0\0", 4) != 0)
        return fp_fail(d, FP_FORMAT, "pe", start, "no PE signature");
    if (sections > FP_PE_SECTIONS_MAX)
        return fp_fail(d, FP_LIMIT, "pe", start + 6, "%u sections, at most %d are read", sections,
                       FP_PE_SECTIONS_MAX);

    const size_t optional = (size_t)start + COFF_HEADER_SIZE;
    *pe = (image){.file = file, .machine = machine, .section_count = sections};
    pe->section_table = optional + optional_size;
    const fp_status status = read_optional_header(file, optional, pe->section_table, pe, d);
    if (status != FP_OK)
        return status;
    fp_span table;
    if (!fp_paged_get(file, pe->section_table, (uint64_t)sections * SECTION_SIZE, &table))
        return fp_fail(d, FP_TRUNCATED, "pe", file.place.size,
                       "the file ends in the section table");
    return FP_OK;
}

typedef struct section {
    uint32_t extent; /* bytes of memory it spans, at least those it has in the file */
    uint32_t address;
    uint32_t raw_size;
    uint32_t raw_offset;
    size_t at; /* file offset of its header */
} section;

static section read_section(const image *pe, size_t index)
{
    section s = {.at = pe->section_table + index * SECTION_SIZE};
    fp_reader r = read_part(pe->file, s.at + 8, SECTION_SIZE - 8);
    const uint32_t virtual_size = fp_read_u32le(&r);
    s.address = fp_read_u32le(&r);
    s.raw_size = fp_read_u32le(&r);
    s.raw_offset = fp_read_u32le(&r);
    s.extent = virtual_size > s.raw_size ? virtual_size : s.raw_size;
    return s;
}

/* Exactly one section must hold the address: where two claim it, two readers see two versions. */
static fp_status find_section(const image *pe, uint32_t rva, section *out, fp_diag *d)
{
    bool found = false;
    for (size_t i = 0; i < pe->section_count; i++) {
        const section s = read_section(pe, i);
        if (rva < s.address || rva - s.address >= s.extent)
            continue;
        if (found)
            return fp_fail(d, FP_FORMAT, "pe", s.at, "two sections hold the address 0x%x", rva);
        *out = s;
        found = true;
    }
    if (!found)
        return fp_fail(d, FP_FORMAT, "pe", pe->section_table, "no section holds the address 0x%x",
                       rva);
    return FP_OK;
}

/* The bytes [rva, rva + size). Memory beyond a section's raw data is zero and holds no resource. */
static fp_status map(const image *pe, uint32_t rva, uint32_t size, block *out, fp_diag *d)
{
    section s;
    const fp_status status = find_section(pe, rva, &s, d);
    if (status != FP_OK)
        return status;
    const uint32_t inside = rva - s.address;
    if (inside > s.raw_size || size > s.raw_size - inside)
        return fp_fail(d, FP_FORMAT, "pe", s.at, "the resource at 0x%x is not in the file", rva);
    const uint64_t offset = (uint64_t)s.raw_offset + inside;
    block found;
    if (!fp_paged_get(pe->file, offset, size, &found.bytes))
        return fp_fail(d, FP_TRUNCATED, "pe", pe->file.place.size,
                       "the file ends in its resources");
    found.at = (size_t)offset;
    *out = found;
    return FP_OK;
}

/* The entries of the resource directory at `offset` of `resources`: how many, and where they begin.
 */
static fp_status read_resource_directory(block resources, uint32_t offset, size_t *count,
                                         fp_reader *entries, fp_diag *d)
{
    fp_reader r = fp_reader_at(resources.bytes, offset);
    fp_read_skip(&r, 12);
    const size_t names = fp_read_u16le(&r);
    const size_t ids = fp_read_u16le(&r);
    const size_t total = names + ids;
    if (!fp_reader_ok(&r) || total > fp_reader_left(&r) / RESOURCE_ENTRY_SIZE)
        return fp_fail(d, FP_FORMAT, "pe", resources.at + offset,
                       "a resource directory runs out of the resources");
    if (total > FP_PE_ENTRIES_MAX)
        return fp_fail(d, FP_LIMIT, "pe", resources.at + offset,
                       "%zu resources in one directory, at most %d are read", total,
                       FP_PE_ENTRIES_MAX);
    *count = total;
    *entries = r;
    return FP_OK;
}

static entry next_entry(block resources, fp_reader *r)
{
    const size_t at = resources.at + r->at;
    const uint32_t id = fp_read_u32le(r);
    const uint32_t offset = fp_read_u32le(r);
    return (entry){id, offset, at};
}

/*
 * The subdirectory `id` of the directory at `offset`. FP_NOT_FOUND when there is none. Two of one
 * id would let two readers see two versions.
 */
static fp_status find_subdirectory(block resources, uint32_t offset, uint32_t id, entry *out,
                                   fp_diag *d)
{
    size_t count;
    fp_reader r;
    const fp_status status = read_resource_directory(resources, offset, &count, &r, d);
    if (status != FP_OK)
        return status;
    bool found = false;
    for (size_t i = 0; i < count; i++) {
        const entry e = next_entry(resources, &r);
        if (e.id != id)
            continue;
        if (found || (e.offset & SUBDIRECTORY) == 0)
            return fp_fail(d, FP_FORMAT, "pe", e.at, "resource %u is %s", id,
                           found ? "there twice" : "not a directory");
        *out = e;
        found = true;
    }
    return found ? FP_OK : FP_NOT_FOUND;
}

static fp_str utf16_text(fp_span units, fp_arena *arena, fp_status *status)
{
    fp_str text = {0};
    fp_text_counts counts;
    *status = fp_text_utf16le(units, arena, &text, &counts);
    return *status == FP_OK ? fp_str_trim(text) : (fp_str){0};
}

typedef struct node { /* of the version resource's tree (VS_VERSIONINFO and its children) */
    fp_span key;      /* UTF-16LE, without its NUL */
    fp_span value;    /* from the value to the node's end */
    size_t children;  /* where children begin when the value is empty, from the resource's start */
    size_t end;       /* from the resource's start */
    uint16_t value_length;
} node;

static size_t align4(size_t n)
{
    return (n + 3) & ~(size_t)3;
}

/* The UTF-16LE text at `at`, up to its NUL or to `end`; *after = behind the NUL. */
static fp_span utf16_until_nul(fp_span resource, size_t at, size_t end, size_t *after)
{
    size_t i = at;
    while (i + 2 <= end && fp_load_u16le(resource.data + i) != 0)
        i += 2;
    *after = i + 2 <= end ? i + 2 : end;
    return fp_span_of(resource.data + at, i - at);
}

/* Reads the node at `at`, which must end by `limit`. Nodes and values are aligned from the start.
 */
static bool read_node(fp_span resource, size_t at, size_t limit, node *out)
{
    fp_reader r = fp_reader_at(resource, at);
    const uint16_t length = fp_read_u16le(&r);
    const uint16_t value_length = fp_read_u16le(&r);
    fp_read_skip(&r, 2); /* wType: text or binary, which compilers get wrong */
    if (!fp_reader_ok(&r) || length < NODE_HEADER_SIZE || limit > resource.size || at > limit ||
        length > limit - at)
        return false;
    node n = {.end = at + length, .value_length = value_length};
    size_t after;
    n.key = utf16_until_nul(resource, at + NODE_HEADER_SIZE, n.end, &after);
    const size_t value = align4(after) < n.end ? align4(after) : n.end;
    n.value = fp_span_of(resource.data + value, n.end - value);
    n.children = value;
    *out = n;
    return true;
}

/* Keys compare without case, as VerQueryValue does. They are ASCII. */
static bool key_is(fp_span key, const char *name)
{
    const size_t length = strlen(name);
    if (key.size != 2 * length)
        return false;
    for (size_t i = 0; i < length; i++) {
        const uint16_t unit = fp_load_u16le(key.data + 2 * i);
        const char c = (char)unit;
        if (unit > 0x7F || !fp_str_ieq((fp_str){&c, 1}, (fp_str){name + i, 1}))
            return false;
    }
    return true;
}

typedef struct string_walk {
    fp_span resource;
    fp_arena *arena;
    size_t nodes; /* visited so far */
    fp_pe *pe;
    fp_status status; /* FP_NOMEM ends the walk */
} string_walk;

static void keep_string(string_walk *w, const node *n, fp_str *into)
{
    if (into->size > 0)
        return; /* the first table that names it counts */
    size_t after;
    fp_span units = utf16_until_nul(n->value, 0, n->value.size, &after);
    if (units.size > 2 * (size_t)FP_PE_TEXT_MAX)
        units.size = 2 * (size_t)FP_PE_TEXT_MAX;
    *into = utf16_text(units, w->arena, &w->status);
}

/* One level of the tree. Depth is exactly 3: StringFileInfo, a table per language, its strings. */
typedef enum level { LEVEL_INFO, LEVEL_TABLE, LEVEL_STRING } level;

static void walk_level(string_walk *w, size_t at, size_t end, level depth);

static void visit_node(string_walk *w, const node *n, level depth)
{
    switch (depth) {
    case LEVEL_INFO:
        if (key_is(n->key, "StringFileInfo"))
            walk_level(w, n->children, n->end, LEVEL_TABLE);
        return;
    case LEVEL_TABLE:
        walk_level(w, n->children, n->end, LEVEL_STRING);
        return;
    case LEVEL_STRING:
        if (key_is(n->key, "FileVersion"))
            keep_string(w, n, &w->pe->version_text);
        else if (key_is(n->key, "OriginalFilename"))
            keep_string(w, n, &w->pe->original_name);
        return;
    }
}

/* Every node is at least 6 bytes long and counted, so that the walk ends. */
static void walk_level(string_walk *w, size_t at, size_t end, level depth)
{
    while (w->status == FP_OK && end >= NODE_HEADER_SIZE && at <= end - NODE_HEADER_SIZE) {
        node n;
        if (w->nodes >= FP_PE_NODES_MAX || !read_node(w->resource, at, end, &n)) {
            w->pe->strings_damaged = true;
            return;
        }
        w->nodes++;
        visit_node(w, &n, depth);
        at = align4(n.end);
    }
}

/*
 * VS_VERSIONINFO up to its fixed block; *root is its node. *has is false when it has no fixed block
 * (wValueLength 0).
 */
static fp_status read_fixed(block resource, node *root, bool *has, fp_version *version, fp_diag *d)
{
    if (resource.bytes.size > FP_PE_RESOURCE_MAX)
        resource.bytes.size = FP_PE_RESOURCE_MAX;
    if (!read_node(resource.bytes, 0, resource.bytes.size, root))
        return fp_fail(d, FP_FORMAT, "pe", resource.at, "the version resource is cut or too short");
    if (!key_is(root->key, "VS_VERSION_INFO"))
        return fp_fail(d, FP_FORMAT, "pe", resource.at + NODE_HEADER_SIZE,
                       "the version resource is not named VS_VERSION_INFO");
    *has = root->value_length != 0;
    if (!*has)
        return FP_OK;
    if (root->value_length != FIXED_INFO_SIZE)
        return fp_fail(d, FP_FORMAT, "pe", resource.at + 2, "a fixed version block of %u bytes",
                       root->value_length);

    const size_t at = resource.at + root->children;
    fp_reader r = fp_reader_at(root->value, 0);
    const uint32_t signature = fp_read_u32le(&r);
    fp_read_skip(&r, 4);
    const uint32_t high = fp_read_u32le(&r);
    const uint32_t low = fp_read_u32le(&r);
    fp_read_skip(&r, FIXED_INFO_SIZE - 16);
    if (!fp_reader_ok(&r))
        return fp_fail(d, FP_FORMAT, "pe", at, "the fixed version block is cut");
    if (signature != FIXED_SIGNATURE)
        return fp_fail(d, FP_FORMAT, "pe", at, "the fixed version block has no signature");
    *version =
        (fp_version){.part = {high >> 16, high & 0xFFFF, low >> 16, low & 0xFFFF}, .count = 4};
    return FP_OK;
}

typedef struct language { /* one language of the version resource, read */
    uint32_t id;
    block resource;
    node root;
    bool has_version;
    fp_version version;
} language;

static fp_status read_language(const image *pe, block resources, const entry *e, language *out,
                               fp_diag *d)
{
    if ((e->offset & SUBDIRECTORY) != 0)
        return fp_fail(d, FP_FORMAT, "pe", e->at, "the resource tree is deeper than three levels");
    fp_reader r = fp_reader_at(resources.bytes, e->offset);
    const uint32_t rva = fp_read_u32le(&r);
    const uint32_t size = fp_read_u32le(&r);
    fp_read_skip(&r, 8);
    if (!fp_reader_ok(&r))
        return fp_fail(d, FP_FORMAT, "pe", e->at, "a data entry runs out of the resources");
    language l = {.id = e->id};
    fp_status status = map(pe, rva, size, &l.resource, d);
    if (status == FP_OK)
        status = read_fixed(l.resource, &l.root, &l.has_version, &l.version, d);
    if (status == FP_OK)
        *out = l;
    return status;
}

/* How much a language is preferred: English, then neutral, then whichever comes first. */
static int language_rank(uint32_t id)
{
    if (id == LANGUAGE_ENGLISH_US)
        return 2;
    return id == 0 ? 1 : 0;
}

/* Takes each language of the directory at `offset`; *best is the one to show. */
static fp_status read_languages(const image *pe, block resources, uint32_t offset, language *best,
                                bool *differ, fp_diag *d)
{
    size_t count;
    fp_reader r;
    fp_status status = read_resource_directory(resources, offset, &count, &r, d);
    if (status != FP_OK)
        return status;
    if (count == 0)
        return FP_NOT_FOUND;
    if (count > FP_PE_LANGUAGES_MAX)
        return fp_fail(d, FP_LIMIT, "pe", resources.at + offset,
                       "%zu languages of one version resource, at most %d are read", count,
                       FP_PE_LANGUAGES_MAX);
    for (size_t i = 0; i < count; i++) {
        const entry e = next_entry(resources, &r);
        language l;
        status = read_language(pe, resources, &e, &l, d);
        if (status != FP_OK)
            return status;
        if (i > 0 && (l.has_version != best->has_version ||
                      fp_version_compare(&l.version, &best->version) != 0))
            *differ = true;
        if (i == 0 || language_rank(l.id) > language_rank(best->id))
            *best = l;
    }
    return FP_OK;
}

/* type 16 -> name 1 -> any language: exactly three levels, no directory met twice. */
static fp_status find_version(const image *pe, language *best, bool *differ, fp_diag *d)
{
    block resources;
    fp_status status = map(pe, pe->resources.at, pe->resources.size, &resources, d);
    if (status != FP_OK)
        return status;
    entry type;
    status = find_subdirectory(resources, 0, RT_VERSION, &type, d);
    if (status != FP_OK)
        return status;
    const uint32_t names = type.offset & ~SUBDIRECTORY;
    entry name;
    if (names == 0)
        return fp_fail(d, FP_FORMAT, "pe", type.at, "the resource tree bites its tail");
    status = find_subdirectory(resources, names, VERSION_NAME, &name, d);
    if (status != FP_OK)
        return status;
    const uint32_t languages = name.offset & ~SUBDIRECTORY;
    if (languages == 0 || languages == names)
        return fp_fail(d, FP_FORMAT, "pe", name.at, "the resource tree bites its tail");
    return read_languages(pe, resources, languages, best, differ, d);
}

static fp_status read_version(const image *pe, fp_arena *arena, fp_pe *out, fp_diag *d)
{
    if (pe->resources.at == 0 || pe->resources.size == 0)
        return FP_OK;
    language best;
    const fp_status status = find_version(pe, &best, &out->languages_differ, d);
    if (status == FP_NOT_FOUND)
        return FP_OK; /* resources, but no version among them */
    if (status != FP_OK)
        return status;
    out->has_version = best.has_version;
    out->version = best.version;

    string_walk w = {.resource = best.resource.bytes, .arena = arena, .pe = out};
    const size_t children = align4(best.root.children + best.root.value_length);
    walk_level(&w, children, best.root.end, LEVEL_INFO);
    return w.status;
}

/* The certificate table is addressed by file offset. A table beyond the end: the file was cut. */
static fp_status read_certificates(const image *pe, fp_pe *out, fp_diag *d)
{
    if (pe->certificates.at == 0 || pe->certificates.size == 0)
        return FP_OK;
    fp_span table; /* only where it lies: nothing of it is read */
    if (!fp_span_sub(pe->file.place, pe->certificates.at, pe->certificates.size, &table))
        return fp_fail(d, FP_TRUNCATED, "pe", pe->file.place.size,
                       "the file ends before its certificates do");
    out->has_certificates = true;
    return FP_OK;
}

fp_status fp_pe_read(fp_paged file, fp_arena *arena, fp_pe *out, fp_diag *d)
{
    image pe;
    fp_status status = read_headers(file, &pe, d);
    if (status != FP_OK)
        return status;
    fp_pe found = {.machine = pe.machine};
    status = read_certificates(&pe, &found, d);
    if (status == FP_OK)
        status = read_version(&pe, arena, &found, d);
    if (status != FP_OK)
        return status;
    *out = found;
    return FP_OK;
}

/* The version that a free text begins with: "4.0.6221.1047 (made.080613-1240)", "4, 0, 6221, 1".
 */
static bool leading_version(fp_str text, fp_version *out)
{
    char number[FP_VERSION_PARTS * sizeof "4294967295."];
    size_t size = 0;
    size_t at = 0;
    for (; at < text.size && size < sizeof number; at++) {
        const char c = text.data[at];
        if (c == ' ' && at > 0 && text.data[at - 1] == ',')
            continue;
        if (c != ',' && c != '.' && (c < '0' || c > '9'))
            break;
        number[size++] = c == ',' ? '.' : c;
    }
    const bool ends = at == text.size || text.data[at] == ' ';
    return ends && fp_version_parse((fp_str){number, size}, out);
}

fp_tri fp_pe_text_agrees(const fp_pe *pe)
{
    fp_version named;
    if (!pe->has_version || !leading_version(pe->version_text, &named))
        return FP_UNKNOWN;
    for (unsigned i = 0; i < named.count; i++) {
        if (named.part[i] != pe->version.part[i])
            return FP_FALSE;
    }
    return FP_TRUE;
}

fp_status fp_pe_read_signing(fp_span head, fp_pe_signing *out, fp_diag *d)
{
    image pe;
    const fp_status status = read_headers(fp_paged_of(head), &pe, d);
    if (status != FP_OK)
        return status;
    *out = (fp_pe_signing){.checksum = pe.checksum,
                           .certificate_entry = pe.certificate_entry,
                           .headers_end = pe.section_table + pe.section_count * SECTION_SIZE,
                           .certificates = pe.certificates.at,
                           .certificates_size = pe.certificates.size};
    return FP_OK;
}
