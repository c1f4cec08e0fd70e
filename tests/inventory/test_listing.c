/* SPDX-License-Identifier: MIT */
#include "inventory/hotfix/listing.h"

#include "tests/support/check.h"
#include "tests/support/listing_text.h"

#include <stdio.h>

enum { BUDGET = 64 * 1024 * 1024, ITEM = 7 };

/* ---- what a listing says, in one line ---- */

typedef struct said {
    fp_arena *arena;
    fp_status status;
    fp_listing listing;
    fp_out rows; /* "954474 933854" */
} said;

static said read_bytes(fp_span bytes, const char *code_page, size_t budget)
{
    said s = {.arena = fp_arena_new(budget)};
    assert_non_null(s.arena);
    s.status = fp_listing_read(bytes, ITEM, code_page, s.arena, &s.listing, NULL);
    for (size_t i = 0; s.status == FP_OK && i < s.listing.row_count; i++)
        fp_out_printf(&s.rows, "%s%llu", i > 0 ? " " : "",
                      (unsigned long long)s.listing.rows[i].kb);
    return s;
}

static said read_text(const char *text)
{
    return read_bytes(fp_span_of(text, strlen(text)), NULL, BUDGET);
}

static void done(said *s)
{
    fp_out_free(&s->rows);
    fp_arena_free(s->arena);
}

static fp_str rows_of(const said *s)
{
    return (fp_str){s->rows.data, s->rows.size};
}

static bool names(const said *s, uint64_t kb)
{
    for (size_t i = 0; i < s->listing.row_count; i++)
        if (s->listing.rows[i].kb == kb)
            return true;
    return false;
}

/* Whatever is left of a listing names no KB that the whole one does not. */
static void check_subset(const said *part, const said *whole)
{
    if (part->status == FP_FORMAT)
        return;
    assert_int_equal(part->status, FP_OK);
    for (size_t i = 0; i < part->listing.row_count; i++)
        assert_true(names(whole, part->listing.rows[i].kb));
}

static void check_cut_anywhere(fp_span bytes, const char *code_page)
{
    said whole = read_bytes(bytes, code_page, BUDGET);
    for (size_t size = 0; size < bytes.size; size++) {
        /* A block of exactly this size, so that a look beyond it is seen. */
        uint8_t *part = malloc(size + 1);
        assert_non_null(part);
        memcpy(part, bytes.data, size);
        uint8_t *exact = realloc(part, size == 0 ? 1 : size);
        assert_non_null(exact);
        said cut = read_bytes(fp_span_of(exact, size), code_page, BUDGET);
        check_subset(&cut, &whole);
        done(&cut);
        free(exact);
    }
    done(&whole);
}

/* ---- all forms in all encodings ---- */

static const char description[] =
    "Caption|CSName|Description|FixComments|HotFixID|InstallDate|InstalledBy|InstalledOn|Name|"
    "ServicePackInEffect|Status\n"
    "http://support.microsoft.com/?kbid=933854|KOLCM01|Security Update||KB933854||"
    "NT-AUTORITÄT\\SYSTEM|19.06.2008||SP2|\n"
    "|KOLCM01|Update||File 1|||||KB925902-v2|\n"
    "http://support.microsoft.com/?kbid=111|KOLCM01|Hotfix||KB954474-v2||KOLCM01\\Müller|"
    "6/19/2008||SP3|\n"
    "|KOLCM01|||Q147222||||||\n"
    "|KOLCM01|Service Pack|KB1|{6AF4F8A2-2}|||||SP9|\n"
    "|kolcm01|Update||KB967723||KOLCM01\\Müller|6/20/2008|||OK\n";
static const char described_rows[] = "933854 925902 954474 967723";

static const fp_listing_form forms[LISTING_STYLES] = {
    [LISTING_WMIC_TABLE] = FP_LISTING_TABLE,   [LISTING_WMIC_LIST] = FP_LISTING_PROPERTIES,
    [LISTING_WMIC_CSV] = FP_LISTING_CSV,       [LISTING_PS_TABLE] = FP_LISTING_TABLE,
    [LISTING_PS_LIST] = FP_LISTING_PROPERTIES, [LISTING_PS_CSV] = FP_LISTING_CSV,
    [LISTING_PS_CSV_TYPED] = FP_LISTING_CSV,   [LISTING_PS_JSON] = FP_LISTING_JSON,
    [LISTING_PS_CLIXML] = FP_LISTING_CLIXML,
};

typedef struct encoding {
    const char *name;
    const char *mark;
    size_t mark_size;
    const char *line_end;
} encoding;

