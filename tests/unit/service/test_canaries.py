"""200 planted identifiers in every way in: none appears in the log, an error, the counters, or a file that is left."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient
from tests.unit.service.conftest import BASE, settings, token
from tests.unit.service.test_cds_hooks import MECHANISM, ORDERS, call
from tests.unit.service.test_routes import bundle

from fetuin.service.app import create
from fetuin.service.settings import Settings

DRAW = random.Random(20260101)
SYLLABLES = ("zor", "quil", "vex", "marn", "drub", "plith", "yorv", "kesh", "brod", "wint")
CANARIES = [
    *("".join(DRAW.choices(SYLLABLES, k=3)).capitalize() + "x" + str(k) for k in range(80)),  # names
    *(f"MRN-{DRAW.randrange(10**9):09d}" for _ in range(60)),
    *(
        f"{DRAW.randrange(1900, 1999)}-{DRAW.randrange(1, 13):02d}-{DRAW.randrange(1, 29):02d}T03:{k % 60:02d}:17.{k:03d}"
        for k in range(20)
    ),
    *(
        f"lives at {''.join(DRAW.choices(SYLLABLES, k=2))}strasse {k}, phone +49 {DRAW.randrange(10**8)}"
        for k in range(40)
    ),
]


def planted(value: Any, canaries: Any) -> Any:
    """A value whose texts (but for the words that make it readable) are canaries."""
    kept = (
        "resourceType",
        "system",
        "code",
        "unit",
        "status",
        "reference",
        "id",
        "type",
        "hook",
        "hookInstance",
        "gender",
        "fullUrl",
    )
    if isinstance(value, dict):
        return {
            k: v if k in kept and not isinstance(v, (dict, list)) else planted(v, canaries) for k, v in value.items()
        }
    if isinstance(value, list):
        return [planted(v, canaries) for v in value]
    return next(canaries) if isinstance(value, str) else value


def forever() -> Any:
    while True:
        yield from CANARIES


def calls(client: TestClient) -> list[Any]:
    """Every way in, with canaries as content, as keys, as names of files, in the address and in headers; most are errors."""
    source = forever()
    answers = []
    routes = ("/api/assess", "/api/assess/whatif", "/api/simulate", "/api/simulate/band", "/api/serum", "/api/t50/predict", "/api/jobs", "/api/trial/design",
              "/api/audit", "/fhir/$assess", MECHANISM, ORDERS, f"{MECHANISM}/feedback", ORDERS + "/feedback")  # fmt: skip
    for turn, url in enumerate(routes):
        bodies = ({next(source): next(source)}, {"record": {"resourceType": next(source)}}, [next(source)], next(source),
                     {"person": {next(source): 1}}, {"person": {"gfr": next(source)}}, {"person": {"disorders": [next(source)]}},
                     {"scenario": {"regimen": {next(source): next(source)}}}, {"example": next(source)}, {"setting": next(source), "example": "dermatomyositis-hip"},
                     {"text": f"{next(source)},{next(source)}\n{next(source)},1\n", "name": "labs.csv"}, {"kind": next(source)},
                     {"kind": "population", "parameters": {"population": next(source)}}, {"kind": "trial-simulate", "parameters": {"study": next(source)}},
                     {"study": {next(source): next(source)}}, {"curves": [next(source)]}, {"sera": [{next(source): 1.0}]}, {"constants": next(source), "sera": [{"Ca_tot": 2.3, "P_i": 1.1}]},
                     {"without": [next(source)], "example": "dermatomyositis-hip"}, {"assumed": {next(source): next(source)}, "example": "dermatomyositis-hip"},
                     planted(bundle(), source), planted(call(), source), planted(call(hook="order-select"), source), {"record": planted(bundle(), source)})  # fmt: skip
        for k, body in enumerate(bodies):
            if k % 2 == turn % 2 or k >= len(bodies) - 4:  # half of the bodies at each route, whole records at all
                answers.append(client.post(url, json=body))
        answers.append(
            client.post(
                url,
                content=f'{{"{next(source)}": {next(source)}'.encode(),
                headers={"Content-Type": "application/json"},
            )
        )
        answers.append(client.post(url, content=next(source).encode(), headers={"Content-Type": next(source)}))
    for _ in range(10):
        answers.append(client.get(f"/{next(source)}", params={next(source): next(source)}))
        answers.append(client.get(f"/api/jobs/{next(source)}"))
        answers.append(client.get(f"/api/examples/{next(source)}"))
        answers.append(client.post(f"/cds-services/{next(source)}", json=call()))
        answers.append(
            client.get("/api/session", headers={"Authorization": f"Bearer {next(source)}", "X-Name": next(source)})
        )
        answers.append(client.get("/api/session", headers={"Host": next(source).replace(" ", "")}))
        answers.append(
            client.get("/api/session", headers={"Cookie": f"fetuin_session={next(source).replace(' ', '')}"})
        )
    for name, url, field in (("p.csv", "/api/t50", "plate"), ("p.xlsx", "/api/t50", "plate"), ("s.dcm", "/api/ct", "scan"), ("s.nii", "/api/ct", "scan"),
                             ("i.dcm", "/api/scan", "image")):  # fmt: skip
        content = "\n".join(f"{next(source)};{next(source)}" for _ in range(30)).encode()
        data = {
            "exclude": json.dumps([{"well": next(source)}]),
            "read": next(source),
            "policy": next(source),
            "roi": next(source),
            "region": next(source),
        }
        answers.append(client.post(url, files={field: (f"{next(source)} {name}", content)}, data=data))
        answers.append(
            client.post(url, files={field: (f"{next(source)} {name}", content)}, data={"region": "a:0-1,0-1"})
        )
    return answers


def told(text: str) -> list[str]:
    """Canaries in a text, whole or in lower case."""
    return [c for c in CANARIES if c in text or c.lower() in text.lower()]


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("canaries")


def test_there_are_enough_canaries() -> None:
    assert len(set(CANARIES)) == 200


def test_no_canary_is_told(
    state: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import tempfile

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    given: Settings = settings(state)
    app: FastAPI = create(given)
    with TestClient(
        app,
        base_url=BASE,
        raise_server_exceptions=False,
        headers={"Authorization": f"Bearer {token('north', 'admin')}"},
    ) as client:
        answers = calls(client)
        errors = [a for a in answers if a.status_code >= 400]
        assert len(answers) > 250
        assert len(errors) > 200
        for a in errors:
            assert told(a.text) == [], (a.request.url.path, a.status_code, a.text)
            assert told(str(dict(a.headers))) == []
        assert [a.request.url.path for a in answers if a.status_code >= 500] == []
        assert told(client.get("/metrics").text) == []
        left = [p for p in [*state.rglob("uploads/**/*"), *tmp_path.rglob("*")] if p.is_file()]
        assert [p.name for p in left if told(p.read_bytes().decode("latin-1"))] == []
    heard = capsys.readouterr()
    assert "request" in heard.err
    assert told(heard.err + heard.out) == []
