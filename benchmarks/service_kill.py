"""kill -9 of the server, of its worker, and of both, in the middle of jobs: nothing acknowledged is lost, no bit differs.

`python benchmarks/service_kill.py [--kills 50] [--seed 1] [--database postgresql://...] [--out benchmarks/results/service_kill.csv]`

A real `fetuin serve` is started, given jobs over HTTP, killed at a random moment, and started again on the same state. At
the end every job that was acknowledged must be done, with the result of an unbroken run; the audit must be whole and hold
every acknowledgement; the database must be sound.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

STUDY, N = "snf472_cac", 1500  # some seconds of work for each job, cut into some forty steps
TOKEN, LEASE = "a-token-of-the-campaign", "1.0"
CONFIG = 'warm = false\n[[token]]\nsha256 = "{digest}"\nsubject = "campaign"\ntenant = "t"\nrole = "admin"\n[limits]\nrate = 1e6\nburst = 1e6\n'
COMMAND = "from fetuin.cli.main import main; main()"


class Server:
    """A `fetuin serve` that can be killed and started again on the same state and port."""

    def __init__(self, state: Path, database: str) -> None:
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            self.port = s.getsockname()[1]
        self.state, self.database = state, database
        (state / "config.toml").write_text(CONFIG.format(digest=hashlib.sha256(TOKEN.encode()).hexdigest()))
        self.http = httpx.Client(
            base_url=f"http://127.0.0.1:{self.port}", headers={"Authorization": f"Bearer {TOKEN}"}, timeout=10
        )
        self.start()

    def start(self) -> None:
        flags = [
            "serve",
            "--port",
            str(self.port),
            "--config",
            str(self.state / "config.toml"),
            "--state",
            str(self.state),
        ]
        flags += ["--database", self.database] if self.database else []
        with (self.state / "log.jsonl").open("ab") as log:
            self.process = subprocess.Popen([sys.executable, "-c", COMMAND, *flags], env=os.environ | {"FETUIN_LEASE": LEASE},
                                            stdout=log, stderr=log)  # fmt: skip

    def workers(self) -> list[int]:
        """Process numbers of the job workers, found as children of the server."""
        try:
            text = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        except OSError:
            return []
        return [int(p) for p in text.split() if b"service.worker" in Path(f"/proc/{p}/cmdline").read_bytes()]

    def kill(self, what: str) -> bool:
        """Kill -9; False where there was no worker to kill."""
        workers = self.workers()
        if what in ("worker", "both"):
            for pid in workers:
                os.kill(pid, signal.SIGKILL)
        if what in ("server", "both"):
            self.process.kill()
            self.process.wait()
            self.start()
        return what == "server" or bool(workers)

    def ask(self, method: str, url: str, **more: Any) -> httpx.Response:
        """One request, again and again while the server is down."""
        ends = time.monotonic() + 120
        while True:
            try:
                answer = self.http.request(method, url, **more)
                if answer.status_code < 500:
                    return answer
            except httpx.TransportError:
                pass
            if time.monotonic() > ends:
                raise TimeoutError(url)
            time.sleep(0.1)

    def stop(self) -> None:
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()


@contextmanager
def serving(database: str = "") -> Iterator[Server]:
    with tempfile.TemporaryDirectory(prefix="fetuin-kill-") as folder:
        server = Server(Path(folder), database)
        try:
            yield server
        finally:
            server.stop()


def unbroken(seed: int) -> Any:
    """The result of a job that nobody disturbs."""
    from fetuin.reports.envelope import plain
    from fetuin.service.studies import table_of
    from fetuin.trials.run import run_trial

    return json.loads(json.dumps(plain(run_trial(table_of(STUDY), N, seed).to_dict())))


def campaign(kills: int, seed: int = 1, database: str = "") -> dict[str, Any]:
    """Figures of a campaign: kills, jobs acknowledged, lost, doubled, different, audit entries missing."""
    draw = random.Random(seed)
    jobs: dict[str, int] = {}
    killed: Counter[str] = Counter()
    begun = time.monotonic()
    with serving(database) as server:
        server.ask("GET", "/api/session")
        while sum(killed.values()) < kills:
            k = len(jobs) + 1
            body = {"kind": "trial-simulate", "parameters": {"study": STUDY, "n": N, "seed": k}}
            told = server.ask("POST", "/api/jobs", json=body, headers={"Idempotency-Key": f"job-{k}"})
            jobs[told.json()["id"]] = k
            if k % 2:
                ends = time.monotonic() + 60
                while not _running(server) and time.monotonic() < ends:
                    time.sleep(0.05)
                time.sleep(draw.uniform(0.0, 1.0))
                what = ("worker", "server", "both")[sum(killed.values()) % 3]
                killed[what] += server.kill(what)
        ends = time.monotonic() + 600
        while (left := _left(server, jobs)) and time.monotonic() < ends:
            time.sleep(0.2)
        results = {j: server.ask("GET", f"/api/jobs/{j}/result").json().get("result") for j in jobs if j not in left}
        log = server.ask("GET", "/api/audit")
        sound = _sound(server, database)
    different = sum(results[j] != unbroken(jobs[j]) for j in results)
    entries = [json.loads(line) for line in log.text.splitlines()]
    asked = Counter(e["subject"].removeprefix("job ") for e in entries if e["what"] == "asked for a job")
    return {
        "database": database.partition(":")[0] or "sqlite", "kills": sum(killed.values()), "worker": killed["worker"], "server": killed["server"],
        "both": killed["both"], "jobs": len(jobs), "lost": len(left), "different": different, "unrecorded": len(set(jobs) - set(asked)),
        "chain": _whole(log.text), "sound": sound, "seconds": round(time.monotonic() - begun, 1),
    }  # fmt: skip


def _running(server: Server) -> bool:
    return any(j["state"] == "running" and j["done"] > 0 for j in server.ask("GET", "/api/jobs").json()["jobs"])


def _left(server: Server, jobs: dict[str, int]) -> list[str]:
    return [j for j in jobs if server.ask("GET", f"/api/jobs/{j}").json().get("state") != "done"]


def _whole(text: str) -> bool:
    from fetuin.assays.audit import verify

    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        return verify(file.name).ok


def _sound(server: Server, database: str) -> bool:
    if database:
        return True
    import sqlite3

    with sqlite3.connect(server.state / "fetuin.sqlite") as c:
        return bool(c.execute("PRAGMA integrity_check").fetchone()[0] == "ok")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", default="")
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results/service_kill.csv"))
    given = parser.parse_args()
    found = campaign(given.kills, given.seed, given.database)
    print(found)
    fresh = not given.out.exists()
    with given.out.open("a", newline="") as file:
        writer = csv.DictWriter(file, list(found))
        if fresh:
            writer.writeheader()
        writer.writerow(found)


if __name__ == "__main__":
    main()