static const encoding encodings[] = {
    {"UTF-8", "", 0, "\n"},
    {"UTF-8", "", 0, "\r\n"},
    {"UTF-8", "", 0, "\r\r\n"},
    {"UTF-8", "", 0, "\n\n"}, /* CR CR LF as some editors keep it */
    {"UTF-8", "\xEF\xBB\xBF", 3, "\r\n"},
    {"UTF-16LE", "\xFF\xFE", 2, "\r\n"},
    {"UTF-16LE", "\xFF\xFE", 2, "\r\r\n"}, /* wmic qfe > FILE */
    {"UTF-16LE", "", 0, "\r\n"},
    {"UTF-16BE", "\xFE\xFF", 2, "\r\n"},
    {"CP850", "", 0, "\r\n"},
    {"CP437", "", 0, "\r\n"},
    {"CP1252", "", 0, "\r\n"},
};
enum { ENCODINGS = sizeof encodings / sizeof encodings[0] };

static bool is_unicode(const encoding *e)
{
    return strncmp(e->name, "UTF", 3) == 0;
}

static void check_described(fp_span bytes, const char *code_page, listing_style style)
{
    said s = read_bytes(bytes, code_page, BUDGET);
    assert_int_equal(s.status, FP_OK);
    assert_int_equal(s.listing.form, forms[style]);
    assert_str(rows_of(&s), described_rows);
    assert_int_equal(s.listing.host_count, 1);
    assert_str(s.listing.hosts[0].name, "KOLCM01");
    assert_int_equal(s.listing.hosts[0].origin.item, ITEM);
    assert_int_equal(s.listing.problems.count, 0);
    assert_false(s.listing.cut);
    assert_str(s.listing.rows[0].installed_on, "19.06.2008");
    assert_str(s.listing.rows[2].description, "Hotfix");
    done(&s);
}

static void test_forms_and_encodings(void **state)
{
    (void)state;
    for (listing_style style = 0; style < LISTING_STYLES; style++) {
        for (size_t i = 0; i < ENCODINGS; i++) {
            const encoding *e = &encodings[i];
            fp_out text = listing_text(style, description);
            fp_out bytes = listing_encode(&text, e->name, e->mark, e->mark_size, e->line_end);
            const fp_span span = fp_span_of(bytes.data, bytes.size);
            check_described(span, NULL, style);
            if (!is_unicode(e))
                check_described(span, e->name, style);
            fp_out_free(&bytes);
            fp_out_free(&text);
        }
    }
}

static void test_names_survive_a_known_code_page(void **state)
{
    (void)state;
    fp_out text = listing_text(LISTING_WMIC_TABLE, description);
    fp_out bytes = listing_encode(&text, "CP850", "", 0, "\r\n");
    said s = read_bytes(fp_span_of(bytes.data, bytes.size), "CP850", BUDGET);
    assert_str(s.listing.rows[2].installed_by, "KOLCM01\\Müller");
    done(&s);
    s = read_bytes(fp_span_of(bytes.data, bytes.size), NULL, BUDGET);
    assert_str(s.listing.rows[2].installed_by, "KOLCM01\\M\xEF\xBF\xBDller");
    done(&s);
    fp_arena *arena = fp_arena_new(BUDGET);
    fp_listing listing;
    assert_int_equal(fp_listing_read(fp_span_of(bytes.data, bytes.size), ITEM, "no such page",
                                     arena, &listing, NULL),
                     FP_UNSUPPORTED);
    fp_arena_free(arena);
    fp_out_free(&bytes);
    fp_out_free(&text);
}

static void test_cut_at_every_byte(void **state)
{
    (void)state;
    static const size_t which[] = {1, 2, 5, 6, 9};
    for (listing_style style = 0; style < LISTING_STYLES; style++) {
        for (size_t i = 0; i < sizeof which / sizeof which[0]; i++) {
            const encoding *e = &encodings[which[i]];
            fp_out text = listing_text(style, description);
            fp_out bytes = listing_encode(&text, e->name, e->mark, e->mark_size, e->line_end);
            check_cut_anywhere(fp_span_of(bytes.data, bytes.size), NULL);
            fp_out_free(&bytes);
            fp_out_free(&text);
        }
    }
}

enum { KB_OF_A_COMMENT = 1 }; /* where titles are wrapped too, they may get below another column */

