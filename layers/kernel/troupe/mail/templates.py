"""Templates of mails, in Liquid: what a tenant may write, and nothing that could hurt.

The HTML part escapes every value. A template declares its variables: one that uses another is refused when
it is published, and rendering with one too few or too many is refused too. The language is cut to a few tags
and filters that can neither load, run long nor grow without bound; dates and amounts are formatted by the
caller, who knows the tenant's zone.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, override

from liquid import BoundTemplate, Environment, Expression, Node, RenderContext, StrictUndefined
from liquid.builtin.expressions.primitive import RangeLiteral
from liquid.exceptions import LiquidError

from troupe.domain.decider import Rejected
from troupe.mail.ses import Mail

LONGEST_SOURCE = 100_000  # characters
LONGEST_SUBJECT = 200  # characters, when rendered
TAGS = frozenset({"#", "assign", "break", "capture", "case", "comment", "continue", "for", "if", "unless"})
FILTERS = frozenset(
    {
        "append",
        "capitalize",
        "default",
        "downcase",
        "escape",
        "first",
        "join",
        "last",
        "newline_to_br",
        "prepend",
        "size",
        "strip",
        "truncate",
        "truncatewords",
        "upcase",
        "url_encode",
    }
)
_INNER = frozenset({"content", "output", "illegal"})  # what Liquid itself needs


class BadTemplate(Rejected):
    """A template that cannot be published, or not be rendered with these values.

    Codes: template_too_long, template_syntax, template_undeclared_variable, template_values_differ,
    template_not_rendered.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A mail before it is addressed: a subject of one line, a text and an HTML part, the variables of all."""

    name: str
    variables: frozenset[str]
    subject: str
    text: str
    html: str

    def parts(self) -> tuple[tuple[str, str], ...]:
        return ("subject", self.subject), ("text", self.text), ("html", self.html)


def check(template: Template) -> None:
    """Refuse what cannot be published; raises `BadTemplate`, whose detail is for the template's author."""
    if "\n" in template.subject or "\r" in template.subject:
        raise BadTemplate("template_syntax", "subject: it is one line.")
    for part, source in template.parts():
        undeclared = set(_compiled(part, source).global_variables()) - template.variables
        if undeclared:
            names = ", ".join(sorted(undeclared))
            raise BadTemplate("template_undeclared_variable", f"{part}: not declared: {names}.")


def render(template: Template, values: Mapping[str, Any], *, tenant_id: str, to: str) -> Mail:
    """The mail to one address, with values (text, numbers, lists, dictionaries) for just the variables.

    Raises `BadTemplate`.
    """
    if differing := set(values) ^ template.variables:
        names = ", ".join(sorted(differing))
        raise BadTemplate("template_values_differ", f"Missing or not declared: {names}.")
    subject, text, html = (_rendered(part, source, values) for part, source in template.parts())
    line = " ".join("".join(each if each.isprintable() else " " for each in subject).split())
    return Mail(tenant_id=tenant_id, to=to, subject=line[:LONGEST_SUBJECT], text=text, html=html)


class _Language(Environment):
    """Liquid without what loads, counts across renderings, or grows a value by more than it is given."""

    loop_iteration_limit = 1_000
    local_namespace_limit = 100_000  # bytes
    output_stream_limit = 200_000  # bytes

    @override
    def setup_tags_and_filters(self, *, extra: bool = False) -> None:
        super().setup_tags_and_filters(extra=False)
        self.tags = {name: tag for name, tag in self.tags.items() if name in TAGS | _INNER}
        self.filters = {name: each for name, each in self.filters.items() if name in FILTERS}


_TEXT = _Language(undefined=StrictUndefined)
_HTML = _Language(undefined=StrictUndefined, autoescape=True)


@lru_cache(maxsize=64)
def _compiled(part: str, source: str) -> BoundTemplate:
    if len(source) > LONGEST_SOURCE:
        raise BadTemplate("template_too_long", f"{part}: it has at most {LONGEST_SOURCE} characters.")
    try:
        template = (_HTML if part == "html" else _TEXT).from_string(source)
    except LiquidError as wrong:
        raise BadTemplate("template_syntax", f"{part}: {_first_line(wrong)}.") from wrong
    unknown = template.filter_names(include_partials=False)
    if not FILTERS.issuperset(unknown):
        raise BadTemplate("template_syntax", f"{part}: the filters are {', '.join(sorted(FILTERS))}.")
    if any(isinstance(each, RangeLiteral) for each in _expressions(template, template.nodes)):
        raise BadTemplate("template_syntax", f"{part}: there are no ranges.")  # one can be longer than memory
    return template


def _expressions(template: BoundTemplate, nodes: Iterable[Node]) -> Iterator[Expression]:
    for node in nodes:
        for expression in node.expressions():
            yield from _within(expression)
        yield from _expressions(template, node.children(RenderContext(template), include_partials=False))


def _within(expression: Expression) -> Iterator[Expression]:
    yield expression
    for child in expression.children():
        yield from _within(child)


def _rendered(part: str, source: str, values: Mapping[str, Any]) -> str:
    template = _compiled(part, source)
    try:
        return template.render(dict(values))
    except Exception as wrong:  # Liquid lets errors of every kind through: `limit: -1` is a ValueError
        raise BadTemplate("template_not_rendered", f"{part}: {_first_line(wrong)}.") from wrong


def _first_line(wrong: Exception) -> str:
    """A message of Liquid's without the excerpt of the source that follows it; of no one else."""
    return str(wrong).partition("\n")[0] if isinstance(wrong, LiquidError) else "it does not fit the values"
