"""Every limit at one below, at, and one above it; and bombs, which end quickly as a refusal."""

from __future__ import annotations

import gzip
import io
import json
import time
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.unit.service.conftest import BASE, Caller, settings, token
from tests.unit.service.test_cds_hooks import MECHANISM, call

from fetuin.records.formats.fhir import MAX_ENTRIES
from fetuin.records.formats.front_door import MAX_DEPTH, MAX_DIGITS
from fetuin.service.app import create
from fetuin.service.settings import Limits

SMALL = Limits(
    rate=1e9,
    burst=1e9,
    json_bytes=20_000,
    fhir_bytes=30_000,
    upload_bytes=10_000,
    string_bytes=5_000,
    file_seconds=300.0,
    hook_seconds=120.0,
    simulate_seconds=120.0,
)
JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    app = create(settings(tmp_path_factory.mktemp("small"), limits=SMALL))
    with TestClient(
        app,
        base_url=BASE,
        raise_server_exceptions=False,
        headers={"Authorization": f"Bearer {token('north', 'admin')}"},
    ) as c:
        yield c


def padded(value: dict[str, Any], size: int) -> bytes:
    """The JSON of a value, filled with blanks to `size` bytes."""
    text = json.dumps(value).encode()
    return text + b" " * (size - len(text))


@pytest.mark.parametrize("more", [-1, 0, 1])
def test_a_json_body(small: TestClient, more: int) -> None:
    answer = small.post(
        "/api/assess", content=padded({"example": "dermatomyositis-hip"}, SMALL.json_bytes + more), headers=JSON
    )
    assert answer.status_code == (413 if more > 0 else 200)


@pytest.mark.parametrize("more", [-1, 0, 1])
def test_a_hook_body(small: TestClient, more: int) -> None:
    answer = small.post(MECHANISM, content=padded(call(), SMALL.json_bytes + more), headers=JSON)
    assert answer.status_code == (413 if more > 0 else 200)
    assert ("resourceType" in answer.json()) == (more > 0)


@pytest.mark.parametrize("more", [-1, 0, 1])
def test_a_fhir_body(small: TestClient, more: int) -> None:
    from tests.unit.service.test_routes import bundle

    answer = small.post(
        "/fhir/$assess",
        content=padded(bundle(), SMALL.fhir_bytes + more),
        headers={"Content-Type": "application/fhir+json"},
    )
    assert answer.status_code == (413 if more > 0 else 200)


def test_a_body_without_an_end_is_cut(small: TestClient) -> None:
    sent = 0

    def forever() -> Iterator[bytes]:
        nonlocal sent
        while sent < 100 * SMALL.json_bytes:
            sent += 5_000
            yield b" " * 5_000

    assert small.post("/api/assess", content=forever(), headers=JSON).status_code == 413


@pytest.mark.parametrize("more", [-1, 0, 1])
def test_uploaded_files_together(small: TestClient, more: int) -> None:
    plate = b"a" * (SMALL.upload_bytes - 100 + more)
    answer = small.post("/api/t50", files={"plate": ("p.csv", plate), "layout": ("l.csv", b"b" * 100)})
    assert answer.status_code == (413 if more > 0 else 422)


@pytest.mark.parametrize("more", [-1, 0, 1])
def test_nesting(small: TestClient, more: int) -> None:
    inner = MAX_DEPTH - 2 + more  # the object and `person` hold the lists
    text = b'{"person":{"x":' + b"[" * inner + b"]" * inner + b"}}"
    answer = small.post("/api/simulate", content=text, headers=JSON)
    assert answer.status_code == (413 if more > 0 else 422)


@pytest.mark.parametrize("more", [-1, 0, 1])
def test_a_text(small: TestClient, more: int) -> None:
    body = {"person": {"name": "n" * (SMALL.string_bytes + more), "gfr": "30 mL/min"}, "days": 1}
    assert small.post("/api/simulate", json=body).status_code == (413 if more > 0 else 200)


@pytest.mark.parametrize("more", [-1, 0, 1])
def test_a_long_number(caller: Caller, more: int) -> None:
    text = b'{"days": 1, "points": 5' + b"0" * (MAX_DIGITS - 1 + more) + b"}"
    told = caller().post("/api/simulate", content=text, headers=JSON)
    assert told.status_code == 422
    assert ("cannot be read safely" in told.text) == (more > 0)


