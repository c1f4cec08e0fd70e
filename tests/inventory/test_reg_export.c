/* SPDX-License-Identifier: MIT */
/*
 * The .reg reader. Rows after Wine's conformance tests of reg.exe (import.c, export.c), which run
 * on Windows, and after the attacks that reg_export.h names.
 */
#include "inventory/registry/reg_export.h"

#include "tests/support/check.h"
#include "tests/support/registry_probe.h"

#include <stdio.h>

#define V5 "Windows Registry Editor Version 5.00\r\n\r\n"
#define V4 "REGEDIT4\r\n\r\n"
#define K  "HKEY_LOCAL_MACHINE\\SOFTWARE\\K"
/* A key behind all others: the export was not cut before it. */
#define BEHIND "[HKEY_USERS]\r\n\r\n"
#define HEAD   V5 "[" K "]\r\n"
#define END    "\r\n" /* the empty line that ends an export */

static registry_probe *read_text(const char *text)
{
    registry_probe *p = probe_new(PROBE_BUDGET);
    assert_int_equal(probe_export_text(p, text), FP_OK);
    return p;
}

/* ---- one value line -------------------------------------------------------------------------- */

typedef struct value_row {
    const char *title;
    const char *line;  /* lines behind the key line, which is line 3; the value's name is v */
    const char *bytes; /* expected data in hex, or NULL: no such value */
    uint32_t type;
    uint64_t problem; /* the line of the first problem; 0 = none */
    bool suspect;
} value_row;

