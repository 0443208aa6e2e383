#!/usr/bin/env python3
"""scripts/coverage.py BUILD: how much of each folder of src/ the tests of that build ran (LX_COVERAGE, LLVM_PROFILE_FILE=
BUILD/profile/…), and fails where that is under its floor in scripts/coverage.txt. With --files it lists the files, the least
tested first."""

import argparse
import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
FLOORS = ROOT / "scripts" / "coverage.txt"
IN_SRC = "/src/"
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "scripts"))

from gates.floors import read  # noqa: E402


def programs(build):
    found = [path for path in (build / "tests").iterdir() if path.is_file() and path.stat().st_mode & 0o100]
    return [build / "lingxi", *sorted(found)]


def counts(build):
    """(lines run, lines) of every file of src/."""
    merged = build / "profile" / "all.profdata"
    raw = sorted((build / "profile").glob("*.profraw"))
    subprocess.run(["llvm-profdata", "merge", "-sparse", "-o", merged, *raw], check=True)
    command = ["llvm-cov", "export", "-summary-only", f"-instr-profile={merged}"]
    for path in programs(build):
        command += ["-object", path]
    report = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    lines = {}
    for row in report["data"][0]["files"]:
        if IN_SRC in row["filename"] and row["summary"]["lines"]["count"]:
            summary = row["summary"]["lines"]
            lines[row["filename"].rsplit(IN_SRC, 1)[1]] = (summary["covered"], summary["count"])
    return lines


def by_folder(lines):
    folders = {}
    for name, (run, all_) in lines.items():
        before = folders.get(name.split("/")[0], (0, 0))
        folders[name.split("/")[0]] = (before[0] + run, before[1] + all_)
    return folders


def faults(folders, wanted):
    for name in sorted(folders.keys() | wanted.keys()):
        run, lines = folders.get(name, (0, 0))
        percent = 100 * run / lines if lines else 0
        if name not in wanted:
            yield f"{name}: {percent:.1f} %, and no floor in scripts/coverage.txt"
        elif percent < wanted[name]:
            yield f"{name}: {percent:.1f} % of {lines} lines, at least {wanted[name]} %"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--files", action="store_true")
    args = parser.parse_args()
    lines = counts(args.build)
    rows = lines if args.files else by_folder(lines)
    for name, (run, all_) in sorted(rows.items(), key=lambda row: row[1][0] / row[1][1]):
        print(f"{100 * run / all_:6.1f} %  {all_:6}  {name}")
    found = list(faults(by_folder(lines), read(FLOORS.read_text())))
    print("\n".join(found) if found else "coverage: every floor holds")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