/* As a console of any width wraps it when it is copied from there. */
static fp_out wrapped(const fp_out *text, size_t width)
{
    fp_out out = {.data = NULL};
    fp_str rest = {text->data, text->size}, line;
    while (fp_str_split(&rest, '\n', &line)) {
        for (; line.size > width; line = (fp_str){line.data + width, line.size - width}) {
            fp_out_str(&out, (fp_str){line.data, width});
            fp_out_text(&out, "\n");
        }
        fp_out_str(&out, line);
        if (rest.data != NULL)
            fp_out_text(&out, "\n");
    }
    return out;
}

static void test_wrapped_at_every_width(void **state)
{
    (void)state;
    for (listing_style style = 0; style < LISTING_STYLES; style++) {
        fp_out text = listing_text(style, description);
        said whole = read_bytes(fp_span_of(text.data, text.size), NULL, BUDGET);
        for (size_t width = 1; width < 256; width++) {
            fp_out narrow = wrapped(&text, width);
            said part = read_bytes(fp_span_of(narrow.data, narrow.size), NULL, BUDGET);
            for (size_t k = 0; k < part.listing.row_count; k++) {
                const uint64_t kb = part.listing.rows[k].kb;
                if (!names(&whole, kb) && kb != KB_OF_A_COMMENT)
                    print_error("style %d, width %zu: KB%d\n%s\n", (int)style, width, (int)kb,
                                narrow.data);
                assert_true(names(&whole, kb) || kb == KB_OF_A_COMMENT);
            }
            done(&part);
            fp_out_free(&narrow);
        }
        done(&whole);
        fp_out_free(&text);
    }
}

static void test_memory_budgets(void **state)
{
    (void)state;
    for (listing_style style = 0; style < LISTING_STYLES; style++) {
        fp_out text = listing_text(style, description);
        fp_out bytes = listing_encode(&text, "UTF-16LE", "\xFF\xFE", 2, "\r\r\n");
        fp_status status = FP_NOMEM;
        for (size_t budget = 0; status != FP_OK; budget += 64) {
            said s = read_bytes(fp_span_of(bytes.data, bytes.size), NULL, budget);
            status = s.status;
            assert_true(status == FP_NOMEM || status == FP_OK);
            if (status == FP_OK)
                assert_str(rows_of(&s), described_rows);
            done(&s);
        }
        fp_out_free(&bytes);
        fp_out_free(&text);
    }
}

/* ---- single texts ---- */

typedef enum ending {
    WHOLE,
    CUT,
    WRAPPED /* cut further, it hides that an identifier goes on in the next line */
} ending;

typedef struct text_row {
    const char *what;
    const char *text;
    fp_listing_form form; /* FP_LISTING_UNKNOWN: no listing */
    const char *rows;
    const char *hosts; /* "KOLCM01", "KOLCM01 OTHER" */
    size_t problems;
    ending ends;
} text_row;

#define T          FP_LISTING_TABLE
#define P          FP_LISTING_PROPERTIES
#define C          FP_LISTING_CSV
#define J          FP_LISTING_JSON
#define S          FP_LISTING_SYSTEMINFO
#define NO_LISTING FP_LISTING_UNKNOWN, "", "", 0, WHOLE

