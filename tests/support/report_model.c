/* SPDX-License-Identifier: MIT */
#include "tests/support/report_model.h"

#include <string.h>

#define HEX_16 "fedcba9876543210"
#define DIGEST FP_STR_INIT(HEX_16 HEX_16 HEX_16 HEX_16)

static const fp_time day = 1213315200000; /* 2008-06-13T00:00:00Z */

static void make_items(report_model *m)
{
    static const struct {
        const char *path, *name;
        fp_kind kind;
        const char *problem;
    } rows[MODEL_ITEMS] = {
        {"srv01/sms.reg", "sms.reg", FP_KIND_REGISTRY_EXPORT, NULL},
        {"srv01/wsyncmgr.log", "wsyncmgr.log", FP_KIND_LOG, "the first line is cut"},
        {"srv01/readme.txt", "readme.txt", FP_KIND_UNKNOWN, NULL},
        {"srv01/wsusscn2.cab", "wsusscn2.cab", FP_KIND_CATALOG, NULL},
    };
    for (size_t i = 0; i < MODEL_ITEMS; i++) {
        fp_item *item = &m->items[i];
        *item = (fp_item){.id = (uint32_t)i + 1,
                          .path = fp_str_of(rows[i].path),
                          .name = fp_str_of(rows[i].name),
                          .kind = rows[i].kind,
                          .size = 1000 + i,
                          .hashed = true,
                          .complete = true};
        memset(item->sha256, (int)(0x11 * (i + 1)), sizeof item->sha256);
        if (rows[i].problem != NULL)
            item->problems[item->problem_count++] = rows[i].problem;
        m->item_list[i] = item;
    }
}

static void make_product(report_model *m)
{
    m->family = (fp_family){.family = FP_STR("configmgr-2007"),
                            .title = FP_STR("Configuration Manager 2007")};
    m->feature = (fp_feature){.family = FP_STR("configmgr-2007"),
                              .feature = FP_STR("R2"),
                              .title = FP_STR("Configuration Manager 2007 R2")};
    m->features[0] = (fp_product_feature){.feature = &m->feature, .installed = FP_FALSE};
    m->release = (fp_release){.family = FP_STR("configmgr-2007"),
                              .family_title = FP_STR("Configuration Manager 2007"),
                              .release = FP_STR("SP1"),
                              .title = FP_STR("Configuration Manager 2007 SP1"),
                              .certainty = FP_STR("confirmed"),
                              .source = FP_STR("a table")};
    m->casefile.product = (fp_product){.installed = FP_TRUE,
                                       .has_version = true,
                                       .version_text = FP_STR("4.00.6221.1000"),
                                       .release = &m->release,
                                       .role = FP_ROLE_PRIMARY,
                                       .site_code = FP_STR("ABC"),
                                       .family = &m->family,
                                       .features = m->features,
                                       .feature_count = 1,
                                       .console = FP_TRUE};
}

static void make_advisory(report_model *m)
{
    static const struct {
        const char *name, *title;
    } rows[MODEL_TESTS] = {
        {"release-listed", "Is the release one that the advisory lists?"},
        {"legacy-path", "Does the site synchronise wsusscn2.cab for SMS 2003 clients?"},
        {"kb954474", "Is KB954474 installed?"},
    };
    for (size_t i = 0; i < MODEL_TESTS; i++)
        m->tests[i] = (fp_test){.name = fp_str_of(rows[i].name),
                                .title = fp_str_of(rows[i].title),
                                .source = FP_STR("advisory 954474"),
                                .certainty = FP_STR("confirmed"),
                                .needs = FP_STR("the log wsyncmgr.log"),
                                .collect = FP_STR("copy \"%ProgramFiles%\\Logs\\wsyncmgr.lo*\" .")};
    m->kbs[0] = FP_STR("KB954474");
    m->references[0] = (fp_reference){FP_STR("Advisory"), FP_STR("https://example.org/954474")};
    m->activities[0] = (fp_advisory_activity){.name = FP_STR("legacy-sync"),
                                              .title = FP_STR("Legacy synchronisation")};
    m->advisory = (fp_advisory){.id = FP_STR("954474"),
                                .sha256 = DIGEST,
                                .title = FP_STR("ConfigMgr 2007 cannot deploy updates"),
                                .published = FP_STR("2008-06-13"),
                                .kbs = m->kbs,
                                .kb_count = 1,
                                .references = m->references,
                                .reference_count = 1,
                                .remediation = FP_STR("Install KB954474.\nThen synchronise."),
                                .activities = m->activities,
                                .activity_count = 1,
                                .tests = m->tests,
                                .test_count = MODEL_TESTS,
                                .rules = m->rules,
                                .rule_count = MODEL_RULES};
    m->advisory_list[0] = &m->advisory;
}