@pytest.mark.parametrize("more", [-1, 0, 1])
def test_entries_of_a_bundle(caller: Caller, more: int) -> None:
    patient = {"resource": {"resourceType": "Patient", "id": "p"}}
    seen = {"resource": {"resourceType": "Condition", "subject": {"reference": "Patient/p"}, "code": {"text": "x"}}}
    body = {"resourceType": "Bundle", "type": "collection", "entry": [patient, *[seen] * (MAX_ENTRIES - 1 + more)]}
    answer = caller().post("/fhir/$assess", content=json.dumps(body), headers={"Content-Type": "application/fhir+json"})
    assert answer.status_code == (413 if more > 0 else 200), answer.text[:300]


@pytest.mark.parametrize(
    ("days", "status"), [(39_999.0, 200), (40_000.0, 200), (40_001.0, 422), (0.0, 422), (-1.0, 422)]
)
def test_days_of_a_simulation(caller: Caller, days: float, status: int) -> None:
    answer = caller().post("/api/simulate", json={"days": days, "curves": ["calcium"], "points": 2})
    assert answer.status_code == status, answer.text


@pytest.mark.parametrize("text", [b'{"days": NaN}', b'{"days": Infinity}', b'{"days": 1e999}', b'{"days": 1, "days": 2}', b'{"days": "1"}', b'{"days": true}',
                                  b'{"days": 1, "moon": 2}', b"[1]", b"1", b"", b"{", b"\xff\xfe", b'{"curves": ["\\ud800"]}', b'{"curves": ["a\\u0000b"]}',
                                  b'{"points": 2.5}', b'{"points": 1}'])  # fmt: skip
def test_json_that_means_two_things_or_nothing_is_refused(caller: Caller, text: bytes) -> None:
    answer = caller().post("/api/simulate", content=text, headers=JSON)
    assert answer.status_code == 422, answer.text
    assert answer.json()["error"]["code"].startswith("FET-I")


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""]
)
def test_a_body_that_is_not_sent_as_json_is_refused(caller: Caller, kind: str) -> None:
    assert caller().post("/api/simulate", content=b"{}", headers={"Content-Type": kind}).status_code == 415


# --- bombs ---


def _zip(*parts: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, data in parts:
            z.writestr(name, data)
    return out.getvalue()


def bombs() -> dict[str, tuple[str, str, bytes]]:
    zeros = bytes(200_000_000)
    inner = _zip(("a.dcm", zeros))
    sheet = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "' + b"x" * 1000 + b'">]><a>' + b"&b;" * 1000 + b"</a>"
    return {
        "gzip of zeros as a plate": ("t50", "p.csv.gz", gzip.compress(zeros)),
        "zip of zeros as a workbook": ("t50", "p.xlsx", _zip(("xl/workbook.xml", zeros))),
        "entities in a workbook": ("t50", "p.xlsx", _zip(("xl/workbook.xml", sheet))),
        "a path that climbs": ("ct", "s.zip", _zip(("../../../tmp/evil.dcm", b"x" * 200))),
        "zip in a zip": ("ct", "s.zip", _zip(("b.zip", inner))),
        "gzip of zeros as NIfTI": ("ct", "s.nii.gz", gzip.compress(zeros)),
        "lying NIfTI header": ("ct", "s.nii", (348).to_bytes(4, "little") + b"\x7f" * 344),
        "no DICOM": ("ct", "s.dcm", b"\0" * 128 + b"DICM" + b"\xff" * 5000),
    }


BOMBS = bombs()


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_ends_quickly_as_a_refusal(caller: Caller, name: str) -> None:
    route, file, data = BOMBS[name]
    field = "plate" if route == "t50" else "scan"
    begun = time.monotonic()
    answer = caller().post(f"/api/{route}", files={field: (file, data)})
    assert answer.status_code in (413, 422), answer.text
    assert time.monotonic() - begun < 60
    told = answer.json()["error"]
    assert told["what"]
    assert "fix" in told
