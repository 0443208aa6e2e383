#!/usr/bin/env python3
"""The administrator's forms: what is wrong stands under its field in the page's language, two editors are asked, a flow's
text follows the version that is loaded, deleting asks first."""

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
        other = self.api.patch(f"/flows/{flow['id']}", {"graph": graph}, record.headers["ETag"])
        self.assertEqual(other.status, 200, other.body)
        self.page.fill("#field-name", "mine")
        self.page.click("[data-act=save]")
        self.page.click("[role=alert] button:has-text('载入新版本')")
        until(lambda: "goodbye.new" in self.value("graph"), what="the graph of the new version")
        self.page.fill("#field-name", "mine")
        self.assertEqual(self.api.patch(f"/flows/{flow['id']}", {"note": "once more"}, "*").status, 200)
        self.page.click("[data-act=save]")
        self.page.click("[role=alert] button:has-text('用我的改动')")
        until(lambda: self.api.get(f"/flows/{flow['id']}").json["name"] == "mine", what="mine over the newest version")
        self.assertIn("goodbye.new", self.api.get(f"/flows/{flow['id']}").json["graph"]["nodes"])

    def test_deleting_asks(self):
        made = self.api.post("/skills", {"name": "Esperanto"}).json["id"]
        self.open("skills", made)
        self.page.click("[data-act=delete]")
        self.page.click(".ant-modal-confirm-btns .ant-btn-dangerous")
        until(lambda: self.api.get(f"/skills/{made}").status == 404, what="the skill deleted")
        self.assertEqual(self.page.errors(), [])


if __name__ == "__main__":
    unittest.main()
