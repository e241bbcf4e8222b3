"""The few functions an equation may use.

Five primitives, and what is made of them. `Maths(primitives)` is the namespace `m` handed to a right-hand side:
`PLAIN` works on floats, `engine.trace` makes another on symbols from the same class.

Everything is finite for every finite argument, so that a trial step outside the physiological range costs a rejected
step and not a NaN: `exp` is capped at e^+-300, and `log` and `sqrt` see no argument below 1e-30. The compiled forms
use the same limits, hence agree with these functions to rounding.
"""

from __future__ import annotations

import math
from typing import Any, Protocol

SMALLEST = 1e-30
LARGEST_EXPONENT = 300.0
LARGEST_PRODUCT = 6


class Primitives(Protocol):
    """What a number type must offer to be used in equations, beside + - * /."""

    def exp(self, x: Any) -> Any: ...
    def log(self, x: Any) -> Any: ...
    def sqrt(self, x: Any) -> Any: ...
    def sigmoid(self, x: Any) -> Any: ...
    def positive(self, x: Any) -> Any: ...


class PlainPrimitives:
    """The primitives on floats."""

    def exp(self, x: float) -> float:
        return math.exp(min(max(x, -LARGEST_EXPONENT), LARGEST_EXPONENT))

    def log(self, x: float) -> float:
        return math.log(max(x, SMALLEST))

    def sqrt(self, x: float) -> float:
        return math.sqrt(max(x, SMALLEST))

    def sigmoid(self, x: float) -> float:
        return 1.0 / (1.0 + self.exp(-x))

    def positive(self, x: float) -> float:
        return max(x, 0.0)


class Maths:
    """The namespace `m`: exp, log, sqrt, sigmoid, positive, and the functions below, on any number type."""

    def __init__(self, primitives: Primitives) -> None:
        self.exp, self.log, self.sqrt = primitives.exp, primitives.log, primitives.sqrt
        self.sigmoid, self.positive = primitives.sigmoid, primitives.positive

    def __getattr__(self, name: str) -> Any:
        offered = sorted({*vars(self), *(n for n in vars(type(self)) if not n.startswith("_"))})
        raise AttributeError(f"the maths of a model has no function '{name}'; it has {', '.join(offered)}")

    def pow(self, x: Any, g: Any) -> Any:
        """x^g for x >= 0: a product for a small whole number g, else e^(g log x)."""
        if isinstance(g, int | float) and float(g).is_integer() and 0 < g <= LARGEST_PRODUCT:
            result = x
            for _ in range(int(g) - 1):
                result = result * x
            return result
        return self.exp(g * self.log(x))

    def hill(self, x: Any, half: Any, n: Any) -> Any:
        """x^n / (half^n + x^n), written so that neither a large n nor x = 0 does harm."""
        return self.sigmoid(n * (self.log(x) - self.log(half)))

    def tanh(self, x: Any) -> Any:
        """Hyperbolic tangent."""
        return 2.0 * self.sigmoid(2.0 * x) - 1.0

    def softplus(self, x: Any, width: Any = 1.0) -> Any:
        """A smooth corner: about x above zero, about 0 below; `width` is its rounding in units of x."""
        z = x / width
        over = self.positive(z)
        return width * (over + self.log(1.0 + self.exp(z - 2.0 * over)))

    def maximum(self, a: Any, b: Any) -> Any:
        """The larger of two: continuous, with a kink where they meet."""
        return b + self.positive(a - b)

    def minimum(self, a: Any, b: Any) -> Any:
        """The smaller of two: continuous, with a kink where they meet."""
        return b - self.positive(b - a)

    def smooth_max(self, a: Any, b: Any, width: Any) -> Any:
        """The larger of two with a rounded corner: (a + b + sqrt((a - b)^2 + width^2)) / 2."""
        d = a - b
        return 0.5 * (a + b + self.sqrt(d * d + width * width))

    def smooth_min(self, a: Any, b: Any, width: Any) -> Any:
        """The smaller of two with a rounded corner of size `width`."""
        d = a - b
        return 0.5 * (a + b - self.sqrt(d * d + width * width))

    def smooth_step(self, x: Any, width: Any) -> Any:
        """0 well below zero, 1 well above, 1/2 at zero; `width` is the scale of the passage."""
        return self.sigmoid(x / width)


PLAIN = Maths(PlainPrimitives())
