"""Reports that people can act on: issues, scrub, doctor, reindex --records, and fates that add up."""

import collections
import hashlib
import json
import os
import unittest
import zipfile
import zlib

from valise import Case, write_json, zip_folder

POSTS = "your_instagram_activity/media/posts_1.json"
PROFILE = "personal_information/personal_information/personal_information.json"
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 64
FATES = ("parsed", "medium", "kept", "duplicate", "junk", "broken", "redacted")


class Reports(Case):
    def setUp(self):
        super().setUp()
        self.tree = self.folder / "tree"
        write_json(self.tree / PROFILE, {"profile_user": [{"title": "", "media_map_data": {}, "string_map_data": {
            "Username": {"href": "", "value": "someone", "timestamp": 0}}}]})
        self.photos = []
        for n in range(1, 4):
            uri = f"media/posts/202407/{n}.jpg"
            (self.tree / uri).parent.mkdir(parents=True, exist_ok=True)
            (self.tree / uri).write_bytes(JPEG + bytes([n]) * 50_000)
            self.photos.append(self.tree / uri)
        self.write_posts(3)

    def write_posts(self, count):
        write_json(self.tree / POSTS, [
            {"media": [{"uri": f"media/posts/202407/{n}.jpg", "creation_timestamp": 1720000000 + n, "title": f"photo {n}"}]}
            for n in range(1, count + 1)])

    def archive(self, name="archive.zip", **kwargs):
        return zip_folder(self.tree, self.folder / name, **kwargs)

    def blobs(self, suffix=""):
        return [p for p in self.data.glob("accounts/*/blobs/??/*") if p.name[64:] == suffix]

    def blob_of(self, content):
        digest = hashlib.sha256(content).hexdigest()
        return next(self.data.glob(f"accounts/*/blobs/{digest[:2]}/{digest}*"))

    def flip(self, path):
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 0x10
        path.write_bytes(data)


class Issues(Reports):
    def test_none_is_said_nicely(self):
        self.import_json(self.archive())
        self.assertIn("no issues", self.valise("issues").out)
        self.assertEqual(self.valise("issues", "--json").json["imports"], [])

    def test_no_account_yet(self):
        self.assertIn("import an archive first", self.valise("issues", code=4).err)
        self.valise("issues", "nobody", code=4)

    def test_by_import_newest_first_with_what_to_do(self):
        self.photos[0].unlink()
        self.import_json(self.archive("first.zip"))
        (self.tree / "your_instagram_activity/media/stories.json").write_text('{"ig_stories": [{"uri": ')
        self.import_json(self.archive("second.zip"))
        listed = self.valise("issues", "someone", "--json").json
        self.assertEqual([i["parts"] for i in listed["imports"]], [["second.zip"], ["first.zip"]])
        self.assertEqual(collections.Counter(i["code"] for one in listed["imports"] for i in one["issues"]),
                         {"missing_media": 2, "invalid_json": 1})
        self.assertTrue(all(i["what_to_do"] and i["path"] for one in listed["imports"] for i in one["issues"]))
        self.assertEqual(listed["missing_media_now"], 1)
        text = self.valise("issues").out
        self.assertLess(text.index("second.zip"), text.index("first.zip"))
        self.assertIn("stories.json", text)
        self.assertIn("What to do: ", text)
        self.assertIn("1 photo or video is still missing", text)

    def test_what_came_later_is_not_missing_any_more(self):
        data = self.photos[0].read_bytes()
        self.photos[0].unlink()
        self.import_json(self.archive("first.zip"))
        self.photos[0].write_bytes(data)
        self.import_json(self.archive("second.zip"))
        self.assertEqual(self.valise("issues", "--json").json["missing_media_now"], 0)
        self.assertIn("no issues", self.valise("issues").out)


