# shellcheck shell=bash
# PostgreSQL and MariaDB for the tests: installed where missing, started on free ports of this machine, stopped again.
# Needs `as_root` and `services`, the directory that goes away at the end.
: "${services:?}"

# Where Debian keeps the server programs, which are not in everybody's path.
postgres_bin() {
    local newest
    newest=$(find /usr/lib/postgresql -maxdepth 1 -mindepth 1 2>/dev/null | sort -V | tail -n 1)
    echo "$newest/bin"
}

install_databases() {
    local missing=()
    [[ -x "$(postgres_bin)/postgres" ]] || missing+=(postgresql)
    command -v mariadbd >/dev/null || [[ -x /usr/sbin/mariadbd ]] || missing+=(mariadb-server)
    install_packages "${missing[@]}"
}

# Asks the system for a port nobody uses.
free_port() {
    local port
    while :; do
        port=$((20000 + RANDOM % 12000))
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
    done
    echo "$port"
}

# Waits for a command to succeed, at most a minute, and shows the log when it never does.
wait_for() {
    local log=$1 tries
    shift
    for ((tries = 0; tries < 300; tries++)); do
        "$@" >/dev/null 2>&1 && return 0
        sleep 0.2
    done
    echo "tests/run: never answered: $*" >&2
    tail -n 20 "$log" >&2
    return 1
}

# Runs a command out of sight, and shows what it said when it fails.
quietly() {
    local log=$1
    shift
    "$@" >"$log" 2>&1 </dev/null || {
        tail -n 20 "$log" >&2
        return 1
    }
}

start_postgres() {
    local port bin data=$services/postgres
    port=$(free_port)
    bin=$(postgres_bin)
    as_root install -d -o postgres -g postgres "$data" "$services/postgres-socket"
    quietly "$services/initdb.log" as_root runuser -u postgres -- \
        "$bin/initdb" -D "$data" -A trust -U postgres -E UTF8 --locale=C.UTF-8
    as_root runuser -u postgres -- "$bin/postgres" -D "$data" -c listen_addresses=127.0.0.1 -c "port=$port" -c fsync=off \
        -c "unix_socket_directories=$services/postgres-socket" -c max_connections=400 \
        >"$services/postgres.log" 2>&1 </dev/null &
    wait_for "$services/postgres.log" "$bin/pg_isready" -h 127.0.0.1 -p "$port" -U postgres
    export TEST_POSTGRES="postgres://postgres@127.0.0.1:$port/postgres"
}

start_mariadb() {
    local port data=$services/mariadb
    port=$(free_port)
    as_root install -d -o mysql -g mysql "$data"
    # Our own temporary directory may be closed to its user.
    quietly "$services/mariadb-install.log" as_root env TMPDIR="$data" mariadb-install-db --no-defaults --user=mysql \
        --datadir="$data" --auth-root-authentication-method=normal --skip-test-db
    as_root env TMPDIR="$data" /usr/sbin/mariadbd --no-defaults --user=mysql --datadir="$data" --bind-address=127.0.0.1 --port="$port" \
        --socket="$data/mariadb.sock" --pid-file="$data/mariadb.pid" --max-connections=400 \
        >"$services/mariadb.log" 2>&1 </dev/null &
    wait_for "$services/mariadb.log" mariadb-admin --no-defaults -h 127.0.0.1 -P "$port" -u root ping
    export TEST_MARIADB="mysql://root@127.0.0.1:$port/mysql"
}

start_databases() {
    start_postgres
    start_mariadb
}

stop_databases() {
    # INT does not wait for clients; MariaDB does not know it.
    stop_process INT "$services/postgres/postmaster.pid"
    stop_process TERM "$services/mariadb/mariadb.pid"
}
