r"""Deposits of every site: two phases, amorphous (Ca:P 1.5) and apatite (1.67), and what moves between them and plasma.

.. math::
   \dot a = J + U - k_m r\,a - D - R_a, \qquad \dot h = k_m r\,a + G A \sigma \Phi - D_h - R_h

J nuclei on injured or metaplastic sites, U uptake of hard calciprotein particles beyond what the liver clears, k_m r a
maturation (r: ripening relative to health), G A sigma Phi growth over the surface A ~ m^(2/3), D dissolution where the
fluid is undersaturated, R removal by cells. Whatever leaves plasma is in a deposit; whatever leaves a deposit is in
plasma. Calcium mmol, time d. A drug on the crystal protects it: it slows removal and dissolution as it slows growth.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from fetuin.chemistry import crystal
from fetuin.errors import InputError
from fetuin.physiology import bisphosphonate, calciprotein, pyrophosphate, vessel_wall
from fetuin.physiology.deposit_site import Site, sites
from fetuin.quantities import quantity

YEAR = 365.25


@dataclass(frozen=True)
class Deposit:
    """Parameters shared by all sites."""

    exchange: float = quantity(
        12.0, "/d", "assumption: two hours", "rate at which tissue fluid follows plasma", (4.0, 48.0)
    )
    growth: float = quantity(
        0.80,
        "/a",
        "CaLIPSO: coronary volume +20 % a year in haemodialysis",
        "growth of an established deposit at sigma = 1",
        (0.2, 1.5),
    )
    nucleation: float = quantity(
        0.016,
        "/d",
        "assumption: sets the age at onset",
        "nuclei a day relative to an established deposit",
        (1e-3, 1e-1),
    )
    nucleus: float = quantity(
        1e-4, "1", "assumption: finite nucleus", "smallest deposit relative to an established one", (1e-6, 1e-2)
    )
    uptake: float = quantity(
        0.30,
        "/a",
        "assumption: a quarter of growth in haemodialysis",
        "uptake of hard particles by injured or metaplastic sites",
        (0, 0.5),
    )
    cleared: float = quantity(
        1.3, "1", "assumption: liver reserve", "hard particles, relative to health, that the liver clears", (1.0, 2.0)
    )
    debris: float = quantity(
        10.0, "1", "assumption: dead cells, lipid, torn elastin", "nucleation sites per injury", (3.0, 30.0)
    )
    uraemic_injury: float = quantity(
        0.1,
        "1",
        "assumption: uraemic arteries are injured without atheroma",
        "injury of arteries without kidney",
        (0.0, 0.5),
    )
    injury_weight: float = quantity(
        3.0, "1", "assumption: phosphatase of dead tissue", "fall of inhibitors per injury", (1.0, 6.0)
    )
    matrix_gla: float = quantity(
        1.0,
        "1",
        "assumption: arteries calcify without matrix Gla protein",
        "injury of arteries that lack it",
        (0.5, 3.0),
    )
    alkaline: float = quantity(
        0.15, "1", "assumption: tissue that secretes acid", "pH of lung, stomach and kidney above plasma", (0.05, 0.3)
    )
    maturation: float = quantity(
        1 / 30, "/d", "assumption: weeks in tissue", "maturation to apatite in health", (0.005, 0.2)
    )
    amorphous_solubility: float = quantity(
        4.6,
        "1",
        "facts 5.7: brushite-like solids are saturated only from 1.9 mmol/L on",
        "ln S of OCP that keeps it",
        (4.2, 5.4),
    )
    amorphous_dissolution: float = quantity(
        0.02, "/d", "assumption: months", "its dissolution per missing ln S", (0.002, 0.1)
    )
    apatite_dissolution: float = quantity(
        0.005,
        "/d",
        "assumption: only where OCP is undersaturated",
        "dissolution of apatite per missing ln S",
        (0.0, 0.05),
    )


def sense(m: Any, x: Any, p: Any, u: Any, s: SimpleNamespace) -> None:
    """What deposits feel of the plasma, added to the signals `s`: saturation, inhibitors, ripening, metaplastic drive."""
    t, h = u.targets, p.healthy
    s.pyrophosphate = pyrophosphate.plasma(
        s.p / h.phosphate, s.nephrons, x.osteoblasts, u.dialysis.kd_phosphate, x.volume, t.pyrophosphate_synthesis + t.pyrophosphate_added,
        t.pyrophosphate_breakdown, p.pyrophosphate,
    )  # fmt: skip
    uraemia = vessel_wall.uraemia(s.nephrons)
    s.fetuin_a = p.calciprotein.fetuin_a * t.fetuin_a * (1.0 - p.calciprotein.uraemia * uraemia)
    s.log_ripening = calciprotein.log_ripening(
        m, s, x.bicarbonate, p.plasma.citrate + t.plasma_citrate, p.calciprotein
    ) + m.log(t.calciprotein_ripening)
    s.slower = s.log_ripening - calciprotein.healthy_ripening(m, h, p.plasma, p.calciprotein)
    s.drive = vessel_wall.drive(m, s.p, s.ionised, p.vessel_wall)
    s.uraemia = uraemia


def tissue(m: Any, x: Any, p: Any, u: Any, s: SimpleNamespace) -> SimpleNamespace:
    """What bathes the sites: tissue fluid, which follows plasma within hours, in three kinds of tissue."""
    t, d, log_s = u.targets, p.deposit, x.tissue_saturation
    lacking = m.positive(1.0 - t.matrix_gla_protein)
    leak = 4.0 * m.log(1.0 + t.extravasated_calcium / p.solved.ionised)
    cpp2 = calciprotein.particles(
        m, crystal.above_zero(m, log_s), p.crystal.saturation, x.tissue_ripening, p.calciprotein
    )[1]
    return SimpleNamespace(
        soft=_fluid(m, log_s, p),
        alkaline=_fluid(m, log_s + crystal.LN10 * crystal.PER_PH * d.alkaline, p),
        leaked=_fluid(m, log_s + leak, p),
        ripening=m.exp(-x.tissue_ripening),
        uncleared=m.softplus(cpp2 - d.cleared, 0.05),
        pyrophosphate=p.crystal.pyrophosphate_affinity * x.tissue_pyrophosphate,
        fetuin_a=p.crystal.fetuin_affinity * s.fetuin_a,
        drugs=t.inhibitor_binding + t.bisphosphonate_binding * bisphosphonate.exposure(m, s.nephrons, p.bisphosphonate),
        artery_injury=d.matrix_gla * lacking * lacking + d.uraemic_injury * s.uraemia,
    )


def _fluid(m: Any, log_s: Any, p: Any) -> SimpleNamespace:
    """What a fluid of saturation `log_s` does to any crystal in it."""
    c, d, above = p.crystal, p.deposit, crystal.above_zero(m, log_s)
    return SimpleNamespace(
        critical=crystal.critical_coverage(above, c),
        sigma=crystal.supersaturation(m, above),
        softness=1.0 / (above * above + 0.01),
        missing_amorphous=m.softplus(d.amorphous_solubility - log_s, 0.1),
        missing_apatite=above - log_s,
    )


def injury(name: str, site: Site, p: Any, t: Any, fluid: SimpleNamespace) -> Any:
    """Injury of a site: standing, inflicted, and in arteries uraemia and the lack of matrix Gla protein."""
    own = getattr(p.site, name).injury + getattr(t, f"injury_{name}")
    return own + fluid.artery_injury if site.kind == "artery" else own


def turnover(name: str, site: Site, m: Any, x: Any, p: Any, u: Any, around: SimpleNamespace) -> SimpleNamespace:
    """What moves at one site [mmol calcium/d]."""
    d, c, w, t, own = p.deposit, p.crystal, p.vessel_wall, u.targets, getattr(p.site, name)
    a, h = getattr(x, f"{name}_amorphous"), getattr(x, f"{name}_apatite")
    fluid = around.leaked if name == "skin" else around.alkaline if site.kind == "alkaline" else around.soft
    hurt = injury(name, site, p, t, around)
    turned = getattr(x, f"{name}_metaplasia") if site.kind == "artery" else 0.0
    natural = around.pyrophosphate * (1.0 - w.lost_pyrophosphate * turned) + around.fetuin_a
    natural = natural + c.matrix_gla_affinity * t.matrix_gla_protein if site.kind == "artery" else natural
    natural = natural / (1.0 + d.injury_weight * hurt)
    covered = crystal.coverage(natural + around.drugs)
    bare = 1.0 - covered
    protected = bare * (1.0 + natural)
    speed = crystal.step_speed(m, covered, fluid.critical, c)
    mass = a + h
    area = mass * m.pow(own.size / (mass + d.nucleus * own.size), 1.0 / 3.0)
    places = 1.0 + d.debris * hurt + w.vesicles * turned
    free = own.size / (own.size + mass)
    chance = m.exp(-crystal.barrier(m, covered, c) * fluid.softness)
    f = SimpleNamespace()
    f.nucleated = t.crystal_nucleation * d.nucleation * own.size * free * places * chance
    f.taken = d.uptake / YEAR * own.size * (hurt + turned) * around.uncleared
    f.grown = d.growth / YEAR * area * fluid.sigma * speed
    f.matured = d.maturation * around.ripening * protected * a
    cells = t.deposit_removal * own.removal / YEAR * protected
    f.lost_amorphous = (cells + d.amorphous_dissolution * fluid.missing_amorphous * protected) * a
    f.lost_apatite = (cells * (1.0 - own.ossified) + d.apatite_dissolution * fluid.missing_apatite * protected) * h
    f.amorphous = f.nucleated + f.taken - f.matured - f.lost_amorphous
    f.apatite = f.matured + f.grown - f.lost_apatite
    f.hurt = hurt
    return f


def fluxes(m: Any, x: Any, p: Any, u: Any, s: SimpleNamespace, f: SimpleNamespace) -> None:
    """Of all sites, into `f`: what each does, and what plasma loses of calcium and phosphate [mmol/d]."""
    around = tissue(m, x, p, u, s)
    f.sites = {name: turnover(name, site, m, x, p, u, around) for name, site in sites().items()}
    amorphous = sum(q.amorphous for q in f.sites.values())
    apatite = sum(q.apatite for q in f.sites.values())
    f.deposit_ca = amorphous + apatite
    f.deposit_p = amorphous / crystal.AMORPHOUS_RATIO + apatite / crystal.APATITE_RATIO


def rhs(x: Any, p: Any, u: Any, s: SimpleNamespace, f: SimpleNamespace) -> dict[str, Any]:
    """The derivative of every state of deposits and vessel wall per day."""
    w, rate = p.vessel_wall, p.deposit.exchange
    felt = {
        "saturation": crystal.LN10 * s.si_ocp, "pyrophosphate": s.pyrophosphate, "ripening": s.slower, "drive": s.drive,
    }  # fmt: skip
    found: dict[str, Any] = {f"tissue_{n}": rate * (v - getattr(x, f"tissue_{n}")) for n, v in felt.items()}
    for name, q in f.sites.items():
        found |= {f"{name}_amorphous": q.amorphous, f"{name}_apatite": q.apatite}
        if sites()[name].kind == "artery":
            found[f"{name}_metaplasia"] = vessel_wall.turning(
                getattr(x, f"{name}_metaplasia"), x.tissue_drive, q.hurt, w
            )
    found["wall_stiffness"] = (
        w.uraemic_stiffening / YEAR * u.targets.vessel_stiffening * vessel_wall.uraemia(s.nephrons)
    )
    return found


def at_rest(m: Any, p: Any, blood: Any) -> dict[str, float]:
    """The states of a healthy person: no deposit, the little metaplasia that health has. `blood`: the plasma at rest."""
    drive = vessel_wall.drive(m, blood.p, blood.ionised, p.vessel_wall)
    found = {
        "wall_stiffness": 1.0, "tissue_saturation": crystal.LN10 * blood.si_ocp, "tissue_ripening": 0.0,
        "tissue_pyrophosphate": p.pyrophosphate.healthy, "tissue_drive": drive,
    }  # fmt: skip
    for name, site in sites().items():
        found |= {f"{name}_amorphous": 0.0, f"{name}_apatite": 0.0}
        if site.kind == "artery":
            found[f"{name}_metaplasia"] = vessel_wall.steady(drive, getattr(p.site, name).injury, p.vessel_wall)
    return found


TISSUE = ("tissue_saturation", "tissue_pyrophosphate", "tissue_ripening", "tissue_drive")
CORONARY = ("coronary_intima", "coronary_media")


def state_names() -> tuple[str, ...]:
    """The states of deposits and vessel wall."""
    phases = [f"{n}_{phase}" for n in sites() for phase in ("amorphous", "apatite")]
    return (*phases, *(f"{n}_metaplasia" for n, q in sites().items() if q.kind == "artery"), "wall_stiffness", *TISSUE)


def found_at(deposits: Mapping[str, float], where: str) -> list[tuple[str, float]]:
    """[(state, mmol)] of deposits {site: mmol calcium}: all of it apatite. "coronary" goes in halves to intima and media."""
    found: list[tuple[str, float]] = []
    for name, amount in deposits.items():
        mine = CORONARY if name == "coronary" else (name,)
        if not set(mine) <= set(sites()):
            raise InputError(
                f"'{name}' is no site of deposits.", where=where, fix=f"one of: coronary, {', '.join(sites())}"
            )
        if not 0 <= amount < 1e4:
            raise InputError(f"a deposit of {amount:g} mmol calcium in {name} is not possible.", where=where)
        for n in mine:
            found += [(f"{n}_apatite", amount / len(mine)), (f"{n}_amorphous", 0.0)]
    return found
