# shellcheck shell=bash
# Samba for the tests of the SMB proof: installed where missing. Nothing is started here: each test starts a Samba of its
# own on a free port and ends it. Needs `as_root` and `install_packages`.

install_samba() {
    # Who signs in works as a Unix account of this machine, so those tests need more than a sudo that installs.
    if [[ $EUID -ne 0 ]]; then
        echo "tests/run: the SMB tests start Samba with accounts of this machine; run tests/run as root" >&2
        return 1
    fi
    command -v smbd >/dev/null || [[ -x /usr/sbin/smbd ]] || install_packages samba
}

# The tests share these accounts, so only the end may remove them, and not while another run on this machine uses them.
remove_samba_accounts() {
    local name
    if pgrep -f 'smbd .*/farol-samba-' >/dev/null; then return 0; fi
    for name in farol-t-ana farol-t-bruno farol-t-eva; do
        if id "$name" >/dev/null 2>&1; then as_root userdel "$name" || true; fi
    done
}
