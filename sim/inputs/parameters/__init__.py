"""Every parameter of the model, declared once: default, unit, range, role, meaning and source.

One file per part of the world. A declaration feeds the loader's checks, the parameter table in the
documentation, the editors' JSON Schema and the bounds of a sweep; nothing about a parameter stands anywhere else.
"""

from sim.inputs.parameters.declare import Parameter, Section, catalogue, param
from sim.inputs.parameters.root import Parameters

__all__ = ["Parameter", "Parameters", "Section", "catalogue", "param"]
