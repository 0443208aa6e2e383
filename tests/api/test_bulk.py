#!/usr/bin/env python3
"""Many records changed alike: few at once, more by a job that is cancelled, killed and told of; each row with its own rights."""

import csv
import io
import os
import signal
import unittest

from centre import Centre, until

PASSWORD = "long enough"
NO_ID = "9007199254740000"


def counts(answer):
    return {name: n for name, n in answer["counts"].items() if n}


class Bulk(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.centre = cls.enterClassContext(Centre())
        cls.admin = cls.centre.sign_in("admin")

    def make(self, plural="customers", **body):
        answer = self.admin.post(f"/{plural}", body)
        self.assertEqual(answer.status, 201, answer.body)
        return answer.json

    def many(self, word, n):
        """Customers of a company by hand: thousands through the API would take minutes."""
        high = self.centre.sql("SELECT coalesce(max(id), 0) FROM customer")[0][0]
        self.centre.sql(
            f"INSERT INTO customer (id, version, created, updated, name, name_key, company, kind, tier, language, search) WITH RECURSIVE s (n) AS (SELECT 1"
            f" UNION ALL SELECT n + 1 FROM s WHERE n < {n}) SELECT {high} + n, 1, 1795000000000 + n, 1795000000000, '{word} ' || n,"
            f" '{word}', '{word}', 'customer', 'normal', 'en', ' ' FROM s")

    def bulk(self, who=None, plural="customers", **body):
        return (who or self.admin).post(f"/{plural}/bulk", body)

    def refused(self, field, code, **body):
        answer = self.bulk(**body)
        self.assertEqual((answer.status, [(e["field"], e["code"]) for e in answer.json["errors"]][:1]), (422, [(field, code)]), answer.body)

    def ended(self, job, who=None):
        return until(lambda: (got := (who or self.admin).get(f"/jobs/{job}").json)["state"] not in ("queued", "running") and got, 60, "the job's end")

    def rows(self, job, who=None):
        answer = (who or self.admin).get(f"/jobs/{job}/result")
        self.assertEqual(answer.status, 200)
        return list(csv.reader(io.StringIO(answer.body.decode("utf-8-sig"))))[1:]

    def trail(self, record, resource="customer"):
        return [row["action"] for row in self.admin.get(f"/audit?resource={resource}&record={record}").json["items"]]

    def test_what_is_asked_is_checked(self):
        one = self.make(name="Asked")["id"]
        self.refused("ids", "required", patch={"tier": "gold"})
        self.refused("ids", "required", ids=[one], query={}, patch={"tier": "gold"})
        self.refused("action", "required", ids=[one])
        self.refused("action", "needless", ids=[one], patch={"tier": "gold"}, action="delete")
        self.refused("action", "choice", ids=[one], action="explode")
        self.refused("ids", "taken", ids=[one, one], action="delete")
        self.refused("ids", "type", ids=["x"], action="delete")
        self.refused("ids", "range", ids=[], action="delete")
        self.refused("tier", "choice", ids=[one], patch={"tier": "lead"})
        self.refused("nonsense", "unknown", ids=[one], patch={"nonsense": 1})
        self.refused("tags", "too_long", ids=[one], add={"tags": [{"tag": str(n)} for n in range(31)]})
        self.refused("tags[0].tag", "required", ids=[one], add={"tags": [{}]})
        self.refused("name", "unknown", ids=[one], add={"name": ["x"]})
        self.refused("colour", "unknown", query={"colour": "red"}, action="delete")
        self.refused("more", "unknown", ids=[one], action="delete", more=1)
        self.refused("password", "single", plural="users", query={}, patch={"password": "all the same 1"})
        self.refused("name", "single", plural="users", query={}, patch={"name": "same"})
        self.assertEqual(self.bulk(self.centre.sign_in("agent1"), query={}, action="delete").status, 403)
        self.assertEqual(self.admin.post("/nowhere/bulk", {"query": {}, "action": "delete"}).status, 404)
        self.assertEqual(self.admin.get(f"/customers/{one}").json["version"], 1)

    def test_each_row_stands_alone(self):
        first, second, third = (self.make(name=f"Alone {n}") for n in range(3))
        self.admin.patch(f"/customers/{second['id']}", {"note": "newer"}, "*")
        ids = [{"id": each["id"], "version": each["version"]} for each in (first, second, third)] + [NO_ID]
        trial = self.bulk(ids=ids, patch={"tier": "gold"}, dry=True).json
        self.assertEqual((trial["dry"], trial["total"], counts(trial)), (True, 4, {"done": 2, "conflict": 1, "refused": 1}))
        self.assertEqual(self.admin.get("/customers?q=Alone&tier=gold").json["total"], 0)
        self.assertEqual(self.trail(first["id"]), ["create"])
        answer = self.bulk(ids=ids, patch={"tier": "gold"}).json
        self.assertEqual((answer["dry"], counts(answer)), (False, {"done": 2, "conflict": 1, "refused": 1}))
        told = {item["id"]: (item["outcome"], item.get("name"), item["code"]) for item in answer["items"]}
        self.assertEqual(told, {second["id"]: ("conflict", "Alone 1", "conflict"), NO_ID: ("refused", None, "not_found")})
        self.assertEqual({each["name"] for each in self.admin.get("/customers?q=Alone&tier=gold").json["items"]}, {"Alone 0", "Alone 2"})
        self.assertEqual(self.trail(first["id"]), ["update", "create"])
        gone = self.bulk(query={"q": "Alone"}, action="delete").json
        self.assertEqual(counts(gone), {"done": 3})
        back = self.bulk(query={"q": "Alone", "deleted": "true"}, action="restore").json
        self.assertEqual((counts(back), self.admin.get("/customers?q=Alone").json["total"]), ({"done": 3}, 3))
        self.assertEqual(self.trail(third["id"]), ["restore", "delete", "update", "create"])

    def test_elements_of_lists(self):
        plain = self.make(name="Tagged 1")
        full = self.make(name="Tagged 2", tags=[{"tag": f"t{n}"} for n in range(29)] + [{"tag": "VIP"}])
        some = self.make(name="Tagged 3", tags=[{"tag": "VIP"}, {"tag": "old"}])
        answer = self.bulk(query={"q": "Tagged"}, add={"tags": [{"tag": "VIP"}, {"tag": "autumn"}]}).json
        self.assertEqual(counts(answer), {"done": 2, "refused": 1})
        self.assertEqual([(item["id"], item["field"], item["code"]) for item in answer["items"]], [(full["id"], "tags", "too_long")])
        tags = lambda record: [item["tag"] for item in self.admin.get(f"/customers/{record['id']}").json["tags"]]
        self.assertEqual((tags(plain), tags(some)), (["VIP", "autumn"], ["VIP", "old", "autumn"]))
        kept = self.admin.get(f"/customers/{some['id']}").json["tags"][1]["id"]
        self.assertEqual(counts(self.bulk(query={"q": "Tagged"}, remove={"tags": [{"tag": "VIP"}, {"tag": "none"}]}).json), {"done": 3})
        self.assertEqual((tags(plain), tags(some), len(tags(full))), (["autumn"], ["old", "autumn"], 29))
        self.assertEqual(self.admin.get(f"/customers/{some['id']}").json["tags"][0]["id"], kept)

    def test_states_and_what_is_in_use(self):
        names = [f"many{n}" for n in range(3)]
        users = [self.make("users", name=name, full_name=name, password=PASSWORD, roles=self.centre.roles("坐席", admin=self.admin)) for name in names]
        inside = self.centre.sign_in("many0", PASSWORD)
        ids = [user["id"] for user in users]
        self.assertEqual(counts(self.bulk(plural="users", ids=ids, action="suspend", dry=True).json), {"done": 3})
        self.assertEqual(inside.get("/session").status, 200)
        self.assertEqual(counts(self.bulk(plural="users", ids=ids, action="suspend").json), {"done": 3})
        self.assertEqual(inside.get("/session").status, 401)
        again = self.bulk(plural="users", ids=ids, action="suspend").json
        self.assertEqual((counts(again), {item["code"] for item in again["items"]}), ({"refused": 3}, {"state"}))
        skill = self.make("skills", name="In bulk use")
        queue = self.make("queues", name="bulk queue", skills=[{"skill": skill["id"], "level": 3}], strategy="longest_idle")
        item = self.bulk(plural="skills", ids=[skill["id"]], action="delete").json["items"][0]
        self.assertEqual((item["outcome"], item["code"], item["uses"]), ("refused", "in_use", [{"resource": "queues", "id": queue["id"], "name": "bulk queue"}]))
        me = self.admin.get("/session").json["user"]["id"]
        last = self.bulk(plural="users", query={"roles.role": self.centre.roles("管理员", admin=self.admin)[0]["role"]}, action="suspend").json
        self.assertIn((me, "last_admin"), [(item["id"], item["code"]) for item in last["items"]])

    def test_rights_of_each_row(self):
        team = self.make("teams", name="bulk team")["id"]
        other = self.make("teams", name="other bulk team")["id"]
        grants = [{"right": f"customer.{verb}", "scope": scope} for verb, scope in (("read", "all"), ("update", "team"), ("delete", "own"))]
        role = self.make("roles", name="bulk role", grants=grants)["id"]
        user = self.make("users", name="bulker", full_name="b", password=PASSWORD, team=team, roles=[{"role": role}])["id"]
        bulker = self.centre.sign_in("bulker", PASSWORD)
        mine = self.make(name="Rights mine", owner=user, team=team)["id"]
        ours = self.make(name="Rights ours", team=team)["id"]
        theirs = self.make(name="Rights theirs", team=other)["id"]
        answer = self.bulk(bulker, query={"q": "Rights"}, patch={"tier": "silver"}).json
        self.assertEqual((counts(answer), [(item["id"], item["outcome"]) for item in answer["items"]]), ({"done": 2, "forbidden": 1}, [(theirs, "forbidden")]))
        away = self.bulk(bulker, ids=[ours], patch={"team": other}).json  # he may not read that team: it is as if it were not there
        self.assertEqual([(item["outcome"], item["field"]) for item in away["items"]], [("refused", "team")])
        away = self.bulk(bulker, ids=[ours], patch={"team": None}).json
        self.assertEqual([(item["outcome"], item["field"], item["code"]) for item in away["items"]], [("forbidden", "team", "scope")])
        self.assertEqual(self.admin.get(f"/customers/{ours}").json["team"], team)
        self.assertEqual(counts(self.bulk(bulker, query={"q": "Rights"}, action="delete").json), {"done": 1, "forbidden": 2})
        self.assertEqual(self.admin.get(f"/customers/{mine}").status, 404)
        self.refused_by(bulker, "numbers", "masked", ids=[ours], remove={"numbers": [{"number": "13800000000"}]})

    def refused_by(self, who, field, code, **body):
        answer = self.bulk(who, **body)
        self.assertEqual((answer.status, [(e["field"], e["code"]) for e in answer.json["errors"]]), (422, [(field, code)]))

    def test_many_by_a_job(self):
        self.many("Jobbed", 120)
        odd = self.admin.get("/customers?name=Jobbed%207").json["items"][0]
        trial = self.bulk(query={"company": "Jobbed"}, patch={"tier": "gold"}, dry=True, lang="en")
        self.assertEqual(trial.status, 202, trial.body)
        self.assertEqual(counts(self.ended(trial.json["id"])), {"done": 120})
        self.assertEqual(self.admin.get("/customers?company=Jobbed&tier=gold").json["total"], 0)
        ids = [{"id": each["id"], "version": 9 if each["id"] == odd["id"] else 1} for each in self.admin.get("/customers?company=Jobbed&limit=500").json["items"]]
        job = self.bulk(ids=ids, patch={"tier": "gold"}, lang="en").json
        self.assertEqual((job["kind"], job["resource"], job["label"]), ("bulk", "customer", "Customers · Change"))
        done = self.ended(job["id"])
        self.assertEqual((done["state"], done["done"], done["total"], counts(done)), ("done", 120, 120, {"done": 119, "conflict": 1}))
        rows = self.rows(job["id"])
        self.assertEqual(len(rows), 120)
        self.assertIn([odd["id"], "Jobbed 7", "Changed by somebody else", "", "somebody else was first"], rows)
        self.assertEqual(self.admin.get("/customers?company=Jobbed&tier=gold").json["total"], 119)
        self.assertEqual(self.trail(ids[0]["id"]), ["update"])

    def test_cut_in_the_middle(self):
        """Cancelled: what is done stays and is told. Killed: nothing is done twice, nothing is left out."""
        rows = 1500 if os.environ.get("LX_POSTGRES") else 6000
        self.many("Middle", rows)
        job = self.bulk(query={"company": "Middle"}, patch={"note": "cancelled"}, lang="en").json["id"]
        until(lambda: self.written("cancelled"), 60, "some are changed")
        self.assertEqual(self.admin.post(f"/jobs/{job}/cancel", {}).status, 200)
        record = self.ended(job)
        done = self.written("cancelled")
        self.assertEqual((record["state"], record["counts"]["done"]), ("cancelled", done))
        self.assertLess(done, rows)
        outcomes = [row[2] for row in self.rows(job)]
        self.assertEqual((outcomes.count("Done"), outcomes.count("Not reached")), (done, rows - done))
        job = self.bulk(query={"company": "Middle"}, patch={"note": "killed"}, lang="en").json["id"]
        until(lambda: self.written("killed"), 60, "some are changed")
        os.kill(self.centre.children()["desk"], signal.SIGKILL)
        before = self.written("killed")
        until(self.centre._healthy, 60, "the desk is back")
        record = self.ended(job)
        self.assertLess(before, rows)
        self.assertEqual((record["state"], counts(record)), ("done", {"done": rows}))
        self.assertEqual(self.written("killed"), rows)
        twice = self.centre.sql("SELECT count(*) FROM (SELECT record FROM audit WHERE CAST(changes AS TEXT) LIKE '%\"killed\"]%' GROUP BY record HAVING count(*) > 1) AS x")
        self.assertEqual(int(twice[0][0]), 0)

    def written(self, note):
        return int(self.centre.sql(f"SELECT count(*) FROM customer WHERE note = '{note}'")[0][0])


if __name__ == "__main__":
    unittest.main()
