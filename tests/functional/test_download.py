"""The web way by its API: request, mail, link; downloads that resume across restarts; what the wrong person gets."""

import http.client
import pathlib
import random
import signal
import subprocess
import sys
import time
import unittest

from server import PASSWORD, Client, Server, free_port
from valise import Bundle, Case, has, sha256


class Download(Case):
    preset = ("--preset", "tiny", "--seed", 11)

    def setUp(self):
        super().setUp()
        archive, self.truth = self.generate("archive.zip", *self.preset)
        self.valise("users", "add", "anna", "--password-stdin", stdin=PASSWORD + "\n")
        self.valise("users", "add", "ben", "--password-stdin", stdin=PASSWORD + "\n")
        self.valise("import", archive, "--owner", "anna")
        self.account = self.valise("accounts", "--json").json["accounts"][0]["id"]
        self.server = self.serve()
        self.client = Client(self.server)
        self.assertEqual(self.client.sign_in("anna")[0], 200)

    def serve(self, *options, port=None):
        server = Server(self.data, *options, port=port).start()
        self.addCleanup(server.stop, signal.SIGKILL)
        return server

    def ready(self, **more):
        status, request = self.client.request_download(self.account, **more)
        self.assertEqual(status, 201, request)
        request = self.client.wait_ready(request["id"])
        self.assertEqual(request["state"], "ready", request)
        return request

    def linked(self, request):
        status, url = self.client.link(request["id"])
        self.assertEqual(status, 201)
        return url

    def test_the_download_is_the_export(self):
        request = self.ready()
        url = self.linked(request)
        response = Client(self.server).call("GET", url)
        self.assertEqual(response.status, 200)
        self.assertEqual(len(response.content), request["size"])
        self.assertEqual(response.getheader("ETag"), f'"{request["etag"]}"')
        path = self.folder / "downloaded.zip"
        path.write_bytes(response.content)
        self.assertEqual(sha256(path), sha256(self.export().path))
        self.assertTrue(self.valise("verify", "--json", path).json["whole"])

    def test_ranges_head_and_conditions(self):
        request = self.ready()
        url, anyone = self.linked(request), Client(self.server)
        whole = anyone.call("GET", url).content
        size, etag = len(whole), f'"{request["etag"]}"'
        head = anyone.call("HEAD", url)
        self.assertEqual((head.status, head.getheader("Content-Length"), head.content), (200, str(size), b""))
        cases = {"bytes=0-0": (0, 1), "bytes=100-199": (100, 200), "bytes=-65536": (max(0, size - 65536), size),
                 f"bytes={size - 1}-": (size - 1, size), f"bytes=5-{size + 99}": (5, size)}
        for value, (start, end) in cases.items():
            response = anyone.call("GET", url, headers={"Range": value})
            self.assertEqual((response.status, response.content), (206, whole[start:end]), value)
            self.assertEqual(response.getheader("Content-Range"), f"bytes {start}-{end - 1}/{size}")
        self.assertEqual(anyone.call("GET", url, headers={"Range": f"bytes={size}-"}).status, 416)
        self.assertEqual(anyone.call("GET", url, headers={"Range": "bytes=0-9", "If-Range": etag}).status, 206)
        self.assertEqual(anyone.call("GET", url, headers={"Range": "bytes=0-9", "If-Range": '"other"'}).status, 200)
        self.assertEqual(anyone.call("GET", url, headers={"If-None-Match": etag}).status, 304)
        rng = random.Random(1)
        for _ in range(100):
            start = rng.randrange(size)
            end = min(size, start + rng.randrange(1, 100_000))
            response = anyone.call("GET", url, headers={"Range": f"bytes={start}-{end - 1}"})
            self.assertEqual(response.content, whole[start:end])

    def test_wrong_password_foreign_account_and_no_csrf(self):
        status, answer = self.client.request_download(self.account, password="wrong")
        self.assertEqual((status, answer["error"]["reason"]), (403, "wrong_password"))
        request = self.ready()
        stranger = Client(self.server)
        self.assertEqual(stranger.json("GET", f"/api/v1/requests/{request['id']}")[0], 401)
        stranger.sign_in("ben")
        for path in (f"/api/v1/requests/{request['id']}", f"/api/v1/accounts/{self.account}/profile",
                     f"/api/v1/accounts/{self.account}/posts", f"/api/v1/accounts/{self.account}/contents"):
            self.assertEqual(stranger.json("GET", path)[0], 404, path)
        self.assertEqual(stranger.link(request["id"])[0], 404)
        self.assertEqual(stranger.request_download(self.account)[0], 404)
        self.client.csrf = "forged"
        self.assertEqual(self.client.request_download(self.account)[0], 403)
        self.assertEqual(Client(self.server).call("GET", "/d/AAAAAAAAAAAAAAAAAAAAAA/x.zip").status, 404)

    def test_a_cancelled_request_ends_its_link(self):
        request = self.ready()
        url = self.linked(request)
        self.assertEqual(self.client.call("DELETE", f"/api/v1/requests/{request['id']}").status, 204)
        self.assertIn(Client(self.server).call("GET", url).status, (404, 410))

    def test_a_bad_address_is_refused(self):
        for address in ("", "nobody", "a@b\r\nBcc: c@d.test", "a b@c.test"):
            status, answer = self.client.request_download(self.account, address=address)
            self.assertEqual((status, answer["error"].get("reason")), (400, "bad_address"), address)

    def test_only_some_kinds_and_dates(self):
        request = self.ready(kinds=["messages", "profile"])
        path = self.folder / "some.zip"
        path.write_bytes(Client(self.server).call("GET", self.linked(request)).content)
        bundle = Bundle(path)
        self.assertTrue(bundle.records("message"))
        self.assertFalse(bundle.records("post"))
        self.assertTrue(self.valise("verify", "--json", path).json["whole"])

    def resumed(self, *command):
        """Starts a slow download, kills the server in the middle, starts it again, lets the program go on."""
        request = self.ready()
        url = self.linked(request)
        whole = Client(self.server).call("GET", url).content
        out = self.folder / "resumed.zip"
        half = len(whole) // 2
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=30)
        connection.request("GET", url)
        out.write_bytes(connection.getresponse().read(half))
        self.server.stop(signal.SIGKILL)
        connection.close()
        again = self.serve(port=self.server.port)
        subprocess.run([part.format(url=again.url(url), out=out) for part in command], check=True, capture_output=True, timeout=60)
        self.assertEqual(out.read_bytes(), whole)

    @unittest.skipUnless(has("curl"), "no curl")
    def test_curl_goes_on_after_the_server_was_killed(self):
        self.resumed("curl", "-sf", "-C", "-", "-o", "{out}", "{url}")

    @unittest.skipUnless(has("wget"), "no wget")
    def test_wget_goes_on_after_the_server_was_killed(self):
        self.resumed("wget", "-q", "-c", "-O", "{out}", "{url}")

    def test_a_client_that_stops_reading_holds_up_nobody(self):
        request = self.ready()
        url = self.linked(request)
        stalled = []
        for _ in range(20):
            connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=30)
            connection.request("GET", url)
            stalled.append(connection)
        started = time.monotonic()
        self.assertEqual(Client(self.server).call("GET", url).status, 200)
        self.assertLess(time.monotonic() - started, 20)
        for connection in stalled:
            connection.close()

    def test_a_request_survives_a_kill(self):
        status, request = self.client.request_download(self.account)
        self.assertEqual(status, 201)
        self.server.stop(signal.SIGKILL)
        self.server = self.client.server = self.serve(port=self.server.port)
        self.assertEqual(self.client.wait_ready(request["id"])["state"], "ready")


