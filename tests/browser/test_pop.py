#!/usr/bin/env python3
"""Another system's page comes with the call: framed beside the customer or in a window of its own, with what the centre
knows of the caller and nothing that he could turn against it."""

import http.server
import threading
import unittest
import urllib.parse

from centre import Centre, until
from page import Chromium
from scene import agent, caller, history, talk, to_queue


class Crm(http.server.ThreadingHTTPServer):
    """The other system: notes what it is asked."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked = []
        self.base = f"http://127.0.0.1:{self.server_port}"
        self.thread = threading.Thread(target=self.serve_forever)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.thread.join()
        self.server_close()


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        path, _, query = self.path.partition("?")
        self.server.asked.append((path, dict(urllib.parse.parse_qsl(query, keep_blank_values=True)), self.headers["Referer"]))
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write("<h1>订单</h1>".encode())

    def log_message(self, *_):
        pass


class Pop(unittest.TestCase):
    def setUp(self):
        self.crm = self.enterContext(Crm())
        self.centre = self.enterContext(Centre())
        self.admin = self.centre.sign_in("admin")

    def settings(self, **values):
        answer = self.admin.patch("/settings/1", values, "*")
        self.assertEqual(answer.status, 200, answer.body)

    def customer(self, name, number):
        self.assertEqual(self.admin.post("/customers", {"name": name, "numbers": [{"number": number}]}).status, 201)

    def page(self):
        page = self.enterContext(Chromium()).page(880)
        page.sign_in(self.centre, "agent1")
        self.agent = self.centre.sign_in("agent1")
        until(lambda: (self.agent.get("/agents/me").json["state"] or {}).get("phone"), what="the page's phone registered")
        page.click(".state[data-state=not_ready]")
        page.click(".ant-dropdown-menu-item:has-text('示闲')")
        page.see(".state[data-state=ready]")
        return page

    def asked(self):
        return until(lambda: next((one for one in self.crm.asked if one[0] == "/c"), None), what="the other system asked")

    def test_beside_the_customer(self):
        self.customer("王 & <b>五</b>", "13900001111")
        self.settings(pop_url=self.crm.base + "/c?n={number}&who={name}&a={agent_number}&i={interaction}")
        page = self.page()
        with caller(self.centre, 440, "13900001111") as phone:
            to_queue(phone)
            page.see("[data-act=answer]:enabled")
            page.see("iframe.pop-frame")
            _, said, referer = self.asked()
            ringing = self.agent.get("/agents/me").json["state"]["interaction"]
        self.assertEqual(said, {"n": "13900001111", "who": "王 & <b>五</b>", "a": "8001", "i": ringing})
        self.assertIsNone(referer)
        self.assertEqual(page.errors(), [])

    def test_window(self):
        self.settings(pop_url=self.crm.base + "/c?n={number}", pop_how="window")
        page = self.page()
        with caller(self.centre, 440, "13900002222") as phone:
            to_queue(phone)
            page.see("[data-act=answer]:enabled")
            page.see(".pop-link a")
            self.assertEqual(self.asked()[1], {"n": "13900002222"})

    def test_of_a_queue(self):
        """A queue's own address goes first; without any there is none."""
        with agent(self.centre, 11, 620) as one, caller(self.centre, 440) as phone:
            call, _, interaction = talk(phone, one)
            path = f"/agents/me/calls/{interaction}/pop?frame=1"
            self.assertEqual(one.api.get(path).status, 404)
            queue = history_queue(one.api, interaction)
            self.settings(pop_url=self.crm.base + "/centre")
            answer = self.admin.patch(f"/queues/{queue}", {"pop_url": self.crm.base + "/queue/{queue}"}, "*")
            self.assertEqual(answer.status, 200, answer.body)
            framed = one.api.get(path)
            self.assertIn(f'src="{self.crm.base}/queue/{queue}"', framed.body.decode())
            self.assertIn(f"frame-src {self.crm.base};", framed.headers["Content-Security-Policy"])
            self.assertIn("frame-ancestors 'self'", framed.headers["Content-Security-Policy"])
            self.assertEqual(self.centre.sign_in("agent12").get(path).status, 404)
            self.assertEqual(self.admin.get(path).status, 403)
            call.hangup()
            one.wait_state("wrap_up")
        history(self.admin, interaction)
        later = self.centre.sign_in("agent11")
        self.assertIn(f"/queue/{queue}", later.get(path).body.decode())
        self.assertEqual(later.get("/agents/me/calls/77/pop").status, 404)

    def test_what_no_address_is(self):
        for wrong in ("javascript:alert(1)", "ftp://x/", "//x/", "https://", "https://{number}/", "https://a{name}.example/",
                      "https://me@x/", "https://x/{password}", "https://x/{", "https://x/ y", "https://x/\"y", "data:text/html,x"):
            answer = self.admin.patch("/settings/1", {"pop_url": wrong}, "*")
            self.assertEqual(answer.status, 422, wrong)
            self.assertEqual([(error["field"], error["code"]) for error in answer.json["errors"]], [("pop_url", "format_url")])


def history_queue(api, interaction):
    return next(call["value"]["queue"] for call in api.get("/agents/me").json["calls"] if call["id"] == interaction)


if __name__ == "__main__":
    unittest.main()
