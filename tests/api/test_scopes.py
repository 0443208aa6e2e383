#!/usr/bin/env python3
"""Which rows somebody sees: each scope of each right, through lists, counts, pages, records, exports, search, references, names, sort
orders, filters, error texts, time lines, audio, counts of others and live events. The truth is worked out here, from what the
administrator sees."""

import csv
import io
import json
import re
import unittest
import urllib.parse
import zipfile

from centre import Centre, until
from scene import agent, caller, history, talk
from ws import CLOSE, WebSocket

PASSWORD = "long enough"
NO_ID = "9007199254740000"
SCOPES = ("own", "team", "teams", "site", "set", "all")
RIGHTS_CHANGED = 4002
# Collections whose rows belong to people, and which of a record's fields hold text that a search finds.
SCOPED = {"users": "name", "agents": "name", "teams": "name", "sites": "name", "interactions": "from", "recordings": "from", "customers": "name", "audit": None,
          "jobs": None, "imports": None, "sessions": None, "api_tokens": None, "sign_ins": None, "views": "name"}
# Of these everybody sees his own.
OWN = {"sessions", "api_tokens", "sign_ins", "views"}
# What using a record changes.
FLEETING = {"sessions": {"seen", "expires", "version", "updated"}}


def path_of(plural, span, **query):
    """Of what was there when the tests began; the trail, which is long, from when this file began."""
    given = {"limit": 500, "created.max": span[1], **({"created.min": span[0]} if plural == "audit" else {}), **query}
    return f"/{plural}?" + "&".join(f"{name}={urllib.parse.quote(str(value))}" for name, value in given.items() if value is not None)


class Truth:
    """Who belongs where, and whose each record is, by what the administrator reads."""

    def __init__(self, admin, span):
        self.admin, self.time = admin, span
        self.records = {plural: self.read(plural) for plural in SCOPED}
        self.users = {user["id"]: user for user in self.records["users"]}
        self.by_agent = {user["agent"]: user for user in self.users.values() if user["agent"]}
        self.parties = {record["id"]: self.agents_of(record["id"]) for record in self.records["interactions"]}

    def read(self, plural):
        return self.admin.get(path_of(plural, self.time)).json["items"]

    def agents_of(self, interaction):
        return {leg["agent"] for leg in self.admin.get(f"/interactions/{interaction}").json["legs"] if leg["agent"]}

    def person(self, user):
        return (user["id"], user["team"], user["site"]) if user else (None, None, None)

    def owners(self, plural, record):
        """(user, team, site) of everybody whose row it is."""
        if plural == "users":
            return [self.person(record)]
        if plural == "agents":
            return [self.person(self.by_agent.get(record["id"]))]
        if plural == "teams":
            return [(record["leader"], record["id"], None)]
        if plural == "sites":
            return [(None, None, record["id"])]
        if plural in ("interactions", "recordings"):
            parties = self.parties[record["id"] if plural == "interactions" else record["interaction"]]
            return [self.person(self.by_agent.get(one)) for one in parties]
        if plural == "customers":
            owner = self.users.get(record["owner"])
            return [(record["owner"], record["team"], owner and owner["site"])]
        return [self.person(self.users.get(record[{"audit": "actor", "jobs": "owner", "imports": "owner", "views": "owner"}.get(plural, "user")]))]

    def below(self, teams):
        found = set(teams)
        while True:
            more = {team["id"] for team in self.records["teams"] if team["parent"] in found} - found
            if not more:
                return found
            found |= more

    def reach(self, viewer, scope, chosen):
        """Users, teams and sites of a scope."""
        led = {team["id"] for team in self.records["teams"] if team["leader"] == viewer["id"]}
        own = led | ({viewer["team"]} if viewer["team"] else set())
        return {"own": ({viewer["id"]}, set(), set()), "team": (set(), own, set()), "teams": (set(), self.below(own), set()),
                "site": (set(), set(), {viewer["site"]}), "set": chosen}[scope]

    def expected(self, plural, viewer, scope, chosen, his=True):
        """`his`: those too that everybody sees because they are his."""
        if scope == "all":
            return [record["id"] for record in self.records[plural]]
        users, teams, sites = self.reach(viewer, scope, chosen) if scope != "none" else (set(), set(), set())
        users = users | ({viewer["id"]} if plural in OWN and his else set())
        return [record["id"] for record in self.records[plural]
                if any(user in users or team in teams or site in sites for user, team, site in self.owners(plural, record))]


