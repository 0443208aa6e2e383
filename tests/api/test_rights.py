#!/usr/bin/env python3
"""Who may do what, and for how long: what somebody had ends with his rights."""

import unittest

from centre import Api, Centre, until
from phone import Phone
from ws import WebSocket

SIGNED_OUT = 4001
NO_ID = "9007199254740000"

# Who may (c)reate, (r)ead, (u)pdate, (d)elete records of a collection.
COLLECTIONS = {
    "interactions": {"admin": "ru", "lead1": "ru", "agent9": "ru"},
    "recordings": {"admin": "r", "lead1": "r", "agent9": "r"},
    "customers": {"admin": "crud", "lead1": "crud", "agent9": "cru"},
    "agents": {"admin": "crud", "lead1": "ru", "agent9": "r"},
    "users": {"admin": "crud", "lead1": "", "agent9": ""},
    "teams": {"admin": "crud", "lead1": "", "agent9": ""},
    "sites": {"admin": "crud", "lead1": "", "agent9": ""},
    "roles": {"admin": "crud", "lead1": "", "agent9": ""},
    "data_sets": {"admin": "crud", "lead1": "", "agent9": ""},
    "sessions": {"admin": "rd", "lead1": "rd", "agent9": "rd"},
    "api_tokens": {"admin": "crd", "lead1": "rd", "agent9": "rd"},
    "sign_ins": {"admin": "r", "lead1": "r", "agent9": "r"},
    "skills": {"admin": "crud", "lead1": "crud", "agent9": "r"},
    "queues": {"admin": "crud", "lead1": "ru", "agent9": "r"},
    "dids": {"admin": "crud", "lead1": "r", "agent9": ""},
    "flows": {"admin": "crud", "lead1": "r", "agent9": ""},
    "prompts": {"admin": "crud", "lead1": "r", "agent9": ""},
    "trunks": {"admin": "crud", "lead1": "", "agent9": ""},
    "reasons": {"admin": "crud", "lead1": "crud", "agent9": "r"},
    "dispositions": {"admin": "crud", "lead1": "crud", "agent9": "r"},
    "custom_fields": {"admin": "crud", "lead1": "", "agent9": ""},
    "settings": {"admin": "ru", "lead1": "r", "agent9": ""},
    "views": {"admin": "crud", "lead1": "crud", "agent9": "crud"},
    "imports": {"admin": "cr", "lead1": "cr", "agent9": "c"},
    "jobs": {"admin": "r", "lead1": "r", "agent9": "r"},
    "audit": {"admin": "r", "lead1": "", "agent9": ""},
}
# Everybody sees his own, which is no right to take them away as a file.
OWN = {"sessions", "api_tokens", "sign_ins", "views"}
LETTERS = {"POST": "c", "GET": "r", "PATCH": "u", "DELETE": "d"}
# Whom every other route lets in; those who are let in are told something else than 401 and 403.
ALL, LEAD, AGENT = {"admin", "lead1", "agent9"}, {"admin", "lead1"}, {"agent9"}
OTHERS = {
    "POST /session": None, "GET /health": None, "GET /openapi.json": None, "GET /visitor": None,
    "GET /session": ALL, "DELETE /session": ALL, "PUT /session/password": ALL, "GET /meta": ALL, "GET /live": ALL,
    "GET /preferences": ALL, "PUT /preferences/{name}": ALL,
    "GET /session/factor": ALL, "POST /session/factor": ALL, "PUT /session/factor": ALL, "POST /session/factor/codes": ALL, "POST /session/factor/end": ALL,
    "DELETE /sessions": ALL,
    "GET /agents/me": AGENT, "PUT /agents/me/state": AGENT, "POST /agents/me/calls": AGENT,
    "POST /agents/me/calls/{interaction}/{action}": AGENT, "GET /agents/me/calls/{interaction}/pop": AGENT, "POST /agents/me/wrap_up/end": AGENT,
    "PUT /agents/{id}/state": LEAD, "GET /users/{id}/locks": {"admin"}, "POST /users/{id}/unlock": {"admin"}, "DELETE /users/{id}/factor": {"admin"},
    "GET /recordings/{id}/audio": ALL, "HEAD /recordings/{id}/audio": ALL,
    "GET /recordings/{id}/peaks": ALL, "GET /customers/{id}/timeline": ALL, "GET /customers/{id}/duplicates": ALL,
    "GET /customers/duplicates": ALL, "GET /customers/{id}/history": ALL, "POST /customers/{id}/merge": LEAD, "GET /search": ALL, "GET /demo": LEAD, "PATCH /demo": LEAD,
    "POST /jobs/{id}/cancel": ALL, "GET /jobs/{id}/result": ALL,
    "POST /{plural}/bulk": ALL, "GET /{plural}/{id}/relations": ALL, "POST /{plural}/export": ALL,
    "POST /imports": ALL, "GET /imports/{id}/preview": ALL, "PUT /imports/{id}/mapping": ALL, "POST /imports/{id}/check": ALL,
    "GET /imports/{id}/rows": ALL, "PUT /imports/{id}/rows/{n}": ALL, "POST /imports/{id}/run": ALL, "POST /imports/{id}/cancel": ALL,
    "GET /imports/{id}/refused": ALL,
    "POST /files": ALL, "GET /files/{id}": ALL, "HEAD /files/{id}": ALL,
}
OTHERS.update({"POST /users/{id}/suspend": {"admin"}, "POST /users/{id}/activate": {"admin"}, "POST /customers/{id}/reveal": {"admin"},
               "POST /interactions/{id}/reveal": {"admin"}, "POST /recordings/{id}/reveal": {"admin"},
               "POST /customers/{id}/convert": ALL, "POST /api_tokens/{id}/revoke": ALL})
