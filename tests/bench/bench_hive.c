/* SPDX-License-Identifier: MIT */
/*
 * What scripts/bench needs for hives:
 *
 *   bench_hive HIVE              all keys and values, as text
 *   bench_hive HIVE PATH...      these keys with their values
 *
 * The text is like a .reg export's: [path], "name"="text", dword:, hex(type):. It is for people and
 * for benchmarks; strings that are none are shown with what they hold.
 */
#include "inventory/registry/hive.h"

#include <endian.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PIECE = 256 * 1024, WORD = 8, PATH_BYTES = (FP_REGISTRY_DEPTH_MAX + 1) * 4 * 256 };

typedef struct printer {
    const fp_hive *hive;
    fp_arena *arena;
    char *path; /* of the key that is shown, UTF-8 */
    size_t ends[FP_REGISTRY_DEPTH_MAX + 1];
    char *out;
    size_t used, capacity;
    bool failed; /* to write, or for want of memory */
} printer;

/* ---- output ---- */

static void flush(printer *p)
{
    for (size_t done = 0; done < p->used && !p->failed;) {
        const ssize_t put = write(STDOUT_FILENO, p->out + done, p->used - done);
        p->failed = put <= 0;
        done += put > 0 ? (size_t)put : 0;
    }
    p->used = 0;
}

/* Room for `size` bytes; NULL: there is no memory. */
static char *room(printer *p, size_t size)
{
    if (p->used + size > PIECE)
        flush(p);
    if (size > p->capacity) {
        char *grown = realloc(p->out, size + PIECE);
        p->failed = p->failed || grown == NULL;
        if (grown == NULL)
            return NULL;
        p->out = grown;
        p->capacity = size + PIECE;
    }
    return p->out + p->used;
}

static void put(printer *p, const char *bytes, size_t size)
{
    char *to = room(p, size);
    if (to == NULL)
        return;
    memcpy(to, bytes, size);
    p->used += size;
}

static void put_text(printer *p, const char *text)
{
    put(p, text, strlen(text));
}

/* ---- text: UTF-16LE (width 2) or Latin-1 (width 1) to UTF-8, nearly all of it ASCII ---- */

static uint32_t unit_at(fp_span s, size_t at, size_t width)
{
    if (at + width > s.size)
        return 0;
    return width == 1 ? s.data[at] : fp_load_u16le(s.data + at);
}

/* ASCII that stands for itself, quoted or not. */
static bool is_plain(uint32_t c)
{
    return c < 0x80 && c != '"' && c != '\\' && c != 0;
}

/* How many bytes of this word hold plain units, up to the first that is not. */
static size_t plain_bytes(uint64_t units, size_t width)
{
    const uint64_t ones = width == 1 ? 0x0101010101010101U : 0x0001000100010001U;
    const uint64_t quote = units ^ ones * '"';
    const uint64_t slash = units ^ ones * '\\';
    /* What is below 0x80 borrows into its high bit only when it is zero, or when the unit before
     * it did: then that one was the first. */
    const uint64_t borrowed = (units - ones) | (quote - ones) | (slash - ones);
    const uint64_t other = width == 1 ? (borrowed | units) & ones * 0x80
                                      : (borrowed & ones * 0x8000) | (units & ones * 0xFF80);
    return other == 0 ? 8 : (size_t)__builtin_ctzll(other) / (8 * width) * width;
}

/* Takes plain characters from *at on. Returns how many it put; WORD bytes more may be overwritten.
 */
static size_t take_plain(fp_span s, size_t *at, size_t width, char *to)
{
    size_t size = 0;
    size_t count = WORD;
    for (; count == WORD && *at + WORD <= s.size; *at += count, size += count / width) {
        uint64_t units = fp_load_u64le(s.data + *at);
        count = plain_bytes(units, width);
        if (width == 2) {
            units = (units | units >> 8) & 0x0000FFFF0000FFFFU;
            units |= units >> 16;
        }
        units = htole64(units);
        memcpy(to + size, &units, WORD);
    }
    for (uint32_t c; count == WORD && is_plain(c = unit_at(s, *at, width)); *at += width)
        to[size++] = (char)c;
    return size;
}

/* Takes the character at *at, which is not plain. Returns the size of what it put. */
static size_t take_other(fp_span s, size_t *at, size_t width, bool escape, char *to)
{
    static const uint8_t marks[] = {0, 0, 0xC0, 0xE0, 0xF0};
    uint32_t c = unit_at(s, *at, width);
    const uint32_t low = unit_at(s, *at + width, width);
    *at += width;
    if (c < 0x80) { /* a quote or a backslash */
        to[0] = '\\';
        to[escape ? 1 : 0] = (char)c;
        return escape ? 2 : 1;
    }
    if (c >= 0xD800 && c < 0xDC00 && low >= 0xDC00 && low < 0xE000) {
        c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
        *at += width;
    } else if (c >= 0xD800 && c < 0xE000) {
        c = 0xFFFD; /* half of a pair */
    }
    const size_t size = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (size_t i = size; i > 1; i--, c >>= 6)
        to[i - 1] = (char)(0x80 | (c & 0x3F));
    to[0] = (char)(marks[size] | c);
    return size;
}

/* Up to a NUL. `escape`: quotes and backslashes get a backslash. In `to` there are 4 bytes for each
 * unit and WORD more. */
static size_t decode(fp_span s, size_t width, bool escape, char *to)
{
    size_t at = 0;
    size_t size = take_plain(s, &at, width, to);
    while (unit_at(s, at, width) != 0) {
        size += take_other(s, &at, width, escape, to + size);
        size += take_plain(s, &at, width, to + size);
    }
    return size;
}