static const value_row value_rows[] = {
    {"string", "\"v\"=\"ab\"\r\n", "610062000000", FP_REG_SZ, 0, false},
    {"empty string", "\"v\"=\"\"\r\n", "0000", FP_REG_SZ, 0, false},
    {"escaped quotes and backslashes", "\"v\"=\"\\\"C:\\\\x\\\"\"\r\n",
     "220043003a005c00780022000000", FP_REG_SZ, 0, false},
    {"string beyond the BMP", "\"v\"=\"\xF0\x9F\x98\x80\"\r\n", "3dd800de0000", FP_REG_SZ, 0,
     false},
    {"blanks around the equals sign", "\"v\" \t= \"a\"\r\n", "61000000", FP_REG_SZ, 0, false},
    {"blanks before the name", "  \"v\"=\"a\"\r\n", "61000000", FP_REG_SZ, 0, false},
    {"comment after a value", "\"v\"=\"a\" ; b\r\n", "61000000", FP_REG_SZ, 0, false},
    {"semicolon inside a string", "\"v\"=\"a;b\"\r\n", "61003b0062000000", FP_REG_SZ, 0, false},
    {"hash after a value", "\"v\"=\"a\"#b\r\n", NULL, 0, 4, false},
    {"text after a value", "\"v\"=\"a\"b\r\n", NULL, 0, 4, false},
    {"backslash zero", "\"v\"=\"a\\0b\"\r\n", NULL, 0, 4, false},
    {"backslash n, as Wine writes it", "\"v\"=\"a\\nb\"\r\n", "61000a0062000000", FP_REG_SZ, 0,
     true},
    {"other escape kept raw", "\"v\"=\"a\\qb\"\r\n", "61005c00710062000000", FP_REG_SZ, 0, true},
    {"string never closed", "\"v\"=\"a\r\n", NULL, 0, 4, false},
    {"closing quote escaped", "\"v\"=\"a\\\"\r\n", NULL, 0, 4, false},
    {"name never closed", "\"v=\"\r\n", NULL, 0, 4, false},
    {"no equals sign", "\"v\" \"a\"\r\n", NULL, 0, 4, false},
    {"no data", "\"v\"=\r\n", NULL, 0, 4, false},
    {"bare number", "\"v\"=1\r\n", NULL, 0, 4, false},
    {"single quotes", "\"v\"='a'\r\n", NULL, 0, 4, false},
    {"dword", "\"v\"=dword:12345678\r\n", "78563412", FP_REG_DWORD, 0, false},
    {"short dword", "\"v\"=dword:1f\r\n", "1f000000", FP_REG_DWORD, 0, false},
    {"dword in capitals", "\"v\"=dword:ABCDEF01\r\n", "01efcdab", FP_REG_DWORD, 0, false},
    {"dword and comment", "\"v\"=dword:1 ;x\r\n", "01000000", FP_REG_DWORD, 0, false},
    {"dword of nine digits", "\"v\"=dword:123456789\r\n", NULL, 0, 4, false},
    {"dword without digits", "\"v\"=dword:\r\n", NULL, 0, 4, false},
    {"dword with 0x", "\"v\"=dword:0x1\r\n", NULL, 0, 4, false},
    {"dword with a minus", "\"v\"=dword:-1\r\n", NULL, 0, 4, false},
    {"dword does not continue", "\"v\"=dword:\\\r\n  00000001\r\n", NULL, 0, 4, false},
    {"binary", "\"v\"=hex:01,2,Ff\r\n", "0102ff", FP_REG_BINARY, 0, false},
    {"binary of no bytes", "\"v\"=hex:\r\n", "", FP_REG_BINARY, 0, false},
    {"trailing comma", "\"v\"=hex:01,\r\n", "01", FP_REG_BINARY, 0, false},
    {"comma first", "\"v\"=hex:,01\r\n", NULL, 0, 4, false},
    {"two commas", "\"v\"=hex:01,,02\r\n", NULL, 0, 4, false},
    {"byte above ff", "\"v\"=hex:100\r\n", NULL, 0, 4, false},
    {"not a byte", "\"v\"=hex:0g\r\n", NULL, 0, 4, false},
    {"bytes without comma", "\"v\"=hex:01 02\r\n", NULL, 0, 4, false},
    {"hash after bytes", "\"v\"=hex:01#\r\n", NULL, 0, 4, false},
    {"comment after bytes", "\"v\"=hex:01 ;02\r\n", "01", FP_REG_BINARY, 0, false},
    {"hex(0)", "\"v\"=hex(0):01\r\n", "01", FP_REG_NONE, 0, false},
    {"hex(b)", "\"v\"=hex(b):01,00,00,00,00,00,00,80\r\n", "0100000000000080", FP_REG_QWORD, 0,
     false},
    {"hex(ffffffff)", "\"v\"=hex(ffffffff):01\r\n", "01", UINT32_MAX, 0, false},
    {"hex(00000007)", "\"v\"=hex(00000007):00,00\r\n", "0000", FP_REG_MULTI_SZ, 0, false},
    {"hex(100000000)", "\"v\"=hex(100000000):01\r\n", NULL, 0, 4, false},
    {"hex(0x2)", "\"v\"=hex(0x2):01\r\n", NULL, 0, 4, false},
    {"hex(x2)", "\"v\"=hex(x2):01\r\n", NULL, 0, 4, false},
    {"hex()", "\"v\"=hex():01\r\n", NULL, 0, 4, false},
    {"hex(2 without bracket", "\"v\"=hex(2:01\r\n", NULL, 0, 4, false},
    {"continued", "\"v\"=hex:01,\\\r\n  02\r\n", "0102", FP_REG_BINARY, 0, false},
    {"continued after the colon", "\"v\"=hex:\\\r\n  01\r\n", "01", FP_REG_BINARY, 0, false},
    {"continued with blanks behind", "\"v\"=hex:01,\\ \t\r\n  02\r\n", "0102", FP_REG_BINARY, 0,
     false},
    {"continued with a comment behind", "\"v\"=hex:01,\\;x\r\n  02\r\n", "0102", FP_REG_BINARY, 0,
     false},
    {"continued over an empty line", "\"v\"=hex:01,\\\r\n\r\n  02\r\n", "0102", FP_REG_BINARY, 0,
     false},
    {"continued over a comment line", "\"v\"=hex:01,\\\r\n;x\r\n  02\r\n", "0102", FP_REG_BINARY, 0,
     false},
    {"continued over three lines", "\"v\"=hex:01,\\\r\n02,\\\r\n03\r\n", "010203", FP_REG_BINARY, 0,
     false},
    {"a hash line breaks it", "\"v\"=hex:01,\\\r\n#x\r\n  02\r\n", NULL, 0, 5, false},
    {"backslash without comma", "\"v\"=hex:01\\\r\n  02\r\n", NULL, 0, 4, false},
    {"text behind the backslash", "\"v\"=hex:01,\\x\r\n  02\r\n", NULL, 0, 4, false},
    {"a new value after a comma: both lost", "\"w\"=hex:01,\\\r\n\"v\"=\"a\"\r\n", NULL, 0, 5,
     false},
    {"a new value after the colon: read", "\"w\"=hex:\\\r\n\"v\"=\"a\"\r\n", "61000000", FP_REG_SZ,
     4, false},
    {"the unfinished value is dropped", "\"v\"=hex:01,\\\r\n\"w\"=\"a\"\r\n", NULL, 0, 5, false},
    {"string does not continue", "\"v\"=\"a\\\r\nb\"\r\n", NULL, 0, 4, false},
    {"later value replaces", "\"v\"=\"a\"\r\n\"V\"=\"b\"\r\n", "62000000", FP_REG_SZ, 5, true},
    {"later value is the same", "\"v\"=\"a\"\r\n\"v\"=\"a\"\r\n", "61000000", FP_REG_SZ, 0, false},
    {"value deleted", "\"v\"=\"a\"\r\n\"v\"=-\r\n", NULL, 0, 5, false},
    {"value deleted and made again", "\"v\"=-\r\n\"v\"=\"a\"\r\n", "61000000", FP_REG_SZ, 4, false},
    {"minus and more", "\"v\"=-x\r\n", NULL, 0, 4, false},
    {"line that is nothing", "rubbish\r\n\"v\"=\"a\"\r\n", "61000000", FP_REG_SZ, 4, false},
    {"NUL character in a line", "\"v\"=\"a\1b\"\r\n", NULL, 0, 4, false},
    {"carriage return inside", "\"w\"=\"a\rb\"\r\n\"v\"=\"a\"\r\n", NULL, 0, 4, false},
    {"LF alone", "\"v\"=\"ab\"\n", "610062000000", FP_REG_SZ, 0, false},
};

static void to_hex(fp_span data, char out[128])
{
    assert_true(data.size < 64);
    out[0] = '\0';
    for (size_t i = 0; i < data.size; i++)
        (void)snprintf(out + 2 * i, 3, "%02x", data.data[i]);
}

/* A row cannot hold a NUL: it writes \1 instead. */
static fp_span with_nuls(fp_arena *arena, const char *text)
{
    char *copy = fp_arena_string(arena, text, strlen(text));
    assert_non_null(copy);
    for (size_t i = 0; i < strlen(text); i++)
        copy[i] = text[i] == '\1' ? '\0' : text[i];
    return fp_span_of(copy, strlen(text));
}

