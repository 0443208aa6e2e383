#!/usr/bin/env python3
"""Strangers on the page for visitors: whom they may call, what they may say of themselves."""

import contextlib
import socket
import unittest

from centre import Centre, until
from phone import Phone
from rtp import Ear
from scene import NUMBER, caller
from ws import WebSocket

MOST = 3


class Browser(Phone):
    """A phone that speaks SIP over WebSocket, as a page does."""

    transport = "WS"

    def __init__(self, centre, user="visitor"):
        super().__init__(centre.sip, user)
        self._socket.close()
        self._line = WebSocket(centre.edge, "/sip", "Sec-WebSocket-Protocol: sip")
        self.contact = f"<sip:{user}@nobody.invalid;transport=ws>"

    def send(self, rows, body=""):
        self._line.send(self.text(rows, body))

    def _run(self):
        while True:
            try:
                _, data = self._line.receive()
            except (OSError, ValueError):  # closed by us, or at its end
                return
            self.take(data)

    def __exit__(self, *_):
        self._line.shut(socket.SHUT_RDWR)
        self._thread.join()
        self._line.__exit__()


class Visitors(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.centre = cls.enterClassContext(Centre("--demo", "--quiet", "--visitor-calls", str(MOST)))
        cls.leader = cls.centre.sign_in("lead1")

    def call(self, user, number):
        """The final status of a call by somebody of that name, who hangs up when he is answered."""
        with Browser(self.centre, user) as browser, Ear(440) as ear:
            call = browser.dial(number, ear)
            until(lambda: call.answered.is_set() or call.ended.is_set(), what="an answer")
            if call.answered.is_set():
                call.hangup()
            return call.final

    def test_a_visitor_calls_our_numbers_alone(self):
        self.assertEqual(self.call("visitor", NUMBER), 200)
        for number in ("8001", "agent1", "13800000001", "0013800000001", "visitor"):
            self.assertEqual(self.call("visitor", number), 401, number)

    def test_a_visitor_has_no_number(self):
        """Over WebSocket nobody vouches for a number, and a customer's would bring his name and rank."""
        customer = next(c for c in self.leader.get("/customers?tier=platinum").json["items"] if c["numbers"])
        number = customer["numbers"][0]["number"]
        for claimed in (number, "8001", "anonymous"):
            self.assertEqual(self.call(claimed, NUMBER), 401, claimed)
        self.assertEqual(self.leader.get(f"/interactions?from={number}").json["items"], [])

    def test_one_address_has_its_fill(self):
        """Others are served although one address has all it may have; when one of its calls ends, it has one more."""
        with contextlib.ExitStack() as held:
            ear = held.enter_context(Ear(440))
            browsers = [held.enter_context(Browser(self.centre)) for _ in range(MOST + 2)]
            calls = [browser.dial(NUMBER, ear) for browser in browsers]
            for call in calls:
                until(lambda: call.answered.is_set() or call.ended.is_set(), what="an answer")
            self.assertEqual(sorted(call.final for call in calls), [200] * MOST + [486, 486])
            phone = held.enter_context(caller(self.centre, 660))
            call = phone.dial(NUMBER, phone.ear)
            self.assertTrue(call.answered.wait(10))
            call.hangup()
            taken = [call for call in calls if call.final == 200]
            taken[0].hangup()
            until(lambda: self.call("visitor", NUMBER) == 200, what="room again")
            for call in taken[1:]:
                call.hangup()


if __name__ == "__main__":
    unittest.main()
