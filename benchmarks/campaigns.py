"""Every campaign of docs/campaigns.toml, one after the other, at its full count: `python benchmarks/campaigns.py [WORD ...]`.

With words, those whose title or command holds one of them. A campaign that finds a fault does not keep the others from
running; the exit status is the number of those that did. FETUIN_TEST_POSTGRES names a server for what is asked of both databases.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def commands(words: list[str]) -> list[str]:
    """The commands, each once; those that are asked of PostgreSQL with its address."""
    spec, server = (
        tomllib.loads((ROOT / "docs" / "campaigns.toml").read_text("utf-8")),
        os.environ.get("FETUIN_TEST_POSTGRES", ""),
    )
    found = []
    for c in spec["campaign"]:
        if not words or any(w.lower() in f"{c['title']} {c['command']}".lower() for w in words):
            found.append(c["command"])
            if server and "postgres" in c:
                found.append(f"{c['command']} {c['postgres'].format(url=server)}")
    return list(dict.fromkeys(found))


def main(words: list[str]) -> int:
    """Run them."""
    failed = []
    for command in commands(words):
        print(f"== {command}", flush=True)
        name, *rest = shlex.split(command)
        if subprocess.run([sys.executable if name == "python" else name, *rest], cwd=ROOT).returncode:
            failed.append(command)
    for command in failed:
        print(f"found a fault, or could not run: {command}", file=sys.stderr)
    return len(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
