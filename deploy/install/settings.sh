# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # the other variables are those of install.sh
# /etc/farol/farol.toml: written by `farol setup`, read by asking the program, changed where the front or a name changes.

# What a settings file says, in the words of the program itself. Empty where it says nothing.
setting() {
    local value
    value=$("$asked" check --config "${2:-$settings}" 2>/dev/null | awk -v key="$1" '$1 == key { print $2; exit }') || true
    [[ $value == — ]] || printf '%s' "$value"
}

# Whose word counts: what was said now, then the settings, then what an earlier run was told before there were any.
settle_answers() {
    local said_front='' said_name=''
    asked=$binary
    [[ -x $asked ]] || asked=$program
    if [[ -e $settings && -x $asked ]]; then
        no_link "$settings"
        said_front=nginx
        [[ "$(setting server.tls)" =~ ^(off|)$ ]] || said_front=farol
        said_name=$(setting server.public_url | sed -n 's|^https://\([^/:]*\).*|\1|p')
        [[ -n $name$said_name ]] || refuse "$settings não diz server.public_url" "Escreva-o lá, ou use --name NOME."
        [[ -n $front || -n $unfinished || -z $recorded_front || $recorded_front == "$said_front" ]] ||
            refuse "o Farol foi instalado $(in_words "$recorded_front"), e $settings diz agora que atende $(in_words "$said_front") (tls)" \
                "Diga o que vale: --with-nginx ou --without-nginx."
    fi
    [[ -z $front || $front == "${said_front:-$front}" ]] || change_front=1
    [[ -z $name || $name == "${said_name:-$name}" ]] || change_name=1
    front=${front:-${said_front:-$recorded_front}}
    name=${name:-${said_name:-$recorded_name}}
    if [[ $front == farol && -n $certificate$self_signed && -e $settings ]]; then
        [[ -n $certificate && $certificate == "$(setting server.tls_certificate)" && $key == "$(setting server.tls_key)" ]] ||
            [[ -n $self_signed && "$(setting server.tls)" == self-signed ]] || change_front=1
    fi
    if [[ -n $certificate$self_signed ]]; then
        return
    elif [[ $front == farol && -e $settings && -z $change_front ]]; then
        certificate=$(setting server.tls_certificate) key=$(setting server.tls_key)
    else
        certificate=$recorded_certificate key=$recorded_key
    fi
}

in_words() { if [[ $1 == nginx ]]; then echo "com nginx"; else echo "sem nginx"; fi; }

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
    # A run that was cut off before the settings were written may have left a key, which is given anew.
    [[ ! -e /etc/farol/truenas.key ]] || line+=(--force)
    say "Configuração:"
    run "${line[@]}" "${setup_more[@]}" || fail "farol setup não terminou; acima está o porquê" "Resolva e execute de novo."
}

# `farol setup` names its files as a person would; here they belong to root, and systemd hands out copies.
settle_secrets() {
    local from to
    no_link "$settings"
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

# Another front, certificate or name than the settings say.
change_settings() {
    local lines=("public_url = \"https://$name\"") gone=(public_url)
    if [[ -n $change_front ]]; then
        gone+=(listen tls tls_certificate tls_key tls_names redirect_listen trusted_proxies)
        if [[ $front == nginx ]]; then
            lines+=('listen = "127.0.0.1:8080"' 'trusted_proxies = ["127.0.0.1", "::1"]')
        elif [[ -n $certificate ]]; then
            lines+=('listen = "0.0.0.0:443"' 'redirect_listen = "0.0.0.0:80"' 'tls = "files"'
                "tls_certificate = \"$certificate\"" "tls_key = \"$key\"")
        else
            lines+=('listen = "0.0.0.0:443"' 'redirect_listen = "0.0.0.0:80"' 'tls = "self-signed"')
        fi
    elif [[ -z $change_name ]]; then
        return 0
    fi
    # Who is cut off between the two finds the settings as they were, and starts over.
    unfinished=1
    write_record
    local text
    text=$(printf '%s\n' "${lines[@]}")
    OLD_KEYS="${gone[*]}" NEW_LINES=$text awk "$rewrite" "$settings" >"$work/farol.toml"
    # Beside the old one, from where its files have the same names.
    run install -m 0640 -o root -g farol "$work/farol.toml" "$settings.new"
    if [[ -z $dry ]] && ! "$asked" check --config "$settings.new" >"$work/check" 2>&1; then
        rm -f "$settings.new"
        tail -n 20 "$work/check" >&2
        fail "$settings não pôde ser mudado por este instalador" "Deixe assim as chaves de [server] (e tire de lá as outras de: ${gone[*]}):" "$text"
    fi
    run cp -p --remove-destination "$settings" "$settings.old"
    run mv -T "$settings.new" "$settings"
    note "$settings foi mudado em [server]; o anterior ficou em $settings.old."
}

# Within [server] the old keys go, lists over several lines too, and the new lines come.
# shellcheck disable=SC2016 # these are variables of awk
readonly rewrite='
function opened(text) {
    gsub(/"[^"]*"/, "", text)
    sub(/#.*/, "", text)
    return gsub(/\[/, "", text) - gsub(/\]/, "", text)
}
open > 0 { open += opened($0); next }
/^[ \t]*\[/ {
    inside = ($0 ~ /^[ \t]*\[[ \t]*server[ \t]*\][ \t]*(#.*)?\r?$/)
    print
    if (inside) { print ENVIRON["NEW_LINES"]; done = 1 }
    next
}
inside && match($0, /^[ \t]*"?[a-z_]+"?[ \t]*=/) {
    key = substr($0, RSTART, RLENGTH)
    gsub(/[ \t"=]/, "", key)
    if (index(" " ENVIRON["OLD_KEYS"] " ", " " key " ")) { open = opened($0); next }
}
{ print }
END { if (!done) print "\n[server]\n" ENVIRON["NEW_LINES"] }'
