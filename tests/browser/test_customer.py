#!/usr/bin/env python3
"""The customer: his page changed in place, found by Ctrl+K from anywhere, and an unknown caller who becomes one on the desk."""

import unittest

from axe import Judge
from centre import Centre, until
from page import Chromium
from scene import caller, to_queue


class Customers(unittest.TestCase):
    def setUp(self):
        self.centre = self.enterContext(Centre())
        self.chromium = self.enterContext(Chromium())
        self.api = self.centre.sign_in("admin")

    def page(self, name, hertz=None):
        page = self.chromium.page(hertz)
        page.sign_in(self.centre, name)
        return page

    def make(self, name, *numbers):
        answer = self.api.post("/customers", {"name": name, "numbers": [{"number": number} for number in numbers]})
        self.assertEqual(answer.status, 201, answer.body)
        return answer.json["id"]

    def read(self, record):
        return self.api.get(f"/customers/{record}").json

    def test_change_in_place(self):
        record = self.make("欧阳锋", "13900001111")
        page = self.page("admin")
        page.goto(f"{self.centre.base}/customers/{record}")
        page.see("h1:has-text('欧阳锋')")
        page.click(".customer-aside [data-edit=tier]")
        page.click(".in-place .ant-segmented-item:has-text('金卡')")
        page.click("[data-act=keep]")
        until(lambda: self.read(record)["tier"] == "gold", what="the tier saved")
        page.see("h1 ~ .lx-tier")
        page.click(".customer-aside [data-edit=name]")
        page.fill("#field-name", "")
        page.press("Enter")
        page.see(".in-place [role=alert]")
        page.press("Escape")
        page.call("waitForSelector", ".in-place", {"state": "detached"})
        self.assertEqual(self.read(record)["name"], "欧阳锋")
        self.api.patch(f"/customers/{record}", {"name": "西毒"}, "*")
        page.see("h1:has-text('西毒')")  # what another changed is shown without asking
        page.click("[data-tab=relations]")
        page.see(".customer-main >> text=没有记录引用它")
        page.click("[data-tab=changes]")
        page.see(".history >> text=金卡")
        self.assertEqual(page.errors(), [])

    def test_two_become_one(self):
        one, other = self.make("张伟", "13900002222"), self.make("张玮", "13900002222", "13900003333")
        self.api.patch(f"/customers/{one}", {"tier": "gold"}, "*")
        page = self.page("admin")
        page.goto(f"{self.centre.base}/customers/{one}")
        page.click("[data-tab=same]")
        page.see(f"[data-alike='{other}'] >> text=号码相同")
        page.click(f"[data-alike='{other}'] [data-act=merge]")
        page.click("[data-merge=name] label >> nth=1")
        page.see("[data-out=name]:has-text('张玮')")
        page.see("[data-out=numbers]:has-text('139 0000 3333')")
        page.click(".ant-modal-footer .ant-btn-primary")
        page.click(".ant-modal-confirm-btns .ant-btn-dangerous")
        page.see("h1:has-text('张玮')")
        merged = self.read(one)
        self.assertEqual((merged["name"], merged["tier"], len(merged["numbers"])), ("张玮", "gold", 2))
        page.goto(f"{self.centre.base}/customers/{other}")  # leads on
        page.see("h1:has-text('张玮')")
        until(lambda: page.call("evaluate", "location.pathname") == f"/customers/{one}", what="the address of the one that is left")
        page.goto(f"{self.centre.base}/customers?open=new")
        page.fill("#field-name", "张威")
        page.see(f"[data-perhaps='{one}'] >> text=姓名相近")
        self.assertEqual(page.errors(), [])

    def test_found_by_key(self):
        record = self.make("欧阳锋", "13900001111")
        page = self.page("agent1")
        for text in ("欧阳", "39000011", "ouyangf", "oyf"):
            page.see(".desk")
            page.press("Control+k")
            page.fill(".find-field input", text)
            page.see(f"[data-found='customers/{record}'][aria-selected=true]")
            page.press("Enter")
            page.see("h1:has-text('欧阳锋')")
            page.goto(f"{self.centre.base}/desk")
        page.see(".desk")
        page.press("Control+k")
        page.see(f"[data-found='recent//customers/{record}']")
        page.fill(".find-field input", "contacts")  # a page by its other name
        page.see("[data-found='/interactions']")
        page.press("Escape")
        page.call("waitForSelector", ".find-field", {"state": "detached"})
        page.press("Control+k")
        page.fill(".find-field input", "no such thing anywhere")
        page.see(".find-none")
        self.assertEqual(page.errors(), [])

    def test_masked_number_is_revealed_with_a_reason(self):
        record = self.make("欧阳锋", "13900001111")
        role = self.api.get("/users?name=agent1").json["items"][0]["roles"][0]["role"]
        grants = [{"right": each["right"], "scope": each["scope"]} for each in self.api.get(f"/roles/{role}").json["grants"]
                  if each["right"] not in ("customer.clear", "customer.reveal")]
        answer = self.api.patch(f"/roles/{role}", {"grants": [*grants, {"right": "customer.reveal", "scope": "all"}]}, "*")
        self.assertEqual(answer.status, 200, answer.body)
        page = self.page("agent1")
        judge = Judge(page, self)
        page.goto(f"{self.centre.base}/customers/{record}")
        page.see(".customer-aside >> text=****")
        page.click(".customer-aside [data-reveal]")
        judge.see("why it is wanted", ".reveal input", "'.reveal'")
        page.fill(".reveal input", "核对身份")
        page.click("[data-act=reveal-do]")
        page.see(".customer-aside >> text=139 0000 1111")
        trail = self.api.get(f"/audit?resource=customer&record={record}&action=reveal").json["items"]
        self.assertEqual(len(trail), 1, trail)
        self.assertEqual(page.errors(), [])

    def test_unknown_caller_becomes_a_customer(self):
        known = self.make("周伯通", "13900002222")
        page = self.page("agent1", 620)
        page.click("[data-act=ready]")
        with caller(self.centre, 440, "13712345678") as phone:
            to_queue(phone)
            page.click("[data-act=answer]")
            page.click("[data-act=new-customer]")
            self.assertEqual(page.call("inputValue", ".new-customer input[readonly]"), "13712345678")
            page.fill("#field-name", "周伯")
            page.click(f"[data-perhaps='{known}'] button")
            page.see(f"[data-customer='{known}']")
            numbers = [each["number"] for each in self.read(known)["numbers"]]
            self.assertEqual(numbers, ["+8613900002222", "+8613712345678"])
        self.assertEqual(page.errors(), [])


if __name__ == "__main__":
    unittest.main()
