"""Search by words: one Query for a page, however many words are given.

The longest word is looked up; the others are compared with the words that each item has. So a page may have
fewer items than were asked for, or none, and a cursor all the same.
"""

from typing import Annotated

from pydantic import AfterValidator, Field

from troupe.domain.words import searched
from troupe.edge.pages import List
from troupe.projection import words

MOST_READ = 500  # items of about 0.4 KB: 25 read units where several words are given
LONGEST = 100


def _has_words(text: str) -> str:
    if not searched(text):
        raise ValueError("has no letter and no digit")
    return text


Search = Annotated[
    str,
    Field(
        min_length=1,
        max_length=LONGEST,
        description="Words, each of which begins a word of what is looked for. A page may have fewer items "
        "than `limit` and a `cursor` all the same. A single word of one or two characters is found whole.",
        examples=["ann example"],
    ),
    AfterValidator(_has_words),
]


def found_by(tenant_id: str, view: str, text: str) -> List:
    """What has, for each word of the text, a word that begins like it; by the word, then by the id."""
    given = searched(text)
    pk, beginning = words.live(tenant_id, view, given)
    return List(
        tenant_id=tenant_id,
        pk=pk,
        prefix=beginning,
        ascending=True,
        viewer=" ".join(given),
        shows=lambda item: words.matches(item, given),
        read_at_once=MOST_READ if given[1:] else 0,
    )
