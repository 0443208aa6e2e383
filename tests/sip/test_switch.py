#!/usr/bin/env python3
"""The call plane alone, with a stand-in for the desk: what it answers, what it writes down, what it does by itself
while no desk is there."""

import contextlib
import unittest

from centre import until
from desk import Switch, rows
from phone import Phone
from rtp import Ear
from scene import caller, to_queue, wait_for_tones

CALLER_HZ, AGENT_HZ, SECOND_HZ = 440, 620, 880


class Seat:
    def __init__(self, plane, number, ear):
        self.plane, self.number, self.ear = plane, str(number), ear
        self.phone = Phone(plane.sip, str(8000 + number), f"agent{number}-demo")

    def state(self):
        return (self.plane.desk.live.get(("agent", self.number)) or {}).get("state")

    def wait_state(self, state):
        until(lambda: self.state() == state, what=f"agent {self.number} {state}, is {self.state()}")

    def do(self, name, **fields):
        reply = self.plane.desk.command(name, agent=self.number, **fields)
        assert reply["ok"], reply
        return reply


@contextlib.contextmanager
def seat(plane, number, hertz):
    with Ear(hertz) as ear:
        one = Seat(plane, number, ear)
        with one.phone:
            assert one.phone.register() == 200
            one.do("agent.sign_in")
            one.do("agent.state", state="ready", by="agent")
            one.wait_state("ready")
            yield one
            one.do("agent.sign_out")