static void make_outcomes(report_model *m)
{
    static const struct {
        fp_tri is;
        const char *value;
        fp_origin origin;
    } rows[MODEL_TESTS] = {
        {FP_TRUE, "Full Version = 4.00.6221.1000", {1, {"HKLM\\SOFTWARE\\Microsoft\\SMS", 27}}},
        {FP_TRUE, "a legacy episode failed", {2, {"line 17", 7}}},
        {FP_FALSE, "no key KB954474", {1, {"HKLM\\SOFTWARE\\Microsoft\\Updates", 31}}},
    };
    for (size_t i = 0; i < MODEL_TESTS; i++) {
        m->observations[i] = (fp_observation){fp_str_of(rows[i].value), rows[i].origin};
        m->outcomes[i] = (fp_test_result){
            .is = rows[i].is,
            .observations = {.at = &m->observations[i], .count = 1, .capacity = 1}};
        m->leaves[i] = (fp_because){.kind = FP_CRITERIA_TEST,
                                    .test = &m->tests[i],
                                    .outcome = &m->outcomes[i],
                                    .result = rows[i].is};
    }
    m->outcomes[1].installed = (fp_installation){FP_STR("KB954474"), {day - 3600000, day + 30000}};
    m->both[0] = m->leaves[0];
    m->both[1] = m->leaves[1];
}

static void make_rules(report_model *m)
{
    m->rules[0] = (fp_rule){.verdict = FP_FIXED,
                            .reason = FP_STR("fix_installed"),
                            .text = FP_STR("The hotfix is installed.")};
    m->rules[1] =
        (fp_rule){.verdict = FP_AFFECTED,
                  .reason = FP_STR("unpatched"),
                  .text = FP_STR("The site synchronises the catalogue without the hotfix.")};
    m->rules[2] = (fp_rule){.verdict = FP_NOT_APPLICABLE,
                            .reason = FP_STR("legacy_path_not_used"),
                            .text = FP_STR("The site does not synchronise the catalogue.")};
    m->rule_outcomes[0] = (fp_rule_outcome){
        .rule = &m->rules[0], .when = FP_FALSE, .reached = true, .because = m->leaves[2]};
    m->rule_outcomes[1] = (fp_rule_outcome){
        .rule = &m->rules[1],
        .when = FP_TRUE,
        .reached = true,
        .because = {
            .kind = FP_CRITERIA_ALL, .result = FP_TRUE, .children = m->both, .child_count = 2}};
    m->rule_outcomes[2] =
        (fp_rule_outcome){.rule = &m->rules[2],
                          .when = FP_TRUE,
                          .because = {.kind = FP_CRITERIA_ALL, .result = FP_TRUE}};
}

static void make_result(report_model *m)
{
    m->caveats[0] = FP_STR("The log does not reach back to the installation.");
    m->result = (fp_result){.advisory = &m->advisory,
                            .remediation = m->advisory.remediation,
                            .verdict = FP_AFFECTED,
                            .possible = fp_verdict_bit(FP_AFFECTED),
                            .reason = m->rules[1].reason,
                            .reason_text = m->rules[1].text,
                            .caveats = m->caveats,
                            .caveat_count = 1,
                            .rules = m->rule_outcomes,
                            .rule_count = MODEL_RULES,
                            .deciding = 1,
                            .because = m->rule_outcomes[1].because};
}

