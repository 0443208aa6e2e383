"""Sums up the JUnit files of a test run: prints what failed with its output, then `N passed, N failed`. A skipped
test counts as failed: something it needs is missing. So does a runner that ended badly without naming a test."""

import pathlib
import re
import sys
import xml.etree.ElementTree as xml

# What the frameworks say about the cases inside one program.
CASES_PASSED = re.compile(r"^\[  PASSED  \] (\d+) test", re.M)
CASES_FAILED = re.compile(r"^\[  FAILED  \] (\d+) test", re.M)
UNITTEST_RAN = re.compile(r"^Ran (\d+) tests? in", re.M)


def cases(output):
    """(passed, failed) cases in a program's output, (1, 0) when it does not say."""
    ran = sum(int(n) for n in UNITTEST_RAN.findall(output))
    passed = sum(int(n) for n in CASES_PASSED.findall(output)) + ran
    return passed or 1, sum(int(n) for n in CASES_FAILED.findall(output))


def read(path):
    """Yields (name, passed, failed, output) for each test of a JUnit file."""
    for case in xml.parse(path).iter("testcase"):
        name = " ".join(filter(None, (case.get("classname"), case.get("name"))))
        output = "\n".join(filter(None, (part.text for part in case.iter("system-out"))))
        bad = [part for part in case if part.tag in ("failure", "error", "skipped")]
        if not bad and case.get("status", "run") == "run":
            yield name, cases(output)[0], 0, output
            continue
        said = "\n".join(filter(None, (text for part in bad for text in (part.get("message"), part.text))))
        inside = cases(output)
        yield name, inside[0] if inside[1] else 0, inside[1] or 1, "\n".join(filter(None, (output, said)))


def runner(folder, name):
    """The same for a whole runner."""
    path, log = folder / f"{name}.xml", folder / f"{name}.log"
    tests = list(read(path)) if path.is_file() else []
    if not any(failed for _, _, failed, _ in tests) and (folder / f"{name}.status").read_text().strip() != "0":
        tests.append((f"runner {name}", 0, 1, log.read_text(errors="replace")))
    return tests


def main():
    folder = pathlib.Path(sys.argv[1])
    passed = failed = 0
    for status in sorted(folder.glob("*.status")):
        for name, good, bad, output in runner(folder, status.stem):
            passed, failed = passed + good, failed + bad
            if bad:
                print(f"-- {status.stem}: {name} failed\n{output[-6000:]}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


sys.exit(main())
