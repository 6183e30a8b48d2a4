"""A small ingest, a deletion, a forgetting and two requests, with the server killed after every fsync, rename and commit of it: after a
restart and the retries of service and member both sides agree, and nothing that went is anywhere."""

import collections
import concurrent.futures
import hashlib
import http.client
import json
import os
import shutil
import subprocess
import time
import unittest
import zlib

from server import Client, Server, hand_off, path_of
from test_serving import Service
from valise import ROOT, Bundle, Case

MEDIUM = ROOT / "examples/serving/media/garden.png"
DIGEST = hashlib.sha256(MEDIUM.read_bytes()).hexdigest()
KILLED = 77  # base/failpoint.h
LOST = (OSError, http.client.HTTPException, RuntimeError)  # the connection broke, or it did not start: the server has been killed
DELETED, FORGOTTEN = "What the service deletes", "What its owner forgets"


def line(cursor, **more):
    return json.dumps({"cursor": str(cursor), "account": "x1", **more}) + "\n"


def put(cursor, name, kind, **record):
    return line(cursor, op="put", id=name, version="1", record={"kind": kind, **record})


FIRST = [
    line(1, op="account", username="anna", name="Anna"),
    put(2, "p1", "post", time="2026-10-01T10:00:00Z", text="What stays", media=[{"digest": DIGEST}]),
    put(3, "p2", "post", time="2026-10-02T10:00:00Z", text=DELETED),
    put(4, "p3", "post", time="2026-10-03T10:00:00Z", text=FORGOTTEN),
    put(5, "s1", "story", time="2026-10-04T10:00:00Z", text="A story"),
    put(6, "m1", "message", conversation="c1", time="2026-10-05T10:00:00Z", sender="Bea", text="Coming on Sunday?"),
]
THEN = [line(7, op="delete", kind="post", id="p2")]


class Story:
    """What service and member do; told again from its beginning it goes on where it was."""

    def __init__(self, server, token, key):
        self.server, self.service, self.key = server, Service(server, token), key
        self.revoked = None  # the path of a download that may not be served any more

    def send(self, lines):
        at = int(self.service.cursor() or 0)
        rest = [one for one in lines if int(json.loads(one)["cursor"]) > at]
        if rest:
            answer = self.service.stream(rest)
            assert answer["refused"]["count"] == 0, answer

    def download(self):
        """The bundle of the request that waits or is ready; there is one at the end."""
        path = f"/api/v1/accounts/{self.account}/requests"
        for _ in range(200):
            waiting = [r for r in self.member.json("GET", path)[1]["requests"] if r["state"] not in ("cancelled", "failed", "expired")]
            if not waiting:
                status, answer = self.member.json("POST", path, {"address": "anna@host.example", "language": "en"})
                assert status in (201, 409), answer
            elif waiting[0]["state"] == "ready":
                status, url = self.member.link(waiting[0]["id"])
                if status == 201:
                    answer = self.member.call("GET", path_of(url))
                    if answer.status == 200:
                        return path_of(url), answer.content
            time.sleep(0.03)
        raise AssertionError("no download became ready")

    def forget(self):
        posts = self.member.json("GET", f"/api/v1/accounts/{self.account}/posts")[1]["posts"]
        keys = [post["key"] for post in posts if post["text"] == FORGOTTEN]
        if not keys:
            return
        for _ in range(100):
            status, answer = self.member.json("POST", f"/api/v1/accounts/{self.account}/forget", {"records": keys})
            assert status in (200, 202, 404), answer
            if status == 200:
                return
            time.sleep(0.05)
        raise AssertionError("another change has been running all the time")

    def tell(self):
        self.service.put_account("x1", "anna")
        for digest in self.service.call("POST", "/accounts/x1/blobs/missing", json.dumps({"digests": [DIGEST]})).json["missing"]:
            self.service.call("PUT", f"/accounts/x1/blobs/{digest}", MEDIUM.read_bytes())
        self.send(FIRST)
        self.member = hand_off(self.server, "host", self.key, "x1")
        self.account = self.member.json("GET", "/api/v1/session")[1]["accounts"][0]["id"]
        if int(self.service.cursor()) < 7:
            before, _ = self.download()
            self.send(THEN)
            self.forget()
            self.revoked = before
        self.forget()
        content = self.download()[1]
        for _ in range(200):  # what an order left to its job goes when that is due
            if self.server.process.poll() is not None or not traces(self.server.data):
                break
            time.sleep(0.1)
        return content, self.service.reconcile("x1")


def files_and_streams(folder):
    for path in folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            yield path, content
            if path.suffix in (".deflate", ".open"):
                yield path, zlib.decompressobj(-15).decompress(content)


def traces(folder):
    return [str(path) for path, content in files_and_streams(folder) if DELETED.encode() in content or FORGOTTEN.encode() in content]


class CrashPoints(Case):
    def setUp(self):
        super().setUp()
        self.key = self.folder / "host.pem"
        public = self.folder / "host.pub"
        subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", self.key], check=True, capture_output=True)
        subprocess.run(["openssl", "pkey", "-in", self.key, "-pubout", "-out", public], check=True, capture_output=True)
        self.valise("services", "add", "host", "--url", "https://host.example", "--key", public)
        self.token = self.valise("services", "token", "host").out.strip()

    def told(self, name, point="none"):
        """The story with the server killed at a point, and again: (whether the point was met, what both sides hold, what the bundle
        holds, where traces are)."""
        data = self.folder / name
        shutil.copytree(self.data, data)
        server = Server(data)
        server.options = ("--public-url", server.url(""))
        server.environment = {"VALISE_FAILPOINT": point, "VALISE_FAILPOINT_LIST": str(self.folder / f"{name}.points")}
        self.addCleanup(server.stop)
        story = Story(server, self.token, self.key)
        try:
            server.start()
            told = story.tell()
        except LOST:
            if server.process.wait(20) != KILLED:
                raise
        met = server.process.poll() == KILLED
        if met:
            server.stop()
            server.environment = {}
            server.start()
            if story.revoked:
                self.assertNotEqual(Client(server).call("GET", story.revoked).status, 200, f"{point}: served after it was forgotten")
            told = story.tell()
        content, agreed = told
        server.stop()
        left = traces(data)
        bundle = self.folder / f"{name}.zip"
        bundle.write_bytes(content)
        records = sorted((r["kind"], r.get("text") or r.get("title") or "") for r in Bundle(bundle).records().values())
        media = sorted(Bundle(bundle).media().values())
        shutil.rmtree(data)
        return met, agreed, (records, media), left

    def test_every_point(self):
        _, agreed, held, left = self.told("undisturbed")
        self.assertEqual(left, [])
        self.assertIn(("post", "What stays"), held[0])
        self.assertNotIn(("post", DELETED), held[0])
        self.assertNotIn(("post", FORGOTTEN), held[0])
        self.assertIn(DIGEST, held[1])
        passed = collections.Counter((self.folder / "undisturbed.points").read_text().split())
        self.assertGreaterEqual(len(passed), 6, passed)
        points = [f"{name}:{n}" for name, count in sorted(passed.items()) for n in range(1, count + 1)]

        def run(number):
            return points[number], self.told(f"run{number}", points[number])

        met = 0
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            for point, (was_met, *result) in pool.map(run, range(len(points))):
                met += was_met
                self.assertEqual(result, [agreed, held, []], point)
        print(f"killed at {met} of {len(points)} points: {dict(passed)}")
        # How often the jobs beside look at the desk differs a little from run to run.
        self.assertGreater(met, len(points) * 0.8)


if __name__ == "__main__":
    unittest.main()
