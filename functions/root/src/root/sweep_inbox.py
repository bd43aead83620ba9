"""By a schedule: sends webhooks again that were not processed in time."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from troupe.clock import now
from troupe.messaging import inbox_queue
from troupe.observability import metrics


def handler(_event: Mapping[str, Any], _context: Any) -> dict[str, int]:
    swept = inbox_queue.sweep(now())
    metrics.flush_metrics()
    return asdict(swept)
