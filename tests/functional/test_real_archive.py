"""A real archive of 2025: every medium byte for byte, captions and times right."""

import datetime
import json
import unittest

from valise import SHARED, Case, sha256, unmangled, zip_folder

REAL = SHARED / "fixtures/instagram-2025"


@unittest.skipUnless(REAL.exists(), "the real archive is not on this machine")
class RealArchive(Case):
    def setUp(self):
        super().setUp()
        # A root prefix, as the service's own ZIPs have.
        self.archive = zip_folder(REAL, self.folder / "instagram-someone-2025-04-20-abcd1234.zip",
                                  prefix="instagram-someone-2025-04-20-abcd1234/")
        self.import_json(self.archive)
        self.bundle = self.export()

    def test_every_medium_is_there_byte_for_byte(self):
        expected = sorted(sha256(p) for p in (REAL / "media").rglob("*") if p.is_file())
        self.assertEqual(len(expected), 17)
        self.assertEqual(sorted(self.bundle.media().values()), expected)

    def test_captions_times_and_order_are_right(self):
        posts = json.loads((REAL / "your_instagram_activity/media/posts_1.json").read_text())
        records = [r for r in self.bundle.records("post").values()]
        for post in posts:
            text = unmangled(post.get("title") or post["media"][0]["title"])
            seconds = post.get("creation_timestamp", post["media"][0]["creation_timestamp"])
            time = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
            digests = [sha256(REAL / m["uri"]) for m in post["media"]]
            same = [r for r in records if r.get("text", "") == text and r["time"] == time
                    and [m["digest"] for m in r["media"]] == digests]
            self.assertEqual(len(same), 1, f"{time} {text[:40]!r}")

    def test_a_folder_gives_the_same_as_its_zip(self):
        other = self.folder / "other"
        self.import_json(REAL, data=other)
        mine, theirs = self.bundle, self.export("other.zip", data=other)
        self.assertEqual(set(mine.records()), set(theirs.records()))
        self.assertEqual(mine.media(), theirs.media())

    def test_zipped_again_otherwise_it_adds_nothing(self):
        again = zip_folder(REAL, self.folder / "again.zip", prefix="a/b/", compress=True)
        # Its new name does not tell whose it is, and nothing in it does.
        self.assertTrue(self.import_json("--account", "someone", again)["already_here"])


if __name__ == "__main__":
    unittest.main()
