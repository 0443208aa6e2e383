#!/usr/bin/env python3
"""What a queue does with those who wait, as its settings say: nobody signed in, overflow, full, what they are told."""

import contextlib
import unittest

from centre import Centre
from scene import agent, away, caller, history, said, talk, to_queue

CALLER_HZ, AGENT_HZ = 440, 620
QUEUES = {"booking": "机票预订", "any": "综合服务"}


class Waiting(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.centre = cls.enterClassContext(Centre())
        cls.leader = cls.centre.sign_in("lead1")
        cls.queues = {row["name"]: row["id"] for row in cls.leader.get("/queues").json["items"]}

    def patch(self, queue, fields):
        path = f"/queues/{self.queues[QUEUES[queue]]}"
        record = self.leader.get(path)
        answer = self.leader.patch(path, fields, record.headers["ETag"])
        self.assertEqual(answer.status, 200, answer.body)
        self.assertNotIn("config_fault", answer.json)
        return {name: record.json[name] for name in fields}

    @contextlib.contextmanager
    def settings(self, queue, **fields):
        before = self.patch(queue, fields)
        yield
        self.patch(queue, before)

    def steps(self, interaction, kind):
        return [step for step in interaction["steps"] if step["kind"] == kind]

    def ended(self, call, number):
        self.assertTrue(call.ended.wait(20))
        found = self.leader.get(f"/interactions?from={number}&sort=-started").json["items"][0]
        return history(self.leader, found["id"])

    def test_nobody_signed_in(self):
        with caller(self.centre, CALLER_HZ, "13800001001") as phone:
            call = to_queue(phone)
            said(self.centre, phone, "zh-CN", "queue.nobody", "goodbye")
            item = self.ended(call, "13800001001")
        self.assertEqual([step["reason"] for step in self.steps(item, "queue.left")], ["no_agents"])
        self.assertEqual(item["cause"], "flow_hangup")

    def test_the_last_agent_goes(self):
        with caller(self.centre, CALLER_HZ, "13800001002") as phone:
            with away(self.centre, 21):
                call = to_queue(phone)
                said(self.centre, phone, "zh-CN", "queue.next")
            said(self.centre, phone, "zh-CN", "queue.nobody", "goodbye")
            item = self.ended(call, "13800001002")
        self.assertEqual([step["reason"] for step in self.steps(item, "queue.left")], ["no_agents"])

    def test_overflow_to_another_queue(self):
        with self.settings("booking", overflow_after_ms=1000), away(self.centre, 21), \
                agent(self.centre, 12, AGENT_HZ) as other, caller(self.centre, CALLER_HZ) as phone:
            call, _, interaction = talk(phone, other)
            call.hangup()
        item = history(self.leader, interaction)
        entered = [step["queue"] for step in self.steps(item, "queue.entered")]
        self.assertEqual(entered, [self.queues[QUEUES["booking"]], self.queues[QUEUES["any"]]])
        self.assertEqual([step["reason"] for step in self.steps(item, "queue.left")], ["overflow", "answered"])
        self.assertEqual((item["outcome"], item["queue"]), ("answered", entered[1]))
        self.assertGreaterEqual(item["wait_ms"], 1000)

    def test_overflow_by_the_flow(self):
        with self.settings("booking", overflow_after_ms=1000, overflow_queue=None), away(self.centre, 21), \
                agent(self.centre, 12, AGENT_HZ) as other, caller(self.centre, CALLER_HZ) as phone:
            call, _, interaction = talk(phone, other)
            call.hangup()
        item = history(self.leader, interaction)
        self.assertEqual([step["reason"] for step in self.steps(item, "queue.left")], ["overflow", "answered"])

    def test_full(self):
        with self.settings("any", max_length=1), away(self.centre, 21), \
                caller(self.centre, CALLER_HZ, "13800001003") as first, caller(self.centre, CALLER_HZ, "13800001004") as second:
            waiting = to_queue(first, "0")
            said(self.centre, first, "zh-CN", "queue.next")
            call = to_queue(second, "0")
            said(self.centre, second, "zh-CN", "queue.busy", "goodbye")
            item = self.ended(call, "13800001004")
            self.assertEqual([step["reason"] for step in self.steps(item, "queue.left")], ["full"])
            waiting.hangup()

    def test_settings_are_checked(self):
        path = f"/queues/{self.queues[QUEUES['booking']]}"
        etag = self.leader.get(path).headers["ETag"]
        for fields, field in (({"overflow_after_ms": 700000}, "overflow_after_ms"), ({"when_empty": "sing"}, "when_empty"),
                              ({"overflow_queue": self.queues[QUEUES["booking"]]}, "overflow_queue"),
                              ({"handle_ms": 0}, "handle_ms")):
            answer = self.leader.patch(path, fields, etag)
            self.assertEqual(answer.status, 422, fields)
            self.assertIn(field, answer.body.decode())


if __name__ == "__main__":
    unittest.main()
