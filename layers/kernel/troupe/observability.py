"""Logs as JSON lines and metrics as EMF, set up once: all that Powertools is imported for.

The service (POWERTOOLS_SERVICE_NAME) is the only dimension. A tenant or an identifier never is: each value
of a dimension is a metric that is paid for. In a log line both can be searched.
"""

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

NAMESPACE = "troupe"

logger = Logger(utc=True, use_rfc3339=True)
metrics = Metrics(namespace=NAMESPACE)


def outcome(name: str, /, **keys: str | float | bool | None) -> None:
    """Leave one line of log and one count of what came of it. `name` is snake case, past tense, and stable.

    Keys are identifiers, codes and numbers; never a body, an event, a token, an address, what a person wrote.
    """
    logger.info(name, extra=keys)
    metrics.add_metric(name=name, unit=MetricUnit.Count, value=1)


def conclude(name: str, /, **keys: str | float | bool | None) -> None:
    """Leave the last line of log of an invocation, which carries in EMF all that was counted in it."""
    counted: dict[str, object] = {**metrics.serialize_metric_set()} if metrics.provider.metric_set else {}
    metrics.clear_metrics()
    logger.info(name, extra={**keys, **counted})
