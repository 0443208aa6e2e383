#!/usr/bin/env python3
"""Many records at once: changed and deleted together with what is refused told by name, and as a file in the bar's jobs."""

import unittest

from centre import Centre, until
from page import Chromium


class Bulk(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.centre = cls.enterClassContext(Centre())
        cls.api = cls.centre.sign_in("admin")
        cls.browser = cls.enterClassContext(Chromium())

    def setUp(self):
        self.page = self.browser.page(None)
        self.page.sign_in(self.centre, "admin")

    def skills(self):
        return self.api.get("/skills?limit=500").json["items"]

    def test_change_and_delete(self):
        used = len(self.skills())
        made = [self.api.post("/skills", {"name": f"Esperanto {n}"}).json["id"] for n in range(3)]
        page = self.page
        page.goto(f"{self.centre.base}/admin/skills")
        page.see(f".pager >> text=共 {used + 3} 项")
        page.click(".dt thead .ant-checkbox-input")
        page.see(".bulk >> text=已选")
        page.click("[data-act=bulk-change]")
        page.fill("#bulk-value", "all alike")
        page.click(".ant-modal-footer .ant-btn-primary")
        page.see("[data-bulk=over]")
        self.assertEqual({each["note"] for each in self.skills()}, {"all alike"})
        page.click("[data-act=bulk-close]")
        page.call("waitForSelector", ".bulk", {"state": "detached"})
        page.click(".dt thead .ant-checkbox-input")
        page.click("[data-act=bulk-delete]")
        page.click(".ant-modal-confirm-btns .ant-btn-dangerous")
        page.see("[data-bulk=preview] >> text=可以完成 3 /")  # tried out first: what agents and queues need would stay
        page.see(f".bulk-refused li:nth-of-type({used})")
        page.see(".bulk-refused >> text=还在使用")
        self.assertEqual(len(self.skills()), used + 3)
        page.click("[data-act=bulk-go]")
        page.see("[data-bulk=over]")
        until(lambda: len(self.skills()) == used, what="the others deleted")
        self.assertFalse({each["id"] for each in self.skills()} & set(made))
        self.assertEqual(page.errors(), [])

    def test_all_of_the_filter(self):
        for n in range(55):
            self.assertEqual(self.api.post("/customers", {"name": f"Zoe {n:02}", "numbers": []}).status, 201)
        page = self.page
        page.call("evaluate", "localStorage.setItem('lingxi.list.limit', '20')")
        page.goto(f"{self.centre.base}/customers?q=Zoe")
        page.see(".pager >> text=共 55 项")
        page.click(".dt thead .ant-checkbox-input")
        page.click("[data-act=choose-all]")
        page.click("[data-act=bulk-change]")
        page.click(".bulk-form .ant-select")
        page.click(".ant-select-item-option[title='等级']")
        page.click(".ant-modal .ant-segmented-item:has-text('金卡')")
        page.click(".ant-modal-footer .ant-btn-primary")
        page.see("[data-bulk=over]")  # by a job, for there are many
        self.assertEqual(self.api.get("/customers?q=Zoe&tier=gold&limit=1").json["total"], 55)
        page.see("[data-act=bulk-file]")
        page.click("[data-act=bulk-close]")
        page.click("[data-act=jobs]")
        page.see("[data-job][data-state=done] >> text=客户 · 修改")
        page.see("[data-job][data-state=done] [data-act=result] >> text=下载结果")

    def test_tags_of_many(self):
        for n in range(3):
            tags = [{"tag": "秋季"}] if n == 0 else []
            self.assertEqual(self.api.post("/customers", {"name": f"Tess {n}", "numbers": [], "tags": tags}).status, 201)
        page = self.page
        page.goto(f"{self.centre.base}/customers?q=Tess")
        page.see(".pager >> text=共 3 项")
        page.click(".dt thead .ant-checkbox-input")
        page.click("[data-act=bulk-change]")
        page.click(".bulk-form .ant-select")
        page.click(".ant-select-item-option[title='标签']")
        page.see(".bulk-form .ant-segmented-item-selected >> text=添加")
        page.click("#bulk-value button")
        page.fill("#bulk-value-0-tag", "秋季")
        page.click(".ant-modal-footer .ant-btn-primary")
        page.see("[data-bulk=over]")
        tags = [[each["tag"] for each in item["tags"]] for item in self.api.get("/customers?q=Tess").json["items"]]
        self.assertEqual(tags, [["秋季"]] * 3)
        self.assertEqual(page.errors(), [])

    def test_jobs_in_the_bar(self):
        page = self.page
        page.see(".shell")
        job = self.api.post("/customers/export", {"format": "xlsx", "query": {}, "fields": ["name"], "lang": "en", "offset_min": 0}).json
        page.click("[data-act=jobs]")  # comes by itself, with the live event
        page.see(f"[data-job='{job['id']}'][data-state=done] [data-act=result]")
        self.assertEqual(page.errors(), [])


if __name__ == "__main__":
    unittest.main()