static void check_value_row(const value_row *row, fp_span content)
{
    registry_probe *p = probe_new(PROBE_BUDGET);
    assert_int_equal(probe_export(p, content, NULL), FP_OK);
    assert_int_equal(p->soundness,
                     row->problem == 0 || row->suspect ? FP_REG_SOUND : FP_REG_PARTLY);
    assert_int_equal(p->problem_count > 0 ? p->where[0] : 0, row->problem);

    fp_reg_value value;
    const char *answer = probe_value(p, K, "v", &value);
    if (row->bytes == NULL) {
        assert_string_equal(answer, "incomplete"); /* never "no": the line may have been it */
    } else {
        char hex[128];
        assert_string_equal(answer, "yes");
        to_hex(value.data, hex);
        assert_string_equal(hex, row->bytes);
        assert_int_equal(value.type, row->type);
        assert_int_equal(value.suspect, row->suspect);
    }
    probe_free(p);
}

static void test_value_row(void **state)
{
    const value_row *row = *state;
    fp_arena *arena = fp_arena_new(64 * 1024);
    const char *text = fp_arena_printf(arena, "%s%s%s", HEAD, row->line, END);
    check_value_row(row, with_nuls(arena, text));
    fp_arena_free(arena);
}

/* The same in the encoding that Windows writes. */
static void test_value_row_utf16(void **state)
{
    const value_row *row = *state;
    registry_probe *p = probe_new(PROBE_BUDGET);
    const char *text = fp_arena_printf(p->arena, "%s%s%s", HEAD, row->line, END);
    const fp_span wide = probe_utf16(p, text);
    uint8_t *bytes = fp_arena_copy(p->arena, wide.data, wide.size);
    for (size_t i = 0; i + 1 < wide.size; i += 2) {
        if (fp_load_u16le(bytes + i) == 1)
            bytes[i] = 0;
    }
    check_value_row(row, fp_span_of(bytes, wide.size));
    probe_free(p);
}

/* ---- whole files ----------------------------------------------------------------------------- */

typedef struct file_row {
    const char *title;
    const char *text;
    const char *code_page;
    fp_registry_soundness soundness;
    uint64_t problem; /* line of the first one; 0 = none */
    const char *key;
    const char *value; /* NULL: the key is asked for */
    const char *answer;
} file_row;

#define S   "HKEY_LOCAL_MACHINE\\SOFTWARE"
#define LF5 "Windows Registry Editor Version 5.00\n\n"

