"""A warm call's wait for log lines: at most 2 ms.

MiniStack waits up to 50 ms after every invocation for a first line on stderr; a silent handler always pays
them in full.
"""

from ministack.core.lambda_runtime import Worker

FIRST_LINE, QUIET, AT_MOST = 0.002, 0.001, 0.25  # seconds

Worker._drain_stderr_bounded.__defaults__ = (FIRST_LINE, QUIET, AT_MOST)
