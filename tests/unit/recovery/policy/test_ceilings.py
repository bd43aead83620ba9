"""The networks' ceilings: what counts, and from when a card may be charged again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from recovery.policy.ceilings import (
    CEILINGS,
    LOOK_BACK,
    Allowed,
    CardCharge,
    Denied,
    Intended,
    distinct,
    free_at,
    next_allowed,
)

START = datetime(2026, 10, 1, 10, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def charge(number, at, **more):
    given = {"account": "acct_1", "amount_cents": 2900, "currency": "eur", "approved": False} | more
    return CardCharge(charge_id=f"ch_{number}", at=at, **given)


def every(gap, count, start=START, **more):
    return [charge(number, start + number * gap, **more) for number in range(count)]


def intended(brand="visa", **more):
    return Intended(**{"account": "acct_1", "amount_cents": 2900, "currency": "eur", "brand": brand} | more)


class TestVisa:
    def test_s_08_twenty_reattempts_in_thirty_days(self):
        """S-08: 21 hourly charges, so the first reattempt has to leave the window."""
        history = every(HOUR, 21)
        denied = next_allowed(history, intended(), history[-1].at + MINUTE)
        assert denied == Denied(
            rule="visa.reattempt_limit",
            edition="2026-04-18",
            not_before=datetime(2026, 10, 31, 11, tzinfo=UTC),
        )
        assert isinstance(next_allowed(history, intended(), denied.not_before), Allowed)
        assert isinstance(next_allowed(history, intended(), denied.not_before - MINUTE), Denied)

    def test_s_08_nineteen_reattempts_leave_one(self):
        history = every(HOUR, 20)
        assert next_allowed(history, intended(), history[-1].at) == Allowed(rules=("visa.reattempt_limit",))

    def test_another_amount_and_another_currency_count_apart(self):
        history = every(HOUR, 21)
        now = history[-1].at
        assert isinstance(next_allowed(history, intended(amount_cents=2901), now), Allowed)
        assert isinstance(next_allowed(history, intended(currency="usd"), now), Allowed)

    def test_every_account_and_invoice_counts_and_either_engine(self):
        """The pooled budget: all charges of a card count, of every workspace."""
        history = [
            replace(
                each,
                account=f"acct_{index % 2}",
                invoice_id=f"in_{index % 3}",
                initiator="troupe" if index % 2 else "stripe",
            )
            for index, each in enumerate(every(HOUR, 21))
        ]
        assert isinstance(next_allowed(history, intended(), history[-1].at), Denied)

    def test_s_03_what_reached_no_network_does_not_count(self):
        """S-03: blocked charges are no attempts."""
        history = every(HOUR, 60, reached_network=False)
        assert isinstance(next_allowed(history, intended(), history[-1].at), Allowed)

    def test_a_charge_counts_once(self):
        history = every(HOUR, 11)
        assert isinstance(next_allowed([*history, *history], intended(), history[-1].at), Allowed)

    def test_an_approval_begins_a_new_original_but_forgets_nothing(self):
        approved = charge("paid", START + 15 * HOUR + MINUTE, approved=True)
        history = [*every(HOUR, 16), approved, *every(HOUR, 6, START + 16 * HOUR)]
        history = [replace(each, charge_id=f"ch_{index}") for index, each in enumerate(history)]
        # 15 reattempts, the approved one, an original, and 5 more reattempts
        assert isinstance(next_allowed(history, intended(), history[-1].at), Denied)
        assert isinstance(next_allowed(history[:-2], intended(), history[-1].at), Allowed)

    def test_a_decline_a_window_after_the_last_is_an_original(self):
        once = (replace(CEILINGS[0], limit=1),)
        history = [charge(1, START), charge(2, START + once[0].window)]
        assert isinstance(next_allowed(history, intended(), history[-1].at, once), Allowed)
        history[1] = replace(history[1], at=history[1].at - MINUTE)
        assert isinstance(next_allowed(history, intended(), history[-1].at, once), Denied)


class TestMastercard:
    def test_s_10_ten_consecutive_declines_in_a_day(self):
        """S-10: ten minutes apart from 10:00, so blocked until 10:00 of the next day."""
        history = every(10 * MINUTE, 10)
        denied = next_allowed(history, intended("mastercard"), history[-1].at)
        assert (denied.rule, denied.not_before) == (
            "mastercard.consecutive_declines",
            datetime(2026, 10, 2, 10, tzinfo=UTC),
        )
        assert isinstance(next_allowed(history, intended("mastercard"), denied.not_before), Allowed)

    def test_s_10_any_amount_counts(self):
        history = every(10 * MINUTE, 10, amount_cents=100)
        assert isinstance(next_allowed(history, intended("mastercard"), history[-1].at), Denied)

    def test_s_10_an_approval_resets(self):
        history = every(10 * MINUTE, 10)
        history[5] = replace(history[5], approved=True)
        assert isinstance(next_allowed(history, intended("mastercard"), history[-1].at), Allowed)

    def test_s_10_another_acceptor_is_not_counted(self):
        history = every(10 * MINUTE, 10, account="acct_2")
        assert isinstance(next_allowed(history, intended("mastercard"), history[-1].at), Allowed)
        paid_there = charge("paid", START + HOUR, approved=True, account="acct_2")
        history = [*every(10 * MINUTE, 10), paid_there]
        assert isinstance(next_allowed(history, intended("mastercard"), history[-1].at + HOUR), Denied)

    def test_thirty_five_of_the_same_amount_in_thirty_days(self):
        history = every(12 * HOUR, 35)
        denied = next_allowed(history, intended("Mastercard"), history[-1].at)
        assert (denied.rule, denied.not_before) == (
            "mastercard.same_amount_declines",
            START + timedelta(days=30),
        )
        other = intended("mastercard", amount_cents=1)
        assert isinstance(next_allowed(history, other, history[-1].at), Allowed)

    def test_the_longest_of_two_denials_counts(self):
        history = every(10 * MINUTE, 35)
        denied = next_allowed(history, intended("mastercard"), history[-1].at)
        assert denied.rule == "mastercard.same_amount_declines"


class TestScope:
    def test_a_network_without_a_rule_has_no_ceiling(self):
        assert next_allowed(every(MINUTE, 50), intended("amex"), START + HOUR) == Allowed()

    @pytest.mark.parametrize("brand", [None, "", "unknown", "a_new_one"])
    def test_an_unknown_network_is_held_to_all_rules(self, brand):
        assert isinstance(next_allowed(every(MINUTE, 21), intended(brand), START + HOUR), Denied)
        assert len(next_allowed([], intended(brand), START).rules) == len(CEILINGS)

    def test_the_rules_are_parameters(self):
        mild = replace(CEILINGS[0], limit=1, approval_resets=True, same_account=True, edition="test")
        history = [*every(HOUR, 3), charge("paid", START + 3 * HOUR, approved=True)]
        assert isinstance(next_allowed(history, intended(), history[-1].at, (mild,)), Allowed)
        denied = next_allowed(history[:-1], intended(), history[-1].at, (mild,))
        assert (denied.edition, denied.not_before) == ("test", START + 2 * HOUR + mild.window)

    def test_what_has_to_be_remembered(self):
        assert timedelta(days=60) == LOOK_BACK

    def test_a_limit_is_positive(self):
        with pytest.raises(ValueError, match="positive"):
            free_at([], 0, HOUR)


class TestAccountsOfOneCharge:
    def test_of_two_accounts_of_a_charge_the_stricter_counts(self):
        declined, approved = charge(1, START), charge(1, START, approved=True)
        assert distinct([declined, approved]) == distinct([approved, declined]) == (declined,)
        dearer = charge(1, START, amount_cents=9900)
        assert distinct([declined, dearer]) == distinct([dearer, declined]) == (dearer,)


CHARGES = st.lists(
    st.builds(
        charge,
        st.integers(0, 60),
        st.integers(0, 45 * 24 * 60).map(lambda minutes: START + minutes * MINUTE),
        approved=st.booleans(),
        reached_network=st.booleans(),
        amount_cents=st.sampled_from([2900, 100]),
    ),
    max_size=80,
)
BRANDS = st.sampled_from(["visa", "mastercard", "amex", None])
TIGHT = tuple(replace(each, limit=3) for each in CEILINGS)


class TestInvariants:
    @examples(charges=CHARGES, brand=BRANDS, data=st.data())
    def test_order_and_repetition_do_not_matter(self, charges, brand, data):
        shuffled = data.draw(st.permutations([*charges, *charges[:5]]))
        now = START + timedelta(days=20)
        assert next_allowed(charges, intended(brand), now, TIGHT) == next_allowed(
            shuffled, intended(brand), now, TIGHT
        )

    @examples(charges=CHARGES, brand=BRANDS, minutes=st.integers(0, 60 * 24 * 60))
    def test_a_denial_ends_at_its_instant_and_not_before(self, charges, brand, minutes):
        now = START + minutes * MINUTE
        found = next_allowed(charges, intended(brand), now, TIGHT)
        if isinstance(found, Denied):
            assert found.not_before > now
            assert isinstance(next_allowed(charges, intended(brand), found.not_before, TIGHT), Allowed)
            just_before = found.not_before - timedelta(microseconds=1)
            assert isinstance(next_allowed(charges, intended(brand), just_before, TIGHT), Denied)

    @examples(charges=CHARGES, brand=BRANDS)
    def test_a_higher_limit_never_waits_longer(self, charges, brand):
        now = START + timedelta(days=20)
        strict = next_allowed(charges, intended(brand), now, TIGHT)
        mild = next_allowed(charges, intended(brand), now)
        assert isinstance(mild, Allowed) or mild.not_before <= strict.not_before
