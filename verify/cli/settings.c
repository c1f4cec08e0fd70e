/* SPDX-License-Identifier: MIT */
#include "verify/cli/settings.h"

/* The digest of the advisories asked, as of files that are named for their ids. */
static fp_status digest_advisories(fp_session *s, fp_str *out)
{
    fp_named_digest *files = fp_arena_alloc_array(s->arena, s->data.count + 1, sizeof *files);
    for (size_t i = 0; files != NULL && i < s->data.count; i++) {
        const fp_advisory *a = s->data.advisories[i];
        files[i] = (fp_named_digest){
            fp_str_of(fp_arena_printf(s->arena, "%.*s.json", FP_STR_ARG(a->id))), a->sha256};
        if (files[i].name.size == 0)
            return FP_NOMEM;
    }
    return files == NULL ? FP_NOMEM : fp_settings_digest(files, s->data.count, s->arena, out);
}

static fp_status list_roots(fp_session *s, fp_settings *out)
{
    const size_t count = fp_trust_root_count(s->data.trust);
    out->roots = fp_arena_alloc_array(s->arena, count + 1, sizeof *out->roots);
    for (size_t i = 0; out->roots != NULL && i < count; i++)
        out->roots[i].sha256 = fp_str_of(fp_trust_root(s->data.trust, i));
    out->root_count = out->roots != NULL ? count : 0;
    return out->roots != NULL ? FP_OK : FP_NOMEM;
}

static fp_status list_expected(fp_session *s, fp_settings *out)
{
    const size_t count = s->expected_count;
    out->expected = fp_arena_alloc_array(s->arena, count + 1, sizeof *out->expected);
    for (size_t i = 0; out->expected != NULL && i < count; i++) {
        out->expected[i].name = s->expected[i].name;
        if (fp_hex_text(s->expected[i].sha256, FP_SHA256_SIZE, s->arena,
                        &out->expected[i].sha256) != FP_OK)
            return FP_NOMEM;
    }
    out->expected_count = out->expected != NULL ? count : 0;
    return out->expected != NULL ? FP_OK : FP_NOMEM;
}

int fp_settings_tell(fp_session *s)
{
    fp_settings settings = {
        .known = true,
        .accept_weak = fp_option_is_given(s->options, FP_OPT_ACCEPT_WEAK),
        .trust_any_root = fp_option_is_given(s->options, FP_OPT_TRUST_ANY_ROOT),
        .code_page = fp_str_of(fp_option_value(s->options, FP_OPT_CODE_PAGE)),
        .products = s->data.products_sha256,
        .trust = s->data.trust_sha256,
    };
    fp_status status = FP_OK;
    if ((s->command->options & FP_OPT_BIT(FP_OPT_ADVISORY)) != 0) /* else none is asked */
        status = digest_advisories(s, &settings.advisories);
    if (status == FP_OK)
        status = list_roots(s, &settings);
    if (status == FP_OK)
        status = list_expected(s, &settings);
    s->report.settings = settings;
    if (status == FP_OK)
        return 0;
    fp_console_error(NULL, "cannot tell the settings: %s", fp_status_name(status));
    return FP_EXIT_SOFTWARE;
}
