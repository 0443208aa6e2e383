"""The steps of the database are numbered 0001, 0002, … without a gap, and no number stands twice: the number is what a
database remembers, so of two steps with the same one the second would never run."""

import re

FOLDER = "src/store/migrations/"
NAME = re.compile(r"(\d{4})_\w+\.sql")


def check(tree):
    expected = 1
    for name in tree.select(FOLDER, ext=(".sql",)):
        match = NAME.fullmatch(name[len(FOLDER):])
        number = int(match[1]) if match else 0
        if not match:
            yield name, 1, "a migration is named NNNN_what.sql"
        elif number < expected:
            yield name, 1, f"number {match[1]} is taken by another migration"
        elif number > expected:
            yield name, 1, f"number {expected:04d} is missing before this one"
        expected = max(expected, number + 1)
