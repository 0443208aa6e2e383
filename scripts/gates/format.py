"""clang-format agrees with every C file. Files that passed are remembered by content in build/gates/."""

import subprocess
from . import memory


def check(tree):
    names = tree.select("src/", "tests/", ext=(".c", ".h"))
    if ".clang-format" not in tree.files or not names:
        return
    remembered = memory.Memory(tree, "format")
    keys = {name: memory.digest(tree.text(".clang-format"), tree.text(name)) for name in names}
    fresh = [name for name in names if keys[name] not in remembered.known]
    bad = set()
    for at in range(0, len(fresh), 20):
        command = ["clang-format", "--dry-run", "-Werror", *fresh[at : at + 20]]
        run = subprocess.run(command, cwd=tree.root, capture_output=True, text=True, check=False)
        for row in run.stderr.splitlines():
            part = row.split(":")
            if len(part) > 3 and part[0] in fresh and part[0] not in bad:
                bad.add(part[0])
                yield part[0], int(part[1]), "clang-format would change this file: clang-format -i"
    remembered.keep(keys[name] for name in names if name not in bad)
