"""A running `valise-host` beside a `valise serve`, and people who use it by its pages' forms."""

import html
import http.client
import os
import pathlib
import re
import signal
import socket
import subprocess
import time
import urllib.parse
import uuid

from server import Client, Server, free_port
from valise import BINARY

HOST = os.environ.get("VALISE_HOST_BINARY", str(pathlib.Path(BINARY).parent / "valise-host"))
SERVICE = "pellicule"


def jpeg(seed):
    """Bytes that begin as a JPEG does; different for each seed."""
    return b"\xff\xd8\xff\xe0" + str(seed).encode() + os.urandom(3000)


class Site:
    """The site and its Valise, registered with each other."""

    def __init__(self, folder, environment=None):
        self.folder = pathlib.Path(folder)
        self.environment = {**os.environ, **(environment or {})}
        self.valise = Server(self.folder / "valise")
        self.port = free_port()
        self.process = None
        self.run("seed")
        self.register()

    def options(self):
        return ["--data", str(self.folder / "site"), "--valise", f"http://127.0.0.1:{self.valise.port}",
                "--token-file", str(self.folder / "token"), "--port", str(self.port)]

    def run(self, *args, check=True):
        return subprocess.run([HOST, *self.options(), *map(str, args)], capture_output=True, text=True, check=check,
                              timeout=60, env=self.environment)

    def register(self):
        """Makes the site known to Valise, as an operator does."""
        key = self.folder / "key.pub"
        key.write_text(self.run("key").stdout)
        services = [BINARY, "--data", str(self.valise.data), "services"]
        subprocess.run([*services, "add", SERVICE, "--url", f"http://127.0.0.1:{self.port}", "--key", str(key)],
                       check=True, capture_output=True, timeout=60)
        token = subprocess.run([*services, "token", SERVICE], check=True, capture_output=True, text=True, timeout=60)
        (self.folder / "token").write_text(token.stdout)

    def start(self):
        with open(self.folder / "site.log", "ab") as log:
            self.process = subprocess.Popen([HOST, *self.options(), "serve"], stdout=log,
                                            stderr=log, env=self.environment)
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return self
            except OSError:
                if self.process.poll() is not None:
                    raise RuntimeError((self.folder / "site.log").read_text())
                time.sleep(0.05)
        raise RuntimeError("the site does not listen")

    def stop(self, how=signal.SIGTERM):
        if self.process and self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(20)

    def wait_agreed(self, seconds=30):
        """Waits until both sides hold the same."""
        end = time.monotonic() + seconds
        while True:
            said = self.run("reconcile", check=False)
            if said.returncode == 0:
                return
            if time.monotonic() > end:
                raise AssertionError(f"{said.stdout}\n{said.stderr}\n{(self.folder / 'site.log').read_text()[-2000:]}")
            time.sleep(0.1)


class Person:
    """Somebody in front of the site's pages."""

    def __init__(self, site, username):
        self.site, self.cookie, self.username = site, "", username
        page = self.get("/sign-in")
        people = re.findall(r'name="member" value="(\d+)".*?<small>@([^<]+)<', page, re.S)
        self.id = next(number for number, name in people if name == username)
        answer, _ = self.call("POST", "/sign-in", urllib.parse.urlencode({"member": self.id}))
        assert answer.status == 303, answer.status

    def call(self, method, path, body=None, content_type="application/x-www-form-urlencoded"):
        connection = http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=30)
        headers = {"Cookie": self.cookie} if self.cookie else {}
        if body is not None:
            headers["Content-Type"] = content_type
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        content = answer.read()
        if answer.getheader("Set-Cookie"):
            self.cookie = answer.getheader("Set-Cookie").split(";")[0]
        connection.close()
        return answer, content

    def get(self, path, status=200):
        answer, content = self.call("GET", path)
        assert answer.status == status, (path, answer.status, content[-400:])
        return content.decode()

    def csrf(self):
        return html.unescape(re.search(r'name="csrf" value="([^"]+)"', self.get("/settings"))[1])

    def send(self, path, fields=(), files=(), status=303):
        """Sends a form; returns where it leads."""
        fields = [("csrf", self.csrf()), *fields]
        if files:
            boundary = uuid.uuid4().hex
            parts = [f'--{boundary}\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n'.encode() for n, v in fields]
            parts += [f'--{boundary}\r\nContent-Disposition: form-data; name="media"; filename="a.jpg"\r\n\r\n'.encode() + data + b"\r\n"
                      for data in files]
            body, kind = b"".join(parts) + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"
        else:
            body, kind = urllib.parse.urlencode(fields), "application/x-www-form-urlencoded"
        answer, content = self.call("POST", path, body, kind)
        assert answer.status == status, (path, answer.status, content[-400:])
        return answer.getheader("Location")

    def post(self, text, *photos):
        """Shares a post; returns its number."""
        return int(self.send("/share/post", [("text", text)], photos).rsplit("/", 1)[1])

    def story(self, text, photo):
        return int(self.send("/share/story", [("text", text)], [photo]).rsplit("/", 1)[1])

    def comment(self, post, text):
        self.send(f"/posts/{post}/comments", [("text", text)])

    def write(self, others, text, *photos):
        """Writes to others; returns the conversation's number."""
        where = self.send("/messages", [("member", other.id) for other in others])
        self.send(where, [("text", text)], photos)
        return int(where.rsplit("/", 1)[1])

    def token(self, following="/request-download"):
        """The address at Valise to which the gear leads, with its token."""
        answer, _ = self.call("GET", "/hand-off?next=" + urllib.parse.quote(following, safe=""))
        assert answer.status == 303
        return answer.getheader("Location")

    def at_valise(self):
        """Goes over to Valise; returns a client of its API and the account there."""
        client = Client(self.site.valise)
        answer = client.call("GET", urllib.parse.urlsplit(self.token())._replace(scheme="", netloc="").geturl())
        assert answer.status == 303, answer.status
        account = re.fullmatch(r"/accounts/(\w+)/request-download", answer.getheader("Location"))[1]
        _, session = client.json("GET", "/api/v1/session")
        client.csrf = session["csrf"]
        return client, account

    def download(self, to):
        """Asks for a download over there, without a password, and fetches it."""
        client, account = self.at_valise()
        status, request = client.json("POST", f"/api/v1/accounts/{account}/requests",
                                      {"address": f"{self.username}@example.test", "language": "en"})
        assert status == 201, request
        request = client.wait_ready(request["id"])
        assert request["state"] == "ready", request
        _, url = client.link(request["id"])
        to.write_bytes(Client(self.site.valise).call("GET", url).content)
        return to
