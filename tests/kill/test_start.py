#!/usr/bin/env python3
"""What hinders a centre from starting is said in words that tell what to do, with exit status 3 and nothing left running."""

import os
import shutil
import socket
import sqlite3
import unittest

from centre import Centre
from scene import NUMBER, caller, expect_end

NOBODY = 65534


class Start(unittest.TestCase):
    def centre_of(self, data=None):
        one = Centre()
        self.addCleanup(one.__exit__)
        if data:
            shutil.rmtree(one.data)
            one.data = data
        return one

    def expect_refusal(self, one, *words):
        status, said = one.refuses()
        self.assertEqual(status, 3, said)
        for word in words:
            self.assertIn(word, said)

    def test_port_taken(self):
        for name, kind in (("http", socket.SOCK_STREAM), ("edge", socket.SOCK_STREAM), ("sip", socket.SOCK_DGRAM)):
            one = self.centre_of()
            with self.subTest(name=name), socket.socket(socket.AF_INET, kind) as other:
                other.bind(("127.0.0.1", getattr(one, name)))
                if kind == socket.SOCK_STREAM:
                    other.listen()
                self.expect_refusal(one, f"127.0.0.1:{getattr(one, name)}", "in use by another program")

    def test_newer_and_other_data(self):
        for database, change, words in (
                ("desk.db", "INSERT INTO migration (number, name, applied) VALUES (999, 'x', 0)", "written by a newer version"),
                ("journal.db", "UPDATE meta SET version = 99", "is of a newer version"),
                ("journal.db", "ALTER TABLE event RENAME COLUMN body TO text", "has another layout")):
            one = self.centre_of()
            with self.subTest(change=change):
                with one:
                    one.stop()
                    with sqlite3.connect(one.data / database) as db:
                        db.execute(change)
                    db.close()
                    self.expect_refusal(one, words)

    def test_data_folder_that_does_not_serve(self):
        one = self.centre_of()
        one.data.chmod(0o555)
        one.user = NOBODY if os.geteuid() == 0 else None
        self.expect_refusal(one, f"the data folder {one.data} cannot be written: Permission denied")
        file = self.centre_of()
        file.data.rmdir()
        file.data.write_text("")
        self.addCleanup(file.data.unlink)
        self.expect_refusal(file, "cannot be used: Not a directory")

    def test_data_folder_in_use(self):
        with Centre() as first:
            second = self.centre_of(first.data)
            self.expect_refusal(second, f"the data folder {first.data} is in use by another centre")
            self.assertEqual(first.sign_in("lead1").get("/health").json["status"], "ok")

    def test_no_port_for_sound(self):
        one = Centre()
        one.rtp_ports = 3  # two pairs: one call and the next is refused
        with one, caller(one, 440) as first, caller(one, 440) as second, caller(one, 440, "13950000001") as third:
            calls = [phone.dial(NUMBER, phone.ear) for phone in (first, second)]
            self.assertTrue(all(call.answered.wait(5) for call in calls))
            refused = third.dial(NUMBER, third.ear)
            self.assertTrue(refused.ended.wait(5))
            self.assertEqual(refused.final, 503)
            expect_end(self, one.sign_in("lead1"), "13950000001", "failed", "no_media")
            self.assertIn('call refused status=503 why="no port for sound is free"', one.log())
            for call in calls:
                call.hangup()


if __name__ == "__main__":
    unittest.main()
