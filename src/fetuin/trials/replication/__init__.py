"""Published trials simulated from their published inputs, effect and interval beside the published ones."""

from fetuin.trials.replication.gallery import read_published, replicate_all, shipped
from fetuin.trials.replication.replica import Replica

__all__ = ["Replica", "read_published", "replicate_all", "shipped"]
