"""The description and the service agree: drawn requests to every route end in a described answer and never in a fault."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import CHECKS
from starlette.testclient import TestClient
from tests.unit.service.conftest import BASE, token
from tests.unit.service.conftest import settings as serving

from fetuin.service.app import create

HEAD = {"Authorization": f"Bearer {token('north', 'admin')}", "Host": "127.0.0.1:8321"}
CHILD = (
    "/api/t50",
    "/api/ct",
    "/api/scan",
    "/api/volume",
    "/api/screens/plate",
    "/api/screens/imaging",
    "/api/t50/example",
    "/api/screens/patient",
)
EXAMPLES = int(os.environ.get("FETUIN_DRAWN", "4"))  # of each route; 500 before a release
UNCHECKED = (
    "positive_data_acceptance"  # a drawn body has the shape of a person or a record, and yet names no such gene or drug
)


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[schemathesis.BaseSchema]:
    app = create(serving(tmp_path_factory.mktemp("schema"), warm=False))
    with TestClient(app, base_url=BASE):
        yield schemathesis.openapi.from_asgi("/openapi.json", app, headers=HEAD)


def operations(api: schemathesis.BaseSchema) -> list:  # type: ignore[type-arg]
    return [o.ok() for o in api.get_all_operations()]


def test_drawn_requests_end_in_described_answers(api: schemathesis.BaseSchema) -> None:
    every = operations(api)
    assert len(every) > 40
    checks = [c for name, c in zip(CHECKS.get_all_names(), CHECKS.get_all(), strict=True) if name != UNCHECKED]
    failed: list[str] = []
    for operation in every:
        n = 1 if operation.path.startswith(CHILD) else EXAMPLES

        @settings(
            max_examples=n, deadline=None, database=None, suppress_health_check=list(HealthCheck), derandomize=True
        )
        @given(case=operation.as_strategy())
        def holds(case: schemathesis.Case) -> None:
            case.validate_response(case.call(headers=HEAD), checks=checks)

        try:
            holds()
        except Exception as error:
            failed.append(f"{operation.label}: {error}")
    assert failed == []


def test_every_route_has_a_summary_and_says_how_it_refuses(api: schemathesis.BaseSchema) -> None:
    for operation in operations(api):
        told = operation.definition.raw
        assert told.get("summary"), operation.label
        assert told.get("description"), operation.label
        assert {"401", "422"} <= set(told["responses"]), operation.label


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_as_a_body_are_a_refusal(data: bytes) -> None:
    from fetuin.errors import FetuinError
    from fetuin.service.body import parsed

    try:
        parsed(data, 1000, 100)
    except FetuinError as error:
        assert error.fix
