"""Runs commands and says what they took: wall time, processor time, peak memory. Medians over rounds."""

import dataclasses
import os
import statistics
import subprocess
import threading
import time


@dataclasses.dataclass
class Run:
    seconds: float
    processor_seconds: float = 0.0
    peak_bytes: int = 0
    output: str = ""
    status: int = 0


def run(command, cwd=None, check=True):
    """Runs `command` (a list, or a string for the shell) and measures it. Raises if it fails."""
    shell = isinstance(command, str)
    os.sync()  # what was written and removed before is not this command's to wait for
    start = time.perf_counter()
    process = subprocess.Popen(
        command, shell=shell, cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    peak_bytes = _Peak(process.pid)
    output = process.stdout.read().decode("utf-8", "replace")
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stdout.close()
    if check and process.returncode:
        raise RuntimeError(f"{command} failed with {process.returncode}:\n{output[-2000:]}")
    return Run(seconds, usage.ru_utime + usage.ru_stime, peak_bytes.stop(), output, process.returncode)


class _Peak(threading.Thread):
    """Follows the high-water mark of a process's memory. (What wait4 says begins with this Python's own.)"""

    INTERVAL = 0.005

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid, self.peak, self.ended = pid, 0, threading.Event()
        self.start()

    def run(self):
        while not self.ended.wait(self.INTERVAL):
            try:
                with open(f"/proc/{self.pid}/status", encoding="ascii") as status:
                    marks = [line for line in status if line.startswith("VmHWM")]
            except OSError:
                return
            if marks:
                self.peak = int(marks[0].split()[1]) * 1024

    def stop(self):
        self.ended.set()
        self.join()
        return self.peak


def interleave(contenders, rounds):
    """Runs each of {name: callable -> Run} once a round, in turn, so that what else the machine does hits all alike.

    Returns {name: [Run]}.
    """
    runs = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, contender in contenders.items():
            runs[name].append(contender())
    return runs


def seconds(runs):
    return statistics.median(run.seconds for run in runs)


def peak(runs):
    return max(run.peak_bytes for run in runs)


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def resident(pid):
    """Resident bytes of a running process now: everything, and its own (without the page cache it maps)."""
    fields = {}
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        for line in status:
            name, _, value = line.partition(":")
            fields[name] = value.strip()
    kib = {name: int(fields[name].split()[0]) for name in ("VmRSS", "RssAnon")}
    return kib["VmRSS"] * 1024, kib["RssAnon"] * 1024
