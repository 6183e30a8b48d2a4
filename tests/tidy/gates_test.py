"""Every gate can fail: each is shown a small tree in order, then the same tree with one thing wrong."""

import pathlib
import tempfile
import unittest

import bad_input
import build_files
import format as format_gate
import generator
import rooms
import shape
import tidy
import words

HEADER = "// A thing. Thread safety: immutable.\n#pragma once\n"
TABLE = """
| room | may use | what it is |
|---|---|---|
| `base/` | — | tools |
| `zip/` | base | ZIP |
| `library/` | zip, base | home |
| `services/` | base | ports |
| `services/*/` | services, base | one service each |
| `apps/` | every room | the binary |
"""
TREE = {
    "docs/ARCHITECTURE.md": TABLE,
    "docs/ROADMAP.md": "- Many machines: a desk in PostgreSQL\n",
    "apps/valise/main.cc": '#include "library/library.h"\n#include "services/x/archive.h"\n\nint main() {}\n',
    "apps/valise/CMakeLists.txt": "add_executable(valise main.cc)",
    "src/base/CMakeLists.txt": "add_room(NAME base SOURCES bytes.cc)",
    "src/base/bytes.h": HEADER,
    "src/base/bytes.cc": '#include "base/bytes.h"\n',
    "src/zip/CMakeLists.txt": "add_room(NAME zip DEPS valise_base)",
    "src/zip/layout.h": HEADER + '\n#include "base/bytes.h"\n',
    "src/library/library.h": HEADER + '\n#include "zip/layout.h"\n',
    "src/services/source.h": HEADER + '\n#include "base/bytes.h"\n',
    "src/services/x/CMakeLists.txt": "add_room(NAME services/x SOURCES archive.cc DEPS valise_services)",
    "src/services/x/archive.h": HEADER + '\n#include "services/source.h"\n',
    "src/services/x/archive.cc": '#include "services/x/archive.h"\n',
}
LONG = "".join(f"  Call({n});\n" for n in range(71))


