#!/usr/bin/env python3
"""Customers: prospects, numbers in any form, who may be the same person, two that become one, what was changed; and the search
over everything."""

import os
import signal
import unittest
import urllib.parse

from centre import Centre, until


class Customers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.centre = cls.enterClassContext(Centre())
        cls.admin, cls.agent = cls.centre.sign_in("admin"), cls.centre.sign_in("agent9")

    def make(self, name, *numbers, **more):
        answer = self.admin.post("/customers", {"name": name, "numbers": [{"number": number} for number in numbers], **more})
        self.assertEqual(answer.status, 201, answer.body)
        return answer.json

    def call_of(self, number, id_, direction="inbound", customer="NULL"):
        """A contact as history has it."""
        self.centre.sql("INSERT INTO interaction (id, version, created, updated, node, boot, channel, direction, from_number, to_number, party, customer,"
                        " phase, started, flow_ms, wait_ms, ring_ms, talk_ms, hold_ms, wrap_up_ms, started_mono, ends, offers)"
                        f" VALUES ({id_}, 1, 1, 1, 1, 1, 'voice', '{direction}', '{number}', '400', '+86{number}', {customer}, 'ended', {id_}, 0, 0, 0, 0, 0, 0, 1, 1, 0)")

    def test_prospect(self):
        one = self.make("齐潜", "13911112222", kind="prospect")
        self.assertIn(one["id"], [row["id"] for row in self.admin.get("/customers?kind=prospect&q=qiqian").json["items"]])
        answer = self.admin.patch(f"/customers/{one['id']}", {"kind": "customer"}, "*")
        self.assertEqual((answer.status, [(e["field"], e["code"]) for e in answer.json["errors"]]), (422, [("kind", "read_only")]))
        self.assertEqual(one["actions"], ["convert"])
        self.admin.post("/roles", {"name": "asks only", "grants": [{"right": "customer.read", "scope": "all"}, {"right": "customer.update", "scope": "all"}]})
        user = {"name": "asker", "full_name": "A", "password": "long-enough-1", "roles": self.centre.roles("asks only", admin=self.admin)}
        self.assertEqual(self.admin.post("/users", user).status, 201)
        asker = self.centre.sign_in("asker", "long-enough-1")
        self.assertEqual(asker.get(f"/customers/{one['id']}").json["actions"], [])
        self.assertEqual(asker.post(f"/customers/{one['id']}/convert", {}).status, 403)
        answer = self.admin.post(f"/customers/{one['id']}/convert", {})
        self.assertEqual((answer.status, answer.json["kind"], answer.json["actions"]), (200, "customer", []))
        self.assertEqual(self.admin.post(f"/customers/{one['id']}/convert", {}).status, 409)
        trail = self.admin.get(f"/audit?resource=customer&record={one['id']}").json["items"][0]
        self.assertEqual((trail["action"], trail["changes"]), ("convert", {"kind": ["prospect", "customer"]}))
        two, three = self.make("齐潜甲", kind="prospect"), self.make("齐潜乙")  # one of whom is a customer are a customer together
        self.assertEqual(self.admin.post(f"/customers/{two['id']}/merge", {"other": three["id"]}).json["kind"], "customer")

    def test_whose_customers(self):
        """Each way to a customer shows whoever has a scope only those within it."""
        role = self.admin.post("/roles", {"name": "keeper", "grants": [
            {"right": f"customer.{verb}", "scope": "own"} for verb in ("read", "create", "update", "delete", "export", "clear")]}).json["id"]
        keeper = self.admin.post("/users", {"name": "keeper", "full_name": "K", "password": "long-enough-1", "roles": [{"role": role}]}).json["id"]
        mine = self.make("欧阳若兰", "13955550001", owner=keeper)
        other = self.make("欧阳若岚", "13955550001", mails=[{"mail": "rl@mail.example"}])
        api = self.centre.sign_in("keeper", "long-enough-1")
        ids = lambda answer: [item["id"] for item in answer.json["items"]]
        for query in ("", "?q=ouyang", "?sort=-name", f"?id={other['id']}&id={mine['id']}"):
            answer = api.get(f"/customers{query}")
            self.assertEqual((ids(answer), answer.json["total"]), ([mine["id"]], 1), query)
        for answer in (api.get(f"/customers/{other['id']}"), api.patch(f"/customers/{other['id']}", {"note": "x"}, "*"),
                       api.delete(f"/customers/{other['id']}"), api.get(f"/customers/{other['id']}/duplicates"),
                       api.get(f"/customers/{other['id']}/history")):
            self.assertEqual(answer.status, 404)
        self.assertEqual(ids(api.get(f"/customers/{mine['id']}/duplicates")), [])
        self.assertEqual(ids(api.get("/customers/duplicates?number=13955550001&name=x")), [mine["id"]])
        self.assertNotIn(other["id"], api.get("/search?q=ouyang").body.decode())
        self.assertNotIn("若岚", api.get("/customers?format=csv").body.decode())
        self.assertIn(api.post(f"/customers/{mine['id']}/merge", {"other": other["id"]}).status, (403, 404, 422))
        self.assertEqual(self.admin.get(f"/customers/{other['id']}").status, 200)

    def person(self, name, *grants, **fields):
        role = self.admin.post("/roles", {"name": name, "grants": [dict(zip(("right", "scope"), grant.split())) for grant in grants]}).json["id"]
        made = self.admin.post("/users", {"name": name, "full_name": name, "password": "long-enough-1", "roles": [{"role": role}], **fields})
        return made.json["id"], self.centre.sign_in(name, "long-enough-1")

    def test_numbers_of_ones_own_customers(self):
        """Who reads all and sees his own in clear finds those by number, and cannot try the numbers of others."""
        keeper, api = self.person("half", "customer.read all", "customer.clear own", "customer.create all", "customer.update own", "customer.import all",
                                  "import.read own", "job.read own")
        mine = self.make("苏自家", "13977770001", owner=keeper)
        other = self.make("苏别家", "13977770002", "13977770001", identity="P7777", identity_kind="passport", mails=[{"mail": "bj@mail.example"}])
        ids = lambda answer: [item["id"] for item in answer.json["items"]]
        for query, found in (("q=13977770001", [mine["id"]]), ("q=9777", [mine["id"]]), ("q=13977770002", []), ("numbers.number=13977770001", [mine["id"]]),
                             ("numbers.number=13977770002", []), ("identity=P7777", []), ("q=sujia", []), ("q=su&name=苏别家", [other["id"]])):
            answer = api.get(f"/customers?{urllib.parse.quote(query, safe='=&')}")
            self.assertEqual((ids(answer), answer.json["total"]), (found, len(found)), query)
        self.assertEqual([item["id"] for item in api.get("/search?q=13977770002").json["items"]], [])
        shown = {item["id"]: item["numbers"][0]["number"] for item in api.get(f"/customers?id={mine['id']}&id={other['id']}").json["items"]}
        self.assertEqual(shown, {mine["id"]: "+8613977770001", other["id"]: "+86139****0002"})
        self.assertEqual(api.get("/customers?sort=identity").status, 422)
        self.assertEqual(ids(api.get("/customers/duplicates?number=13977770001")), [mine["id"]])
        for query in ("number=13977770002", "identity=P7777"):
            self.assertEqual(ids(api.get(f"/customers/duplicates?{query}")), [])
            self.assertEqual(ids(self.admin.get(f"/customers/duplicates?{query}")), [other["id"]])
        self.assertEqual([item["reasons"] for item in api.get("/customers/duplicates?number=13977770002&mail=bj@mail.example").json["items"]], [["mail"]])
        probe = api.post("/customers", {"name": "探", "numbers": [{"number": "13977770002"}], "owner": None})
        self.assertEqual((probe.status, probe.json["duplicates"]), (201, []))
        self.assertEqual(ids(api.get(f"/customers/{probe.json['id']}/duplicates")), [])

    def test_an_import_tries_no_numbers(self):
        """What the check calls a duplicate by number is one that its owner sees in clear."""
        keeper, api = self.person("importer", "customer.read all", "customer.clear own", "customer.create all", "customer.update all", "customer.import all",
                                  "import.read own", "job.read own")
        self.make("易自家", "13988880001", owner=keeper)
        self.make("易别家", "13988880002")
        made = api.call("POST", "/api/v1/imports?resource=customers&name=x.csv", "姓名,号码\n甲,13988880001\n乙,13988880002\n".encode()).json
        plan = {"columns": ["name", "numbers"], "keys": ["numbers"], "duplicates": "update"}
        answer = api.put(f"/imports/{made['id']}/mapping", plan)
        self.assertEqual(answer.status, 200, answer.body)
        self.assertEqual(api.post(f"/imports/{made['id']}/check", {}).status, 202)
        done = until(lambda: (row := api.get(f"/imports/{made['id']}").json)["state"] == "checked" and row, what="checked")
        self.assertEqual((done["counts"]["duplicates"], done["counts"]["new"]), (1, 1), done["counts"])

    def test_identity(self):
        for number, kind, field in (("110105194912310021", "id_card", "identity"), ("x", None, "identity_kind")):
            answer = self.admin.post("/customers", {"name": "证", "identity": number, "identity_kind": kind})
            self.assertEqual((answer.status, answer.json["errors"][0]["field"]), (422, field), number)
        self.assertEqual(self.make("证", identity="11010519491231002X", identity_kind="id_card")["identity"], "11010519491231002X")
        answer = self.admin.post("/customers", {"name": "信", "mails": [{"mail": "Nobody At All"}]})
        self.assertEqual((answer.status, answer.json["errors"][0]["field"]), (422, "mails[0].mail"))

    def test_duplicates(self):
        one = self.make("司徒重", "021-5555 1234", mails=[{"mail": "situ@mail.example"}])
        self.assertEqual(one["duplicates"], [])
        two = self.make("司徒崇", "+86 21 55551234 转 8", mails=[{"mail": "situ@mail.example"}])
        self.assertEqual([(item["id"], item["reasons"]) for item in two["duplicates"]], [(one["id"], ["number", "mail", "name"])])
        sound = self.make("司徒众")
        self.assertEqual({item["id"]: item["reasons"] for item in sound["duplicates"]}, {one["id"]: ["name"]})
        found = self.admin.get("/customers/duplicates?number=02155551234&name=nobody").json["items"]
        self.assertEqual({item["id"] for item in found}, {one["id"], two["id"]})
        found = self.admin.get(f"/customers/{one['id']}/duplicates").json["items"]
        self.assertEqual([item["id"] for item in found][0], two["id"])
        self.assertEqual(self.admin.get("/customers/duplicates?colour=red").status, 422)

    def test_merge(self):
        self.call_of("13944440001", 501)
        self.call_of("13944440002", 502)
        one = self.make("甲方", "13944440001", tags=[{"tag": "老客户"}])
        two = self.make("乙方", "13944440002", "13944440001", company="乙公司", tier="gold", tags=[{"tag": "老客户"}, {"tag": "VIP"}])
        self.assertEqual([row["id"] for row in self.admin.get(f"/customers/{one['id']}/timeline").json["items"]], ["501"])
        refused = self.admin.post(f"/customers/{one['id']}/merge", {"other": one["id"]})
        self.assertEqual((refused.status, refused.json["errors"][0]["field"]), (422, "other"))
        self.assertEqual(self.admin.post(f"/customers/{one['id']}/merge", {"other": two["id"], "other_version": 9}).status, 412)
        self.assertEqual(self.admin.post(f"/customers/{one['id']}/merge", {"other": two["id"], "fields": {"tier": "neither"}}).status, 422)
        self.assertEqual(self.agent.post(f"/customers/{one['id']}/merge", {"other": two["id"]}).status, 403)
        answer = self.admin.post(f"/customers/{one['id']}/merge", {"other": two["id"], "fields": {"tier": "other"}})
        self.assertEqual(answer.status, 200, answer.body)
        merged = answer.json
        self.assertEqual((merged["name"], merged["tier"], merged["company"]), ("甲方", "gold", "乙公司"))
        self.assertEqual([row["number"] for row in merged["numbers"]], ["+8613944440001", "+8613944440002"])
        self.assertEqual([row["tag"] for row in merged["tags"]], ["老客户", "VIP"])
        contacts = self.admin.get(f"/customers/{one['id']}/timeline").json["items"]
        self.assertEqual([row["id"] for row in contacts], ["502", "501"])
        self.assertEqual(self.admin.get(f"/customers/{two['id']}").json["id"], one["id"])  # the client follows the 308
        self.assertNotIn(two["id"], [row["id"] for row in self.admin.get("/customers?q=13944440002").json["items"]])
        self.assertEqual([row["id"] for row in self.admin.get("/customers?q=13944440002").json["items"]], [one["id"]])
        actions = [(row["action"], row["record"]) for row in self.admin.get(f"/customers/{one['id']}/history").json["items"]]
        self.assertEqual({("merge", one["id"]), ("update", one["id"]), ("create", one["id"]), ("create", two["id"]), ("delete", two["id"])}, set(actions))
        three = self.make("丙方", "13944440003")
        self.assertEqual(self.admin.post(f"/customers/{three['id']}/merge", {"other": one["id"]}).status, 200)
        self.assertEqual(self.admin.get(f"/customers/{two['id']}").json["id"], three["id"])
        self.assertEqual(len(self.admin.get(f"/customers/{three['id']}/timeline").json["items"]), 2)
        reader, api = self.person("lone", "customer.read own")
        self.assertEqual(api.get(f"/customers/{two['id']}").json, api.get("/customers/9007199254740000").json)  # not even the id it went to
        self.admin.patch(f"/customers/{three['id']}", {"owner": reader}, "*")
        self.assertEqual(api.get(f"/customers/{two['id']}").json["id"], three["id"])

    def test_time_line_within_ones_right(self):
        """Beyond what he may read there is a number and nothing else, but for customers whose whole line is his to see."""
        for n in range(3):
            self.call_of("13944449001", 520 + n)
        reader, api = self.person("liner", "customer.read all", "interaction.read own", "customer.timeline own")
        one = self.make("时间", "13944449001")
        page = api.get(f"/customers/{one['id']}/timeline").json
        self.assertEqual((page["items"], page["total"], page["hidden"]), ([], 0, 3))
        self.assertEqual(self.admin.get(f"/customers/{one['id']}/timeline").json["hidden"], 0)
        self.admin.patch(f"/customers/{one['id']}", {"owner": reader}, "*")
        page = api.get(f"/customers/{one['id']}/timeline").json
        self.assertEqual(([item["id"] for item in page["items"]], page["hidden"]), (["522", "521", "520"], 0))
        self.assertEqual({item["from"] for item in page["items"]}, {"139****9001"})

    def test_purged(self):
        """What makes him known leaves for good; what others did with him stays, without his numbers."""
        self.call_of("13977770001", 601)
        one = self.make("辛未", "13977770001", identity="11010519491231002X", identity_kind="id_card", mails=[{"mail": "xw@mail.example"}])
        self.admin.patch(f"/customers/{one['id']}", {"numbers": [{"number": "13977770002"}]}, "*")
        self.assertEqual(self.admin.delete(f"/customers/{one['id']}?deleted=true").status, 404)
        self.assertEqual(self.admin.delete(f"/customers/{one['id']}").status, 204)
        leader = self.centre.sign_in("lead1")  # takes back what was deleted, and has no right to end it
        self.assertEqual((leader.get(f"/customers/{one['id']}?deleted=true").status, leader.delete(f"/customers/{one['id']}?deleted=true").status), (200, 403))
        self.assertEqual(self.admin.delete(f"/customers/{one['id']}?deleted=true").status, 204)
        self.assertEqual(self.admin.get("/customers?deleted=true&q=xinwei").json["total"], 0)
        for table, column in (("customer", "id"), ("customer_number", "parent"), ("customer_mail", "parent")):
            self.assertEqual(int(self.centre.sql(f"SELECT count(*) FROM {table} WHERE {column} = {one['id']}")[0][0]), 0, table)
        trail = str(self.centre.sql(f"SELECT changes FROM audit WHERE record = {one['id']}"))
        for number in ("13977770001", "13977770002", "11010519491231002X"):
            self.assertNotIn(number, trail)
        self.assertIn("****", trail)
        self.assertEqual([row["action"] for row in self.admin.get(f"/audit?resource=customer&record={one['id']}").json["items"]], ["purge", "delete", "update", "create"])
        self.assertEqual(self.admin.get("/interactions/601").json["customer"], one["id"])

    def test_what_is_long_in_the_bin(self):
        old, fresh = self.make("卞旧", "13988880001"), self.make("卞新", "13988880002")
        for each in (old, fresh):
            self.assertEqual(self.admin.delete(f"/customers/{each['id']}").status, 204)
        self.centre.sql(f"UPDATE customer SET deleted = 1000 WHERE id = {old['id']}")
        setting = self.admin.get("/settings").json["items"][0]["id"]
        self.assertEqual(self.admin.patch(f"/settings/{setting}", {"bin_days": 30}, "*").status, 200)
        os.kill(self.centre.children()["desk"], signal.SIGKILL)  # it looks when it starts, and then each night
        until(self.centre._healthy, 60, "the desk is back")
        until(lambda: self.admin.get(f"/customers/{old['id']}?deleted=true").status == 404, 60, "the old one is gone")
        self.assertEqual(self.admin.get(f"/customers/{fresh['id']}?deleted=true").status, 200)
        row = self.admin.get(f"/audit?resource=customer&record={old['id']}").json["items"][0]
        self.assertEqual((row["action"], row["actor"]), ("purge", None))

    def test_history_is_for_readers(self):
        one = self.make("史一", "13955550001")
        self.admin.patch(f"/customers/{one['id']}", {"tier": "silver"}, "*")
        rows = self.agent.get(f"/customers/{one['id']}/history").json["items"]
        self.assertEqual([(row["action"], row["actor_name"]) for row in rows], [("update", "admin"), ("create", "admin")])
        self.assertEqual((rows[0]["changes"], rows[0]["record_name"]), ({"tier": ["normal", "silver"]}, "史一"))
        user = self.admin.get("/users?name=lead1").json["items"][0]
        self.admin.patch(f"/customers/{one['id']}", {"owner": user["id"]}, "*")
        self.assertEqual(self.admin.get(f"/customers/{one['id']}/history").json["items"][0]["names"], {"owner": [None, "lead1"]})
        self.assertFalse(self.agent.get(f"/customers/{one['id']}/history").json["items"][0]["names"])  # he may not read users
        self.assertIn(("customers", "owner"), [(each["resource"], each["field"]) for each in self.admin.get(f"/users/{user['id']}/relations").json["items"]])
        self.assertEqual(self.agent.get(f"/users/{user['id']}/relations").status, 403)
        self.assertEqual(self.agent.get("/audit").status, 403)
        self.assertEqual(self.agent.get("/customers/9007199254740000/history").status, 404)

    def test_search_over_everything(self):
        one = self.make("寻常人", "13966660001")
        found = self.admin.get("/search?q=xcr").json["items"]
        self.assertEqual([(item["resource"], item["id"], item["title"], item["path"]) for item in found],
                         [("customers", one["id"], "寻常人", f"/customers/{one['id']}")])
        kinds = {item["resource"] for item in self.admin.get("/search?q=wang").json["items"]}
        self.assertLessEqual({"agents", "users"}, kinds)
        self.assertNotIn("users", {item["resource"] for item in self.agent.get("/search?q=wang").json["items"]})
        self.assertEqual(self.admin.get("/search").json["errors"][0]["field"], "q")


if __name__ == "__main__":
    unittest.main()
