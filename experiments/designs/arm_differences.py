"""What differs between the arms of a comparison besides what was asked, and what a reader must know of it.

Pairs share seeds. They share the city and its storm only where an arm leaves alone what makes these; where it does not,
pairing takes away less of the chance. An arm with crews of its own, or with another city or storm, has a crews' bill of
its own, which cannot be held at the baseline's.
"""

from collections.abc import Sequence

from experiments.designs.arms import Arm, Arms
from sim import Scenario
from sim.core.canonical import digest

CITY = ("place.", "grid.", "storm.")  # parameters that make the city and its storm
ATTRIBUTES = ("people.", "ties.")  # parameters that make who lives there
CREWS = ("crews.", "costs.crew_usd_per_h", "costs.tree_crew", "costs.mobilisation_usd")  # and what crews cost
CITY_TABLES = ("households", "devices", "damage", "tracts", "gusts", "neighbourhoods", "facilities")


def notes(compared: Arms) -> list[str]:
    """What a reader must know about the content of the arms before comparing them."""
    base = compared.baseline
    wholes = [arm.whole for arm in compared.arms]
    contents = [arm.content for arm in (base, *compared.arms)]
    names = [base.name, *(arm.name for arm in compared.arms)]
    lines = []
    for place, arm in enumerate(compared.arms, start=1):
        twin = contents.index(contents[place])
        if twin == 0:
            lines.append(f"{arm.name} changes nothing of {base.name}: every difference is exactly zero.")
            continue
        if twin < place:
            lines.append(f"{arm.name} has the same content as {names[twin]}: their results are equal.")
        lines += _differences(base, arm, wholes[place - 1])
    return lines


def _differences(base: Arm, arm: Arm, whole: Scenario) -> list[str]:
    """What makes a pair less alike than its seed promises."""
    before = base.whole
    moved, city = _moved(before, whole), _city(before, whole)
    people = [p for p in moved if p.startswith(ATTRIBUTES)]
    lines = []
    if city:
        lines.append(
            f"{arm.name} and {base.name} differ in the city or its storm itself ({_some(city)}): pairs share seeds but "
            "not the city, so pairing takes away less of the chance, and its net cost is as simulated."
        )
    elif people:
        lines.append(
            f"{arm.name} and {base.name} differ in who lives there ({_some(people)}): pairs share seeds and the city "
            "but not every attribute of its households."
        )
    apart = crews_bill_apart(base, arm)
    if apart and not city:
        lines.append(
            f"{arm.name} has a crews' bill of its own ({_some(apart)}): its net cost is as simulated, and no bill is "
            "held at the baseline's."
        )
    if "run.horizon_h" in moved:
        lines.append(
            f"{arm.name} ends after {whole['run.horizon_h']:g} h and {base.name} after {before['run.horizon_h']:g} h: "
            "hours out are counted up to different ends."
        )
    return lines


def crews_bill_apart(base: Arm, arm: Arm) -> list[str]:
    """What makes an arm's crews' bill another one than the baseline's: crews, or a city or storm, of its own."""
    before, whole = base.whole, arm.whole
    return [*(path for path in _moved(before, whole) if path.startswith(CREWS)), *_city(before, whole)]


def _moved(before: Scenario, whole: Scenario) -> list[str]:
    """Parameters that differ."""
    return [a.path for a, b in zip(before.listing(), whole.listing(), strict=True) if a.value != b.value]


def _city(before: Scenario, whole: Scenario) -> list[str]:
    """What makes the city or its storm another one: parameters, files, tables."""
    tables = [f"[tables.{t}]" for t in CITY_TABLES if digest(before.tables.get(t)) != digest(whole.tables.get(t))]
    read = [p for p, seen in whole.file_digests().items() if before.file_digests().get(p) != seen]
    return list(dict.fromkeys([*(p for p in _moved(before, whole) if p.startswith(CITY)), *read, *tables]))


def _some(paths: Sequence[str]) -> str:
    return ", ".join(paths[:3]) + (f" and {len(paths) - 3} more" if len(paths) > 3 else "")
