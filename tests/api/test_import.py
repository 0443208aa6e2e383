#!/usr/bin/env python3
"""Records from people's tables: what a file is, what its columns are, what a check tells and what a run then does."""

import csv
import io
import os
import signal
import unittest
import urllib.parse
import zipfile

from centre import Api, Centre, until

NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STYLES = f'<styleSheet {NS}><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>'


def letters(column):
    return chr(65 + column)


def cell(row, column, value):
    """Text as text, numbers as Excel keeps them, None as nothing."""
    at = f'r="{letters(column)}{row}"'
    if value is None:
        return ""
    if isinstance(value, str):
        escaped = value.replace("&", "&amp;").replace("<", "&lt;")
        return f'<c {at} t="inlineStr"><is><t>{escaped}</t></is></c>'
    return f"<c {at}><v>{value!r}</v></c>"


def workbook(rows, **parts):
    """The bytes of a workbook; parts replace those of that name."""
    body = "".join(f'<row r="{n}">' + "".join(cell(n, c, v) for c, v in enumerate(row)) + "</row>" for n, row in enumerate(rows, 1))
    files = {
        "_rels/.rels": f'<Relationships><Relationship Id="a" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {NS} xmlns:r="{RELATIONS}"><sheets><sheet name="客户" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships><Relationship Id="r1" Type="{RELATIONS}/worksheet" Target="worksheets/one.xml"/>'
                                      f'<Relationship Id="r2" Type="{RELATIONS}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": STYLES,
        "xl/worksheets/one.xml": f"<worksheet {NS}><sheetData>{body}</sheetData></worksheet>",
    }
    files.update({name.replace("__", "/").replace("_xml", ".xml"): text for name, text in parts.items()})
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        for name, text in files.items():
            book.writestr(name, text)
    return out.getvalue()


def table(rows, encoding="utf-8-sig", **form):
    out = io.StringIO()
    csv.writer(out, **form).writerows(rows)
    return out.getvalue().encode(encoding)


class Sender:
    """Imports of one user."""

    def __init__(self, api):
        self.api = api

    def upload(self, data, name, resource="customers"):
        return self.api.call("POST", f"/api/v1/imports?resource={resource}&name={name}", data, {"Content-Type": "application/octet-stream"})

    def state(self, record, *wanted):
        def ask():
            found = self.api.get(f"/imports/{record}").json
            return found["state"] in wanted and found
        return until(ask, 90, f"import {wanted}")

    def columns(self, preview):
        return [column["field"] for column in preview["columns"]]

    def checked(self, data, name, resource="customers", **plan):
        """Uploaded, mapped as it was guessed unless the plan says otherwise, checked."""
        answer = self.upload(data, name, resource)
        assert answer.status == 201, answer.body
        record = answer.json["id"]
        plan.setdefault("columns", self.columns(answer.json["preview"]))
        answer = self.api.put(f"/imports/{record}/mapping", {"lang": "en", **plan})
        assert answer.status == 200, answer.body
        assert self.api.post(f"/imports/{record}/check", {}).status == 202
        return self.state(record, "checked", "failed")

    def run(self, record):
        answer = self.api.post(f"/imports/{record}/run", {})
        assert answer.status == 202, answer.body
        return self.state(record, "done", "failed")

    def whole(self, *args, **plan):
        return self.run(self.checked(*args, **plan)["id"])


def counts(record, *names):
    return tuple(record["counts"][name] for name in names)


