"""gcc's -fanalyzer finds nothing in src/: no leak, use after free, double free or NULL on any path it can follow."""

import functools
import re
import subprocess
from . import memory

MINUTES = 2
COARSE = "--param=analyzer-bb-explosion-factor=1"
HARD = {"src/store/db_sqlite.c": COARSE}  # hours, as it follows each way through uthash's loops
FALSE = {
    ("src/call/seat.c", "-Wanalyzer-malloc-leak"): "uthash keeps a new seat by an address inside it",
    ("src/call/live.c", "-Wanalyzer-malloc-leak"): "and so what is marked in a table",
    ("src/call/visitor.c", "-Wanalyzer-malloc-leak"): "and a new visitor likewise",
    ("src/sip/registrar.c", "-Wanalyzer-use-after-free"): "TAILQ_REMOVE() takes it off through a pointer to a pointer",
}
FAULT = re.compile(r"^([^:\n]+):(?:(\d+):\d+:)? (?:warning|error): (.*)$", re.M)


def _look(tree, command, name):
    command = [*command, *filter(None, [HARD.get(name)]), name]
    try:
        run = subprocess.run(command, cwd=tree.root, capture_output=True, text=True, check=False, timeout=60 * MINUTES)
    except subprocess.TimeoutExpired:
        return [(name, 1, f"not done after {MINUTES} minutes: put it on the list HARD of scripts/gates/analyzer.py")]
    found = {(name if path == "cc1" else path, int(line or 1), text) for path, line, text in FAULT.findall(run.stderr)}
    found = {row for row in found if not any(row[0] == path and row[2].endswith(f"[{what}]") for path, what in FALSE)}
    return sorted(found) if found or not run.returncode else [(name, 1, run.stderr[-1000:])]


def check(tree):
    command = ["gcc", "-O1", "-fanalyzer", "-DLX_ANALYZER", *memory.flags(tree), "-c", "-o", "/dev/null"]
    look = functools.partial(_look, tree, command)
    yield from memory.each(tree, "analyzer", tree.select("src/", ext=(".c",)), " ".join(command), look)