static const text_row texts[] = {
    /* tables */
    {"a column of identifiers", "HotFixID   \nKB933854   \nKB954474   \n", T, "933854 954474", "",
     0, WHOLE},
    {"a column of identifiers, blanks taken off", "HotFixID\nKB933854\nKB954474\n", T,
     "933854 954474", "", 0, WHOLE},
    {"a prompt before and behind",
     "C:\\>wmic qfe get HotFixID,InstalledOn\n\nHotFixID  InstalledOn\nKB954474  "
     "6/19/2008\n\nC:\\>\n",
     T, "954474", "", 0, WHOLE},
    {"a table without a row", "HotFixID  InstalledOn  \n", T, "", "", 0, WHOLE},
    {"PowerShell shortens",
     "Source  HotFixID   InstalledOn\n------  --------   -----------\n"
     "KOLCM01 KB95447... 6/19/2008\n",
     T, "", "KOLCM01", 1, WHOLE},
    {"PowerShell 7 shortens",
     "Source  HotFixID InstalledOn\n------  -------- -----------\n"
     "KOLCM01 KB95447… 6/19/2008\nKOLCM…  KB933854 6/19/2008\n",
     T, "933854", "KOLCM01", 1, WHOLE},
    {"PowerShell wraps",
     "Source  HotFi Installed\n        xID   On\n------  -------- ---------\n"
     "KOLCM01 KB95 6/19/2\n        4474 008\n",
     NO_LISTING},
    {"PowerShell wraps below a whole title",
     "Source  HotFixID InstalledOn\n------  -------- -----------\n"
     "KOLCM01 KB954474 6/19/2008\n        31       \n",
     T, "", "", 1, WRAPPED},
    {"a console wraps in an identifier", "CSName   HotFixID\nKOLCM01  KB9544\n74  6/19/2008\n", T,
     "", "KOLCM01", 1, WRAPPED},
    {"a date set to the right",
     "HotFixID           InstalledOn\n--------           -----------\n"
     "KB954474 6/19/2008 12:00:00 AM\n",
     T, "954474", "", 0, WHOLE},
    {"a row out of its columns",
     "CSName   HotFixID  InstalledOn\nKOLCM01-TEST KB954474 6/19/2008\n", T, "", "", 1, WHOLE},
    {"a KB in another column", "CSName   HotFixID  FixComments\nKOLCM01  File 1    KB954474   \n",
     T, "", "KOLCM01", 0, WHOLE},
    {"a KB in the address of another row's article",
     "Caption                                    HotFixID  \n"
     "http://support.microsoft.com/?kbid=954474  KB933854  \n",
     T, "933854", "", 0, WHOLE},
    {"a header again",
     "HotFixID  InstalledOn\nKB933854  6/19/2008\n\nHotFixID  InstalledOn\nKB954474  6/20/2008\n",
     T, "933854 954474", "", 0, WHOLE},
    {"two computers",
     "CSName   HotFixID  \nKOLCM01  KB933854  \nOTHER    KB954474  \nTHIRD    KB967723  \n", T,
     "933854 954474 967723", "KOLCM01 OTHER", 0, WHOLE},
    {"a computer with and without its domain",
     "CSName               HotFixID  \nKOLCM01              KB933854  \n"
     "kolcm01.example.org  KB954474  \n",
     T, "933854 954474", "KOLCM01", 0, WHOLE},
    {"an address is no name",
     "PSComputerName HotFixID\n-------------- --------\n192.0.2.7      KB933854\nlocalhost  "
     "    KB954474\n",
     T, "933854 954474", "", 0, WHOLE},
    {"a computer's name that PowerShell shortens",
     "Source        HotFixID\n------        --------\nDESKTOP-KA... KB954474\n", T, "954474", "", 0,
     WHOLE},
    {"cut in an identifier", "CSName   HotFixID  \nKOLCM01  KB95447", T, "", "KOLCM01", 1, CUT},
    {"cut behind an identifier and a blank", "CSName   HotFixID  \nKOLCM01  KB954474 ", T, "954474",
     "KOLCM01", 0, WHOLE},
    {"titles in another language",
     "Quelle  Beschreibung HotFix   Von Am\n------  ------------ ------   --- --\n"
     "KOLCM01 Update       KB954474     19.06.2008 00:00:00\n",
     T, "954474", "KOLCM01", 0, WHOLE},
    {"titles in Czech",
     "Zdroj   Popis  ID       Kdo Kdy\n-----   -----  --       --- ---\n"
     "KOLCM01 Update KB954474     19. 6. 2008\n",
     T, "954474", "KOLCM01", 0, WHOLE},
    {"updates that are offered",
     "ComputerName Status  KB        Size Title\n------------ ------  --        ---- -----"
     "\nKOLCM01      -D----- KB954474  2MB  2008-06 Update\n",
     NO_LISTING},
    {"a sentence", "The HotFixID of this update\nis KB954474\n", NO_LISTING},
    {"a table of Markdown", "| HotFixID | what |\n|----------|------|\n| KB954474 | fix |\n",
     NO_LISTING},
    {"a title behind much text", "1\n2\n3\n4\n5\n6\n7\n8\nHotFixID  \nKB954474  \n", NO_LISTING},

    /* Name=Value */
    {"two properties",
     "HotFixID=KB954474\nInstalledOn=6/19/2008\n\n\nHotFixID=KB933854\nInstalledOn=\n", P,
     "954474 933854", "", 0, WHOLE},
    {"File 1 in a list",
     "HotFixID=File 1\nServicePackInEffect=KB954474\nHotFixID=File 1\nServicePackInEffect=\n", P,
     "954474", "", 0, WHOLE},
    {"cut in a value", "CSName=KOLCM01\nHotFixID=KB95447", P, "", "KOLCM01", 1, CUT},
    {"a value that goes on", "HotFixID : KB95447\n           4\n", P, "", "", 1, WRAPPED},
    {"a value that is none", "HotFixID=KB954474...\n", P, "", "", 1, WHOLE},
    {"a ticket", "Note: the HotFixID is in the subject\nHotFixID: KB954474\n", NO_LISTING},
    {"a sentence behind a title", "HotFixID : see KB954474\n", NO_LISTING},
    {"a script", "$HotFixID = \"KB954474\"\n", NO_LISTING},

    /* CSV */
    {"a field that is not quoted holds a comma",
     "Node,FixComments,HotFixID\nKOLCM01,a,b,KB954474\n"
     "KOLCM01,,KB933854\n",
     C, "933854", "KOLCM01", 1, WHOLE},
    {"tabs", "HotFixID\tCSName\nKB954474\tKOLCM01\n", C, "954474", "KOLCM01", 0, WHOLE},
    {"one quoted column", "\"HotFixID\"\n\"KB954474\"\n", C, "954474", "", 0, WHOLE},
    {"a line end in quotes", "\"FixComments\",\"HotFixID\"\n\"a\nKB1\",\"KB954474\"\n", C, "954474",
     "", 0, WHOLE},
    {"quotes in quotes", "\"__PATH\",\"HotFixID\"\n\"HotFixID=\"\"KB1\"\",\"\"\",\"KB954474\"\n", C,
     "954474", "", 0, WHOLE},
    {"a quote that does not end", "\"FixComments\",\"HotFixID\"\n\"a,\"\"KB1\",\"KB95\n", C, "", "",
     1, CUT},
    {"cut in a field", "CSName,HotFixID,Name\nKOLCM01,KB95447", C, "", "KOLCM01", 1, CUT},
    {"cut behind a field", "CSName,HotFixID,Name\nKOLCM01,KB954474,", C, "954474", "KOLCM01", 0,
     CUT},
    {"cut behind a quote that may be a doubled one",
     "\"CSName\",\"HotFixID\"\n\"KOLCM01\",\"KB95447\"", C, "", "KOLCM01", 1, CUT},
    {"wrapped by a console", "CSName,HotFixID\nKOLCM01,KB9544\n74\nKOLCM01,KB933854\n", C, "933854",
     "KOLCM01", 2, WRAPPED},
    {"offered updates", "ComputerName,KB,Title\nKOLCM01,KB954474,fix\n", NO_LISTING},

    /* JSON */
    {"one object", "{\"CSName\":\"KOLCM01\",\"hotfixid\":\"KB954474\"}", J, "954474", "KOLCM01", 0,
     WHOLE},
    {"a wrapped array",
     "{\"value\":[{\"HotFixID\":\"KB954474\"},{\"x\":{}},{\"HotFixID\":null}],\"Count\":3}", J,
     "954474", "", 0, WHOLE},
    {"objects deeper down are no rows",
     "{\"a\":{\"HotFixID\":\"KB954474\"},\"b\":[[{\"HotFixID\":\"KB1\"}]]}", J, "", "", 0, WHOLE},
    {"cut", "[{\"HotFixID\":\"KB954474\"},{\"HotFixID\":\"KB9", J, "", "", 1, CUT},
    {"a member twice", "[{\"HotFixID\":\"KB954474\",\"HotFixID\":\"KB1\"}]", J, "", "", 1, CUT},
    {"a number", "[{\"HotFixID\":954474}]", J, "", "", 0, WHOLE},
    {"a value of that name", "[{\"Name\":\"HotFixID\",\"Value\":\"KB954474\"}]", NO_LISTING},

    /* systeminfo */
    {"Server 2003",
     "\nHost Name:  KOLCM01\nOS Name:  Microsoft(R) Windows(R) Server 2003\n"
     "OS Version:  5.2.3790 Service Pack 2 Build 3790\nProcessor(s):  1 Processor(s) Installed.\n  "
     " [01]: x86\n"
     "Hotfix(s):  4 Hotfix(s) Installed.\n   [01]: File 1\n   [02]: Q147222\n   [03]: KB893803v2 - "
     "Update\n"
     "   [04]: KB954474 - Hotfix\nNetwork Card(s): N/A\n",
     S, "893803 954474", "KOLCM01", 0, WHOLE},
    {"the number further back",
     "Hotfix:               已安裝 2 Hotfix。\n  [01]: KB933854\n  [02]: KB954474\n", S,
     "933854 954474", "", 0, WHOLE},
    {"German",
     "Hostname:   KOLCM01\nBetriebssystemname:  Microsoft Windows\nBetriebssystemversion:   "
     "6.1.7601 Service "
     "Pack 1\nHotfix(es):   1 Hotfix(e) installiert.\n   [01]: KB954474\nNetzwerkkarte(n):  1 \n "
     "[01]: Intel\n   [01]: "
     "192.0.2.1\n",
     S, "954474", "KOLCM01", 0, WHOLE},
    {"pasted without its blanks",
     "Hotfix(s): 2 Hotfix(s) Installed.\n[01]: KB933854\n[02]: KB954474\nNetwork: 1\n", S,
     "933854 954474", "", 0, WHOLE},
    {"the first lines left out",
     "OS Name:  Server\nSomething:  KOLCM01\nOther:  5.2.3790\nHotfix(s): 1\n [01]: "
     "KB954474\n",
     S, "954474", "Server", 0, WHOLE},
    {"not in the order of systeminfo", "Name:  KOLCM01\nHotfix(s): 1\n [01]: KB954474\n", S,
     "954474", "", 0, WHOLE},
    {"a third label that is no version",
     "Name:  KOLCM01\nOS:  x\nBuild:  5.2\nHotfix(s): 1\n [01]: KB954474\n", S, "954474", "", 0,
     WHOLE},
    {"systeminfo gave up in a number",
     "Hotfix(s): 273 Hotfix(s) Installed.\n [01]: KB933854\n [02]: KB9544\nNetwork "
     "Card(s): 1\n",
     S, "933854", "", 2, CUT},
    {"systeminfo gave up behind a number",
     "ホットフィックス: 294 ホットフィックス。\n [01]: KB933854\n [02]: "
     "KB954474\n [24\nネットワーク: 4\n",
     S, "933854 954474", "", 1, CUT},
    {"rows taken out", "Hotfix(s): 3\n [01]: KB933854\n ...\n [03]: KB954474\n", S, "", "", 4, CUT},
    {"cut in the last row", "Hotfix(s): 2\n [01]: KB933854\n [02]: KB95447", S, "933854", "", 1,
     CUT},
    {"a list that declares nothing", "See also:\n[01]: KB954474\n", NO_LISTING},
    {"references of Markdown", "Two things: 2\n[1] KB954474\n", NO_LISTING},
    {"a network card of that name", "Card(s): 1\n [01]: KB954474 adapter\n", NO_LISTING},
    {"csv",
     "\"Host Name\",\"OS Name\",\"OS "
     "Version\",\"Owner\",\"Hotfix(s)\",\"Network\"\n\"KOLCM01\",\"Microsoft\",\"6.3."
     "9600 N/A Build 9600\",\"\",\"2 Hotfix(s) Installed.,[01]: KB933854,[02]: KB954474\",\"1 "
     "NIC(s) Installed.,[01]: "
     "Intel, Name: x\"\n",
     S, "933854 954474", "KOLCM01", 0, WHOLE},
    {"csv without titles, cut",
     "\"KOLCM01\",\"Microsoft\",\"6.3.9600 N/A\",\"3 Hotfix(s) Installed.,[01]: KB933854,[02]: "
     "KB9544",
     S, "933854", "KOLCM01", 2, CUT},

    /* nothing */
    {"nothing", "", NO_LISTING},
    {"updates with their titles",
     "KB954474: Hotfix for Configuration Manager\nKB933854: another (KB933854)\n", NO_LISTING},
    {"an address", "http://support.microsoft.com/?kbid=954474\n", NO_LISTING},
};
enum { TEXTS = sizeof texts / sizeof texts[0] };

