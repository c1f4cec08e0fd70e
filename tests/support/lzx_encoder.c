/* SPDX-License-Identifier: MIT */
#include "lzx_encoder.h"

#include <stdlib.h>
#include <string.h>

enum {
    LITERALS = 256,
    SLOTS_MAX = 50,
    HEADERS = 8, /* length headers of a position slot */
    MAIN_MAX = LITERALS + SLOTS_MAX * HEADERS,
    LENGTHS = 249,
    PRETREE = 20,
    CODE_MAX = 15,    /* bits; the format allows 16, which not every reader takes */
    PRECODE_MAX = 10, /* bits; the format allows 15 */
    MATCH_MIN = 2,
    MATCH_MAX = 257,
    HASHED = 4, /* bytes that a match found by its hash has at least */
    HASH_BITS = 16,
    TRIES = 2,      /* places looked at */
    GOOD_MATCH = 24 /* long enough to look no further */
};

typedef struct token { /* a literal or a match */
    uint16_t main;
    uint16_t length; /* of the length tree, or NO_LENGTH */
    uint32_t extra;  /* the position's low bits */
    uint8_t extra_bits;
} token;

#define NO_LENGTH UINT16_MAX

typedef struct lengths { /* of the codes of both trees: 0 where a symbol has none */
    uint8_t main[MAIN_MAX];
    uint8_t length[LENGTHS];
} lengths;

struct lzx_encoder {
    uint32_t window; /* bytes */
    size_t main_count;
    uint32_t recent[3]; /* R0, R1, R2 */
    lengths codes;      /* of the verbatim block before: the next one tells differences */
    bool begun;

    uint8_t *text; /* the window's worth before the piece, and the piece */
    size_t text_size;
    uint32_t base;   /* position of text[0] in the folder */
    uint32_t *heads; /* by hash: position + 1 of its last place */
    uint32_t *chain; /* by position in the window: position + 1 of the place before */

    token tokens[LZX_PIECE];
    size_t ends[LZX_FRAMES]; /* tokens up to the end of each frame */
};

static void *zeroed(size_t count, size_t size)
{
    void *memory = calloc(count, size);
    if (memory == NULL)
        abort();
    return memory;
}

/* ---- bits: 16-bit words, low byte first, filled from the highest bit ---- */

typedef struct bits {
    lzx_frame *frame;
    uint64_t pending;
    unsigned count;
    bool full; /* sticky: the frame has no room */
} bits;

static void put(bits *b, uint32_t value, unsigned count)
{
    b->pending = b->pending << count | value;
    b->count += count;
    while (b->count >= 16) {
        b->count -= 16;
        const uint16_t word = (uint16_t)(b->pending >> b->count);
        if (b->frame->size + 2 > LZX_PACKED_MAX) {
            b->full = true;
            return;
        }
        b->frame->data[b->frame->size++] = (uint8_t)word;
        b->frame->data[b->frame->size++] = (uint8_t)(word >> 8);
    }
}

/* A frame ends at a whole word. */
static void align(bits *b)
{
    if (b->count > 0)
        put(b, 0, 16 - b->count);
}

/* ---- codes ---- */

typedef struct leaf {
    uint64_t weight;
    size_t symbol;
} leaf;

static int by_weight(const void *a, const void *b)
{
    const leaf *x = a;
    const leaf *y = b;
    if (x->weight != y->weight)
        return x->weight < y->weight ? -1 : 1;
    return (x->symbol > y->symbol) - (x->symbol < y->symbol);
}

/* Huffman's tree by two queues: leaves by weight, and joined nodes, which come in order of weight.
 * Sets the depth of each leaf; returns the greatest. */
