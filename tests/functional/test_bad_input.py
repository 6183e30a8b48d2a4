"""What bad input gets: a clear sentence with what to do; nothing kept is harmed; the rest is kept."""

import json
import os
import shutil
import signal
import struct
import subprocess
import time
import unittest
import zipfile

from valise import BINARY, Case, has, write_json, zip_folder

POSTS = "your_instagram_activity/media/posts_1.json"
STORIES = "your_instagram_activity/media/stories.json"
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 64


def post(second, uri, title="a caption"):
    return {"media": [{"uri": uri, "creation_timestamp": second, "title": title}]}


class BadInput(Case):
    def setUp(self):
        super().setUp()
        self.tree = self.folder / "tree"
        (self.tree / "media/posts/202407").mkdir(parents=True)
        for n in (1, 2):
            (self.tree / f"media/posts/202407/{n}.jpg").write_bytes(JPEG + bytes([n]))
        write_json(self.tree / POSTS, [post(1720000000 + n, f"media/posts/202407/{n}.jpg") for n in (1, 2)])
        write_json(self.tree / STORIES, {"ig_stories": []})
        write_json(self.tree / "personal_information/personal_information/personal_information.json",
                   {"profile_user": [{"title": "", "media_map_data": {}, "string_map_data": {
                       "Username": {"href": "", "value": "someone", "timestamp": 0}}}]})

    def archive(self, name="archive.zip", **kwargs):
        return zip_folder(self.tree, self.folder / name, **kwargs)

    def refused(self, *words, path=None, code=3):
        run = self.valise("import", path or self.archive(), code=code)
        for word in words:
            self.assertIn(word, run.err)
        self.assertNotIn("terminate", run.err)
        return run

    def kept(self, path=None):
        report = self.import_json(path or self.archive())
        return report, self.export("kept.zip")

    def test_not_a_zip(self):
        text = self.folder / "letter.zip"
        text.write_text("<html>Please sign in</html>")
        self.refused("ZIP", path=text)

    def test_a_file_that_is_not_there(self):
        self.refused("No such file", path=self.folder / "nowhere.zip", code=4)

    def test_a_zip_of_something_else(self):
        other = self.folder / "other"
        write_json(other / "notes/a.json", {})
        self.refused("not an archive that Valise knows", path=zip_folder(other, self.folder / "other.zip"))

    def test_an_archive_of_facebook_is_named(self):
        other = self.folder / "other"
        write_json(other / "your_facebook_activity/posts/your_posts_1.json", [])
        self.refused("archive of Facebook", path=zip_folder(other, self.folder / "other.zip"))

    def test_a_cut_off_zip(self):
        archive = self.archive()
        data = archive.read_bytes()
        archive.write_bytes(data[:len(data) // 2])
        self.refused(path=archive)

    @unittest.skipUnless(has("7zz"), "no 7zz")
    def test_an_encrypted_zip(self):
        locked = self.folder / "locked.zip"
        subprocess.run(["7zz", "a", "-psecret", "-tzip", str(locked), "."], cwd=self.tree, check=True, capture_output=True)
        run = self.valise("import", locked, code=None)
        self.assertRegex(run.out + run.err, "encrypt|password")

    def parts(self, *names):
        """Two parts that hold another list of posts each under one path, and each the other's first post."""
        made = []
        for n, name in enumerate(names):
            write_json(self.tree / POSTS, [post(1720000000, "media/posts/202407/1.jpg"), post(1720000100 + n, "media/posts/202407/2.jpg")])
            made.append(self.archive(name))
        return made

    def test_data_of_parts_that_disagree_is_read_once(self):
        one, two = self.parts("instagram-someone-2025-11-01-a.zip", "instagram-someone-2025-11-01-b.zip")
        seen = {f["path"]: (f["fate"], f.get("understood")) for f in self.valise("inspect", one, two, "--json").json["files"]}
        self.assertEqual(seen[POSTS], ("parsed", 2))
        self.assertEqual(seen[POSTS + " (variant 2)"], ("parsed", 2))
        report = self.import_json(one, two)
        self.assertEqual(report["records"]["post"]["new"], 3)
        self.assertEqual(sum(v for k, v in report["fates"].items() if k != "received"), report["fates"]["received"])
        self.assertTrue(self.import_json(two, one)["already_here"])
        self.assertEqual(len(self.export("both.zip").records("post")), 3)
        again = self.valise("reindex", "--records", "--json").json
        self.assertEqual(len(self.export("again.zip").records("post")), 3, again)

    def test_what_several_parts_say_is_forgotten_in_all_of_them(self):
        secret = post(1720000000, "media/posts/202407/1.jpg", "the secret of the lighthouse")
        other = [post(1720000300 + n, "media/posts/202407/2.jpg") for n in range(3)]
        write_json(self.tree / POSTS, [other[0], secret, other[1]])
        one = self.archive("instagram-someone-2025-11-01-a.zip")
        write_json(self.tree / POSTS, [secret, other[2]])
        two = self.archive("instagram-someone-2025-11-01-b.zip")
        self.import_json(one, two)
        [key] = [k for k, r in self.export("before.zip").records("post").items() if "secret" in r["text"]]
        self.valise("forget", "someone", "--record", key)
        for again in (False, True):
            if again:
                self.import_json(two)  # by itself: another import
            bundle = self.export(f"after-{again}.zip", "--overwrite")
            for name in bundle.names:
                self.assertNotIn(b"secret of the lighthouse", bundle.zip.read(name), name)
            self.assertEqual(len(bundle.records("post")), 3)

    def test_archives_of_different_days_are_not_parts(self):
        older, newer = self.parts("instagram-someone-2021-03-01-a.zip", "instagram-someone-2025-11-01-b.zip")
        run = self.valise("import", older, newer, code=3)
        self.assertIn("2021-03-01 and 2025-11-01", run.err)
        self.assertIn("one after the other", run.err)
        for archive in (older, newer):
            self.import_json(archive)
        self.assertEqual(len(self.export("both.zip").records("post")), 3)

    def test_an_archive_that_names_nobody(self):
        self.import_json(self.archive())
        (self.tree / "personal_information/personal_information/personal_information.json").unlink()
        write_json(self.tree / POSTS, [])
        nameless = self.archive("photos.zip")
        run = self.valise("import", nameless, code=3)
        self.assertIn("--account (someone)", run.err)
        self.import_json(nameless, "--account", "someone")
        self.assertEqual(len(self.valise("accounts", "--json").json["accounts"]), 1)

    def test_entries_of_no_known_kind_are_told(self):
        write_json(self.tree / POSTS, [post(1720000000, "media/posts/202407/1.jpg"), 7, None, ["a"]])
        report, _ = self.kept()
        self.assertEqual([(i["code"], i["path"], i["count"]) for i in report["issues"]], [("not_understood", POSTS, 2)])
        self.assertTrue(report["issues"][0]["what_to_do"])

    def test_a_wrong_crc_in_one_entry_spoils_only_that_entry(self):
        archive = self.archive()
        info = zipfile.ZipFile(archive).getinfo("media/posts/202407/1.jpg")
        data = bytearray(archive.read_bytes())
        data[info.header_offset + 30 + len(info.filename) + 20] ^= 1
        archive.write_bytes(data)
        report, bundle = self.kept(archive)
        self.assertEqual([f["path"] for f in report["files"] if f["fate"] == "broken"], ["media/posts/202407/1.jpg"])
        posts = sorted(bundle.records("post").values(), key=lambda r: r["time"])
        self.assertEqual(["digest" in p["media"][0] for p in posts], [False, True])
        missing = json.loads(bundle.read("data/report.json"))["missing"]
        self.assertEqual(missing["count"], 1)
        self.assertEqual([(f["path"], f["kind"], f["reason"]) for f in missing["files"]],
                         [("media/posts/202407/1.jpg", "post", "damaged")])

    def test_invalid_json_in_one_file(self):
        (self.tree / STORIES).write_text('{"ig_stories": [{"uri": ')
        report, bundle = self.kept()
        self.assertEqual([i["path"] for i in report["issues"]], [STORIES])
        self.assertEqual(len(bundle.records("post")), 2)

    def test_missing_media_are_listed_and_filled_in_later(self):
        gone = self.tree / "media/posts/202407/2.jpg"
        data = gone.read_bytes()
        gone.unlink()
        report, bundle = self.kept()
        self.assertEqual(report["records"]["post"]["missing_media"], 1)
        missing = json.loads(bundle.read("data/report.json"))["missing"]
        self.assertEqual(missing["reasons"], [{"reason": "not_in_archive", "count": 1}])
        self.assertEqual([f["path"] for f in missing["files"]], ["media/posts/202407/2.jpg"])
        gone.write_bytes(data)
        self.import_json(self.archive("later.zip"))
        later = self.export("later-bundle.zip")
        self.assertEqual(json.loads(later.read("data/report.json"))["missing"]["count"], 0)
        self.assertEqual(set(later.records("post")), set(bundle.records("post")))

    def test_zip_slip_names_are_refused_and_the_rest_is_kept(self):
        archive = self.archive()
        with zipfile.ZipFile(archive, "a") as out:
            out.writestr("../../evil.jpg", JPEG)
            out.writestr("/etc/evil.jpg", JPEG)
        report, bundle = self.kept(archive)
        self.assertEqual(sum(f["fate"] == "broken" for f in report["files"]), 2)
        self.assertEqual(len(bundle.records("post")), 2)
        self.assertFalse([n for n in bundle.names if "evil" in n and ".." in n])

    def test_an_overlapping_bomb(self):
        archive = self.archive()
        data = bytearray(archive.read_bytes())
        # The second central entry points at the first one's local header.
        central = data.find(b"PK\x01\x02", data.find(b"PK\x01\x02") + 4)
        data[central + 42:central + 46] = struct.pack("<I", 0)
        archive.write_bytes(data)
        run = self.valise("import", archive, code=None)
        self.assertIn(run.code, (0, 3))
        self.assertRegex(run.out + run.err, "overlap|disagree")

    def test_a_high_ratio_bomb_stays_bounded(self):
        with zipfile.ZipFile(self.archive(), "a", zipfile.ZIP_DEFLATED) as out:
            out.writestr("media/posts/202407/zeros.jpg", b"\0" * (200 << 20))
        path = self.folder / "archive.zip"
        data = bytearray(path.read_bytes())
        entry = data.rfind(b"PK\x01\x02")
        data[entry + 24:entry + 28] = struct.pack("<I", 1000)  # claims to be small
        path.write_bytes(data)
        report, bundle = self.kept(path)
        broken = [f for f in report["files"] if f["fate"] == "broken"]
        self.assertEqual([f["path"] for f in broken], ["media/posts/202407/zeros.jpg"])
        self.assertLess(sum(i.file_size for i in bundle.zip.infolist()), 5 << 20)

    def test_more_than_ten_million_entries(self):
        """The end of the ZIP says so (APPNOTE 4.3.14); of the directory there is a first header's signature and a hole."""
        count, header = 10_000_001, 46 + len("media/other/1.jpg")
        archive, size = self.folder / "many.zip", count * header
        with archive.open("wb") as out:
            out.write(b"PK\1\2")
            out.seek(size)
            out.write(struct.pack("<IQHHIIQQQQ", 0x06064B50, 44, 45, 45, 0, 0, count, count, size, 0))
            out.write(struct.pack("<IIQI", 0x07064B50, 0, size, 1))
            out.write(struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0))
        self.refused("more than 10000000 entries", "one after the other", path=archive)

    def test_an_output_that_nobody_reads_or_that_is_full(self):
        self.import_json(self.archive())
        command = [BINARY, "--data", self.data, "accounts"]
        reading, writing = os.pipe()
        os.close(reading)
        gone = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, text=True)
        os.close(writing)
        self.assertEqual((gone.returncode, gone.stderr), (0, ""))
        with open("/dev/full", "w") as full:
            done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True)
        self.assertEqual(done.returncode, 6)
        self.assertIn("No space left", done.stderr)

    def test_a_file_of_options(self):
        file = self.folder / "valise.conf"
        file.write_text("public-url = https://valise.example\nport = 1\nbehind-proxy = true\n")
        command = [BINARY, "--data", self.data, "serve", "--config", file]
        with subprocess.Popen([*command, "--port", "0"], stderr=subprocess.PIPE, text=True) as server:
            try:
                said = [server.stderr.readline(), server.stderr.readline()]  # the log's line, and where it is
                self.assertIn("https://valise.example", "".join(said))
            finally:
                server.terminate()
        for text, word in (("port = abc", "port"), ("colour = red", "colour"), (None, "no such file")):
            file.unlink()
            if text:
                file.write_text(text)
            done = subprocess.run(command, stderr=subprocess.PIPE, text=True, timeout=30)
            self.assertNotEqual(done.returncode, 0)
            self.assertIn(word, done.stderr)

    def test_another_process_importing(self):
        self.import_json(self.archive())
        lock = next(self.data.glob("accounts/*/lock"))
        holder = subprocess.Popen(["flock", str(lock), "sleep", "60"])
        self.addCleanup(holder.kill)
        time.sleep(0.3)
        story = {"uri": "media/posts/202407/1.jpg", "creation_timestamp": 1720000009, "title": ""}
        write_json(self.tree / STORIES, {"ig_stories": [story]})
        self.refused("another", path=self.archive("second.zip"), code=5)

    @unittest.skipUnless(os.geteuid() == 0, "needs root to mount a small disk")
    def test_a_full_disk_harms_nothing(self):
        small = self.folder / "small"
        small.mkdir()
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(small)], capture_output=True).returncode != 0:
            self.skipTest("mounting is not allowed here")
        self.addCleanup(subprocess.run, ["umount", "-l", str(small)], check=False)
        data = small / "data"
        self.import_json(self.archive(), data=data)
        before = self.valise("accounts", "--json", data=data).json
        for n in range(40):
            (self.tree / f"media/posts/202407/big{n}.jpg").write_bytes(JPEG + os.urandom(1 << 20))
        run = self.valise("import", self.archive("big.zip"), data=data, code=6)
        self.assertRegex(run.err, "full|No space")
        self.assertEqual(self.valise("accounts", "--json", data=data).json, before)
        self.assertEqual(len(self.export("after.zip", data=data).records("post")), 2)

    def test_a_hostile_caption_stays_text(self):
        write_json(self.tree / POSTS, [post(1720000001, "media/posts/202407/1.jpg",
                                            "</script><script>alert(1)</script><img src=x onerror=alert(1)>")])
        _, bundle = self.kept()
        texts = [r["text"] for r in bundle.records("post").values()]
        self.assertEqual(texts, ["</script><script>alert(1)</script><img src=x onerror=alert(1)>"])
        self.assertNotIn("<script>alert", bundle.read("START-HERE.html").decode())

    def test_killed_at_any_instant_it_goes_on(self):
        for n in range(3, 403):
            (self.tree / f"media/posts/202407/{n}.jpg").write_bytes(JPEG + os.urandom(100_000))
        write_json(self.tree / POSTS, [post(1720000000 + n, f"media/posts/202407/{n}.jpg", f"number {n}") for n in range(1, 403)])
        archive = self.archive("long.zip")
        undisturbed = self.folder / "undisturbed"
        self.import_json(archive, data=undisturbed)
        for delay in (0.01, 0.03, 0.06, 0.1, 0.15):
            process = subprocess.Popen([BINARY, "--data", str(self.data), "import", str(archive)],
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(delay)
            process.send_signal(signal.SIGKILL)
            process.wait()
        self.import_json(archive)
        mine, theirs = self.export("mine.zip"), self.export("theirs.zip", data=undisturbed)
        self.assertEqual(mine.records(), theirs.records())
        self.assertEqual(mine.media(), theirs.media())


if __name__ == "__main__":
    unittest.main()
