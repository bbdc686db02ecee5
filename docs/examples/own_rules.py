"""Two rules of one's own in place of the built-in ones: whom crews go to first, and when households report.

python docs/examples/own_rules.py
NUMBA_DISABLE_JIT=1 python docs/examples/own_rules.py    # the same rules as plain Python, for a debugger

A rule is a function with the arguments of the built-in one, in the small Python that numba compiles: numbers, rows
and other rules. ``@rule`` compiles it, which takes about ten seconds the first time a model uses it.
"""

from sim.core.compiled import rule
from sim.mesa_face.model import CoproductionModel
from sim.rules.reporting import NOTHING, choose_channel

SMALL_TOWN = {"place.customers": 400, "grid.customers_per_substation": 400, "grid.customers_per_feeder": 100}


@rule
def built_in_score(order, device, parameters):
    """A copy of the built-in dispatch score, to start from."""
    derived, w = parameters.derived, parameters.derived.weights
    per_order = w.reports * order.reports + w.corrected_reports * order.voices + w.pressure * order.informal
    return device.static_score + per_order * derived.per_hour[device.level] - w.waiting * order.opened_h


@rule
def quiet_places_first(order, device, parameters):
    """Among outages of equal size, those that fewer of their customers have reported go first."""
    return order.believed / (1.0 + order.reports)


@rule
def built_in_choice(usable_bits, hours_out, person, hour, u, channels, parameters):
    """The built-in reporting rule, called from one's own."""
    return choose_channel(usable_bits, hours_out, person, hour, u, channels, parameters)


@rule
def patient_at_first(usable_bits, hours_out, person, hour, u, channels, parameters):
    """Nobody reports in the first twelve hours; after that, everybody decides as in the built-in rule."""
    if hours_out < 12.0:
        return NOTHING
    return choose_channel(usable_bits, hours_out, person, hour, u, channels, parameters)


ARMS = {
    "built in": {},
    "copies of the built-in rules": {"choose": built_in_choice, "score": built_in_score},
    "own rules": {"choose": patient_at_first, "score": quiet_places_first},
}


def run(arm: str, seed: int = 1) -> CoproductionModel:
    """Run the small town to the end under the rules of an arm."""
    model = CoproductionModel("classroom", seed=seed, changes=SMALL_TOWN, hours_per_step=24, **ARMS[arm])
    while model.running:
        model.step()
    return model


def main() -> dict[str, CoproductionModel]:
    """Run all arms, print a line for each."""
    models = {arm: run(arm) for arm in ARMS}
    print(f"{'rules':30}{'mean hours out':>16}{'first report, h':>17}{'gap, h':>8}")
    for arm, model in models.items():
        households = model.outcomes.households
        affected = households[households.hours_out > 0]
        first_h = (affected.first_report_h - affected.out_h).min()
        print(f"{arm:30}{affected.hours_out.mean():16.2f}{first_h:17.2f}{model.gap_h:8.2f}")
    return models


if __name__ == "__main__":
    main()
