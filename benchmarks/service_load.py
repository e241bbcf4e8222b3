"""Load on a real `fetuin serve`: the CDS hook with the real engine and a 50 kB prefetch, and the slider of the model.

`python benchmarks/service_load.py [--seconds 20] [--connections 32] [--users 20] [--workers 2] [--out benchmarks/results/service_load.csv]`

The hook: every connection sends its next request when it has the answer (wrk, package of that name in Debian). No two
requests are the same: 64 patients, and in each request a new call number and a new latest value of every analyte. The
slider: each user moves GFR to a new value five times a second, as the page does: one question in flight, no answer from
memory. `--users 0` leaves the slider out.
Bars: at least 150 requests/s, p99 at most 300 ms, no error, memory growth below 5 %; slider p95 at most 150 ms. `server_cpu_ms`
and `slider_cpu_ms` are processor time for each answer: they tell what a machine that does nothing else would reach (`load`
says what it did). `client_share` is what the load itself took of one core while the hooks ran.
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
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx
import numpy as np

SIZE = 50_000  # bytes of the prefetch
PATIENTS = 64  # different bodies, each changed again in every request
URL = "/cds-services/fetuin-mechanism"
LABS = {"2777-1": ("mg/dL", 6.1), "2000-8": ("mmol/L", 2.4), "17861-6": ("mg/dL", 9.4), "2731-8": ("pg/mL", 410), "2160-0": ("mg/dL", 7.8),
        "1751-7": ("g/dL", 3.6), "6768-6": ("U/L", 120), "1989-3": ("ng/mL", 18), "19123-9": ("mg/dL", 2.1)}  # fmt: skip


def question(seed: int = 1, size: int = SIZE) -> str:
    """A patient on dialysis with a swelling at the shoulder, and results until the prefetch has `size` bytes.

    `@low:high@` stands where each request puts a number of its own, `@@` where it puts a call number.
    """
    draw, who = random.Random(seed), f"p{seed}"
    subject = {"reference": f"Patient/{who}"}
    told = ["Haemodialysis", "Periarticular calcification of the shoulder", "End stage kidney disease"]
    conditions = [{"resourceType": "Condition", "subject": subject, "code": {"text": t}} for t in told]
    patient = {"resourceType": "Patient", "id": who, "gender": draw.choice(["female", "male"]), "birthDate": f"{draw.randint(1935, 1990)}-01-01"}  # fmt: skip
    prefetch = {"patient": patient, "conditions": _found(conditions)} | {
        k: _found([]) for k in ("medications", "procedures", "reports")
    }
    results: list[dict[str, Any]] = []
    while len(json.dumps(prefetch | {"observations": _found(results)})) < size:
        code, (unit, usual) = draw.choice(list(LABS.items()))
        day = f"{2020 + len(results) % 6}-{1 + len(results) % 12:02d}-{1 + len(results) % 28:02d}"
        results.append({
            "resourceType": "Observation", "id": f"o{len(results)}", "status": "final", "subject": subject,
            "code": {"coding": [{"system": "http://loinc.org", "code": code}]}, "effectiveDateTime": f"{day}T08:00:00Z",
            "valueQuantity": {"value": round(usual * draw.uniform(0.8, 1.2), 2), "unit": unit, "system": "http://unitsofmeasure.org", "code": unit},
        })  # fmt: skip
    for code, (_, usual) in LABS.items():
        mine = [r for r in results if r["code"]["coding"][0]["code"] == code]
        newest = max((r["effectiveDateTime"] for r in mine), default="")
        for r in mine:
            if r["effectiveDateTime"] == newest:
                r["valueQuantity"]["value"] = f"@{0.8 * usual:g}:{1.2 * usual:g}@"
    body = {"hook": "patient-view", "hookInstance": "00000000-0000-4000-8000-@@", "context": {"userId": "Practitioner/1", "patientId": who},
            "prefetch": prefetch | {"observations": _found(results)}}  # fmt: skip
    return re.sub(r'"(@[\d.:]+@)"', r"\1", json.dumps(body))


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


SCRIPT = """
wrong = 0  -- global: `done` asks for it
local bodies, calls = {}, 0
function init()
  math.randomseed(tonumber(SEED))
  for k = 1, PATIENTS do
    local f, pieces, from = io.open(string.format("FOLDER/%d.json", k)):read("*all"), {}, 1
    for at, low, high, to in f:gmatch("()@([%d.]*):?([%d.]*)@()") do
      table.insert(pieces, f:sub(from, at - 1))
      table.insert(pieces, {tonumber(low), tonumber(high)})
      from = to
    end
    table.insert(pieces, f:sub(from))
    bodies[k] = pieces
  end
