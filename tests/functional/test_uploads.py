"""Archives that people bring: tus 1.0.0 uploads that survive the server's death, and the imports made of them. The client is
Python's standard library alone."""

import base64
import hashlib
import http.client
import signal
import socket
import threading
import time
import unittest
import zipfile

from server import PASSWORD, Client, Server
from valise import Case, zip_folder

TUS = {"Tus-Resumable": "1.0.0"}
ENDS = ("other_account", "done", "failed", "cancelled")


class TusClient(Client):
    """What any tus client does: create, send, ask where to go on."""

    def create(self, account, name, length):
        encoded = base64.b64encode(name.encode()).decode()
        answer = self.call("POST", f"/api/v1/accounts/{account}/uploads", None,
                           {**TUS, "Upload-Length": str(length), "Upload-Metadata": f"filename {encoded}"})
        return answer.status, answer.getheader("Location")

    def offset(self, upload):
        answer = self.call("HEAD", upload, None, TUS)
        return int(answer.getheader("Upload-Offset")) if answer.status == 200 else answer.status

    def patch(self, upload, offset, data, **more):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        connection.request("PATCH", upload, data, {
            **TUS, "Cookie": self.cookie, "X-CSRF-Token": self.csrf, "Upload-Offset": str(offset),
            "Content-Type": "application/offset+octet-stream", **more})
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer.status, int(answer.getheader("Upload-Offset") or -1)

    def begin_patch(self, upload, offset, length):
        """A connection on which the bytes from `offset` on are expected."""
        connection = socket.create_connection(("127.0.0.1", self.server.port), 60)
        head = (f"PATCH {upload} HTTP/1.1\r\nHost: a\r\nCookie: {self.cookie}\r\nX-CSRF-Token: {self.csrf}\r\n"
                f"Tus-Resumable: 1.0.0\r\nUpload-Offset: {offset}\r\nContent-Length: {length - offset}\r\n"
                "Content-Type: application/offset+octet-stream\r\n\r\n")
        connection.sendall(head.encode())
        return connection

    def send(self, account, path, name=None):
        data = path.read_bytes()
        status, upload = self.create(account, name or path.name, len(data))
        assert status == 201, status
        assert self.patch(upload, 0, data) == (204, len(data))
        return upload.rsplit("/", 1)[1]

    def bring(self, account, *uploads):
        status, one = self.json("POST", f"/api/v1/accounts/{account}/imports", {"uploads": list(uploads)})
        assert status == 202, (status, one)
        return self.wait_import(one["id"])

    def wait_import(self, iid, seconds=60):
        for _ in range(seconds * 20):
            _, one = self.json("GET", f"/api/v1/imports/{iid}")
            if one["state"] in ENDS:
                return one
            time.sleep(0.05)
        raise AssertionError(f"the import does not end: {one}")


