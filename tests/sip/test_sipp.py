#!/usr/bin/env python3
"""sipp, which is not ours, as caller over UDP and TCP and as an agent's phone."""

import subprocess
import unittest

from centre import ROOT, Centre, until
from scene import Agent, caller, history, to_queue

FOLDER = ROOT / "tests" / "sip"


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

    def test_agent(self):
        one = Agent(self.centre, 1, None)
        with one.phone:  # Debian's sipp answers the first challenge only, and not SHA-256: it gets a registered port
            one.get_ready()
        phone = self.start("-sn", "uas", "-p", str(one.phone.port), "-m", "1")
        with caller(self.centre, 440) as customer:
            call = to_queue(customer)
            one.wait_state("on_contact", 20)
            interaction = one.interaction()
            call.hangup()
        self.assertEqual(phone.wait(60), 0)
        self.assertEqual(history(self.leader, interaction)["outcome"], "answered")


if __name__ == "__main__":
    unittest.main()
