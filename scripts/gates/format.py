"""clang-format agrees with every C file. Files that passed are remembered by content in build/gates/."""

import hashlib
import json
import os
import subprocess


def _key(tree, name, style):
    return hashlib.sha1(style + tree.text(name).encode()).hexdigest()


def check(tree):
    names = tree.select("src/", "tests/", ext=(".c", ".h"))
    if ".clang-format" not in tree.files or not names:
        return
    style = tree.text(".clang-format").encode()
    memory = tree.root / "build" / "gates" / "format.json"
    known = set(json.loads(memory.read_text())) if memory.is_file() else set()
    fresh = [name for name in names if _key(tree, name, style) not in known]
    bad = set()
    for at in range(0, len(fresh), 20):
        command = ["clang-format", "--dry-run", "-Werror", *fresh[at : at + 20]]
        run = subprocess.run(command, cwd=tree.root, capture_output=True, text=True, check=False)
        for row in run.stderr.splitlines():
            part = row.split(":")
            if len(part) > 3 and part[0] in fresh and part[0] not in bad:
                bad.add(part[0])
                yield part[0], int(part[1]), "clang-format would change this file: clang-format -i"
    passed = sorted(_key(tree, name, style) for name in names if name not in bad)
    memory.parent.mkdir(parents=True, exist_ok=True)
    scratch = memory.with_suffix(f".{os.getpid()}")
    scratch.write_text(json.dumps(passed))
    scratch.replace(memory)
