"""C++ is laid out by clang-format-19 and .clang-format, without local taste: `tools/tidy --fix` does it."""

import re
import shutil
import subprocess

import tidy


def check(root):
    tool = shutil.which("clang-format-19")
    if tool is None:
        return ["clang-format-19 is not installed; `tools/setup test` installs it"]
    files = [str(path.relative_to(root)) for path in tidy.sources(root, tidy.CPP)]
    if not files:
        return []
    run = subprocess.run([tool, "--dry-run", "--Werror", *files], cwd=root, capture_output=True, text=True, check=False)
    wrong = sorted(set(re.findall(r"(?m)^([^:\n]+):\d+:\d+: error:", run.stderr)))
    if run.returncode and not wrong:
        return [f"clang-format-19 failed: {run.stderr.strip()}"]
    return [f"{name}: not formatted; run tools/tidy --fix" for name in wrong]


if __name__ == "__main__":
    tidy.main(check, "format")
