"""Sequences whose items are made when they are asked for, so that a study of a million rows needs no memory."""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar, overload

Item = TypeVar("Item")


class Lazy(Sequence[Item], Generic[Item]):
    """Items by number.

    Parameters
    ----------
    number : int      of items
    make : callable   the item of a number from 0 to ``number - 1``; always the same for the same number
    """

    def __init__(self, number: int, make: Callable[[int], Item]) -> None:
        self._number, self._make = number, make

    def __len__(self) -> int:
        return self._number

    @overload
    def __getitem__(self, index: int) -> Item: ...
    @overload
    def __getitem__(self, index: slice) -> list[Item]: ...
    def __getitem__(self, index: int | slice) -> Item | list[Item]:
        if isinstance(index, slice):
            return [self._make(i) for i in range(*index.indices(self._number))]
        if not -self._number <= index < self._number:
            raise IndexError(index)
        return self._make(index % self._number)
