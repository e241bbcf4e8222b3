"""How sure a contrast is. ONE METHOD PER FILE; each offers `method(fit) -> Inference`."""

from __future__ import annotations

from fetuin.trials.analysis.inference.contract import Inference, Test

__all__ = ["Inference", "Test", "inference"]


def inference(name: str):  # type: ignore[no-untyped-def]
    """A method by the name of its file: satterthwaite, kenward_roger, kenward_roger_linear, empirical, between_z."""
    import fetuin.trials.analysis.inference as folder
    from fetuin.catalog import entries
    from fetuin.errors import InputError

    known = entries(folder, "method")
    if name not in known:
        raise InputError(
            f"no inference called {name!r}",
            where="ddfm",
            why=f"known: {', '.join(sorted(known))}",
            fix="name one of these",
        )
    return known[name]
