"""How long the end-to-end tests wait, in seconds: for a slow machine, as a quick one never waits so long."""

PATIENCE = 300.0
"""Until what must come counts as lost."""
STORY = 3600.0
"""Until a whole story counts as hanging."""
QUIET = 2.0
"""Until what must not come counts as absent."""


def patience(expected: object) -> float:
    """How long to look for what is expected to come, or not."""
    return PATIENCE if expected else QUIET
