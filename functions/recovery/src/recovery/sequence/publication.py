"""What is asked of a sequence's mails before they are published: each is rendered, as if it were sent."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Literal

from pydantic import BaseModel

from recovery.sequence.decider import Draft
from recovery.sequence.events import Step
from recovery.sequence.phrase_rules import given_away, promise
from recovery.sequence.templates import InvoiceLine, MailValues, Rendered, check, render
from troupe.domain.decider import Invalid
from troupe.edge.endpoint import Version
from troupe.mail.templates import BadTemplate

REFUSALS = ("bad_template", "decline_reason_in_mail", "promises_retry", "unknown_variable")

_RETRY_AT, _ENDS_AT = "2026-02-03", "2026-02-09"
_LINE = InvoiceLine(number="AB-0001", amount_due="EUR 12.00", pay_link="https://pay.example/1")
_FULL = MailValues(
    will_retry=False,
    retry_at=_RETRY_AT,
    is_final=False,
    amount_due="EUR 12.00",
    access_ends_at=_ENDS_AT,
    customer_name="Emily",
    workspace_name="Acme",
    invoice_number="AB-0001",
    invoices=(_LINE, _LINE),
    card_brand="Visa",
    card_last4="4242",
    reason="Your bank declined the payment.",
    pay_link="https://pay.example/1",
    opt_out_link="https://out.example/1",
)
_BARE = replace(
    _FULL,
    retry_at=None,
    access_ends_at=None,
    customer_name=None,
    invoice_number=None,
    invoices=(_LINE,),
    card_brand=None,
    card_last4=None,
    reason=None,
)


class Warning(BaseModel, frozen=True):  # noqa: A001 -- what it is, and not an exception
    """What may be meant, and may be a mistake; `step` counts from 0."""

    step: int
    code: Literal["promises_retry", "names_no_access_end"]


class Published(Version, frozen=True):
    warnings: tuple[Warning, ...]


def checked(drafts: Sequence[Draft]) -> list[dict[str, int | str]]:
    """Refuse what must not be sent (`REFUSALS`); what may be meant comes back as warnings."""
    last = len(drafts) - 1
    found = (each for at, draft in enumerate(drafts) for each in _warned(at, draft, is_final=at == last))
    return [warning.model_dump() for warning in found]


def _warned(at: int, draft: Draft, *, is_final: bool) -> Iterator[Warning]:
    hopeful = list(_rendered(at, draft, will_retry=True, is_final=is_final))
    hopeless = list(_rendered(at, draft, will_retry=False, is_final=is_final))
    for mail in (*hopeful, *hopeless):
        _keeps_secret(at, draft, mail)
    promised = next(filter(None, map(_promised, hopeless)), None)
    if promised and is_final:
        detail = (
            f"The last mail promises what will not be done: “{promised}”. Put it within an if will_retry."
        )
        raise Invalid("promises_retry", detail, f"steps.{at}")
    if promised:
        yield Warning(step=at, code="promises_retry")
    if is_final and not any(_ENDS_AT in mail.text for mail in hopeless):
        yield Warning(step=at, code="names_no_access_end")


def _rendered(at: int, draft: Draft, *, will_retry: bool, is_final: bool) -> Iterator[Rendered]:
    """The mail with all that may be known, and with nothing of it."""
    step = Step(
        id="draft",
        delay_hours=draft.delay_hours,
        subject_template=draft.subject_template,
        body_template=draft.body_template,
    )
    try:
        check(step.subject_template, step.body_template)
        for values in (_FULL, _BARE):
            yield render(step, replace(values, will_retry=will_retry, is_final=is_final))
    except BadTemplate as wrong:
        if wrong.code == "template_undeclared_variable":
            raise Invalid("unknown_variable", wrong.detail, f"steps.{at}") from wrong
        raise Invalid("bad_template", wrong.detail, f"steps.{at}") from wrong


def _keeps_secret(at: int, draft: Draft, mail: Rendered) -> None:
    """In what is sent, and in what is written: a branch that was not taken here may be taken there."""
    for text in (mail.subject, mail.text, draft.subject_template, draft.body_template):
        if word := given_away(text):
            detail = f"“{word}” may give away why the card was refused, which only its issuer may tell."
            raise Invalid("decline_reason_in_mail", detail, f"steps.{at}")


def _promised(mail: Rendered) -> str | None:
    """What a mail promises that is sent when nothing will be tried again; a date of a retry is a promise."""
    told = f"{mail.subject}\n{mail.text}"
    return promise(told) or (_RETRY_AT if _RETRY_AT in told else None)
