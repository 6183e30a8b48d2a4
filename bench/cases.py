"""The cases: what is measured. Each takes a Bench and returns a Case (table.py)."""

import os
import random
import re
import shutil
import statistics
import subprocess
import time
import urllib.parse
import http.client

import accounts
import generations
import heavier
import ingest
import measure
import peers
import table

MB = 1_000_000
PASSWORD = "correct horse battery staple"
LAST = 65_536


def import_media(bench):
    """Photos and videos: as quick as unpacking them, and durable."""
    archive = bench.archive("bench-media")
    media, size, messages = accounts.contents(archive)
    case = table.Case("import-media", f"{media:,} media, {size / 1e9:.2f} GB, {messages:,} messages, to a durable head")
    contenders = {"valise": lambda: bench.measured_import(archive, "--no-index")}
    target = bench.work / "unpacked"
    for name, command in peers.unpackers(archive, target).items():
        contenders[name] = lambda command=command: _into_empty(target, command)
    runs = measure.interleave(contenders, bench.rounds)
    ours, bsdtar = measure.seconds(runs["valise"]), measure.seconds(runs["bsdtar -x"])
    for name, done in runs.items():
        took = measure.seconds(done)
        promised = name == "valise"
        case.add(name if promised else name + " + sync", seconds=took, MB_a_second=size / MB / took,
                 peak_MB=measure.peak(done) / MB if promised else None, times_bsdtar=took / bsdtar,
                 wanted="≤ 1.0 × bsdtar, ≤ 150 MB" if promised else "",
                 met=(ours <= bsdtar and measure.peak(done) <= 150 * MB) if promised else None)
    return case


def import_messages(bench):
    """Messages: to a committed head, and until they can be searched."""
    archive = bench.archive("bench-messages")
    media, _, messages = accounts.contents(archive)
    case = table.Case("import-messages", f"{messages:,} messages, {media:,} media")
    runs = measure.interleave({
        "committed": lambda: bench.measured_import(archive, "--no-index"),
        "searchable": lambda: bench.measured_import(archive),
    }, bench.rounds)
    for name, wanted in (("committed", 200_000), ("searchable", 100_000)):
        rate = messages / measure.seconds(runs[name])
        case.add(name, seconds=measure.seconds(runs[name]), messages_a_second=rate,
                 microseconds_each=1e6 / rate, peak_MB=measure.peak(runs[name]) / MB,
                 wanted=f"≥ {wanted:,} a second", met=rate >= wanted)
    return case


