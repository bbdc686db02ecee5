"""What the utility believes of each customer, and for how long it has been wrong.

A customer is *believed out* while an open order stands at or above its meter. Three times are kept of every household
that is dark: since when it has been believed out without a break, since when it has been *falsely closed* (the utility
took it to be back, and it is not), and how long the latter has lasted before.
"""

import numpy as np

from sim.core.compiled import rule


@rule
def believe(person, time_h):
    """A dark customer is believed out from now on; a false closure ends."""
    if person.known_h > time_h:
        person.known_h = time_h
    if person.believed_h > time_h:
        person.believed_h = time_h
    end_false_closure(person, time_h)


@rule
def end_false_closure(person, time_h):
    """The hours of a false closure are added up."""
    if person.closed_h < time_h:
        person.falsely_closed_h += time_h - person.closed_h
    person.closed_h = np.inf


@rule
def believe_out(city, device, time_h):
    """Every dark customer behind a device is believed out from now on."""
    row = city.devices[device]
    for household in range(row.first, row.last):
        person = city.households[household]
        if person.n_faults_above > 0 and person.believed_h > time_h:
            believe(person, time_h)