class World(unittest.TestCase):
    """Teams top > a > a1, and b; two sites; agents 1 to 4 in a, a1, b and nowhere, each with a call; agent1's second call ends with
    agent3. One viewer for each scope, all in team a at site one, and one who holds nothing."""

    @classmethod
    def build(cls, centre):
        cls.centre = centre
        cls.admin = cls.centre.sign_in("admin")
        since = cls.admin.get("/audit?limit=1").json["items"][0]["created"]
        cls.meta = cls.admin.get("/meta").json
        cls.top = cls.admin.make("teams", name="T-top")
        cls.team_a = cls.admin.make("teams", name="T-a", parent=cls.top)
        cls.team_a1 = cls.admin.make("teams", name="T-a1", parent=cls.team_a)
        cls.team_b = cls.admin.make("teams", name="T-b", parent=cls.top)
        cls.one, cls.two = cls.admin.make("sites", name="S-one"), cls.admin.make("sites", name="S-two")
        places = {1: (cls.team_a, cls.one), 2: (cls.team_a1, cls.two), 3: (cls.team_b, cls.one), 4: (None, cls.two)}
        for number, (team, site) in places.items():
            cls.change("users", cls.id_of("users", f"name=agent{number}"), team=team, site=site)
        cls.agents = {number: cls.id_of("agents", f"number=800{number}") for number in range(1, 6)}
        cls.members = [{"team": cls.team_b}, {"user": cls.id_of("users", "name=agent4")}, {"site": cls.two, "below": False}]
        cls.set = cls.admin.make("data_sets", name="picked", members=cls.members)
        cls.chosen = ({cls.id_of("users", "name=agent4")}, {cls.team_b}, {cls.two})
        cls.viewers, cls.roles, cls.given = {}, {}, {}
        for scope in (*SCOPES, "none"):
            cls.add_viewer(scope)
        cls.calls = {number: cls.call(number) for number in (1, 2, 3, 4)}
        cls.calls["moved"] = cls.call(1, then=3)
        cls.customer = cls.admin.make("customers", name="Caller", numbers=[{"number": "13800000099"}], team=cls.team_a)
        whose = {"Onlyown": {"owner": cls.viewers["own"][0]["id"]}, "Agentone": {"owner": cls.id_of("users", "name=agent1")}, "Below": {"team": cls.team_a1},
                 "Beside": {"team": cls.team_b}, "Farsite": {"owner": cls.id_of("users", "name=agent4")}, "Nobodys": {}}
        cls.customers = {name: cls.admin.make("customers", name=name, numbers=[{"number": "13700000099"}], **fields) for name, fields in whose.items()}
        last = cls.admin.get(f"/reasons/{cls.admin.make('reasons', code='mark', name='x', name_en='x')}").json["created"]
        cls.time = (since, last)  # what the tests do themselves comes later than this
        cls.truth = Truth(cls.admin, cls.time)

    @classmethod
    def change(cls, plural, record, **fields):
        answer = cls.admin.patch(f"/{plural}/{record}", fields, "*")
        assert answer.status == 200, answer.body

    @classmethod
    def id_of(cls, plural, query):
        return cls.admin.get(f"/{plural}?{query}").json["items"][0]["id"]

    @classmethod
    def grants(cls, scope, wanted=lambda name: True):
        """Every right that knows this scope, with it."""
        known = [right for right in cls.meta["rights"] if scope in right["scopes"] and "all" != right["scopes"][0] and wanted(right["name"])]
        return [{"right": right["name"], "scope": scope, **({"set": cls.set} if scope == "set" else {})} for right in known]

    @classmethod
    def add_viewer(cls, scope):
        reading = lambda name: name.split(".")[1] in ("read", "export", "listen", "watch", "clear")
        grants = [] if scope == "none" else cls.grants(scope, reading)
        cls.given[scope] = grants
        cls.roles[scope] = cls.admin.make("roles", name=f"R-{scope}", grants=grants)
        user = cls.admin.make("users", name=f"v-{scope}", full_name=f"Viewer {scope}", password=PASSWORD, team=cls.team_a, site=cls.one,
                        roles=[{"role": cls.roles[scope]}])
        cls.viewers[scope] = (cls.admin.get(f"/users/{user}").json, cls.centre.sign_in(f"v-{scope}", PASSWORD))

    @classmethod
    def call(cls, number, then=None):
        """A call that this agent has taken; it may go on to another."""
        with agent(cls.centre, number, 620) as one, caller(cls.centre, 440, f"138000000{number}{then or 0}") as phone:
            call, rung, interaction = talk(phone, one)
            if then:
                with agent(cls.centre, then, 880) as other:
                    one.act(interaction, "transfer", {"target": {"kind": "agent", "id": cls.agents[then]}})
                    other.phone.expect_call(other.ear).answer()
                    other.wait_state("on_contact")
                    call.hangup()
                    other.wait_state("wrap_up")
            else:
                call.hangup()
                assert rung.ended.wait(5)
        item = history(cls.admin, interaction)
        until(lambda: cls.admin.get(f"/recordings/{item['recording']}").json.get("state") == "done", what="the recording")
        return interaction

    def each(self):
        """(scope, viewer's record, his api, collection, what he should see: None where the right knows no such scope)."""
        scopes = {right["name"]: right["scopes"] for right in self.meta["rights"]}
        names = {resource["plural"]: resource["name"] for resource in self.meta["resources"]}
        for scope, (viewer, api) in self.viewers.items():
            for plural in SCOPED:
                if scope in scopes[f"{names[plural]}.read"] or plural in OWN:
                    yield scope, viewer, api, plural, self.truth.expected(plural, viewer, scope, self.chosen)
                else:
                    yield scope, viewer, api, plural, None

    def some(self, plural, expected):
        """Records he should see, and others."""
        all_of_them = self.truth.records[plural]
        return [one for one in all_of_them if one["id"] in (expected or ())][:6] + [one for one in all_of_them if one["id"] not in (expected or ())][:10]

    def path(self, plural, **query):
        return path_of(plural, self.time, **query)


def setUpModule():
    World.build(unittest.enterModuleContext(Centre()))


