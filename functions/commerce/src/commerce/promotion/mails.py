"""The mails to those who decide on a promotion: that it waits for them, and that it still does."""

from troupe.mail.templates import Template

_WHERE = (
    "You decide for {{ where }}. Until {{ deadline }} there is time; "
    "after that it is shown where it was approved."
)
_ASKED = (
    "Hello,",
    "A supplier of {{ place }} asks you to approve a promotion: {{ title }}",
    _WHERE,
)
_REMINDED = (
    "Hello,",
    "A promotion at {{ place }} still waits for your decision: {{ title }}",
    _WHERE,
)
VARIABLES = frozenset({"place", "title", "where", "deadline"})


def _template(name: str, subject: str, paragraphs: tuple[str, ...]) -> Template:
    return Template(
        name=name,
        variables=VARIABLES,
        subject=subject,
        text="\n\n".join(paragraphs) + "\n",
        html='<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8"></head>\n<body>\n'
        + "\n".join(f"<p>{each}</p>" for each in paragraphs)
        + "\n</body>\n</html>\n",
    )


ASKED = _template("promotion_submitted", "A promotion waits for your decision", _ASKED)
REMINDED = _template("approvers_reminded", "A promotion still waits for your decision", _REMINDED)
