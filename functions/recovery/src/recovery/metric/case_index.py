"""Where a workspace's cases are listed with their figures: by when they began, and while they are pending.

The projection `recovery_cases` keeps the lists; the metrics read them.
"""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from recovery.metric.evolve_case import CaseFigures
from troupe.domain.decider import Listing
from troupe.domain.instants import rfc3339

NAME = "recovery_cases"


def cohort(workspace_id: str, month: str) -> str:
    """The list of the cases that began in a month (UTC), as in `2026-11`, sorted by when."""
    return f"{workspace_id}#{month}"


def pending(workspace_id: str) -> str:
    """The list of the cases that are not over."""
    return f"{workspace_id}#pending"


def listed(case: CaseFigures) -> Listing:
    began = rfc3339(case.started_at)
    place = f"{began}#{case.id}"
    return Listing(
        collection=(cohort(case.workspace_id, began[:7]), place),
        queue=(pending(case.workspace_id), place) if case.status == "pending" else None,
        summary=_summary(case),
    )


def _summary(case: CaseFigures) -> dict[str, Any]:
    """The figures as an item's map: instants as text."""
    shown = asdict(case)
    return {
        name: rfc3339(value) if isinstance(value, datetime) else value
        for name, value in shown.items()
        if value is not None
    }


def figures(summary: Mapping[str, Any]) -> CaseFigures:
    """The figures that a list shows of a case."""
    instants = ("started_at", "ended_at", "first_sent_at")
    values: dict[str, Any] = {
        name: datetime.fromisoformat(value) if name in instants else value for name, value in summary.items()
    }
    return CaseFigures(**values)