class Scopes(World):
    def test_every_scoped_resource_is_judged(self):
        """A new one fails here until it is said whose its rows are."""
        names = {resource["name"]: resource["plural"] for resource in self.meta["resources"]}
        scoped = {names[right["name"].split(".")[0]] for right in self.meta["rights"]
                  if right["name"].endswith(".read") and right["scopes"] != ["all"]}
        self.assertEqual(scoped, set(SCOPED))

    def test_the_truth_tells_them_apart(self):
        """Each scope is another part, or this test would prove little."""
        parts = {scope: tuple(sorted(self.truth.expected("interactions", self.viewers["team"][0], scope, self.chosen))) for scope in SCOPES}
        self.assertEqual(len(set(parts.values())), len(SCOPES), parts)
        self.assertEqual({scope: len(part) for scope, part in parts.items()},
                         {"own": 0, "team": 2, "teams": 3, "site": 3, "set": 4, "all": 5})
        seen = {scope: {name for name, one in self.customers.items() if one in self.truth.expected("customers", self.viewers[scope][0], scope, self.chosen)}
                for scope in SCOPES}
        self.assertEqual(seen, {"own": {"Onlyown"}, "team": set(), "teams": {"Below"}, "site": {"Onlyown", "Agentone"}, "set": {"Beside", "Farsite"},
                                "all": set(self.customers)})

    def test_lists_counts_and_exports(self):
        for scope, viewer, api, plural, expected in self.each():
            with self.subTest(scope=scope, plural=plural):
                answer = api.get(self.path(plural))
                exported = api.get(self.path(plural, format="csv", fields="id", limit=None))
                if scope == "none" and plural in OWN:  # he may not take it away with him
                    self.assertEqual(exported.status, 403)
                    exported = None
                if expected is None:
                    self.assertEqual((answer.status, exported.status), (403, 403))
                    continue
                self.assertEqual(answer.status, 200, answer.body)
                self.assertEqual(sorted(item["id"] for item in answer.json["items"]), sorted(expected))
                self.assertEqual(answer.json["total"], len(expected))
                if not exported:
                    continue
                self.assertEqual(exported.status, 200, exported.body)
                cells = [row[0].lstrip("'") for row in csv.reader(io.StringIO(exported.body.decode("utf-8-sig"))) if row]
                taken = self.truth.expected(plural, viewer, scope, self.chosen, his=False)
                self.assertEqual(sorted(cell for cell in cells if cell.isdigit()), sorted(taken))

    def test_pages_and_orders(self):
        """Every sort key gives the administrator's order, less what is hidden; pages neither skip nor show more."""
        fields = {resource["plural"]: [field["name"] for field in resource["fields"] if field["sortable"]] for resource in self.meta["resources"]}
        for scope, _, api, plural, expected in self.each():
            for sort in set(fields[plural]) - FLEETING.get(plural, set()) if expected else []:
                whole = [item["id"] for item in self.admin.get(self.path(plural, sort=sort)).json["items"]]
                mine = [item["id"] for item in api.get(self.path(plural, sort=sort)).json["items"]]
                self.assertEqual(mine, [one for one in whole if one in expected], (scope, plural, sort))
            if expected and len(expected) < 20:
                paged, cursor = [], ""
                while cursor is not None:
                    page = api.get(self.path(plural, limit=2) + (f"&cursor={cursor}" if cursor else "")).json
                    paged += [item["id"] for item in page["items"]]
                    cursor = page["next"]
                self.assertEqual(sorted(paged), sorted(expected), (scope, plural))

    def test_records_and_error_texts(self):
        for scope, _, api, plural, expected in self.each():
            for record in self.some(plural, expected):
                one, none = api.get(f"/{plural}/{record['id']}"), api.get(f"/{plural}/{NO_ID}")
                seen = expected is not None and record["id"] in expected
                self.assertEqual(one.status, 200 if seen else none.status, (scope, plural, record["id"]))
                if not seen:
                    self.assertEqual(one.json, none.json)
                for method in ("PATCH", "DELETE"):
                    if plural in ("users", "agents", "teams", "sites", "customers"):
                        self.assertEqual(api.call(method, f"/api/v1/{plural}/{record['id']}", {} if method == "PATCH" else None).status, 403)

    def test_search_and_filters(self):
        for scope, _, api, plural, expected in self.each():
            if expected is None or not SCOPED[plural]:
                continue
            for record in self.some(plural, expected):
                word = record[SCOPED[plural]]
                for query in ({"q": word}, {SCOPED[plural]: word}, {"created.min": record["created"]}):
                    found = api.get(self.path(plural, **query))
                    self.assertEqual(found.status, 200, found.body)
                    ids = {item["id"] for item in found.json["items"]}
                    self.assertLessEqual(ids, set(expected), (scope, plural, query))
                    self.assertEqual(found.json["total"], len(ids))
                    self.assertEqual(record["id"] in ids, record["id"] in expected, (scope, plural, query))

    def test_names_behind_references(self):
        """The name of what one may not read is not told, in no list, record, step or leg."""
        for scope, (viewer, api) in self.viewers.items():
            if scope == "none":
                continue
            allowed = set(self.truth.expected("agents", viewer, scope, self.chosen))
            for item in api.get(self.path("interactions")).json["items"]:
                self.assertEqual(item["agent_name"] is not None, item["agent"] in allowed, (scope, item))
                whole = api.get(f"/interactions/{item['id']}").json
                for part in whole["legs"] + [step for step in whole["steps"] if step.get("agent")]:
                    if part["agent"]:
                        self.assertEqual(part.get("agent_name") is not None, part["agent"] in allowed, (scope, part))

    def test_references_to_what_is_hidden(self):
        """They are refused in the same words as those to what is not there."""
        makers = self.admin.make("roles", name="maker", grants=[{"right": "user.create"}, {"right": "user.read", "scope": "team"},
                                                          {"right": "team.read", "scope": "team"}, {"right": "role.read"}])
        self.admin.make("users", name="maker", full_name="Maker", password=PASSWORD, team=self.team_a, roles=[{"role": makers}])
        api = self.centre.sign_in("maker", PASSWORD)

        def told(team):
            answer = api.post("/users", {"name": "made", "full_name": "x", "password": PASSWORD, "team": team})
            self.assertEqual(answer.status, 422, answer.body)
            return answer.json
        self.assertEqual(told(self.team_b), told(NO_ID))
        self.assertEqual(told(self.team_b)["errors"][0]["code"], "not_found")

    def test_audio_and_waveform(self):
        for scope, viewer, api, plural, expected in self.each():
            if plural != "recordings":
                continue
            for record in self.truth.records["recordings"]:
                seen = expected is not None and record["id"] in expected
                for path in ("audio", "peaks?n=10"):
                    status = api.get(f"/recordings/{record['id']}/{path}").status
                    self.assertEqual(status, 200 if seen else 404 if expected is not None else 403, (scope, path))
                self.assertEqual(api.get(f"/recordings/{record['id']}/audio?download=1").status,
                                 403 if seen or expected is None else 404, scope)

    def test_recordings_within_a_contact(self):
        """Who may read a contact and not its recording is not told that there is one."""
        role = self.admin.make("roles", name="no ear", grants=[{"right": "interaction.read"}])
        self.admin.make("users", name="deaf", full_name="Deaf", password=PASSWORD, roles=[{"role": role}])
        api = self.centre.sign_in("deaf", PASSWORD)
        self.assertEqual(api.get(f"/interactions/{self.calls[1]}").json["recordings"], [])
        self.assertEqual(len(self.admin.get(f"/interactions/{self.calls[1]}").json["recordings"]), 1)

    def test_time_line(self):
        with agent(self.centre, 3, 620) as one, caller(self.centre, 440, "13800000099") as phone:
            call, rung, interaction = talk(phone, one)
            call.hangup()
            self.assertTrue(rung.ended.wait(5))
        history(self.admin, interaction)
        path = f"/customers/{self.customer}/timeline"
        self.assertEqual([item["id"] for item in self.admin.get(path).json["items"]], [interaction])
        # Each sees the line of the customers whom he reads, and in it the contacts that he reads.
        for scope, sees in (("own", None), ("team", 0), ("teams", 0), ("site", None), ("set", None), ("all", 1)):
            answer = self.viewers[scope][1].get(path)
            self.assertEqual(answer.status, 404 if sees is None else 200, scope)
            if sees is not None:
                page = answer.json
                self.assertEqual((len(page["items"]), page["total"], page["hidden"]), (sees, sees, 1 - sees), scope)
        self.assertEqual(self.viewers["none"][1].get(path).status, 403)

    def test_what_nobody_granted(self):
        api = self.viewers["none"][1]
        for resource in self.meta["resources"]:
            open_to_all = f"{resource['name']}.read" not in {right["name"] for right in self.meta["rights"]}
            self.assertEqual(api.get(f"/{resource['plural']}").status, 200 if open_to_all or resource["own"] else 403, resource["name"])
            self.assertEqual(api.get(f"/{resource['plural']}?format=csv").status, 403, resource["name"])
            self.assertEqual(api.post(f"/{resource['plural']}/export", {"format": "csv"}).status, 403, resource["name"])


