"""Low turnover from PTH and bone alkaline phosphatase."""

import pytest

from fetuin.errors import InputError
from fetuin.physiology.turnover_class import accuracy, low_turnover


@pytest.mark.parametrize(("pth", "expected"), [(65.0, 0.58), (150.0, 0.43), (600.0, 0.22)])
def test_pth_alone_never_settles_it(pth: float, expected: float) -> None:
    assert low_turnover(pth) == pytest.approx(expected, abs=0.01)


def test_the_prior_counts_and_a_second_marker_helps() -> None:
    assert low_turnover(150.0, 0.85) > 0.75 > low_turnover(150.0, 0.22)
    assert low_turnover(150.0, bone_alp=15.0) > 0.8
    assert low_turnover(150.0, bone_alp=70.0) < 0.2


def test_what_cannot_be_read_is_refused() -> None:
    for bad in ((0.0, 0.5), (100.0, 1.0)):
        with pytest.raises(InputError):
            low_turnover(*bad)
    with pytest.raises(InputError):
        accuracy("middling")
