"""Every test that docs/guides/bad-input.md names exists."""

import re

import tidy

PAGE = "docs/guides/bad-input.md"
CPP_TEST = re.compile(r"\bTEST(?:_F)?\(\s*(\w+),\s*(\w+)\)")
PYTHON_TEST = re.compile(r"\bdef (test_\w+)\(")


def check(root):
    page = root / PAGE
    if not page.exists():
        return []
    tests = set()
    for path in tidy.sources(root, tidy.CPP | {".py"}):
        text = tidy.read(path)
        tests.update(f"{suite}.{name}" for suite, name in CPP_TEST.findall(text))
        tests.update(PYTHON_TEST.findall(text))
    complaints = []
    for number, line in enumerate(tidy.read(page).splitlines(), 1):
        if not line.startswith("| ") or line.startswith("| what is given"):
            continue
        named = re.findall(r"`(test_\w+|\w+\.\w+)`", line.rsplit("|", 2)[-2])
        if not named:
            complaints.append(f"{PAGE}:{number}: a row without a test")
        complaints += [f"{PAGE}:{number}: there is no test {name}" for name in named if name not in tests]
    return complaints


if __name__ == "__main__":
    tidy.main(check, "bad_input")
