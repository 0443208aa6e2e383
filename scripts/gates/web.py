"""The browser side's own lint (tsc and eslint), where its packages are installed; scripts/node.sh may have put a Node of
our own under build/. A state that passed is remembered."""

import hashlib
import os
import subprocess

SOURCES = (".ts", ".tsx", ".js", ".mjs", ".json")


def check(tree):
    if not (tree.root / "web" / "node_modules").is_dir():
        return
    whole = hashlib.sha1()
    for name in tree.select("web/", ext=SOURCES):
        whole.update(f"{name}\0{tree.text(name)}\0".encode())
    memory = tree.root / "build" / "gates" / "web"
    if memory.is_file() and memory.read_text() == whole.hexdigest():
        return
    command = ["npm", "--prefix", "web", "run", "--silent", "lint"]
    own_node = tree.root / "build" / "node" / "node_modules" / ".bin"
    path = {**os.environ, "PATH": f"{own_node}:{os.environ['PATH']}"}
    run = subprocess.run(command, cwd=tree.root, env=path, capture_output=True, text=True, check=False)
    if run.returncode:
        yield "web", 1, "lint failed:\n" + (run.stdout + run.stderr)[-3000:]
        return
    memory.parent.mkdir(parents=True, exist_ok=True)
    memory.write_text(whole.hexdigest())