/* Of each state one item: failed since test 2 is FALSE, the others by test 0. */
static void make_change(report_model *m)
{
    static const struct {
        const char *name, *text;
        fp_phase phase;
        bool declared;
        fp_open_why why;
    } rows[MODEL_CHECKS] = {
        [FP_TICK_OPEN] = {"way-back", "The way back is agreed.", FP_PHASE_BACK_OUT, false,
                          FP_OPEN_BY_HAND},
        [FP_TICK_TICKED] = {"in-scope", "The release is one that is listed.", FP_PHASE_BEFORE,
                            false, FP_OPEN_BY_HAND},
        [FP_TICK_DECLARED] = {"clients", "There are such clients.", FP_PHASE_BEFORE, true,
                              FP_OPEN_BY_HAND},
        [FP_TICK_FAILED] = {"installed", "KB954474 is installed.", FP_PHASE_ACTION, false,
                            FP_OPEN_BY_HAND},
        [FP_TICK_ASIDE] = {"other", "On the other release: nothing.", FP_PHASE_AFTER, false,
                           FP_OPEN_BY_HAND},
    };
    for (size_t i = 0; i < MODEL_CHECKS; i++) {
        m->checklist[i] = (fp_checklist_item){.name = fp_str_of(rows[i].name),
                                              .text = fp_str_of(rows[i].text),
                                              .phase = rows[i].phase,
                                              .source = FP_STR("the article")};
        m->checked[i] = (fp_checked){.item = &m->checklist[i],
                                     .is = (fp_tick)i,
                                     .declared = rows[i].declared,
                                     .why = rows[i].why,
                                     .because = m->leaves[i == FP_TICK_FAILED ? 2 : 0]};
    }
    m->checked[FP_TICK_OPEN].because = (fp_because){.kind = FP_CRITERIA_ALL};
    m->packages_of[0] = (fp_package){.kb = FP_STR("KB954474"),
                                     .name = FP_STR("fix-enu.exe"),
                                     .source = FP_STR("the bulletin"),
                                     .certainty = FP_STR("confirmed")};
    m->concerns[0] = FP_TRUE;
    m->advisory.checklist = m->checklist;
    m->advisory.checklist_count = MODEL_CHECKS;
    m->advisory.packages = m->packages_of;
    m->advisory.package_count = 1;
    m->result.answers = m->outcomes;
    m->result.checklist = m->checked;
    m->result.packages = m->concerns;
    m->report.change = FP_STR("CHG0012345");
}

void report_model_before(report_model *m)
{
    m->before_result = (fp_record_result){.advisory = m->advisory.id,
                                          .title = m->advisory.title,
                                          .verdict = FP_UNDETERMINED,
                                          .possible = fp_verdict_all(),
                                          .reason = FP_STR("evidence_missing"),
                                          .reason_text = FP_STR("Evidence was missing.")};
    m->before = (fp_record){.tool_version = FP_STR("0.0.9"),
                            .command = FP_STR("assess"),
                            .generated = day - 86400000,
                            .results = &m->before_result,
                            .result_count = 1};
    memset(m->before.sha256, 0xAB, sizeof m->before.sha256);
    m->report.before = &m->before;
    m->report.since = m->before.generated;
}

void report_model_aside(report_model *m)
{
    fp_result *aside = &m->both_results[1];
    m->both_results[0] = *aside = m->result;
    aside->verdict = FP_NOT_APPLICABLE;
    aside->possible = fp_verdict_bit(FP_NOT_APPLICABLE);
    aside->reason_text = FP_STR("There is no such server.");
    aside->caveat_count = 0;
    m->report.results = m->both_results;
    m->report.result_count = 2;
}

void report_model_open(report_model *m)
{
    m->outcomes[1].is = FP_UNKNOWN;
    m->outcomes[1].why = FP_WHY_NOT_SUPPLIED;
    m->leaves[1].result = FP_UNKNOWN;
    m->both[1] = m->leaves[1];
    m->rule_outcomes[1].when = FP_UNKNOWN;
    m->rule_outcomes[1].because.result = FP_UNKNOWN;
    m->rule_outcomes[2].reached = true;
    m->missing[0] = (fp_missing){.test = &m->tests[1],
                                 .needs = m->tests[1].needs,
                                 .collect = m->tests[1].collect,
                                 .why = FP_WHY_NOT_SUPPLIED};
    m->result.verdict = FP_UNDETERMINED;
    m->result.possible = fp_verdict_bit(FP_AFFECTED) | fp_verdict_bit(FP_NOT_APPLICABLE);
    m->result.reason = FP_STR("evidence_missing");
    m->result.reason_text = FP_STR("Evidence is missing.");
    m->result.missing = m->missing;
    m->result.missing_count = 1;
    m->result.caveat_count = 0;
    m->result.because = m->rule_outcomes[1].because;
}

static void make_history(report_model *m)
{
    const fp_origin at = {2, FP_STR("line 17")};
    m->log_files[0] = (fp_log_file){.item = 2,
                                    .name = FP_STR("wsyncmgr.log"),
                                    .complete = true,
                                    .counts = {.lines = 1200,
                                               .records = 1100,
                                               .site = 1100,
                                               .first = day,
                                               .last = day + 3600000,
                                               .earliest = day,
                                               .latest = day + 3600000}};
    m->episodes[0] = (fp_episode){.outcome = FP_EPISODE_FAILED,
                                  .whole = true,
                                  .dated = true,
                                  .begin = day,
                                  .end = day + 60000,
                                  .failure = day + 50000,
                                  .has_counts = true,
                                  .update = FP_STR("1293995"),
                                  .marks = FP_STR("begin, failure"),
                                  .begin_origin = at,
                                  .end_origin = at,
                                  .failure_origin = at,
                                  .failure_text = FP_STR("Error 0x80004005")};
    m->episodes[1] = (fp_episode){
        .begin = FP_TIME_NONE, .end = FP_TIME_NONE, .failure = FP_TIME_NONE, .begin_origin = at};
    m->runs[0] = (fp_run){.begin = day, .end = day + 90000, .active = true, .begin_origin = at};
    m->gaps[0] = (fp_log_gap){.from = FP_TIME_NONE, .to = day, .after = 2};
    m->history = (fp_history){.files = m->log_files,
                              .file_count = 1,
                              .episodes = m->episodes,
                              .episode_count = 2,
                              .runs = m->runs,
                              .run_count = 1,
                              .gaps = m->gaps,
                              .gap_count = 1};
    m->casefile.history = &m->history;
}

