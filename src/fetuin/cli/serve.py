"""`fetuin serve`: the workbench and the service on this machine."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from fetuin.cli.output import research_use


def command(
    *, host: str | None = None, port: int | None = None, auth: list[str] | None = None, config: Path | None = None,
    state: Path | None = None, database: str | None = None, public_url: str | None = None, behind_proxy: bool = False,
    workers: int = 1, jobs: int = 1,
) -> int:  # fmt: skip
    """Start the workbench and the service, and print the address to open. It ends with Ctrl-C.

    Parameters
    ----------
    host
        Address to listen on; 127.0.0.1 by default. Any other needs --auth and a TLS proxy.
    port
        Port; 8321 by default, 0 for a free one.
    auth
        local (a one-time address for this browser), token, cds-jwt, oidc; may be repeated.
    config
        A TOML file: tokens, CDS clients, issuer, limits. See docs/reference/service.md.
    state
        Folder for the database, the log key and uploads while they are read.
    database
        sqlite:///FILE or postgresql://USER@HOST/NAME; a SQLite file in the state folder by default.
    public_url
        The address that callers use, where a proxy stands before the service.
    behind_proxy
        Say that a TLS proxy stands before it: required for any address but this machine's.
    workers
        Processes that answer.
    jobs
        Processes that do long work.
    """
    try:
        from fetuin.service.run import serve
    except ImportError as error:
        from fetuin.errors import MissingExtraError

        raise MissingExtraError(error.name or "fastapi", "serve") from None
    given: dict[str, Any] = {"host": host, "port": port, "auth": tuple(auth) if auth else None, "database": database,
                             "public_url": public_url, "behind_proxy": behind_proxy or None,
                             "state": str(state) if state else None}  # fmt: skip
    research_use()
    return serve(
        {k: v for k, v in given.items() if v is not None},
        config,
        workers,
        jobs,
        say=lambda s: print(s, file=sys.stderr, flush=True),
    )
