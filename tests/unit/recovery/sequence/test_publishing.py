"""What is refused before a sequence is published, and what is only pointed out."""

import pytest

from recovery.sequence.decider import Draft
from recovery.sequence.publication import checked
from troupe.domain.decider import Invalid

GUARDED = (
    "{% if will_retry %}We will try again on {{ retry_at }}.{% endif %} Access ends on {{ access_ends_at }}."
)
PROMISING = "We will try again on {{ retry_at }}. Access ends on {{ access_ends_at }}."


def draft(body, subject="About your payment"):
    return Draft(delay_hours=0, subject_template=subject, body_template=body)


def refused(*drafts):
    with pytest.raises(Invalid) as invalid:
        checked(drafts)
    return invalid.value.code, invalid.value.field


def test_what_is_sound_has_no_warnings():
    assert checked([draft(GUARDED), draft(GUARDED)]) == []


class TestS45:
    """S-45: the last mail promises nothing that will not be done, and says when access ends."""

    @pytest.mark.parametrize(
        "body",
        [
            PROMISING,
            "We will try your card again tomorrow.",
            "Wir buchen am Montag noch einmal ab.",
            "Nous réessaierons demain.",
            "Volveremos a intentar el cobro.",
            "{% unless will_retry %}We will retry{% endunless %}",
            "{% if is_final %}Our next attempt is soon{% endif %}",
            "{% if reason %}{% else %}The payment will be retried{% endif %}",
            "Hasta el {{ retry_at }}",
        ],
    )
    def test_a_promise_outside_the_condition(self, body):
        assert refused(draft(GUARDED), draft(body)) == ("promises_retry", "steps.1")

    def test_a_promise_in_the_subject(self):
        assert refused(draft(GUARDED, "We will try again")) == ("promises_retry", "steps.0")

    def test_a_denial_is_none(self):
        assert checked([draft("We will not try again. Access ends on {{ access_ends_at }}.")]) == []

    def test_an_earlier_mail_may_but_is_pointed_out(self):
        assert checked([draft(PROMISING), draft(GUARDED)]) == [{"step": 0, "code": "promises_retry"}]

    def test_a_last_mail_that_does_not_say_when_access_ends_is_pointed_out(self):
        warned = [{"step": 1, "code": "names_no_access_end"}]
        assert checked([draft("Pay."), draft("Pay.")]) == warned


class TestS49:
    """S-49: no text reveals why a card was refused, in any branch and language."""

    @pytest.mark.parametrize(
        "body",
        [
            "Your card was reported stolen.",
            "{% if amount_due == 'x' %}Your card is lost{% endif %}",
            "{{ 'sto' | append: 'len' }}",
            "Ihre Karte wurde gestohlen.",
            "Votre carte a été volée.",
            "Su tarjeta fue robada.",
            "Suspected FRAUD",
        ],
    )
    def test_in_a_body(self, body):
        assert refused(draft(body), draft(GUARDED)) == ("decline_reason_in_mail", "steps.0")

    def test_in_a_subject(self):
        assert refused(draft(GUARDED, "Pick-up card")) == ("decline_reason_in_mail", "steps.0")


class TestS50:
    """S-50: what cannot be filled in is not published."""

    def test_an_unknown_variable(self):
        assert refused(draft("Hello {{ name }}")) == ("unknown_variable", "steps.0")
        assert refused(draft("x"), draft("x", "{{ stripe_customer_id }}")) == ("unknown_variable", "steps.1")

    @pytest.mark.parametrize("body", ["{% if %}", "{{ invoices[0].secret }}", "{{ '{' }}{ x }}", "\x00"])
    def test_what_cannot_be_rendered(self, body):
        assert refused(draft(body)) == ("bad_template", "steps.0")

    def test_a_header_in_the_subject(self):
        assert refused(draft("x", "a\r\nBcc: b@example.com")) == ("bad_template", "steps.0")