def memory(bench):
    """Peak memory of an import does not grow with the weight of an archive, and little with its files."""
    case = table.Case("memory", "peak memory of an import: heavier media, then more of them")
    media = max(10, round(1500 * bench.scale))
    light = None
    for what, count, size in (("light", media, 2 * MB), ("heavy", media, 13_333_333), ("many", 20 * media, MB // 10)):
        archive = accounts.plain(bench.work, "memory", count, size)
        done = bench.measured_import(archive, "--no-index")
        archive.unlink()
        light = light or done.peak_bytes
        met = done.peak_bytes <= 150 * MB and (what != "heavy" or abs(done.peak_bytes / light - 1) <= 0.1)
        case.add(f"{count * size / 1e9:.2f} GB, {count:,} media", seconds=done.seconds,
                 MB_a_second=count * size / MB / done.seconds, peak_MB=done.peak_bytes / MB,
                 wanted="≤ 150 MB" + (", ± 10 % of the light one" if what == "heavy" else ""), met=met)
    return case


def ready(bench):
    """From the request to having its end: last 64 KiB, length and ETag, in a server just started."""
    case = table.Case("ready", "from POST of the request to the last 64 KiB of the ZIP, cold server")
    for preset in ("bench-media", "bench-messages"):
        with bench.account(preset) as account:
            runs = [account.time_to_last_bytes() for _ in range(bench.rounds)]
            took = statistics.median(runs)
            case.add(f"valise, {preset}", seconds=took, wanted="≤ 1 s", met=took <= 1)
            bundle = account.export()
        folder, target = bench.work / "packed", bench.work / "packed.zip"
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run(["unzip", "-q", bundle, "-d", folder], check=True)
        bundle.unlink()
        contenders = {
            name: lambda command=command: _pack(command, folder, target)
            for name, command in peers.packers(folder, str(target)).items()
        }
        for name, done in measure.interleave(contenders, bench.rounds).items():
            case.add(f"{name}, {preset}", seconds=measure.seconds(done), times_valise=measure.seconds(done) / took)
        target.unlink(missing_ok=True)
        shutil.rmtree(folder)
    return case


def ready_heavy(bench):
    """The same media, a hundred times heavier: the same second."""
    case = table.Case("ready-heavy", "the same media 100 times as heavy (sparse blobs): to the last 64 KiB of the ZIP")
    rounds = max(3, bench.rounds)
    archive = bench.archive("bench-media")
    _, size, _ = accounts.contents(archive)
    with bench.account_of(archive) as account:
        light = statistics.median(account.time_to_last_bytes() for _ in range(rounds))
        case.add("as they are", GB=size / 1e9, seconds=light)
        size = heavier.make(account.data, account.id, 100)
        heavy = statistics.median(account.time_to_last_bytes() for _ in range(rounds))
        case.add("100 times", GB=size / 1e9, seconds=heavy, wanted="± 20 %", met=abs(heavy / light - 1) <= 0.2)
    return case


def download(bench):
    """A download against nginx's sendfile of the same bytes."""
    case = table.Case("download", "over loopback, without TLS, by curl")
    few = accounts.plain(bench.work, "few", 6, max(MB, int(500 * MB * bench.scale)))
    for what, archive in (("many small", bench.archive("bench-media")), ("few large", few)):
        with bench.account_of(archive) as account:
            url, size = account.link()
            bundle = account.export()
            port = account.free_port()
            root = bundle.parent
            with _running(peers.nginx(bench.work / "nginx", root, port)):
                theirs = f"http://127.0.0.1:{port}/{bundle.name}"
                _wait(theirs)
                runs = measure.interleave(
                    {"valise": lambda: _fetch(account.absolute(url)), "nginx sendfile": lambda: _fetch(theirs)},
                    max(3, bench.rounds))
            whole, own = measure.resident(account.server.process.pid)
            bundle.unlink()
        ratio = measure.seconds(runs["nginx sendfile"]) / measure.seconds(runs["valise"])
        for name, done in runs.items():
            promised = name == "valise"
            case.add(f"{name}, {what}", GB=size / 1e9, GB_a_second=size / 1e9 / measure.seconds(done),
                     times_nginx=ratio if promised else 1.0,
                     server_MB=whole / MB if promised else None, of_it_own_MB=own / MB if promised else None,
                     wanted="≥ 0.95 × nginx" if promised else "", met=ratio >= 0.95 if promised else None)
    return case


def ranges(bench):
    """Random megabytes of a bundle."""
    case = table.Case("ranges", "random ranges of 1 MB, one connection")
    count = max(50, int(1000 * min(1, bench.scale * 10)))
    with bench.account("bench-media") as account:
        url, size = account.link()
        _settle(account.server.process.pid)
        before = _read_bytes(account.server.process.pid)
        times = []
        chance = random.Random(1)
        connection = http.client.HTTPConnection("127.0.0.1", account.server.port, timeout=60)
        for _ in range(count):
            first = chance.randrange(max(1, size - MB))
            start = time.perf_counter()
            connection.request("GET", url, headers={"Range": f"bytes={first}-{min(size, first + MB) - 1}"})
            connection.getresponse().read()
            times.append(time.perf_counter() - start)
        connection.close()
        after = _read_bytes(account.server.process.pid)
    p99 = measure.percentile(times, 0.99)
    each = (after["rchar"] - before["rchar"]) / count
    written = after["write_bytes"] - before["write_bytes"]
    case.add(f"{count:,} ranges", p50_ms=statistics.median(times) * 1000, p99_ms=p99 * 1000, read_MB_each=each / MB,
             written_MB=written / MB, wanted="p99 < 20 ms, ≤ 2 MB read, nothing written but the desk's notes",
             met=p99 < 0.02 and each <= 2 * MB and written < MB)
    return case


def verify(bench):
    """Checking a bundle: as quick as the processor hashes."""
    with bench.account("bench-media") as account:
        bundle = account.export()
    size = bundle.stat().st_size
    cores = os.cpu_count()
    case = table.Case("verify", f"a bundle of {size / 1e9:.2f} GB on {cores} cores")
    os.sync()  # what the export wrote is not still being written while others read
    bench.run("verify", bundle)  # into the page cache, for all
    runs = measure.interleave({
        "valise verify": lambda: measure.run([*bench.valise, "verify", str(bundle)]),
        "openssl speed sha256": lambda: measure.run(
            ["openssl", "speed", "-elapsed", "-seconds", "1", "-bytes", "65536", "-evp", "sha256"]),
        "sha256sum": lambda: measure.run(["sha256sum", str(bundle)]),
    }, bench.rounds)
    hashing = statistics.median(_openssl_bytes(run.output) for run in runs["openssl speed sha256"])
    for name in ("valise verify", "sha256sum"):
        rate = size / measure.seconds(runs[name])
        promised = name == "valise verify"
        case.add(name, seconds=measure.seconds(runs[name]), MB_a_second=rate / MB, times_openssl=rate / hashing,
                 wanted=f"≥ 0.8 × {cores} × openssl" if promised else "",
                 met=rate >= 0.8 * cores * hashing if promised else None)
    case.add("openssl speed, one core", MB_a_second=hashing / MB, times_openssl=1.0)
    bundle.unlink()
    return case


CASES = {
    "import-media": import_media,
    "import-messages": import_messages,
    "memory": memory,
    "generations": generations.generations,
    "ready": ready,
    "ready-heavy": ready_heavy,
    "download": download,
    "ranges": ranges,
    "verify": verify,
    "ingest": ingest.ingest,
}


def _into_empty(target, command):
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    done = measure.run(command)
    shutil.rmtree(target)  # whoever comes next finds as much free memory
    return done


def _pack(command, folder, target):
    target.unlink(missing_ok=True)
    return measure.run(command, cwd=folder)


def _fetch(url):
    return measure.run(["curl", "-sf", "-o", "/dev/null", url])


class _running:
    """A server for the length of a `with`."""

    def __init__(self, command):
        self.command = command

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return self.process

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()


def _wait(url):
    place = urllib.parse.urlparse(url)
    for _ in range(100):
        try:
            connection = http.client.HTTPConnection(place.hostname, place.port, timeout=1)
            connection.request("HEAD", place.path)
            if connection.getresponse().status == 200:
                return
        except OSError:
            pass
        time.sleep(0.05)
    raise RuntimeError(f"{url} does not answer")


def _read_bytes(pid):
    with open(f"/proc/{pid}/io", encoding="ascii") as counters:
        return {name: int(value) for name, value in (line.split(":") for line in counters)}


def _settle(pid):
    """Waits until the server has written what it had to: the search index follows an import."""
    written = -1
    while written != (written := _read_bytes(pid)["write_bytes"]):
        time.sleep(2)


def _openssl_bytes(output):
    """Bytes a second of the last line of `openssl speed` ("sha256  1234567.89k")."""
    return float(re.search(r"(?mi)^sha256\s+([\d.]+)k", output)[1]) * 1000
