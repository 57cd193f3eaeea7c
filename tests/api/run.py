"""Starts the server, puts something into it, lets schemathesis test every described route, and counts.

Run by scripts/test-api inside its virtual environment. ARIADNI_BIN names the program. Further arguments go to schemathesis.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import urllib.request
import xml.etree.ElementTree as ElementTree
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
STAFF = "a-staff-secret"
# Monday, 09:00 in Athens: what is free does not depend on the day of the test.
NOW = "2026-11-23T09:00:00+02:00"
SERVICE = "kep.information-application"
OFFICES = ["kep-kypselis", "kep-peristeriou"]
# Routes that must have done their work at least once, or the test never got beyond the door.
MUST_SUCCEED = {
    ("POST", "/api/v1/appointments"),
    ("POST", "/api/v1/holds"),
    ("GET", "/api/v1/appointments/{reference}"),
    ("DELETE", "/api/v1/appointments/{reference}"),
    ("POST", "/api/v1/appointments/{reference}/reschedule"),
    ("POST", "/api/v1/closures"),
    ("GET", "/api/v1/availability"),
    ("POST", "/api/v1/conversations/{id}/messages"),
}
# Bookings that stand when the test begins, and holds for it to book.
BOOKED, HELD = 6, 30


class Server:
    """The real program on a free port, with a database of its own."""

    def __init__(self, folder: Path):
        clean = {name: value for name, value in os.environ.items() if not name.startswith("ARIADNI_")}
        settings = {"ARIADNI_API__TOKENS": STAFF, "ARIADNI_LOG__LEVEL": "warn"}
        command = [os.environ["ARIADNI_BIN"], "serve", "--listen", "127.0.0.1:0", "--data-dir", folder, "--now", NOW]
        self.log = (folder / "log").open("w")
        self.process = subprocess.Popen(
            command, env={**clean, **settings}, stdout=subprocess.PIPE, stderr=self.log, text=True
        )
        # A server that says nothing is ended, so that the line below is not waited for for ever.
        watchdog = threading.Timer(60, self.process.kill)
        watchdog.start()
        self.url = next((m[0] for line in self.process.stdout if (m := re.search(r"http://[0-9.:]+", line))), None)
        watchdog.cancel()
        if self.url is None:
            sys.exit(f"the server did not start: {(folder / 'log').read_text()}")

    def call(self, method: str, path: str, body=None) -> dict:
        headers = {"Authorization": f"Bearer {STAFF}", "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def stop(self):
        self.process.terminate()
        self.process.wait(30)
        self.log.close()


def unreached(server: Server, before: dict) -> set[tuple[str, str]]:
    """The routes above that never succeeded since then, after a table of what every route answered."""
    after = answers(server)
    print("Answers by route:")
    for method, route in sorted(after, key=lambda key: (key[1], key[0])):
        counts = after[method, route] - before.get((method, route), Counter())
        if set(counts) - {"405"} and method != "OPTIONS" and route.startswith("/api/"):
            print(f"  {method:6} {route}:", ", ".join(f"{status} ×{n}" for status, n in sorted(counts.items())))
    succeeded = lambda key: any(s.startswith("2") for s in after.get(key, Counter()) - before.get(key, Counter()))
    return {key for key in MUST_SUCCEED if not succeeded(key)}


def answers(server: Server) -> dict[tuple[str, str], Counter]:
    """How often each route answered with which status, as the server itself counts it."""
    found = {}
    with urllib.request.urlopen(f"{server.url}/metrics", timeout=30) as text:
        for line in text.read().decode().splitlines():
            if line.startswith("http_requests_total{"):
                labels, number = dict(re.findall(r'(\w+)="([^"]*)"', line)), int(line.rsplit(" ", 1)[1])
                found.setdefault((labels["method"], labels["route"]), Counter())[labels["status"]] += number
    return found


def letters(number: int) -> str:
    return "".join("ΑΒΓΔΕΖΗΘΙΚ"[int(digit)] for digit in str(number))


def seed(server: Server) -> dict[str, list[str]]:
    """Makes what tests refer to, through the API itself."""
    slots = []
    for office in OFFICES:
        search = f"/api/v1/availability?service={SERVICE}&office={office}&mode=in_person&limit=60"
        slots += server.call("GET", search)["slots"]
    wanted = iter(slots)
    hold = lambda: server.call("POST", "/api/v1/holds", {"service": SERVICE} | pick(next(wanted)))["hold"]
    references = []
    for number in range(BOOKED):
        person = {"name": f"Πολίτης {letters(number)}"}
        booking = {"hold": hold(), "beneficiary": person, "requester": {**person, "phone": "6944123456"}}
        references.append(server.call("POST", "/api/v1/appointments", booking)["reference"])
    server.call("DELETE", f"/api/v1/appointments/{references[0]}")
    conversation = server.call("POST", "/api/v1/conversations")
    os.environ["CONVERSATION_TOKEN"] = conversation["token"]
    procedures = server.call("GET", "/api/v1/procedures?limit=20")["procedures"]
    return {
        "starts": sorted({slot["start"] for slot in slots}) + ["2026-11-24", "2026-11-26T10:00:00+02:00"],
        "holds": [hold() for _ in range(HELD)],
        "references": references,
        "conversations": [conversation["id"]],
        "procedures": [procedure["id"] for procedure in procedures],
    }


def pick(slot: dict) -> dict:
    return {name: slot[name] for name in ("office", "mode", "start")}


def configure(folder: Path, seeded: dict[str, list[str]]) -> Path:
    for name, values in seeded.items():
        (folder / f"{name}.dict").write_text("".join(f'"{value}"\n' for value in values))
    shutil.copy(HERE / "hooks.py", folder)
    return Path(shutil.copy(HERE / "schemathesis.toml", folder))


def test(server: Server, folder: Path, arguments: list[str]) -> tuple[int, int, int]:
    """The exit status, and how many of the tests (an operation in a phase) passed and failed."""
    config, report = configure(folder, seed(server)), folder / "report.xml"
    before = answers(server)
    command = [Path(sys.executable).parent / "schemathesis", "--config-file", config, "run", "--no-color"]
    command += ["--report-junit-path", report, *arguments, f"{server.url}/openapi.json"]
    environment = {**os.environ, "STAFF": STAFF, "PYTHONPATH": str(folder)}
    status = subprocess.run(command, env=environment, cwd=folder).returncode
    if not report.exists():
        return status or 1, 0, 1
    missing = set() if arguments else unreached(server, before)
    for method, route in sorted(missing):
        print(f"{method} {route} never succeeded")
    cases = list(ElementTree.parse(report).iter("testcase"))
    skipped = sum(case.find("skipped") is not None for case in cases)
    failed = sum(case.find("failure") is not None or case.find("error") is not None for case in cases)
    return status or len(missing), len(cases) - failed - skipped, failed + len(missing)


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        server = Server(folder)
        try:
            status, passed, failed = test(server, folder, sys.argv[1:])
            alive = server.process.poll() is None
        finally:
            server.stop()
        if not alive:
            print("the server ended in the middle of it")
        if status or not alive:
            print((folder / "log").read_text()[-4000:])
        good = status == 0 and alive and passed > 0
        # The form of libtest, which scripts/test counts.
        print(f"test result: {'ok' if good else 'FAILED'}. {passed} passed; {max(failed, 0 if good else 1)} failed")
        return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
