# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # the other variables are those of install.sh
# What this installer was told and what it wrote, in /etc/farol/installed. A file is entered before it is placed: a run
# that is cut off anywhere leaves nothing behind that the next one would take for somebody else's.

# A path -> the sums of what it may hold by our doing, the newest last; `link` for a link.
declare -A written=()
recorded_name='' recorded_front='' recorded_certificate='' recorded_key='' unfinished=''

sum_of() { sha256sum <"$1" | cut -d ' ' -f 1; }

read_record() {
    [[ -e $record || -L $record ]] || return 0
    [[ -f $record && ! -L $record && "$(stat -c %u "$record")" == 0 ]] || refuse "$record não é um arquivo do root"
    local word rest path
    while read -r word rest; do
        case $word in
            name) recorded_name=$rest ;;
            front) recorded_front=$rest ;;
            certificate) recorded_certificate=$rest ;;
            key) recorded_key=$rest ;;
            unfinished) unfinished=1 ;;
            file)
                path=${rest#* }
                written[$path]+="${written[$path]:+ }${rest%% *}"
                ;;
        esac
    done <"$record"
}

write_record() {
    local path sum
    [[ -z $dry ]] || return 0
    {
        echo "# Written by deploy/install.sh: what it was told, and the files it wrote."
        echo "name $name"
        echo "front $front"
        if [[ -n $certificate && $certificate != "$own_certificate" ]]; then
            echo "certificate $certificate"
            echo "key $key"
        fi
        [[ -z $unfinished ]] || echo unfinished
        for path in "${!written[@]}"; do
            for sum in ${written[$path]}; do echo "file $sum $path"; done
        done | LC_ALL=C sort -s -k 3
    } >"$work/installed"
    if ! cmp -s "$work/installed" "$record"; then
        install -m 0644 -o root -g root "$work/installed" "$record.new"
        mv -T "$record.new" "$record"
    fi
}

# Enters what is about to be placed.
expect() {
    [[ " ${written[$1]:-} " == *" $2 "* ]] || written[$1]+="${written[$1]:+ }$2"
    unfinished=1
    write_record
}

# Everything is in place and runs: what a path held before is ours no longer.
finish_record() {
    local path
    unfinished=''
    for path in "${!written[@]}"; do written[$path]=${written[$path]##* }; done
    write_record
}

is_ours() {
    local sums=" ${written[$1]:-} "
    if [[ -L $1 ]]; then
        [[ $sums == *" link "* ]]
    else
        [[ -f $1 && $sums == *" $(sum_of "$1") "* ]]
    fi
}

# A file in one of our places that no run of this script has written.
refuse_foreign() {
    local path
    for path in "$@"; do
        [[ ! -e $path && ! -L $path ]] || [[ -n ${written[$path]:-} ]] ||
            refuse "$path já existe e não foi escrito por este instalador" "Confira o que é e mude-o de lugar."
    done
}

refuse_foreign_folder() {
    [[ ! -e $record && -d $1 && -n "$(ls -A "$1")" && "$(stat -c %U "$1")" != farol ]] || return 0
    refuse "$1 já existe, tem arquivos e não é do Farol" "Confira o que é e mude-o de lugar."
}

refuse_foreign_account() {
    local id
    id=$(getent passwd farol | cut -d : -f 3) || true
    [[ -z $id || $id -lt 1000 ]] || refuse "a conta farol desta máquina é de uma pessoa (uid $id)"
}
