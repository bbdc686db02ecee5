"""One numerical thread per process, asked for before NumPy is loaded.

Runs are the parallelism. And a sum that a library splits among threads is rounded otherwise than one that it does not,
so that a world built with eight threads could differ in the last bit from the same world built with one.
"""

import os

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")


def one_thread() -> None:
    """Ask numerical libraries that are loaded later, here or in a process started from here, for one thread."""
    for name in THREADS:
        os.environ[name] = "1"
