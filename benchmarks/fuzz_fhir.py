"""Mutated FHIR bundles against the reader: no crash, no hang over 2 s, every error with a place and a remedy, no leak.

`python benchmarks/fuzz_fhir.py [--n 10000] [--seed 1] [--out benchmarks/results/fuzz_fhir.csv]`

Every text of the seed bundles that could tell who the person is holds a canary; a canary in a message is a leak. The
mutations: fields dropped, doubled, retyped, nested, made huge, made non-finite, text and bytes broken.
"""

from __future__ import annotations

import argparse
import copy
import csv
import json
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from fetuin import __version__
from fetuin.errors import FetuinError
from fetuin.records import read_bytes

CANARY = "Zanzibar-Quillfeather-19470813"
LIMIT_S = 2.0
Node = tuple[Any, Any]  # a container and the key or index in it
ODD: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    1e308,
    "",
    "x" * 5000,
    [],
    {},
    [[]],
    [None],
    {"a": {"b": []}},
    "\u0000",
    "🙂",
    "NaN",
    -0.0,
)


def seed_bundle() -> dict[str, Any]:
    """A small bundle that touches every reader, with canaries wherever a person could be known by a text."""
    patient = {
        "resourceType": "Patient",
        "id": CANARY,
        "name": [{"family": CANARY, "given": [CANARY]}],
        "gender": "female",
    }
    patient |= {"birthDate": "1947-08-13", "identifier": [{"value": CANARY}], "address": [{"line": [CANARY]}]}
    me = {"subject": {"reference": f"Patient/{CANARY}", "display": CANARY}}

    def lab(code: str, value: float, unit: str, **more: Any) -> dict[str, Any]:
        coding = [{"system": "http://loinc.org", "code": code, "display": CANARY}]
        quantity = {"value": value, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit}
        at = {"effectiveDateTime": "2024-05-06T07:08:09+02:00"}
        return {
            "resourceType": "Observation",
            "status": "final",
            "code": {"coding": coding},
            "valueQuantity": quantity,
            **at,
            **me,
            **more,
        }

    low, high = {"value": 8.5, "unit": "mg/dL"}, {"value": 10.5, "unit": "mg/dL"}
    ranges = {"referenceRange": [{"low": low, "high": high}], "note": [{"text": CANARY}]}
    word = {"text": CANARY}
    part = [
        {
            "code": {"coding": [{"system": "http://loinc.org", "code": "1751-7"}]},
            "valueQuantity": {"value": 3.1, "unit": "g/dL"},
        }
    ]
    coding = {"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "N18.6"}
    resources = [
        patient,
        lab("17861-6", 10.1, "mg/dL", **ranges, interpretation=[{"coding": [{"code": "H"}]}]),
        lab("2777-1", 6.3, "mg/dL", component=part),
        lab("2731-8", 640, "pg/mL", specimen={"reference": "Specimen/s1"}),
        lab("1989-3", 12, "ng/mL", valueString=CANARY),
        {
            "resourceType": "Observation",
            "status": "final",
            "code": word,
            "valueString": f"calcification {CANARY}",
            **me,
        },
        {
            "resourceType": "Condition",
            "code": {"coding": [coding], **word},
            "onsetDateTime": "2020",
            "bodySite": [word],
            **me,
        },
        {
            "resourceType": "MedicationRequest",
            "status": "active",
            "medicationCodeableConcept": {"text": f"warfarin {CANARY}"},
            **me,
        },
        {
            "resourceType": "Procedure",
            "status": "completed",
            "code": word,
            "performedPeriod": {"start": "2021-01-01"},
            **me,
        },
        {
            "resourceType": "DiagnosticReport",
            "status": "final",
            "category": [{"text": "RAD"}],
            "conclusion": CANARY,
            **me,
        },
        {
            "resourceType": "FamilyMemberHistory",
            "patient": me["subject"],
            "relationship": word,
            "condition": [{"code": word}],
        },
        {"resourceType": "Specimen", "id": "s1", "collection": {"bodySite": word}},
    ]
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"fullUrl": f"urn:x:{i}", "resource": r} for i, r in enumerate(resources)],
    }


def nodes(x: Any) -> Iterator[Node]:
    """Every place in a JSON value that can be changed."""
    for key, inner in x.items() if isinstance(x, dict) else enumerate(x) if isinstance(x, list) else ():
        yield x, key
        yield from nodes(inner)


def _drop(at: Node, _: random.Random) -> None:
    del at[0][at[1]]


def _retype(at: Node, rng: random.Random) -> None:
    at[0][at[1]] = copy.deepcopy(rng.choice(ODD))


