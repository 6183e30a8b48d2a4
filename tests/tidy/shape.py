"""Files and functions stay readable: length of files and functions, columns, and headers that open with a comment.

A file over 400 lines needs a reason in reasons.txt (`path: why`); over 800 nothing helps. A function has at most 70.
"""

import re
import unicodedata

import tidy

FILE_LINES = 400
FILE_LINES_EVER = 800
FUNCTION_LINES = 70
COLUMNS = 100
SCRIPT_COLUMNS = 140


def check(root):
    complaints = []
    listed = _reasons(root)
    used = set()
    for path in tidy.sources(root, tidy.CPP | {".ts", ".css", ".py"}):
        name = str(path.relative_to(root))
        text = tidy.read(path)
        lines = text.splitlines()
        if len(lines) > FILE_LINES:
            used.add(name)
        if len(lines) > FILE_LINES_EVER:
            complaints.append(f"{name}: {len(lines)} lines, {FILE_LINES_EVER} at most; split it by what it tells")
        elif len(lines) > FILE_LINES and not listed.get(name):
            complaints.append(f"{name}: {len(lines)} lines; split it, or say why not in tests/tidy/reasons.txt")
        if not path.name.startswith("messages_"):  # the sentences of the pages: one a line, as translators like them
            complaints += _columns(name, lines, COLUMNS if path.suffix in tidy.CPP else SCRIPT_COLUMNS)
        if path.suffix == ".h" and not text.startswith("// "):
            complaints.append(f"{name}:1: a header opens with a comment: what it is, thread safety, lifetime")
        if path.suffix in tidy.CPP:
            complaints += _functions(name, text)
    for name in sorted(set(listed) - used):
        complaints.append(f"tests/tidy/reasons.txt: {name} needs no reason any more; remove the line")
    return complaints


def _reasons(root):
    """Returns {path: reason} of reasons.txt."""
    path = root / "tests/tidy/reasons.txt"
    lines = tidy.read(path).splitlines() if path.exists() else []
    pairs = (line.partition(":") for line in lines if line.strip() and not line.startswith("#"))
    return {name.strip(): reason.strip() for name, _, reason in pairs}


def _columns(name, lines, limit):
    # A line with one very long word (an address, a test vector) cannot be broken.
    return [
        f"{name}:{number}: {_width(line)} columns, {limit} at most"
        for number, line in enumerate(lines, 1)
        if len(line) > limit and _width(line) > limit and not re.search(r"\S{70}", line)
    ]


def _width(line):
    """Columns that `line` takes: marks that stand above or below a letter take none."""
    return sum(unicodedata.category(letter) != "Mn" for letter in line)


def _functions(name, text):
    return [
        f"{name}:{first}: a function of {last - first + 1} lines, {FUNCTION_LINES} at most"
        for first, last, _ in tidy.bodies(tidy.blank(text))
        if last - first + 1 > FUNCTION_LINES
    ]


if __name__ == "__main__":
    tidy.main(check, "shape")
