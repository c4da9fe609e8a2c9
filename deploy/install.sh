#!/usr/bin/env bash
# Installs Farol on this machine, brings it up to date, or takes it away again.
#
# A second run finds everything as it should be and changes nothing. Every change goes through `run`, which only prints it
# with --dry-run. What this script wrote is remembered in /etc/farol/installed, so that it never replaces or removes a
# file somebody else put there or has changed since.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly here
readonly program=/opt/farol/farol
readonly settings=/etc/farol/farol.toml
readonly record=/etc/farol/installed
readonly data=/var/lib/farol
readonly logs=/var/log/intranet
readonly units=/etc/systemd/system
readonly site=/etc/nginx/sites-available/farol.conf
readonly site_link=/etc/nginx/sites-enabled/farol.conf
readonly own_certificate=/etc/farol/tls/certificate.pem
readonly own_key=/etc/farol/tls/key.pem
# The name that stands in the site as it is shipped.
readonly example_name=farol.exemplo.com.br
# A browser that trusts a certificate by hand takes none that lasts longer.
readonly certificate_days=825
# Thirty days before its end our own certificate is made anew.
readonly renew_before_s=2592000

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

yes='' dry='' uninstall='' binary='' name='' front='' certificate='' key='' self_signed=''
nas='' nas_user='' nas_key_file='' fingerprint='' ca_file=''
setup_more=()
changes=0
restart='' reload_units='' reload_nginx=''
notes=()
declare -A written=()

usage() {
    cat <<'TEXT'
Instala o Farol nesta máquina (Debian 12, 13 ou Ubuntu), atualiza ou remove.

    sudo deploy/install.sh [opções] [-- opções de farol setup]

Sem opções, pergunta o que falta. De novo, com tudo no lugar, não muda nada.

O que fazer:
  --yes                 não pergunta nada: usa só o que foi informado aqui
  --dry-run             só mostra o que seria feito
  --uninstall           remove o programa e o serviço; os dados ficam
  --help                mostra este texto

O programa:
  --binary ARQUIVO      o executável farol já construído; sem ele, constrói com o cargo a partir deste código

Como as pessoas chegam a ele:
  --name NOME           nome ou IPv4 que se abre no navegador, como farol.escritorio.lan
  --with-nginx          o nginx atende em HTTPS e passa ao Farol (padrão)
  --without-nginx       o próprio Farol atende em HTTPS, sem nginx
  --self-signed         certificado próprio, feito aqui (padrão)
  --certificate ARQUIVO certificado já existente, em PEM, com a cadeia; pede --key
  --key ARQUIVO         chave desse certificado, em PEM

O TrueNAS (só na primeira vez; o roteiro: farol setup --guide):
  --nas URL             endereço, como https://192.168.1.100
  --nas-user CONTA      conta dona da chave da API (vazia até a versão 24.10)
  --nas-key-file ARQUIVO
                        arquivo com a chave da API; é lido uma vez, apague-o depois
  --fingerprint SHA256  impressão digital do certificado do TrueNAS
  --ca-file ARQUIVO     ou a autoridade que o assinou, em PEM
  -- OPÇÕES             passadas a farol setup, como -- --admin-group ti --authenticator smb

Códigos de saída:
  0  tudo feito, ou nada a fazer
  1  um passo falhou; o que já foi feito fica, e outra execução continua dali
  2  recusado: nada foi mudado
TEXT
}

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

say() { printf '%s\n' "$*"; }
note() { notes+=("$1"); }

