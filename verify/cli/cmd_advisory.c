/* SPDX-License-Identifier: MIT */
#include "verify/cli/advisory_verbs.h"

#include <stdlib.h>
#include <string.h>

enum { MEMORY_MAX = 256 * 1024 * 1024, LABEL_WIDTH = 13 };

static fp_page page_of(fp_advisory_request *r, fp_out *out)
{
    return (fp_page){.out = out, .arena = r->arena, .style = &r->style};
}

static void property(fp_page *p, const char *label, fp_str value)
{
    if (value.size > 0)
        fp_page_put(p, (fp_lead){.first = "  ", .mark = label, .mark_width = LABEL_WIDTH}, value);
}

static fp_str joined(fp_page *p, const fp_str *list, size_t count)
{
    const char *text = "";
    for (size_t i = 0; i < count; i++)
        text = fp_page_format(p, "%s%s%s", text, i > 0 ? ", " : "", fp_page_clean(p, list[i]));
    return fp_str_of(text);
}

static void list_as_text(fp_advisory_request *r, const void *found, fp_out *out)
{
    (void)found;
    fp_page p = page_of(r, out);
    unsigned widest = 0;
    for (size_t i = 0; i < r->data.count; i++) {
        const unsigned columns = fp_text_columns(r->data.advisories[i]->id);
        widest = columns > widest ? columns : widest;
    }
    for (size_t i = 0; i < r->data.count; i++) {
        const fp_advisory *a = r->data.advisories[i];
        const fp_lead lead = {
            .mark = fp_page_clean(&p, a->id), .mark_width = widest + 2, .tone = FP_TONE_STRONG};
        const fp_str kbs = joined(&p, a->kbs, a->kb_count);
        fp_page_putf(&p, lead, "%s (%s%s%s)", fp_page_clean(&p, a->title), kbs.data,
                     kbs.size > 0 ? "; published " : "published ", fp_page_clean(&p, a->published));
    }
    out->failed = out->failed || p.failed;
}

/* The same with JSON: what other programs need to choose from. */
static fp_json *list_node(const fp_advisory *a, bool *good)
{
    fp_json *node = fp_json_new_object();
    fp_json *kbs = fp_json_new_array();
    for (size_t i = 0; i < a->kb_count; i++)
        *good &= fp_json_add(kbs, fp_json_new_string(a->kbs[i]));
    *good &= fp_json_put(node, "id", fp_json_new_string(a->id));
    *good &= fp_json_put(node, "title", fp_json_new_string(a->title));
    *good &= fp_json_put(node, "published", fp_json_new_string(a->published));
    *good &= fp_json_put(node, "revised", fp_json_new_string(a->revised));
    *good &= fp_json_put(node, "kbs", kbs);
    return node;
}

void fp_advisory_put_json(fp_json *root, bool good, fp_out *out)
{
    char *text = NULL;
    size_t size = 0;
    if (good && fp_json_write(root, &text, &size) == FP_OK)
        fp_out_str(out, (fp_str){text, size});
    else
        out->failed = true;
    fp_json_free(root);
    free(text);
}

fp_json *fp_advisory_tool(bool *good)
{
    fp_json *tool = fp_json_new_object();
    *good &= fp_json_put(tool, "name", fp_json_new_string(FP_STR("fixproof")));
    *good &= fp_json_put(tool, "version", fp_json_new_string(FP_STR(FIXPROOF_VERSION)));
    return tool;
}

static void list_as_json(fp_advisory_request *r, const void *found, fp_out *out)
{
    (void)found;
    bool good = true;
    fp_json *root = fp_json_new_object();
    fp_json *list = fp_json_new_array();
    for (size_t i = 0; i < r->data.count; i++)
        good &= fp_json_add(list, list_node(r->data.advisories[i], &good));
    good &= fp_json_put(root, "schema", fp_json_new_string(FP_STR("fixproof/advisories/v1")));
    good &= fp_json_put(root, "advisories", list);
    fp_advisory_put_json(root, good, out);
}

static int run_list(fp_advisory_request *r)
{
    static const fp_advisory_writer writers[] = {
        {"text", list_as_text}, {"json", list_as_json}, {NULL, NULL}};
    const int exit_status = fp_data_load_advisories(&r->data, r->options, r->arena);
    return exit_status != 0 ? exit_status : fp_advisory_write(r, writers, NULL);
}

