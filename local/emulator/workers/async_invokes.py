"""EventBridge to Lambda as AWS does it: an asynchronous invocation with its retries and failure destination.

MiniStack calls a failing target once and forgets the event, and drops what is meant for a function that is
not there instead of sending it to the target's dead-letter queue.
"""

import json
from typing import Any

from ministack.core.arn import parse_arn
from ministack.services import eventbridge, lambda_svc

invoke_target = eventbridge._invoke_target


def dispatch_to_lambda(arn: str, payload: str) -> None:
    function, config, name = lambda_svc._get_func_record_for_ref(arn)
    if not function or not config:
        raise LookupError(f"no function {name}")
    record = lambda_svc._execution_record_for_config(function, config)
    lambda_svc.invoke_async_with_retry(record, json.loads(payload))


def invoke_or_bury(target: dict[str, Any], event: Any, rule: dict[str, Any], view: Any = None) -> Any:
    arn, queue = target.get("Arn", ""), (target.get("DeadLetterConfig") or {}).get("Arn")
    if queue and ":lambda:" in arn and not lambda_svc._get_func_record_for_ref(arn)[0]:
        seen = view or eventbridge._pattern_event_view(event)
        return eventbridge._dispatch_to_sqs(parse_arn(queue), json.dumps(seen.event_with_detail()))
    return invoke_target(target, event, rule, view)


eventbridge._dispatch_to_lambda = dispatch_to_lambda
eventbridge._invoke_target = invoke_or_bury
