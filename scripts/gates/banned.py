"""Words that do not stand in the tree: unsafe calls, unfinished work, vague names, rules on where a thing lives."""

import re
from . import csource

UNSAFE = ("strcpy strcat strncpy strncat sprintf vsprintf gets strtok gmtime localtime ctime asctime atoi atol atoll "
          "alloca tmpnam mktemp system popen").split()
UNSAFE_CALL = re.compile(r"(?<![\w.>])(" + "|".join(UNSAFE) + r")\s*\(")
SLEEP_CALL = re.compile(r"(?<![\w.>])(sleep|usleep|nanosleep)\s*\(")
UNFINISHED = re.compile(r"\b(TODO|XXX|FIXME|HACK)\b|\b[Nn]ot (yet )?implemented")
RETURN_MINUS_ONE = re.compile(r"\breturn\s+-1\s*;")
STATE_WRITE = re.compile(r"(?:->|[\w)\]]\.)state\s*=(?!=)")  # not a designated initialiser
WRITER = re.compile(r"^\w[^;]*\b(?:\w*_)?(?:fire|new|init)\s*\(")
SQL = re.compile(r'"\s*(SELECT|INSERT\s+(OR\s+\w+\s+)?INTO|UPDATE|DELETE\s+FROM|CREATE\s+TABLE)\s', re.I)
SQL_HOME = ("src/store/", "src/model/", "src/desk/", "src/switch/journal", "tests/")
LOUD = re.compile(r"\blog_(?:write)?\s*\(\s*LOG_\w+\s*,\s*LOG_(ERROR|WARN|INFO)\b")
LIBRARIES = tuple(f"src/{f}/" for f in "base text wire net media sip acd ivr dial store".split())
VAGUE_NAME = re.compile(r"(^|[_-])(utils?|helpers?|managers?|misc|stuff)([_-]|\.|$)", re.I)
ABSOLUTE = re.compile(r"(?<![\w.])/(home|root|work|Users)/\w|https?://[\w.-]*(mirror|artifactory|nexus)[\w.-]*/|"
                      r"registry\.npmmirror|\b(10|192\.168)\.\d+\.\d+(\.\d+)?:\d+/")
UNFINISHED_IN = (".c", ".h", ".ts", ".tsx", ".py", ".sh", ".cmake", ".md", ".css")
SELF = ("scripts/gates/", "tests/gate/")


def _unsafe(tree):
    for name in tree.select("src/", "tests/", ext=(".c", ".h")):
        raw = tree.text(name).splitlines()
        for line, text in enumerate(csource.code(tree.text(name)).splitlines(), 1):
            for call in UNSAFE_CALL.findall(text):
                yield name, line, f"{call}() is banned"
            if name.startswith("tests/") and SLEEP_CALL.search(text):
                yield name, line, "a test waits for an event, never for a time"
            if name.startswith("src/") and RETURN_MINUS_ONE.search(text) and "/*" not in raw[line - 1]:
                yield name, line, "return -1: use an error of base/err.h, or say which foreign contract asks for it"


def _places(tree):
    for name in tree.select("src/", ext=(".c",)):
        text = csource.without_comments(tree.text(name))
        for line, row in enumerate(text.splitlines(), 1):
            if SQL.search(row) and not name.startswith(SQL_HOME):
                yield name, line, "SQL lives in src/store, src/model, src/desk and the journal"
            if LOUD.search(row) and name.startswith(LIBRARIES):
                yield name, line, "a library logs at debug: return the error, the caller logs it once"


def _state_writes(tree):
    for name in tree.select("src/", ext=(".c",)):
        if name.endswith("_fsm.c"):
            continue
        inside_writer = False
        for line, row in enumerate(csource.code(tree.text(name)).splitlines(), 1):
            if row[:1].isalpha() and "(" in row:
                inside_writer = bool(WRITER.match(row))
            if STATE_WRITE.search(row) and not inside_writer:
                yield name, line, "a state is set by x_new(), then written by x_fire() or in x_fsm.c only"


def _words(tree):
    for name in tree.files:
        if VAGUE_NAME.search(name.rsplit("/", 1)[-1]):
            yield name, 1, "a name that says nothing: utils, helper, manager, misc"
        if not name.endswith(UNFINISHED_IN + ("Makefile", ".json", ".txt", ".html")) or name.startswith(SELF):
            continue
        if name.endswith("package-lock.json"):
            continue
        for line, row in tree.lines(name):
            if name.endswith(UNFINISHED_IN) and UNFINISHED.search(row):
                yield name, line, "unfinished work: do it or leave it out"
            if ABSOLUTE.search(row):
                yield name, line, "a path or mirror of one machine"


def check(tree):
    yield from _unsafe(tree)
    yield from _places(tree)
    yield from _state_writes(tree)
    yield from _words(tree)