static unsigned depths(const leaf *leaves, size_t count, uint8_t *code_lengths)
{
    uint64_t weights[2 * MAIN_MAX];
    size_t parents[2 * MAIN_MAX];
    unsigned depth[2 * MAIN_MAX];
    size_t next_leaf = 0;
    size_t next_joined = count;
    const size_t root = 2 * count - 2;
    for (size_t i = 0; i < count; i++)
        weights[i] = leaves[i].weight;
    for (size_t node = count; node <= root; node++) {
        weights[node] = 0;
        for (int child = 0; child < 2; child++) {
            const bool take_leaf =
                next_leaf < count &&
                (next_joined == node || weights[next_leaf] <= weights[next_joined]);
            const size_t taken = take_leaf ? next_leaf++ : next_joined++;
            parents[taken] = node;
            weights[node] += weights[taken];
        }
    }
    depth[root] = 0;
    unsigned deepest = 0;
    for (size_t node = root; node-- > 0;) {
        depth[node] = depth[parents[node]] + 1;
        deepest = depth[node] > deepest ? depth[node] : deepest;
        if (node < count)
            code_lengths[leaves[node].symbol] = (uint8_t)depth[node];
    }
    return deepest;
}

/* Readers want a complete code or none at all: one symbol alone gets a companion. */
static size_t gather(const uint32_t *uses, size_t symbols, leaf *leaves)
{
    size_t count = 0;
    for (size_t i = 0; i < symbols; i++) {
        if (uses[i] > 0)
            leaves[count++] = (leaf){uses[i], i};
    }
    if (count == 1)
        leaves[count++] = (leaf){1, leaves[0].symbol == 0 ? 1 : 0};
    return count;
}

/* Too deep a tree is made flatter by halving the weights. */
static void code_lengths_of(const uint32_t *uses, size_t symbols, unsigned most, uint8_t *out)
{
    leaf leaves[MAIN_MAX];
    memset(out, 0, symbols);
    const size_t count = gather(uses, symbols, leaves);
    if (count == 0)
        return;
    qsort(leaves, count, sizeof *leaves, by_weight);
    while (depths(leaves, count, out) > most) {
        for (size_t i = 0; i < count; i++)
            leaves[i].weight = (leaves[i].weight + 1) / 2;
    }
}

/* Canonical: shorter codes first, then by symbol. */
static void codes_of(const uint8_t *code_lengths, size_t symbols, uint16_t *codes)
{
    unsigned code = 0;
    for (unsigned bit_count = 1; bit_count <= CODE_MAX; bit_count++) {
        code <<= 1;
        for (size_t i = 0; i < symbols; i++) {
            if (code_lengths[i] == bit_count)
                codes[i] = (uint16_t)code++;
        }
    }
}

/* ---- trees, written as differences to those of the block before ---- */

typedef struct step { /* of the pretree's alphabet */
    uint8_t symbol;
    uint8_t extra;
    uint8_t extra_bits;
} step;

/* 17: 4 to 19 zeros; 18: 20 to 51; else the difference of one length, modulo 17. */
static step next_step(const uint8_t *now, const uint8_t *before, size_t left, size_t *taken)
{
    size_t zeros = 0;
    while (zeros < left && zeros < 51 && now[zeros] == 0)
        zeros++;
    *taken = zeros < 4 ? 1 : zeros;
    if (zeros >= 20)
        return (step){18, (uint8_t)(zeros - 20), 5};
    if (zeros >= 4)
        return (step){17, (uint8_t)(zeros - 4), 4};
    return (step){(uint8_t)((before[0] + 17 - now[0]) % 17), 0, 0};
}

