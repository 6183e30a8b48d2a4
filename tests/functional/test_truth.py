"""Generated accounts: the records equal what the generator says is true, one by one, in every generation and language."""

import unittest

from truth import Shown, TruthCase

GENERATIONS = ("g2a", "g2b", "g3a", "g3b", "g4", "mixed")
LANGUAGES = ("en", "fr", "it", "es", "de", "nl", "pt")
SMALL = ("--media-scale", 0, "--posts", 17, "--stories", 4, "--conversations", 5, "--messages", 90, "--comments", 20,
         "--likes", 12, "--saved", 10, "--followers", 8, "--following", 24, "--media-per-post", 4)


class Truth(TruthCase):
    def test_today(self):
        self.check_archive("--preset", "tiny", "--seed", 7)

    def test_g4(self):
        self.check_archive("--preset", "tiny", "--seed", 8, "--generation", "g4")

    def test_2021_in_italian(self):
        self.check_archive("--preset", "tiny", "--seed", 10, "--generation", "g2a", "--language", "it")

    def test_mixed_in_french(self):
        self.check_archive("--preset", "tiny", "--seed", 9, "--generation", "mixed", "--language", "fr")

    def test_first_layout(self):
        for generation in ("g1", "g1b"):
            with self.subTest(generation):
                self.check_archive("--preset", "tiny", "--seed", 15, "--generation", generation, name=generation)

    def test_pages(self):
        for generation in ("g2a", "g3b"):
            with self.subTest(generation):
                self.check_archive("--preset", "tiny", "--seed", 16, "--generation", generation, "--pages", "--quirks", "gps",
                                   told=Shown(), name=generation)

    def test_every_generation_in_every_language(self):
        for generation in GENERATIONS:
            for language in LANGUAGES:
                with self.subTest(f"{generation} {language}"):
                    self.check_archive(*SMALL, "--seed", 20, "--generation", generation, "--language", language,
                                       name=f"{generation}-{language}")

    def test_pages_of_every_generation_in_every_language(self):
        for generation in GENERATIONS:
            for language in LANGUAGES:
                with self.subTest(f"{generation} {language}"):
                    self.check_archive(*SMALL, "--seed", 21, "--generation", generation, "--language", language, "--pages",
                                       told=Shown(), name=f"{generation}-{language}")

    def test_an_archive_of_an_earlier_day(self):
        for generation, day in (("g1", "2020-11-15"), ("g1b", "2021-01-20"), ("g2a", "2021-09-30"), ("g2b", "2023-02-01"),
                                ("g3a", "2024-06-01"), ("g3b", "2025-11-01"), ("g4", "2026-02-10")):
            with self.subTest(generation):
                self.check_archive("--preset", "tiny", "--seed", 22, "--generation", generation, "--taken", day, name=generation)


if __name__ == "__main__":
    unittest.main()
