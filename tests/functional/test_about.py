"""about-your-data.html in every portable bundle: the operator's text, or plainly that there is none."""

import hashlib
import json
import unittest

from valise import Case, sha256

TEXT = """
[en]
purposes = ["Showing <your> posts", "Safety"]
authority = "CNIL, https://www.cnil.fr"
[fr]
purposes = "Montrer vos publications"
"""


class About(Case):
    def setUp(self):
        super().setUp()
        archive, self.truth = self.generate("archive.zip", "--preset", "tiny", "--seed", 7)
        self.import_json(archive)

    def write(self, text, name="about.toml"):
        path = self.folder / name
        path.write_text(text, "utf-8")
        return path

    def test_without_a_text_it_says_so(self):
        bundle = self.export()
        page = bundle.read("about-your-data.html").decode()
        self.assertIn("has not written down why your data are processed", page)
        self.assertIn("n’a pas écrit pourquoi", page)
        told = json.loads(bundle.read("about-your-data.json"))
        self.assertIsNone(told["operator"])
        self.assertIn("about-your-data.html", bundle.read("START-HERE.html").decode())

    def test_tells_what_stands_in_the_bundle(self):
        bundle = self.export()
        told = json.loads(bundle.read("about-your-data.json"))
        counts = {c["category"]: c["count"] for c in told["contents"]}
        for kind in ("post", "comment", "message", "like"):
            self.assertEqual(counts[kind + "s"], len(bundle.records(kind)), kind)
        self.assertEqual(counts["photos"] + counts["videos"] + counts.get("other_media", 0), len(bundle.media()))
        sizes = {c["category"]: c["bytes"] for c in told["contents"]}
        self.assertEqual(sizes["photos"] + sizes["videos"] + sizes.get("other_media", 0),
                         sum(len(bundle.read(name)) for name in bundle.media()))
        for category in told["contents"]:
            where = category["where"]
            self.assertTrue([n for n in bundle.under("data/") if n.startswith(where)], where)

    def test_shows_the_operators_text(self):
        bundle = self.export("told.zip", "--about", self.write(TEXT))
        page = bundle.read("about-your-data.html").decode()
        self.assertIn("Showing &lt;your&gt; posts", page)
        self.assertIn("Montrer vos publications", page)
        self.assertNotIn("<script", page)
        told = json.loads(bundle.read("about-your-data.json"))
        self.assertEqual(told["operator"]["digest"], hashlib.sha256(TEXT.encode()).hexdigest())
        self.assertEqual(told["operator"]["sections"]["fr"], {"purposes": ["Montrer vos publications"]})
        self.assertTrue(self.valise("verify", "--json", bundle.path).json["whole"])

    def test_the_text_beside_the_accounts_is_taken(self):
        given = self.export("a.zip", "--about", self.write(TEXT))
        (self.data / "about.toml").write_text(TEXT, "utf-8")
        self.assertEqual(sha256(self.export("b.zip").path), sha256(given.path))
        other = self.export("c.zip", "--about", self.write(TEXT.replace("Safety", "Security"), "other.toml"))
        self.assertNotEqual(sha256(other.path), sha256(given.path))

    def test_refuses_what_it_does_not_know(self):
        done = self.valise("export", "--about", self.write("[en]\npurpose = 'x'\n"), code=3)
        self.assertIn("line 2", done.err)
        self.assertIn("`purpose` is not one of", done.err)
        self.valise("export", "--about", self.folder / "nowhere.toml", code=4)

    def test_it_is_not_taken_for_an_original(self):
        bundle = self.export()
        other = self.folder / "other"
        self.import_json(bundle.path, data=other)
        again = self.export("again.zip", data=other)
        self.assertEqual(sorted(bundle.under("data/originals/")), sorted(again.under("data/originals/")))


if __name__ == "__main__":
    unittest.main()
