/* SPDX-License-Identifier: MIT */
/*
 * The log block of advisory 954474 in all 17 public languages, letter for letter, slips and all: in
 * each encoding and framing it is one failed episode. And more than a hundred lines that hold one
 * of its tokens: none of them makes one.
 */
#include "tests/support/check.h"
#include "tests/support/logs.h"

#include <stdio.h>

#define PC     "C:\\Program Files\\Microsoft Configuration Manager\\bin\\i386\\updatewuscatalog.exe"
#define CAB    "C:\\Program Files\\Microsoft Updates Inventory Tool\\PkgSource\\wsusscn2.cab"
#define NO_CAB "C:\\Programfiler\\Microsoft Updates Inventory Tool\\PkgSource\\wsusscn2.cab"
#define NO_PC  "C:\\Programfiler\\Microsoft Configuration Manager\\bin\\i386\\updatewuscatalog.exe"
#define STATMSG_6709                                                                               \
    "STATMSG: ID=6709 SEV=I LEV=M SOURCE=\"SMS Server\" COMP=\"SMS_WSUS_SYNC_MANAGER\" …"
#define ENGLISH_FIRST "Performing legacy sync"
#define ENGLISH_ERROR                                                                              \
    "Error 0x80004005, Unexpected DeploymentAction for update 1293995. Returned from "             \
    "CreateUpdateNode"
#define ENGLISH_SUMMARY "Updates summary: 0 processed, 0 matched, 0 outdated, 0 updated"
#define ENGLISH                                                                                    \
    {                                                                                              \
        ENGLISH_FIRST, STATMSG_6709, "Started with command line: " PC " …",                        \
            "Processing security catalog " CAB " ...",                                             \
            "Initializing catalog " CAB " for synchronization.", "Pre-processing updates...",      \
            ENGLISH_ERROR, ENGLISH_SUMMARY                                                         \
    }

enum { LINES_MAX = 16 };

typedef struct language {
    const char *name;
    const char *lines[LINES_MAX];
    bool pasted_only;  /* the slip is one of pasting: no server would write it */
    const char *marks; /* the signatures that must be seen; NULL: ask for the failure only */
} language;

#define LATER_MARKS                                                                                \
    "status-6709,importer-started,catalog-opened,catalog-initialized,create-update-node,"          \
    "updates-summary"
#define ALL_MARKS "first-line," LATER_MARKS

