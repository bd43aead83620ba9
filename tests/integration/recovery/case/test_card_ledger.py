"""The ledger of a card: what was charged, and what is about to be, of all invoices."""

from dataclasses import replace
from datetime import timedelta

import pytest

from recovery.attempt.commands import ClaimRetry, MarkRecovered, RecordPaymentAttempt, ReleaseRetry
from recovery.case import card_charges
from recovery.policy.ceilings import CardCharge
from support.recovery.attempt_histories import ACCOUNT, INVOICE, NEVER, OTHER, charge, failed
from support.recovery.open_attempts import BEGAN, ask, open_case
from support.recovery.tenant import NOON
from support.spec import TENANT
from troupe.ids import new_id
from troupe.store.commit import commit

PAID = MarkRecovered(recovered_amount_cents=2900, recovered_at=NOON)
DUE = NOON + timedelta(days=1)


@pytest.fixture
def workspace(tenant):
    return tenant.workspace()


def claim(number=1, fingerprint="fp_1"):
    return ClaimRetry(number=number, idempotency_key=f"k{number}", fetched_at=DUE, fingerprint=fingerprint)


class TestLedger:
    def test_charges_of_a_card_are_kept_for_every_policy(self, tenant, workspace):
        attempt = open_case(tenant, workspace)
        ask(tenant, attempt, failed(2, BEGAN + timedelta(hours=1), NEVER))
        ledger = card_charges.read(TENANT, "fp_1", NOON)
        assert [(each.charge_id, each.never_rule) for each in ledger.charges] == [
            ("ch_1", None),
            ("ch_2", "visa.46"),
        ]
        assert (ledger.version, ledger.charges[0].invoice_id) == (2, INVOICE)

    def test_a_card_without_a_fingerprint_has_none(self, tenant, workspace):
        open_case(tenant, workspace, first=failed(when=BEGAN, fingerprint=None))
        assert card_charges.read(TENANT, None, NOON) == card_charges.Ledger(fingerprint="")
        assert card_charges.reserved(TENANT, card_charges.Ledger(fingerprint=""), _intended("x")) == ()

    def test_what_is_older_than_any_ceiling_is_not_read(self, tenant, workspace):
        open_case(tenant, workspace)
        later = card_charges.read(TENANT, "fp_1", NOON + timedelta(days=61))
        assert (later.charges, later.version) == ((), 1)

    def test_s_06_never_is_remembered_longer_than_any_ceiling_looks_back(self, tenant, workspace):
        attempt = open_case(tenant, workspace)
        ask(tenant, attempt, failed(2, BEGAN + timedelta(hours=1), NEVER))
        ask(tenant, attempt, failed(3, BEGAN + timedelta(hours=2)))
        later = card_charges.read(TENANT, "fp_1", NOON + timedelta(days=400))
        assert [(each.charge_id, each.never_rule) for each in later.charges] == [("ch_2", "visa.46")]
        commit(card_charges.reserved(TENANT, later, _intended("a:1")))
        assert card_charges.read(TENANT, "fp_1", NOON + timedelta(days=400)).charges[0] == later.charges[0]

    @pytest.mark.parametrize("known", [False, True])
    def test_two_cases_do_not_both_take_the_last_charge_of_a_card(self, tenant, workspace, known):
        if known:
            open_case(tenant, workspace)
        seen = card_charges.read(TENANT, "fp_1", NOON)
        commit(card_charges.reserved(TENANT, seen, _intended("a:1")))
        with pytest.raises(Exception, match="conditions failed"):
            commit(card_charges.reserved(TENANT, seen, _intended("b:1")))
        now = card_charges.read(TENANT, "fp_1", NOON)
        assert "a:1" in [each.charge_id for each in now.charges]
        commit(card_charges.reserved(TENANT, now, _intended("b:1")))

    def test_what_was_reserved_is_free_when_the_claim_is_over(self, tenant, workspace):
        for over in (
            failed(9, DUE, initiator="troupe"),
            ReleaseRetry(number=1, reason="paid", retry_at=DUE + timedelta(hours=1)),
            PAID,
        ):
            attempt = open_case(tenant, workspace, invoice=new_id())
            seen = card_charges.read(TENANT, "fp_1", NOON)
            commit(card_charges.reserved(TENANT, seen, _intended(card_charges.reservation(attempt, 1))))
            ask(tenant, attempt, claim(), at=DUE)
            ask(tenant, attempt, over, at=DUE)
            held = [each.charge_id for each in card_charges.read(TENANT, "fp_1", DUE).charges]
            assert card_charges.reservation(attempt, 1) not in held

    def test_it_stays_reserved_while_the_claim_is_renewed(self, tenant, workspace):
        attempt = open_case(tenant, workspace)
        seen = card_charges.read(TENANT, "fp_1", NOON)
        commit(card_charges.reserved(TENANT, seen, _intended(card_charges.reservation(attempt, 1))))
        ask(tenant, attempt, claim(), at=DUE)
        later = DUE + timedelta(minutes=3)
        ask(tenant, attempt, replace(claim(), fetched_at=later), at=later)
        held = [each.charge_id for each in card_charges.read(TENANT, "fp_1", DUE).charges]
        assert card_charges.reservation(attempt, 1) in held

    def test_several_cards_in_one_transaction(self, tenant, workspace):
        other = RecordPaymentAttempt(
            charge=charge(2, BEGAN, fingerprint="fp_2", payment_method_id=OTHER.payment_method_id)
        )
        open_case(tenant, workspace, other)
        assert [len(card_charges.read(TENANT, each, NOON).charges) for each in ("fp_1", "fp_2")] == [1, 1]


def _intended(name):
    return CardCharge(
        charge_id=name, at=NOON, account=ACCOUNT, amount_cents=2900, currency="EUR", approved=False
    )