class Live(World):
    def snapshot(self, line):
        return json.loads(line.receive()[1])

    def watch(self, api):
        return WebSocket(self.centre.http, "/api/v1/events", f"Authorization: Bearer {api.token}")

    def expected_agents(self, scope):
        viewer = self.viewers[scope][0]
        return set(self.truth.expected("agents", viewer, scope, self.chosen))

    def test_live_values(self):
        with agent(self.centre, 1, 620), agent(self.centre, 2, 640), agent(self.centre, 3, 660), agent(self.centre, 4, 680):
            everyone = set(self.admin.get("/live").json["agents"])
            for scope, (_, api) in self.viewers.items():
                allowed = set() if scope == "none" else self.expected_agents(scope) & everyone
                snapshot = api.get("/live").json
                self.assertEqual(set(snapshot["agents"]), allowed, scope)
                with self.watch(api) as line:
                    self.assertEqual(set(self.snapshot(line)["agents"]), allowed, scope)
                if scope in ("own", "none"):
                    self.assertEqual(snapshot["queues"], {}, scope)

    def told_of(self, line, last):
        """Agents named by values and events until that of the last one comes."""
        named = set()
        while True:
            kind, data = line.receive()
            self.assertNotEqual(kind, CLOSE)
            message = json.loads(data)
            if message.get("topic") == "agent":
                named.add(message["id"])
            elif message.get("event"):
                named.add(message["event"].get("agent"))
            if message.get("topic") == "agent" and message["id"] == last and message["value"]["state"] == "not_ready":
                return named - {None}

    def test_live_changes(self):
        with agent(self.centre, 3, 660) as far, agent(self.centre, 4, 680) as nowhere, agent(self.centre, 2, 640) as below, \
                agent(self.centre, 1, 620) as near:
            for scope, last in (("team", 1), ("teams", 1), ("site", 1), ("set", 3)):
                with self.watch(self.viewers[scope][1]) as line:
                    self.snapshot(line)
                    people = [far, nowhere, below, near] if last == 1 else [near, below, nowhere, far]
                    for one in people:
                        one.set_state("not_ready", "lunch")
                    named = self.told_of(line, self.agents[last])
                    self.assertEqual(named, self.expected_agents(scope) & {self.agents[number] for number in (1, 2, 3, 4)}, scope)
                for one in people:
                    one.set_state("ready")
                    one.wait_state("ready")

    def notice(self, line):
        while True:
            message = json.loads(line.receive()[1])
            if message.get("topic") == "changed":
                return message

    def test_notices(self):
        """"changed" is told to who may read the record, before or after."""
        with self.watch(self.viewers["team"][1]) as line, self.watch(self.viewers["none"][1]) as deaf:
            self.snapshot(line)
            self.snapshot(deaf)
            self.change("customers", self.customer, note="x")
            self.assertEqual(self.notice(line), {"topic": "changed", "resource": "customer", "id": self.customer})
            self.change("interactions", self.calls[3], note="hidden")
            self.change("interactions", self.calls[1], note="shown")
            self.assertEqual(self.notice(line), {"topic": "changed", "resource": "interaction", "id": self.calls[1]})
            reason = self.id_of("reasons", "code=lunch")
            self.change("reasons", reason, position=21)
            self.assertEqual(self.notice(deaf), {"topic": "changed", "resource": "reason", "id": reason})