static void check_hosts(const said *s, const char *expected)
{
    fp_out hosts = {.data = NULL};
    for (size_t i = 0; i < s->listing.host_count; i++)
        fp_out_printf(&hosts, "%s%.*s", i > 0 ? " " : "", FP_STR_ARG(s->listing.hosts[i].name));
    assert_str(((fp_str){hosts.data, hosts.size}), expected);
    fp_out_free(&hosts);
}

static void show(const said *s)
{
    print_message("%s: %s, \"%.*s\"\n", fp_status_name(s->status),
                  fp_listing_form_name(s->listing.form), FP_STR_ARG(rows_of(s)));
    for (size_t i = 0; i < s->listing.problems.count; i++)
        print_message("  %.*s: %.*s\n", FP_STR_ARG(s->listing.problems.at[i].origin.where),
                      FP_STR_ARG(s->listing.problems.at[i].value));
}

static void test_text(void **state)
{
    const text_row *row = *state;
    said s = read_text(row->text);
    show(&s);
    assert_int_equal(s.status, row->form == FP_LISTING_UNKNOWN ? FP_FORMAT : FP_OK);
    assert_int_equal(s.listing.form, row->form);
    assert_str(rows_of(&s), row->rows);
    check_hosts(&s, row->hosts);
    assert_int_equal(s.listing.problems.count, row->problems);
    assert_int_equal(s.listing.cut, row->ends == CUT);
    assert_int_equal(fp_listing_probe(fp_str_of(row->text)), row->form != FP_LISTING_UNKNOWN);
    done(&s);
    if (row->ends != WRAPPED)
        check_cut_anywhere(fp_span_of(row->text, strlen(row->text)), NULL);
}

