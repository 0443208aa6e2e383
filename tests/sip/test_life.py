#!/usr/bin/env python3
"""The demo's callers and robot agents: they call, answer, talk and leave, at the pace the centre is set to, and stop when told."""

import unittest

from centre import Centre, until


class Life(unittest.TestCase):
    def setUp(self):
        self.centre = self.enterContext(Centre("--demo"))
        self.leader = self.centre.sign_in("lead1")

    def set(self, **settings):
        answer = self.leader.call("PATCH", "/api/v1/demo", settings)
        self.assertEqual(answer.status, 200, answer.body)
        return answer.json

    def calls(self):
        return self.leader.get("/interactions?sort=-started&limit=100").json["items"]

    def test_a_day_in_small(self):
        self.assertEqual(self.set(speed=20)["state"], "running")
        call = until(lambda: [call for call in self.calls() if call["agent"]], 60, "a robot answers a caller")[0]
        self.assertIsNotNone(call["answered"])
        self.assertEqual(self.centre.log().count("set-up taken"), 1)  # though each robot who signs in changes it
        self.assertEqual(self.set(running=False)["state"], "stopped")
        self.assertEqual(self.centre.stop(), 0)

    def test_paused_robots_stay(self):
        self.assertEqual(self.set(speed=20, paused=True)["state"], "paused")
        self.assertEqual(self.leader.call("PATCH", "/api/v1/demo", {"speed": 21}).status, 422)
        self.assertEqual(self.leader.call("PATCH", "/api/v1/demo", {"paused": 1}).status, 422)
        self.assertEqual(self.centre.stop(), 0)


unittest.main()
