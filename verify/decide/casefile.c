/* SPDX-License-Identifier: MIT */
#include "verify/decide/casefile.h"

#include "verify/decide/case_parts.h"

#include <stdlib.h>
#include <string.h>

/* ---- hosts ---- */

/* The computer's own name: what stands before the first dot. */
static fp_str host_part(fp_str name)
{
    fp_str rest = fp_str_trim(name);
    fp_str host = {NULL, 0};
    return fp_str_split(&rest, '.', &host) ? host : rest;
}

/* Documents show <SERVERFQDN> where a name should stand. */
static bool is_placeholder(fp_str host)
{
    return host.size == 0 || host.data[0] == '<' || host.data[0] == '%';
}

fp_status fp_case_add_host(fp_case *c, fp_str name, fp_origin origin)
{
    const fp_str host = host_part(name);
    if (is_placeholder(host))
        return FP_OK;
    fp_host_name *hosts =
        fp_arena_grow(c->arena, c->hosts, c->host_count, &c->parts->host_capacity, sizeof *hosts);
    if (hosts == NULL)
        return FP_NOMEM;
    c->hosts = hosts;
    c->hosts[c->host_count++] = (fp_host_name){fp_str_trim(name), origin};
    return FP_OK;
}

static fp_status gather_hosts(fp_case *c)
{
    fp_status status = FP_OK;
    if (c->product.site_server.size > 0)
        status = fp_case_add_host(c, c->product.site_server, c->product.site_server_origin);
    for (size_t i = 0; status == FP_OK && i < c->history->host_count; i++)
        status = fp_case_add_host(c, c->history->hosts[i], c->history->host_origins[i]);
    return status;
}

static void compare_hosts(fp_case *c)
{
    if (c->product.site_server_conflict) {
        c->host_conflict = true;
        fp_observe(&c->findings, c->arena, (fp_origin){0, FP_STR("registry")},
                   "the registry sources name two different site servers");
    }
    if (c->host_count == 0)
        return;
    c->host = c->hosts[0].name;
    for (size_t i = 1; i < c->host_count; i++) {
        if (fp_str_ieq(host_part(c->hosts[i].name), host_part(c->host)))
            continue;
        c->host_conflict = true;
        fp_observe(&c->findings, c->arena, c->hosts[i].origin,
                   "this names the computer %.*s, other evidence (item %u, %.*s) names %.*s",
                   FP_STR_ARG(c->hosts[i].name), c->hosts[0].origin.item,
                   FP_STR_ARG(c->hosts[0].origin.where), FP_STR_ARG(c->host));
    }
}

/* ---- before the evidence is read ---- */

static fp_status compile_activities(fp_case *c, fp_diag *d)
{
    fp_case_parts *parts = c->parts;
    const fp_case_options *options = parts->options;
    size_t total = 0;
    for (size_t i = 0; i < options->advisory_count; i++)
        total += options->advisories[i]->activity_count;
    parts->activities = fp_arena_alloc_array(c->arena, total + 1, sizeof(fp_activity *));
    if (parts->activities == NULL)
        return FP_NOMEM;
    for (size_t i = 0; i < options->advisory_count; i++) {
        for (size_t k = 0; k < options->advisories[i]->activity_count; k++) {
            const fp_advisory_activity *a = &options->advisories[i]->activities[k];
            fp_activity **slot = &parts->activities[parts->activity_count];
            const fp_status status =
                fp_activity_new(a->name, a->signatures, a->signature_count, slot, d);
            if (status != FP_OK)
                return status;
            parts->activity_count++;
        }
    }
    parts->timeline = fp_timeline_new(c->arena, (const fp_activity *const *)parts->activities,
                                      parts->activity_count);
    return parts->timeline == NULL ? FP_NOMEM : FP_OK;
}

static fp_status open_evidence(fp_case *c)
{
    const fp_case_options *options = c->parts->options;
    if (fp_case_ask_catalogs(c) != FP_OK)
        return FP_NOMEM;
    const fp_evidence_options evidence = {.limits = fp_evidence_default_limits,
                                          .require_jail = options->require_jail,
                                          .decoders = options->decoders,
                                          .handlers = fp_case_handlers,
                                          .handler_count = fp_case_handler_count,
                                          .context = c,
                                          .catalogs = c->parts->catalogs,
                                          .progress = options->progress,
                                          .progress_context = options->progress_context};
    return fp_evidence_new(&evidence, &c->evidence);
}

static fp_status prepare(fp_case *c, fp_diag *d)
{
    c->registry = fp_registry_new(c->arena);
    if (c->registry == NULL)
        return FP_NOMEM;
    const fp_status status = compile_activities(c, d);
    return status == FP_OK ? open_evidence(c) : status;
}

/* ---- reading ---- */

/* One input that cannot be read does not stop the others; its status counts when none could be. */
static fp_status read_inputs(fp_case *c, const fp_case_input *inputs, size_t count, fp_diag *d)
{
    fp_status first = FP_OK;
    size_t read = 0;
    for (size_t i = 0; i < count; i++) {
        const fp_case_input *in = &inputs[i];
        fp_diag why = {0};
        fp_status status = in->fd >= 0
                               ? fp_evidence_add(c->evidence, in->fd, in->name, in->is_stdin, &why)
                               : fp_evidence_add_unopened(c->evidence, in->name, in->problem);
        if (status == FP_OK && in->fd < 0)
            status = fp_fail(&why, FP_IO, "case", 0, "%s", in->problem);
        if (status == FP_NOMEM)
            return status;
        if (status == FP_OK)
            read++;
        else if (first == FP_OK)
            first = fp_fail(d, status, "case", 0, "%s: %s", in->name, why.message);
    }
    return read > 0 ? FP_OK : first;
}

