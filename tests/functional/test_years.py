"""The same account in archives of several years, generations, languages and packings: each record once, and nothing twice."""

import collections
import json
import unittest
import zipfile

from truth import TruthCase
from valise import write_json, zip_folder

ACCOUNT = ("--media-scale", 0, "--seed", 31, "--posts", 60, "--stories", 24, "--conversations", 7, "--messages", 420,
           "--comments", 48, "--likes", 48, "--saved", 24, "--followers", 30, "--following", 36, "--media-per-post", 5)
DAYS = {"g1": "2020-11-15", "g1b": "2021-02-20", "g2a": "2021-09-30", "g2b": "2023-02-01", "g3a": "2024-06-01",
        "g3b": "2025-11-01", "g4": "2026-02-10"}


def name_of(generation, day, pages=False):
    if generation.startswith("g1"):
        return f"elise.hartwell_{day.replace('-', '')}.zip"
    return f"instagram-elise.hartwell-{day}-{'pages' if pages else 'Ab12Cd34'}.zip"


def plain(records, *, keys=False, provenance=True):
    """The records as a multiset of texts in which no order of imports shows: keys are of the first sight of a record."""
    conversations = {r["key"]: sorted(r.get("evidence", [])) for r in records.values() if r["kind"] == "conversation"}

    def text(record):
        record = dict(record)
        if record["kind"] == "message":
            record["conversation"] = conversations[record["conversation"]]
        if not keys:
            del record["key"]
        if not provenance:
            del record["provenance"]
            record.pop("told", None)  # names imports, too
        if "evidence" in record:
            record["evidence"] = sorted(record["evidence"])
        return json.dumps(record, sort_keys=True, ensure_ascii=False)

    return collections.Counter(map(text, records.values()))


class YearsCase(TruthCase):
    def year(self, generation, *more, day=None, pages=False):
        """The archive of the account on a day, made once."""
        day = day or DAYS[generation]
        self.made = getattr(self, "made", {})
        which = (generation, day, pages, *more)
        if which not in self.made:
            folder = self.folder / f"made{len(self.made)}"
            folder.mkdir()
            args = [*ACCOUNT, "--generation", generation, "--taken", day, *more, *(["--pages"] if pages else [])]
            self.made[which] = self.generate(f"{folder.name}/{name_of(generation, day, pages)}", *args)
        return self.made[which]

    def library(self, name, *archives):
        """A library into which archives were taken one after the other: its bundle and the reports."""
        data = self.folder / name
        reports = [self.import_json("--account", "elise.hartwell", a, data=data) if i else self.import_json(a, data=data)
                   for i, a in enumerate(archives)]
        return self.export(f"{name}.zip", data=data), reports

    def assertSame(self, one, other, **how):
        left, right = plain(one.records(), **how), plain(other.records(), **how)
        missing, extra = list((left - right).elements()), list((right - left).elements())
        self.assertFalse(missing or extra, f"{len(missing)} missing, {len(extra)} extra:\n{missing[:2]}\n{extra[:2]}")

    def assertAddsNothing(self, report):
        new = {kind: r["new"] for kind, r in report["records"].items() if r["new"]}
        self.assertEqual(new, {}, "records that were new")
        self.assertEqual(report["media"]["new"], 0)


class Union(YearsCase):
    def check_years(self, *generations):
        made = [self.year(g) for g in generations]
        bundle, reports = self.library("turn", *(archive for archive, _ in made))
        first, last = made[0][1], made[-1][1]
        # The newest archive holds all; what only the oldest told stays.
        places = {p["time"]: p["place"] for p in first["posts"] if "place" in p}
        self.assertTrue(places)
        for post in last["posts"]:
            post["place"] = places.get(post["time"], "")
        self.check_bundle(last, bundle)
        for report in reports[1:]:
            self.assertFalse(report["already_here"])
        # Nothing was deleted from one archive to the next.
        self.assertEqual([r for r in bundle.records().values() if "absent_since" in r][:3], [])
        self.check_provenance(bundle, made)

    def check_provenance(self, bundle, made):
        """What all archives hold names all of them."""
        oldest = max(m["time_ms"] for c in made[0][1]["conversations"] for m in c["messages"])
        everywhere = {"story": 0, "message": 0}
        for record in bundle.records().values():
            if record["kind"] not in everywhere or self.ms(record["time"]) > oldest:
                continue
            self.assertEqual(len({p[0] for p in record["provenance"]}), len(made), record)
            everywhere[record["kind"]] += 1
        self.assertTrue(all(everywhere.values()), everywhere)

    @staticmethod
    def ms(time):
        import datetime
        return datetime.datetime.fromisoformat(time.replace("Z", "+00:00")).timestamp() * 1000

    def test_g1_g2a_g3b_g4(self):
        self.check_years("g1", "g2a", "g3b", "g4")

    def test_g1b_g2b_g3a_g4(self):
        self.check_years("g1b", "g2b", "g3a", "g4")


