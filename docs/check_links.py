"""Every link of the built site leads somewhere: `python docs/check_links.py docs/_build/html`. Called by `make docs`.

Inside the site file and anchor must exist. Outside it nothing is asked of the network: an address must be well formed.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

OUTSIDE = {"https", "http"}
SILENT = {"mailto", "data", "javascript"}
PAGES_OF_THE_THEME = {"genindex.html", "search.html", "py-modindex.html"}


class Page(HTMLParser):
    """What a page offers (`anchors`) and what it asks for (`links`)."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.anchors, self.links = set[str](), list[str]()
        self.feed(path.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember ids, links and sources."""
        found = dict(attrs)
        self.anchors |= {v for k in ("id", "name") if (v := found.get(k))}
        self.links += [v for k in ("href", "src") if (v := found.get(k))]


page = cache(Page)


def faults(site: Path) -> Iterator[str]:
    """One line for each link that leads nowhere."""
    for file in sorted(site.rglob("*.html")):
        if file.name in PAGES_OF_THE_THEME or "_static" in file.parts:
            continue
        for link in page(file).links:
            why = fault(file, link)
            if why:
                yield f"{file.relative_to(site)}: {link}: {why}"


def fault(file: Path, link: str) -> str:
    """Why a link of a page is broken, or nothing."""
    parts = urlsplit(link)
    if parts.scheme in SILENT:
        return ""
    if parts.scheme or parts.netloc:
        formed = parts.scheme in OUTSIDE and "." in parts.netloc and " " not in link
        return "" if formed else "not a well-formed address"
    target = (file.parent / unquote(parts.path)).resolve() if parts.path else file
    if not target.is_file():
        return "no such file"
    lost = parts.fragment and target.suffix == ".html" and unquote(parts.fragment) not in page(target).anchors
    return "no such anchor" if lost else ""


def main(site: Path) -> int:
    """Print what is broken; 1 where something is."""
    found = list(faults(site))
    print(
        "\n".join(found) or f"{sum(len(page(f).links) for f in site.rglob('*.html'))} links of the site lead somewhere"
    )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
