#!/usr/bin/env python3
"""A caller reaches an agent who answers on a SIP phone: menu, queue, offer, talk, hold, transfer, history, recording."""

import unittest

from centre import Centre, until
from rtp import channels, share_of
from scene import agent, away, caller, history, kinds, talk, to_queue, wait_for_tones

CALLER_HZ, AGENT_HZ, SECOND_HZ = 440, 620, 880


class WholeCall(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.centre = cls.enterClassContext(Centre())
        cls.leader = cls.centre.sign_in("lead1")

    def test_answered(self):
        with agent(self.centre, 1, AGENT_HZ) as one, caller(self.centre, CALLER_HZ) as phone:
            call, rung, interaction = talk(phone, one)
            one.wait_state("on_contact")
            call.hangup()
            self.assertTrue(rung.ended.wait(5))
            one.wait_state("wrap_up")
            one.api.post("/agents/me/wrap_up/end", {"interaction": interaction})
            one.wait_state("ready")
        item = history(self.leader, interaction)
        self.assertEqual((item["outcome"], item["cause"], item["agent_name"] is not None), ("answered", "caller_hangup", True))
        order = [kind for kind in kinds(item) if kind in ("queue.entered", "offer.made", "offer.accepted", "interaction.ended")]
        self.assertEqual(order, ["queue.entered", "offer.made", "offer.accepted", "interaction.ended"])
        self.hear_recording(item)

    def hear_recording(self, item):
        recording = item["recording"]
        answer = until(lambda: (lambda a: a if a.status == 200 else None)(
            self.leader.get(f"/recordings/{recording}/audio")), what="the recording")
        rate, sides = channels(answer.body)
        self.assertEqual((rate, len(sides)), (8000, 2))
        self.assertGreater(share_of(sides[0][-8000:-4000], CALLER_HZ), 0.8)
        self.assertGreater(share_of(sides[1][-8000:-4000], AGENT_HZ), 0.8)
        part = self.leader.get(f"/recordings/{recording}/audio", Range="bytes=0-99")
        self.assertEqual((part.status, part.body), (206, answer.body[:100]))

    def test_known_however_the_number_is_written(self):
        customer = self.leader.post("/customers", {"name": "识途", "kind": "prospect", "numbers": [{"number": "+86 139-7777-0001"}]}).json
        with agent(self.centre, 1, AGENT_HZ) as one, caller(self.centre, CALLER_HZ, "013977770001") as phone:
            call, rung, interaction = talk(phone, one)
            live = self.leader.get("/live").json["calls"][interaction]
            self.assertEqual((live["name"], live["kind"], live["customer"]), ("识途", "prospect", customer["id"]))
            call.hangup()
            self.assertTrue(rung.ended.wait(5))
            one.wait_state("wrap_up")
            one.api.post("/agents/me/wrap_up/end", {"interaction": interaction})
            one.wait_state("ready")
        history(self.leader, interaction)
        contacts = self.leader.get("/interactions?party=139 7777 0001".replace(" ", "%20")).json["items"]
        self.assertEqual([item["id"] for item in contacts], [interaction])
        self.assertEqual([item["id"] for item in self.leader.get(f"/customers/{customer['id']}/timeline").json["items"]], [interaction])

    def number_rung_with(self, one, number):
        """What the agent's phone shows of a caller, anywhere in the INVITE."""
        with caller(self.centre, CALLER_HZ, number) as phone:
            call = to_queue(phone)
            rung = one.phone.expect_call(one.ear, 20)
            call.hangup()
            self.assertTrue(rung.ended.wait(5))
        one.wait_state("ready")
        return rung.invite.one("from"), str(rung.invite.rows)

    def test_a_phone_shows_what_its_agent_may_see(self):
        """Whoever has no interaction.clear gets a part of the number there too, from the moment the right is gone."""
        admin, number = self.centre.sign_in("admin"), "13866660009"
        with agent(self.centre, 9, AGENT_HZ) as one:
            user = next(row for row in admin.get("/users?q=agent9").json["items"] if row["name"] == "agent9")
            self.assertIn(f"sip:{number}@", self.number_rung_with(one, number)[0])
            blind = admin.make("roles", name="看不到号码", grants=[{"right": "interaction.read", "scope": "own"}])
            for roles, whole in (([{"role": blind}], False), ([{"role": had["role"]} for had in user["roles"]], True)):
                changed = admin.call("PATCH", f"/api/v1/users/{user['id']}", {"roles": roles})
                self.assertEqual(changed.status, 200, changed.body)
                sender, text = self.number_rung_with(one, number)
                self.assertIn(f"sip:{number if whole else '138****0009'}@", sender)
                self.assertEqual(number in text, whole, text)

    def test_hold_and_retrieve(self):
        with agent(self.centre, 2, AGENT_HZ) as one, caller(self.centre, CALLER_HZ) as phone:
            call, rung, interaction = talk(phone, one)
            one.act(interaction, "hold")
            until(lambda: not phone.ear.hears(AGENT_HZ) and phone.ear.hears_sound(), what="music")
            one.act(interaction, "retrieve")
            wait_for_tones(phone.ear, one.ear)
            rung.hangup()
            self.assertTrue(call.ended.wait(5))
        item = history(self.leader, interaction)
        self.assertEqual(item["cause"], "agent_hangup")
        self.assertGreater(item["hold_ms"], 0)

    def test_blind_transfer(self):
        with agent(self.centre, 3, AGENT_HZ) as one, agent(self.centre, 4, SECOND_HZ) as two, \
                caller(self.centre, CALLER_HZ) as phone:
            two.set_state("not_ready")
            call, rung, interaction = talk(phone, one)
            two.set_state("ready")
            one.act(interaction, "transfer", {"target": {"kind": "agent", "id": two.api.get("/agents/me").json["agent"]["id"]}})
            second = two.phone.expect_call(two.ear)
            self.assertTrue(rung.ended.wait(5))
            second.answer()
            wait_for_tones(phone.ear, two.ear)
            call.hangup()
        self.assertIn("transfer.completed", kinds(history(self.leader, interaction)))

    def test_consult_and_complete(self):
        with agent(self.centre, 5, AGENT_HZ) as one, agent(self.centre, 6, SECOND_HZ) as two, \
                caller(self.centre, CALLER_HZ) as phone:
            two.set_state("not_ready")
            call, rung, interaction = talk(phone, one)
            two.set_state("ready")
            one.act(interaction, "consult", {"target": {"kind": "agent", "id": two.api.get("/agents/me").json["agent"]["id"]}})
            second = two.phone.expect_call(two.ear)
            second.answer()
            wait_for_tones(one.ear, two.ear)
            self.assertFalse(phone.ear.hears(AGENT_HZ))
            one.act(interaction, "transfer_complete")
            wait_for_tones(phone.ear, two.ear)
            self.assertTrue(rung.ended.wait(5))
            call.hangup()
            self.assertTrue(second.ended.wait(5))

    def test_no_answer_keeps_the_place(self):
        with agent(self.centre, 7, AGENT_HZ) as one, caller(self.centre, CALLER_HZ) as phone:
            call = to_queue(phone)
            one.phone.expect_call(one.ear, 20).refuse()
            one.wait_state("not_ready")
            self.assertFalse(call.ended.is_set())
            one.set_state("ready")
            one.phone.expect_call(one.ear, 20).answer()
            until(lambda: phone.ear.hears(AGENT_HZ), what="the agent after the second offer")
            call.hangup()

    def test_abandoned(self):
        with away(self.centre, 8), caller(self.centre, CALLER_HZ, "13800000077") as phone:
            call = to_queue(phone)
            item = until(self.find("13800000077", "queued"), what="queued")
            call.hangup()
        item = history(self.leader, item["id"])
        self.assertEqual((item["outcome"], item["cause"]), ("abandoned", "caller_hangup"))

    def find(self, number, field):
        def look():
            items = self.leader.get(f"/interactions?from={number}&sort=-started").json["items"]
            return items[0] if items and items[0][field] else None
        return look


if __name__ == "__main__":
    unittest.main()
