"""A service hands its members' data over: the examples of docs/guides/serving-a-service.md as they stand there, and what bad
input gets (docs/formats/ingest.md)."""

import hashlib
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import threading
import time
import unittest
import urllib.parse

from server import Client, Server, path_of
from valise import ROOT, Bundle, Case

SERVING = ROOT / "examples/serving"
MEDIUM = SERVING / "media/garden.png"
API = "/api/v1/ingest"


class Service:
    """A registered service, with Python's own HTTP."""

    def __init__(self, server, token):
        self.server, self.token = server, token

    def call(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=120)
        connection.request(method, API + path, body, {"Authorization": f"Bearer {self.token}", **(headers or {})})
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        answer.json = json.loads(content) if content else None
        return answer

    def put_account(self, xid, username):
        return self.call("PUT", f"/accounts/{xid}", json.dumps({"username": username})).json["account"]

    def stream(self, lines):
        return self.call("POST", "/stream", (line.encode() for line in lines),
                         {"Content-Type": "application/x-ndjson"}).json

    def cursor(self):
        return self.call("GET", "/cursor").json["cursor"]

    def reconcile(self, xid):
        answer = self.call("GET", f"/accounts/{xid}/reconcile")
        return {kind["kind"]: {month["month"]: (month["count"], month["digest"]) for month in kind["months"]}
                for kind in answer.json["kinds"]}


def post_line(number, account="x1", text=None):
    day, hour, minute = 1 + number % 28, number // 28 % 24, number // 672 % 60
    record = {"kind": "post", "time": f"2026-11-{day:02}T{hour:02}:{minute:02}:00Z", "text": text or f"post number {number}"}
    return json.dumps({"cursor": str(number), "op": "put", "account": account, "id": f"p{number}", "version": "1",
                       "record": record}) + "\n"


def sums_of_posts(numbers):
    lines = sorted(f"p{number} 1\n".encode() for number in numbers)
    return {"post": {"2026-11": (len(lines), hashlib.sha256(b"".join(lines)).hexdigest())}}


class ServingCase(Case):
    def setUp(self):
        super().setUp()
        self.key = self.folder / "host.pem"
        subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", self.key], check=True, capture_output=True)
        public = self.folder / "host.pub"
        subprocess.run(["openssl", "pkey", "-in", self.key, "-pubout", "-out", public], check=True, capture_output=True)
        self.valise("services", "add", "host", "--url", "https://host.example", "--key", public)
        self.server = Server(self.data)
        self.server.options = ("--public-url", self.server.url(""))
        self.server.start()
        self.addCleanup(self.server.stop)
        self.service = Service(self.server, self.token("host"))

    def token(self, name, *args):
        return self.valise("services", "token", name, *args).out.strip()

    def member(self, url):
        """Follows the address that the gear leads to."""
        client = Client(self.server)
        answer = client.call("GET", url[len(self.server.url("")):])
        self.assertEqual(answer.status, 303, answer.content)
        _, session = client.json("GET", "/api/v1/session")
        client.csrf = session["csrf"]
        return client, session

    def hand_off(self, account):
        """By the Python example's own function."""
        done = subprocess.run(["python3", "-c", f"import serve; print(serve.hand_off('host', {str(self.key)!r}, {account!r}))"],
                              cwd=SERVING, env=self.environment(), capture_output=True, text=True, check=True)
        return self.member(done.stdout.strip())

    def environment(self):
        return {**os.environ, "VALISE": self.server.url(""), "TOKEN": self.service.token}

    def download(self, client, account):
        """Requested without a password: the member has just come from their service."""
        status, request = client.json("POST", f"/api/v1/accounts/{account}/requests",
                                      {"address": "anna@host.example", "language": "en"})
        self.assertEqual(status, 201, request)
        request = client.wait_ready(request["id"])
        self.assertEqual(request["state"], "ready", request)
        status, url = client.link(request["id"])
        self.assertEqual(status, 201)
        bundle = self.folder / "bundle.zip"
        bundle.write_bytes(client.call("GET", path_of(url)).content)
        return Bundle(bundle)


