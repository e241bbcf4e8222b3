"""Write the shipped FHIR bundles from the file of published cases: `python examples/maintenance/build_bundles.py CASES.jsonl`.

For maintainers. The bundle holds what a clinician would have had; the published diagnosis is not in it.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import fetuin
from fetuin.examples import examples
from fetuin.records import record_formats

HERE = Path(__file__).resolve().parents[2] / "src" / "fetuin" / "examples"


def _number(text: str) -> int | float:
    """48.0 was 48 in the paper."""
    return int(float(text)) if float(text).is_integer() else float(text)


def main(cases: Path) -> None:
    """One bundle for each entry of the catalogue."""
    lines = {json.loads(line)["id"]: line for line in cases.read_text("utf-8").splitlines() if line.strip()}
    write = record_formats()["fhir"].write
    assert write is not None
    for e in examples():
        with tempfile.TemporaryDirectory() as folder:
            one = Path(folder) / "case.jsonl"
            one.write_text(lines[e.case], encoding="utf-8")
            bundle = json.loads(write(fetuin.read_record(one)), parse_float=_number)
        bundle["meta"] = {"source": e.url} if e.url else {}
        text = json.dumps(bundle, ensure_ascii=False, indent=1)
        (HERE / f"{e.name}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
