"""cppcheck (warning, performance, portability) finds nothing in src/ and tests/; cppcheck.cfg tells it of what the foreign
headers define."""

import functools
import pathlib
import re
import subprocess
from . import memory

LIBRARY = pathlib.Path(__file__).with_suffix(".cfg")
COMMAND = ("cppcheck --enable=warning,performance,portability --inline-suppr --quiet --std=c11 --library=posix -D_GNU_SOURCE "
           "-DLX_DEBUG_OBJ -D__attribute__(x)= --template={file}:{line}:{message}").split()
NOT_ASKED = {
    "resourceLeak": "it does not know CLEANUP(); gcc's analyzer does",
    "readdirCalled": "a directory stream of one thread is safe in glibc",
    "varFuncNullUB": "NULL is a pointer here",
}
FAULT = re.compile(r"^([^:\n]+):(\d+):(.*)$", re.M)


def _look(tree, command, name):
    run = subprocess.run([*command, name], cwd=tree.root, capture_output=True, text=True, check=False)
    if run.returncode:
        return [(name, 1, (run.stdout + run.stderr)[-1000:])]
    return sorted({(path, int(line), text) for path, line, text in FAULT.findall(run.stderr)})


def check(tree):
    command = [*COMMAND, f"--library={LIBRARY}", *(f"-I{folder}" for folder in memory.INCLUDE_DIRS)]
    command += [f"--suppress={name}" for name in NOT_ASKED]
    look = functools.partial(_look, tree, command)
    settings = " ".join(command) + LIBRARY.read_text()
    yield from memory.each(tree, "cppcheck", tree.select("src/", "tests/", ext=(".c",)), settings, look)
