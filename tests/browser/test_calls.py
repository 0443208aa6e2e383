#!/usr/bin/env python3
"""Calls in Chromium with a tone for a microphone: an agent's page takes a call from a SIP phone and from the visitor's
page, keeps it through a reload, and shows the leader what happens."""

import os
import signal
import unittest

from centre import Centre, until
from page import Chromium
from scene import agent, away, caller, history, to_queue, wait_for_tones
from sipp import FOLDER, Sipps

CALLER_HZ, AGENT_HZ, VISITOR_HZ = 440, 620, 880


class Calls(Sipps, unittest.TestCase):
    def setUp(self):
        self.centre = self.enterContext(Centre())
        self.chromium = self.enterContext(Chromium())
        self.leader, self.admin = self.centre.sign_in("lead1"), self.centre.sign_in("admin")

    def sign_in(self, name, hertz=AGENT_HZ, locale="zh-CN"):
        page = self.chromium.page(hertz, locale)
        page.sign_in(self.centre, name)
        return page

    def ready_agent(self, name):
        page = self.sign_in(name)
        self.api = self.centre.sign_in(name)
        until(lambda: self.mine().get("phone"), what="the page's phone registered")
        page.click(".state[data-state=not_ready]")
        page.click(".ant-dropdown-menu-item:has-text('示闲')")
        page.see(".state[data-state=ready]")
        return page

    def mine(self):
        return self.api.get("/agents/me").json["state"] or {}

    def answer(self, page):
        page.see("[data-act=answer]:enabled")
        interaction = self.mine()["interaction"]
        page.click("[data-act=answer]:enabled")
        page.see(".state[data-state=on_contact]")
        page.wait_for_sound()
        return interaction

    def test_phone_calls_page(self):
        page = self.ready_agent("agent1")
        with caller(self.centre, CALLER_HZ) as phone:
            call = to_queue(phone)
            interaction = self.answer(page)
            until(lambda: phone.ear.hears(AGENT_HZ), what="the agent's microphone at the caller")
            call.hangup()
            page.see(".state[data-state=wrap_up]")
        item = history(self.leader, interaction)
        self.assertEqual((item["outcome"], item["cause"]), ("answered", "caller_hangup"))
        self.assertEqual(page.errors(), [])

    def test_sipp_calls_page(self):
        """The page's own voice comes back from sipp, so what its statistics count has passed both ways."""
        number = self.number_for_queue("综合服务", "4008006666")
        page = self.ready_agent("agent1")
        sipp = self.echo("-sf", str(FOLDER / "waiting.xml"), "-s", number)
        interaction = self.answer(page)
        before = page.stats()
        until(lambda: page.stats()["received"] > before["received"] + 100, what="two more seconds")
        after = page.stats()
        self.assertLess(after["lost"], 5)
        self.assertGreater(after["sent"] - before["sent"], 90)
        page.click("[data-act=hangup]")
        self.assertEqual(sipp.wait(60), 0)
        self.assertEqual(history(self.leader, interaction)["cause"], "agent_hangup")
        self.assertEqual(page.errors(), [])

    def test_visitor_calls_page(self):
        page = self.ready_agent("agent1")
        visitor = self.chromium.page(VISITOR_HZ)
        visitor.goto(f"{self.centre.base}/call")
        visitor.click("[data-act=call]")
        visitor.see("[data-call=talking]")
        visitor.wait_for_sound()
        visitor.click("[data-key='1']")
        interaction = self.answer(page)
        visitor.wait_for_sound()
        visitor.click("[data-act=hangup]")
        page.see(".state[data-state=wrap_up]")
        self.assertEqual(history(self.leader, interaction)["cause"], "caller_hangup")
        self.assertEqual(page.errors() + visitor.errors(), [])

    def test_visitor_is_told_of_a_cut(self):
        visitor = self.chromium.page(VISITOR_HZ)
        visitor.goto(f"{self.centre.base}/call")
        visitor.click("[data-act=call]")
        visitor.see("[data-call=talking]")
        visitor.wait_for_sound()
        os.kill(self.centre.children()["switch"], signal.SIGKILL)
        until(lambda: visitor.call("isVisible", "[data-call=failed]"), 60, "the cut on the visitor's page")

    def test_reload_in_mid_call(self):
        page = self.ready_agent("agent1")
        with caller(self.centre, CALLER_HZ) as phone:
            call = to_queue(phone)
            self.answer(page)
            page.call("reload")
            page.wait_for_sound()
            until(lambda: phone.ear.hears(AGENT_HZ), 30, "the same call after the reload")
            self.assertFalse(call.ended.is_set())
            call.hangup()

    def test_no_microphone_no_calls(self):
        page = self.sign_in("agent1", None)
        page.see("[data-line=deaf]")
        self.assertTrue(page.call("isDisabled", "[data-act=ready]"))
        api = self.centre.sign_in("agent1")
        api.put("/agents/me/state", {"state": "ready"})
        with caller(self.centre, CALLER_HZ) as phone:
            to_queue(phone)
            until(lambda: any(q["waiting"] for q in self.leader.get("/live").json["queues"].values()), what="the caller waits")
            mine = api.get("/agents/me").json["state"]
            self.assertEqual((mine["phone"], mine.get("interaction")), (False, None))
        self.assertEqual(page.errors(), [])

    def test_second_computer_takes_over(self):
        first = self.ready_agent("agent1")
        with caller(self.centre, CALLER_HZ) as phone:
            call = to_queue(phone)
            self.answer(first)
            second = self.chromium.page(VISITOR_HZ)
            second.goto(f"{self.centre.base}/signin")
            second.fill("input[autocomplete=username]", "agent1")
            second.fill("input[autocomplete=current-password]", "agent1-demo")
            second.click("button[type=submit]")
            second.click("[data-act=take_over]")
            first.see("[role=alert] >> text=另一处")
            second.wait_for_sound()
            until(lambda: phone.ear.hears(VISITOR_HZ), 30, "the same call at the second computer")
            self.assertFalse(call.ended.is_set())
            call.hangup()
            second.see(".state[data-state=wrap_up]")
        trail = self.centre.sign_in("admin").get("/audit?action=take_over").json["items"]
        self.assertEqual([entry["actor_name"] for entry in trail], ["agent1"])

    def test_asks_a_queue_and_talks_as_three(self):
        page = self.ready_agent("agent1")
        with agent(self.centre, 12, VISITOR_HZ) as other, caller(self.centre, CALLER_HZ) as phone:
            call = to_queue(phone)
            self.answer(page)
            page.click("[data-act=consult]")
            page.click(".ant-segmented-item:has-text('队列')")
            page.click(".target-row:has-text('航班动态')")
            rung = other.phone.expect_call(other.ear)
            page.see("text=在队列“航班动态”等同事接听")
            page.see("[data-act=three][aria-disabled=true]")
            rung.answer()
            page.click("[data-act=three][aria-disabled=false]")
            page.see("text=三方通话")
            for ear, voices in ((phone.ear, (AGENT_HZ, VISITOR_HZ)), (other.ear, (AGENT_HZ, CALLER_HZ))):
                until(lambda: all(ear.share(hertz) > 0.2 for hertz in voices), what=f"{voices} at {ear.hertz}")
            page.click("[data-act=three][aria-pressed=true]")
            until(lambda: other.ear.hears(AGENT_HZ), what="the two without the caller")
            page.click("[data-act=transfer_complete]")
            page.see(".state[data-state=wrap_up]")
            wait_for_tones(phone.ear, other.ear)
            call.hangup()
        self.assertEqual(page.errors(), [])

    def ask_queue(self, page):
        page.click("[data-act=consult]")
        page.click(".ant-segmented-item:has-text('队列')")
        page.click(".target-row:has-text('航班动态')")

    def test_asks_a_queue_that_gives_up(self):
        one = next(row for row in self.admin.get("/agents?q=8011").json["items"])
        self.assertEqual(self.admin.call("PATCH", f"/api/v1/agents/{one['id']}", {"device": "browser"}).status, 200)
        page = self.ready_agent("agent11")  # who is not of the queue that is asked
        with caller(self.centre, CALLER_HZ) as phone:
            with away(self.centre, 12):
                call = to_queue(phone)
                self.answer(page)
                self.ask_queue(page)
                page.see("text=在队列“航班动态”等同事接听")
            page.see("text=没有咨询到“航班动态”：队列里没有坐席了")
            page.click("[data-act=hold]")
            until(lambda: phone.ear.hears(AGENT_HZ), what="the agent is back")
            self.ask_queue(page)
            page.see("text=这个队列现在没有坐席可接")
            call.hangup()
        self.assertEqual(page.errors(), [])

    def test_leader_sees_it(self):
        floor = self.sign_in("lead1", locale="en")
        floor.goto(f"{self.centre.base}/floor")
        with caller(self.centre, CALLER_HZ, "13911112222") as phone:
            self.ready_agent("agent1")
            call = to_queue(phone)
            floor.see("text=13911112222")
            call.hangup()
        self.assertEqual(floor.errors(), [])


if __name__ == "__main__":
    unittest.main()
