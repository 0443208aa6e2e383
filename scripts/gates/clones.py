"""Runs of at least 8 equal lines (blanks, braces alone, includes and comments apart) stay under 1 % of the code."""

from . import csource

RUN, SHARE = 8, 0.01
GROUPS = (("src/",), ("tests/",), ("web/src/",), ("scripts/",))
EXT = (".c", ".ts", ".tsx", ".py", ".mjs")


def _rows(tree, name):
    for line, row in enumerate(csource.without_comments(tree.text(name)).splitlines(), 1):
        row = " ".join(row.split())
        if len(row) > 2 and not row.startswith(("#include", "import ")):
            yield line, row


def _clones(tree, names):
    seen, total, cloned, places = {}, 0, 0, []
    for name in names:
        rows = list(_rows(tree, name))
        total += len(rows)
        covered = 0
        for at in range(len(rows) - RUN + 1):
            key = hash(tuple(row for _, row in rows[at : at + RUN]))
            first = seen.setdefault(key, (name, rows[at][0], at))
            if first[0] == name and at - first[2] < RUN:
                continue
            if at >= covered:
                places.append((name, rows[at][0], f"the same {RUN} lines stand in {first[0]}:{first[1]}"))
            cloned += min(RUN, at + RUN - covered)
            covered = at + RUN
    return total, cloned, places


def check(tree):
    for group in GROUPS:
        total, cloned, places = _clones(tree, tree.select(*group, ext=EXT))
        if cloned > SHARE * total:
            for name, line, text in places:
                yield name, line, f"{text} ({cloned} of {total} lines are clones, at most 1 %)"
