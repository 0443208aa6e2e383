#!/usr/bin/env python3
"""Lists as files: at once and as jobs, CSV and XLSX, what is in them, who may have them, how jobs go and end."""

import csv
import io
import json
import re
import unittest
import xml.etree.ElementTree as ET
import zipfile

from centre import Api, Centre, until
from ws import WebSocket

SPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
MANY = 10_300


def sheet(body, number=1):
    """The cells of a sheet as text or numbers, row by row."""
    with zipfile.ZipFile(io.BytesIO(body)) as book:
        tree = ET.fromstring(book.read(f"xl/worksheets/sheet{number}.xml"))
    rows = []
    for row in tree.iter(SPACE + "row"):
        cells = {}
        for cell in row.iter(SPACE + "c"):
            column = re.match("[A-Z]+", cell.get("r")).group()
            text, value = cell.find(f"{SPACE}is/{SPACE}t"), cell.find(SPACE + "v")
            cells[column] = text.text if text is not None else float(value.text)
        rows.append(cells)
    return rows


def table(body):
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))


class Export(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.centre = cls.enterClassContext(Centre())
        cls.admin, cls.agent = cls.centre.sign_in("admin"), cls.centre.sign_in("agent9")
        cls.customer = cls.admin.post("/customers", {
            "name": "=HYPERLINK(\"http://x\")", "tier": "gold", "numbers": [{"number": "13800138000"}, {"number": "02112345678"}],
            "note": "say \"hi\",\n下一行"}).json

    def job(self, api, body, plural="customers"):
        answer = api.post(f"/{plural}/export", body)
        self.assertEqual(answer.status, 202, answer.body)
        return self.ended(api, answer.json["id"])

    def ended(self, api, job):
        def ask():
            record = api.get(f"/jobs/{job}").json
            return record["state"] not in ("queued", "running") and record
        return until(ask, 60, "the job's end")

    def test_at_once(self):
        query = "?tier=gold&lang=en&q=HYPERLINK&offset_min=480"
        answer = self.admin.get("/customers" + query + "&format=csv")
        row, = table(answer.body)
        self.assertEqual((row["Name"], row["Tier"], row["Numbers"]), ("'=HYPERLINK(\"http://x\")", "Gold", "13800138000:Mobile:No; 02112345678:Mobile:No"))
        self.assertRegex(answer.headers["Content-Disposition"], r'filename="customers_\d{8}-\d{6}_admin.csv"')
        answer = self.admin.get("/customers" + query + "&format=xlsx")
        head, row = sheet(answer.body)
        found = {label: row[column] for column, label in head.items() if column in row}
        self.assertEqual((found["Name"], found["Note"]), ('=HYPERLINK("http://x")', self.customer["note"]))
        self.assertIsInstance(found["Created (UTC+08:00)"], float)
        about = {cells["A"]: cells["B"] for cells in sheet(answer.body, 2)}
        self.assertEqual((about["Exported by"], about["Rows"]), ("admin", "1"))
        self.assertIn("q=HYPERLINK", about["Filter"])
        with zipfile.ZipFile(io.BytesIO(answer.body)) as book:
            self.assertIn("<dc:creator>admin</dc:creator>", book.read("docProps/core.xml").decode())
            self.assertNotIn("<f>", book.read("xl/worksheets/sheet1.xml").decode())
            self.assertIn('state="frozen"', book.read("xl/worksheets/sheet1.xml").decode())
        trail = self.admin.get("/audit?action=export&sort=-created").json["items"]
        self.assertIn({"rows": [None, 1], "format": [None, "xlsx"], "filter": [None, "tier=gold q=HYPERLINK"]},
                      [row["changes"] for row in trail])

    def test_as_a_job(self):
        job = self.job(self.admin, {"format": "xlsx", "lang": "zh-CN", "fields": ["name", "numbers", "tier"],
                                    "query": {"tier": ["gold"], "sort": "-name"}})
        self.assertEqual((job["kind"], job["resource"], job["state"], job["owner_name"]), ("export", "customer", "done", "admin"))
        self.assertEqual(job["done"], job["total"])
        answer = self.admin.get(f"/jobs/{job['id']}/result")
        self.assertEqual(len(answer.body), job["file_size"])
        rows = sheet(answer.body)
        self.assertEqual(rows[0], {"A": "姓名", "B": "号码", "C": "等级"})
        names = [row["A"] for row in rows[1:]]
        self.assertEqual(names, [row["name"] for row in self.admin.get("/customers?tier=gold&sort=-name").json["items"]])
        self.assertEqual({row["C"] for row in rows[1:]}, {"金卡"})
        self.assertEqual(self.admin.post(f"/jobs/{job['id']}/cancel", {}).json["code"], "ended")

    def test_refused_before_it_begins(self):
        for body, field in (({}, "format"), ({"format": "pdf"}, "format"), ({"format": "csv", "query": {"colour": "red"}}, "colour"),
                            ({"format": "csv", "query": ["x"]}, "query"), ({"format": "csv", "query": {"tier": [1]}}, "query"),
                            ({"format": "csv", "query": {"limit": "1"}}, "query"), ({"format": "csv", "fields": ["password"]}, "fields"),
                            ({"format": "csv", "fields": 7}, "fields"), ({"format": "csv", "offset_min": 9999}, "offset_min"),
                            ({"format": "csv", "lang": 1}, "lang"), ({"format": "csv", "speed": 1}, "speed")):
            answer = self.admin.post("/customers/export", body)
            self.assertEqual((answer.status, [e["field"] for e in answer.json.get("errors", [])]), (422, [field]), body)
        self.assertEqual(self.admin.get("/customers?format=pdf").json["errors"][0]["field"], "format")
        self.assertEqual(self.agent.post("/users/export", {"format": "csv"}).status, 403)
        self.assertEqual(self.admin.get("/users?format=csv&fields=password").status, 422)

    def test_a_job_is_its_owners(self):
        job = self.job(self.admin, {"format": "csv"})
        for path in (f"/jobs/{job['id']}", f"/jobs/{job['id']}/result"):
            self.assertEqual(self.agent.get(path).status, 404)
        self.assertEqual(self.agent.post(f"/jobs/{job['id']}/cancel", {}).status, 404)
        own = self.job(self.agent, {"format": "csv", "fields": "name"})
        self.assertEqual([item["owner_name"] for item in self.agent.get("/jobs").json["items"]], ["agent9"])
        self.assertEqual(self.agent.get(f"/jobs/{own['id']}/result").status, 200)

    def person(self, name, *rights, scope="all"):
        role = self.admin.post("/roles", {"name": name, "grants": [{"right": right, "scope": scope} for right in rights]}).json["id"]
        made = self.admin.post("/users", {"name": name, "full_name": name, "password": "long-enough-1", "roles": [{"role": role}]})
        return made.json["id"], role, self.centre.sign_in(name, "long-enough-1")

    def key(self, api, *rights):
        answer = api.post("/api_tokens", {"name": "nightly", "rights": [{"right": right} for right in rights]})
        self.assertEqual(answer.status, 201, answer.body)
        return answer.json["id"], Api(self.centre.base, answer.json["secret"])

    def test_a_key_exports_with_its_own_rights(self):
        """Whatever its owner may: numbers are masked for it, names of people are not told, and others' files are not its own."""
        owner = self.admin.get("/session").json["user"]["id"]
        self.admin.patch(f"/customers/{self.customer['id']}", {"owner": owner}, "*")
        fields = ["name", "numbers", "owner"]
        whole = self.job(self.admin, {"format": "csv", "fields": fields, "query": {"tier": ["gold"]}})
        _, program = self.key(self.admin, "customer.read", "customer.export", "job.read")
        mine = self.job(program, {"format": "csv", "fields": fields, "query": {"tier": ["gold"]}})
        self.assertEqual(program.get(f"/jobs/{whole['id']}/result").status, 403)
        self.assertIn(b"13800138000", self.admin.get(f"/jobs/{whole['id']}/result").body)
        cut = program.get(f"/jobs/{mine['id']}/result").body
        self.assertIn(b"138****8000", cut)
        self.assertNotIn(b"13800138000", cut)
        self.assertIn(b'"admin"', self.admin.get(f"/jobs/{whole['id']}/result").body)
        self.assertNotIn(b'"admin"', cut)
        row = self.admin.get("/audit?action=export&resource=customer").json["items"][0]
        self.assertEqual(row["actor_name"], "admin (nightly)")

    def test_a_file_is_its_owners(self):
        """Who reads the jobs of others does not get what they have made; who may export no more gets his own no more."""
        _, role, leaver = self.person("leaver", "customer.read", "customer.export", "job.read")
        job = self.job(leaver, {"format": "csv"})
        _, _, reader = self.person("reader", "customer.read", "job.read")
        self.assertEqual((reader.get(f"/jobs/{job['id']}").status, reader.get(f"/jobs/{job['id']}/result").status), (200, 403))
        self.assertEqual(leaver.get(f"/jobs/{job['id']}/result").status, 200)
        self.admin.patch(f"/roles/{role}", {"grants": [{"right": "customer.read"}, {"right": "job.read"}]}, "*")
        self.assertEqual(leaver.get(f"/jobs/{job['id']}/result").status, 403)

    def test_its_owner_is_told(self):
        head = f"Authorization: Bearer {self.admin.token}"
        with WebSocket(self.centre.http, "/api/v1/events", head) as line:
            job = self.job(self.admin, {"format": "csv"})
            states = []
            while not states or states[-1] not in ("done", "failed"):
                message = json.loads(line.receive()[1])
                if message.get("topic") == "job" and message["id"] == job["id"]:
                    states.append(message["value"]["state"])
        self.assertEqual((states[0], states[-1]), ("queued", "done"))


class Many(unittest.TestCase):
    """More than may be had at once, and what becomes of jobs in the middle."""

    @classmethod
    def setUpClass(cls):
        cls.centre = cls.enterClassContext(Centre())
        cls.centre.sql(f"WITH RECURSIVE x(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM x WHERE i < {MANY})"
                       " INSERT INTO skill (id, version, created, updated, name, search)"
                       " SELECT i + 999, 1, 0, 0, 'skill ' || substr(CAST(999999 + i AS TEXT), 2), ' skill ' FROM x")
        cls.admin = cls.centre.sign_in("admin")

    def start(self):
        answer = self.admin.post("/skills/export", {"format": "csv", "query": {"q": "skill"}})
        self.assertEqual(answer.status, 202, answer.body)
        return answer.json["id"]

    def end(self, job):
        return until(lambda: (r := self.admin.get(f"/jobs/{job}").json)["state"] not in ("queued", "running") and r, 60, "end")

    def test_too_many_at_once(self):
        for form in ("csv", "xlsx"):
            answer = self.admin.get(f"/skills?q=skill&format={form}")
            self.assertEqual((answer.status, answer.json["errors"][0]["code"]), (422, "too_many"))
        job = self.end(self.start())
        rows = table(self.admin.get(f"/jobs/{job['id']}/result").body)
        self.assertEqual(len({row["名称"] for row in rows}), MANY)

    def stops(self, api, take_away):
        """Jobs that wait or run when something is taken away from whose they are: the last, at least, comes too late."""
        ask = {"format": "xlsx", "query": {"q": "skill"}}
        answers = [api.post("/skills/export", ask) for _ in range(6)]
        self.assertEqual({answer.status for answer in answers}, {202}, answers[0].body)
        jobs = [answer.json["id"] for answer in answers]
        take_away()
        ends = [self.end(job) for job in jobs]
        self.assertEqual((ends[-1]["state"], ends[-1]["message"]), ("failed", "forbidden"), ends)
        self.assertEqual([end["file_name"] for end in ends if end["state"] == "failed"], [None] * sum(end["state"] == "failed" for end in ends))

    def test_what_is_taken_away_meanwhile(self):
        role = self.admin.post("/roles", {"name": "taker", "grants": [{"right": "skill.export"}, {"right": "job.read", "scope": "own"}]}).json["id"]
        user = self.admin.post("/users", {"name": "taker", "full_name": "x", "password": "long-enough-1", "roles": [{"role": role}]}).json["id"]
        api = self.centre.sign_in("taker", "long-enough-1")
        made = self.admin.post("/api_tokens", {"name": "k", "rights": [{"right": "skill.export"}, {"right": "job.read"}]}).json
        self.stops(Api(self.centre.base, made["secret"]), lambda: self.admin.delete(f"/api_tokens/{made['id']}"))
        self.stops(api, lambda: self.admin.patch(f"/roles/{role}", {"grants": [{"right": "job.read", "scope": "own"}]}, "*"))
        self.admin.patch(f"/roles/{role}", {"grants": [{"right": "skill.export"}, {"right": "job.read", "scope": "own"}]}, "*")
        self.stops(api, lambda: self.admin.post(f"/users/{user}/suspend", {}))

    def test_too_many_jobs(self):
        answers = [self.admin.post("/skills/export", {"format": "xlsx", "query": {"q": "skill"}}) for _ in range(12)]
        refused = [answer for answer in answers if answer.status != 202]
        self.assertTrue(refused)
        self.assertEqual((refused[0].status, refused[0].json["code"]), (409, "too_many_jobs"))
        jobs = [answer.json["id"] for answer in answers if answer.status == 202]
        for job in reversed(jobs):
            self.assertIn(self.admin.post(f"/jobs/{job}/cancel", {}).status, (200, 409))
        states = {self.end(job)["state"] for job in jobs}
        self.assertIn("cancelled", states)
        self.assertLessEqual(states, {"cancelled", "done"})
        waiting = self.end(jobs[-1])
        self.assertEqual((waiting["state"], waiting["started"]), ("cancelled", None))
        self.assertEqual(self.admin.get(f"/jobs/{jobs[-1]}/result").status, 404)


class Restart(unittest.TestCase):
    def test_what_was_left_is_taken_up(self):
        """Put as it stands when the process died: an export begins anew, of what nobody knows it is said that it failed."""
        with Centre() as centre:
            owner = centre.sign_in("admin").get("/session").json["user"]["id"]
            centre.stop()
            params = json.dumps({"resource": "skill", "format": "csv", "lang": "en", "query": []})
            for job, kind, phase in ((11, "export", "running"), (12, "export", "queued"), (13, "unheard", "running")):
                centre.sql("INSERT INTO job (id, version, created, updated, kind, label, phase, done, owner, params)"
                           f" VALUES ({job}, 1, 0, 0, '{kind}', 'x', '{phase}', 0, {owner}, '{params}')")
            centre.start()
            admin = centre.sign_in("admin")
            states = [until(lambda job=job: (r := admin.get(f"/jobs/{job}").json)["state"] not in ("queued", "running") and r)
                      for job in (11, 12)]
            self.assertEqual([(job["state"], job["message"]) for job in states], [("done", None)] * 2)
            until(lambda: centre.sql("SELECT phase, message FROM job WHERE id = 13") == [["failed", "restart"]], what="the kind of another version")
            self.assertTrue(table(admin.get("/jobs/11/result").body))


if __name__ == "__main__":
    unittest.main()