static void make_hotfixes(report_model *m)
{
    const fp_origin at = {1, FP_STR("HKLM\\SOFTWARE\\Microsoft\\Updates\\X\\SP1\\KB1")};
    m->trace_files[0] = (fp_trace_file){.name = FP_STR("updatewuscatalog.exe"),
                                        .version_text = FP_STR("4.0.6221.1100"),
                                        .location = FP_STR("C:\\bin"),
                                        .origin = at};
    m->traces[0] = (fp_trace){.place = FP_TRACE_UPDATES,
                              .product = FP_STR("X"),
                              .level = FP_STR("SP1"),
                              .key_path = at.where,
                              .written = day,
                              .installed_date = FP_STR("6/13/2008"),
                              .installed_by = FP_STR("admin"),
                              .files = m->trace_files,
                              .file_count = 1,
                              .origin = at};
    m->traces[0].says = FP_TRACE_SAYS_INSTALLED;
    m->traces[1] = (fp_trace){.place = FP_TRACE_CBS,
                              .says = FP_TRACE_SAYS_PENDING,
                              .said = FP_STR("CurrentState = 0x60"),
                              .name = FP_STR("Package_for_KB2"),
                              .key_path = FP_STR("HKLM\\SOFTWARE\\Packages\\Package_for_KB2"),
                              .written = FP_TIME_NONE,
                              .superseded_by = FP_STR("KB3"),
                              .origin = at};
    m->compared[0] = (fp_observation){FP_STR("updatewuscatalog.exe is older"), at};
    m->hotfixes[0] = (fp_hotfix){.kb = FP_STR("KB1"),
                                 .state = FP_HOTFIX_CONFLICTING,
                                 .because = FP_STR("a file is older"),
                                 .why = FP_WHY_CONFLICTING,
                                 .present = FP_TRUE,
                                 .files_match = FP_FALSE,
                                 .compared = {m->compared, 1, 1, false},
                                 .traces = m->traces,
                                 .trace_count = 1};
    m->hotfixes[1] = (fp_hotfix){.kb = FP_STR("KB2"),
                                 .state = FP_HOTFIX_PENDING,
                                 .ground = FP_GROUND_RECORDED,
                                 .because = FP_STR("it waits for a restart"),
                                 .present = FP_FALSE,
                                 .elsewhere = FP_TRUE,
                                 .traces = &m->traces[1],
                                 .trace_count = 1};
    m->report.hotfixes = m->hotfixes;
    m->report.hotfix_count = 2;
    m->report.hotfixes_complete = FP_TRUE;
    m->files[0] = (fp_case_file){.item = 1,
                                 .pe = {.machine = 0x14c,
                                        .has_version = true,
                                        .version = {{4, 0, 6221, 1100}, 4},
                                        .version_text = FP_STR("4.0.6221.1000")},
                                 .authenticity = &m->authenticity};
    m->casefile.files = m->files;
    m->casefile.file_count = 1;
    m->hosts[0] = (fp_host_name){FP_STR("SRV01"), at};
    m->hosts[1] = (fp_host_name){FP_STR("srv01"), {2, FP_STR("line 3")}};
    m->casefile.hosts = m->hosts;
    m->casefile.host_count = 2;
}

static void make_restart(report_model *m)
{
    const fp_origin at = {1, FP_STR("HKLM\\SOFTWARE\\X\\RebootPending")};
    m->signs[0] = (fp_restart_sign){.name = "a key that waits for it",
                                    .key_path = at.where,
                                    .answer = {.exists = FP_TRUE, .origin = at}};
    m->signs[1] = (fp_restart_sign){
        .name = "an orphan", .ignored = true, .answer = {.exists = FP_TRUE, .origin = at}};
    m->restart = (fp_restart){.pending = FP_TRUE, .signs = m->signs, .sign_count = 2};
    m->report.restart = &m->restart;
}

