#!/bin/bash
# SPDX-License-Identifier: MIT
# tests/verify/completion.bash PROGRAM DATA: the completion scripts in the shells they are for. What is offered is held to what
# --help says and to what the program takes; every verb, flag, format and advisory id, in bash, and in zsh and fish
# where they are installed.
set -u
program=$1
export FIXPROOF_DATA=$2
scripts=$(dirname "$0")/../../verify/cli/completion
PATH=$(dirname "$program"):$PATH # zsh and fish look for it there
passed=0
failed=0

same() { # WHAT EXPECTED SEEN: both as sorted lines, and not empty
    if [ -n "$2" ] && [ "$2" = "$3" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf '%s\n' "$1" "$(diff <(printf '%s\n' "$2") <(printf '%s\n' "$3") || true)" | sed '2,$s/^/    /'
    fi
}

# ---- what a shell offers behind `fixproof WORD...`, the last WORD being typed ----

in_bash() { (
    # shellcheck source=verify/cli/completion/fixproof.bash
    source "$scripts/fixproof.bash"
    asked=
    compopt() { asked+=":$2"$'\n'; }
    COMP_WORDS=(fixproof "$@")
    COMP_CWORD=$#
    _fixproof "$program"
    printf '%s' "$asked"
    [ ${#COMPREPLY[@]} -eq 0 ] || printf '%s\n' "${COMPREPLY[@]}"
) | sort; }

# shellcheck disable=SC2016
in_zsh() {
    zsh -f -c 'compadd() { print -rl -- $values }; compset() { true }
        _path_files() { case $1 in -f) print :default ;; -/) print :dirnames ;; esac }
        script=$1; shift; words=(fixproof "${(@q)@}"); CURRENT=$#words
        complete_it() { source $script }; complete_it' - "$scripts/_fixproof" "$@" | sort
}

# shellcheck disable=SC2016
in_fish() {
    fish --no-config -c 'source $argv[1]
        function __fish_complete_path; echo $argv[1]:default; end
        function __fish_complete_directories; echo $argv[1]:dirnames; end
        complete -C (string join " " -- fixproof (string escape -n -- $argv[2..-2]) $argv[-1])' \
        "$scripts/fixproof.fish" "$@" | sed 's/\t.*//; s/^.*\(:default\|:dirnames\)$/\1/' | sort
}

shells=(bash)
for shell in zsh fish; do
    if command -v $shell >/dev/null; then shells+=("$shell"); else echo "skipped: no $shell"; fi
done

# ---- what --help says ----

verbs() { "$program" --help | sed -n '/^Usage/,/^A first look/s/^  \([a-z-]*\)  .*/\1/p'; }
flags() { "$program" "$@" --help | sed -n '/^Options/,$s/^  \(--[a-z0-9-]*\).*/\1/p' | sort; }
formats() { "$program" "$1" --help | sed -n '/^Formats/,/^$/s/^  \([a-z0-9-]*\)  *.*/\1/p' | sort; }
all_formats() { "$program" --help | sed -n '/^Formats/,/^$/s/^  \([a-z0-9-]*\)  *.*/\1/p'; }

ids=$("$program" advisory list --color never | sed -n 's/^\([^ ][^ ]*\)  .*/\1/p' | sort)

check_verb() { # SHELL VERB
    local names
    same "$1: options of $2" "$(flags "$2")" "$("in_$1" "$2" --)"
    names=$(formats "$2")
    if [ -n "$names" ]; then
        same "$1: formats of $2" "$names" "$("in_$1" "$2" x --format '')"
        same "$1: a file for a format of $2" ':default' "$("in_$1" "$2" x --format json=x | grep '^:')"
    fi
    if flags "$2" | grep -qx -- --advisory; then
        same "$1: advisories for $2" "$ids" "$("in_$1" "$2" x --advisory '' | grep -v '^:')"
    fi
}

for shell in "${shells[@]}"; do
    script=fixproof.$shell
    [ "$shell" = zsh ] && script=_fixproof
    "$shell" -n "$scripts/$script" || failed=$((failed + 1))
    same "$shell: verbs" "$( (verbs && echo help) | sort)" "$("in_$shell" '')"
    same "$shell: verbs to tell of" "$(verbs | sort)" "$("in_$shell" help '')"
    for verb in $(verbs); do
        check_verb "$shell" "$verb"
    done
    same "$shell: one verb" assess "$("in_$shell" asse)"
    same "$shell: evidence" :default "$("in_$shell" assess '')"
    same "$shell: a folder" :dirnames "$("in_$shell" assess --data '')"
    same "$shell: words of advisory" $'lint\nlist\nnew\nshow\ntest' "$("in_$shell" advisory '')"
    same "$shell: an advisory to show" "$ids" "$("in_$shell" advisory show '' | grep -v '^:')"
    same "$shell: a file to check" :default "$("in_$shell" advisory lint '')"
    same "$shell: formats of a word" $'json\ntext' "$("in_$shell" advisory list --format '')"
    same "$shell: formats of another word" $'json\nsarif\ntext' "$("in_$shell" advisory lint x --format '')"
    same "$shell: when to colour" $'always\nauto\nnever' "$("in_$shell" assess --color '')"
    same "$shell: what stands there already" "$(flags assess | grep -vx -- --quiet)" \
        "$("in_$shell" assess --quiet --format json --)"
    same "$shell: no options behind --" :default "$("in_$shell" assess -- --)"
    same "$shell: no advisories where there are no data" :default \
        "$("in_$shell" assess --data /nowhere --advisory '')"
done

# ---- of a value something is offered, unless only the user can know it ----

free='TIME N KB NAME NAME=VERSION DATE TEXT KEY=VALUE GUID[:N] [NAME=]HEX FAMILY'
for verb in $(verbs); do
    while read -r flag argument; do
        [[ " $free " == *" $argument "* ]] && continue
        same "$verb $flag $argument: values" yes "$([ -n "$(in_bash "$verb" x "$flag" '')" ] && echo yes)"
    done < <("$program" "$verb" --help | sed -n '/^Options/,$s/^  \(--[a-z-]*\) \([^ ][^ ]*\).*/\1 \2/p')
done

# ---- what bash alone does: readline takes words apart at "=" ----

same "bash: --format=" "$(formats assess)" "$(in_bash assess --format =)"
same "bash: --format=j" $'json\njunit' "$(in_bash assess --format = j)"
same "bash: --format=json=" :default "$(in_bash assess --format = json = x)"
COMP_WORDBREAKS=${COMP_WORDBREAKS//=/}
same "bash: = is no word break" $'--format=json\n--format=junit' "$(in_bash assess --format=j)"

# ---- what is offered is what the program takes ----

for verb in $(verbs); do
    [ -n "$(formats "$verb")" ] || continue
    operands=(/nowhere)
    [ "$verb" != diff ] || operands+=(/nowhere)
    for format in $(all_formats); do
        said=$("$program" "$verb" "${operands[@]}" --format "$format" 2>&1 >/dev/null)
        offered=no refused=no
        formats "$verb" | grep -qx "$format" && offered=yes
        grep -q "format $format is not\|not '$format'" <<<"$said" && refused=yes
        [ $offered != $refused ] && passed=$((passed + 1)) && continue
        failed=$((failed + 1))
        echo "$verb --format $format: offered: $offered, refused: $refused ($said)"
    done
done

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
