"""The book of declines: complete, without contradiction, and every figure with its source."""

import json
import re
from datetime import date
from importlib.resources import files

import pytest

from recovery.policy.network_rules import GENERIC_TEXT, NETWORK_RULES, NetworkRulesError, read
from support.recorded_payloads import DECLINE_CODES, needs_codes

TEXT = (files("recovery.policy") / "declines.json").read_text("utf-8")
ALL = [rule for rules in NETWORK_RULES.tables.values() for rule in rules.values()]

# docs.stripe.com/declines/codes
STRIPE_CODES = [
    "approve_with_id",
    "authentication_required",
    "authentication_not_handled",
    "mobile_device_authentication_required",
    "call_issuer",
    "card_not_supported",
    "card_velocity_exceeded",
    "currency_not_supported",
    "do_not_honor",
    "do_not_try_again",
    "duplicate_transaction",
    "expired_card",
    "fraudulent",
    "generic_decline",
    "incorrect_address",
    "incorrect_cvc",
    "incorrect_number",
    "incorrect_pin",
    "incorrect_zip",
    "insufficient_funds",
    "invalid_account",
    "invalid_amount",
    "invalid_cvc",
    "invalid_expiry_month",
    "invalid_expiry_year",
    "invalid_number",
    "invalid_pin",
    "issuer_not_available",
    "lost_card",
    "merchant_blacklist",
    "new_account_information_available",
    "no_action_taken",
    "not_permitted",
    "offline_pin_required",
    "online_or_offline_pin_required",
    "pickup_card",
    "pin_try_exceeded",
    "processing_error",
    "reenter_transaction",
    "restricted_card",
    "revocation_of_all_authorizations",
    "revocation_of_authorization",
    "security_violation",
    "service_not_allowed",
    "stolen_card",
    "stop_payment_order",
    "testmode_decline",
    "transaction_not_allowed",
    "try_again_later",
    "withdrawal_count_limit_exceeded",
    "card_declined",
    "live_mode_test_card",
    "card_decline_rate_limit_exceeded",
    "partner_generic_decline",
    "partner_insufficient_funds",
    "partner_high_risk_customer",
    "invalid_customer_account",
    "payment_limit_exceeded",
    "no_account",
    "account_closed",
    "debit_not_authorized",
]
NOT_RETRIED_BY_STRIPE = {
    "authentication_required",
    "incorrect_number",
    "lost_card",
    "pickup_card",
    "revocation_of_all_authorizations",
    "revocation_of_authorization",
    "stolen_card",
    "transaction_not_allowed",
}
VISA_NEVER = ["04", "07", "12", "14", "15", "41", "43", "46", "57", "R0", "R1", "R3"]
VISA_LATER = [
    "03",
    "19",
    "39",
    "51",
    "52",
    "53",
    "59",
    "61",
    "62",
    "65",
    "75",
    "78",
    "83",
    "86",
    "91",
    "93",
    "96",
    "5C",
    "9G",
    "N3",
    "N4",
    "Z5",
]
VISA_DATA = ["54", "55", "82", "6P", "N7"]
GIVEAWAY = re.compile(r"lost|stolen|fraud|pick.?up|risk|block|black|suspect|steal|theft", re.IGNORECASE)


def test_every_code_of_stripes_is_classified():
    assert sorted(NETWORK_RULES.tables["stripe"]) == sorted(STRIPE_CODES)
    blocked = {code for code, rule in NETWORK_RULES.tables["stripe"].items() if rule.stripe_blocks_retry}
    assert blocked == NOT_RETRIED_BY_STRIPE
    assert NETWORK_RULES.tables["outcome"][
        "highest_risk_level"
    ].stripe_blocks_retry  # the ninth is no decline code


@needs_codes
def test_every_recorded_code_is_classified_as_hard_as_there():
    recorded = json.loads(DECLINE_CODES.read_text("utf-8"))["codes"]
    known = NETWORK_RULES.tables["stripe"] | NETWORK_RULES.tables["outcome"]
    assert len(recorded) >= 24
    for entry in recorded:
        rule = known[entry["code"]]
        assert rule.stripe_blocks_retry == entry["blocked_by_stripe"], rule.name
        wants_hard = entry["classification"] == "hard_decline" or entry["requires_card_update"]
        # What they call soft but never retry without another card is hard here: no retry can succeed.
        assert rule.type == ("hard" if wants_hard or rule.action == "update_card" else "soft"), rule.name


