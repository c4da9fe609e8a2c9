# Chromium and what drives it. Sourced by tests/run.
# shellcheck shell=bash disable=SC2154

browser_folder=tests/browser

install_browser() {
    local missing=()
    command -v chromium >/dev/null || missing+=(chromium)
    command -v node >/dev/null || missing+=(nodejs)
    command -v npm >/dev/null || missing+=(npm)
    install_packages "${missing[@]}"
    # The versions stand in package.json; a lock file would only add where they were fetched from.
    if [[ $browser_folder/package.json -nt $browser_folder/node_modules/.package-lock.json ]]; then
        npm --prefix "$browser_folder" install --no-package-lock --no-audit --no-fund --silent </dev/null
    fi
}

# The demo is built by then; the stories start it themselves.
run_browser_tests() {
    local program
    # Beside a test, so that what the tests have built serves: without one all that depends on a feature is built anew.
    cargo build --locked --bin farol --test house
    # A test writes the samples of rare pages: built by now, it keeps no story waiting.
    cargo test --locked --lib --no-run
    program=$(cargo metadata --format-version 1 --no-deps | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')/debug/farol
    # A story that never ends is ended, with all it started; what was told by then says which one it was.
    FAROL_PROGRAM=$program timeout --kill-after=30s 20m node --test "$@" "$browser_folder"/*.test.mjs </dev/null 2>&1 | tee "$stories"
}
