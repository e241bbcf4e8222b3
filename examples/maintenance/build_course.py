"""Write the simulated course of the Patient screen: `python examples/maintenance/build_course.py`. For maintainers.

A virtual person on haemodialysis whose phosphate intake rises; values of every fourth week, read before the first session,
with scatter of a blood sample (within-person and analytical together, CV below). Nobody's record.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

from fetuin.simulation import Person, Scenario, simulate
from fetuin.therapies.dialysis_prescription import Prescription
from fetuin.therapies.diet import diet

OUT = Path(__file__).resolve().parents[2] / "src" / "fetuin" / "screens" / "two-years-of-haemodialysis.csv"
FIRST = datetime(2024, 11, 25)
# name in the file, curve, unit, scatter (CV); assumption: usual within-person and analytical variation of serum
VALUES = (("phosphate", "phosphate", "mmol/L", 0.07), ("calcium", "calcium", "mmol/L", 0.02), ("pth", "pth", "ng/L", 0.18),
          ("magnesium", "magnesium", "mmol/L", 0.04), ("calcidiol", "calcidiol", "nmol/L", 0.08))  # fmt: skip


def main() -> None:
    """The course as tidy CSV."""
    rng = np.random.default_rng(20241125)
    acts = (diet({"phosphate": 44.0}, 168.0, 728.0), diet({"phosphate": 52.0, "calcium": 40.0}, 392.0, 728.0))
    times = np.arange(0.0, 729.0, 28.0)
    found = simulate(Person(gfr=6, dialysis=Prescription(calcium=1.5)), Scenario(acts=acts), 728.0, times=times)
    lines = ["kind,name,value,unit,time,site,state,modality", "person,age,57,a,,,,", "person,sex,F,,,,,",
             "condition,diabetic nephropathy,,,2009-03-02,,,", "procedure,haemodialysis 4 years,,,2020-09-14,,,"]  # fmt: skip
    for k, day in enumerate(times):
        when = (FIRST + timedelta(days=float(day))).date().isoformat()
        for name, curve, unit, cv in VALUES:
            if name == "calcidiol" and k % 6:
                continue
            value = float(found[curve][k]) * float(np.exp(rng.normal(0.0, cv)))
            lines.append(f"observation,{name},{value:.3g},{unit},{when},,,")
    lines.append("tissue,cloud-like calcified mass,,,2026-10-12,finger periarticular,viable,imaging")
    OUT.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"wrote {OUT.name}: {len(lines) - 1} lines")


if __name__ == "__main__":
    main()
