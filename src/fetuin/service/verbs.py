"""The verbs of the command line that take files or words and answer at once; `routes/verbs.py` makes a route of each.

What has a route of its own (assess, simulate, t50, ct, ...) or is a job (cohort, compare, ...) does not stand here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from annotated_types import Ge, Le, MaxLen
from pydantic import StringConstraints

Word = Annotated[str, StringConstraints(max_length=100, pattern=r"^([A-Za-z0-9][\w .,/+-]*)?$")]
Seed = Annotated[int, Ge(0), Le(2**31)]


@dataclass(frozen=True)
class Verb:
    """A command: its words, what it does, the files it takes in their order, and its options as (type, default).

    A file is {name: flag}: "" where the command takes it by its place; `perhaps` names files that may be left out.
    """

    words: tuple[str, ...]
    about: str
    files: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    perhaps: frozenset[str] = frozenset()
    places: tuple[str, ...] = ()  # options that the command takes by their place
    always: tuple[str, ...] = ()  # what is said in any case

    @property
    def path(self) -> str:
        """Where it is asked."""
        return "/" + "/".join(self.words)

    def arguments(self, files: Mapping[str, str], options: Mapping[str, Any]) -> list[str]:
        """The command line for files at their paths and options by their names; defaults are left to the command."""
        placed = [files[f] for f, flag in self.files.items() if not flag and f in files]
        flagged = [f"{flag}={files[f]}" for f, flag in self.files.items() if flag and f in files]
        said = {k: v for k, v in options.items() if v is not None and v != "" and v != self.options[k][1]}
        words = [str(said[k]) for k in self.places if k in said]
        flags = [f"--{k.replace('_', '-')}={v}" for k, v in said.items() if k not in self.places]
        return [*self.words, *placed, *words, *flagged, *flags, *self.always]


TABLE = {"file": ""}
VERBS = (
    Verb(("control", "chart"), "Levey-Jennings charts of control sera, judged by Westgard's rules.", TABLE,
         {"baseline": (Annotated[int, Ge(10), Le(10_000)], 20)}),
    Verb(("control", "compare"), "Two methods on the same sera: Passing-Bablok, Deming, Bland-Altman.", TABLE,
         {"ratio": (Annotated[float, Ge(1e-6), Le(1e6)], 1.0)}),
    Verb(("control", "lots"), "New reagent lots against an old one on the same sera.", TABLE,
         {"old": (Word, ""), "limit": (Annotated[float, Ge(0.001), Le(0.999)], 0.10)}),
    Verb(("control", "replicates"), "CV components: within a plate, between plates, between lots.", TABLE),
    Verb(("control", "within-person"), "How much one person's T50 varies, and the change that is more than chance.", TABLE,
         {"analytic_cv": (Annotated[float, Ge(1e-6), Le(1.0)] | None, None), "wells": (Annotated[int, Ge(1), Le(96)], 1)}),
    Verb(("trial", "analyse"), "The data of a trial as its study file asks.", {"data": "", "study_file": "--study"},
         {"study": (Word, ""), "seed": (Seed, 1)}, frozenset({"study_file"})),
    Verb(("trial", "conform"), "Reference records replayed and compared number by number.", TABLE),
    Verb(("evaluate",), "Every labelled case of a file asked, and the answers judged.", {"cases": ""},
         {"hide": (Literal["", "tissue"], ""), "setting": (Word, "general"), "seed": (Seed, 0)}),
    Verb(("record", "show"), "What was read of a record, and what was refused and why.", TABLE),
    Verb(("record", "convert"), "A record in another format.", TABLE,
         {"to": (Literal["tidy_csv", "fhir", "phenopacket"], ...)}),
    Verb(("audit", "verify"), "Whether an exported audit is whole.", TABLE,
         {"head": (Annotated[str, MaxLen(64), StringConstraints(pattern="^[0-9a-f]*$")], "")}),
    Verb(("audit", "show"), "The entries of an exported audit whose chain is whole.", TABLE),
    Verb(("model", "export"), "The body in another language.",
         options={"format": (Literal["sbml", "javascript", "cuda"], "sbml")}),
    Verb(("model", "card"), "States, equations, parameters with sources, balance; published outcomes are replayed by the job `validate`.",
         always=("--no-replay",)),
    Verb(("t50", "formats"), "Plate-reader formats that are read, and how well each is tried."),
    Verb(("therapies",), "The therapies with their numbers, sources and harms.", options={"name": (Word, "")}, places=("name",)),
    Verb(("tables",), "Every number of the models and of the knowledge.", options={"source": (Word, ""), "where": (Word, "")}),
    Verb(("version",), "Versions of code, knowledge and models."),
)  # fmt: skip
