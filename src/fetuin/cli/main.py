"""`fetuin`: every file in this folder that offers `command` is a command; this one only joins them and ends well."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

from cyclopts import App, CycloptsError

import fetuin.cli
from fetuin.catalog import entries, names
from fetuin.errors import FetuinError
from fetuin.notice import RESEARCH_USE, __version__

INTERNAL, INTERRUPTED, USAGE = 70, 130, 2


def app(only: str = "") -> App:
    """The whole command line; where `only` names a command, that one alone is imported, so that it starts sooner."""
    root = App(
        name="fetuin",
        help=f"Pathologic calcification: what is it, what will happen, what would help.\n\n{RESEARCH_USE}",
        version=f"fetuin {__version__}. {RESEARCH_USE}",
        help_flags=["--help", "-h"],
    )
    for name, command in _commands(only.replace("-", "_")).items():
        root.command(command, name=name.rstrip("_").replace("_", "-"))
    root.register_install_completion_command(name="--install-completion")
    return root


def _commands(only: str) -> dict[str, Any]:
    for name in names(fetuin.cli):
        if name.rstrip("_") == only:
            module = import_module(f"fetuin.cli.{name}")
            return {name: module.command} if hasattr(module, "command") else entries(fetuin.cli, "command")
    return entries(fetuin.cli, "command")


def _tell(error: dict[str, str], as_json: bool) -> None:
    """With --json an error, too, is one object on stdout."""
    if as_json:
        from fetuin.cli.output import emit

        emit("error/1", {"error": error})


def _mistake(error: FetuinError, as_json: bool) -> int:
    """Print an error with its place and remedy (and, with --json, the same as one object on stdout)."""
    _tell(error.to_dict(), as_json)
    print(error.message(), file=sys.stderr)
    return error.exit_code


def main(argv: list[str] | None = None) -> int:
    """Run one command and return its exit code: 0 ok, 1 negative verdict, 2 usage, 3 input, 4 data, 5 numbers, 6 limit."""
    tokens = sys.argv[1:] if argv is None else argv
    if tokens[:1] == ["--version"]:
        tokens = ["version", *tokens[1:]]  # so that `fetuin --version --json`, too, is one object
    try:
        code = app(tokens[0] if tokens else "")(tokens, exit_on_error=False, result_action="return_value")
    except FetuinError as error:
        code = _mistake(error, "--json" in tokens)
    except CycloptsError as error:
        _tell({"code": "FET-U002", "what": str(error), "fix": "fetuin --help"}, "--json" in tokens)
        code = USAGE
    except KeyboardInterrupt:
        code = INTERRUPTED
    except BrokenPipeError:
        code = 0
    except Exception as error:
        import os

        if os.environ.get("FETUIN_DEBUG"):
            raise
        _tell({"code": "FET-X070", "what": f"internal error: {type(error).__name__}"}, "--json" in tokens)
        print(f"FET-X070 internal error: {type(error).__name__}", file=sys.stderr)
        print("  fix: run again with FETUIN_DEBUG=1 and report the trace, without patient content", file=sys.stderr)
        code = INTERNAL
    code = code if isinstance(code, int) else 0
    if argv is None:
        sys.exit(code)
    return code
