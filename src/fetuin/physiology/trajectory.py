"""Trajectory: named curves over time, of one person or of many, each with its unit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from fetuin.errors import InputError, MissingExtraError
from fetuin.notice import RESEARCH_USE, USE_LIMITATION
from fetuin.versions import keys

READ = {
    "calcium": "total_calcium", "calcium_ionised": "ionised_calcium", "phosphate": "serum_phosphate",
    "magnesium": "serum_magnesium", "bicarbonate": "serum_bicarbonate", "ph": "blood_ph", "pth": "intact_pth",
    "calcitriol": "serum_calcitriol", "calcidiol": "vitamin_d_25", "fgf23": "intact_fgf23", "egfr": "gfr_ml_min",
}  # fmt: skip
"""What a person calls it -> the output of the body; every other output keeps its own name."""
UNITS = {
    "calcium": "mmol/L", "calcium_ionised": "mmol/L", "phosphate": "mmol/L", "magnesium": "mmol/L", "bicarbonate": "mmol/L",
    "ph": "1", "pth": "ng/L", "calcitriol": "pmol/L", "calcidiol": "nmol/L", "fgf23": "ng/L", "egfr": "mL/min",
}  # fmt: skip


@dataclass(frozen=True)
class Trajectory:
    """Curves of shape (people, times); `times` in days from the start; `labels` name the people."""

    times: np.ndarray
    curves: Mapping[str, np.ndarray]
    units: Mapping[str, str]
    labels: tuple[str, ...] = ("person",)
    title: str = ""
    failures: tuple[str, ...] = ()
    provenance: Mapping[str, Any] = field(default_factory=dict)
    traits: Mapping[str, np.ndarray] = field(default_factory=dict)
    """Parameters of each person that readings need: an age, a class of blood pressure."""

    def __post_init__(self) -> None:
        for name, curve in self.curves.items():
            if not np.all(np.isfinite(curve)):
                raise InputError(f"the curve of {name} is not finite.", fix="report this: a trajectory holds no NaN")

    def __iter__(self) -> Iterator[str]:
        return iter(self.curves)

    def __getitem__(self, name: str) -> np.ndarray:
        """A curve or a reading (`physiology.readings`) by name: (times,) for one person, (people, times) for several."""
        found = self.rows(name)
        return found[0] if len(found) == 1 else found

    def rows(self, name: str) -> np.ndarray:
        """The same, always (people, times)."""
        if name in self.curves:
            return self.curves[name]
        from fetuin.physiology import readings

        if readings.unit(name) is None or "wall_stiffness" not in self.curves:
            fix = f"one of: {', '.join(sorted({*self.curves, *readings.names()}))}"
            raise InputError(f"the trajectory has no '{name}'.", fix=fix)
        return readings.read(name, self.curves, self.times, self.traits)

    def unit(self, name: str) -> str:
        """The unit of a curve or a reading."""
        from fetuin.physiology import readings

        return self.units.get(name) or readings.unit(name) or "1"

    def at(self, name: str, day: float) -> np.ndarray:
        """The value at a day, by linear interpolation; one per person."""
        rows = np.atleast_2d(self[name])
        return np.array([np.interp(day, self.times, row) for row in rows])

    def to_xarray(self) -> Any:
        """The same as an xarray Dataset with units on every variable."""
        try:
            import xarray as xr
        except ImportError as error:
            raise MissingExtraError("xarray", "xarray") from error
        variables = {
            n: (("person", "time"), np.atleast_2d(c), {"units": self.units.get(n, "1")}) for n, c in self.curves.items()
        }
        notes = {"title": self.title, **keys(), "notice": RESEARCH_USE, "use": USE_LIMITATION}
        coordinates = {"time": ("time", self.times, {"units": "d"}), "person": list(self.labels)}
        return xr.Dataset(variables, coordinates, notes)

    def to_netcdf(self, path: Path) -> Path:
        """Write NetCDF (HDF5)."""
        self.to_xarray().to_netcdf(path, engine="h5netcdf")
        return path

    def to_csv(self, path: Path) -> Path:
        """Write a tidy table: person, time, then one column per curve with its unit in the heading."""
        names = list(self.curves)
        heading = ["person", "time (d)", *(f"{n} ({self.units.get(n, '1')})" for n in names)]
        with path.open("w", encoding="utf-8") as f:
            f.write(f"# {RESEARCH_USE}\n" + ",".join(heading) + "\n")
            for k, label in enumerate(self.labels):
                for j, t in enumerate(self.times):
                    row = ",".join(f"{np.atleast_2d(self.curves[n])[k, j]:.6g}" for n in names)
                    f.write(f"{label},{t:.6g},{row}\n")
        return path

    def plot(self, names: tuple[str, ...] = (), **options: Any) -> Any:
        """Stacked small multiples with reference bands, as a matplotlib Figure."""
        from fetuin.physiology.plot import small_multiples

        return small_multiples(self, names, **options)
