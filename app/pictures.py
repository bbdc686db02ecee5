"""The figures of a study: PNG with the alternative text that each carries, and as data URIs inside a page."""

import base64
import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from PIL import Image

MOST_BYTES = 4_200_000  # of all figures as text; with the words, a page stays below 5 MB
COLOURS = 64  # in a smaller copy: flat colours lose nothing that the eye sees
SLOW = 60_000_000  # pixels


class Picture(NamedTuple):
    """A figure as it is shown, and what is to be seen on it in words."""

    data: bytes  # PNG
    description: str
    width: int  # pixels
    height: int

    def __repr__(self) -> str:
        return f"Picture({self.width} x {self.height}: {self.description})"

    def _repr_png_(self) -> bytes:
        """As notebooks show it."""
        return self.data

    def save(self, path: str | Path) -> Path:
        """Write it to a file."""
        Path(path).write_bytes(self.data)
        return Path(path)


class Shown(NamedTuple):
    """A picture inside a page."""

    source: str  # data URI
    description: str
    width: int
    height: int


def picture(data: bytes) -> Picture | None:
    """A PNG with its description; None where it has none, or cannot be read."""
    try:
        with Image.open(io.BytesIO(data), formats=["PNG"]) as image:
            if image.width * image.height > SLOW:
                return None
            image.load()
            description = str(image.info.get("Description", ""))
            return Picture(data, description, image.width, image.height) if description.strip() else None
    except (OSError, ValueError, SyntaxError):
        return None


def pictures_in(folder: Path) -> dict[str, Picture]:
    """The figures of a study's folder, by the names of their files."""
    found: dict[str, Picture] = {}
    for path in sorted((folder / "figures").glob("*.png")):
        try:
            one = picture(path.read_bytes())
        except OSError:
            continue
        if one:
            found[path.stem] = one
    return found


def fitted(pictures: Mapping[str, Picture], wanted: Iterable[str], room: int = MOST_BYTES) -> dict[str, Shown]:
    """Those of the figures that a page would like to show that are there and have room.

    Parameters
    ----------
    wanted : names, the most important first
    room : characters that all of them may take
    """
    there = {stem: pictures[stem] for stem in wanted if stem in pictures}
    smaller = sum(len(one.data) for one in there.values()) * 4 / 3 > room
    shown: dict[str, Shown] = {}
    used = 0
    for stem, one in there.items():
        source = _as_uri(_smaller(one.data) if smaller else one.data)
        if used + len(source) <= room:
            used += len(source)
            shown[stem] = Shown(source, one.description, one.width, one.height)
    return shown


def _smaller(data: bytes) -> bytes:
    """The same picture with fewer colours, if that is smaller."""
    out = io.BytesIO()
    with Image.open(io.BytesIO(data)) as image:
        image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return min(data, out.getvalue(), key=len)


def _as_uri(data: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(data).decode("ascii")
