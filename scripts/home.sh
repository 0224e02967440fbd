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

# Runs a module of scripts/wsts in the project's own Python.
run_python() {
    export PATH="$WSTS_HOME/venv/bin:$PATH" PYTHONPATH="$WSTS_ROOT/scripts"
    exec "$WSTS_HOME/venv/bin/python" "$@"
}