class Examples(ServingCase):
    def run_example(self, *command):
        done = subprocess.run([*command, SERVING / "outbox.ndjson", SERVING / "media", "host", self.key, "x1"],
                              env=self.environment(), capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout.splitlines()

    def check(self, *command):
        self.run_example(*command)
        said = self.run_example(*command)  # again: it changes nothing
        client, session = self.member(said[-1])
        self.assertEqual([account["username"] for account in session["accounts"]], ["anna"])
        bundle = self.download(client, session["accounts"][0]["id"])
        records = {(r["kind"], r.get("text") or r.get("title") or r.get("bio")): r for r in bundle.records().values()}
        self.assertEqual(set(records), {
            ("profile", "A garden by the sea"), ("post", "The garden this morning"), ("story", "Good morning"),
            ("comment", "What a light!"), ("conversation", "Anna and Bea"), ("message", "May I come and see it?"),
            ("message", "Come on Sunday"), ("post", "Tea & cake\n\non Sunday")})
        post = records["post", "The garden this morning"]
        digest = hashlib.sha256(MEDIUM.read_bytes()).hexdigest()
        self.assertEqual((post["media"][0]["digest"], post["media"][0]["type"]), (digest, "image/png"))
        self.assertEqual((post["like_count"], post["comment_count"]), (2, 1))
        self.assertEqual(records["comment", "What a light!"]["author"], "bea")
        media = [name for name in bundle.under("data/media/") if hashlib.sha256(bundle.read(name)).hexdigest() == digest]
        self.assertEqual(len(media), 1)
        for name in bundle.names:
            self.assertNotIn(b"Not meant to stay", bundle.zip.read(name))
        return said

    def test_curl(self):
        said = self.check("bash", SERVING / "serve.sh")
        self.assertIn('"refused":{"count":0', said[0])

    def test_python(self):
        said = self.check("python3", SERVING / "serve.py")
        self.assertEqual(said[:2], ["0 lines taken, cursor 14", "both sides hold the same"])

    @unittest.skipIf(shutil.which("php") is None, "php is not installed")
    def test_php(self):
        said = self.check("php", SERVING / "serve.php")
        self.assertEqual(said[:2], ["0 lines taken, cursor 14", "both sides hold the same"])


class BadInput(ServingCase):
    def test_a_long_stream_cut_in_the_middle_and_a_server_killed(self):
        self.service.put_account("x1", "anna")
        count = int(os.environ.get("VALISE_STREAM_LINES", "100000"))
        sent = 0
        cuts = [count // 3, 2 * count // 3]
        while True:
            reached = int(self.service.cursor() or 0)
            self.assertLessEqual(reached, sent)
            cut = cuts.pop(0) if cuts else None
            if cut is None:
                answer = self.service.stream(post_line(n) for n in range(reached + 1, count + 1))
                self.assertEqual((answer["cursor"], answer["refused"]["count"]), (str(count), 0))
                break
            self.cut_stream(reached + 1, cut)
            sent = cut
            if not cuts:
                self.server.stop(signal.SIGKILL)
                self.server.start()
        self.assertEqual(self.service.reconcile("x1"), sums_of_posts(range(1, count + 1)))

    def cut_stream(self, first, last):
        """Sends lines in chunks and goes away in the middle of one."""
        with socket.create_connection(("127.0.0.1", self.server.port)) as s:
            s.sendall(f"POST {API}/stream HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {self.service.token}\r\n"
                      f"Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n".encode())
            for n in range(first, last, 500):
                body = "".join(post_line(i) for i in range(n, min(n + 500, last))).encode()
                s.sendall(f"{len(body):x}\r\n".encode() + body + b"\r\n")
            body = post_line(last).encode()
            s.sendall(f"{len(body):x}\r\n".encode() + body[: len(body) // 2])

    def test_lines_are_refused_one_by_one(self):
        self.service.put_account("x1", "anna")
        answer = self.service.stream([post_line(1), "not json\n", post_line(3, "nobody"), post_line(4, text="<b>as it is</b>"),
                                      '{"cursor":"5","op":"delete","account":"x1","kind":"post","id":"p99"}\n',
                                      post_line(1, text="again"), '{"cursor":"7","op":"delete","account":"x1","kind":"post","id":"p1"}\n',
                                      "x" * (1 << 20) + "y\n", post_line(9)])
        self.assertEqual((answer["cursor"], answer["lines"], answer["applied"]), ("9", 9, 6))
        self.assertEqual([(line["line"], line["code"]) for line in answer["refused"]["lines"]],
                         [(2, "invalid_argument"), (3, "not_found"), (8, "limit_exceeded")])
        self.assertEqual(self.service.reconcile("x1"), sums_of_posts([4, 9]))

    def test_tokens(self):
        self.service.put_account("x1", "anna")
        self.valise("services", "add", "other", "--url", "https://other.example")
        other = Service(self.server, self.token("other"))
        body = json.dumps({"record": {"kind": "post", "text": "foreign"}})
        digest = hashlib.sha256(b"x").hexdigest()
        for method, path, content in (("PUT", "/accounts/x1/records/post/p1", body), ("DELETE", "/accounts/x1/records/post/p1", None),
                                      ("PUT", f"/accounts/x1/blobs/{digest}", b"x"), ("GET", f"/accounts/x1/blobs/{digest}", None),
                                      ("POST", "/accounts/x1/blobs/missing", '{"digests":[]}'), ("GET", "/accounts/x1/reconcile", None)):
            self.assertEqual(other.call(method, path, content).status, 404, path)
        self.assertEqual(other.call("DELETE", "/accounts/x1").status, 204)
        self.assertEqual(self.service.reconcile("x1"), {})
        reader = Service(self.server, self.token("host", "--scope", "read"))
        self.assertEqual(reader.call("GET", "/cursor").status, 200)
        self.assertEqual(reader.call("PUT", "/accounts/x1/records/post/p1", body).status, 403)
        writer = Service(self.server, self.token("host", "--scope", "ingest"))
        self.assertEqual(writer.call("GET", "/accounts/x1/reconcile").status, 403)
        self.assertEqual(Service(self.server, "vs_wrong").call("GET", "/cursor").status, 401)
        session = Client(self.server)
        self.assertEqual(session.call("GET", API + "/cursor").status, 401)

    def test_blobs(self):
        self.service.put_account("x1", "anna")
        content = os.urandom(3_000_000)
        digest = hashlib.sha256(content).hexdigest()
        path = f"/accounts/x1/blobs/{digest}"
        self.assertEqual(self.service.call("PUT", path, content[:-1] + bytes([content[-1] ^ 1])).status, 422)
        self.assertEqual(self.service.call("HEAD", path).getheader("Upload-Offset"), "0")
        with socket.create_connection(("127.0.0.1", self.server.port)) as s:
            s.sendall(f"PUT {API}{path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {self.service.token}\r\n"
                      f"Content-Length: {len(content)}\r\n\r\n".encode() + content[:2_000_000])
            time.sleep(0.3)
        for _ in range(100):
            come = int(self.service.call("HEAD", path).getheader("Upload-Offset"))
            if come:
                break
            time.sleep(0.05)
        self.assertTrue(0 < come <= 2_000_000, come)
        wrong = self.service.call("PUT", path, content[come + 1:], {"Content-Range": f"bytes {come + 1}-2999999/3000000"})
        self.assertEqual((wrong.status, wrong.getheader("Upload-Offset")), (409, str(come)))
        rest = self.service.call("PUT", path, content[come:], {"Content-Range": f"bytes {come}-2999999/3000000"})
        self.assertEqual((rest.status, rest.json), (201, {"size": 3_000_000, "type": ""}))
        self.assertEqual(self.service.call("PUT", path, content).status, 200)
        asked = self.service.call("POST", "/accounts/x1/blobs/missing", json.dumps({"digests": [digest, "0" * 64]}))
        self.assertEqual(asked.json, {"missing": ["0" * 64]})

    def test_a_record_without_its_blob_is_missing_until_it_comes(self):
        account = self.service.put_account("x1", "anna")
        content = MEDIUM.read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        record = {"kind": "post", "time": "2026-11-23T20:00:00Z", "media": [{"digest": digest}]}
        path = "/accounts/x1/records/post/" + urllib.parse.quote("https://host.example/p/1", safe="")
        self.assertEqual(self.service.call("PUT", path, json.dumps({"record": record})).status, 204)
        client, _ = self.hand_off("x1")
        self.assertEqual(self.service.call("GET", "/accounts/x1/reconcile").json["missing_blobs"], 1)
        [post] = client.json("GET", f"/api/v1/accounts/{account}/posts")[1]["posts"]
        self.assertTrue(post["media"][0]["missing"])
        self.assertEqual(self.service.call("PUT", f"/accounts/x1/blobs/{digest}", content).status, 201)
        self.assertEqual(self.service.call("GET", "/accounts/x1/reconcile").json["missing_blobs"], 0)
        [post] = client.json("GET", f"/api/v1/accounts/{account}/posts")[1]["posts"]
        self.assertEqual(client.call("GET", post["media"][0]["url"]).content, content)

    def test_the_command_exports_what_has_just_come(self):
        account = self.service.put_account("x1", "anna")
        self.service.stream([post_line(1)])
        first = self.export("running.zip", "--account", account)
        self.assertEqual([r["text"] for r in first.records("post").values()], ["post number 1"])
        self.service.stream([post_line(2)])
        self.server.stop()
        second = self.export("stopped.zip", "--account", account)
        self.assertEqual(sorted(r["text"] for r in second.records("post").values()), ["post number 1", "post number 2"])

    def test_comments_stand_under_their_post(self):
        account = self.service.put_account("x1", "anna")
        with open(SERVING / "outbox.ndjson", encoding="utf-8") as lines:
            self.service.stream(lines)
        self.service.reconcile("x1")
        client, _ = self.hand_off("x1")
        posts = client.json("GET", f"/api/v1/accounts/{account}/posts")[1]["posts"]
        [garden] = [post for post in posts if post["like_count"] == 2]
        _, post = client.json("GET", f"/api/v1/accounts/{account}/posts/{garden['key']}")
        self.assertEqual([(c["author"], c["text"]) for c in post["comments"]], [("bea", "What a light!")])
        self.assertEqual((post["comment_count"], post["comments_here"]), (1, 1))

    def test_an_account_erased_while_its_download_is_read(self):
        account = self.service.put_account("x1", "anna")
        content = os.urandom(40_000_000)
        digest = hashlib.sha256(content).hexdigest()
        self.assertEqual(self.service.call("PUT", f"/accounts/x1/blobs/{digest}", content).status, 201)
        record = {"kind": "post", "time": "2026-11-23T20:00:00Z", "text": "secret", "media": [{"digest": digest}]}
        self.service.call("PUT", "/accounts/x1/records/post/p1", json.dumps({"record": record}))
        client, _ = self.hand_off("x1")
        _, request = client.json("POST", f"/api/v1/accounts/{account}/requests", {"address": "anna@host.example", "language": "en"})
        request = client.wait_ready(request["id"])
        path = path_of(client.link(request["id"])[1])
        with socket.create_connection(("127.0.0.1", self.server.port)) as s:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
            s.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            read = len(s.recv(100_000))
            self.assertEqual(self.service.call("DELETE", "/accounts/x1").status, 204)
            s.settimeout(20)
            while piece := s.recv(1 << 20):
                read += len(piece)
            self.assertLess(read, request["size"])
        self.assertIn(client.call("GET", path).status, (404, 410))
        # A job that was at work there holds the files for a moment: then the erasure's own job ends it. Who it was goes last.
        for _ in range(300):
            left = client.json("GET", "/api/v1/session")[1]["user"], (self.data / "accounts" / account).exists()
            if left == (None, False):
                break
            time.sleep(0.1)
        self.assertEqual(left, (None, False))
        self.assertEqual(self.service.call("DELETE", "/accounts/x1").status, 204)


if __name__ == "__main__":
    unittest.main()
