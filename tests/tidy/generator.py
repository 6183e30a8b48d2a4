"""tools/fixtures shares no code with what reads its archives, so that the two cannot agree on a mistake.

It includes nothing of src/ but a few of base's tools; no function of six lines or more and no sentence of more than 24
characters is the same in both. A service's own paths and JSON keys are the wire's words, not ours, and may be equal.
"""

import re

import tidy

FROM_BASE = {"bytes", "command_line", "crc32", "digest", "file", "memory", "result", "parallel"}
BODY_LINES = 6
SENTENCE = 24
WIRE = re.compile(r"[A-Za-z0-9_./%{}-]*")


def check(root):
    bodies, sentences = {}, {}
    for path in tidy.sources(root, tidy.CPP, ("src/services",)):
        text = tidy.read(path)
        bodies.update({body: path for _, body in _bodies(text)})
        sentences.update({sentence: path for _, sentence in _sentences(text)})
    complaints = []
    for path in tidy.sources(root, tidy.CPP, ("tools/fixtures",)):
        name = path.relative_to(root)
        text = tidy.read(path)
        for match in re.finditer(r'(?m)^[ \t]*#\s*include\s*"([^"]+)"', text):
            if not _may_include(root, match[1]):
                where = f"{name}:{tidy.line_of(text, match.start())}"
                complaints.append(f'{where}: the generator may not include "{match[1]}"')
        for kind, ours, known in (("function", _bodies(text), bodies), ("text", _sentences(text), sentences)):
            complaints += [
                f"{name}:{line}: the same {kind} as in {known[value].relative_to(root)}"
                for line, value in ours
                if value in known
            ]
    return complaints


def _may_include(root, include):
    if (root / "tools/fixtures" / include).exists() or (root / "tools" / include).exists():
        return True
    folder, _, name = include.rpartition("/")
    return folder == "base" and name.removesuffix(".h") in FROM_BASE


def _bodies(text):
    kept = tidy.blank(text, keep_strings=True).splitlines()
    for first, last, _ in tidy.bodies(tidy.blank(text)):
        lines = [line.strip() for line in kept[first : last - 1] if line.strip()]
        if len(lines) >= BODY_LINES:
            yield first, "\n".join(lines)


def _sentences(text):
    code = re.sub(r"(?m)^[ \t]*#.*$", "", tidy.blank(text, keep_strings=True))
    for match in re.finditer(r'"((?:\\.|[^"\\\n])*)"', code):
        if len(match[1]) > SENTENCE and not WIRE.fullmatch(match[1]):
            yield tidy.line_of(code, match.start()), match[1]


if __name__ == "__main__":
    tidy.main(check, "generator")
