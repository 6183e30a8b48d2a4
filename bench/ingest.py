"""What a service hands over: streams and single calls over loopback, many accounts at once, downloads asked for meanwhile."""

import contextlib
import hashlib
import http.client
import json
import os
import random
import shutil
import sqlite3
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import measure
import server
import table

MB = 1_000_000
API = "/api/v1/ingest"
WORDS = "sea garden morning light bread tea road hill story friend paper window later again tomorrow blue".split()


def message_line(number, account, rng):
    record = {"kind": "message", "conversation": f"c{number % 20}", "time": f"2026-11-{1 + number % 23:02}T{number // 60 % 24:02}:"
              f"{number % 60:02}:00Z", "sender": "Anna" if number % 2 else "Bea", "text": " ".join(rng.choices(WORDS, k=9))}
    return json.dumps({"cursor": str(number), "op": "put", "account": account, "id": f"m{number}", "version": "1",
                       "record": record}, separators=(",", ":")) + "\n"


class Host:
    """A server with one registered service, and that service."""

    def __init__(self, bench, data):
        self.bench, self.data, self.key = bench, data, data / "host.pem"
        subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", self.key], check=True, capture_output=True)
        subprocess.run(["openssl", "pkey", "-in", self.key, "-pubout", "-out", data / "host.pub"], check=True, capture_output=True)
        bench.run("--data", data, "services", "add", "host", "--url", "https://host.example", "--key", data / "host.pub")
        self.token = json.loads(bench.run("--data", data, "--json", "services", "token", "host").output)["token"]
        self.server = server.Server(data)
        self.server.options = ("--public-url", self.server.url(""))
        self.server.start()
        self.pid = self.server.process.pid

    def connection(self):
        return http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=600, blocksize=1 << 18)

    def call(self, method, path, body=None, connection=None, headers=None):
        over = connection or self.connection()
        over.request(method, API + path, body, {"Authorization": f"Bearer {self.token}", **(headers or {})})
        answer = over.getresponse()
        content = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path}: {answer.status} {content[:200]}")
        if connection is None:
            over.close()
        return json.loads(content) if content else None

    def accounts(self, count):
        over = self.connection()
        return [self.call("PUT", f"/accounts/x{n}", json.dumps({"username": f"member{n}"}), over)["account"] for n in range(count)]

    def stream(self, path, name="main"):
        with open(path, "rb") as file:
            answer = self.call("POST", f"/stream?name={name}", file,
                               headers={"Content-Type": "application/x-ndjson", "Content-Length": str(path.stat().st_size)})
        if answer["refused"]["count"]:
            raise RuntimeError(f"refused: {answer['refused']['lines'][:3]}")
        return answer["applied"]


@contextlib.contextmanager
def host(bench):
    data = bench.work / f"data-ingest-{os.getpid()}"
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir()
    one = Host(bench, data)
    try:
        yield one
    finally:
        one.server.stop()
        shutil.rmtree(data)