static const file_row file_rows[] = {
    {"LF, UTF-8", LF5 "[" K "]\n\"v\"=\"\xC5\xBE\"\n\n", NULL, FP_REG_SOUND, 0, K, "v", "\xC5\xBE"},
    {"UTF-8 with its mark", "\xEF\xBB\xBF" HEAD "\"v\"=\"x\"\r\n" END, NULL, FP_REG_SOUND, 0, K,
     "v", "x"},
    {"blanks before the header", " \t" HEAD END, NULL, FP_REG_SOUND, 0, K, NULL, "yes"},
    {"REGEDIT4", V4 "[" K "]\r\n\"v\"=\"x\"\r\n" END, NULL, FP_REG_SOUND, 0, K, "v", "x"},
    {"empty line before the header", "\r\n" HEAD END, NULL, FP_REG_UNREADABLE, 1, K, NULL,
     "unreadable"},
    {"REGEDIT", "REGEDIT\r\n\r\n[" K "]\r\n" END, NULL, FP_REG_UNREADABLE, 1, K, NULL,
     "unreadable"},
    {"REGEDIT3", "REGEDIT3\r\n\r\n[" K "]\r\n" END, NULL, FP_REG_UNREADABLE, 1, K, NULL,
     "unreadable"},
    {"REGEDIT5", "REGEDIT5\r\n\r\n[" K "]\r\n" END, NULL, FP_REG_UNREADABLE, 1, K, NULL,
     "unreadable"},
    {"REGEDIT 4", "REGEDIT 4\r\n\r\n[" K "]\r\n" END, NULL, FP_REG_UNREADABLE, 1, K, NULL,
     "unreadable"},
    {"REGEDIT4FOO", "REGEDIT4FOO\r\n\r\n[" K "]\r\n" END, NULL, FP_REG_UNREADABLE, 1, K, NULL,
     "unreadable"},
    {"header in small letters", "regedit4\r\n\r\n[" K "]\r\n" END, NULL, FP_REG_UNREADABLE, 1, K,
     NULL, "unreadable"},
    {"nothing", "", NULL, FP_REG_UNREADABLE, 1, K, NULL, "unreadable"},
    {"header alone covers nothing", V5, NULL, FP_REG_PARTLY, 2, K, NULL, "incomplete"},

    {"absent below the root", HEAD END BEHIND, NULL, FP_REG_SOUND, 0, K "\\x", NULL, "no"},
    {"absent value below the root", HEAD END, NULL, FP_REG_SOUND, 0, K, "v", "no"},
    {"perhaps lost behind the last key", HEAD END, NULL, FP_REG_SOUND, 0, K "\\x", NULL,
     "incomplete"},
    {"perhaps lost behind the last name", HEAD END "[" K "\\m]\r\n" END, NULL, FP_REG_SOUND, 0,
     K "\\n", NULL, "incomplete"},
    {"before the last name",
     HEAD END "[" K "\\M]\r\n" END "[" K "\\M\\a]\r\n" END "[" K "\\n]\r\n" END, NULL, FP_REG_SOUND,
     0, K "\\m\\b", NULL, "no"},
    {"beside the last name", HEAD END "[" K "\\l]\r\n" END "[" K "\\m]\r\n" END, NULL, FP_REG_SOUND,
     0, K "\\l\\b", NULL, "no"},
    {"no 32-bit view on a 32-bit Windows",
     V5 "[" S "]\r\n" END "[" S "\\Microsoft]\r\n" END "[" S "\\Microsoft\\Windows]\r\n" END "[" S
        "\\Microsoft\\Windows\\CurrentVersion]\r\n" END,
     NULL, FP_REG_SOUND, 0, S "\\Wow6432Node", NULL, "no"},
    {"whether it was a 32-bit Windows was lost", V5 "[" S "]\r\n" END "[" S "\\Secure]\r\n" END,
     NULL, FP_REG_SOUND, 0, S "\\Wow6432Node", NULL, "incomplete"},
    {"the 32-bit view of a 64-bit Windows was lost",
     V5 "[" S "]\r\n" END "[" S "\\Microsoft]\r\n" END "[" S "\\Microsoft\\Windows]\r\n" END "[" S
        "\\Microsoft\\Windows\\CurrentVersion]\r\n\"ProgramFilesDir (x86)\"=\"C:\"\r\n" END,
     NULL, FP_REG_SOUND, 0, S "\\Wow6432Node", NULL, "incomplete"},
    {"beside the root", HEAD END, NULL, FP_REG_SOUND, 0, S "\\L", NULL, "incomplete"},
    {"above the root: it is there", HEAD END, NULL, FP_REG_SOUND, 0, S, NULL, "yes"},
    {"above the root: its values are not told", HEAD END, NULL, FP_REG_SOUND, 0, S, "v",
     "incomplete"},
    {"names without case", HEAD "\"Value\"=\"x\"\r\n" END, NULL, FP_REG_SOUND, 0,
     "hkey_local_machine\\software\\k", "vALUE", "x"},
    {"names outside ASCII without case", V5 "[" S "\\\xC4\x8C]\r\n" END, NULL, FP_REG_SOUND, 0,
     S "\\\xC4\x8D", NULL, "yes"},
    {"default value", HEAD "@=\"x\"\r\n" END, NULL, FP_REG_SOUND, 0, K, "", "x"},
    {"default value by its empty name", HEAD "\"\"=\"x\"\r\n" END, NULL, FP_REG_SOUND, 0, K, "",
     "x"},
    {"two roots", HEAD END "[" S "\\L]\r\n" END BEHIND, NULL, FP_REG_SOUND, 0, S "\\L\\x", NULL,
     "no"},
    {"the same key twice", HEAD "\"a\"=\"1\"\r\n" END "[" K "]\r\n\"b\"=\"2\"\r\n" END, NULL,
     FP_REG_SOUND, 0, K, "a", "1"},
    {"a root above an earlier one", V5 "[" K "\\a]\r\n" END "[" K "]\r\n" END BEHIND, NULL,
     FP_REG_SOUND, 0, K "\\b", NULL, "no"},
    {"a parent without a line", HEAD END "[" K "\\a\\b]\r\n" END, NULL, FP_REG_PARTLY, 5, K "\\x",
     NULL, "incomplete"},
    {"comment lines", ";x\r\n" HEAD END, NULL, FP_REG_UNREADABLE, 1, K, NULL, "unreadable"},
    {"comment lines between", HEAD ";x\r\n#y\r\n \t;z\r\n" END, NULL, FP_REG_SOUND, 0, K, "v",
     "no"},

    {"no empty line at the end", HEAD "\"v\"=\"x\"\r\n", NULL, FP_REG_PARTLY, 4, K "\\x", NULL,
     "incomplete"},
    {"no line end at the end", HEAD "\"v\"=\"x\"", NULL, FP_REG_PARTLY, 4, K, "v", "suspect"},
    {"cut in a key line", V5 "[" K "]\r\n" END "[" K "\\a]b", NULL, FP_REG_PARTLY, 5, K "\\a", NULL,
     "incomplete"},
    {"cut in a dword", HEAD "\"v\"=dword:0000", NULL, FP_REG_PARTLY, 4, K, "v", "suspect"},
    {"cut behind a backslash", HEAD "\"v\"=hex:00,\\\r\n", NULL, FP_REG_PARTLY, 4, K, "v",
     "incomplete"},

    {"forged by a value's text", HEAD "\"v\"=\"a\r\n[" S "\\Forged]\r\n\"b\"=\"c\"\r\n" END, NULL,
     FP_REG_PARTLY, 4, S "\\Forged", NULL, "incomplete"},
    {"forged by a value's name", HEAD "\"v\r\n[" S "\\Forged]\r\n" END, NULL, FP_REG_PARTLY, 4,
     S "\\Forged", NULL, "incomplete"},
    {"forged by a key's name", HEAD END "[" K "\\a\r\n[" S "\\Forged]\r\n" END, NULL, FP_REG_PARTLY,
     5, S "\\Forged", NULL, "incomplete"},
    {"forged by a carriage return", HEAD "\"v\"=\"a\r[" S "\\Forged]\r\n" END, NULL, FP_REG_PARTLY,
     4, S "\\Forged", NULL, "incomplete"},
    {"what came before still counts", HEAD "\"u\"=\"1\"\r\n\"v\"=\"a\r\n" END, NULL, FP_REG_PARTLY,
     5, K, "u", "1"},

    {"the last bracket closes", V5 "[" S "\\a]b]\r\n" END, NULL, FP_REG_SOUND, 0, S "\\a]b", NULL,
     "yes"},
    {"text after the bracket", V5 "[" K "] x\r\n" END, NULL, FP_REG_SOUND, 0, K, NULL, "yes"},
    {"quotes in a key name", V5 "[" S "\\a\"b\"]\r\n" END, NULL, FP_REG_SOUND, 0, S "\\a\"b\"",
     NULL, "yes"},
    {"blank before the bracket belongs to the name", V5 "[" K " ]\r\n" END, NULL, FP_REG_SOUND, 0,
     K " ", NULL, "yes"},
    {"blank after the bracket", V5 "[ " K "]\r\n\"v\"=\"x\"\r\n" END, NULL, FP_REG_PARTLY, 3, K,
     NULL, "incomplete"},
    {"backslash at the end of a key", V5 "[" K "\\]\r\n" END, NULL, FP_REG_SOUND, 0, K, NULL,
     "yes"},
    {"empty name in a key", V5 "[" S "\\\\K]\r\n" END, NULL, FP_REG_PARTLY, 3, K, NULL,
     "incomplete"},
    {"short root name", V5 "[HKLM\\SOFTWARE]\r\n" END, NULL, FP_REG_PARTLY, 3, S, NULL,
     "incomplete"},
    {"empty key", V5 "[]\r\n" END, NULL, FP_REG_PARTLY, 3, S, NULL, "incomplete"},
    {"values after an invalid key belong to none", HEAD "[HKLM\\x]\r\n\"v\"=\"x\"\r\n" END, NULL,
     FP_REG_PARTLY, 4, K, "v", "incomplete"},
    {"values after a deleted key belong to none", HEAD "[-" S "\\L]\r\n\"v\"=\"x\"\r\n" END, NULL,
     FP_REG_PARTLY, 4, K, "v", "incomplete"},
    {"values before any key", V5 "\"v\"=\"x\"\r\n" END, NULL, FP_REG_PARTLY, 3, K, "v",
     "incomplete"},
    {"key deleted", HEAD "[-" K "]\r\n" END, NULL, FP_REG_PARTLY, 4, K, NULL, "incomplete"},
    {"subkeys go with a deleted key", HEAD "[" K "\\a]\r\n[-" K "]\r\n[" K "]\r\n" END, NULL,
     FP_REG_PARTLY, 5, K "\\a", NULL, "incomplete"},
    {"key deleted and made again", HEAD "[-" K "]\r\n[" K "]\r\n\"v\"=\"x\"\r\n" END, NULL,
     FP_REG_PARTLY, 4, K, "v", "x"},

    {"code page", V4 "[" K "]\r\n\"v\"=\"\xF8\"\r\n" END, "CP1250", FP_REG_SOUND, 0, K, "v",
     "\xC5\x99"},
    {"code page in hex", V4 "[" K "]\r\n\"v\"=hex(2):f8,78,00\r\n" END, "CP1250", FP_REG_SOUND, 0,
     K, "v", "\xC5\x99x"},
    {"UTF-16 in hex, single-byte 5.00", HEAD "\"v\"=hex(1):61,00,62,00,00,00\r\n" END, NULL,
     FP_REG_SOUND, 0, K, "v", "ab"},
    {"UTF-16 in hex of a REGEDIT4: marked", V4 "[" K "]\r\n\"v\"=hex(2):61,00,62,00,00,00\r\n" END,
     NULL, FP_REG_SOUND, 4, K, "v", "suspect"},
    {"code-page text in hex of a 5.00: marked", HEAD "\"v\"=hex(2):61,62,00\r\n" END, NULL,
     FP_REG_SOUND, 4, K, "v", "suspect"},
    {"unknown code page: value marked", V4 "[" K "]\r\n\"v\"=\"\xF8\"\r\n" END, NULL, FP_REG_SOUND,
     4, K, "v", "suspect"},
    {"unknown code page: ASCII names stay sure", V4 "[" K "]\r\n\"\xF8\"=\"x\"\r\n" END, NULL,
     FP_REG_SOUND, 4, K, "v", "no"},
    {"unknown code page: other names do not", V4 "[" K "]\r\n\"\xF8\"=\"x\"\r\n" END, NULL,
     FP_REG_SOUND, 4, K, "\xC5\x99", "unreadable"},
    {"code page that does not exist", V4 "[" K "]\r\n\"v\"=\"\xF8\"\r\n" END, "nonsense",
     FP_REG_SOUND, 1, K, "v", "suspect"},
};

