"""The few things last used, remembered by what they were made of."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any


class Recent:
    """The few values last used, by key; safe between threads."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.values: OrderedDict[Any, Any] = OrderedDict()
        self.lock = threading.RLock()

    def get(self, key: Any, build: Callable[[], Any]) -> Any:
        """The value of a key, built if it is not among the last ``size``."""
        with self.lock:
            if key not in self.values:
                value = build()
                while len(self.values) >= self.size:
                    self.values.popitem(last=False)
                self.values[key] = value
            self.values.move_to_end(key)
            return self.values[key]
