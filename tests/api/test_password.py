#!/usr/bin/env python3
"""lingxi password: a lost password is replaced while the centre is stopped, by the rules of the API."""

import os
import pty
import subprocess
import unittest

from centre import LINGXI, Api, Centre

NEW = "found again"


class Password(unittest.TestCase):
    def setUp(self):
        self.centre = self.enterContext(Centre())

    def run_it(self, text, user="admin"):
        """Standard input is no terminal: one line."""
        return subprocess.run([LINGXI, "password", *self.centre.place(), user], input=text,
                              capture_output=True, text=True, timeout=20, check=False)

    def refused(self, text, why, user="admin"):
        done = self.run_it(text, user)
        self.assertEqual(done.returncode, 3, done)
        self.assertIn(why, done.stderr)

    def type_it(self, *lines):
        """On a terminal: all that it shows, and the exit status."""
        pid, terminal = pty.fork()
        if pid == 0:
            os.execv(LINGXI, [LINGXI, "password", *self.centre.place(), "admin"])
        shown = b""
        for line in lines:
            while not shown.endswith(b"admin: "):
                shown += os.read(terminal, 1000)
            os.write(terminal, line.encode() + b"\n")
            shown += os.read(terminal, 1000)
        try:
            while part := os.read(terminal, 1000):
                shown += part
        except OSError:  # the terminal's end has gone
            pass
        os.close(terminal)
        return shown.decode(), os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

    def signs_in(self, password):
        return Api(self.centre.base).post("/session", {"username": "admin", "password": password}).status

    def test_lost_and_found(self):
        admin = self.centre.sign_in("admin")
        self.refused(NEW + "\n", "in use by another centre")
        self.centre.stop()
        self.refused("short\n", "needs at least 8 characters")
        self.refused("", "no password came")
        self.refused(NEW + "\n", 'there is no user "nobody"', "nobody")
        self.assertEqual(self.run_it(NEW + "\n").returncode, 0)
        self.centre.start()
        self.assertEqual(admin.get("/session").status, 401)
        self.assertEqual([self.signs_in("admin-demo"), self.signs_in(NEW)], [401, 200])
        trail = self.centre.sign_in("admin", NEW).get("/audit?resource=user").json["items"]
        self.assertEqual([(row["actor_name"], row["action"]) for row in trail][:1], [("lingxi password", "update")])
        self.assertNotIn(NEW, str(trail))

    def test_on_a_terminal(self):
        self.centre.stop()
        shown, status = self.type_it(NEW, "something else")
        self.assertEqual((status, "not the same" in shown), (3, True), shown)
        shown, status = self.type_it(NEW, NEW)
        self.assertEqual((status, NEW in shown), (0, False), shown)
        self.centre.start()
        self.assertEqual(self.signs_in(NEW), 200)


if __name__ == "__main__":
    unittest.main()
