"""`fetuin tables`: every number with its unit, source and spread; `--source elicited` lists what no text gave."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from fetuin.cli.output import console, emit, research_use


def command(
    *,
    source: Annotated[str, Parameter(name=["--source", "-s"])] = "",
    where: Annotated[str, Parameter(name=["--where", "-w"])] = "",
    json: bool = False,
) -> int:
    """List every number of the models and of the knowledge.

    Parameters
    ----------
    source
        Only numbers whose source begins with this: "elicited", "assumption", "Q093", ...
    where
        Only numbers whose place holds this word: "disorders/phpt", "nomogram", ...
    json
        Print one JSON object (schema fetuin.tables/1) on stdout.
    """
    from fetuin.validation.tables import numbers

    found = [n for n in numbers() if n.fits(source, where)]
    if json:
        emit("tables/1", {"n": len(found), "numbers": [n.as_json() for n in found]})
    else:
        answer = console(stderr=False)
        for n in found:
            spread = f" [{n.spread}]" if n.spread else ""
            answer.print(f"{n.where}: {n.name} = {n.value} {n.unit}{spread} ({n.source})", markup=False, soft_wrap=True)
        console().print(f"{len(found)} numbers", markup=False)
    research_use()
    return 0
