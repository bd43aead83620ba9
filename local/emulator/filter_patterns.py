"""Subscription filters with JSON patterns, such as { $.tenant_id != "-" && $.status = 2* }.

MiniStack wants every word of the pattern to occur in the line, so such a pattern matches nothing. Here are
selectors, the six comparisons, wildcards, EXISTS and NOT EXISTS, && and || (&& binds closer); no brackets.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
"""

import json
import operator
import re
from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Any

from ministack.services import cloudwatch_logs

TERM = re.compile(
    r"\$\.(?P<path>[\w.\[\]-]+)\s*(?P<operator>!=|>=|<=|=|>|<|NOT EXISTS|EXISTS)\s*(?P<value>.*)"
)
ORDERED: dict[str, Callable[[float, float], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}

matches_words = cloudwatch_logs._subscription_pattern_matches


def selected(document: Any, path: str) -> Any:
    """What the path leads to; None where it leads nowhere."""
    for step in re.findall(r"[\w-]+", path):
        match document:
            case dict():
                document = document.get(step)
            case list() if step.isdigit() and int(step) < len(document):
                document = document[int(step)]
            case _:
                return None
    return document


def equal(found: Any, wanted: str) -> bool:
    if isinstance(found, bool) or found is None:
        return json.dumps(found) == wanted.lower()
    return fnmatchcase(str(found), wanted.strip('"'))


def holds(term: str, document: Any) -> bool:
    parts = TERM.fullmatch(term.strip())
    if parts is None:
        return False
    found, comparison, wanted = selected(document, parts["path"]), parts["operator"], parts["value"].strip()
    match comparison:
        case "EXISTS":
            return found is not None
        case "NOT EXISTS":
            return found is None
        case "=":
            return equal(found, wanted)
        case "!=":
            return found is not None and not equal(found, wanted)
        case _:
            return isinstance(found, (int, float)) and ORDERED[comparison](found, float(wanted))


def matches(pattern: str, message: str) -> bool:
    terms = (pattern or "").strip()
    if not terms.startswith("{"):
        return matches_words(pattern, message)
    try:
        document = json.loads(message)
    except ValueError:
        return False
    alternatives = terms.strip("{}").split("||")
    return any(all(holds(term, document) for term in one.split("&&")) for one in alternatives)


cloudwatch_logs._subscription_pattern_matches = matches
