"""Money: an integer of a currency's minor units, and never two currencies in one sum."""

from collections.abc import Sequence
from dataclasses import dataclass

# ISO 4217 list one as published 2026-01-01 (https://www.six-group.com/dam/download/financial-information/
# data-center/iso-currrency/lists/list-one.xml) without funds, units of account, metals and test codes.
_BY_MINOR_UNITS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF",
    2: "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF "
    "CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL "
    "HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT "
    "MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB "
    "SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH "
    "USD UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG",
    3: "BHD IQD JOD KWD LYD OMR TND",
}
MINOR_UNITS = {code: digits for digits, codes in _BY_MINOR_UNITS.items() for code in codes.split()}


class UnknownCurrency(ValueError):  # noqa: N818 -- what it is, for a validator to report
    """Not the code of a currency in circulation (ISO 4217, upper case)."""


class MixedCurrencies(ValueError):  # noqa: N818 -- what it is, for a validator to report
    """Amounts of two currencies were to be added, subtracted or compared."""


def checked(currency: str) -> str:
    """The code itself, if it is one; raises `UnknownCurrency`."""
    if currency not in MINOR_UNITS:
        raise UnknownCurrency("not a currency of ISO 4217")
    return currency


@dataclass(frozen=True, slots=True)
class Money:
    """`amount_cents` of the currency's minor unit: 100 is one dollar, a hundred yen, a tenth of a KWD."""

    amount_cents: int
    currency: str

    def __post_init__(self) -> None:
        checked(self.currency)

    def __add__(self, other: "Money") -> "Money":
        return Money(self.amount_cents + self._same(other).amount_cents, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.amount_cents - self._same(other).amount_cents, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.amount_cents, self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.amount_cents < self._same(other).amount_cents

    def __le__(self, other: "Money") -> bool:
        return self.amount_cents <= self._same(other).amount_cents

    def split(self, weights: Sequence[int]) -> tuple["Money", ...]:
        """Shares in the proportion of the weights, which sum exactly.

        Each is its exact part rounded down or up: the largest remainders go up, the earlier of equal ones
        first (Hare quota, https://en.wikipedia.org/wiki/Quota_method). A debt is split as the credit is.
        ValueError for a negative weight, or none above zero.
        """
        return tuple(Money(share, self.currency) for share in split(self.amount_cents, weights))

    def _same(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise MixedCurrencies(f"{self.currency} and {other.currency}")
        return other


def split(amount: int, weights: Sequence[int]) -> list[int]:
    """An integer in the proportion of the weights, by the largest remainder; see `Money.split`."""
    total = sum(weights)
    if total == 0 or min(weights) < 0:
        raise ValueError("weights are not negative, and not all zero")
    parts = [divmod(abs(amount) * weight, total) for weight in weights]
    shares = [share for share, _ in parts]
    by_remainder = sorted(
        range(len(parts)), key=lambda index: -parts[index][1]
    )  # stable: the earlier one first
    for index in by_remainder[: abs(amount) - sum(shares)]:
        shares[index] += 1
    return shares if amount >= 0 else [-share for share in shares]
