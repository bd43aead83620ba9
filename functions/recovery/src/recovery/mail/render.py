"""The mail of one step: what is true of the case now, in the words of the step's template."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from recovery.attempt.next_action import Outlook, outlook
from recovery.attempt.state import Attempt
from recovery.invoice import renewal
from recovery.invoice.state import InvoiceState
from recovery.mail import links
from recovery.mail import values as mail_values
from recovery.mail.links import Link
from recovery.policy.decline import customer_text
from recovery.preconditions.inputs import AttemptContext
from recovery.sequence.events import Step
from recovery.sequence.templates import InvoiceLine, MailValues, render
from recovery.workspace.decider import Workspace
from troupe.mail.ses import Mail


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceSummary:
    """One open invoice that the mail speaks for, and the step of its attempt that the mail is."""

    about: AttemptContext
    attempt: Attempt
    fetched: InvoiceState
    step_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DunningMail:
    mail: Mail
    outlook: Outlook


def write(
    step: Step, summaries: tuple[InvoiceSummary, ...], workspace: Workspace, now: datetime
) -> DunningMail:
    """The first matter is the one whose step it is. Raises `BadTemplate`; ValueError without an address."""
    summary = summaries[0]
    to = summary.fetched.customer.email
    if not to:
        raise ValueError("a mail needs a recipient")
    seen = outlook(summary.attempt, summary.step_id)
    values = _values(summaries, workspace, seen, now)
    rendered = render(step, values)
    picture = links.address(_link(summary, "open", now))
    mail = Mail(
        tenant_id=summary.about.tenant_id,
        to=to,
        subject=rendered.subject,
        text=rendered.text,
        html=with_picture(rendered.html, picture),
        sender_name=workspace.settings.sender_name or workspace.name,
        reply_to=workspace.settings.reply_to,
        headers=unsubscribing(values.opt_out_link),
    )
    return DunningMail(mail=mail, outlook=seen)


def with_picture(html: str, address: str) -> str:
    return html.replace("</body>", f'<img src="{address}" width="1" height="1" alt="">\n</body>', 1)


def unsubscribing(address: str) -> dict[str, str]:
    """One click in the mail program, without a page (RFC 8058)."""
    return {"List-Unsubscribe": f"<{address}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def _values(
    summaries: tuple[InvoiceSummary, ...], workspace: Workspace, seen: Outlook, now: datetime
) -> MailValues:
    summary = summaries[0]
    attempt, customer, zone = summary.attempt, summary.fetched.customer, summary.attempt.terms.zone
    ends_at = _access_ends_at(summary, seen, now)
    card = attempt.card
    return MailValues(
        will_retry=seen.will_retry,
        retry_at=mail_values.moment(seen.retry_at, zone) if seen.retry_at else None,
        is_final=seen.is_final,
        amount_due=mail_values.amount(sum(_owed(each) for each in summaries), attempt.currency),
        access_ends_at=mail_values.day(ends_at, zone) if ends_at else None,
        customer_name=customer.name,
        workspace_name=workspace.name,
        invoice_number=summary.fetched.invoice.number,
        invoices=tuple(_line(each, now) for each in summaries),
        card_brand=card.brand if card else None,
        card_last4=card.last4 if card else None,
        reason=customer_text(attempt.classification.text) if attempt.classification else None,
        pay_link=_pay_link(summary, now),
        opt_out_link=links.address(replace(_link(summary, "opt_out", now), step_id=None)),
    )


def _access_ends_at(summary: InvoiceSummary, seen: Outlook, now: datetime) -> datetime | None:
    """When recovery gives up, if nothing is paid; None for who has left already (S-35)."""
    if renewal.cancelled_at(summary.fetched) is not None:
        return None
    attempt = summary.attempt
    later = [step.due_at for step in attempt.steps if step.open and step.id != summary.step_id]
    last: datetime = max([now, *later, *([seen.retry_at] if seen.retry_at else [])])
    grace = timedelta(hours=attempt.terms.final_grace_hours)
    return min(last + grace, attempt.terms.window_ends_at)


def _owed(summary: InvoiceSummary) -> int:
    return summary.fetched.invoice.amount_remaining_cents


def _line(summary: InvoiceSummary, now: datetime) -> InvoiceLine:
    return InvoiceLine(
        number=summary.fetched.invoice.number,
        amount_due=mail_values.amount(_owed(summary), summary.attempt.currency),
        pay_link=_pay_link(summary, now),
    )


def _pay_link(summary: InvoiceSummary, now: datetime) -> str:
    return links.address(_link(summary, "click", now))


def _link(summary: InvoiceSummary, purpose: links.Purpose, now: datetime) -> Link:
    about, invoice = summary.about, summary.fetched.invoice
    link = Link(
        purpose=purpose,
        tenant_id=about.tenant_id,
        about_id=about.attempt_id,
        step_id=summary.step_id,
        workspace_id=about.workspace_id,
        customer_id=about.customer_id,
        at=now,
    )
    if purpose != "click":
        return link
    url = links.payable(invoice.hosted_invoice_url)
    return replace(link, url=url, account_id=about.account_id, invoice_id=about.invoice_id)
