#!/usr/bin/env python3
"""Each gate bites: a planted violation in a small tree is found, and the same tree without it passes."""

import os
import subprocess
import unittest

from planted import ROOT, Planted, body

LOG = 'log_(LOG_SIP, LOG_WARN, "a");'
DISTINCT = [f"a({n});" for n in range(2000)]
PLANTED = [
    ("layers", "src/base/b.c", '#include "sip/a.h"\n'),
    ("layers", "src/acd/b.c", '#include "net/a.h"\n'),
    ("layers", "src/acd/b.c", "#include <sqlite3.h>\n"),
    ("layers", "src/sip/b.c", '#include "a.h"\n'),
    ("layers", "src/extra/b.c", "int b;\n"),
    ("sizes", "src/sip/b.c", body(DISTINCT[:60])),
    ("sizes", "src/sip/b.c", "\n" * 801),
    ("sizes", "web/src/b.tsx", "\n" * 801),
    ("sizes", "src/sip/b.c", body(["if (n)", "\ta(n);"] * 15)),
    ("sizes", "src/sip/b.c", body(["a();"], params="int a, int b, int c, int d, int e, int (*f)(int x, int y), int g")),
    ("sizes", "src/sip/b.c", body(["\t" * depth + "if (n)" for depth in range(5)] + ["\t" * 5 + "a();"])),
    ("sizes", "scripts/gates/long-functions.txt", "src/sip/a.c:a\n"),
    ("banned", "src/sip/b.c", body(["strcpy(a, b);"])),
    ("banned", "src/sip/b.c", body(["return -1;"])),
    ("banned", "tests/unit/sip/b.c", body(["usleep(5);"])),
    ("banned", "src/sip/b.c", body(["call->state = RINGING;"])),
    ("banned", "src/sip/b.c", "/* TODO: more */\n"),
    ("banned", "web/src/b.ts", "throw new Error('not implemented')\n"),
    ("banned", "src/sip/sip_utils.c", "int b;\n"),
    ("banned", "src/sip/b.c", body(['a("SELECT id FROM calls");'])),
    ("banned", "src/sip/b.c", body([LOG])),
    ("banned", "README.md", "see /home/somebody/lingxi\n"),
    ("habits", "src/sip/b.c", body(['if (!strcmp(a, "b"))', "\ta();"] * 4)),
    ("habits", "src/sip/b.c", "/* ====================== */\n"),
    ("habits", "src/sip/b.c", "/* This function adds. */\n"),
    ("habits", "src/sip/b.c", body(["if (a->b)", "\tfree(a->b);"])),
    ("habits", "src/sip/b.c", body(['buf_printf(b, "{\\"a\\": %d}", n);'])),
    ("habits", "src/sip/b.c", "static const int fsm[A__MAX][B__MAX] = { 0 };\n"),
    ("links", "README.md", "[gone](docs/gone.md)\n"),
    ("links", "src/net/b.c", "int b;\n"),
    ("links", "README.md", "see `src/sip/gone.c`\n"),
    ("links", "README.md", "type `make gone`\n"),
    ("links", "src/sip/b.c", "/* As base/gone.h says. */\n"),
    ("clones", "src/sip/b.c", body(DISTINCT[:9]) + body(DISTINCT[:9], "c")),
    ("clones", "web/src/b.ts", "".join(f"a({n});\n" for n in range(9)) * 2),
    ("format", "src/sip/b.c", "int  b;\n"),
    ("exports", "src/sip/b.c", body(["b();"], "b")),
    ("exports", "src/sip/b.c", body(["/* test_a.c says x.test_b() */"], "test_b")),
    ("names", "src/model/list.c", body(['if (a(res->name, "thing"))', "\ta();"])),
    ("names", "src/model/list.c", body(['a("thing.update");'])),
    ("names", "src/desk/import_run.c", body(["a(&thing_resource);"])),
    ("names", "web/src/list/List.tsx", "if (resource.plural === 'things') a();\n"),
    ("names", "src/model/meta.c", "int b;\n"),
    ("web", "web/package-lock.json", '{"resolved": "https://mirror.example/a/-/a-1.0.0.tgz"}\n'),
    ("migrations", "src/store/migrations/0001_other.sql", ""),
    ("migrations", "src/store/migrations/0003_b.sql", ""),
    ("migrations", "src/store/migrations/2_b.sql", ""),
]
HARMLESS = [
    ("names", "src/model/list.c", "/* as \"thing\" is */\n" + body(['a("thing %d");', 'a("other");'])),
    ("names", "src/desk/duty.c", body(["a(&thing_resource);"])),
    ("names", "src/model/scope.c", body(['a("thing");'])),
    ("names", "web/src/pages/Things.tsx", "if (resource.plural === 'things') a();\n"),
    ("web", "web/package-lock.json", '{"resolved": "https://registry.npmjs.org/a/-/a-1.0.0.tgz"}\n'),
    ("migrations", "src/store/migrations/0002_b.sql", ""),
    ("banned", "src/sip/b.c", body(["/* strcpy(a, b) */", 'a("atoi(b)");', "x.strcpy(a);"])),
    ("banned", "src/sip/b.c", body(["call->state = next;"], "call_fire")),
    ("banned", "src/sip/b.c", body(["call->state = CALL_NEW;"], "call_new")),
    ("banned", "src/sip/b.c", body(["return -1; /* as OpenSSL wants it */"])),
    ("banned", "src/sip/b_fsm.c", body(["call->state = next;"])),
    ("banned", "src/store/b.c", body(['a("SELECT id FROM calls");'])),
    ("clones", "src/sip/b.c", body(DISTINCT[:7]) + body(DISTINCT[:7], "c")),
    ("sizes", "src/sip/b.c", body(DISTINCT[:57])),
    ("sizes", "src/sip/b.c", body(["\t" * depth + "if (n)" for depth in range(4)] + ["\t" * 4 + "a();"])),
    ("habits", "src/sip/b.c", body(['if (!strcmp(a, "b"))', "\ta();"] * 3 + ["if (a)", "\tfree(b);"])),
    ("exports", "src/sip/b.c", "static " + body(["b();"], "b")),
    ("exports", "src/sip/b.h", "int b(void);\n#define A \\\n\ta(2)\n"),
    ("links", "web/README.md", "`src/sip/`, `src/sip/a.c`\n"),
    ("links", "src/sip/b.c", "/* As base/b.h and net/if.h say. */\n"),
    ("links", "README.md", "```\n[gone](gone.md)\n```\n[web](https://example.org/x)\n"),
]


