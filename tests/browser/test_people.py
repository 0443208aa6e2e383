#!/usr/bin/env python3
"""Rights from the browser: a role's matrix changes what another person who is signed in sees, at once; what a person may do
is told right by right; teams are a tree."""

import unittest

from centre import Centre, until
from page import Chromium


class People(unittest.TestCase):
    def setUp(self):
        self.centre = self.enterContext(Centre())
        self.chromium = self.enterContext(Chromium())
        self.api = self.centre.sign_in("admin")
        self.page = self.sign_in("admin")

    def sign_in(self, name):
        page = self.chromium.page(None)
        page.sign_in(self.centre, name)
        return page

    def role_of(self, name):
        user = self.api.get(f"/users?name={name}").json["items"][0]
        return user["roles"][0]["role"]

    def grants(self, role):
        return {(each["right"], each["scope"]) for each in self.api.get(f"/roles/{role}").json["grants"]}

    def test_rights_are_felt_at_once(self):
        role = self.role_of("lead1")
        lead = self.sign_in("lead1")
        lead.goto(f"{self.centre.base}/admin/skills")
        lead.see("[data-act=new]")
        page = self.page
        page.goto(f"{self.centre.base}/admin/roles?open={role}")
        page.click("[data-tab=grants]")
        page.fill(".rights-tools input[type=text]", "skill.")
        page.click("[data-grant='skill.create/all']")
        page.click("[data-act=save]")
        until(lambda: ("skill.create", "all") not in self.grants(role), what="the right taken")
        lead.call("waitForSelector", "[data-act=new]", {"state": "detached"})
        lead.see("h1:has-text('技能')")  # without having done anything
        self.assertEqual([*page.errors(), *lead.errors()], [])

    def test_a_scope_for_a_whole_resource(self):
        made = self.api.post("/roles", {"name": "见习班长"}).json["id"]
        page = self.page
        page.goto(f"{self.centre.base}/admin/roles?open={made}")
        page.click("[data-tab=grants]")
        page.click(".rights-head:has-text('录音') td:nth-of-type(2) input")
        page.click("[data-grant='recording.read/all']")
        page.press("Control+s")
        until(lambda: self.grants(made) == {("recording.read", "all"), ("recording.export", "team"),
                                            ("recording.listen", "team"), ("recording.download", "team")}, what="grants saved")
        user = self.api.get("/users?name=agent1").json["items"][0]
        self.api.patch(f"/users/{user['id']}", {"roles": [{"role": made}]}, "*")
        page.goto(f"{self.centre.base}/admin/users?open={user['id']}")
        page.click("[data-tab=may]")
        page.see("[data-may='recording.listen'] >> text=本组")
        page.see("[data-may='recording.read'] >> text=全部")

    def test_teams_are_a_tree(self):
        top = self.api.post("/teams", {"name": "华东中心"}).json["id"]
        page = self.page
        page.goto(f"{self.centre.base}/admin/teams")
        page.call("hover", f"[data-team='{top}']")
        page.click(f"[data-team='{top}'] .team-acts button")
        page.fill("#field-name", "夜班组")
        page.press("Control+s")
        below = until(lambda: self.api.get(f"/teams?parent={top}").json["items"], what="the team below")
        page.see(f"[data-team='{below[0]['id']}'][aria-level='2']")
        page.press("Escape")
        page.call("focus", f"[data-team='{top}']")
        page.press("ArrowLeft")
        page.call("waitForSelector", f"[data-team='{below[0]['id']}']", {"state": "detached"})
        self.assertEqual(page.errors(), [])


if __name__ == "__main__":
    unittest.main()
