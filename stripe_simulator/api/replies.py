"""Idempotency keys: the first answer once more, for 24 hours of the world's clock.

https://docs.stripe.com/api/idempotent_requests
"""

from dataclasses import dataclass, field, replace

from stripe_simulator.api import answers
from stripe_simulator.api.answers import Answer

LASTS = 24 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """`content` is all that must be the same when the key is used again."""

    account: str
    key: str
    content: tuple[str, str, str]


@dataclass(slots=True)
class Replies:
    _kept: dict[tuple[str, str], tuple[tuple[str, str, str], int, Answer | None]] = field(
        default_factory=dict
    )

    def begin(self, asked: Asked, now: int) -> Answer | None:
        """None if the work is to be done now; else what is answered instead."""
        before = self._kept.get((asked.account, asked.key))
        if before is None or now - before[1] >= LASTS:
            self._kept[asked.account, asked.key] = asked.content, now, None
            return None
        content, _, answer = before
        if answer is None:
            return answers.key_in_use()
        if content != asked.content:
            return answers.key_of_other_request()
        return replace(answer, headers={**answer.headers, "Idempotent-Replayed": "true"})

    def end(self, asked: Asked, now: int, answer: Answer) -> None:
        if answer.kept:
            self._kept[asked.account, asked.key] = asked.content, now, answer
        else:
            self._kept.pop((asked.account, asked.key), None)