def _wrap(at: Node, rng: random.Random) -> None:
    x = at[0][at[1]]
    for _ in range(rng.choice((1, 3, 40, 70, 150))):
        x = [x] if rng.random() < 0.5 else {"resource": x}
    at[0][at[1]] = x


def _huge(at: Node, rng: random.Random) -> None:
    long = (CANARY * 2000, 10 ** rng.choice((30, 39, 60)), -1e300, ["y"] * 5000, {str(i): i for i in range(3000)})
    at[0][at[1]] = rng.choice(long)


def _not_finite(at: Node, rng: random.Random) -> None:
    at[0][at[1]] = float(rng.choice(("nan", "inf", "-inf")))


def _swap(at: Node, rng: random.Random) -> None:
    x = at[0]
    other = rng.choice(list(x)) if isinstance(x, dict) else rng.randrange(len(x))
    x[at[1]], x[other] = x[other], x[at[1]]


STRUCTURE: dict[str, Callable[[Node, random.Random], None]] = {
    "dropped": _drop,
    "retyped": _retype,
    "nested": _wrap,
    "huge": _huge,
    "non-finite": _not_finite,
    "swapped": _swap,
}


def _break_text(text: str, rng: random.Random) -> bytes:
    """Text broken after it was written: cut, a byte changed, a key doubled, a number no float holds, half a surrogate."""
    i = rng.randrange(len(text))
    ways = (
        lambda: text[:i].encode(),
        lambda: text[:i].encode() + bytes([rng.randrange(256)]) + text[i + 1 :].encode(),
        lambda: text.replace('"status":', '"status": "final", "status":', 1).encode(),
        lambda: text.replace(
            "10.1", rng.choice(("1e999", "-1e999", "9" * 60, "1" * 5000, "Infinity", "0.1e", "1.e5")), 1
        ).encode(),
        lambda: text.replace('"final"', '"\\ud800"', 1).encode(),
        lambda: b"[" * rng.choice((63, 65, 100_000)) + text.encode(),
    )
    return rng.choice(ways)()


def mutant(base: str, rng: random.Random) -> tuple[str, bytes]:
    """(kind of mutation, bytes) of one mutated bundle: one to four changes of structure, or one of the text."""
    if rng.random() < 0.2:
        return "text", _break_text(base, rng)
    bundle, kind = json.loads(base), rng.choice(list(STRUCTURE))
    for _ in range(rng.randint(1, 4)):
        places = list(nodes(bundle))
        if places:
            STRUCTURE[kind](rng.choice(places), rng)
    return kind, json.dumps(bundle).encode()


def judge(data: bytes) -> tuple[str, str, float]:
    """(outcome, what is wrong or "", seconds) of reading one mutant."""
    start = time.process_time()
    try:
        records = list(read_bytes(data, "mutant.json"))
        messages = [f"{r.what} {r.why} {r.fix}" for record in records for r in record.refusals]
        outcome, fault = "read", ""
    except FetuinError as e:
        outcome, messages = type(e).__name__, [e.message()]
        fault = "" if e.where and e.fix and e.exit_code in (3, 4, 6) else "no place or no remedy"
    except Exception as e:
        outcome, messages, fault = "crash", [], f"{type(e).__name__}"
    seconds = time.process_time() - start
    if any("Quillfeather" in m for m in messages):
        fault = "leak"
    return outcome, fault or ("hang" if seconds > LIMIT_S else ""), seconds


def campaign(n: int, seed: int) -> tuple[Counter[tuple[str, str, str]], float]:
    """Counts of (mutation, outcome, fault) over n mutants, and the slowest reading in seconds."""
    base, rng, slowest = json.dumps(seed_bundle()), random.Random(seed), 0.0
    counts: Counter[tuple[str, str, str]] = Counter()
    for _ in range(n):
        kind, data = mutant(base, rng)
        outcome, fault, seconds = judge(data)
        counts[kind, outcome, fault] += 1
        slowest = max(slowest, seconds)
    return counts, slowest


def main() -> int:
    """Run the campaign, write its table, and say whether it is clean."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results/fuzz_fhir.csv")
    a = parser.parse_args()
    counts, slowest = campaign(a.n, a.seed)
    with a.out.open("w", newline="") as f:
        table = csv.writer(f, lineterminator="\n")
        table.writerow(("version", "seed", "mutation", "outcome", "fault", "count"))
        table.writerows((__version__, a.seed, *key, count) for key, count in sorted(counts.items()))
        table.writerow((__version__, a.seed, "all", "slowest reading, s", "", f"{slowest:.3f}"))
    faults = sum(c for (_, _, fault), c in counts.items() if fault)
    print(f"{a.n} mutated bundles, {faults} faults, slowest {slowest:.3f} s; {a.out.name}")
    return int(faults > 0)


if __name__ == "__main__":
    raise SystemExit(main())
