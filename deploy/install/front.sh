# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # the other variables are those of install.sh
# What browsers meet first: nginx with its certificate and its site, or Farol itself.

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

refuse_hidden_certificate() {
    local file
    [[ $front == farol ]] || return 0
    for file in "$certificate" "$key"; do
        case $file in
            /home/* | /root/* | /run/user/* | /tmp/* | /var/tmp/*)
                refuse "o serviço não enxerga $file" "Sem nginx é o Farol que o lê: deixe-o em /etc/farol/tls, por exemplo."
                ;;
        esac
    done
}

# nginx lets go of them only when it ends, and other sites of it may be on them too.
refuse_taken_ports() {
    [[ $front == farol && -n $change_front && -z $dry && -n ${written[$site]:-} ]] && systemd_runs || return 0
    ! systemctl -q is-active nginx || refuse "o nginx ocupa as portas 80 e 443" \
        "Sem nginx elas são do Farol: systemctl disable --now nginx, e execute de novo."
}

# Without nginx it is Farol that reads the key.
check_key() {
    [[ $front == farol && -n $certificate && -z $dry ]] || return 0
    local file
    for file in "$certificate" "$key"; do
        runuser -u farol -- test -r "$file" || fail "a conta farol não pode ler $file" \
            "Sem nginx é o Farol que o lê: dê o arquivo e as pastas acima dele ao grupo farol (chgrp farol, chmod g+rX)" \
            "e execute de novo. Se a renovação grava outro arquivo, ela precisa fazer o mesmo."
    done
}

# It lasts, it is for this name, and the key is its own: a run may have been cut off between the two.
own_certificate_fits() {
    local kind=-checkhost
    [[ ! $name =~ ^[0-9.]+$ ]] || kind=-checkip
    [[ -e $own_certificate && -e $own_key ]] &&
        openssl x509 -in "$own_certificate" -noout -checkend "$renew_before_s" >/dev/null 2>&1 &&
        [[ "$(openssl x509 -in "$own_certificate" -noout "$kind" "$name")" == *"does match"* ]] &&
        [[ "$(openssl x509 -in "$own_certificate" -noout -pubkey)" == "$(openssl pkey -in "$own_key" -pubout)" ]]
}

# For nginx; Farol makes its own.
make_certificate() {
    [[ $front == nginx && $certificate == "$own_certificate" ]] || return 0
    folder /etc/farol/tls 0750 root farol
    if own_certificate_fits; then return; fi
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
    run chmod 0600 "$own_key.new"
    run chmod 0644 "$own_certificate.new"
    run mv -T "$own_key.new" "$own_key"
    run mv -T "$own_certificate.new" "$own_certificate"
}

# What was there before, empty where nothing was, is kept until nginx has accepted the new one.
place_site() {
    [[ $front == nginx ]] || return 0
    local edits=(-e "s|$example_name|$name|g")
    # A kernel without IPv6 would not let nginx start.
    [[ -e /proc/net/if_inet6 ]] || edits+=(-e '/listen \[::\]/d')
    sed "${edits[@]}" \
        -e "s|^\( *ssl_certificate\) .*;|\1 $certificate;|" -e "s|^\( *ssl_certificate_key\) .*;|\1 $key;|" \
        "$here/nginx/farol.conf" >"$work/farol.conf"
    if [[ ! -e $site ]]; then
        : >"$work/nothing"
        expect "$site" "$(sum_of "$work/nothing")"
        [[ -e $site.old ]] || run install -m 0644 -o root -g root "$work/nothing" "$site.old"
    elif is_ours "$site" && ! cmp -s "$work/farol.conf" "$site"; then
        [[ -e $site.old ]] || run cp -p "$site" "$site.old"
    fi
    put "$work/farol.conf" "$site" 0644
    put_link "$site" "$site_link"
    [[ -z $dry && -e $site.old ]] || return 0
    if nginx -t >"$work/nginx" 2>&1; then
        run rm -f "$site.old"
    else
        cat "$work/nginx" >&2
        run mv -T "$site.old" "$site"
        fail "o nginx não aceita a configuração; ele continua com a anterior"
    fi
}
