"""`fetuin therapies`: what can be given, how a dose is written, what it moves, how sure, and what it may harm."""

from __future__ import annotations

from fetuin.cli.output import console, emit, research_use


def command(name: str = "", *, json: bool = False, markdown: bool = False) -> int:
    """List the therapies, or show one with its numbers and their sources.

    Parameters
    ----------
    name
        One therapy: "sevelamer", "calcium carbonate". All of them when left out.
    json
        Print one JSON object (schema fetuin.therapies/1) on stdout.
    markdown
        Print the reference page.
    """
    from fetuin.reports import therapies

    if markdown:
        print(therapies.markdown(), end="")
        return 0
    found = therapies.catalogue(name)
    if json:
        emit("therapies/1", {"n": len(found), "therapies": found})
        return 0
    answer = console(stderr=False)
    for d in found:
        answer.print(f'{d["name"]} ({d["maturity"]}), as "{d["example"]}"', markup=False, soft_wrap=True)
        answer.print(f"    {d['mechanism']}", markup=False, soft_wrap=True)
        if name:
            for n in d["numbers"]:
                said = f"    {n['meaning']}: {n['value']:g} {n['unit']} ({n['source']})"
                answer.print(said, markup=False, soft_wrap=True)
            answer.print(
                f"    harms modelled: {'; '.join(d['harms_modelled']) or 'none'}", markup=False, soft_wrap=True
            )
        answer.print(f"    harms not modelled: {'; '.join(d['harms_not_modelled'])}", markup=False, soft_wrap=True)
        if d["caution"]:
            answer.print(f"    caution: {d['caution']}", markup=False, soft_wrap=True)
    console().print(f"{len(found)} therapies", markup=False)
    research_use()
    return 0
