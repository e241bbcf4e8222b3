"""Real published cases as FHIR bundles with their source, shipped with the package."""

from fetuin.examples.shipped import Example, example, examples

__all__ = ["Example", "example", "examples"]
