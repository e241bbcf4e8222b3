"""A budget for every caller: a bucket of cost units that fills with time. What is dear costs more than what is cheap."""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field

from fetuin.service.refusal import Refusal

MOST_CALLERS = 10_000  # kept in memory; the one not seen longest is forgotten; assumption


@dataclass
class Rate:
    """`rate` units a second, at most `burst` at once. One for each process."""

    rate: float
    burst: float
    buckets: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, caller: str, cost: float, now: float | None = None) -> float:
        """Take `cost` units; returns what is left. Refusal 429 with `Retry-After` where too little is there."""
        now = time.monotonic() if now is None else now
        with self.lock:
            left, seen = self.buckets.pop(caller, (self.burst, now))
            left = min(self.burst, left + (now - seen) * self.rate)
            enough = left >= cost
            self.buckets[caller] = (left - cost if enough else left, now)
            if len(self.buckets) > MOST_CALLERS:
                self.buckets.popitem(last=False)
        if not enough:
            wait = str(math.ceil((cost - left) / self.rate))
            raise Refusal(429, "Too many calls.", fix=f"wait {wait} s", headers={
                "Retry-After": wait, "RateLimit": f'"caller";r={int(left)};t={wait}'})  # fmt: skip
        return left - cost