class Order(YearsCase):
    def check_order(self, *generations):
        archives = [self.year(g)[0] for g in generations]
        forth, _ = self.library("forth", *archives)
        back, _ = self.library("back", *reversed(archives))
        self.assertSame(forth, back)

    def test_2021_after_2024(self):
        self.check_order("g2a", "g3a")

    def test_g1_after_g4(self):
        self.check_order("g1", "g4")

    def test_four_years_in_all_orders_of_the_oldest(self):
        archives = {g: self.year(g)[0] for g in ("g1", "g2a", "g3b", "g4")}
        first, _ = self.library("first", *archives.values())
        for order in (("g3b", "g1", "g4", "g2a"), ("g2a", "g4", "g1", "g3b")):
            with self.subTest(order):
                other, _ = self.library("-".join(order), *(archives[g] for g in order))
                self.assertSame(first, other)

    def test_four_years_backwards(self):
        self.check_order("g1", "g2a", "g3b", "g4")


class Again(YearsCase):
    """A second import of the same content."""

    def setUp(self):
        super().setUp()
        self.archive, self.truth = self.year("g3b")
        self.unpacked = self.folder / "unpacked"
        zipfile.ZipFile(self.archive).extractall(self.unpacked)

    def rezip(self, name, files, prefix="", compress=True):
        path = self.folder / name
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED) as out:
            for file in files:
                out.write(file, prefix + str(file.relative_to(self.unpacked)))
        return path

    def files(self):
        return sorted(p for p in self.unpacked.rglob("*") if p.is_file())

    def test_packed_otherwise(self):
        whole, [_] = self.library("one", self.archive)
        reordered = list(reversed(self.files()))
        for name, archive in {
                "rezipped": zip_folder(self.unpacked, self.folder / "rezipped.zip", compress=True),
                "reordered": self.rezip("reordered.zip", reordered),
                "another root": self.rezip("root.zip", self.files(), "backup/instagram-elise.hartwell-2025-11-01-Zz99/"),
                "a folder": self.unpacked}.items():
            with self.subTest(name):
                before = self.valise("accounts", "--json", data=self.folder / "one").json
                self.assertTrue(self.import_json(archive, data=self.folder / "one")["already_here"])
                self.assertEqual(self.valise("accounts", "--json", data=self.folder / "one").json, before)
        self.assertSame(whole, self.export("after.zip", data=self.folder / "one"), keys=True)

    def parts(self):
        """JSON in one part, media in two others."""
        files = self.files()
        json_files = [f for f in files if f.suffix == ".json" or f.suffix == ".txt"]
        media = [f for f in files if f not in json_files]
        name = "instagram-elise.hartwell-2025-11-01-"
        return [self.rezip(f"{name}{i}.zip", part, f"{name}{i}/")
                for i, part in enumerate((json_files, media[::2], media[1::2]))]

    def test_parts_instead_of_the_whole(self):
        parts = self.parts()
        data = self.folder / "parts"
        self.library("parts", self.archive)
        self.assertTrue(self.import_json(*parts, data=data)["already_here"])
        for part in parts:
            report = self.import_json("--account", "elise.hartwell", part, data=data)
            self.assertAddsNothing(report)
        whole, _ = self.library("whole", self.archive)
        self.assertSame(whole, self.export("parts-after.zip", data=data), keys=True, provenance=False)

    def test_a_missing_part_is_filled_in(self):
        lists, *media = self.parts()
        data = self.folder / "late"
        self.assertGreater(self.import_json(lists, data=data)["records"]["post"]["missing_media"], 0)
        report = self.import_json(*reversed(media), lists, data=data)
        self.assertEqual(sum(r["new"] for r in report["records"].values()), 0)
        self.assertGreater(report["media"]["new"], 0)
        whole, _ = self.library("whole", self.archive)
        self.assertSame(whole, self.export("late-after.zip", data=data), keys=True, provenance=False)

    def test_another_language(self):
        _, reports = self.library("languages", self.archive, self.year("g3b", "--language", "de")[0])
        self.assertAddsNothing(reports[1])

    def test_pages_after_json(self):
        for generation in ("g3b", "g2a"):
            with self.subTest(generation):
                archive, _ = self.year(generation)
                pages, _ = self.year(generation, pages=True)
                before, _ = self.library(f"{generation}-json", archive)
                after, reports = self.library(f"{generation}-both", archive, pages)
                self.assertAddsNothing(reports[1])
                self.assertSame(before, after, keys=True, provenance=False)

    def test_json_after_pages(self):
        pages, _ = self.year("g3b", pages=True)
        before, _ = self.library("json", self.archive)
        after, reports = self.library("both", pages, self.archive)
        self.assertEqual({k: r["new"] for k, r in reports[1]["records"].items() if k in ("post", "message", "comment", "like")},
                         {"post": 0, "message": 0, "comment": 0, "like": 0})
        kinds = ("post", "story", "comment", "message", "like", "saved", "connection")
        for kind in kinds:
            left = [(r["time"], r.get("text")) for r in before.records(kind).values()]
            right = [(r["time"], r.get("text")) for r in after.records(kind).values()]
            self.assertEqual(collections.Counter(left), collections.Counter(right), kind)