# Every change of this machine passes here. With -q its words are only shown when it fails.
run() {
    local quiet=''
    if [[ $1 == -q ]]; then
        quiet=1
        shift
    fi
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

# ---- What we were told -------------------------------------------------------------------------------------------

read_arguments() {
    while [[ $# -gt 0 ]]; do
        case $1 in
            --yes | -y) yes=1 ;;
            --dry-run) dry=1 ;;
            --uninstall) uninstall=1 ;;
            --with-nginx) choose_front nginx ;;
            --without-nginx) choose_front farol ;;
            --self-signed) self_signed=1 ;;
            --help | -h) usage && exit 0 ;;
            --)
                shift
                setup_more=("$@")
                return
                ;;
            --binary | --name | --certificate | --key | --nas | --nas-user | --nas-key-file | --fingerprint | --ca-file)
                [[ $# -ge 2 && $2 != --* ]] || refuse "falta o valor de $1" "Veja: $0 --help"
                local variable=${1#--}
                printf -v "${variable//-/_}" '%s' "$2"
                shift
                ;;
            *) refuse "não conheço a opção $1" "Veja: $0 --help" ;;
        esac
        shift
    done
}

choose_front() {
    [[ -z $front || $front == "$1" ]] || refuse "--with-nginx e --without-nginx ao mesmo tempo"
    front=$1
}

refuse_half_answers() {
    if [[ -n $uninstall ]]; then
        [[ -z $binary$name$front$certificate$key$self_signed$nas$nas_user$nas_key_file$fingerprint$ca_file ]] ||
            refuse "--uninstall só combina com --yes e --dry-run"
        return 0
    fi
    [[ -n $certificate && -n $key ]] || [[ -z $certificate$key ]] || refuse "--certificate e --key só valem juntos"
    [[ -z $self_signed || -z $certificate ]] || refuse "--self-signed e --certificate ao mesmo tempo"
    [[ -z $fingerprint || -z $ca_file ]] || refuse "--fingerprint e --ca-file ao mesmo tempo"
    local file
    for file in "$binary" "$certificate" "$key" "$nas_key_file" "$ca_file"; do
        [[ -z $file || -f $file ]] || refuse "o arquivo $file não existe"
    done
    for file in "$certificate" "$key"; do
        [[ -z $file || $file =~ ^/[A-Za-z0-9/._@+-]+$ ]] ||
            refuse "$file: escreva o caminho inteiro do certificado e da chave, sem espaços"
    done
    # A .env file in the folder we were called from would be read as settings, so that folder is left.
    [[ -z $binary ]] || binary=$(readlink -f "$binary")
    [[ -z $nas_key_file ]] || nas_key_file=$(readlink -f "$nas_key_file")
    [[ -z $ca_file ]] || ca_file=$(readlink -f "$ca_file")
    [[ -z $name || $name =~ ^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$ ]] ||
        refuse "$name não é um nome de máquina nem um IPv4" "Sem https://, sem porta e sem caminho."
    if [[ -e $settings ]]; then
        [[ -z $nas$nas_key_file ]] || note "O TrueNAS já está em $settings, e --nas… não o muda; para mudar: farol setup."
    elif [[ -n $yes ]]; then
        [[ -n $name ]] || refuse "com --yes falta --name NOME: o que as pessoas abrem no navegador"
        [[ -n $nas ]] || refuse "com --yes falta --nas URL"
        [[ -n $nas_key_file ]] || refuse "com --yes falta --nas-key-file ARQUIVO"
    elif [[ ! -t 0 && -z $dry ]]; then
        refuse "sem um terminal não há a quem perguntar" "Use --yes e as respostas; veja: $0 --help"
    fi
}

refuse_other_systems() {
    local ID='' VERSION_ID='' PRETTY_NAME=''
    # shellcheck source=/dev/null
    [[ ! -r /etc/os-release ]] || source /etc/os-release
    case $ID:$VERSION_ID in
        debian:12 | debian:13 | ubuntu:22.04 | ubuntu:24.04 | ubuntu:26.04) ;;
        *) refuse "este instalador conhece Debian 12 e 13 e Ubuntu 22.04 a 26.04, não ${PRETTY_NAME:-este sistema}" ;;
    esac
    [[ $EUID -eq 0 ]] || refuse "precisa ser executado como root" "sudo $0 …"
}

# ---- What an earlier run wrote -----------------------------------------------------------------------------------

sum_of() { sha256sum <"$1" | cut -d ' ' -f 1; }

