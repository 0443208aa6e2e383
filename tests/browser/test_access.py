#!/usr/bin/env python3
"""The pages of a running centre for everybody: no serious finding of axe in either theme, and a whole call by keys alone."""

import unittest

from centre import ROOT, Centre, until
from page import Chromium
from scene import agent, caller, history, talk, to_queue

AXE = (ROOT / "web/node_modules/axe-core/axe.min.js").read_text()
RUN = """axe.run(document, {resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']})
  .then(({violations}) => violations.filter(({impact}) => impact === 'serious' || impact === 'critical')
    .map(({id, nodes}) => `${id}: ${nodes.map((node) => `${node.target.join(' ')} ${node.any[0]?.message ?? ''}`).join('; ')}`))"""
ADMIN = ("agents", "users", "sites", "roles", "skills", "queues", "dids", "flows", "prompts", "trunks")
LOOKS = (("zh-CN", "light"), ("en", "dark"))


class Access(unittest.TestCase):
    def setUp(self):
        self.centre = self.enterContext(Centre())
        self.chromium = self.enterContext(Chromium())

    def page(self, name, locale="zh-CN", theme="light", hertz=620):
        page = self.chromium.page(hertz, locale)
        page.call("addInitScript", {"content": f"localStorage.setItem('lingxi.theme', '{theme}')"})
        if name:
            page.sign_in(self.centre, name)
        return page

    def check(self, page, path, selector):
        if path:
            page.goto(self.centre.base + path)
        page.see(selector)
        until(lambda: page.call("evaluate", "document.getAnimations().every((one) => one.playState !== 'running' || one.effect.getTiming().iterations === Infinity)"),
              what="what opens has opened")
        page.call("evaluate", AXE)
        with self.subTest(path=path or selector):
            self.assertEqual(page.call("evaluate", RUN), [])

    def test_leader_and_administrator(self):
        with agent(self.centre, 11, 620) as one, caller(self.centre, 440) as phone:
            call, _, interaction = talk(phone, one)
            call.hangup()
            one.wait_state("wrap_up")
        history(self.centre.sign_in("lead1"), interaction)
        for locale, theme in LOOKS:
            page = self.page("admin", locale, theme)
            self.check(page, "/floor", ".ant-segmented")
            self.check(page, "/interactions", ".dt [data-row]")
            self.check(page, f"/interactions/{interaction}", "[data-act=edit]")
            page.click("[data-act=edit]")
            self.check(page, None, ".note-form")
            for plural in ADMIN:
                self.check(page, f"/admin/{plural}", ".dt [data-row]")
            for plural in ("agents", "queues", "flows"):
                self.check(page, f"/admin/{plural}?open=new", ".record-body [id^=field-]")
            self.check(page, "/admin/settings", ".record-single [id^=field-]")
            self.check_work(page)
            self.check(self.page(None, locale, theme), "/signin", "button[type=submit]")
            self.check(self.page(None, locale, theme), "/call", "[data-act=call]")

    def check_work(self, page):
        """Pages that are not drawn from descriptors alone, and what opens in lists."""
        api = self.centre.sign_in("admin")
        customer, role, queue = (api.get(f"/{plural}").json["items"][0]["id"] for plural in ("customers", "roles", "queues"))
        self.check(page, "/customers", ".dt [data-row]")
        self.check(page, "/customers?q=nobody-like-this", ".lx-state-box")
        self.check(page, f"/customers/{customer}", ".customer-aside .facts")
        page.click(".customer-aside [data-edit=name]")
        self.check(page, None, ".in-place")
        page.click("[data-tab=changes]")
        self.check(page, None, ".history")
        self.check(page, "/admin/teams", ".team")
        self.check(page, f"/admin/roles?open={role}", "[data-tab=grants]")
        page.click("[data-tab=grants]")
        self.check(page, None, ".rights-table tbody")
        self.check(page, "/admin/audit", ".dt [data-row]")
        page.click(".dt [data-row]")
        self.check(page, None, ".record .facts")
        self.check(page, f"/admin/queues?open={queue}", ".record-fields")
        page.click("[data-tab=history]")
        self.check(page, None, ".history")
        page.click("[data-act=columns]")
        self.check(page, None, ".picker-columns")
        page.press("Control+k")
        page.fill(".find-field input", "a")
        self.check(page, None, ".find-line")
        page.press("Escape")

    def test_agent(self):
        for number, (locale, theme) in enumerate(LOOKS, 1):
            page = self.page(f"agent{number}", locale, theme)
            self.check(page, "/desk", "[data-act=ready]:enabled")
            page.click("[data-act=ready]")
            page.see(".state[data-state=ready]")
            with caller(self.centre, 440) as phone:
                call = to_queue(phone)
                self.check(page, None, "[data-act=answer]:enabled")
                page.click("[data-act=answer]")
                self.check(page, None, ".state[data-state=on_contact]")
                page.click("[data-act=transfer]")
                self.check(page, None, ".ant-popover")
                page.call("evaluate", "document.activeElement.blur()")
                call.hangup()
                self.check(page, None, ".state[data-state=wrap_up]")
            page.click("[data-act=finish]")
            self.centre.sign_in(f"agent{number}").put("/agents/me/state", {"state": "not_ready"})
            page.see(".state[data-state=not_ready]")

    def open_states(self, page):
        page.press("F8")
        page.see(".ant-dropdown:not(.ant-dropdown-hidden) .ant-dropdown-menu-item")
        until(lambda: page.call("evaluate", "document.activeElement.closest('.ant-dropdown-menu') !== null"), what="the focus in the menu")

    def test_call_by_keys(self):
        page = self.page("agent1")
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
