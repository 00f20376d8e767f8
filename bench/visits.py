"""A server of one's own and a visitor to it: how long a page takes, as its user waits; how much memory it holds."""

import http.client
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
TOKEN = re.compile(r'name="csrfmiddlewaretoken"\s+value="([^"]+)"')
READY_WITHIN, KILOBYTE = 60, 1024
OK, FOUND = 200, 302


class Failed(Exception):  # noqa: N818 - what a page did
    """A page answered otherwise than expected."""


@dataclass(frozen=True)
class Server:
    """A web server with two workers, running."""

    port: int
    process: "subprocess.Popen[bytes]"

    def memory(self) -> float:
        """MiB of its processes, what they share counted once (proportional set size)."""
        return sum(_proportional(pid) for pid in _tree(self.process.pid)) / KILOBYTE


@contextmanager
def serving(application: str, port: int, environment: Mapping[str, str], *, plain: bool = False) -> Iterator[Server]:
    """Run a WSGI application until the end of the block; `plain`: without the project's `gunicorn.conf.py`.

    Exits when it does not come up.
    """
    command = [sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}", "--workers", "2"]
    command += ["--threads", "1", "--log-level", "error", "--no-control-socket"]
    command += ["--config", str(ROOT / "bench" / "floor" / "__init__.py")] if plain else []
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment})  # noqa: S603 (our own)
    try:
        _wait_for(port)
        yield Server(port, process)
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int) -> None:
    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until:
        try:
            http.client.HTTPConnection("127.0.0.1", port, timeout=5).connect()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit(f"nothing answers on port {port}")


@dataclass
class Answer:
    """What came back. `seconds` from the request to the last byte."""

    status: int
    text: str
    location: str
    seconds: float


@dataclass
class Visitor:
    """One browser: its cookies, and the last token that a form gave it. A connection for each request."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""

    def signed_in(self, name: str, password: str) -> "Visitor":
        """The visitor after signing in. Raises Failed."""
        self.get("/login/")
        answer = self.post("/login/", {"username": name, "password": password})
        if answer.status != FOUND:
            raise Failed(f"{name} could not sign in: {answer.status}")
        self.token = ""  # signing in makes another one
        return self

    def get(self, path: str, expected: int = OK) -> Answer:
        """A page. Raises Failed for another status than expected."""
        answer = self._ask("GET", path, None)
        if answer.status != expected:
            raise Failed(f"{path} answered {answer.status}")
        return answer

    def post(self, path: str, fields: Mapping[str, str]) -> Answer:
        """A form sent with the token of the last form that was seen."""
        return self._ask("POST", path, urlencode({**fields, "csrfmiddlewaretoken": self.token}))

    def _ask(self, method: str, path: str, body: str | None) -> Answer:
        headers = {"Host": f"127.0.0.1:{self.port}", "Accept": "text/html"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if body is not None:
            headers |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "Referer": f"http://127.0.0.1:{self.port}/",
            }
        began = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        text = response.read().decode("utf-8", "replace")
        seconds = time.perf_counter() - began
        connection.close()
        for value in response.headers.get_all("Set-Cookie") or []:
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(value).items()}
        if found := TOKEN.search(text):
            self.token = found.group(1)
        return Answer(response.status, text, response.headers.get("Location", ""), seconds)


def _tree(root: int) -> Sequence[int]:
    """The process and all that it started."""
    parents = {}
    for entry in os.listdir("/proc"):
        try:
            parents[int(entry)] = int(Path(f"/proc/{entry}/stat").read_text().rsplit(")", 1)[1].split()[1])
        except (ValueError, OSError):  # no process, or gone meanwhile
            continue
    found = [root]
    for pid in found:
        found += [child for child, parent in parents.items() if parent == pid]
    return found


def _proportional(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