class HandCase(YearsCase):
    """Archives whose files a test writes itself."""

    def archive(self, day, files, media=None):
        folder = self.folder / f"hand-{day}"
        for path, value in files.items():
            write_json(folder / path, value)
        for path, content in (media or {}).items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content)
        write_json(folder / "account_information/personal_information.json", {"profile_user": [{
            "title": "", "media_map_data": {}, "string_map_data": {"Username": {"href": "", "value": "ann", "timestamp": 0}}}]})
        return zip_folder(folder, self.folder / f"instagram-ann-{day}-x.zip")

    def g1(self, day, files):
        folder = self.folder / f"hand-{day}"
        write_json(folder / "profile.json", {"username": "ann", "biography": ""})
        for path, value in files.items():
            write_json(folder / path, value)
        return zip_folder(folder, self.folder / f"ann_{day.replace('-', '')}.zip")

    def both_ways(self, older, newer, check):
        for name, archives in (("forth", (older, newer)), ("back", (newer, older))):
            with self.subTest(name):
                data = self.folder / name
                for archive in archives:
                    self.import_json(archive, data=data)
                check(self.export(f"{name}.zip", data=data))

    def thread(self, names, messages, title, path):
        return {"participants": [{"name": n} for n in names], "title": title, "thread_path": f"inbox/{path}",
                "is_still_participant": True, "magic_words": [], "messages": messages}

    def message(self, sender, ms, text, **more):
        return {"sender_name": sender, "timestamp_ms": ms, "content": text, **more}


