/* SPDX-License-Identifier: MIT */
/*
 * One walk over the pattern, with a stack of its groups. Two shapes make a backtracking matcher run
 * away: a repetition inside a repetition, (a+)+, which tries every way of cutting the text into
 * pieces, and several wide repetitions in a row, .*x.*y, which try every pair of places. What is
 * atomic or possessive gives nothing back and is safe.
 */
#include "detect/hazard.h"

#include "detect/signature.h"

#include <string.h>

enum {
    MANY = 20, /* repetitions that count as without a bound where they stand inside another one */
    WIDE_MAX = 1
};

typedef struct group {
    bool atomic;     /* (?>...) and looking around: no way back into it */
    bool repeats;    /* something in it repeats and can give back */
    bool alternates; /* it has branches, and one of them begins with more than one character */
    unsigned wide;   /* repetitions without a bound of almost any character */
} group;

typedef struct walk {
    fp_str text;
    size_t at;
    group groups[FP_PATTERN_NEST_MAX + 2]; /* [0] is the whole pattern */
    size_t depth;
    const char *hazard;
} walk;

typedef struct repetition {
    bool there, many, unbounded, possessive;
} repetition;

static char peek(const walk *w, size_t ahead)
{
    return w->at + ahead < w->text.size ? w->text.data[w->at + ahead] : '\0';
}

static bool is_at(const walk *w, const char *text)
{
    const size_t size = strlen(text);
    return w->text.size - w->at >= size && memcmp(w->text.data + w->at, text, size) == 0;
}

static void skip_past(walk *w, char end)
{
    while (w->at < w->text.size && w->text.data[w->at] != end)
        w->at++;
    w->at += w->at < w->text.size;
}

/* At '[': behind the class; is it a negated one, which takes almost anything? */
static bool skip_class(walk *w)
{
    const bool negated = peek(w, 1) == '^';
    w->at += negated ? 2 : 1;
    w->at += peek(w, 0) == ']'; /* the first one is a member */
    while (w->at < w->text.size && peek(w, 0) != ']') {
        if (is_at(w, "[:")) {
            skip_past(w, ':');
            skip_past(w, ':');
        }
        w->at += peek(w, 0) == '\\' ? 2 : 1;
    }
    w->at++;
    return negated;
}

/* At '\\': behind the escape; does it stand for almost any character? */
static bool skip_escape(walk *w)
{
    const char c = peek(w, 1);
    w->at += 2;
    if (c == 'Q') {
        while (w->at < w->text.size && !is_at(w, "\\E"))
            w->at++;
        w->at += 2;
    } else if (peek(w, 0) == '{' && c != '\0' && strchr("xoNpPgk", c) != NULL) {
        skip_past(w, '}');
    } else if ((c == 'k' || c == 'g') && (peek(w, 0) == '<' || peek(w, 0) == '\'')) {
        skip_past(w, peek(w, 0) == '<' ? '>' : '\'');
    }
    return c != '\0' && strchr("SDWNHVXR", c) != NULL;
}

/* {n}, {n,}, {n,m}; false: a brace like any other character. */
static bool read_braces(walk *w, repetition *r)
{
    uint64_t low = 0;
    uint64_t high = 0;
    const size_t close = (size_t)fp_str_find(fp_str_tail(w->text, w->at), FP_STR("}"));
    if (close == (size_t)-1)
        return false;
    const fp_str inside = {w->text.data + w->at + 1, close - 1};
    const ptrdiff_t comma = fp_str_find(inside, FP_STR(","));
    const fp_str first = {inside.data, comma < 0 ? inside.size : (size_t)comma};
    const fp_str second = {first.data + first.size + 1,
                           comma < 0 ? 0 : inside.size - (size_t)comma - 1};
    if (!fp_str_to_u64(first, &low) || (second.size > 0 && !fp_str_to_u64(second, &high)))
        return false;
    r->unbounded = comma >= 0 && second.size == 0;
    r->many = r->unbounded || (comma >= 0 && high >= low + MANY);
    w->at += close + 1;
    return true;
}

static repetition read_repetition(walk *w)
{
    repetition r = {false, false, false, false};
    const char c = peek(w, 0);
    if (c == '*' || c == '+') {
        r.there = r.many = r.unbounded = true;
        w->at++;
    } else if (c == '?') {
        r.there = true;
        w->at++;
    } else if (c == '{') {
        r.there = read_braces(w, &r);
    }
    if (!r.there)
        return r;
    r.possessive = peek(w, 0) == '+';
    w->at += r.possessive || peek(w, 0) == '?';
    return r;
}

/* One character, class or escape, and how often. */
static void end_atom(walk *w, bool wide)
{
    group *g = &w->groups[w->depth];
    const repetition r = read_repetition(w);
    if (r.possessive || !r.many)
        return;
    g->repeats = true;
    g->wide += wide && r.unbounded;
    if (g->wide > WIDE_MAX)
        w->hazard = "several repetitions without a bound: on a long record matching may give up; "
                    "bound them, as in .{0,400}";
}

/* Behind '(': what kind of group it is. */
static void open_group(walk *w)
{
    static const char *const safe[] = {"?>", "?=", "?!", "?<=", "?<!", "?#", "*"};
    group g = {.atomic = false};
    for (size_t i = 0; i < sizeof safe / sizeof *safe; i++)
        g.atomic = g.atomic || is_at(w, safe[i]);
    if (peek(w, 0) == '?' || peek(w, 0) == '*')
        w->at++; /* not a repetition */
    if (w->depth + 1 < sizeof w->groups / sizeof *w->groups)
        w->groups[++w->depth] = g;
}

/* Behind ')': what the group hands on to the one around it. */
static void close_group(walk *w)
{
    if (w->depth == 0)
        return;
    const group inner = w->groups[w->depth--];
    const repetition r = read_repetition(w);
    group *outer = &w->groups[w->depth];
    const bool gives_back = !inner.atomic && !r.possessive;
    if (gives_back && r.many && (inner.repeats || inner.alternates))
        w->hazard = inner.repeats
                        ? "a repetition inside a repetition: on a long record matching may give up"
                        : "a repetition of alternatives that can begin alike: on a long record "
                          "matching may give up";
    outer->repeats = outer->repeats || (gives_back && (inner.repeats || r.many));
    outer->wide += gives_back ? inner.wide : 0;
    if (outer->wide > WIDE_MAX && w->hazard == NULL)
        w->hazard = "several repetitions without a bound: on a long record matching may give up; "
                    "bound them, as in .{0,400}";
}

/* A branch that begins with a class or an escape may begin as its neighbour does. */
static void alternate(walk *w, char after)
{
    group *g = &w->groups[w->depth];
    g->alternates = g->alternates || after == '.' || after == '[' || after == '\\';
}

static void step(walk *w)
{
    const char c = peek(w, 0);
    if (c == '\\') {
        end_atom(w, skip_escape(w));
    } else if (c == '[') {
        end_atom(w, skip_class(w));
    } else if (c == '(') {
        w->at++;
        open_group(w);
    } else if (c == ')') {
        w->at++;
        close_group(w);
    } else if (c == '|') {
        w->at++;
        alternate(w, peek(w, 0));
    } else {
        w->at++;
        end_atom(w, c == '.');
    }
}

const char *fp_pattern_hazard(fp_str pattern)
{
    walk w = {.text = pattern};
    while (w.at < w.text.size && w.hazard == NULL)
        step(&w);
    return w.hazard;
}
