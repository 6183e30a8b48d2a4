"""The parts of one archive, taken in one after the other: whatever the order, what came together is there."""

import itertools
import json
import unittest
import zipfile

from test_years import plain
from truth import TruthCase
from valise import write_json, zip_folder

ACCOUNT = ("--media-scale", 0, "--seed", 47, "--posts", 40, "--stories", 16, "--conversations", 5, "--messages", 200,
           "--comments", 16, "--likes", 16, "--saved", 8, "--followers", 10, "--following", 12, "--media-per-post", 4)
MEDIA = (".jpg", ".jpeg", ".png", ".webp", ".heic", ".gif", ".mp4", ".m4a", ".mov")
JPEG = b"\xff\xd8\xff\xe0"


class PartsCase(TruthCase):
    def setUp(self):
        super().setUp()
        self.count = 0

    def parts(self, generation, split):
        """The archive of a generation, each of its files in the part whose number split(path, n-th) gives."""
        archive, truth = self.generate("whole.zip", *ACCOUNT, "--generation", generation, "--taken", "2025-11-01")
        outs = {}
        with zipfile.ZipFile(archive) as whole:
            for n, info in enumerate(i for i in whole.infolist() if not i.is_dir()):
                number = split(info.filename, n)
                if number not in outs:
                    outs[number] = zipfile.ZipFile(self.folder / f"instagram-elise.hartwell-2025-11-01-Part{number}.zip", "w")
                outs[number].writestr(info, whole.read(info))
        for out in outs.values():
            out.close()
        return [self.folder / outs[n].filename for n in sorted(outs)], truth

    def take_in(self, *archives, name=None):
        self.count += 1
        data = self.folder / (name or f"data{self.count}")
        return data, [self.import_json(archive, data=data) for archive in archives]

    def missing(self, data):
        return self.valise("issues", "--json", data=data).json["missing_media_now"]

    def missing_issues(self, data):
        """What each issue counts."""
        listed = self.valise("issues", "--json", data=data).json
        return [i["count"] for one in listed["imports"] for i in one["issues"] if i["code"] == "missing_media"]

    def check_orders(self, archives, truth, orders=None):
        first = None
        for order in orders or itertools.permutations(archives):
            with self.subTest([a.name for a in order]):
                data, reports = self.take_in(*order)
                self.assertEqual(len(self.valise("accounts", "--json", data=data).json["accounts"]), 1)
                self.assertEqual(self.missing(data), 0)
                self.assertEqual(self.missing_issues(data), [])
                self.assertGreater(sum(r["media"]["filled_in"] for r in reports), 0)
                bundle = self.export(f"bundle{self.count}.zip", data=data)
                self.check_bundle(truth, bundle)
                self.assertEqual(json.loads(bundle.read("data/report.json"))["missing"]["count"], 0)
                found = plain(bundle.records(), keys=True), bundle.media()
                first = first or found
                self.assertEqual(found, first)
                for archive in order:
                    self.assertTrue(self.import_json(archive, data=data)["already_here"])
        return first

    def check_together(self, archives, found):
        """What is shown is what the parts together give; only the import is another."""
        data = self.folder / "together"
        self.import_json(*archives, data=data)
        bundle = self.export("together.zip", data=data)
        self.assertEqual(plain(bundle.records(), keys=True, provenance=False).keys(),
                         {json.dumps({k: v for k, v in json.loads(t).items() if k != "provenance"}, sort_keys=True,
                                     ensure_ascii=False) for t in found[0]})
        self.assertEqual(bundle.media(), found[1])


class Orders(PartsCase):
    def test_any_order_of_parts_gives_the_same(self):
        """All data files in one, the media in two others."""
        archives, truth = self.parts("g3b", lambda path, n: 1 + n % 2 if path.endswith(MEDIA) else 0)
        self.assertEqual(len(archives), 3)
        self.check_together(archives, self.check_orders(archives, truth))

    def test_data_and_media_in_each(self):
        archives, truth = self.parts("g4", lambda path, n: n % 2 if path.endswith(MEDIA) else int("messages/" in path))
        self.check_orders(archives, truth)

    def test_of_the_oldest_layout(self):
        archives, truth = self.parts("g1", lambda path, n: int(path.endswith(MEDIA)))
        self.check_orders(archives, truth)

    def test_the_report_tells_what_was_filled_in(self):
        archives, _ = self.parts("g3b", lambda path, n: int(path.endswith(MEDIA)))
        data, [report] = self.take_in(archives[0])
        lacking = sum(r["missing_media"] for r in report["records"].values())
        self.assertGreater(lacking, 0)
        self.assertEqual(self.missing(data), lacking)
        self.assertEqual(sum(self.missing_issues(data)), lacking)
        text = self.valise("import", archives[1], data=data).out
        self.assertRegex(text, rf"\b{lacking} photos and videos filled in")
        self.assertEqual(self.missing(data), 0)
        self.assertEqual(self.missing_issues(data), [])

    def test_records_read_again_stay_as_they_are(self):
        archives, _ = self.parts("g3b", lambda path, n: int(path.endswith(MEDIA)))
        data, _ = self.take_in(*archives)
        before = self.export("before.zip", data=data)
        self.valise("reindex", "--records", data=data)
        after = self.export("after.zip", data=data)
        self.assertEqual(before.records(), after.records())
        self.assertEqual(before.media(), after.media())


