"""The mail by which a business confirms its e-mail address.

A mail to an unconfirmed address has no text that a stranger wrote: otherwise strangers could have their words
sent to any address.
"""

from troupe.mail.templates import Template

_PARAGRAPHS = (
    "Hello,",
    "Somebody, most likely you, has signed up as a supplier of {{ place }} and gave this address.",
    "Confirm that it is yours and choose a password, and you can submit your business for its review:",
    "{{ link }}",
    "The link is good for a week at most.",
    "If it was not you, there is nothing to do: without your confirmation nobody can use the account.",
)
_LINK = '<a href="{{ link }}">Confirm the address</a>'

VERIFY = Template(
    name="verify_supplier",
    variables=frozenset({"place", "link"}),
    subject="Confirm your e-mail address",
    text="\n\n".join(_PARAGRAPHS) + "\n",
    html='<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8"></head>\n<body>\n'
    + "\n".join(f"<p>{each.replace('{{ link }}', _LINK)}</p>" for each in _PARAGRAPHS)
    + "\n</body>\n</html>\n",
)
