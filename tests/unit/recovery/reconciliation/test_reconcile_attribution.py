"""Whose doing it was that an invoice got paid, scenario by scenario."""

from recovery.attempt.commands import RecordStepClicked
from support.recovery.invoice_cases import Case


class TestAttribution:
    def paid(self, case, **how):
        case.stripe.forward(hours=2)
        case.stripe.behave(case.stripe.card_of(case.invoice))
        how.get("by", case.stripe.retried_by_stripe)(case.invoice)
        case.look()
        assert case.state.status == "recovered"
        recovered = case.found.events[-1]
        return recovered.attribution, recovered.evidence

    def touched(self, declines="insufficient_funds"):
        case = Case(declines)
        case.look()
        case.mail()
        return case

    def test_s_80_stripes_retry_after_a_mail_that_was_clicked(self):
        case = self.touched()
        case.ask(RecordStepClicked(step_id="first", clicked_at=case.stripe.now))
        attribution, evidence = self.paid(case)
        assert attribution == "auto_retry"
        assert evidence["charge_id"] == case.stripe.charges(case.invoice)[-1].id
        assert case.state.steps[0].status == "converted"

    def test_our_retry(self):
        case = self.touched()
        case.stripe.forward(days=1)
        case.claim()
        case.stripe.behave(case.stripe.card_of(case.invoice))
        case.stripe.charged_by_api(case.invoice)
        case.look()
        assert case.state.attribution == "our_retry"

    def test_another_card_after_a_mail(self):
        case = self.touched("expired_card")
        case.stripe.forward(days=2)
        case.stripe.new_card(case.invoice)
        attribution, evidence = self.paid(case)
        assert (attribution, evidence["step_id"]) == ("card_update_after_touch", "first")

    def test_another_card_unasked(self):
        case = Case("expired_card")
        case.look()
        case.stripe.new_card(case.invoice)
        assert self.paid(case)[0] == "organic"

    def test_another_card_a_week_after_the_last_mail(self):
        case = self.touched("expired_card")
        case.stripe.forward(days=8)
        case.stripe.new_card(case.invoice)
        assert self.paid(case)[0] == "organic"

    def test_another_card_on_the_invoices_page(self):
        case = self.touched("expired_card")
        case.stripe.forward(hours=1)
        other = case.stripe.card(case.stripe.customer_of(case.invoice), default=False)
        case.stripe.paid_by_customer(case.invoice, other)
        case.look()
        assert case.state.attribution == "card_update_after_touch"
        assert case.state.charges[-1].initiator == "customer"

    def test_s_40_authentication_after_a_mail(self):
        case = self.touched("authentication_required")
        case.stripe.forward(hours=1)
        case.stripe.paid_by_customer(case.invoice)
        case.look()
        assert case.state.attribution == "authentication_after_touch"

    def test_s_40_authentication_unasked(self):
        case = Case("authentication_required")
        case.look()
        case.stripe.forward(hours=1)
        case.stripe.paid_by_customer(case.invoice)
        case.look()
        assert case.state.attribution == "organic"

    def test_the_networks_account_updater(self):
        case = Case("expired_card")
        case.look()
        case.stripe.forward(hours=1)
        case.stripe.updated_by_network(case.invoice)
        case.look()
        assert self.paid(case)[0] == "account_updater"