static const char *criteria_text(fp_page *p, const fp_advisory *a, const fp_criteria *c)
{
    if (c->kind == FP_CRITERIA_TEST)
        return fp_page_clean(p, a->tests[c->test].name);
    if (c->child_count == 0)
        return "always";
    const char *word = c->kind == FP_CRITERIA_ANY ? " or " : " and ";
    const char *text = "";
    for (size_t i = 0; i < c->child_count; i++) { /* depth is bounded by FP_CRITERIA_DEPTH_MAX */
        const fp_criteria *child = &c->children[i];
        const bool bracket = child->child_count > 1 && c->child_count > 1;
        text = fp_page_format(p, "%s%s%s%s%s", text, i > 0 ? word : "", bracket ? "(" : "",
                              criteria_text(p, a, child), bracket ? ")" : "");
    }
    return c->kind == FP_CRITERIA_NOT ? fp_page_format(p, "not (%s)", text) : text;
}

static void show_tests(fp_page *p, const fp_advisory *a)
{
    fp_page_heading(p, "Tests");
    for (size_t i = 0; i < a->test_count; i++) {
        const fp_test *t = &a->tests[i];
        fp_page_putf(p,
                     (fp_lead){.first = "  ",
                               .mark = fp_page_clean(p, t->name),
                               .mark_width = 2 + fp_text_columns(t->name),
                               .tone = FP_TONE_STRONG},
                     "(%s)", t->kind->name);
        fp_page_put(p, (fp_lead){.first = "      "}, t->title);
        if (t->source.size > 0)
            fp_page_putf(p, (fp_lead){.first = "      "}, "source: %s (%s)",
                         fp_page_clean(p, t->source), fp_page_clean(p, t->certainty));
        if (t->needs.size > 0)
            fp_page_putf(p, (fp_lead){.first = "      "}, "needs: %s", fp_page_clean(p, t->needs));
    }
}

static void show_rules(fp_page *p, const fp_advisory *a)
{
    fp_page_heading(p, "Rules, in order: the first that holds decides");
    for (size_t i = 0; i < a->rule_count; i++) {
        const fp_rule *rule = &a->rules[i];
        fp_page_putf(p, (fp_lead){.mark = fp_page_format(p, "%2zu. ", i + 1), .mark_width = 4},
                     "%s -> %s (%s)", criteria_text(p, a, &rule->when),
                     fp_verdict_name(rule->verdict), fp_page_clean(p, rule->reason));
        if (rule->text.size > 0)
            fp_page_put(p, (fp_lead){.first = "      "}, rule->text);
        if (rule->caveat.size > 0)
            fp_page_put(p, (fp_lead){.first = "      caveat: "}, rule->caveat);
    }
}

/* What a change record holds of it. */
static void show_change(fp_page *p, const fp_advisory *a)
{
    if (a->package_count > 0)
        fp_page_heading(p, "Packages");
    for (size_t i = 0; i < a->package_count; i++)
        fp_page_putf(p, (fp_lead){.first = "  - "}, "%s: %s", fp_page_clean(p, a->packages[i].kb),
                     fp_page_clean(p, a->packages[i].name));
    if (a->checklist_count > 0)
        fp_page_heading(p, "Checklist");
    for (unsigned phase = 0; phase < FP_PHASES; phase++)
        for (size_t i = 0; i < a->checklist_count; i++)
            if (a->checklist[i].phase == phase)
                fp_page_put(p,
                            (fp_lead){.first = "  ",
                                      .mark = fp_phase_name(a->checklist[i].phase),
                                      .mark_width = 10},
                            a->checklist[i].text);
}

