/* SPDX-License-Identifier: MIT */
#include "verify/decide/lint_rule.h"

const fp_lint_rule_row fp_lint_rule_table[FP_LINT_RULES] = {
    [FP_LINT_VALUE] = {"value", true, "A value is not one that may stand there.",
                       "The message says what may. The JSON Schema of advisories has all members "
                       "and their values."},
    [FP_LINT_SYNTAX] = {"syntax", true, "The file is no JSON document that can be read.",
                        "It must be JSON in UTF-8, without two members of one name, and not "
                        "larger or deeper than the message says."},
    [FP_LINT_UNKNOWN_NAME] = {"unknown-name", true, "Nobody knows this member or word.",
                              "It would be ignored, and with it what it was to say. Correct it: "
                              "the message has the nearest name that is known."},
    [FP_LINT_MISSING_MEMBER] = {"missing-member", true, "A member is missing.",
                                "Add it. A test, a threshold or a signature without a source is "
                                "not to be trusted, and is not read."},
    [FP_LINT_WRONG_TYPE] = {"wrong-type", true, "A value is of the wrong type.",
                            "Versions are strings: as a number, 4.10 would be 4.1."},
    [FP_LINT_UNDEFINED] = {"undefined", true, "A name stands for nothing that is defined.",
                           "Define the test or the activity, or correct the name."},
    [FP_LINT_RANGE] = {"range", true,
                       "A range of versions is empty, outside its branch or overlaps another.",
                       "Which side of a threshold a version is on must never depend on chance: "
                       "one range for each branch, with at_least below below."},
    [FP_LINT_PATTERN] = {"pattern", true, "The signatures of an activity cannot be used.",
                         "A pattern must compile and must not match the empty text; its literals "
                         "must stand in whatever it matches."},
    [FP_LINT_LAST_RULE] = {"last-rule", true, "The list of rules has no end.",
                           "Its last rule must hold always: {\"all\": []}."},
    [FP_LINT_PATTERN_HAZARD] = {"pattern-hazard", false,
                                "Matching may give up on a line that is made for it.",
                                "Rewrite the pattern without one repetition inside another. A "
                                "line on which matching gives up counts as unknown."},
    [FP_LINT_UNCONFIRMED] = {"unconfirmed", false, "Something rests on a fact that is unconfirmed.",
                             "Find a source that confirms it, or keep it out of what decides."},
    [FP_LINT_UNUSED_TEST] = {"unused-test", false, "Nothing asks this test.",
                             "Use it in a rule or in the checklist, or take it out."},
    [FP_LINT_UNREACHABLE_RULE] = {"unreachable-rule", false, "A rule can never decide.",
                                  "Wherever it holds, a rule before it holds. Move it up, or take "
                                  "it out."},
    [FP_LINT_VERDICT_NEVER] = {"verdict-never", false, "A verdict is never given.",
                               "An advisory that no server can be affected by, or fixed of, has a "
                               "rule too few."},
    [FP_LINT_TO_DO] = {"to-do", false, "A text is still to be written.",
                       "Write it: as it is, a change record would show it."},
};
