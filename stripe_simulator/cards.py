"""When a charge on a card succeeds: a function of card, amount and instant alone.

No generator is drawn from while charging, so that two policies that charge the same card at the same time are
told the same, also when their earlier charges differ. Stripe's own refusals are decided here too.
"""

import calendar
from datetime import UTC, datetime
from hashlib import sha256

from stripe_simulator.declines import BLOCKED_AFTERWARDS, DECLINES, Decline, name_of, named, of_brand
from stripe_simulator.model import Card, Episode

HOUR = 3600
DAY = 24 * HOUR


def valid_until(card: Card) -> int:
    """A card is good to the end of its last month."""
    year, month = (card.exp_year + card.exp_month // 12, card.exp_month % 12 + 1)
    return int(datetime(year, month, 1, tzinfo=UTC).timestamp())


def authorized(card: Card, amount: int, at: int, *, present: bool = False) -> Decline | None:
    """None if the charge succeeds. `present`: the customer is there and does what the bank asks for."""
    if card.refused_for_good:
        return of_brand(DECLINES["previously_declined_do_not_retry"], card.brand)
    declined = _declined(card, amount, at, present=present)
    if declined is None:
        return None
    decline = of_brand(named(declined), card.brand)
    card.refused_for_good = name_of(decline) in BLOCKED_AFTERWARDS
    return decline


def _declined(card: Card, amount: int, at: int, *, present: bool) -> str | None:
    for episode in card.episodes:
        if present and episode.decline == "authentication_required":
            continue
        if _lasts(episode, at) and _strikes(episode, card, amount, at):
            return episode.decline
    return "expired_card" if at >= valid_until(card) and not card.outlives_expiry else None


def _lasts(episode: Episode, at: int) -> bool:
    return episode.start <= at and (episode.end is None or at < episode.end)


def _strikes(episode: Episode, card: Card, amount: int, at: int) -> bool:
    return episode.chance >= 1 or unit(card.id, episode.decline, amount, at // HOUR) < episode.chance


def unit(*seeds: object) -> float:
    """A number in [0, 1) that is always the same for the same seeds."""
    digest = sha256("/".join(map(str, seeds)).encode()).digest()
    return int.from_bytes(digest[:8]) / 2**64


def poor_until_paydays(first: int, months: int, days: tuple[int, ...], poor: int) -> list[Episode]:
    """No money in the `poor` days before each payday (at 06:00 UTC of the `days` of a month)."""
    began = datetime.fromtimestamp(first, UTC)
    paydays = [payday(began.year, began.month + number, day) for number in range(months) for day in days]
    return [Episode(decline="insufficient_funds", start=at - poor * DAY, end=at) for at in sorted(paydays)]


def payday(year: int, month: int, day: int) -> int:
    """06:00 UTC of that day, or of the month's last; `month` may run on beyond 12."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    last = calendar.monthrange(year, month)[1]
    return int(datetime(year, month, min(day, last), 6, tzinfo=UTC).timestamp())