static void check_file_row(const file_row *row, fp_span content)
{
    registry_probe *p = probe_new(PROBE_BUDGET);
    assert_int_equal(probe_export(p, content, row->code_page), FP_OK);
    assert_int_equal(p->soundness, row->soundness);
    assert_int_equal(p->problem_count > 0 ? p->where[0] : 0, row->problem);
    const char *answer =
        row->value != NULL ? probe_text(p, row->key, row->value) : probe_key(p, row->key);
    assert_string_equal(answer, row->answer);
    probe_free(p);
}

static void test_file_row(void **state)
{
    const file_row *row = *state;
    check_file_row(row, fp_span_of(row->text, strlen(row->text)));
}

/* ---- encodings ------------------------------------------------------------------------------- */

static void test_utf16_without_mark_is_refused(void **state)
{
    (void)state;
    registry_probe *p = probe_new(PROBE_BUDGET);
    const fp_span wide = probe_utf16(p, HEAD END);
    assert_int_equal(probe_export(p, fp_span_of(wide.data + 2, wide.size - 2), NULL), FP_OK);
    assert_int_equal(p->soundness, FP_REG_UNREADABLE);
    assert_int_equal(p->where[0], 1);
    probe_free(p);
}

static void test_regedit4_in_utf16_is_read(void **state)
{
    (void)state;
    registry_probe *p = probe_new(PROBE_BUDGET);
    const fp_span wide = probe_utf16(
        p, V4 "[" K "]\r\n\"v\"=hex(2):61,00,62,00,00,00\r\n\"w\"=\"\xC5\x99\"\r\n" END);
    assert_int_equal(probe_export(p, wide, NULL), FP_OK);
    assert_int_equal(p->soundness, FP_REG_SOUND);
    assert_string_equal(probe_text(p, K, "v"), "ab");
    assert_string_equal(probe_text(p, K, "w"), "\xC5\x99");
    probe_free(p);
}