static void show(fp_page *p, const fp_data_source *source)
{
    const fp_advisory *a = source->advisory;
    fp_page_putf(p,
                 (fp_lead){.mark = fp_page_clean(p, a->id),
                           .tone = FP_TONE_STRONG,
                           .mark_width = 2 + fp_text_columns(a->id)},
                 "%s", fp_page_clean(p, a->title));
    fp_page_blank(p);
    fp_page_prose(p, "  ", a->summary, true);
    fp_page_blank(p);
    property(p, "Published", a->published);
    property(p, "Revised", a->revised);
    property(p, "Fixed by", joined(p, a->kbs, a->kb_count));
    property(p, "CVE", joined(p, a->cves, a->cve_count));
    property(p, "Severity", a->severity);
    for (size_t i = 0; i < a->supersedence_count; i++)
        property(
            p, i == 0 ? "Supersedence" : "",
            fp_str_of(fp_page_format(p, "%s supersedes %s", fp_page_clean(p, a->supersedence[i].kb),
                                     fp_page_clean(p, a->supersedence[i].supersedes))));
    property(p, "Data", fp_str_of(source->path));
    fp_page_heading(p, "What to do when affected");
    fp_page_prose(p, "  ", a->remediation, true);
    show_change(p, a);
    show_tests(p, a);
    show_rules(p, a);
    if (a->reference_count > 0)
        fp_page_heading(p, "References");
    for (size_t i = 0; i < a->reference_count; i++)
        fp_page_put(p, (fp_lead){.first = "  - "},
                    fp_str_of(fp_text_reference(p, &a->references[i])));
}

static void show_as_text(fp_advisory_request *r, const void *found, fp_out *out)
{
    fp_page p = page_of(r, out);
    show(&p, found);
    out->failed = out->failed || p.failed;
}

/* The data themselves: there is no better JSON of them. */
static void show_as_json(fp_advisory_request *r, const void *found, fp_out *out)
{
    (void)r;
    fp_out_str(out, fp_str_from_span(((const fp_data_source *)found)->text));
}

static int run_show(fp_advisory_request *r)
{
    static const fp_advisory_writer writers[] = {
        {"text", show_as_text}, {"json", show_as_json}, {NULL, NULL}};
    if (r->options->operand_count != 2)
        return fp_command_misused(r->command, "advisory show takes one ID");
    fp_data_source source;
    const int exit_status =
        fp_data_load_advisory(&r->data, r->options->operands[1], r->arena, &source);
    return exit_status != 0 ? exit_status : fp_advisory_write(r, writers, &source);
}

/* ---- to the targets ---- */

static const fp_advisory_writer *writer_of(const fp_advisory_writer *writers, const char *format)
{
    while (writers->format != NULL && strcmp(writers->format, format) != 0)
        writers++;
    return writers->format != NULL ? writers : NULL;
}

int fp_advisory_write(fp_advisory_request *r, const fp_advisory_writer *writers, const void *found)
{
    const fp_report_style console = r->style;
    int exit_status = 0;
    for (size_t i = 0; i < r->targets.count; i++) {
        const fp_target *target = &r->targets.at[i];
        const fp_advisory_writer *writer = writer_of(writers, target->format->name);
        fp_out out = {.failed = writer == NULL};
        r->style = fp_target_style(target, &console);
        if (writer != NULL)
            writer->write(r, found, &out);
        const int one = fp_target_write(target, &out);
        exit_status = exit_status != 0 ? exit_status : one;
    }
    return exit_status;
}

/* Formats that the command has and this word of it has not; files that would be written over. */
static int check_targets(const fp_advisory_request *r, const fp_command_word *word)
{
    int exit_status = 0;
    for (size_t i = 0; i < r->targets.count; i++)
        if (!fp_command_word_takes_format(word, r->targets.at[i].format))
            return fp_command_misused(r->command, "format %s is not one of advisory %s's",
                                      r->targets.at[i].format->name, word->name);
    for (size_t i = 1; exit_status == 0 && i < r->options->operand_count; i++)
        exit_status = fp_targets_spare(&r->targets, r->command, r->options->operands[i]);
    return exit_status;
}

typedef struct verb {
    fp_command_word word;
    bool needs_directory;
    uint64_t options; /* besides those that all take */
    int (*run)(fp_advisory_request *r);
} verb;

static const verb verbs[] = {
    {{"list", NULL, "text json"}, true, 0, run_list},
    {{"show", "ID", "text json"}, true, 0, run_show},
    {{"lint", "FILE", NULL}, false, 0, fp_advisory_lint_files},
    {{"test", "ID", "text json"}, true, 0, fp_advisory_test_cases},
    {{"new", "NAME", "text"}, true, FP_OPTS_ADVISORY_NEW, fp_advisory_new},
};

