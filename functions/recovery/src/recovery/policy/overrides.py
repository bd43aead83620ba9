"""What a tenant may decide otherwise than the book: that a code is hard."""

from collections.abc import Iterable

from recovery.policy.network_rules import NETWORK_RULES


class OverrideRefused(ValueError):  # noqa: N818 -- an answer to a tenant
    """A tenant may call hard what the book calls soft, and nothing else."""


def checked_overrides(codes: Iterable[str]) -> tuple[str, ...]:
    """Stripe's codes that a tenant wants hard, each once; raises `OverrideRefused`.

    There is no other wish: what the book calls hard is never made soft. A code that it does not know will do.
    """
    wanted = tuple(sorted(set(codes)))
    for code in wanted:
        if not code or code != code.strip().lower():
            raise OverrideRefused("a code is lower case, without blanks around it")
        if (rule := NETWORK_RULES.rule("stripe", code)) and rule.type == "hard":
            raise OverrideRefused(f"{code} is hard already")
    return wanted
