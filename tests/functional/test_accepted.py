"""A bundle is accepted, with nothing to complain of, by programs that we did not write."""

import subprocess
import unittest
import zipfile

from valise import Case, has


class Opened:
    """What every ZIP of ours goes through, whatever its format."""

    def run_quietly(self, *command, cwd=None):
        done = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=120, cwd=cwd)
        self.assertEqual(done.returncode, 0, done.stdout[-2000:] + done.stderr[-2000:])
        self.assertNotRegex((done.stdout + done.stderr).lower(), r"\bwarning")
        return done.stdout

    @unittest.skipUnless(has("unzip"), "no unzip")
    def test_unzip(self):
        self.assertIn("No errors detected", self.run_quietly("unzip", "-t", self.path))

    @unittest.skipUnless(has("7zz"), "no 7zz")
    def test_7zz(self):
        self.assertIn("Everything is Ok", self.run_quietly("7zz", "t", self.path))

    @unittest.skipUnless(has("bsdtar"), "no bsdtar")
    def test_bsdtar(self):
        listed = self.run_quietly("bsdtar", "-tf", self.path).splitlines()
        self.assertEqual(sorted(listed), sorted(self.names()))

    @unittest.skipUnless(has("jar"), "no jar")
    def test_jar(self):
        listed = self.run_quietly("jar", "tf", self.path).splitlines()
        self.assertEqual(sorted(listed), sorted(self.names()))

    def test_python(self):
        self.assertIsNone(zipfile.ZipFile(self.path).testzip())

    def names(self):
        return zipfile.ZipFile(self.path).namelist()

    def test_names_are_safe_everywhere(self):
        folded = set()
        for name in self.names():
            self.assertNotRegex(name, r'[\x00-\x1f\x7f%\\:*?"<>|]')
            for segment in name.split("/"):
                self.assertFalse(segment.endswith((".", " ")), name)
            self.assertNotIn(name.lower(), folded)
            folded.add(name.lower())


class AcceptedInstagram(Opened, Case):
    def setUp(self):
        super().setUp()
        archive, _ = self.generate("archive.zip", "--preset", "tiny", "--seed", 5)
        self.import_json(archive)
        self.path = self.folder / "moving.zip"
        self.valise("export", "--format", "instagram", "-o", self.path)

    def test_the_first_entry_is_small_and_plain(self):
        first = zipfile.ZipFile(self.path).infolist()[0]
        self.assertEqual(first.compress_type, zipfile.ZIP_STORED)
        self.assertLess(first.file_size, 1000)


class Accepted(Opened, Case):
    def setUp(self):
        super().setUp()
        archive, _ = self.generate("archive.zip", "--preset", "tiny", "--seed", 5)
        self.import_json(archive)
        self.bundle = self.export()
        self.path = self.bundle.path

    def test_sha256sum_on_both_manifests(self):
        self.bundle.zip.extractall(self.folder / "unpacked")
        bag = self.folder / "unpacked" / self.bundle.top
        self.run_quietly("sha256sum", "-c", "--strict", "--quiet", "manifest-sha256.txt", cwd=bag)
        self.run_quietly("sha256sum", "-c", "--strict", "--quiet", "tagmanifest-sha256.txt", cwd=bag)

    def test_every_payload_file_stands_in_the_manifest(self):
        listed = {line.split(None, 1)[1] for line in self.bundle.read("manifest-sha256.txt").decode().splitlines()}
        self.assertEqual(listed, set(self.bundle.under("data/")))

    @unittest.skipUnless(has("minisign"), "no minisign")
    def test_minisign(self):
        self.bundle.zip.extractall(self.folder / "unpacked")
        bag = self.folder / "unpacked" / self.bundle.top
        key = self.valise("verify", "--show-key").out.strip()
        out = self.run_quietly("minisign", "-V", "-P", key, "-m", "tagmanifest-sha256.txt",
                               "-x", "tagmanifest-sha256.txt.minisig", cwd=bag)
        self.assertIn("verified", out)

    def test_the_first_entry_is_small_and_plain(self):
        first = self.bundle.zip.infolist()[0]
        self.assertTrue(first.filename.endswith("/bagit.txt"))
        self.assertLess(first.file_size, 1000)


class Verify(Case):
    def setUp(self):
        super().setUp()
        archive, _ = self.generate("archive.zip", "--preset", "tiny", "--seed", 5)
        self.import_json(archive)
        self.bundle = self.export()

    def unpack(self):
        self.bundle.zip.extractall(self.folder / "unpacked")
        return self.folder / "unpacked" / self.bundle.top

    def test_a_whole_bundle_is_whole(self):
        report = self.valise("verify", "--json", self.bundle.path).json
        self.assertTrue(report["whole"])
        # All but the tag manifest and its signature, which nothing lists.
        self.assertEqual(report["files"], len(self.bundle.names) - 2)
        self.assertEqual(report["signature"]["state"], "good")
        self.assertTrue(self.valise("verify", "--json", self.unpack()).json["whole"])

    def test_names_what_is_damaged_missing_and_extra(self):
        bag = self.unpack()
        media = sorted(self.bundle.under("data/media/"))
        (bag / media[0]).write_bytes((bag / media[0]).read_bytes()[:-1] + b"?")
        (bag / media[1]).unlink()
        (bag / "data/extra.txt").write_text("not mine")
        report = self.valise("verify", "--json", bag, code=1).json
        self.assertFalse(report["whole"])
        self.assertEqual(report["damaged"], [media[0]])
        self.assertEqual(report["missing"], [media[1]])
        self.assertEqual(report["extra"], ["data/extra.txt"])

    def test_finds_one_changed_byte_in_the_zip(self):
        damaged = self.folder / "damaged.zip"
        data = bytearray(self.bundle.path.read_bytes())
        info = max(self.bundle.zip.infolist(), key=lambda i: i.file_size)
        data[info.header_offset + 400] ^= 1
        damaged.write_bytes(data)
        report = self.valise("verify", "--json", damaged, code=1).json
        self.assertEqual(report["damaged"], [info.filename[len(self.bundle.top) + 1:]])

    def test_a_forged_manifest_fails_the_signature(self):
        bag = self.unpack()
        tags = (bag / "tagmanifest-sha256.txt").read_text()
        (bag / "tagmanifest-sha256.txt").write_text(tags + "\n")
        report = self.valise("verify", "--json", bag, code=1).json
        self.assertEqual(report["signature"]["state"], "bad")

    def test_any_bag(self):
        bag = self.folder / "bag"
        (bag / "data").mkdir(parents=True)
        (bag / "data/hello.txt").write_text("hello\n")
        (bag / "bagit.txt").write_text("BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-8\n")
        (bag / "manifest-md5.txt").write_text("b1946ac92492d2347c6235b4d2611184  data/hello.txt\n")
        self.assertTrue(self.valise("verify", "--json", bag).json["whole"])


if __name__ == "__main__":
    unittest.main()
