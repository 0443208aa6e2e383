#!/usr/bin/env python3
"""An agent asks somebody while his caller is held: a queue and whoever it sends; and all three talk."""

import unittest

from centre import Centre, until
from rtp import channels, share_of
from scene import agent, caller, history, kinds, talk, wait_for_tones

CALLER_HZ, AGENT_HZ, SECOND_HZ = 440, 620, 880


class Consult(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.centre = cls.enterClassContext(Centre())
        cls.leader = cls.centre.sign_in("lead1")
        queues = {row["name"]: row["id"] for row in cls.leader.get("/queues").json["items"]}
        cls.target = {"target": {"kind": "queue", "id": queues["航班动态"]}}

    def ask(self, one, phone, interaction):
        """The agent waits in the queue: he and the caller hear music, not each other."""
        one.act(interaction, "consult", self.target)
        for ear, other in ((one.ear, CALLER_HZ), (phone.ear, AGENT_HZ)):
            until(lambda: ear.hears_sound() and not ear.hears(other), what="music")
        self.assertEqual(self.leader.get("/live").json["calls"][interaction]["consult_queue"], self.target["target"]["id"])

    def hear_each_other(self, *ears):
        """Each hears both others, and not itself: two tones share the power between them."""
        for ear in ears:
            for other in ears:
                until(lambda: (ear.share(other.hertz) > 0.25) == (ear is not other),
                      what=f"{ear.hertz} hears {other.hertz}")

    def steps(self, item, kind):
        return [step for step in item["steps"] if step["kind"] == kind]

    def test_answered_and_handed_over(self):
        with agent(self.centre, 1, AGENT_HZ) as one, agent(self.centre, 12, SECOND_HZ) as two, \
                caller(self.centre, CALLER_HZ) as phone:
            two.set_state("not_ready")
            call, rung, interaction = talk(phone, one)
            self.ask(one, phone, interaction)
            two.set_state("ready")
            second = two.phone.expect_call(two.ear)
            second.answer()
            wait_for_tones(one.ear, two.ear)
            self.assertFalse(phone.ear.hears(SECOND_HZ))
            one.act(interaction, "transfer_complete")
            wait_for_tones(phone.ear, two.ear)
            self.assertTrue(rung.ended.wait(5))
            call.hangup()
            self.assertTrue(second.ended.wait(5))
        item = history(self.leader, interaction)
        self.assertEqual([step.get("consult") for step in self.steps(item, "queue.entered")], [None, True])
        self.assertEqual((item["agent_name"], item["queue_name"]), ("孙霞", "机票预订"))
        self.assertLess(item["wait_ms"], item["hold_ms"])

    def test_the_caller_takes_the_place(self):
        with agent(self.centre, 1, AGENT_HZ) as one, agent(self.centre, 12, SECOND_HZ) as two, \
                caller(self.centre, CALLER_HZ) as phone:
            two.set_state("not_ready")
            call, rung, interaction = talk(phone, one)
            self.ask(one, phone, interaction)
            one.act(interaction, "transfer_complete")
            self.assertTrue(rung.ended.wait(5))
            two.set_state("ready")
            second = two.phone.expect_call(two.ear)
            second.answer()
            wait_for_tones(phone.ear, two.ear)
            call.hangup()
        item = history(self.leader, interaction)
        self.assertEqual([step["reason"] for step in self.steps(item, "queue.left")], ["answered", "transferred", "answered"])
        self.assertEqual(item["queue_name"], "航班动态")
        self.assertIn("transfer.completed", kinds(item))


    def test_a_queue_that_takes_nobody(self):
        """Nobody with its skills is signed in: the agent is told at once and has his caller back."""
        with agent(self.centre, 11, AGENT_HZ) as one, caller(self.centre, CALLER_HZ) as phone:
            call, _, interaction = talk(phone, one)
            answer = one.api.post(f"/agents/me/calls/{interaction}/consult", self.target)
            self.assertEqual((answer.status, answer.json["code"]), (409, "queue_takes_nobody"), answer.body)
            wait_for_tones(phone.ear, one.ear)
            call.hangup()
        item = history(self.leader, interaction)
        self.assertEqual([step["reason"] for step in self.steps(item, "consult.ended")], ["no_agents"])
        self.assertEqual([kind for kind in kinds(item) if kind.startswith("hold.")], ["hold.started", "hold.ended"])

    def test_a_queue_gives_up_later(self):
        """Its last agent leaves: the asking one is told why, holds on, and takes his caller back when he likes."""
        with agent(self.centre, 11, AGENT_HZ) as one, agent(self.centre, 12, SECOND_HZ) as two, \
                caller(self.centre, CALLER_HZ) as phone:
            two.set_state("not_ready")
            call, _, interaction = talk(phone, one)
            self.ask(one, phone, interaction)
            two.api.delete("/session")
            live = lambda: self.leader.get("/live").json["calls"][interaction]
            until(lambda: live().get("consult_ended"), what="why it came to nothing")
            self.assertEqual([live().get(key) for key in ("phase", "consult_ended", "consult_target", "consult_queue")],
                             ["held", "no_agents", "航班动态", None])
            one.act(interaction, "retrieve")
            wait_for_tones(phone.ear, one.ear)
            one.act(interaction, "hold")
            until(lambda: live()["phase"] == "held", what="held again")
            self.assertIsNone(live().get("consult_ended"))
            call.hangup()

    def test_three_way(self):
        with agent(self.centre, 1, AGENT_HZ) as one, agent(self.centre, 12, SECOND_HZ) as two, \
                caller(self.centre, CALLER_HZ) as phone:
            two.set_state("not_ready")
            call, rung, interaction = talk(phone, one)
            one.act(interaction, "consult", {"target": {"kind": "agent", "id": two.api.get("/agents/me").json["agent"]["id"]}})
            second = two.phone.expect_call(two.ear)
            second.answer()
            wait_for_tones(one.ear, two.ear)
            one.act(interaction, "conference")
            self.hear_each_other(phone.ear, one.ear, two.ear)
            self.assertEqual(self.leader.get("/live").json["calls"][interaction]["phase"], "conference")
            one.act(interaction, "split")
            wait_for_tones(one.ear, two.ear)
            until(lambda: phone.ear.hears_sound() and phone.ear.share(AGENT_HZ) < 0.1, what="music")
            one.act(interaction, "conference")
            self.hear_each_other(phone.ear, one.ear, two.ear)
            one.act(interaction, "transfer_complete")
            self.assertTrue(rung.ended.wait(5))
            wait_for_tones(phone.ear, two.ear)
            call.hangup()
            self.assertTrue(second.ended.wait(5))
        item = history(self.leader, interaction)
        steps = [kind for kind in kinds(item) if kind.startswith(("conference.", "consult.", "transfer."))]
        self.assertEqual(steps, ["consult.started", "conference.started", "conference.ended", "conference.started",
                                 "transfer.started", "conference.ended", "consult.ended", "transfer.completed"])
        self.hear_recording(item)

    def hear_recording(self, item):
        """Left the caller alone, right the others together."""
        audio = until(lambda: (lambda a: a if a.status == 200 else None)(
            self.leader.get(f"/recordings/{item['recording']}/audio")), what="the recording").body
        _, (left, right) = channels(audio)
        both = 0
        for at in range(0, len(right) - 4000, 4000):
            voices = [share_of(right[at : at + 4000], hertz) for hertz in (AGENT_HZ, SECOND_HZ)]
            both += min(voices) > 0.25
            self.assertLess(max(share_of(left[at : at + 4000], hertz) for hertz in (AGENT_HZ, SECOND_HZ)), 0.1)
        self.assertGreater(both, 0, "both agents at once")


if __name__ == "__main__":
    unittest.main()