class Memory(threading.Thread):
    """The most that a process holds of its own (without the page cache it maps)."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid, self.most, self.ended = pid, 0, threading.Event()
        self.start()

    def run(self):
        while not self.ended.wait(0.02):
            self.most = max(self.most, measure.resident(self.pid)[1])

    def stop(self):
        self.ended.set()
        self.join()
        return self.most


def written(path, lines):
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(lines)
    return path


def peers(bench, path, count, case):
    """What keeping the same lines costs elsewhere, as durable: a file that is appended to, and SQLite."""
    target = bench.work / "ingest-peer"
    batch = 10_000

    def appended():
        with open(path, "rb") as lines, open(target, "wb") as to:
            for number, line in enumerate(lines, 1):
                to.write(line)
                if number % batch == 0:
                    to.flush()
                    os.fdatasync(to.fileno())

    def inserted():
        database = sqlite3.connect(target)
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE record (account TEXT, kind TEXT, id TEXT, json TEXT, PRIMARY KEY (account, kind, id))")
        with open(path, encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                read = json.loads(line)
                database.execute("INSERT OR REPLACE INTO record VALUES (?, ?, ?, ?)",
                                 (read["account"], read["record"]["kind"], read["id"], line))
                if number % batch == 0:
                    database.commit()
        database.commit()
        database.close()

    for name, work in (("a file, appended (Python)", appended), ("SQLite, in process (Python)", inserted)):
        start = time.perf_counter()
        work()
        took = time.perf_counter() - start
        case.add(name, records_a_second=count / took, MB_a_second=path.stat().st_size / MB / took)
        for rest in bench.work.glob("ingest-peer*"):
            rest.unlink()


def streamed(bench, case):
    count = max(1000, int(1_000_000 * bench.scale))
    rng = random.Random(1)
    path = written(bench.work / "ingest.ndjson", (message_line(n, "x0", rng) for n in range(1, count + 1)))
    with host(bench) as one:
        one.accounts(1)
        memory = Memory(one.pid)
        start = time.perf_counter()
        one.stream(path)
        took = time.perf_counter() - start
        one.call("GET", "/accounts/x0/reconcile")
        sealed = time.perf_counter() - start
        peak = memory.stop() / MB
        start = time.perf_counter()
        one.call("GET", "/accounts/x0/reconcile")
        reconciled = time.perf_counter() - start
    size = path.stat().st_size / MB
    case.add("one stream, durable", records_a_second=count / took, MB_a_second=size / took, peak_MB=peak,
             wanted="≥ 100,000 a second, ≤ 150 MB", met=count / took >= 100_000 and peak <= 150)
    case.add("the same, sealed into a head", records_a_second=count / sealed, MB_a_second=size / sealed)
    case.add("reconcile it", seconds=reconciled)
    peers(bench, path, count, case)
    path.unlink()


def single(bench, case):
    count = max(100, int(10_000 * bench.scale))
    body = json.dumps({"record": {"kind": "post", "time": "2026-11-23T20:00:00Z", "text": "one by one"}})
    with host(bench) as one:
        one.accounts(1)

        def put(numbers):
            over = one.connection()
            for number in numbers:
                one.call("PUT", f"/accounts/x0/records/post/p{number}", body, over)
            over.close()

        for connections in (1, 8):
            start = time.perf_counter()
            with ThreadPoolExecutor(connections) as pool:
                list(pool.map(put, [range(first, count, connections) for first in range(connections)]))
            case.add(f"single calls, {connections} at once", records_a_second=count / (time.perf_counter() - start))


def blobs(bench, case):
    count, size = max(20, int(2_000 * bench.scale)), 100_000
    with host(bench) as one:
        one.accounts(1)
        rng = random.Random(2)
        contents = [rng.randbytes(size) for _ in range(count)]
        digests = [hashlib.sha256(content).hexdigest() for content in contents]

        def put(at):
            one.call("PUT", f"/accounts/x0/blobs/{digests[at]}", contents[at])

        start = time.perf_counter()
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(put, range(count)))
        took = time.perf_counter() - start
        case.add("photos of 100 kB, 8 at once", blobs_a_second=count / took, MB_a_second=count * size / MB / took)


def crowd(bench, case):
    """Many accounts, their records in turn, and downloads asked for while they come."""
    accounts = max(10, int(1_000 * bench.scale ** 0.5))
    records = max(10, int(1_000 * bench.scale ** 0.5))
    asked = min(100, accounts)
    rng = random.Random(3)
    path = written(bench.work / "ingest-crowd.ndjson", (message_line(n * accounts + a + 1, f"x{a}", rng)
                                                        for n in range(records) for a in range(accounts)))
    with host(bench) as one:
        ids = one.accounts(accounts)
        members = [server.hand_off(one.server, "host", one.key, f"x{n}") for n in range(asked)]
        memory = Memory(one.pid)
        start = time.perf_counter()
        streaming = threading.Thread(target=one.stream, args=(path,))
        streaming.start()
        while one.call("GET", "/cursor")["cursor"] is None:
            time.sleep(0.01)

        def ready(n):
            begun = time.perf_counter()
            status, request = members[n].json("POST", f"/api/v1/accounts/{ids[n]}/requests",
                                              {"address": "member@host.example", "language": "en"})
            while status == 201 and request["state"] not in ("ready", "failed"):
                time.sleep(0.01)
                status, request = members[n].json("GET", f"/api/v1/requests/{request['id']}")
                status = 201 if status == 200 else status
            if status != 201 or request["state"] != "ready":
                raise RuntimeError(f"{status} {request}")
            return time.perf_counter() - begun

        with ThreadPoolExecutor(asked) as pool:
            took = list(pool.map(ready, range(asked)))
        was_streaming = streaming.is_alive()
        streaming.join()
        seconds, peak = time.perf_counter() - start, memory.stop() / MB
        case.add(f"{accounts:,} accounts × {records:,} in turn", records_a_second=accounts * records / seconds,
                 MB_a_second=path.stat().st_size / MB / seconds, peak_MB=peak)
        case.add(f"{asked} requests at once meanwhile" + ("" if was_streaming else " (and after)"), p50_s=measure.percentile(took, 0.5),
                 p99_s=measure.percentile(took, 0.99), wanted="p99 ≤ 10 s", met=measure.percentile(took, 0.99) <= 10)
    path.unlink()


def ingest(bench):
    """What a service hands over, to durable and to sealed."""
    case = table.Case("ingest", "what a service hands over, over loopback, durable when it is answered")
    for part in (streamed, single, blobs, crowd):
        part(bench, case)
    return case
