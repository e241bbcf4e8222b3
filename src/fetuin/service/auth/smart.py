"""A browser that a listed EHR launched: the session that the callback gave it, a viewer of the EHR's tenant."""

from __future__ import annotations

from fetuin.service.auth import local
from fetuin.service.auth.contract import Mode

MODE = Mode("smart", local.authenticate, "launch the workbench from the EHR")
