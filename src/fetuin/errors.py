"""Every error a user can meet.

FetuinError                 base; carries what, where, why and how to mend
├── UsageError              exit 2    the command or call itself is wrong
├── InputError              exit 3    your file or value is wrong
│   ├── UnitError           exit 3    a unit is missing or does not fit the analyte
│   └── FormatError         exit 3    no format, or more than one, recognises the file
├── NotEnoughDataError      exit 4    the data do not suffice to answer
├── NumericalError          exit 5    a solver or a fit failed, and says where
├── LimitError              exit 6    a size, depth, ratio or time limit was passed
└── MissingExtraError       exit 2    an optional library is needed: the command that installs it

Anything else that escapes is our fault, not yours: exit 70. Exit codes are those of `docs/reference/exit-codes.md`.
"""

from __future__ import annotations


class FetuinError(Exception):
    """An error with a place and a remedy. `what` is one sentence; `where` a file, line, field, well or tag."""

    exit_code = 70
    code = "FET-X000"

    def __init__(self, what: str, *, where: str = "", why: str = "", fix: str = "", code: str = "") -> None:
        self.what, self.where, self.why, self.fix = what, where, why, fix
        self.code = code or type(self).code
        super().__init__(self.message())

    def message(self) -> str:
        """The whole message, one part a line."""
        parts = [f"{self.code} {self.what}"]
        parts += [f"  {name}: {text}" for name in ("where", "why", "fix") if (text := getattr(self, name))]
        return "\n".join(parts)

    def to_dict(self) -> dict[str, str]:
        """The same as one JSON object."""
        return {k: getattr(self, k) for k in ("code", "what", "where", "why", "fix") if getattr(self, k)}


class UsageError(FetuinError):
    """The command line or the call is wrong."""

    exit_code, code = 2, "FET-U002"


class InputError(FetuinError):
    """A file or a value from outside is wrong."""

    exit_code, code = 3, "FET-I003"


class UnitError(InputError):
    """A unit is missing or does not fit the analyte. It is never guessed."""

    code = "FET-I010"


class FormatError(InputError):
    """No known format recognises the file, or several do."""

    code = "FET-I020"


class NotEnoughDataError(FetuinError):
    """The data do not suffice for an answer."""

    exit_code, code = 4, "FET-D004"


class NumericalError(FetuinError):
    """A solver or a fit did not converge; names the state, the place and the likely cause."""

    exit_code, code = 5, "FET-N005"


class LimitError(FetuinError):
    """A limit on size, depth, ratio, count or time was passed."""

    exit_code, code = 6, "FET-L006"


class MissingExtraError(FetuinError):
    """An optional library is not installed."""

    exit_code, code = 2, "FET-U020"

    def __init__(self, library: str, extra: str) -> None:
        super().__init__(
            f"{library} is not installed.",
            why=f"it belongs to the extra '{extra}'",
            fix=f"python -m pip install 'fetuin[{extra}]'",
        )