static void make_listings(report_model *m)
{
    m->listing_rows[0] = (fp_listing_row){.kb = 2,
                                          .installed_on = FP_STR("6/13/2008"),
                                          .installed_by = FP_STR("admin"),
                                          .description = FP_STR("Update"),
                                          .line = 3};
    m->listings[0] =
        (fp_listing){.item = 3, .form = FP_LISTING_TABLE, .rows = m->listing_rows, .row_count = 1};
    m->casefile.hotfixes.listings = m->listings;
    m->casefile.hotfixes.listing_count = 1;
}

static void make_site_updates(report_model *m)
{
    m->packages[0] = (fp_site_update){.name = FP_STR("Hotfix (KB4)"),
                                      .package_guid = FP_STR("G1"),
                                      .full_version = FP_STR("5.00.9128.1000"),
                                      .client_version = FP_STR("5.00.9128.1012"),
                                      .released = FP_STR("9/18/2024"),
                                      .updated = FP_STR("9/19/2024"),
                                      .has_state = true,
                                      .state = 196612,
                                      .line = 2};
    m->packages[1] = m->packages[0];
    m->packages[1].package_guid = FP_STR("G2");
    m->packages[1].state = 262143;
    m->packages[2] = (fp_site_update){.name = FP_STR("Release 5"), .line = 4};
    m->site_updates[0] = (fp_site_updates){.item = 3, .updates = m->packages, .count = 3};
    m->casefile.site_updates = m->site_updates;
    m->casefile.site_updates_count = 1;
}

/* Signed twice: weakly, and well. */
static void make_signatures(report_model *m)
{
    const fp_authentic_certificate publisher = {.subject = FP_STR("CN=Signer,O=Publisher"),
                                                .common_name = FP_STR("Signer"),
                                                .organization = FP_STR("Publisher"),
                                                .issuer = FP_STR("CN=Issuing"),
                                                .serial = FP_STR("0A1B"),
                                                .not_before = day,
                                                .not_after = day + 86400000};
    const fp_authentic_stamp stamp = {
        .kind = FP_STAMP_RFC3161, .believed = true, .time = day, .signer = publisher};
    m->signatures[0] = (fp_authentic_signature){.result = FP_AUTHENTIC_WEAK,
                                                .failed = FP_CHECK_STRENGTH,
                                                .reason = FP_STR("the digest is weak"),
                                                .digest_name = "SHA-1",
                                                .digest_size = FP_SHA1_SIZE,
                                                .has_signer = true,
                                                .signer = publisher,
                                                .stamp = {.time = FP_TIME_NONE},
                                                .weakness = FP_STR("the digest is weak")};
    m->signatures[1] = (fp_authentic_signature){.result = FP_AUTHENTIC_VALID,
                                                .failed = FP_CHECK_COUNT,
                                                .digest_name = "SHA-256",
                                                .digest_size = FP_SHA256_SIZE,
                                                .has_signer = true,
                                                .signer = publisher,
                                                .has_root = true,
                                                .root = publisher,
                                                .stamp = stamp};
    m->authenticity = (fp_authenticity){.result = FP_AUTHENTIC_VALID,
                                        .carrier = "cabinet",
                                        .signatures = m->signatures,
                                        .signature_count = 2,
                                        .decisive = &m->signatures[1]};
}

static void make_details(report_model *m)
{
    m->catalog_files[0] = (fp_catalog_file){.revision_id = 1293996,
                                            .in_package = true,
                                            .has_sha1 = true,
                                            .has_size = true,
                                            .size = 1234,
                                            .name = FP_STR("x.cab"),
                                            .url = FP_STR("http://u/x.cab")};
    m->catalog_files[1] = (fp_catalog_file){.revision_id = 1293995, .has_sha256 = true};
    m->details = (fp_catalog_details){.shard = FP_STR("package2.cab"),
                                      .severity = FP_STR("Critical"),
                                      .title = FP_STR("A title"),
                                      .kbs = {5101650},
                                      .kb_count = 1,
                                      .files = m->catalog_files,
                                      .file_count = 2};
}

