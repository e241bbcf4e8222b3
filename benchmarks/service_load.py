"""Load on a real `fetuin serve`: the CDS hook with the real engine and a 50 kB prefetch, and the slider of the model.

`python benchmarks/service_load.py [--seconds 20] [--connections 32] [--users 20] [--workers 1] [--out benchmarks/results/service_load.csv]`

The hook: every connection sends its next request when it has the answer (wrk where it is installed, else httpx). The slider:
each user moves GFR to a new value five times a second, as the page does: one question in flight, no answer from memory.
Bars: at least 150 requests/s, p99 at most 300 ms, no error, memory growth below 5 %; slider p95 at most 150 ms. `server_cpu_ms` and `slider_cpu_ms` are
processor time for each answer: they tell what a machine that does nothing else would reach (`load` says what it did).
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import hashlib
import importlib.util
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path
from typing import Any

import httpx
import numpy as np

SIZE = 50_000  # bytes of the prefetch
URL = "/cds-services/fetuin-mechanism"
LABS = {"2777-1": ("mg/dL", 6.1), "2000-8": ("mmol/L", 2.4), "17861-6": ("mg/dL", 9.4), "2731-8": ("pg/mL", 410), "2160-0": ("mg/dL", 7.8),
        "1751-7": ("g/dL", 3.6), "6768-6": ("U/L", 120), "1989-3": ("ng/mL", 18), "19123-9": ("mg/dL", 2.1)}  # fmt: skip


def question(size: int = SIZE) -> bytes:
    """A patient on dialysis with a swelling at the shoulder, and results until the prefetch has `size` bytes."""
    draw = random.Random(1)
    concept = {"coding": [{"system": "http://loinc.org", "code": "x"}]}
    patient = {"resourceType": "Patient", "id": "p1", "gender": "female", "birthDate": "1970-01-01"}
    told = ["Haemodialysis", "Periarticular calcification of the shoulder", "End stage kidney disease"]
    conditions = [
        {"resourceType": "Condition", "subject": {"reference": "Patient/p1"}, "code": {"text": t}} for t in told
    ]
    results: list[dict[str, Any]] = []
    prefetch: dict[str, Any] = {
        "patient": patient,
        "conditions": _found(conditions),
        "medications": _found([]),
        "procedures": _found([]),
        "reports": _found([]),
    }
    while len(json.dumps(prefetch | {"observations": _found(results)})) < size:
        code, (unit, usual) = draw.choice(list(LABS.items()))
        day = f"{2020 + len(results) % 6}-{1 + len(results) % 12:02d}-{1 + len(results) % 28:02d}"
        value = round(usual * draw.uniform(0.8, 1.2), 2)
        results.append({
            "resourceType": "Observation", "id": f"o{len(results)}", "status": "final", "subject": {"reference": "Patient/p1"},
            "code": {"coding": [concept["coding"][0] | {"code": code}]}, "effectiveDateTime": f"{day}T08:00:00Z",
            "valueQuantity": {"value": value, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit},
        })  # fmt: skip
    body = {"hook": "patient-view", "hookInstance": str(uuid.UUID(int=1)), "context": {"userId": "Practitioner/1", "patientId": "p1"},
            "prefetch": prefetch | {"observations": _found(results)}}  # fmt: skip
    return json.dumps(body).encode()


def _found(resources: list[dict[str, Any]]) -> dict[str, Any]:
    return {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": r} for r in resources]}


def memory(pid: int) -> float:
    """Resident MiB of a process and its children that answer."""
    pids = [pid, *map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]
    pages = sum(
        int(Path(f"/proc/{p}/statm").read_text().split()[1])
        for p in pids
        if b"service.worker" not in Path(f"/proc/{p}/cmdline").read_bytes()
    )
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def cpu(pid: int) -> float:
    """Seconds of processor time of a process and its children so far."""
    pids = [pid, *map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]
    ticks = [Path(f"/proc/{p}/stat").read_text().rpartition(")")[2].split()[11:13] for p in pids]
    return sum(int(a) + int(b) for a, b in ticks) / os.sysconf("SC_CLK_TCK")


async def hook(base: str, token: str, seconds: float, connections: int) -> tuple[list[float], int]:
    """(seconds of each request, errors)."""
    body, head = question(), {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    took: list[float] = []
    errors, ends = 0, time.monotonic() + seconds

    async def one(client: httpx.AsyncClient) -> None:
        nonlocal errors
        while time.monotonic() < ends:
            begun = time.perf_counter()
            answer = await client.post(URL, content=body, headers=head)
            took.append(time.perf_counter() - begun)
            errors += answer.status_code != 200 or not answer.json()["cards"]

    async with httpx.AsyncClient(base_url=base, timeout=30, limits=httpx.Limits(max_connections=connections)) as client:
        await asyncio.gather(*(one(client) for _ in range(connections)))
    return took, errors


def wrk(base: str, token: str, seconds: float, connections: int) -> dict[str, float] | None:
    """The same with wrk; None where it is not installed."""
    program = shutil.which("wrk")
    if program is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "body.json").write_bytes(question())
        script = Path(folder) / "post.lua"
        script.write_text(f"""wrk.method = "POST"