class Gates(Planted):
    def test_planted(self):
        for gate, name, text in PLANTED:
            with self.subTest(gate=gate, name=name, text=text[:60]):
                undo = self.plant(name, text)
                run = self.run_gate(gate)
                undo()
                self.assertEqual(run.returncode, 1, run.stdout + run.stderr)
                self.assertIn(name.rsplit("/", 1)[0] if gate == "links" else name, run.stdout)
                self.assertIn(f"[{gate}]", run.stdout)

    def test_harmless(self):
        for gate, name, text in HARMLESS:
            with self.subTest(gate=gate, name=name, text=text[:60]):
                undo = self.plant(name, text)
                run = self.run_gate(gate)
                undo()
                self.assertEqual(run.returncode, 0, run.stdout + run.stderr)

    def test_web(self):
        self.write("web/node_modules/.package-lock.json", "{}")
        npm = "build/node/node_modules/.bin/npm"
        for status in (0, 1):
            self.write(npm, f"#!/bin/sh\nexit {status}\n")
            (self.root / npm).chmod(0o755)
            self.write("web/src/a.ts", f"export const a = {status};\n")
            self.assertEqual(self.run_gate("web").returncode, status)
        (self.root / npm).write_text("#!/bin/sh\nexit 0\n")
        self.write("web/package-lock.json", "{}\n")
        os.utime(self.root / "web/node_modules/.package-lock.json", (1, 1))
        self.assertIn("make web", self.run_gate("web").stdout)

    def test_commits(self):
        def git(*words):
            who = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
            subprocess.run(["git", "-C", self.root, *who, *words], check=True, capture_output=True)

        git("init", "-b", "main")
        git("commit", "--allow-empty", "-m", "first")
        git("checkout", "-b", "work")
        for message, code in (("sip: a reason\n\nBecause.", 0), ("sip: no body", 1), ("No area\n\nBecause.", 1),
                              ("sip: " + "long " * 12 + "\n\nBecause.", 1)):
            git("commit", "--allow-empty", "-m", message)
            self.assertEqual(self.run_gate("commits").returncode, code, message)
            git("reset", "--hard", "main")

    def test_floors(self):
        def git(*words):
            who = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
            subprocess.run(["git", "-C", self.root, *who, *words], check=True, capture_output=True)

        self.write("scripts/coverage.txt", "sip 80\nbase 70\nnet 60 # src/net is gone\n")
        git("init", "-b", "main")
        git("add", "-A")
        git("commit", "-m", "first")
        for text, code in (("sip 81\n", 0), ("sip 79 # less\n", 1), ("base 70\n", 1), ("sip 80\nnet 1\n", 0)):
            self.write("scripts/coverage.txt", text)
            run = self.run_gate("floors")
            self.assertEqual(run.returncode, code, text + run.stdout + run.stderr)

    def test_every_gate_is_planted(self):
        listed = (ROOT / "scripts" / "check").read_text().split('GATES = "', 1)[1].split('"', 1)[0].split()
        self.assertEqual(set(listed) - {gate for gate, _, _ in PLANTED} - {"commits", "floors"}, set())


unittest.main()
