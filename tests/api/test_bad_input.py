#!/usr/bin/env python3
"""What people and programs send who mean no good, or do not know better: refused, logged, and served on."""

import concurrent.futures
import json
import socket
import unittest

from centre import Api, Centre
from records import NASTY

JSON = {"Content-Type": "application/json"}
BODY_MAX = 1024 * 1024


class BadInput(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.centre = cls.enterClassContext(Centre())
        cls.nobody = Api(cls.centre.base)
        cls.admin = cls.centre.sign_in("admin")

    def tearDown(self):
        """Whatever came, the centre serves on and nobody died."""
        self.assertEqual(self.nobody.get("/health").json["status"], "ok")

    def post(self, body, path="/api/v1/skills", headers=None):
        return self.admin.call("POST", path, body, headers or JSON)

    def raw(self, request, most=65536):
        """The status of what is answered to these very bytes, None when it is cut without an answer."""
        with socket.create_connection(("127.0.0.1", self.centre.http), 10) as line:
            try:
                line.sendall(request)
                answer = line.recv(most)
            except (ConnectionResetError, BrokenPipeError):
                return None
        return int(answer.split()[1]) if answer.startswith(b"HTTP/1.1 ") else None

    def with_head(self, *lines, start="GET /api/v1/session HTTP/1.1"):
        head = [start, "Host: 127.0.0.1", f"Authorization: Bearer {self.admin.token}", *lines, "", ""]
        return "\r\n".join(head).encode()

    def test_too_large(self):
        for body in (b'{"name": "' + b"x" * BODY_MAX + b'"}', b" " * (BODY_MAX + 1)):
            self.assertEqual(self.post(body).status, 413)
        self.assertIn(self.raw(self.with_head("Content-Length: 99999999999", start="POST /api/v1/skills HTTP/1.1")), (400, 413))
        self.assertIn(self.raw(self.with_head("X: " + "y" * 70000)), (400, 431, None))
        self.assertIn(self.raw(self.with_head(*[f"X{n}: y" for n in range(2000)])), (400, 431, None))
        self.assertIn(self.raw(self.with_head(start="GET /" + "a" * 70000 + " HTTP/1.1")), (400, 414, 431, None))
        self.assertEqual(self.admin.get("/skills?" + "&".join(f"id={n}" for n in range(200))).status, 400)

    def test_too_deep(self):
        for depth in (100, 10_000, 400_000):
            for opened, closed in ((b"[", b"]"), (b'{"a":', b"}")):
                body = opened * depth + b"1" + closed * depth
                if len(body) < BODY_MAX:
                    self.assertIn(self.post(b'{"name": ' + body + b"}").status, (400, 413, 422), (depth, opened))
        graph = {"start": "a", "nodes": {"a": {"type": "hangup"}}, "x": json.loads("[" * 40 + "]" * 40)}
        self.assertIn(self.admin.post("/flows", {"name": "deep", "graph": graph}).status, (400, 413, 422))

    def test_no_json(self):
        for body in (b"", b"{", b'{"name": }', b"\xff\xfe", b'{"name": "\xc3\x28"}', b"{'name': 1}", b'{"name": "x"} trailing',
                     b'{"name": NaN}', b'{"name": 1e999}', b'{"name": "\\u0000"}', b'{"name": "\\ud800"}', b"<xml/>", b"name=x"):
            self.assertIn(self.post(body).status, (400, 422), body)
        twice = self.post(b'{"name": "a", "name": "b"}')
        self.assertEqual(twice.status, 400, twice.body)

    def test_numbers_that_no_column_holds(self):
        for number in ("1" * 400, "-" + "9" * 30, "1e400", "0.1", "1E5", "9223372036854775808"):
            body = f'{{"code": "n", "name": "n", "name_en": "n", "position": {number}}}'.encode()
            self.assertIn(self.post(body, "/api/v1/reasons").status, (400, 422), number)

    def test_paths(self):
        for path in ("/../../../../etc/passwd", "/..%2f..%2fetc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/assets/../../etc/passwd",
                     "/assets/%2e%2e%2f%2e%2e%2fetc%2fpasswd", "/....//....//etc/passwd", "/etc/passwd%00.js", "//etc/passwd",
                     "/api/v1/../../desk.db", "/desk.db", "/api/v1/recordings/..%2f..%2fdesk.db/audio"):
            status = self.raw(self.with_head(start=f"GET {path} HTTP/1.1"))
            answer = self.nobody.call("GET", path)
            self.assertIn(status, (200, 400, 401, 404, None), path)
            self.assertNotIn(b"root:", answer.body, path)
            self.assertNotIn(b"SQLite format", answer.body, path)

    def test_path_of_a_prompt(self):
        for path in ("../../etc/passwd", "/etc/passwd", "prompts/../../x.wav", "prompts/..", "..", "a/../../b"):
            answer = self.admin.post("/prompts", {"name": "trick", "language": "en", "path": path})
            self.assertEqual((answer.status, answer.json["errors"][0]["field"]), (422, "path"), path)

    def test_two_meanings(self):
        """Requests that a proxy in front may read in another way are refused, so that nobody smuggles one in."""
        for lines in (("Content-Length: 5", "Transfer-Encoding: chunked"), ("Content-Length: 5", "Content-Length: 6"),
                      ("Content-Length: +5",), ("Content-Length: 5, 5",), ("Transfer-Encoding: chunked, identity",),
                      ("Transfer-Encoding : chunked",), (" folded: x",), ("Bad Name: x",), ("X: a\x00b",)):
            status = self.raw(self.with_head(*lines, start="POST /api/v1/session HTTP/1.1"))
            self.assertIn(status, (400, 411, 501, None), lines)
        for start in ("GET /api/v1/session HTTP/9.9", "GET  /api/v1/session HTTP/1.1", "GET /api/v1/session", "G\x00T / HTTP/1.1",
                      "POST http://127.0.0.1/api/v1/session x HTTP/1.1"):
            self.assertIn(self.raw(self.with_head(start=start)), (400, 405, 501, 505, None), start)

    def test_methods(self):
        for method in ("PUT", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "GETT"):
            self.assertIn(self.raw(self.with_head(start=f"{method} /api/v1/skills HTTP/1.1")), (400, 405, 501), method)

    def test_a_session_that_is_none(self):
        token = self.admin.token
        for wrong in ("x", token[:-1], token + "x", token.swapcase(), token[::-1], "' OR 1=1 --", "x" * 5000, "\t"):
            self.assertIn(Api(self.centre.base, wrong).get("/session").status, (400, 401, 431), wrong)
        for cookie in ("lingxi=", "lingxi=x", f"lingxi={token[:-1]}", f"Lingxi={token}", f"x=lingxi={token}"):
            self.assertEqual(self.nobody.get("/session", Cookie=cookie).status, 401, cookie)

    def test_a_session_that_was(self):
        """Signed out, it opens nothing, however it is sent."""
        api = self.centre.sign_in("agent3")
        self.assertEqual(api.delete("/session").status, 204)
        for answer in (api.get("/session"), self.nobody.get("/session", Cookie=f"lingxi={api.token}"), api.get("/customers"),
                       api.post("/customers", {"name": "x"})):
            self.assertEqual(answer.status, 401)

    def test_a_session_that_another_chose(self):
        """Whatever cookie was planted before, who signs in gets a new one; a script of the page cannot read it."""
        own = {"Origin": self.centre.base, **JSON}
        for planted in ("A" * len(self.admin.token), self.admin.token):
            answer = self.nobody.call("POST", "/api/v1/session", {"username": "agent4", "password": "agent4-demo"}, {**own, "Cookie": f"lingxi={planted}"})
            self.assertEqual(answer.status, 200, answer.body)
            token = answer.json["token"]
            self.assertNotEqual(token, planted)
            value, *flags = (part.strip() for part in answer.headers["Set-Cookie"].split(";"))
            self.assertEqual(value, f"lingxi={token}")
            self.assertLessEqual({"HttpOnly", "SameSite=Strict", "Path=/"}, set(flags))
            self.assertEqual(Api(self.centre.base, token).get("/session").json["user"]["name"], "agent4")
        self.assertEqual(self.nobody.get("/session", Cookie=f"lingxi={'A' * len(token)}").status, 401)
        self.assertEqual(self.admin.get("/session").json["user"]["name"], "admin")

    def test_what_may_be_an_attack_is_logged(self):
        """Once an hour for each kind and address, with no word of what was sent but its path."""
        cookie = {"Cookie": f"lingxi={self.admin.token}", **JSON}
        for _ in range(3):
            self.nobody.call("POST", "/api/v1/skills", {"name": "stolen"}, {**cookie, "Origin": "http://elsewhere.example"})
            Api(self.centre.base, "no-such-token").get("/session")
            self.post(b'{"name": ')
            self.raw(self.with_head("Content-Length: +5", start="POST /api/v1/session HTTP/1.1"))
            self.admin.call("POST", "/api/v1/imports?resource=customers&name=bomb.xlsx", b"PK\x03\x04 no workbook", {"Content-Type": "application/octet-stream"})
        log = self.centre.log()
        for what in ("another_site", "no_session", "body", "http", "file"):
            self.assertEqual(log.count(f"refused what={what} address=127.0.0.1"), 1, what)
        self.assertNotIn("no-such-token", log)

    def test_the_database_holds_no_token(self):
        """Whoever steals a copy of it cannot sign in with it."""
        rows = self.centre.sql("SELECT token FROM session") + self.centre.sql("SELECT password FROM app_user")
        self.assertGreater(len(rows), 50)
        for (kept,) in rows:
            self.assertNotIn(self.admin.token, kept)
            self.assertNotIn("-demo", kept)
            self.assertEqual(Api(self.centre.base, kept).get("/session").status, 401)

    def test_another_site(self):
        cookie = {"Cookie": f"lingxi={self.admin.token}", **JSON}
        for headers in ({"Origin": "http://elsewhere.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}, {},
                        {"Origin": self.centre.base + ".elsewhere.example"}, {"Referer": self.centre.base},
                        {"Origin": self.centre.base.replace("http:", "https:")}):
            for method, path in (("POST", "/api/v1/skills"), ("DELETE", "/api/v1/session"), ("PATCH", "/api/v1/settings/1")):
                answer = self.nobody.call(method, path, {"name": "stolen"}, {**cookie, **headers})
                self.assertEqual((answer.status, answer.json["code"]), (403, "origin"), (method, path, headers))
        self.assertEqual(self.admin.get("/skills?name=stolen").json["total"], 0)
        self.assertNotIn("Access-Control-Allow-Origin", self.nobody.get("/session", Origin="http://elsewhere.example").headers)

    def test_pages_cannot_be_framed_or_sniffed(self):
        headers = self.nobody.call("GET", "/").headers
        self.assertEqual(headers["X-Content-Type-Options"], "nosniff")
        policy = headers["Content-Security-Policy"]
        self.assertIn("frame-ancestors 'none'", policy)
        self.assertNotIn(" 'unsafe-eval'", policy)
        self.assertNotIn("'unsafe-inline'", policy.split("style-src")[0])
        self.assertEqual(self.admin.get("/skills").headers["X-Content-Type-Options"], "nosniff")

    def test_nothing_said_comes_back_as_markup(self):
        for text in NASTY:
            for answer in (self.admin.post("/skills", {text: text, "name": 5}), self.post(json.dumps([text]).encode()),
                           self.admin.get("/skills?" + "x=%3Cscript%3E"), self.nobody.get("/%3Cscript%3Ealert(1)%3C/script%3E")):
                self.assertGreaterEqual(answer.status, 400)
                self.assertEqual(answer.headers["Content-Type"], "application/problem+json")

    def test_errors_say_nothing_of_the_inside(self):
        for answer in (self.admin.get("/skills?id=x"), self.admin.post("/skills", {"name": "';--"}), self.admin.get("/agents/x"),
                       self.admin.get("/skills?q=" + "%22%2A%28" * 50), self.admin.get("/skills?sort=" + "x" * 500)):
            for word in (b"SELECT", b"sqlite", b"syntax error", b"pq:", b".c:", str(self.centre.data).encode()):
                self.assertNotIn(word, answer.body)

    def test_many_editors_at_once(self):
        """Of all who start from the same version exactly one succeeds each time, and nothing is half written."""
        made = self.admin.post("/skills", {"name": "raced"})
        path = f"/skills/{made.json['id']}"
        for turn in range(5):
            tag = self.admin.get(path).headers["ETag"]
            with concurrent.futures.ThreadPoolExecutor(8) as pool:
                answers = list(pool.map(lambda n: self.admin.patch(path, {"name": f"raced {turn} {n}", "note": str(n)}, tag), range(8)))
            self.assertEqual(sorted(answer.status for answer in answers), [200] + [412] * 7)
            won = next(answer.json for answer in answers if answer.status == 200)
            self.assertEqual(self.admin.get(path).json, won)
            self.assertEqual(won["name"].split()[-1], won["note"])

    def test_one_name_for_one(self):
        """Eight make the same thing at the same moment: one has it."""
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _: self.admin.post("/skills", {"name": "only once"}), range(8)))
        self.assertEqual(sorted(answer.status for answer in answers), [201] + [422] * 7)
        self.assertEqual(self.admin.get("/skills?name=only%20once").json["total"], 1)


if __name__ == "__main__":
    unittest.main()