/* ---- lines, dates, limits ---- */

static void test_lines_of_rows(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t line;
    } cases[] = {
        {"\n\nHotFixID  \n\nKB954474  \n", 5},
        {"\nCSName=A\nHotFixID=KB954474\nName=\n", 3},
        {"#TYPE x\r\nName,HotFixID\r\n\r\n,KB954474\r\n", 4},
        {"[\n  {\"a\": [{}, \"{\"]},\n\n  {\n\"HotFixID\": \"KB954474\"}]", 4},
        {"\n{ \"x\": 1, \"OsHotFixes\": [ 1,\n { \"HotFixID\" : \"KB954474\" } ] }", 3},
        {"Hotfix(s): 1\n [01]: KB954474\n", 2},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        said s = read_text(cases[i].text);
        assert_str(rows_of(&s), "954474");
        assert_int_equal(s.listing.rows[0].line, cases[i].line);
        done(&s);
    }
}

static void test_dates_of_json(void **state)
{
    (void)state;
    said s = read_text(
        "[{\"HotFixID\":\"KB954474\",\"InstalledOn\":{\"value\":\"\\/Date(1213826400000)\\/\","
        "\"DateTime\":\"Thursday, June 19, 2008 12:00:00 AM\"}},"
        "{\"HotFixID\":\"KB933854\",\"InstalledOn\":\"2008-06-19T00:00:00\"}]");
    assert_str(s.listing.rows[0].installed_on, "Thursday, June 19, 2008 12:00:00 AM");
    assert_str(s.listing.rows[1].installed_on, "2008-06-19T00:00:00");
    done(&s);
}

