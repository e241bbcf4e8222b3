"""Coverage-guided fuzzing of every parser of files from outside: libFuzzer (through atheris) follows the branches it reaches.

    python benchmarks/fuzz_coverage.py [--seconds 600] [--runs 1000000] [--only fhir,plate] [--keep FOLDER] [--seed 1]

One child process a target (benchmarks/guided/): it ends after `runs` inputs or `seconds`. A fault is an exception that is
not a typed fetuin error, an input that takes more than 10 s, or memory beyond the limit. Each fault is kept once (by its
exception and its line) with the input that made it in FOLDER. Writes benchmarks/results/fuzz_coverage.csv.

Needs the extra `fuzz` (Linux); without it the campaign says so and ends.
"""

from __future__ import annotations

import argparse
import csv
import importlib
import importlib.util
import re
import resource
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

HERE = Path(__file__).resolve().parent
SOURCE = HERE.parent / "src"
RESULTS = HERE / "results" / "fuzz_coverage.csv"
HANG = 10  # s for one input; assumption
MEMORY = 2048  # MB resident, and address space above the start of the search; assumption
LONGEST = 65536  # bytes of an input
STATUS = re.compile(r"#(\d+)\s.*?cov: (\d+) ft: (\d+) corp: (\d+)")


def targets() -> list[str]:
    """Names of the files in benchmarks/guided."""
    return sorted(p.stem for p in (HERE / "guided").glob("*.py") if p.stem != "contract")


