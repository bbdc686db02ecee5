"""What a household sees of its neighbours in the dark, and what it makes of it.

One sees one's own lateral: all of it when the lateral or anything above has failed, else the customers of the largest
failed device below it. The more are visibly dark, the surer one is that somebody else has reported::

    others = 1 - (1 - p) ** (visibly dark neighbours - 1)         volunteer's dilemma (Diekmann 1985)

All see the same who are behind one lateral, unless something has failed between it and them.
"""

from sim.core.columns import LATERAL
from sim.core.compiled import rule
from sim.rules.upstream import parent_of


@rule
def belief_in_others(city, device):
    """Chance that somebody else on the same failed device has reported, from the neighbours visibly dark."""
    visible = 1
    top = device
    above = False
    while device >= 0:
        row = city.devices[device]
        if row.level >= LATERAL:
            top = device
            if row.failed:
                visible = row.last - row.first
        elif row.failed:
            above = True
        device = parent_of(city, device)
    if above:
        visible = city.devices[top].last - city.devices[top].first
    return 1.0 - (1.0 - city.parameters[0].reporting.believed_neighbour_share) ** float(visible - 1)


@rule
def where_all_see_the_same(city, device):
    """The device furthest up, within a lateral, behind which one sees what one sees at this one."""
    while city.devices[device].level >= LATERAL and not city.devices[device].failed:
        above = parent_of(city, device)
        if above < 0 or city.devices[above].level < LATERAL:
            break
        device = above
    return device
