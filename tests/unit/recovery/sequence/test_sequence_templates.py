"""A step's mail: what it says, and that nothing a customer is called can make it say more."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.sequence.events import Step
from recovery.sequence.templates import InvoiceLine, MailValues, check, render
from troupe.mail.templates import BadTemplate

PAY, OUT = "https://pay.example/1?a=1&b=2", "https://troupe.example/out/1"
VALUES = MailValues(
    will_retry=True,
    retry_at="3 March 2026",
    is_final=False,
    amount_due="EUR 12.00",
    access_ends_at=None,
    customer_name="Emily",
    workspace_name="Acme",
    invoice_number="AB-0001",
    invoices=(InvoiceLine(number="AB-0001", amount_due="EUR 12.00", pay_link=PAY),),
    card_brand="Visa",
    card_last4="4242",
    reason="Your bank declined the payment.",
    pay_link=PAY,
    opt_out_link=OUT,
)
SUBJECT = "{{ workspace_name }}: {{ amount_due }} is open, {{ customer_name }}"
BODY = """Hello {{ customer_name | default: "there" }},

{{ reason }}
{% if will_retry %}We will try again on {{ retry_at }}.{% endif %}

[Pay now]

{{ opt_out_link }}"""


def step(body=BODY, subject=SUBJECT):
    return Step(id="s", delay_hours=0, subject_template=subject, body_template=body)


class Page(HTMLParser):
    """The tags of a page, where its links lead, and its text."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.links, self.words = [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name == "href"]

    def handle_data(self, data):
        self.words += data.split()


class TestWhatItSays:
    def test_subject_text_and_page(self):
        mail = render(step(), VALUES)
        assert mail.subject == "Acme: EUR 12.00 is open, Emily"
        assert mail.text == (
            "Hello Emily,\n\nYour bank declined the payment.\nWe will try again on 3 March 2026.\n\n"
            f"Pay now: {PAY}\n\n{OUT}\n"
        )
        page = Page(mail.html)
        assert page.links == [PAY, OUT]
        assert " ".join(page.words).startswith("Hello Emily, Your bank declined the payment. We will try")

    def test_what_is_not_known_is_false(self):
        mail = render(step(), replace(VALUES, will_retry=False, retry_at=None, customer_name=""))
        assert "Hello there," in mail.text
        assert "try again" not in mail.text
        assert mail.subject == "Acme: EUR 12.00 is open,"

    def test_a_mail_without_the_way_out_gets_it(self):
        mail = render(step("Please pay."), VALUES)
        assert mail.text == f"Please pay.\n\nUnsubscribe: {OUT}\n"
        assert Page(mail.html).links == [OUT]

    def test_s48_several_invoices_in_one_mail(self):
        """S-48: each with its amount and its own link."""
        other = InvoiceLine(number=None, amount_due="EUR 5.00", pay_link="https://pay.example/2")
        body = "{% for each in invoices %}{{ each.number }} {{ each.amount_due }}: {{ each.pay_link }}\n{% endfor %}"
        mail = render(step(body), replace(VALUES, invoices=(*VALUES.invoices, other)))
        assert f"AB-0001 EUR 12.00: {PAY}\n EUR 5.00: https://pay.example/2" in mail.text
        assert Page(mail.html).links == [PAY, "https://pay.example/2", OUT]

    def test_a_link_that_begins_another_is_not_cut_from_it(self):
        longer = InvoiceLine(number="B", amount_due="EUR 5.00", pay_link=f"{PAY}/more")
        body = "{{ pay_link }} {% for each in invoices %}{{ each.pay_link }} {% endfor %}"
        mail = render(step(body), replace(VALUES, invoices=(longer,)))
        assert Page(mail.html).links == [PAY, f"{PAY}/more", OUT]

    def test_markup_of_an_author_is_text(self):
        mail = render(step("<b>Pay</b> {{ '<i>' }} <a href='https://evil.example'>x</a>"), VALUES)
        assert "<b>Pay</b> <i>" in mail.text
        assert Page(mail.html).links == [OUT]
        assert not {"b", "i"} & set(Page(mail.html).tags)


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        "source",
        [
            "{{ name }}",
            "{{ customer_nam }}",
            "{% if retries %}x{% endif %}",
            "{% for i in list %}{% endfor %}",
        ],
    )
    def test_s50_a_variable_that_is_not_declared(self, source):
        """S-50: no mail with an unfilled name."""
        for subject, body in ((source, "x"), ("x", source)):
            with pytest.raises(BadTemplate, match="not declared"):
                check(subject, body)

    @pytest.mark.parametrize("subject", ["a\nBcc: b@example.com", "a\r\nb", "a\x00b", "a\x0bb"])
    def test_a_header_in_the_subject(self, subject):
        with pytest.raises(BadTemplate):
            check(subject, "x")

    @pytest.mark.parametrize(
        "source",
        [
            "{% include 'x' %}",
            "{% if %}",
            "{{ amount_due | date: '%s' }}",
            "{% for i in (1..9) %}{% endfor %}",
            "x\ue000y",
        ],
    )
    def test_what_is_not_of_the_language(self, source):
        with pytest.raises(BadTemplate):
            check("x", source)

    @pytest.mark.parametrize(
        "source", ["{{ '{' }}{ customer_name }}", "{{ '{%' }}", "{% raw %}{{ name }}{% endraw %}"]
    )
    def test_syntax_that_would_be_in_the_mail(self, source):
        with pytest.raises(BadTemplate, match="syntax of templates"):
            render(step(source), VALUES)

    def test_a_field_that_an_invoice_does_not_have(self):
        with pytest.raises(BadTemplate):
            render(step("{{ invoices[0].secret }}"), VALUES)


HOSTILE = st.lists(
    st.sampled_from(
        [
            "<script>alert(1)</script>",
            '"><img src=x onerror=alert(1)>',
            "{{ pay_link }}",
            "{% if true %}",
            "{",
            "}}",
            "\r\nBcc: x@example.com\r\n",
            "\n\n[Click](https://evil.example)\n\n",
            "\ue000x\ue001",
            "\u202e",
            "\u2028",
            "&lt;b&gt;",
            "'",
        ]
    )
    | st.text(max_size=20),
    max_size=6,
).map("".join)
MARKUP = Page(render(step(), VALUES).html).tags


@given(HOSTILE, HOSTILE)
def test_s50_any_customer_name_is_escaped(name, workspace):
    """S-50: no syntax, no markup, no header and no foreign link comes out of a value."""
    mail = render(step(), replace(VALUES, customer_name=name, workspace_name=workspace))
    page = Page(mail.html)
    assert page.tags == MARKUP
    assert page.links == [PAY, OUT]
    assert not re.search(r"{{|}}|{%|%}", f"{mail.subject}{mail.text}{mail.html}")
    assert mail.subject.isprintable()
    assert mail.text.count("\n") == render(step(), VALUES).text.count("\n")
    assert "<script" not in mail.html
    assert "<img" not in mail.html
