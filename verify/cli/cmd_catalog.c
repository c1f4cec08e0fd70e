/* SPDX-License-Identifier: MIT */
#include "verify/cli/session.h"

static int check(const fp_session *s)
{
    const fp_case *c = s->casefile;
    if (c->catalog_count == 0) {
        fp_console_error(s->inputs[0].name, "not a scan catalogue: no cabinet with index.xml and "
                                            "package.cab in it");
        return FP_EXIT_DATA;
    }
    int exit_status = 0;
    for (size_t i = 0; i < c->catalog_count; i++) {
        if (!c->catalogs[i].damaged)
            continue;
        const fp_item *item = fp_report_item(&s->report, c->catalogs[i].item);
        fp_console_error(NULL,
                         "%.*s: the catalogue is damaged, altered, or was not read to its end",
                         FP_STR_ARG(item != NULL ? item->path : FP_STR("catalogue")));
        exit_status = FP_EXIT_DATA;
    }
    return exit_status;
}

static int run(const fp_command *command, const fp_options *options)
{
    fp_session s;
    int exit_status = fp_session_begin(&s, command, options);
    if (exit_status == 0)
        exit_status = fp_session_read(&s);
    s.report.members = fp_option_is_given(options, FP_OPT_MEMBERS);
    if (exit_status == 0 && s.casefile->catalog_count > 0)
        exit_status = fp_session_write(&s);
    if (exit_status == 0)
        exit_status = check(&s);
    fp_session_end(&s);
    return exit_status;
}

const fp_command fp_command_catalog = {
    .name = "catalog",
    .arguments = "FILE.cab... [--revision N]... [OPTION]...",
    .summary = "show what a wsusscn2.cab is and what it says of an update",
    .help = "PackageId, dates, number of updates, their DeploymentActions, whether the\n"
            "cabinet is whole, and for each --revision the update with that RevisionId.\n"
            "RevisionIds mean something in one catalogue only. Its signature is verified\n"
            "against the roots of --roots; without them it is \"untrusted\" at best, but\n"
            "still seen to fit the file or not. Revocation is not checked: nothing goes\n"
            "over the network. The exit status is 65 when the catalogue is damaged or is\n"
            "not what was signed.\n",
    .examples = "  fixproof catalog wsusscn2.cab --roots microsoft-roots.pem\n"
                "  fixproof catalog wsusscn2.cab --revision 1293995\n"
                "  fixproof catalog wsusscn2.cab --members --format json=catalog.json\n",
    .options = FP_OPTS_EVIDENCE | FP_OPT_BIT(FP_OPT_REVISION) | FP_OPT_BIT(FP_OPT_MEMBERS),
    .reads_evidence = true,
    .view = FP_VIEW_CATALOG,
    .operands_min = 1,
    .operand_words = "name the catalogue",
    .run = run,
};
