"""aws:SecureTransport is true: on AWS every call comes over TLS, here over loopback.

MiniStack says false, so a bucket that refuses unencrypted transport refuses everyone.
"""

from typing import Any

from ministack.core import iam_evaluator

resolve_key = iam_evaluator._resolve_condition_key


def resolve_as_secure(key: str, context: Any, *args: Any, **options: Any) -> Any:
    if key.lower() == "aws:securetransport":
        return "true"
    return resolve_key(key, context, *args, **options)


iam_evaluator._resolve_condition_key = resolve_as_secure
