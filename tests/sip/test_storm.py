#!/usr/bin/env python3
"""Callers and agents who do anything at any time, by a seed: no action may bring the centre down or leave something
behind. STORM_ACTIONS (200) and STORM_SEED (1) make it longer and different; `make soak` does."""

import os
import random
import socket
import threading
import unittest

from centre import Centre, until
from phone import Phone
from scene import NUMBER, conserve, history, live_calls
from sipp import Sipps

AGENTS, CALLERS = range(11, 18), 10
FINE = (200, 201, 202, 204, 404, 409, 412, 422)
CALL_ACTIONS = ("hold retrieve mute unmute consult_cancel transfer_complete conference split hangup answer refuse transfer "
                "consult keys transfer consult").split()


class Silent:
    """An ear that says nothing and hears nothing: a storm needs no sound."""

    def __init__(self):
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]

    def close(self):
        self._socket.close()


class Agent:
    """His phone takes, refuses or lets ring what comes, as the dice say."""

    def __init__(self, storm, number):
        self.storm, self.name = storm, f"agent{number}"
        self.dice = random.Random(f"{storm.seed} {self.name}")
        self.phone = Phone(storm.centre.sip, str(8000 + number), f"{self.name}-demo").__enter__()
        self.api = storm.centre.sign_in(self.name)
        self.id = self.api.get("/agents/me").json["agent"]["id"]
        self.ended = threading.Event()
        self._thread = threading.Thread(target=self._take_calls, daemon=True)
        self._thread.start()
        assert self.phone.register() == 200
        self.state("ready")

    def state(self, state):
        self.storm.say(self.api.put("/agents/me/state", {"state": state, **({"reason": "break"} if state == "not_ready" else {})}))

    def _take_calls(self):
        while not self.ended.is_set():
            try:
                call = self.phone.expect_call(self.storm.ear, 0.2)
                choice = self.dice.random()
                if choice < 0.7:
                    call.answer()
                elif choice < 0.9:
                    call.refuse(self.dice.choice((486, 603, 480, 404, 500)))
            except AssertionError:
                continue  # nobody rang, or he was gone before the answer

    def hang_up(self):
        for call in list(self.phone.calls.values()):
            if call.answered.is_set() and not call.ended.is_set() and self.dice.random() < 0.5:
                call.request("BYE")

    def act(self, dice, others):
        calls = self.api.get("/agents/me").json.get("calls") or []
        if not calls:
            return
        action, body = dice.choice(CALL_ACTIONS), {}
        if action == "keys":
            body = {"keys": "12#"}
        if action in ("transfer", "consult"):
            target = dice.choice([{"kind": "agent", "id": dice.choice(others).id}, {"kind": "queue", "id": dice.choice(self.storm.queues)},
                                  {"kind": "number", "number": "13900000000"}, {"kind": "queue", "id": "1"}])
            body = {"target": target}
        self.storm.say(self.api.post(f"/agents/me/calls/{calls[0]['id']}/{action}", body))

    def come_and_go(self, dice):
        choice = dice.random()
        if choice < 0.5:
            self.state(dice.choice(("ready", "ready", "not_ready")))
        elif choice < 0.7:
            self.phone.register(expires=dice.choice((0, 300)))
        else:
            self.storm.say(self.api.delete("/session"))
            self.api = self.storm.centre.sign_in(self.name)
            self.phone.register()
            self.state("ready")

    def end_wrap_up(self):
        interaction = (self.api.get("/agents/me").json["state"] or {}).get("interaction")
        if interaction:
            self.storm.say(self.api.post("/agents/me/wrap_up/end", {"interaction": interaction}))

    def stop(self):
        self.end_wrap_up()
        self.ended.set()
        self._thread.join()
        self.phone.__exit__()


class Storm(Sipps, unittest.TestCase):
    def setUp(self):
        self.seed = int(os.environ.get("STORM_SEED", "1"))
        self.dice = random.Random(self.seed)
        self.centre = self.enterContext(Centre())
        self.leader, self.admin = self.centre.sign_in("lead1"), self.centre.sign_in("admin")
        self.numbers = [NUMBER, self.number_for_queue("综合服务", "4008000001"), self.number_for_queue("机票预订", "4008000002")]
        self.queues = [row["id"] for row in self.leader.get("/queues").json["items"]]
        self.ear = Silent()
        self.addCleanup(self.ear.close)
        self.calls, self.pace = [], threading.Event()

    def say(self, answer):
        self.assertIn(answer.status, FINE, answer.body)

    def call_in(self):
        phone = self.dice.choice(self.phones)
        self.calls.append(phone.dial(self.dice.choice(self.numbers), self.ear))

    def caller_acts(self):
        """Cancels, holds by re-INVITE, or hangs up."""
        call = self.dice.choice(self.calls) if self.calls else None
        if not call or call.ended.is_set():
            return
        if not call.answered.is_set():
            call.cancel()
        elif self.dice.random() < 0.3:
            call.request("INVITE", call.sdp(self.dice.choice(("sendonly", "sendrecv", "inactive"))))
        elif self.dice.random() < 0.5:
            call.request("BYE")

    def step(self):
        agent, choice = self.dice.choice(self.agents), self.dice.random()
        if choice < 0.25 and sum(not call.ended.is_set() for call in self.calls) < 2 * CALLERS:
            self.call_in()
        elif choice < 0.4:
            self.caller_acts()
        elif choice < 0.8:
            agent.act(self.dice, self.agents)
        elif choice < 0.9:
            agent.hang_up()
        else:
            agent.come_and_go(self.dice)

    def test_anything_at_any_time(self):
        self.phones = [Phone(self.centre.sip, f"1380000{n:04}").__enter__() for n in range(CALLERS)]
        self.agents = [Agent(self, number) for number in AGENTS]
        for _ in range(int(os.environ.get("STORM_ACTIONS", "200"))):
            self.step()
            self.pace.wait(self.dice.random() * 0.1)
            self.assertIsNone(self.centre.process.poll())
        children = self.centre.children()
        self.end_calls()
        for one in self.agents:
            one.stop()
        for phone in self.phones:
            phone.__exit__()
        self.assertEqual(self.centre.children(), children, "a process was started anew")
        self.check_history()
        self.assertEqual(self.centre.stop(), 0)

    def end_calls(self):
        for call in self.calls:
            if call.answered.is_set() and not call.ended.is_set():
                call.request("BYE")
            elif not call.ended.is_set():
                call.cancel()
        until(lambda: not live_calls(self.leader), 90, "no call left")

    def check_history(self):
        cursor, seen = "", 0
        while cursor is not None:
            page = self.leader.get(f"/interactions?limit=100{cursor and '&cursor=' + cursor}").json
            for row in page["items"]:
                conserve(self, history(self.leader, row["id"]))
                seen += 1
            cursor = page["next"]
        self.assertGreaterEqual(seen, len([call for call in self.calls if call.answered.is_set()]))
        self.assertGreater(seen, 0)


if __name__ == "__main__":
    unittest.main()