static fp_status add_declared(fp_case *c)
{
    const fp_case_options *options = c->parts->options;
    for (size_t i = 0; i < options->declared_count; i++) {
        fp_statement *all = fp_arena_grow(c->arena, c->statements, c->statement_count,
                                          &c->parts->statement_capacity, sizeof *all);
        if (all == NULL)
            return FP_NOMEM;
        c->statements = all;
        c->statements[c->statement_count] = options->declared[i];
        c->statements[c->statement_count++].item = 0;
    }
    return FP_OK;
}

/* "3 records" and what is wrong with them. */
static void tell_count(fp_case *c, const fp_log_file *file, uint64_t count, const char *what,
                       const char *wrong)
{
    if (count > 0)
        fp_evidence_problem(c->evidence, file->item, "%llu %s%s%s", (unsigned long long)count, what,
                            fp_plural(count), wrong);
}

static void tell_log(fp_case *c, const fp_log_file *file)
{
    tell_count(c, file, file->counts.undecodable, "undecodable byte", "");
    tell_count(c, file, file->counts.nul, "NUL character", "");
    tell_count(c, file, file->counts.cut_lines, "line", " longer than the limit, cut");
    tell_count(c, file, file->counts.bad_stamps, "record", " with a malformed time");
    tell_count(c, file, file->counts.backwards, "time", " the clock went back");
    tell_count(c, file, file->unmatched, "record", " too complex to match");
    if (file->hits_lost)
        fp_evidence_problem(c->evidence, file->item,
                            "more than %d signs of activity: the rest of "
                            "it proves nothing",
                            FP_TIMELINE_HITS_MAX);
    c->parts->usable = c->parts->usable || file->counts.records > 0;
}

/* Known only now: a member's archive may have been damaged behind it. */
static bool is_cut(void *context, uint32_t id)
{
    const fp_item *item = fp_evidence_item(context, id);
    return item == NULL || !item->complete;
}

static fp_status put_together(fp_case *c)
{
    fp_timeline_cut(c->parts->timeline, is_cut, c->evidence);
    fp_status status = fp_timeline_build(c->parts->timeline, &c->history);
    if (status == FP_OK)
        status = fp_case_add_hives(c);
    if (status == FP_OK)
        status = fp_case_gather_hotfixes(c);
    if (status == FP_OK)
        status = fp_product_read(c->registry, c->parts->options->releases, c->arena, &c->product);
    if (status == FP_OK)
        status = gather_hosts(c);
    if (status != FP_OK)
        return status;
    for (size_t i = 0; i < c->history->file_count; i++)
        tell_log(c, &c->history->files[i]);
    fp_case_join_signatures(c);
    compare_hosts(c);
    return FP_OK;
}

static fp_case *new_case(const fp_case_options *options)
{
    fp_arena *arena = fp_arena_new(FP_CASE_MEMORY);
    if (arena == NULL)
        return NULL;
    fp_case *c = fp_arena_alloc(arena, sizeof *c);
    fp_case_parts *parts = fp_arena_alloc(arena, sizeof *parts);
    if (c == NULL || parts == NULL) {
        fp_arena_free(arena);
        return NULL;
    }
    parts->options = options;
    c->releases = options->releases;
    c->arena = arena;
    c->parts = parts;
    c->collected_at = FP_TIME_NONE;
    return c;
}

fp_status fp_case_open(const fp_case_input *inputs, size_t count, const fp_case_options *options,
                       fp_case **out, fp_diag *d)
{
    fp_case *c = new_case(options);
    if (c == NULL)
        return fp_fail(d, FP_NOMEM, "case", 0, "out of memory");
    fp_status status = prepare(c, d);
    if (status == FP_OK)
        status = read_inputs(c, inputs, count, d);
    if (status == FP_OK)
        status = add_declared(c);
    if (status == FP_OK)
        status = fp_case_add_described(c);
    if (status == FP_OK)
        status = put_together(c);
    if (status != FP_OK) {
        fp_case_free(c);
        return fp_fail(d, status, "case", 0, "%s", fp_status_name(status));
    }
    *out = c;
    return FP_OK;
}

void fp_case_free(fp_case *c)
{
    if (c == NULL)
        return;
    fp_evidence_free(c->evidence);
    fp_timeline_free(c->parts->timeline);
    for (size_t i = 0; i < c->parts->activity_count; i++)
        fp_activity_free(c->parts->activities[i]);
    fp_arena_free(c->arena);
}

/* ---- questions ---- */

const fp_statement *fp_case_statement(const fp_case *c, fp_str key)
{
    for (size_t i = c->statement_count; i-- > 0;)
        if (fp_str_eq(c->statements[i].key, key))
            return &c->statements[i];
    return NULL;
}

bool fp_case_usable(const fp_case *c)
{
    return c->parts->usable;
}