static const fp_command_word *word_at(size_t index)
{
    return index < sizeof verbs / sizeof *verbs ? &verbs[index].word : NULL;
}

static int run_verb(fp_advisory_request *r, const verb *v)
{
    for (unsigned id = 0; id < FP_OPT_COUNT; id++)
        if ((FP_OPT_BIT(id) & FP_OPTS_ADVISORY_NEW & ~v->options) != 0 &&
            fp_option_is_given(r->options, (fp_option_id)id))
            return fp_command_misused(r->command, "option --%s does not belong to advisory %s",
                                      fp_option_table[id].name, v->word.name);
    int exit_status = check_targets(r, &v->word);
    if (exit_status == 0 && v->needs_directory)
        exit_status = fp_data_find_directory(r->options, r->arena, &r->data.directory);
    return exit_status != 0 ? exit_status : v->run(r);
}

static int dispatch(fp_advisory_request *r)
{
    const char *name = r->options->operands[0];
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (strcmp(name, verbs[i].word.name) == 0)
            return run_verb(r, &verbs[i]);
    return fp_command_misused(r->command, "advisory list, show, lint, test or new; not '%s'", name);
}

static int run(const fp_command *command, const fp_options *options)
{
    fp_advisory_request r = {
        .command = command, .options = options, .arena = fp_arena_new(MEMORY_MAX)};
    if (r.arena == NULL)
        return fp_console_out_of_memory();
    int exit_status = fp_console_style(options, &r.style)
                          ? fp_targets_parse(command, options, r.arena, &r.targets)
                          : FP_EXIT_USAGE;
    if (exit_status == 0)
        exit_status = dispatch(&r);
    fp_arena_free(r.arena);
    return exit_status;
}

static const fp_option_meaning meanings[] = {
    {FP_OPT_KB, "new: as KB954474; what remedies it, and then what\n"
                "contains it"},
    {FP_OPT_COUNT, NULL},
};

static const char *const answers[] = {
    "it is done; lint: no findings; test: all comes as expected",
    ("lint: warnings only; test: a case does not come as expected, or a rule is\n"
     "      reached by none"),
    NULL};

const fp_command fp_command_advisory = {
    .name = "advisory",
    .arguments = "VERB [ARGUMENT]... [OPTION]...",
    .summary = "list, show or check the advisories",
    .help = "list            every advisory there is: id, title, KB, date\n"
            "show ID         one advisory: what it is about, its tests, and its rules in\n"
            "                order; as JSON the data themselves\n"
            "lint FILE...    checks advisory files: FILE:LINE:COLUMN: error or warning, what,\n"
            "                and where in the document; exit status 65 when there are errors,\n"
            "                1 when there are warnings only; --format sarif is for what shows\n"
            "                findings beside the file\n"
            "test [FILE|ID]  tries the cases of advisories (default: all), which lie beside\n"
            "                them in ID/cases/*.case; exit status 1 when one does not come as\n"
            "                expected, or a rule is reached by none\n"
            "new ID          writes ID.json, an advisory to begin with, and a case that fails\n"
            "                until it is filled in\n",
    .examples = "  fixproof advisory list --format json\n"
                "  fixproof advisory show 954474\n"
                "  fixproof advisory lint my-advisory.json\n"
                "  fixproof advisory lint my-advisory.json --format text --format sarif=my.sarif\n"
                "  fixproof advisory test my-advisory.json\n"
                "  fixproof advisory new CVE-2025-47179 --kb KB35360093 --published 2025-10-15 \\\n"
                "      --product configmgr-current-branch --release 2403 --release 2409 \\\n"
                "      --file-version setupcore.dll=5.00.9128.1037 \\\n"
                "      --file-version setupcore.dll=5.00.9132.1031\n",
    .options = FP_OPTS_OUTPUT | FP_OPTS_ADVISORY_NEW,
    .operands_min = 1,
    .operand_words = "say what: list, show, lint, test or new",
    .answers = answers,
    .word_at = word_at,
    .meanings = meanings,
    .formats = "text json sarif",
    .run = run,
};