# What is ended, with no word of it to change, is gone for good; of all else: who may delete may take it back.
OTHERS.update({f"POST /{plural}/{{id}}/restore": {name for name, may in roles.items() if "d" in may}
               for plural, roles in COLLECTIONS.items() if any("d" in may and "u" in may for may in roles.values())})


class Matrix(unittest.TestCase):
    """Each route of the printed description by each role. A new one fails here until it is said who may use it."""

    @classmethod
    def setUpClass(cls):
        cls.centre = cls.enterClassContext(Centre())
        cls.nobody = Api(cls.centre.base)
        cls.people = {name: cls.centre.sign_in(name) for name in sorted(ALL)}
        cls.routes = [(method.upper(), path.removeprefix("/api/v1"))
                      for path, methods in cls.nobody.get("/openapi.json").json["paths"].items()
                      for method in methods if method.upper() in {*LETTERS, "PUT", "HEAD"}]

    def ask(self, api, method, path):
        """The status of a request that names nothing there is and says nothing that could be done."""
        path = path.replace("{plural}", "customers").replace("{id}", NO_ID).replace("{interaction}", NO_ID).replace("{action}", "hold")
        return api.call(method, "/api/v1" + path, None if method in ("GET", "HEAD", "DELETE") else {}).status

    def is_of_collection(self, method, path):
        plural, _, rest = path[1:].partition("/")
        return plural in COLLECTIONS and rest in ("", "{id}") and method in LETTERS and f"{method} {path}" not in OTHERS

    def test_every_route_is_judged(self):
        others = {f"{method} {path}" for method, path in self.routes if not self.is_of_collection(method, path)}
        self.assertEqual(others, set(OTHERS))
        self.assertEqual({path[1:].split("/")[0] for method, path in self.routes if self.is_of_collection(method, path)},
                         set(COLLECTIONS))

    def test_collections(self):
        for plural, roles in COLLECTIONS.items():
            for method, letter in LETTERS.items():
                path = f"/{plural}" if method == "POST" else f"/{plural}/{{id}}"
                self.assertEqual(self.ask(self.nobody, method, path), 401, (method, path))
                for name, api in self.people.items():
                    status = self.ask(api, method, path)
                    self.assertEqual(status in (404, 422), letter in roles[name], (name, method, path, status))
                    self.assertEqual(status == 403 or status == 405, letter not in roles[name], (name, method, path, status))
            for form in ("", "?format=csv"):
                for name, api in self.people.items():
                    takes = "r" in roles[name] and not (form and plural in OWN and name != "admin")
                    self.assertEqual(api.get(f"/{plural}{form}").status, 200 if takes else 403, (name, plural, form))

    def test_others(self):
        for route, allowed in OTHERS.items():
            method, path = route.split()
            if route in ("DELETE /session", "PATCH /demo"):  # these would do something: see tests of their own
                continue
            status = self.ask(self.nobody, method, path)
            self.assertEqual(status == 401, allowed is not None, ("nobody", route, status))
            for name, api in self.people.items():
                status = self.ask(api, method, path)
                self.assertNotEqual(status, 401, (name, route))
                self.assertEqual(status == 403, allowed is not None and name not in allowed, (name, route, status))

    def test_live_events(self):
        with WebSocket(self.centre.http, "/api/v1/events") as live:
            self.assertEqual(live.status, 401)
        for origin, status in (("http://elsewhere.example", 403), (self.centre.base, 101)):
            with WebSocket(self.centre.http, "/api/v1/events", f"Authorization: Bearer {self.people['admin'].token}",
                           f"Origin: {origin}") as live:
                self.assertEqual(live.status, status, origin)

    def test_an_export_stays_nowhere(self):
        self.assertIn("no-store", self.people["admin"].get("/customers?format=csv").headers["Cache-Control"])

    def test_secrets_are_no_oracle(self):
        admin = self.people["admin"]
        for plural, name in (("users", "password"), ("agents", "sip_password"), ("trunks", "password")):
            for query in (f"sort={name}", f"{name}=x", f"{name}.min=a"):
                self.assertEqual(admin.get(f"/{plural}?{query}").status, 422, (plural, query))

    def test_a_leaders_hand_leaves_its_trace(self):
        """What was asked stands in the trail; with anything else beside it nothing is asked."""
        admin, leader = self.people["admin"], self.people["lead1"]
        agent = admin.get("/agents?number=8009").json["items"][0]["id"]
        body = {"state": "not_ready", "reason": "lunch"}
        refused = leader.put(f"/agents/{agent}/state", {**body, "junk": "x" * 1000, "secret": {"a": 1}})
        self.assertEqual((refused.status, [error["field"] for error in refused.json["errors"]]), (422, ["junk", "secret"]))
        self.assertEqual(leader.put(f"/agents/{agent}/state", body).status, 200)
        entries = admin.get(f"/audit?action=set_state&record={agent}").json["items"]
        self.assertEqual([(entry["actor_name"], entry["changes"]) for entry in entries],
                         [("lead1", {"state": [None, "not_ready"], "reason": [None, "lunch"]})])


