#!/usr/bin/env python3
"""sipp, which is not ours, as caller over UDP and TCP and as an agent's phone: it registers, answering the first
challenge it is sent and nothing but MD5, and takes a call."""

import re
import subprocess
import unittest

from centre import ROOT, Centre, free_ports, until
from scene import Agent, caller, history, to_queue

FOLDER = ROOT / "tests" / "sip"
PAIR_OF_ALGORITHM = re.compile(r"algorithm=([\w-]+)")


class Sipp(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.centre = cls.enterClassContext(Centre())
        cls.leader = cls.centre.sign_in("lead1")

    def start(self, *words):
        command = ["sipp", f"127.0.0.1:{self.centre.sip}", "-i", "127.0.0.1", "-nostdin", "-timeout", "60", *words]
        with open("sipp.log", "ab") as log:
            return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def run_to_end(self, *words):
        self.assertEqual(self.start(*words).wait(90), 0, "sipp counted a failed call, see sipp.log")

    def test_callers(self):
        for transport in ("u1", "t1"):
            with self.subTest(transport=transport):
                self.run_to_end("-sf", str(FOLDER / "caller.xml"), "-s", "4008001234", "-t", transport, "-m", "20", "-r", "10")
        until(lambda: not self.leader.get("/live").json["calls"], what="no call left")

    def register(self, port, status):
        """As agent1's phone; the status that ends it. sipp itself fails the call when it cannot answer a challenge."""
        words = ("-sf", str(FOLDER / "register.xml"), "-s", "8001", "-au", "8001", "-ap", "agent1-demo", "-p", str(port), "-m", "1")
        self.assertEqual(self.start(*words).wait(90) == 0, status == 200)

    def set_digest(self, order):
        admin = self.centre.sign_in("admin")
        setting = admin.get("/settings").json["items"][0]
        answer = admin.patch(f"/settings/{setting['id']}", {"sip_digest": order}, f'"{setting["version"]}"')
        self.assertEqual(answer.status, 200, answer.body)

    def test_agent(self):
        one = Agent(self.centre, 1, None)
        port, = free_ports()
        self.register(port, 200)
        until(lambda: (one.api.get("/agents/me").json["state"] or {}).get("phone"), what="phone seen")
        one.set_state("ready")
        one.wait_state("ready")
        phone = self.start("-sn", "uas", "-p", str(port), "-m", "1")
        with caller(self.centre, 440) as customer:
            call = to_queue(customer)
            one.wait_state("on_contact", 20)
            interaction = one.interaction()
            call.hangup()
        self.assertEqual(phone.wait(60), 0)
        self.assertEqual(history(self.leader, interaction)["outcome"], "answered")

    def test_order_of_challenges(self):
        """Whoever knows SHA-256 may have it first; sipp cannot, which is why it is not the default."""
        two = Agent(self.centre, 2, None)
        port, = free_ports()
        with two.phone:
            for order, algorithm in (("sha256_first", "SHA-256"), ("md5", "MD5"), ("md5_first", "MD5")):
                self.set_digest(order)
                until(lambda: self.challenge(two.phone) == algorithm, what=f"{order} in force")
                self.assertEqual(two.phone.register(), 200)
                self.register(port, 200 if algorithm == "MD5" else 401)

    def challenge(self, phone):
        """The first algorithm that a phone without nonce is offered."""
        phone.forget_nonce()
        self.assertEqual(phone.register(), 200)
        return PAIR_OF_ALGORITHM.search(phone.challenges[0])[1]


if __name__ == "__main__":
    unittest.main()
