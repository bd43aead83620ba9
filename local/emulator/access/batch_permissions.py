"""Who may send, delete or hide a message may do so in batches: SQS knows no other permission for them.

MiniStack asks for sqs:SendMessageBatch and the like, which no policy grants.
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-batch-api-actions.html
"""

from typing import Any

from ministack.core import iam_actions

extract = iam_actions.extract_iam_action


def extract_single(*args: Any, **options: Any) -> str | None:
    action = extract(*args, **options)
    return action.removesuffix("Batch") if action and action.startswith("sqs:") else action


iam_actions.extract_iam_action = extract_single