# What a route needs that is no plain verb on records; nothing where signing in is enough.
NEEDS = {
    "GET /session": (), "GET /meta": (), "GET /live": (), "GET /search": (), "POST /files": (), "GET /files/{id}": (), "HEAD /files/{id}": (),
    "GET /recordings/{id}/audio": ("recording.read",), "HEAD /recordings/{id}/audio": ("recording.read",), "GET /recordings/{id}/peaks": ("recording.listen",),
    "GET /customers/{id}/timeline": ("customer.read",), "GET /customers/duplicates": ("customer.read",), "GET /customers/{id}/duplicates": ("customer.read",),
    "GET /customers/{id}/history": ("customer.read",), "POST /customers/{id}/merge": ("customer.update", "customer.delete"),
    "POST /recordings/{id}/reveal": ("interaction.reveal",), "GET /demo": ("demo.control",), "PATCH /demo": ("demo.control",),
    "PUT /agents/{id}/state": ("agent.set_state",), "GET /users/{id}/locks": ("user.read",), "POST /users/{id}/unlock": ("user.unlock",), "DELETE /users/{id}/factor": ("user.update",),
    "GET /jobs/{id}/result": ("job.read",), "POST /imports": ("customer.import",),
    **{f"{method} /imports/{{id}}/{part}": () for method, part in (("GET", "preview"), ("PUT", "mapping"), ("POST", "check"), ("GET", "rows"), ("PUT", "rows/{n}"),
                                                                   ("POST", "run"), ("POST", "cancel"), ("GET", "refused"))},
}
# What no program does, whatever its key names.
PEOPLES = {"GET /preferences", "PUT /preferences/{name}", "DELETE /session", "PUT /session/password", "GET /session/factor", "POST /session/factor", "PUT /session/factor",
           "POST /session/factor/codes", "POST /session/factor/end", "DELETE /sessions", "POST /api_tokens", "GET /agents/me", "PUT /agents/me/state", "POST /agents/me/calls",
           "POST /agents/me/calls/{interaction}/{action}", "GET /agents/me/calls/{interaction}/pop", "POST /agents/me/wrap_up/end"}
