"""Every #include, and every room that a CMakeLists.txt links, is allowed by the table in docs/ARCHITECTURE.md.

The table is the rule itself, not a copy: a row is "| `name/` | rooms it may use | what it is |". `services/*` stands
for the folder of each service. A room may always use itself; "every room" means all of them but apps. Tests may use
what lies anywhere below their room.
"""

import re

import tidy

ROW = re.compile(r"^\|\s*`(?P<room>[a-z_/*]+)/`\s*\|(?P<uses>[^|]*)\|", re.MULTILINE)


def table(root):
    """Returns {room: rooms it may use} of the architecture's table."""
    rows = {match["room"]: match["uses"] for match in ROW.finditer(tidy.read(root / "docs/ARCHITECTURE.md"))}
    every = set(rows) - {"apps", "examples/host", "tools/fixtures"}
    return {
        room: every if "every room" in uses else set(re.findall(r"[a-z_/]+\*?", uses)) & set(rows)
        for room, uses in rows.items()
    }


def room_of(relative):
    """Returns the room of a path relative to the root, or None if it lies in none."""
    parts = relative.parts
    if parts[0] == "apps":
        return "apps"
    if parts[:2] in (("tools", "fixtures"), ("examples", "host")):
        return "/".join(parts[:2])
    if parts[0] != "src" or len(parts) < 3:
        return None
    return "/".join(parts[1:3]) if parts[1] == "services" and len(parts) > 3 else parts[1]


def room_of_include(include):
    parts = include.split("/")
    if len(parts) < 2:
        return None
    if parts[0] == "fixtures":
        return "tools/fixtures"
    return "/".join(parts[:2]) if parts[0] == "services" and len(parts) > 2 else parts[0]


def row_of(room):
    return "services/*" if room.startswith("services/") else room


def check(root):
    allowed = table(root)
    complaints = []
    seen = set()
    for path in tidy.sources(root, tidy.CPP, ("apps", "src", "examples/host", "tools/fixtures")):
        name = path.relative_to(root)
        room = room_of(name)
        if room is None:
            continue
        seen.add(row_of(room))
        if row_of(room) not in allowed:
            complaints.append(f"{name}: room {room} has no row in docs/ARCHITECTURE.md")
            continue
        text = tidy.blank(tidy.read(path), keep_strings=True)
        for match in re.finditer(r'(?m)^[ \t]*#\s*include\s*"([^"]+)"', text):
            other = room_of_include(match[1])
            if not _may(allowed, room, other, path.name.endswith("_test.cc")):
                where = f"{name}:{tidy.line_of(text, match.start())}"
                complaints.append(f'{where}: {room} may not include "{match[1]}" (docs/ARCHITECTURE.md, the rooms)')
    complaints += _links(root, allowed)
    complaints += [f"docs/ARCHITECTURE.md: there is no room {room}" for room in sorted(set(allowed) - seen)]
    return complaints


def _may(allowed, room, other, in_test):
    uses = _reach(allowed, row_of(room)) if in_test else allowed[row_of(room)]
    if other is None or other == room or other in uses:
        return True
    if other == "services/conformance":
        return in_test
    return not room.startswith("services/") and other.startswith("services/") and "services/*" in uses


def _reach(allowed, room):
    """The rooms below: tests may bring up what their room only uses through another (fakes of stores, readers)."""
    found, ahead = set(), [room]
    while ahead:
        for other in allowed[ahead.pop()] - found:
            found.add(other)
            ahead.append(other)
    return found


def _links(root, allowed):
    """The rooms that add_room(DEPS …) names obey the table too."""
    complaints = []
    for path in sorted([*(root / "src").rglob("CMakeLists.txt"), *(root / "examples").rglob("CMakeLists.txt")]):
        for call in re.finditer(r"add_room\(\s*NAME\s+(\S+)(.*?)\)", tidy.read(path), re.DOTALL):
            room = call[1]
            for lib in re.findall(r"\bvalise_([a-z_]+)", re.split(r"\bTEST_DEPS\b", call[2])[0]):
                other = re.sub(r"^services_", "services/", lib)
                if other != "warnings" and row_of(room) in allowed and not _may(allowed, room, other, False):
                    complaints.append(f"{path.relative_to(root)}: {room} may not link {other} (docs/ARCHITECTURE.md)")
    return complaints


if __name__ == "__main__":
    tidy.main(check, "rooms")