static void test_russian_and_japanese_code_pages(void **state)
{
    (void)state;
    static const struct {
        const char *page;
        const char *text;
    } cases[] = {
        {"CP866", "Имя узла:   KOLCM01\nНазвание ОС:   Microsoft\nВерсия ОС:   5.2.3790 Н/Д\n"
                  "Исправление(я):   Число установленных исправлений - 2.\n   [01]: KB933854\n"
                  "   [02]: KB954474\nСетевые адаптеры:   1\n"},
        {"CP932", "ホスト名:   KOLCM01\nOS 名:   Microsoft\nOS バージョン:   5.2.3790 N/A\n"
                  "ホットフィックス:   2 ホットフィックスがインストールされています。\n"
                  "   [01]: KB933854\n   [02]: KB954474\nネットワーク カード:   1\n"},
        {"CP936",
         "主机名:   KOLCM01\nOS 名称:   Microsoft\nOS 版本:   5.2.3790 暂缺\n"
         "修补程序:   安装了 2 个修补程序。\n   [01]: KB933854\n   [02]: KB954474\n网卡:   1\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        fp_out text = {.data = NULL};
        fp_out_text(&text, cases[i].text);
        fp_out bytes = listing_encode(&text, cases[i].page, "", 0, "\r\n");
        for (int known = 0; known < 2; known++) {
            said s = read_bytes(fp_span_of(bytes.data, bytes.size), known ? cases[i].page : NULL,
                                BUDGET);
            assert_str(rows_of(&s), "933854 954474");
            check_hosts(&s, "KOLCM01");
            done(&s);
        }
        check_cut_anywhere(fp_span_of(bytes.data, bytes.size), cases[i].page);
        fp_out_free(&bytes);
        fp_out_free(&text);
    }
}

static void test_limits(void **state)
{
    (void)state;
    fp_out text = {.data = NULL};
    fp_out_text(&text, "HotFixID  \n");
    for (unsigned i = 0; i <= FP_LISTING_ROWS_MAX; i++)
        fp_out_printf(&text, "KB%u  \n", 100000 + i);
    said s = read_bytes(fp_span_of(text.data, text.size), NULL, BUDGET);
    assert_int_equal(s.listing.row_count, FP_LISTING_ROWS_MAX);
    assert_true(s.listing.rows_lost);
    assert_int_equal(s.listing.problems.count, 1);
    done(&s);
    fp_out_free(&text);

    text = (fp_out){.data = NULL};
    fp_out_text(&text, "[{\"HotFixID\":\"KB954474\"}");
    fp_out_char(&text, ' ', 8 * 1024 * 1024);
    fp_out_text(&text, "]");
    s = read_bytes(fp_span_of(text.data, text.size), NULL, BUDGET);
    assert_int_equal(s.listing.row_count, 0);
    assert_int_equal(s.listing.problems.count, 1);
    done(&s);
    fp_out_free(&text);

    uint8_t *large = calloc(1, FP_LISTING_SIZE_MAX + 1);
    assert_non_null(large);
    s = read_bytes(fp_span_of(large, FP_LISTING_SIZE_MAX + 1), NULL, BUDGET);
    assert_int_equal(s.status, FP_LIMIT);
    done(&s);
    free(large);
}

static void test_long_field(void **state)
{
    (void)state;
    fp_out text = {.data = NULL};
    fp_out_text(&text, "HotFixID,Description\nKB954474,x");
    for (size_t i = 0; i < FP_LISTING_FIELD_MAX; i++)
        fp_out_text(&text, "ü");
    fp_out_text(&text, "\n");
    said s = read_bytes(fp_span_of(text.data, text.size), NULL, BUDGET);
    assert_int_equal(s.listing.rows[0].description.size, FP_LISTING_FIELD_MAX - 1);
    assert_true(fp_text_is_utf8(s.listing.rows[0].description));
    done(&s);
    fp_out_free(&text);
}

/* ---- real listings ---- */

static said read_corpus(const char *name)
{
    char path[512];
    (void)snprintf(path, sizeof path, "%s/log/wesng/%s", getenv("FIXPROOF_CORPUS"), name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    static uint8_t bytes[256 * 1024];
    const size_t size = fread(bytes, 1, sizeof bytes, file);
    (void)fclose(file);
    said s = read_bytes(fp_span_of(bytes, size), NULL, BUDGET);
    show(&s);
    return s;
}

static void test_corpus(void **state)
{
    (void)state;
    (void)corpus_or_skip();
    static const struct {
        const char *name;
        fp_listing_form form;
        size_t rows;
        bool cut;
        const char *host;
    } files[] = {
        {"10_1803_x64_proforworkstations_en-us_A_20190305_qfe.txt", T, 4, false, ""},
        {"10_1803_x64_proforworkstations_en-us_A_20190305_systeminfo.txt", S, 4, false,
         "DESKTOP-OOF6NB5"},
        {"10_1803_x64_proforworkstations_en-us_A_20190305_updates.txt", FP_LISTING_UNKNOWN, 0,
         false, ""},
        {"7_sp1_x64_enterprise_en-us_20190305_qfe.txt", T, 276, false, ""},
        {"7_sp1_x64_enterprise_en-us_20190305_systeminfo.txt", S, 245, true, "WIN7SP1X64"},
        {"7_sp1_x64_enterprise_en-us_20190305_updates.txt", FP_LISTING_UNKNOWN, 0, false, ""},
    };
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        said s = read_corpus(files[i].name);
        assert_int_equal(s.listing.form, files[i].form);
        assert_int_equal(s.listing.row_count, files[i].rows);
        assert_int_equal(s.listing.cut, files[i].cut);
        check_hosts(&s, files[i].host);
        done(&s);
    }
}

int main(void)
{
    static struct CMUnitTest tests[TEXTS + 16];
    size_t count = 0;
    for (size_t i = 0; i < TEXTS; i++)
        tests[count++] =
            (struct CMUnitTest){texts[i].what, test_text, NULL, NULL, (void *)(uintptr_t)&texts[i]};
    static const struct CMUnitTest others[] = {
        cmocka_unit_test(test_forms_and_encodings),
        cmocka_unit_test(test_names_survive_a_known_code_page),
        cmocka_unit_test(test_cut_at_every_byte),
        cmocka_unit_test(test_wrapped_at_every_width),
        cmocka_unit_test(test_memory_budgets),
        cmocka_unit_test(test_lines_of_rows),
        cmocka_unit_test(test_dates_of_json),
        cmocka_unit_test(test_russian_and_japanese_code_pages),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_long_field),
        cmocka_unit_test(test_corpus),
    };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        tests[count++] = others[i];
    return _cmocka_run_group_tests(__FILE__, tests, count, NULL, NULL) != 0;
}
