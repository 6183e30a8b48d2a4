"""An Instagram-shaped archive: our reader takes the same account from it, and other services' importers the right captions."""

import hashlib
import json
import re
import unittest
import zipfile

from valise import Case, sha256, write_json, zip_folder

POSTS = "your_instagram_activity/media/posts_1.json"

CAPTIONS = [
    "plain", "café déjà vu", "“quotes” \"straight\" 'single'", "back\\slash \\u00e9 \\\\n \\", "line\nline\r\n\ttab",
    "😀 👨‍👩‍👧 🇫🇷 ❤️", "日本語 한국어 中文", "العربية עברית", "हिन्दी ไทย", "Ελληνικά Кириллица", "Ã© looks mangled",
    "Ã©", "ÿ þ ¿", "a & b < c > d", "œ Œ ’ …", "𝒻𝒶𝓃𝒸𝓎", "#a#b @c.d", "e\u0301 combining", "\u200bzero\ufeffwidth",
]


def as_importers_read(text):
    """What a page that takes Instagram's archives does before it parses: each \\u00xx in lower case becomes a character, then
    every UTF-16 unit is cut to its low byte and the bytes are read as UTF-8 (docs/formats/instagram-bundle.md, Text)."""
    text = re.sub(r"\\u00([a-f0-9]{2})", lambda m: chr(int(m[1], 16)), text)
    return text.encode("utf-16-le")[::2].decode("utf-8", "replace")


def instagram_text(text):
    """As Instagram writes a text: its UTF-8 bytes as code points."""
    return text.encode("utf-8").decode("latin-1")


class InstagramBundle(Case):
    def export_instagram(self, name="moving.zip", *args, data=None):
        path = self.folder / name
        self.valise("export", "--format", "instagram", "-o", path, *args, data=data)
        return path

    def there_and_back(self):
        """The portable bundles of this account, and of one made from its Instagram-shaped archive."""
        other = self.folder / "other"
        path = self.export_instagram("instagram-ann-2024-01-02-abcd1234.zip")
        self.import_json(path, data=other)
        return path, self.export("before.zip"), self.export("after.zip", data=other)

    def check_same(self, *options):
        archive, _ = self.generate("archive.zip", *options)
        self.import_json(archive)
        path, before, after = self.there_and_back()
        self.maxDiff = 4000
        first, second = comparable(before), comparable(after)
        self.assertEqual(set(first), set(second))
        for key in first:
            self.assertEqual(first[key], second[key])
        self.assertEqual(sorted(before.media().values()), sorted(after.media().values()))
        return path

    def test_a_generated_account_comes_back(self):
        for options in (("--generation", "g3b"), ("--generation", "g4"), ("--generation", "mixed", "--language", "fr"),
                        ("--quirks", "same-second", "gps", "empty-thread", "deleted-user", "orphan-media"),
                        ("--messages", 25000, "--conversations", 3)):
            with self.subTest(options):
                self.setUp()
                self.check_same("--preset", "tiny", "--seed", 6, *options)

    def test_the_demo_account_comes_back(self):
        self.check_same("--preset", "demo")

    def test_names_are_unique_and_as_importers_want_them(self):
        archive, _ = self.generate("archive.zip", "--preset", "tiny", "--seed", 6)
        self.import_json(archive)
        opened = zipfile.ZipFile(self.export_instagram())
        media = [n for n in opened.namelist() if not n.endswith((".json", ".txt"))]
        base_names = [n.rsplit("/", 1)[1] for n in media]
        self.assertEqual(len(base_names), len(set(base_names)))
        posts = json.loads(opened.read(POSTS))
        self.assertTrue(posts)
        times = [post["creation_timestamp"] for post in posts]
        self.assertEqual(times, sorted(times, reverse=True))
        for post in posts:
            for medium in post["media"]:
                self.assertRegex(medium["uri"], r"^media/(posts|other)/\d{6}/[0-9a-f_]+\.(jpg|png|mp4|webp)$")
                self.assertIn(medium["uri"], media)

    def make_captions(self):
        root = self.folder / "made"
        photo = root / "media/posts/202401"
        photo.mkdir(parents=True)
        posts = []
        for i, caption in enumerate(CAPTIONS):
            (photo / f"{i}.jpg").write_bytes(b"\xff\xd8\xff" + bytes([i]) * 20)
            posts.append({"media": [{"uri": f"media/posts/202401/{i}.jpg", "creation_timestamp": 1704067200 + i,
                                     "title": ""}],
                          "title": instagram_text(caption), "creation_timestamp": 1704067200 + i})
        write_json(root / POSTS, posts)
        self.import_json(zip_folder(root, self.folder / "instagram-ann-2024-01-02-abcd.zip"))

    def test_importers_read_the_right_captions(self):
        self.make_captions()
        raw = zipfile.ZipFile(self.export_instagram()).read(POSTS)
        raw.decode("ascii")
        # Ours reads "Ã©" that Instagram wrote as it is: it was never mangled twice.
        for text in (as_importers_read(raw.decode()), raw.decode()):
            posts = json.loads(text)
            found = [post["media"][0]["title"] for post in reversed(posts)]
            expected = [c if text == as_importers_read(raw.decode()) else as_parsed(c) for c in CAPTIONS]
            self.assertEqual(found, expected)
            self.assertEqual([post["title"] for post in reversed(posts)], expected)

    def test_captions_come_back(self):
        self.make_captions()
        _, before, after = self.there_and_back()
        self.assertEqual(comparable(before), comparable(after))
        self.assertEqual(sorted(r["text"] for r in before.records("post").values()), sorted(CAPTIONS))

    def test_two_exports_are_the_same_bytes(self):
        archive, _ = self.generate("archive.zip", "--preset", "tiny", "--seed", 6)
        self.import_json(archive)
        self.assertEqual(sha256(self.export_instagram("a.zip")), sha256(self.export_instagram("b.zip")))

    def test_choices_are_kept(self):
        archive, _ = self.generate("archive.zip", "--preset", "tiny", "--seed", 6)
        self.import_json(archive)
        names = zipfile.ZipFile(self.export_instagram("a.zip", "--kind", "comment")).namelist()
        self.assertTrue([n for n in names if "/comments/" in n])
        self.assertFalse([n for n in names if "/messages/" in n or n == POSTS])

    def test_says_what_it_leaves_out(self):
        archive, _ = self.generate("lossy.zip", "--preset", "tiny", "--seed", 4, "--quirks", "missing-media")
        self.import_json(archive)
        opened = zipfile.ZipFile(self.export_instagram())
        text = opened.read("README.txt").decode()
        self.assertIn("that were never received", text)
        self.assertIn("n’ont jamais été reçus", text)


def as_parsed(caption):
    """What a parser that repairs nothing sees: as it is, save what looks mangled, which is written as Instagram would."""
    try:
        caption.encode("latin-1").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return caption
    return instagram_text(caption)


def comparable(bundle):
    """Every record by key, without what the way back changes (docs/formats/instagram-bundle.md)."""
    found = {}
    for key, record in bundle.records().items():
        if record["kind"] == "activity":
            continue
        record = json.loads(json.dumps(record))
        record.pop("provenance", None)
        strip_paths(record)
        found[key] = record
    return found


def strip_paths(value):
    if isinstance(value, list):
        for one in value:
            strip_paths(one)
    elif isinstance(value, dict):
        if "digest" in value:
            value.pop("path", None)
        for one in value.values():
            strip_paths(one)


if __name__ == "__main__":
    unittest.main()
