#!/usr/bin/env python3
"""The connection between switch and desk is cut in mid-call: nobody on the phone notices, nothing is lost or doubled."""

import unittest

from centre import until
from faults import FaultyCentre
from scene import agent, caller, conserve, history, kinds, live_calls, talk, wait_for_tones

CALLER_HZ, AGENT_HZ = 440, 620
REPLY = '"ok":true,"n"'


class Cut(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.centre = cls.enterClassContext(FaultyCentre())
        cls.leader = cls.centre.sign_in("lead1")

    def test_in_mid_call(self):
        with agent(self.centre, 1, AGENT_HZ) as one, caller(self.centre, CALLER_HZ) as phone:
            call, rung, interaction = talk(phone, one)
            lost = phone.ear.lost
            for _ in range(3):
                self.centre.cut()()
                self.centre.wait_healthy()
            wait_for_tones(phone.ear, one.ear)
            self.assertFalse(call.ended.is_set() or rung.ended.is_set())
            self.assertLess(phone.ear.lost - lost, 25)
            one.wait_state("on_contact")
            self.assertEqual(one.interaction(), interaction)
            call.hangup()
            self.assertTrue(rung.ended.wait(5))
            one.wait_state("wrap_up")
        item = history(self.leader, interaction)
        self.assertEqual((item["outcome"], item["cause"]), ("answered", "caller_hangup"))
        conserve(self, item)
        until(lambda: not live_calls(self.leader), what="no call left")
        for words in ("switch has gone", "switch is there"):
            self.assertIn(words, self.centre.log())

    def test_command_under_way(self):
        with agent(self.centre, 2, AGENT_HZ) as one, caller(self.centre, CALLER_HZ) as phone:
            call, rung, interaction = talk(phone, one)
            for action in ("hold", "retrieve"):
                wait = self.centre.cut(REPLY)
                one.act(interaction, action)  # carried out, the reply cut off, asked again, answered from memory
                wait()
            wait_for_tones(phone.ear, one.ear)
            rung.hangup()
            self.assertTrue(call.ended.wait(5))
        item = history(self.leader, interaction)
        self.assertEqual([kinds(item).count(kind) for kind in ("hold.started", "hold.ended")], [1, 1])
        conserve(self, item)

    def test_sign_out_under_way(self):
        with agent(self.centre, 3, AGENT_HZ) as one, agent(self.centre, 4, AGENT_HZ) as other:
            look = lambda: self.leader.get("/live").json["agents"]
            ids = [each.api.get("/agents/me").json["agent"]["id"] for each in (one, other)]
            wait = self.centre.cut_unsaid("agent.sign_out")
            self.assertEqual(one.api.delete("/session").status, 204)
            wait()
            self.centre.wait_healthy()
            until(lambda: look().get(ids[0], {}).get("state") == "offline", what="he who left has left")
            self.assertEqual(look()[ids[1]]["state"], "ready")


if __name__ == "__main__":
    unittest.main()
