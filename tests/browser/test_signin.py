#!/usr/bin/env python3
"""The sign-in page tests the phone's socket: when it does not open it says what to do, in both languages, and offers the
local authority for download; when it is back "test again" finds it."""

import os
import signal
import unittest

from centre import Centre, until
from page import Chromium


class EdgeCheck(unittest.TestCase):
    def setUp(self):
        self.centre = self.enterContext(Centre("--demo", "--quiet", "--tls"))
        self.chromium = self.enterContext(Chromium())

    def page(self, locale):
        page = self.chromium.page(440, locale, ignoreHTTPSErrors=True)
        page.goto(f"{self.centre.base}/signin")
        return page

    def test_socket_fails(self):
        stopped = [self.centre.process.pid, self.centre.children()["switch"]]
        for pid in stopped:  # the port takes connections and nobody answers; the watcher does not notice
            os.kill(pid, signal.SIGSTOP)
        self.addCleanup(os.kill, self.centre.process.pid, signal.SIGCONT)
        for locale, words in (("zh-CN", "证书颁发机构"), ("en-US", "certificate authority")):
            with self.subTest(locale=locale):
                page = self.page(locale)
                page.see("[data-act=authority]")
                self.assertIn(words, page.text(".signin-check-what"))
                href = page.call("evaluate", "document.querySelector('[data-act=authority]').href")
                self.assertEqual(href, f"{self.centre.base}/ca.crt")
        for pid in reversed(stopped):
            os.kill(pid, signal.SIGCONT)

        def opens():
            page.call("evaluate", "document.querySelector('.signin-check-what button')?.click()")
            return " ms" in page.text(".signin-check")
        until(opens, 40, "the socket opens")
        self.assertEqual(page.errors(), [])


if __name__ == "__main__":
    unittest.main()