static void test_lone_surrogate_is_damage(void **state)
{
    (void)state;
    registry_probe *p = probe_new(PROBE_BUDGET);
    const fp_span wide = probe_utf16(p, HEAD "\"v\"=\"?\"\r\n\"w\"=\"x\"\r\n" END);
    uint8_t *bytes = fp_arena_copy(p->arena, wide.data, wide.size);
    for (size_t i = 0; i + 1 < wide.size; i += 2) {
        if (bytes[i] == '?')
            bytes[i + 1] = 0xD8;
    }
    assert_int_equal(probe_export(p, fp_span_of(bytes, wide.size), NULL), FP_OK);
    assert_int_equal(p->soundness, FP_REG_PARTLY);
    assert_int_equal(p->where[0], 4);
    assert_string_equal(probe_text(p, K, "v"), "suspect");
    assert_string_equal(probe_text(p, K, "w"), "x");
    probe_free(p);
}

/* ---- origins and listings -------------------------------------------------------------------- */

static void test_origins(void **state)
{
    (void)state;
    registry_probe *p = read_text(HEAD "\"v\"=\"x\"\r\n" END BEHIND);
    const fp_str missing = FP_STR(K "\\No\\Way");
    fp_reg_value value;
    assert_string_equal(probe_value(p, K, "v", &value), "yes");
    assert_int_equal(value.origin.item, 1);
    assert_str(value.origin.where, K ", line 4");
    assert_str(fp_registry_key(p->reg, FP_STR(K)).origin.where, K ", line 3");
    assert_str(fp_registry_key(p->reg, missing).origin.where, K ", line 3");
    probe_free(p);
}

static void test_listings(void **state)
{
    (void)state;
    registry_probe *p =
        read_text(HEAD "\"b\"=\"x\"\r\n\"A\"=\"x\"\r\n@=\"x\"\r\n" END "[" K "\\z]\r\n" END "[" K
                       "\\Y]\r\n" END "[" K "\\x]\r\n" END BEHIND);
    assert_string_equal(probe_subkeys(p, K), "x, Y, z: yes");
    assert_string_equal(probe_values(p, K), ", A, b: yes");
    assert_string_equal(probe_subkeys(p, K "\\x"), ": yes");
    assert_string_equal(probe_subkeys(p, K "\\no"), ": no");
    assert_string_equal(probe_subkeys(p, S), "K: incomplete");
    assert_string_equal(probe_values(p, S), ": incomplete");
    probe_free(p);
}

/* ---- truncation ------------------------------------------------------------------------------ */

static const char sample[] =
    HEAD "\"text\"=\"4.00.6221.1000\"\r\n"
         "\"number\"=dword:0003d090\r\n"
         "\"path\"=\"C:\\\\Program Files\\\\\\\"x\\\"\"\r\n"
         "\"long\"=hex(7):61,00,\\\r\n  62,00,00,00,00,00\r\n"
         "@=\"default\"\r\n" END "[" K "\\KB954474]\r\n\"Description\"=\"Hotfix \xC5\x99\"\r\n" END
         "[" K "\\KB954474\\Filelist]\r\n\"0\"=\"a]b\"\r\n" END;

static const struct {
    const char *key;
    const char *value; /* NULL: the key */
} questions[] = {
    {K, NULL},
    {K, "text"},
    {K, "number"},
    {K, "path"},
    {K, "long"},
    {K, ""},
    {K, "absent"},
    {K "\\KB954474", NULL},
    {K "\\KB954474", "Description"},
    {K "\\KB954474\\Filelist", "0"},
    {K "\\KB954474\\File", NULL},
    {K "\\KB95447", NULL},
    {K "\\absent", NULL},
    {S, NULL},
    {S "\\absent", NULL},
};
enum { QUESTIONS = sizeof questions / sizeof questions[0] };

typedef struct reply {
    fp_tri exists;
    fp_reg_value value;
} reply;