class ByHand(PartsCase):
    def part(self, name, posts=(), media=None):
        folder = self.folder / name
        if posts:
            write_json(folder / "your_instagram_activity/media/posts_1.json",
                       [{"media": [{"uri": uri, "creation_timestamp": 1_610_000_000 + i, "title": f"post {i}"}]}
                        for i, uri in enumerate(posts)])
        for path, content in (media or {}).items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content)
        return zip_folder(folder, self.folder / f"{name}.zip")

    def shown(self, data):
        self.count += 1
        posts = self.export(f"shown{self.count}.zip", data=data).records("post").values()
        return {p["text"]: (p.get("media") or [{}])[0].get("digest") for p in posts}

    def test_a_part_of_another_account_is_none_of_ours(self):
        mine = self.part("instagram-ann-2025-01-02-a", ["media/posts/202101/1.jpg"])
        theirs = self.part("instagram-bob-2025-01-02-b", media={"media/posts/202101/1.jpg": JPEG})
        data, _ = self.take_in(mine, theirs)
        usernames = {a["username"] for a in self.valise("accounts", "--json", data=data).json["accounts"]}
        self.assertEqual(usernames, {"ann", "bob"})

    def test_an_issue_counts_what_is_still_missing(self):
        paths = [f"media/posts/202101/{n}.jpg" for n in (1, 2, 3)]
        lists = self.part("instagram-ann-2025-01-02-a", paths)
        one, rest = (self.part(f"instagram-ann-2025-01-02-{name}", media={p: JPEG + p.encode() for p in some})
                     for name, some in (("b", paths[:1]), ("c", paths[1:])))
        for order, counts in (((lists, one, rest), ([3], [2], [])), ((one, lists, rest), ([], [2], [])),
                              ((rest, one, lists), ([], [], [])), ((rest, lists, one), ([], [1], []))):
            with self.subTest([a.name for a in order]):
                self.count += 1
                data = self.folder / f"data{self.count}"
                for archive, left in zip(order, counts):
                    self.import_json(archive, data=data)
                    self.assertEqual(self.missing_issues(data), left)
                    self.valise("reindex", "--records", data=data)
                    self.assertEqual(self.missing_issues(data), left)

    def test_nothing_is_looked_for_once_a_whole_archive_came(self):
        path = "media/posts/202101/1.jpg"
        lists = self.part("instagram-ann-2024-01-02-a", [path])
        whole = self.part("instagram-ann-2025-01-02-b", [path], media={path: JPEG})
        for order in ((lists, whole), (whole, lists)):
            with self.subTest([a.name for a in order]):
                data, _ = self.take_in(*order)
                self.assertEqual(self.missing_issues(data), [])

    def test_a_forgotten_medium_stays_away(self):
        path = "media/posts/202101/17900000000000001.jpg"
        data_part = self.part("instagram-ann-2025-01-02-a", [path, "media/posts/202101/17900000000000002.jpg"])
        media_part = self.part("instagram-ann-2025-01-02-b", media={
            path: JPEG + b"1", "media/posts/202101/17900000000000002.jpg": JPEG + b"2"})
        data, _ = self.take_in(data_part, media_part)
        shown = self.shown(data)
        self.assertTrue(all(shown.values()))
        self.valise("forget", "ann", "--medium", shown["post 0"], data=data)
        before = self.shown(data)
        self.assertEqual({text for text, digest in before.items() if digest}, {"post 1"})
        again = self.part("instagram-ann-2025-01-03-c", media={path: JPEG + b"1"})
        self.assertEqual(self.import_json(again, data=data)["media"]["filled_in"], 0)
        self.assertEqual(self.shown(data), before)


if __name__ == "__main__":
    unittest.main()
