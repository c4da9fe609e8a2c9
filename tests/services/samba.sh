# Samba for the tests of the SMB proof. Sourced, never run: gives `install_samba`.
# Nothing is started here: each test starts a Samba of its own on a free port and ends it.

install_samba() {
  local missing=() as_root=()
  command -v smbd >/dev/null || [ -x /usr/sbin/smbd ] || missing+=(samba)
  command -v smbclient >/dev/null || missing+=(smbclient)
  [ "${#missing[@]}" -eq 0 ] && return 0
  [ "$(id -u)" -eq 0 ] || as_root=(sudo)
  "${as_root[@]}" apt-get update -qq || return
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
}
