"""Which amounts of which currency Stripe takes (https://docs.stripe.com/currencies)."""

from stripe_simulator.world import Refused

CURRENCIES = frozenset({
    "aed", "afn", "all", "amd", "ang", "aoa", "ars", "aud", "awg", "azn", "bam", "bbd", "bdt", "bgn", "bhd",
    "bif", "bmd", "bnd", "bob", "brl", "bsd", "bwp", "byn", "bzd", "cad", "cdf", "chf", "clp", "cny", "cop",
    "crc", "cve", "czk", "djf", "dkk", "dop", "dzd", "egp", "etb", "eur", "fjd", "fkp", "gbp", "gel", "gip",
    "gmd", "gnf", "gtq", "gyd", "hkd", "hnl", "htg", "huf", "idr", "ils", "inr", "isk", "jmd", "jod", "jpy",
    "kes", "kgs", "khr", "kmf", "krw", "kwd", "kyd", "kzt", "lak", "lbp", "lkr", "lrd", "lsl", "mad", "mdl",
    "mga", "mkd", "mmk", "mnt", "mop", "mur", "mvr", "mwk", "mxn", "myr", "mzn", "nad", "ngn", "nio", "nok",
    "npr", "nzd", "omr", "pab", "pen", "pgk", "php", "pkr", "pln", "pyg", "qar", "ron", "rsd", "rub", "rwf",
    "sar", "sbd", "scr", "sek", "sgd", "shp", "sle", "sos", "srd", "std", "szl", "thb", "tjs", "tnd", "top",
    "try", "ttd", "twd", "tzs", "uah", "ugx", "usd", "uyu", "uzs", "vnd", "vuv", "wst", "xaf", "xcd", "xof",
    "xpf", "yer", "zar", "zmw",
})  # fmt: skip
WHOLE_HUNDREDS = frozenset({"isk", "ugx"})  # without decimals, and asked for with two that are 00
WHOLE_TENS = frozenset({"bhd", "jod", "kwd", "omr", "tnd"})  # three decimals, of which the last is 0
LEAST = {
    "aed": 200, "aud": 50, "bgn": 100, "brl": 50, "cad": 50, "chf": 50, "czk": 1500, "dkk": 250, "eur": 50,
    "gbp": 30, "hkd": 400, "huf": 17500, "inr": 50, "jpy": 50, "mxn": 1000, "myr": 200, "nok": 300,
    "nzd": 50, "pln": 200, "ron": 200, "sek": 300, "sgd": 50, "thb": 1000, "usd": 50,
}  # fmt: skip
MOST = 99_999_999


def check(currency: str, amount: int) -> None:
    """Raises `Refused` for a currency that is none, or an amount of another form than it takes."""
    if currency not in CURRENCIES:
        raise Refused(f"Invalid currency: {currency}.", None, "currency")
    if amount <= 0:
        raise Refused("This value must be greater than or equal to 1.", "parameter_invalid_integer", "amount")
    step = 100 if currency in WHOLE_HUNDREDS else 10 if currency in WHOLE_TENS else 1
    if amount % step:
        said = f"Invalid amount. Amounts of {currency.upper()} must be divisible by {step}."
        raise Refused(said, None, "amount")


def check_charge(currency: str, amount: int) -> None:
    """A charge has a least amount and a largest one, too."""
    check(currency, amount)
    if amount < LEAST.get(currency, 1):
        said = f"Amount must be at least {LEAST[currency]} of the smallest unit of {currency}."
        raise Refused(said, "amount_too_small", "amount")
    if amount > MOST:
        raise Refused(f"Amount must be no more than {MOST}.", "amount_too_large", "amount")
