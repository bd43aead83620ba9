"""The mail about a card that expires before its next charge."""

from recovery.card_expiry.decide import Renewal
from recovery.mail import links
from recovery.mail import values as mail_values
from recovery.mail.links import Link
from recovery.mail.render import unsubscribing
from recovery.workspace.decider import Workspace
from troupe.mail.ses import Mail
from troupe.mail.templates import Template, render

_WORDS = (
    "Hello{{ name }},",
    "Your {{ card }} expires at the end of {{ expires }}.",
    "Your next payment to {{ workspace }} is due on {{ renews_on }}. With this card it would not go through.",
    "If you have a new card, give its details in your account with {{ workspace }} before that day.",
    "If you have done so already, there is nothing more to do.",
)
_HTML = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"></head>
<body>
{paragraphs}
<p><a href="{{{{ opt_out_link }}}}">Unsubscribe</a></p>
</body>
</html>
"""
EXPIRING = Template(
    name="card_expiring",
    variables=frozenset({"name", "card", "expires", "workspace", "renews_on", "opt_out_link"}),
    subject="Your card expires before your next payment to {{ workspace }}",
    text="\n\n".join((*_WORDS, "Unsubscribe: {{ opt_out_link }}")) + "\n",
    html=_HTML.format(paragraphs="\n".join(f"<p>{each}</p>" for each in _WORDS)),
)


def letter(found: Renewal, workspace: Workspace, link: Link, zone: str) -> Mail:
    """To the address that Stripe has; ValueError where there is none. `link` says whose it is."""
    if not found.email:
        raise ValueError("a mail needs a recipient")
    method = found.method
    opt_out = links.address(link)
    values = {
        "name": f", {found.name}" if found.name else "",
        "card": " ".join(filter(None, ((method.brand or "card").capitalize(), _ending(method.last4)))),
        "expires": f"{method.exp_year:04}-{method.exp_month:02}",
        "workspace": workspace.name,
        "renews_on": mail_values.day(found.renews_at, zone),
        "opt_out_link": opt_out,
    }
    mail = render(EXPIRING, values, tenant_id=link.tenant_id, to=found.email)
    return Mail(
        tenant_id=mail.tenant_id,
        to=mail.to,
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
        sender_name=workspace.settings.sender_name or workspace.name,
        reply_to=workspace.settings.reply_to,
        headers=unsubscribing(opt_out),
    )


def _ending(last4: str | None) -> str:
    return f"ending in {last4}" if last4 else ""
