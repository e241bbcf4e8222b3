"""What every test may ask for: the folder of real inputs and reference results that lies beside the checkout."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[1].parent / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder `../shared`; a test that reads it is skipped where it is not there (a plain clone)."""
    if not (SHARED / "README.md").exists():
        pytest.skip("../shared is not beside this checkout")
    return SHARED
