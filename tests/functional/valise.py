"""What the functional tests share: running the binary and the generator, zipping, reading bundles with Python's own zipfile."""

import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest
import zipfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
BINARY = os.environ.get("VALISE_BINARY", str(ROOT / "build/release/valise"))
FIXTURES = os.environ.get("VALISE_FIXTURES", str(ROOT / "build/release/valise-fixtures"))


class Run:
    """One finished command: exit code, stdout, stderr."""

    def __init__(self, done):
        self.code, self.out, self.err = done.returncode, done.stdout, done.stderr

    @property
    def json(self):
        return json.loads(self.out)


class Case(unittest.TestCase):
    """A test with a folder of its own, where `valise` keeps its data."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="valise-test-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.data = self.folder / "data"

    def valise(self, *args, data=None, code=0, stdin=None, env=None, **kwargs):
        command = [BINARY, "--data", str(data or self.data), *map(str, args)]
        done = subprocess.run(command, capture_output=True, text=True, input=stdin, timeout=300,
                              env={**os.environ, **(env or {})}, **kwargs)
        if code is not None:
            self.assertEqual(done.returncode, code, f"{command}\n{done.stdout}\n{done.stderr}")
        return Run(done)

    def generate(self, name="archive.zip", *args):
        """An invented archive and what is true of it."""
        archive, truth = self.folder / name, self.folder / (name + ".truth.json")
        subprocess.run([FIXTURES, "--out", str(archive), "--truth", str(truth), *map(str, args)], check=True,
                       capture_output=True, timeout=300)
        return archive, json.loads(truth.read_text("utf-8"))

    def import_json(self, *archives, data=None):
        return self.valise("import", "--json", *archives, data=data).json

    def export(self, name="bundle.zip", *args, data=None):
        bundle = self.folder / name
        self.valise("export", "-o", bundle, *args, data=data)
        return Bundle(bundle)


class Bundle:
    """A portable bundle, read without any of our code."""

    def __init__(self, path):
        self.path = pathlib.Path(path)
        self.zip = zipfile.ZipFile(self.path)
        self.names = self.zip.namelist()
        self.top = self.names[0].split("/")[0]

    def read(self, name):
        return self.zip.read(f"{self.top}/{name}")

    def under(self, prefix):
        whole = f"{self.top}/{prefix}"
        return [n[len(self.top) + 1:] for n in self.names if n.startswith(whole) and not n.endswith("/")]

    def records(self, kind=None):
        """Every record by key."""
        found = {}
        for name in self.under("data/records/"):
            if not name.endswith(".json"):
                continue
            if name.startswith("data/records/media/"):
                continue  # lists of media, not records
            for record in json.loads(self.read(name)):
                assert record["key"] not in found, f"{record['key']} twice"
                if kind is None or record["kind"] == kind:
                    found[record["key"]] = record
        return found

    def media(self):
        """Path → SHA-256 of the bytes."""
        return {n: hashlib.sha256(self.read(n)).hexdigest() for n in self.under("data/media/")}


def sha256(path):
    return hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()


def zip_folder(folder, archive, prefix="", compress=False):
    """Zips a folder with Python's own zipfile."""
    method = zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED
    with zipfile.ZipFile(archive, "w", method) as out:
        for path in sorted(pathlib.Path(folder).rglob("*")):
            if path.is_file():
                out.write(path, prefix + str(path.relative_to(folder)))
    return archive


def unmangled(text):
    """Instagram's texts are UTF-8 bytes written as code points; written here apart from the parser under test."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return text


def write_json(path, value):
    path = pathlib.Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value), "utf-8")
    return path


def has(program):
    return shutil.which(program) is not None
