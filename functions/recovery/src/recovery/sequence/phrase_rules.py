"""What a mail about an unpaid invoice must not say, in the languages that our tenants' customers read.

Why a card was refused may be the secret of its issuer: "lost", "stolen", "pick up" and "fraud" must not be
shown (https://docs.stripe.com/declines/codes: show such a decline as a generic one). And what will not be
tried again must not be promised. Both err on the side of refusing: an author can choose other words.
"""

import re
from unicodedata import category, normalize

_GIVEN_AWAY = re.compile(
    r"\b(?:"
    r"lost|stolen|theft|stole|pick[\s_-]?up|picked[\s_-]up"  # en
    r"|fraud\w*|defraud\w*"  # en, and the stem of fr, es, pt, nl
    r"|verloren\w*|gestohlen\w*|diebstahl\w*|betrug\w*|betrueg\w*"  # de (and nl: verloren)
    r"|perdue?s?|volee?s?"  # fr: perdu(e)(s), vole(e)(s)
    r"|perdid[oa]s?|extraviad[oa]s?|robad[oa]s?|robos?"  # es (and pt: perdido)
    r"|smarrit[aoie]|rubat[aoie]|furto|frod[ei]\w*"  # it
    r"|roubad[oa]s?|furtad[oa]s?"  # pt
    r"|gestolen|diefstal"  # nl
    r")\b"
)
_W = r"(?:\d+\.|[\w'-]+)\s+"  # a word on the way, which ends no sentence
_WILL_EN = rf"\b(?:will|shall|going to|'ll)\s+(?:{_W}){{0,3}}?"
_AGAIN_DE = r"(?:erneut|nochmals?|noch\s+einmal|wieder|abermals)"
_CHARGE_DE = r"(?:versuch|abbuch|abgebucht|abzubuch|belast|einzieh|eingezogen|einzuzieh|probier)\w*"
_TRY_DE = r"(?:versuchen|probieren|buchen|belasten|ziehen)"
_SHALL_FR = r"\b(?:essaierons|essayerons|tenterons|allons\s+(?:essayer|tenter)|preleverons|sera|serez)"
_SHALL_ES = r"\b(?:intentar|cobrar|cargar)(?:a|an|emos)"
_PROMISES = tuple(
    re.compile(pattern)
    for pattern in (
        # en
        rf"{_WILL_EN}(?:re-?tr(?:y|ie)|re-?attempt|re-?charge)\w*",
        rf"{_WILL_EN}(?:try|tried|attempt|charge|bill|debit)\w*\s+(?:{_W}){{0,6}}?(?:again|once more)\b",
        rf"\bwe\s+(?:\w+\s+)?(?:retry|(?:try|charge|attempt)\s+(?:{_W}){{0,6}}?(?:again|once more))\b",
        r"\b(?:next|another|further|new)\s+(?:payment\s+)?(?:re-?try|attempt)s?\b",
        r"\bretry(?:ing)?\s+(?:the|your|this|it|on)\b",
        r"\bautomatic(?:ally)?\s+retr(?:y|ies)\b",
        # de
        rf"\b(?:wir|wird|werden)\s+(?:{_W}){{0,6}}?{_AGAIN_DE}\s+(?:{_W}){{0,4}}?{_CHARGE_DE}",
        rf"\b(?:{_TRY_DE}\s+wir|wir\s+{_TRY_DE})\s+(?:{_W}){{0,6}}?{_AGAIN_DE}",
        r"\b(?:nachste[rn]?|weitere[rn]?|neue[rn]?|erneute[rn]?)\s+\w*versuch\w*",
        # fr
        r"\b(?:reessa|retente|re-essa)\w*",
        rf"{_SHALL_FR}\s+(?:{_W}){{0,5}}?(?:a nouveau|de nouveau|encore)\b",
        rf"\b(?:a nouveau|de nouveau)\s+(?:{_W}){{0,2}}?(?:essay|tent|prelev|debit)\w*",
        r"\b(?:prochaine|nouvelle|autre)\s+tentative\b",
        # es
        r"\breintent\w*",
        rf"\b(?:volver(?:a|an|emos)|vamos)\s+a\s+(?:{_W}){{0,2}}?(?:intent|cobr|carg|prob)\w*",
        rf"{_SHALL_ES}\s+(?:{_W}){{0,5}}?(?:de nuevo|nuevamente|otra vez)\b",
        r"\b(?:proximo|nuevo|otro)\s+(?:intento|cargo|cobro)\b",
    )
)
_DENIED = re.compile(
    r"\b(?:not|never|no|none|cannot|nothing|without"
    r"|nicht|nie|niemals|kein\w*|ohne"
    r"|ne|pas|jamais|aucune?|sans"
    r"|nunca|ningun\w*|tampoco|sin)\b|n't\b"
)
_BEFORE = re.compile(r"(?:[\w']+\s+){0,2}$")  # the words in front that may deny it


def plain(text: str) -> str:
    """Lower case, without accents, invisible characters and typographic quotes."""
    decomposed = normalize("NFKD", text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'"))
    return "".join(each for each in decomposed if category(each) not in {"Mn", "Cf"}).casefold()


def given_away(text: str) -> str | None:
    """The first word that tells what the issuer keeps to itself."""
    found = _GIVEN_AWAY.search(plain(text))
    return found and found[0]


def promise(text: str) -> str | None:
    """The first words that promise another charge; "we will not try again" is none."""
    words = " ".join(plain(text).split())
    found = (match for pattern in _PROMISES for match in pattern.finditer(words))
    return next((match[0] for match in found if not _denied(words, match)), None)


def _denied(words: str, match: re.Match[str]) -> bool:
    before = _BEFORE.search(words[: match.start()])
    return _DENIED.search(f"{before[0] if before else ''}{match[0]}") is not None
