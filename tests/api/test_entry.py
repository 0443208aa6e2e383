#!/usr/bin/env python3
"""Coming in: sign-ins that are looked at and ended, a second factor, keys for programs, and the history of every attempt."""

import datetime
import unittest

from authenticator import code_of
from centre import Api, Centre, until
from ws import WebSocket

SIGNED_OUT, RIGHTS_CHANGED = 4001, 4002
PASSWORD = "long enough"


class Entry(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.centre = cls.enterClassContext(Centre())
        cls.admin = cls.centre.sign_in("admin")
        cls.team = cls.admin.make("teams", name="here")
        cls.role = cls.admin.make("roles", name="here", grants=[
            {"right": "customer.read"}, {"right": "customer.create"}, {"right": "api_token.create"}, {"right": "user.read", "scope": "team"},
            {"right": "session.read", "scope": "team"}, {"right": "session.delete", "scope": "team"}, {"right": "live.watch", "scope": "team"}])
        for name, team in (("one", cls.team), ("two", cls.team), ("far", None)):
            cls.admin.make("users", name=name, full_name=name, password=PASSWORD, team=team, roles=[{"role": cls.role}])

    def sign_in(self, name):
        return self.centre.sign_in(name, PASSWORD)

    def key(self, api, *rights, **fields):
        answer = api.post("/api_tokens", {"name": "nightly", "rights": [{"right": right} for right in rights], **fields})
        self.assertEqual(answer.status, 201, answer.body)
        return answer.json

    def refused(self, answer, field, code):
        self.assertEqual(answer.status, 422, answer.body)
        self.assertIn((field, code), [(error["field"], error["code"]) for error in answer.json["errors"]])


class Sessions(Entry):
    def mine(self, api):
        return api.get("/session").json["id"]

    def test_own_sessions(self):
        first, second, far = self.sign_in("far"), self.sign_in("far"), self.sign_in("one")
        self.assertNotIn(self.mine(far), [row["id"] for row in first.get("/sessions").json["items"]])
        rows = {row["id"]: row for row in first.get("/sessions").json["items"]}
        self.assertEqual(rows[self.mine(second)]["address"], "127.0.0.1")
        self.assertIn("Python", rows[self.mine(second)]["user_agent"])
        self.assertEqual({row["user_name"] for row in rows.values()}, {"far"})
        self.assertEqual(first.delete(f"/sessions/{self.mine(far)}").status, 404)
        with WebSocket(self.centre.http, "/api/v1/events", f"Authorization: Bearer {second.token}") as line:
            line.receive()
            self.assertEqual(first.delete(f"/sessions/{self.mine(second)}").status, 204)
            self.assertEqual(line.close_code(), SIGNED_OUT)
        self.assertEqual((first.get("/session").status, second.get("/session").status), (200, 401))
        trail = self.admin.get("/audit?resource=session&action=delete").json["items"]
        self.assertEqual(trail[0]["actor_name"], "far")

    def test_all_others_at_once(self):
        first, second, third, far = self.sign_in("one"), self.sign_in("one"), self.sign_in("one"), self.sign_in("far")
        gone = {self.mine(second), self.mine(third)}
        with WebSocket(self.centre.http, "/api/v1/events", f"Authorization: Bearer {third.token}") as line:
            line.receive()
            self.assertEqual(first.delete("/sessions").status, 204)
            self.assertEqual(line.close_code(), SIGNED_OUT)
        self.assertEqual([each.get("/session").status for each in (first, second, third, far)], [200, 401, 401, 200])
        trail = self.admin.get("/audit?resource=session&action=delete").json["items"]
        self.assertLessEqual(gone, {row["record"] for row in trail})

    def test_those_of_others_by_right(self):
        one, two, far = self.sign_in("one"), self.sign_in("two"), self.sign_in("far")
        seen = {row["user_name"] for row in one.get("/sessions?limit=500").json["items"]}
        self.assertEqual(seen, {"one", "two"})
        self.assertEqual(one.delete(f"/sessions/{self.mine(far)}").status, 404)
        self.assertEqual(one.delete(f"/sessions/{self.mine(two)}").status, 204)
        self.assertEqual((two.get("/session").status, far.get("/session").status), (401, 200))


class Keys(Entry):
    def test_does_what_it_names(self):
        one = self.sign_in("one")
        made = self.key(one, "customer.read", "user.read")
        self.assertTrue(made["secret"].startswith("lx_"))
        self.assertTrue(made["secret"].startswith(made["hint"]))
        program = Api(self.centre.base, made["secret"])
        self.assertEqual(program.get("/customers").status, 200)
        self.assertEqual(program.post("/customers", {"name": "x"}).status, 403)
        self.assertEqual({user["name"] for user in program.get("/users?limit=500").json["items"]}, {"one", "two"})
        self.assertEqual(set(program.get("/session").json["rights"]) & {"customer.read", "customer.create"}, {"customer.read"})
        self.assertNotIn(made["secret"], str(one.get("/api_tokens").json))
        again = one.get(f"/api_tokens/{made['id']}").json
        self.assertEqual(("secret" in again, "token" in again), (False, False))
        self.assertIsNotNone(until(lambda: one.get(f"/api_tokens/{made['id']}").json["seen"], what="the key was used"))

    def test_revoked(self):
        """It works no more and stays in the list; his own anybody revokes, others' who has the right."""
        one = self.sign_in("one")
        key = self.key(one, "customer.read")
        program = Api(self.centre.base, key["secret"])
        self.assertEqual((program.get("/customers").status, one.get(f"/api_tokens/{key['id']}").json["actions"]), (200, ["revoke"]))
        self.assertIn(self.centre.sign_in("agent9").post(f"/api_tokens/{key['id']}/revoke", {}).status, (403, 404))
        answer = one.post(f"/api_tokens/{key['id']}/revoke", {})
        self.assertEqual((answer.status, answer.json["state"], answer.json["actions"]), (200, "revoked", []))
        self.assertEqual(program.get("/customers").status, 401)
        self.assertEqual(one.post(f"/api_tokens/{key['id']}/revoke", {}).status, 409)

    def test_is_no_person(self):
        """Nor does a key make keys, or end sign-ins it was not given the right to."""
        one = self.sign_in("one")
        program = Api(self.centre.base, self.key(one, "customer.read", "api_token.create")["secret"])
        self.assertEqual(program.post("/api_tokens", {"name": "more", "rights": [{"right": "customer.read"}]}).status, 403)
        self.assertEqual(program.put("/session/password", {"old_password": PASSWORD, "password": "another one"}).status, 403)
        self.assertEqual(program.delete("/session").status, 403)
        self.assertEqual(program.get("/sessions").status, 403)
        self.assertEqual(program.delete("/sessions").status, 403)
        self.assertEqual(program.get("/agents/me").status, 403)
        self.assertEqual(one.get("/session").status, 200)

    def test_gives_no_more_than_its_maker_has(self):
        one = self.sign_in("one")
        self.refused(one.post("/api_tokens", {"name": "x", "rights": [{"right": "user.update"}]}), "rights[0].right", "beyond")
        self.refused(one.post("/api_tokens", {"name": "x", "rights": [{"right": "nonsense"}]}), "rights[0].right", "choice")
        self.refused(one.post("/api_tokens", {"name": "x", "rights": [], "user": "1"}), "user", "unknown")
        self.assertEqual(self.centre.sign_in("agent9").post("/api_tokens", {"name": "x", "rights": [{"right": "customer.read"}]}).status, 403)

    def test_loses_what_its_owner_loses(self):
        role = self.admin.make("roles", name="passing", grants=[{"right": "customer.read"}, {"right": "api_token.create"}])
        user = self.admin.make("users", name="passing", full_name="x", password=PASSWORD, roles=[{"role": role}])
        program = Api(self.centre.base, self.key(self.sign_in("passing"), "customer.read")["secret"])
        self.assertEqual(program.get("/customers").status, 200)
        self.assertEqual(self.admin.patch(f"/users/{user}", {"roles": []}, "*").status, 200)
        self.assertEqual(program.get("/customers").status, 403)
        self.assertEqual(self.admin.patch(f"/users/{user}", {"roles": [{"role": role}]}, "*").status, 200)
        self.assertEqual(program.get("/customers").status, 200)
        self.assertEqual(self.admin.post(f"/users/{user}/suspend", {}).status, 200)
        self.assertEqual(program.get("/customers").status, 401)

    def test_all_rights_are_cut_too(self):
        program = Api(self.centre.base, self.key(self.admin, "customer.read")["secret"])
        self.assertEqual((program.get("/customers").status, program.get("/users").status), (200, 403))
        self.assertEqual(program.get("/api_tokens").status, 403)
        role = {"name": "mine", "all_rights": True}
        self.assertEqual(program.post("/roles", role).status, 403)

    def test_ends(self):
        one = self.sign_in("one")
        past = self.key(one, "customer.read", expires="2020-01-01T00:00:00Z")
        self.assertEqual(Api(self.centre.base, past["secret"]).get("/customers").status, 401)
        soon = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=1)).isoformat()
        made = self.key(one, "customer.read", "live.watch", expires=soon)
        program = Api(self.centre.base, made["secret"])
        with WebSocket(self.centre.http, "/api/v1/events", f"Authorization: Bearer {made['secret']}") as line:
            line.receive()
            self.assertEqual(self.sign_in("far").delete(f"/api_tokens/{made['id']}").status, 404)
            self.assertEqual(one.delete(f"/api_tokens/{made['id']}").status, 204)
            self.assertEqual(line.close_code(), SIGNED_OUT)
        self.assertEqual(program.get("/customers").status, 401)
        self.assertEqual(Api(self.centre.base, made["secret"][:-1] + "x").get("/customers").status, 401)

    def test_stands_in_the_trail(self):
        one = self.sign_in("one")
        made = self.key(one, "customer.create")
        record = Api(self.centre.base, made["secret"]).post("/customers", {"name": "By key"}).json
        trail = self.admin.get(f"/audit?record={record['id']}").json["items"]
        self.assertEqual([(row["actor_name"], row["action"]) for row in trail], [("one (nightly)", "create")])
        row = self.admin.get(f"/audit?resource=api_token&record={made['id']}").json["items"][0]
        self.assertEqual((row["actor_name"], row["changes"]["token"]), ("one", [None, "***"]))
        self.assertNotIn(made["secret"], str(row))


