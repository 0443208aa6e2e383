#!/usr/bin/env python3
"""The desk dies between a commit and what is to follow it: it follows after the restart, once the switch listens."""

import contextlib
import os
import signal
import threading
import unittest

from centre import Centre, until


class Outbox(unittest.TestCase):
    def setUp(self):
        self.centre = self.enterContext(Centre())
        self.admin = self.centre.sign_in("admin")

    def figure(self, name):
        lines = self.admin.call("GET", "/metrics").body.decode().splitlines()
        return int(next(line.split()[1] for line in lines if line.startswith(name + " ")))

    def patch_later(self, path, body):
        """In a thread: the answer waits for the switch, and the desk dies first."""
        etag = self.admin.get(path).headers["ETag"]

        def run():
            with contextlib.suppress(OSError):
                self.admin.patch(path, body, etag)
        thread = threading.Thread(target=run)
        thread.start()
        self.addCleanup(thread.join)

    def first(self, path):
        return self.admin.get(path).json["items"][0]

    def wait_saved(self, plural, record):
        until(lambda: self.admin.get(f"/{plural}/{record['id']}").json["version"] > record["version"], what=f"{plural} saved")

    def test_desk_killed(self):
        prompt = self.first("/prompts?name=welcome&language=zh-CN")
        sound = self.centre.data / prompt["path"]
        until(lambda: sound.exists() and not self.figure("lingxi_desk_outbox_waiting"), 60, "the prompt's sound")
        before = sound.read_bytes()
        queue = self.first("/queues")
        desk, switch = (self.centre.children()[name] for name in ("desk", "switch"))
        os.kill(switch, signal.SIGSTOP)  # it does not take the queue: everything behind it waits
        try:
            self.patch_later(f"/queues/{queue['id']}", {"name": "another name"})
            self.wait_saved("queues", queue)
            self.patch_later(f"/prompts/{prompt['id']}", {"text": "请稍等，马上就来，谢谢您的耐心，我们很快为您服务"})
            self.wait_saved("prompts", prompt)
            self.assertEqual(sound.read_bytes(), before)
            os.kill(desk, signal.SIGKILL)
        finally:
            os.kill(switch, signal.SIGCONT)
        until(lambda: self.centre.children().get("desk", desk) != desk, what="a new desk")
        self.centre.wait_healthy()
        until(lambda: sound.exists() and sound.read_bytes() != before, 30, "the new text's sound")
        until(lambda: not self.figure("lingxi_desk_outbox_waiting"), what="nothing waits")
        self.assertNotIn("config_refused", self.centre.log())


if __name__ == "__main__":
    unittest.main()
