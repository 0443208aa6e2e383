#!/usr/bin/env python3
"""What every scripted test's answers are judged by bites: bodies and answers that differ from the document are found, with their place."""

import copy
import json
import unittest

from contract import Contract, Fault, contract

SKILL = {"id": "5", "version": 1, "created": "2026-11-21T10:00:00.000Z", "updated": "2026-11-21T10:00:00.000Z", "name": "booking",
         "agents": 3, "note": None}
PAGE = {"items": [SKILL], "next": None, "total": 1}
PROBLEM = {"type": "about:blank", "title": "Not Found", "status": 404, "code": "not_found", "detail": "there is no such thing"}
UP = {"id": "9", "name": "a.pdf", "type": "application/pdf", "bytes": 7}
JSON, REFUSAL = "application/json", "application/problem+json"


class Judged(unittest.TestCase):
    def look(self, method, path, status, content, value, judge=None):
        (judge or contract()).look(method, "/api/v1" + path, status, content, json.dumps(value).encode() if value is not None else b"")

    def fails(self, says, *answer, judge=None):
        with self.subTest(says=says), self.assertRaisesRegex(Fault, says):
            self.look(*answer, judge=judge)

    def test_right_answers(self):
        self.look("GET", "/skills?limit=1", 200, JSON, PAGE)
        self.look("GET", "/skills?fields=name", 200, JSON, {**PAGE, "items": [{"id": "5", "name": "booking"}]})
        self.look("GET", "/skills?format=csv", 200, "text/csv; charset=utf-8", None)
        self.look("GET", "/skills/5", 200, JSON, SKILL)
        self.look("POST", "/skills", 201, JSON, SKILL)
        self.look("POST", "/skills", 201, JSON, {"id": "5"})
        self.look("DELETE", "/skills/5", 204, None, None)
        self.look("GET", "/skills/6", 404, REFUSAL, PROBLEM)
        self.look("GET", "/nowhere", 404, REFUSAL, PROBLEM)
        self.look("POST", "/files?name=a.pdf", 201, JSON, UP)

    def test_wrong_answers(self):
        def skill(**given):
            return {**SKILL, **given}
        self.fails("body.name is not there", "GET", "/skills/5", 200, JSON, {k: v for k, v in SKILL.items() if k != "name"})
        self.fails("body.colour is not described", "GET", "/skills/5", 200, JSON, skill(colour="red"))
        self.fails("body.name must be string, is 7", "GET", "/skills/5", 200, JSON, skill(name=7))
        self.fails("body.version must be integer, is true", "GET", "/skills/5", 200, JSON, skill(version=True))
        self.fails("body.id must be as", "GET", "/skills/5", 200, JSON, skill(id="x"))
        self.fails("body.name must have 1 characters at least", "GET", "/skills/5", 200, JSON, skill(name=""))
        self.fails(r"items\[0\].version is not there", "GET", "/skills", 200, JSON, {**PAGE, "items": [{"id": "5", "name": "booking"}]})
        self.fails("body.next is not there", "GET", "/skills", 200, JSON, {"items": [], "total": 0})
        self.fails("body.id is not there", "POST", "/skills", 201, JSON, {})
        self.fails("answered 200, which is not", "POST", "/skills", 200, JSON, SKILL)
        self.fails("answered 301, which is not", "GET", "/skills/5", 301, None, None)
        self.fails("is text/html, not", "GET", "/skills/5", 200, "text/html", SKILL)
        self.fails("is application/json, not application/problem", "GET", "/skills/6", 404, JSON, PROBLEM)
        self.fails("has no body", "DELETE", "/skills/5", 204, JSON, {})
        self.fails("answered 200 and is not in the document", "GET", "/nowhere", 200, JSON, {})
        self.fails("body.code is not there", "GET", "/nowhere", 404, REFUSAL, {k: v for k, v in PROBLEM.items() if k != "code"})
        self.fails("body.why is not described", "GET", "/skills/6", 404, REFUSAL, {**PROBLEM, "why": "so"})
        self.fails("body.bytes must be integer", "POST", "/files", 201, JSON, {**UP, "bytes": "7"})

    def test_bodies_that_were_taken(self):
        def take(method, path, body):
            contract().take(method, "/api/v1" + path, body)
        take("POST", "/skills", {"name": "booking", "note": None})
        take("PATCH", "/skills/5", {"note": "x"})
        take("POST", "/skills/5/restore", {})
        take("POST", "/session", {"username": "a", "password": "b"})
        take("POST", "/files?name=a", None)
        for says, method, path, body in (("colour is not described", "POST", "/skills", {"name": "a", "colour": "red"}), ("name is not there", "POST", "/skills", {}),
                                         ("password is not there", "POST", "/session", {"username": "a"}), ("must be string, is 7", "PATCH", "/skills/5", {"name": 7}),
                                         ("hurry is not described", "POST", "/skills/5/restore", {"hurry": True}), ("must be object", "PATCH", "/demo", [])):
            with self.subTest(says=says), self.assertRaisesRegex(Fault, says):
                take(method, path, body)

    def test_a_word_that_is_not_known_is_no_schema(self):
        document = copy.deepcopy(contract().document)
        document["components"]["schemas"]["skill"]["oneOf"] = []
        with self.assertRaises(AttributeError):
            self.look("GET", "/skills/5", 200, JSON, SKILL, Contract(document))

    def test_every_operation_says_what_it_answers(self):
        for path, item in contract().document["paths"].items():
            for method, operation in item.items():
                if method == "parameters":
                    continue
                for status, response in operation["responses"].items():
                    with self.subTest(path=path, method=method, status=status):
                        self.assertRegex(status, "^([23][0-9][0-9]|503|default)$")
                        if status != "default":
                            self.assertEqual("content" in response, status not in ("204", "302", "304"))
                            self.assertTrue(all("schema" in given or "json" not in kind for kind, given in response.get("content", {}).items()))
                self.assertTrue(any(status[0] in "23" for status in operation["responses"]), (method, path))


if __name__ == "__main__":
    unittest.main()