local f = io.open("{folder}/body.json", "rb")
wrk.body = f:read("*all")
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Authorization"] = "Bearer {token}"
function done(summary, latency, requests)
  io.write(string.format("RESULT %d %d %f %f %f\\n", summary.requests, summary.errors.status + summary.errors.read +
    summary.errors.connect + summary.errors.timeout, summary.duration / 1e6, latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end""")
        command = [
            program,
            "-t1",
            f"-c{connections}",
            f"-d{seconds:.0f}s",
            "--timeout",
            "10s",
            "-s",
            str(script),
            base + URL,
        ]
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    n, errors, took, p50, p99 = map(float, re.search(r"RESULT (\S+) (\S+) (\S+) (\S+) (\S+)", told).groups())  # type: ignore[union-attr]
    return {"requests": n, "per_second": n / took, "p50_ms": p50, "p99_ms": p99, "errors": errors}


async def slider(base: str, token: str, seconds: float, users: int) -> tuple[list[float], int]:
    """(seconds of each answer, errors): each user asks five times a second, never before the answer to the last question."""
    took: list[float] = []
    errors, ends = 0, time.monotonic() + seconds
    shown = [
        "calcium",
        "calcium_ionised",
        "phosphate",
        "magnesium",
        "pth",
        "calcitriol",
        "fgf23",
        "egfr",
        "bicarbonate",
        "urine_calcium",
    ]

    async def one(client: httpx.AsyncClient, user: int) -> None:
        nonlocal errors
        draw = random.Random(user)
        await asyncio.sleep(draw.random())
        while time.monotonic() < ends:
            body = {
                "person": {"gfr": f"{draw.uniform(12, 110):.3f} mL/min"},
                "days": 365.0,
                "curves": shown,
                "points": 200,
            }
            begun = time.perf_counter()
            answer = await client.post("/api/simulate", json=body, headers={"Authorization": f"Bearer {token}"})
            took.append(time.perf_counter() - begun)
            errors += answer.status_code != 200
            await asyncio.sleep(
                max(0.0, 0.2 - took[-1]) + draw.uniform(0.3, 0.7)
            )  # a hand pauses between two positions

    async with httpx.AsyncClient(base_url=base, timeout=30, limits=httpx.Limits(max_connections=users)) as client:
        await asyncio.gather(*(one(client, k) for k in range(users)))
    return took, errors


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--users", type=int, default=20)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results/service_load.csv"))
    given = parser.parse_args()
    token = "a-token-of-the-load"
    spec = importlib.util.spec_from_file_location("service_kill", Path(__file__).with_name("service_kill.py"))
    kill = importlib.util.module_from_spec(spec)  # type: ignore[arg-type]
    spec.loader.exec_module(kill)  # type: ignore[union-attr]
    with tempfile.TemporaryDirectory(prefix="fetuin-load-") as folder:
        config = Path(folder) / "config.toml"
        digest = hashlib.sha256(token.encode()).hexdigest()
        config.write_text(kill.CONFIG.format(digest=digest).replace("warm = false", ""))
        with open(Path(folder) / "log", "wb") as log:
            flags = [
                "serve",
                "--port",
                "0",
                "--config",
                str(config),
                "--state",
                folder,
                "--workers",
                str(given.workers),
                "--jobs",
                "0",
            ]
            server = subprocess.Popen([sys.executable, "-c", kill.COMMAND, *flags], stdout=log, stderr=log)
        try:
            row = measured(server.pid, _base(Path(folder) / "log"), token, given)
        finally:
            server.terminate()
            server.wait(timeout=30)
    print(row)
    fresh = not given.out.exists()
    with given.out.open("a", newline="") as file:
        writer = csv.DictWriter(file, list(row))
        if fresh:
            writer.writeheader()
        writer.writerow(row)


def _base(log: Path) -> str:
    for _ in range(600):
        if found := re.search(r"Listening on (\S+)", log.read_text()):
            for _ in range(600):
                try:
                    if httpx.get(f"{found[1]}/health/ready").status_code == 200:
                        return found[1]
                except httpx.TransportError:
                    pass
                time.sleep(0.2)
        time.sleep(0.2)
    raise TimeoutError("the server does not start")


def measured(pid: int, base: str, token: str, given: argparse.Namespace) -> dict[str, Any]:
    """One row of the table."""
    asyncio.run(hook(base, token, min(5.0, given.seconds), given.connections))
    begun, before, spent = time.process_time(), memory(pid), cpu(pid)
    told = wrk(base, token, given.seconds, given.connections)
    if told is None:
        took, errors = asyncio.run(hook(base, token, given.seconds, given.connections))
        p50, p99 = np.percentile(np.array(took) * 1000, (50, 99))
        told = {
            "requests": len(took),
            "per_second": len(took) / given.seconds,
            "p50_ms": p50,
            "p99_ms": p99,
            "errors": errors,
        }
    grown, spent = memory(pid) / before - 1, cpu(pid) - spent
    moving = cpu(pid)
    moves, failed = asyncio.run(slider(base, token, given.seconds, given.users))
    s50, s95 = np.percentile(np.array(moves) * 1000, (50, 95))
    return {
        "cores": os.cpu_count(), "load": round(os.getloadavg()[0], 1), "workers": given.workers, "connections": given.connections,
        "seconds": given.seconds, "tool": "wrk" if shutil.which("wrk") else "httpx", **{k: round(v, 1) for k, v in told.items()},
        "server_cpu_ms": round(1000 * spent / max(told["requests"], 1), 2), "memory_growth": round(grown, 4), "users": given.users, "moves": len(moves), "slider_p50_ms": round(float(s50), 1),
        "slider_p95_ms": round(float(s95), 1), "slider_cpu_ms": round(1000 * (cpu(pid) - moving) / max(len(moves), 1), 2), "slider_errors": failed, "client_cpu_s": round(time.process_time() - begun, 1),
    }  # fmt: skip


if __name__ == "__main__":
    main()
