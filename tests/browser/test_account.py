#!/usr/bin/env python3
"""The own account: a second factor, other sign-ins ended, a key made and told once, taken back; locks taken off on a user's page."""

import unittest

from authenticator import code_of
from axe import Judge
from centre import Api, Centre, until
from page import Chromium


class Account(unittest.TestCase):
    def setUp(self):
        self.centre = self.enterContext(Centre())
        self.chromium = self.enterContext(Chromium())
        self.page = self.chromium.page(None)
        self.page.sign_in(self.centre, "admin")

    def test_account(self):
        page, other = self.page, self.centre.sign_in("admin")
        page.goto(f"{self.centre.base}/account")
        page.see("[data-part=sessions] >> text=当前")
        page.see(f"[data-session='{other.get('/session').json['id']}']")
        page.click("[data-act=end-all]")
        page.click(".ant-modal-confirm-btns .ant-btn-dangerous")
        until(lambda: other.get("/session").status == 401, what="the other sign-in ended")
        page.call("waitForSelector", "[data-act=end-all]", {"state": "detached"})
        page.click("[data-act=new-token]")
        page.fill("#token-name", "nightly")
        page.call("focus", "#token-rights")
        page.call("type", "#token-rights", "查看客户")
        page.press("Enter")
        page.click("label[for=token-name]")  # what the list of rights covers is free again
        page.click(".ant-modal-footer .ant-btn-primary")
        secret = page.call("inputValue", ".account-secret input")
        program = Api(self.centre.base, secret)
        self.assertEqual((program.get("/customers").status, program.get("/users").status), (200, 403))
        page.click("[data-act=secret-kept]")
        page.see("[data-token]:has-text('nightly')")
        self.assertNotIn(secret, page.call("content"))
        page.click("[data-act=revoke]")
        page.click(".ant-modal-confirm-btns .ant-btn-dangerous")
        until(lambda: program.get("/customers").status == 401, what="the key refused")
        page.see("[data-part=attempts] li")
        self.assertEqual(page.errors(), [])

    def test_look_follows_the_person(self):
        page = self.page
        look = "[document.documentElement.lang, document.documentElement.dataset.theme]"
        page.goto(f"{self.centre.base}/account")
        page.click("[data-part=me] .ant-segmented-item:has-text('夜间')")
        page.click("[data-part=me] .ant-segmented-item:has-text('English')")
        page.see("h1:has-text('My account')")
        api = self.centre.sign_in("admin")
        until(lambda: api.get("/preferences").json.get("look") == {"lang": "en", "theme": "dark"}, what="the look on the server")
        other = self.chromium.page(None)
        other.sign_in(self.centre, "admin")
        until(lambda: other.call("evaluate", look) == ["en", "dark"], what="the look at another computer")
        other.call("evaluate", "document.querySelector('.avatar').click()")
        other.click(".ant-dropdown-menu-item:has-text('Sign out')")
        other.click("text=中文")  # said before the sign-in it counts more
        other.fill("input[autocomplete=username]", "admin")
        other.fill("input[autocomplete=current-password]", "admin-demo")
        other.click("button[type=submit]")
        other.see(".shell")
        until(lambda: api.get("/preferences").json["look"]["lang"] == "zh-CN", what="that on the server")
        self.assertEqual(other.call("evaluate", look), ["zh-CN", "dark"])
        self.assertEqual((page.errors(), other.errors()), ([], []))

    def test_locks(self):
        admin = self.centre.sign_in("admin")
        user = admin.get("/users?name=agent3").json["items"][0]["id"]
        for _ in range(3):
            Api(self.centre.base).post("/session", {"username": "agent3", "password": "wrong"})
        page = self.page
        page.goto(f"{self.centre.base}/admin/users?open={user}")
        page.click("[data-tab=locks]")
        page.see(".account-locks >> text=输错 3 次")
        page.click("[data-act=unlock]")
        page.see(".record-body .lx-state-box")
        self.assertEqual(admin.get(f"/users/{user}/locks").json["items"], [])
        self.assertEqual(page.errors(), [])

    def test_second_factor(self):
        page = self.chromium.page(None)
        page.sign_in(self.centre, "lead1")
        judge = Judge(page, self)
        page.goto(f"{self.centre.base}/account")
        page.click("[data-act=factor-setup]")
        page.fill("#password", "not mine")
        page.press("Enter")
        page.see(".ant-form-item-explain-error >> text=不是您的密码")
        page.fill("#password", "lead1-demo")
        page.press("Enter")
        judge.see("the key", "[data-out=key]", "'.ant-modal'")
        judge.turn()
        key = page.text("[data-out=key]").replace(" ", "")
        page.fill("#code", code_of(key))
        page.press("Enter")
        judge.see("codes to keep", "[data-out=codes] li:nth-child(10)", "'.ant-modal'")
        judge.turn()
        kept = page.text("[data-out=codes] li:first-child")
        page.click("[data-act=codes-kept]")
        page.see("[data-part=factor] >> text=还有 10 个备用码")
        again = self.chromium.page(None)
        again.goto(f"{self.centre.base}/signin")
        again.fill("input[autocomplete=username]", "lead1")
        again.fill("input[autocomplete=current-password]", "lead1-demo")
        again.press("Enter")
        again.fill("input[autocomplete=one-time-code]", "123456x")
        again.press("Enter")
        again.see(".signin-refusal >> text=动态码不对")
        again.fill("input[autocomplete=one-time-code]", kept)
        again.press("Enter")
        again.see(".shell")
        user = self.centre.sign_in("admin").get("/users?name=lead1").json["items"][0]["id"]
        self.page.goto(f"{self.centre.base}/admin/users?open={user}")
        self.page.click("[data-tab=locks]")
        self.page.click("[data-act=factor-reset]")
        self.page.click(".ant-modal-confirm-btns .ant-btn-dangerous")
        self.page.see(".factor-state >> text=未启用")
        self.assertEqual(Api(self.centre.base).post("/session", {"username": "lead1", "password": "lead1-demo"}).status, 200)
        self.assertEqual(page.errors() + again.errors() + self.page.errors(), [])


if __name__ == "__main__":
    unittest.main()
