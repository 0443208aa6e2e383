#!/usr/bin/env python3
"""Uploads: streamed to disk, told by their bytes, handed out as attachments, and only to who may read the record that has them."""

import contextlib
import http.client
import pathlib
import unittest

from centre import Api, Centre
from records import PNG


class Files(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.centre = cls.enterClassContext(Centre())
        cls.admin, cls.agent = cls.centre.sign_in("admin"), cls.centre.sign_in("agent1")

    def on_disk(self):
        return sorted(path for path in pathlib.Path(self.centre.data, "files").rglob("*") if path.is_file())

    def too_long(self):
        """The status of an upload that says beforehand how long it is."""
        connection = http.client.HTTPConnection("127.0.0.1", self.centre.http, timeout=10)
        connection.putrequest("POST", "/api/v1/files?name=a")
        connection.putheader("Authorization", f"Bearer {self.admin.token}")
        connection.putheader("Content-Length", str(51 << 20))
        connection.endheaders()
        with contextlib.closing(connection):
            return connection.getresponse().status

    def test_what_goes_up_comes_down(self):
        content = PNG + bytes(range(256)) * 4096
        made = self.admin.upload("../照片 \"1\".png", content)
        self.assertEqual(made.status, 201, made.body)
        self.assertEqual((made.json["name"], made.json["type"], made.json["bytes"]), ("照片 \"1\".png", "image/png", len(content)))
        path = f"/files/{made.json['id']}"
        self.assertEqual(made.headers["Location"], "/api/v1" + path)
        answer = self.admin.get(path)
        self.assertEqual((answer.status, answer.body), (200, content))
        self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")
        self.assertIn("sandbox", answer.headers["Content-Security-Policy"])
        self.assertTrue(answer.headers["Content-Disposition"].startswith("attachment; "))
        self.assertIn("filename*=UTF-8''%E7%85%A7%E7%89%87%20%221%22.png", answer.headers["Content-Disposition"])
        part = self.admin.get(path, Range="bytes=0-7")
        self.assertEqual((part.status, part.body), (206, PNG[:8]))

    def test_what_a_browser_would_run_is_text(self):
        for name, content in (("a.html", b"<html><script>alert(1)</script>"), ("a.svg", b"<svg onload='alert(1)'/>"), ("a.png", b"#!/bin/sh\n")):
            made = self.admin.upload(name, content)
            self.assertEqual((made.status, made.json["type"]), (201, "text/plain"))
            self.assertEqual(self.admin.get(f"/files/{made.json['id']}").headers["Content-Type"], "text/plain")

    def test_what_is_refused(self):
        before = self.on_disk()
        for name, content, status in (("", b"x", 422), ("a", b"", 422), ("x" * 201, b"x", 422), ("a\\b", b"x", 422)):
            self.assertEqual(self.admin.upload(name, content).status, status, name)
        self.assertEqual(Api(self.centre.base).upload("a", b"x").status, 401)
        self.assertEqual(self.too_long(), 413)
        self.assertEqual(self.on_disk(), before)
        for word in ("0", "x", "9007199254740000", "..%2f..%2fdesk.db"):
            self.assertEqual(self.admin.get(f"/files/{word}").status, 404)

    def test_who_may_read(self):
        made = self.admin.upload("me.png", PNG).json
        path = f"/files/{made['id']}"
        self.assertEqual(self.agent.get(path).status, 404)
        mine = self.agent.upload("mine.png", PNG).json
        self.assertEqual(self.admin.get(f"/files/{mine['id']}").status, 404)
        user = self.admin.get("/users?name=agent2").json["items"][0]
        refused = self.admin.patch(f"/users/{user['id']}", {"photo": mine["id"]}, "*")
        self.assertEqual((refused.status, refused.json["errors"][0]["code"]), (422, "not_found"))
        changed = self.admin.patch(f"/users/{user['id']}", {"photo": made["id"]}, "*")
        self.assertEqual((changed.status, changed.json["photo"], changed.json["photo_name"]), (200, made["id"], "me.png"))
        self.assertEqual(self.admin.get(path).status, 200)
        self.assertEqual(self.agent.get(path).status, 404)
        self.assertEqual(self.admin.patch(f"/users/{user['id']}", {"photo": None}, "*").json["photo_name"], None)


if __name__ == "__main__":
    unittest.main()
