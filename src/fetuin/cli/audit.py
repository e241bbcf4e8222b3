"""`fetuin audit`: is the record of what was done to a measurement whole?"""

from __future__ import annotations

from pathlib import Path

from cyclopts import App

from fetuin.cli.output import emit, research_use

command = App(name="audit", help="Check and read the append-only record of exclusions and decisions.")


@command.command
def verify(file: Path, *, head: str = "", json: bool = False) -> int:
    """Check every entry of an audit record. Exit code 0 where the chain is whole, 1 where it is broken.

    Parameters
    ----------
    file
        The record (`audit.jsonl`).
    head
        The last hash, as it was printed when the record was kept: also detects entries cut off at the end.
    """
    from fetuin.assays.audit import verify as check

    verdict = check(file, head=head)
    if json:
        emit(
            "audit/1",
            {
                "ok": verdict.ok,
                "entries": verdict.entries,
                "head": verdict.head,
                "line": verdict.line,
                "reason": verdict.reason,
            },
        )
    elif verdict.ok:
        print(f"{file.name}: whole, {verdict.entries} entries, head {verdict.head}")
        research_use()
    else:
        print(
            f"{file.name}: broken at line {verdict.line}: {verdict.reason} ({verdict.entries} entries before it are whole)"
        )
        research_use()
    return 0 if verdict.ok else 1


@command.command
def show(file: Path, *, json: bool = False) -> int:
    """Print the entries of an audit record whose chain is whole."""
    from dataclasses import asdict

    from fetuin.assays.audit import read

    entries = read(file)
    if json:
        emit("audit/1", {"entries": [asdict(e) for e in entries]})
        return 0
    for e in entries:
        print(f"{e.number}\t{e.at}\t{e.who}\t{e.what}\t{e.subject}\t{e.why}\t{e.before} -> {e.after}")
    research_use()
    return 0
