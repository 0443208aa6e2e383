#!/usr/bin/env python3
"""What a queue does with those who wait, as its settings say: nobody signed in, overflow, full, what they are told."""

import contextlib
import unittest

from centre import Centre
from scene import agent, away, caller, history, kinds, last_from, prompts, queued_call, said, talk, to_queue, wait_for_tones

CALLER_HZ, AGENT_HZ = 440, 620
QUEUES = {"booking": "机票预订", "any": "综合服务"}


class Queues(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.centre = cls.enterClassContext(Centre())
        cls.leader = cls.centre.sign_in("lead1")
        cls.queues = {row["name"]: row["id"] for row in cls.leader.get("/queues").json["items"]}
        for queue in QUEUES:  # so that no agent is still there for the next test
            cls.patch(queue, {"wrap_up_ms": 0})

    @classmethod
    def patch(cls, queue, fields):
        path = f"/queues/{cls.queues[QUEUES[queue]]}"
        record = cls.leader.get(path)
        answer = cls.leader.patch(path, fields, record.headers["ETag"])
        assert answer.status == 200 and "config_fault" not in answer.json, answer.body
        return {name: record.json[name] for name in fields}

    @contextlib.contextmanager
    def settings(self, queue, **fields):
        before = self.patch(queue, fields)
        yield
        self.patch(queue, before)


class Waiting(Queues):
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
        flow = self.steps(item, "flow.started")[0]
        self.assertEqual(flow["flow_name"], self.leader.get(f"/flows/{flow['flow']}").json["name"])

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
        for fields, field in (({"overflow_after_ms": 700000}, "overflow_after_ms"), ({"when_empty": "sing"}, "when_empty"), ({"strategy": "loudest"}, "strategy"),
                              ({"overflow_queue": self.queues[QUEUES["booking"]]}, "overflow_queue"),
                              ({"handle_ms": 0}, "handle_ms")):
            answer = self.leader.patch(path, fields, etag)
            self.assertEqual(answer.status, 422, fields)
            self.assertIn(field, answer.body.decode())


class Strategy(Queues):
    """Nobody answers: the caller hangs up while a phone rings, and every agent keeps his turn."""

    def rings(self, one, number, key="1"):
        """A call by that key rings at this agent; by which rule, as the history tells."""
        with caller(self.centre, CALLER_HZ, number) as phone:
            call = to_queue(phone, key)
            one.phone.expect_call(one.ear, 20)
            call.hangup()
        item = history(self.leader, last_from(self.leader, number))
        self.assertEqual(kinds(item).count("offer.made"), 1)
        one.wait_state("ready")
        return next(step["rule"] for step in item["steps"] if step["kind"] == "offer.made")

    def test_the_expert_or_who_idled_longest(self):
        with agent(self.centre, 13, AGENT_HZ) as idler, agent(self.centre, 11, AGENT_HZ) as expert:
            with self.settings("booking", strategy="longest_idle"):
                self.assertEqual(self.rings(idler, "13800001021"), "longest_idle")
            with self.settings("booking", strategy="level_first"):
                self.assertEqual(self.rings(expert, "13800001022"), "level_first")

    def test_a_person_before_the_demos_robots(self):
        """The demo leaves its first ten agents to people: one who is ready goes before the robots, by each key."""
        with contextlib.ExitStack() as stack:
            robots = [stack.enter_context(agent(self.centre, number, AGENT_HZ)) for number in (11, 14, 15, 35)]
            person = stack.enter_context(agent(self.centre, 1, AGENT_HZ))
            for key in "120":
                self.assertEqual(self.rings(person, f"1380000103{key}", key), "level_first")
            person.set_state("not_ready")
            for key, robot in (("1", robots[0]), ("2", robots[1]), ("0", robots[0])):
                self.assertEqual(self.rings(robot, f"1380000104{key}", key), "level_first")

    def test_who_comes_free_takes_the_first(self):
        with self.settings("booking", strategy="level_first"), agent(self.centre, 13, AGENT_HZ) as one, \
                caller(self.centre, CALLER_HZ, "13800001023") as phone:
            one.set_state("not_ready")
            call = to_queue(phone)
            queued_call(self.leader, "13800001023")
            one.set_state("ready")
            one.phone.expect_call(one.ear, 20)
            call.hangup()
        item = history(self.leader, last_from(self.leader, "13800001023"))
        self.assertEqual([step["rule"] for step in item["steps"] if step["kind"] == "offer.made"], ["first_item"])


class Told(Queues):
    """What the caller hears is compared with the prompts' own samples."""

    digits = [f"digit.{digit}" for digit in "8001"]

    def said(self, phone, language, *names):
        said(self.centre, phone, language, *names)

    def in_english(self, phone, key="1"):
        call = to_queue(phone, "9")
        self.said(phone, "en", "welcome", "menu.main")
        phone.ear.press(key)
        return call

    def test_number_in_chinese(self):
        with agent(self.centre, 1, AGENT_HZ) as one, caller(self.centre, CALLER_HZ) as phone:
            call, _, _ = talk(phone, one)
            self.said(phone, "zh-CN", *self.digits, "agent.after")
            call.hangup()

    def test_number_in_english(self):
        with agent(self.centre, 1, AGENT_HZ) as one, caller(self.centre, CALLER_HZ) as phone:
            call = self.in_english(phone)
            one.phone.expect_call(one.ear, 20).answer()
            self.said(phone, "en", "agent.before", *self.digits)
            wait_for_tones(phone.ear, one.ear)
            call.hangup()

    def test_no_number(self):
        with self.settings("booking", announce_number=False), agent(self.centre, 1, AGENT_HZ) as one, \
                caller(self.centre, CALLER_HZ) as phone:
            call, _, _ = talk(phone, one)
            self.assertFalse(phone.ear.hears_prompts(prompts(self.centre, "zh-CN", "agent.after")))
            call.hangup()

    def test_position_and_wait(self):
        """The one agent talks in a queue that knows no call yet: 90 s for the next, twice that for the one after him."""
        with agent(self.centre, 1, AGENT_HZ) as one, caller(self.centre, CALLER_HZ) as first, \
                caller(self.centre, CALLER_HZ, "13800001011") as second, caller(self.centre, CALLER_HZ, "13800001012") as third:
            calls = [to_queue(first, "2")]
            one.phone.expect_call(one.ear, 20).answer()
            wait_for_tones(first.ear, one.ear)
            calls.append(to_queue(second, "2"))
            self.said(second, "zh-CN", "queue.next", "queue.wait", "number.liang", "queue.minutes", "queue.hold")
            calls.append(self.in_english(third, "2"))
            self.said(third, "en", "queue.before", "number.1", "queue.person", "queue.wait", "number.3", "queue.minutes", "queue.hold")
            for call in calls:
                call.hangup()

    def test_every_so_often_and_only_what_is_wanted(self):
        with self.settings("booking", announce_wait=False, announce_every_ms=5000), away(self.centre, 21), \
                caller(self.centre, CALLER_HZ) as phone:
            call = to_queue(phone)
            for _ in range(2):
                self.said(phone, "zh-CN", "queue.next", "queue.hold")
                phone.ear.codes.clear()
            call.hangup()


if __name__ == "__main__":
    unittest.main()
