"""The words by which something is found: of names, titles, handles, numbers and e-mail addresses.

Letters are compared without case and marks. A word that has a hyphen or an apostrophe is found by its parts
and by all of it; an e-mail address by the parts before the @ and by those of its domain but the last.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

MOST_WORDS = 12  # of one thing
LONGEST_WORD = 32

_APART = re.compile(r"[\W_]+")
_JOINED = "-'\u2010\u2011\u2019"  # hyphens and apostrophes
_WITHOUT_MARK = str.maketrans(
    {
        "\N{LATIN SMALL LETTER O WITH STROKE}": "o",
        "\N{LATIN SMALL LETTER L WITH STROKE}": "l",
        "\N{LATIN SMALL LETTER D WITH STROKE}": "d",
        "\N{LATIN SMALL LETTER ETH}": "d",
        "\N{LATIN SMALL LETTER DOTLESS I}": "i",
        "\N{LATIN SMALL LETTER AE}": "ae",
        "\N{LATIN SMALL LIGATURE OE}": "oe",
        "\N{LATIN SMALL LETTER THORN}": "th",
    }
)


def words_of(*texts: str | None) -> tuple[str, ...]:
    """The words of texts, as they are kept: at most twelve, those of the first text before the others."""
    found = (word for text in texts if text for word in _words(text, joined=True))
    return tuple(dict.fromkeys(found))[:MOST_WORDS]


def searched(text: str) -> tuple[str, ...]:
    """The words of a search, the longest first: each is the beginning of a word that is looked for."""
    return tuple(sorted(dict.fromkeys(_words(text, joined=False)), key=len, reverse=True))[:MOST_WORDS]


def folded(text: str) -> str:
    """Lower case, without marks, and in one form for what Unicode writes in several."""
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    bare = "".join(each for each in apart if not unicodedata.combining(each))
    return unicodedata.normalize("NFC", bare.casefold().translate(_WITHOUT_MARK))


def _words(text: str, *, joined: bool) -> Iterator[str]:
    for chunk in folded(text).split():
        local, at, domain = chunk.partition("@")
        host = domain.rpartition(".")[0] or domain
        for part in (local, host) if local and at else (chunk,):
            yield from _parts(part, joined=joined)


def _parts(text: str, *, joined: bool) -> Iterator[str]:
    yield from _short(_APART.split(text))
    if joined and any(each in text for each in _JOINED):
        whole = text.translate(dict.fromkeys(map(ord, _JOINED)))
        yield from _short(_APART.split(whole))


def _short(words: Iterable[str]) -> Iterator[str]:
    return (word[:LONGEST_WORD] for word in words if word)
