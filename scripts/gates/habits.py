"""Habits of hurried code that cost the reader: chains of string compares, comment banners, needless NULL checks,
JSON made with printf."""

import re
from . import csource

CHAIN = 4
COMPARE = re.compile(r"^\s*(?:\}\s*)?(?:else\s+)?if\s*\(!?\s*(?:strcmp|strcasecmp|strncmp|str_eqz?|str_caseeqz?)\s*\(")
STATEMENT = re.compile(r"^\s*(?:\}\s*)?(?:else\s+)?if\b")
BANNER = re.compile(r"(/\*|//|^\s*\*)\s*([*=\-#~_])\2{5,}")
NOISE = re.compile(r"(/\*|//)\s*(This (function|method|file)|Increments? |Constructor\b|Getter for|Setter for)", re.I)
NULL_FREE = re.compile(r"if \((\w[\w.>\-]*)\)\s*\n?\s*\w*(?:free|unref|done)\(\1\);")
HAND_JSON = re.compile(r'printf\s*\([^;"]*"\s*[{\[]\s*\\"')


def _chains(text):
    run = 0
    for line, row in enumerate(csource.code(text).splitlines(), 1):
        if COMPARE.match(row):
            run += 1
            if run == CHAIN:
                yield line
        elif STATEMENT.match(row) or row.startswith("}"):
            run = 0


def check(tree):
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
