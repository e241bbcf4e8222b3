"""The shell of every HTML report: one self-contained file, no outside request, prints well, dark mode, keyboard.

`page(title, sections, ...)` wraps ready-made HTML; `table(...)` and `escape` are the only other things a report needs
beside `fetuin.reports.chart`. Reports do no arithmetic.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from html import escape
from pathlib import Path

from fetuin.notice import RESEARCH_USE, USE_LIMITATION, __version__

__all__ = ["Section", "escape", "page", "table", "write_page"]

Section = tuple[str, str]  # heading, HTML below it

CSS = """
:root{color-scheme:light dark;--bg:#fff;--ink:#1b2733;--mute:#5c6b7a;--line:#d5dde5;--card:#f6f8fa;--accent:#0b6b7a;
--c1:#0b6b7a;--c2:#c2571a;--c3:#5b4bb7;--c4:#3f7d20;--c5:#a3224f;--c6:#80640a;--good:#2e7d4f;--bad:#b3261e;--band:#0b6b7a22}
@media (prefers-color-scheme:dark){:root{--bg:#12181f;--ink:#e4eaf0;--mute:#9fb0c0;--line:#2f3b47;--card:#1a222b;
--accent:#5cc5d3;--c1:#5cc5d3;--c2:#f0935a;--c3:#a99bf5;--c4:#8fcf6a;--c5:#f07aa5;--c6:#e0bd52;--good:#6fcf97;
--bad:#ff8a80;--band:#5cc5d333}}
*{box-sizing:border-box}body{margin:0;background:var(--bg);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
main,header,footer{max-width:62rem;margin:0 auto;padding:1rem 1.25rem}h1{font-size:1.6rem;margin:.2rem 0}
h2{font-size:1.2rem;border-bottom:1px solid var(--line);padding-bottom:.2rem;margin-top:2rem}
.ruo{background:var(--card);border-left:4px solid var(--c2);padding:.5rem .8rem;font-size:.9rem;margin:.6rem 0}
.card{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:.9rem 1.1rem;margin:.8rem 0}
.lead{font-size:1.15rem}.mute{color:var(--mute)}.good{color:var(--good)}.bad{color:var(--bad)}
table{border-collapse:collapse;width:100%;font-size:.92rem}th,td{text-align:left;padding:.3rem .5rem;
border-bottom:1px solid var(--line);vertical-align:top}th{color:var(--mute);font-weight:600}td.n,th.n{text-align:right;
font-variant-numeric:tabular-nums}.scroll{overflow-x:auto}figure{margin:.8rem 0}figcaption{color:var(--mute);
font-size:.88rem}svg{max-width:100%;height:auto;font:12px system-ui,sans-serif}svg text{fill:var(--ink)}
svg .mute{fill:var(--mute)}a{color:var(--accent)}:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
details summary{cursor:pointer}nav a{margin-right:.9rem}.skip{position:absolute;left:-99rem}.skip:focus{left:1rem}
@media print{body{font-size:11pt}nav,.skip{display:none}h2,figure,tr{break-inside:avoid}a{color:inherit}}
"""


def table(header: Sequence[str], rows: Iterable[Sequence[object]], *, numeric: Sequence[int] = ()) -> str:
    """An HTML table that scrolls on a narrow screen. Cells are escaped unless they are `Html`."""

    def cell(tag: str, i: int, value: object) -> str:
        text = value if isinstance(value, Html) else escape(str(value))
        return f"<{tag}{' class=n' if i in numeric else ''}>{text}</{tag}>"

    head = "".join(cell("th", i, h) for i, h in enumerate(header))
    body = "".join("<tr>" + "".join(cell("td", i, v) for i, v in enumerate(r)) + "</tr>" for r in rows)
    return f"<div class=scroll tabindex=0><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"


class Html(str):
    """Text that is HTML already and is not escaped again."""


def page(title: str, sections: Iterable[Section], *, subtitle: str = "", lead: str = "", script: str = "") -> str:
    """One self-contained HTML document. `lead` and the section bodies are HTML; titles are plain text."""
    listed = list(sections)
    nav = "".join(f'<a href="#s{i}">{escape(h)}</a>' for i, (h, _) in enumerate(listed))
    body = "".join(f'<section id="s{i}"><h2>{escape(h)}</h2>{b}</section>' for i, (h, b) in enumerate(listed))
    made = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    tail = f"<script>{script}</script>" if script else ""
    return (
        "<!doctype html><html lang=en><head><meta charset=utf-8>"
        '<meta name=viewport content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{CSS}</style></head><body>"
        f'<a class=skip href="#main">Skip to content</a><header><h1>{escape(title)}</h1>'
        f"<p class=mute>{escape(subtitle)}</p><p class=ruo role=note>{escape(RESEARCH_USE)}</p><nav>{nav}</nav></header>"
        f"<main id=main>{lead}{body}</main><footer class=mute><p class=ruo>{escape(RESEARCH_USE)} "
        f"{escape(USE_LIMITATION)}</p><p>fetuin {__version__}, made {made}</p></footer>{tail}</body></html>"
    )


def write_page(path: Path, html: str) -> Path:
    """Write a page, whole or not at all."""
    part = path.with_suffix(path.suffix + ".part")
    part.write_text(html, encoding="utf-8")
    part.replace(path)
    return path
