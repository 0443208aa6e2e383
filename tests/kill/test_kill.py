#!/usr/bin/env python3
"""Either process killed in mid-call: no event is lost, none stands twice, and nothing stays in progress."""

import os
import signal
import sqlite3
import unittest

from centre import Centre, until
from scene import agent, caller, conserve, history, kinds, talk, wait_for_tones

CALLER_HZ, AGENT_HZ = 440, 620


class Killed(unittest.TestCase):
    def setUp(self):
        self.centre = self.enterContext(Centre())

    def kill(self, name):
        before = self.centre.children()[name]
        os.kill(before, signal.SIGKILL)
        until(lambda: self.centre.children().get(name, before) != before, 20, f"{name} started again")

    def test_desk(self):
        with agent(self.centre, 1, AGENT_HZ) as one, caller(self.centre, CALLER_HZ) as phone:
            call, rung, interaction = talk(phone, one)
            lost = phone.ear.lost
            self.kill("desk")
            wait_for_tones(phone.ear, one.ear)
            self.assertFalse(call.ended.is_set() or rung.ended.is_set())
            self.centre.wait_healthy()
            call.hangup()
            self.assertTrue(rung.ended.wait(5))
            self.assertLess(phone.ear.lost - lost, 25)
        item = history(self.centre.sign_in("lead1"), interaction)
        self.assertEqual((item["outcome"], item["cause"]), ("answered", "caller_hangup"))
        conserve(self, item)

    def test_switch(self):
        with agent(self.centre, 1, AGENT_HZ) as one, caller(self.centre, CALLER_HZ) as phone:
            _, _, interaction = talk(phone, one)
            self.kill("switch")
            self.centre.wait_healthy()
            leader = self.centre.sign_in("lead1")
            item = history(leader, interaction)
            self.assertEqual(item["cause"], "switch_lost")
            conserve(self, item)
            self.assertEqual(leader.get("/live").json["calls"], {})
            audio = leader.get(f"/recordings/{item['recording']}/audio")
            self.assertEqual(audio.status, 200)
            self.assertGreater(len(audio.body), 4000)
            one.wait_state("ready")
            call, rung, _ = talk(phone, one)
            call.hangup()
            self.assertTrue(rung.ended.wait(5))

    def test_phone_stays_registered(self):
        """The phone says nothing after the kill: ready again, rung on the old binding; then its old nonce is stale."""
        with agent(self.centre, 1, AGENT_HZ) as one, caller(self.centre, CALLER_HZ) as phone:
            self.kill("switch")
            self.centre.wait_healthy()
            one.wait_state("ready")
            call, rung, _ = talk(phone, one)
            call.hangup()
            self.assertTrue(rung.ended.wait(5))
            self.assertEqual(one.phone.register(), 200)
            self.assertEqual(len(one.phone.challenges), 1)
            self.assertIn("stale=true", one.phone.challenges[0])

    def test_gone_phone_stays_gone(self):
        """What was removed, or expired while the switch was down, does not come back; the others do."""
        with agent(self.centre, 1, AGENT_HZ) as one, agent(self.centre, 2, AGENT_HZ) as two:
            self.assertEqual(two.phone.register(expires=0), 200)
            until(lambda: not self.has_phone(two), what="phone gone")
            self.assertEqual(self.centre.stop(), 0)
            with sqlite3.connect(self.centre.data / "journal.db") as journal:  # an hour passes
                late = "json_set(body, '$.expires_ms', json_extract(body, '$.expires_ms') - 3600000)"
                changed = journal.execute(f"UPDATE phone SET expires = expires - 3600000, body = {late}").rowcount
            journal.close()
            self.assertEqual(changed, 1)
            self.centre.start()
            for who in (one, two):
                who.api = self.centre.sign_in(who.name)
                self.assertFalse(self.has_phone(who))
                self.assertEqual(who.state(), "not_ready")
            one.get_ready()
            until(lambda: self.has_phone(one), what="phone back")

    def has_phone(self, one):
        return (one.api.get("/agents/me").json["state"] or {}).get("phone")

    def test_switch_in_wrap_up(self):
        with agent(self.centre, 1, AGENT_HZ) as one, caller(self.centre, CALLER_HZ) as phone:
            call, _, interaction = talk(phone, one)
            call.hangup()
            one.wait_state("wrap_up")
            until(lambda: self.centre.sign_in("lead1").get(f"/interactions/{interaction}").json["state"] == "wrap_up",
                  what="the history in wrap-up")
            self.kill("switch")
            self.centre.wait_healthy()
            leader = self.centre.sign_in("lead1")
            until(lambda: leader.get(f"/interactions/{interaction}").json["state"] == "ended", what="the wrap-up's end")
            self.assertIn("wrap_up.ended", kinds(leader.get(f"/interactions/{interaction}").json))

    def test_both(self):
        for order in (("desk", "switch"), ("switch", "desk")):
            with self.subTest(order=order), agent(self.centre, 2, AGENT_HZ) as one, caller(self.centre, CALLER_HZ) as phone:
                _, _, interaction = talk(phone, one)
                for name in order:
                    self.kill(name)
                self.centre.wait_healthy()
                item = history(self.centre.sign_in("lead1"), interaction)
                self.assertEqual(item["cause"], "switch_lost")
                conserve(self, item)

    def test_stop_in_order(self):
        with agent(self.centre, 3, AGENT_HZ) as one, caller(self.centre, CALLER_HZ) as phone:
            call, rung, interaction = talk(phone, one)
            self.assertEqual(self.centre.stop(), 0)
            self.assertTrue(call.ended.wait(5) and rung.ended.wait(5))
            self.centre.start()  # the agent signs out there
        item = history(self.centre.sign_in("lead1"), interaction)
        conserve(self, item)


if __name__ == "__main__":
    unittest.main()
