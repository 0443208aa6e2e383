"""Every function that a file exports is used by another file, be it a test: else it is static or nobody's. Reads the
objects of build/ that are newer than their sources."""

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


def _source(tree, path):
    """build/src/CMakeFiles/lx_sip.dir/sip/a.c.o was made from src/sip/a.c; None when that is newer or gone."""
    name = "src/" + path.split(".dir/", 1)[-1].removesuffix(".o")
    if name not in tree.files or (tree.root / name).stat().st_mtime > (tree.root / path).stat().st_mtime:
        return None
    return name


def check(tree):
    build = tree.root / "build"
    paths = [str(path.relative_to(tree.root)) for path in build.rglob("*.o")] if build.is_dir() else []
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
