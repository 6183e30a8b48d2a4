"""Pages whose clock is not that of Greenwich, beside JSON of the same account: nothing comes twice, whichever came first."""

import collections
import datetime
import unittest

from test_years import YearsCase


class Zones(YearsCase):
    def pages(self, zone, generation="g3b", **more):
        return self.year(generation, "--page-zone", zone, pages=True, **more)[0]

    def check(self, zone):
        archive, _ = self.year("g3b")
        pages = self.pages(zone)
        before, _ = self.library("json", archive)
        forth, reports = self.library("forth", archive, pages)
        self.assertAddsNothing(reports[1])
        self.assertSame(before, forth, keys=True, provenance=False)
        self.assertEqual(before.media(), forth.media(), "names of media")

        back, reports = self.library("back", pages, archive)
        new = {k: r["new"] for k, r in reports[1]["records"].items() if r["new"] and k not in ("profile", "activity")}
        self.assertEqual(new, {})
        self.assertSame(forth, back)
        # Named by the clock of the pages, which came first.
        self.assertEqual(sorted(forth.media().values()), sorted(back.media().values()), "media")

    def test_half_an_hour(self):
        self.check("+330")

    def test_alaska(self):
        archive, _ = self.year("g3b")
        _, reports = self.library("alaska", archive, self.pages("alaska"))
        new = {kind: counts["new"] for kind, counts in reports[1]["records"].items() if counts["new"]}
        self.assertEqual(new, {})
        self.assertEqual(reports[1]["media"]["new"], 0)

    def test_summer_time(self):
        self.check("europe")

    def test_pages_of_several_years_around_json(self):
        archive, _ = self.year("g3b")
        older, newer = self.pages("europe", day="2023-02-01"), self.pages("europe", day="2025-11-01")
        before, _ = self.library("json", archive)
        after, reports = self.library("around", older, archive, newer)
        self.assertAddsNothing(reports[2])
        times = [collections.Counter((r["kind"], r.get("time"), r.get("text")) for r in bundle.records().values()
                                     if r["kind"] not in ("profile", "activity", "conversation")) for bundle in (before, after)]
        self.assertEqual(*times)

    def test_pages_alone_stay_as_they_were_shown(self):
        _, truth = self.year("g3b")
        bundle, [report] = self.library("alone", self.pages("+330"))
        self.assertEqual(len(bundle.records("message")), sum(len(c["messages"]) for c in truth["conversations"]))
        self.assertIn("coarse_times", {issue["code"] for issue in report["issues"]})
        shown = {(r["time"], r.get("text")) for r in bundle.records("comment").values()}
        for comment in truth["comments"]:
            at = datetime.datetime.fromtimestamp(comment["time"] + 330 * 60, datetime.timezone.utc)
            self.assertIn((at.strftime("%Y-%m-%dT%H:%M:00Z"), comment["text"]), shown)


if __name__ == "__main__":
    unittest.main()
