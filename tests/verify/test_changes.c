/* SPDX-License-Identifier: MIT */
/*
 * Every file tests/changes/<case>.json as a test of its own: evidence before and after in, all that
 * confirm and diff say of the change out. What a case may say is in tests/changes/README.md.
 *
 *   test_changes [FILTER]     only the cases whose name holds FILTER
 *
 * FIXPROOF_CHANGES=FOLDER: what the program says is written there, to be looked at.
 */
#include "tests/support/slurp.h" /* first: its own `got` is none of program.h's */

#include "inventory/base/json.h"
#include "inventory/base/time.h"
#include "tests/support/program.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CHANGES FIXPROOF_SOURCE_DIR "/tests/changes"
#define CASES   FIXPROOF_SOURCE_DIR "/tests/cases"

enum { CASES_MAX = 256, NAME_SIZE = 256, PATH_SIZE = 1024, WORDS_MAX = 20 };

/* ---- a command line ---- */

typedef struct command {
    char words[WORDS_MAX][PATH_SIZE];
    size_t count;
} command;

static void add(command *c, const char *word)
{
    assert_true(c->count < WORDS_MAX);
    snprintf(c->words[c->count++], PATH_SIZE, "%s", word);
}

static void add_text(command *c, fp_str word)
{
    char text[PATH_SIZE];
    snprintf(text, sizeof text, "%.*s", FP_STR_ARG(word));
    add(c, text);
}

/* What is in the source is named from its top. */
static void add_path(command *c, fp_str path, const char *folder_of_others)
{
    char word[PATH_SIZE];
    const bool data = fp_str_starts(path, FP_STR("data/"));
    snprintf(word, sizeof word, "%s%.*s", data ? FIXPROOF_SOURCE_DIR "/" : folder_of_others,
             FP_STR_ARG(path));
    add(c, word);
}

static void add_evidence(command *c, const fp_json *evidence, const char *side)
{
    for (size_t i = 0; i < fp_json_size(evidence); i++) {
        const fp_json *one = fp_json_at(evidence, i);
        const fp_str path = fp_json_string(one);
        const fp_str text = fp_json_string(fp_json_get(one, "text"));
        char name[64];
        snprintf(name, sizeof name, "%s-%zu", side, i);
        if (path.size > 0) {
            add_path(c, path, CASES "/");
            continue;
        }
        put_file(name, text.data); /* content of its own */
        add(c, in_folder(name));
    }
}

static int run_command(const command *c)
{
    const char *w[WORDS_MAX + 1] = {NULL};
    for (size_t i = 0; i < c->count; i++)
        w[i] = c->words[i];
    return run(w[0], w[1], w[2], w[3], w[4], w[5], w[6], w[7], w[8], w[9], w[10], w[11], w[12],
               w[13], w[14], w[15], w[16], w[17], w[18], w[19], NULL);
}

static void set_clock(const fp_json *side)
{
    char seconds[32];
    fp_time t = FP_TIME_NONE;
    assert_true(fp_time_parse(fp_json_string(fp_json_get(side, "at")), &t));
    snprintf(seconds, sizeof seconds, "%lld", (long long)(t / 1000));
    setenv("SOURCE_DATE_EPOCH", seconds, 1);
}

/* `verb` about one side of the case, its JSON report into the scratch folder. */
static void start(command *c, const char *verb, const fp_json *side, const char *name)
{
    const fp_json *ask = fp_json_get(side, "ask");
    *c = (command){.count = 0};
    add(c, verb);
    add_evidence(c, fp_json_get(side, "evidence"), name);
    for (size_t i = 0; i < (ask == NULL ? 1 : fp_json_size(ask)); i++) {
        add(c, "--advisory");
        add_path(c, ask == NULL ? FP_STR("954474") : fp_json_string(fp_json_at(ask, i)), "");
    }
    add(c, "--format");
    add(c, json_to(name));
    set_clock(side);
}

/* ---- the report before, as somebody may have altered it ---- */

static void alter(const fp_json *side, const char *path)
{
    size_t size = 0;
    uint64_t cut = 0;
    char *text = slurp_file(path, &size);
    assert_non_null(text);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    const fp_str old = fp_json_string(fp_json_get(side, "alter"));
    const fp_str new = fp_json_string(fp_json_get(side, "to"));
    const char *at = old.size == 0 ? text : strstr(text, old.data);
    if (at == NULL)
        fail_msg("'%.*s' is not in the report", FP_STR_ARG(old));
    if (fp_json_u64(fp_json_get(side, "cut"), &cut))
        assert_int_equal(fwrite(text, 1, size - cut, file), size - cut);
    else
        fprintf(file, "%.*s%.*s%s", (int)(at - text), text, FP_STR_ARG(new), at + old.size);
    fclose(file);
    free(text);
}

static void assess_side(const fp_json *root, const char *name)
{
    command c;
    const fp_json *side = fp_json_get(root, name);
    start(&c, "assess", side, name);
    run_command(&c);
    assert_true(got.status >= 0 && got.status <= 2);
    alter(side, in_folder(name));
}

/* ---- what is said ---- */