def compiled() -> list[str]:
    """Modules of fetuin that a numerical compiler reads: their bytecode must stay as it is."""
    names = []
    for file in sorted((SOURCE / "fetuin").rglob("*.py")):
        if file.name == "kernels.py" or {"engine", "physiology", "therapies", "chemistry"} & set(file.parts):
            names.append(".".join(file.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__"))
    return names


class Judge:
    """One input after the other: typed errors are fine, all else is kept."""

    def __init__(self, target: Any, keep: Path, scratch: Path) -> None:
        from fetuin.errors import FetuinError

        self.target, self.keep, self.scratch, self.seen = target, keep, scratch, Counter[str]()
        self.fine: tuple[type[BaseException], ...] = (FetuinError, *((MemoryError,) if target.limited else ()))

    def __call__(self, data: bytes) -> None:
        """Read one input."""
        try:
            self.target.read(data, self.scratch)
        except self.fine:
            return
        except Exception as error:
            self.fault(error, data)

    def fault(self, error: Exception, data: bytes) -> None:
        """Keep the input, once for each kind of exception and line of ours."""
        frames = traceback.extract_tb(error.__traceback__)
        ours = [f for f in frames if "/fetuin/" in f.filename] or frames
        name = f"{type(error).__name__}-{Path(ours[-1].filename).stem}-{ours[-1].lineno}"
        self.seen[name] += 1
        if self.seen[name] == 1:
            (self.keep / f"{name}.bin").write_bytes(data)
            (self.keep / f"{name}.txt").write_text("".join(traceback.format_exception(error))[-4000:], "utf-8")


def child(name: str, keep: Path, arguments: list[str]) -> None:
    """Search in this process until libFuzzer ends it."""
    import atheris

    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as scratch:
        target = importlib.import_module(f"guided.{name}").TARGET
        with atheris.instrument_imports(include=["fetuin", *target.libraries], exclude=compiled()):
            judge, seeds = Judge(target, keep, Path(scratch)), target.seeds()
            for seed in seeds:  # what is imported when first used is imported here, under the eyes of the search
                judge(seed)
        now = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (now + MEMORY * 2**20,) * 2)

        def mutated(data: bytes, most: int, seed: int) -> bytes:
            draw = Random(seed)
            if draw.random() < 0.5:
                return atheris.Mutate(data, most)
            try:
                return target.mutate(data, draw)[:most]
            except Exception:  # what libFuzzer made has lost the structure that this mutation knows
                return atheris.Mutate(data, most)

        corpus = keep / "corpus"
        corpus.mkdir(exist_ok=True)
        for k, seed in enumerate(seeds):
            (corpus / f"seed{k}").write_bytes(seed[:LONGEST])
        words = keep / "words.txt"
        words.write_text("".join(f'"{_escaped(w)}"\n' for w in target.words), "ascii")
        more = {"custom_mutator": mutated} if target.mutate else {}
        atheris.Setup(
            [sys.argv[0], *arguments, f"-dict={words}", f"-artifact_prefix={keep}/", str(corpus)], judge, **more
        )
        atheris.Fuzz()


def _escaped(word: str) -> str:
    return "".join(chr(b) if 32 <= b < 127 and chr(b) not in '"\\' else f"\\x{b:02X}" for b in word.encode())


def search(name: str, keep: Path, given: argparse.Namespace) -> dict[str, Any]:
    """One target to its end; a child that hangs or bursts is a fault, and another goes on from its corpus."""
    begun, runs, figures, ended = time.monotonic(), 0, (0, 0, 0), 0
    while runs < given.runs and (left := given.seconds - (time.monotonic() - begun)) > 1:
        limits = [f"-runs={given.runs - runs}", f"-max_total_time={int(left)}", f"-timeout={HANG}", f"-rss_limit_mb={MEMORY}",
                  f"-max_len={LONGEST}", f"-seed={given.seed + ended}", "-print_final_stats=1"]  # fmt: skip
        done = subprocess.run([sys.executable, __file__, "--child", name, "--keep", str(keep), *limits], capture_output=True,
                              text=True, errors="replace", timeout=left + 300)  # fmt: skip
        lines = STATUS.findall(done.stderr)
        if not lines:
            raise RuntimeError(f"{name} did not begin: {done.stderr[-2000:]}")
        runs, figures = runs + int(lines[-1][0]), tuple(map(int, lines[-1][1:]))
        if done.returncode == 0:
            break
        ended += 1
        (keep / f"ended-{ended}.txt").write_text(done.stderr[-6000:], "utf-8")
    kinds = len(list(keep.glob("*-*.bin")))
    return {"target": name, "n": runs, "edges": figures[0], "features": figures[1], "corpus": figures[2],
            "seconds": round(time.monotonic() - begun), "kinds_of_exception": kinds, "hang_or_memory": ended,
            "different": kinds + ended}  # fmt: skip


def write(rows: list[dict[str, Any]], seed: int) -> None:
    """The figures so far; rows of targets that were not asked now stay as they were."""
    old: list[dict[str, Any]] = []
    if RESULTS.exists():
        with RESULTS.open(encoding="utf-8", newline="") as f:
            old = [r for r in csv.DictReader(f) if r["target"] not in {x["target"] for x in rows}]
    from fetuin.notice import __version__

    new = [{"date": date.today().isoformat(), "version": __version__, "seed": seed, **r} for r in rows]
    with RESULTS.open("w", encoding="utf-8", newline="") as f:
        out = csv.DictWriter(f, list(new[0]), lineterminator="\n")
        out.writeheader()
        out.writerows(sorted(old + new, key=lambda r: str(r["target"])))


def main() -> int:
    """Every target, and the figures."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--seconds", type=int, default=600)
    ask.add_argument("--runs", type=int, default=1_000_000)
    ask.add_argument("--only", default="")
    ask.add_argument("--keep", type=Path)
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--child", default="", help=argparse.SUPPRESS)
    given, rest = ask.parse_known_args()
    if given.child:
        child(given.child, given.keep, rest)
        return 0
    if importlib.util.find_spec("atheris") is None:
        print("atheris is not installed: python -m pip install 'fetuin[fuzz]'", file=sys.stderr)
        return 2
    rows = []
    with tempfile.TemporaryDirectory() as scratch:
        for name in given.only.split(",") if given.only else targets():
            keep = (given.keep or Path(scratch)).resolve() / name
            keep.mkdir(parents=True, exist_ok=True)
            rows.append(search(name, keep, given))
            print(rows[-1], flush=True)
            write(rows, given.seed)
            for told in sorted(keep.glob("*.txt")):
                if told.name != "words.txt":
                    print(f"== {told.name}\n{told.read_text('utf-8')[-1500:]}", file=sys.stderr)
    return int(any(r["different"] for r in rows))


if __name__ == "__main__":
    sys.exit(main())