# Rights that open no route of their own: test_scopes, test_customers, test_export, test_import and test_views show what they do.
WITHIN = {"customer.clear", "interaction.clear", "customer.timeline", "recording.download", "live.watch", "system.metrics", "api_token.create", "view.share"}


class EachRight(unittest.TestCase):
    """Every right against every route of the printed description, by keys: with what it needs a route lets in, and with all others but one of these
    it does not. Rights only ever add, so this says the same as every right alone on every route. A new route or right fails here until it is judged."""

    @classmethod
    def setUpClass(cls):
        cls.centre = cls.enterClassContext(Centre())
        cls.admin = cls.centre.sign_in("admin")
        meta = cls.admin.get("/meta").json
        cls.names = {resource["plural"]: resource["name"] for resource in meta["resources"]}
        cls.rights = {right["name"] for right in meta["rights"]}
        cls.bulk = {f"POST /{plural}/bulk" for plural in cls.names}
        cls.keys = {}

    def routes(self):
        for path, methods in self.admin.get("/openapi.json").json["paths"].items():
            path = path.removeprefix("/api/v1")
            for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"):
                if method.lower() in methods:
                    yield from ((method, path.replace("{plural}", plural)) for plural in (self.names if "{plural}" in path else ["-"]))

    def needs(self, method, path):
        """The rights that a route asks for: those of its verb, where the table above says nothing."""
        route = f"{method} {path}"
        if route in NEEDS:
            return NEEDS[route]
        plural, _, rest = path[1:].partition("/")
        verbs = {("GET", ""): ("read",), ("GET", "{id}"): ("read",), ("POST", ""): ("create",), ("PATCH", "{id}"): ("update",), ("DELETE", "{id}"): ("delete",),
                 ("POST", "export"): ("read", "export"), ("POST", "bulk"): ("update",), ("GET", "{id}/relations"): ("read",)}
        action = (rest.removeprefix("{id}/"),) if method == "POST" and rest.startswith("{id}/") else None
        wanted = tuple(f"{self.names[plural]}.{verb}" for verb in action or verbs[method, rest])
        # What everybody reads has no right for it; what nobody can do has none either, and the route is for nobody.
        return tuple(right for right in wanted if right in self.rights or not right.endswith(".read"))

    def key(self, rights):
        rights = frozenset(rights)
        if rights not in self.keys:
            made = self.admin.post("/api_tokens", {"name": "matrix", "rights": [{"right": right} for right in sorted(rights)]})
            self.assertEqual(made.status, 201, made.body)
            self.keys[rights] = Api(self.centre.base, made.json["secret"])
        return self.keys[rights]

    def ask(self, api, method, path):
        body = {"ids": [NO_ID], "patch": {"note": "x"}} if path.endswith("/bulk") else {"format": "nonsense"} if path.endswith("/export") else {}
        path = path.replace("{id}", NO_ID).replace("{interaction}", NO_ID).replace("{action}", "hold").replace("{n}", "1")
        query = "?resource=customers" if path == "/imports" and method == "POST" else ""
        answer = api.call(method, "/api/v1" + path + query, None if method in ("GET", "HEAD", "DELETE") else body)
        self.assertNotIn(answer.status, (401, 500), (method, path, answer.body))
        return answer.status

    def test_every_route_by_every_right(self):
        used = set()
        nothing = self.key({"setting.read"})
        for method, path in self.routes():
            route = f"{method} {path}"
            if OTHERS.get(route, False) is None:
                continue  # for everybody
            if route in PEOPLES:
                self.assertEqual(self.ask(self.admin_key(), method, path), 403, route)
                continue
            needs = self.needs(method, path)
            used |= set(needs)
            if not set(needs) <= self.rights:  # cannot be done at all: no right leads there
                self.assertIn(self.ask(self.admin_key(), method, path), (403, 404, 405, 422), route)
                continue
            self.assertNotEqual(self.ask(self.key(needs) if needs else nothing, method, path), 403, (route, needs))
            for right in needs:
                self.assertEqual(self.ask(self.key(self.rights - {right}), method, path), 403, (route, "all but", right))
        imports, purges = ({right for right in self.rights if right.endswith(end)} for end in (".import", ".purge"))
        self.assertEqual(self.rights - used - imports - purges, WITHIN)
        for right in purges:
            plural = next(plural for plural, name in self.names.items() if name == right.split(".")[0])
            path = f"/api/v1/{plural}/{NO_ID}?deleted=true"
            self.assertEqual([self.key(rights).call("DELETE", path).status for rights in ({right}, self.rights - {right})], [404, 403], right)
        for right in imports:
            plural = next(plural for plural, name in self.names.items() if name == right.split(".")[0])
            for key, let_in in ((self.key({right}), True), (self.key(self.rights - {right}), False)):
                status = key.call("POST", f"/api/v1/imports?resource={plural}&name=x.pdf", b"x").status
                self.assertEqual(status != 403, let_in, (right, status))

    def admin_key(self):
        return self.key(self.rights)


