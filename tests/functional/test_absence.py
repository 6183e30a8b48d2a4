"""What a newer archive should have and has not any more: marked in library, reports and bundles, in whatever order archives come."""

import collections
import json
import unittest
import zipfile

from test_years import YearsCase
from valise import write_json, zip_folder


class Absence(YearsCase):
    """What a newer archive should have and has not any more is marked, and stays."""

    GONE = {"post": 3, "message": 5, "connection": 2}

    def setUp(self):
        super().setUp()
        self.older, _ = self.year("g3b")
        self.newer = self.lacking("2025-12-01")

    def lacking(self, day, whole=False):
        """The archive of a later day, in which some posts, messages and followers are not any more, and a list is missing."""
        folder = self.folder / f"later-{day}"
        zipfile.ZipFile(self.older).extractall(folder)
        if not whole:
            activity = folder / "your_instagram_activity"
            self.cut(activity / "media/posts_1.json", lambda posts: [p for i, p in enumerate(posts) if i not in (10, 20, 30)])
            threads = sorted(activity.glob("messages/inbox/*/message_1.json"), key=lambda p: p.stat().st_size)
            self.cut(threads[-1], lambda thread: {**thread, "messages": thread["messages"][:20] + thread["messages"][25:]})
            self.cut(folder / "connections/followers_and_following/followers_1.json", self.without_two)
            (activity / "likes/liked_comments.json").unlink()
        # Something of the day, so that it is another archive.
        (folder / "note.txt").write_text(day)
        return zip_folder(folder, self.folder / f"instagram-elise.hartwell-{day}-Ab12Cd34.zip")

    @staticmethod
    def cut(path, change):
        write_json(path, change(json.loads(path.read_text("utf-8"))))

    @staticmethod
    def without_two(followers):
        by_time = sorted(followers, key=lambda f: f["string_list_data"][0]["timestamp"])
        return by_time[:8] + by_time[9:15] + by_time[16:]

    def marked(self, bundle):
        marked = [r for r in bundle.records().values() if "absent_since" in r]
        return collections.Counter(r["kind"] for r in marked), {r["absent_since"][:10] for r in marked}

    def test_it_is_marked_in_either_order(self):
        bundles = []
        for name, archives in {"forth": (self.older, self.newer), "back": (self.newer, self.older)}.items():
            with self.subTest(name):
                bundle, reports = self.library(name, *archives)
                self.assertEqual(self.marked(bundle), (self.GONE, {"2025-12-01"}))
                told = {kind: r["absent"] for kind, r in reports[1]["records"].items() if r["absent"]}
                self.assertEqual(told, self.GONE)
                report = json.loads(bundle.read("data/report.json"))
                self.assertEqual({k: r["absent"] for k, r in report["records"].items() if "absent" in r}, self.GONE)
                self.valise("doctor", data=self.folder / name)
                bundles.append(bundle)
        self.assertSame(*bundles)

    def test_it_loses_the_mark_when_it_is_told_again(self):
        bundle, _ = self.library("again", self.older, self.newer, self.lacking("2026-01-01", whole=True))
        self.assertEqual(self.marked(bundle), ({}, set()))

    def test_marks_travel_and_stay_as_they_are(self):
        bundle, _ = self.library("there", self.older, self.newer)
        other = self.folder / "other"
        self.import_json(bundle.path, data=other)
        self.assertSame(bundle, self.export("back.zip", data=other), keys=True)
        again = self.valise("reindex", "--records", "--json", data=self.folder / "there").json
        [account] = again["read_again"]
        self.assertEqual([i["changed"] for i in account["imports"]], [False, False])

    def test_the_person_is_told(self):
        self.import_json(self.older)
        said = self.valise("import", "--account", "elise.hartwell", self.newer).out
        self.assertIn("3 marked: a newer archive does not have them any more", said)


if __name__ == "__main__":
    unittest.main()