class Plane(unittest.TestCase):
    def setUp(self):
        self.plane = self.enterContext(Switch())
        self.desk = self.plane.desk

    def talk(self, phone, one):
        call = to_queue(phone)
        rung = one.phone.expect_call(one.ear, 20)
        interaction = self.desk.wait_event("offer.made", agent=one.number)["interaction"]
        rung.answer()
        wait_for_tones(phone.ear, one.ear)
        return call, rung, interaction

    def test_whole_call(self):
        with seat(self.plane, 1, AGENT_HZ) as one, caller(self.plane, CALLER_HZ) as phone:
            before = self.desk.events[-1]["n"]
            call, rung, interaction = self.talk(phone, one)
            self.assertEqual(self.desk.asked[0]["number"], phone.user)
            one.wait_state("on_contact")
            call.hangup()
            self.assertTrue(rung.ended.wait(5))
            one.wait_state("wrap_up")
            one.do("wrap_up.end", interaction=interaction)
            one.wait_state("ready")
            self.desk.wait_event("interaction.ended", interaction=interaction, cause="caller_hangup")
            told = [event for event in self.desk.events if event["n"] > before]
        kinds = self.desk.kinds(interaction)
        self.assertLessEqual(len(told), 25, [event["kind"] for event in told])
        answered = next(event for event in told if event["kind"] == "leg.answered" and "rang_ms" in event)
        self.assertLess(answered["rang_ms"], 5000)
        for kind in ("interaction.started", "queue.entered", "offer.made", "offer.accepted", "bridge.joined",
                     "recording.ended", "interaction.ended"):
            self.assertEqual(kinds.count(kind), 1, kind)
        self.assertEqual(kinds.count("leg.started"), kinds.count("leg.ended"))
        numbers = [event["n"] for event in self.desk.events]
        self.assertEqual(numbers, list(range(numbers[0], numbers[0] + len(numbers))))
        until(lambda: self.desk.durable >= numbers[-1], what="all durable")

    def test_hold_mute_and_keys(self):
        with seat(self.plane, 1, AGENT_HZ) as one, caller(self.plane, CALLER_HZ) as phone:
            call, _, interaction = self.talk(phone, one)
            one.do("call.hold", interaction=interaction)
            until(lambda: phone.ear.hears_sound() and not phone.ear.hears(AGENT_HZ), what="music")
            one.do("call.retrieve", interaction=interaction)
            wait_for_tones(phone.ear, one.ear)
            one.do("call.mute", interaction=interaction)
            until(lambda: not phone.ear.hears(AGENT_HZ) and one.ear.hears(CALLER_HZ), what="muted")
            one.do("call.unmute", interaction=interaction)
            wait_for_tones(phone.ear, one.ear)
            one.do("call.hangup", interaction=interaction)
            self.assertTrue(call.ended.wait(5))
        self.desk.wait_event("interaction.ended", interaction=interaction, cause="agent_hangup")

    def test_command_twice(self):
        with seat(self.plane, 1, AGENT_HZ) as one:
            again = {"id": "same", "deadline_ms": 5000, "name": "agent.state", "agent": one.number, "state": "not_ready",
                     "reason": "lunch", "by": "agent"}
            self.desk.send(3, again)
            first = until(lambda: self.desk.replies.pop("same", None), what="reply")
            before = len(self.desk.events)
            self.desk.send(3, again)
            self.assertEqual(until(lambda: self.desk.replies.get("same"), what="second reply"), first)
            self.assertEqual(len(self.desk.events), before)
            self.assertEqual(self.desk.events[-1]["reason"], "lunch")

    def test_consult_and_transfer(self):
        with seat(self.plane, 1, AGENT_HZ) as one, caller(self.plane, CALLER_HZ) as phone:
            call, rung, interaction = self.talk(phone, one)
            with seat(self.plane, 2, SECOND_HZ) as two:
                one.do("call.consult", interaction=interaction, target={"kind": "agent", "id": two.number})
                second = two.phone.expect_call(two.ear)
                second.answer()
                wait_for_tones(one.ear, two.ear)
                one.do("call.transfer_complete", interaction=interaction)
                wait_for_tones(phone.ear, two.ear)
                self.assertTrue(rung.ended.wait(5))
                call.hangup()
                self.assertTrue(second.ended.wait(5))
                one.wait_state("wrap_up")
        self.desk.wait_event("transfer.completed", interaction=interaction)

    def test_desk_away(self):
        with seat(self.plane, 1, AGENT_HZ) as one, caller(self.plane, CALLER_HZ) as phone:
            call, rung, interaction = self.talk(phone, one)
            cursor = self.desk.events[-1]["n"]
            self.desk.close()
            lost = phone.ear.lost
            wait_for_tones(phone.ear, one.ear)
            call.hangup()
            self.assertTrue(rung.ended.wait(5))
            self.assertLess(phone.ear.lost - lost, 5)
            self.desk = self.plane.connect(cursor)
            self.desk.wait_event("interaction.ended", interaction=interaction)
            numbers = [event["n"] for event in self.desk.events]
            self.assertEqual(numbers, list(range(cursor + 1, cursor + 1 + len(numbers))))
            self.assertEqual(one.state(), "wrap_up")

    def test_restart_starts_alone_from_its_set_up(self):
        self.desk.close()
        self.assertEqual(self.plane.stop(), 0)
        self.plane.start()
        with caller(self.plane, CALLER_HZ) as phone:
            call = phone.dial("4008001234", phone.ear)
            self.assertTrue(call.answered.wait(10), call.final)
            until(phone.ear.hears_sound, what="the greeting")
            call.hangup()
        self.plane.connect()

    def test_wrong_set_up_is_refused_whole(self):
        bad = rows()
        queue = next(row for row in bad if row["kind"] == "queue")
        queue["row"]["ring_timeout_ms"] = -1
        ack = self.desk.configure(2, bad)
        self.assertEqual((ack["ok"], ack["fault"]["field"]), (False, f"queue.{queue['id']}.ring_timeout_ms"))
        bad = rows()
        first, second = [row for row in bad if row["kind"] == "queue"][:2]
        first["row"]["overflow_queue"], second["row"]["overflow_queue"] = second["id"], first["id"]
        ack = self.desk.configure(3, bad)
        self.assertEqual((ack["ok"], ack["fault"]["code"]), (False, "circle"))
        with caller(self.plane, CALLER_HZ) as phone:
            call = phone.dial("4008001234", phone.ear)
            self.assertTrue(call.answered.wait(10), call.final)
            call.hangup()


if __name__ == "__main__":
    unittest.main()
