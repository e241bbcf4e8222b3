"""`fetuin rerun`: do a recorded run again, elsewhere, and say whether every output is the same to the bit."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from fetuin.cli.output import console, emit, research_use

if TYPE_CHECKING:
    from fetuin.runs import RunFolder


def command(folder: Path, *, out: Path | None = None, json: bool = False) -> int:
    """Do the run of FOLDER again and compare every output with the recorded one. Exit code 1 when one differs.

    Parameters
    ----------
    folder:
        A run folder (it holds run.json and ro-crate-metadata.json).
    out:
        Where to do it; a temporary folder by default.
    json:
        One JSON object on stdout.
    """
    import tempfile

    from fetuin.runs import RunFolder

    old = RunFolder.open(folder)
    expected = old.output_hashes()
    with tempfile.TemporaryDirectory() as scratch:
        again = _again(old, out or Path(scratch) / "run")
        found = again.output_hashes()
    rows = [{"output": n, "same": expected.get(n) == found.get(n)} for n in sorted(expected | found)]
    same = all(r["same"] for r in rows)
    moved = {k: [v, again.run["versions"].get(k)] for k, v in old.run["versions"].items()
             if again.run["versions"].get(k) != v}  # fmt: skip
    if json:
        emit("rerun/1", {"folder": str(folder), "same": same, "outputs": rows, "versions_differ": moved})
    else:
        screen = console(stderr=False)
        for r in rows:
            screen.print(f"{'same   ' if r['same'] else 'DIFFERS'}  {r['output']}")
        screen.print("Reproduced bit for bit." if same else "Not reproduced: see the lines that differ.")
        for name, (before, now) in moved.items():
            screen.print(f"  {name} was {before}, is {now}")
    research_use()
    return 0 if same else 1


def _again(old: RunFolder, out: Path) -> RunFolder:
    """The run done again in `out`, with its own inputs after their hashes are checked."""
    import sys
    from contextlib import redirect_stdout

    from fetuin.cli.main import main
    from fetuin.errors import FetuinError
    from fetuin.runs import RunFolder

    with redirect_stdout(sys.stderr):  # stdout is for this command's own answer
        code = main([*arguments(old), "--out", str(out)])
    if code not in (0, 1):
        raise FetuinError(f"the run of {old.path} could not be done again.", why=f"fetuin ended with exit code {code}",
                          fix="see the message above")  # fmt: skip
    return RunFolder.open(out)


def arguments(old: RunFolder) -> list[str]:
    """The arguments of a run with its inputs in place; an input that changed or is gone is refused."""
    from fetuin.errors import InputError
    from fetuin.runs import fingerprint

    for entry in old.run["inputs"]:
        copied, original = old.path / "inputs" / entry["name"], Path(entry["path"])
        file = copied if copied.exists() else original
        if not file.exists() or fingerprint(file) != entry["sha256"]:
            raise InputError(f"the input {entry['name']} is not what it was.", where=str(file),
                             fix="put the original back, or start a new run")  # fmt: skip
    if not old.run["arguments"]:
        raise InputError(f"{old.path} does not say which command made it.", where="run.json: arguments",
                         fix="run the command again with --out")  # fmt: skip
    return [a.replace("{inputs}", str(old.path / "inputs")) for a in old.run["arguments"]]
