"""The metadata of a run folder as RO-Crate 1.1 with the Process Run Crate profile (w3id.org/ro/wfrun/process/0.5)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from fetuin.notice import RESEARCH_USE, USE_LIMITATION

if TYPE_CHECKING:
    from fetuin.runs.folder import RunFolder

CONTEXT = "https://w3id.org/ro/crate/1.1/context"
PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
PARTS = ("knowledge", "models")  # what has a version beside that of the code


def crate(folder: RunFolder) -> dict[str, Any]:
    """The JSON-LD of the crate: root, action, software, inputs and outputs with size and SHA-256."""
    run, now = folder.run, datetime.now(UTC).isoformat(timespec="seconds")
    inputs = [_input(folder, i) for i in run["inputs"]]
    outputs = [_file(folder, p) for p in sorted(folder.outputs.rglob("*")) if p.is_file()]
    root = {
        "@id": "./", "@type": "Dataset", "name": f"fetuin {run['verb']}", "description": RESEARCH_USE,
        "datePublished": now, "license": "not stated: results belong to who ran them", "usageInfo": USE_LIMITATION,
        "conformsTo": {"@id": PROFILE}, "mentions": {"@id": "#run"},
        "hasPart": [{"@id": e["@id"]} for e in [*inputs, *outputs] if not e["@id"].startswith("#")],
    }  # fmt: skip
    action = {
        "@id": "#run", "@type": "CreateAction", "name": f"fetuin {run['verb']}", "instrument": {"@id": "#fetuin"},
        "startTime": run["begun"], "endTime": now, "object": [{"@id": e["@id"]} for e in inputs],
        "result": [{"@id": e["@id"]} for e in outputs], "description": f"fetuin {' '.join(run['arguments'])}",
    }  # fmt: skip
    software = {
        "@id": "#fetuin", "@type": "SoftwareApplication", "name": "fetuin", "version": run["versions"]["fetuin"],
        "softwareRequirements": [f"{k} {v}" for k, v in run["versions"].items() if k not in ("fetuin", *PARTS)],
        "hasPart": [{"@id": f"#{part}"} for part in PARTS],
    }  # fmt: skip
    parts = [{"@id": f"#{part}", "@type": "CreativeWork", "name": f"{part} of fetuin",
              "version": run["versions"].get(part, "not recorded")} for part in PARTS]  # fmt: skip
    profile = {"@id": PROFILE, "@type": "CreativeWork", "name": "Process Run Crate", "version": "0.5"}
    about = {"@id": "ro-crate-metadata.json", "@type": "CreativeWork", "about": {"@id": "./"},
             "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"}}  # fmt: skip
    return {"@context": CONTEXT, "@graph": [about, root, action, software, *parts, profile, *inputs, *outputs]}


def _input(folder: RunFolder, entry: dict[str, str]) -> dict[str, Any]:
    inside = (folder.path / "inputs" / entry["name"]).exists()
    return {
        "@id": f"inputs/{entry['name']}" if inside else f"#input-{entry['sha256'][:12]}",
        "@type": "File" if inside else "CreativeWork",
        "name": entry["name"],
        "sha256": entry["sha256"],
    }


def _file(folder: RunFolder, path: Any) -> dict[str, Any]:
    from fetuin.runs.folder import fingerprint

    name = path.relative_to(folder.path).as_posix()
    return {"@id": name, "@type": "File", "name": path.name, "contentSize": str(path.stat().st_size),
            "sha256": fingerprint(path)}  # fmt: skip