class Narrow(World):
    """Who reads everything and may do something with a part: he does it there and nowhere else."""

    @classmethod
    def setUpClass(cls):
        cls.doers = {}
        everything = cls.grants("all", lambda name: name.endswith(".read"))
        for scope in ("own", "team", "set"):
            role = cls.admin.make("roles", name=f"N-{scope}", grants=[*everything, *cls.grants(scope, lambda name: not name.endswith(".read"))])
            user = cls.admin.make("users", name=f"n-{scope}", full_name=scope, password=PASSWORD, team=cls.team_a, site=cls.one, roles=[{"role": role}])
            cls.doers[scope] = (cls.admin.get(f"/users/{user}").json, cls.centre.sign_in(f"n-{scope}", PASSWORD))

    def parts(self, plural, scope):
        """Up to six records that are within what he may do, and up to six that are not."""
        viewer = self.doers[scope][0]
        within = set(self.truth.expected(plural, viewer, scope, self.chosen))
        ids = [record["id"] for record in self.truth.records[plural]]
        return [one for one in ids if one in within][:6], [one for one in ids if one not in within][:6]

    def test_changes(self):
        """What has more rules than its scope (users, teams, sites) is looked at from outside alone; test_admins has the others."""
        acts = {"users": ("", "/suspend", "/unlock"), "agents": ("",), "teams": ("",), "sites": ("",), "customers": ("",), "interactions": ("",)}
        for scope, (_, api) in self.doers.items():
            for plural, actions in acts.items():
                inside, outside = self.parts(plural, scope)
                self.assertTrue(outside, plural)
                for one in outside:
                    was = self.admin.get(f"/{plural}/{one}").body
                    self.assertEqual(api.patch(f"/{plural}/{one}", {}, "*").status, 403, (scope, plural))
                    for action in actions[1:]:
                        self.assertEqual(api.post(f"/{plural}/{one}{action}", {}).status, 403, (scope, plural, action))
                    if plural != "interactions":
                        self.assertEqual(api.delete(f"/{plural}/{one}").status, 403, (scope, plural))
                    self.assertEqual(self.admin.get(f"/{plural}/{one}").body, was)
                for one in inside if plural in ("agents", "customers", "interactions") else ():
                    self.assertEqual(api.patch(f"/{plural}/{one}", {}, "*").status, 200, (scope, plural))

    def test_what_else_is_done_with_a_row(self):
        for scope, (_, api) in self.doers.items():
            for plural, act, within in (("agents", lambda one: api.put(f"/agents/{one}/state", {"state": "nonsense"}), (409, 422)),
                                        ("interactions", lambda one: api.post(f"/interactions/{one}/reveal", {"field": "nothing", "reason": "x"}), (422,)),
                                        ("recordings", lambda one: api.post(f"/recordings/{one}/reveal", {"field": "nothing", "reason": "x"}), (422,)),
                                        ("customers", lambda one: api.post(f"/customers/{one}/reveal", {"field": "nothing", "reason": "x"}), (422,)),
                                        ("recordings", lambda one: api.get(f"/recordings/{one}/audio"), (200,)),
                                        ("recordings", lambda one: api.get(f"/recordings/{one}/audio?download=1"), (200,)),
                                        ("recordings", lambda one: api.get(f"/recordings/{one}/peaks?n=10"), (200,)),
                                        ("users", lambda one: api.delete(f"/users/{one}/factor"), None),
                                        ("sessions", lambda one: api.delete(f"/sessions/{one}"), None), ("api_tokens", lambda one: api.delete(f"/api_tokens/{one}"), None)):
                inside, outside = self.parts(plural, scope)
                for one in outside:
                    self.assertEqual(act(one).status, 403, (scope, plural, one))
                for one in inside if within else ():
                    self.assertIn(act(one).status, within, (scope, plural, one))

    def test_takes_away_and_brings_back(self):
        """Exports and the bin have the rows of those rights, not all that he reads."""
        for scope, (viewer, api) in self.doers.items():
            for plural in ("customers", "interactions", "agents", "recordings"):
                expected = self.truth.expected(plural, viewer, scope, self.chosen)
                body = api.get(self.path(plural, format="csv", fields="id", limit=None)).body.decode("utf-8-sig")
                cells = [row[0].lstrip("'") for row in csv.reader(io.StringIO(body)) if row]
                self.assertEqual(sorted(cell for cell in cells if cell.isdigit()), sorted(expected), (scope, plural))
        gone = {name: self.admin.make("customers", name=f"Gone {name}", team=team) for name, team in (("near", self.team_a), ("far", self.team_b))}
        for one in gone.values():
            self.assertEqual(self.admin.delete(f"/customers/{one}").status, 204)
        for scope, name in (("team", "near"), ("set", "far")):
            api = self.doers[scope][1]
            self.assertEqual([item["id"] for item in api.get("/customers?deleted=true&q=Gone").json["items"]], [gone[name]], scope)
            for other, one in gone.items():
                self.assertEqual(api.get(f"/customers/{one}?deleted=true").status, 200 if other == name else 404)
                if other != name:
                    self.assertEqual(api.post(f"/customers/{one}/restore", {}).status, 404)
                    self.assertEqual(api.delete(f"/customers/{one}?deleted=true").status, 404)
            self.assertEqual(api.delete(f"/customers/{gone[name]}?deleted=true").status, 204, scope)

    def test_gives_to_nobody_whom_he_does_not_see(self):
        """An id that he may not see is told as one that is not there; so is the record that a stale version is answered with, and what keeps a team."""
        role = self.admin.make("roles", name="giver", grants=[{"right": right, "scope": "team"} for right in ("customer.read", "customer.update", "user.read", "team.read")]
                         + [{"right": "team.delete"}])
        self.admin.make("users", name="giver", full_name="Giver", password=PASSWORD, team=self.team_a, roles=[{"role": role}])
        api, far = self.centre.sign_in("giver", PASSWORD), self.id_of("users", "name=agent3")
        for field, hidden in (("owner", far), ("team", self.team_b)):
            told = [api.patch(f"/customers/{self.customer}", {field: one}, "*") for one in (hidden, NO_ID)]
            self.assertEqual([answer.status for answer in told], [422, 422])
            self.assertEqual(told[0].json, told[1].json)
        stale = api.patch(f"/customers/{self.customer}", {"note": "x"}, '"999"')
        self.assertEqual((stale.status, stale.json["current"]["numbers"][0]["number"]), (412, "+86138****0099"))
        self.assertEqual(api.patch(f"/customers/{self.customers['Beside']}", {"note": "x"}, '"999"').json, api.patch(f"/customers/{NO_ID}", {}, '"999"').json)
        kept = api.delete(f"/teams/{self.team_a}")
        self.assertIn(kept.status, (403, 409))
        self.assertNotIn("Viewer", kept.body.decode() if kept.status == 403 else "")
        self.assertEqual(whole_numbers(api.get(f"/customers/{self.customer}/history").body), set())

    def test_cursors_of_others(self):
        """A place in a list is no key to it."""
        for plural in ("interactions", "customers", "users"):
            cursor = self.admin.get(f"/{plural}?limit=1&sort=created").json["next"]
            for scope in ("own", "team", "site"):
                viewer, api = self.viewers[scope]
                page = api.get(f"/{plural}?limit=500&sort=created&cursor={cursor}").json
                self.assertLessEqual({item["id"] for item in page["items"]} & {record["id"] for record in self.truth.records[plural]},
                                     set(self.truth.expected(plural, viewer, scope, self.chosen)))