class Scrub(Reports):
    def test_whole(self):
        self.import_json(self.archive())
        scrubbed = self.valise("scrub", "--json").json
        self.assertTrue(scrubbed["whole"])
        account = scrubbed["accounts"][0]
        blobs = self.blobs() + self.blobs(".open") + self.blobs(".deflate")
        self.assertEqual(account["blobs"], len(blobs))
        self.assertEqual(account["bytes"], sum(p.stat().st_size for p in blobs))
        self.assertIn("whole", self.valise("scrub", "someone").out)

    def test_nothing_yet(self):
        self.assertIn("No account yet", self.valise("scrub").out)
        self.valise("scrub", "nobody", code=4)

    def damage(self):
        """One photo of each kind of damage; returns their digests by state."""
        flipped, cut, gone = (self.blob_of(p.read_bytes()) for p in self.photos)
        self.flip(flipped)
        cut.write_bytes(cut.read_bytes()[:1000])
        gone.unlink()
        return {flipped.name: "damaged", cut.name: "damaged", gone.name: "missing"}

    def test_damage_is_named_and_an_import_mends_it(self):
        archive = self.archive("instagram-someone-2024-08-01-abcd.zip")
        self.import_json(archive)
        before = self.export("before.zip").media()
        expected = self.damage()
        run = self.valise("scrub", "--json", code=1)
        findings = run.json["accounts"][0]["findings"]
        self.assertEqual({f["digest"]: f["state"] for f in findings}, expected)
        for finding in findings:
            self.assertEqual({u["what"] for u in finding["is"]}, {"medium", "original"})
            self.assertIn(archive.name, finding["what_to_do"])
            self.assertFalse(finding["set_aside"])
        self.assertIn("NOT whole", self.valise("scrub", code=1).out)
        self.valise("scrub", "--set-aside", code=1)
        aside = {p.name for p in self.data.glob("accounts/*/damaged/*")}
        self.assertEqual(aside, {d for d, state in expected.items() if state == "damaged"})
        self.assertTrue(self.import_json(archive)["already_here"])
        self.assertTrue(self.valise("scrub", "--json").json["whole"])
        self.assertEqual(self.valise("doctor", "--json").json["findings"], [])
        self.assertEqual(self.export("after.zip").media(), before)

    def test_a_data_file_comes_back_in_another_form(self):
        # It came deflated and comes back from a folder: the account says so afterwards, and a download is whole.
        self.import_json(self.archive(compress=True))
        (self.blob_of((self.tree / POSTS).read_bytes())).unlink()
        self.valise("scrub", code=1)
        self.assertTrue(self.import_json(self.tree)["already_here"])
        self.assertEqual(self.valise("doctor", "--json").json["findings"], [])
        bundle = self.export()
        self.valise("verify", bundle.path)
        original = next(n for n in bundle.under("data/originals/") if n.endswith(POSTS))
        self.assertEqual(bundle.read(original), (self.tree / POSTS).read_bytes())

    def test_strangers_are_left_alone(self):
        self.import_json(self.archive())
        stranger = self.blobs()[0].parent / "thumbs.db"
        stranger.write_text("x")
        scrubbed = self.valise("scrub", "--set-aside", "--json").json
        self.assertEqual(scrubbed["accounts"][0]["strangers"], [f"{stranger.parent.name}/thumbs.db"])
        self.assertTrue(stranger.exists())


class Doctor(Reports):
    def codes(self, code=1):
        run = self.valise("doctor", "--json", code=code).json
        self.assertEqual(run["healthy"], code == 0)
        for finding in run["findings"]:
            self.assertTrue(finding["thing"] and finding["cause"] and finding["what_to_do"])
        return [f["code"] for f in run["findings"]]

    def test_healthy(self):
        self.assertEqual(self.codes(0), [])
        self.import_json(self.archive())
        self.assertEqual(self.codes(0), [])
        self.assertIn("Healthy", self.valise("doctor").out)

    def test_generated_accounts_are_healthy(self):
        archive, _ = self.generate("generated.zip", "--preset", "tiny", "--seed", 7)
        self.import_json(archive)
        self.assertEqual(self.codes(0), [])
        moved = self.folder / "moved"
        self.import_json(self.export().path, data=moved)
        self.assertEqual(self.valise("doctor", "--json", data=moved).json["findings"], [])

    def test_each_damage_has_its_name(self):
        self.import_json(self.archive())
        photo = self.blob_of(self.photos[0].read_bytes())
        photo.chmod(0o644)
        self.assertEqual(self.codes(), ["open_to_others"])
        photo.unlink()
        self.assertEqual(sorted(self.codes()), ["medium_missing", "original_missing"])
        self.import_json(self.archive())
        index = next(self.data.glob("accounts/*/index.sqlite"))
        index.unlink()
        self.assertEqual(self.codes(), ["index_missing"])
        self.valise("reindex")
        (self.data / "accounts" / "feedfeedfeedfeed").mkdir(mode=0o700)
        self.assertEqual(self.codes(), ["folder_without_account"])

    def test_a_desk_that_is_damaged(self):
        self.import_json(self.archive())
        for name in ("desk.sqlite-wal", "desk.sqlite-shm"):
            (self.data / name).unlink(missing_ok=True)
        (self.data / "desk.sqlite").write_bytes(os.urandom(8192))
        self.assertEqual(self.codes(), ["desk_damaged"])