static void make_answers(report_model *m)
{
    make_details(m);
    m->rows[0] = (fp_update){.revision_id = 1293995,
                             .revision_number = 101,
                             .has_revision_number = true,
                             .is_bundle = true,
                             .prerequisites = 3,
                             .categories = 2};
    m->rows[1] = (fp_update){.revision_id = 1293996, .has_update_id = true};
    m->relatives[0] = (fp_relative){1293996, 1, &m->rows[1]};
    m->relatives[1] = (fp_relative){99, 2, NULL};
    m->updates[0] = (fp_catalog_update){.is = &m->rows[0],
                                        .update_id = FP_STR("u-1"),
                                        .has_action = true,
                                        .action = FP_STR("Block"),
                                        .superseded_by = {m->relatives, 2, true},
                                        .details = &m->details};
    m->answers[0] = &m->updates[0];
    m->questions[0] = (fp_catalog_question){.key = {FP_CATALOG_BY_REVISION, .number = 1293995},
                                            .found = 1,
                                            .settled = true,
                                            .updates = m->answers,
                                            .update_count = 1};
    m->questions[1] =
        (fp_catalog_question){.key = {FP_CATALOG_BY_REVISION, .number = 7}, .settled = true};
    m->questions[2] = (fp_catalog_question){
        .key = {FP_CATALOG_BY_UPDATE, .update_id = {0x64, 0xc5}, .any_number = true}};
}

static void make_catalog(report_model *m)
{
    make_signatures(m);
    m->actions[0] = (fp_catalog_action){.value = FP_STR("Evaluate"), .count = 12345};
    make_answers(m);
    m->catalog = (fp_catalog){.consistent = true,
                              .inner_sound = 2,
                              .index_read = true,
                              .packages_read = true,
                              .package_id = FP_STR("p-1"),
                              .creation_date = FP_STR("2008-06-10T00:00:00Z"),
                              .created = day,
                              .updates = 12400,
                              .actions = m->actions,
                              .action_count = 1,
                              .without_action = 55,
                              .questions = m->questions,
                              .question_count = 3,
                              .asked_actions = true,
                              .odd_count = 2,
                              .odd = m->updates,
                              .odd_kept = 1,
                              .duplicate_count = 1,
                              .duplicates = {1293996},
                              .members = 3};
    m->cabinet_files[0] = (fp_cabinet_file){.name = FP_STR("index.xml"), .size = 1234};
    m->cabinet_files[1] = (fp_cabinet_file){.name = FP_STR("package.cab"), .size = 5678};
    m->cabinet = (fp_cabinet){.size = 99999,
                              .files = m->cabinet_files,
                              .file_count = 2,
                              .signature = FP_CAB_SIGNED,
                              .files_read = true,
                              .blocks_checked = 3};
    m->catalogs[0] = (fp_case_catalog){.item = 4,
                                       .cabinet = &m->cabinet,
                                       .catalog = &m->catalog,
                                       .authenticity = &m->authenticity,
                                       .decoder = {.fate = FP_FATE_ENDED, .confined = true}};
    m->casefile.catalogs = m->catalogs;
    m->casefile.catalog_count = 1;
    m->report.members = true;
}

/* What two records can tell, as they never would together. */
static void make_records(report_model *m)
{
    const fp_record_result result = {.advisory = FP_STR("954474"),
                                     .title = FP_STR("Blocked"),
                                     .possible = fp_verdict_bit(FP_FIXED),
                                     .reason = FP_STR("fix_installed"),
                                     .reason_text = FP_STR("The fix is installed."),
                                     .remediation = FP_STR("Install it."),
                                     .in_place = true,
                                     .proof = m->needs,
                                     .proof_count = 1,
                                     .missing = m->needs,
                                     .missing_count = 1};
    m->needs[0] = (fp_record_need){FP_STR("t"), FP_STR("Did it?"), FP_STR("A later log."),
                                   FP_STR("copy it"), FP_STR("not supplied")};
    for (size_t i = 0; i < 3; i++)
        m->after_results[i] = result;
    m->after_results[1].verdict = FP_AFFECTED;
    m->record_items[0] = (fp_record_item){.hashed = true};
    m->markers[0] = (fp_record_marker){
        .kb = FP_STR("KB1"), .state = FP_HOTFIX_INSTALLED, .written = FP_TIME_NONE};
    m->markers[1] = (fp_record_marker){.kb = FP_STR("KB1"), .written = day};
    m->record_files[0] = (fp_record_file){1, FP_STR("a.exe"), FP_STR("1.2.0.0")};
    m->record_files[1] = (fp_record_file){2, FP_STR("a.exe"), {NULL, 0}};
    m->record_catalogs[0] = (fp_record_catalog){1, FP_STR("p"), {NULL, 0}, day, false};
    m->record_catalogs[1] = (fp_record_catalog){2, {NULL, 0}, {NULL, 0}, FP_TIME_NONE, true};
    m->record_episode = (fp_record_episode){.advisory = FP_STR("954474"),
                                            .activity = FP_STR("sync"),
                                            .outcome = FP_EPISODE_FAILED,
                                            .begin = day,
                                            .end = FP_TIME_NONE,
                                            .update = FP_STR("1293995"),
                                            .origin = {2, FP_STR("line 17")}};
    m->new_episodes[0] = &m->record_episode;
    m->after = (fp_record){.tool_version = FP_STR("0.1.0"),
                           .command = FP_STR("assess"),
                           .generated = day + 86400000,
                           .items = m->record_items,
                           .item_count = 2,
                           .state = {.collected_at = FP_TIME_NONE}};
}

