#!/usr/bin/env python3
"""What holds for every resource, whatever it is: this suite knows them by /api/v1/meta alone."""

import csv
import functools
import io
import unittest
import urllib.parse

from centre import Centre
from records import NASTY, Maker, is_writable, shown, text_of

NO_ID = "9007199254740000"


def quoted(value):
    text = {True: "true", False: "false", None: ""}.get(value, value) if isinstance(value, (bool, type(None))) else value
    return urllib.parse.quote(str(text), safe="")


def of_each(*needed):
    """Runs the test once for every resource that the administrator may do all this with."""
    def wrap(test):
        @functools.wraps(test)
        def run(self):
            for resource in self.maker.resources.values():
                if all(resource["rights"][right] for right in needed):
                    with self.subTest(resource["plural"]):
                        test(self, resource, f"/{resource['plural']}")
        return run
    return wrap


def add_custom_fields(admin):
    """One of each type, so that customers have what an administrator may add to them."""
    kinds = next(field["choices"] for each in admin.get("/meta").json["resources"] if each["name"] == "custom_field"
                 for field in each["fields"] if field["name"] == "type")
    for n, kind in enumerate(choice["value"] for choice in kinds):
        words = [{"value": f"w{i}", "label": {"zh-CN": f"项{i}", "en": f"Item {i}"}} for i in range(3)]
        answer = admin.post("/custom_fields", {"name": f"any_{kind}", "type": kind, "label": {"en": f"Any {kind}"}, "indexed": n % 3 == 0 and kind != "choices",
                                               "choices": words if kind in ("enum", "choices") else [], "searched": kind in ("string", "text", "phone")})
        assert answer.status == 201, answer.body


