"""Generated accounts: the records equal what the generator says is true, one by one."""

import collections
import datetime
import unittest

from valise import Case


def iso(ms):
    time = datetime.datetime.fromtimestamp(ms // 1000, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")
    return time + (f".{ms % 1000:03d}Z" if ms % 1000 else "Z")


def digests(media):
    return tuple(m.get("digest", m.get("sha256")) for m in media)


class Truth(Case):
    def check(self, *args):
        archive, truth = self.generate("archive.zip", *args)
        report = self.import_json(archive)
        bundle = self.export()
        self.check_posts(truth, bundle)
        self.check_stories(truth, bundle)
        self.check_lists(truth, bundle)
        self.check_messages(truth, bundle)
        self.check_fates(report)

    def same(self, expected, found, what):
        missing = list((collections.Counter(expected) - collections.Counter(found)).elements())
        extra = list((collections.Counter(found) - collections.Counter(expected)).elements())
        self.assertFalse(missing or extra, f"{what}: missing {missing[:2]}, extra {extra[:2]}")
        self.assertTrue(expected, f"the truth holds no {what}")

    def check_posts(self, truth, bundle):
        expected = [(iso(p["time"] * 1000), p["text"], digests(p["media"])) for p in truth["posts"]]
        found = [(r["time"], r.get("text", ""), digests(r.get("media", []))) for r in bundle.records("post").values()]
        self.same(expected, found, "posts")

    def check_stories(self, truth, bundle):
        def media(story):
            return story["media"] if isinstance(story["media"], list) else [story["media"]]

        expected = [(iso(s["time"] * 1000), s["text"], digests(media(s))) for s in truth["stories"]]
        found = [(r["time"], r.get("text", ""), digests([r["media"]])) for r in bundle.records("story").values()]
        self.same(expected, found, "stories")

    def check_lists(self, truth, bundle):
        expected = [(iso(c["time"] * 1000), c["text"], c["owner"], c["list"]) for c in truth["comments"]]
        found = [(r["time"], r.get("text", ""), r.get("owner", ""), r["list"]) for r in bundle.records("comment").values()]
        self.same(expected, found, "comments")
        self.same([(c["username"], iso(c["time"] * 1000)) for c in truth["connections"]],
                  [(r["username"], r["time"]) for r in bundle.records("connection").values()], "connections")
        self.same([iso(v["time"] * 1000) for v in truth["likes"]],
                  [r["time"] for r in bundle.records("like").values() if r["list"] != "stories"], "likes")
        self.same([iso(v["time"] * 1000) for v in truth["saved"]],
                  [r["time"] for r in bundle.records("saved").values()], "saved")

    def check_messages(self, truth, bundle):
        conversations = bundle.records("conversation")
        by_conversation = collections.defaultdict(list)
        for r in bundle.records("message").values():
            by_conversation[r["conversation"]].append(r)
        self.assertEqual(len(conversations), len(truth["conversations"]))
        found = []
        for key, messages in by_conversation.items():
            title = conversations[key].get("title", "")
            found += [(title, r["time"], r["sender"], r.get("text", ""), digests(r.get("media", [])),
                       tuple(sorted((x["actor"], x["reaction"]) for x in r.get("reactions", [])))) for r in messages]
        expected = [(c["title"], iso(m["time_ms"]), m["sender"], m.get("text") or "", digests(m.get("media", [])),
                     tuple(sorted({(x["actor"], x["reaction"]) for x in m.get("reactions", [])})))
                    for c in truth["conversations"] for m in c["messages"]]
        self.same(expected, found, "messages")

    def check_fates(self, report):
        self.assertEqual(sum(1 for f in report["files"] if not f["fate"]), 0)
        seen = sum(f.get("seen", 0) for f in report["files"])
        understood = sum(f.get("understood", 0) for f in report["files"])
        self.assertGreater(seen, 0)
        self.assertGreaterEqual(understood, 0.99 * seen)

    def test_today(self):
        self.check("--preset", "tiny", "--seed", 7)

    def test_g4(self):
        self.check("--preset", "tiny", "--seed", 8, "--generation", "g4")

    def test_2021_in_italian(self):
        self.check("--preset", "tiny", "--seed", 10, "--generation", "g2a", "--language", "it")

    def test_2022_in_german(self):
        self.check("--preset", "tiny", "--seed", 11, "--generation", "g2b", "--language", "de")

    def test_2024_in_spanish(self):
        self.check("--preset", "tiny", "--seed", 12, "--generation", "g3a", "--language", "es")

    def test_in_dutch(self):
        self.check("--preset", "tiny", "--seed", 13, "--language", "nl")

    def test_in_portuguese(self):
        self.check("--preset", "tiny", "--seed", 14, "--language", "pt")

    def test_mixed_in_french(self):
        self.check("--preset", "tiny", "--seed", 9, "--generation", "mixed", "--language", "fr")


if __name__ == "__main__":
    unittest.main()
