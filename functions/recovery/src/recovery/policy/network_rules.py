"""The book of declines: what every code means for a retry, as versioned data, checked as it is read.

A rule's name is its table and its code, such as `visa.51`. Why a rule is as it is stands in its source.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Literal, get_args

type DeclineType = Literal["soft", "hard"]
type Ladder = Literal["technical", "later", "payday"]  # how the waits between retries grow
type Action = Literal[
    "retry_soon",
    "retry_later",
    "update_card",
    "authenticate",
    "contact_bank",
    "never_same_card",
    "fix_integration",
    "manual_review",
]

GENERIC_TEXT = "declined"  # all that may be told where the reason may not
TYPES, ACTIONS, LADDERS = (frozenset(get_args(each.__value__)) for each in (DeclineType, Action, Ladder))


class NetworkRulesError(ValueError):
    """The data contradict themselves; nothing can be decided by them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What one code means. Waits are minutes.

    `never`: this card is not charged again unattended. `generic`: it says little, so any other rule of the
    same weight goes before it. `at_most`: after that many retries a person has to look.
    `subsumes_advice`: Stripe's advice that comes with it means nothing beyond it.
    """

    name: str
    type: DeclineType
    action: Action
    text: str
    disclose: bool
    source: str
    checked_on: str
    schedule: Ladder | None = None
    first_retry_minutes: int | None = None
    minimum_wait_minutes: int = 0
    never: bool = False
    cancel_intent: bool = False
    stripe_blocks_retry: bool = False
    generic: bool = False
    subsumes_advice: bool = False
    at_most: int | None = None
    category: int | None = None  # Visa's
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkRules:
    """`tables` hold rules by code; `texts` are what a customer may be told, by key."""

    edition: str
    sources: Mapping[str, Mapping[str, str]]
    texts: Mapping[str, str]
    regions: Mapping[str, frozenset[str]]
    tables: Mapping[str, Mapping[str, Rule]]

    def rule(self, table: str, code: str) -> Rule | None:
        return self.tables[table].get(code)


def read(text: str | bytes) -> NetworkRules:
    """The book that a text holds; raises `BookError` for one that contradicts itself."""
    raw: dict[str, Any] = json.loads(text)
    tables = {
        table: MappingProxyType({code: _rule(f"{table}.{code}", entry) for code, entry in entries.items()})
        for table, entries in raw["tables"].items()
    }
    network_rules = NetworkRules(
        edition=raw["edition"],
        sources=raw["sources"],
        texts=raw["texts"],
        regions={name: frozenset(countries.split()) for name, countries in raw["regions"].items()},
        tables=tables,
    )
    for entries in tables.values():
        for rule in entries.values():
            if problem := _problem(rule, network_rules):
                raise NetworkRulesError(f"{rule.name}: {problem}")
    return network_rules


def _rule(name: str, entry: dict[str, Any]) -> Rule:
    try:
        return Rule(name=name, **entry)
    except TypeError as error:
        raise NetworkRulesError(f"{name}: {error}") from error


def _problem(rule: Rule, network_rules: NetworkRules) -> str | None:
    """What is wrong with a rule, if anything is."""
    date.fromisoformat(rule.checked_on)
    checks = {
        "no such type": rule.type in TYPES,
        "no such action": rule.action in ACTIONS,
        "no such ladder": rule.schedule is None or rule.schedule in LADDERS,
        "no such text": rule.text in network_rules.texts,
        "no such source": rule.source in network_rules.sources,
        "gives away its reason": rule.disclose or rule.text == GENERIC_TEXT,
        "never is hard, and not retried": not rule.never or (rule.type == "hard" and rule.schedule is None),
        "what is soft is retried": rule.type == "hard" or rule.schedule is not None,
        "a ladder has a first wait": (rule.schedule is None) == (rule.first_retry_minutes is None),
        "waits go forward": (rule.first_retry_minutes or 1) > 0 and rule.minimum_wait_minutes >= 0,
    }
    return next((problem for problem, holds in checks.items() if not holds), None)


NETWORK_RULES = read((files("recovery.policy") / "declines.json").read_bytes())
