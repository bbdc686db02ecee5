"""A single small rule that is kept on disk: what the tests of the compile cache start, for it compiles in a second.

``python -m tests.compiled.one_rule [UID] [again]`` prints its result and whether it was read back or compiled; as
another user where one is named, and in a process started by the first as well where asked to.
"""

import os
import subprocess
import sys

import numba

from sim.core.compiled import entry


@entry
def doubled(number):
    return 2 * number


def main(*words: str) -> None:
    """Call the rule."""
    numba.njit(lambda number: number + 1)(1)  # numba loads the rest of itself while it may still read it
    for word in words:
        if word.isdigit():
            os.setgroups([])
            os.setgid(int(word))
            os.setuid(int(word))
    result = doubled(21)
    print(result, "compiled" if sum(doubled._cache_misses.values()) else "read", flush=True)
    if "again" in words:
        subprocess.run([sys.executable, "-m", "tests.compiled.one_rule"], check=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
