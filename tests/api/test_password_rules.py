#!/usr/bin/env python3
"""What passwords must be, when they must be others, and what wrong ones do: settings, and who may take a lock off."""

import contextlib
import os
import sqlite3
import unittest

from centre import Api, Centre
from ws import WebSocket

FIRST, SECOND, THIRD = "First-one-1", "Second-one-2", "Third-one-3"
RULES = {"password_min": 8, "password_classes": 1, "password_history": 0, "password_days": 0, "lock_after": 5, "lock_ms": 30000}


class Rules(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.centre = cls.enterClassContext(Centre())
        cls.admin = cls.centre.sign_in("admin")
        cls.setting = f"/settings/{cls.admin.get('/settings').json['items'][0]['id']}"

    def setUp(self):
        self.set_rules(**RULES)

    def set_rules(self, **rules):
        answer = self.admin.patch(self.setting, rules, "*")
        self.assertEqual(answer.status, 200, answer.body)

    def make(self, name, **more):
        answer = self.admin.post("/users", {"name": name, "full_name": name, "password": FIRST, **more})
        self.assertEqual(answer.status, 201, answer.body)
        return answer.json["id"]

    def renew(self, api, old, new):
        return api.put("/session/password", {"old_password": old, "password": new})

    def sign_in(self, name, password):
        return Api(self.centre.base).post("/session", {"username": name, "password": password})

    def refused(self, answer, code):
        self.assertEqual(answer.status, 422, answer.body)
        self.assertEqual([(error["field"], error["code"]) for error in answer.json["errors"]], [("password", code)])

    def test_length_and_classes(self):
        user = self.make("rules")
        api = self.centre.sign_in("rules", FIRST)
        self.set_rules(password_min=12, password_classes=3)
        for path in ("/users", f"/users/{user}"):
            body = {"name": "more", "full_name": "x"} if path == "/users" else {}
            ask = (lambda body, path=path: self.admin.post(path, body) if path == "/users" else self.admin.patch(path, body, "*"))
            self.refused(ask({**body, "password": "Short-one-1"}), "too_short")
            self.refused(ask({**body, "password": "long enough but plain"}), "classes")
        self.refused(self.renew(api, FIRST, "Short-one-1"), "too_short")
        self.refused(self.renew(api, FIRST, "onlysmallletters"), "classes")
        self.assertEqual(self.renew(api, FIRST, "Long-enough-now-1").status, 204)

    def test_former_ones(self):
        self.make("former")
        api = self.centre.sign_in("former", FIRST)
        self.set_rules(password_history=2)
        self.assertEqual(self.renew(api, FIRST, SECOND).status, 204)
        self.refused(self.renew(api, SECOND, FIRST), "used")
        self.assertEqual(self.renew(api, SECOND, THIRD).status, 204)
        self.assertEqual(self.renew(api, THIRD, FIRST).status, 204)

    def only_the_password(self, api):
        session = api.get("/session").json
        self.assertTrue(session["password_due"])
        for path in ("/customers", "/live", "/agents/me", "/reasons"):
            answer = api.get(path)
            self.assertEqual((answer.status, answer.json["code"]), (403, "password_due"), path)
        with WebSocket(self.centre.http, "/api/v1/events", f"Authorization: Bearer {api.token}") as line:
            self.assertEqual(line.status, 403)

    def test_at_the_first_sign_in(self):
        user = self.make("fresh", must_change=True)
        api = self.centre.sign_in("fresh", FIRST)
        self.only_the_password(api)
        self.assertEqual(self.renew(api, FIRST, SECOND).status, 204)
        self.assertFalse(api.get("/session").json["password_due"])
        self.assertEqual(api.get("/reasons").status, 200)
        self.assertFalse(self.admin.get(f"/users/{user}").json["must_change"])

    def test_too_old(self):
        user = self.make("aged")
        api = self.centre.sign_in("aged", FIRST)
        self.set_rules(password_days=1)
        self.assertFalse(api.get("/session").json["password_due"])
        self.assertIsNotNone(self.admin.get(f"/users/{user}").json["password_changed"])
        if os.environ.get("LX_POSTGRES"):
            return
        with contextlib.closing(sqlite3.connect(self.centre.data / "desk.db", timeout=10)) as database, database:
            database.execute("UPDATE app_user SET password_changed = password_changed - 2 * 86400000 WHERE name = 'aged'")
        self.only_the_password(api)
        self.assertEqual(self.renew(api, FIRST, SECOND).status, 204)
        self.assertEqual(api.get("/reasons").status, 200)

    def test_locks(self):
        user = self.make("locked")
        self.set_rules(lock_after=3, lock_ms=60000)
        self.assertEqual([self.sign_in("locked", "wrong one").status for _ in range(4)], [401] * 3 + [429])
        self.assertEqual(self.sign_in("locked", FIRST).status, 429)
        locks = self.admin.get(f"/users/{user}/locks").json["items"]
        self.assertEqual([(lock["address"], lock["failures"]) for lock in locks], [("127.0.0.1", 3)])
        self.assertTrue(50000 < locks[0]["locked_ms"] <= 60000)
        self.assertEqual(self.centre.sign_in("lead1").post(f"/users/{user}/unlock", {}).status, 403)
        self.assertEqual(self.admin.post(f"/users/{user}/unlock", {}).status, 204)
        self.assertEqual(self.sign_in("locked", FIRST).status, 200)
        self.assertEqual(self.admin.get(f"/users/{user}/locks").json["items"], [])
        trail = self.admin.get(f"/audit?resource=user&record={user}&action=unlock").json["items"]
        self.assertEqual([row["actor_name"] for row in trail], ["admin"])


if __name__ == "__main__":
    unittest.main()
