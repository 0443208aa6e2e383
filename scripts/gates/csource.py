"""Just enough of C for the gates. It leans on clang-format: a function body opens and closes in column 0."""

import re
from dataclasses import dataclass
from functools import lru_cache

QUOTED = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)
BRANCH = re.compile(r"\b(?:if|for|while|case|catch)\b|&&|\|\||\?")
NESTED = re.compile(r"^(\t+)(?:\} )?(?:else )?(?:if|for|while|switch|do|[A-Z]+_(?:FOREACH|ITER)\w*)\b", re.M)
HEADING = re.compile(r"(\w+)\s*\(([^{};]*)\)\s*$", re.S)


@dataclass
class Function:
    name: str
    line: int
    length: int
    complexity: int
    params: int
    static: bool
    nesting: int


def _blank(match):
    text = match.group(0)
    return re.sub(r"[^\n]", " ", text) if text[0] == "/" else text[0] + " " * (len(text) - 2) + text[0]


@lru_cache(maxsize=None)
def code(text):
    """The text with comments and the inside of literals blanked; lines and columns stay."""
    return QUOTED.sub(_blank, text)


def without_comments(text):
    return QUOTED.sub(lambda m: _blank(m) if m.group(0)[0] == "/" else m.group(0), text)


def _count_params(text):
    text = text.strip()
    if text in ("", "void"):
        return 0
    depth, commas = 0, 0
    for c in text:
        depth += (c in "([") - (c in ")]")
        commas += c == "," and depth == 0
    return commas + 1


def functions(text):
    clean = code(text)
    found = []
    for body in re.finditer(r"^\{\n(.*?)^\}$", clean, re.S | re.M):
        head = clean[: body.start()].rstrip()
        start = max(head.rfind(end) for end in (";", "}", "#", "\n\n"))
        heading = HEADING.search(head[start + 1 :].replace("#", " "))
        if not heading:
            continue
        before = head[start + 1 : start + 1 + heading.start()]
        first = clean.count("\n", 0, start + 1 + heading.start()) + 1
        last = clean.count("\n", 0, body.end()) + 1
        complexity = 1 + len(BRANCH.findall(body.group(1)))
        found.append(Function(heading.group(1), first, last - first + 1, complexity, _count_params(heading.group(2)),
                              "static" in before.split(), max(map(len, NESTED.findall(body.group(1))), default=0)))
    return found
