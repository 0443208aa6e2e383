"""A folder of src/ includes only folders above it, and its own; acd, ivr, dial and process are pure."""

import re

ORDER = "base text wire sheet net media sip acd ivr dial call switch store model process desk life cmd".split()
PURE = {"acd", "ivr", "dial", "process"}
PURE_MAY = {"base"}
FOREIGN_IN_PURE = re.compile(r"^(uv\.h|openssl/|sqlite3\.h|srtp|sys/socket\.h|unistd\.h|pthread\.h|time\.h)")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^">]+)[>"]')


def _fault(folder, quote, target):
    if quote == "<":
        return f"{folder} is pure: no {target}" if folder in PURE and FOREIGN_IN_PURE.match(target) else None
    other = target.split("/")[0]
    if "/" not in target or other not in ORDER:
        return f'write the path from src/: "{target}"'
    if other == folder:
        return None
    if folder in PURE and other not in PURE_MAY:
        return f"{folder} is pure and may include base only, not {target}"
    if ORDER.index(other) > ORDER.index(folder):
        return f"{folder} stands above {other} and may not include {target}"
    return None


def check(tree):
    for name in tree.select("src/", ext=(".c", ".h")):
        folder = name.split("/")[1]
        if folder not in ORDER:
            yield name, 1, f"folder {folder} has no place in the layer order (scripts/gates/layers.py)"
            continue
        for line, text in tree.lines(name):
            include = INCLUDE.match(text)
            fault = include and _fault(folder, *include.groups())
            if fault:
                yield name, line, fault
