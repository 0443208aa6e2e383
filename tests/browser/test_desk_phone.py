#!/usr/bin/env python3
"""An agent whose phone is a SIP phone on the table: the page is its remote control. It answers by ringing the phone once
more with the wish to be answered at once, holds, consults, transfers and hangs up; the phone does nothing but obey."""

import unittest

from centre import Centre, until
from page import Chromium
from phone import Phone
from rtp import Ear
from scene import agent, caller, history, to_queue

CALLER_HZ, AGENT_HZ, OTHER_HZ = 440, 620, 880


class DeskPhone(unittest.TestCase):
    def setUp(self):
        self.centre = self.enterContext(Centre())
        self.leader = self.centre.sign_in("lead1")
        self.ear = self.enterContext(Ear(AGENT_HZ))
        self.phone = self.enterContext(Phone(self.centre.sip, "8011", "agent11-demo"))
        self.page = self.enterContext(Chromium()).page(None)
        self.page.sign_in(self.centre, "agent11")
        self.assertEqual(self.phone.register(), 200)
        self.page.see("[data-act=ready]:enabled")
        self.page.click("[data-act=ready]")
        self.page.see(".state[data-state=ready]")

    def answer_by_page(self):
        self.phone.expect_call(self.ear, 20)
        self.page.click("[data-act=answer]:enabled")
        asked = self.phone.expect_call(self.ear, 10)
        self.assertIn("answer-after=0", asked.invite.one("call-info"))
        asked.answer()
        self.page.see(".state[data-state=on_contact]")
        return asked

    def test_whole_call_by_page(self):
        with caller(self.centre, CALLER_HZ) as customer:
            call = to_queue(customer)
            rung = self.answer_by_page()
            interaction = self.leader.get("/interactions?state=open").json["items"][0]["id"]
            until(lambda: customer.ear.hears(AGENT_HZ) and self.ear.hears(CALLER_HZ), what="tones both ways")
            self.page.click("[data-act=hold]")
            self.page.see(".talk-notice")
            until(lambda: not customer.ear.hears(AGENT_HZ), what="the customer hears music")
            self.page.click("[data-act=hold]")
            until(lambda: customer.ear.hears(AGENT_HZ), what="the agent again")
            self.page.click("[data-act=hangup]")
            self.assertTrue(rung.ended.wait(10) and call.ended.wait(10))
            self.page.see(".state[data-state=wrap_up]")
        item = history(self.leader, interaction)
        self.assertEqual((item["outcome"], item["cause"], item["agent_name"]), ("answered", "agent_hangup", "徐杰"))
        self.assertEqual(self.page.errors(), [])

    def test_transfer_by_page(self):
        with caller(self.centre, CALLER_HZ) as customer:
            to_queue(customer)
            rung = self.answer_by_page()
            with agent(self.centre, 13, OTHER_HZ) as other:
                self.page.click("[data-act=transfer]")
                self.page.fill(".ant-popover input:not([type=radio])", "8013")
                self.page.press("Enter")
                other.phone.expect_call(other.ear, 10).answer()
                until(lambda: customer.ear.hears(OTHER_HZ) and other.ear.hears(CALLER_HZ), what="the customer with the other")
                self.assertTrue(rung.ended.wait(10))
                self.page.see(".state[data-state=wrap_up]")

    def test_answered_at_the_phone(self):
        with caller(self.centre, CALLER_HZ) as customer:
            call = to_queue(customer)
            self.phone.expect_call(self.ear, 20).answer()
            self.page.see(".state[data-state=on_contact]")
            call.hangup()
            self.page.see(".state[data-state=wrap_up]")


if __name__ == "__main__":
    unittest.main()
