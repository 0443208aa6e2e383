#!/usr/bin/env python3
"""A list's view: saved, sent as a link, changed, opened by default, shared; columns, their order and width on another computer."""

import unittest

from centre import Centre, until
from page import Chromium


class Views(unittest.TestCase):
    def setUp(self):
        self.centre = self.enterContext(Centre())
        self.api = self.centre.sign_in("lead1")
        for name, tier in (("Anna", "gold"), ("Berta", "normal"), ("Clara", "gold")):
            self.assertEqual(self.api.post("/customers", {"name": f"Zoe {name}", "tier": tier}).status, 201)
        self.chromium = self.enterContext(Chromium())
        self.page = self.chromium.page(None)
        self.page.sign_in(self.centre, "lead1")

    def choose(self, page, act):
        page.click("[data-act=views]")
        page.click(f".view-menu .ant-dropdown-menu-item:has-text('{act}')")

    def name(self, page, name, *ticks):
        page.fill("#view-name", name)
        for tick in ticks:
            page.click(f".view-form label:has-text('{tick}')")
        page.click(".ant-modal-footer .ant-btn-primary")

    def url(self, page):
        return page.call("evaluate", "location.search")

    def test_views(self):
        page = self.page
        page.goto(f"{self.centre.base}/customers?q=Zoe&tier=gold&sort=-name")
        page.see(".pager >> text=共 2 项")
        self.choose(page, "另存为新视图")
        self.name(page, "金卡客户", "所有人", "我打开这个列表时使用")
        page.see("[data-act=views]:has-text('金卡客户')")
        view = self.api.get("/views").json["items"][0]
        self.assertEqual((view["query"], view["shared"]), ({"q": ["Zoe"], "tier": ["gold"], "sort": ["-name"]}, "all"))

        other = self.chromium.page(None)  # somebody else, by the short link; then the list without its filter
        other.sign_in(self.centre, "agent1")
        other.goto(f"{self.centre.base}/customers?view={view['id']}")
        other.see(".pager >> text=共 2 项")
        other.see("[data-act=views][data-dirty=false]:has-text('金卡客户')")
        other.click("[data-filter=tier]")
        other.click(".filter-pop label:has-text('普通')")
        other.see("[data-act=views][data-dirty=true]")
        other.click("[data-act=views]")
        other.see(".view-menu >> text=放弃改动")
        self.assertFalse(other.call("isVisible", ".view-menu >> text=保存改动"))
        other.click(".view-menu >> text=放弃改动")
        other.see("[data-act=views][data-dirty=false]")

        page.goto(f"{self.centre.base}/customers")  # opens with it
        page.see("[data-act=views]:has-text('金卡客户')")
        page.click("[data-filter=tier]")
        page.click(".filter-pop label:has-text('普通')")
        page.press("Escape")
        page.see(".pager >> text=共 3 项")
        self.choose(page, "保存改动")
        page.see("[data-act=views][data-dirty=false]")
        self.assertEqual(set(self.api.get(f"/views/{view['id']}").json["query"]["tier"]), {"gold", "normal"})

        self.assertEqual(self.api.patch(f"/views/{view['id']}", {"query": {"tier": ["gold"], "shoe_size": ["44"]}}, "*").status, 200)
        page.goto(f"{self.centre.base}/customers?view={view['id']}")
        page.see(".view-notice:has-text('shoe_size')")
        self.assertIn("tier=gold", self.url(page))
        self.choose(page, "删除此视图")
        page.click("[data-act=undo]")
        until(lambda: self.api.get("/views").json["items"], what="the view again")
        self.assertEqual(self.api.delete(f"/views/{view['id']}").status, 204)
        other.goto(f"{self.centre.base}/customers?view={view['id']}&q=Zoe")
        other.see(".view-notice")
        other.see(".pager >> text=共 3 项")
        self.assertEqual((page.errors(), other.errors()), ([], []))

    def heads(self, page):
        return page.call("evaluate", "[...document.querySelectorAll('.dt th:not(.dt-box)')].map((one) => one.innerText.trim())")

    def test_columns_follow_the_person(self):
        page = self.page
        page.goto(f"{self.centre.base}/customers?q=Zoe")
        page.see(".dt [data-row]")
        before = self.heads(page)
        page.click("[data-act=columns]")
        page.click("[data-column=tier] .picker-up")
        page.call("focus", "[data-column=name] .ant-btn >> nth=1")
        page.press("Alt+ArrowDown")
        after = self.heads(page)
        self.assertNotEqual(after, before)
        self.assertEqual(sorted(after), sorted(before))
        page.press("Escape")
        page.call("focus", ".dt th:nth-child(2) .dt-edge")
        page.press("ArrowRight")
        width = page.call("evaluate", "document.activeElement.getAttribute('aria-valuenow')")
        until(lambda: any(each[1] for each in self.api.get("/preferences").json.get("list.customers", {}).get("columns", [])), what="the width on the server")
        other = self.chromium.page(None)
        other.sign_in(self.centre, "lead1")
        other.goto(f"{self.centre.base}/customers?q=Zoe")
        other.see(".dt [data-row]")
        self.assertEqual(self.heads(other), after)
        self.assertEqual(other.call("getAttribute", ".dt th:nth-child(2) .dt-edge", "aria-valuenow"), width)
        self.assertEqual(page.errors(), [])


if __name__ == "__main__":
    unittest.main()
