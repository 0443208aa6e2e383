"""The browser side's own lint (tsc and eslint, side by side), where its packages are installed; scripts/node.sh may have put
a Node of our own under build/. A state that passed is remembered. The list of packages names no place but npm's own."""

import hashlib
import os
import re
import subprocess

LOCK, INSTALLED = "web/package-lock.json", "web/node_modules/.package-lock.json"
PLACE = re.compile(r'"resolved": "(?!https://registry\.npmjs\.org/)([^"]*)"')
SCRIPTS = ("types", "rules")
SOURCES = (".ts", ".tsx", ".js", ".mjs", ".json")


def check(tree):
    for line, text in tree.lines(LOCK) if LOCK in tree.files else ():
        if PLACE.search(text):
            yield LOCK, line, f"a package comes from {PLACE.search(text).group(1)}: what is not npm's own place is not there for others"
    if not (tree.root / "web" / "node_modules").is_dir():
        return
    installed = tree.root / INSTALLED
    if LOCK in tree.files and installed.is_file() and (tree.root / LOCK).stat().st_mtime > installed.stat().st_mtime:
        yield LOCK, 1, "lists others than are installed: make web"
        return
    whole = hashlib.sha1()
    for name in tree.select("web/", ext=SOURCES):
        whole.update(f"{name}\0{tree.text(name)}\0".encode())
    memory = tree.root / "build" / "gates" / "web"
    if memory.is_file() and memory.read_text() == whole.hexdigest():
        return
    own_node = tree.root / "build" / "node" / "node_modules" / ".bin"
    path = {**os.environ, "PATH": f"{own_node}:{os.environ['PATH']}"}
    runs = [subprocess.Popen(["npm", "--prefix", "web", "run", "--silent", script], cwd=tree.root, env=path, text=True,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT) for script in SCRIPTS]
    said = [run.communicate()[0] for run in runs]
    if any(run.returncode for run in runs):
        yield "web", 1, "lint failed:\n" + "\n".join(said)[-3000:]
        return
    memory.parent.mkdir(parents=True, exist_ok=True)
    memory.write_text(whole.hexdigest())