static void make_changes(report_model *m)
{
    make_records(m);
    m->marker_changes[0] = (fp_marker_change){&m->markers[0], NULL, FP_DELTA_GONE, true};
    m->marker_changes[1] = (fp_marker_change){&m->markers[1], &m->markers[0], FP_DELTA_NEW, false};
    m->marker_changes[2] = (fp_marker_change){&m->markers[0], &m->markers[0], FP_DELTA_SAME, false};
    m->file_changes[0] =
        (fp_file_change){&m->record_files[0], &m->record_files[1], FP_DELTA_CHANGED, false};
    m->file_changes[1] = (fp_file_change){NULL, &m->record_files[1], FP_DELTA_UNKNOWN, false};
    m->file_changes[2] =
        (fp_file_change){&m->record_files[0], &m->record_files[0], FP_DELTA_SAME, false};
    for (size_t i = 0; i < 3; i++)
        m->result_changes[i] =
            (fp_result_change){&m->before_result, &m->after_results[i],
                               i == 1 ? FP_OUTCOME_WORSE : FP_OUTCOME_NOT_SHOWN, true, true};
    m->result_changes[3] =
        (fp_result_change){&m->before_result, NULL, FP_OUTCOME_NOT_ASKED, true, true};
    m->regressions[0] = (fp_regression){"hotfix", FP_STR("KB1"), FP_STR("KB1 is gone.")};
    m->setting_changes[0] =
        (fp_setting_change){"advisory", FP_STR_INIT("954474"), DIGEST, FP_STR_INIT("otherwise")};
    m->before.settings = m->after.settings = m->settings;
    m->changes = (fp_changes){
        .settings = m->setting_changes,
        .setting_count = 1,
        .before = &m->before,
        .after = &m->after,
        .since = day,
        .order = FP_ORDER_BACKWARDS,
        .order_text = FP_STR("It is older."),
        .conclusion = FP_CONCLUSION_WORSE,
        .facts = {{"release", FP_STR("SP1"), FP_STR("SP2"), FP_DELTA_CHANGED, false}},
        .fact_count = 1,
        .markers = m->marker_changes,
        .marker_count = 3,
        .files = m->file_changes,
        .file_count = 3,
        .catalogs = {{&m->record_catalogs[0], &m->record_catalogs[1], FP_DELTA_CHANGED, true}},
        .catalog_count = 1,
        .episodes = m->new_episodes,
        .episode_count = 1,
        .results = m->result_changes,
        .result_count = 4,
        .regressions = m->regressions,
        .regression_count = 1};
    m->report.changes = &m->changes;
}

/* Nothing as it is by default. */
static void make_settings(report_model *m)
{
    m->roots[0] = (fp_named_digest){.sha256 = DIGEST};
    m->expected[0] = (fp_named_digest){FP_STR("wsusscn2.cab"), DIGEST};
    m->settings = (fp_settings){.known = true,
                                .accept_weak = true,
                                .trust_any_root = true,
                                .code_page = FP_STR("cp932"),
                                .roots = m->roots,
                                .root_count = 1,
                                .expected = m->expected,
                                .expected_count = 1,
                                .advisories = DIGEST,
                                .products = DIGEST,
                                .trust = DIGEST};
}

void report_model_make(report_model *m, fp_report_view view)
{
    memset(m, 0, sizeof *m);
    m->style = (fp_report_style){.width = 80};
    make_settings(m);
    m->report = (fp_report){.view = view,
                            .settings = m->settings,
                            .tool_version = "0.1.0",
                            .generated = day + 86400000,
                            .casefile = &m->casefile,
                            .items = m->item_list,
                            .item_count = MODEL_ITEMS,
                            .confined = true,
                            .results = &m->result,
                            .result_count = 1,
                            .since = view == FP_VIEW_CONFIRM ? day : FP_TIME_NONE,
                            .advisories = m->advisory_list,
                            .advisory_count = 1};
    make_items(m);
    make_product(m);
    make_advisory(m);
    make_outcomes(m);
    make_rules(m);
    make_result(m);
    make_history(m);
    make_hotfixes(m);
    make_restart(m);
    make_listings(m);
    make_site_updates(m);
    make_catalog(m);
    make_change(m);
    m->statements[0] = (fp_statement){.key = FP_STR("sms2003-clients"),
                                      .value = FP_STR("yes"),
                                      .by = FP_STR("Jane Doe"),
                                      .date = FP_STR("2008-06-12"),
                                      .item = 0};
    m->casefile.statements = m->statements;
    m->casefile.statement_count = 1;
    m->findings[0] = (fp_observation){FP_STR("the log contradicts the declaration"), {0}};
    m->casefile.findings = (fp_observations){.at = m->findings, .count = 1, .capacity = 1};
    m->casefile.host = FP_STR("SRV01");
    m->casefile.collected_at = day;
    if (view == FP_VIEW_CONFIRM || view == FP_VIEW_DIFF)
        make_changes(m);
}

