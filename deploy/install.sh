#!/usr/bin/env bash
# Installs Farol on this machine, brings it up to date, or takes it away again. What is done stands here, how it is done in
# install/.
#
# A second run finds everything as it should be and changes nothing; one after a run that was cut off goes on from there.
# What this script wrote is remembered in /etc/farol/installed, so that it never replaces or removes a file somebody else
# put there or has changed since.
# shellcheck source-path=SCRIPTDIR
# shellcheck disable=SC2034 # most of these names are used in install/
set -Eeuo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly here
readonly program=/opt/farol/farol
readonly command=/usr/local/bin/farol
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
# Ninety days before its end our own certificate is made anew.
readonly renew_before_s=7776000

yes='' dry='' uninstall='' binary='' name='' front='' certificate='' key='' self_signed='' without_copy=''
nas='' nas_user='' nas_key_file='' fingerprint='' ca_file=''
setup_more=()
# Who is asked what the settings say; what of them is to change.
asked='' change_front='' change_name=''
changes=0 step=''
notes=()

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for part in words record pieces settings front service remove; do
    [[ -r $here/install/$part.sh ]] || { echo "Recusado: falta $here/install; copie a pasta deploy inteira" >&2 && exit 2; }
done
source "$here/install/words.sh"
source "$here/install/record.sh"
source "$here/install/pieces.sh"
source "$here/install/settings.sh"
source "$here/install/front.sh"
source "$here/install/service.sh"
source "$here/install/remove.sh"
trap 'failed_without_words "$BASH_COMMAND"' ERR

usage() {
    cat <<'TEXT'
Instala o Farol nesta máquina (Debian 12, 13 ou Ubuntu 24.04 e mais novos), atualiza ou remove.

    sudo deploy/install.sh [opções] [-- opções de farol setup]

Sem opções, pergunta o que falta. De novo, com tudo no lugar, não muda nada.

O que fazer:
  --yes                 não pergunta nada: usa só o que foi informado aqui
  --dry-run             só mostra o que seria feito
  --uninstall           remove o programa e o serviço; os dados ficam
  --help                mostra este texto

O programa:
  --binary ARQUIVO      o executável farol já construído; sem ele, constrói com o cargo a partir deste código
  --without-copy        atualiza sem a cópia de segurança antes; com o banco em outro servidor, faça a cópia dele

Como as pessoas chegam a ele (informado de novo, muda também uma instalação pronta):
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
            --without-copy) without_copy=1 ;;
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
        [[ -z $binary$name$front$certificate$key$self_signed$without_copy$nas$nas_user$nas_key_file$fingerprint$ca_file ]] ||
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
        [[ -n $name$recorded_name ]] || refuse "com --yes falta --name NOME: o que as pessoas abrem no navegador"
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
        # The units need systemd 251.
        debian:1[23] | ubuntu:2[4-9].* | ubuntu:[3-9][0-9].*) ;;
        *) refuse "este instalador conhece Debian 12 e 13 e Ubuntu 24.04 e mais novos, não ${PRETTY_NAME:-este sistema}" ;;
    esac
    [[ $EUID -eq 0 ]] || refuse "precisa ser executado como root" "sudo $0 …"
}

# ---- What is done ------------------------------------------------------------------------------------------------

# Only before there are settings: afterwards they are changed by saying so.
ask_what_is_missing() {
    if [[ ! -e $settings && -z $yes && -z $dry && -t 0 ]]; then
        [[ -n $name ]] || name=$(ask "Nome ou IPv4 que as pessoas abrem no navegador" "$(hostname -f 2>/dev/null || hostname)") || exit 1
        if [[ -z $front ]]; then
            [[ "$(ask "O nginx atende em HTTPS e passa ao Farol? (s/n)" s)" == [sS]* ]] && front=nginx || front=farol
        fi
        if [[ -z $self_signed$certificate && ! -e $own_certificate ]]; then
            certificate=$(ask "Arquivo do certificado, em PEM (próprio: fazer um aqui)" próprio) || exit 1
            if [[ $certificate == próprio ]]; then
                certificate=''
            else
                key=$(ask "Arquivo da chave do certificado" "${certificate%/*}/key.pem") || exit 1
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

tell() {
    tell_notes
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
    build
    check_binary
    settle_answers
    ask_what_is_missing
    if [[ $front == nginx ]]; then
        places+=("$site" "$site_link")
    else
        places+=("$units/farol-redirect.socket" "$units/farol.socket.d/listen.conf" "$units/farol.service.d/redirect.conf")
    fi
    refuse_foreign "${places[@]}"
    places+=("$command")
    refuse_foreign_folder /opt/farol
    refuse_foreign_folder "$data"
    refuse_foreign_folder "$logs"
    refuse_foreign_account
    refuse_hidden_certificate
    refuse_taken_ports
    install_packages
    make_account
    folder /etc/farol 0750 root farol
    check_key
    make_folders
    place_program
    set_up
    settle_secrets
    change_settings
    make_certificate
    place_units
    place_site
    take_away_the_rest
    enable_and_start
    finish_record
    tell
}

read_arguments "$@"
refuse_other_systems
read_record
refuse_half_answers
if [[ -n $uninstall ]]; then
    remove_all
else
    cd /
    install_all
fi
