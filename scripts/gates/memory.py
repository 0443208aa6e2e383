"""What a gate found clean, remembered by content in build/gates/, so that only changed files are looked at again."""

import concurrent.futures
import hashlib
import json
import os
import posixpath
import re
import subprocess

INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.M)
PACKAGE = re.compile(r"lx_package\(\w+ (\S+)\)")
INCLUDE_DIRS = ("src", "tests/unit")


def digest(*texts):
    return hashlib.sha1("\0".join(texts).encode()).hexdigest()


class Memory:
    def __init__(self, tree, gate):
        self.path = tree.root / "build" / "gates" / f"{gate}.json"
        self.known = set(json.loads(self.path.read_text())) if self.path.is_file() else set()

    def keep(self, keys):
        self.path.parent.mkdir(parents=True, exist_ok=True)
        scratch = self.path.with_suffix(f".{os.getpid()}")
        scratch.write_text(json.dumps(sorted(keys)))
        scratch.replace(self.path)


def flags(tree):
    """How a compiler reads the tree: as CMakeLists.txt says, without a build."""
    found = ["-std=gnu17", "-D_GNU_SOURCE", "-DLX_DEBUG_OBJ", '-DLX_SOURCE_DIR="."']
    lists = [name for name in ("src/CMakeLists.txt", "tests/CMakeLists.txt") if name in tree.files]
    packages = [package for name in lists for package in PACKAGE.findall(tree.text(name))]
    if packages:
        command = ["pkg-config", "--cflags", *packages]
        found += subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    return found + [f"-I{folder}" for folder in INCLUDE_DIRS]


def _includes(tree, name, known):
    for target in INCLUDE.findall(tree.text(name)):
        for folder in (posixpath.dirname(name), *INCLUDE_DIRS):
            path = posixpath.normpath(posixpath.join(folder, target))
            if path in tree.files and path not in known:
                known.add(path)
                _includes(tree, path, known)
    return known


def _key(tree, name, settings):
    parts = sorted(_includes(tree, name, {name}))
    return digest(name, settings, *(digest(tree.text(part)) for part in parts))


def each(tree, gate, names, settings, look):
    """look(name) gives the faults of one file; it is called for files that changed themselves, in a header or in the settings."""
    memory = Memory(tree, gate)
    keys = {name: _key(tree, name, settings) for name in names}
    fresh = [name for name in names if keys[name] not in memory.known]
    clean = {key for key in keys.values() if key in memory.known}
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for name, faults in zip(fresh, pool.map(look, fresh)):
            faults = list(faults)
            yield from faults
            if not faults:
                clean.add(keys[name])
    memory.keep(clean)
