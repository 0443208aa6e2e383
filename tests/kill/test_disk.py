#!/usr/bin/env python3
"""The disk is full in mid-call: calls go on, new ones are taken while memory lasts, and when there is room again everything is kept."""

import json
import unittest

from centre import until
from faults import FaultyCentre
from scene import agent, caller, conserve, history, kinds, live_calls, talk, to_queue, wait_for_tones

CALLER_HZ, AGENT_HZ, SECOND_HZ = 440, 620, 880
MEMORY_KB = 48
REFUSED_FROM = "13800000555"


class FullDisk(unittest.TestCase):
    def setUp(self):
        self.centre = self.enterContext(FaultyCentre("--demo", "--quiet", "--journal-kb", str(MEMORY_KB)))
        self.leader = self.centre.sign_in("lead1")

    def wait_health(self, status, **disk):
        """The last answer: its status and what it says of the disk."""
        def look():
            answer = self.leader.get("/health")
            told = answer.json
            return answer if told["status"] == status and all(told["disk"][k] == v for k, v in disk.items()) else None
        return until(look, what=f"health {status} {disk}")

    def use_up_memory(self):
        """Calls that are given up at once, until one is refused; how many were not."""
        for taken in range(100):
            with caller(self.centre, CALLER_HZ, REFUSED_FROM) as phone:
                call = phone.dial("4008001234", phone.ear)
                until(lambda: call.final or call.answered.is_set(), what="an answer")
                if call.final == 503:
                    return taken
                self.assertTrue(call.answered.wait(5), call.final)
                call.hangup()
        raise AssertionError("no call was ever refused")

    def test_everything(self):
        with agent(self.centre, 1, AGENT_HZ) as one, agent(self.centre, 2, SECOND_HZ) as two:
            two.set_state("not_ready")
            with caller(self.centre, CALLER_HZ) as phone, caller(self.centre, CALLER_HZ, "13800000002") as late:
                call, rung, first = talk(phone, one)
                two.set_state("ready")
                self.centre.fill_disk()
                self.assertEqual(self.wait_health("disk_full", journal="full").status, 200)
                late_call, late_rung, second = talk(late, two)
                self.refuse_writing()
                taken = self.use_up_memory()
                self.assertEqual(self.wait_health("disk_full", new_calls=False).status, 503)
                wait_for_tones(phone.ear, one.ear)
                wait_for_tones(late.ear, two.ear)
                call.hangup()
                self.assertTrue(rung.ended.wait(5))
                self.centre.free_disk()
                self.assertEqual(self.wait_health("ok", journal=None, database=None, new_calls=True).status, 200)
                wait_for_tones(late.ear, two.ear)
                late_rung.hangup()
                self.assertTrue(late_call.ended.wait(5))
        for interaction, cause in ((first, "caller_hangup"), (second, "agent_hangup")):
            item = history(self.leader, interaction)
            self.assertEqual((item["outcome"], item["cause"]), ("answered", cause))
            conserve(self, item)
            self.hear_what_is_there(item)
        self.assertEqual(live_calls(self.leader), {})
        given_up = self.leader.get(f"/interactions?from={REFUSED_FROM}&limit=100").json["items"]
        self.assertEqual([len(given_up), {one["state"] for one in given_up}], [taken, {"ended"}])
        for words in ("journal cannot be written", "journal is written again", "new call refused", "recording has a gap"):
            self.assertIn(words, self.centre.log())
        with caller(self.centre, CALLER_HZ) as phone:
            to_queue(phone).hangup()

    def refuse_writing(self):
        """Who writes is told why, who reads is served."""
        answer = self.leader.post("/customers", {"name": "Wu"})
        self.assertEqual((answer.status, answer.json["code"], answer.headers["Content-Type"]),
                         (507, "full", "application/problem+json"))
        self.assertIn("disk is full", answer.json["detail"])
        self.assertEqual(self.leader.get("/customers").status, 200)

    def hear_what_is_there(self, item):
        step = next(step for step in item["steps"] if step["kind"] == "recording.ended")
        told = self.leader.get(f"/recordings/{item['recording']}").json
        self.assertEqual((step["reason"], told["missing_ms"]), ("full", step["missing_ms"]))
        self.assertTrue(0 < step["missing_ms"] < step["duration_ms"], step)
        audio = self.leader.get(f"/recordings/{item['recording']}/audio")
        self.assertEqual(audio.status, 200)
        self.assertGreater(len(set(audio.body[44:])), 40)

    def test_database_alone(self):
        with agent(self.centre, 3, AGENT_HZ) as one, caller(self.centre, CALLER_HZ) as phone:
            self.centre.fill_disk("desk.db")
            call, rung, interaction = talk(phone, one)
            self.assertEqual(self.wait_health("disk_full", journal=None, database="full").status, 200)
            self.refuse_writing()
            one.act(interaction, "hold")
            one.act(interaction, "retrieve")
            wait_for_tones(phone.ear, one.ear)
            call.hangup()
            self.assertTrue(rung.ended.wait(5))
            self.assertEqual(self.leader.get(f"/interactions/{interaction}").status, 404)
            self.centre.free_disk()
            self.wait_health("ok", database=None)
        item = history(self.leader, interaction)
        self.assertEqual((item["cause"], kinds(item).count("hold.started")), ("caller_hangup", 1))
        conserve(self, item)
        for words in ("events not stored", "events are stored again"):
            self.assertIn(words, self.centre.log())

    def test_set_up_alone(self):
        def kept():
            return json.loads((self.centre.data / "config.json").read_text())["revision"]
        admin = self.centre.sign_in("admin")
        self.centre.fill_disk("config")
        queue = admin.get("/queues").json["items"][0]
        self.assertEqual(admin.call("PATCH", f"/api/v1/queues/{queue['id']}", {"name": "Changed"}).status, 200)
        told = self.wait_health("disk_full", config="full", journal=None, database=None)
        self.assertEqual((told.status, told.json["config"]["acked"]), (200, told.json["config"]["revision"]))
        self.assertLess(kept(), told.json["config"]["revision"])
        self.centre.free_disk()
        self.wait_health("ok", config=None)
        self.assertEqual(kept(), told.json["config"]["revision"])


if __name__ == "__main__":
    unittest.main()
