#!/usr/bin/env python3
"""No serious finding of axe in either look in lists, forms and pages of records, and in what opens above them. Where calls
are taken: test_access."""

import pathlib
import tempfile
import unittest

from axe import Judge
from centre import Centre
from page import Chromium

LISTS = ("agents", "users", "sites", "roles", "skills", "queues", "dids", "flows", "prompts", "trunks", "audit")
TABLE = "姓名,电话,等级,备注\n周伯通,13900002222,gold,老顽童\n,13900003333,gold,\n欧阳锋,13900001111,normal,西毒\n"
# Jobs end too soon to be looked at: they are shown as if they were at it.
BUSY = """(() => { const real = window.fetch; window.fetch = async (url, ...more) => {
  const answer = await real(url, ...more);
  if (!String(url).includes('/jobs?')) return answer;
  const page = await answer.json();
  return new Response(JSON.stringify({ ...page, items: page.items.map((job) => ({ ...job, state: 'running', done: 3, total: 9 })) }));
}; })()"""
MODAL, POPOVER = "'.ant-modal'", "'.ant-popover:not(.ant-popover-hidden)'"


class Lists(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.centre = cls.enterClassContext(Centre())
        cls.api = cls.centre.sign_in("admin")
        for name, number in (("欧阳锋", "13900001111"), ("欧阳克", "13900001111")):
            made = cls.api.post("/customers", {"name": name, "numbers": [{"number": number}]})
            assert made.status == 201, made.body
            cls.customer = made.json["id"]
        cls.page = cls.enterClassContext(Chromium()).page(None)
        cls.judge = Judge(cls.page)
        cls.page.sign_in(cls.centre, "admin")

    def setUp(self):
        self.judge.test = self

    def first(self, plural):
        return self.api.get(f"/{plural}").json["items"][0]["id"]

    def close(self, selector):
        self.page.press("Escape")
        self.page.call("waitForSelector", selector, {"state": "hidden"})

    def test_lists(self):
        page, judge = self.page, self.judge
        for plural in LISTS:
            judge.go(f"/admin/{plural}", ".dt [data-row]")
        page.click(".dt [data-row]")
        judge.see("an entry of the trail", ".record .facts", "'.record'")
        judge.go("/customers?q=nobody-like-this", ".lx-state-box")
        judge.go("/customers", ".dt [data-row]")
        page.click("[data-act=columns]")
        judge.see("columns", ".picker-columns", POPOVER)
        self.close(".picker-columns")
        page.click("[data-act=views]")
        judge.see("views", ".view-menu", "'.ant-dropdown'")
        page.click(".view-menu [data-menu-id$=new]")
        judge.see("a view saved", "#view-name", MODAL)
        self.close(".ant-modal")
        page.click(".dt thead .ant-checkbox-input")
        page.click("[data-act=bulk-change]")
        judge.see("many changed", ".bulk-form", MODAL)
        self.close(".ant-modal")
        self.assertEqual(self.api.post("/skills", {"name": "Volapük"}).status, 201)
        gone = self.api.post("/skills", {"name": "Esperanto"}).json["id"]
        self.assertEqual(self.api.delete(f"/skills/{gone}").status, 204)
        judge.go("/admin/skills?deleted=true", f"[data-row='{gone}']")

    def test_forms(self):
        page, judge = self.page, self.judge
        for plural in ("queues", "agents", "flows", "custom_fields"):
            judge.go(f"/admin/{plural}?open=new", ".record-body [id^=field-]")
        judge.go("/admin/settings", ".record-single [id^=field-]")
        judge.go("/admin/teams", ".team")
        judge.go(f"/admin/roles?open={self.first('roles')}", "[data-tab=grants]")
        page.click("[data-tab=grants]")
        judge.see("rights", ".rights-table tbody", "'.record'")
        judge.go(f"/admin/agents?open={self.first('agents')}", ".record-fields")
        for tab, selector in (("relations", ".relations"), ("history", ".history")):
            page.click(f".record [data-tab={tab}]")
            judge.see(tab, selector, "'.record'")
        judge.go("/account", "[data-part=attempts] li")
        page.click("[data-act=new-token]")
        judge.see("a key", "#token-name", MODAL)
        self.close(".ant-modal")

    def test_a_customer(self):
        page, judge = self.page, self.judge
        judge.go(f"/customers/{self.customer}", ".customer-aside .facts")
        page.click(".customer-aside [data-edit=name]")
        judge.see("a field in its place", ".in-place", "'.customer-aside'")
        page.press("Escape")
        for tab, selector in (("changes", ".history"), ("same", "[data-act=merge]")):
            page.click(f"[data-tab={tab}]")
            judge.see(tab, selector, "'.customer-main'")
        page.click("[data-act=merge]")
        judge.see("two made one", ".merge-table", MODAL)
        self.close(".ant-modal")
        page.press("Control+k")
        page.fill(".find-field input", "欧阳")
        judge.see("what is found", ".find-line", MODAL)
        self.close(".find-field")

    def test_import(self):
        page, judge = self.page, self.judge
        judge.go("/import/customers", ".import-drop")
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "people.csv")
            path.write_text(TABLE)
            page.call("setInputFiles", "#import-file", str(path))
            judge.see("columns of a table", ".import-columns")
        page.click("[data-act=check]")
        judge.see("what would happen", "[data-count=rows]")
        page.click("[data-act=run]")
        judge.see("imported", "[data-import=done]")
        page.call("evaluate", BUSY)
        self.assertEqual(self.api.post("/customers/export", {"format": "csv", "query": {}, "fields": ["name"], "lang": "en", "offset_min": 0}).status, 202)
        page.click("[data-act=jobs]")
        judge.see("work at hand", "[data-job] .ant-progress", POPOVER)


if __name__ == "__main__":
    unittest.main()
