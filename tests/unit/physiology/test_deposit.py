"""Deposits: what a healthy life leaves, what the perfect storm adds, what leaves again, and what a drug protects."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from fetuin.errors import InputError
from fetuin.physiology.deposit import found_at
from fetuin.physiology.deposit_site import sites
from fetuin.physiology.targets import Targets
from fetuin.simulation import Person, Scenario, simulate
from fetuin.therapies.contract import Act
from fetuin.therapies.dialysis_prescription import Prescription

YEAR = 364.0
HD = Person(gfr=4.0, dialysis=Prescription(), deposits={"coronary": 1.6, "aorta": 8.0})
"""Before the trial: some 700 Agatston units, as in CaLIPSO."""


def grown(who: Person, what: str = "coronary_volume", days: float = YEAR, plan: Scenario | None = None) -> float:
    """Growth over the days, per cent."""
    v = simulate(who, plan or Scenario(), days, times=[0.0, days])[what]
    return float(100.0 * (v[-1] / v[0] - 1.0))


def test_the_ten_sites() -> None:
    assert set(sites()) == {
        "coronary_intima", "coronary_media", "aorta", "valve", "kidney", "lung", "stomach", "periarticular", "skin",
        "injured_tissue",
    }  # fmt: skip


def test_a_healthy_person_does_not_calcify_in_sixty_years() -> None:
    t = simulate(Person(), Scenario(), 60 * 365.25, times=[0.0, 60 * 365.25])
    assert t["deposits_mass"][-1] < 0.1  # mg of apatite; a scan counts from 1 mg on
    assert t["aorta_metaplasia"][-1] < 0.05


def test_coronary_volume_on_haemodialysis_grows_as_in_calipso() -> None:
    assert grown(HD) == pytest.approx(20.0, abs=4.0)


def test_atheroma_grows_without_kidney_disease() -> None:
    who = Person(deposits={"coronary": 0.8}, targets=Targets(injury_coronary_intima=1.5, injury_coronary_media=1.5))
    assert 12.0 < grown(who) < 26.0


def test_the_same_serum_with_and_without_injury() -> None:
    wound = Scenario(acts=(Act(Targets(injury_injured_tissue=3.0), duration=60.0),))
    t = simulate(Person(), wound, 3 * 365.0, times=[0.0, 60.0, 3 * 365.0])
    assert t["injured_tissue_mass"][1] > 3.0
    assert t["injured_tissue_mass"][2] < t["injured_tissue_mass"][1]  # a tombstone that leaves slowly
    assert t["injured_tissue_mass"][2] > 0.4 * t["injured_tissue_mass"][1]
    assert t["deposits_mass"][2] == pytest.approx(t["injured_tissue_mass"][2], abs=0.1)
    assert abs(t["phosphate"][2] / t["phosphate"][0] - 1.0) < 1e-3


def test_metastatic_takes_the_alkaline_sites_first() -> None:
    """Sound tissue under a high phosphate and calcium: lung, stomach and kidney before soft tissue of the same size."""
    t = simulate(Person(), Scenario(disorders={"hftc": 1.0}), 3 * 365.0, times=[0.0, 3 * 365.0])
    size = {
        n: t.rows(f"{n}_calcium")[0, -1] / sites()[n].parameters.__dataclass_fields__["size"].default for n in sites()
    }
    for alkaline in ("lung", "stomach", "kidney"):
        assert size[alkaline] > 10.0 * max(size["skin"], size["injured_tissue"])


def test_the_perfect_storm_is_more_than_its_parts() -> None:
    scar = Targets(injury_skin=0.8)
    alone = simulate(Person(targets=scar), Scenario(), YEAR, times=[0.0, YEAR])["skin_mass"]
    kidney = replace(HD, deposits={})
    failing = simulate(kidney, Scenario(), YEAR, times=[0.0, YEAR])["skin_mass"]
    both = simulate(replace(kidney, targets=scar), Scenario(), YEAR, times=[0.0, YEAR])["skin_mass"]
    gain = [float(m[-1] - m[0]) for m in (alone, failing, both)]
    assert gain[2] > 3.0 * (gain[0] + gain[1])


@pytest.mark.parametrize(
    ("lesion", "site"),
    [("enpp1_deficiency", "aorta"), ("pxe", "aorta"), ("acdc", "aorta"), ("mgp_deficiency", "aorta"), ("gaci", "aorta"),
     ("galnt3_deficiency", "periarticular"), ("fgf23_deficiency", "periarticular"), ("klotho_deficiency", "periarticular")],
)  # fmt: skip
def test_hereditary_is_a_target(lesion: str, site: str) -> None:
    t = simulate(Person(), Scenario(disorders={lesion: 1.0}), 10 * 365.0, times=[0.0, 10 * 365.0])
    assert t[f"{site}_mass"][-1] > 20.0
    assert t["deposits_mass"][0] < 0.1


def test_inhibitors_act_through_coverage_and_ripening() -> None:
    """More of each, less growth, at the same calcium and phosphate."""
    plain = grown(HD, days=126.0)
    for more in (
        Targets(pyrophosphate_synthesis=2.0), Targets(fetuin_a=3.0), Targets(inhibitor_binding=3.0),
        Targets(calciprotein_ripening=2.0),
    ):  # fmt: skip
        assert grown(replace(HD, targets=more), days=126.0) < plain - 0.4
    assert grown(replace(HD, targets=Targets(pyrophosphate_synthesis=0.4)), days=126.0) > plain + 1.5
    assert grown(replace(HD, targets=Targets(matrix_gla_protein=0.5)), days=126.0) > plain + 1.0


def test_a_drug_on_the_crystal_arrests_and_protects() -> None:
    """Where nothing grows, removal goes on; a drug slows it."""
    still = Person(deposits={"aorta": 8.0})
    free, held = (
        grown(still, "aorta_volume"),
        grown(replace(still, targets=Targets(inhibitor_binding=6.0)), "aorta_volume"),
    )
    assert free == pytest.approx(-3.0, abs=0.5)
    assert free < held < -0.5


def test_only_amorphous_deposits_melt() -> None:
    """Undersaturated fluid takes the milky mass, not the plate."""
    from fetuin.physiology.model import body_model
    from fetuin.simulation.simulate import simulate_many

    names = body_model().state_names
    start = np.array([list(body_model().states.values())] * 2)
    start[0, names.index("periarticular_amorphous")] = start[1, names.index("aorta_apatite")] = 10.0
    people = [Person(start=tuple(s)) for s in start]
    t = simulate_many(people, Scenario(), 60.0, times=[0.0, 60.0])
    assert t.rows("periarticular_amorphous")[0, -1] < 2.0
    assert t.rows("aorta_apatite")[1, -1] > 9.9


def test_metaplasia_comes_before_the_mineral() -> None:
    """After a step of phosphate M is half of its end before 5 % of the first year's mineral is there."""
    t = simulate(Person(), Scenario(acts=(Act(inputs={"clamp.phosphate": 2.2, "clamp.phosphate_on": 1.0}),)), 365.0)
    m, mineral = t["aorta_metaplasia"], t["aorta_mass"]
    assert t.times[np.argmax(m > 0.5 * m[-1])] < t.times[np.argmax(mineral > 0.05 * mineral[-1])]


def test_what_is_no_deposit_is_refused() -> None:
    with pytest.raises(InputError, match="no site"):
        found_at({"liver": 1.0}, "test")
    with pytest.raises(InputError, match="not possible"):
        found_at({"aorta": -1.0}, "test")


def test_t50_of_the_body_is_that_of_the_laboratory_predictor() -> None:
    """One law: the same serum, the same minutes."""
    from fetuin.chemistry.ripening import published
    from fetuin.chemistry.ripening_serum import Serum
    from fetuin.physiology.model import body_model

    t, p = simulate(HD, {}, 14.0, times=[0.0, 14.0]), body_model().parameters
    i = -1
    n = t["egfr"][i] / 100.0
    fetuin = p["calciprotein.fetuin_a"] * (1.0 - p["calciprotein.uraemia"] * (1.0 - n) / (1.0 + 9.0 * n))
    albumin = p["plasma.albumin"] * p["plasma.volume"] / t["extracellular_volume"][i]
    serum = Serum(
        t["phosphate"][i], t["calcium"][i], t["magnesium"][i], fetuin, albumin, t["bicarbonate"][i], p["plasma.citrate"]
    )
    assert t["t50"][i] == pytest.approx(published().predict(serum).t50_min, rel=0.02)
