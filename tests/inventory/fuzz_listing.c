/* SPDX-License-Identifier: MIT */
/*
 * Listings of installed updates. First byte: the code page; second: where to cut, in 256ths. What
 * must hold: every row is a word of the text, in the order of lines; and nothing that is cut off
 * makes a KB number which the whole text does not hold as a word.
 */
#include "inventory/hotfix/kb.h"

#include "inventory/hotfix/listing.h"
#include "tests/support/fuzz.h"

enum { BUDGET = 16 * 1024 * 1024, HEADER = 2, CUTS = 256 };

static const char *code_page_of(uint8_t selector)
{
    static const char *const pages[] = {NULL, "CP850", "CP866", "CP932"};
    return pages[selector % (sizeof pages / sizeof pages[0])];
}

static fp_text_format format_of(fp_span content, const char *code_page)
{
    const fp_text_format format = fp_text_sniff(content);
    if (format.encoding != FP_ENCODING_UNKNOWN || code_page == NULL)
        return format;
    return (fp_text_format){.encoding = FP_ENCODING_CODE_PAGE, .code_page = code_page};
}

static bool holds_word(fp_str text, uint64_t kb)
{
    uint64_t number;
    for (size_t at = 0; fp_kb_next(text, &at, &number);)
        if (number == kb)
            return true;
    return false;
}

/* The escapes of JSON and XML hide words. */
static void check_words(const fp_listing *listing, fp_str text)
{
    if (listing->form == FP_LISTING_JSON || listing->form == FP_LISTING_CLIXML)
        return;
    for (size_t i = 0; i < listing->row_count; i++)
        require(holds_word(text, listing->rows[i].kb));
}

static void check_field(fp_str field)
{
    require(field.size <= FP_LISTING_FIELD_MAX);
    uint8_t sum = 0; /* every byte can be read */
    for (size_t i = 0; i < field.size; i++)
        sum = (uint8_t)(sum + (uint8_t)field.data[i]);
    require(sum == 0 || field.size > 0);
}

/* In XML a carriage return alone ends a line, too. */
static uint64_t lines_of(fp_str text)
{
    uint64_t lines = 1;
    for (size_t i = 0; i < text.size; i++)
        lines += text.data[i] == '\n' || text.data[i] == '\r';
    return lines;
}

static void check_listing(const fp_listing *listing, fp_str text)
{
    const uint64_t lines = lines_of(text);
    require(listing->form != FP_LISTING_UNKNOWN && listing->form < FP_LISTING_FORMS);
    require(listing->row_count <= FP_LISTING_ROWS_MAX);
    require(listing->host_count <= FP_LISTING_HOSTS_MAX);
    for (size_t i = 0; i < listing->row_count; i++) {
        const fp_listing_row *row = &listing->rows[i];
        require(row->line > 0 && row->line <= lines);
        require(i == 0 || listing->rows[i - 1].line <= row->line);
        check_field(row->installed_on);
        check_field(row->installed_by);
        check_field(row->description);
    }
    for (size_t i = 0; i < listing->host_count; i++)
        require(listing->hosts[i].name.size > 0);
}

static fp_status read(fp_span content, const char *page, fp_arena *arena, fp_listing *out)
{
    const fp_status status = fp_listing_read(content, 1, page, arena, out, NULL);
    require(status == FP_OK || status == FP_FORMAT);
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < HEADER)
        return 0;
    const char *page = code_page_of(data[0]);
    const fp_span whole = fp_span_of(data + HEADER, size - HEADER);
    const fp_span part = fp_span_of(whole.data, whole.size * data[1] / CUTS);
    fp_arena *arena = fp_arena_new(BUDGET);
    require(arena != NULL);

    fp_listing listing;
    fp_str text;
    fp_text_counts counts;
    const fp_text_format format = format_of(whole, page);
    require(fp_text_decode(format, whole, arena, &text, &counts, NULL) == FP_OK);
    if (read(whole, page, arena, &listing) == FP_OK) {
        check_listing(&listing, text);
        check_words(&listing, text);
    }
    if (format_of(part, page).encoding == format.encoding &&
        read(part, page, arena, &listing) == FP_OK)
        check_words(&listing, text);
    fp_arena_free(arena);
    return 0;
}