static void put_quoted(printer *p, fp_span s, size_t width)
{
    char *to = room(p, s.size / width * 4 + WORD + 2);
    if (to == NULL)
        return;
    const size_t size = decode(s, width, true, to + 1);
    to[0] = to[size + 1] = '"';
    p->used += size + 2;
}

static void put_hex(printer *p, uint32_t type, fp_span data)
{
    static const char digits[] = "0123456789abcdef";
    char head[24];
    put(p, head, (size_t)snprintf(head, sizeof head, "hex(%" PRIx32 "):", type));
    char *to = room(p, data.size * 3);
    if (to == NULL)
        return;
    for (size_t i = 0; i < data.size; i++) {
        *to++ = digits[data.data[i] >> 4];
        *to++ = digits[data.data[i] & 15];
        *to++ = ',';
    }
    p->used += data.size * 3 - (data.size > 0); /* no comma behind the last */
}

/* ---- keys and values ---- */

static bool put_key(void *context, const fp_hive_key *key, unsigned depth)
{
    printer *p = context;
    size_t size = depth == 0 ? 0 : p->ends[depth - 1];
    if (depth > 0) { /* names have at most 255 units: the buffer is large enough for any depth */
        p->path[size++] = '\\';
        size += decode(key->name, key->latin1 ? 1 : 2, false, p->path + size);
    }
    p->ends[depth] = size;
    put_text(p, "\n[");
    put(p, p->path, size);
    put_text(p, "]\n");
    return !p->failed;
}

static bool put_value(void *context, const fp_hive_key *key, const fp_hive_value *value)
{
    (void)key;
    printer *p = context;
    fp_span data;
    if (fp_hive_data(p->hive, value, p->arena, &data, NULL) != FP_OK)
        return true; /* the walk tells it */
    if (value->name.size == 0)
        put_text(p, "@");
    else
        put_quoted(p, value->name, value->latin1 ? 1 : 2);
    put_text(p, "=");
    char number[24];
    if (value->type == FP_REG_SZ)
        put_quoted(p, data, 2);
    else if (value->type == FP_REG_DWORD && data.size == 4)
        put(p, number,
            (size_t)snprintf(number, sizeof number, "dword:%08" PRIx32, fp_load_u32le(data.data)));
    else
        put_hex(p, value->type, data);
    put_text(p, "\n");
    return !p->failed;
}

/* ---- commands ---- */

static bool dump(printer *p)
{
    fp_reg_problems problems = {.tell = NULL};
    const fp_hive_visitor visitor = {.context = p, .key = put_key, .value = put_value};
    bool whole = false;
    return fp_hive_walk(p->hive, &visitor, &problems, &whole) == FP_OK && whole;
}

static bool show_value(void *context, const fp_hive_value *value)
{
    return put_value(context, NULL, value);
}

static bool look(printer *p, const char *path)
{
    fp_str rest = fp_str_of(path);
    fp_str name;
    fp_hive_key key;
    if (fp_hive_root(p->hive, &key, NULL) != FP_OK)
        return false;
    while (rest.size > 0 && fp_str_split(&rest, '\\', &name)) {
        fp_hive_key child;
        if (fp_hive_find_key(p->hive, &key, name, &child, NULL) != FP_HIVE_FOUND)
            return false;
        key = child;
    }
    put_text(p, "\n[\\");
    put_text(p, path);
    put_text(p, "]\n");
    return fp_hive_values(p->hive, &key, show_value, p, NULL);
}

static bool print(printer *p, char *const *paths)
{
    bool good = *paths != NULL || dump(p);
    for (; good && *paths != NULL; paths++)
        good = look(p, *paths);
    flush(p);
    return good && !p->failed;
}

/* ---- the file, read as the program reads evidence ---- */

typedef struct input {
    fp_paged content;
    uint64_t held;
} input;

static bool input_open(const char *path, bool whole, input *in)
{
    struct stat seen;
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    const fp_paged_source source = {
        .fd = fd, .seen = &seen, .held = &in->held, .held_max = UINT64_MAX};
    const bool opened =
        fd >= 0 && fstat(fd, &seen) == 0 && fp_paged_open(&source, &in->content) == FP_OK;
    if (opened && whole)
        fp_paged_bring_all(in->content);
    if (fd >= 0)
        (void)close(fd);
    return opened;
}

static bool show(const input *in, printer *p, char *const *paths)
{
    fp_hive *hive = NULL;
    fp_reg_problems problems = {.tell = NULL};
    if (p->arena == NULL || p->path == NULL ||
        fp_hive_open_paged(in->content, p->arena, &problems, &hive, NULL) != FP_OK)
        return false;
    p->hive = hive;
    return print(p, paths);
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        (void)fprintf(stderr, "usage: bench_hive HIVE [PATH...]\n");
        return 64;
    }
    input in = {.held = 0};
    bool good = input_open(argv[1], argc == 2, &in);
    if (good) {
        printer p = {.arena = fp_arena_new(SIZE_MAX), .path = malloc(PATH_BYTES)};
        good = show(&in, &p, argv + 2);
        free(p.out);
        free(p.path);
        fp_arena_free(p.arena);
        fp_paged_close(in.content);
    }
    if (!good)
        (void)fprintf(stderr, "bench_hive: %s: not all of it was read and printed\n", argv[1]);
    return good ? 0 : 1;
}
