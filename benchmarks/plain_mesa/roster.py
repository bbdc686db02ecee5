"""Who works: line crews with their posts and times of arrival, and crews for lost supply."""

from benchmarks.plain_mesa.clock import EventModel
from benchmarks.plain_mesa.crew import Crew, TransmissionCrew
from sim.inputs.scenario import Scenario


def line_crews(model: EventModel) -> list[Crew]:
    """Line crews: those of one's own at their posts, mutual aid nowhere until it comes."""
    group, division = model.parameters.crews.line, model.division
    n_own = group.own + group.staged
    crews = [Crew(model, number, hour) for number, hour in enumerate(arrivals(model.scenario))]
    for crew, district in zip(crews, division.posts(n_own), strict=False):
        crew.work_in(district)
    for place, crew in enumerate(crews[n_own:]):
        crew.is_aid, crew.is_shared_aid = True, division.is_shared(place)
    return crews


def transmission_crews(model: EventModel) -> list[Crew]:
    """Crews for transmission, called up where some substation has lost its supply; their numbers follow the others'."""
    if not any(device.lost_supply for device in model.devices):
        return []
    numbers = range(len(model.crews), len(model.crews) + model.parameters.crews.transmission)
    return [TransmissionCrew(model, number, model.parameters.crews.safe_h) for number in numbers]


def arrivals(scenario: Scenario) -> list[float]:
    """When each line crew is there: the utility's own at once, mutual aid one by one; nobody before it is safe."""
    group, safe_h = scenario.parameters.crews.line, scenario["crews.safe_h"]
    span_h = max(0.0, group.aid_full_h - group.aid_from_h)
    aid = [group.aid_from_h + span_h * k / group.mutual_aid for k in range(1, group.mutual_aid + 1)]
    return [safe_h] * (group.own + group.staged) + [max(hour, safe_h) for hour in aid]
