"""Every function that a file of src/ exports is used by another file, be it a test: else it is static or nobody's. Reads
the sources, so there is no build that could be missing or older than they are."""

import re
from . import csource

ENTRY_POINTS = {"main"}
WORD = re.compile(r"(?<![\w.])(?<!->)[A-Za-z_]\w*")
MACRO = re.compile(r"^[ \t]*#[ \t]*define[^\n]*(?:(?<=\\)\n[^\n]*)*", re.M)
BODY = re.compile(r"^\{\n.*?^\}$", re.S | re.M)


def _words(tree, name):
    """What a file uses: any word of a source; of a header what stands in macros and bodies, for it declares the rest."""
    clean = csource.code(tree.text(name))
    if name.endswith(".h"):
        clean = "\n".join(MACRO.findall(clean) + BODY.findall(clean))
    return set(WORD.findall(clean))


def check(tree):
    users = {}
    for name in tree.select("src/", "tests/", ext=(".c", ".h")):
        for word in _words(tree, name):
            users.setdefault(word, set()).add(name)
    for name in tree.select("src/", ext=(".c",)):
        for function in csource.functions(tree.text(name)):
            if function.static or function.name in ENTRY_POINTS or users.get(function.name, set()) - {name}:
                continue
            yield name, function.line, f"{function.name}() is exported but no other file uses it"
