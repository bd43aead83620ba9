"""A number that a stack passes by parameter comes as text, as CloudFormation passes it; MiniStack compares.

With `MaximumConcurrency: !Ref MailConcurrency` the poller of all queues failed at each turn. CloudFormation
gives Lambda a number.
"""

from typing import Any

from ministack.services import lambda_svc

_concurrency = lambda_svc._sqs_esm_concurrency


def _numbered(esm: dict[str, Any], *rest: Any) -> int:
    scaling = esm.get("ScalingConfig") or {}
    if isinstance(most := scaling.get("MaximumConcurrency"), str):
        scaling["MaximumConcurrency"] = int(most)
    return _concurrency(esm, *rest)


lambda_svc._sqs_esm_concurrency = _numbered
