"""Relative links in Markdown lead to a file of the tree; every folder of src/ with code in it has a README."""

import re
import posixpath

LINK = re.compile(r"(?<!!)\[[^\]\n]*\]\(([^)\s]+)\)|!\[[^\]\n]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^\s*```")


def _readmes(tree):
    for folder in sorted({name.split("/")[1] for name in tree.select("src/", ext=(".c",))}):
        if f"src/{folder}/README.md" not in tree.files:
            yield f"src/{folder}", 1, "no README.md: what, life times, threads, how to add one"


def check(tree):
    yield from _readmes(tree)
    known = set(tree.files)
    folders = {posixpath.dirname(name) for name in known}
    folders |= {folder[: at] for folder in folders for at, c in enumerate(folder) if c == "/"}
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