static void ask(registry_probe *p, reply replies[QUESTIONS])
{
    for (size_t i = 0; i < QUESTIONS; i++) {
        const fp_str key = fp_str_of(questions[i].key);
        replies[i] = (reply){.exists = FP_UNKNOWN};
        const fp_reg_answer a =
            questions[i].value == NULL
                ? fp_registry_key(p->reg, key)
                : fp_registry_value(p->reg, key, fp_str_of(questions[i].value), &replies[i].value);
        replies[i].exists = replies[i].value.suspect ? FP_UNKNOWN : a.exists;
    }
}

/* The one cut that cannot be seen: behind the empty line between two keys. */
static bool cut_is_invisible(fp_span content, size_t size, size_t unit)
{
    const size_t end_of_line = 2 * unit;
    const size_t header = (sizeof V5 - 1) * unit + (unit - 1) * 2;
    return size > header && size >= 4 * unit && size % unit == 0 &&
           content.data[size - unit] == '\n' && content.data[size - unit - end_of_line] == '\n';
}

static void check_reply(const reply *whole, const reply *cut, bool invisible)
{
    if (cut->exists == FP_UNKNOWN)
        return;
    if (whole->exists == FP_TRUE && cut->exists == FP_FALSE) {
        assert_true(invisible);
        return;
    }
    assert_int_equal(cut->exists, whole->exists);
    if (cut->exists == FP_TRUE && cut->value.data.size > 0)
        assert_true(fp_reg_value_same(&whole->value, &cut->value));
}

static void check_truncation(fp_span content, size_t unit)
{
    registry_probe *full = probe_new(PROBE_BUDGET);
    reply whole[QUESTIONS];
    assert_int_equal(probe_export(full, content, NULL), FP_OK);
    assert_int_equal(full->soundness, FP_REG_SOUND);
    ask(full, whole);

    size_t invisible_count = 0;
    for (size_t size = 0; size < content.size; size++) {
        uint8_t *exact = malloc(size + 1); /* so that a sanitizer sees a read behind the end */
        assert_non_null(exact);
        memcpy(exact, content.data, size);
        registry_probe *p = probe_new(PROBE_BUDGET);
        reply cut[QUESTIONS];
        assert_int_equal(probe_export(p, fp_span_of(exact, size), NULL), FP_OK);
        const bool invisible = cut_is_invisible(content, size, unit);
        invisible_count += invisible;
        assert_true(invisible || p->soundness != FP_REG_SOUND);
        ask(p, cut);
        for (size_t i = 0; i < QUESTIONS; i++)
            check_reply(&whole[i], &cut[i], invisible);
        probe_free(p);
        free(exact);
    }
    assert_int_equal(invisible_count, 2); /* behind two of the three keys */
    probe_free(full);
}

static void test_truncated_utf8(void **state)
{
    (void)state;
    check_truncation(fp_span_of(sample, sizeof sample - 1), 1);
}

static void test_truncated_utf16(void **state)
{
    (void)state;
    registry_probe *p = probe_new(PROBE_BUDGET);
    check_truncation(probe_utf16(p, sample), 2);
    probe_free(p);
}

/* ---- limits ---------------------------------------------------------------------------------- */

static void test_budgets(void **state)
{
    (void)state;
    fp_status status = FP_NOMEM;
    for (size_t budget = 1024; status != FP_OK; budget += 64) { /* the view itself fits in 1024 */
        registry_probe *p = probe_new(budget);
        assert_non_null(p->reg);
        status = probe_export_text(p, sample);
        assert_true(status == FP_OK || status == FP_NOMEM);
        reply replies[QUESTIONS];
        ask(p, replies);
        probe_free(p);
        assert_true(budget < 1024 * 1024);
    }
}

static void test_long_names(void **state)
{
    (void)state;
    registry_probe *p = probe_new(PROBE_BUDGET);
    char name[257];
    memset(name, 'n', 256);
    name[256] = '\0';
    const char *text = fp_arena_printf(
        p->arena, HEAD END "[" K "\\%.255s]\r\n" END "[" K "\\%s]\r\n\"v\"=\"x\"\r\n" END, name,
        name);
    assert_int_equal(probe_export_text(p, text), FP_OK);
    assert_int_equal(p->problem_count, 1);
    assert_int_equal(p->where[0], 7);
    assert_string_equal(probe_subkeys(p, K), fp_arena_printf(p->arena, "%.255s: incomplete", name));
    probe_free(p);
}

static void test_deep_keys(void **state)
{
    (void)state;
    registry_probe *p = probe_new(PROBE_BUDGET);
    char path[2 * 600] = "";
    for (size_t i = 0; i < 511; i++)
        (void)strcat(path, "\\d");
    const char *text = fp_arena_printf(p->arena, V5 "[HKEY_USERS%s]\r\n" END, path);
    assert_int_equal(probe_export_text(p, text), FP_OK);
    assert_int_equal(p->soundness, FP_REG_SOUND);
    text = fp_arena_printf(p->arena, V5 "[HKEY_USERS%s\\d]\r\n" END, path);
    assert_int_equal(probe_export_text(p, text), FP_OK);
    assert_int_equal(p->soundness, FP_REG_PARTLY);
    assert_int_equal(p->where[0], 3);
    probe_free(p);
}

