#!/usr/bin/env python3
"""sipp, which is not ours, as caller over UDP and TCP, as the carrier of a trunk and as an agent's phone: it registers,
answering the first challenge it is sent and nothing but MD5, and takes a call. In a call it echoes what it hears, so a
tone that comes back has passed both ways."""

import re
import unittest

from centre import Centre, free_ports, until
from rtp import channels, share_of
from scene import Agent, agent, caller, conserve, history, to_queue
from sipp import FOLDER, Sipps

CALLER_HZ, AGENT_HZ = 440, 620
PAIR_OF_ALGORITHM = re.compile(r"algorithm=([\w-]+)")


class Sipp(Sipps, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.centre = cls.enterClassContext(Centre())
        cls.leader, cls.admin = cls.centre.sign_in("lead1"), cls.centre.sign_in("admin")

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
        setting = self.admin.get("/settings").json["items"][0]
        answer = self.admin.patch(f"/settings/{setting['id']}", {"sip_digest": order}, f'"{setting["version"]}"')
        self.assertEqual(answer.status, 200, answer.body)

    def assert_recorded(self, interaction, hertz):
        item = history(self.leader, interaction)
        self.assertEqual(item["outcome"], "answered")
        conserve(self, item)
        _, sides = channels(self.leader.get(f"/recordings/{item['recording']}/audio").body)
        for side in sides:
            self.assertGreater(share_of(side[-3600:-800], hertz), 0.8)
        return item

    def test_agent(self):
        one = Agent(self.centre, 1, None)
        port, = free_ports()
        self.register(port, 200)
        until(lambda: (one.api.get("/agents/me").json["state"] or {}).get("phone"), what="phone seen")
        one.set_state("ready")
        one.wait_state("ready")
        phone = self.echo("-sn", "uas", "-p", str(port))
        with caller(self.centre, CALLER_HZ) as customer:
            call = to_queue(customer)
            one.wait_state("on_contact", 20)
            interaction = one.interaction()
            until(lambda: customer.ear.hears(CALLER_HZ), what="the caller's tone from the agent's phone")
            call.hangup()
        self.assertEqual(phone.wait(60), 0)
        self.assert_recorded(interaction, CALLER_HZ)

    def test_caller(self):
        number = self.number_for_queue("综合服务", "4008007777")
        with agent(self.centre, 2, AGENT_HZ) as one:
            sipp = self.echo("-sf", str(FOLDER / "waiting.xml"), "-s", number)
            rung = one.phone.expect_call(one.ear, 20)
            interaction = one.interaction()
            rung.answer()
            until(lambda: one.ear.hears(AGENT_HZ), what="the agent's tone from the caller")
            rung.hangup()
            self.assertEqual(sipp.wait(60), 0)
        self.assert_recorded(interaction, AGENT_HZ)

    def test_trunk(self):
        (port,) = free_ports(1)
        trunk = self.admin.get("/trunks").json["items"][0]
        etag = self.admin.get(f"/trunks/{trunk['id']}").headers["ETag"]
        self.assertEqual(self.admin.patch(f"/trunks/{trunk['id']}", {"proxy": f"127.0.0.1:{port}"}, etag).status, 200)
        carrier = self.echo("-sn", "uas", "-p", str(port))
        with agent(self.centre, 3, AGENT_HZ) as one:
            interaction = one.api.post("/agents/me/calls", {"to": "13912345678"}).json["interaction"]
            rung = one.phone.expect_call(one.ear)
            rung.answer()
            one.ear.speak_to(rung.offers[-1])
            until(lambda: one.ear.hears(AGENT_HZ), what="the agent's tone from the carrier")
            one.act(interaction, "hangup")
            self.assertTrue(rung.ended.wait(5))
            self.assertEqual(carrier.wait(60), 0)
        item = self.assert_recorded(interaction, AGENT_HZ)
        self.assertEqual((item["direction"], item["to"]), ("outbound", "13912345678"))

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