class SecondFactor(Entry):
    def person(self, name, **fields):
        self.admin.make("users", name=name, full_name=name, password=PASSWORD, team=self.team, roles=[{"role": self.role}], **fields)
        return self.sign_in(name)

    def enter(self, name, **more):
        return Api(self.centre.base).post("/session", {"username": name, "password": PASSWORD, **more})

    def activate(self, api):
        made = api.post("/session/factor", {"password": PASSWORD})
        self.assertEqual(made.status, 201, made.body)
        done = api.put("/session/factor", {"code": code_of(made.json["key"])})
        self.assertEqual(done.status, 200, done.body)
        return made.json, done.json["codes"]

    def denied(self, answer, code, status=401):
        self.assertEqual((answer.status, answer.json["code"]), (status, code), answer.body)

    def test_from_the_key_to_the_last_code(self):
        api = self.person("careful")
        self.refused(api.post("/session/factor", {"password": "not this one"}), "password", "wrong")
        self.refused(api.post("/session/factor", {}), "password", "required")
        self.refused(api.put("/session/factor", {"code": "000000"}), "code", "wrong")
        self.assertEqual(api.get("/session/factor").json, {"active": False, "since": None, "codes_left": 0})
        made, codes = self.activate(api)
        self.assertEqual(made["uri"].split("?")[1], f"secret={made['key']}&issuer=Lingxi")
        self.assertEqual((len(set(codes)), api.get("/session/factor").json["codes_left"]), (10, 10))
        self.assertTrue(api.get("/session").json["second_factor"])
        self.denied(api.post("/session/factor", {"password": PASSWORD}), "active", 409)
        self.denied(self.enter("careful"), "second_factor")
        self.denied(self.enter("careful", code="000000"), "second_factor_wrong")
        code = code_of(made["key"], 1)
        self.assertEqual(self.enter("careful", code=f"{code[:3]} {code[3:]}").status, 200)
        self.denied(self.enter("careful", code=code), "second_factor_wrong")  # each is good once
        self.assertEqual(self.enter("careful", code=codes[0].upper().replace("-", " ")).status, 200)
        self.denied(self.enter("careful", code=codes[0]), "second_factor_wrong")
        self.assertEqual(api.get("/session/factor").json["codes_left"], 9)
        fresh = api.post("/session/factor/codes", {"password": PASSWORD}).json["codes"]
        self.denied(self.enter("careful", code=codes[1]), "second_factor_wrong")
        self.assertEqual(self.admin.get("/audit?action=factor_codes").json["items"][0]["actor_name"], "careful")
        self.assertEqual(self.enter("careful", code=fresh[0]).status, 200)
        self.assertEqual(api.post("/session/factor/end", {"password": PASSWORD}).status, 204)
        self.assertEqual(self.enter("careful").status, 200)

    def test_stands_in_lists_trail_and_history(self):
        made, codes = self.activate(self.person("listed"))
        user = self.admin.get("/users?name=listed").json["items"][0]
        self.assertTrue(user["second_factor"])
        trail = self.admin.get(f"/audit?resource=user&record={user['id']}&action=update").json["items"]
        self.assertEqual((trail[0]["actor_name"], trail[0]["changes"]["second_factor"]), ("listed", [False, True]))
        self.enter("listed", code="999999x")
        until(lambda: self.admin.get("/sign_ins?name=listed&result=code").json["items"], what="the attempt")
        kept = str(self.centre.sql("SELECT hash FROM factor_code"))
        self.assertFalse([code for code in codes if code.replace("-", "") in kept])
        self.assertNotIn(made["key"], str(trail))

    def test_guessing_locks(self):
        self.activate(self.person("guessed"))
        answers = [self.enter("guessed", code=f"{n:06d}").status for n in range(7)]
        self.assertEqual(answers, [401] * 5 + [429] * 2)

    def test_only_the_person_turns_it_on(self):
        self.person("unwilling")
        user = self.admin.get("/users?name=unwilling").json["items"][0]["id"]
        self.refused(self.admin.patch(f"/users/{user}", {"second_factor": True}, "*"), "second_factor", "read_only")
        key = self.key(self.sign_in("unwilling"), "customer.read")
        self.denied(Api(self.centre.base, key["secret"]).post("/session/factor", {"password": PASSWORD}), "person", 403)

    def test_who_has_lost_it(self):
        self.activate(self.person("forgetful"))
        user = self.admin.get("/users?name=forgetful").json["items"][0]["id"]
        self.assertEqual(self.sign_in("one").delete(f"/users/{user}/factor").status, 403)
        self.denied(self.enter("forgetful"), "second_factor")
        self.assertEqual(self.admin.delete(f"/users/{user}/factor").status, 204)
        self.assertEqual(self.enter("forgetful").status, 200)
        self.assertEqual(self.centre.sql(f"SELECT count(*) FROM factor WHERE app_user = {user}"), [["0"]])
        self.assertEqual(self.admin.delete("/users/9007199254740000/factor").status, 404)

    def test_a_role_that_needs_it(self):
        role = self.admin.make("roles", name="watchful", second_factor=True, grants=[{"right": "customer.read"}])
        self.admin.make("users", name="new", full_name="New", password=PASSWORD, roles=[{"role": role}])
        api = self.sign_in("new")
        self.assertTrue(api.get("/session").json["factor_due"])
        self.denied(api.get("/customers"), "factor_due", 403)
        self.activate(api)
        self.assertFalse(api.get("/session").json["factor_due"])
        self.assertEqual(api.get("/customers").status, 200)


