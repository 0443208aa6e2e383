"""Habits of hurried code that cost the reader: chains of string compares, comment banners, needless NULL checks,
JSON made with printf, tables of states that no picture shows."""

import posixpath
import re
from . import csource

CHAIN = 4
COMPARE = re.compile(r"^\s*(?:\}\s*)?(?:else\s+)?if\s*\(!?\s*(?:strcmp|strcasecmp|strncmp|str_eqz?|str_caseeqz?)\s*\(")
STATEMENT = re.compile(r"^\s*(?:\}\s*)?(?:else\s+)?if\b")
BANNER = re.compile(r"(/\*|//|^\s*\*)\s*([*=\-#~_])\2{5,}")
NOISE = re.compile(r"(/\*|//)\s*(This (function|method|file)|Increments? |Constructor\b|Getter for|Setter for)", re.I)
NULL_FREE = re.compile(r"if \((\w[\w.>\-]*)\)\s*\n?\s*\w*(?:free|unref|done)\(\1\);")
HAND_JSON = re.compile(r'printf\s*\([^;"]*"\s*[{\[]\s*\\"')
PICTURES = "docs/states.md"
MACHINE = re.compile(r"^static\b[^;={}]*__MAX\]\[\w+__MAX\][^;={}]*=", re.M)


def _chains(text):
    run = 0
    for line, row in enumerate(csource.code(text).splitlines(), 1):
        if COMPARE.match(row):
            run += 1
            if run == CHAIN:
                yield line
        elif STATEMENT.match(row) or row.startswith("}"):
            run = 0


def _machines(tree):
    shown = tree.text(PICTURES) if PICTURES in tree.files else ""
    for name in tree.select("src/", ext=(".c",)):
        machine = MACHINE.search(csource.code(tree.text(name)))
        if machine and f"]({posixpath.relpath(name, posixpath.dirname(PICTURES))})" not in shown:
            line = tree.text(name).count("\n", 0, machine.start()) + 1
            yield name, line, f"these states are not in {PICTURES}: describe them in tests/unit/cmd/"


def check(tree):
    yield from _machines(tree)
    for name in tree.select("src/", "tests/", ext=(".c", ".h")):
        text = tree.text(name)
        for line in _chains(text):
            yield name, line, f"{CHAIN} string compares in a row: use a table"
        for line, row in tree.lines(name):
            if BANNER.search(row):
                yield name, line, "a banner"
            if NOISE.search(row):
                yield name, line, "a comment that repeats the code"
        for match in NULL_FREE.finditer(csource.code(text)):
            yield name, text.count("\n", 0, match.start()) + 1, f"freeing accepts NULL: drop `if ({match.group(1)})`"
        if name.startswith("src/"):
            for match in HAND_JSON.finditer(csource.without_comments(text)):
                yield name, text.count("\n", 0, match.start()) + 1, "JSON is built with base/js.h"
