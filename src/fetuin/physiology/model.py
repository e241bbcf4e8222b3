"""The body as a `Model` of the engine: states, parameters, inputs, equations, what can be read from it, units."""

from __future__ import annotations

from functools import cache
from typing import Any

from fetuin.chemistry import crystal
from fetuin.engine.model import Model
from fetuin.physiology import baseline, body, calciprotein
from fetuin.physiology.parameters import defaults, described
from fetuin.physiology.targets import NEUTRAL, Targets, as_inputs

SIGNED = frozenset(
    {
        "wall_stiffness",
        "tissue_saturation",
        "tissue_ripening",
        "calcium_dialysate",
        "magnesium_dialysate",
        "phosphate_dialysate",
        "calcium_in",
        "phosphate_in",
        "magnesium_in",
    }
)
ML_PER_MIN = 1.44  # L/d


def resting_inputs(parameters: dict[str, float]) -> dict[str, float]:
    """The inputs of a healthy day: the reference diet and nothing else."""
    diet = {f"diet.{m}": parameters[f"healthy.{m}_diet"] for m in ("calcium", "phosphate", "magnesium")}
    dialysis = {
        f"dialysis.{n}": 0.0
        for n in ("kd_calcium", "kd_magnesium", "kd_phosphate", "kd_bicarbonate", "calcium", "magnesium",
                  "bicarbonate", "ultrafiltration", "fluid_gain")
    }  # fmt: skip
    clamp = {"clamp.calcium": 0.0, "clamp.calcium_on": 0.0, "clamp.phosphate": 0.0, "clamp.phosphate_on": 0.0}
    return diet | {"diet.vitamin_d": 1.0} | dialysis | clamp | {"course.gfr_growth": 0.0} | as_inputs(NEUTRAL)


def outputs(m: Any, x: Any, p: Any, u: Any) -> dict[str, Any]:
    """What a clinic or a laboratory would read: concentrations, hormones, rates of excretion, density."""
    s = body.signals(m, x, p, u)
    f = body.fluxes(m, x, p, u, s)
    b = p.bone
    log_s = crystal.above_zero(m, crystal.LN10 * s.si_ocp)
    cpp = calciprotein.particles(m, log_s, p.crystal.saturation, s.slower, p.calciprotein)
    return {
        "total_calcium": s.ca, "ionised_calcium": s.ionised, "serum_phosphate": s.p, "serum_magnesium": s.mg,
        "serum_bicarbonate": x.bicarbonate, "blood_ph": s.ph, "intact_pth": x.pth, "serum_calcitriol": x.calcitriol,
        "vitamin_d_25": x.storage, "intact_fgf23": x.fgf23, "gfr_ml_min": s.filtration / ML_PER_MIN,
        "urine_calcium": f.urine_ca, "urine_phosphate": f.urine_p, "urine_magnesium": f.urine_mg,
        "absorbed_calcium": f.absorb_ca - f.secrete_ca, "absorbed_phosphate": f.absorb_p,
        "tmp_per_gfr": _tmp_per_gfr(m, f.urine_p, s.filtration, s.p), "si_ocp": s.si_ocp, "si_dcpd": s.si_dcpd, "si_hap": s.si_hap,
        "bone_resorption": f.resorption, "bone_formation": p.solved.resorption * x.osteoblasts,
        "bone_calcium_uptake": f.bone_ca,
        "bmd_spine": x.trabecular / b.trabecular * 0.66 + x.cortical / b.cortical * 0.34,
        "bmd_hip": x.trabecular / b.trabecular * 0.34 + x.cortical / b.cortical * 0.66,
        "osteoid": (x.osteoid_trabecular + x.osteoid_cortical) * b.mineralisation / p.solved.resorption,
        "calcium_phosphate_product": s.ca * s.p,
        "dialysed_phosphate": f.dialyse_p, "dialysed_calcium": f.dialyse_ca,
        "surface_flux": f.surface_in - f.surface_out, "calcium_absorption_true": f.absorb_ca,
        "extracellular_volume": x.volume,
        "bisphosphonate_in_bone": x.bp_surface + x.bp_recent + x.bp_old,
        "pyrophosphate": s.pyrophosphate,
        "t50": calciprotein.t50(m, s.log_ripening, p.calciprotein),
        "cpp1": p.calciprotein.cpp1 * cpp[0], "cpp2": p.calciprotein.cpp2 * cpp[1],
    }  # fmt: skip


