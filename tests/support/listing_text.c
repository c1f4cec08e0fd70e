/* SPDX-License-Identifier: MIT */
#include "tests/support/listing_text.h"

#include <iconv.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS_MAX = 16, ROWS_MAX = 64 };

typedef struct grid {
    fp_str cells[ROWS_MAX][COLUMNS_MAX]; /* row 0: the titles */
    size_t widths[COLUMNS_MAX];          /* in characters */
    size_t rows;
    size_t columns;
} grid;

static size_t characters(fp_str s)
{
    size_t count = 0;
    for (size_t i = 0; i < s.size; i++)
        count += ((unsigned char)s.data[i] & 0xC0) != 0x80;
    return count;
}

static void read_grid(const char *description, grid *g)
{
    fp_str rest = fp_str_of(description), line, cell;
    *g = (grid){.rows = 0};
    while (g->rows < ROWS_MAX && fp_str_split(&rest, '\n', &line) && line.size > 0) {
        size_t column = 0;
        while (column < COLUMNS_MAX && fp_str_split(&line, '|', &cell)) {
            if (characters(cell) > g->widths[column])
                g->widths[column] = characters(cell);
            g->cells[g->rows][column++] = cell;
        }
        g->columns = g->rows == 0 ? column : g->columns;
        g->rows++;
    }
}

static void padded(fp_out *out, fp_str cell, size_t width)
{
    fp_out_str(out, cell);
    fp_out_char(out, ' ', width - characters(cell));
}

static void table(fp_out *out, const grid *g, size_t gap, bool underlined)
{
    for (size_t row = 0; row < g->rows; row++) {
        for (size_t i = 0; i < g->columns; i++)
            padded(out, g->cells[row][i], g->widths[i] + gap);
        fp_out_text(out, "\n");
        for (size_t i = 0; underlined && row == 0 && i < g->columns; i++) {
            const size_t dashes = characters(g->cells[0][i]);
            fp_out_char(out, '-', dashes);
            fp_out_char(out, ' ', g->widths[i] + gap - dashes);
        }
        if (underlined && row == 0)
            fp_out_text(out, "\n");
    }
}

static void list(fp_out *out, const grid *g, const char *between, bool aligned)
{
    size_t width = 0;
    for (size_t i = 0; aligned && i < g->columns; i++)
        width = characters(g->cells[0][i]) > width ? characters(g->cells[0][i]) : width;
    for (size_t row = 1; row < g->rows; row++) {
        fp_out_text(out, "\n");
        for (size_t i = 0; i < g->columns; i++) {
            padded(out, g->cells[0][i], aligned ? width : characters(g->cells[0][i]));
            fp_out_text(out, between);
            fp_out_str(out, g->cells[row][i]);
            fp_out_text(out, "\n");
        }
        fp_out_text(out, "\n");
    }
}

static void csv(fp_out *out, const grid *g, const char *quote, const char *separator)
{
    for (size_t row = 0; row < g->rows; row++) {
        for (size_t i = 0; i < g->columns; i++) {
            fp_out_text(out, i > 0 ? separator : "");
            fp_out_text(out, quote);
            fp_out_str(out, g->cells[row][i]);
            fp_out_text(out, quote);
        }
        fp_out_text(out, "\n");
    }
}

static void json_string(fp_out *out, fp_str s)
{
    fp_out_text(out, "\"");
    for (size_t i = 0; i < s.size; i++)
        fp_out_printf(out, "%s%c", s.data[i] == '\\' || s.data[i] == '"' ? "\\" : "", s.data[i]);
    fp_out_text(out, "\"");
}

static void json(fp_out *out, const grid *g)
{
    fp_out_text(out, "[\n");
    for (size_t row = 1; row < g->rows; row++) {
        fp_out_text(out, "    {\n");
        for (size_t i = 0; i < g->columns; i++) {
            fp_out_text(out, "        ");
            json_string(out, g->cells[0][i]);
            fp_out_text(out, ":  ");
            json_string(out, g->cells[row][i]);
            fp_out_text(out, i + 1 < g->columns ? ",\n" : "\n");
        }
        fp_out_text(out, row + 1 < g->rows ? "    },\n" : "    }\n");
    }
    fp_out_text(out, "]\n");
}

