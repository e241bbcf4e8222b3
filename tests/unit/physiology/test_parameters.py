"""Every number of the body has a unit, a source and lies within its range."""

from __future__ import annotations

import numpy as np
import pytest

from fetuin.errors import InputError
from fetuin.physiology.baseline import solve
from fetuin.physiology.parameters import defaults, described, with_changes
from fetuin.physiology.targets import from_mapping
from fetuin.physiology.trajectory import Trajectory


def test_every_number_has_unit_source_meaning_and_range() -> None:
    for name, q in described().items():
        assert q.unit, name
        assert q.source, name
        assert q.meaning, name
        if not name.startswith("solved."):
            assert q.spread is not None, name
            assert q.spread[0] <= q.value <= q.spread[1], name


def test_impossible_parameters_are_refused() -> None:
    for change in (
        {"kidney.nothing": 1.0},
        {"solved.ionised": 1.2},
        {"gut.transit": -1.0},
        {"gut.transit": float("nan")},
    ):
        with pytest.raises(InputError):
            with_changes(change, "test")
    with pytest.raises(InputError):
        from_mapping({"no_such_target": 1.0}, "test")
    with pytest.raises(InputError):
        from_mapping({"cyp27b1": -1.0}, "test")


def test_no_healthy_steady_state_is_said() -> None:
    with pytest.raises(InputError, match="no healthy steady state"):
        solve({**defaults(), "healthy.calcium_diet": 0.5})


def test_a_trajectory_holds_no_nan_and_names_what_it_has() -> None:
    t = np.array([0.0, 1.0])
    with pytest.raises(InputError):
        Trajectory(t, {"a": np.array([[1.0, np.nan]])}, {"a": "1"})
    with pytest.raises(InputError, match="no 'b'"):
        Trajectory(t, {"a": np.ones((1, 2))}, {})["b"]


def test_trajectory_files(tmp_path) -> None:  # type: ignore[no-untyped-def]
    import xarray as xr

    t = Trajectory(np.array([0.0, 1.0]), {"calcium": np.array([[2.4, 2.3]])}, {"calcium": "mmol/L"}, ("a",), "x")
    with xr.open_dataset(t.to_netcdf(tmp_path / "t.nc"), engine="h5netcdf") as back:
        assert back["calcium"].attrs["units"] == "mmol/L"
        assert "Research use only" in back.attrs["notice"]
    assert "calcium (mmol/L)" in t.to_csv(tmp_path / "t.csv").read_text()