static void put_lengths(bits *b, const uint8_t *now, const uint8_t *before, size_t count)
{
    step steps[MAIN_MAX];
    size_t step_count = 0;
    uint32_t uses[PRETREE] = {0};
    for (size_t at = 0, taken = 0; at < count; at += taken) {
        steps[step_count] = next_step(now + at, before + at, count - at, &taken);
        uses[steps[step_count++].symbol]++;
    }
    uint8_t code_lengths[PRETREE];
    uint16_t codes[PRETREE];
    code_lengths_of(uses, PRETREE, PRECODE_MAX, code_lengths);
    codes_of(code_lengths, PRETREE, codes);
    for (size_t i = 0; i < PRETREE; i++)
        put(b, code_lengths[i], 4);
    for (size_t i = 0; i < step_count; i++) {
        put(b, codes[steps[i].symbol], code_lengths[steps[i].symbol]);
        put(b, steps[i].extra, steps[i].extra_bits);
    }
}

/* ---- matches ---- */

typedef struct match {
    uint32_t length;
    uint32_t offset;
    unsigned recent; /* 0 to 2: the offset is R0 ... R2; 3: another one */
} match;

static uint32_t hash_of(const uint8_t *p)
{
    return fp_load_u32le(p) * 2654435761U >> (32 - HASH_BITS);
}

static uint32_t common(const uint8_t *a, const uint8_t *b, uint32_t most)
{
    uint32_t n = 0;
    while (n + 8 <= most && memcmp(a + n, b + n, 8) == 0)
        n += 8;
    while (n < most && a[n] == b[n])
        n++;
    return n;
}

static match recent_match(const lzx_encoder *e, size_t at, uint32_t most)
{
    match best = {0, 0, 3};
    for (unsigned i = 0; i < 3; i++) {
        const uint32_t offset = e->recent[i];
        if (offset > at)
            continue;
        const uint32_t length = common(e->text + at, e->text + at - offset, most);
        if (length > best.length)
            best = (match){length, offset, i};
    }
    return best;
}

/* An offset of its own costs up to 17 bits more: it must be worth them. */
static match found_match(const lzx_encoder *e, size_t at, uint32_t most, match best)
{
    const uint32_t position = e->base + (uint32_t)at;
    const uint32_t offset_max = e->window - 3;
    uint32_t beat = best.length + 2 > HASHED ? best.length + 2 : HASHED - 1;
    uint32_t next = most < HASHED ? 0 : e->heads[hash_of(e->text + at)];
    for (int i = 0; i < TRIES && next > e->base && beat < most; i++) {
        const uint32_t offset = position + 1 - next;
        if (offset > offset_max)
            break;
        const uint8_t *there = e->text + at - offset;
        if (there[beat] == e->text[at + beat]) {
            const uint32_t length = common(e->text + at, there, most);
            if (length > beat) {
                beat = length;
                best = (match){length, offset, 3};
            }
        }
        next = e->chain[(next - 1) & (e->window - 1)];
    }
    return best;
}

/* The hash needs HASHED bytes: the last few places of a piece are not remembered. */
static void remember(lzx_encoder *e, size_t at, size_t count)
{
    for (; count > 0 && at + HASHED <= e->text_size; at++, count--) {
        const uint32_t position = e->base + (uint32_t)at;
        uint32_t *head = &e->heads[hash_of(e->text + at)];
        e->chain[position & (e->window - 1)] = *head;
        *head = position + 1;
    }
}

/* ---- tokens ---- */

/* The offset's slot and the bits below it. formatted: 0 to 2 stand for R0 to R2. */
static unsigned slot_of(uint32_t formatted, unsigned *extra_bits)
{
    *extra_bits = 0;
    if (formatted < 4)
        return formatted;
    if (formatted >= 1U << 18) { /* from here on all slots have one size */
        *extra_bits = 17;
        return 34 + (formatted >> 17);
    }
    const unsigned high = 31U - (unsigned)__builtin_clz(formatted);
    *extra_bits = high - 1;
    return 2 * high + (formatted >> (high - 1) & 1);
}

