#!/usr/bin/env python3
"""Views of lists: whose they are, with whom they are shared and who may share; and what one's own pages remember."""

import unittest

from centre import Api, Centre

PASSWORD = "long enough"


class Views(unittest.TestCase):
    """Teams top > a and b: mia leads top, ann is of a, bob of b; mia alone may share."""

    @classmethod
    def setUpClass(cls):
        cls.centre = cls.enterClassContext(Centre())
        cls.admin = cls.centre.sign_in("admin")
        cls.reads = cls.admin.make("roles", name="reads", grants=[{"right": "customer.read"}])
        cls.shares = cls.admin.make("roles", name="shares", grants=[{"right": "view.share"}, {"right": "team.read", "scope": "teams"}, {"right": "api_token.create"}])
        mia = cls.person("mia", None, cls.reads, cls.shares)
        cls.top = cls.admin.make("teams", name="top", leader=mia)
        cls.a, cls.b = (cls.admin.make("teams", name=name, parent=cls.top) for name in "ab")
        cls.person("ann", cls.a, cls.reads)
        cls.person("bob", cls.b, cls.reads)
        cls.mia, cls.ann, cls.bob = (cls.centre.sign_in(name, PASSWORD) for name in ("mia", "ann", "bob"))

    @classmethod
    def person(cls, name, team, *roles):
        return cls.admin.make("users", name=name, full_name=name, password=PASSWORD, team=team, roles=[{"role": role} for role in roles])

    def save(self, api, **given):
        answer = api.post("/views", {"name": self.id()[-40:], "resource": "customers", "query": {"tier": ["gold"], "sort": "-name"}, **given})
        self.assertEqual(answer.status, 201, answer.body)
        self.addCleanup(self.admin.delete, f"/views/{answer.json['id']}")
        return answer.json

    def refused(self, answer, field, code):
        self.assertEqual(answer.status, 422, answer.body)
        self.assertIn((field, code), [(error["field"], error["code"]) for error in answer.json["errors"]])

    def sees(self, api, view):
        listed = view["id"] in [row["id"] for row in api.get("/views?resource=customers").json["items"]]
        self.assertEqual(api.get(f"/views/{view['id']}").status, 200 if listed else 404)
        return listed

    def test_own(self):
        view = self.save(self.ann, columns=[{"name": "tier", "width": 90}, {"name": "name", "width": None}])
        self.assertEqual((view["owner_name"], view["shared"], [each["name"] for each in view["columns"]]), ("ann", "nobody", ["tier", "name"]))
        self.assertFalse(self.sees(self.bob, view))
        path = f"/views/{view['id']}"
        self.assertEqual(self.bob.patch(path, {"name": "mine"}, "*").status, 404)
        self.assertEqual(self.bob.delete(path).status, 404)
        self.assertEqual(self.ann.patch(path, {"name": "renamed", "query": {}}, "*").json["query"], {})
        self.assertEqual(self.ann.delete(path).status, 204)
        self.assertEqual(self.ann.post(f"{path}/restore", None).json["name"], "renamed")

    def test_a_name_is_one_view_of_a_list(self):
        self.save(self.ann, name="VIP")
        self.refused(self.ann.post("/views", {"name": "VIP", "resource": "customers", "query": {}}), "name", "taken")
        self.save(self.ann, name="VIP", resource="users")
        self.save(self.bob, name="VIP")

    def test_sharing_takes_a_right(self):
        for more in ({"shared": "all"}, {"shared": "team", "team": self.a}, {"standard": True}):
            self.refused(self.ann.post("/views", {"name": "x", "resource": "customers", "query": {}, **more}), next(iter(more)), "beyond")
        view = self.save(self.mia, shared="all")
        self.assertTrue(self.sees(self.ann, view))
        self.assertEqual(self.ann.patch(f"/views/{view['id']}", {"name": "mine"}, "*").status, 403)
        self.assertEqual(self.ann.delete(f"/views/{view['id']}").status, 403)
        self.assertEqual(self.admin.patch(f"/views/{view['id']}", {"position": 3}, "*").status, 200)
        self.assertEqual(self.mia.patch(f"/views/{view['id']}", {"shared": "nobody"}, "*").status, 200)
        self.assertFalse(self.sees(self.ann, view))

    def test_who_may_not_share_any_more(self):
        view = self.save(self.mia, shared="all")
        self.centre.sql(f"UPDATE list_view SET owner = (SELECT id FROM app_user WHERE name = 'ann') WHERE id = {view['id']}")
        path = f"/views/{view['id']}"
        self.assertEqual(self.ann.patch(path, {"name": "still hers"}, "*").status, 200)
        self.refused(self.ann.patch(path, {"standard": True}, "*"), "standard", "beyond")
        self.assertEqual(self.ann.patch(path, {"shared": "nobody"}, "*").status, 200)
        self.refused(self.ann.patch(path, {"shared": "all"}, "*"), "shared", "beyond")

    def test_teams(self):
        self.refused(self.mia.post("/views", {"name": "x", "resource": "customers", "query": {}, "shared": "team"}), "team", "required")
        of_a = self.save(self.mia, shared="team", team=self.a, name="of a")
        self.assertEqual([self.sees(api, of_a) for api in (self.mia, self.ann, self.bob)], [True, True, False])
        below = self.save(self.mia, shared="team", team=self.top, name="below")
        self.assertEqual([self.sees(api, below) for api in (self.mia, self.ann, self.bob)], [True, True, True])
        self.refused(self.mia.post("/views", {"name": "y", "resource": "customers", "query": {}, "shared": "team", "team": "9007199254740000"}), "team", "not_found")

    def test_wrong_ones_name_their_field(self):
        for field, value, code in (("resource", "nonsense", "choice"), ("query", {"tier": 5}, "type"), ("query", {"q": ["x", None]}, "type"),
                                   ("query", {"q": "x" * 300}, "type"), ("query", {f"f{n}": "" for n in range(50)}, "too_long")):
            self.refused(self.ann.post("/views", {"name": "x", "resource": "customers", "query": {}, field: value}), field, code)
        self.refused(self.ann.post("/views", {"name": "x", "resource": "customers", "columns": [{"name": "tier", "width": 3}]}), "columns[0].width", "range")
        self.refused(self.ann.post("/views", {"name": "x", "resource": "customers", "owner": "1"}), "owner", "read_only")

    def test_preferences(self):
        self.assertEqual(self.ann.get("/preferences").json, {})
        kept = {"columns": [["name", 170]], "view": "12"}
        self.assertEqual(self.ann.put("/preferences/list.customers", kept).status, 204)
        self.assertEqual(self.ann.get("/preferences").json, {"list.customers": kept})
        self.assertEqual(self.bob.get("/preferences").json, {})
        self.assertEqual(self.ann.put("/preferences/list.customers", {}).status, 204)
        self.assertEqual(self.ann.get("/preferences").json, {})
        self.refused(self.ann.put("/preferences/UPPER", kept), "name", "format_word")
        self.refused(self.ann.put("/preferences/big", {"x": "y" * 20000}), "", "too_long")
        self.refused(self.ann.put("/preferences/big", [1]), "", "type")
        for n in range(200):
            self.assertEqual(self.ann.put(f"/preferences/n{n}", {"n": n}).status, 204)
        self.refused(self.ann.put("/preferences/one_more", {"n": 1}), "name", "too_long")
        token = self.mia.post("/api_tokens", {"name": "t", "rights": [{"right": "view.share"}]}).json["secret"]
        self.assertEqual(Api(self.centre.base, token).get("/preferences").status, 403)


if __name__ == "__main__":
    unittest.main()