read_record() {
    [[ -r $record ]] || return 0
    local word rest
    while read -r word rest; do
        case $word in
            name)
                [[ -z $name || $name == "$rest" ]] ||
                    refuse "o Farol já foi instalado com o nome $rest" \
                        "Para outro nome: mude server.public_url em $settings, remova $record e instale de novo."
                name=$rest
                ;;
            front)
                [[ -z $front || $front == "$rest" ]] ||
                    refuse "o Farol já foi instalado $([[ $rest == nginx ]] && echo com || echo sem) nginx" \
                        "Para trocar: --uninstall, e instale de novo. Os dados ficam."
                front=$rest
                ;;
            certificate) [[ -n $certificate || -n $self_signed ]] || certificate=$rest ;;
            key) [[ -n $key || -n $self_signed ]] || key=$rest ;;
            file) written[${rest#* }]=${rest%% *} ;;
        esac
    done <"$record"
}

write_record() {
    local path
    {
        echo "# Written by deploy/install.sh: what it was told, and the files it wrote."
        echo "name $name"
        echo "front $front"
        if [[ -n $certificate && $certificate != "$own_certificate" ]]; then
            echo "certificate $certificate"
            echo "key $key"
        fi
        for path in "${!written[@]}"; do echo "file ${written[$path]} $path"; done | sort -k 3
    } >"$work/installed"
    cmp -s "$work/installed" "$record" || run install -m 0644 -o root -g root "$work/installed" "$record"
}

# A file in one of our places that no run of this script has written.
refuse_foreign() {
    local path
    for path in "$@"; do
        [[ ! -e $path && ! -L $path ]] || [[ -n ${written[$path]:-} ]] ||
            refuse "$path já existe e não foi escrito por este instalador" "Confira o que é e mude-o de lugar."
    done
}

# Settings of an installation that was told otherwise.
refuse_other_front() {
    if [[ $front == nginx ]] && grep -qsE '^tls = "(self-signed|files)"' "$settings"; then
        refuse "em $settings o próprio Farol atende em HTTPS (tls)" "Tire essa linha de lá, ou use --without-nginx."
    fi
    if [[ $front == farol && -e $settings ]] && ! grep -qsE '^tls = "(self-signed|files)"' "$settings"; then
        refuse "em $settings o Farol não atende em HTTPS (falta tls)" \
            "Escreva lá, em [server], tls = \"self-signed\", ou use --with-nginx."
    fi
}

refuse_foreign_folder() {
    [[ ! -r $record && -d $1 && -n "$(ls -A "$1")" && "$(stat -c %U "$1")" != farol ]] || return 0
    refuse "$1 já existe, tem arquivos e não é do Farol" "Confira o que é e mude-o de lugar."
}

refuse_foreign_account() {
    local id
    id=$(getent passwd farol | cut -d : -f 3) || true
    [[ -z $id || $id -lt 1000 ]] || refuse "a conta farol desta máquina é de uma pessoa (uid $id)"
}

# ---- Pieces ------------------------------------------------------------------------------------------------------

systemd_runs() { [[ -d /run/systemd/system ]]; }

# A whole file, with its mode. One that somebody has changed since stays as it is.
put() {
    local from=$1 to=$2 mode=$3 then=${4:-}
    if [[ -e $to ]] && cmp -s "$from" "$to"; then
        [[ "$(stat -c %a:%U:%G "$to")" == "${mode#0}:root:root" ]] ||
            run install -m "$mode" -o root -g root "$from" "$to"
    elif [[ -e $to && "$(sum_of "$to")" != "${written[$to]:-}" ]]; then
        note "$to foi mudado depois de instalado e ficou como está; a versão nova é $here/${from##*/}."
        return
    else
        run install -m "$mode" -o root -g root "$from" "$to"
        [[ -z $then ]] || printf -v "$then" 1
    fi
    written[$to]=$(sum_of "$from")
}

folder() {
    local path=$1 mode=$2 owner=$3 group=$4
    [[ -d $path && "$(stat -c %a:%U:%G "$path")" == "${mode#0}:$owner:$group" ]] ||
        run install -d -m "$mode" -o "$owner" -g "$group" "$path"
}

# Owner and mode of a file.
guard() {
    local path=$1 mode=$2 owner=$3 group=$4
    [[ -e $path && "$(stat -c %a:%U:%G "$path")" == "${mode#0}:$owner:$group" ]] && return
    run chown "$owner:$group" "$path"
    run chmod "$mode" "$path"
}

ask() {
    local question=$1 default=$2 answer
    read -r -p "$question [$default]: " answer || fail "ninguém respondeu"
    printf '%s' "${answer:-$default}"
}

# ---- Steps -------------------------------------------------------------------------------------------------------

ask_what_is_missing() {
    local public
    if [[ -z $name && -e $settings ]]; then
        public=$(sed -n 's|^public_url = "https://\([^"/:]*\)".*|\1|p' "$settings" | head -n 1)
        [[ -n $public ]] || refuse "$settings não diz server.public_url" "Escreva-o lá, ou use --name NOME."
        name=$public
    fi
    if [[ -z $yes && -z $dry && -t 0 ]]; then
        [[ -n $name ]] || name=$(ask "Nome ou IPv4 que as pessoas abrem no navegador" "$(hostname -f 2>/dev/null || hostname)")
        if [[ -z $front ]]; then
            [[ "$(ask "O nginx atende em HTTPS e passa ao Farol? (s/n)" s)" == [sS]* ]] && front=nginx || front=farol
        fi
        if [[ -z $self_signed$certificate && ! -e $own_certificate ]]; then
            certificate=$(ask "Arquivo do certificado, em PEM (próprio: fazer um aqui)" próprio)
            if [[ $certificate == próprio ]]; then
                certificate=''
            else
                key=$(ask "Arquivo da chave do certificado" "${certificate%/*}/key.pem")
            fi
        fi
        refuse_half_answers
    fi
    [[ -n $name ]] || name=$example_name
    [[ -n $front ]] || front=nginx
    if [[ $front == nginx && -z $certificate ]]; then
        certificate=$own_certificate key=$own_key
    fi
}

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

install_packages() {
    local missing=()
    [[ $front != nginx ]] || command -v nginx >/dev/null || missing+=(nginx)
    [[ $front != nginx || $certificate != "$own_certificate" ]] || command -v openssl >/dev/null || missing+=(openssl)
    [[ -e /etc/ssl/certs/ca-certificates.crt ]] || missing+=(ca-certificates)
    [[ ${#missing[@]} -gt 0 ]] || return 0
    say "Pacotes que faltam: ${missing[*]}"
    # A list that cannot be fetched anew is no harm while the old one knows the packages.
    run -q apt-get update -qq || true
    run -q env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" ||
        fail "os pacotes não puderam ser instalados"
}

make_account() {
    getent group farol >/dev/null || run groupadd --system farol
    getent passwd farol >/dev/null ||
        run useradd --system --gid farol --home-dir "$data" --no-create-home --shell /usr/sbin/nologin farol
}

# Without nginx it is Farol that reads the key.
check_key() {
    [[ $front == farol && -n $certificate && -z $dry ]] || return 0
    local file
    for file in "$certificate" "$key"; do
        runuser -u farol -- test -r "$file" || fail "a conta farol não pode ler $file" \
            "Sem nginx é o Farol que o lê: deixe a conta farol ler o arquivo e entrar nas pastas acima dele" \
            "(por exemplo com setfacl -m u:farol:r) e execute de novo."
    done
}

make_folders() {
    folder /opt/farol 0755 root root
    folder /etc/farol 0750 root farol
    folder "$data" 0750 farol farol
    folder "$data/backups" 0750 farol farol
    folder "$logs" 0750 farol farol
}

back_up_before_upgrade() {
    systemd_runs && [[ -e $units/farol-backup.service ]] && systemctl -q is-active farol.service || return 0
    run systemctl start farol-backup.service ||
        fail "a cópia de segurança não pôde ser feita; o programa não foi trocado" "Veja: journalctl -u farol-backup -n 20"
}

# The new one takes the place of the old one in a single step: whoever starts it gets one of the two, whole.
place_binary() {
    if [[ -f $program ]] && cmp -s "$binary" "$program"; then
        written[$program]=$(sum_of "$program")
        return
    fi
    if [[ -f $program ]]; then back_up_before_upgrade; fi
    run install -m 0755 -o root -g root "$binary" "$program.new"
    run mv -T "$program.new" "$program"
    restart=1
    if [[ -f $binary ]]; then written[$program]=$(sum_of "$binary"); fi
}

set_up() {
    [[ ! -e $settings ]] || return 0
    local line=("$program" setup --dir /etc/farol --data-dir "$data" --log-dir "$logs" --public-url "https://$name")
    if [[ $front == nginx ]]; then
        line+=(--listen 127.0.0.1:8080)
    else
        line+=(--listen 0.0.0.0:443 --redirect-listen 0.0.0.0:80)
        if [[ -z $certificate ]]; then
            line+=(--tls self-signed)
        else
            line+=(--tls files --tls-certificate "$certificate" --tls-key "$key")
        fi
    fi
    [[ -z $yes ]] || line+=(--yes)
    [[ -z $nas ]] || line+=(--url "$nas")
    [[ -z $nas_user ]] || line+=(--username "$nas_user")
    [[ -z $nas_key_file ]] || line+=(--api-key-file "$nas_key_file")
    [[ -z $fingerprint ]] || line+=(--fingerprint "$fingerprint")
    if [[ -n $ca_file ]]; then
        run install -m 0644 -o root -g root "$ca_file" /etc/farol/truenas-ca.pem
        line+=(--ca-file /etc/farol/truenas-ca.pem)
    fi
    say "Configuração:"
    run "${line[@]}" "${setup_more[@]}" || fail "farol setup não terminou; acima está o porquê" "Resolva e execute de novo."
    restart=1
}

# `farol setup` names its files as a person would; here they belong to root, and systemd hands out copies.
settle_secrets() {
    local from to
    for from in truenas.key:truenas-api-key secret.key:secret-key; do
        to=/etc/farol/${from#*:} from=/etc/farol/${from%:*}
        if [[ -e $from ]]; then
            [[ ! -e $to ]] || fail "$from e $to existem os dois" "Apague o que não vale e execute de novo."
            run mv -T "$from" "$to"
        fi
        if grep -qsF "\"$from\"" "$settings"; then run sed -i "s|\"$from\"|\"$to\"|" "$settings"; fi
        [[ -e $to || -n $dry ]] || fail "falta $to: o serviço lê esse segredo de lá" \
            "Grave-o nesse arquivo, aponte-o em $settings e execute de novo."
        guard "$to" 0600 root root
    done
    guard "$settings" 0640 root farol
}

# For nginx; Farol makes its own.
make_certificate() {
    [[ $front == nginx && $certificate == "$own_certificate" ]] || return 0
    folder /etc/farol/tls 0750 root farol
    if [[ -e $certificate ]] && openssl x509 -in "$certificate" -noout -checkend "$renew_before_s" >/dev/null; then return; fi
    local kind=DNS
    [[ ! $name =~ ^[0-9.]+$ ]] || kind=IP
    # No authority: whoever stole its key could speak for this one name and no other.
    cat >"$work/openssl.cnf" <<TEXT
[req]
prompt = no
distinguished_name = who
x509_extensions = what
[who]
CN = Farol
[what]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
subjectAltName = $kind:$name
TEXT
    # The old pair stays whole until both new files are. openssl itself lets nobody else read the key.
    run -q openssl req -x509 -config "$work/openssl.cnf" -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
        -days "$certificate_days" -keyout "$own_key.new" -out "$own_certificate.new" ||
        fail "o certificado não pôde ser feito"
    run mv -T "$own_key.new" "$own_key"
    run mv -T "$own_certificate.new" "$own_certificate"
    run chmod 0600 "$own_key"
    run chmod 0644 "$own_certificate"
    reload_nginx=1
}

place_units() {
    local unit
    for unit in farol.service farol.socket farol-backup.service farol-backup.timer; do
        put "$here/systemd/$unit" "$units/$unit" 0644 reload_units
    done
    if [[ $front == farol ]]; then
        put "$here/systemd/farol-redirect.socket" "$units/farol-redirect.socket" 0644 reload_units
        printf '# Farol speaks TLS itself.\n[Socket]\nListenStream=\nListenStream=443\n' >"$work/listen.conf"
        folder "$units/farol.socket.d" 0755 root root
        put "$work/listen.conf" "$units/farol.socket.d/listen.conf" 0644 reload_units
    fi
}

place_site() {
    [[ $front == nginx ]] || return 0
    local edits=(-e "s|$example_name|$name|g")
    # A kernel without IPv6 would not let nginx start.
    [[ -e /proc/net/if_inet6 ]] || edits+=(-e '/listen \[::\]/d')
    sed "${edits[@]}" \
        -e "s|^\( *ssl_certificate\) .*;|\1 $certificate;|" -e "s|^\( *ssl_certificate_key\) .*;|\1 $key;|" \
        "$here/nginx/farol.conf" >"$work/farol.conf"
    put "$work/farol.conf" "$site" 0644 reload_nginx
    if [[ ! -L $site_link ]]; then
        run ln -s "$site" "$site_link"
        reload_nginx=1
    fi
    written[$site_link]='link'
    [[ -n $dry || -z $reload_nginx ]] || nginx -t >"$work/nginx" 2>&1 || {
        cat "$work/nginx" >&2
        fail "o nginx não aceita a configuração; ele continua com a anterior"
    }
}

enable_and_start() {
    local wanted=(farol.socket farol.service farol-backup.timer) unit missing=()
    [[ $front == nginx ]] || wanted+=(farol-redirect.socket)
    if ! systemd_runs; then
        note "O systemd não está rodando aqui: falta iniciar. Onde ele roda: systemctl enable --now ${wanted[*]}"
        return
    fi
    [[ -z $reload_units ]] || run systemctl daemon-reload
    for unit in "${wanted[@]}"; do
        systemctl -q is-enabled "$unit" 2>/dev/null || missing+=("$unit")
    done
    [[ ${#missing[@]} -eq 0 ]] || run systemctl -q enable "${missing[@]}"
    for unit in "${wanted[@]}"; do
        [[ $unit != farol.service ]] || continue
        systemctl -q is-active "$unit" || run systemctl start "$unit" || fail "$unit não iniciou" "$(why "$unit")"
    done
    # The socket stays open meanwhile: whoever asks waits a moment, nobody is refused.
    if [[ -n $restart$reload_units ]] || ! systemctl -q is-active farol.service; then
        run systemctl restart farol.service || fail "o Farol não iniciou" "$(why farol.service)"
    fi
    if [[ $front == nginx ]]; then
        systemctl -q is-enabled nginx || run systemctl -q enable nginx
        if ! systemctl -q is-active nginx; then
            run systemctl start nginx || fail "o nginx não iniciou" "$(why nginx.service)"
        elif [[ -n $reload_nginx ]]; then
            run systemctl reload nginx || fail "o nginx não releu a configuração" "$(why nginx.service)"
        fi
    fi
}

why() {
    journalctl -u "$1" -n 15 --no-pager -o cat 2>/dev/null || true
    echo "Mais: journalctl -u $1"
    if [[ "$(systemd-detect-virt --container 2>/dev/null || true)" == lxc ]]; then
        echo "Num LXC do Proxmox o serviço precisa de Options > Features > Nesting."
    fi
}

tell() {
    local text
    for text in "${notes[@]}"; do say "Atenção: $text"; done
    if [[ $changes -eq 0 ]]; then
        say "Nada a mudar: o Farol já está instalado assim."
    elif [[ -n $dry ]]; then
        say "Nada foi mudado: --dry-run só mostra."
    else
        say "Instalado. No navegador: https://$name"
        say "Configuração: $settings   Dados: $data   Registro: $logs"
        [[ -z $nas_key_file ]] || say "A chave da API foi guardada em /etc/farol/truenas-api-key; apague $nas_key_file."
    fi
}

install_all() {
    local places=("$program" "$units/farol.service" "$units/farol.socket" "$units/farol-backup.service"
        "$units/farol-backup.timer")
    refuse_other_front
    build
    check_binary
    if [[ $front == nginx ]]; then
        places+=("$site" "$site_link")
    else
        places+=("$units/farol-redirect.socket" "$units/farol.socket.d/listen.conf")
    fi
    refuse_foreign "${places[@]}"
    refuse_foreign_folder /opt/farol
    refuse_foreign_folder "$data"
    refuse_foreign_folder "$logs"
    refuse_foreign_account
    install_packages
    make_account
    check_key
    make_folders
    place_binary
    set_up
    settle_secrets
    make_certificate
    place_units
    place_site
    write_record
    enable_and_start
    tell
}

# ---- Taking it away ----------------------------------------------------------------------------------------------

remove_all() {
    [[ -r $record ]] || refuse "não há instalação deste instalador aqui ($record não existe)"
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
    for path in "${!written[@]}"; do
        [[ -e $path || -L $path ]] || continue
        if [[ $path == "$program" || ${written[$path]} == link || "$(sum_of "$path")" == "${written[$path]}" ]]; then
            run rm -f "$path"
        else
            note "$path foi mudado depois de instalado e ficou."
        fi
    done
    for path in "$units/farol.socket.d" /opt/farol; do
        [[ ! -d $path || -n $dry ]] || [[ -n "$(ls -A "$path")" ]] || run rmdir "$path"
    done
    run rm -f "$record"
    if systemd_runs; then
        run systemctl daemon-reload
        if [[ $front == nginx ]] && systemctl -q is-active nginx; then run systemctl reload nginx || true; fi
    fi
    for path in "${notes[@]}"; do say "Atenção: $path"; done
    [[ -z $dry ]] || { say "Nada foi mudado: --dry-run só mostra." && return; }
    say "O Farol foi removido. Ficaram: /etc/farol (configuração e segredos), $data (dados e cópias),"
    say "$logs (registro), a conta farol e os pacotes do sistema. Para apagar também isso:"
    say "  rm -r /etc/farol $data $logs && userdel farol"
}

read_arguments "$@"
refuse_other_systems
refuse_half_answers
read_record
if [[ -n $uninstall ]]; then
    remove_all
else
    cd /
    ask_what_is_missing
    install_all
fi
