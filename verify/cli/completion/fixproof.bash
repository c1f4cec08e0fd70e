# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Completion of fixproof in bash 4.4 and later. The program says what may stand where the cursor is.

_fixproof()
{
    local words=() kept i line
    COMPREPLY=()
    for ((i = 1; i <= COMP_CWORD; i++)); do # readline takes --format=json apart: it is one word
        if ((i > 1)) && [[ ${COMP_WORDS[i]} == = || ${COMP_WORDS[i - 1]} == = ]]; then
            words[-1]+=${COMP_WORDS[i]}
        else
            words+=("${COMP_WORDS[i]}")
        fi
    done
    kept=${words[-1]}
    [[ $kept == *=* && $COMP_WORDBREAKS == *=* ]] && kept=${kept%"${kept##*=}"} || kept=
    while IFS= read -r line; do
        case $line in
        :files) compopt -o default ;;
        :folders) compopt -o dirnames ;;
        *) line=${line%%$'\t'*} && COMPREPLY+=("${line#"$kept"}") ;;
        esac
    done < <("$1" complete -- "${words[@]}" 2>/dev/null)
}
complete -F _fixproof fixproof
