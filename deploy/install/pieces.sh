# shellcheck shell=bash
# shellcheck disable=SC2154 # the variables are those of install.sh
# Files, folders and links. Root follows no link that somebody else may have put there.

no_link() {
    [[ ! -L $1 ]] || fail "$1 é um link" "O root não o segue. Confira quem o fez, apague-o e execute de novo."
}

# A whole file, in a single step. One that somebody has changed since stays as it is.
put() {
    local from=$1 to=$2 mode=$3
    if [[ ! -L $to && -e $to ]] && cmp -s "$from" "$to"; then
        expect_again "$to" "$(sum_of "$from")"
        [[ "$(stat -c %a:%U:%G "$to")" == "${mode#0}:root:root" ]] && return
        run chown root:root "$to"
        run chmod "$mode" "$to"
    elif [[ -e $to || -L $to ]] && ! is_ours "$to"; then
        keep_theirs "$from" "$to" "$mode"
    else
        expect "$to" "$(sum_of "$from")"
        run install -m "$mode" -o root -g root "$from" "$to.new"
        run mv -T "$to.new" "$to"
    fi
}

# It is in place already: its sum becomes the newest one.
expect_again() {
    local sums=" ${written[$1]:-} "
    sums=${sums/" $2 "/ }
    read -r sums <<<"$sums" || true
    written[$1]=${sums:+$sums }$2
}

keep_theirs() {
    local from=$1 to=$2 mode=$3
    if [[ $from != "$here"/* ]]; then
        cmp -s "$from" "$to.new" || run install -m "$mode" -o root -g root "$from" "$to.new"
        from=$to.new
    fi
    note "$to foi mudado depois de instalado e ficou como está; a versão nova é $from."
}

put_link() {
    local target=$1 link=$2
    [[ -L $link && "$(readlink "$link")" == "$target" ]] && { expect_again "$link" link && return; }
    [[ ! -e $link && ! -L $link ]] || {
        note "$link é outra coisa e ficou como está; devia levar a $target."
        return
    }
    expect "$link" link
    run ln -s "$target" "$link"
}

# A file of ours goes, one that somebody has changed stays.
take_away() {
    local path=$1 target=''
    case $path in
        "$site_link") target=$site ;;
        "$command") target=$program ;;
    esac
    [[ ! -f $path.new || -L $path.new ]] || run rm -f "$path.new"
    if [[ ! -e $path && ! -L $path ]]; then
        return
    elif [[ -n $target && "$(readlink "$path")" != "$target" ]] || ! is_ours "$path"; then
        note "$path foi mudado depois de instalado e ficou."
    else
        run rm -f "$path"
    fi
}

folder() {
    local path=$1 mode=$2 owner=$3 group=$4
    no_link "$path"
    [[ -d $path && "$(stat -c %a:%U:%G "$path")" == "${mode#0}:$owner:$group" ]] ||
        run install -d -m "$mode" -o "$owner" -g "$group" "$path"
}

# Owner and mode of a file, in a folder that only root writes.
guard() {
    local path=$1 mode=$2 owner=$3 group=$4
    no_link "$path"
    [[ -e $path && "$(stat -c %a:%U:%G "$path")" == "${mode#0}:$owner:$group" ]] && return
    run chown "$owner:$group" "$path"
    run chmod "$mode" "$path"
}

make_folders() {
    folder /opt/farol 0755 root root
    folder "$data" 0750 farol farol
    folder "$logs" 0750 farol farol
    # What lies in a folder of the account is made by the account.
    [[ -e $data/backups || -L $data/backups ]] || run runuser -u farol -- mkdir -m 0750 "$data/backups"
}
