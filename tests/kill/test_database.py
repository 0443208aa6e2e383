#!/usr/bin/env python3
"""PostgreSQL that is not there, refuses, starts late, dies in mid-call or goes in the middle of a write: what is wrong is said,
calls go on, nothing is lost or doubled, and an answer is either an error or the write."""

import os
import pathlib
import signal
import unittest

from centre import Centre, until
from postgres import Postgres
from proxy import Proxy
from scene import agent, caller, conserve, history, live_calls, talk, wait_for_tones

CALLER_HZ, AGENT_HZ = 440, 620


class OnPostgres(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(Postgres())

    def centre_on(self, url):
        centre = Centre()
        centre.db = url
        self.addCleanup(centre.__exit__)
        return centre


class Start(OnPostgres):
    def refused(self, url, *words):
        status, said = self.centre_on(url).refuses()
        self.assertEqual(status, 3, said)
        for word in words:
            self.assertIn(word, said)
        self.assertNotIn("secret", said)

    def test_refused(self):
        self.refused(self.server.url("nowhere", password="secret"), "lingxi@", "nowhere refuses", "does not exist", "--db")
        self.refused(self.server.url("nowhere", user="somebody"), "somebody", "does not exist")
        self.server.create("latin", "ENCODING 'LATIN1' TEMPLATE template0")
        self.refused(self.server.url("latin"), "encoded in LATIN1; it must be UTF8")
        centre = self.centre_on("mysql://x:secret@y/z")
        centre.launch()
        self.assertEqual(centre.process.wait(10), 2)
        self.assertIn("--db needs postgres://USER@HOST/DATABASE", centre.log())
        self.assertNotIn("secret", centre.log())

    def test_wrong_password(self):
        with Postgres(auth="scram-sha-256") as strict:
            strict.create("desk")
            self.server, before = strict, self.server
            self.refused(strict.url("desk", password="not-secret"), "password authentication failed")
            self.refused(strict.url("desk"), "no password supplied")
            self.server = before
            with self.centre_on(strict.url("desk", password="secret")) as centre:
                self.assertNotIn("secret", centre.log())
                pids = [centre.process.pid, *centre.children().values()]
                shown = [pathlib.Path(f"/proc/{pid}/cmdline").read_text() for pid in pids]
                self.assertEqual(["secret" in line or "postgres://lingxi:******@" not in line for line in shown], [False] * 3, shown)
                before = centre.children()["desk"]
                os.kill(before, signal.SIGKILL)  # the watcher still knows it
                until(lambda: centre.children().get("desk", before) != before, what="a new desk")
                centre.wait_healthy()

    def test_newer(self):
        with self.centre_on(self.server.create("newer")) as centre:
            centre.stop()
            self.server.sql("INSERT INTO migration (number, name, applied) VALUES (999, 'x', 0)", "newer")
            status, said = centre.refuses()
            self.assertEqual((status, "written by a newer version" in said), (3, True), said)

    def test_starts_later(self):
        with Postgres() as late:
            url = late.create("desk")
            late.stop()
            centre = self.centre_on(url)
            centre.launch()
            until(lambda: "waiting for the database" in centre.log(), what="the centre waits")
            late.start()
            centre.wait_healthy()
            self.assertEqual(centre.sign_in("lead1").get("/health").json["database"], {"kind": "postgresql", "error": None})


class Killed(OnPostgres):
    def test_in_mid_call(self):
        centre = self.enterContext(self.centre_on(self.server.create("killed")))
        leader = centre.sign_in("lead1")
        with agent(centre, 1, AGENT_HZ) as one, caller(centre, CALLER_HZ) as phone:
            call, rung, interaction = talk(phone, one)
            lost = phone.ear.lost
            self.server.kill()
            answer = leader.get("/queues")
            self.assertEqual((answer.status, answer.json["code"]), (503, "database_away"))
            health = leader.get("/health")
            self.assertEqual((health.status, health.json["status"], health.json["database"]["error"]),
                             (503, "database_away", "database_away"))
            rung.hangup()  # its end waits in the switch's journal
            self.assertTrue(call.ended.wait(5))
            until(lambda: "events not stored" in centre.log(), what="the desk keeps trying")
            self.server.start()
            centre.wait_healthy()
            self.assertLess(phone.ear.lost - lost, 25)
            one.wait_state("wrap_up")
            item = history(leader, interaction)
            self.assertEqual((item["outcome"], item["cause"]), ("answered", "agent_hangup"))
            conserve(self, item)
            until(lambda: not live_calls(leader), what="no call left")
            call, rung, interaction = self.again(phone, one)
            conserve(self, history(leader, interaction))
        events = self.server.sql("SELECT count(*) = max(n) AND count(DISTINCT n) = max(n) FROM event", "killed")
        self.assertEqual(events, "t")

    def again(self, phone, one):
        one.set_state("ready")
        call, rung, interaction = talk(phone, one)
        wait_for_tones(phone.ear, one.ear)
        call.hangup()
        self.assertTrue(rung.ended.wait(5))
        return call, rung, interaction


class Cut(OnPostgres):
    def test_in_the_middle_of_a_write(self):
        self.server.create("cut")
        proxy = Proxy(self.server)
        self.addCleanup(proxy.close)
        centre = self.enterContext(self.centre_on(f"postgres://lingxi@127.0.0.1:{proxy.port}/cut?sslmode=disable"))
        admin = centre.sign_in("admin")
        for name, word, reaches, status in (("told", b"COMMIT", True, 201), ("lost", b"COMMIT", False, 503),
                                            ("half", b"create", False, 503), ("whole", b"none", True, 201)):
            with self.subTest(name=name):
                cuts = proxy.cuts
                proxy.cut_at(word, name.encode(), reaches)
                answer = admin.post("/skills", {"name": name})
                self.assertEqual((answer.status, proxy.cuts - cuts), (status, word != b"none"), answer.body)
                found = until(lambda: admin.get(f"/skills?name={name}"), what="an answer").json["items"]
                self.assertEqual(len(found), status == 201)
        proxy.cut_all()
        self.assertEqual(admin.get("/skills").status, 200)  # a read is tried again unseen
        self.assertEqual(admin.post("/skills", {"name": "after"}).status, 201)


if __name__ == "__main__":
    unittest.main()