def whole_numbers(data):
    """Numbers of this test's callers that stand in it in clear."""
    text = data.decode(errors="replace") if isinstance(data, bytes) else str(data)
    return set(re.findall(r"138000000\d{2}", text))


class Masked(World):
    """A contact's number is shown in part to whoever has no interaction.clear for it, wherever it stands."""

    @classmethod
    def setUpClass(cls):
        reads = [{"right": right} for right in ("interaction.read", "interaction.export", "interaction.update", "recording.read", "recording.export",
                                                "recording.listen", "live.watch", "customer.read", "customer.create", "customer.timeline", "agent.read", "queue.export",
                                                "audit.read", "job.read")]
        cls.blind = cls.person("blind", reads)
        cls.part = cls.person("part", [*reads, {"right": "interaction.clear", "scope": "team"}])
        cls.opener = cls.person("opener", [*reads, {"right": "interaction.reveal", "scope": "team"}])
        cls.his = cls.calls_of_team()

    @classmethod
    def person(cls, name, grants):
        role = cls.admin.make("roles", name=f"M-{name}", grants=grants)
        cls.admin.make("users", name=f"m-{name}", full_name=name, password=PASSWORD, team=cls.team_a, roles=[{"role": role}])
        return cls.centre.sign_in(f"m-{name}", PASSWORD)

    @classmethod
    def calls_of_team(cls):
        return {cls.calls[1], cls.calls["moved"]}

    def numbers_of(self, api, path):
        return {item["id"]: (item["from"], item["party"] if "party" in item else None) for item in api.get(path).json["items"]}

    def test_lists_and_records(self):
        clear = self.numbers_of(self.admin, self.path("interactions"))
        self.assertEqual(len(whole_numbers(str(clear))), 5)
        for api, seen in ((self.blind, set()), (self.part, self.his), (self.admin, set(clear))):
            shown = self.numbers_of(api, self.path("interactions"))
            self.assertEqual(set(shown), set(clear))
            for one, (number, party) in shown.items():
                self.assertEqual((number, party) == clear[one], one in seen, (number, party))
                whole = api.get(f"/interactions/{one}")
                self.assertEqual(bool(whole_numbers(whole.body)), one in seen, whole.body)
                self.assertEqual(whole.json["to"], "4008001234")  # ours, and nobody's secret
            for record in api.get(self.path("recordings")).json["items"]:
                self.assertEqual(bool(whole_numbers(record["from"])), record["interaction"] in seen, record)
        self.assertRegex(self.blind.get(f"/interactions/{self.calls[1]}").json["party"], r"^\+86138\*{4}\d{4}$")

    def test_files(self):
        for plural in ("interactions", "recordings"):
            for form in ("csv", "xlsx"):
                body = self.blind.get(self.path(plural, format=form, limit=None)).body
                if form == "xlsx":
                    with zipfile.ZipFile(io.BytesIO(body)) as book:
                        body = b"".join(book.read(name) for name in book.namelist())
                self.assertIn(b"****", body)
                self.assertEqual(whole_numbers(body), set(), (plural, form))
        job = self.blind.post("/interactions/export", {"format": "csv"}).json["id"]
        until(lambda: self.blind.get(f"/jobs/{job}").json["state"] == "done", what="the job")
        self.assertEqual(whole_numbers(self.blind.get(f"/jobs/{job}/result").body), set())

    def test_no_oracle(self):
        """Nothing is found, counted or put in order by what is hidden; whoever sees a part asks about that part."""
        number, far = "13800000010", "13800000030"
        for plural in ("interactions", "recordings"):
            for query in (f"from={number}", "sort=from", "sort=-to", f"to={number}", "from=", *(("party=" + number, "sort=party") if plural == "interactions" else ())):
                answer = self.blind.get(f"/{plural}?{query}")
                self.assertEqual((answer.status, answer.json["errors"][0]["code"]), (422, "unknown"), query)
                self.assertEqual(self.part.get(f"/{plural}?{query}").status, 422 if "sort" in query else 200, query)
            for query, mine in ((f"q={number}", 1), (f"from={number}", 1), (f"q={far}", 0), (f"from={far}", 0), ("q=138000000", 2)):
                page = self.part.get(f"/{plural}?{query}").json
                self.assertEqual((len(page["items"]), page["total"]), (mine, mine), (plural, query))
                if "q=" in query:
                    page = self.blind.get(f"/{plural}?{query}").json
                    self.assertEqual((page["items"], page["total"]), ([], 0), (plural, query))
        self.assertEqual(self.blind.get(f"/search?q={number}").json["items"], [])
        self.assertEqual(len([item for item in self.part.get(f"/search?q={number}").json["items"] if item["resource"] == "interactions"]), 1)

    def test_a_number_that_is_tried(self):
        """Nor does a customer made for it tell whose calls are of it."""
        self.centre.sql(f"UPDATE interaction SET customer = NULL WHERE id = {self.calls[3]}")
        made = self.blind.post("/customers", {"name": "Guess", "numbers": [{"number": "13800000030"}]}).json["id"]
        self.assertEqual(self.blind.get(f"/customers/{made}/timeline").json["items"], [])
        self.assertIsNone(self.admin.get(f"/interactions/{self.calls[3]}").json["customer"])

    def test_the_trail(self):
        self.assertEqual(self.admin.get("/interactions?format=csv&q=13800000030&party=13800000030").status, 200)
        row = self.admin.get("/audit?action=export&resource=interaction").json["items"][0]
        self.assertIn("13800000030", row["changes"]["filter"][1])
        hidden = self.blind.get(f"/audit/{row['id']}").json
        self.assertEqual(whole_numbers(str(hidden)), set())
        self.assertIn("format=" if "format" in row["changes"]["filter"][1] else "q=", hidden["changes"]["filter"][1])

    def test_one_at_a_time(self):
        ask = lambda api, call, field="from": api.post(f"/interactions/{call}/reveal", {"field": field, "reason": "calls back"})
        self.assertEqual(ask(self.blind, self.calls[1]).status, 403)
        self.assertEqual(ask(self.opener, self.calls[3]).status, 403)
        self.assertEqual(ask(self.opener, self.calls[1]).json["value"], "13800000010")
        self.assertEqual(ask(self.opener, self.calls[1], "note").status, 422)
        row = self.admin.get(f"/audit?action=reveal&record={self.calls[1]}").json["items"][0]
        self.assertEqual((row["actor_name"], row["changes"]["reason"]), ("m-opener", [None, "calls back"]))

    def test_live(self):
        """Before, while and after: what comes over the line to who may watch and not see numbers; and to the agent on the call."""
        role = self.admin.make("roles", name="M-agent", grants=[{"right": "interaction.read", "scope": "own"}, {"right": "customer.read"}])
        user = self.id_of("users", "name=agent5")
        before = self.admin.get(f"/users/{user}").json
        self.addCleanup(self.change, "users", user, roles=[{"role": one["role"]} for one in before["roles"]], team=before["team"])
        self.change("users", user, roles=[{"role": role}], team=self.team_a)
        lines = {name: self.enterContext(WebSocket(self.centre.http, "/api/v1/events", f"Authorization: Bearer {api.token}"))
                 for name, api in (("blind", self.blind), ("part", self.part))}
        for line in lines.values():
            line.receive()
        with agent(self.centre, 5, 700) as one, caller(self.centre, 440, "13800000098") as phone, \
                WebSocket(self.centre.http, "/api/v1/events", f"Authorization: Bearer {one.api.token}") as own:
            lines["own"] = own
            call, rung, interaction = talk(phone, one)
            for api, clear in ((self.blind, False), (one.api, False), (self.part, True)):
                self.assertEqual(bool(whole_numbers(json.dumps(api.get("/live").json["calls"]))), clear)
            self.assertEqual(one.api.get("/agents/me").json["calls"][0]["value"]["from"], "138****0098")
            self.assertEqual(one.api.get("/agents/me").json["calls"][0]["value"]["to"], "4008001234")
            call.hangup()
            self.assertTrue(rung.ended.wait(5))
            seen = {name: self.until_gone(line, interaction) for name, line in lines.items()}
            until(lambda: one.api.get(f"/interactions/{interaction}").status == 200, what="in the history")
            self.assertEqual(whole_numbers(one.api.get(f"/interactions/{interaction}").body), set())
            one.api.post("/agents/me/wrap_up/end", {"interaction": interaction})
            one.wait_state("ready")
            for wrong, field in (({"interaction": self.calls[3]}, "interaction"), ({"customer": NO_ID, "number": "1"}, "customer"),
                                 ({"customer": self.customer, "number": "1"}, "number")):
                answer = one.api.post("/agents/me/calls", wrong)
                self.assertEqual((answer.status, answer.json["errors"][0]["field"]), (422, field))
            dialled = one.api.post("/agents/me/calls", {"interaction": interaction})
            self.assertEqual(dialled.status, 201, dialled.body)
            shown = until(lambda: next(iter(one.api.get("/agents/me").json["calls"]), None), what="his call")["value"]
            self.assertEqual((shown["direction"], shown["to"]), ("outbound", "138****0098"))
            self.assertEqual(until(lambda: self.admin.get("/live").json["calls"].get(dialled.json["interaction"]), what="the call")["to"], "13800000098")
        for name, text in seen.items():
            self.assertIn("138****0098", text if name != "part" else "138****0098")
            self.assertEqual(whole_numbers(text), {"13800000098"} if name == "part" else set(), name)

    def until_gone(self, line, interaction):
        """All that the line has said of a call, to its end."""
        text = ""
        while True:
            kind, data = line.receive()
            self.assertNotEqual(kind, CLOSE)
            text += data if isinstance(data, str) else data.decode()
            message = json.loads(data)
            if message.get("event", {}).get("kind") == "interaction.ended" and message["event"]["interaction"] == interaction:
                return text


