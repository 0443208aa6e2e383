#!/usr/bin/env python3
"""Agents who are busy, unreachable or gone, and callers who leave: each gets a clear end, and the next call works."""

import base64
import contextlib
import os
import socket
import unittest

from centre import Centre, until
from phone import TcpPhone
from scene import agent, caller, expect_end, kinds, last_from, queued_call, talk, to_queue, wait_for_tones

CALLER_HZ, AGENT_HZ, SECOND_HZ = 440, 620, 880
NO_CODEC = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 40000 RTP/AVP 18\r\n"


class BadDays(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.centre = cls.enterClassContext(Centre())
        cls.leader = cls.centre.sign_in("lead1")

    def ended(self, number, *wanted):
        return expect_end(self, self.leader, number, *wanted)

    def reasons(self, item):
        return [step["reason"] for step in item["steps"] if step["kind"] == "offer.ended"]

    def end_wrap_up(self, one, interaction):
        one.wait_state("wrap_up")
        self.assertEqual(one.api.post("/agents/me/wrap_up/end", {"interaction": interaction}).status, 200)
        one.wait_state("ready")

    def test_everybody_is_busy(self):
        number = "13900000001"
        with agent(self.centre, 1, AGENT_HZ) as one, caller(self.centre, CALLER_HZ) as first, \
                caller(self.centre, SECOND_HZ, number) as second:
            call, rung, interaction = talk(first, one)
            waiting = to_queue(second)
            waited = queued_call(self.leader, number)
            until(lambda: second.ear.hears_sound(), what="position or music")
            call.hangup()
            self.assertTrue(rung.ended.wait(5))
            one.wait_state("wrap_up")
            one.api.post("/agents/me/wrap_up/end", {"interaction": interaction})
            one.phone.expect_call(one.ear).answer()
            wait_for_tones(second.ear, one.ear)
            self.assertEqual(one.interaction(), waited)
            waiting.hangup()
        item = self.ended(number, "answered", "caller_hangup")
        self.assertEqual(next(step["position"] for step in item["steps"] if step["kind"] == "queue.entered"), 1)

    def test_phones_that_fail(self):
        """The bad agent is rung first, ends not ready with the reason; the caller keeps his place and gets the good one."""
        with agent(self.centre, 2, AGENT_HZ, TcpPhone) as bad, agent(self.centre, 3, SECOND_HZ) as good:
            for n, (fail, reason) in enumerate((
                    (lambda rung: rung.refuse(408, "Request Timeout"), "unreachable"),
                    (lambda rung: rung.refuse(480, "Temporarily Unavailable"), "unreachable"),
                    (lambda rung: rung.refuse(486, "Busy Here"), "refused"),
                    (lambda rung: rung.refuse(603, "Decline"), "refused"),
                    (lambda rung: rung.answer(NO_CODEC), "unreachable"),
                    (lambda rung: rung.answer("v=0\r\nnonsense"), "unreachable"),
                    (lambda rung: rung.answer(""), "unreachable"),
                    (lambda rung: bad.phone.hang_up_line(), "unreachable"))):  # the last: it is gone then
                number = f"1391000000{n}"
                with self.subTest(n=n, reason=reason), caller(self.centre, CALLER_HZ, number) as phone:
                    good.set_state("not_ready")
                    if n % 2:
                        bad.set_state("ready")  # he says that his phone works
                    else:
                        self.assertEqual(bad.phone.register(), 200)  # it says so itself
                        bad.set_state("ready")
                    bad.wait_state("ready")
                    call = to_queue(phone)
                    rung = bad.phone.expect_call(bad.ear, 20)
                    good.set_state("ready")
                    fail(rung)
                    second = good.phone.expect_call(good.ear)
                    bad.wait_state("not_ready")
                    self.assertEqual(bad.api.get("/agents/me").json["state"]["reason"], reason)
                    second.answer()
                    interaction = good.interaction()
                    call.hangup()
                    self.end_wrap_up(good, interaction)
                    item = self.ended(number, "answered", "caller_hangup")
                    self.assertEqual(self.reasons(item), [reason])
                    self.assertEqual(kinds(item).count("queue.entered"), 1)
                    self.assertIn(f"reason={reason}", self.centre.log())

    def test_agent_signs_out_while_ringing(self):
        number = "13900000002"
        with caller(self.centre, CALLER_HZ, number) as phone, agent(self.centre, 5, SECOND_HZ) as good:
            good.set_state("not_ready")
            with agent(self.centre, 4, AGENT_HZ) as one:
                call = to_queue(phone)
                rung = one.phone.expect_call(one.ear, 20)
                one.api.delete("/session")
                self.assertTrue(rung.ended.wait(5))
                good.set_state("ready")
                good.phone.expect_call(good.ear).answer()
                wait_for_tones(phone.ear, good.ear)
                call.hangup()
        self.assertEqual(self.reasons(self.ended(number, "answered", "caller_hangup")), ["withdrawn"])

    def test_page_closes_while_ringing(self):
        with agent(self.centre, 6, AGENT_HZ) as one, caller(self.centre, CALLER_HZ) as phone:
            with self.page(one):
                call = to_queue(phone)
                rung = one.phone.expect_call(one.ear, 20)
            rung.answer()
            wait_for_tones(phone.ear, one.ear)
            call.hangup()

    @contextlib.contextmanager
    def page(self, one):
        """The live connection of an agent's page."""
        with socket.create_connection(("127.0.0.1", self.centre.http)) as line:
            key = base64.b64encode(os.urandom(16)).decode()
            line.sendall((f"GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1:{self.centre.http}\r\nUpgrade: websocket\r\n"
                          f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
                          f"Authorization: Bearer {one.api.token}\r\n\r\n").encode())
            self.assertIn(b" 101 ", line.recv(4096))
            yield

    def test_caller_leaves(self):
        """In the menu, in the queue, while an agent is rung, while his agent asks another."""
        with agent(self.centre, 7, AGENT_HZ) as one, agent(self.centre, 8, SECOND_HZ) as two:
            two.set_state("not_ready")
            one.set_state("not_ready")
            with caller(self.centre, CALLER_HZ, "13920000001") as phone:
                call = phone.dial("4008001234", phone.ear)
                self.assertTrue(call.answered.wait(10))
                until(phone.ear.hears_sound, what="the greeting")
                call.hangup()
            self.assertNotIn("queue.entered", kinds(self.ended("13920000001", "flow", "caller_hangup")))
            with caller(self.centre, CALLER_HZ, "13920000002") as phone:
                call = to_queue(phone)
                queued_call(self.leader, "13920000002")
                call.hangup()
            self.ended("13920000002", "abandoned", "caller_hangup")
            one.set_state("ready")
            with caller(self.centre, CALLER_HZ, "13920000003") as phone:
                call = to_queue(phone)
                rung = one.phone.expect_call(one.ear, 20)
                call.hangup()
                self.assertTrue(rung.ended.wait(5))
            self.assertEqual(self.reasons(self.ended("13920000003", "abandoned", "caller_hangup")), ["withdrawn"])
            one.wait_state("ready")  # not to blame
            self.leave_in_a_consult(one, two, "13920000004")

    def leave_in_a_consult(self, one, two, number):
        with caller(self.centre, CALLER_HZ, number) as phone:
            call, rung, interaction = talk(phone, one)
            two.set_state("ready")
            one.act(interaction, "consult", {"target": {"kind": "agent", "id": two.api.get("/agents/me").json["agent"]["id"]}})
            asked = two.phone.expect_call(two.ear)
            asked.answer()
            wait_for_tones(one.ear, two.ear)
            call.hangup()
            self.assertTrue(rung.ended.wait(5) and asked.ended.wait(5))
            self.end_wrap_up(one, interaction)
        self.ended(number, "answered", "caller_hangup")

    def test_absent_agents(self):
        """Nobody is signed in; this runs before anybody was."""
        number = "13900000003"
        with caller(self.centre, CALLER_HZ, number) as phone:
            call = to_queue(phone)
            until(lambda: "queue.entered" in kinds(self.leader.get(f"/interactions/{last_from(self.leader, number)}").json)
                  or call.ended.is_set(), what="a decision")
            self.assertTrue(call.ended.wait(20))  # after "nobody is here" and good-bye
        item = self.ended(number, "flow", "flow_hangup")
        self.assertEqual([step["reason"] for step in item["steps"] if step["kind"] == "queue.left"], ["no_agents"])

    def test_a_caller_without_sound(self):
        with caller(self.centre, CALLER_HZ, "13930000001", mute=True) as silent:
            call = silent.dial("4008001234", silent.ear)
            self.assertTrue(call.answered.wait(10))
            interaction = last_from(self.leader, "13930000001")
            until(lambda: "leg.silent" in kinds(self.leader.get(f"/interactions/{interaction}").json), what="silence told")
            call.hangup()
            self.ended("13930000001", "flow", "caller_hangup")
            self.assertIn("no sound comes", self.centre.log())


if __name__ == "__main__":
    unittest.main()
