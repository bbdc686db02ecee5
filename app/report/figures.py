"""The figures of a study inside its page: PNG as data URIs, with the alternative text that each file carries."""

import base64
import io
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from PIL import Image

from app.report.page import Figure

MOST_BYTES = 4_200_000  # of all figures as text; with the words, a page stays below 5 MB
COLOURS = 64  # in a smaller copy: flat colours lose nothing that the eye sees
SLOW = 60_000_000  # pixels


class Wanted(NamedTuple):
    """A figure that a page would like to show."""

    stem: str  # of the file
    caption: str


def figures_of(folder: Path, wanted: Sequence[Wanted], room: int = MOST_BYTES) -> tuple[dict[str, Figure], list[str]]:
    """Those of the figures that are there, by stem, and the stems of those that are missing or had no room.

    Parameters
    ----------
    folder : of the study
    wanted : the most important first
    room : characters that all of them may take
    """
    read = {w.stem: _read(folder / "figures" / f"{w.stem}.png") for w in wanted}
    there = {stem: picture for stem, picture in read.items() if picture}
    smaller = sum(len(picture.data) for picture in there.values()) * 4 / 3 > room
    shown, used = {}, 0
    for one in wanted:
        picture = there.get(one.stem)
        if picture is None:
            continue
        source = _as_uri(_smaller(picture.data) if smaller else picture.data)
        if used + len(source) <= room:
            used += len(source)
            shown[one.stem] = Figure(source, picture.description, one.caption, picture.width, picture.height)
    return shown, [w.stem for w in wanted if w.stem not in shown]


class _Picture(NamedTuple):
    data: bytes
    description: str
    width: int
    height: int


def _read(path: Path) -> _Picture | None:
    """A PNG with its description; None where there is none, or one that cannot be read."""
    try:
        data = path.read_bytes()
        with Image.open(io.BytesIO(data), formats=["PNG"]) as image:
            if image.width * image.height > SLOW:
                return None
            image.load()
            description = str(image.info.get("Description", ""))
            return _Picture(data, description, image.width, image.height) if description.strip() else None
    except (OSError, ValueError, SyntaxError):
        return None


def _smaller(data: bytes) -> bytes:
    """The same picture with fewer colours, if that is smaller."""
    out = io.BytesIO()
    with Image.open(io.BytesIO(data)) as image:
        image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return min(data, out.getvalue(), key=len)


def _as_uri(data: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(data).decode("ascii")
