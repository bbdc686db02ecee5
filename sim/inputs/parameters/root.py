"""The whole tree of parameters, in the order in which a reader meets them."""

from pydantic import Field

from sim.inputs.parameters.away import Away
from sim.inputs.parameters.channels import Channels, Hotline, Liaison, Reporting, Telecom
from sim.inputs.parameters.declare import CONSTANT, Section, param, up
from sim.inputs.parameters.outreach import Costs, Credits, Outreach
from sim.inputs.parameters.owner import Owner
from sim.inputs.parameters.people import Knowledge, Need, People, Place, Ties
from sim.inputs.parameters.utility import Crews, Dispatch, Oms, Patrol, Sensing
from sim.inputs.parameters.world import Grid, Storm


class Run(Section):
    """How long to look."""

    horizon_h: float = param(336.0, "h", CONSTANT, "end of the run, from the peak; later restorations are not seen",
        "14 days", up("mean_h"), low=1.0, high=8_760.0)  # fmt: skip


class Parameters(Section):
    """Everything that a run depends on, besides its seeds."""

    place: Place = Field(default=Place())
    people: People = Field(default=People())
    knowledge: Knowledge = Field(default=Knowledge())
    need: Need = Field(default=Need())
    away: Away = Field(default=Away())
    ties: Ties = Field(default=Ties())
    channels: Channels = Field(default=Channels())
    hotline: Hotline = Field(default=Hotline())
    liaison: Liaison = Field(default=Liaison())
    reporting: Reporting = Field(default=Reporting())
    telecom: Telecom = Field(default=Telecom())
    grid: Grid = Field(default=Grid())
    storm: Storm = Field(default=Storm())
    sensing: Sensing = Field(default=Sensing())
    oms: Oms = Field(default=Oms())
    patrol: Patrol = Field(default=Patrol())
    dispatch: Dispatch = Field(default=Dispatch())
    crews: Crews = Field(default=Crews())
    owner: Owner = Field(default=Owner())
    outreach: Outreach = Field(default=Outreach())
    credits: Credits = Field(default=Credits())
    costs: Costs = Field(default=Costs())
    run: Run = Field(default=Run())
