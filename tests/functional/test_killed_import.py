"""An import killed at random instants, each phase of it hit, and the same command again: the same library as an undisturbed one, byte for
byte in its export. VALISE_KILLED_IMPORT=full takes an account that keeps an import busy for more than 20 seconds, and 20 instants."""

import hashlib
import os
import pty
import random
import re
import select
import shutil
import signal
import subprocess
import time
import unittest

from valise import BINARY, Case, has, sha256

FULL = os.environ.get("VALISE_KILLED_IMPORT") == "full"
KILLS = 20 if FULL else 6
ACCOUNT = ("--messages", 2_500_000, "--posts", 2_000, "--total-bytes", 300_000_000) if FULL else ("--messages", 120_000, "--posts", 900)
PHASES = ("Storing", "Reading", "Sealing", "Making it durable", "Making it searchable")
BAR = re.compile(rb"\r(" + "|".join(PHASES).encode() + rb") \[")


@unittest.skipUnless(has("faketime"), "faketime is not installed")
class KilledImport(Case):
    """One data folder with the account and its key is made once and copied; the clock stands still, as times of imports are in bundles."""

    def setUp(self):
        super().setUp()
        small, _ = self.generate("small.zip", "--preset", "tiny", "--seed", 8, "--user", "ann.killed")
        self.archive = self.folder / "large.zip"
        self.generate("large.zip", "--preset", "tiny", "--seed", 9, "--user", "ann.killed", "--truth-messages", "none", *ACCOUNT)
        self.valise("import", small)
        self.export("key.zip")

    def frozen(self, *args):
        return ["faketime", "-f", "2026-11-24 12:00:00", BINARY, *map(str, args)]

    def environment(self):
        return {**os.environ, "FAKETIME_DONT_FAKE_MONOTONIC": "1", "NO_FAKE_STAT": "1"}

    def copied(self, name):
        data = self.folder / name
        shutil.copytree(self.data, data)
        return data

    def import_until(self, data, seconds=None, phase=None):
        """Imports on a terminal of its own; kills the whole group at that instant, or when that phase is seen. The phase it was in, or
        None when it came to its end before."""
        here, there = pty.openpty()
        process = subprocess.Popen(self.frozen("--data", data, "import", self.archive), stdout=subprocess.DEVNULL, stderr=there,
                                   env=self.environment(), start_new_session=True)
        os.close(there)
        begun, seen, now_in = time.monotonic(), b"", "Opening"
        while process.poll() is None:
            left = 0.05 if seconds is None else max(0.0, min(0.05, begun + seconds - time.monotonic()))
            if select.select([here], [], [], left)[0]:
                try:
                    seen = seen[-200:] + os.read(here, 65536)
                except OSError:  # its end of the terminal is closed
                    break
                found = BAR.findall(seen)
                now_in = found[-1].decode() if found else now_in
            if now_in == phase or (seconds is not None and time.monotonic() - begun >= seconds):
                os.killpg(process.pid, signal.SIGKILL)
                break
        ended = process.wait()
        os.close(here)
        return now_in if ended == -signal.SIGKILL else None

    def finish(self, data, name):
        """The same command to its end; the digest of the export."""
        done = subprocess.run(self.frozen("--data", data, "import", self.archive), capture_output=True, text=True, env=self.environment())
        self.assertEqual(done.returncode, 0, done.stderr)
        bundle = self.folder / f"{name}.zip"
        done = subprocess.run(self.frozen("--data", data, "export", "-o", bundle), capture_output=True, text=True, env=self.environment())
        self.assertEqual(done.returncode, 0, done.stderr)
        digest = sha256(bundle)
        hits = self.valise("search", "the", "--json", data=data).json["hits"]
        bundle.unlink()
        shutil.rmtree(data)
        return digest, hashlib.sha256(repr(hits).encode()).hexdigest()

    def test_killed_at_any_instant(self):
        data = self.copied("undisturbed")
        begun = time.monotonic()
        self.assertIsNone(self.import_until(data))
        whole = time.monotonic() - begun
        wanted = self.finish(data, "undisturbed")
        instants = random.Random(20261124)
        hit = []

        def kill(**when):
            data = self.copied(f"run{len(hit)}")
            phase = self.import_until(data, **when)
            if phase is not None:
                hit.append(phase)
                print(f"killed in: {phase}", flush=True)
            self.assertEqual(self.finish(data, f"run{len(hit)}"), wanted, (phase, when))

        while len(hit) < KILLS:
            kill(seconds=instants.uniform(0, whole))
        for phase in PHASES:
            if phase not in hit:
                kill(phase=phase)
        print(f"an import of {whole:.1f} s, killed {len(hit)} times")
        self.assertLessEqual(set(PHASES), set(hit), "every phase was hit")


if __name__ == "__main__":
    unittest.main()
