# shellcheck shell=bash
# What the tests of deploy/ call: installed where missing. Nothing is started here: each test starts and ends its own.
# Needs `install_packages`.

install_deploy_tools() {
    local missing=() pair
    # The fresh Debian of the installer's test is entered by chroot.
    if [[ $EUID -ne 0 ]]; then
        echo "tests/run: the tests of deploy/ install into a Debian of their own; run tests/run as root" >&2
        return 1
    fi
    for pair in shellcheck:shellcheck nginx:nginx-light caddy:caddy debootstrap:debootstrap systemd-analyze:systemd \
        strace:strace curl:curl ip:iproute2 ss:iproute2 unshare:util-linux openssl:openssl python3:python3; do
        command -v "${pair%:*}" >/dev/null || [[ -x /usr/sbin/${pair%:*} ]] || missing+=("${pair#*:}")
    done
    install_packages "${missing[@]}"
}
