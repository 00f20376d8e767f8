"""What gunicorn reads by itself when it is started here: the code is loaded once and shared by its workers.

Half of a worker's memory is code and tables that never change. `freeze` keeps the collector from touching their pages,
which would make each worker a copy of its own. What it logs by itself holds nothing of a person either.
"""

import ctypes
import gc
from contextlib import suppress
from typing import Any

from gunicorn.glogging import Logger

from config.logs import NothingOfAPerson

preload_app = True


class Logs(Logger):
    """Gunicorn's own lines, written as ours: it logs an exception that no page could answer."""

    def setup(self, cfg: Any) -> None:
        """As gunicorn does, the formatter changed."""
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(NothingOfAPerson(self.error_fmt, self.datefmt))


logger_class = Logs

YOUNG, MIDDLE, OLD = 5_000, 20, 50  # a page leaves some five hundred objects in circles, 0.2 MB: ten pages at most wait


def when_ready(_server: object) -> None:
    """Before the first worker is forked."""
    gc.collect()
    with suppress(OSError, AttributeError):  # what reading and importing left behind goes back; only glibc knows how
        ctypes.CDLL("libc.so.6").malloc_trim(0)
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)