class Import(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.centre = cls.enterClassContext(Centre())
        cls.admin = cls.centre.sign_in("admin")
        cls.agent = cls.centre.sign_in("agent9")
        cls.sender = Sender(cls.admin)

    def customer(self, name):
        found = self.admin.get(f"/customers?q={urllib.parse.quote(name)}").json["items"]
        self.assertEqual(len(found), 1, found)
        return found[0]

    def numbers(self, record):
        return [element["number"].removeprefix("+86") for element in record["numbers"]]

    def refused(self, record):
        return self.admin.get(f"/imports/{record}/refused")

    def test_gbk_table_of_a_spreadsheet(self):
        rows = [["姓名", "手机", "备用电话", "等级", "备注"],
                ["导入甲", "19900000001", "19900000011", "金卡", "第一行,带逗号"],
                ["导入乙", "1.99E+10", "", "gold", ""],
                ["", "19900000003", "", "", ""],
                ["导入丁", "19900000004", "", "钻石", ""]]
        answer = self.sender.upload(table(rows, "gbk", delimiter=";"), "客户.csv".encode().hex() + ".csv")
        preview = answer.json["preview"]
        self.assertEqual((preview["format"], preview["encoding"], preview["delimiter"]), ("csv", "gb18030", ";"))
        self.assertEqual(self.sender.columns(preview), ["name", "numbers", None, "tier", "note"])
        self.assertEqual(preview["columns"][1]["samples"], ["19900000001", "19900000000", "19900000003"])
        record = self.sender.checked(table(rows, "gbk"), "a.csv", columns=["name", "numbers", "numbers", "tier", "note"])
        self.assertEqual(counts(record, "rows", "new", "refused"), (4, 1, 3))
        self.assertEqual(record["counts"]["reasons"], {"rounded": 1, "required": 1, "choice": 1})
        self.assertEqual(self.admin.get("/customers?q=" + urllib.parse.quote("导入甲")).json["items"], [])
        shown = self.admin.get(f"/imports/{record['id']}/rows?outcome=refused").json["items"]
        self.assertEqual([(row["n"], row["errors"][0]["field"], row["errors"][0]["column"]) for row in shown],
                         [(3, "numbers", 1), (4, "name", 0), (5, "tier", 3)])
        record = self.sender.run(record["id"])
        self.assertEqual(counts(record, "new", "refused"), (1, 3))
        made = self.customer("导入甲")
        self.assertEqual((self.numbers(made), made["tier"], made["note"]), (["19900000001", "19900000011"], "gold", "第一行,带逗号"))
        audit = self.admin.get(f"/audit?resource=customer&record={made['id']}").json["items"]
        self.assertEqual([row["action"] for row in audit], ["create"])
        self.assertIn("import", [row["action"] for row in self.admin.get("/audit?action=import").json["items"]])
        # What was refused can be mended and sent again.
        back = list(csv.reader(io.StringIO(self.refused(record["id"]).body.decode("utf-8-sig"))))
        self.assertEqual(back[0][-2:], ["Why refused", "Row"])
        self.assertEqual([row[-1] for row in back[1:]], ["3", "4", "5"])
        self.assertIn("Tier", back[3][-2])
        back[1][1], back[2][0], back[3][3] = "19900000002", "导入丙", "白金卡"
        record = self.sender.whole(table(back), "b.csv", columns=["name", "numbers", "numbers", "tier", "note", None, None])
        self.assertEqual(counts(record, "new", "refused"), (3, 0))

    def test_workbook(self):
        rows = [["客户名称", "电话", "VIP"], ["张工作簿", 19811112222.0, "金卡"], ["李工作簿", "19811113333、19811114444", None],
                [None, None, None], ["王工作簿", 1.9811115555e10, "Gold"], ["赵工作簿", 110101199003071234567.0, ""]]
        record = self.sender.checked(workbook(rows), "c.xlsx", columns=["name", "numbers", "tier"])
        self.assertEqual(counts(record, "rows", "new", "refused"), (4, 3, 1))
        self.assertEqual(record["counts"]["reasons"], {"rounded": 1})
        self.sender.run(record["id"])
        self.assertEqual(self.numbers(self.customer("张工作簿")), ["19811112222"])
        self.assertEqual(self.numbers(self.customer("李工作簿")), ["19811113333", "19811114444"])
        self.assertEqual(self.numbers(self.customer("王工作簿")), ["19811115555"])
        with zipfile.ZipFile(io.BytesIO(self.refused(record["id"]).body)) as book:
            self.assertIn("赵工作簿", book.read("xl/worksheets/sheet1.xml").decode())

    def test_duplicates(self):
        first = [["name", "numbers", "note"], ["重一", "19700000001", "旧"], ["重二", "19700000002", "旧"]]
        self.assertEqual(counts(self.sender.whole(table(first), "d.csv"), "new"), (2,))
        second = [["name", "numbers", "note"], ["重一", "19700000001", "新"], ["重二改", "19700000002;19700000022", ""],
                  ["重三", "19700000003", ""], ["重三又", "19700000003", ""]]
        record = self.sender.checked(table(second), "e.csv")
        self.assertEqual(counts(record, "new", "skipped", "duplicates"), (1, 3, 3))
        shown = self.admin.get(f"/imports/{record['id']}/rows?outcome=duplicate").json["items"]
        self.assertEqual([(row["n"], row["record_name"], row["twin"]) for row in shown], [(2, "重一", None), (3, "重二", None), (5, None, 4)])
        record = self.sender.checked(table(second), "e.csv", duplicates="update")
        self.assertEqual(counts(record, "new", "changed", "skipped"), (1, 3, 0))
        self.assertEqual(self.admin.put(f"/imports/{record['id']}/rows/2", {"choice": "skip"}).status, 200)
        self.admin.post(f"/imports/{record['id']}/check", {})
        record = self.sender.state(record["id"], "checked")
        self.assertEqual(counts(record, "new", "changed", "skipped"), (1, 2, 1))
        record = self.sender.run(record["id"])
        self.assertEqual(counts(record, "new", "changed", "skipped", "refused"), (1, 2, 1, 0))
        self.assertEqual(self.customer("19700000001")["note"], "旧")
        changed = self.customer("19700000022")
        self.assertEqual((changed["name"], self.numbers(changed), changed["note"]), ("重二改", ["19700000002", "19700000022"], "旧"))
        self.assertEqual(self.customer("19700000003")["name"], "重三又")
        record = self.sender.checked(table(second[1:3]), "f.csv", duplicates="update", head=False, columns=["name", "numbers", "note"])
        self.assertEqual(counts(record, "changed", "same"), (1, 1))

    def test_rows_about_one_customer(self):
        """Near and far from each other in the file, by whichever of his numbers: each sees what those before it have done."""
        self.sender.whole(table([["name", "numbers"], ["同一", "19600000001;19600000002"]]), "n.csv")
        rows = [["同一", "19600000001;19600000003", ""], ["同一", "19600000002;19600000004", "后"]]
        rows += [[f"连续{n}", f"196001{n:05}", "甲"] for n in range(150)]
        rows += [[f"连续{n}", f"196001{n:05};196002{n:05}", "乙"] for n in range(150)]
        rows += [[f"连续{n}", f"196002{n:05}", "丙"] for n in reversed(range(150))]
        head = ["name", "numbers", "note"]
        record = self.sender.whole(table([head, *rows]), "o.csv", duplicates="update")
        self.assertEqual(counts(record, "rows", "new", "changed", "refused", "duplicates"), (452, 150, 302, 0, 302))
        one = self.customer("19600000004")
        self.assertEqual((sorted(self.numbers(one)), one["note"]), ([f"1960000000{n}" for n in (1, 2, 3, 4)], "后"))
        for n in (0, 149):
            one = self.customer(f"196001{n:05}")
            self.assertEqual((self.numbers(one), one["note"]), ([f"196001{n:05}", f"196002{n:05}"], "丙"))

    def test_first_good_row_of_its_kind(self):
        """What only the writer refuses leaves room for the next row with that number."""
        rows = [["name", "numbers", "identity_kind", "identity"],
                ["先坏", "19600000009", "id_card", "110101199003070000"], ["后好", "19600000009", "", ""]]
        record = self.sender.whole(table(rows), "p.csv", duplicates="update")
        self.assertEqual(counts(record, "new", "changed", "refused"), (1, 0, 1))
        self.assertEqual(self.customer("19600000009")["name"], "后好")

    def test_what_was_mapped_is_remembered(self):
        rows = [["Wunderlich", "Rufnummer"], ["记住", "13600000001"]]
        self.assertEqual(self.sender.columns(self.sender.upload(table(rows), "g.csv").json["preview"]), [None, None])
        self.sender.checked(table(rows), "g.csv", columns=["name", "numbers"])
        self.assertEqual(self.sender.columns(self.sender.upload(table(rows), "h.csv").json["preview"]), ["name", "numbers"])

    def test_other_resources(self):
        skills = [["名称", "备注"], ["导入技能", "x"], ["导入技能二", ""]]
        self.assertEqual(counts(self.sender.whole(table(skills), "i.csv", "skills"), "new"), (2,))
        agents = [["工号", "姓名", "分机", "自动应答", "技能"], ["7001", "导入坐席", "7001", "是", "导入技能:7; 导入技能二"],
                  ["7002", "导入坐席二", "7001", "否", ""], ["7003", "导入坐席三", "7003", "也许", "没有的技能:3"]]
        record = self.sender.checked(table(agents), "j.csv", "agents", keys=["number"])
        self.assertEqual(counts(record, "new", "refused"), (2, 1))
        self.assertEqual(record["counts"]["reasons"], {"type": 1, "not_found": 1})
        record = self.sender.run(record["id"])
        self.assertEqual(counts(record, "new", "refused"), (1, 2))
        self.assertEqual(record["counts"]["reasons"], {"type": 1, "not_found": 1, "taken": 1})
        made = self.admin.get("/agents?number=7001").json["items"][0]
        self.assertEqual([(skill["skill_name"], skill["level"]) for skill in made["skills"]], [("导入技能", 7), ("导入技能二", 5)])
        users = [["name", "full_name", "password", "agent"], ["imported7", "导入用户", "imported7-secret", "7001"]]
        self.assertEqual(counts(self.sender.whole(table(users), "k.csv", "users"), "new", "refused"), (1, 0))
        self.assertEqual(self.centre.sign_in("imported7", "imported7-secret").get("/session").json["agent"]["number"], "7001")

    def test_one_of_many_is_refused(self):
        """Rows that are written together, one of which cannot be: it is named, and the others are there once."""
        rows = [["工号", "姓名", "分机"]] + [[f"6{n:03}", f"成批{n}", f"6{n:03}" if n != 33 else "6007"] for n in range(50)]
        record = self.sender.checked(table(rows), "many.csv", "agents", keys=["number"])
        self.assertEqual(counts(record, "new", "refused"), (50, 0))
        record = self.sender.run(record["id"])
        self.assertEqual(counts(record, "new", "refused"), (49, 1))
        self.assertEqual(record["counts"]["reasons"], {"taken": 1})
        back = list(csv.reader(io.StringIO(self.refused(record["id"]).body.decode("utf-8-sig"))))
        self.assertEqual([(row[0], row[-1]) for row in back[1:]], [("6033", "35")])
        made = self.centre.sql("SELECT number, id FROM agent WHERE number LIKE '6%' AND length(number) = 4 ORDER BY number")
        self.assertEqual([row[0] for row in made], [f"6{n:03}" for n in range(50) if n != 33])
        told = self.centre.sql("SELECT a.record FROM audit a JOIN agent t ON t.id = a.record WHERE a.resource = 'agent' AND"
                               " a.action = 'create' AND t.number LIKE '6%' AND length(t.number) = 4 ORDER BY t.number")
        self.assertEqual([row[0] for row in told], [row[1] for row in made])

    def test_files_that_lie(self):
        good = workbook([["name"], ["x"]])
        bomb = io.BytesIO()
        with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as book, zipfile.ZipFile(io.BytesIO(good)) as whole:
            for name in whole.namelist():
                book.writestr(name, whole.read(name) if "worksheets" not in name else
                              b"<worksheet><sheetData>" + b" " * (80 << 20) + b"</sheetData></worksheet>")
        damaged = bytearray(good)
        at = good.index(b"xl/worksheets/one.xml") + 40
        damaged[at] ^= 0xFF
        cases = {
            b"": "file_kind", b"%PDF-1.4 x": "file_kind", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1xxxx": "file_encrypted",
            good[:200]: "file_broken", bomb.getvalue(): "file_large", b"a\0b": "file_binary", bytes(damaged): "file_broken",
            workbook([], xl__worksheets__one_xml='<!DOCTYPE a [<!ENTITY b "c">]><worksheet>&b;</worksheet>'): "file_doctype",
            workbook([], xl__workbook_xml="<workbook/>"): "file_kind", b'a,"b': "file_quote", b"a\n\xff\xff": "file_encoding",
        }
        for data, code in cases.items():
            answer = self.sender.upload(data, "x.xlsx")
            self.assertEqual((answer.status, [e["code"] for e in answer.json["errors"]]), (422, [code]), data[:40])
        out = workbook([["name"], ["x"]], **{"xl/_rels/workbook.xml.rels":
                       f'<Relationships><Relationship Id="r1" Type="{RELATIONS}/worksheet" Target="../../../../etc/passwd"/></Relationships>'})
        self.assertEqual(self.sender.upload(out, "x.xlsx").status, 422)
        self.assertEqual([path.name for path in (self.centre.data / "imports").iterdir() if path.suffix == ".upload" and path.stat().st_size > 1 << 20], [])

    def test_wrong_words(self):
        record = self.sender.upload(table([["name"], ["x"]]), "l.csv").json["id"]
        for body, field in (({"columns": ["colour"]}, "columns[0]"), ({"columns": "name"}, "columns"), ({"columns": [None]}, "columns"),
                            ({"columns": ["name", "name"]}, "columns[1]"), ({"columns": ["name"], "keys": ["tier"]}, "keys"),
                            ({"columns": ["name"], "duplicates": "guess"}, "duplicates"), ({"columns": ["name"], "speed": 1}, "speed"),
                            ({"columns": ["name"], "encoding": "latin1"}, "encoding"), ({"columns": [7]}, "columns[0]"),
                            ({"columns": ["name"], "delimiter": "x"}, "delimiter"), ({"columns": ["name"], "sheet": 99}, "sheet")):
            answer = self.admin.put(f"/imports/{record}/mapping", body)
            self.assertEqual((answer.status, [e["field"] for e in answer.json.get("errors", [])]), (422, [field]), body)
        self.assertEqual(self.admin.post(f"/imports/{record}/check", {}).status, 409)
        self.assertEqual(self.admin.post(f"/imports/{record}/run", {}).status, 409)
        self.assertEqual(self.sender.upload(b"x", "a.csv", "audit").status, 422)
        self.assertEqual(self.sender.upload(b"x", "", "customers").status, 422)
        self.assertEqual(self.admin.get(f"/imports/{record}/preview?sheet=x").status, 422)
        found = self.admin.get(f"/imports/{record}/preview?head=false").json
        self.assertEqual((found["columns"][0]["label"], found["columns"][0]["samples"]), ("", ["name", "x"]))
        self.assertEqual(self.admin.post(f"/imports/{record}/cancel", {}).json["state"], "cancelled")
        self.assertEqual(self.admin.get(f"/imports/{record}/preview").status, 422)

    def test_users_by_the_rules(self):
        """A table makes nobody whom the form would not make: passwords, roles and teams as its sender may give them."""
        setting = self.admin.get("/settings").json["items"][0]["id"]
        self.addCleanup(self.admin.patch, f"/settings/{setting}", {"password_min": 8, "password_classes": 1, "password_history": 0}, "*")
        self.admin.patch(f"/settings/{setting}", {"password_min": 12, "password_classes": 3, "password_history": 3}, "*")
        columns = ["name", "full_name", "password"]
        rows = [["name", "full name", "password"], ["t-good", "x", "Good-enough-1"], ["t-plain", "x", "allsmallletters"], ["t-short", "x", "Abcdef-123"]]
        checked = self.sender.checked(table(rows), "a.csv", "users", columns=columns, keys=["name"], duplicates="update")
        self.assertEqual((counts(checked, "new", "refused"), checked["counts"]["reasons"]), ((1, 2), {"classes": 1, "too_short": 1}))
        done = self.sender.run(checked["id"])
        self.assertEqual(counts(done, "new", "refused"), (1, 2))
        self.centre.sign_in("t-good", "Good-enough-1")
        again = self.sender.whole(table(rows[:2]), "b.csv", "users", columns=columns, keys=["name"], duplicates="update")
        self.assertEqual((counts(again, "changed", "refused"), again["counts"]["reasons"]), ((0, 1), {"used": 1}))

    def person(self, name, *grants, **fields):
        role = self.admin.post("/roles", {"name": name, "grants": [dict(zip(("right", "scope"), grant.split())) for grant in grants]}).json["id"]
        made = self.admin.post("/users", {"name": name, "full_name": name, "password": "long-enough-1", "roles": [{"role": role}], **fields})
        self.assertEqual(made.status, 201, made.body)
        return Sender(self.centre.sign_in(name, "long-enough-1"))

    def test_users_by_a_lower_administrator(self):
        team, other = (self.admin.post("/teams", {"name": name}).json["id"] for name in ("import-a", "import-b"))
        own = [f"{right} team" for right in ("user.read", "user.create", "user.update", "team.read")]
        lower = self.person("lower", *own, "role.read all", "user.import all", "import.read own", "job.read own", team=team)
        rows = [["name", "full name", "password", "team", "roles"], ["l-good", "x", "Good-enough-1", "import-a", ""], ["l-away", "x", "Good-enough-1", "import-b", ""],
                ["l-king", "x", "Good-enough-1", "import-a", "管理员"], ["admin", "mine now", "Good-enough-1", "import-a", ""]]
        done = lower.whole(table(rows), "a.csv", "users", columns=["name", "full_name", "password", "team", "roles"], keys=["name"], duplicates="update")
        self.assertEqual(counts(done, "new", "changed", "refused"), (1, 0, 3), done["counts"])
        made = {user["name"]: user for user in self.admin.get("/users?q=l-").json["items"]}
        self.assertEqual((set(made) & {"l-good", "l-away", "l-king"}, made["l-good"]["roles"]), ({"l-good"}, []))
        self.assertNotEqual(self.admin.get("/users?name=admin").json["items"][0]["full_name"], "mine now")
        self.assertEqual(other, self.admin.get(f"/teams/{other}").json["id"])

    def test_masks_overwrite_nothing(self):
        made = self.admin.post("/customers", {"name": "掩码", "numbers": [{"number": "13966669999"}], "identity": "P12345678", "identity_kind": "passport",
                                              "mails": [{"mail": "mask@mail.example"}]}).json
        blind = self.person("blind", "customer.read all", "customer.create all", "customer.update all", "customer.export all", "customer.import all",
                            "import.read own", "job.read own")
        shown = blind.api.get(f"/customers/{made['id']}").json
        rows = [["name", "number", "identity"], ["掩码", shown["numbers"][0]["number"], shown["identity"]]]
        done = blind.whole(table(rows), "a.csv", columns=["name", "numbers", "identity"], keys=["numbers"], duplicates="update")
        self.assertEqual(counts(done, "new", "changed", "refused"), (0, 0, 1), done["counts"])
        self.assertEqual(self.admin.get(f"/customers/{made['id']}").json["numbers"], made["numbers"])

    def test_what_others_have_sent(self):
        """Who may read imports of others, but not see all numbers, does not see their tables."""
        record = self.sender.upload(table([["name", "number"], ["甲", "13966668888"]]), "a.csv").json["id"]
        other = self.person("other", "customer.read all", "customer.import all", "import.read all")
        self.assertEqual(other.api.get(f"/imports/{record}").status, 200)
        for method, path in (("GET", "preview"), ("PUT", "mapping"), ("POST", "check"), ("GET", "rows?outcome=refused"), ("GET", "refused"), ("POST", "run"), ("POST", "cancel")):
            answer = other.api.call(method, f"/api/v1/imports/{record}/{path}", None if method == "GET" else {})
            self.assertEqual(answer.status, 403, (path, answer.body))

    def test_rights(self):
        self.assertEqual(self.sender.upload(b"name\nx\n", "m.csv").status, 201)
        record = self.admin.get("/imports").json["items"][0]["id"]
        self.assertEqual(Sender(self.agent).upload(b"name\nx\n", "m.csv").status, 403)
        self.assertEqual(Sender(Api(self.centre.base)).upload(b"name\nx\n", "m.csv").status, 401)
        leader = self.centre.sign_in("lead1")
        for path in (f"/imports/{record}", f"/imports/{record}/preview", f"/imports/{record}/rows", f"/imports/{record}/refused"):
            self.assertIn(self.agent.get(path).status, (403, 404), path)
            self.assertEqual(leader.get(path).status, 404, path)
        self.assertEqual(counts(Sender(leader).whole(b"name\nLeaders\n", "n.csv"), "new"), (1,))
        self.assertEqual(Sender(leader).upload(b"name\nx\n", "o.csv", "agents").status, 403)


class Middle(unittest.TestCase):
    """An import that is cut in the middle: by its owner, and by a desk that dies."""

    ROWS = 12_000

    def setUp(self):
        self.centre = self.enterContext(Centre())
        self.admin = self.centre.sign_in("admin")
        self.sender = Sender(self.admin)
        rows = [["name", "numbers", "tier"]] + [[f"Middle {n}", f"1960{n:07}", "gold" if n % 100 else "wrong"] for n in range(self.ROWS)]
        self.record = self.sender.checked(table(rows), "middle.csv")["id"]
        self.assertEqual(self.admin.post(f"/imports/{self.record}/run", {}).status, 202)
        until(lambda: self.written() > 200, 60, "the first pieces")

    def written(self):
        return int(self.centre.sql("SELECT count(*) FROM customer WHERE name LIKE 'Middle %'")[0][0])

    def test_cancelled(self):
        self.assertEqual(self.admin.post(f"/imports/{self.record}/cancel", {}).status, 200)
        record = self.sender.state(self.record, "cancelled", "done")
        self.assertEqual(record["state"], "cancelled")
        self.assertEqual(record["counts"]["new"], self.written())
        self.assertLess(self.written(), self.ROWS)
        self.assertEqual(self.admin.post(f"/imports/{self.record}/run", {}).status, 409)

    def test_killed(self):
        os.kill(self.centre.children()["desk"], signal.SIGKILL)
        until(self.centre._healthy, 60, "the desk is back")
        record = self.sender.state(self.record, "done", "failed")
        self.assertEqual(counts(record, "rows", "new", "refused"), (self.ROWS, self.ROWS * 99 // 100, self.ROWS // 100))
        self.assertEqual(self.written(), self.ROWS * 99 // 100)
        numbers = self.centre.sql("SELECT count(DISTINCT c.number) FROM customer_number c JOIN customer t ON t.id = c.parent"
                                  " WHERE t.name LIKE 'Middle %'")
        self.assertEqual(int(numbers[0][0]), self.ROWS * 99 // 100)
        refused = self.admin.get(f"/imports/{self.record}/refused").body.decode("utf-8-sig").splitlines()
        self.assertEqual(len(refused), 1 + self.ROWS // 100)


if __name__ == "__main__":
    unittest.main()
