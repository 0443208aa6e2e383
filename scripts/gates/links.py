"""Relative links in Markdown lead to a file of the tree."""

import re
import posixpath

LINK = re.compile(r"(?<!!)\[[^\]\n]*\]\(([^)\s]+)\)|!\[[^\]\n]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^\s*```")


def check(tree):
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
