"""`fetuin scan`: counts and ratios of a planar bone scan."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fetuin.cli.output import console, emit, ensure_dir, research_use, written
from fetuin.errors import UsageError


def command(
    file: Path,
    *,
    region: list[str] = [],  # noqa: B006
    view: int = 0,
    gfr: float | None = None,
    reference: float | None = None,
    reference_gfr: float = 90.0,
    minutes: float = 180.0,
    json: bool = False,
    out: Path | None = None,
) -> int:
    """Measure a planar 99mTc-MDP bone scan: counts of regions and their ratio to the first one (bone).

    Parameters
    ----------
    file
        A DICOM NM image.
    region
        "name:row0-row1,col0-col1" in pixels from 0; repeat it. The first is the bone that others are compared with.
    view
        Which view of a multi-view image, from 0.
    gfr
        The person's GFR, mL/min: with --reference, soft tissue is compared with what these kidneys leave behind.
    reference
        Your laboratory's own soft-to-bone ratio in people of --reference-gfr at the same time.
    reference_gfr
        GFR of the reference people, mL/min.
    minutes
        Time from injection to image, min.
    json
        One JSON object on stdout.
    out
        Folder for scan.json.
    """
    from fetuin.imaging import load
    from fetuin.imaging.modalities import bone_scintigraphy as scan

    body = scan.summary(load(file), [scan.parse(r) for r in region], view)
    if (gfr is None) != (reference is None):
        raise UsageError("--gfr and --reference go together", fix="give both, or neither")
    if gfr is not None and reference is not None:
        for r in body["ratios"]:
            r["against_gfr"] = scan.compare(
                (r["ratio"], r["low"], r["high"]),
                reference=reference,
                reference_gfr=reference_gfr,
                gfr=gfr,
                minutes=minutes,
            )
    if out:
        import json as writer

        from fetuin.notice import RESEARCH_USE

        path = ensure_dir(out) / "scan.json"
        path.write_text(writer.dumps(body | {"research_use": RESEARCH_USE}, indent=1), "utf-8")
        written(path)
    if json:
        emit("scan/1", body)
    else:
        _table(body)
    research_use()
    return 0


def _table(body: dict[str, Any]) -> None:
    from rich.table import Table

    grid = Table(title=f"planar bone scan: {body['total_counts']:.0f} counts", caption=body["limit"])
    for name in ("region", "counts", "mean a pixel", "ratio to the first"):
        grid.add_column(name)
    ratios = {r["of"]: f"{r['ratio']:.3f} ({r['low']:.3f} to {r['high']:.3f})" for r in body["ratios"]}
    for c in body["regions"]:
        grid.add_row(c["region"], f"{c['counts']:.0f}", f"{c['mean']:.2f}", ratios.get(c["region"], ""))
    console(stderr=False).print(grid)