end
function request()
  local out, pieces = {}, bodies[calls % PATIENTS + 1]
  calls = calls + 1
  for k, piece in ipairs(pieces) do
    if type(piece) == "string" then out[k] = piece
    elseif piece[1] then out[k] = string.format("%.4g", piece[1] + math.random() * (piece[2] - piece[1]))
    else out[k] = string.format("%012d", calls) end
  end
  return wrk.format("POST", nil, {["Content-Type"] = "application/json", ["Authorization"] = "Bearer TOKEN"}, table.concat(out))
end
local threads = {}
function setup(thread) table.insert(threads, thread) end
function response(status, headers, body)
  if status ~= 200 or not body:find('"summary"', 1, true) then wrong = wrong + 1 end
end
function done(summary, latency, requests)
  local errors = threads[1]:get("wrong") + summary.errors.read + summary.errors.connect + summary.errors.timeout
  io.write(string.format("RESULT %d %d %f %f %f\\n", summary.requests, errors, summary.duration / 1e6,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
"""


def hook(base: str, token: str, seconds: float, connections: int) -> dict[str, float]:
    """Questions for some seconds; how many were answered, how fast, how many wrongly or not at all."""
    with tempfile.TemporaryDirectory() as folder:
        for k in range(1, PATIENTS + 1):
            (Path(folder) / f"{k}.json").write_text(question(k))
        told = {"FOLDER": folder, "TOKEN": token, "PATIENTS": str(PATIENTS), "SEED": str(int(time.time()))}
        script = Path(folder) / "post.lua"
        script.write_text(re.sub("|".join(told), lambda m: told[m[0]], SCRIPT))
        command = [
            "wrk",
            "-t1",
            f"-c{connections}",
            f"-d{seconds:.0f}s",
            "--timeout",
            "10s",
            "-s",
            str(script),
            base + URL,
        ]
        said = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    n, errors, took, p50, p99 = map(float, re.search(r"RESULT (\S+) (\S+) (\S+) (\S+) (\S+)", said).groups())  # type: ignore[union-attr]
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
    parser.add_argument("--workers", type=int, default=2)
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
            row = measured(server.pid, _base(Path(folder) / "log", given.workers), token, given)
        finally:
            server.terminate()
            server.wait(timeout=30)
    print(row)
    _keep(given.out, row)


def _keep(path: Path, row: dict[str, Any]) -> None:
    """One row more; a column that is new is empty in the rows that were there."""
    rows = [*csv.DictReader(path.read_text().splitlines())] if path.exists() else []
    names = list(dict.fromkeys([*(rows[0] if rows else ()), *row]))
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, names, restval="")
        writer.writeheader()
        writer.writerows([*rows, row])


def _base(log: Path, workers: int = 1) -> str:
    """The address when every process listens and answers that it is ready."""
    for _ in range(3000):
        if found := re.search(r"Listening on \S+:(\d+)", log.read_text()):
            base = f"http://127.0.0.1:{found[1]}"
            listening = workers == 1 or log.read_text().count('"event": "listening"') == workers
            if listening and all(httpx.get(f"{base}/health/ready").status_code == 200 for _ in range(12)):
                return base
        time.sleep(0.1)
    raise TimeoutError("the server does not start")


def measured(pid: int, base: str, token: str, given: argparse.Namespace) -> dict[str, Any]:
    """One row of the table."""
    hook(base, token, min(10.0, given.seconds), given.connections)  # the first answers compile and fill
    client, before, spent = _children(), memory(pid), cpu(pid)
    told = hook(base, token, given.seconds, given.connections)
    grown, spent, client = memory(pid) / before - 1, cpu(pid) - spent, _children() - client
    row = {
        "cores": os.cpu_count(), "load": round(os.getloadavg()[0], 1), "workers": given.workers, "connections": given.connections,
        "seconds": given.seconds, "tool": "wrk", **{k: round(v, 1) for k, v in told.items()},
        "server_cpu_ms": round(1000 * spent / max(told["requests"], 1), 2), "memory_growth": round(grown, 4),
        "client_share": round(client / given.seconds, 3), "users": given.users,
    }  # fmt: skip
    if not given.users:
        return row
    moving = cpu(pid)
    moves, failed = asyncio.run(slider(base, token, given.seconds, given.users))
    s50, s95 = np.percentile(np.array(moves) * 1000, (50, 95))
    return row | {
        "moves": len(moves), "slider_p50_ms": round(float(s50), 1), "slider_p95_ms": round(float(s95), 1),
        "slider_cpu_ms": round(1000 * (cpu(pid) - moving) / max(len(moves), 1), 2), "slider_errors": failed,
    }  # fmt: skip


def _children() -> float:
    """Seconds of processor time of the load's own processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
