#!/usr/bin/env python3
"""Administrators of several levels: nobody gives what he does not have, nor touches who has more."""

import unittest

from centre import Api, Centre

PASSWORD = "long enough"


class Levels(unittest.TestCase):
    """Teams: all > north > north-1, and south beside north. `mid` looks after north and what is below."""

    @classmethod
    def setUpClass(cls):
        cls.centre = cls.enterClassContext(Centre())
        cls.admin = cls.centre.sign_in("admin")
        cls.all = cls.admin.make("teams", name="all")
        cls.north = cls.admin.make("teams", name="north", parent=cls.all)
        cls.north1 = cls.admin.make("teams", name="north-1", parent=cls.north)
        cls.south = cls.admin.make("teams", name="south", parent=cls.all)
        cls.worker = cls.role("worker", "interaction.read own", "customer.read all")
        below = [f"{name} teams" for name in ("user.read", "user.create", "user.update", "user.delete", "team.read", "team.create",
                                              "team.update", "team.delete", "interaction.read", "recording.read")]
        cls.keeper = cls.role("keeper", *below, "role.read all", "role.create all", "role.update all", "customer.read all", "agent.read all")
        cls.mid_id = cls.user("mid", cls.north, cls.keeper)
        cls.mid = cls.centre.sign_in("mid", PASSWORD)
        cls.boss = cls.user("boss", cls.north, cls.centre.roles("管理员", admin=cls.admin)[0]["role"])
        cls.far = cls.user("far", cls.south, cls.worker)
        cls.near = cls.user("near", cls.north1, cls.worker)

    @classmethod
    def role(cls, name, *grants):
        return cls.admin.make("roles", name=name, grants=[dict(zip(("right", "scope"), grant.split())) for grant in grants])

    @classmethod
    def user(cls, name, team, *roles):
        return cls.admin.make("users", name=name, full_name=name, password=PASSWORD, team=team, roles=[{"role": role} for role in roles])

    def person(self, name, team, *roles):
        return {"name": name, "full_name": name, "password": PASSWORD, "team": team, "roles": [{"role": role} for role in roles]}

    def refused(self, answer, field, code):
        self.assertEqual(answer.status, 422, answer.body)
        self.assertIn((field, code), [(error["field"], error["code"]) for error in answer.json["errors"]])

    def grant(self, right, scope):
        return {"name": f"{right} {scope}", "grants": [{"right": right, "scope": scope}]}

    def test_sees_his_own_people_alone(self):
        page = self.mid.get("/users?limit=500").json
        names = {user["name"] for user in page["items"]}
        self.assertLessEqual({"mid", "boss", "near"}, names)
        self.assertFalse({"far", "admin", "agent1"} & names)
        self.assertEqual(page["total"], len(page["items"]))
        self.assertEqual(self.mid.get(f"/users/{self.far}").status, 404)
        self.assertEqual({team["name"] for team in self.mid.get("/teams").json["items"]} & {"all", "south", "north", "north-1"},
                         {"north", "north-1"})

    def test_makes_people_below_him(self):
        self.assertEqual(self.mid.post("/users", self.person("fresh", self.north1, self.worker)).status, 201)
        self.refused(self.mid.post("/users", self.person("away", self.south, self.worker)), "team", "not_found")
        self.refused(self.mid.post("/users", self.person("loose", None, self.worker)), "team", "scope")

    def test_gives_no_role_that_is_more_than_his(self):
        admin = self.centre.roles("管理员", admin=self.admin)[0]["role"]
        self.refused(self.mid.post("/users", self.person("king", self.north1, admin)), "roles", "beyond")
        self.refused(self.mid.patch(f"/users/{self.near}", {"roles": [{"role": admin}]}, "*"), "roles", "beyond")
        everything = self.role("reads all", "interaction.read all")
        self.refused(self.mid.patch(f"/users/{self.near}", {"roles": [{"role": everything}]}, "*"), "roles", "beyond")
        self.assertEqual(self.mid.post("/users", self.person("second", self.north1, self.keeper)).status, 201)

    def test_touches_nobody_who_has_more(self):
        for change in ({"password": "mine from now on"}, {"full_name": "x"}, {"roles": []}, {"team": self.north1}):
            self.assertEqual(self.mid.patch(f"/users/{self.boss}", change, "*").status, 403, change)
            self.assertEqual(self.mid.patch(f"/users/{self.far}", change, "*").status, 404, change)
        self.assertEqual(self.mid.delete(f"/users/{self.boss}").status, 403)
        self.assertEqual(self.mid.post(f"/users/{self.boss}/suspend", {}).status, 403)
        self.assertEqual(Api(self.centre.base).post("/session", {"username": "boss", "password": PASSWORD}).status, 200)

    def test_does_not_raise_himself(self):
        admin = self.centre.roles("管理员", admin=self.admin)[0]["role"]
        himself = f"/users/{self.mid_id}"
        self.refused(self.mid.patch(himself, {"roles": [{"role": self.keeper}, {"role": admin}]}, "*"), "roles", "beyond")
        self.refused(self.mid.patch(himself, {"team": self.all}, "*"), "team", "not_found")
        self.assertEqual(self.mid.patch(himself, {"language": "en"}, "*").status, 200)
        self.refused(self.mid.patch(f"/teams/{self.north}", {"parent": self.south}, "*"), "parent", "not_found")
        self.assertEqual(self.mid.patch(f"/teams/{self.all}", {"leader": self.mid_id}, "*").status, 404)
        agent = self.admin.make("agents", number="7801", name="Empty", extension="7801")
        self.refused(self.mid.patch(himself, {"agent": agent}, "*"), "agent", "beyond")
        sets = self.admin.make("data_sets", name="everybody", members=[{"team": self.all}])
        self.assertEqual(self.mid.patch(f"/data_sets/{sets}", {"members": []}, "*").status, 403)

    def test_makes_roles_of_what_he_has(self):
        self.assertEqual(self.mid.post("/roles", self.grant("user.read", "teams")).status, 201)
        self.assertEqual(self.mid.post("/roles", self.grant("user.read", "own")).status, 201)
        self.refused(self.mid.post("/roles", self.grant("user.read", "all")), "grants", "beyond")
        self.refused(self.mid.post("/roles", self.grant("user.read", "site")), "grants", "beyond")
        self.refused(self.mid.post("/roles", self.grant("audit.read", "own")), "grants", "beyond")
        self.refused(self.mid.post("/roles", {"name": "all", "all_rights": True}), "all_rights", "beyond")

    def test_changes_no_role_of_others(self):
        """The worker's role is no more than his, but somebody holds it whom he does not look after."""
        self.assertEqual(self.mid.patch(f"/roles/{self.worker}", {"grants": []}, "*").status, 403)
        self.assertEqual(self.mid.patch(f"/roles/{self.centre.roles('班长', admin=self.admin)[0]['role']}", {"note": "x"}, "*").status, 403)
        made = self.mid.post("/roles", self.grant("recording.read", "team")).json["id"]
        self.assertEqual(self.mid.patch(f"/roles/{made}", {"note": "his own"}, "*").status, 200)
        self.refused(self.mid.patch(f"/roles/{made}", {"grants": [{"right": "setting.update"}]}, "*"), "grants", "beyond")

    def test_makes_teams_below_his_own(self):
        made = self.mid.post("/teams", {"name": "north-2", "parent": self.north})
        self.assertEqual(made.status, 201, made.body)
        self.assertEqual(self.mid.post("/users", self.person("in two", made.json["id"], self.worker)).status, 422)  # no such name
        self.assertEqual(self.mid.post("/users", self.person("in-two", made.json["id"], self.worker)).status, 201)
        self.refused(self.mid.post("/teams", {"name": "island"}), "", "scope")
        self.refused(self.mid.post("/teams", {"name": "annex", "parent": self.south}), "parent", "not_found")

    def test_a_level_below(self):
        low = self.role("low", "user.read team", "user.update team", "role.read all", "team.read team", "interaction.read team", "customer.read all")
        made = self.mid.post("/users", self.person("low", self.north1, low))
        self.assertEqual(made.status, 201, made.body)
        below = self.centre.sign_in("low", PASSWORD)
        self.assertEqual(below.patch(f"/users/{self.near}", {"full_name": "by low"}, "*").status, 200)
        self.assertEqual(below.patch(f"/users/{self.mid_id}", {"full_name": "x"}, "*").status, 404)
        self.refused(below.patch(f"/users/{made.json['id']}", {"roles": [{"role": self.keeper}]}, "*"), "roles", "beyond")
        self.refused(below.patch(f"/users/{self.near}", {"roles": [{"role": self.keeper}]}, "*"), "roles", "beyond")

    def test_somebody_with_all_rights_stays(self):
        admin = self.centre.roles("管理员", admin=self.admin)[0]["role"]
        for user in self.admin.get(f"/users?roles.role={admin}").json["items"]:
            if user["name"] != "admin":
                self.assertEqual(self.admin.patch(f"/users/{user['id']}", {"roles": []}, "*").status, 200)
        mine = self.admin.get("/session").json["user"]["id"]
        self.refused(self.admin.patch(f"/users/{mine}", {"roles": []}, "*"), "roles", "last_admin")
        self.assertEqual(self.admin.post(f"/users/{mine}/suspend", {}).status, 422)
        self.refused(self.admin.patch(f"/roles/{admin}", {"all_rights": False}, "*"), "all_rights", "last_admin")
        self.refused(self.admin.delete(f"/users/{mine}"), "", "last_admin")
        roles = self.admin.get(f"/users/{mine}").json["roles"]
        self.assertEqual(self.admin.patch(f"/users/{self.boss}", {"roles": [{"role": roles[0]["role"]}]}, "*").status, 200)


if __name__ == "__main__":
    unittest.main()
