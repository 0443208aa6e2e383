"""The floors of scripts/coverage.txt only rise: none is lower than on main, none is gone unless its folder is."""

import subprocess

TABLE = "scripts/coverage.txt"


def read(text):
    """`folder percent`, a line each; # begins a comment."""
    rows = (line.split("#")[0].split() for line in text.splitlines())
    return {row[0]: int(row[1]) for row in rows if row}


def check(tree):
    command = ["git", "-C", str(tree.root), "show", f"main:{TABLE}"]
    if not (tree.root / ".git").exists():
        return
    before = subprocess.run(command, capture_output=True, text=True, check=False)
    now = read(tree.text(TABLE)) if TABLE in tree.files else {}
    for folder, floor in read(before.stdout if before.returncode == 0 else "").items():
        if now.get(folder, 0) < floor and tree.select(f"src/{folder}/", ext=(".c",)):
            yield TABLE, 1, f"the floor of {folder} was {floor}: write the tests instead"
