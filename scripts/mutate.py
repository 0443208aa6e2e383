#!/usr/bin/env python3
"""Breaks the code in random places, one at a time, and says which breaks no unit test notices: a comparison turned, a
condition swapped, a statement left out. Works in a copy of the tree (build-mutate/tree), which is built once. A survivor is
a question, not a verdict: the change may mean nothing, or a test is missing."""

import argparse
import pathlib
import random
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "scripts"))

from gates import csource  # noqa: E402
from gates.tree import Tree  # noqa: E402

WORK = ROOT / "build-mutate"
COPY, BUILD = WORK / "tree", WORK / "build"
FOLDERS = {"acd": "^(unit/acd|sim)/", "ivr": "^(unit/ivr|sim)/|^fuzz/flow", "sip": "^unit/sip/|^fuzz/(sip|sdp|digest|contact)",
           "wire": "^unit/wire/|^fuzz/frame"}
TARGETS = {"acd": "acd_test_|sim_", "ivr": "ivr_test_|sim_|fuzz_flow", "sip": "sip_test_|fuzz_(sip|sdp|digest|contact)",
           "wire": "wire_test_|fuzz_frame"}
TURNED = {"==": "!=", "!=": "==", "<": "<=", "<=": "<", ">": ">=", ">=": ">", "&&": "||", "||": "&&"}
PLACES = re.compile(r" (==|!=|<=|>=|<|>|&&|\|\|) ")
STATEMENT = re.compile(r"^\t+[a-z]\w*(?:(?:->|\.)\w+)*(?: [-+|&]?= |\(|\+\+|--)[^{}]*;$")
QUIET = re.compile(r"\b(log_|assert|return|free\(|_free\(|va_)")


def places(name, text):
    """(line, from, to, replacement) of all that can be broken inside functions."""
    rows, inside = csource.code(text).splitlines(), False
    for line, row in enumerate(rows):
        inside = row == "{" or (inside and row != "}")
        if not inside or QUIET.search(row):
            continue
        for match in PLACES.finditer(row):
            yield name, line, match.start(1), match.end(1), TURNED[match.group(1)]
        if STATEMENT.match(row):
            start = len(row) - len(row.lstrip("\t"))
            yield name, line, start, len(row), ";"


def run(*command, seconds=600):
    try:
        return subprocess.run(command, cwd=COPY, capture_output=True, text=True, check=False, timeout=seconds)
    except subprocess.TimeoutExpired:
        return None


def prepare():
    shutil.rmtree(COPY, ignore_errors=True)
    tree = Tree(ROOT)
    for name in tree.files:
        if not name.startswith("web/"):
            (COPY / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, COPY / name)
    done = run("cmake", "-S", ".", "-B", str(BUILD), "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Debug")
    if done.returncode:
        sys.exit(done.stdout + done.stderr)
    listed = run("ninja", "-C", str(BUILD), "-t", "targets", "all").stdout
    targets = {folder: [name for name in re.findall(r"^tests/(\w+):", listed, re.M) if re.match(wanted, name)]
               for folder, wanted in TARGETS.items()}
    done = run("ninja", "-C", str(BUILD), *sorted({name for names in targets.values() for name in names}))
    if done.returncode:
        sys.exit(done.stdout[-3000:])
    return tree, targets


def outcome(folder, targets):
    """unseen, seen, or none when the compiler already refuses."""
    built = run("ninja", "-C", str(BUILD), *targets[folder])
    if built is None or built.returncode:
        return "none"
    tests = run("ctest", "--test-dir", str(BUILD), "-j2", "--timeout", "20", "--stop-on-failure", "-R", FOLDERS[folder])
    return "unseen" if tests and tests.returncode == 0 else "seen"


def shown(text, place):
    _, line, start, end, new = place
    row = text.splitlines()[line]
    return f"{row.strip()}   ->   {(row[:start] + new + row[end:]).strip()}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=40)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    parser.add_argument("folders", nargs="*", default=list(FOLDERS))
    args = parser.parse_args()
    tree, targets = prepare()
    sources = tree.select(*(f"src/{folder}/" for folder in args.folders), ext=(".c",))
    everywhere = [place for name in sources for place in places(name, tree.text(name))]
    chosen = random.Random(args.seed).sample(everywhere, min(args.count, len(everywhere)))
    sums = {"seen": 0, "unseen": 0, "none": 0}
    for place in chosen:
        name, line, start, end, new = place
        text, path = tree.text(name), COPY / name
        rows = text.split("\n")
        rows[line] = rows[line][:start] + new + rows[line][end:]
        path.write_text("\n".join(rows))
        result = outcome(name.split("/")[1], targets)
        path.write_text(text)
        sums[result] += 1
        if result == "unseen":
            print(f"{name}:{line + 1}: {shown(text, place)}", flush=True)
    print(f"mutation: {sums['seen']} noticed, {sums['unseen']} not, {sums['none']} not compiled; --seed {args.seed}")


main()
