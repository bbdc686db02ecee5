"""The state of a run handed to rules by reference.

The state is a tuple of some twenty arrays. Compiled code would hand all of it, a hundred and fifty numbers, by value to
every rule that is not part of its caller. An entry puts it into one place instead, and rules get that address: reading
``city.households`` loads what is needed of that array. A rule reads the same in either case.
"""

from typing import Any

from numba import types
from numba.core import cgutils
from numba.core.typing.templates import AttributeTemplate
from numba.extending import infer_getattr, intrinsic, lower_getattr_generic, models, register_model

from sim.core.compiled import COMPILED


class Reference(types.Type):
    """Where a named tuple stands, as compiled code knows it."""

    def __init__(self, state: types.NamedTuple) -> None:
        self.state = state
        super().__init__("Reference")  # short: it becomes part of the name of every rule

    @property
    def key(self) -> types.NamedTuple:
        """What tells two of them apart."""
        return self.state


@register_model(Reference)
class Address(models.PrimitiveModel):
    """It is a pointer."""

    def __init__(self, dmm: Any, fe_type: Reference) -> None:
        super().__init__(dmm, fe_type, dmm.lookup(fe_type.state).get_value_type().as_pointer())


@infer_getattr
class Fields(AttributeTemplate):
    """Its fields are those of the tuple."""

    key = Reference

    def generic_resolve(self, reference: Reference, name: str) -> Any:
        """Type of a field."""
        fields = reference.state.fields
        return reference.state.types[fields.index(name)] if name in fields else None


@lower_getattr_generic(Reference)
def _field(context: Any, builder: Any, reference: Reference, address: Any, name: str) -> Any:
    """Load a field, each of its parts by itself: what is not used is not loaded."""
    place = cgutils.gep_inbounds(builder, address, 0, reference.state.fields.index(name))
    loaded = cgutils.get_null_value(place.type.pointee)
    for part in range(len(place.type.pointee.elements)):
        value = builder.load(cgutils.gep_inbounds(builder, place, 0, part))
        loaded = builder.insert_value(loaded, value, part)
    return loaded


@intrinsic
def _put(typing_context: Any, state: Any) -> Any:
    """Put a tuple into a place of its own, for as long as the function runs."""

    def put(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return cgutils.alloca_once_value(builder, arguments[0])

    return Reference(state)(state), put


def _itself(state: Any) -> Any:
    """Plain Python hands by reference anyway."""
    return state


by_reference = _put if COMPILED else _itself
