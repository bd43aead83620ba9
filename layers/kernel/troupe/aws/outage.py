"""Which failures of a call to AWS pass by themselves: throttling, timeouts, and faults of the service."""

from botocore.exceptions import ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as Unreachable

from troupe.aws.deadline import OutOfTime

THROTTLED = frozenset(  # as botocore's standard retries have them
    {
        "BandwidthLimitExceeded",
        "LimitExceededException",
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionInProgressException",
    }
)
FAULTS = frozenset({"InternalServerError", "RequestTimeout", "RequestTimeoutException", "ServiceUnavailable"})
SERVER_ERROR = 500


class Postponed(Exception):  # noqa: N818 -- an answer, not a fault
    """Not just now: deliver the message again, each time later."""


def passes(failed: BaseException) -> bool:
    """Whether the same call may succeed in a moment; what was asked for is not at fault."""
    if isinstance(failed, ClientError):
        status = failed.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        return status >= SERVER_ERROR or failed.response["Error"].get("Code") in THROTTLED | FAULTS
    return isinstance(failed, HTTPClientError | Unreachable | OutOfTime)