static token token_of_match(match m)
{
    unsigned extra_bits;
    const uint32_t formatted = m.recent < 3 ? m.recent : m.offset + 2;
    const unsigned slot = slot_of(formatted, &extra_bits);
    const uint32_t over = m.length - MATCH_MIN;
    const uint32_t header = over < HEADERS - 1 ? over : HEADERS - 1;
    return (token){.main = (uint16_t)(LITERALS + slot * HEADERS + header),
                   .length = header < HEADERS - 1 ? NO_LENGTH : (uint16_t)(over - header),
                   .extra = formatted & ((1U << extra_bits) - 1),
                   .extra_bits = (uint8_t)extra_bits};
}

static void use_offset(uint32_t recent[3], match m)
{
    if (m.recent == 3) {
        recent[2] = recent[1];
        recent[1] = recent[0];
    } else {
        recent[m.recent] = recent[0];
    }
    recent[0] = m.offset;
}

/* Of one frame: matches do not cross its end. */
static size_t tokenize(lzx_encoder *e, size_t at, size_t size, token *out)
{
    size_t count = 0;
    for (const size_t end = at + size; at < end;) {
        const size_t left = end - at;
        const uint32_t most = left < MATCH_MAX ? (uint32_t)left : MATCH_MAX;
        match m = recent_match(e, at, most);
        if (m.length < GOOD_MATCH)
            m = found_match(e, at, most, m);
        const bool literal = m.length <= MATCH_MIN;
        if (literal) {
            out[count++] = (token){.main = e->text[at], .length = NO_LENGTH};
        } else {
            out[count++] = token_of_match(m);
            use_offset(e->recent, m);
        }
        const size_t advance = literal ? 1 : m.length;
        remember(e, at, advance);
        at += advance;
    }
    return count;
}

/* ---- blocks ---- */

typedef enum block_type { BLOCK_VERBATIM = 1, BLOCK_UNCOMPRESSED = 3 } block_type;

static void put_block_head(const lzx_encoder *e, bits *b, block_type type, size_t size)
{
    if (!e->begun)
        put(b, 0, 1); /* no translation of calls */
    put(b, type, 3);
    put(b, (uint32_t)(size >> 8), 16);
    put(b, size & 0xFF, 8);
}

static void count_uses(const lzx_encoder *e, size_t frames, lengths *out)
{
    uint32_t main_uses[MAIN_MAX] = {0};
    uint32_t length_uses[LENGTHS] = {0};
    for (size_t i = 0; i < e->ends[frames - 1]; i++) {
        main_uses[e->tokens[i].main]++;
        if (e->tokens[i].length != NO_LENGTH)
            length_uses[e->tokens[i].length]++;
    }
    code_lengths_of(main_uses, e->main_count, CODE_MAX, out->main);
    code_lengths_of(length_uses, LENGTHS, CODE_MAX, out->length);
}

static void put_tokens(bits *b, const token *tokens, size_t count, const lengths *l,
                       const uint16_t *main_codes, const uint16_t *length_codes)
{
    for (size_t i = 0; i < count && !b->full; i++) {
        const token *t = &tokens[i];
        put(b, main_codes[t->main], l->main[t->main]);
        if (t->length != NO_LENGTH)
            put(b, length_codes[t->length], l->length[t->length]);
        put(b, t->extra, t->extra_bits);
    }
}

/* False: it does not fit, or is no smaller than the content. */
static bool put_verbatim(lzx_encoder *e, size_t size, lzx_frame *frames, size_t count)
{
    lengths now = {.main = {0}};
    uint16_t main_codes[MAIN_MAX];
    uint16_t length_codes[LENGTHS];
    count_uses(e, count, &now);
    codes_of(now.main, e->main_count, main_codes);
    codes_of(now.length, LENGTHS, length_codes);
    size_t packed = 0;
    for (size_t i = 0, first = 0; i < count; first = e->ends[i++]) {
        bits b = {.frame = &frames[i]};
        frames[i].size = 0;
        if (i == 0) {
            put_block_head(e, &b, BLOCK_VERBATIM, size);
            put_lengths(&b, now.main, e->codes.main, LITERALS);
            put_lengths(&b, now.main + LITERALS, e->codes.main + LITERALS,
                        e->main_count - LITERALS);
            put_lengths(&b, now.length, e->codes.length, LENGTHS);
        }
        put_tokens(&b, e->tokens + first, e->ends[i] - first, &now, main_codes, length_codes);
        align(&b);
        packed += frames[i].size;
        if (b.full || packed >= size)
            return false;
    }
    e->codes = now;
    return true;
}