static const language languages[] = {
    {"cs-CZ",
     {"Provedení starších synchronizací", STATMSG_6709, "Spuštěno z příkazového řádku: " PC " …",
      "Zpracování katalogu zabezpečení " CAB " …",
      "Inicializace katalogu " CAB " pro synchronizaci.", "Předzpracování aktualizací …",
      "Chyba 0x80004005, Neočekávaná instalace aktualizace 1293995. Vráceno z CreateUpdateNode",
      "Shrnutí aktualizací: 0 zpracovaných, 0 odpovídajících, 0 zastaralých, 0 aktualizovaných"},
     false,
     ALL_MARKS},
    {"da-DK",
     {"Udfører synkronisering med tidligere programversioner", STATMSG_6709,
      "Begyndt med kommandolinje: " PC " …", "Behandler sikkerhedskatalog " CAB " ...",
      "Starter katalog " CAB " ...", "Forudbehandler opdateringer...",
      "Fejl 0x80004005, Uventet DeploymentAction for opdatering 1293995. Returneret fra "
      "CreateUpdateNode",
      "Oversigt over opdateringer: 0 behandlede, 0 matchede, 0 forældede, 0 opdaterede"},
     false,
     ALL_MARKS},
    {"de-DE", ENGLISH, false, ALL_MARKS},
    {"de-DE wrapped",
     {ENGLISH_FIRST, STATMSG_6709,
      "Started with command line: C:\\Program Files\\Microsoft Configuration",
      "Manager\\bin\\i386\\updatewuscatalog.exe …",
      "Processing security catalog C:\\Program Files\\Microsoft Updates Inventory",
      "Tool\\PkgSource\\wsusscn2.cab ...",
      "Initializing catalog C:\\Program Files\\Microsoft Updates Inventory", "",
      "Tool\\PkgSource\\wsusscn2.cab for synchronization.", "Pre-processing updates...",
      "Error 0x80004005, Unexpected DeploymentAction for update 1293995.", "",
      "Returned from CreateUpdateNode", ENGLISH_SUMMARY},
     true,
     NULL},
    {"de-DE wrapped elsewhere",
     {ENGLISH_FIRST, "Started with command line: " PC " …",
      "Error 0x80004005, Unexpected DeploymentAction for update",
      "1293995. Returned from CreateUpdateNode", "Updates summary: 0 processed, 0 matched,",
      "0 outdated, 0 updated"},
     true,
     NULL},
    {"es-ES", ENGLISH, false, ALL_MARKS},
    {"hu-HU", ENGLISH, false, ALL_MARKS},
    {"it-IT",
     {ENGLISH_FIRST, STATMSG_6709, "Started with command line: " PC " …",
      "Processing security catalog C:\\Program Files\\Microsoft Updates Inventory "
      "Tool\\PkgSource\\wsusscn2,cab ...",
      "Initializing catalog C:\\Program Files\\Microsoft Updates Inventory "
      "Tool\\PkgSource\\wsusscn2,cab for synchronization.",
      "Pre-processing updates...", ENGLISH_ERROR, ENGLISH_SUMMARY},
     false,
     ALL_MARKS},
    {"ja-JP", ENGLISH, false, ALL_MARKS},
    {"ko-KR", ENGLISH, false, ALL_MARKS},
    {"nb-NO",
     {"Utfører synkronisering av eldre enheter", STATMSG_6709,
      "Begynte med kommandolinjen: " NO_PC " …", "Behandler sikkerhetskatalogen " NO_CAB " ...",
      "Initialiserer katalogen " NO_CAB " for synkronisering.", "Forhåndsbehandle oppdateringer...",
      "Feil 0x80004005, uventet DeploymentAction for oppdatering 1293995. Returnert fra "
      "CreateUpdateNode",
      "Sammendrag av sikkerhetsoppdateringer: 0 behandlet, 0 samsvart, 0 utdatert, 0 oppdatert"},
     false,
     ALL_MARKS},
    {"nl-NL",
     {"Bezig met synchroniseren verouderde systemen", STATMSG_6709,
      "Begonnen met opdrachtregel: " PC " …",
      "Bezig met verwerken beveiligingscatalogus " CAB " ...",
      "Bezig met initialiseren catalogus " CAB " voor synchronisatie.",
      "Bezig met voorbewerken van updates...", ENGLISH_ERROR,
      "Samenvatting van updates: 0 processed, 0 matched, 0 outdated, 0 updated"},
     false,
     ALL_MARKS},
    {"pl-PL",
     {"Przeprowadzanie synchronizacji starszej wersji", STATMSG_6709,
      "Rozpoczęto od wiersza poleceń: " PC " …", "Przetwarzanie katalogu zabezpieczeń " CAB " ...-",
      "Inicjalizacja katalogu " CAB " w celu przeprowadzenia synchronizacji.",
      "Wstępne przetwarzanie aktualizacji...",
      "Błąd 0x80004005, Unexpected DeploymentAction for update 1293995. Returned from "
      "CreateUpdateNode",
      "Podsumowanie aktualizacji: 0 przetworzonych, 0 dopasowanych, 0 nieaktualnych, 0 "
      "zaktualizowanych"},
     false,
     ALL_MARKS},
    {"pt-BR",
     {ENGLISH_FIRST, STATMSG_6709,
      "Started with command line: C:\\Program Files\\Microsoft ConfigurationManager\\bin\\i386\\"
      "updatewuscatalog.exe …",
      "Processing security catalog " CAB " ...",
      "Initializing catalog " CAB " for synchronization.", "Pre-processing updates...",
      ENGLISH_ERROR, ENGLISH_SUMMARY},
     false,
     ALL_MARKS},
    {"pt-PT",
     {"Executar sincronização legacy", STATMSG_6709, "Iniciada com a linha de comandos: " PC " …",
      "A processar catálogo de segurança " CAB " ...",
      "A inicializar catálogo " CAB " para sincronização.", "A pré-processar actualizações...",
      "Erro 0x80004005, DeploymentAction inesperada para a actualização 1293995. Devolvida de "
      "CreateUpdateNode",
      "Resumo das actualizações: 0 processadas, 0 correspondentes, 0 desactualizadas, 0 "
      "actualizadas"},
     false,
     ALL_MARKS},
    {"ru-RU", ENGLISH, false, ALL_MARKS},
    {"tr-TR", ENGLISH, false, ALL_MARKS},
    {"zh-CN",
     {STATMSG_6709, "Started with command line: " PC " …",
      "Processing security catalog " CAB " ...",
      "Initializing catalog " CAB " for synchronization.", "Pre-processing updates...",
      ENGLISH_ERROR, ENGLISH_SUMMARY},
     false,
     LATER_MARKS},
    {"zh-TW", ENGLISH, false, ALL_MARKS},
    {"as a Markdown list",
     {"- Performing legacy sync",
      "- STATMSG: ID=6709 SEV=I LEV=M SOURCE=“SMS Server” COMP=“SMS\\_WSUS\\_SYNC\\_MANAGER” …  ",
      "- Started with command line: C:\\\\Program Files\\\\bin\\\\i386\\\\updatewuscatalog.exe …",
      "* " ENGLISH_ERROR "  ", "* " ENGLISH_SUMMARY " -"},
     true,
     NULL},
};

