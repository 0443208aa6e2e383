#!/usr/bin/env python3
"""Connections of one address: a further one is closed at once and counted, one that says nothing is cut, and then the
address is served again."""

import contextlib
import socket
import unittest

from centre import Api, Centre, until

MOST = 12


def is_closed(one):
    """Whether the other side has ended it, without waiting."""
    one.setblocking(False)
    try:
        return one.recv(1, socket.MSG_PEEK) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True


class Limits(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.centre = cls.enterClassContext(Centre("--demo", "--quiet", "--per-address", str(MOST)))

    def metric(self, name):
        """None while it is not known, or while this address still has its fill."""
        try:
            text = Api(self.centre.base).call("GET", "/metrics").body.decode()
        except OSError:
            return None
        return next((int(line.split()[1]) for line in text.splitlines() if line.startswith(name + " ")), None)

    def figure(self, name):
        found = []
        until(lambda: found.append(self.metric(name)) or found[-1] is not None, what=name)
        return found[-1]

    def fill(self, port, metric):
        before = self.figure(metric)
        with contextlib.ExitStack() as held:
            ours = [held.enter_context(socket.create_connection(("127.0.0.1", port), 10)) for _ in range(MOST + 3)]
            until(lambda: sum(map(is_closed, ours)) >= 3, what="the last ones closed")
            closed = list(map(is_closed, ours))
            # One that asked for the figure may still have counted, and have made room for a later one when it ended.
            self.assertEqual(closed[:MOST - 3], [False] * (MOST - 3))
            self.assertTrue(closed[-1] or closed[-2], closed)
            self.assertIn(sum(closed), range(3, 6))
            until(lambda: all(map(is_closed, ours)), 30, "the silent ones cut")
        until(lambda: self.figure(metric) >= before + sum(closed), what="counted")

    def test_pages(self):
        self.fill(self.centre.http, "lingxi_desk_connections_refused_total")
        self.assertEqual(Api(self.centre.base).get("/health").status, 200)

    def test_edge(self):
        self.fill(self.centre.edge, "lingxi_switch_edge_refused")


if __name__ == "__main__":
    unittest.main()
