"""Budgets: functions, files, parameters, nesting. long-functions.txt names the functions of 61 to 100 lines."""

from . import csource

FILE_LINES = 800
FUNCTION_LINES, FUNCTION_HARD, LONG_SHARE = 60, 100, 0.02
COMPLEXITY, PARAMS, NESTING = 15, 6, 4
LIST = "scripts/gates/long-functions.txt"
SOURCES = (".c", ".h", ".ts", ".tsx", ".css", ".py", ".sh", ".cmake")


def _files(tree):
    for name in tree.select("src/", "tests/", "web/src/", "widget/", "scripts/", "cmake/", ext=SOURCES):
        lines = tree.text(name).count("\n")
        if lines > FILE_LINES:
            yield name, lines, f"{lines} lines, at most {FILE_LINES}"


def _function_faults(name, function, allowed):
    where = f"{name}:{function.name}"
    if function.length > FUNCTION_HARD or (function.length > FUNCTION_LINES and where not in allowed):
        yield f"{function.name} has {function.length} lines, at most {FUNCTION_LINES}"
    if function.complexity > COMPLEXITY:
        yield f"{function.name} has complexity {function.complexity}, at most {COMPLEXITY}"
    if function.params > PARAMS:
        yield f"{function.name} takes {function.params} parameters, at most {PARAMS}: use an options struct"
    if function.nesting > NESTING:
        yield f"{function.name} nests {function.nesting} deep, at most {NESTING}"


def check(tree):
    yield from _files(tree)
    lines = tree.text(LIST).splitlines() if LIST in tree.files else []
    allowed = {line for line in lines if line and not line.startswith("#")}
    count, long = 0, set()
    for name in tree.select("src/", "tests/", ext=(".c", ".h")):
        for function in csource.functions(tree.text(name)):
            count += 1
            if function.length > FUNCTION_LINES:
                long.add(f"{name}:{function.name}")
            for fault in _function_faults(name, function, allowed):
                yield name, function.line, fault
    for stale in sorted(allowed - long):
        yield LIST, 1, f"{stale} is not long any more: take it off the list"
    if len(allowed) > LONG_SHARE * count:
        yield LIST, 1, f"{len(allowed)} long functions are more than 2 % of {count}"
