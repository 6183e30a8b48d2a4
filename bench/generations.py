"""The lists of every generation, as JSON and as pages: an import to a committed head, and how long others only read them."""

import json
import shutil
import statistics
import sys
import zipfile

import accounts
import measure
import table

MB = 1_000_000
JSON = ("g1", "g1b", "g2a", "g2b", "g3a", "g3b", "g4")
PAGES = ("g2a", "g2b", "g3a", "g3b", "g4")  # older archives have none
RECORD = {"json": 10e-6, "pages": 20e-6}  # seconds that are wanted

# Each reads every data file below a folder, parses it, and keeps nothing.
PYTHON_JSON = """
import json, pathlib, sys
for path in pathlib.Path(sys.argv[1]).rglob("*.json"):
    with open(path, encoding="utf-8") as file:
        json.load(file)
"""
PYTHON_HTML = """
import html.parser, pathlib, sys
for path in pathlib.Path(sys.argv[1]).rglob("*.html"):
    html.parser.HTMLParser().feed(path.read_text(encoding="utf-8"))
"""
PYTHON_LXML = """
import lxml.html, pathlib, sys
for path in pathlib.Path(sys.argv[1]).rglob("*.html"):
    lxml.html.parse(str(path))
"""


def generations(bench):
    """Every generation: an import in the time in which others read the files and forget them.

    The archive is the part that holds its lists: thousands of small media would hide how long records take (import-media).
    """
    case = table.Case("generations", "the lists of each generation, to a committed head; others only parse the same files")
    for generation, pages in [(name, False) for name in JSON] + [(name, True) for name in PAGES]:
        archive = accounts.of_generation(bench.work, bench.fixtures, generation, pages, bench.scale)
        folder = bench.work / "data-files"
        archive, size = _only_data(archive, folder)
        contenders = {"valise": lambda archive=archive: bench.measured_import(archive, "--no-index", "--json")}
        for name, command in _readers(folder, pages).items():
            contenders[name] = lambda command=command: measure.run(command)
        _add(case, generation + (" pages" if pages else ""), size, measure.interleave(contenders, bench.rounds))
        shutil.rmtree(folder)
        archive.unlink()
    return case


def _add(case, name, size, runs):
    report = json.loads(runs["valise"][0].output)
    records = sum(kind["found"] for kind in report["records"].values())
    ours = measure.seconds(runs["valise"])
    wanted = RECORD["pages" if name.endswith("pages") else "json"]
    for reader, done in runs.items():
        took = measure.seconds(done)
        promised = reader == "valise"
        case.add(f"{name}, {reader}", records=records, data_MB=size / MB, seconds=took,
                 processor_seconds=statistics.median(run.processor_seconds for run in done),
                 microseconds_a_record=took / records * 1e6, MB_a_second=size / MB / took,
                 peak_MB=measure.peak(done) / MB, times_valise=took / ours,
                 wanted=f"≤ {wanted * 1e6:.0f} µs a record, ≤ 150 MB" if promised else "",
                 met=took / records <= wanted and measure.peak(done) <= 150 * MB if promised else None)


def _readers(folder, pages):
    """{name: command}, of what is installed."""
    if pages:
        readers = {"Python html.parser": [sys.executable, "-c", PYTHON_HTML, str(folder)]}
        if measure.run([sys.executable, "-c", "import lxml.html"], check=False).status == 0:
            readers["Python lxml"] = [sys.executable, "-c", PYTHON_LXML, str(folder)]
        return readers
    readers = {"Python json": [sys.executable, "-c", PYTHON_JSON, str(folder)]}
    if shutil.which("jq"):
        readers["jq length"] = f"find '{folder}' -name '*.json' -print0 | xargs -0 jq length > /dev/null"
    return readers


def _only_data(archive, folder):
    """Makes the part of the archive that holds the data files alone, and unpacks it into `folder`. Returns its path and their bytes."""
    shutil.rmtree(folder, ignore_errors=True)
    part = archive.with_suffix(".data.zip")
    with zipfile.ZipFile(archive) as opened, zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as out:
        data = [info for info in opened.infolist() if info.filename.endswith((".json", ".html"))]
        for info in data:
            out.writestr(info.filename, opened.read(info))
        opened.extractall(folder, data)
    archive.unlink()
    return part, sum(info.file_size for info in data)
