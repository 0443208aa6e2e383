#!/usr/bin/env python3
"""The sum at the end of `make test` counts cases, and fails for a failed case, a skipped test and a dead runner."""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(os.environ.get("LX_SOURCE_DIR", pathlib.Path(__file__).resolve().parents[2]))
CASE = '<testsuite><testcase name="unit/a" status="{status}">{inside}<system-out>{out}</system-out></testcase></testsuite>'
GOOD = CASE.format(status="run", inside="", out="[  PASSED  ] 4 test(s).")
BAD = CASE.format(status="fail", inside='<failure message=""/>', out="[  PASSED  ] 3 test(s).\n[  FAILED  ] 1 test(s)")
SKIPPED = CASE.format(status="notrun", inside='<skipped message="no sipp"/>', out="")
UNITTEST = CASE.format(status="run", inside="", out="Ran 7 tests in 0.1s\n\nOK")


class Results(unittest.TestCase):
    def sum_of(self, *runners):
        with tempfile.TemporaryDirectory() as folder:
            for number, (text, status) in enumerate(runners):
                base = pathlib.Path(folder) / f"r{number}"
                base.with_suffix(".status").write_text(f"{status}\n")
                base.with_suffix(".log").write_text("it died\n")
                if text:
                    base.with_suffix(".xml").write_text(text)
            command = [sys.executable, str(ROOT / "scripts" / "results.py"), folder]
            run = subprocess.run(command, capture_output=True, text=True, check=False)
            return run.stdout.splitlines(), run.returncode

    def expect(self, runners, last, status, said=""):
        lines, code = self.sum_of(*runners)
        self.assertEqual((lines[-1], code), (last, status))
        self.assertIn(said, "\n".join(lines))

    def test_good(self):
        self.expect([(GOOD, 0), (UNITTEST, 0)], "11 passed, 0 failed", 0)

    def test_failed_case(self):
        self.expect([(GOOD, 0), (BAD, 8)], "7 passed, 1 failed", 1, "unit/a failed")

    def test_skipped(self):
        self.expect([(GOOD, 0), (SKIPPED, 0)], "4 passed, 1 failed", 1, "no sipp")

    def test_dead_runner(self):
        self.expect([(GOOD, 0), (None, 2)], "4 passed, 1 failed", 1, "it died")

    def test_nothing_ran(self):
        self.expect([], "0 passed, 0 failed", 1)


unittest.main()