class Resources(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.centre = cls.enterClassContext(Centre())
        cls.admin = cls.centre.sign_in("admin")
        add_custom_fields(cls.admin)
        cls.maker = Maker(cls.admin)

    def refused(self, answer, field):
        self.assertEqual(answer.status, 422, answer.body)
        self.assertEqual(answer.headers["Content-Type"].split(";")[0], "application/problem+json")
        named = [error["field"] for error in answer.json["errors"]]
        self.assertTrue(any(name == field or name.startswith((f"{field}[", f"{field}.")) for name in named), (field, named))
        self.assertTrue(all(error["code"] and error["message"] for error in answer.json["errors"]))

    @of_each("create")
    def test_what_is_written_is_read(self, resource, path):
        body = self.maker.body(resource)
        made = self.admin.post(path, body)
        self.assertEqual(made.status, 201, made.body)
        self.assertEqual(shown(resource, made.json), shown(resource, body))
        again = self.admin.get(f"{path}/{made.json['id']}")
        self.assertEqual(again.headers["ETag"], made.headers["ETag"])
        self.assertEqual(again.json, {name: value for name, value in made.json.items() if name != "duplicates"})
        self.assertEqual(made.headers["Location"], f"/api/v1{path}/{made.json['id']}")
        for field in resource["fields"]:
            if field["write_only"]:
                self.assertNotIn(str(body[field["name"]]), text_of(again))

    @of_each("create")
    def test_each_wrong_value_names_its_field(self, resource, path):
        good = self.maker.body(resource)
        before = self.admin.get(f"{path}?limit=1").json["total"]
        record = f"{path}/{self.maker.make(resource)['id']}"
        for field in filter(is_writable, resource["fields"]):
            for wrong in self.maker.wrong(field):
                body = {**good, field["name"]: wrong}
                self.refused(self.admin.post(path, body), field["name"])
                if not field["create_only"] and resource["rights"]["update"]:
                    self.refused(self.admin.patch(record, {field["name"]: wrong}, "*"), field["name"])
        self.assertEqual(self.admin.get(f"{path}?limit=1").json["total"], before + 1 if before <= 10000 else before)

    @of_each("create")
    def test_what_is_wanting_is_named(self, resource, path):
        answer = self.admin.post(path, {})
        wanted = {field["name"] for field in resource["fields"] if field["required"] and is_writable(field)}
        if wanted:
            self.assertEqual(answer.status, 422)
            self.assertLessEqual({error["field"] for error in answer.json["errors"]}, wanted | {"path"})
            self.assertLessEqual(wanted, {error["field"] for error in answer.json["errors"]})

    @of_each("create")
    def test_what_nobody_may_write(self, resource, path):
        record = self.maker.make(resource)
        for name in ["id", "version", "created", "updated", "nonsense", "id; DROP TABLE", ""]:
            self.refused(self.admin.post(path, {**self.maker.body(resource), name: "7"}), name)
        for field in resource["fields"]:
            if field["read_only"]:
                self.refused(self.admin.patch(f"{path}/{record['id']}", {field["name"]: "x"}, "*"), field["name"])

    @of_each("create")
    def test_a_body_is_an_object(self, resource, path):
        for body in ([], "x", 7, True, None):
            self.assertIn(self.admin.call("POST", "/api/v1" + path, b"null" if body is None else body).status, (400, 422), body)

    @of_each("create", "update")
    def test_each_field_changes_alone(self, resource, path):
        made = self.admin.get(f"{path}/{self.maker.make(resource)['id']}")
        record, tag = made.json, made.headers["ETag"]
        other = self.maker.body(resource)
        for field in resource["fields"]:
            name = field["name"]
            if not is_writable(field) or field["create_only"] or other[name] is None:
                continue
            answer = self.admin.patch(f"{path}/{record['id']}", {name: other[name]}, tag)
            self.assertEqual(answer.status, 200, answer.body)
            expected = {**shown(resource, record), **({} if field["write_only"] else {name: other[name]})}
            self.assertEqual(shown(resource, answer.json), shown(resource, expected))
            stale = tag
            record, tag = answer.json, answer.headers["ETag"]
            if tag != stale:
                self.assertEqual(self.admin.patch(f"{path}/{record['id']}", {name: other[name]}, stale).status, 412)

    @of_each("create", "update")
    def test_a_change_stands_in_the_trail(self, resource, path):
        record, other = self.maker.make(resource), self.maker.body(resource)
        field = next(field for field in resource["fields"] if is_writable(field) and not field["create_only"]
                     and field["type"] in ("string", "text", "integer") and other[field["name"]] != record[field["name"]])
        name = field["name"]
        self.assertEqual(self.admin.patch(f"{path}/{record['id']}", {name: other[name]}, "*").status, 200)
        trail = self.admin.get(f"/audit?resource={resource['name']}&record={record['id']}").json["items"]
        self.assertEqual([row["action"] for row in trail], ["update", "create"])
        self.assertEqual(trail[0]["changes"], {name: [record[name], other[name]]})
        self.assertEqual(trail[0]["actor_name"], "admin")
        for secret in (each["name"] for each in resource["fields"] if each["write_only"]):
            self.assertIn(trail[1]["changes"].get(secret), ([None, "***"], None))

    @of_each("create", "update")
    def test_two_editors(self, resource, path):
        """The second one is told, and what the first wrote stays."""
        record = f"{path}/{self.maker.make(resource)['id']}"
        tag = self.admin.get(record).headers["ETag"]
        name = next(field["name"] for field in resource["fields"] if is_writable(field) and not field["create_only"]
                    and field["type"] in ("string", "integer"))
        first, second = self.maker.body(resource)[name], self.maker.body(resource)[name]
        self.assertEqual(self.admin.patch(record, {name: first}, tag).status, 200)
        conflict = self.admin.patch(record, {name: second}, tag)
        self.assertEqual((conflict.status, conflict.json["current"]), (412, self.admin.get(record).json))
        self.assertEqual(self.admin.delete(record, tag).status, 412)
        self.assertEqual(self.admin.get(record).json[name], first)

    @of_each("create")
    def test_each_filter_finds_it(self, resource, path):
        record = self.maker.make(resource)
        self.maker.make(resource)
        for field in resource["fields"]:
            value = record.get(field["name"])
            if not field["filterable"]:
                self.assertEqual(self.admin.get(f"{path}?{field['name']}=x").status, 422, field["name"])
                continue
            if field["type"] == "choices":
                value = value[0]
            query = f"{path}?{field['name']}={quoted(value)}&id={record['id']}"
            found = self.admin.get(query)
            self.assertEqual(found.status, 200, (query, found.body))
            self.assertEqual([item["id"] for item in found.json["items"]], [record["id"]], query)
            self.assertEqual(found.json["total"], 1)
        found = self.admin.get(f"{path}?id={record['id']}&id={NO_ID}").json
        self.assertEqual(len(found["items"]), 1)

    @of_each("read")
    def test_pages_hold_each_record_once(self, resource, path):
        if resource["rights"]["create"]:
            self.maker.make(resource)
            self.maker.make(resource)
        total = self.admin.get(f"{path}?limit=1").json["total"]
        sorts = [field["name"] for field in resource["fields"] if field["sortable"]]
        for sort in sorts + [f"-{name}" for name in sorts]:
            read, cursor = [], ""
            while cursor is not None and len(read) < 300:
                page = self.admin.get(f"{path}?sort={sort}&limit={max(3, total // 7)}{cursor and '&cursor=' + cursor}")
                self.assertEqual(page.status, 200, (sort, page.body))
                read += [item["id"] for item in page.json["items"]]
                cursor = page.json["next"]
            self.assertEqual(len(read), len(set(read)), sort)
            if cursor is None:
                self.assertEqual(len(read), total, sort)

    @of_each("read")
    def test_chosen_columns(self, resource, path):
        names = [resource["title"], "updated"]
        for item in self.admin.get(f"{path}?fields={','.join(names)}&limit=3").json["items"]:
            self.assertEqual(set(item), {"id", *names})

    @of_each("read")
    def test_wrong_questions(self, resource, path):
        for query in ("limit=0", "limit=x", "limit=100000", "limit=-1", "sort=nonsense", "sort=password", "nonsense=1",
                      "cursor=AAAA", "cursor=%00", "id=x", "created.min=x", "created.min=1;DROP", "sort=id;DROP%20TABLE%20x",
                      "fields=id)--", "id.min=1%20OR%201=1"):
            answer = self.admin.get(f"{path}?{query}")
            self.assertIn(answer.status, (400, 422), (query, answer.body))
        for word in ("x", "NaN", "-1", "0", "1e3", "99999999999999999999", "%2e%2e", "1%20OR%201=1"):
            self.assertEqual(self.admin.get(f"{path}/{word}").status, 404, word)

    @of_each("create", "update")
    def test_text_is_only_text(self, resource, path):
        """SQL, markup and formulas come back as they were, are found by searching, and do no harm to the next reader."""
        fields = [field for field in resource["fields"] if is_writable(field) and field["type"] in ("string", "text")
                  and not field.get("format") and (field.get("max") or 200) >= 40]
        record = self.maker.make(resource) if fields else {}
        for number, (field, text) in enumerate((field, text) for field in fields for text in NASTY):
            text = f"{text} {number}"[:field.get("max") or 200]
            changed = self.admin.patch(f"{path}/{record['id']}", {field["name"]: text}, "*")
            self.assertEqual((changed.status, changed.json.get(field["name"])), (200, text))
            answer = self.admin.get(f"{path}?q={quoted(text)}&limit=500")
            self.assertEqual(answer.status, 200, (text, answer.body))
            if field["search"]:
                self.assertIn(record["id"], [item["id"] for item in answer.json["items"]], (field["name"], text))
            if field["filterable"]:
                found = self.admin.get(f"{path}?{field['name']}={quoted(text)}&limit=5").json["items"]
                self.assertIn(record["id"], [item["id"] for item in found])
        self.assertEqual(self.admin.get("/users?name=admin").json["total"], 1)

    @of_each("read")
    def test_csv_says_the_same(self, resource, path):
        if resource["rights"]["create"]:
            self.maker.make(resource)
        listed = self.admin.get(f"{path}?limit=500&sort=id").json["items"]
        answer = self.admin.get(f"{path}?format=csv&sort=id&lang=en")
        self.assertEqual(answer.status, 200)
        rows = list(csv.reader(io.StringIO(answer.body.decode("utf-8-sig"))))
        if len(listed) < 500:
            self.assertEqual([row[0] for row in rows[1:] if row[0].isdigit()], [item["id"] for item in listed])

    @of_each("create", "delete")
    def test_deleted_is_gone(self, resource, path):
        record = self.maker.make(resource)
        self.assertEqual(self.admin.delete(f"{path}/{record['id']}").status, 204)
        for answer in (self.admin.get(f"{path}/{record['id']}"), self.admin.patch(f"{path}/{record['id']}", {}, "*"),
                       self.admin.delete(f"{path}/{record['id']}")):
            self.assertEqual(answer.status, 404)
        self.assertEqual(self.admin.get(f"{path}?id={record['id']}").json["items"], [])

    @of_each("create", "restore")
    def test_deleted_comes_back(self, resource, path):
        record = self.maker.make(resource)
        one = f"{path}/{record['id']}"
        self.assertEqual(self.admin.delete(one).status, 204)
        binned = self.admin.get(f"{path}?deleted=true&id={record['id']}").json["items"]
        self.assertEqual([item["id"] for item in binned], [record["id"]])
        self.assertIsNotNone(binned[0]["deleted"])
        self.assertEqual(shown(resource, self.admin.get(f"{one}?deleted=true").json), shown(resource, record))
        self.assertEqual(self.admin.call("POST", f"/api/v1{one}/restore", headers={"If-Match": '"1"'}).status, 412)
        back = self.admin.post(f"{one}/restore", None)
        self.assertEqual((back.status, shown(resource, back.json)), (200, shown(resource, record)))
        self.assertEqual(self.admin.post(f"{one}/restore", None).status, 404)
        trail = self.admin.get(f"/audit?resource={resource['name']}&record={record['id']}").json["items"]
        self.assertEqual([row["action"] for row in trail], ["restore", "delete", "create"])
        self.assertEqual(self.admin.delete(f"{one}?deleted=true").status, 404)
        self.assertEqual(self.admin.delete(one).status, 204)
        self.assertEqual(self.admin.delete(f"{one}?deleted=true", '"1"').status, 412)
        purged = self.admin.delete(f"{one}?deleted=true")
        self.assertEqual(purged.status, 204, purged.body)
        for answer in (self.admin.get(f"{one}?deleted=true"), self.admin.post(f"{one}/restore", None), self.admin.delete(f"{one}?deleted=true")):
            self.assertEqual(answer.status, 404)
        gone = self.admin.get(f"/audit?resource={resource['name']}&record={record['id']}").json["items"][0]
        self.assertEqual((gone["action"], gone["changes"]), ("purge", {resource["title"]: [record[resource["title"]], None]}))

    def test_the_trail_says_names(self):
        """Of what was referred to, as it was called then."""
        skill = self.maker.make(self.maker.resources["skills"])
        queue = self.maker.make(self.maker.resources["queues"], skills=[{"skill": skill["id"], "level": 3}], members=[], overflow_queue=None)
        element = queue["skills"][0]["id"]
        self.assertEqual(self.admin.patch(f"/queues/{queue['id']}", {"skills": [{"id": element, "level": 4}]}, "*").status, 200)
        self.assertEqual(self.admin.patch(f"/skills/{skill['id']}", {"name": "Another name"}, "*").status, 200)
        changed, made = self.admin.get(f"/audit?resource=queue&record={queue['id']}").json["items"]
        self.assertEqual((made["record_name"], made["names"]["skills"]), (queue["name"], [None, [{"skill": skill["name"]}]]))
        self.assertEqual((changed["changes"], changed["names"]), ({f"skills[{element}].level": [3, 4]}, {f"skills[{element}]": skill["name"]}))

    def test_what_is_in_use_says_by_whom(self):
        skill = self.maker.make(self.maker.resources["skills"])
        queue = self.maker.make(self.maker.resources["queues"], skills=[{"skill": skill["id"], "level": 3}])
        self.assertEqual([(each["resource"], each["field"], each["total"]) for each in self.admin.get(f"/skills/{skill['id']}/relations").json["items"]],
                         [("queues", "skills.skill", 1)])
        self.assertEqual(self.admin.get(f"/skills/{NO_ID}/relations").status, 404)
        answer = self.admin.delete(f"/skills/{skill['id']}")
        self.assertEqual((answer.status, answer.json["code"]), (409, "in_use"))
        self.assertEqual(answer.json["uses"], [{"resource": "queues", "id": queue["id"], "name": queue["name"]}])
        for path in (f"/queues/{queue['id']}", f"/skills/{skill['id']}"):
            self.assertEqual(self.admin.delete(path).status, 204)
        answer = self.admin.delete(f"/skills/{skill['id']}?deleted=true")  # the queue could come back and ask for it
        self.assertEqual((answer.status, answer.json["code"], answer.json["uses"][0]["resource"]), (409, "in_use", "queues"))
        for path in (f"/queues/{queue['id']}", f"/skills/{skill['id']}"):
            self.assertEqual(self.admin.delete(f"{path}?deleted=true").status, 204)


if __name__ == "__main__":
    unittest.main()
