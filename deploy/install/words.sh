# shellcheck shell=bash
# shellcheck disable=SC2154 # work and dry are those of install.sh
# What is said, what is asked, and how every change is made.

refuse() {
    printf 'Recusado: %s\n' "$1" >&2
    shift
    [[ $# -eq 0 ]] || printf '%s\n' "$@" >&2
    exit 2
}

fail() {
    printf 'Falhou: %s\n' "$1" >&2
    shift
    [[ $# -eq 0 ]] || printf '%s\n' "$@" >&2
    exit 1
}

# A step that nobody gave a sentence of its own.
failed_without_words() {
    # Whoever started this subshell hears of it.
    [[ $BASH_SUBSHELL -eq 0 ]] || exit 1
    # Within `run` it is the step that was just shown.
    [[ $1 != \"\$@\"* ]] || set -- "$step"
    fail "$1" "Resolva e execute de novo: continua dali."
}

say() { printf '%s\n' "$*"; }
note() { notes+=("$1"); }

tell_notes() {
    local text
    for text in "${notes[@]}"; do say "Atenção: $text"; done
}

ask() {
    local question=$1 default=$2 answer
    read -r -p "$question [$default]: " answer || fail "ninguém respondeu"
    printf '%s' "${answer:-$default}"
}

# Every change of this machine passes here, but those of the record of it. With -q its words are only shown when it fails.
run() {
    local quiet=''
    if [[ $1 == -q ]]; then
        quiet=1
        shift
    fi
    step="$*"
    changes=$((changes + 1))
    printf '  +'
    printf ' %q' "$@"
    printf '\n'
    if [[ -n $dry ]]; then
        return 0
    elif [[ -z $quiet ]]; then
        "$@"
    else
        "$@" >"$work/words" 2>&1 </dev/null || {
            tail -n 20 "$work/words" >&2
            return 1
        }
    fi
}