enum { LANGUAGES = sizeof languages / sizeof languages[0] };

typedef enum framing { PLAIN, SITE, CLIENT } framing;
/* BYTES: a code page that nobody names. Every character outside ASCII is one byte that cannot be
 * read. */
typedef enum encoding { UTF8, UTF16LE, UTF16BE, BYTES, ENCODINGS } encoding;
enum { FRAMINGS = 3 };

typedef struct language_row {
    const language *language;
    framing framing;
    encoding encoding;
    char name[64];
} language_row;

static fp_activity *legacy_sync;

static void put_line(fp_out *log, framing as, long ms, const char *line)
{
    switch (as) {
    case PLAIN:
        log_plain(log, line);
        break;
    case SITE:
        log_site(log, ms, line);
        break;
    case CLIENT:
        log_client(log, ms, line);
        break;
    }
}

static void put_block(fp_out *log, const language *l, framing as)
{
    for (size_t i = 0; i < LINES_MAX && l->lines[i] != NULL; i++)
        put_line(log, as, 1000 + 10 * (long)i, l->lines[i]);
}

static const fp_history *history_of(fp_arena *arena, const fp_out *log)
{
    const scanned_file file = {.name = "wsyncmgr.log", .bytes = {log->data, log->size}};
    const fp_history *h = NULL;
    assert_int_equal(scan_files(arena, legacy_sync, &file, 1, &h), FP_OK);
    return h;
}

static void is_one_failed_episode(void **state)
{
    const language_row *row = *state;
    fp_out log = {.data = NULL};
    put_block(&log, row->language, row->framing);
    if (row->encoding == BYTES)
        log_bytes(&log);
    else if (row->encoding != UTF8)
        log_utf16(&log, row->encoding == UTF16BE);

    fp_arena *arena = fp_arena_new(1 << 22);
    const fp_history *h = history_of(arena, &log);
    assert_int_equal(h->episode_count, 1);
    const fp_episode *e = &h->episodes[0];
    assert_int_equal(e->outcome, FP_EPISODE_FAILED);
    assert_true(e->whole);
    assert_str(e->update, "1293995");
    assert_true(e->has_counts);
    for (size_t i = 0; i < FP_SIG_COUNTS; i++)
        assert_int_equal(e->counts[i], 0);
    if (row->language->marks != NULL)
        assert_str(e->marks, row->language->marks);
    assert_int_equal(e->dated, row->framing != PLAIN);
    if (row->framing != PLAIN)
        assert_true(e->begin == log_time(1000));
    fp_arena_free(arena);
    fp_out_free(&log);
}

/* Real or realistic lines of ConfigMgr and other logs and texts, each with a token of the block. */
static const char *const unrelated[] = {
#include "tests/detect/unrelated_lines.inc"
};

enum { UNRELATED = sizeof unrelated / sizeof unrelated[0] };

