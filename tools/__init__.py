"""What the Makefile calls: nothing here needs more than Python's own library. Run as `python -m tools <verb>`."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 (said before a newer syntax is met)
    sys.exit("需要 Python 3.11 或更新，这里是 %d.%d。用 make PYTHON=路径 指定另一个。" % sys.version_info[:2])  # noqa: UP031
