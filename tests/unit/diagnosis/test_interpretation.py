"""Values to soft classes."""

from __future__ import annotations

import pytest

from fetuin.diagnosis import interpretation as i
from fetuin.diagnosis.evidence import readings
from fetuin.records import Condition, Observation, Record


def state(record: Record, finding: str) -> str:
    return next(r.state for r in readings(record) if r.finding == finding)


def labs(*values, **more) -> Record:
    return Record(observations=tuple(Observation(a, v, u) for a, v, u in values), age=50, sex="F", **more)


def test_a_value_at_the_edge_speaks_half_for_either_side():
    assert i.soft(2.5, (2.5,), 0.03) == pytest.approx((0.5, 0.5))
    assert sum(i.soft(2.4, (2.1, 2.5, 3.2), 0.03)) == pytest.approx(1.0)


def test_ionised_calcium_outranks_total():
    r = labs(("calcium", 3.0, "mmol/L"), ("calcium_ionised", 1.25, "mmol/L"))
    assert state(r, "calcium") == "normal"
    assert state(r, "calcium_discordance") == "present"


def test_adjusted_calcium_is_not_used_on_dialysis():
    dialysis = (Condition("haemodialysis"),)
    values = (("calcium", 2.3, "mmol/L"), ("calcium_adjusted", 2.9, "mmol/L"))
    assert state(labs(*values), "calcium") == "high"
    assert state(labs(*values, conditions=dialysis), "calcium") == "normal"


def test_pth_is_read_against_calcium():
    normal = labs(("calcium", 2.2, "mmol/L"), ("pth", 55.0, "ng/L"), ("calcidiol", 60.0, "nmol/L"))
    raised = labs(("calcium", 2.9, "mmol/L"), ("pth", 55.0, "ng/L"), ("calcidiol", 110.0, "nmol/L"))
    assert state(normal, "pth") == "normal"
    assert state(raised, "pth") == "high"


def test_pth_on_dialysis_is_read_in_multiples_of_the_limit():
    dialysis = (Condition("haemodialysis"),)
    assert state(labs(("pth", 100.0, "ng/L"), conditions=dialysis), "pth") == "normal"
    assert state(labs(("pth", 400.0, "ng/L"), conditions=dialysis), "pth") == "high"
    assert state(labs(("pth", 1500.0, "ng/L"), conditions=dialysis), "pth") == "very_high"


def test_the_nomogram_is_the_published_line():
    r = labs(("calcium", 9.4 / 4.0078, "mmol/L"), ("calcidiol", 24 / 0.40061, "nmol/L"))
    assert i.pth_limit(r) == pytest.approx(119.73 - 6.07 * 9.4 - 0.52 * 24 + 0.26 * 50, abs=1e-3)


def test_bounds_count_for_what_lies_beyond_them():
    r = Record(
        observations=(
            Observation("pth", 4.0, "ng/L", censor="<"),
            Observation("egfr", 60.0, "mL/min/{1.73_m2}", censor=">"),
        )
    )
    assert state(r, "pth") == "suppressed"
    assert state(r, "kidney") == "normal"


def test_a_flag_without_a_number_is_a_class_of_that_side():
    r = Record(observations=(Observation("phosphate", None, "mmol/L", flag="H"),))
    assert state(r, "phosphate") == "high"