static const char *const tokens[] = {
    "6709",      "0x80004005",       "CreateUpdateNode", "updatewuscatalog",
    "wsusscn2",  "1293995",          "DeploymentAction", " 0",
    "STATMSG: ", "SMS_WSUS_SYNC_MA", "legacy sync",      "summary"};

static void no_failure_in(const fp_out *log, const char *what)
{
    fp_arena *arena = fp_arena_new(1 << 24);
    const fp_history *h = history_of(arena, log);
    for (size_t i = 0; i < h->episode_count; i++) {
        if (h->episodes[i].outcome == FP_EPISODE_FAILED) {
            print_error("a failed episode from %s: %.*s\n", what,
                        FP_STR_ARG(h->episodes[i].failure_text));
            fail();
        }
    }
    fp_arena_free(arena);
}

static void every_line_holds_a_token(void **state)
{
    (void)state;
    assert_true(UNRELATED >= 100);
    for (size_t i = 0; i < UNRELATED; i++) {
        bool holds = false;
        for (size_t k = 0; k < sizeof tokens / sizeof tokens[0]; k++)
            holds |= strstr(unrelated[i], tokens[k]) != NULL;
        if (!holds)
            print_error("no token in: %s\n", unrelated[i]);
        assert_true(holds);
    }
}

/* Each alone, in the middle of an episode, where it would do most harm. */
static void a_token_is_no_failure(void **state)
{
    (void)state;
    for (size_t i = 0; i < UNRELATED; i++) {
        for (framing f = PLAIN; f <= CLIENT; f++) {
            fp_out log = {.data = NULL};
            put_line(&log, f, 1, ENGLISH_FIRST);
            put_line(&log, f, 2, STATMSG_6709);
            put_line(&log, f, 3, unrelated[i]);
            put_line(&log, f, 4, "Updates summary: 5 processed, 4 matched, 3 outdated, 2 updated");
            no_failure_in(&log, unrelated[i]);
            fp_out_free(&log);
        }
    }
}

/* All of them after each other, in several orders: neighbours may be joined, and must not be. */
static void many_tokens_are_no_failure(void **state)
{
    (void)state;
    static const size_t strides[] = {1, 7, 11, 13, 17, 19, 23, 29, 31};
    for (size_t s = 0; s < sizeof strides / sizeof strides[0]; s++) {
        for (framing f = PLAIN; f <= CLIENT; f++) {
            fp_out log = {.data = NULL};
            put_line(&log, f, 1, ENGLISH_FIRST);
            size_t at = 0;
            for (size_t i = 0; i < UNRELATED; i++) {
                put_line(&log, f, 2 + (long)i, unrelated[at]);
                at = (at + strides[s]) % UNRELATED;
            }
            no_failure_in(&log, "all unrelated lines");
            fp_out_free(&log);
        }
    }
}

int main(void)
{
    static language_row rows[LANGUAGES * FRAMINGS * ENCODINGS];
    static struct CMUnitTest tests[LANGUAGES * FRAMINGS * ENCODINGS + 3];
    static const char *const framings[] = {"plain", "site", "client"};
    static const char *const encodings[] = {"UTF-8", "UTF-16LE", "UTF-16BE", "bytes"};
    size_t count = 0;
    for (size_t i = 0; i < LANGUAGES; i++) {
        for (int k = 0; k < FRAMINGS * ENCODINGS; k++) {
            if (languages[i].pasted_only && k / ENCODINGS != PLAIN)
                continue;
            language_row *row = &rows[count];
            *row = (language_row){&languages[i], (framing)(k / ENCODINGS),
                                  (encoding)(k % ENCODINGS), ""};
            (void)snprintf(row->name, sizeof row->name, "%s %s %s", languages[i].name,
                           framings[k / ENCODINGS], encodings[k % ENCODINGS]);
            tests[count++] = (struct CMUnitTest){row->name, is_one_failed_episode, NULL, NULL, row};
        }
    }
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(every_line_holds_a_token);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(a_token_is_no_failure);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(many_tokens_are_no_failure);

    legacy_sync = legacy_sync_activity();
    if (legacy_sync == NULL)
        return 1;
    const int failed = _cmocka_run_group_tests(__FILE__, tests, count, NULL, NULL);
    fp_activity_free(legacy_sync);
    return failed != 0;
}
