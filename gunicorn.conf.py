"""What gunicorn reads by itself when it is started here: the code is loaded once and shared by its workers.

Half of a worker's memory is code and tables that never change. `freeze` keeps the collector from touching their pages,
which would make each worker a copy of its own.
"""

import ctypes
import gc
from contextlib import suppress

preload_app = True


YOUNG, MIDDLE, OLD = 5_000, 20, 50  # a page leaves some five hundred objects in circles, 0.2 MB: ten pages at most wait


def when_ready(_server: object) -> None:
    """Before the first worker is forked."""
    gc.collect()
    with suppress(OSError, AttributeError):  # what reading and importing left behind goes back; only glibc knows how
        ctypes.CDLL("libc.so.6").malloc_trim(0)
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)