static void put_uncompressed(lzx_encoder *e, fp_span content, lzx_frame *frames, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        bits b = {.frame = &frames[i]};
        frames[i].size = 0;
        if (i == 0) { /* what stands before it is no whole word: the padding is less than one */
            put_block_head(e, &b, BLOCK_UNCOMPRESSED, content.size);
            align(&b);
            for (size_t k = 0; k < 3; k++) {
                const uint32_t r = e->recent[k]; /* low byte first, as the words are */
                put(&b, r & 0xFFFF, 16);
                put(&b, r >> 16, 16);
            }
        }
        memcpy(frames[i].data + frames[i].size, content.data + i * LZX_FRAME,
               frames[i].content_size);
        frames[i].size += frames[i].content_size;
        if (frames[i].content_size % 2 != 0)
            frames[i].data[frames[i].size++] = 0;
    }
}

/* ---- the encoder ---- */

lzx_encoder *lzx_encoder_new(unsigned window_bits)
{
    static const unsigned slots[] = {30, 32, 34, 36, 38, 42, SLOTS_MAX};
    if (window_bits < LZX_WINDOW_BITS_MIN || window_bits > LZX_WINDOW_BITS_MAX)
        abort();
    lzx_encoder *e = zeroed(1, sizeof *e);
    e->window = 1U << window_bits;
    e->main_count = LITERALS + HEADERS * slots[window_bits - LZX_WINDOW_BITS_MIN];
    for (size_t i = 0; i < 3; i++)
        e->recent[i] = 1;
    e->text = zeroed(2 * e->window + LZX_PIECE, 1);
    e->heads = zeroed((size_t)1 << HASH_BITS, sizeof *e->heads);
    e->chain = zeroed(e->window, sizeof *e->chain);
    return e;
}

void lzx_encoder_free(lzx_encoder *e)
{
    if (e == NULL)
        return;
    free(e->text);
    free(e->heads);
    free(e->chain);
    free(e);
}

/* Where the piece stands in `text`. Once in a window's worth the last window is moved to the front.
 */
static size_t take_in(lzx_encoder *e, fp_span content)
{
    if (e->text_size + content.size > 2 * (size_t)e->window + LZX_PIECE) {
        const size_t gone = e->text_size - e->window;
        memmove(e->text, e->text + gone, e->window);
        e->text_size = e->window;
        e->base += (uint32_t)gone;
    }
    const size_t at = e->text_size;
    memcpy(e->text + at, content.data, content.size);
    e->text_size += content.size;
    return at;
}

size_t lzx_encode(lzx_encoder *e, fp_span content, lzx_frame frames[LZX_FRAMES])
{
    uint32_t recent_before[3];
    memcpy(recent_before, e->recent, sizeof recent_before);
    const size_t start = take_in(e, content);
    size_t count = 0;
    size_t tokens = 0;
    for (size_t at = 0; at < content.size; at += frames[count++].content_size) {
        const size_t left = content.size - at;
        frames[count].content_size = left < LZX_FRAME ? left : LZX_FRAME;
        tokens += tokenize(e, start + at, frames[count].content_size, e->tokens + tokens);
        e->ends[count] = tokens;
    }
    if (count > 0 && !put_verbatim(e, content.size, frames, count)) {
        memcpy(e->recent, recent_before, sizeof recent_before); /* its matches are not written */
        put_uncompressed(e, content, frames, count);
    }
    e->begun = true;
    return count;
}