/* Lines that another version or another wording of a report changes say nothing here. */
static bool is_passing(const char *line)
{
    static const char *const keys[] = {"\"tool_version\": ", "\"report_sha256\": "};
    line += strspn(line, " ");
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (strncmp(line, keys[i], strlen(keys[i])) == 0)
            return true;
    return false;
}

static char *text_of(const fp_json *json)
{
    char *text = NULL;
    size_t size = 0;
    assert_int_equal(fp_json_write(json, &text, &size), FP_OK);
    char *to = text;
    bool tool = false;
    for (char *line = text; *line != '\0';) {
        const size_t length = strcspn(line, "\n") + 1;
        char *next = line + length;
        const bool ends = tool && strncmp(line, "  },", 4) == 0;
        tool = tool || strncmp(line, "  \"tool\": {", 11) == 0;
        if (!tool && !is_passing(line)) {
            memmove(to, line, length);
            to += length;
        }
        tool = tool && !ends;
        line = next;
    }
    *to = '\0';
    return text;
}

static void compare(const char *expected, const char *said)
{
    size_t at = 0;
    size_t line = 1;
    while (expected[at] != '\0' && expected[at] == said[at])
        line += expected[at++] == '\n';
    if (expected[at] == said[at])
        return;
    while (at > 0 && expected[at - 1] != '\n')
        at--;
    fail_msg("line %zu: expected %.400s\n----- said\n%.400s", line, expected + at, said + at);
}

static void keep(const char *name, const char *said)
{
    const char *to = getenv("FIXPROOF_CHANGES");
    char path[PATH_SIZE];
    if (to == NULL)
        return;
    snprintf(path, sizeof path, "%s/%s", to, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(said, file);
    fclose(file);
}

static void check_said(const fp_json *root, const char *name, bool confirm)
{
    size_t size = 0;
    fp_json *report = NULL;
    char *bytes = slurp_file(in_folder("said"), &size);
    assert_non_null(bytes);
    assert_int_equal(fp_json_parse(fp_span_of(bytes, size), &report, NULL), FP_OK);
    char *said = text_of(confirm ? fp_json_get(report, "changes") : report);
    char *expected = text_of(fp_json_get(root, "expect"));
    keep(name, said);
    compare(expected, said);
    free(said);
    free(expected);
    fp_json_free(report);
    free(bytes);
}

static void ask_confirm(const fp_json *root)
{
    command c;
    const fp_json *since = fp_json_get(root, "since");
    start(&c, "confirm", fp_json_get(root, "after"), "said");
    add(&c, since != NULL ? "--since" : "--before");
    if (since != NULL)
        add_text(&c, fp_json_string(since));
    else
        add(&c, in_folder("before"));
    run_command(&c);
}

static void ask_diff(const fp_json *root)
{
    assess_side(root, "after");
    run("diff", in_folder("before"), in_folder("after"), "--format", json_to("said"), NULL);
}

static void check_case(const fp_json *root, const char *name)
{
    const bool confirm = !fp_str_eq(fp_json_string(fp_json_get(root, "with")), FP_STR("diff"));
    uint64_t status;
    assert_true(fp_json_u64(fp_json_get(root, "status"), &status));
    if (fp_json_get(root, "before") != NULL)
        assess_side(root, "before");
    if (confirm)
        ask_confirm(root);
    else
        ask_diff(root);
    if (status <= 2)
        assert_status((int)status);
    else
        assert_failed((int)status);
    if (status <= 2)
        check_said(root, name, confirm);
}

static void one_case(void **state)
{
    const char *name = *state;
    char path[PATH_SIZE];
    size_t size = 0;
    fp_json *root = NULL;
    fp_diag d = {0};
    snprintf(path, sizeof path, CHANGES "/%s", name);
    char *text = slurp_file(path, &size);
    assert_non_null(text);
    assert_int_equal(set_up(state), 0);
    if (fp_json_parse(fp_span_of(text, size), &root, &d) != FP_OK)
        fail_msg("%s: line %llu: %s", name, (unsigned long long)d.where, d.message);
    check_case(root, name);
    fp_json_free(root);
    free(text);
}

/* ---- all of them ---- */

static int is_case(const struct dirent *entry)
{
    const char *end = strrchr(entry->d_name, '.');
    return end != NULL && strcmp(end, ".json") == 0;
}

int main(int argc, char **argv)
{
    static struct CMUnitTest tests[CASES_MAX];
    static char names[CASES_MAX][NAME_SIZE];
    struct dirent **entries_found = NULL;
    size_t count = 0;
    const int found = scandir(CHANGES, &entries_found, is_case, alphasort);
    for (int i = 0; i < found; i++) {
        const char *name = entries_found[i]->d_name;
        if (count < CASES_MAX && (argc < 2 || strstr(name, argv[1]) != NULL)) {
            snprintf(names[count], NAME_SIZE, "%s", name);
            tests[count] = (struct CMUnitTest){.name = names[count],
                                               .test_func = one_case,
                                               .teardown_func = tear_down,
                                               .initial_state = names[count]};
            count++;
        }
        free(entries_found[i]);
    }
    free(entries_found);
    if (count == 0) {
        fprintf(stderr, "no case in " CHANGES "\n");
        return 1;
    }
    return _cmocka_run_group_tests("changes", tests, count, NULL, NULL) != 0;
}
