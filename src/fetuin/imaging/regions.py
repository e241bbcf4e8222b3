"""Regions of a nuclear image: boxes drawn by a person or placed by a template, their mirror images, the body's outline."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from fetuin.catalog import documents
from fetuin.errors import InputError, NotEnoughDataError

FORM = '"name:row0-row1,col0-col1" (planar) or "name:slice0-slice1,row0-row1,col0-col1" (SPECT)'
SMOOTH = 3.0  # pixels; before the outline is drawn; assumption
OUTLINE = 0.05  # of the 95th percentile of the smoothed view: body from air; assumption
PIECE = 0.005  # of the view: the smallest part of a body that is kept; assumption


@dataclass(frozen=True)
class Region:
    """A box of pixels, counted from 0: rows and columns first to last, and slices of a SPECT."""

    name: str
    rows: tuple[int, int]
    columns: tuple[int, int]
    slices: tuple[int, int] | None = None


def parse(text: str) -> Region:
    """A region from the words of a command line."""
    try:
        name, _, box = text.partition(":")
        found = [(int(a), int(b)) for a, b in (part.split("-") for part in box.split(","))]
        if len(found) not in (2, 3) or not name.strip():
            raise ValueError
    except ValueError:
        raise InputError(
            "not a region",
            where=f"--region {text!r}",
            why=f"the form is {FORM}",
            fix='for example --region "thigh:560-620,90-120"',
        ) from None
    if any(b < a for a, b in found):
        raise InputError(
            "an empty region", where=f"--region {text!r}", why="first must not pass last", fix="swap the bounds"
        )
    return Region(name.strip(), found[-2], found[-1], found[0] if len(found) == 3 else None)


def place(region: Region, shape: tuple[int, ...]) -> np.ndarray:
    """The pixels of a region in an image [rows, columns] or a volume [slices, rows, columns]."""
    bounds = [region.rows, region.columns]
    if (region.slices is None) != (len(shape) == 2):
        raise InputError(
            "the region has another number of dimensions than the image",
            where=region.name,
            why=f"the image has {len(shape)}",
            fix=f"the form is {FORM}",
        )
    if region.slices is not None:
        bounds.insert(0, region.slices)
    if any(a < 0 or b >= n for (a, b), n in zip(bounds, shape)):
        size = " x ".join(map(str, shape))
        raise InputError(
            "the region lies outside the image", where=region.name, why=f"the image has {size}", fix="count from 0"
        )
    out = np.zeros(shape, bool)
    out[tuple(slice(a, b + 1) for a, b in bounds)] = True
    return out


def outline(image: np.ndarray) -> np.ndarray:
    """The body in a planar view: where the smoothed counts pass a small share of the bright ones."""
    from scipy import ndimage as ndi

    smooth = ndi.gaussian_filter(image.astype(float), SMOOTH)
    above = smooth > OUTLINE * np.percentile(smooth, 95)
    labels, n = ndi.label(above)
    large = np.bincount(labels.ravel(), minlength=n + 1) >= PIECE * image.size
    large[0] = False
    found = large[labels]
    if not found.any():
        raise NotEnoughDataError(
            "no body in the image", where="pixel values", why="hardly any counts", fix="draw regions with --region"
        )
    return np.asarray(found)


def midline(body: np.ndarray) -> float:
    """The column about which the body is most alike to its mirror image, in steps of half a pixel."""
    profile = body.sum(axis=tuple(range(body.ndim - 1))).astype(float)
    n, best = len(profile), (np.inf, (len(profile) - 1) / 2)
    weighed = float((profile * np.arange(n)).sum() / profile.sum())
    at = np.arange(n)
    for centre in np.arange(round(2 * weighed) - n // 5, round(2 * weighed) + n // 5 + 1) / 2:
        mirror = np.interp(2 * centre - at, at, profile, left=0, right=0)
        best = min(best, (float(((profile - mirror) ** 2).sum()), float(centre)))
    return best[1]


def mirrored(mask: np.ndarray, centre: float) -> np.ndarray:
    """The mask on the other side of the column `centre`; what would fall off the image is refused."""
    where = np.argwhere(mask)
    other = np.rint(2 * centre - where[:, -1]).astype(int)
    if other.min() < 0 or other.max() >= mask.shape[-1]:
        raise InputError(
            "the mirrored region lies outside the image", where="--mirror", why=f"midline at {centre:g}", fix="give --midline"
        )  # fmt: skip
    where[:, -1] = other
    out = np.zeros_like(mask)
    out[tuple(where.T)] = True
    return out


def template(image: np.ndarray, name: str = "whole_body") -> tuple[dict[str, np.ndarray], str]:
    """({region: mask within the body}, the name of the bone among them) of a planar view."""
    known = documents("fetuin.imaging", "templates")
    if name not in known:
        raise InputError(f"no template called {name!r}", where="--template", why=f"known: {', '.join(known)}")
    body = outline(image)
    rows = np.flatnonzero(body.any(axis=1))
    width, centre = int(body.any(axis=0).sum()), midline(body)
    top, height = int(rows[0]), int(rows[-1] - rows[0] + 1)
    r, c = np.mgrid[: image.shape[0], : image.shape[1]]
    tall, wide = (r - top) / height, (c - centre) / width
    out = {}
    for key, box in known[name]["regions"].items():
        (r0, r1), (c0, c1) = box["rows"], box["columns"]
        out[key] = body & (tall >= r0) & (tall < r1) & (wide >= c0) & (wide < c1)
    return {k: m for k, m in out.items() if m.any()}, str(known[name]["bone"])


def placed(regions: Iterable[Region], shape: tuple[int, ...]) -> dict[str, np.ndarray]:
    """{name: mask}; a name twice is refused."""
    out: dict[str, np.ndarray] = {}
    for region in regions:
        if region.name in out:
            raise InputError("two regions of one name", where=f"--region {region.name}", fix="name them apart")
        out[region.name] = place(region, shape)
    return out
