"""The body: its states and their mass balances, one line per compartment.

`fluxes` asks every organ what moves; `rhs` books it. What leaves one compartment enters another or one of the ledgers
(`calcium_in`, `calcium_faeces`, ...), so that calcium, phosphate and magnesium close to rounding. mmol, L, d.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from fetuin.physiology import (
    acid_base,
    bisphosphonate,
    bone,
    deposit,
    dialysis,
    fgf23,
    gut,
    kidney,
    magnesium,
    parathyroid,
    phosphate_shift,
)
from fetuin.physiology import vitamin_d as vd
from fetuin.physiology.plasma import plasma

PER_DAY_OF_CLAMP = 720.0  # a clamp corrects with a time constant of 2 minutes


def signals(m: Any, x: Any, p: Any, u: Any) -> SimpleNamespace:
    """What the hormones say, relative to health, as the organs hear it."""
    h, t, s = p.healthy, u.targets, plasma(m, x, p)
    filtered = x.gfr * t.gfr + t.graft_filtration
    s.nephrons = filtered / h.gfr
    s.filtration = kidney.filtration(m, filtered, s.ionised, p.solved.ionised, p.kidney)
    s.vitamin_d = t.vitamin_d_receptor * (
        vd.signal(m, x.calcitriol / h.calcitriol, x.storage / h.storage, p.vitamin_d) + t.vitamin_d_action
    )
    heard = (x.pth + t.pthrp) / h.pth * parathyroid.magnesium_permits(m, s.mg, h.magnesium, p.parathyroid)
    s.pth_kidney = t.pth_response_kidney * heard
    s.pth_bone = t.pth_response_bone * heard * bone.response(s.nephrons, p.bone)
    s.fgf23 = t.fgf23_action * x.fgf23 / h.fgf23
    s.fgf23_klotho = s.fgf23 * x.klotho
    lagging = x.cell_phosphate / p.phosphate_shift.store
    s.bone_fluid = p.bone.plasma_share * s.p / h.phosphate + (1.0 - p.bone.plasma_share) * lagging
    s.product = s.ionised / p.solved.ionised * s.bone_fluid
    s.acid = acid_base.missing(m, x.bicarbonate, h.bicarbonate)
    s.sensed = parathyroid.perceived(
        s.ionised,
        s.mg,
        h.magnesium,
        p.parathyroid,
        t.parathyroid_calcium_sensing
        * (1.0 + t.calcimimetic * p.parathyroid.calcimimetic_response * x.receptor * x.receptor * x.receptor),
    )
    _thresholds(m, x, p, t, s)
    deposit.sense(m, x, p, u, s)
    return s


def _thresholds(m: Any, x: Any, p: Any, t: Any, s: SimpleNamespace) -> None:
    """How much of each mineral a litre of filtrate keeps: set into the signals."""
    s.phosphate_threshold = (
        p.solved.phosphate_threshold
        * t.phosphate_reabsorption
        * m.pow(s.nephrons, p.kidney.phosphate_nephrons)
        * x.transporter
        * x.adaptation
    )
    sensing = m.log(t.kidney_calcium_sensing * s.ionised / p.solved.ionised)
    s.calcium_threshold = (
        p.solved.calcium_threshold
        * t.calcium_reabsorption
        * m.pow(s.nephrons, p.kidney.calcium_nephrons)
        * kidney.alkalosis(m, x.bicarbonate, p.kidney)
        * kidney.contraction(m, s.ionised, p.solved.ionised, p.kidney)
        * (x.calcium_transport - p.kidney.calcium_sensing * sensing)
    )
    s.magnesium_threshold = p.solved.magnesium_threshold * t.magnesium_reabsorption


def fluxes(m: Any, x: Any, p: Any, u: Any, s: SimpleNamespace) -> SimpleNamespace:
    """What moves between compartments [mmol/d]."""
    t, h, f = u.targets, p.healthy, SimpleNamespace()
    f.eat_ca = u.diet.calcium + t.calcium_intake
    f.eat_p = u.diet.phosphate + t.phosphate_intake
    f.eat_mg = u.diet.magnesium + t.magnesium_intake
    f.absorb_ca = gut.calcium_absorption(
        m, x.gut_calcium, x.gut_transport, p.gut, t.calcium_absorption, t.calcium_passage
    )
    f.absorb_p = gut.phosphate_absorption(
        m, x.gut_phosphate, x.gut_transport, p.gut, t.phosphate_absorption, t.gut_phosphate_transport
    )
    f.absorb_mg = gut.magnesium_absorption(m, x.gut_magnesium, p.gut, t.magnesium_absorption, x.gut_transport)
    f.secrete_ca = p.gut.calcium_secretion * s.ca / (s.ca + 0.1) * (1.0 + 0.1 / h.calcium)
    f.salt = gut.precipitated(x.gut_calcium, x.gut_phosphate, p.gut)
    f.bind_p = gut.bound(x.binder, x.gut_phosphate, p.gut)

    f.urine_ca = kidney.excretion(m, s.filtration, s.ultrafiltrable, s.calcium_threshold, p.kidney.calcium_splay)
    f.urine_p = kidney.excretion(m, s.filtration, s.p, s.phosphate_threshold, p.kidney.phosphate_splay)
    f.urine_mg = kidney.excretion(
        m, s.filtration, p.kidney.magnesium_filtered * s.mg, s.magnesium_threshold, p.kidney.magnesium_splay
    )
    d = u.dialysis
    f.dialyse_ca = dialysis.calcium(s.ultrafiltrable, d.kd_calcium, d.calcium, d.ultrafiltration, p.dialysis)
    f.dialyse_mg = dialysis.magnesium(
        p.kidney.magnesium_filtered * s.mg, d.kd_magnesium, d.magnesium, d.ultrafiltration, p.dialysis
    )
    f.dialyse_p = dialysis.phosphate(s.p, d.kd_phosphate, d.ultrafiltration)
    f.dialyse_hco3 = dialysis.bicarbonate(x.bicarbonate, d.kd_bicarbonate, d.bicarbonate, d.ultrafiltration)

    f.cells_p = phosphate_shift.into_cells(s.p, x.cell_phosphate, x.mobilisation, h.phosphate, p.phosphate_shift)
    f.cells_mg = magnesium.into_cells(s.mg, x.cell_magnesium, h.magnesium, p.magnesium)
    f.clamp_ca = PER_DAY_OF_CLAMP * u.clamp.calcium_on * (u.clamp.calcium - s.ionised) * x.volume
    f.clamp_p = PER_DAY_OF_CLAMP * u.clamp.phosphate_on * (u.clamp.phosphate - s.p) * x.volume
    _bone_fluxes(m, x, p, t, s, f)
    deposit.fluxes(m, x, p, u, s, f)
    return f


def _bone_fluxes(m: Any, x: Any, p: Any, t: Any, s: SimpleNamespace, f: SimpleNamespace) -> None:
    """Calcium to and from bone [mmol/d]; phosphate goes along in `surface_ratio`."""
    b = p.bone
    cells = x.osteoclasts * t.osteoclast_activity * (1.0 + b.acid_release * s.acid)
    f.resorption_trabecular = cells * b.trabecular_turnover * x.trabecular
    f.resorption_cortical = cells * t.cortical_resorption * b.cortical_turnover * x.cortical
    # a tumour dissolves bone by osteoclasts: what stops those stops it
    spared = bisphosphonate.osteoclasts_left(m, x.bp_surface, x.bp_recent, x.bp_old, p.bisphosphonate)
    f.osteolysis = t.osteolysis * t.rankl_free * spared * x.cortical / (x.cortical + 1.0)
    f.resorption = f.resorption_trabecular + f.resorption_cortical + f.osteolysis
    rate = b.mineralisation * t.mineralisation * bone.mineralising(m, s.product, b)
    f.mineralise_trabecular, f.mineralise_cortical = rate * x.osteoid_trabecular, rate * x.osteoid_cortical
    f.surface_in = bone.uptake(m, s.ionised / p.solved.ionised, s.bone_fluid, b)
    f.surface_out = t.bone_exchange_release * bone.release(m, x.surface, s.pth_bone, s.vitamin_d, s.acid, b)
    f.bone_ca = f.surface_in - f.surface_out + f.mineralise_trabecular + f.mineralise_cortical - f.resorption


def rhs(m: Any, x: Any, p: Any, u: Any) -> dict[str, Any]:
    """The derivative of every state per day."""
    s = signals(m, x, p, u)
    f = fluxes(m, x, p, u, s)
    return (
        _minerals(x, p, u, f)
        | _fluid(m, x, p, u, s, f)
        | _gland(m, x, p, u, s)
        | _hormones(m, x, p, u, s)
        | _bone(m, x, p, u, s, f)
        | deposit.rhs(x, p, u, s, f)
    )


def _minerals(x: Any, p: Any, u: Any, f: SimpleNamespace) -> dict[str, Any]:
    t, out = u.targets, p.gut.transit
    ratio = p.bone.surface_ratio
    infused_ca, infused_mg = t.calcium_infusion + f.clamp_ca, t.magnesium_infusion
    infused_p = t.phosphate_infusion + t.tissue_phosphate_release + f.clamp_p
    return {
        "gut_calcium": f.eat_ca + f.secrete_ca - f.absorb_ca - f.salt - out * x.gut_calcium,
        "gut_phosphate": f.eat_p - f.absorb_p - f.salt - f.bind_p - out * x.gut_phosphate,
        "gut_magnesium": f.eat_mg - f.absorb_mg - out * x.gut_magnesium,
        "binder": t.phosphate_bound - f.bind_p - out * x.binder,
        "calcium": f.absorb_ca - f.secrete_ca - f.urine_ca - f.dialyse_ca - f.bone_ca - f.deposit_ca + infused_ca,
        "phosphate": f.absorb_p - f.urine_p - f.dialyse_p - f.cells_p - ratio * f.bone_ca - f.deposit_p + infused_p,
        "magnesium": f.absorb_mg - f.urine_mg - f.dialyse_mg - f.cells_mg + infused_mg,
        "cell_phosphate": f.cells_p,
        "cell_magnesium": f.cells_mg,
        "surface": f.surface_in - f.surface_out,
        "trabecular": f.mineralise_trabecular - f.resorption_trabecular,
        "cortical": f.mineralise_cortical - f.resorption_cortical - f.osteolysis,
        "calcium_in": f.eat_ca + infused_ca,
        "phosphate_in": f.eat_p + infused_p,
        "magnesium_in": f.eat_mg + infused_mg,
        "calcium_faeces": out * x.gut_calcium + f.salt,
        "phosphate_faeces": out * x.gut_phosphate + f.salt + f.bind_p,
        "magnesium_faeces": out * x.gut_magnesium,
        "calcium_urine": f.urine_ca,
        "phosphate_urine": f.urine_p,
        "magnesium_urine": f.urine_mg,
        "calcium_dialysate": f.dialyse_ca,
        "phosphate_dialysate": f.dialyse_p,
        "magnesium_dialysate": f.dialyse_mg,
    }


def _fluid(m: Any, x: Any, p: Any, u: Any, s: SimpleNamespace, f: SimpleNamespace) -> dict[str, Any]:
    a, t = p.acid_base, u.targets
    bone_base = a.bone_buffer * s.acid
    base = acid_base.renal(x.bicarbonate, p.healthy.bicarbonate, s.nephrons, a) + bone_base + t.bicarbonate_intake
    surplus = m.softplus(x.volume / p.plasma.volume - 1.0, 0.01) * p.plasma.volume
    diuresis = p.plasma.fluid_turnover * m.hill(s.nephrons, 0.2, 4) * (surplus - 0.006931471805599453 * p.plasma.volume)
    return {
        "volume": u.dialysis.fluid_gain - u.dialysis.ultrafiltration - diuresis,
        "bicarbonate": (base - a.acid - t.acid_load - f.dialyse_hco3) / a.volume,
        "mobilisation": p.phosphate_shift.mobilisation_rate
        * (
            phosphate_shift.mobilisation_target(m, s.p, x.cell_phosphate, p.healthy.phosphate, p.phosphate_shift)
            - x.mobilisation
        ),
        "gfr": u.course.gfr_growth * x.gfr,
    }


def _gland(m: Any, x: Any, p: Any, u: Any, s: SimpleNamespace) -> dict[str, Any]:
    g, h, t = p.parathyroid, p.healthy, u.targets
    at_rest = parathyroid.release_curve(m, p.solved.ionised, g.set_point, g)
    released = parathyroid.release_curve(m, s.sensed, parathyroid.set_point(x.receptor, g), g) / at_rest
    permitted = parathyroid.magnesium_permits(m, s.mg, h.magnesium, g)
    release = g.release * released * permitted * x.store
    d = s.vitamin_d + t.parathyroid_vitamin_d_action
    drive = parathyroid.calcium_drive(m, s.sensed, p.solved.ionised * (1.0 + g.receptor_shift * (1.0 - x.receptor)), g)
    drive = drive * parathyroid.vitamin_d_drive(m, d, g) * parathyroid.phosphate_drive(m, s.p, h.phosphate, g)
    made = (g.release + g.degradation) * h.pth * g.clearance / g.release
    return {
        "store": made * permitted * t.parathyroid_mass * x.gland * x.synthesis - release - g.degradation * x.store,
        "pth": release
        - g.clearance * (1.0 - g.renal_clearance + g.renal_clearance * s.nephrons) * x.pth
        + t.pth_infusion,
        "synthesis": g.synthesis_rate * (drive / (1.0 + g.fgf23_slope * (s.fgf23_klotho - 1.0)) - x.synthesis),
        "receptor": g.receptor_rate * (parathyroid.receptor_target(m, d, x.gland * t.parathyroid_mass, g) - x.receptor),
        "gland": g.growth_rate * (parathyroid.gland_target(m, drive, t.parathyroid_growth, g) - x.gland),
    }


def _hormones(m: Any, x: Any, p: Any, u: Any, s: SimpleNamespace) -> dict[str, Any]:
    t, h, v, f, k = u.targets, p.healthy, p.vitamin_d, p.fgf23, p.kidney
    load = m.softplus(s.p - s.phosphate_threshold, k.phosphate_splay) / p.solved.phosphate_load
    drive = fgf23.drive(m, load, s.p / h.phosphate, s.vitamin_d, x.storage / h.storage, s.nephrons, f)
    hydroxylase = vd.hydroxylase_target(
        m, s.pth_kidney, s.fgf23_klotho, s.p / h.phosphate, s.ionised / p.solved.ionised, s.nephrons, v
    )
    made = (
        v.loss
        * h.calcitriol
        * vd.activation(x.storage, h.storage, v)
        * (t.cyp27b1 * x.cyp27b1 + t.extrarenal_calcitriol - 1.0)
    )
    lost = v.loss * (1.0 - v.catabolised + v.catabolised * t.cyp24a1 * x.cyp24a1) * x.calcitriol
    store_lost = (
        v.storage_loss * (1.0 - v.storage_catabolism + v.storage_catabolism * t.cyp24a1 * x.cyp24a1) * x.storage
    )
    return {
        "fgf23": f.rate * (h.fgf23 * t.fgf23_production * drive - x.fgf23),
        "klotho": f.klotho_rate * (t.klotho * fgf23.klotho_target(m, s.nephrons, s.vitamin_d, f) - x.klotho),
        "storage": v.storage_loss * h.storage * u.diet.vitamin_d
        + vd.storage_made(m, t.vitamin_d_intake, v)
        - store_lost,
        "cyp27b1": v.enzyme_rate * (hydroxylase - x.cyp27b1),
        "cyp24a1": v.enzyme_rate * (vd.catabolism_target(m, s.vitamin_d, s.fgf23_klotho, v) - x.cyp24a1),
        "calcitriol": made + t.calcitriol_dose - lost,
        "gut_transport": p.gut.induction * (gut.transport_target(m, s.vitamin_d, p.gut) - x.gut_transport),
        "transporter": k.transporter_rate
        * (kidney.phosphate_by_pth(s.pth_kidney, k) * kidney.phosphate_by_fgf23(m, s.fgf23_klotho, k) - x.transporter),
        "adaptation": k.adaptation_rate * (m.pow((load * s.nephrons + 0.02) / 1.02, k.adaptation_power) - x.adaptation),
        "calcium_transport": k.calcium_transport_rate
        * (kidney.calcium_transport(m, s.pth_kidney, s.vitamin_d, k) - x.calcium_transport),
    }


def _bone(m: Any, x: Any, p: Any, u: Any, s: SimpleNamespace, f: SimpleNamespace) -> dict[str, Any]:
    b, t = p.bone, u.targets
    formed = p.solved.resorption * x.osteoblasts
    trabecular_share = b.trabecular_turnover * b.trabecular / p.solved.resorption
    return {
        "rankl": b.rankl_rate * (bone.rankl_target(m, s.pth_bone, s.vitamin_d, b) - x.rankl),
        "osteoclast_precursors": b.precursor_loss
        * (1.0 + b.precursor_reserve - (1.0 + b.precursor_reserve * t.rankl_free) * x.osteoclast_precursors),
        "osteoclasts": b.osteoclast_rate
        * (
            x.rankl
            * t.rankl
            * t.rankl_free
            * x.osteoclast_precursors
            * bisphosphonate.osteoclasts_left(m, x.bp_surface, x.bp_recent, x.bp_old, p.bisphosphonate)
            - x.osteoclasts
        ),
        "sclerostin": b.sclerostin_rate * (m.pow((s.pth_bone + 0.02) / 1.02, -b.sclerostin_pth) - x.sclerostin),
        "precursors": b.precursor_rate
        * (
            t.bone_formation
            * bone.recruitment(m, (f.resorption - f.osteolysis) / p.solved.resorption, t.sclerostin * x.sclerostin, b)
            - x.precursors
        ),
        "osteoblasts": b.osteoblast_rate * (x.precursors - x.osteoblasts),
        "osteoid_trabecular": formed * trabecular_share - f.mineralise_trabecular,
        "osteoid_cortical": formed * (1.0 - trabecular_share) - f.mineralise_cortical,
    } | bisphosphonate.balance(
        m, t.bisphosphonate, x.bp_surface, x.bp_recent, x.bp_old, x.osteoblasts,
        (f.resorption - f.osteolysis) / p.solved.resorption,
        bisphosphonate.retained(m, s.nephrons, p.bisphosphonate), p.bisphosphonate,
    )  # fmt: skip
