"""What the service is told at its start: where it listens, who may call, where it keeps things, how much it takes.

Flags of `fetuin serve` come first, then the TOML file of `--config`. Secrets stand only in that file or the environment.
"""

from __future__ import annotations

import ipaddress
import json
import os
import tempfile
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from fetuin.errors import FormatError, UsageError

VARIABLE = "FETUIN_SERVICE"  # how the settings reach worker processes
MODES = ("local", "token", "cds-jwt", "oidc", "smart")
LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True)
class Limits:
    """Sizes [bytes], counts, times [s]. All are tested at limit-1, limit and limit+1; from facts on the service."""

    json_bytes: int = 5 * 2**20
    fhir_bytes: int = 64 * 2**20
    upload_bytes: int = 512 * 2**20
    string_bytes: int = 2**20
    hook_seconds: float = 2.0
    simulate_seconds: float = 10.0
    file_seconds: float = 120.0
    file_memory: int = 4 * 2**30
    rate: float = 200.0  # cost units a second and caller
    burst: float = 2000.0


@dataclass(frozen=True)
class Settings:
    """See `fetuin serve --help`. `clients`, `tokens`, `oidc`, `fhir_servers` come from the configuration file."""

    host: str = "127.0.0.1"
    port: int = 8321
    auth: tuple[str, ...] = ("local",)
    state: str = ""
    database: str = ""
    public_url: str = ""
    allowed_hosts: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    behind_proxy: bool = False
    tokens: tuple[Mapping[str, Any], ...] = ()
    clients: tuple[Mapping[str, Any], ...] = ()
    oidc: Mapping[str, Any] = field(default_factory=dict)
    fhir_servers: tuple[Mapping[str, Any], ...] = ()
    private_networks: bool = False  # may key sets and FHIR servers lie on private addresses?
    warm: bool = True  # compile the model at the start, so that no caller waits for it
    limits: Limits = Limits()

    @property
    def url(self) -> str:
        """The address that callers use, without a slash at its end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return (self.public_url or f"http://{host}:{self.port}").rstrip("/")

    @property
    def database_url(self) -> str:
        """The database: that of `--database`, else one file in the state folder."""
        return self.database or f"sqlite:///{Path(self.state) / 'fetuin.sqlite'}"

    def hosts(self) -> set[str]:
        """Values of the Host header that are answered, without the port."""
        named = {urlsplit(self.url).hostname or "", *self.allowed_hosts}
        return named | set(LOOPBACK) if is_loopback(self.host) else named

    def checked(self) -> Settings:
        """Refuse what would expose the service. UsageError says what to set."""
        for mode in self.auth:
            if mode not in MODES:
                raise UsageError(f"There is no authentication mode '{mode}'.", where="--auth", fix=", ".join(MODES))
        needs = {"token": self.tokens, "cds-jwt": self.clients, "oidc": self.oidc, "smart": self.fhir_servers}
        for mode in self.auth:
            if mode in needs and not needs[mode]:
                raise UsageError(f"--auth {mode} has nobody to let in.", where="--config",
                                 fix="docs/reference/service.md shows the tables [[token]], [[client]], [oidc], [[fhir_server]]")  # fmt: skip
        if not is_loopback(self.host):
            if "local" in self.auth or not self.auth:
                raise UsageError(f"{self.host} is not this machine alone.", where="--host",
                                 why="without authentication anybody on the network could read and run everything",
                                 fix="--auth token (or cds-jwt, oidc) with --config, or --host 127.0.0.1")  # fmt: skip
            if not self.behind_proxy:
                raise UsageError("The service does not speak TLS itself.", where="--host", why="a proxy must do it",
                                 fix="put a TLS proxy before it, set --public-url https://..., and say --behind-proxy")  # fmt: skip
        if self.behind_proxy and not self.public_url.startswith("https://"):
            raise UsageError("Behind a proxy the public address must be known.", where="--public-url",
                             fix="--public-url https://fetuin.example.org")  # fmt: skip
        return self

    def to_json(self) -> str:
        """For a worker process, in the environment variable `VARIABLE`."""
        return json.dumps(asdict(self))


def is_loopback(host: str) -> bool:
    """Whether an address reaches this machine alone."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def from_json(text: str) -> Settings:
    """The settings that a parent process wrote."""
    told = json.loads(text)
    lists = {k: tuple(v) for k, v in told.items() if isinstance(v, list)}
    return Settings(**{**told, **lists, "limits": Limits(**told["limits"])})


def from_environment() -> Settings:
    """The settings of a worker process."""
    return from_json(os.environ[VARIABLE]).checked()


def read_config(path: Path) -> dict[str, Any]:
    """Fields of Settings from a TOML file; unknown words are refused by name."""
    if not path.is_file():
        raise UsageError("There is no such configuration file.", where=path.name, fix="check the path")
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise FormatError("The configuration is no TOML.", where=path.name, why=type(error).__name__) from None
    names = {"token": "tokens", "client": "clients", "fhir_server": "fhir_servers"}
    found: dict[str, Any] = {names.get(k, k): tuple(v) if isinstance(v, list) else v for k, v in table.items()}
    known = {f.name for f in fields(Settings)}
    if unknown := sorted(set(found) - known):
        raise UsageError(f"unknown word {unknown[0]!r}.", where=path.name, fix=f"one of: {', '.join(sorted(known))}")
    if "limits" in found:
        sizes = {f.name for f in fields(Limits)}
        if wrong := sorted(set(found["limits"]) - sizes):
            raise UsageError(f"unknown limit {wrong[0]!r}.", where=path.name, fix=f"one of: {', '.join(sorted(sizes))}")
        found["limits"] = Limits(**found["limits"])
    return found


def scratch() -> Path:
    """The folder where long work keeps what it has made; of a process without settings, in the system's temporary folder."""
    text = os.environ.get(VARIABLE)
    root = Path(from_json(text).state) if text else Path(tempfile.gettempdir()) / f"fetuin-{os.getuid()}"
    found = root / "work"
    found.mkdir(parents=True, exist_ok=True, mode=0o700)
    return found