class ReadAgain(Reports):
    def test_nothing_is_different_on_a_current_library(self):
        archive, _ = self.generate("generated.zip", "--preset", "tiny", "--seed", 3)
        self.import_json(archive)
        before = self.valise("accounts", "--json").json["accounts"][0]
        run = self.valise("reindex", "--records", "--json").json["read_again"][0]
        self.assertEqual(self.valise("accounts", "--json").json["accounts"][0]["head"], before["head"])
        self.assertEqual(run["records_lost"], 0)
        self.assertEqual(run["records_before"], sum(before["records"].values()))
        self.assertEqual([i["changed"] for i in run["imports"]], [False])
        self.assertFalse([f for i in run["imports"] for f in i["files"] if f["changed"]])
        self.assertIn("nothing is different", self.valise("reindex", "--records").out)

    def test_overlapping_archives_of_several_days(self):
        self.write_posts(2)
        self.import_json(self.archive("instagram-someone-2024-08-01-abcd.zip"))
        self.write_posts(3)
        self.import_json(self.archive("instagram-someone-2025-08-01-abcd.zip"))
        before = self.valise("accounts", "--json").json["accounts"][0]["head"]
        run = self.valise("reindex", "--records", "--json").json["read_again"][0]
        self.assertEqual(len(run["imports"]), 2)
        self.assertEqual(self.valise("accounts", "--json").json["accounts"][0]["head"], before)

    def test_a_moved_account(self):
        archive, _ = self.generate("generated.zip", "--preset", "tiny", "--seed", 4)
        self.import_json(archive)
        moved = self.folder / "moved"
        bundle = self.export()
        self.import_json(bundle.path, data=moved)
        records = bundle.records()
        run = self.valise("reindex", "--records", "--json", data=moved).json["read_again"][0]
        self.assertEqual(run["records_lost"], 0)
        self.assertEqual(run["records_now"], run["records_before"])
        self.assertEqual(self.export("again.zip", data=moved).records(), records)

    def test_forgotten_and_edited_stay(self):
        self.import_json(self.archive())
        key = self.valise("search", "photo", "--json").json["hits"][0]["key"]
        self.valise("forget", "someone", "--record", key)
        before = self.export("before.zip").records()
        self.valise("reindex", "--records")
        self.assertEqual(self.export("after.zip").records(), before)
        self.assertNotIn(key, before)

    def test_damaged_documents_are_made_again(self):
        archive, _ = self.generate("generated.zip", "--preset", "tiny", "--seed", 5)
        self.import_json(archive)
        before = self.export("before.zip").records()
        for finding in self.each_document():
            self.flip(finding)
        self.valise("scrub", code=1)
        run = self.valise("reindex", "--records", "--json").json["read_again"][0]
        self.assertTrue(run["made_again"])
        self.assertEqual(run["records_lost"], 0)
        self.assertEqual(run["records_now"], len(before))
        self.assertEqual(self.valise("doctor", "--json").json["findings"], [])
        self.assertEqual(self.export("after.zip").records(), before)

    def each_document(self):
        """The blobs of all documents of records: texts that begin with a record's key."""
        for path in self.blobs(".open"):
            inflater = zlib.decompressobj(-15)
            if inflater.decompress(path.read_bytes()).startswith(b'[\n{"key":"'):
                yield path


class Categories(Reports):
    """What is only kept, by what it is about: in every report, of every generation, and taken along in a bundle."""

    KEPT = {
        "g1": {"information_about_you.json": "inferred", "checkout.json": "shopping", "autofill.json": "profile"},
        "g1b": {"seen_content.json": "ads"},
        "g2a": {"ads_and_content/ads_clicked.json": "ads", "information_about_you/account_based_in.json": "location"},
        "g2b": {"ads_and_topics/videos_watched.json": "seen", "monetization/eligibility.json": "monetization"},
        "g3a": {"ads_information/ads_and_topics/ads_clicked.json": "ads",
                "apps_and_websites_off_of_instagram/apps_and_websites/your_activity_off_meta_technologies.json": "apps_and_websites"},
        "g3b": {"security_and_login_information/login_and_profile_creation/surprise.json": "security",
                "preferences/your_topics/your_topics.json": "inferred"},
        "g4": {"your_instagram_activity/threads/threads_viewed.json": "threads", "surprise.json": "other"},
    }

    def of_generation(self, generation):
        """A generated archive with files that no reader understands, and a page beside its JSON."""
        archive, _ = self.generate(f"{generation}.zip", "--preset", "tiny", "--generation", generation)
        kept = self.KEPT[generation]
        with zipfile.ZipFile(archive, "a") as out:
            names = out.namelist()
            for path in kept:
                if path not in names:
                    out.writestr(path, "{}")
            if generation not in ("g1", "g1b"):
                posts = next(n for n in names if n.endswith("/posts_1.json"))
                kept = kept | {posts.removesuffix("json") + "html": "pages"}
                out.writestr(posts.removesuffix("json") + "html", "<html></html>")
        return archive, kept

    def test_of_each_generation(self):
        for generation in self.KEPT:
            with self.subTest(generation):
                archive, kept = self.of_generation(generation)
                for report in (self.valise("inspect", archive, "--json").json,
                               self.import_json(archive, data=self.folder / f"data-{generation}")):
                    found = {f["path"]: f["category"] for f in report["files"] if f["fate"] == "kept"}
                    self.assertEqual({path: found.get(path) for path in kept}, kept)
                    self.assertEqual(sum(k["files"] for k in report["kept"]), len(found))

    def test_a_bundle_tells_them_and_takes_them_along(self):
        archive, _ = self.of_generation("g3b")
        kept = self.import_json(archive)["kept"]
        bundle = self.export()
        report = json.loads(bundle.read("data/report.json"))
        self.assertEqual(report["kept"], kept)
        self.assertEqual([i["kept"] for i in report["imports"]], [kept])
        moved = self.folder / "moved"
        self.import_json(bundle.path, data=moved)
        report = json.loads(self.export("again.zip", data=moved).read("data/report.json"))
        self.assertEqual(report["kept"], kept)


