#!/usr/bin/env python3
"""Hands the data of a service over to Valise. Python's standard library only (and `openssl`, for the hand-off's signature).

usage: VALISE=https://valise.example TOKEN=vs_… serve.py OUTBOX MEDIA SERVICE KEY ACCOUNT

OUTBOX   what has happened, as lines (docs/formats/ingest.md); MEDIA a folder with the files of each account, MEDIA/*
SERVICE  the name that the service is registered under; KEY its private key (PEM)
ACCOUNT  whose gear is clicked: prints the address that it leads to
"""

import base64
import hashlib
import http.client
import json
import os
import pathlib
import secrets
import subprocess
import sys
import tempfile
import time
import urllib.parse

VALISE, TOKEN = os.environ["VALISE"].rstrip("/"), os.environ["TOKEN"]


class Refused(Exception):
    def __init__(self, status, answer):
        super().__init__(f"{status}: {answer}")
        self.status, self.answer = status, answer


def call(method, path, body=None, headers=None):
    """One call; `body` may be bytes, a file or a generator of bytes. Busy (503) is tried again when it can be."""
    url = urllib.parse.urlsplit(VALISE)
    kind = http.client.HTTPSConnection if url.scheme == "https" else http.client.HTTPConnection
    for attempt in range(10):
        connection = kind(url.netloc, timeout=120)
        try:
            connection.request(method, "/api/v1/ingest" + path, body,
                               {"Authorization": f"Bearer {TOKEN}", **(headers or {})})
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        if answer.status == 503 and (body is None or isinstance(body, bytes)):
            time.sleep(int(answer.getheader("Retry-After", 2)))
            continue
        break
    if answer.status >= 400:
        raise Refused(answer.status, content.decode())
    return json.loads(content) if content else None


def send_media(account, folder):
    """Only what is not there yet is sent."""
    files = {hashlib.sha256(file.read_bytes()).hexdigest(): file for file in sorted(folder.iterdir())}
    asked = json.dumps({"digests": list(files)}).encode()
    answer = call("POST", f"/accounts/{account}/blobs/missing", asked, {"Content-Type": "application/json"})
    for digest in answer["missing"]:
        call("PUT", f"/accounts/{account}/blobs/{digest}", files[digest].read_bytes())


def send_outbox(outbox):
    """Everything after the last durable line, as one stream of any length; returns the answer."""
    reached = call("GET", "/cursor")["cursor"]

    def lines():
        behind = reached is not None
        with open(outbox, "rb") as file:
            for line in file:
                if not behind:
                    yield line
                elif json.loads(line)["cursor"] == reached:
                    behind = False

    return call("POST", "/stream", lines(), {"Content-Type": "application/x-ndjson"})


def own_sums(account, outbox):
    """What this side holds of an account, as Valise tells it: {kind: {month: (count, digest)}}."""
    held = {}
    for line in map(json.loads, open(outbox, encoding="utf-8")):
        if account not in line.get("accounts", [line.get("account")]):
            continue
        if line["op"] == "put":
            record = line["record"]
            held[record["kind"], line["id"]] = (record.get("time", "")[:7], line.get("version", ""))
        elif line["op"] == "delete":
            held.pop((line["kind"], line["id"]), None)
    months = {}
    for (kind, name), (month, version) in held.items():
        months.setdefault(kind, {}).setdefault(month, []).append(f"{name} {version}\n".encode())
    return {kind: {month: (len(all), hashlib.sha256(b"".join(sorted(all))).hexdigest()) for month, all in by.items()}
            for kind, by in months.items()}


def their_sums(account):
    answer = call("GET", f"/accounts/{account}/reconcile")
    return {kind["kind"]: {month["month"]: (month["count"], month["digest"]) for month in kind["months"]}
            for kind in answer["kinds"]}


def hand_off(service, key, account, next_page="/"):
    """The address that the gear leads to (docs/formats/hand-off.md): made when it is clicked, good once and for a minute."""
    def part(data):
        return base64.urlsafe_b64encode(data).rstrip(b"=")

    now = int(time.time())
    claims = {"iss": service, "sub": account, "aud": VALISE, "iat": now, "exp": now + 60,
              "jti": secrets.token_urlsafe(16), "next": next_page}
    signed = part(json.dumps({"alg": "EdDSA", "typ": "JWT"}).encode()) + b"." + part(json.dumps(claims).encode())
    with tempfile.NamedTemporaryFile() as file:
        file.write(signed)
        file.flush()
        signature = subprocess.run(["openssl", "pkeyutl", "-sign", "-rawin", "-inkey", key, "-in", file.name],
                                   check=True, capture_output=True).stdout
    return f"{VALISE}/hand-off?token={(signed + b'.' + part(signature)).decode()}"


def main(outbox, media, service, key, account):
    answer = send_outbox(outbox)
    print(f"{answer['applied']} lines taken, cursor {answer['cursor']}")
    for line in answer["refused"]["lines"]:
        print(f"line {line['line']}: {line['message']}", file=sys.stderr)
    send_media(account, pathlib.Path(media))
    if own_sums(account, outbox) != their_sums(account):
        sys.exit("the two sides hold different things")
    print("both sides hold the same")
    print(hand_off(service, key, account))
    sys.exit(1 if answer["refused"]["count"] else 0)


if __name__ == "__main__":
    if len(sys.argv) != 6:
        sys.exit(__doc__)
    main(*sys.argv[1:])