class Uploads(Case):
    def setUp(self):
        super().setUp()
        self.valise("users", "add", "anna", "--password-stdin", stdin=PASSWORD + "\n")
        self.server = Server(self.data).start()
        self.addCleanup(lambda: self.server.stop())
        self.client = TusClient(self.server)
        self.assertEqual(self.client.sign_in("anna")[0], 200)

    def open_account(self):
        return self.client.json("POST", "/api/v1/accounts")[1]["id"]

    def start_again(self):
        port = self.server.port
        self.server = Server(self.data, port=port).start()
        self.client.server = self.server

    def test_an_upload_goes_on_after_the_server_was_killed(self):
        archive, truth = self.generate("me.zip", "--preset", "tiny", "--seed", "3")
        data = archive.read_bytes()
        account = self.open_account()
        _, upload = self.client.create(account, "me.zip", len(data))
        connection = self.client.begin_patch(upload, 0, len(data))
        stop = threading.Event()

        def drip():
            try:
                for at in range(0, len(data) * 2 // 3, 16384):
                    connection.sendall(data[at:at + 16384])
                    if at > len(data) // 3:
                        stop.set()
                        time.sleep(0.1)
            except OSError:
                pass

        sender = threading.Thread(target=drip)
        sender.start()
        self.assertTrue(stop.wait(30))
        time.sleep(0.5)  # what the kernel holds comes to the server
        # The client lost its connection once; what had come then is told, and durable.
        told = self.client.offset(upload)
        self.assertGreater(told, 0)
        self.server.stop(signal.SIGKILL)
        connection.close()
        sender.join()
        self.start_again()
        offset = self.client.offset(upload)
        self.assertGreaterEqual(offset, told)
        self.assertLess(offset, len(data))
        self.assertEqual(self.client.patch(upload, offset, data[offset:]), (204, len(data)))
        stored = next((self.data / "uploads" / upload.rsplit("/", 1)[1]).iterdir())
        self.assertEqual(hashlib.sha256(stored.read_bytes()).digest(), hashlib.sha256(data).digest())
        one = self.client.bring(account, upload.rsplit("/", 1)[1])
        self.assertEqual(one["state"], "done", one["error"])
        files = dict(one["report"]["files"])
        self.assertEqual(files.pop("received"), sum(files.values()))
        self.assertEqual(one["report"]["records"]["posts"]["found"], one["report"]["records"]["posts"]["new"])
        _, session = self.client.json("GET", "/api/v1/session")
        self.assertEqual([a["username"] for a in session["accounts"]], [one["found_username"]])
        for _ in range(100):  # it is told done a moment before its files go
            if not list((self.data / "uploads").iterdir()):
                break
            time.sleep(0.05)
        self.assertEqual(list((self.data / "uploads").iterdir()), [])
        # Once more: everything is here already.
        again = self.client.bring(account, self.client.send(account, archive))
        self.assertTrue(again["report"]["already_here"], again["report"])

    def test_an_import_goes_on_after_the_server_was_killed(self):
        archive, _ = self.generate("me.zip", "--preset", "demo", "--seed", "4")
        account = self.open_account()
        upload = self.client.send(account, archive)
        status, one = self.client.json("POST", f"/api/v1/accounts/{account}/imports", {"uploads": [upload]})
        self.assertEqual(status, 202)
        time.sleep(0.15)
        self.server.stop(signal.SIGKILL)
        self.start_again()
        one = self.client.wait_import(one["id"])
        self.assertEqual(one["state"], "done", one["error"])

    def test_two_parts_are_one_archive(self):
        archive, _ = self.generate("me.zip", "--preset", "tiny", "--seed", "5")
        parts = [self.folder / "me-1.zip", self.folder / "me-2.zip"]
        with zipfile.ZipFile(archive) as whole:
            names = whole.namelist()
            for which, part in enumerate(parts):
                with zipfile.ZipFile(part, "w") as out:
                    for name in names[which::2]:
                        out.writestr(whole.getinfo(name), whole.read(name))
        account = self.open_account()
        one = self.client.bring(account, *(self.client.send(account, part) for part in parts))
        self.assertEqual(one["state"], "done", one["error"])
        again = self.client.bring(account, self.client.send(account, archive))
        self.assertEqual(again["report"]["media"]["new"], 0)
        for kind, counts in again["report"]["records"].items():
            self.assertEqual(counts["new"], 0, kind)

    def test_what_is_no_archive_gets_a_clear_sentence(self):
        account = self.open_account()
        text = self.folder / "letter.zip"
        text.write_text("dear reader, this is a letter")
        foreign = self.folder / "holiday.zip"
        (self.folder / "holiday").mkdir()
        (self.folder / "holiday" / "beach.txt").write_text("sand")
        zip_folder(self.folder / "holiday", foreign)
        good, _ = self.generate("me.zip", "--preset", "tiny", "--seed", "6")
        cut = self.folder / "cut.zip"
        cut.write_bytes(good.read_bytes()[: good.stat().st_size // 2])
        for path, code in ((text, "invalid_argument"), (foreign, "unsupported"), (cut, "corrupt")):
            one = self.client.bring(account, self.client.send(account, path))
            self.assertEqual((one["state"], one["error"]["code"]), ("failed", code), path.name)
            self.assertGreater(len(one["error"]["message"]), 20)
            self.assertNotIn(str(self.data), one["error"]["message"])
        self.assertIsNone(self.client.json("GET", f"/api/v1/accounts/{account}/profile")[1]["as_of"])

    def test_another_persons_archive_is_not_mixed(self):
        mine, _ = self.generate("mine.zip", "--preset", "tiny", "--seed", "7", "--user", "mine.own")
        other, _ = self.generate("other.zip", "--preset", "tiny", "--seed", "8", "--user", "some.other")
        account = self.open_account()
        self.assertEqual(self.client.bring(account, self.client.send(account, mine))["state"], "done")
        before = self.client.json("GET", f"/api/v1/accounts/{account}/profile")[1]
        one = self.client.bring(account, self.client.send(account, other))
        self.assertEqual(one["state"], "other_account")
        self.assertEqual((one["found_username"], one["account_username"]), ("some.other", "mine.own"))
        self.assertEqual(self.client.json("GET", f"/api/v1/accounts/{account}/profile")[1], before)
        status, _ = self.client.json("POST", f"/api/v1/imports/{one['id']}/decision", {"as": "second_account"})
        self.assertEqual(status, 200)
        done = self.client.wait_import(one["id"])
        self.assertEqual(done["state"], "done", done["error"])
        self.assertNotEqual(done["account_id"], account)
        self.assertEqual(self.client.json("GET", f"/api/v1/accounts/{account}/profile")[1], before)

    def test_checksums(self):
        account = self.open_account()
        _, upload = self.client.create(account, "a.zip", 5)
        right = base64.b64encode(hashlib.sha1(b"hello").digest()).decode()
        self.assertEqual(self.client.patch(upload, 0, b"jello", **{"Upload-Checksum": f"sha1 {right}"})[0], 460)
        self.assertEqual(self.client.offset(upload), 0)
        self.assertEqual(self.client.patch(upload, 0, b"hello", **{"Upload-Checksum": f"sha1 {right}"}), (204, 5))


if __name__ == "__main__":
    unittest.main()
