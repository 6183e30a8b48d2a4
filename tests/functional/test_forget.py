"""Forgetting, to the last byte: generated archives, the command, the server; then the same archives again."""

import collections
import json
import signal
import sqlite3
import time
import unittest
import zlib

from server import PASSWORD, Client, Server
from valise import Bundle, Case


def inflated(path):
    """A file, and what it is when it is one of our streams."""
    content = path.read_bytes()
    yield content
    if path.suffix in (".deflate", ".open"):
        yield zlib.decompressobj(-15).decompress(content)


def forms(text):
    """How a text may stand in a file: as it is, escaped, and as Instagram writes it (UTF-8 bytes as code points)."""
    mangled = text.encode("utf-8").decode("latin-1")
    shapes = {text, json.dumps(text)[1:-1], json.dumps(mangled)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1]}
    return [shape.encode("utf-8") for shape in shapes]


class Forget(Case):
    def setUp(self):
        super().setUp()
        self.archive, self.truth = self.generate("archive.zip", "--preset", "tiny", "--seed", 12)
        self.valise("users", "add", "anna", "--password-stdin", stdin=PASSWORD + "\n")
        self.valise("import", self.archive, "--owner", "anna")
        account = self.valise("accounts", "--json").json["accounts"][0]
        self.account, self.name = account["id"], account["username"]

    def assert_nowhere(self, *texts):
        for path in self.data.rglob("*"):
            if not path.is_file():
                continue
            for content in inflated(path):
                for text in texts:
                    for form in forms(text):
                        self.assertNotIn(form, content, path)

    def unique(self, texts):
        count = collections.Counter(text for text in texts if text and len(text) >= 16)
        every = self.everything()
        return [text for text, n in count.items() if n == 1 and sum(text in other for other in every) == 1]

    def everything(self):
        texts = [p["text"] for p in self.truth["posts"]] + [s["text"] for s in self.truth["stories"]]
        texts += [c["text"] for c in self.truth["comments"]]
        return texts + [m.get("text") or "" for c in self.truth["conversations"] for m in c["messages"]]

    def key_of(self, kind, text):
        for record in self.export("all.zip", "--overwrite").records(kind).values():
            if record.get("text") == text:
                return record["key"]
        raise AssertionError(f"no {kind} says {text}")

    def test_records_leave_no_trace_and_stay_away(self):
        post = self.unique([p["text"] for p in self.truth["posts"]])[0]
        comment = self.unique([c["text"] for c in self.truth["comments"]])[0]
        message = self.unique([m.get("text") for c in self.truth["conversations"] for m in c["messages"]])[0]
        self.valise("search", "anything")  # there is an index to be forgotten from
        before = self.export("before.zip").records()
        keys = [self.key_of("post", post), self.key_of("comment", comment), self.key_of("message", message)]
        options = [part for key in keys for part in ("--record", key)]
        preview = self.valise("forget", self.name, *options, "--dry-run", "--json").json
        self.assertEqual(preview["state"], "preview")
        self.assertEqual(self.export("same.zip").records(), before)
        done = self.valise("forget", self.name, *options, "--json").json
        self.assertEqual(done["records"], {"post": 1, "comment": 1, "message": 1})
        self.assertEqual(done["records"], preview["records"])
        self.assert_nowhere(post, comment, message)

        after = self.export("after.zip")
        self.assertEqual(set(before) - set(after.records()), set(keys))
        self.assertTrue(self.valise("verify", "--json", after.path).json["whole"])
        self.assertEqual(self.valise("search", message, "--json").json["hits"], [])
        self.valise("forget", self.name, *options, code=4)

        # What was received still holds all the rest: no whole file went for the sake of one entry.
        lists = [name for name in after.under("data/originals/") if name.endswith("/index.json")]
        cut = [f for name in lists for f in json.loads(after.read(name)) if f.get("redacted")]
        self.assertEqual(sum(f["redacted"] for f in cut), 3, cut)

        self.valise("import", self.archive, "--account", self.account)
        self.assert_nowhere(post, comment, message)
        # Nor does a bundle of before.
        self.valise("import", self.folder / "before.zip", "--account", self.account)
        self.assert_nowhere(post, comment, message)

    def test_a_conversation_and_a_medium(self):
        conversation = max(self.truth["conversations"], key=lambda c: len(c["messages"]))
        others = {m.get("text") for c in self.truth["conversations"] if c is not conversation for m in c["messages"]}
        texts = [m["text"] for m in conversation["messages"] if m.get("text") and len(m["text"]) >= 16 and m["text"] not in others]
        bundle = self.export("first.zip")
        key = next(k for k, r in bundle.records("conversation").items() if r.get("title", "") == conversation["title"])
        done = self.valise("forget", self.name, "--conversation", key, "--json").json
        self.assertEqual(done["records"]["message"], len(conversation["messages"]))
        self.assert_nowhere(*[text for text in self.unique(texts)][:20])
        self.valise("import", self.archive, "--account", self.account)
        left = self.export("left.zip")
        self.assertNotIn(key, left.records("conversation"))
        self.assertFalse([r for r in left.records("message").values() if r["conversation"] == key])

        medium = next(m["digest"] for r in left.records("post").values() for m in r["media"] if m.get("digest"))
        self.valise("forget", self.name, "--medium", medium)
        self.assertNotIn(medium, self.export("without.zip").media().values())
        self.assertFalse(list(self.data.rglob(f"{medium}*")))
        self.valise("import", self.archive, "--account", self.account)
        self.assertFalse(list(self.data.rglob(f"{medium}*")))

    def test_a_server_is_killed_with_an_order_at_hand(self):
        post = self.unique([p["text"] for p in self.truth["posts"]])[0]
        key = self.key_of("post", post)
        server = Server(self.data).start()
        self.addCleanup(server.stop, signal.SIGKILL)
        client = Client(server)
        client.sign_in("anna")
        _, request = client.request_download(self.account)
        self.assertEqual(client.wait_ready(request["id"])["state"], "ready")
        _, url = client.link(request["id"])
        server.stop(signal.SIGKILL)
        # The order stands at the desk as a kill right after it was given leaves it.
        desk = sqlite3.connect(self.data / "desk.sqlite")
        now = int(time.time() * 1000)
        desk.execute("INSERT INTO erasure (id, account_id, what, erased, created_ms) VALUES (?, ?, ?, ?, ?)",
                     ("00" * 8, self.account, f"record {key}\n", f"key {key}\n", now))
        desk.execute("INSERT INTO job (kind, subject, due_ms, attempts, lease_until_ms, created_ms, last_error)"
                     " VALUES ('erase', ?, ?, 0, 0, ?, '')",
                     ("00" * 8, now, now))
        desk.commit()
        desk.close()
        again = Server(self.data, port=server.port).start()
        self.addCleanup(again.stop, signal.SIGKILL)
        for _ in range(200):
            desk = sqlite3.connect(self.data / "desk.sqlite")
            left = desk.execute("SELECT count(*) FROM erasure").fetchone()[0]
            desk.close()
            if left == 0:
                break
            time.sleep(0.05)
        self.assertEqual(left, 0)
        self.assert_nowhere(post)
        client = Client(again)
        client.sign_in("anna")
        _, ended = client.json("GET", f"/api/v1/requests/{request['id']}")
        self.assertEqual((ended["state"], ended["reason"]), ("cancelled", "erased"))
        self.assertEqual(Client(again).call("GET", url).status, 410)
        status, new = client.json("POST", f"/api/v1/requests/{request['id']}/again")
        self.assertEqual(status, 201, new)
        self.assertEqual(client.wait_ready(new["id"])["state"], "ready")
        _, url = client.link(new["id"])
        path = self.folder / "new.zip"
        path.write_bytes(Client(again).call("GET", url).content)
        self.assertNotIn(key, Bundle(path).records("post"))

    def test_the_command_lets_a_running_server_do_it(self):
        post = self.unique([p["text"] for p in self.truth["posts"]])[0]
        key = self.key_of("post", post)
        server = Server(self.data).start()
        self.addCleanup(server.stop, signal.SIGKILL)
        done = self.valise("forget", self.name, "--record", key, "--json").json
        self.assertEqual(done["state"], "done")
        self.assert_nowhere(post)


if __name__ == "__main__":
    unittest.main()
