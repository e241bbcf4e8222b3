"""`fetuin selftest`: does this installation do what it should? Minutes of tests in seconds, on shipped examples alone."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from fetuin.cli.output import console, emit, research_use


def content() -> str:
    """Knowledge and models are those that their versions name: nobody changed a file of this installation."""
    from fetuin.versions import changed, sentence

    assert not changed(), f"{' and '.join(changed())} differ from what was recorded with their version"
    return sentence()


def assessment() -> str:
    """Every shipped case whose diagnosis is published is answered as published."""
    from fetuin.diagnosis import assess
    from fetuin.examples import examples
    from fetuin.records import read_record  # type: ignore[attr-defined]

    right = []
    for e in examples():
        with e.path() as path:
            right.append(assess(read_record(path), setting=e.setting).answer == e.mechanism)
    assert sum(right) >= 0.8 * len(right), f"{sum(right)} of {len(right)}"
    return f"{sum(right)} of {len(right)} published cases"


def chemistry() -> str:
    """A serum of known composition: ionised calcium and the saturation of apatite as PHREEQC has them."""
    from fetuin.chemistry.serum import check, results

    found = results(check([{"Ca_tot": 2.35, "P_i": 1.1, "pH": 7.4}], ["selftest"])).rows()[0]
    ionised = float(found["ionised_Ca_mM"])
    assert 1.1 < ionised < 1.35, f"ionised calcium {ionised:.3f} mmol/L"
    return f"ionised calcium {ionised:.3f} mmol/L of 2.35 total"


def economy() -> str:
    """A healthy person stays healthy for a month, and calcium is conserved."""
    from fetuin.simulation import simulate

    t = simulate(None, None, days=30.0, rtol=1e-6)
    drift = abs(float(t["calcium"][..., -1].ravel()[0]) / float(t["calcium"][..., 0].ravel()[0]) - 1)
    assert drift < 1e-6, f"calcium drifts by {drift:.1e}"
    return f"calcium drifts by {drift:.0e} in a month"


def plate() -> str:
    """A simulated plate comes back near its truth."""
    import numpy as np

    from fetuin.assays.simulate_plate import simulate
    from fetuin.assays.t50 import measure

    made = simulate(1, "clean")
    known = {t["well"]: float(str(t["T50_min"])) - float(str(t["read_offset_min"])) for t in made.truth}
    wells = [w for w in measure(made.plate).wells if w.t50_min is not None and not w.flags]
    errors = [abs(float(w.t50_min or 0.0) - known[w.well]) for w in wells]
    assert errors, "no well was measured"
    assert np.median(errors) < 1.0, f"median error {np.median(errors):.2f} min"
    return f"{len(errors)} wells, median error {np.median(errors):.2f} min"


def scan() -> str:
    """A phantom, written as DICOM and read again, scores its own truth."""
    import tempfile
    from pathlib import Path

    from fetuin.imaging import load
    from fetuin.imaging.modalities.ct import score
    from fetuin.imaging.phantom import make, write

    truth = make("block")[1]["agatston"]
    with tempfile.TemporaryDirectory() as folder:
        write("block", Path(folder))
        found = score(load(Path(folder) / "dicom")).to_dict()["agatston"]
    assert abs(found - truth) < 1e-6 * truth, f"{found} where {truth} is true"
    return f"Agatston {found:g} of {truth:g}"


def statistics() -> str:
    """The O'Brien-Fleming constant of Jennison and Turnbull for five looks, two-sided 5 %: 2.040."""
    from fetuin.trials.designs.group_sequential import design

    c = float(design("obrien_fleming", looks=[0.2, 0.4, 0.6, 0.8, 1.0], alpha=0.05, sided=2).critical[-1])
    assert abs(c - 2.040) < 5e-4, f"{c:.4f}"
    return f"O'Brien-Fleming constant {c:.3f}"


CHECKS: dict[str, Callable[[], str]] = {
    f.__name__: f for f in (content, assessment, chemistry, economy, plate, scan, statistics)
}


def command(*, url: str = "", json: bool = False) -> int:
    """Check this installation on shipped examples; a part whose extra is not installed is left out by name.

    Parameters
    ----------
    url
        Also ask a running service at this address whether it is ready.
    json
        One JSON object on stdout.
    """
    rows = [_row(name, check) for name, check in CHECKS.items()]
    if url:
        rows.append(_row("service", lambda: _ready(url)))
    failed = [r for r in rows if r["state"] == "failed"]
    if json:
        emit("selftest/1", {"checks": rows, "passed": not failed})
    else:
        for r in rows:
            console(stderr=False).print(
                f"{r['state']:8} {r['check']:12} {r['told']} ({r['seconds']:.1f} s)", markup=False
            )
    research_use()
    return 1 if failed else 0


def _row(name: str, check: Callable[[], str]) -> dict[str, Any]:
    from fetuin.errors import MissingExtraError

    begun, state = time.monotonic(), "ok"
    try:
        told = check()
    except (MissingExtraError, ImportError) as error:
        state, told = "left out", str(getattr(error, "fix", "")) or f"not installed: {error}"
    except Exception as error:
        state, told = "failed", f"{type(error).__name__}: {error}"
    return {"check": name, "state": state, "told": told, "seconds": round(time.monotonic() - begun, 2)}


def _ready(url: str) -> str:
    import urllib.request

    from fetuin.errors import UsageError

    if not url.startswith(("http://", "https://")):
        raise UsageError(f"{url} is no address of a service.", fix="http://127.0.0.1:8000")
    with urllib.request.urlopen(f"{url.rstrip('/')}/health/ready", timeout=10) as answer:
        return f"{answer.status} from {url}"
