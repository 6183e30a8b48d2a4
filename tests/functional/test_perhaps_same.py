"""What is perhaps the same and cannot be told: kept twice, and said in every report."""

import json
import unittest

from test_years import HandCase


class PerhapsTheSame(HandCase):
    def followers(self, *people):
        return {"connections/followers_and_following/followers_1.json": [
            {"title": "", "media_list_data": [],
             "string_list_data": [{"href": f"https://www.instagram.com/{name}", "value": name, "timestamp": time}]}
            for name, time in people]}

    def issues(self, data):
        listed = self.valise("issues", "--json", data=data).json
        return [i for one in listed["imports"] for i in one["issues"] if i["code"] == "perhaps_same"]

    def check_one(self, older, newer, kind, path):
        """One pair, in the import's report, the list of issues and the bundle's report; said once."""
        for name, archives in (("forth", (older, newer)), ("back", (newer, older))):
            with self.subTest(name):
                data = self.folder / f"{kind}-{name}"
                self.assertEqual(self.import_json(archives[0], data=data)["perhaps_same"], 0)
                report = self.import_json(archives[1], data=data)
                self.assertEqual(report["perhaps_same"], 1)
                [issue] = [i for i in report["issues"] if i["code"] == "perhaps_same"]
                self.assertTrue(issue["path"].endswith(path), issue)
                self.assertIn("forget", issue["what_to_do"])
                keys = issue["message"].rpartition("Keys: ")[2].split(", ")
                hits = self.valise("search", *(x for key in keys for x in ("--record", key)), "--json", data=data).json["hits"]
                self.assertEqual([h["kind"] for h in hits], [kind, kind])
                self.assertEqual({h["key"] for h in hits}, set(keys))
                self.assertEqual(self.issues(data), [issue])
                bundle = self.export(f"{kind}-{name}.zip", data=data)
                packed = json.loads(bundle.read("data/report.json"))["issues"]
                self.assertEqual([i["message"] for i in packed if i["code"] == "perhaps_same"], [issue["message"]])
                self.assertTrue(self.import_json(archives[1], data=data)["already_here"])
                self.assertEqual(self.import_json(bundle.path, data=data)["perhaps_same"], 0)
                self.valise("reindex", "--records", data=data)
                self.assertEqual(self.issues(data), [issue])
                self.assertEqual(self.valise("doctor", "--json", data=data).json["findings"], [])
                moved = self.folder / f"{kind}-{name}-moved"
                self.import_json(bundle.path, data=moved)
                self.assertEqual(self.issues(moved), [issue])
                what = "--conversation" if kind == "conversation" else "--record"
                self.valise("forget", "ann", what, keys[0], data=data)
                self.assertEqual(self.issues(data), [])

    def test_a_renamed_follower(self):
        older = self.archive("2021-05-01", self.followers(("bob.b", 1_600_000_000), ("cat", 1_600_000_001)))
        newer = self.archive("2024-05-01", self.followers(("robert", 1_600_000_000), ("cat", 1_600_000_001)))
        self.check_one(older, newer, "connection", "followers_1.json")

    def test_conversations_with_two_messages_in_common(self):
        def archive(day, folder, messages):
            return self.archive(day, {f"messages/inbox/{folder}/message_1.json": self.thread(
                ["x", "Ann A"], [self.message("x", ms, text) for ms, text in messages], "x", folder)})
        same = [(1_600_000_002_000, "ok"), (1_600_000_001_000, "hi")]
        older = archive("2021-05-01", "x_1000000001", [(1_600_000_003_000, "c"), *same])
        newer = archive("2024-05-01", "x_2000000002", [(1_600_000_003_001, "c"), *same])
        self.check_one(older, newer, "conversation", "message_1.json")

    def test_messages_of_a_conversation_that_is_forgotten(self):
        def archive(day, texts):
            messages = [self.message("Bob", 1_610_000_000_000 + i * 1000, f"hello {i}") for i in range(5)]
            messages += [self.message("Bob", 1_610_000_100_000, text) for text in texts]
            return self.archive(day, {"messages/inbox/x_1000000001/message_1.json": self.thread(
                ["Bob", "Ann"], messages[::-1], "Bob", "x_1000000001")})
        self.import_json(archive("2021-05-01", ["a1"]))
        self.assertEqual(self.import_json(archive("2024-05-01", ["b1", "b2"]))["perhaps_same"], 1)
        self.assertEqual(len(self.issues(self.data)), 1)
        [conversation] = self.export("before.zip").records("conversation")
        self.valise("forget", "ann", "--conversation", conversation)
        self.assertEqual(self.valise("issues", "--json").json["imports"], [])

    def test_in_words(self):
        self.import_json(self.archive("2021-05-01", self.followers(("bob.b", 1_600_000_000))))
        said = self.valise("import", self.archive("2024-05-01", self.followers(("robert", 1_600_000_000)))).out
        self.assertIn("1 new record is perhaps the same", said)
        self.assertNotIn("robert", said.replace("followers_1.json", ""))
        listed = self.valise("issues").out
        self.assertIn("perhaps_same: Two connections of 2020-09-13T12:26:40Z", listed)


if __name__ == "__main__":
    unittest.main()
