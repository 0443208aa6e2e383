"""clang-tidy with the checks of .clang-tidy finds nothing in src/."""

import functools
import re
import subprocess
from . import memory

CONFIG = ".clang-tidy"
FAULT = re.compile(r"^(\S+?):(\d+):\d+: (?:warning|error): (.*)$", re.M)


def _look(tree, flags, name):
    command = ["clang-tidy", "--quiet", f"--config-file={CONFIG}", name, "--", *flags]
    run = subprocess.run(command, cwd=tree.root, capture_output=True, text=True, check=False)
    found = {(path.removeprefix(f"{tree.root}/"), int(line), text) for path, line, text in FAULT.findall(run.stdout)}
    return sorted(found) if found or not run.returncode else [(name, 1, (run.stdout + run.stderr)[-1000:])]


def check(tree):
    names, flags = tree.select("src/", ext=(".c",)), memory.flags(tree)
    look = functools.partial(_look, tree, flags)
    yield from memory.each(tree, "tidy", names, tree.text(CONFIG) + " ".join(flags), look)