@pytest.mark.parametrize("category, codes", [(1, VISA_NEVER), (2, VISA_LATER), (3, VISA_DATA)])
def test_visas_categories(category, codes):
    visa = NETWORK_RULES.tables["visa"]
    assert sorted(code for code, rule in visa.items() if rule.category == category) == sorted(codes)
    assert all(visa[code].never == (category == 1) for code in codes)
    assert all(visa[code].type == ("soft" if category == 2 else "hard") for code in codes)


def test_mastercards_advice():
    mac = NETWORK_RULES.tables["mac"]
    waits = {
        code: rule.minimum_wait_minutes // 60 for code, rule in mac.items() if code >= "24" and code < "40"
    }
    assert waits == {"24": 1, "25": 24, "26": 48, "27": 96, "28": 144, "29": 192, "30": 240}
    assert {code for code, rule in mac.items() if rule.never} == {"03", "21"}
    assert {code for code, rule in mac.items() if rule.action == "update_card"} == {"01", "04", "40", "41"}


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.name)
def test_every_rule_has_a_source_and_a_day_on_which_it_was_checked(rule):
    assert NETWORK_RULES.sources[rule.source]["url"].startswith("https://")
    assert (
        date(2026, 1, 1) <= date.fromisoformat(rule.checked_on) <= date.fromisoformat(NETWORK_RULES.edition)
    )


def test_no_text_gives_away_what_may_not_be_told():
    assert not [text for text in NETWORK_RULES.texts.values() if GIVEAWAY.search(text)]
    kept_back = [rule for rule in ALL if not rule.disclose]
    assert {rule.text for rule in kept_back} == {GENERIC_TEXT}
    codes = (
        "fraudulent lost_card merchant_blacklist pickup_card restricted_card security_violation stolen_card"
    )
    assert {*codes.split(), "do_not_try_again", "testmode_decline"} <= {
        rule.name.partition(".")[2] for rule in kept_back
    }
    assert {rule.text for rule in ALL} == NETWORK_RULES.texts.keys()


def test_the_regions_are_countries_apart():
    assert not NETWORK_RULES.regions["europe"] & NETWORK_RULES.regions["cemea"]
    assert all(
        re.fullmatch("[A-Z]{2}", country) for region in NETWORK_RULES.regions.values() for country in region
    )


@pytest.mark.parametrize(
    "code, change, problem",
    [
        ("do_not_honor", {"type": "firm"}, "no such type"),
        ("do_not_honor", {"action": "pray"}, "no such action"),
        ("do_not_honor", {"schedule": "weekly"}, "no such ladder"),
        ("do_not_honor", {"text": "unheard"}, "no such text"),
        ("do_not_honor", {"source": "hearsay"}, "no such source"),
        ("stolen_card", {"text": "contact_bank"}, "gives away"),
        ("stolen_card", {"type": "soft"}, "never is hard"),
        ("stolen_card", {"schedule": "later", "first_retry_minutes": 5}, "never is hard"),
        ("expired_card", {"type": "soft"}, "what is soft"),
        ("do_not_honor", {"first_retry_minutes": None}, "a ladder has"),
        ("do_not_honor", {"first_retry_minutes": -1}, "waits go forward"),
        ("do_not_honor", {"minimum_wait_minutes": -1}, "waits go forward"),
        ("do_not_honor", {"unheard_of": 1}, "unheard_of"),
    ],
)
def test_a_book_that_contradicts_itself_is_refused(code, change, problem):
    raw = json.loads(TEXT)
    raw["tables"]["stripe"][code] |= change
    with pytest.raises(NetworkRulesError, match=problem):
        read(json.dumps(raw))


def test_it_can_be_read_again():
    assert read(TEXT) == NETWORK_RULES
    assert NETWORK_RULES.rule("stripe", "no_such_code") is None
