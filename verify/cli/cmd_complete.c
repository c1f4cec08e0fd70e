/* SPDX-License-Identifier: MIT */
/*
 * What the completion of the shells asks on every Tab (the scripts in completion/): the words that
 * may stand where the cursor is, one per line, a tab and what it means behind it. A line ":files"
 * or
 * ":folders" leaves the rest to the shell, which knows how to complete paths. All is taken from the
 * tables that the program itself goes by, so it cannot grow stale.
 */
#include "verify/cli/command.h"
#include "verify/cli/data.h"
#include "verify/report/page.h"

#include <string.h>

enum { MEMORY_MAX = 64 * 1024 * 1024 };

typedef struct line { /* the command line as far as the cursor */
    fp_arena *arena;
    fp_out out;
    const fp_command *command;
    uint64_t accepted;
    uint64_t given;         /* options that stand before the cursor */
    const char *data;       /* the value of --data */
    const char *first;      /* operand */
    size_t operands;        /* before the cursor */
    const fp_option *wants; /* the option whose value stands at the cursor */
    bool ended;             /* by "--": no options any more */
    fp_str kept;            /* of the word at the cursor: "--format=", which stays */
    fp_str typed;           /* ... and what is to be completed */
} line;

static void offer(line *l, const char *word, const char *meaning)
{
    static const fp_report_style plain = {0};
    fp_page p = {.arena = l->arena, .style = &plain};
    if (!fp_str_starts(fp_str_of(word), l->typed))
        return;
    fp_out_printf(&l->out, "%.*s%s\t", FP_STR_ARG(l->kept), word);
    fp_str rest = fp_str_of(meaning);
    fp_str piece;
    for (bool more = false; fp_str_split(&rest, '\n', &piece); more = true)
        fp_out_printf(&l->out, "%s%s", more ? " " : "", fp_page_clean(&p, piece));
    fp_out_char(&l->out, '\n', 1);
}

static void offer_files(line *l)
{
    fp_out_text(&l->out, ":files\n");
}

static void offer_folders(line *l)
{
    fp_out_text(&l->out, ":folders\n");
}

/* Ids of the advisories in the data directory; where it cannot be read there are none to offer. */
static void offer_ids(line *l)
{
    fp_option_given asked = {FP_OPT_DATA, l->data};
    const fp_options options = {.given = &asked, .given_count = l->data != NULL ? 1 : 0};
    fp_data data = {0};
    if (fp_data_find_directory(&options, l->arena, &data.directory) == 0 &&
        fp_data_load_advisories(&data, &options, l->arena) == 0)
        for (size_t i = 0; i < data.count; i++) {
            const char *id =
                fp_arena_string(l->arena, data.advisories[i]->id.data, data.advisories[i]->id.size);
            const char *title = fp_arena_string(l->arena, data.advisories[i]->title.data,
                                                data.advisories[i]->title.size);
            if (id != NULL && title != NULL)
                offer(l, id, title);
        }
    offer_files(l);
}

/* The first operand where the command has words, as "show" of `advisory`; or NULL. */
static const fp_command_word *first_as_word(const line *l)
{
    const fp_command_word *word;
    for (size_t i = 0; l->command->word_at != NULL && (word = l->command->word_at(i)) != NULL; i++)
        if (l->operands > 0 && strcmp(word->name, l->first) == 0)
            return word;
    return NULL;
}

static void offer_formats(line *l)
{
    const fp_command_word *word = first_as_word(l);
    if (fp_str_find(l->typed, FP_STR("=")) >= 0) {
        offer_files(l);
        return;
    }
    const fp_report_format *format;
    for (size_t i = 0; (format = fp_report_format_at(i)) != NULL; i++)
        if (fp_command_takes_format(l->command, format) &&
            (word == NULL || fp_command_word_takes_format(word, format)))
            offer(l, format->name, format->what);
}

static void offer_times_of_color(line *l)
{
    offer(l, "auto", "on a terminal, unless NO_COLOR is set");
    offer(l, "always", "");
    offer(l, "never", "");
}

static void offer_ways_to_check(line *l)
{
    offer(l, "quick", "what answers need");
    offer(l, "full", "every cabinet in it");
}

/* What a value named like this in the tables can be; of others nothing is known. */
static void offer_values(line *l, const char *argument)
{
    static const struct {
        const char *argument;
        void (*offer)(line *l);
    } kinds[] = {
        {"ID", offer_ids},      {"NAME[=FILE]", offer_formats}, {"WHEN", offer_times_of_color},
        {"FILE", offer_files},  {"REPORT", offer_files},        {"PEM", offer_files},
        {"DIR", offer_folders}, {"HOW", offer_ways_to_check},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].argument, argument) == 0)
            kinds[i].offer(l);
}

