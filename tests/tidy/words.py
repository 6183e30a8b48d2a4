"""One word, one meaning (docs/GLOSSARY.md): words that the glossary replaces name nothing in our C++.

Code of one service may use that service's words, and strings may hold anything (they carry other people's words).
Besides: no FIXME, no TODO that names no line of docs/ROADMAP.md, and nothing that docs/STYLE.md forbids outright.
"""

import re

import tidy

INSTEAD = {
    "admin": "operator",
    "chat": "conversation",
    "dm": "message",
    "entity": "record",
    "exporter": "bundle format or destination",
    "importer": "source",
    "platform": "service",
    "provider": "service",
    "repository": "library, index or desk",
}
FORBIDDEN = [
    (r"\busing\s+namespace\s+(?!std::(?:\w+_)?literals|valise\b)", "no `using namespace`: name what you use"),
    (r"#\s*include\s*<(format|print|generator)>", "not in our compilers: use fmt"),
    (r"\bNOLINT(?:NEXTLINE)?\b(?!\([a-z0-9.*-]+\): \S)", "NOLINT(check): and the reason"),
]
SUFFIXES = tidy.CPP | {".ts", ".py", ".cmake", ".sh"}


def check(root):
    complaints = []
    roadmap_path = root / "docs/ROADMAP.md"
    roadmap = tidy.read(roadmap_path) if roadmap_path.exists() else ""
    for path in tidy.sources(root, SUFFIXES):
        if path.parent == root / "tests/tidy":
            continue  # the gates name what they look for
        name = str(path.relative_to(root))
        text = tidy.read(path)
        for match in re.finditer(r"\b(FIXME|XXX|TODO)\b(?!X)(?:\(([^)]*)\))?", text):
            if match[1] != "TODO" or not match[2] or match[2] not in roadmap:
                where = f"{name}:{tidy.line_of(text, match.start())}"
                complaints.append(f"{where}: {match[1]}: do it now, or TODO(words of a line of docs/ROADMAP.md)")
        if path.suffix in tidy.CPP:
            complaints += _forbidden(name, text)
            if not re.match(r"src/services/\w+/", name):
                complaints += _glossary(name, text)
    return complaints


def _forbidden(name, text):
    code = tidy.blank(text)
    if name.endswith(".h") and re.search(r"\busing\s+namespace\b", code):
        return [f"{name}: no `using namespace` in a header: it holds for all who include it"]
    return [
        f"{name}:{tidy.line_of(text, match.start())}: {reason}"
        for pattern, reason in FORBIDDEN
        for match in re.finditer(pattern, text if "NOLINT" in pattern else code)
    ]


def _glossary(name, text):
    code = re.sub(r"(?m)^[ \t]*#.*$", "", tidy.blank(text))
    complaints = []
    for match in re.finditer(r"\b[A-Za-z_]\w*\b", code):
        for part in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", match[0]):
            word = part.lower()
            word = word if word in INSTEAD else word.removesuffix("s")
            if word in INSTEAD:
                where = f"{name}:{tidy.line_of(code, match.start())}"
                complaints.append(f"{where}: `{match[0]}`: say {INSTEAD[word]} (docs/GLOSSARY.md)")
    return complaints


if __name__ == "__main__":
    tidy.main(check, "words")
