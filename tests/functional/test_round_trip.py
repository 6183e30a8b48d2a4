"""Import, export, import: the identity. And the same bytes for ever."""

import hashlib
import json
import subprocess
import unittest

from valise import BINARY, Case, has, sha256


class RoundTrip(Case):
    def setUp(self):
        super().setUp()
        self.archive, self.truth = self.generate("archive.zip", "--preset", "tiny", "--seed", 3)
        self.import_json(self.archive)
        self.bundle = self.export()

    def test_a_bundle_in_an_empty_library_is_the_same_account(self):
        other = self.folder / "other"
        self.import_json(self.bundle.path, data=other)
        again = self.export("again.zip", data=other)
        self.assertEqual(self.bundle.records(), again.records())
        self.assertEqual(self.bundle.media(), again.media())
        self.assertEqual({n: self.bundle.read(n) for n in self.bundle.under("data/originals/")},
                         {n: again.read(n) for n in again.under("data/originals/")})

    def test_issues_and_all_other_payload_come_back(self):
        archive, _ = self.generate("lossy.zip", "--preset", "tiny", "--seed", 4, "--quirks", "missing-media")
        one, other = self.folder / "one", self.folder / "two"
        self.import_json(archive, data=one)
        first = self.export("lossy-bundle.zip", data=one)
        self.import_json(first.path, data=other)
        again = self.export("lossy-again.zip", data=other)
        self.assertTrue(json.loads(first.read("data/issues.json")))
        # These say which head and when.
        headed = {"data/account.json", "data/report.json", "data/ro-crate-metadata.json"}
        self.assertEqual({n: first.read(n) for n in first.under("data/") if n not in headed},
                         {n: again.read(n) for n in again.under("data/") if n not in headed})
        reports = [json.loads(bundle.read("data/report.json")) for bundle in (first, again)]
        for report in reports:
            del report["head"], report["as_of"]
        self.assertEqual(*reports)
        self.assertGreater(reports[0]["missing"]["count"], 0)

    def test_an_unpacked_bundle_can_be_imported_too(self):
        self.bundle.zip.extractall(self.folder / "unpacked")
        other = self.folder / "other"
        self.import_json(self.folder / "unpacked" / self.bundle.top, data=other)
        self.assertEqual(self.bundle.records(), self.export("again.zip", data=other).records())

    def test_its_own_bundle_adds_nothing(self):
        before = self.valise("accounts", "--json").json
        self.import_json(self.bundle.path)
        self.assertEqual(self.valise("accounts", "--json").json, before)

    def test_the_archive_again_adds_nothing(self):
        before = self.valise("accounts", "--json").json
        self.assertTrue(self.import_json(self.archive)["already_here"])
        self.assertEqual(self.valise("accounts", "--json").json, before)

    def test_two_exports_are_the_same_bytes(self):
        self.assertEqual(sha256(self.bundle.path), sha256(self.export("second.zip").path))

    @unittest.skipUnless(has("faketime"), "faketime is not installed")
    def test_a_day_later_too(self):
        later = self.folder / "later.zip"
        subprocess.run(["faketime", "+1 day", BINARY, "--data", str(self.data), "export", "-o", str(later)],
                       check=True, capture_output=True, timeout=120)
        self.assertEqual(sha256(self.bundle.path), sha256(later))

    def test_every_received_file_comes_back(self):
        import zipfile
        received = zipfile.ZipFile(self.archive)
        have = {hashlib.sha256(self.bundle.read(n)).hexdigest()
                for n in self.bundle.under("data/media/") + self.bundle.under("data/originals/")}
        for name in received.namelist():
            if not name.endswith("/"):
                self.assertIn(hashlib.sha256(received.read(name)).hexdigest(), have, name)

    def test_the_report_adds_up(self):
        report = json.loads(self.bundle.read("data/report.json"))
        self.assertEqual(report["missing"]["count"], 0)
        files = report["files"]
        self.assertEqual(files["received"], sum(v for k, v in files.items() if k != "received"))


if __name__ == "__main__":
    unittest.main()
