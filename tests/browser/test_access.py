#!/usr/bin/env python3
"""No serious finding of axe in either look where calls are taken, watched and looked up, nor before the sign-in; and a
whole call by keys alone. Lists, forms and what opens in them: test_access_lists."""

import unittest

from axe import Judge
from centre import Centre, until
from page import Chromium
from scene import caller, last_from, to_queue


class Access(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.centre = cls.enterClassContext(Centre())
        cls.chromium = cls.enterClassContext(Chromium())

    def judged(self, name, hertz=620):
        page = self.chromium.page(hertz)
        judge = Judge(page, self)
        if name:
            page.sign_in(self.centre, name)
        return page, judge

    def test_a_call_and_its_traces(self):
        page, judge = self.judged("agent2")
        judge.see("the desk", "[data-act=ready]:enabled")
        page.click("[data-act=ready]")
        page.see(".state[data-state=ready]")
        with caller(self.centre, 440) as phone:
            call = to_queue(phone)
            judge.see("ringing", "[data-act=answer]:enabled")
            page.click("[data-act=answer]")
            judge.see("talking", ".state[data-state=on_contact]")
            page.click("[data-act=transfer]")
            judge.see("transfer", ".ant-popover", "'.ant-popover'")
            page.call("evaluate", "document.activeElement.blur()")
            call.hangup()
            judge.see("wrap-up", ".state[data-state=wrap_up]")
        page.click("[data-act=finish]")
        self.assertEqual(self.centre.sign_in("agent2").put("/agents/me/state", {"state": "not_ready"}).status, 200)
        page.see(".state[data-state=not_ready]")
        interaction = last_from(self.centre.sign_in("lead1"), "13800000001")
        page, judge = self.judged("lead1", None)
        judge.go("/floor", ".ant-segmented")
        judge.go("/interactions", ".dt [data-row]")
        judge.go(f"/interactions/{interaction}", "[data-act=edit]")
        page.click("[data-act=edit]")
        judge.see("its note", ".note-form", "'.note-form'")

    def test_before_the_sign_in(self):
        page, judge = self.judged(None)
        for path, selector in (("/signin", "button[type=submit]"), ("/call", "[data-act=call]")):
            page.goto(self.centre.base + path)
            judge.see(path, selector)

    def open_states(self, page):
        page.press("F8")
        page.see(".ant-dropdown:not(.ant-dropdown-hidden) .ant-dropdown-menu-item")
        until(lambda: page.call("evaluate", "document.activeElement.closest('.ant-dropdown-menu') !== null"), what="the focus in the menu")

    def test_call_by_keys(self):
        page, _ = self.judged("agent1")
        until(lambda: self.centre.sign_in("agent1").get("/agents/me").json["state"].get("phone"), what="the page's phone")
        self.open_states(page)
        page.press("Enter")
        page.see(".state[data-state=ready]")
        with caller(self.centre, 440) as phone:
            to_queue(phone)
            page.see("[data-act=answer]:enabled")
            page.press("a")
            page.see(".state[data-state=on_contact]")
            page.wait_for_sound()
            page.press("h")
            page.see(".talk-notice")
            page.press("h")
            until(lambda: phone.ear.hears(620), what="the agent again")
            page.press("m")
            page.see(".talk-notice")
            page.press("m")
            page.press("q")
            page.see(".state[data-state=wrap_up]")
        page.press("1")
        page.see("[data-result='1'][aria-pressed=true]")
        page.press("e")
        page.see(".state[data-state=ready]")
        self.open_states(page)
        page.press("ArrowDown")
        page.see(".ant-dropdown-menu-item-active:has-text('小休')")
        page.press("Enter")
        page.see(".state[data-state=not_ready]")
        self.assertEqual(page.errors(), [])


if __name__ == "__main__":
    unittest.main()
