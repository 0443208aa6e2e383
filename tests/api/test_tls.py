#!/usr/bin/env python3
"""A centre beyond loopback without a certificate of its own: HTTPS and WSS with one of the local authority, which anybody
can download and which Python's ssl then trusts with the host name checked."""

import os
import socket
import ssl
import stat
import subprocess
import unittest

from centre import LINGXI, Api, Centre

UPGRADE = ("GET /sip HTTP/1.1\r\nHost: {host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
           "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: sip\r\n\r\n")


def own_address():
    """An address of this machine that is not loopback; loopback where it has no other."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("198.51.100.1", 9))  # sends nothing
            return probe.getsockname()[0]
        except OSError:
            return "127.0.0.1"


class Authority(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.host = own_address()
        cls.centre = cls.enterClassContext(Centre("--tls", host=cls.host))
        blind = ssl.create_default_context()
        blind.check_hostname, blind.verify_mode = False, ssl.CERT_NONE
        cls.download = Api(cls.centre.base, context=blind).call("GET", "/ca.crt")
        cls.trust = ssl.create_default_context(cadata=cls.download.body.decode())

    def shake(self, host, port, name=None):
        with socket.create_connection((host, port), 10) as plain, \
                self.trust.wrap_socket(plain, server_hostname=name or host) as secure:
            secure.sendall(UPGRADE.format(host=f"{host}:{port}").encode())
            return secure.recv(1000).split(b"\r\n")[0]

    def test_download(self):
        self.assertEqual((self.download.status, self.download.headers["Content-Type"]), (200, "application/x-x509-ca-cert"))
        self.assertEqual(self.download.body.count(b"BEGIN"), 1)
        self.assertIn(b"BEGIN CERTIFICATE", self.download.body)
        self.assertEqual(Api(self.centre.base, context=self.trust).get("/visitor").json["authority"], "/ca.crt")

    def test_https_and_wss_are_trusted(self):
        names = [self.host, "localhost", socket.gethostname()]
        for name in names:
            with self.subTest(name=name):
                self.assertEqual(self.shake(self.host, self.centre.edge, name), b"HTTP/1.1 101 Switching Protocols")
        self.assertEqual(Api(self.centre.base, context=self.trust).get("/health").status, 200)

    def test_nobody_else_is_trusted(self):
        with self.assertRaises(ssl.SSLCertVerificationError):
            self.shake(self.host, self.centre.edge, "elsewhere.example")
        with self.assertRaises(ssl.SSLCertVerificationError), socket.create_connection((self.host, self.centre.http), 10) as one:
            ssl.create_default_context().wrap_socket(one, server_hostname=self.host)

    def test_keys_stay_ours(self):
        folder = self.centre.data / "tls"
        self.assertEqual(stat.S_IMODE(os.stat(folder).st_mode), 0o700)
        for name in ("ca.key", "server.pem"):
            self.assertEqual(stat.S_IMODE(os.stat(folder / name).st_mode), 0o600)
            for path in (f"/{name}", f"/tls/{name}", f"/data/tls/{name}"):
                self.assertEqual(Api(self.centre.base, context=self.trust).call("GET", path).status, 404)

    def test_the_same_after_a_restart(self):
        before = (self.centre.data / "tls/server.pem").read_bytes()
        self.assertEqual(self.centre.stop(), 0)
        self.centre.start()
        self.assertEqual((self.centre.data / "tls/server.pem").read_bytes(), before)
        self.assertEqual(self.shake(self.host, self.centre.edge), b"HTTP/1.1 101 Switching Protocols")


class Demo(unittest.TestCase):
    def test_demo_stays_on_loopback(self):
        for option in ("--http", "--edge", "--sip"):
            with self.subTest(option=option):
                ended = subprocess.run([LINGXI, "run", "--demo", option, "192.0.2.9:8080"], capture_output=True, text=True, timeout=10)
                self.assertEqual(ended.returncode, 2)
                self.assertIn("not a loopback address", ended.stderr)


class Plain(unittest.TestCase):
    def test_loopback_speaks_plain_and_has_no_authority(self):
        with Centre() as centre:
            self.assertEqual(Api(centre.base).call("GET", "/ca.crt").status, 404)
            self.assertIsNone(Api(centre.base).get("/visitor").json["authority"])
            self.assertFalse((centre.data / "tls").exists())


if __name__ == "__main__":
    unittest.main()
