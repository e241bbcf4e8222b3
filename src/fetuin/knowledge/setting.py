"""Settings: one file each in `settings/`: how common each cause is where the question is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from fetuin.catalog import documents
from fetuin.errors import UsageError
from fetuin.knowledge.chance import KnowledgeError, Number, read_number
from fetuin.knowledge.disorder import disorders


@dataclass(frozen=True)
class Setting:
    """Priors: `none` (no cause at work), `coincidence` (an unrelated second cause), `outside` (not in the catalogue)."""

    id: str
    label: str
    note: str
    none: Number
    coincidence: Number
    outside: Number
    prior: Mapping[str, Number]


@cache
def settings() -> dict[str, Setting]:
    """{id: Setting} of the folder; KnowledgeError where one forgets a disorder."""
    found = {}
    for key, d in documents("fetuin.knowledge", "settings").items():
        where = f"settings/{key}.toml"
        prior = {k: read_number(n, f"{where}, {k}") for k, n in d["prior"].items()}
        if set(prior) != set(disorders()):
            odd = ", ".join(sorted(set(prior) ^ set(disorders())))
            raise KnowledgeError(
                "Priors and disorders differ.", where=where, why=odd, fix="one prior for each disorder"
            )
        three = {n: read_number(d[n], f"{where}, {n}") for n in ("none", "coincidence", "outside")}
        found[key] = Setting(key, d["label"], d["note"], prior=prior, **three)
    return found


@cache
def setting_named(name: str) -> Setting:
    """The Setting of a name ("pathology" is enough for "pathology_finding"); UsageError lists the names there are."""
    plain = name.strip().lower().replace("-", "_").replace(" ", "_")
    fits = [k for k in settings() if k == plain] or [k for k in settings() if plain and k.startswith(plain + "_")]
    if len(fits) != 1:
        raise UsageError(f"{name[:40]!r} is no setting.", where="setting", fix=f"one of: {', '.join(settings())}")
    return settings()[fits[0]]
