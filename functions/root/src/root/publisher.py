"""Behind the table's stream: publishes what was committed."""

from collections.abc import Mapping
from typing import Any

from troupe.messaging.batches import Failures
from troupe.messaging.publisher import publish
from troupe.observability import metrics


def handler(event: Mapping[str, Any], _context: Any) -> Failures:
    failed = publish(event["Records"])
    metrics.flush_metrics()
    return {"batchItemFailures": [{"itemIdentifier": failed}] if failed else []}
