"""The two small pages that a reader of our mails may see: plain, and without a word of whose they are."""

from troupe.scope import Answer

_PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="robots" content="noindex">
<meta name="viewport" content="width=device-width"><title>{title}</title></head>
<body>
<h1>{title}</h1>
{body}
</body>
</html>
"""
ASK = _PAGE.format(
    title="No more mails about payments?",
    body="""<p>You will get no more mails about payments that did not go through, or cards that expire.</p>
<form method="post"><button type="submit">Stop these mails</button></form>""",
)
OPTED_OUT = _PAGE.format(
    title="You will get no more of these mails",
    body="<p>Mails about payments and cards will not be sent to you any more.</p>",
)
_POLICY = "default-src 'none'; form-action 'self'; frame-ancestors 'none'"


def page(html: str) -> Answer:
    headers = {"content-type": "text/html; charset=utf-8", "content-security-policy": _POLICY}
    return Answer(status=200, body={}, headers=headers, raw=html.encode())
