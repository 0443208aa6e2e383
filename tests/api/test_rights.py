#!/usr/bin/env python3
"""Who may do what, and for how long: what somebody had ends with his rights."""

import unittest

from centre import Centre, until
from phone import Phone
from ws import WebSocket

SIGNED_OUT = 4001


class Leaving(unittest.TestCase):
    """A user who is deleted, or is another agent from now on, has nothing left of what he was."""

    @classmethod
    def setUpClass(cls):
        cls.centre = cls.enterClassContext(Centre())
        cls.admin = cls.centre.sign_in("admin")

    def make(self, plural, **fields):
        made = self.admin.post(f"/{plural}", fields)
        self.assertEqual(made.status, 201, made.body)
        return made.json["id"]

    def newcomer(self, number):
        """An agent of that number with a user, who sits at his place: ids of both, and who he is signed in as."""
        agent = self.make("agents", number=number, name="新人", extension=number)
        user = self.make("users", name=f"new{number}", full_name="新人", role="agent", agent=agent, password="long enough")
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
        self.gone("7702", lambda user: self.admin.patch(f"/users/{user}", {"role": "leader", "agent": None}, "*"))

    def test_another_agent(self):
        other = self.make("agents", number="7704", name="别人", extension="7704")
        self.gone("7703", lambda user: self.admin.patch(f"/users/{user}", {"agent": other}, "*"))

    def test_refused_change_ends_nothing(self):
        _, user, api = self.newcomer("7705")
        self.assertEqual(self.admin.patch(f"/users/{user}", {"full_name": "晚了"}, '"99"').status, 412)
        self.assertEqual(self.admin.delete(f"/users/{user}", '"99"').status, 412)
        self.assertEqual(api.get("/session").status, 200)


if __name__ == "__main__":
    unittest.main()