class FatesAddUp(Reports):
    def check(self, report, received):
        fates = report["fates"]
        self.assertEqual(fates["received"], received)
        self.assertEqual(sum(fates[name] for name in FATES), received)
        self.assertEqual(collections.Counter(f["fate"] for f in report["files"]), {n: c for n, c in fates.items() if c and n in FATES})
        kept = collections.Counter()
        for file in report["files"]:
            self.assertEqual("category" in file, file["fate"] == "kept")
            if file["fate"] == "kept":
                kept.update({file["category"]: 1, (file["category"], "bytes"): file["size"]})
        self.assertEqual({k["category"]: k["files"] for k in report["kept"]}, {c: n for c, n in kept.items() if isinstance(c, str)})
        self.assertEqual([k["bytes"] for k in report["kept"]], [kept[k["category"], "bytes"] for k in report["kept"]])
        self.assertEqual(sum(k["files"] for k in report["kept"]), fates["kept"])
        for file in report["files"]:
            if file["fate"] == "parsed":
                self.assertTrue(file["generation"].startswith("instagram G"))
                self.assertEqual(file["seen"], file["understood"] + file["only_kept"])

    def test_of_a_generated_archive(self):
        archive, _ = self.generate("generated.zip", "--preset", "tiny", "--seed", 2)
        received = sum(not n.endswith("/") for n in zipfile.ZipFile(archive).namelist())
        self.check(self.valise("inspect", archive, "--json").json, received)
        self.check(self.import_json(archive), received)

    def test_of_every_fate(self):
        write_json(self.tree / "ads_information/ads_and_topics/ads_viewed.json", {"impressions_history_ads_seen": []})
        write_json(self.tree / "ads_information/advertisers.json", {})
        write_json(self.tree / "logged_information/policy/guesses.json", {})
        (self.tree / "__MACOSX").mkdir()
        (self.tree / "__MACOSX/._x").write_bytes(b"x")
        one = self.archive("one.zip")
        two = self.folder / "two.zip"
        with zipfile.ZipFile(two, "w") as out:
            out.write(self.photos[0], "media/posts/202407/1.jpg")
            out.writestr("../evil.jpg", JPEG)
        for report in (self.valise("inspect", one, two, "--json").json, self.import_json(one, two)):
            self.check(report, 11)
            self.assertEqual([report["fates"][n] for n in FATES], [2, 3, 3, 1, 1, 1, 0])
            self.assertEqual(report["kept"], [{"category": "activity", "files": 1, "bytes": 2},
                                              {"category": "ads", "files": 2, "bytes": 38}])
        text = self.valise("inspect", one, two).out
        self.assertIn("Kept as they are: activity 1 (2 bytes), ads 2 (38 bytes)\n", text)
        self.assertIn("Entries understood: 4 of 4", text)

    def test_entries_that_are_only_kept_are_named(self):
        write_json(self.tree / "your_instagram_activity/media/stories.json", {"ig_stories": [
            {"uri": "media/stories/202407/1.jpg", "creation_timestamp": 1720000009, "title": ""}, {"surprise": True}]})
        report = self.import_json(self.archive())
        stories = next(f for f in report["files"] if f["path"].endswith("stories.json"))
        self.assertEqual((stories["seen"], stories["understood"], stories["only_kept"]), (2, 1, 1))
        self.assertIn("stories.json: 1 of 2", self.valise("inspect", self.archive()).out)


if __name__ == "__main__":
    unittest.main()
