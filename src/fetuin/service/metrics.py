"""Counters for Prometheus, by the pattern of the route, never by its values. Each process counts for itself."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.3, 0.6, 1.0, 2.0, 5.0, 10.0, 30.0)


class Metrics:
    """The counters of one process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        by = ("method", "route", "status")
        self.requests = Counter("fetuin_requests", "Requests answered.", by, registry=self.registry)
        self.seconds = Histogram(
            "fetuin_request_seconds", "Time to answer.", ("route",), buckets=SECONDS, registry=self.registry
        )
        self.cards = Counter("fetuin_cards", "CDS Hooks cards given.", ("service",), registry=self.registry)
        self.jobs = Gauge("fetuin_jobs", "Jobs by state, when last asked.", ("state",), registry=self.registry)

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answer."""
        self.requests.labels(method, route, str(status)).inc()
        self.seconds.labels(route).observe(seconds)

    def text(self) -> bytes:
        """The exposition format."""
        return generate_latest(self.registry)