class Mail(Case):
    def setUp(self):
        super().setUp()
        archive, _ = self.generate("archive.zip", "--preset", "tiny", "--seed", 11)
        self.valise("users", "add", "anna", "--password-stdin", "--operator", stdin=PASSWORD + "\n")
        self.valise("import", archive, "--owner", "anna")
        self.account = self.valise("accounts", "--json").json["accounts"][0]["id"]

    def start(self, *options):
        server = Server(self.data, *options).start()
        self.addCleanup(server.stop, signal.SIGKILL)
        client = Client(server)
        client.sign_in("anna")
        return client

    def mail_server(self, port):
        box = self.folder / "mails"
        python = "/usr/bin/python3" if pathlib.Path("/usr/bin/python3").exists() else sys.executable
        process = subprocess.Popen([python, "-m", "aiosmtpd", "-n", "-l", f"127.0.0.1:{port}", "-c", "aiosmtpd.handlers.Mailbox", str(box)],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(process.kill)
        return box

    def wait_for_mail(self, client, rid, state, seconds=30):
        for _ in range(seconds * 10):
            _, request = client.json("GET", f"/api/v1/requests/{rid}")
            if request["mail"]["state"] == state:
                return request
            time.sleep(0.1)
        self.fail(f"mail is {request['mail']}")

    def test_without_a_mail_server_the_operator_sees_it_in_the_outbox(self):
        client = self.start()
        _, request = client.request_download(self.account)
        client.wait_ready(request["id"])
        self.wait_for_mail(client, request["id"], "not_configured")
        _, outbox = client.json("GET", "/api/v1/outbox")
        self.assertFalse(outbox["configured"])
        mail = next(m for m in outbox["mails"] if m["to"] == "someone@example.test")
        _, mail = client.json("GET", f"/api/v1/outbox/{mail['id']}")
        self.assertIn(f"/requests/{request['id']}", mail["text"])

    def test_a_mail_goes_out_in_the_language_that_was_chosen(self):
        port = free_port()
        box = self.mail_server(port)
        client = self.start("--smtp", f"smtp://127.0.0.1:{port}", "--mail-from", "valise@example.test")
        _, request = client.request_download(self.account, language="fr")
        client.wait_ready(request["id"])
        self.wait_for_mail(client, request["id"], "sent")
        import email
        import email.policy
        mails = [email.message_from_bytes(p.read_bytes(), policy=email.policy.default) for p in (box / "new").iterdir()]
        mail = next(m for m in mails if m["To"] and "someone@example.test" in m["To"])
        self.assertEqual(mail["Subject"], "Votre téléchargement est prêt")
        self.assertIn(f"/requests/{request['id']}", mail.get_body(("plain",)).get_content())
        self.assertTrue(mail["Message-ID"] and mail["Date"])

    def test_a_mail_server_that_is_down_is_tried_again(self):
        port = free_port()
        client = self.start("--smtp", f"smtp://127.0.0.1:{port}", "--mail-from", "valise@example.test")
        _, request = client.request_download(self.account)
        self.assertEqual(client.wait_ready(request["id"])["state"], "ready")
        time.sleep(1)
        _, request = client.json("GET", f"/api/v1/requests/{request['id']}")
        self.assertEqual(request["mail"]["state"], "queued")
        self.assertGreaterEqual(request["mail"]["attempts"], 1)
        self.mail_server(port)
        self.wait_for_mail(client, request["id"], "sent", seconds=90)


if __name__ == "__main__":
    unittest.main()
