"""The form that every mail has: paragraphs and at most one link, in the same words as text and as HTML."""

import re

from troupe.mail.templates import Template

LINK = "link"

_BUTTON = re.compile(r"\[(.+)\]")  # a paragraph of its own: the label of the link
_PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"></head>
<body style="margin:0;padding:24px;background:#f4f4f5;font-family:Helvetica,Arial,sans-serif">
<div style="max-width:560px;margin:0 auto;padding:32px;background:#ffffff;color:#18181b;line-height:1.5">
{body}
</div>
</body>
</html>
"""
_ANCHOR = """<p><a href="{{{{ link }}}}" style="display:inline-block;padding:12px 20px;background:#18181b;
color:#ffffff;text-decoration:none">{label}</a></p>
<p style="font-size:13px;color:#52525b">Or open this address: {{{{ link }}}}</p>"""


def template(name: str, subject: str, words: str, *, variables: frozenset[str]) -> Template:
    """A mail from its words in Liquid: paragraphs between blank lines, a link where one is in brackets."""
    paragraphs = [" ".join(each.split()) for each in words.strip().split("\n\n")]
    return Template(
        name=name,
        variables=variables,
        subject=subject,
        text="\n\n".join(_BUTTON.sub("{{ link }}", each) for each in paragraphs) + "\n",
        html=_PAGE.format(body="\n".join(map(_html, paragraphs))),
    )


def _html(paragraph: str) -> str:
    button = _BUTTON.fullmatch(paragraph)
    return _ANCHOR.format(label=button[1]) if button else f"<p>{paragraph}</p>"
