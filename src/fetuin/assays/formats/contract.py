"""What a plate-reader format file offers: one `FORMAT`, found by its place in this folder.

`recognise(document)` looks at the head and answers with the reason in words ("first cell 'User:' and a line
'Test name:'") or None. `read(document)` returns every plate and every read of the file, calculated ones included
(`metadata["calculated"]` says so): nothing is dropped. Exactly one format must recognise a file.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fetuin.assays.formats.document import Document
from fetuin.assays.plate import Plate


@dataclass(frozen=True)
class Format:
    """A plate-reader format.

    title      what people call it
    looks_for  what in a file makes it this format: printed where no format recognises a file
    maturity   "established" (checked on real files of this format) or "described" (made from descriptions)
    """

    title: str
    looks_for: str
    maturity: str
    recognise: Callable[[Document], str | None]
    read: Callable[[Document], list[Plate]]