class Gates(unittest.TestCase):
    def complaints(self, gate, changes=None):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder).resolve()
            for name, text in {**TREE, **(changes or {})}.items():
                path = root / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
            return gate.check(root)

    def assert_one(self, gate, changes, words_of_it):
        self.assertEqual(self.complaints(gate), [], "the tree itself is in order")
        found = self.complaints(gate, changes)
        self.assertEqual(len(found), 1, found)
        self.assertIn(words_of_it, found[0])

    def test_rooms_refuse_an_include_upwards(self):
        self.assert_one(rooms, {"src/zip/layout.h": HEADER + '#include "library/library.h"\n'}, "zip may not include")

    def test_rooms_refuse_another_service(self):
        changes = {
            "src/services/y/reader.h": HEADER + '#include "services/x/archive.h"\n',
        }
        self.assert_one(rooms, changes, "services/y may not include")

    def test_rooms_refuse_the_library_in_a_service(self):
        changes = {"src/services/x/archive.h": HEADER + '#include "library/library.h"\n'}
        self.assert_one(rooms, changes, "services/x may not include")

    def test_rooms_let_tests_use_what_lies_below(self):
        below = '#include "base/bytes.h"\n'
        table = TABLE.replace("| zip, base |", "| zip |")
        self.assertEqual(len(self.complaints(rooms, {"docs/ARCHITECTURE.md": table, "src/library/a.cc": below})), 1)
        self.assertEqual(self.complaints(rooms, {"docs/ARCHITECTURE.md": table, "src/library/a_test.cc": below}), [])
        self.assert_one(rooms, {"src/zip/a_test.cc": '#include "library/library.h"\n'}, "zip may not include")

    def test_rooms_do_not_read_comments(self):
        changes = {"src/zip/layout.h": HEADER + '// #include "library/library.h"\n'}
        self.assertEqual(self.complaints(rooms, changes), [])

    def test_rooms_refuse_a_link_upwards(self):
        self.assert_one(rooms, {"src/zip/CMakeLists.txt": "add_room(NAME zip DEPS valise_library)"}, "may not link")

    def test_rooms_are_all_in_the_architecture(self):
        self.assert_one(rooms, {"src/mail/smtp.h": HEADER}, "room mail has no row")

    def test_rooms_of_the_architecture_are_there(self):
        self.assert_one(rooms, {"docs/ARCHITECTURE.md": TABLE + "| `jobs/` | base | queue |\n"}, "no room jobs")

    def test_shape_refuses_a_long_file(self):
        self.assert_one(shape, {"src/base/long.h": HEADER + "int x;\n" * 400}, "402 lines; split it, or say why")

    def test_shape_takes_a_reason_but_not_for_ever(self):
        reason = {"tests/tidy/reasons.txt": "src/base/long.h: a table\n"}
        self.assertEqual(self.complaints(shape, {**reason, "src/base/long.h": HEADER + "int x;\n" * 400}), [])
        self.assert_one(shape, {**reason, "src/base/long.h": HEADER + "int x;\n" * 801}, "800 at most")
        self.assert_one(shape, reason, "needs no reason")

    def test_shape_refuses_a_long_function(self):
        self.assert_one(shape, {"src/base/bytes.cc": f"Result<int> Long(int a) {{\n{LONG}}}\n"}, "function of 73 lines")

    def test_shape_finds_long_functions_in_classes(self):
        text = HEADER + f"namespace a {{\nclass B : public C {{\n  void D() const override {{\n{LONG}  }}\n}};\n}}\n"
        self.assert_one(shape, {"src/base/bytes.h": text}, "function of 73 lines")

    def test_shape_lets_long_namespaces_and_tables_be(self):
        table = "const Row kRows[] = {\n" + '    {1, "(2)"},\n' * 90 + "};\n"
        self.assertEqual(self.complaints(shape, {"src/base/bytes.cc": "namespace a {\n" + table + "}\n"}), [])

    def test_shape_refuses_long_lines(self):
        self.assert_one(shape, {"src/base/bytes.cc": "// " + "word " * 20 + "\n"}, "columns, 100 at most")

    def test_shape_refuses_a_header_without_a_comment(self):
        self.assert_one(shape, {"src/base/bytes.h": "#pragma once\n"}, "opens with a comment")

    def test_words_refuse_what_the_glossary_replaces(self):
        self.assert_one(words, {"src/base/bytes.cc": "struct ChatMember {};\n"}, "say conversation")
        self.assert_one(words, {"src/base/bytes.cc": "int all_entities, admins;\n"}, "say operator")

    def test_words_let_strings_comments_and_services_speak(self):
        changes = {"src/base/bytes.cc": '// chat\nauto s = "chat";\n', "src/services/x/archive.cc": "int chat;\n"}
        self.assertEqual(self.complaints(words, changes), [])

    def test_words_refuse_open_ends(self):
        self.assert_one(words, {"src/base/bytes.cc": "// FIXME\n"}, "FIXME")
        self.assert_one(words, {"src/base/bytes.cc": "// TODO: later\n"}, "TODO")
        self.assert_one(words, {"src/base/bytes.cc": "// TODO(no such line): later\n"}, "TODO")
        self.assertEqual(self.complaints(words, {"src/base/bytes.cc": "// TODO(Many machines): it\n"}), [])

    def test_words_refuse_what_the_style_forbids(self):
        self.assert_one(words, {"src/base/bytes.cc": "using namespace std;\n"}, "using namespace")
        self.assert_one(words, {"src/base/bytes.h": HEADER + "using namespace valise;\n"}, "in a header")
        self.assert_one(words, {"src/base/bytes.cc": "#include <format>\n"}, "fmt")
        self.assert_one(words, {"src/base/bytes.cc": "int a;  // NOLINT\n"}, "reason")

    def test_words_let_literals_in(self):
        self.assertEqual(self.complaints(words, {"src/base/bytes.cc": "using namespace std::literals;\n"}), [])
        self.assertEqual(self.complaints(words, {"src/base/bytes.cc": "using namespace valise::zip;\n"}), [])

    def test_build_files_refuse_a_dead_source(self):
        self.assert_one(build_files, {"src/base/dead.cc": ""}, "no CMakeLists.txt names it")
        self.assert_one(build_files, {"src/base/ytes.cc": ""}, "no CMakeLists.txt names it")

    def test_build_files_refuse_a_dead_header(self):
        self.assert_one(build_files, {"src/base/dead.h": HEADER}, "nobody includes it")

    def test_bad_input_names_tests_that_exist(self):
        page = "| what is given | what happens | tests |\n|---|---|---|\n| a bomb | refused | `Zip.Bomb` |\n"
        changes = {"docs/guides/bad-input.md": page, "src/zip/a_test.cc": "TEST(Zip, Bombs) {}\n"}
        self.assert_one(bad_input, changes, "there is no test Zip.Bomb")

    def test_generator_refuses_includes_of_the_parser(self):
        changes = {"tools/fixtures/a.cc": '#include "base/digest.h"\n#include "services/x/archive.h"\n'}
        self.assert_one(generator, changes, 'may not include "services/x/archive.h"')

    def test_generator_refuses_a_copied_function(self):
        body = "{\n" + "".join(f'  Call("{n}");\n' for n in range(6)) + "}\n"
        changes = {"tools/fixtures/a.cc": "void A() " + body, "src/services/x/archive.cc": "int B(int) " + body}
        self.assert_one(generator, changes, "the same function")

    def test_generator_refuses_a_copied_sentence_but_not_a_path(self):
        sentence = 'auto a = "Two words, and a few more of them";\n'
        path = 'auto b = "your_instagram_activity/media/posts_1.json";\n'
        changes = {"tools/fixtures/a.cc": sentence + path, "src/services/x/archive.cc": path + sentence}
        self.assert_one(generator, changes, "the same text")

    def test_format_refuses_local_taste(self):
        changes = {".clang-format": "BasedOnStyle: Google\n", "src/base/bytes.cc": "int  a ;\n"}
        self.assert_one(format_gate, changes, "src/base/bytes.cc: not formatted")

    def test_blank_keeps_lines_and_columns(self):
        text = "int a = 1'000; // b\n\"c{\" '{' /* d\n */ e"
        self.assertEqual(tidy.blank(text), "int a = 1'000;     \n" + " " * 13 + "\n    e")


if __name__ == "__main__":
    unittest.main()