def _tmp_per_gfr(m: Any, excreted: Any, filtration: Any, phosphate: Any) -> Any:
    """TmP/GFR as a laboratory computes it from reabsorption (Payne 1998, after Walton and Bijvoet) [mmol/L]."""
    kept = 1.0 - excreted / (filtration * phosphate)
    high = 0.3 * kept / (1.0 - 0.8 * kept)
    above = m.smooth_step(kept - 0.86, 0.002)
    return phosphate * (kept + (high - kept) * above)


UNITS = {
    "total_calcium": "mmol/L", "ionised_calcium": "mmol/L", "serum_phosphate": "mmol/L", "serum_magnesium": "mmol/L",
    "serum_bicarbonate": "mmol/L", "blood_ph": "1", "intact_pth": "ng/L", "serum_calcitriol": "pmol/L",
    "vitamin_d_25": "nmol/L", "intact_fgf23": "ng/L", "gfr_ml_min": "mL/min", "urine_calcium": "mmol/d",
    "urine_phosphate": "mmol/d", "urine_magnesium": "mmol/d", "absorbed_calcium": "mmol/d",
    "absorbed_phosphate": "mmol/d", "tmp_per_gfr": "mmol/L", "si_ocp": "1", "si_dcpd": "1", "si_hap": "1",
    "bone_resorption": "mmol/d", "bone_formation": "mmol/d", "bone_calcium_uptake": "mmol/d", "bmd_spine": "1",
    "bmd_hip": "1", "osteoid": "1", "calcium_phosphate_product": "mmol2/L2", "dialysed_phosphate": "mmol/d",
    "dialysed_calcium": "mmol/d", "surface_flux": "mmol/d", "calcium_absorption_true": "mmol/d",
    "extracellular_volume": "L", "pyrophosphate": "umol/L", "tissue_pyrophosphate": "umol/L", "t50": "min",
    "cpp1": "1/mL", "cpp2": "1/mL", "bp_surface": "mg", "bisphosphonate_in_bone": "mg", "bp_recent": "mg",
    "bp_old": "mg", "pth": "ng/L", "store": "ng/L", "fgf23": "ng/L",
    "calcitriol": "pmol/L", "storage": "nmol/L", "bicarbonate": "mmol/L", "gfr": "L/d", "volume": "L",
}  # fmt: skip
RELATIVE = ("synthesis", "receptor", "gland", "klotho", "cyp27b1", "cyp24a1", "gut_transport", "transporter",
            "adaptation", "calcium_transport", "rankl", "osteoclast_precursors", "osteoclasts", "sclerostin",
            "precursors", "osteoblasts", "mobilisation", "wall_stiffness", "tissue_saturation", "tissue_ripening", "tissue_drive")  # fmt: skip


def _units(states: dict[str, float]) -> dict[str, str]:
    named = {s: UNITS.get(s, "1" if s in RELATIVE or s.endswith("_metaplasia") else "mmol") for s in states}
    return (
        named
        | UNITS
        | {n: q.unit for n, q in described().items()}
        | {f"targets.{n}": Targets.__dataclass_fields__[n].metadata["unit"] for n in Targets.__dataclass_fields__}
    )


@cache
def body_model() -> Model:
    """The body of the typical adult, at rest. Parameters of another person are given when it is run."""
    parameters = baseline.solve(defaults())
    states = baseline.rest(parameters)
    scales = {s: 10.0 for s in states if s.rpartition("_")[2] in ("in", "faeces", "urine", "dialysate")} | {
        "binder": 1.0, "mobilisation": 0.1, "bp_surface": 0.1, "bp_recent": 0.1, "bp_old": 0.1,
    } | {s: 0.1 for s in states if s.endswith(("_amorphous", "_apatite", "_metaplasia"))}  # fmt: skip
    return Model(
        "body", states, parameters, resting_inputs(parameters), body.rhs, outputs, _units(states), scales, SIGNED
    )
