"""What papers call things -> what the body calls them. Forgiving when reading: case, spaces and hyphens do not matter."""

from __future__ import annotations

from collections.abc import Mapping

ANALYTES = {
    "ca": "calcium", "total_calcium": "calcium", "serum_calcium": "calcium", "s_ca": "calcium",
    "ica": "calcium_ionised", "ca2+": "calcium_ionised", "ionised_calcium": "calcium_ionised",
    "ionized_calcium": "calcium_ionised", "calcium_ionized": "calcium_ionised", "free_calcium": "calcium_ionised",
    "p": "phosphate", "pi": "phosphate", "phosphorus": "phosphate", "serum_phosphate": "phosphate",
    "serum_phosphorus": "phosphate", "mg": "magnesium", "serum_magnesium": "magnesium", "hco3": "bicarbonate",
    "serum_bicarbonate": "bicarbonate", "intact_pth": "pth", "parathyroid_hormone": "pth", "ipth": "pth",
    "1,25d": "calcitriol", "1,25(oh)2d": "calcitriol", "1_25d": "calcitriol", "25d": "calcidiol", "25ohd": "calcidiol",
    "25_ohd": "calcidiol", "25_hydroxyvitamin_d": "calcidiol", "vitamin_d": "calcidiol", "fgf_23": "fgf23",
    "ifgf23": "fgf23", "intact_fgf23": "fgf23", "fgf23_intact": "fgf23", "gfr": "egfr",
    "uca": "urine_calcium", "urinary_calcium": "urine_calcium", "calcium_excretion": "urine_calcium",
    "up": "urine_phosphate", "urinary_phosphate": "urine_phosphate", "urine_phosphorus": "urine_phosphate",
    "urinary_phosphorus": "urine_phosphate", "phosphate_excretion": "urine_phosphate",
    "urinary_magnesium": "urine_magnesium", "tmp/gfr": "tmp_per_gfr", "tmp_gfr": "tmp_per_gfr",
    "bsap": "bone_alp", "bone_alkaline_phosphatase": "bone_alp", "s_ctx": "ctx", "ctx_1": "ctx",
    "spine_bmd": "bmd_spine", "lumbar_bmd": "bmd_spine", "bmd_lumbar_spine": "bmd_spine", "hip_bmd": "bmd_hip",
    "total_hip_bmd": "bmd_hip", "caxp": "calcium_phosphate_product", "cap_product": "calcium_phosphate_product",
    "gland_mass": "gland", "removed_phosphate": "phosphate_dialysate", "removed_calcium": "calcium_dialysate",
}  # fmt: skip
STATISTICS = {
    "average": "mean", "maximum": "max", "peak": "max", "minimum": "min", "nadir": "min", "lowest": "min",
    "highest": "max", "final": "value", "last": "value", "sum": "total", "cumulative": "total", "area": "auc",
    "time_of_peak": "time_of_max", "time_to_peak": "time_of_max", "time_of_nadir": "time_of_min",
    "time_to_nadir": "time_of_min",
}  # fmt: skip
FORMS = {
    "value": "absolute", "difference": "change", "delta": "change", "fold": "ratio", "percent_change": "percent",
    "relative": "percent", "%": "percent", "percentage": "percent",
}  # fmt: skip
DIRECTIONS = {
    "rise": "rises", "up": "rises", "increase": "rises", "increases": "rises", "+": "rises", "higher": "rises",
    "fall": "falls", "down": "falls", "decrease": "falls", "decreases": "falls", "-": "falls", "lower": "falls",
}  # fmt: skip
ACROSS = {"average": "mean", "minimum": "min", "maximum": "max"}


def plain(word: object) -> str:
    """A word in lower case with underscores."""
    return str(word).strip().lower().replace(" ", "_").replace("-", "_")


def known_as(word: object, table: Mapping[str, str]) -> str:
    """The body's word for a paper's word; a word that is not in the table stays as it is."""
    key = plain(word)
    return table.get(key, table.get(str(word).strip().lower(), key))