void report_model_fill(report_model *m, fp_str text)
{
    m->casefile.host = m->casefile.product.site_code = m->casefile.product.version_text = text;
    m->casefile.product.install_folder = text;
    for (size_t i = 0; i < MODEL_ITEMS; i++)
        m->items[i].path = m->items[i].name = text;
    for (size_t i = 0; i < MODEL_TESTS; i++)
        m->observations[i].value = m->observations[i].origin.where = text;
    m->statements[0] = (fp_statement){text, text, text, text, text, 0};
    m->findings[0].value = text;
    m->report.settings.code_page = m->expected[0].name = text;
    m->episodes[0].failure_text = m->episodes[0].update = m->episodes[0].marks = text;
    m->log_files[0].host = m->log_files[0].name = text;
    m->hotfixes[0].kb = m->traces[0].key_path = m->traces[0].installed_by = text;
    m->traces[0].product = m->traces[0].level = m->traces[0].installed_date = text;
    m->trace_files[0].name = m->trace_files[0].version_text = m->trace_files[0].location = text;
    m->files[0].pe.version_text = m->files[0].pe.original_name = text;
    m->traces[1].said = m->traces[1].description = m->traces[1].superseded_by = text;
    m->compared[0].value = m->hotfixes[0].because = m->signs[0].key_path = text;
    m->listing_rows[0].installed_on = m->listing_rows[0].installed_by = text;
    m->listing_rows[0].description = m->restart.unknown_where = text;
    m->packages[0].name = m->packages[0].package_guid = m->packages[0].full_version = text;
    m->packages[0].client_version = m->packages[0].released = m->packages[0].updated = text;
    m->hosts[0].name = text;
    m->catalog.package_id = m->catalog.creation_date = m->actions[0].value = text;
    m->updates[0].action = m->updates[0].update_id = text;
    m->details.title = m->details.type = m->details.severity = m->details.shard = text;
    m->catalog_files[0].name = m->catalog_files[0].url = text;
    m->cabinet_files[0].name = text;
    m->authenticity.reason = text;
    for (size_t i = 0; i < 2; i++) {
        fp_authentic_signature *s = &m->signatures[i];
        s->reason = s->weakness = s->missing_issuer = s->stamp.missing_issuer = text;
        s->signer.subject = s->signer.issuer = s->root.subject = s->stamp.signer.subject = text;
        s->signer.common_name = s->signer.organization = text;
    }
    char *message = m->catalogs[0].decoder.message;
    const size_t room = sizeof m->catalogs[0].decoder.message - 1;
    memcpy(message, text.data, text.size < room ? text.size : room);
    m->advisory.title = m->advisory.remediation = m->result.remediation = m->result.reason_text =
        text;
    m->references[0] = (fp_reference){text, text};
    m->report.change = text;
    for (size_t i = 0; i < MODEL_CHECKS; i++)
        m->checklist[i].text = m->checklist[i].source = text;
    m->packages_of[0] = (fp_package){.kb = text, .name = text, .source = text, .certainty = text};
    m->before_result.reason = m->before_result.reason_text = text;
    m->before.command = m->before.tool_version = text;
    m->before.subject.host = m->after.subject.site_code = text;
    for (size_t i = 0; i < 2; i++) {
        m->after_results[i].advisory = m->after_results[i].title = text;
        m->after_results[i].reason = m->after_results[i].remediation = text;
        m->markers[i].kb = m->markers[i].date = text;
        m->record_files[i].name = m->record_files[i].version = text;
        m->record_catalogs[i].package_id = text;
    }
    m->needs[0] = (fp_record_need){text, text, text, text, text};
    m->record_episode.advisory = m->record_episode.title = m->record_episode.update = text;
    m->regressions[0].name = m->regressions[0].text = text;
    m->changes.facts[0].before = m->changes.facts[0].after = text;
    m->setting_changes[0] = (fp_setting_change){"code_page", text, text, text};
    m->caveats[0] = text;
}
