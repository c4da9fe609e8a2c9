# shellcheck shell=bash
# shellcheck disable=SC2154 # the variables are those of install.sh
# Taking it away: what the record names, and nothing else.

remove_all() {
    [[ -e $record ]] || refuse "não há instalação deste instalador aqui ($record não existe)"
    if [[ -z $yes && -z $dry ]]; then
        [[ -t 0 ]] || refuse "sem um terminal não há a quem perguntar" "Use --uninstall --yes"
        [[ "$(ask "Remover o Farol desta máquina? Os dados ficam. (s/n)" n)" == [sS]* ]] || refuse "nada foi removido"
    fi
    local path unit
    if systemd_runs; then
        for unit in farol-backup.timer farol-redirect.socket farol.socket farol.service; do
            [[ ! -e $units/$unit ]] || run systemctl -q disable --now "$unit" || true
        done
    fi
    # The link first: nginx refuses one that leads nowhere.
    for path in "$site_link" "${!written[@]}"; do
        [[ -z ${written[$path]:-} ]] || take_away "$path"
        unset "written[$path]"
    done
    for path in "$program.new" "$program.old" "$site.old"; do [[ ! -f $path ]] || run rm -f "$path"; done
    for path in "$units/farol.socket.d" "$units/farol.service.d" /opt/farol; do
        [[ ! -d $path || -n $dry ]] || [[ -n "$(ls -A "$path")" ]] || run rmdir "$path"
    done
    run rm -f "$record" "$record.new"
    if systemd_runs; then
        run systemctl daemon-reload
        if [[ $recorded_front == nginx ]] && systemctl -q is-active nginx; then run systemctl reload nginx || true; fi
    fi
    tell_notes
    [[ -z $dry ]] || { say "Nada foi mudado: --dry-run só mostra." && return; }
    say "O Farol foi removido. Ficaram: /etc/farol (configuração e segredos), $data (dados e cópias),"
    say "$logs (registro), a conta farol e os pacotes do sistema. Para apagar também isso:"
    say "  rm -r /etc/farol $data $logs && userdel farol"
}