static void test_problems_are_capped(void **state)
{
    (void)state;
    registry_probe *p = probe_new(PROBE_BUDGET);
    char *text = fp_arena_alloc(p->arena, 4096);
    (void)strcpy(text, HEAD);
    for (size_t i = 0; i < 1000; i++)
        (void)strcat(text, "x\n");
    assert_int_equal(probe_export_text(p, text), FP_OK);
    assert_int_equal(p->problem_count, FP_REG_PROBLEMS_MAX);
    probe_free(p);
}

/* 200,000 subkeys of one key, in the order that costs a list or a plain tree the most. */
static void test_many_keys(void **state)
{
    (void)state;
    enum { COUNT = 200000, LINE = 80 };
    registry_probe *p = probe_new(PROBE_BUDGET);
    char *text = malloc((size_t)COUNT * LINE);
    assert_non_null(text);
    size_t size = (size_t)sprintf(text, "%s\r\n", HEAD);
    for (unsigned i = COUNT; i > 0; i--)
        size += (size_t)sprintf(text + size, "[" K "\\%08x]\r\n\"v\"=dword:%08x\r\n\r\n", i, i);
    size += (size_t)sprintf(text + size, BEHIND);
    assert_int_equal(probe_export(p, fp_span_of(text, size), NULL), FP_OK);
    assert_int_equal(p->soundness, FP_REG_SOUND);
    assert_string_equal(probe_text(p, K "\\00000001", "v"), "1");
    assert_string_equal(probe_text(p, K "\\00030d40", "v"), "200000");
    assert_string_equal(probe_key(p, K "\\00030d41"), "no");
    probe_free(p);
    free(text);
}

/* ---- other people's exports ------------------------------------------------------------------ */

typedef struct corpus_row {
    const char *file;
    fp_registry_soundness soundness;
    uint64_t problem; /* line of the first one */
    const char *key;
    const char *value;
    const char *text;
} corpus_row;

static const corpus_row corpus_rows[] = {
    {"reg/cmtraceopen/basic.reg", FP_REG_PARTLY, 6, S "\\CMTraceOpenTest", "Enabled", "1"},
    {"reg/velociraptor/init.reg", FP_REG_PARTLY, 11,
     "HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\PortProxy\\v4tov4\\tcp",
     "0.0.0.0/3389", "192.168.1.27/443"},
    {"reg/sms-rebootdata/rebootdata.utf8.transcribed.reg", FP_REG_PARTLY, 11,
     S "\\Microsoft\\SMS\\Mobile Client\\Reboot Management\\RebootData", "RebootValueInUTC", "1"},
    {"made/2-cm2007-sp1-kb954474/software.reg", FP_REG_SOUND, 0, S "\\Microsoft\\SMS\\Setup",
     "Full Version", "4.00.6221.1000"},
};

static void test_corpus_row(void **state)
{
    const corpus_row *row = *state;
    if (corpus_folder() == NULL)
        skip();
    registry_probe *p = probe_new(PROBE_BUDGET);
    const fp_span content = corpus_file(row->file, p->arena);
    assert_true(content.size > 0);
    assert_int_equal(probe_export(p, content, NULL), FP_OK);
    assert_int_equal(p->soundness, row->soundness);
    assert_int_equal(p->problem_count > 0 ? p->where[0] : 0, row->problem);
    assert_string_equal(probe_text(p, row->key, row->value), row->text);
    probe_free(p);
}

#define COUNT_OF(rows) (sizeof(rows) / sizeof((rows)[0]))

int main(void)
{
    static const struct CMUnitTest single[] = {
        cmocka_unit_test(test_utf16_without_mark_is_refused),
        cmocka_unit_test(test_regedit4_in_utf16_is_read),
        cmocka_unit_test(test_lone_surrogate_is_damage),
        cmocka_unit_test(test_origins),
        cmocka_unit_test(test_listings),
        cmocka_unit_test(test_truncated_utf8),
        cmocka_unit_test(test_truncated_utf16),
        cmocka_unit_test(test_budgets),
        cmocka_unit_test(test_long_names),
        cmocka_unit_test(test_deep_keys),
        cmocka_unit_test(test_problems_are_capped),
        cmocka_unit_test(test_many_keys),
    };
    static struct CMUnitTest tests[2 * COUNT_OF(value_rows) + COUNT_OF(file_rows) +
                                   COUNT_OF(corpus_rows) + COUNT_OF(single)];
    size_t count = 0;
    for (size_t i = 0; i < COUNT_OF(value_rows); i++) {
        tests[count++] = (struct CMUnitTest){value_rows[i].title, test_value_row, NULL, NULL,
                                             (void *)&value_rows[i]};
        tests[count++] = (struct CMUnitTest){value_rows[i].title, test_value_row_utf16, NULL, NULL,
                                             (void *)&value_rows[i]};
    }
    for (size_t i = 0; i < COUNT_OF(file_rows); i++)
        tests[count++] = (struct CMUnitTest){file_rows[i].title, test_file_row, NULL, NULL,
                                             (void *)&file_rows[i]};
    for (size_t i = 0; i < COUNT_OF(corpus_rows); i++)
        tests[count++] = (struct CMUnitTest){corpus_rows[i].file, test_corpus_row, NULL, NULL,
                                             (void *)&corpus_rows[i]};
    for (size_t i = 0; i < COUNT_OF(single); i++)
        tests[count++] = single[i];
    return RUN_TESTS(tests);
}
