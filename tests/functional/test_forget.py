"""Forgetting, to the last byte: generated archives, the command, the server; then the same archives again."""

import collections
import json
import signal
import sqlite3
import time
import unittest
import zipfile
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


class ForgetCase(Case):
    def assert_nowhere(self, *texts):
        for path in self.data.rglob("*"):
            if not path.is_file():
                continue
            for content in inflated(path):
                for text in texts:
                    for form in forms(text):
                        self.assertNotIn(form, content, path)


class Forget(ForgetCase):
    def setUp(self):
        super().setUp()
        self.archive, self.truth = self.generate("archive.zip", "--preset", "tiny", "--seed", 12)
        self.valise("users", "add", "anna", "--password-stdin", stdin=PASSWORD + "\n")
        self.valise("import", self.archive, "--owner", "anna")
        account = self.valise("accounts", "--json").json["accounts"][0]
        self.account, self.name = account["id"], account["username"]

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
        self.valise("doctor")  # the search index is made again at once
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


class OlderTellings(ForgetCase):
    """Two archives tell of one post and one conversation, each with its own words and its own encoding of the photos."""

    WORDS = {"2021": "mon adresse secrète : 5 rue des Ormes", "2024": "une belle journée dehors"}
    PATHS = {"2021": "media/posts/202101/a_1_2_n_17900000000000001.jpg", "2024": "media/posts/202101/17900000000000001.webp"}
    OTHER = "media/posts/202101/o_n_17900000000000009.jpg"
    THREAD = "your_instagram_activity/messages/inbox/bob_100000001/"
    JPEG = b"\xff\xd8\xff\xe0"
    POST_PHOTOS = ["2021 ENCODING OF THE POST", "2024 ENCODING OF THE POST"]
    MESSAGE_PHOTOS = ["2021 ENCODING OF THE MESSAGE", "2024 ENCODING OF THE MESSAGE"]

    def setUp(self):
        super().setUp()
        self.older, self.newer = self.archive("2021"), self.archive("2024")

    def archive(self, year):
        words = self.WORDS[year]
        mangled = words.encode("utf-8").decode("latin-1")
        profile = {"Username": {"href": "", "value": "ann", "timestamp": 0}}
        posts = [{"media": [{"uri": self.PATHS[year], "creation_timestamp": 1_610_000_000, "title": mangled}]},
                 {"media": [{"uri": self.OTHER, "creation_timestamp": 1_610_009_000, "title": "another post"}]}]
        photo = f"{self.THREAD}photos/{year}.jpg"
        # Older archives leave the first folder out where they name it.
        uri = photo.removeprefix("your_instagram_activity/") if year == "2021" else photo
        messages = [{"sender_name": "Bob", "timestamp_ms": 1_610_000_000_000 + i * 1000, "content": f"hello {i}"} for i in range(5)]
        messages.append({"sender_name": "Bob", "timestamp_ms": 1_610_000_100_000, "content": "look at the lighthouse",
                         "photos": [{"uri": uri, "creation_timestamp": 1_610_000_100}]})
        thread = {"participants": [{"name": "Bob"}, {"name": "Ann"}], "messages": messages, "title": "Bob",
                  "is_still_participant": True, "thread_path": "inbox/bob_100000001", "magic_words": []}
        personal = "personal_information/personal_information/personal_information.json"
        files = {personal: {"profile_user": [{"title": "", "media_map_data": {}, "string_map_data": profile}]},
                 "your_instagram_activity/media/posts_1.json": posts,
                 self.THREAD + "message_1.json": thread,
                 "weird/thing.json": {"of": year, "x": mangled},
                 "weird/other.json": {"of": year, "x": "nothing of the kind"}}
        content = {name: json.dumps(value).encode() for name, value in files.items()}
        content["your_instagram_activity/media/posts_1.html"] = f"<html><body>{words}</body></html>".encode()
        content[self.PATHS[year]] = self.JPEG + f"{year} ENCODING OF THE POST".encode()
        content[photo] = self.JPEG + f"{year} ENCODING OF THE MESSAGE".encode()
        content[self.OTHER] = self.JPEG + b"OTHER PHOTO"
        if year == "2021":
            content[self.THREAD + "photos/nobody_names_it.jpg"] = self.JPEG + b"BESIDE THE CONVERSATION"
        path = self.folder / f"instagram-ann-{year}-05-01-x.zip"
        with zipfile.ZipFile(path, "w") as out:
            for name, data in content.items():
                out.writestr(zipfile.ZipInfo(name, (int(year), 5, 1, 0, 0, 0)), data)
        return path

    def key(self, kind, **members):
        found = [key for key, record in self.export("all.zip", "--overwrite").records(kind).items()
                 if all(record.get(name) == value for name, value in members.items())]
        self.assertEqual(len(found), 1, f"{kind} {members}")
        return found[0]

    def assert_the_rest_is_here(self, imports=2):
        bundle = self.export("rest.zip", "--overwrite")
        self.assertTrue(self.valise("verify", "--json", bundle.path).json["whole"])
        self.assertTrue(any(b"OTHER PHOTO" in bundle.read(name) for name in bundle.under("data/media/")))
        self.assertIn("another post", [record.get("text") for record in bundle.records("post").values()])
        lists = [json.loads(bundle.read(name)) for name in bundle.under("data/originals/") if name.endswith("/index.json")]
        kept = [file for files in lists for file in files if file["path"] == "weird/other.json"]
        self.assertEqual([file.get("fate", "kept") for file in kept], ["kept"] * imports)

    def test_a_post_of_which_an_older_archive_told_otherwise(self):
        self.valise("import", self.older)
        self.valise("import", self.newer)
        post = self.key("post", text=self.WORDS["2024"])
        preview = self.valise("forget", "ann", "--record", post, "--dry-run", "--json").json
        done = self.valise("forget", "ann", "--record", post, "--json").json
        self.assertEqual((done["records"], done["media"]), ({"post": 1}, 2))
        self.assertEqual(preview["media"], done["media"])
        self.assert_nowhere(*self.WORDS.values(), *self.POST_PHOTOS)
        self.assert_the_rest_is_here()

    def test_the_older_archive_of_a_forgotten_post_comes_later(self):
        self.valise("import", self.newer)
        self.valise("forget", "ann", "--record", self.key("post", text=self.WORDS["2024"]))
        report = self.import_json(self.older)
        self.assertEqual(report["records"]["post"]["forgotten"], 1)
        # The photo of the message and the one beside it, not that of the post.
        self.assertEqual(report["media"]["new"], 2)
        self.assert_nowhere(*self.WORDS.values(), *self.POST_PHOTOS)
        self.assert_the_rest_is_here()

    def in_both_orders(self, option, kind, messages, *gone, **what):
        """Forgotten after both archives came, and before the older one: so many messages are left."""
        for order in ("archives first", "forgotten first"):
            with self.subTest(order):
                self.data = self.folder / order.replace(" ", "-")
                if order == "archives first":
                    self.valise("import", self.older)
                self.valise("import", self.newer)
                self.valise("forget", "ann", option, self.key(kind, **what))
                if order == "forgotten first":
                    self.valise("import", self.older)
                self.assert_nowhere("look at the lighthouse", *self.MESSAGE_PHOTOS, *gone)
                self.assert_the_rest_is_here()
                self.assertEqual(len(self.export("left.zip", "--overwrite").records("message")), messages)

    def test_a_message_in_both_orders(self):
        self.in_both_orders("--record", "message", 5, text="look at the lighthouse")

    def test_a_conversation_in_both_orders(self):
        self.in_both_orders("--conversation", "conversation", 0, "BESIDE THE CONVERSATION", title="Bob")


if __name__ == "__main__":
    unittest.main()
