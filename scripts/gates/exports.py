"""Every function that a file exports is used by another file, be it a test: else it is static or nobody's. Reads the
objects of build/ when no source is newer."""

import subprocess

ENTRY_POINTS = {"main"}


def _symbols(paths):
    """(object, type, name) of every symbol."""
    for at in range(0, len(paths), 100):
        command = ["nm", "-A", "-P", *paths[at : at + 100]]
        rows = subprocess.run(command, capture_output=True, text=True, check=False).stdout.splitlines()
        for row in rows:
            where, name, kind, *_ = row.split(" ")
            yield where.rstrip(":"), kind, name


def _is_stale(tree):
    """Whether a source is newer than the last build: then the objects do not tell who uses what."""
    log = tree.root / "build" / ".ninja_log"
    if not log.is_file():
        return True
    built = log.stat().st_mtime
    return any((tree.root / name).stat().st_mtime > built for name in tree.select("src/", "tests/", ext=(".c", ".h")))


def _source(tree, path):
    """build/src/CMakeFiles/lx_sip.dir/sip/a.c.o was made from src/sip/a.c; None when that is gone."""
    name = "src/" + path.split(".dir/", 1)[-1].removesuffix(".o")
    return name if name in tree.files else None


def check(tree):
    if _is_stale(tree):
        return
    build = tree.root / "build"
    paths = [str(path.relative_to(tree.root)) for path in build.rglob("*.o")]
    used, exported = set(), {}
    for path, kind, name in _symbols([str(tree.root / path) for path in paths]):
        if kind == "U":
            used.add(name)
        elif kind == "T" and name not in ENTRY_POINTS:
            exported[name] = path.removeprefix(f"{tree.root}/")
    for name, path in sorted(exported.items(), key=lambda item: (item[1], item[0])):
        source = _source(tree, path) if path.startswith("build/src/") and name not in used else None
        if source:
            yield source, 1, f"{name}() is exported but no other file uses it"
