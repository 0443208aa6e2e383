#!/usr/bin/env python3
"""What is deleted can be taken back: at once, or from the bin; what is in use is told; a state is moved by its button."""

import unittest

from centre import Centre, until
from page import Chromium


class Bin(unittest.TestCase):
    def setUp(self):
        self.centre = self.enterContext(Centre())
        self.api = self.centre.sign_in("admin")
        self.page = self.enterContext(Chromium()).page(None)
        self.page.sign_in(self.centre, "admin")

    def delete(self, plural, record):
        self.page.goto(f"{self.centre.base}/admin/{plural}?open={record}")
        self.page.see("#field-name")
        self.page.click("[data-act=more]")
        self.page.click(".ant-dropdown-menu-item-danger")
        self.page.click(".ant-modal-confirm-btns .ant-btn-dangerous")

    def status(self, path):
        return self.api.get(path).status

    def test_undo_and_bin(self):
        made = self.api.post("/skills", {"name": "Esperanto"}).json["id"]
        self.delete("skills", made)
        until(lambda: self.status(f"/skills/{made}") == 404, what="the skill deleted")
        self.page.click("[data-act=undo]")
        until(lambda: self.status(f"/skills/{made}") == 200, what="the skill back")
        self.delete("skills", made)
        until(lambda: self.status(f"/skills/{made}") == 404, what="the skill deleted again")
        self.page.goto(f"{self.centre.base}/admin/skills")
        self.page.click("[data-act=bin]")
        self.page.click(f"[data-row='{made}']")
        self.page.click(".record [data-act=restore]")
        until(lambda: self.status(f"/skills/{made}") == 200, what="the skill out of the bin")
        self.page.see(".list-card >> text=回收站是空的")
        self.assertEqual(self.api.delete(f"/skills/{made}").status, 204)
        other = self.api.post("/skills", {"name": "Volapük"}).json["id"]
        self.assertEqual(self.api.delete(f"/skills/{other}").status, 204)
        self.page.goto(f"{self.centre.base}/admin/skills?deleted=true&open={made}")
        self.page.click("[data-act=more]")
        self.page.click(".ant-dropdown-menu-item-danger")
        self.page.click(".ant-modal-confirm-btns .ant-btn-dangerous")
        until(lambda: self.status(f"/skills/{made}?deleted=true") == 404, what="the skill purged")
        self.page.click("[data-act=bin-clear]")
        self.page.click(".ant-modal-confirm-btns .ant-btn-dangerous")
        self.page.see("[data-bulk=over] >> text=完成 1 / 1")
        self.assertEqual(self.status(f"/skills/{other}?deleted=true"), 404)
        self.assertEqual(self.page.errors(), [])

    def test_in_use(self):
        skill = self.api.get("/skills").json["items"][0]
        self.delete("skills", skill["id"])
        self.page.see(".record-note a")
        self.assertEqual(self.status(f"/skills/{skill['id']}"), 200)

    def test_state(self):
        user = self.api.get("/users?name=agent9").json["items"][0]["id"]
        self.page.goto(f"{self.centre.base}/admin/users?open={user}")
        self.page.click("[data-act=suspend]")
        until(lambda: self.api.get(f"/users/{user}").json["state"] == "suspended", what="the user suspended")
        self.page.click("[data-act=activate]")
        until(lambda: self.api.get(f"/users/{user}").json["state"] == "active", what="the user active")
        self.assertEqual(self.page.errors(), [])


if __name__ == "__main__":
    unittest.main()
