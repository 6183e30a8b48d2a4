"""What was saved years before it was put into a collection is one record, of the moment in which it was saved."""

import unittest

from valise import Case, write_json, zip_folder

SAVED, COLLECTED = 1_560_000_000, 1_720_000_000
LINK = "https://www.instagram.com/p/AAA/"


class Saved(Case):
    def archive(self, name, posts=True, collections=True):
        tree = self.folder / name
        activity = tree / "your_instagram_activity/saved"
        if posts:
            write_json(activity / "saved_posts.json", {"saved_saved_media": [
                {"title": "bob", "string_map_data": {"Saved on": {"href": LINK, "timestamp": SAVED}}}]})
        if collections:
            write_json(activity / "saved_collections.json", {"saved_saved_collections": [
                {"title": "Collection", "string_map_data": {"Name": {"value": "To cook"}, "Creation Time": {"timestamp": COLLECTED}}},
                {"string_map_data": {"Name": {"value": "bob", "href": LINK}, "Added Time": {"timestamp": COLLECTED}}}]})
        return zip_folder(tree, self.folder / f"instagram-ann-2025-01-0{1 + len(list(self.folder.glob('*.zip')))}-{name}.zip")

    def the_one(self, name, data=None):
        [record] = self.export(f"{name}.zip", data=data).records("saved").values()
        self.valise("doctor", data=data)
        return record

    def test_in_one_archive(self):
        self.import_json(self.archive("both"))
        record = self.the_one("bundle")
        self.assertEqual((record["time"], record["collection"], record["owner"]), ("2019-06-08T13:20:00Z", "To cook", "bob"))

    def test_in_two_archives(self):
        posts, collections = self.archive("posts", collections=False), self.archive("collections", posts=False)
        for order in ((posts, collections), (collections, posts)):
            data = self.folder / f"data-{order[0].stem}"
            for archive in order:
                self.import_json(archive, data=data)
            self.assertEqual(self.the_one(order[0].stem + "-bundle", data)["collection"], "To cook")


if __name__ == "__main__":
    unittest.main()