class AtRunTime(World):
    """What somebody may see changes while he looks."""

    def ids(self, api):
        return {item["id"] for item in api.get(self.path("interactions")).json["items"]}

    def looks_again(self, change, before, after, scope="teams"):
        api = self.viewers[scope][1]
        self.assertEqual(self.ids(api), before)
        with WebSocket(self.centre.http, "/api/v1/events", f"Authorization: Bearer {api.token}") as line:
            line.receive()
            change()
            self.assertEqual(self.ids(api), after)
            self.assertEqual(line.close_code(), RIGHTS_CHANGED)
        self.assertEqual(api.get("/session").status, 200)

    def calls_of(self, *names):
        return {self.calls[name] for name in names}

    def test_at_once(self):
        role = f"/roles/{self.roles['teams']}"
        whole, viewer = self.calls_of(1, 2, "moved"), self.viewers["teams"][0]["id"]
        self.looks_again(lambda: self.admin.patch(role, {"grants": self.grants("team")}, "*"), whole, self.calls_of(1, "moved"))
        self.looks_again(lambda: self.admin.patch(role, {"grants": self.given["teams"]}, "*"), self.calls_of(1, "moved"), whole)
        self.looks_again(lambda: self.change("users", viewer, team=self.team_b), whole, self.calls_of(3, "moved"))
        self.looks_again(lambda: self.change("users", viewer, team=self.team_a), self.calls_of(3, "moved"), whole)
        self.looks_again(lambda: self.change("teams", self.team_b, leader=viewer), whole, whole | self.calls_of(3))
        self.looks_again(lambda: self.change("teams", self.team_b, leader=None), whole | self.calls_of(3), whole)
        self.looks_again(lambda: self.change("teams", self.team_a1, parent=self.team_b), whole, self.calls_of(1, "moved"))
        self.looks_again(lambda: self.change("teams", self.team_a1, parent=self.team_a), self.calls_of(1, "moved"), whole)
        agent4 = self.id_of("users", "name=agent4")
        self.looks_again(lambda: self.change("users", agent4, team=self.team_a1), whole, whole | self.calls_of(4))
        self.looks_again(lambda: self.change("users", agent4, team=None), whole | self.calls_of(4), whole)
        picked = self.calls_of(2, 3, 4, "moved")
        self.looks_again(lambda: self.change("data_sets", self.set, members=[{"team": self.team_b}]), picked, self.calls_of(3, "moved"), "set")
        self.looks_again(lambda: self.change("data_sets", self.set, members=self.members), self.calls_of(3, "moved"), picked, "set")
        self.looks_again(lambda: self.change("users", self.viewers["site"][0]["id"], site=self.two), self.calls_of(1, 3, "moved"),
                         self.calls_of(2, 4), "site")
        self.change("users", self.viewers["site"][0]["id"], site=self.one)

    def test_who_is_not_concerned_stays(self):
        with WebSocket(self.centre.http, "/api/v1/events", f"Authorization: Bearer {self.viewers['all'][1].token}") as line:
            line.receive()
            self.change("users", self.viewers["own"][0]["id"], team=self.team_b)
            self.assertNotEqual(line.receive()[0], CLOSE)
        self.change("users", self.viewers["own"][0]["id"], team=self.team_a)


if __name__ == "__main__":
    unittest.main()
