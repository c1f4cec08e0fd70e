/* SPDX-License-Identifier: MIT */
/*
 * Export-Clixml. What must hold: rows begin and end in turn, in the order of lines, and have a
 * property; a document that is refused gave no row; what an event refuses ends the reading.
 */
#include "inventory/base/clixml.h"

#include "tests/support/fuzz.h"

typedef struct seen {
    unsigned rows, properties; /* properties: of the row that is open */
    uint64_t line;
    bool open;
    unsigned stop_after; /* properties of the document; 0: never */
    unsigned told;
} seen;

static fp_status begin(void *context, uint64_t line)
{
    seen *s = context;
    require(!s->open && line >= 1);
    s->open = true;
    s->properties = 0;
    s->line = line;
    s->rows++;
    return FP_OK;
}

static fp_status property(void *context, fp_str name, fp_str value)
{
    seen *s = context;
    require(s->open);
    s->properties++;
    (void)fp_text_is_utf8(name); /* every byte can be read */
    (void)fp_text_is_utf8(value);
    return ++s->told == s->stop_after ? FP_UNSUPPORTED : FP_OK;
}

static fp_status end(void *context)
{
    seen *s = context;
    require(s->open && s->properties > 0);
    s->open = false;
    return FP_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    seen s = {.stop_after = data[0]};
    const fp_clixml_events events = {&s, begin, property, end};
    const fp_str text = {(const char *)data + 1, size - 1};
    (void)fp_clixml_names_property(text, FP_STR("HotFixID"));
    const fp_status status = fp_clixml_read(text, &events, NULL);
    const bool stopped = s.stop_after != 0 && s.told == s.stop_after;
    require((status == FP_UNSUPPORTED) == stopped);
    require(status == FP_OK ? !s.open : stopped || s.rows == 0);
    return 0;
}
