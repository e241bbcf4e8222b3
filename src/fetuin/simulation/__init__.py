"""One person through time."""

from fetuin.simulation.person import Person
from fetuin.simulation.scenario import Scenario
from fetuin.simulation.simulate import simulate, simulate_many

__all__ = ["Person", "Scenario", "simulate", "simulate_many"]