class ByHand(HandCase):
    """What changes from one year to the next."""

    JPEG = b"\xff\xd8\xff\xe0"

    def post(self, uri, title, time):
        return {"media": [{"uri": uri, "creation_timestamp": time, "title": title}]}

    def test_an_edited_caption_and_a_picture_encoded_anew(self):
        older = self.archive("2021-05-01", {"content/posts_1.json": [
            self.post("media/posts/202101/a_1_2_n_17900000000000001.jpg", "Helo", 1_610_000_000)]},
            {"media/posts/202101/a_1_2_n_17900000000000001.jpg": self.JPEG + b"old"})
        newer = self.archive("2024-05-01", {"content/posts_1.json": [
            self.post("media/posts/202101/17900000000000001.webp", "Hello", 1_610_000_000)]},
            {"media/posts/202101/17900000000000001.webp": self.JPEG + b"new"})

        def check(bundle):
            [post] = bundle.records("post").values()
            self.assertEqual(post["text"], "Hello")
            self.assertEqual([m["path"] for m in post["media"]], ["media/posts/202101/17900000000000001.webp"])
            self.assertEqual(len(bundle.media()), 2, "the older picture is kept")
        self.both_ways(older, newer, check)

    def test_posts_of_one_second(self):
        when = "2019-06-01T10:00:00"
        older = self.g1("2020-05-01", {"media.json": {"photos": [
            {"caption": c, "taken_at": when, "path": f"photos/201906/{n * 32}.jpg"}
            for c, n in (("one", "a"), ("two", "b"), ("three", "c"))]}, "connections.json": {"followers": {}}})
        ids = {"three": 3, "one": 1, "two": 2}
        newer = self.archive("2021-05-01", {"content/posts_1.json": [
            self.post(f"media/posts/201906/x_n_1790000000000000{i}.jpg", c, 1_559_383_200) for c, i in ids.items()]})

        def check(bundle):
            found = {r["text"]: r["evidence"] for r in bundle.records("post").values()}
            self.assertEqual(found, {c: [f"media:1790000000000000{i}"] for c, i in ids.items()})
        self.both_ways(older, newer, check)

    def test_user_names_of_2020_and_display_names_of_later(self):
        older = self.g1("2020-05-01", {"messages.json": [{"participants": ["ann", "bob.b"], "conversation": [
            {"sender": "bob.b", "created_at": "2020-01-01T10:00:02.500123+00:00", "text": "three",
             "likes": [{"username": "ann", "date": "2020-01-01T10:01:00+00:00"}]},
            {"sender": "ann", "created_at": "2020-01-01T10:00:01.000000+00:00", "media": "https://cdn.example/1.jpg"},
            {"sender": "bob.b", "created_at": "2020-01-01T10:00:00.250999+00:00", "text": "one"},
            {"sender": "ann", "created_at": "2020-01-01T09:59:00.000000+00:00", "text": "zero"}]}],
            "media.json": {"photos": []}})
        ms = 1_577_872_800_000
        uri = "messages/inbox/bobb_abcdefghij/photos/1.jpg"
        newer = self.archive("2021-05-01", {"messages/inbox/bobb_abcdefghij/message_1.json": self.thread(
            ["Bob B", "Ann A"], [
                self.message("Bob B", ms + 2500, "three", reactions=[{"reaction": "\u00e2\u009d\u00a4", "actor": "Ann A"}]),
                {"sender_name": "Ann A", "timestamp_ms": ms + 1000, "photos": [{"uri": uri, "creation_timestamp": 1}]},
                self.message("Bob B", ms + 250, "one"), self.message("Ann A", ms - 60_000, "zero")],
            "Bob B", "bobb_abcdefghij")}, {uri: self.JPEG})

        def check(bundle):
            [conversation] = bundle.records("conversation").values()
            self.assertEqual(conversation["title"], "Bob B")
            self.assertEqual(sorted(conversation["evidence"]),
                             ["folder:abcdefghij", "thread:abcdefghij", "users:ann,bob.b"])
            messages = sorted(bundle.records("message").values(), key=lambda m: m["time"])
            self.assertEqual([m["sender"] for m in messages], ["Ann A", "Bob B", "Ann A", "Bob B"])
            self.assertEqual([(r["actor"], r["time"]) for r in messages[3]["reactions"]],
                             [("Ann A", "2020-01-01T10:01:00Z")])
            self.assertIn("digest", messages[2]["media"][0])
        self.both_ways(older, newer, check)

    def test_a_renamed_person_and_a_new_folder(self):
        def archive(day, name, folder, count):
            messages = [self.message(name, 1_600_000_000_000 + i * 1000, f"text {i}") for i in range(count)]
            return self.archive(day, {f"messages/inbox/{folder}/message_1.json": self.thread(
                [name, "Ann A"], messages[::-1], name, folder)})
        older = archive("2021-05-01", "Bob B", "bobb_abcdefghij", 900)
        newer = archive("2024-05-01", "Robert", "robert_554997539236567", 2000)

        def check(bundle):
            [conversation] = bundle.records("conversation").values()
            self.assertEqual(conversation["title"], "Robert")
            messages = bundle.records("message")
            self.assertEqual(len(messages), 2000)
            self.assertEqual({m["sender"] for m in messages.values()}, {"Robert"})
        self.both_ways(older, newer, check)

    def test_two_conversations_of_few_like_messages_stay_two(self):
        def archive(day, folder, messages):
            return self.archive(day, {f"messages/inbox/{folder}/message_1.json": self.thread(
                ["x", "Ann A"], [self.message("x", ms, text) for ms, text in messages], "x", folder)})
        older = archive("2021-05-01", "x_1000000001", [(1_600_000_003_000, "c"), (1_600_000_002_000, "ok"), (1_600_000_001_000, "hi")])
        newer = archive("2024-05-01", "x_2000000002", [(1_600_000_003_001, "c"), (1_600_000_002_000, "ok"), (1_600_000_001_000, "hi")])

        def check(bundle):
            self.assertEqual(len(bundle.records("conversation")), 2)
            self.assertEqual(len(bundle.records("message")), 6)
        self.both_ways(older, newer, check)

    def test_nobody_is_merged_with_a_deleted_person(self):
        def archive(day, first, second):
            return self.archive(day, {
                f"messages/inbox/{name}_{number}/message_1.json": self.thread(
                    [who, "Ann A"], [self.message(who, 1_600_000_000_000 + number % 7 + i * 1000, f"{name} {i}") for i in range(4)],
                    who, f"{name}_{number}")
                for name, number, who in (("bob", 100_001, first), ("cat", 100_002, second))})
        older = archive("2021-05-01", "Bob", "Cat")
        newer = archive("2024-05-01", "Instagram User", "Instagram User")

        def check(bundle):
            self.assertEqual(len(bundle.records("conversation")), 2)
            self.assertEqual(len(bundle.records("message")), 8)
        self.both_ways(older, newer, check)


if __name__ == "__main__":
    unittest.main()
