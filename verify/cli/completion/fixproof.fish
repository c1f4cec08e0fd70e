# SPDX-License-Identifier: MIT
# Completion of fixproof in fish. The program says what may stand where the cursor is.

function __fixproof_words
    set -l words (commandline -opc) (commandline -ct)
    set -l kept (string match -r '^.*=' -- $words[-1]; or echo '')
    set -l typed (string replace -r '^.*=' '' -- $words[-1])
    for line in ($words[1] complete -- $words[2..-1] 2>/dev/null)
        switch $line
            case :files
                printf '%s\n' $kept(__fish_complete_path $typed)
            case :folders
                printf '%s\n' $kept(__fish_complete_directories $typed '')
            case '*'
                printf '%s\n' $line
        end
    end
end

complete -c fixproof -f -a '(__fixproof_words)'
