# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # the variables are those of install.sh
# The program, its units, and systemd. What is still to be done is asked of the system: a run that was cut off has left no
# word of it.

systemd_runs() { [[ -d /run/systemd/system ]]; }

build() {
    if [[ -n $binary ]]; then return 0; fi
    if command -v cargo >/dev/null && [[ -f $here/../Cargo.toml ]]; then
        say "Construindo o programa (alguns minutos na primeira vez)…"
        binary=${CARGO_TARGET_DIR:-$here/../target}/dist/farol
        [[ $binary == /* ]] || refuse "CARGO_TARGET_DIR precisa ser um caminho inteiro"
        if [[ -z $dry ]]; then
            (cd "$here/.." && cargo build --locked --profile dist --bin farol) || fail "o programa não pôde ser construído"
        else
            say "  + cargo build --locked --profile dist --bin farol"
        fi
    elif [[ -x $program ]]; then
        binary=$program
        note "não há cargo no PATH do root: ficou o programa instalado ($("$program" --version)); para outro: --binary ARQUIVO."
    else
        refuse "não há o que instalar" \
            "Informe o executável: --binary ARQUIVO" \
            "Ou construa-o onde houver Rust (https://rustup.rs): cargo build --locked --profile dist"
    fi
}

check_binary() {
    [[ -f $binary ]] || return 0
    local version
    version=$("$binary" --version 2>/dev/null) || refuse "$binary não funciona nesta máquina"
    [[ $version == farol\ * ]] || refuse "$binary não é o Farol"
    if [[ -e $settings && "$(readlink -f "$binary")" != "$program" ]]; then
        "$binary" check --config "$settings" >"$work/check" 2>&1 || {
            tail -n 20 "$work/check" >&2
            refuse "$version não aceita a configuração em $settings"
        }
    fi
}

make_account() {
    getent group farol >/dev/null || run groupadd --system farol
    getent passwd farol >/dev/null ||
        run useradd --system --gid farol --home-dir "$data" --no-create-home --shell /usr/sbin/nologin farol
}

# Whether the service runs or not: one that has just fallen over is what people upgrade.
back_up_before_upgrade() {
    local database
    systemd_runs && [[ -z $without_copy && -e $units/farol-backup.service && -e $settings ]] || return 0
    database=$(setting store.url)
    # As it is shown: options are behind a ?, and what may be a secret is masked.
    database=${database%%\?*}
    if [[ $database == sqlite:///* && $database != *'••••'* && ! -e ${database#sqlite://} ]]; then
        # Nothing to lose: it never got as far as a database.
        return 0
    elif [[ $database == postgres* || $database == mysql:* || $database == mariadb:* ]]; then
        if [[ -n $yes || ! -t 0 ]]; then
            fail "o banco de dados está em outro servidor, e a cópia daqui não o leva; o programa não foi trocado" \
                "Faça a cópia dele e execute de novo com --without-copy."
        elif [[ "$(ask "O banco de dados está em outro servidor. A cópia dele está feita? (s/n)" n)" != [sS]* ]]; then
            fail "sem a cópia do banco o programa não foi trocado"
        fi
    fi
    run systemctl start farol-backup.service ||
        fail "a cópia de segurança não pôde ser feita; o programa não foi trocado" "Veja: journalctl -u farol-backup -n 20" \
            "Sem cópia, por sua conta: --without-copy"
}

# The new one takes the place of the old one in a single step: whoever starts it gets one of the two, whole. The old one is
# kept until the new one answers.
place_program() {
    if [[ -f $program ]] && cmp -s "$binary" "$program"; then
        expect_again "$program" "$(sum_of "$program")"
    else
        if [[ -f $program ]]; then back_up_before_upgrade; fi
        [[ ! -f $binary ]] || expect "$program" "$(sum_of "$binary")"
        [[ ! -f $program || -e $program.old ]] || run ln "$program" "$program.old"
        run install -m 0755 -o root -g root "$binary" "$program.new"
        run mv -T "$program.new" "$program"
    fi
    put_link "$program" "$command"
}

place_units() {
    local unit
    for unit in farol.service farol.socket farol-backup.service farol-backup.timer; do
        put "$here/systemd/$unit" "$units/$unit" 0644
    done
    if [[ $front == farol ]]; then
        put "$here/systemd/farol-redirect.socket" "$units/farol-redirect.socket" 0644
        printf '# Farol speaks TLS itself.\n[Socket]\nListenStream=\nListenStream=443\n' >"$work/listen.conf"
        folder "$units/farol.socket.d" 0755 root root
        put "$work/listen.conf" "$units/farol.socket.d/listen.conf" 0644
        printf '# Both ports, whoever starts the service.\n[Unit]\nWants=farol-redirect.socket\nAfter=farol-redirect.socket\n' \
            >"$work/redirect.conf"
        folder "$units/farol.service.d" 0755 root root
        put "$work/redirect.conf" "$units/farol.service.d/redirect.conf" 0644
    fi
}

# What the other front needed.
take_away_the_rest() {
    local path
    # The link first: nginx refuses one that leads nowhere.
    for path in "$site_link" "${!written[@]}"; do
        [[ -n ${written[$path]:-} && " ${places[*]} " != *" $path "* ]] || continue
        if [[ $path == *.socket ]] && systemd_runs && [[ -e $path ]]; then run systemctl -q disable --now "${path##*/}"; fi
        take_away "$path"
        unset "written[$path]"
    done
}

# Is any of these files newer than the moment this property of a unit tells?
is_older_than_files() {
    local unit=$1 property=$2 path moment files=()
    shift 2
    for path in "$@"; do [[ ! -e $path ]] || files+=("$path"); done
    moment=$(systemctl show --timestamp=us+utc -p "$property" --value "$unit")
    [[ -n $moment && ${#files[@]} -gt 0 && -n "$(find -L "${files[@]}" -maxdepth 0 -newerct "$moment")" ]]
}

runs_something_else() {
    local pid
    pid=$(systemctl show -p MainPID --value farol.service)
    [[ ${pid:-0} -gt 0 && ! /proc/$pid/exe -ef $program ]]
}

enable_and_start() {
    local wanted=(farol.socket farol.service farol-backup.timer) unit missing=()
    [[ $front == nginx ]] || wanted+=(farol-redirect.socket)
    if ! systemd_runs; then
        note "O systemd não está rodando aqui: falta iniciar. Onde ele roda: systemctl enable --now ${wanted[*]}"
        [[ ! -e $program.old ]] || run rm -f "$program.old"
        return
    fi
    if systemctl show -p NeedDaemonReload --value "${wanted[@]}" farol-backup.service | grep -q yes; then
        run systemctl daemon-reload
    fi
    for unit in "${wanted[@]}"; do
        systemctl -q is-enabled "$unit" 2>/dev/null || missing+=("$unit")
    done
    [[ ${#missing[@]} -eq 0 ]] || run systemctl -q enable "${missing[@]}"
    start_sockets "${wanted[@]}"
    systemctl -q is-active farol-backup.timer || run systemctl start farol-backup.timer ||
        fail "farol-backup.timer não iniciou" "$(why farol-backup.timer)"
    start_farol
    [[ $front != nginx ]] || start_nginx
}

# A socket cannot be opened under a service that runs, and that one holds the port too: both begin anew, together.
start_sockets() {
    local unit sockets=() new=''
    for unit in "$@"; do
        [[ $unit == *.socket ]] || continue
        sockets+=("$unit")
        if ! systemctl -q is-active "$unit" ||
            is_older_than_files "$unit" ActiveEnterTimestamp "$units/$unit" "$units/$unit.d"; then
            new=1
        fi
    done
    [[ -n $new ]] || return 0
    ! systemctl -q is-active farol.service || say "A porta muda, e por um instante ninguém atende:"
    run systemctl restart "${sockets[@]}" farol.service && return
    for unit in "${sockets[@]}"; do
        systemctl -q is-active "$unit" || fail "$unit não iniciou" "$(why "$unit")"
    done
    [[ -e $program.old ]] || fail "o Farol não iniciou" "$(why farol.service)"
}

# The sockets stay open meanwhile: whoever asks waits a moment, nobody is refused.
start_farol() {
    if ! systemctl -q is-active farol.service || runs_something_else || is_older_than_files farol.service \
        ExecMainStartTimestamp "$units/farol.service" "$units/farol.service.d" "$settings" /etc/farol/*-key; then
        run systemctl restart farol.service || [[ -e $program.old ]] || fail "o Farol não iniciou" "$(why farol.service)"
    fi
    [[ -e $program.old && -z $dry ]] || return 0
    if answers; then
        run rm -f "$program.old"
        return
    fi
    why farol.service >"$work/why"
    say "O programa novo não atende; o anterior volta:"
    run mv -T "$program.old" "$program"
    if run systemctl restart farol.service && answers; then
        fail "o programa novo não atendeu; o anterior voltou ao lugar e atende" "$(cat "$work/why")"
    fi
    fail "o programa novo não atendeu, e o anterior, de volta no lugar, também não" "$(cat "$work/why")" \
        "Se o novo chegou a mudar o banco de dados, o anterior precisa da cópia feita antes: veja farol restore --help"
}

# At the port that systemd holds, wherever that is.
answers() {
    local address tries
    systemctl -q is-active farol.service || return 1
    address=$(systemctl show -p Listen --value farol.socket | sed -n '1s/ (Stream)$//p')
    [[ $address =~ :[0-9]+$ ]] || address=''
    for ((tries = 0; tries < 5; tries++)); do
        env ${address:+FAROL_SERVER_LISTEN="$address"} "$program" alive --config "$settings" >/dev/null 2>&1 && return
        sleep 1
    done
    return 1
}

start_nginx() {
    systemctl -q is-enabled nginx || run systemctl -q enable nginx
    if ! systemctl -q is-active nginx; then
        run systemctl start nginx || fail "o nginx não iniciou" "$(why nginx.service)"
    elif is_older_than_files nginx.service StateChangeTimestamp "$site" "${site_link%/*}" "$certificate" "$key"; then
        run systemctl reload nginx || fail "o nginx não releu a configuração" "$(why nginx.service)"
    fi
}

why() {
    journalctl -u "$1" -n 15 --no-pager -o cat 2>/dev/null || true
    echo "Mais: journalctl -u $1"
    if [[ "$(systemd-detect-virt --container 2>/dev/null || true)" == lxc ]]; then
        echo "Num LXC do Proxmox o serviço precisa de Options > Features > Nesting."
    fi
}
