# shellcheck shell=bash
# Wine, and a compiler for Windows programs, for the tests of the mapping script: installed where missing. Nothing is
# started here: the tests make a Windows of their own below cargo's target folder. Needs `install_packages`.

install_wine() {
    local missing=()
    command -v wine >/dev/null || missing+=(wine wine64)
    command -v x86_64-w64-mingw32-gcc >/dev/null || missing+=(gcc-mingw-w64-x86-64)
    install_packages "${missing[@]}"
}
