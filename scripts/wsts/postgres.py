# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The private PostgreSQL server: started with its first user, stopped after its last.

Every database we make carries in its comment whose it is (host and folder of the
clone), so that those of vanished clones can be dropped.
"""

import fcntl
import json
import os
import pwd
import shutil
import socket
import subprocess
import time
from contextlib import contextmanager

from .machine import CLONE, HOME, ROOT, CannotGoOn, facts, short_hash

SOCKET_DIR = f"/tmp/wsts-{short_hash(HOME)}"
DATA = HOME / "pgdata"
LOG = HOME / "logs" / "postgresql.log"
TEMPLATES_KEPT = 6


def _as_server_user(command):
    """Prefix a command so that root does not run the server itself."""
    user = facts()["pg_user"]
    if os.getuid() != 0:
        return command
    gid = str(pwd.getpwnam(user).pw_gid)
    return ["setpriv", "--reuid", user, "--regid", gid, "--clear-groups", *command]


def _pg_ctl(*words):
    command = [f"{facts()['pg_bin']}/pg_ctl", "-D", str(DATA), *words]
    return subprocess.run(
        _as_server_user(command),
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    ).returncode


def _make_socket_dir():
    os.makedirs(SOCKET_DIR, mode=0o700, exist_ok=True)
    owner = os.stat(SOCKET_DIR).st_uid
    wanted = (
        pwd.getpwnam(facts()["pg_user"]).pw_uid if os.getuid() == 0 else os.getuid()
    )
    if owner not in (os.getuid(), wanted) or os.path.islink(SOCKET_DIR):
        raise CannotGoOn(f"{SOCKET_DIR} belongs to somebody else; have it removed.")
    os.chmod(SOCKET_DIR, 0o700)
    if os.getuid() == 0:
        shutil.chown(SOCKET_DIR, facts()["pg_user"])


def _start():
    _make_socket_dir()
    LOG.touch()
    if os.getuid() == 0:
        shutil.chown(LOG, facts()["pg_user"])
    if _pg_ctl("status") == 0:
        return
    # A vacuum between two tests would note that tables are empty; the next test fills
    # them in its transaction, and plans for empty tables then take minutes.
    settings = "-c unix_socket_permissions=0700 -c autovacuum=off"
    options = f"-k {SOCKET_DIR} {settings}"
    if _pg_ctl("start", "-w", "-t", "60", "-l", str(LOG), "-o", options) != 0:
        raise CannotGoOn(f"PostgreSQL did not start; {LOG} says why.")


@contextmanager
def running():
    """Keep a PostgreSQL server running, and PGHOST and PGUSER pointing at it.

    The server is shared by everything that uses the same WSTS_HOME at the same time;
    whoever leaves last stops it. With PGHOST set by the user nothing is started.
    """
    if os.environ.get("PGHOST") and os.environ["PGHOST"] != SOCKET_DIR:
        yield
        return
    with (
        open(HOME / "pg-users.lock", "a") as users,
        open(HOME / "pg-start.lock", "a") as gate,
    ):
        fcntl.flock(gate, fcntl.LOCK_EX)
        fcntl.flock(users, fcntl.LOCK_SH)
        _start()
        fcntl.flock(gate, fcntl.LOCK_UN)
        os.environ.update(PGHOST=SOCKET_DIR, PGUSER="wsts")
        os.environ.pop("PGPASSWORD", None)
        try:
            _check_clock()
            yield
        finally:
            _stop_if_last(users, gate)


def _check_clock():
    """Refuse a server that was left running by a run at another moment."""
    [[now]] = query("SELECT extract(epoch FROM now())")
    if abs(float(now) - time.time()) > 60:
        raise CannotGoOn("PostgreSQL was running at another time; start again.")


def _stop_if_last(users, gate):
    fcntl.flock(gate, fcntl.LOCK_EX)
    fcntl.flock(users, fcntl.LOCK_UN)
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    _pg_ctl("stop", "-m", "fast", "-w")


# ---- Databases ----


def query(sql, database="postgres"):
    """Run one statement outside any transaction."""
    words = ["psql", "-XAtq", "--field-separator=\t", "--set=ON_ERROR_STOP=1"]
    words += [f"--dbname={database}", f"--command={sql}"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise CannotGoOn(f"PostgreSQL refused: {done.stderr.strip()}")
    return [line.split("\t") for line in done.stdout.splitlines()]


def label(name, recipe=""):
    """Mark a database as complete, ours, and used just now."""
    mark = {
        "host": socket.gethostname(),
        "root": str(ROOT),
        "used": int(time.time()),
        "recipe": recipe,
    }
    query(f"COMMENT ON DATABASE \"{name}\" IS '{json.dumps(mark)}'")


def recall(name):
    """Return what a database was made of, as :func:`label` was told."""
    mark = _labels().get(name)
    return json.loads(mark).get("recipe") if mark else None


def _labels():
    rows = query(
        "SELECT datname, shobj_description(oid, 'pg_database') FROM pg_database"
        " WHERE datname LIKE 'wsts\\_%'"
    )
    return {name: comment for name, comment in rows}


def _filestore(name):
    """Return the folder in which Odoo keeps a database's attachments."""
    return HOME / "data" / "filestore" / name


def drop(name):
    """Remove a database and its attachments, if they exist."""
    query(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    shutil.rmtree(_filestore(name), ignore_errors=True)


def copy(source, target):
    """Make a database out of another, replacing what was there."""
    drop(target)
    query(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')
    if _filestore(source).exists():
        # Odoo never writes into an attachment's file, it replaces it: links are safe.
        shutil.copytree(_filestore(source), _filestore(target), copy_function=os.link)


def name_for(purpose):
    """Return the name of this clone's database for a purpose."""
    return f"wsts_{CLONE}_{purpose}"


def tidy():
    """Drop the databases of vanished clones and the templates unused for longest."""
    templates, labels = [], _labels()
    for name in labels:
        try:
            # A worker of pytest-xdist has a copy of the one that has the label.
            mark = json.loads(labels.get(name.partition("-gw")[0], ""))
        except ValueError:
            continue  # being made just now, by somebody else
        if name.startswith("wsts_tpl_"):
            templates.append((mark["used"], name))
        elif mark["host"] == socket.gethostname() and not os.path.isdir(mark["root"]):
            drop(name)
    for _used, name in sorted(templates)[:-TEMPLATES_KEPT]:
        drop(name)
