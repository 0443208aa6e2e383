#!/usr/bin/env python3
"""The administrator's forms: what is wrong stands under its field in the page's language, two editors are asked, a flow's
text follows the version that is loaded, what was typed stays, deleting asks first. Lists by keys, filters and columns."""

import unittest

from centre import Centre, until
from page import Chromium


class Administration(unittest.TestCase):
    def setUp(self):
        self.centre = self.enterContext(Centre())
        self.api = self.centre.sign_in("admin")
        self.page = self.enterContext(Chromium()).page(None)
        self.page.sign_in(self.centre, "admin")

    def open(self, plural, record):
        self.page.goto(f"{self.centre.base}/admin/{plural}?open={record}")
        self.page.see("#field-name")

    def value(self, field):
        return self.page.call("inputValue", f"#field-{field}")

    def test_wrong_input_names_the_field(self):
        self.open("agents", "new")
        for field, text in (("number", "9001"), ("name", "新人"), ("extension", "90x")):
            self.page.fill(f"#field-{field}", text)
        self.page.click("[data-act=save]")
        self.page.see(".ant-form-item:has(#field-extension) .record-error >> text=只能是可拨的号码")
        self.page.fill("#field-extension", "9001")
        self.page.click("[data-act=save]")
        until(lambda: self.api.get("/agents?number=9001").json["total"] == 1, what="the agent made")

    def test_two_editors(self):
        flow = self.api.get("/flows").json["items"][0]
        self.open("flows", flow["id"])
        record = self.api.get(f"/flows/{flow['id']}")
        graph = record.json["graph"]
        graph["nodes"]["goodbye.new"] = {"type": "hangup"}
        other = self.api.patch(f"/flows/{flow['id']}", {"graph": graph, "name": "theirs"}, record.headers["ETag"])
        self.assertEqual(other.status, 200, other.body)
        self.page.fill("#field-name", "mine")
        self.page.fill("#field-note", "my note")
        self.page.click("[data-act=save]")
        self.page.see("[role=alert] >> text=admin")  # who it was
        self.page.see("[data-clash=name]")
        self.page.click("[data-clash=name] .ant-radio-wrapper:has-text('theirs')")
        self.page.click("[data-act=settle]")
        until(lambda: self.api.get(f"/flows/{flow['id']}").json["note"] == "my note", what="what was chosen saved")
        now = self.api.get(f"/flows/{flow['id']}").json
        self.assertEqual(now["name"], "theirs")
        self.assertIn("goodbye.new", now["graph"]["nodes"])
        until(lambda: "goodbye.new" in self.value("graph"), what="the graph of the new version")
        self.page.fill("#field-name", "mine again")
        self.assertEqual(self.api.patch(f"/flows/{flow['id']}", {"note": "once more"}, "*").status, 200)
        self.page.click("[data-act=save]")
        self.page.click("[data-act=theirs]")
        until(lambda: self.value("note") == "once more", what="the new version")
        self.assertEqual(self.value("name"), "theirs")

    def test_what_was_typed_stays(self):
        skill = self.api.get("/skills").json["items"][0]
        self.open("skills", skill["id"])
        self.page.fill("#field-note", "half a thought")
        self.page.click(".admin-nav a[href='/admin/queues']")
        self.page.see("h1:has-text('队列')")
        self.open("skills", skill["id"])
        until(lambda: self.value("note") == "half a thought", what="what was typed")
        self.page.click(".record-restored button")
        until(lambda: self.value("note") != "half a thought", what="it given up")

    def test_list_by_keys(self):
        page = self.page
        page.goto(f"{self.centre.base}/admin/agents")
        page.see(".dt [data-row]")
        page.press("/")
        until(lambda: page.call("evaluate", "document.activeElement.closest('.list-search') !== null"), what="the search")
        page.fill(".list-search input", "8007")
        until(lambda: page.call("evaluate", "document.querySelectorAll('.dt [data-row]').length") == 1, what="one found")
        page.press("ArrowDown")
        page.press(" ")
        page.see(".pager >> text=已选 1 项")
        page.press("Enter")
        until(lambda: self.value("number") == "8007", what="the form")
        page.press("Escape")
        page.call("waitForSelector", ".record", {"state": "detached"})
        page.call("evaluate", "document.activeElement.blur()")
        page.press("n")
        page.see(".record #field-name")
        page.press("Control+s")
        page.see(".record-error")

    def test_columns_filters_and_sort_stay(self):
        page = self.page
        page.goto(f"{self.centre.base}/admin/agents")
        page.click("[data-filter=device]")
        page.click(".filter-pop label:has-text('话机')")
        page.press("Escape")
        count = self.api.get("/agents?device=phone&limit=1").json["total"]
        page.see(f".pager >> text=共 {count} 项")
        page.click("[data-act=columns]")
        page.click("[data-column=auto_answer] label:has-text('自动应答')")
        page.see(".dt th:has-text('自动应答')")
        page.press("Escape")
        page.click(".dt th button:has-text('姓名')")
        page.call("reload")
        page.see(".dt th[aria-sort=ascending]:has-text('姓名')")
        page.see(".dt th:has-text('自动应答')")
        page.see(f".pager >> text=共 {count} 项")

    def test_audit_trail(self):
        queue = self.api.get("/queues").json["items"][0]
        self.api.patch(f"/queues/{queue['id']}", {"priority": 61, "ring_timeout_ms": 31000}, "*")
        page = self.page
        page.goto(f"{self.centre.base}/admin/audit?resource=queue&action=update")
        page.click(".dt [data-row]")
        page.see(".record .changes >> text=31 秒")
        page.see(f".record .changes >> text={queue['priority']}")
        page.click(".record button:has-text('只看这条记录')")
        page.see(".filter-set:has-text('记录')")
        page.click(f".record a:has-text('{queue['name']}')")
        until(lambda: self.value("priority") == "61", what="the record of the trail")
        gone = self.api.post("/skills", {"name": "Esperanto"}).json["id"]
        self.assertEqual(self.api.delete(f"/skills/{gone}").status, 204)
        page.goto(f"{self.centre.base}/admin/audit?record={gone}&action=delete")
        page.see(".dt [data-row]:has-text('Esperanto')")

    def test_the_trail_of_a_flow_chosen_by_name(self):
        flow = self.api.get("/flows").json["items"][0]
        nodes = {**flow["graph"]["nodes"], "late": {"type": "hangup"}}
        self.assertEqual(self.api.patch(f"/flows/{flow['id']}", {"graph": {**flow["graph"], "nodes": nodes}}, "*").status, 200)
        page = self.page
        page.goto(f"{self.centre.base}/admin/audit?resource=flow")
        page.click("[data-filter=record]")
        page.fill(".filter-pop .ant-select >> nth=1 >> input", flow["name"])
        page.click(f".ant-select-item-option[title='{flow['name']}']")
        page.see(f"[data-filter=record].filter-set:has-text('{flow['name']}')")
        self.assertEqual(page.call("evaluate", "location.search"), f"?resource=flow&record={flow['id']}")
        page.click(".dt [data-row]")
        page.see(".json-parts li:has-text('步骤') >> text=新增 late")
        page.click(".json-text:has-text('新的 JSON') summary")
        page.see(".json-text[open] pre:has-text('hangup')")

    def test_deleting_asks(self):
        made = self.api.post("/skills", {"name": "Esperanto"}).json["id"]
        self.open("skills", made)
        self.page.click("[data-act=more]")
        self.page.click(".ant-dropdown-menu-item-danger")
        self.page.click(".ant-modal-confirm-btns .ant-btn-dangerous")
        until(lambda: self.api.get(f"/skills/{made}").status == 404, what="the skill deleted")
        self.assertEqual(self.page.errors(), [])


if __name__ == "__main__":
    unittest.main()
