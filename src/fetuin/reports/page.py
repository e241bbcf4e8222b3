"""The shell of every HTML report: one self-contained file, no outside request, prints well, dark mode, keyboard.

`page(title, sections, ...)` wraps ready-made HTML; `table(...)` and `escape` are the only other things a report needs
beside `fetuin.reports.chart`. Reports do no arithmetic.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from html import escape
from pathlib import Path

from fetuin.notice import RESEARCH_USE, USE_LIMITATION
from fetuin.versions import sentence

__all__ = ["Section", "escape", "page", "table", "write_page"]

Section = tuple[str, str]  # heading, HTML below it

CSS = """
:root{color-scheme:light dark;--bg:#fff;--ink:#1b2733;--mute:#55636f;--line:#cfd8e0;--card:#f5f7f9;--accent:#0b6b7a;
--c1:#0b6b7a;--c2:#b34f18;--c3:#5b4bb7;--c4:#3f7d20;--c5:#a3224f;--c6:#80640a;--good:#2a7348;--bad:#b3261e;--band:#0b6b7a22}
@media screen and (prefers-color-scheme:dark){:root{--bg:#12181f;--ink:#e4eaf0;--mute:#a3b3c2;--line:#36434f;
--card:#1a222b;--accent:#5cc5d3;--c1:#5cc5d3;--c2:#f0935a;--c3:#a99bf5;--c4:#8fcf6a;--c5:#f07aa5;--c6:#e0bd52;
--good:#6fcf97;--bad:#ff8a80;--band:#5cc5d333}}
*{box-sizing:border-box}html{scroll-padding-top:1rem}body{margin:0;background:var(--bg);color:var(--ink);
font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;overflow-wrap:break-word}
main,header,footer{max-width:62rem;margin:0 auto;padding:.6rem 1.25rem}h1{font-size:1.6rem;line-height:1.25;margin:.2rem 0}
h2{font-size:1.2rem;border-bottom:1px solid var(--line);padding-bottom:.2rem;margin-top:2rem}h3{font-size:1rem;margin:1.1rem 0 .2rem}.card h3{margin:.2rem 0}
p{margin:.5rem 0}.ruo{background:var(--card);border-left:4px solid var(--c2);padding:.5rem .8rem;font-size:.9rem;margin:.6rem 0}
.card{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:.9rem 1.1rem;margin:.8rem 0}
.lead{font-size:1.15rem}.mute{color:var(--mute)}.good{color:var(--good)}.bad{color:var(--bad)}
.flag{border-left:4px solid var(--bad)}.three{display:grid;grid-template-columns:repeat(auto-fit,minmax(15rem,1fr));gap:.8rem}
.three .card{margin:0}.three ul{margin:.3rem 0;padding-left:1.1rem}
table{border-collapse:collapse;width:100%;font-size:.92rem}th,td{text-align:left;padding:.3rem .5rem;
border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:normal}th{color:var(--mute);font-weight:600}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}.scroll{overflow-x:auto}
figure{margin:.8rem 0;overflow-x:auto}figcaption{color:var(--mute);font-size:.88rem}
svg{max-width:100%;height:auto;font:12px system-ui,sans-serif}svg text{fill:var(--ink)}svg .mute{fill:var(--mute)}
.rows{display:grid;gap:.1rem .8rem;margin:.4rem 0}.row{display:grid;grid-template-columns:15rem 1fr 13.5rem;gap:.1rem .8rem;
align-items:center;padding:.15rem 0;border-bottom:1px solid var(--line)}.row>svg{width:100%;height:1.3rem;display:block}
.row>.n{font-variant-numeric:tabular-nums;font-size:.9rem}.row small{color:var(--mute);display:block}.axis{border:0;
color:var(--mute);font-size:.8rem}.axis div{display:flex;justify-content:space-between}

.scale div{position:relative;height:1.2rem}.scale span{position:absolute;transform:translateX(-50%)}
.scale>span{display:none}.scale>div{grid-column:2}a{color:var(--accent)}:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
details summary{cursor:pointer}nav a{display:inline-block;margin:0 .9rem .2rem 0}.skip{position:absolute;left:-99rem}
.skip:focus{left:1rem;top:.5rem;background:var(--bg);padding:.3rem}
@media (max-width:44rem){main,header,footer{padding:.5rem .8rem}.row{grid-template-columns:1fr auto}.row>svg{grid-column:1/-1;
grid-row:2}figure>svg{min-width:34rem}.charts figure>svg{min-width:0}h1{font-size:1.35rem}nav a{padding:.2rem 0}.axis span:empty{display:none}
.axis div,.scale>div{grid-column:1/-1}}
@media print{@page{margin:16mm}body{font-size:10.5pt}main,header,footer{max-width:none;padding:.2rem 0}nav,.skip{display:none}
figure,tr,.row,.card{break-inside:avoid}h2,h3{break-after:avoid}a{color:inherit;text-decoration:none}
.scroll,figure{overflow:visible}.rowfig{break-inside:auto}
.row{grid-template-columns:12rem 1fr 11rem}.three{grid-template-columns:repeat(3,1fr)}.charts{grid-template-columns:1fr 1fr}
svg *,.row{print-color-adjust:exact;-webkit-print-color-adjust:exact}
details:not([open])>*{display:revert}details::details-content{content-visibility:visible;display:block}}
"""


def table(header: Sequence[str], rows: Iterable[Sequence[object]], *, numeric: Sequence[int] = ()) -> str:
    """An HTML table that scrolls on a narrow screen. Cells are escaped unless they are `Html`."""

    def cell(tag: str, i: int, value: object) -> str:
        text = value if isinstance(value, Html) else escape(str(value))
        scope = " scope=col" if tag == "th" else ""
        return f"<{tag}{scope}{' class=n' if i in numeric else ''}>{text}</{tag}>"

    head = "".join(cell("th", i, h) for i, h in enumerate(header))
    body = "".join("<tr>" + "".join(cell("td", i, v) for i, v in enumerate(r)) + "</tr>" for r in rows)
    name = escape(" and ".join(str(h) for h in header[:2]), quote=True)
    inner = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return f'<div class=scroll tabindex=0 role=region aria-label="table: {name}">{inner}</div>'


class Html(str):
    """Text that is HTML already and is not escaped again."""


def _head(title: str, script: str) -> str:
    """The head. The policy forbids every outside request; scripts run only where the report brings one of its own."""
    policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    policy += "; script-src 'unsafe-inline'" if script else ""
    return (
        "<!doctype html><html lang=en><head><meta charset=utf-8>"
        '<meta name=viewport content="width=device-width,initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        f"<title>{escape(title)}</title><style>{CSS}</style></head>"
    )


def page(
    title: str,
    sections: Iterable[Section],
    *,
    subtitle: str = "",
    lead: str = "",
    script: str = "",
    made: datetime | None = None,
) -> str:
    """One self-contained HTML document. `lead` and the section bodies are HTML; titles are plain text.

    `made` is the time printed at the foot: now, unless a caller wants the same bytes twice.
    """
    listed = list(sections)
    nav = "".join(f'<a href="#s{i}">{escape(h)}</a>' for i, (h, _) in enumerate(listed))
    body = "".join(f'<section id="s{i}"><h2>{escape(h)}</h2>{b}</section>' for i, (h, b) in enumerate(listed))
    below = f"<p class=mute>{escape(subtitle)}</p>" if subtitle else ""
    menu = f'<nav aria-label="Sections">{nav}</nav>' if len(listed) > 1 else ""
    tail = f"<script>{script}</script>" if script else ""
    return (
        f'{_head(title, script)}<body><a class=skip href="#main">Skip to content</a>'
        f"<header><h1>{escape(title)}</h1>{below}<p class=ruo role=note>{escape(RESEARCH_USE)}</p>{menu}</header>"
        f"<main id=main>{lead}{body}</main><footer class=mute><p class=ruo>{escape(RESEARCH_USE)} "
        f"{escape(USE_LIMITATION)}</p><p>{sentence()}, made {made or datetime.now(UTC):%Y-%m-%d %H:%M} UTC</p>"
        f"</footer>{tail}</body></html>"
    )


def write_page(path: Path, html: str) -> Path:
    """Write a page, whole or not at all."""
    part = path.with_suffix(path.suffix + ".part")
    part.write_text(html, encoding="utf-8")
    part.replace(path)
    return path
