# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""An Odoo that does pieces of work in processes that may be killed; run by itself.

It loads the registry once and forks for each piece of work, as Odoo's own server does
for its workers. Commands and answers are lines of JSON:

* ``{"start": script, "kill": point}`` answers ``{"pid": 123}`` at once; the script has
  ``env`` at hand, its ``result`` is what the end of the process reports;
* ``{"wait": 123}`` answers ``{"signal": 0, "result": ...}`` when the process ended;
* ``{"warm": script}`` runs a script that is rolled back, so that each process has the
  caches that a server at work has, and answers ``{}``.

A point is ``{"when": "before" or "after", "values": {...}}``: the process kills itself
before or after the commit of the first writing of a protection, or of a row of
``"model"``, with these values, of which ``"*"`` is any. With ``"cut"`` it lives, but
the server ends its connection before that commit.
"""

import json
import os
import signal
import sys
import tempfile
import traceback
from pathlib import Path

import odoo.sql_db
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tools import config


def arm(env, point):
    """Have this process kill itself at a point."""
    model = type(env[point.get("model", "trustedshops.protection")])
    write, commit = model.write, odoo.sql_db.Cursor.commit
    reached = []

    def watched_write(self, values):
        wanted = point["values"].items()
        if all(key in values and val in ("*", values[key]) for key, val in wanted):
            reached.append(True)
        return write(self, values)

    def deadly_commit(self):
        if reached and point["when"] == "cut":
            reached.clear()
            point["values"] = {"state": "never again"}
            end_connection(self)
        if reached and point["when"] == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        commit(self)
        if reached:
            os.kill(os.getpid(), signal.SIGKILL)

    model.write = watched_write
    odoo.sql_db.Cursor.commit = deadly_commit


def end_connection(cursor):
    """Have the server end the connection of a cursor, as a restart of it does."""
    cursor.execute("SELECT pg_backend_pid()")
    [pid] = cursor.fetchone()
    with odoo.sql_db.db_connect(cursor.dbname).cursor() as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])


def work(database, script, point):
    """Run a script in a transaction, repeated as the framework repeats a request."""
    registry = Registry(database)
    registry.check_signaling()
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        if point:
            arm(env, point)
        names = {"env": env}

        def run():
            exec(compile(script, "script", "exec"), names)
            return names.get("result")

        return retrying(run, env)


def warm_up(database, script):
    """Fill the caches, and keep no connection: a forked process needs its own."""
    with Registry(database).cursor() as cr:
        names = {"env": api.Environment(cr, SUPERUSER_ID, {})}
        exec(compile(script, "script", "exec"), names)
        cr.rollback()
    odoo.sql_db.close_all()


def start(database, place, script, point):
    """Fork a process for a piece of work; return its id."""
    sys.stdout.flush()
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        result = work(database, script, point)
        Path(place, str(os.getpid())).write_text(json.dumps(result))
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def wait(place, pid):
    """Return how a process ended and what it reports."""
    _pid, status = os.waitpid(pid, 0)
    report = Path(place, str(pid))
    result = json.loads(report.read_text()) if report.exists() else None
    number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    return {"signal": number, "code": status >> 8, "result": result}


def main():
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever Odoo prints is no answer
    config.parse_config(sys.argv[1:])
    [database] = config["db_name"]
    with tempfile.TemporaryDirectory() as place:
        for line in sys.stdin:
            command = json.loads(line)
            if "warm" in command:
                warm_up(database, command["warm"])
                answer = {}
            elif "start" in command:
                pid = start(database, place, command["start"], command["kill"])
                answer = {"pid": pid}
            else:
                answer = wait(place, command["wait"])
            answers.write(json.dumps(answer) + "\n")
            answers.flush()


if __name__ == "__main__":
    main()