class History(Entry):
    def attempts(self, **query):
        return self.admin.get("/sign_ins?" + "&".join(f"{name}={value}" for name, value in query.items())).json["items"]

    def test_every_attempt(self):
        nobody = Api(self.centre.base)
        self.assertEqual(nobody.post("/session", {"username": "one", "password": "wrong one"}).status, 401)
        self.assertEqual(nobody.post("/session", {"username": "nobody", "password": "wrong one"}).status, 401)
        self.assertEqual(nobody.post("/session", {"username": "My Secret Word!", "password": "x"}).status, 401)
        one = self.sign_in("one")
        until(lambda: len(self.attempts(result="unknown")) == 2, what="three attempts noted")
        told = [(row["name"], row["user_name"], row["result"], row["address"]) for row in self.attempts(name="one")]
        self.assertEqual(told[:2], [("one", "one", "ok", "127.0.0.1"), ("one", "one", "password", "127.0.0.1")])
        self.assertEqual({row["name"] for row in self.attempts(result="unknown")}, {"nobody", None})
        self.assertNotIn("Secret", str(self.attempts(limit=500)))
        self.assertEqual({row["result"] for row in self.attempts(q="one")} >= {"ok", "password"}, True)
        self.assertEqual({row["name"] for row in self.attempts(q="nobody")}, {"nobody"})
        self.assertTrue(one.get("/sessions?q=127.0.0.1").json["items"])
        self.assertEqual(one.get("/sessions?q=10.9.8.7").json["items"], [])
        self.assertIn("Python", self.attempts(name="nobody")[0]["user_agent"])
        self.assertEqual({row["user_name"] for row in one.get("/sign_ins").json["items"]}, {"one"})

    def test_a_locked_name(self):
        nobody = Api(self.centre.base)
        statuses = [nobody.post("/session", {"username": "far", "password": "wrong one"}).status for _ in range(7)]
        self.assertEqual(statuses, [401] * 5 + [429] * 2)
        until(lambda: len(self.attempts(name="far")) == 7, what="all noted")
        self.assertEqual([row["result"] for row in self.attempts(name="far")], ["locked"] * 2 + ["password"] * 5)


if __name__ == "__main__":
    unittest.main()