static void offer_options(line *l)
{
    for (unsigned id = 0; id < FP_OPT_COUNT; id++) {
        const fp_option *o = &fp_option_table[id];
        const bool spent = (l->given & FP_OPT_BIT(id)) != 0 && !o->repeatable;
        const char *word = fp_arena_printf(l->arena, "--%s", o->name);
        if ((l->accepted & FP_OPT_BIT(id)) != 0 && !spent && word != NULL)
            offer(l, word, fp_command_option_help(l->command, id));
    }
}

static void offer_commands(line *l)
{
    const fp_command *command;
    for (size_t i = 0; (command = fp_command_at(i)) != NULL; i++)
        if (command->summary != NULL)
            offer(l, command->name, command->summary);
}

static void offer_operands(line *l)
{
    const fp_command_word *word = first_as_word(l);
    if (l->command->word_at == NULL)
        offer_files(l);
    else if (word != NULL && word->operand != NULL)
        offer_values(l, word->operand);
    else if (l->operands == 0)
        for (size_t i = 0; (word = l->command->word_at(i)) != NULL; i++)
            offer(l, word->name, "");
}

/* One word before the cursor, as fp_options_parse would take it. */
static void pass(line *l, const char *word)
{
    const bool dashes = !l->ended && word[0] == '-' && word[1] == '-';
    if (l->wants != NULL) {
        if (l->wants == &fp_option_table[FP_OPT_DATA])
            l->data = word;
        l->wants = NULL;
        return;
    }
    if (!dashes) {
        if (l->operands++ == 0)
            l->first = word;
        return;
    }
    if (word[2] == '\0') {
        l->ended = true;
        return;
    }
    const size_t size = strcspn(word + 2, "=");
    fp_option_id id;
    if (!fp_option_find((fp_str){word + 2, size}, l->accepted, &id))
        return;
    l->given |= FP_OPT_BIT(id);
    if (word[2 + size] == '=' && id == FP_OPT_DATA)
        l->data = word + 2 + size + 1;
    else if (word[2 + size] == '\0' && fp_option_table[id].argument != NULL)
        l->wants = &fp_option_table[id];
}

/* The word at the cursor: "--format=j" is the value of an option too. */
static void look_at(line *l, const char *word)
{
    l->typed = fp_str_of(word);
    const size_t size = strcspn(word, "=");
    fp_option_id id;
    if (l->wants != NULL || l->ended || strncmp(word, "--", 2) != 0 || word[size] == '\0' ||
        !fp_option_find((fp_str){word + 2, size - 2}, l->accepted, &id) ||
        fp_option_table[id].argument == NULL)
        return;
    l->wants = &fp_option_table[id];
    l->kept = (fp_str){word, size + 1};
    l->typed = fp_str_of(word + size + 1);
}

static void first_word(line *l, const char *word)
{
    l->typed = fp_str_of(word);
    l->accepted = FP_OPTS_ALWAYS;
    offer_commands(l);
    offer(l, "help", "tell of a command");
    if (*word == '-')
        offer_options(l);
}

static void later_word(line *l, const char *const *words, size_t count)
{
    if (strcmp(words[0], "help") == 0 && count == 2) {
        l->typed = fp_str_of(words[1]);
        offer_commands(l);
    }
    l->command = fp_command_find(words[0]);
    if (l->command == NULL)
        return;
    l->accepted = l->command->options | FP_OPTS_ALWAYS;
    for (size_t i = 1; i + 1 < count; i++)
        pass(l, words[i]);
    look_at(l, words[count - 1]);
    if (l->wants != NULL)
        offer_values(l, l->wants->argument);
    else if (!l->ended && l->typed.size > 0 && l->typed.data[0] == '-')
        offer_options(l);
    else
        offer_operands(l);
}

static int run(const fp_command *command, const fp_options *options)
{
    (void)command;
    line l = {.arena = fp_arena_new(MEMORY_MAX)};
    if (l.arena == NULL)
        return fp_console_out_of_memory();
    if (options->operand_count == 1)
        first_word(&l, options->operands[0]);
    else
        later_word(&l, options->operands, options->operand_count);
    const int exit_status = fp_command_print(&l.out);
    fp_arena_free(l.arena);
    return exit_status;
}

static const char *const answers[] = {"it is written, or nothing may stand there", NULL, NULL};

const fp_command fp_command_complete = {
    .name = "complete",
    .arguments = "-- WORD...",
    .help = "What may stand where the cursor is: for the completion of shells, whose scripts\n"
            "are installed with the program. The words are those behind \"fixproof\" as far as\n"
            "the cursor, the last one as far as it is typed (or empty). A line for each: the\n"
            "word, a tab, what it means; \":files\" and \":folders\" for what the shell knows.\n",
    .examples = "  fixproof complete -- assess --format ''\n"
                "  fixproof complete -- explain evidence/ --advisory CVE\n",
    .operands_min = 1,
    .operand_words = "say which words there are: -- WORD...",
    .answers = answers,
    .run = run,
};
