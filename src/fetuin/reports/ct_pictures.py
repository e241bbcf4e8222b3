"""Slices of a CT as PNG: grey in a fixed window, what was counted orange, the edge of the region blue."""

from __future__ import annotations

import base64
import io
from typing import Any

import numpy as np

WINDOW = (-160, 640)  # HU shown black to white: soft tissue and calcium at once
PICTURES = 6
LEAST = 440  # pixels a picture is wide at least: coarse grids are enlarged


def overlays(seen: Any) -> dict[int, bytes]:
    """{slice: PNG} of the slices with most calcium, in order."""
    counted = seen.result.counted(seen.volume.values.shape)
    amount = counted.sum(axis=(1, 2))
    shown = sorted(int(s) for s in np.argsort(-amount, kind="stable")[:PICTURES] if amount[s])
    return {s: overlay(seen.volume, seen.region, counted, s) for s in shown}


def overlay(volume: Any, region: np.ndarray | None, counted: np.ndarray, s: int) -> bytes:
    """One slice as PNG, seen from the feet: the person's right is on the left of the picture, the front above."""
    from PIL import Image

    values = volume.values[s].astype(float)
    grey = np.clip((values - WINDOW[0]) / (WINDOW[1] - WINDOW[0]) * 255, 0, 255).astype(np.uint8)
    picture = np.repeat(grey[..., None], 3, axis=2)
    if region is not None:
        picture[_edge(region[s])] = (70, 160, 255)
    picture[counted[s]] = (242, 120, 30)
    if volume.affine is not None:
        if volume.affine[1, 1] < 0:
            picture = picture[::-1]
        if volume.affine[0, 0] < 0:
            picture = picture[:, ::-1]
    factor = max(1, -(-LEAST // picture.shape[1]))
    size = (picture.shape[1] * factor, round(picture.shape[0] * factor * volume.spacing[1] / volume.spacing[2]))
    buffer = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(picture)).resize(size, 0).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def _edge(inside: np.ndarray) -> np.ndarray:
    core = inside.copy()
    core[1:-1, 1:-1] = inside[1:-1, 1:-1] & inside[:-2, 1:-1] & inside[2:, 1:-1] & inside[1:-1, :-2] & inside[1:-1, 2:]
    return inside & ~core


def figure(s: int, png: bytes, words: str) -> str:
    """A picture inside a page."""
    data = base64.b64encode(png).decode()
    return (
        f'<figure id="slice{s}"><img alt="{words}" style="max-width:100%" src="data:image/png;base64,{data}">'
        f"<figcaption>{words}</figcaption></figure>"
    )
