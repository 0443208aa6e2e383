#!/usr/bin/env python3
"""A new centre that is no demo: from the printed password through the administration's records to the first call."""

import pathlib
import re
import unittest

from centre import Centre, until
from phone import Phone
from rtp import Ear
from scene import history, wait_for_tones

PASSWORD = re.compile(r'the administrator is "admin", the password "(\w+)"')


class FirstStart(unittest.TestCase):
    def setUp(self):
        log = pathlib.Path("centre.log")
        begun = log.stat().st_size if log.exists() else 0
        self.centre = self.enterContext(Centre("--log", "info"))
        printed = log.read_bytes()[begun:].decode()
        self.password = PASSWORD.search(printed)[1]
        self.admin = self.centre.sign_in("admin", self.password)

    def make(self, plural, record):
        answer = self.admin.post(f"/{plural}", record)
        self.assertEqual(answer.status, 201, answer.body)
        self.assertNotIn("config_fault", answer.json)
        return answer.json["id"]

    def set_up(self):
        """What is wanting: a person with a phone, a number, where calls come from."""
        flow = self.admin.get("/flows").json["items"][0]["id"]
        agent = self.make("agents", {"number": "1", "name": "Mei", "extension": "101", "device": "phone", "sip_password": "telephone"})
        self.make("users", {"name": "mei", "full_name": "Mei", "roles": self.centre.roles("坐席", admin=self.admin), "agent": agent, "password": "eight-or-more"})
        self.make("dids", {"number": "88001234", "name": "Main", "flow": flow})
        self.make("trunks", {"name": "provider", "sources": "127.0.0.1"})

    def spoken(self, name):
        return all((self.centre.data / "prompts" / language / f"{name}.wav").exists() for language in ("zh-CN", "en"))

    def test_until_the_first_call(self):
        self.set_up()
        until(lambda: self.spoken("welcome") and self.spoken("queue.hold"), 60, "prompts")
        mei = self.centre.sign_in("mei", "eight-or-more")
        with Ear(620) as her_ear, Phone(self.centre.sip, "101", "telephone") as hers, Ear(440) as ear, Phone(self.centre.sip) as phone:
            self.assertEqual(hers.register(), 200)
            until(lambda: (mei.get("/agents/me").json["state"] or {}).get("phone"), what="phone seen")
            self.assertEqual(mei.put("/agents/me/state", {"state": "ready"}).status, 200)
            call = phone.dial("88001234", ear)
            self.assertTrue(call.answered.wait(10), call.final)
            until(ear.hears_sound, what="the greeting")
            rung = hers.expect_call(her_ear, 20)
            interaction = until(lambda: next((c["id"] for c in mei.get("/agents/me").json["calls"]), None), what="a call")
            rung.answer()
            wait_for_tones(ear, her_ear)
            call.hangup()
        self.assertEqual(history(self.admin, interaction)["outcome"], "answered")

    def test_ready_to_use(self):
        for plural, least in (("prompts", 100), ("queues", 1), ("flows", 1), ("reasons", 3), ("dispositions", 3)):
            self.assertGreaterEqual(self.admin.get(f"/{plural}").json["total"], least, plural)
        self.assertEqual((self.admin.get("/agents").json["total"], self.admin.get("/customers").json["total"]), (0, 0))

    def test_prompt_from_a_text(self):
        self.make("prompts", {"name": "hours", "language": "en", "text": "We are open from nine to five."})
        until(lambda: (self.centre.data / "prompts/en/hours.wav").exists(), 60, "the prompt")
        answer = self.admin.post("/prompts", {"name": "hours", "language": "zh-CN"})
        self.assertEqual([error["field"] for error in answer.json["errors"]], ["path"])


if __name__ == "__main__":
    unittest.main()
