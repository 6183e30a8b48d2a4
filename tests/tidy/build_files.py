"""No dead files: every C++ source is named by the nearest CMakeLists.txt, and every header is included by someone."""

import re

import tidy

FOLDERS = ("apps", "src", "tools", "tests", "examples")


def check(root):
    complaints = []
    files = list(tidy.sources(root, tidy.CPP, FOLDERS))
    included = {
        include.rsplit("/", 1)[-1]
        for path in files
        for include in re.findall(r'(?m)^[ \t]*#\s*include\s*"([^"]+)"', tidy.read(path))
    }
    for path in files:
        name = path.relative_to(root)
        if path.suffix == ".h" and path.name not in included:
            complaints.append(f"{name}: nobody includes it; remove it")
        if path.suffix == ".cc" and not _named(root, path):
            complaints.append(f"{name}: no CMakeLists.txt names it; add it there or remove it")
    return complaints


def _named(root, path):
    folder = path.parent
    while folder != root:
        listing = folder / "CMakeLists.txt"
        if listing.exists():
            wanted = re.escape(str(path.relative_to(folder)))
            return re.search(rf"(?m)(^|[\s(/\"}}]){wanted}($|[\s)\"])", tidy.read(listing)) is not None
        folder = folder.parent
    return False


if __name__ == "__main__":
    tidy.main(check, "build files")
