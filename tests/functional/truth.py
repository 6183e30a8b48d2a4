"""What generated accounts must give: every record of truth.json, compared one by one."""

import collections
import datetime
import re

from valise import Case

RELATIONS = {"hidden_story": "hidden_from"}
FOLDERS = {"message_requests": "requests"}
PROFILE = ("username", "name", "bio", "website", "email", "phone", "gender", "birthday", "private")


def iso(ms):
    time = datetime.datetime.fromtimestamp(ms // 1000, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")
    return time + (f".{ms % 1000:03d}Z" if ms % 1000 else "Z")


def digests(media):
    return tuple(m.get("digest", m.get("sha256")) for m in media)


class Exact:
    """What an archive of JSON tells."""

    def time(self, seconds=0, ms=None):
        return iso(seconds * 1000 if ms is None else ms)

    def text(self, text):
        return text or ""

    def share(self, share):
        return (share.get("link", ""), share.get("text", ""), share.get("owner", "")) if share else None

    collections = True
    participants = True


class Shown(Exact):
    """What pages tell: times to the minute, no runs of spaces, of what was shared the link, nobody's participants."""

    def time(self, seconds=0, ms=None):
        return iso((seconds * 1000 if ms is None else ms) // 60_000 * 60_000)

    def text(self, text):
        return re.sub(r" ?\n ?", "\n", re.sub(r"[ \t\r]+", " ", text or "")).strip()

    def share(self, share):
        return (share["link"], "", "") if share else None

    collections = False
    participants = False


class TruthCase(Case):
    """Compares a bundle with what the generator says is true."""

    told = Exact()

    def check_bundle(self, truth, bundle, told=Exact()):
        self.told = told
        self.check_profile(truth, bundle)
        self.check_posts(truth, bundle)
        self.check_stories(truth, bundle)
        self.check_lists(truth, bundle)
        self.check_conversations(truth, bundle)
        self.check_messages(truth, bundle)

    def check_archive(self, *args, told=Exact(), name="archive"):
        archive, truth = self.generate(f"{name}.zip", *args)
        data = self.folder / name
        report = self.import_json(archive, data=data)
        self.check_bundle(truth, self.export(f"{name}.bundle.zip", data=data), told)
        self.check_fates(report)

    def same(self, expected, found, what):
        missing = list((collections.Counter(expected) - collections.Counter(found)).elements())
        extra = list((collections.Counter(found) - collections.Counter(expected)).elements())
        self.assertFalse(missing or extra, f"{what}: missing {missing[:2]}, extra {extra[:2]}")
        self.assertTrue(expected, f"the truth holds no {what}")

    def check_profile(self, truth, bundle):
        [profile] = bundle.records("profile").values()
        expected = truth["account"]
        for member in PROFILE:
            self.assertEqual(profile.get(member), expected[member], member)
        self.assertEqual(profile["joined"], self.told.time(expected["joined"]))
        self.assertEqual(digests(profile["pictures"]), digests(expected["pictures"]))

    def check_posts(self, truth, bundle):
        expected = [(p["form"], self.told.time(p["time"]), self.told.text(p["text"]), p.get("place", ""), digests(p["media"]))
                    for p in truth["posts"]]
        found = [(r["form"], r["time"], self.told.text(r.get("text")), r.get("place", {}).get("name", ""),
                  digests(r.get("media", []))) for r in bundle.records("post").values()]
        self.same(expected, found, "posts")

    def check_stories(self, truth, bundle):
        expected = [(self.told.time(s["time"]), self.told.text(s["text"]), digests([s["media"]])) for s in truth["stories"]]
        found = [(r["time"], self.told.text(r.get("text")), digests([r["media"]])) for r in bundle.records("story").values()]
        self.same(expected, found, "stories")

    def check_lists(self, truth, bundle):
        told = self.told
        self.same([(told.time(c["time"]), told.text(c["text"]), c["owner"], c["list"]) for c in truth["comments"]],
                  [(r["time"], told.text(r.get("text")), r.get("owner", ""), r["list"])
                   for r in bundle.records("comment").values()], "comments")
        self.same([(RELATIONS.get(c["relation"], c["relation"]), c["username"], told.time(c["time"]))
                   for c in truth["connections"]],
                  [(r["relation"], r["username"], r["time"]) for r in bundle.records("connection").values()], "connections")
        self.same([(v["list"], told.time(v["time"]), v["owner"], v["link"]) for v in truth["likes"]],
                  [(r["list"], r["time"], r["owner"], r.get("link", "")) for r in bundle.records("like").values()
                   if r["list"] != "stories"], "likes")
        self.same([(told.time(v["time"]), v["owner"], v["link"], v.get("collection", "") if told.collections else "")
                   for v in truth["saved"]],
                  [(r["time"], r["owner"], r.get("link", ""), r.get("collection", ""))
                   for r in bundle.records("saved").values()], "saved")

    def check_conversations(self, truth, bundle):
        people = self.told.participants
        expected = [(c["title"], FOLDERS.get(c["folder"], c["folder"]), tuple(sorted(c["participants"])) if people else ())
                    for c in truth["conversations"]]
        found = [(r.get("title", ""), r["folder"], tuple(sorted(r.get("participants", []))))
                 for r in bundle.records("conversation").values()]
        self.same(expected, found, "conversations")

    def check_messages(self, truth, bundle):
        told = self.told
        conversations = bundle.records("conversation")

        def reactions(of):
            return tuple(sorted({(x["actor"], x["reaction"]) for x in of.get("reactions", [])}))

        found = [(conversations[r["conversation"]].get("title", ""), r["time"], r["sender"], told.text(r.get("text")),
                  digests(r.get("media", [])), reactions(r), told.share(r.get("share")), r.get("call_seconds"))
                 for r in bundle.records("message").values()]
        expected = [(c["title"], told.time(ms=m["time_ms"]), m["sender"], told.text(m.get("text")),
                     digests(m.get("media", [])), reactions(m), told.share(m.get("share")), m.get("call_seconds"))
                    for c in truth["conversations"] for m in c["messages"]]
        self.same(expected, found, "messages")

    def check_fates(self, report):
        self.assertEqual(sum(1 for f in report["files"] if not f["fate"]), 0)
        seen = sum(f.get("seen", 0) for f in report["files"])
        understood = sum(f.get("understood", 0) for f in report["files"])
        self.assertGreater(seen, 0)
        self.assertGreaterEqual(understood, 0.99 * seen)
