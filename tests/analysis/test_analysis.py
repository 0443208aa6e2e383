#!/usr/bin/env python3
"""The analyses of a compiler's pace find nothing in the tree, and what is planted for them elsewhere."""

import subprocess
import sys
import unittest

from planted import ROOT, Planted, body

PLANTED = [
    ("tidy", "src/sip/b.c", "int b(char *p, const char *q);\n" + body(["return p == q || p == q;"], "b", "char *p, const char *q")),
    ("tidy", "src/sip/b.c", "int b(int n);\n" + body(["if (n);", "\tn++;", "return n;"], "b", "int n")),
    ("tidy", "src/sip/b.c", "int b(int n);\n" + body(["for (;;)", "\tfor (;;)", "\t\tfor (;;)", "\t\t\tfor (;;)",
                                                     "\t\t\t\tfor (;;)", "\t\t\t\t\tif (n)", "\t\t\t\t\t\treturn n;"],
                                                    "b", "int n")),
    ("cppcheck", "src/sip/b.c", body(["int list[2] = { 0 };", "return list[2];"])),
    ("cppcheck", "tests/b.c", body(["int n;", "return n;"])),
    ("cppcheck", "src/sip/b.c", "int b(\n"),
    ("analyzer", "src/sip/b.c", "#include <stdlib.h>\n" + body(["char *p = malloc(1);", "free(p);", "return *p;"])),
    ("analyzer", "src/sip/b.c", "#include <stdlib.h>\n" + body(["char *p = malloc(1);", "return !p;"])),
    ("analyzer", "src/sip/b.c", "int b(\n"),
]


class Analysis(Planted):
    def test_planted(self):
        for gate, name, text in PLANTED:
            with self.subTest(gate=gate, text=text[-60:]):
                undo = self.plant(name, text)
                for _ in range(2):  # a fault is not remembered as seen
                    run = self.run_gate(gate)
                    self.assertEqual(run.returncode, 1, run.stdout + run.stderr)
                    self.assertIn(f"{name}:", run.stdout)
                undo()
                run = self.run_gate(gate)
                self.assertEqual(run.returncode, 0, run.stdout + run.stderr)

    def test_changed_header(self):
        self.write("src/sip/b.h", "#define N 1\n")
        self.write("src/sip/c.h", '#include "sip/b.h"\n')
        self.write("src/sip/b.c", '#include "sip/c.h"\n' + body(["int list[2] = { 0 };", "return list[N];"]))
        self.assertEqual(self.run_gate("cppcheck").returncode, 0)
        self.write("src/sip/b.h", "#define N 2\n")
        self.assertEqual(self.run_gate("cppcheck").returncode, 1)

    def test_tree(self):
        run = subprocess.run([sys.executable, ROOT / "scripts" / "check", "--slow"], capture_output=True, text=True, check=False)
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)


unittest.main()
