#!/usr/bin/env python3
"""What other programs rely on: health, sign-in, collections with ETag, problems, metrics, the pages."""

import contextlib
import http.client
import json
import pathlib
import unittest

from centre import Api, Centre, until


class Interface(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.centre = cls.enterClassContext(Centre())
        cls.nobody = Api(cls.centre.base)
        cls.admin = cls.centre.sign_in("admin")
        cls.agent = cls.centre.sign_in("agent9")

    def problem(self, answer, status, code=None):
        self.assertEqual(answer.status, status, answer.body)
        self.assertTrue(answer.headers["Content-Type"].startswith("application/problem+json"), answer.headers["Content-Type"])
        self.assertEqual(answer.json["status"], status)
        if code:
            self.assertEqual(answer.json["code"], code)

    def test_health(self):
        answer = self.nobody.get("/health")
        self.assertEqual((answer.status, answer.json["status"], answer.json["switch"]), (200, "ok", True))

    def test_sign_in(self):
        self.problem(self.nobody.post("/session", {"username": "agent1", "password": "wrong"}), 401, "credentials")
        self.problem(self.nobody.post("/session", {"username": "nobody", "password": "wrong"}), 401, "credentials")
        session = self.agent.get("/session").json
        self.assertEqual((session["user"]["name"], session["user"]["roles"], session["agent"]["number"]), ("agent9", ["坐席"], "8009"))

    def test_another_site_signs_nobody_in(self):
        """It would sign the browser in as somebody of its choice, who then reads what is typed there."""
        body = {"username": "agent9", "password": "agent9-demo"}
        for headers in ({"Origin": "http://elsewhere.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"},
                        {"Sec-Fetch-Site": "same-site"}, {"Origin": "http://elsewhere.example", "Content-Type": "text/plain"}):
            answer = self.nobody.call("POST", "/api/v1/session", body, headers)
            self.problem(answer, 403, "origin")
            self.assertIsNone(answer.headers["Set-Cookie"])
        for headers in ({"Origin": self.centre.base}, {"Sec-Fetch-Site": "same-origin"}, {}):
            self.assertEqual(self.nobody.call("POST", "/api/v1/session", body, headers).status, 200)

    def test_own_password(self):
        api, other = self.centre.sign_in("agent8"), self.centre.sign_in("agent8")
        old, new = "agent8-demo", "another-one"
        for body, field in (({"old_password": "guessed", "password": new}, "old_password"),
                            ({"old_password": old, "password": "short"}, "password"),
                            ({"old_password": old, "password": old}, "password"),
                            ({"password": new}, "old_password")):
            answer = api.put("/session/password", body)
            self.problem(answer, 422, "invalid")
            self.assertEqual([error["field"] for error in answer.json["errors"]], [field])
        self.assertEqual(api.put("/session/password", {"old_password": old, "password": new}).status, 204)
        self.assertEqual((api.get("/session").status, other.get("/session").status), (200, 401))
        self.problem(self.nobody.post("/session", {"username": "agent8", "password": old}), 401)
        self.centre.sign_in("agent8", new)
        trail = self.admin.get("/audit?resource=user&action=update").json["items"][0]
        self.assertEqual((trail["actor_name"], trail["changes"]), ("agent8", {"password": [None, "***"]}))

    def test_lock_out(self):
        last = None
        for _ in range(20):
            last = self.nobody.post("/session", {"username": "agent49", "password": "wrong"})
            if last.status == 429:
                break
        self.problem(last, 429, "locked")
        self.assertGreater(int(last.headers["Retry-After"]), 0)
        self.assertEqual(self.nobody.post("/session", {"username": "agent49", "password": "agent49-demo"}).status, 429)
        self.assertEqual(self.from_elsewhere({"username": "agent49", "password": "agent49-demo"}), 200)

    def from_elsewhere(self, body):
        """The status of a sign-in from another address of this machine."""
        there = http.client.HTTPConnection("127.0.0.1", self.centre.http, timeout=10, source_address=("127.0.0.2", 0))
        with contextlib.closing(there):
            there.request("POST", "/api/v1/session", json.dumps(body), {"Content-Type": "application/json"})
            return there.getresponse().status

    def test_nobody_is_refused(self):
        for path in ("/queues", "/interactions", "/recordings", "/agents/me", "/live", "/meta", "/users", "/audit"):
            self.problem(self.nobody.get(path), 401)

    def test_rights(self):
        self.problem(self.agent.post("/queues", {"name": "mine"}), 403)
        self.problem(self.agent.post("/users", {"name": "mine"}), 403)
        self.problem(self.agent.put("/agents/1/state", {"state": "ready"}), 403)

    def test_record(self):
        made = self.admin.post("/skills", {"name": "Esperanto"})
        self.assertEqual(made.status, 201, made.body)
        path = f"/skills/{made.json['id']}"
        self.assertTrue(made.headers["Location"].endswith(path))
        changed = self.admin.patch(path, {"name": "Volapük"}, made.headers["ETag"])
        self.assertEqual((changed.status, changed.json["name"]), (200, "Volapük"))
        self.problem(self.admin.patch(path, {"name": "Ido"}, made.headers["ETag"]), 412, "conflict")
        self.assertEqual(self.admin.get(path).headers["ETag"], changed.headers["ETag"])
        self.assertEqual(self.admin.delete(path, changed.headers["ETag"]).status, 204)
        self.problem(self.admin.get(path), 404)

    def test_refused_record(self):
        answer = self.admin.post("/skills", {"name": "", "nonsense": 1})
        self.problem(answer, 422, "invalid")
        self.assertEqual({error["field"] for error in answer.json["errors"]}, {"name", "nonsense"})
        self.problem(self.admin.get("/skills?nonsense=1"), 422)
        self.problem(self.admin.call("POST", "/api/v1/skills", b"{", {"Content-Type": "application/json"}), 400)
        self.problem(self.admin.get("/skills?limit=0"), 422)

    def test_pages_of_a_list(self):
        whole = [item["id"] for item in self.admin.get("/agents?sort=name&limit=500").json["items"]]
        self.assertGreaterEqual(len(whole), 50)
        read, cursor = [], ""
        while cursor is not None:
            page = self.admin.get(f"/agents?sort=name&limit=7{cursor and '&cursor=' + cursor}").json
            read += [item["id"] for item in page["items"]]
            cursor = page["next"]
        self.assertEqual(read, whole)

    def test_secrets_stay(self):
        for user in self.admin.get("/users?limit=500").json["items"]:
            self.assertFalse([name for name, value in user.items() if "password" in name and value and name != "password_changed"])

    def test_meta_and_openapi_agree(self):
        plurals = {resource["plural"] for resource in self.admin.get("/meta").json["resources"]}
        paths = self.admin.get("/openapi.json").json["paths"]
        self.assertLessEqual({"queues", "skills", "agents", "users", "trunks", "flows"}, plurals)
        for plural in plurals:
            self.assertTrue(any(path.endswith(f"/{plural}") for path in paths), plural)

    def test_addresses_are_printed(self):
        said = pathlib.Path("centre.log").read_text()
        self.assertIn(f"pages {self.centre.base}", said)
        self.assertIn("password is the name plus -demo", said)

    def test_metrics(self):
        answer = self.nobody.call("GET", "/metrics")
        self.assertEqual(answer.status, 200)
        self.assertIn(b"# TYPE ", answer.body)

    def test_unknown_path(self):
        self.problem(self.admin.get("/nothing/here"), 404)

    def test_pages(self):
        for path in ("/", "/call", "/sign-in"):
            answer = self.nobody.call("GET", path)
            self.assertEqual(answer.status, 200, path)
            self.assertIn(b"<!doctype html", answer.body.lower())

    def test_configuration_reaches_the_switch(self):
        revision = self.nobody.get("/health").json["config"]["revision"]
        made = self.admin.post("/skills", {"name": "Latin"})
        def taken():
            config = self.nobody.get("/health").json["config"]
            return config["revision"] > revision and config["acked"] == config["revision"]
        until(taken, what="the switch took the configuration")
        self.admin.delete(f"/skills/{made.json['id']}")


if __name__ == "__main__":
    unittest.main()
