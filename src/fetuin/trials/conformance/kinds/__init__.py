"""ONE KIND OF RECORD PER FILE; the file's name is the kind, and it offers `replay`."""

from __future__ import annotations

from typing import Any


def known() -> dict[str, Any]:
    """{kind: its replay}."""
    import fetuin.trials.conformance.kinds as folder
    from fetuin.catalog import entries

    return entries(folder, "replay")