class Leaving(unittest.TestCase):
    """A user who is deleted, or is another agent from now on, has nothing left of what he was."""

    @classmethod
    def setUpClass(cls):
        cls.centre = cls.enterClassContext(Centre())
        cls.admin = cls.centre.sign_in("admin")

    def newcomer(self, number):
        """An agent of that number with a user, who sits at his place: ids of both, and who he is signed in as."""
        agent = self.admin.make("agents", number=number, name="新人", extension=number)
        user = self.admin.make("users", name=f"new{number}", full_name="新人", roles=self.centre.roles("坐席"), agent=agent, password="long enough")
        api = self.centre.sign_in(f"new{number}", "long enough")
        until(lambda: self.state(agent) not in (None, "offline"), what="the agent is here")
        return agent, user, api

    def state(self, agent):
        return (self.admin.get("/live").json["agents"].get(agent) or {}).get("state")

    def register(self, number, account):
        with Phone(self.centre.sip, account["auth_user"], account["secret"]) as phone:
            phone.aor = f"sip:{number}@127.0.0.1:{self.centre.sip}"
            return phone.register()

    def gone(self, number, leave):
        agent, user, api = self.newcomer(number)
        account = api.get("/agents/me").json["phone"]
        self.assertEqual(self.register(number, account), 200)
        with WebSocket(self.centre.http, "/api/v1/events", f"Authorization: Bearer {api.token}") as live:
            self.assertEqual(live.status, 101)
            self.assertLess(leave(user).status, 300)
            self.assertEqual(live.close_code(), SIGNED_OUT)
        self.assertEqual(api.get("/session").status, 401)
        until(lambda: self.state(agent) in (None, "offline"), what="the agent is gone")
        self.assertEqual(self.register(number, account), 401)

    def test_deleted(self):
        self.gone("7701", lambda user: self.admin.delete(f"/users/{user}"))

    def test_agent_no_more(self):
        self.gone("7702", lambda user: self.admin.patch(f"/users/{user}", {"roles": self.centre.roles("班长"), "agent": None}, "*"))

    def test_another_agent(self):
        other = self.admin.make("agents", number="7704", name="别人", extension="7704")
        self.gone("7703", lambda user: self.admin.patch(f"/users/{user}", {"agent": other}, "*"))

    def test_refused_change_ends_nothing(self):
        _, user, api = self.newcomer("7705")
        self.assertEqual(self.admin.patch(f"/users/{user}", {"full_name": "晚了"}, '"99"').status, 412)
        self.assertEqual(self.admin.delete(f"/users/{user}", '"99"').status, 412)
        self.assertEqual(api.get("/session").status, 200)


if __name__ == "__main__":
    unittest.main()
