#!/usr/bin/env python3
"""The contact's page and the list after a call: note and result are changed by who had the call and by leaders, two
writers at a time are asked, and the sheet that is exported reads as the page does."""

import csv
import io
import unittest

from centre import Centre, until
from page import Chromium
from scene import agent, caller, history, talk

NOTE = "[aria-label='记录']"


class Contact(unittest.TestCase):
    def setUp(self):
        self.centre = self.enterContext(Centre())
        self.lead = self.centre.sign_in("lead1")
        with agent(self.centre, 11, 620) as one, caller(self.centre, 440) as phone:
            call, _, self.interaction = talk(phone, one)
            call.hangup()
            one.wait_state("wrap_up")
        history(self.lead, self.interaction)
        self.chromium = self.enterContext(Chromium())

    def open(self, name):
        page = self.chromium.page(880)
        page.sign_in(self.centre, name)
        page.goto(f"{self.centre.base}/interactions/{self.interaction}")
        page.click("[data-act=edit]")
        return page

    def note(self):
        return self.lead.get(f"/interactions/{self.interaction}").json["note"]

    def test_note_by_who_had_it(self):
        page = self.open("agent11")
        page.fill(NOTE, "改签到周五")
        page.click("[data-act=save]")
        page.see("text=改签到周五")
        until(lambda: self.note() == "改签到周五", what="the note saved")
        trail = self.centre.sign_in("admin").get(f"/audit?record={self.interaction}&action=update").json["items"]
        self.assertEqual((trail[0]["actor_name"], trail[0]["changes"]["note"]), ("agent11", [None, "改签到周五"]))
        other = self.centre.sign_in("agent12")
        self.assertEqual(other.patch(f"/interactions/{self.interaction}", {"note": "mine"}, "*").status, 404)

    def test_two_writers(self):
        page = self.open("lead1")
        tag = self.lead.get(f"/interactions/{self.interaction}").headers["ETag"]
        self.assertEqual(self.lead.patch(f"/interactions/{self.interaction}", {"note": "first"}, tag).status, 200)
        page.fill(NOTE, "second")
        page.click("[data-act=save]")
        page.see("[role=alert] >> text=first")
        self.assertEqual(self.note(), "first")
        page.click("[data-act=over]")
        until(lambda: self.note() == "second", what="mine put over it")

    def test_sheet(self):
        tag = self.lead.get(f"/interactions/{self.interaction}").headers["ETag"]
        self.lead.patch(f"/interactions/{self.interaction}", {"note": '=cmd|"/c calc", 逗号'}, tag)
        raw = self.lead.get("/interactions?format=csv&lang=en&offset_min=480").body
        self.assertTrue(raw.startswith(b"\xef\xbb\xbf"))
        rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"))))
        self.assertEqual(rows[0]["Note"], '\'=cmd|"/c calc", 逗号')
        self.assertRegex(rows[0]["Started (UTC+08:00)"], r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$")
        self.assertGreater(float(rows[0]["Talking (s)"]), 0)

    def test_sheet_in_the_language_of_the_page(self):
        page = self.chromium.page(880, "en-GB")
        page.sign_in(self.centre, "lead1")
        page.goto(f"{self.centre.base}/interactions")
        page.see("[data-act=export]")
        page.call("evaluate", "void (HTMLAnchorElement.prototype.click = function () { window.fetched = this.href; })")
        page.click("[data-act=export]")
        page.click(".ant-dropdown-menu-item:has-text('CSV')")
        fetched = until(lambda: page.call("evaluate", "window.fetched ?? null"), what="the sheet asked for")
        self.assertIn("lang=en", fetched)
        self.assertIn("format=csv", fetched)


if __name__ == "__main__":
    unittest.main()
