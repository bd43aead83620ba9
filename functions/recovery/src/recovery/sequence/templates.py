"""The mails of a dunning sequence: what their templates may say, and how they become a mail.

A body is plain text in Liquid: paragraphs between blank lines, and `[label]` alone in a paragraph is a
button that leads to the page where the invoice is paid. The HTML part is made of the rendered text, every
character of it escaped: neither a template nor a customer's name can bring markup into it.
"""

import re
from dataclasses import dataclass, fields
from html import escape
from typing import Any, NamedTuple
from unicodedata import category

from recovery.sequence.events import Step
from troupe.mail.templates import BadTemplate, Template
from troupe.mail.templates import check as check_template
from troupe.mail.templates import render as render_template


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceLine:
    """One of the customer's open invoices, where a mail speaks for several."""

    number: str | None
    amount_due: str
    pay_link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MailValues:
    """All that a template may name. Amounts and dates are formatted by who knows language and zone.

    `reason` is what a customer may be told of the decline. None is what is not known: false in an `if`.
    """

    will_retry: bool
    retry_at: str | None
    is_final: bool
    amount_due: str
    access_ends_at: str | None
    customer_name: str | None
    workspace_name: str
    invoice_number: str | None
    invoices: tuple[InvoiceLine, ...]
    card_brand: str | None
    card_last4: str | None
    reason: str | None
    pay_link: str
    opt_out_link: str


class Rendered(NamedTuple):
    subject: str
    text: str
    html: str


VARIABLES = frozenset(each.name for each in fields(MailValues))
_BUTTON = re.compile(r"^\[([^\[\]{}\n]+)\]$")
_OPEN, _CLOSE = "\ue000", "\ue001"  # around a button's label; neither templates nor values may hold them
_MARKED = re.compile(f"{_OPEN}([^{_CLOSE}]*){_CLOSE}")
_SYNTAX = re.compile(r"\{\{|\}\}|\{%|%\}")
_PAGE = """<!doctype html>
<html>
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"></head>
<body style="margin:0;padding:24px;background:#f4f4f5;font-family:Helvetica,Arial,sans-serif">
<div style="max-width:560px;margin:0 auto;padding:32px;background:#ffffff;color:#18181b;line-height:1.5">
{body}
</div>
</body>
</html>
"""
_LINK = '<a href="{0}" style="color:#18181b">{0}</a>'
_ANCHOR = (
    '<a href="{link}" style="display:inline-block;padding:12px 20px;background:#18181b;'
    'color:#ffffff;text-decoration:none">{label}</a>'
)


def check(subject_template: str, body_template: str) -> None:
    """Refuse what is no template or names what is not declared; raises `BadTemplate`."""
    for part, source in (("subject", subject_template), ("body", body_template)):
        if any(_forbidden(each) for each in source):
            raise BadTemplate("template_syntax", f"{part}: it has control or private characters.")
    check_template(_template(subject_template, body_template))


def render(step: Step, values: MailValues) -> Rendered:
    """The step's mail. Template syntax and markup in the values have no effect.

    Raises `BadTemplate`.
    """
    template = _template(step.subject_template, step.body_template)
    mail = render_template(template, _known(values), tenant_id="@", to="@")
    for part in (mail.subject, mail.text):
        if _SYNTAX.search(part):
            raise BadTemplate("template_not_rendered", "The syntax of templates would be in the mail.")
    body = _with_opt_out(re.sub(r"\n{3,}", "\n\n", mail.text.strip()), values.opt_out_link)
    text = _MARKED.sub(lambda button: f"{button[1]}: {values.pay_link}", body)
    return Rendered(subject=mail.subject, text=f"{text}\n", html=_html(body, values))


def _forbidden(character: str) -> bool:
    return character not in "\n\r\t" and category(character) in {"Cc", "Co", "Cs"}


def _template(subject: str, body: str) -> Template:
    lines = (_BUTTON.sub(rf"{_OPEN}\1{_CLOSE}", line.strip()) for line in body.splitlines())
    return Template(name="step", variables=VARIABLES, subject=subject, text="\n".join(lines), html="")


def _line(text: str | None) -> str | None:
    """A value on one line and without braces; what is empty is nothing, as an `if` sees it."""
    printable = "".join(each if each.isprintable() else " " for each in text or "")
    return " ".join(printable.replace("{", "(").replace("}", ")").split()) or None


def _known(values: MailValues) -> dict[str, Any]:
    """The values as templates see them."""
    known = {name: getattr(values, name) for name in VARIABLES - {"invoices"}}
    shown = {name: _line(value) if isinstance(value, str) else value for name, value in known.items()}
    invoices = [
        {
            "number": _line(each.number),
            "amount_due": _line(each.amount_due),
            "pay_link": _line(each.pay_link),
        }
        for each in values.invoices
    ]
    return {**shown, "invoices": invoices}


def _with_opt_out(body: str, link: str) -> str:
    """Every mail says how to get no more of them."""
    return body if link in body else f"{body}\n\nUnsubscribe: {link}"


def _html(body: str, values: MailValues) -> str:
    paragraphs = (_paragraph(each, values) for each in body.split("\n\n"))
    return _PAGE.format(body="\n".join(paragraphs))


def _paragraph(text: str, values: MailValues) -> str:
    """Escaped, then with its links, the button and line breaks."""
    links = {values.pay_link, values.opt_out_link, *(each.pay_link for each in values.invoices)}
    longest_first = sorted(map(escape, links), key=len, reverse=True)
    linked = re.sub("|".join(map(re.escape, longest_first)), _linked, escape(text))
    pay = escape(values.pay_link)
    shown = _MARKED.sub(lambda button: _ANCHOR.format(label=button[1], link=pay), linked)
    return f"<p>{shown.replace('\n', '<br>\n')}</p>"


def _linked(found: re.Match[str]) -> str:
    return _LINK.format(found[0])
