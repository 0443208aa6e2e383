#!/usr/bin/env python3
"""A table becomes customers: its columns are named by hand and remembered, what would happen is seen before, duplicates are
chosen one by one, and what was refused comes back as a file. A custom field: made, shown, filled, filtered by."""

import pathlib
import tempfile
import unittest
import urllib.parse

from centre import Centre, until
from page import Chromium
from sheets import as_csv, as_xlsx

HEAD = ("姓名", "手机", "备用栏")


class Import(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.centre = cls.enterClassContext(Centre())
        cls.api = cls.centre.sign_in("admin")
        cls.page = cls.enterClassContext(Chromium()).page(None)
        cls.page.sign_in(cls.centre, "admin")
        cls.folder = cls.enterClassContext(tempfile.TemporaryDirectory())

    def send(self, name, data):
        path = pathlib.Path(self.folder, name)
        path.write_bytes(data)
        self.page.goto(f"{self.centre.base}/customers")
        self.page.click("[data-act=import]")
        self.page.call("setInputFiles", "#import-file", str(path))
        self.page.see(".import-columns >> text=备用栏")

    def column(self, number):
        return self.page.text(f".import-columns tbody tr:nth-child({number}) .ant-select-content")

    def counts(self, *names):
        return {name: self.page.text(f"[data-count={name}] dd") for name in names}

    def found(self, name):
        return self.api.get(f"/customers?q={urllib.parse.quote(name)}").json["items"]

    def test_tables(self):
        page = self.page
        known = self.api.post("/customers", {"name": "王重阳", "numbers": [{"number": "13900007777"}]})
        self.assertEqual(known.status, 201, known.body)
        rows = [HEAD, ("郭靖", "13900005555", "侠"), ("黄蓉", "1", "女侠"), ("王重阳", "13900007777", "全真")]
        self.send("people.csv", as_csv(rows).decode().encode("gb18030"))
        page.see(".import-columns >> text=郭靖")
        page.click(".import-columns [data-column='2']")
        page.fill(".import-columns [data-column='2'] input", "备注")
        page.click(".ant-select-item-option[title='备注']")
        page.click("[data-act=check]")
        page.see("[data-count=rows]")
        self.assertEqual(self.counts("rows", "new", "duplicates", "refused"), {"rows": "3", "new": "1", "duplicates": "1", "refused": "1"})
        page.see(".import-found [data-n='3']:has-text('黄蓉') .lx-over")
        page.click("[data-tab=duplicate]")
        page.see(".import-found [data-n='4'] >> text=王重阳")
        page.click(".import-found [data-n='4'] .ant-select")
        page.click(".ant-select-item-option[title='更新']")
        page.click("[data-act=check]")
        until(lambda: self.counts("changed")["changed"] == "1", what="the choice counted")
        page.click("[data-act=run]")
        page.see("[data-import=done]")
        self.assertEqual([each["note"] for each in self.found("郭靖")], ["侠"])
        self.assertEqual([each["note"] for each in self.found("王重阳")], ["全真"])
        self.assertEqual(self.found("黄蓉"), [])
        file = page.call("evaluate", "fetch(document.querySelector('[data-act=refused]').href).then((got) => got.arrayBuffer()).then((got) => [...new Uint8Array(got)])")
        text = bytes(file).decode("gb18030" if not bytes(file).startswith(b"\xef\xbb\xbf") else "utf-8-sig")
        self.assertIn("黄蓉", text)
        self.assertNotIn("郭靖", text)

        self.send("more.xlsx", as_xlsx([HEAD, ("小龙女", "13900006666", "古墓")]))  # the same head is known now
        self.assertEqual(self.column(3), "备注")
        page.click("[data-act=check]")
        page.see("[data-count=rows]")
        self.assertEqual(self.counts("new", "refused"), {"new": "1", "refused": "0"})
        page.click("[data-act=run]")
        page.see("[data-import=done]")
        page.click(".import-foot a:has-text('客户')")
        page.fill(".list-search input", "小龙女")
        page.see(".dt [data-row]:has-text('小龙女') >> text=139 0000 6666")
        self.assertEqual(page.errors(), [])

    def test_custom_field(self):
        page = self.page
        customer = self.api.post("/customers", {"name": "阿紫"}).json["id"]
        page.goto(f"{self.centre.base}/admin/custom_fields?open=new")
        page.fill("#field-label", "会员号")
        page.fill("#field-label-en", "Member number")
        page.fill("#field-name", "member")
        page.click(".record-yes:has-text('在列表中显示') button")
        page.click("[data-act=save]")
        until(lambda: self.api.get("/custom_fields").json["total"] == 1, what="the field made")
        page.click(".rail a[href='/customers']")  # no page was loaded again
        page.see(".dt th:has-text('会员号')")
        page.click(f"[data-row='{customer}']")
        page.click(".customer-aside [data-edit=x_member]")
        page.fill("#field-x_member", "M-77")
        page.press("Enter")
        until(lambda: self.api.get(f"/customers/{customer}").json["x_member"] == "M-77", what="the value")
        page.click(".rail a[href='/customers']")
        page.see(f"[data-row='{customer}'] >> text=M-77")
        page.click("[data-act=more-filters]")
        page.click(".filter-menu .ant-dropdown-menu-item:has-text('会员号')")
        page.fill(".filter-pop input", "M-77")
        page.press("Enter")
        page.see(".pager >> text=共 1 项")
        page.click(".rail a[href='/customers']")
        page.press("n")
        page.click(".record [data-tab]:has-text('自定义')")
        page.see(".record #field-x_member")
        self.assertEqual(page.errors(), [])


if __name__ == "__main__":
    unittest.main()
