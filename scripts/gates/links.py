"""Relative links in Markdown lead to a file of the tree, what it and comments name is there (`src/x.c`, `make x`); every folder of src/ with code in it has a README."""

import re
import posixpath

LINK = re.compile(r"(?<!!)\[[^\]\n]*\]\(([^)\s]+)\)|!\[[^\]\n]*\]\(([^)\s]+)\)")
NAMED = re.compile(r"`((?:src|tests|scripts|docs|web|cmake|demo)/[\w./-]+)`")
MAKE = re.compile(r"`make (\w+)`")
TARGET = re.compile(r"^(\w+):", re.M)
COMMENT = re.compile(r"/\*.*?\*/", re.S)
SOURCE = re.compile(r"(?<![\w/.])(?:src/)?(\w+/\w+\.[ch])\b")
FENCE = re.compile(r"^\s*```")


def _readmes(tree):
    for folder in sorted({name.split("/")[1] for name in tree.select("src/", ext=(".c",))}):
        if f"src/{folder}/README.md" not in tree.files:
            yield f"src/{folder}", 1, "no README.md: what, life times, threads, how to add one"


def _named(tree, known):
    """`src/…` and `make …` in documents, files of src/ in comments."""
    targets = set(TARGET.findall(tree.text("Makefile"))) if "Makefile" in tree.files else set()
    for name in tree.select(ext=(".md",)):
        for line, row in tree.lines(name):
            for path in NAMED.findall(row):
                path = path.rstrip("/")
                if path not in known and posixpath.join(posixpath.dirname(name), path) not in known:
                    yield name, line, f"{path} is not there"
            for target in MAKE.findall(row):
                if target not in targets:
                    yield name, line, f"make {target} is not there"
    roots = {name.split("/")[1] for name in tree.select("src/", ext=(".c", ".h"))}
    for name in tree.select("src/", "tests/", ext=(".c", ".h")):
        for comment in COMMENT.finditer(tree.text(name)):
            for path in SOURCE.findall(comment.group(0)):
                if path.split("/")[0] in roots and f"src/{path}" not in known:
                    line = tree.text(name).count("\n", 0, comment.start()) + 1
                    yield name, line, f"src/{path} is not there"


def check(tree):
    yield from _readmes(tree)
    known = set(tree.files)
    folders = {posixpath.dirname(name) for name in known}
    folders |= {folder[: at] for folder in folders for at, c in enumerate(folder) if c == "/"}
    yield from _named(tree, known | folders)
    for name in tree.select(ext=(".md",)):
        fenced = False
        for line, row in tree.lines(name):
            fenced ^= bool(FENCE.match(row))
            for link in () if fenced else LINK.finditer(row):
                target = (link.group(1) or link.group(2)).split("#")[0]
                if not target or "://" in target or target.startswith("mailto:"):
                    continue
                path = posixpath.normpath(posixpath.join(posixpath.dirname(name), target))
                if path != "." and path not in known and path.rstrip("/") not in folders:
                    yield name, line, f"link to {target} leads nowhere"
