# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

# Sourced by the scripts: where everything they make on this machine lives.
if [ -z "${WSTS_HOME:-}" ]; then
    if [ "$(id -u)" = 0 ]; then
        WSTS_HOME=/var/cache/website_sale_trustedshops
    else
        WSTS_HOME=${XDG_CACHE_HOME:-$HOME/.cache}/website_sale_trustedshops
    fi
fi
export WSTS_HOME
WSTS_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export WSTS_ROOT

die() {
    printf '[%s] Cannot go on: %s\n' "$(basename "$0")" "$*" >&2
    exit 1
}

# Makes WSTS_HOME, which is ours alone: scripts/setup --remove removes it whole.
claim_home() {
    mkdir -p "$WSTS_HOME" 2>/dev/null ||
        die "the folder $WSTS_HOME cannot be made; set WSTS_HOME to a folder you may write to."
    [ -w "$WSTS_HOME" ] ||
        die "the folder $WSTS_HOME belongs to somebody else; set WSTS_HOME to a folder you may write to."
    [ -e "$WSTS_HOME/setup.lock" ] || [ -z "$(ls -A "$WSTS_HOME")" ] ||
        die "the folder $WSTS_HOME has something in it that is not ours; set WSTS_HOME to a new folder."
    touch "$WSTS_HOME/setup.lock"
    mkdir -p "$WSTS_HOME/logs"
}

is_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# Takes the ports off the words of a command, and leaves the rest in words.
# shellcheck disable=SC2034 # the commands use them
read_ports() {
    port=8069 sandbox_port=8099 smtp_port=8025
    local wanted
    while [[ "${1:-}" =~ ^--(port|sandbox-port|smtp-port)=([0-9]+)$ ]]; do
        declare -g "${BASH_REMATCH[1]//-/_}=${BASH_REMATCH[2]}"
        shift
    done
    words=("$@")
    for wanted in port sandbox_port smtp_port; do
        ! is_taken "${!wanted}" ||
            die "port ${!wanted} is taken by another program; choose one with --${wanted//_/-}=."
    done
}

# Runs a module of scripts/wsts in the project's own Python.
run_python() {
    export PATH="$WSTS_HOME/venv/bin:$PATH" PYTHONPATH="$WSTS_ROOT/scripts"
    export TMPDIR="$WSTS_HOME/tmp" # nothing is left outside
    mkdir -p "$TMPDIR"
    exec "$WSTS_HOME/venv/bin/python" "$@"
}