static void xml_string(fp_out *out, fp_str s)
{
    for (size_t i = 0; i < s.size; i++) {
        if (s.data[i] == '&' || s.data[i] == '<')
            fp_out_text(out, s.data[i] == '&' ? "&amp;" : "&lt;");
        else
            fp_out_char(out, s.data[i], 1);
    }
}

static void clixml_property(fp_out *out, fp_str name, fp_str value)
{
    fp_out_printf(out, "      <S N=\"%.*s\">", FP_STR_ARG(name));
    xml_string(out, value);
    fp_out_text(out, "</S>\n");
}

static void clixml(fp_out *out, const grid *g)
{
    fp_out_text(out, "<Objs Version=\"1.1.0.1\" "
                     "xmlns=\"http://schemas.microsoft.com/powershell/2004/04\">\n");
    for (size_t row = 1; row < g->rows; row++) {
        fp_out_printf(out, "  <Obj RefId=\"%zu\">\n", row - 1);
        fp_out_text(out, row > 1 ? "    <TNRef RefId=\"0\" />\n"
                                 : "    <TN RefId=\"0\">\n      <T>System.Object</T>\n    </TN>\n");
        fp_out_text(out, "    <Props>\n");
        for (size_t i = 0; i < g->columns; i++)
            clixml_property(out, g->cells[0][i], g->cells[row][i]);
        fp_out_text(out, "    </Props>\n  </Obj>\n");
    }
    fp_out_text(out, "</Objs>");
}

fp_out listing_text(listing_style style, const char *description)
{
    fp_out out = {.data = NULL};
    grid *g = malloc(sizeof *g);
    if (g == NULL)
        abort();
    read_grid(description, g);
    switch (style) {
    case LISTING_WMIC_TABLE:
        table(&out, g, 2, false);
        break;
    case LISTING_WMIC_LIST:
        list(&out, g, "=", false);
        break;
    case LISTING_WMIC_CSV:
        fp_out_text(&out, "\n");
        csv(&out, g, "", ",");
        break;
    case LISTING_PS_TABLE:
        fp_out_text(&out, "\n");
        table(&out, g, 1, true);
        fp_out_text(&out, "\n\n");
        break;
    case LISTING_PS_LIST:
        list(&out, g, " : ", true);
        break;
    case LISTING_PS_CSV_TYPED:
        fp_out_text(&out, "#TYPE System.Management.ManagementObject#root\\cimv2\\"
                          "Win32_QuickFixEngineering\n");
        csv(&out, g, "\"", ";");
        break;
    case LISTING_PS_CSV:
        csv(&out, g, "\"", ",");
        break;
    case LISTING_PS_JSON:
        json(&out, g);
        break;
    case LISTING_PS_CLIXML:
        clixml(&out, g);
        break;
    case LISTING_STYLES:
        abort();
    }
    free(g);
    if (out.failed)
        abort();
    return out;
}

static void convert(fp_out *out, iconv_t to, fp_str from)
{
    enum { PIECE = 4096 };
    char piece[PIECE];
    char *in = (char *)(uintptr_t)from.data;
    size_t in_size = from.size;
    while (in_size > 0) {
        char *at = piece;
        size_t left = sizeof piece;
        if (iconv(to, &in, &in_size, &at, &left) == (size_t)-1 && left == sizeof piece)
            abort(); /* the page has no such character */
        fp_out_str(out, (fp_str){piece, sizeof piece - left});
    }
}

fp_out listing_encode(const fp_out *text, const char *encoding, const char *mark, size_t mark_size,
                      const char *line_end)
{
    fp_out out = {.data = NULL};
    const iconv_t to = iconv_open(encoding, "UTF-8");
    if (to == (iconv_t)-1)
        abort();
    fp_out_str(&out, (fp_str){mark, mark_size});
    fp_str rest = {text->data, text->size}, line;
    while (fp_str_split(&rest, '\n', &line)) {
        convert(&out, to, line);
        if (rest.data != NULL)
            convert(&out, to, fp_str_of(line_end));
    }
    (void)iconv_close(to);
    if (out.failed)
        abort();
    return out;
}
