"""A running `valise serve` and a client of its API, with Python's own HTTP."""

import base64
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import tempfile
import time
import urllib.parse

from valise import BINARY

PASSWORD = "correct horse battery staple"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Server:
    def __init__(self, data, *options, port=None):
        self.data, self.options, self.port = data, options, port or free_port()
        self.environment, self.process = {}, None

    def start(self):
        self.process = subprocess.Popen([BINARY, "--data", str(self.data), "serve", "--port", str(self.port), *map(str, self.options)],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                                        env={**os.environ, **self.environment})
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return self
            except OSError:
                if self.process.poll() is not None:
                    raise RuntimeError(self.process.stderr.read())
                time.sleep(0.05)
        raise RuntimeError("the server does not listen")

    def stop(self, how=signal.SIGTERM):
        if self.process and self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(20)
        if self.process:
            self.process.stderr.close()

    def url(self, path):
        return f"http://127.0.0.1:{self.port}{path}"


class Client:
    """One browser-like session: cookie and CSRF token."""

    def __init__(self, server):
        self.server, self.cookie, self.csrf = server, None, None

    def call(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=30)
        sent = dict(headers or {})
        if self.cookie:
            sent["Cookie"] = self.cookie
        if self.csrf and method not in ("GET", "HEAD"):
            sent.setdefault("X-CSRF-Token", self.csrf)
        data = None
        if body is not None:
            data = json.dumps(body)
            sent["Content-Type"] = "application/json"
        connection.request(method, path, data, sent)
        response = connection.getresponse()
        content = response.read()
        set_cookie = response.getheader("Set-Cookie")
        if set_cookie:
            self.cookie = set_cookie.split(";")[0]
        response.content = content
        connection.close()
        return response

    def json(self, method, path, body=None):
        response = self.call(method, path, body)
        return response.status, json.loads(response.content) if response.content else None

    def sign_in(self, name, password=PASSWORD):
        _, session = self.json("GET", "/api/v1/session")
        self.csrf = session["csrf"]
        status, session = self.json("POST", "/api/v1/session", {"name": name, "password": password})
        if status == 200:
            self.csrf = session["csrf"]
        return status, session

    def request_download(self, account, **more):
        body = {"password": PASSWORD, "address": "someone@example.test", "language": "en", **more}
        return self.json("POST", f"/api/v1/accounts/{account}/requests", body)

    def wait_ready(self, rid, seconds=20):
        for _ in range(seconds * 50):
            _, request = self.json("GET", f"/api/v1/requests/{rid}")
            if request["state"] in ("ready", "failed", "cancelled", "expired"):
                return request
            time.sleep(0.02)
        raise AssertionError(f"not ready: {request}")

    def link(self, rid):
        status, answer = self.json("POST", f"/api/v1/requests/{rid}/links")
        return status, answer and answer.get("url")


def hand_off_path(server, service, key, account):
    """Where a service's gear leads to: a fresh token for one of its members (docs/formats/hand-off.md), signed by openssl."""
    def part(data):
        return base64.urlsafe_b64encode(data).rstrip(b"=")

    now = int(time.time())
    claims = {"iss": service, "sub": account, "aud": server.url(""), "iat": now, "exp": now + 60, "jti": os.urandom(12).hex()}
    signed = part(b'{"alg":"EdDSA"}') + b"." + part(json.dumps(claims).encode())
    with tempfile.NamedTemporaryFile() as file:
        file.write(signed)
        file.flush()
        signature = subprocess.run(["openssl", "pkeyutl", "-sign", "-rawin", "-inkey", key, "-in", file.name],
                                   check=True, capture_output=True).stdout
    return f"/hand-off?token={(signed + b'.' + part(signature)).decode()}"


def hand_off(server, service, key, account):
    """A client whose member has just come from the service."""
    client = Client(server)
    answer = client.call("GET", hand_off_path(server, service, key, account))
    if answer.status != 303:
        raise RuntimeError(f"hand-off: {answer.status} {answer.content[:200]}")
    client.csrf = client.json("GET", "/api/v1/session")[1]["csrf"]
    return client


def path_of(url):
    return re.sub(r"^https?://[^/]+", "", urllib.parse.urlparse(url).geturl())
