"""What the lessons claim, run: for the storm that the class sees, and over the sixty that begin with it.

These are the storms of the page's button "60 storms", so that a class which presses it sees what the note says. Nobody
knows how loud a city is, so every claim is printed at low, middle and high voice; it is made at the lesson's own.
"""

from typing import NamedTuple

from analysis.contrasts.intervals import Interval, paired
from app.demo.engine import Engine
from app.demo.lessons import FALLS, RISES, UNTOLD, City, Claim, Lesson
from app.demo.storms import STORMS, differences, ground_of
from experiments.claims import refusal
from sim.inputs.parameters.channels import VOICES

VOICE = "reporting.voice"


class Found(NamedTuple):
    """A claim beside what the model says."""

    claim: Claim
    shown: float  # B minus A for the lesson's seed
    over_storms: Interval  # B minus A for sixty seeds from that one on
    refused: str = ""  # why nothing may be claimed

    @property
    def holds(self) -> bool:
        """True for the shipped seed, and beyond chance over the seeds; or not to be told from chance, as claimed."""
        if self.refused:
            return False
        signs = {FALLS: -1.0, RISES: 1.0}
        mean, low, high = self.over_storms.mean, self.over_storms.low, self.over_storms.high
        if self.claim.direction == UNTOLD:
            return low <= 0.0 <= high
        sign = signs[self.claim.direction]
        return sign * self.shown > 0.0 and sign * mean > 0.0 and low * high > 0.0


def found(engine: Engine, lesson: Lesson) -> list[Found]:
    """Every claim of a lesson, run."""
    refused = refusal(ground_of(engine, lesson.name, lesson.seed, lesson.a, lesson.b, lesson.by))
    results = []
    for claim in lesson.claims:
        storms = differences(engine, lesson.name, lesson.seed, lesson.a, lesson.b, lesson.by, claim.measure, STORMS)
        results.append(Found(claim, storms[0], paired(storms), refused))
    return results


def voiced(city: City, voice: str) -> City:
    """A city at a level of voice."""
    return city._replace(moved={**city.moved, VOICE: voice})


def at_each_voice(engine: Engine, lesson: Lesson, claim: Claim) -> dict[str, Interval]:
    """B minus A of a claim's measure over sixty storms, by level of voice."""
    return {
        voice: paired(
            differences(engine, lesson.name, lesson.seed, voiced(lesson.a, voice), voiced(lesson.b, voice),
                        lesson.by, claim.measure, STORMS)
        )
        for voice in VOICES
    }  # fmt: skip


def report(engine: Engine, lesson: Lesson) -> list[str]:
    """The claims of a lesson as lines to print."""
    results = found(engine, lesson)
    lines = [f"{lesson.title}: {lesson.question}"]
    lines += [f"  {why}" for why in dict.fromkeys(result.refused for result in results) if why]
    for claim, shown, over, holds in ((f.claim, f.shown, f.over_storms, f.holds) for f in results):
        interval = f"{over.mean:+.3g} [{over.low:+.3g}, {over.high:+.3g}]"
        mark = "holds" if holds else "DOES NOT HOLD"
        lines.append(
            f"  {claim.words} {claim.direction}: {mark}; B - A in storm {lesson.seed} {shown:+.3g}, "
            f"over {over.n} storms {interval} (95 %)"
        )
        levels = at_each_voice(engine, lesson, claim)
        lines.append(
            "    " + "; ".join(f"{v} voice {x.mean:+.3g} [{x.low:+.3g}, {x.high:+.3g}]" for v, x in levels.items())
        )
    return lines
