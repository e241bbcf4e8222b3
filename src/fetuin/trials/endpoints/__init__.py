"""Endpoints. ONE KIND PER FILE: its unit, its errors, and how a true value is seen."""

from __future__ import annotations

from fetuin.trials.endpoints.contract import Endpoint, Kind, kinds, read_endpoint

__all__ = ["Endpoint", "Kind", "kinds", "read_endpoint"]
