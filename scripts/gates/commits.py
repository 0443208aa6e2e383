"""Commits that are not on main yet: `area: what` in at most 60 characters, and a body that says why."""

import re
import subprocess

SUBJECT = re.compile(r"^[a-z][\w ,/.-]*: \S.*$")
LENGTH = 60


def _fault(subject, body):
    if len(subject) > LENGTH:
        return f"subject has {len(subject)} characters, at most {LENGTH}"
    if not SUBJECT.match(subject):
        return "subject is not `area: what`"
    return None if body.strip() else "no body: say why, and what was rejected"


def check(tree):
    command = ["git", "-C", str(tree.root), "log", "--no-merges", "--format=%h%x00%s%x00%b%x01", "main..HEAD"]
    if not (tree.root / ".git").exists():
        return
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    for row in run.stdout.split("\x01") if run.returncode == 0 else ():
        if row.strip():
            commit, subject, body = row.strip("\n").split("\0")
            fault = _fault(subject, body)
            if fault:
                yield f"commit {commit}", 1, fault
