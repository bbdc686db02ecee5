"""Which figures a study of sensitivity has, by what its method estimates."""

from app.pages.page import Figure, Row
from app.pages.sensitivity_words import ranked
from app.say.names import subject
from experiments.found import Found
from experiments.outcome_names import file_stem

CAPTIONS = {
    "indices": "What matters most stands on top",
    "against": "Each point is one setting",
    "morris": "Effects and their spread",
    "pairs": "What two of them do together, beyond each alone",
    "convergence": "Whether the ranking settles as runs are added",
}


def drawings(found: Row, outcome: Row) -> dict[str, str]:
    """What there is to draw of an outcome: by kind the name of its file, the ranking first."""
    if outcome["why_no_indices"]:
        return {}
    count = {kind: sum(row["index"] == kind for row in outcome["indices"]) for kind in ("S2", "sigma")}
    single = [parameter["name"] for parameter in found["parameters"]]
    applies = {
        "against": any(row["parameter"] in single for row in ranked(found, outcome)),
        "morris": count["sigma"] > 1,
        "pairs": count["S2"] > 0,
        "convergence": len(outcome["sizes"]) > 1,
    }
    stem = file_stem(outcome["outcome"])
    return {kind: f"{kind}-{stem}" for kind in CAPTIONS if applies.get(kind, True)}


def figures(study: Found, outcome: Row) -> list[Figure]:
    """The same as they stand on the page."""
    about = f"{subject(outcome['outcome'])}; baseline {study.made['scenario']['name']}"
    return [Figure(stem, f"{CAPTIONS[kind]}: {about}") for kind, stem in drawings(study.summary, outcome).items()]
