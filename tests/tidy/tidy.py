"""What the gates share: the list of source files, C++ without comments and strings, and the way to report.

A gate is a module with `check(root) -> list[str]`, one line a complaint ("path:line: what is wrong and what to do"),
and runs as `python3 gate.py ROOT`.
"""

import pathlib
import re
import sys

CPP = {".h", ".cc"}
TOP_FOLDERS = ("apps", "src", "tools", "tests", "bench", "examples", "ui", "cmake", "packaging")
SKIPPED = {"build", "node_modules", "dist", ".git", ".cache", "__pycache__", "found"}


def sources(root, suffixes, folders=TOP_FOLDERS):
    """Yields the files below `folders` of `root` whose suffix is one of `suffixes`, sorted, without made ones."""
    for folder in folders:
        top = pathlib.Path(root) / folder
        for path in sorted(top.rglob("*")):
            if path.suffix in suffixes and path.is_file():
                if not SKIPPED.intersection(path.relative_to(root).parts):
                    yield path


def read(path):
    return pathlib.Path(path).read_text(encoding="utf-8")


_TOKEN = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"(?P<raw>[^()\s]{0,16})\(.*?\)(?P=raw)"|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'",
    re.DOTALL,
)


def blank(text, keep_strings=False):
    """C++ with comments (and strings) turned into spaces; every line keeps its number and its columns."""

    def spaces(match):
        found = match.group(0)
        if keep_strings and not found.startswith("/"):
            return found
        return re.sub(r"[^\n]", " ", found)

    return _TOKEN.sub(spaces, text)


def line_of(text, position):
    return text.count("\n", 0, position) + 1


def bodies(text):
    """Yields (first line, last line, body) of every outermost function body of blanked C++ `text`.

    A brace opens a function body if what precedes it since the last brace or semicolon has a parameter list, and no
    function is open yet: what is inside (blocks, lambdas, local classes) belongs to the function.
    """
    text = re.sub(r"(?m)^[ \t]*#.*$", lambda found: " " * len(found.group(0)), text)
    opened = []  # for each open brace: whether it opened a function
    start = 0
    head_from = 0
    for match in re.finditer(r"[{};]", text):
        sign, at = match.group(0), match.start()
        if sign == "{":
            is_function = not any(opened) and _opens_function(text[head_from:at])
            opened.append(is_function)
            if is_function:
                start = at
        elif sign == "}" and opened and opened.pop():
            yield line_of(text, start), line_of(text, at), text[start + 1 : at]
        head_from = match.end()


def _opens_function(head):
    head = head.strip()
    if re.search(r"\b(namespace|enum|union|concept)\b[^()]*$", head):
        return False
    if re.match(r"(template\s*<.*>\s*)?(class|struct)\b[^()]*$", head, re.DOTALL):
        return False
    if re.search(r"(=|\breturn|,|\()$", head):
        return False
    return ")" in head


def main(check, what):
    """Runs one gate on the folder named on the command line; the exit code says whether it passed."""
    complaints = check(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve())
    for complaint in complaints:
        print(complaint)
    print(f"{what}: {len(complaints)} complaints" if complaints else f"{what}: in order")
    sys.exit(1 if complaints else 0)
