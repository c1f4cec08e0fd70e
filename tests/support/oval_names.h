/* SPDX-License-Identifier: MIT */
/* The elements of our OVAL definitions, for xml_check. */
#ifndef FP_TESTS_OVAL_NAMES_H
#define FP_TESTS_OVAL_NAMES_H

#define OVAL_DEFINITIONS_NAMES                                                                     \
    "oval_definitions", "generator", "oval:product_name", "oval:product_version",                  \
        "oval:schema_version", "oval:timestamp", "definitions", "definition", "metadata", "title", \
        "affected", "reference", "description", "criteria", "criterion", "extend_definition",      \
        "tests", "objects", "states", "variables", "external_variable", "win:registry_test",       \
        "win:file_test", "ind:variable_test", "ind:unknown_test", "win:registry_object",           \
        "win:file_object", "ind:variable_object", "win:registry_state", "win:file_state",          \
        "ind:variable_state", "win:object", "win:state", "ind:object", "ind:state",                \
        "win:behaviors", "win:hive", "win:key", "win:name", "win:type", "win:value", "win:path",   \
        "win:filename", "win:version", "ind:var_ref", "ind:value"

#endif
