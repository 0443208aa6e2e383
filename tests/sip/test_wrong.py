#!/usr/bin/env python3
"""What is wrong gets a clear SIP answer and leaves nothing behind."""

import socket
import unittest

from centre import Centre, until
from phone import Message, Phone, token
from scene import NUMBER, caller, expect_end


class Wrong(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.centre = cls.enterClassContext(Centre())
        cls.leader = cls.centre.sign_in("lead1")
        cls.rude = cls.enterClassContext(caller(cls.centre, 440, "13940000001"))
        cls.rude.acknowledges = False
        cls.unsure = cls.rude.dial(NUMBER, cls.rude.ear)

    def ask(self, start, body="", **headers):
        """Sends one request as written, returns the first final answer."""
        rows = {"Via": None, "Max-Forwards": "70", "From": f"<sip:a@127.0.0.1>;tag={token()}", "To": f"<sip:{NUMBER}@127.0.0.1>",
                "Call-ID": token(), "CSeq": f"1 {start.split()[0]}", "Contact": None}
        rows.update({name.replace("_", "-"): value for name, value in headers.items()})
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
            one.bind(("127.0.0.1", 0))
            one.settimeout(5)
            here = f"127.0.0.1:{one.getsockname()[1]}"
            rows["Via"] = rows["Via"] or f"SIP/2.0/UDP {here};branch=z9hG4bK{token()};rport"
            rows["Contact"] = rows["Contact"] or f"<sip:a@{here}>"
            text = "\r\n".join([start, *(f"{name}: {value}" for name, value in rows.items() if value),
                                f"Content-Length: {len(body)}", "", body])
            one.sendto(text.encode(), ("127.0.0.1", self.centre.sip))
            while True:
                answer = Message(one.recv(65536))
                if answer.status >= 200:
                    return answer

    def uri(self, user=NUMBER):
        return f"sip:{user}@127.0.0.1:{self.centre.sip}"

    def test_unknown_number(self):
        with caller(self.centre, 440, "13940000002") as phone:
            call = phone.dial("999000999", phone.ear)
            self.assertTrue(call.ended.wait(5))
            self.assertEqual(call.final, 404)
        item = expect_end(self, self.leader, "13940000002", "failed", "not_found")
        self.assertEqual(item["to"], "999000999")
        self.assertIn('call refused status=404 why="unknown number" from="13940000002" to="999000999"', self.centre.log())

    def test_no_common_codec(self):
        sdp = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 40000 RTP/AVP 18\r\n"
        answer = self.ask(f"INVITE {self.uri()} SIP/2.0", sdp, Content_Type="application/sdp",
                          From=f"<sip:13940000003@127.0.0.1>;tag={token()}")
        self.assertEqual(answer.status, 488)
        expect_end(self, self.leader, "13940000003", "failed", "no_media")
        self.assertIn('call refused status=488 why="no sound in common" from="13940000003"', self.centre.log())

    def test_broken_sdp(self):
        answer = self.ask(f"INVITE {self.uri()} SIP/2.0", "v=0\r\nnonsense", Content_Type="application/sdp")
        self.assertIn(answer.status, (400, 488))

    def test_methods_and_versions(self):
        rows = [
            (f"SUBSCRIBE {self.uri()} SIP/2.0", {"Event": "presence"}, (405, 489, 501)),
            (f"NONSENSE {self.uri()} SIP/2.0", {}, (405, 501)),
            (f"OPTIONS {self.uri()} SIP/2.0", {}, (200,)),
            (f"OPTIONS {self.uri()} SIP/3.0", {}, (505,)),
            (f"INVITE {self.uri()} SIP/2.0", {"Require": "nonsense"}, (420,)),
            (f"INVITE {self.uri()} SIP/2.0", {"Content_Type": "text/plain"}, (415,)),
            (f"BYE {self.uri()} SIP/2.0", {"To": f"<sip:{NUMBER}@127.0.0.1>;tag=none"}, (481,)),
            (f"INVITE tel:+{NUMBER} SIP/2.0", {}, (404, 416)),
            (f"OPTIONS {self.uri()} SIP/2.0", {"CSeq": "1 INVITE"}, (400,)),
        ]
        for start, headers, wanted in rows:
            with self.subTest(start=start, headers=headers):
                body = "x" if headers.get("Content_Type") else ""
                self.assertIn(self.ask(start, body, **headers).status, wanted)

    def test_wrong_password(self):
        with Phone(self.centre.sip, "8001", "wrong") as phone:
            self.assertIn(phone.register(), (401, 403))
        until(lambda: 'wrong SIP credentials from="8001" peer=127.0.0.1' in self.centre.log(), what="a line in the log")
        until(lambda: "lingxi_switch_sip_denied 1" in self.leader.call("GET", "/metrics").body.decode(), what="the figure")

    def test_wrong_trunk_address(self):
        admin = self.centre.sign_in("admin")
        before = admin.get("/trunks").json["items"]
        trunks = [admin.get(f"/trunks/{one['id']}") for one in before]
        for trunk in trunks:
            self.assertEqual(admin.patch(f"/trunks/{trunk.json['id']}", {"sources": "127.9.9.9"}, trunk.headers["ETag"]).status, 200)
        for _ in range(3):
            self.assertEqual(self.ask(f"INVITE {self.uri()} SIP/2.0").status, 401)
        until(lambda: "lingxi_switch_sip_strangers 3" in self.leader.call("GET", "/metrics").body.decode(), what="the figure")
        told = [line for line in self.centre.log().splitlines() if "no trunk's peer=127.0.0.1" in line]
        self.assertEqual([line.rpartition("to=")[2] for line in told], [f'"{NUMBER}" calls=1'])
        for trunk in trunks:
            now = admin.get(f"/trunks/{trunk.json['id']}")
            self.assertEqual(admin.patch(f"/trunks/{trunk.json['id']}", {"sources": trunk.json["sources"]}, now.headers["ETag"]).status, 200)
        with caller(self.centre, 440, "13940000004") as phone:
            call = phone.dial(NUMBER, phone.ear)
            self.assertTrue(call.answered.wait(5))
            call.hangup()

    def test_cancel_while_waiting(self):
        with caller(self.centre, 440, "13940000005") as phone:
            call = phone.dial(NUMBER, phone.ear)
            call.cancel()
            until(lambda: call.final or call.answered.is_set(), what="an end")
            if call.answered.is_set():
                call.hangup()
            else:
                self.assertEqual(call.final, 487)
        expect_end(self, self.leader, "13940000005", "flow", "caller_hangup")

    def test_noise(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
            for noise in (b"", b"\r\n\r\n", b"\0" * 500, b"INVITE\r\n\r\n", b"SIP/2.0 200 OK\r\n\r\n", bytes(range(256)) * 100):
                one.sendto(noise, ("127.0.0.1", self.centre.sip))
        self.assertEqual(self.ask(f"OPTIONS {self.uri()} SIP/2.0").status, 200)


    def test_what_was_never_acknowledged(self):
        """Last: the answer is repeated for 32 seconds, then the call is over."""
        self.assertTrue(self.unsure.ended.wait(40))
        expect_end(self, self.leader, "13940000001", "flow", "caller_hangup")


if __name__ == "__main__":
    unittest.main()
