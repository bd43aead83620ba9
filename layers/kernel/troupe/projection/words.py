"""The words of a read model's rows: an item for each word, written in one transaction with its row.

An item has all the words of its row and what a list shows of it, so a search of several words is one Query.
A row's words stay the same under most events: then the row alone is written.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from troupe.projection import generations
from troupe.projection.view import Words
from troupe.store import keys, writes
from troupe.store.commit import commit
from troupe.store.keys import Key
from troupe.store.writes import Action

PREFIX = 3  # characters of a word that name its partition


def partition(tenant_id: str, physical: str, word: str) -> str:
    return keys.view(tenant_id, physical, word[:PREFIX])


def place(tenant_id: str, physical: str, word: str, thing_id: str) -> Key:
    return Key(partition(tenant_id, physical, word), f"{word}#{thing_id}")


def write(row: Action, at: tuple[str, str, str], before: Sequence[str], after: Words | None) -> None:
    """Write the row, its words, and remove those that it had `before`; `Stale` if the row was changed.

    `at`: the tenant, the name of the generation, and the id of what the row is about.
    """
    tenant_id, physical, thing_id = at
    kept = after.words if after else ()
    shown: Mapping[str, Any] = {"id": thing_id, **after.summary} if after else {}
    item = {"words": list(kept), "summary": shown}
    keys_of = {word: place(tenant_id, physical, word, thing_id) for word in (*kept, *before)}
    put = (writes.put(keys_of[word], item) for word in kept)
    removed = (writes.forget(keys_of[word]) for word in before if word not in kept)
    commit([row, *put, *removed])


def matches(item: Mapping[str, Any], searched: Sequence[str]) -> bool:
    """Whether a word's item is one of a thing that has all the words, and the first of those that found it.

    The same thing is found by each of its words that begin alike; it is shown by one of them.
    """
    first, *others = searched
    word, words = item["SK"].partition("#")[0], item["words"]
    return word == min(each for each in words if begins(each, first)) and all(
        any(each.startswith(other) for each in words) for other in others
    )


def begins(word: str, searched: str) -> bool:
    """A search of one or two characters finds the word that has no more."""
    return word.startswith(searched) if len(searched) >= PREFIX else word == searched


def live(tenant_id: str, view: str, searched: Sequence[str]) -> tuple[str, str]:
    """The partition and the beginning of the sort keys that have the longest of the words."""
    longest = searched[0]
    beginning = longest if len(longest) >= PREFIX else f"{longest}#"
    return partition(tenant_id, generations.live(view), longest), beginning
