"""What gunicorn reads by itself when it is started here: the code is loaded once and shared by its workers.

Half of a worker's memory is code and tables that never change. `freeze` keeps the collector from touching their pages,
which would make each worker a copy of its own.
"""

import gc

preload_app = True


def when_ready(_server: object) -> None:
    """Before the first worker is forked."""
    gc.collect()
    gc.freeze()
