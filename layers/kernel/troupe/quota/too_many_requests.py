"""The refusal of what comes too often."""


class TooManyRequests(Exception):  # noqa: N818 -- an answer, not a fault
    """Too much came from one address, or from one tenant; `retry_after` seconds are to pass."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(retry_after)
        self.retry_after = retry_after
