import re
import string
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from troupe.mail.templates import FILTERS, LONGEST_SOURCE, TAGS, BadTemplate, Template, check, render

WELCOME = Template(
    name="welcome",
    variables=frozenset({"name", "link"}),
    subject="Welcome, {{ name }}",
    text="Hello {{ name }},\n{{ link }}\n",
    html='<p>Hello {{ name }},</p><a href="{{ link }}">Verify</a>',
)
VALUES = {"name": "Ann", "link": "https://troupe.example/verify?token=a.b"}


def one(html="", text="", subject="", variables=frozenset({"a", "items", "person"})):
    return Template(name="one", variables=variables, subject=subject, text=text, html=html)


def rendered(template=WELCOME, **values):
    return render(template, VALUES | values, tenant_id="@", to="ann@example.com")


def html_of(source, **values):
    template = one(html=source, variables=frozenset(values))
    check(template)
    return render(template, values, tenant_id="@", to="ann@example.com").html


def code_of(act, *given, **more):
    with pytest.raises(BadTemplate) as refused:
        act(*given, **more)
    return refused.value.code


class TestRender:
    def test_all_parts(self):
        mail = rendered()
        assert (mail.tenant_id, mail.to) == ("@", "ann@example.com")
        assert mail.subject == "Welcome, Ann"
        assert mail.text == "Hello Ann,\nhttps://troupe.example/verify?token=a.b\n"
        assert mail.html == '<p>Hello Ann,</p><a href="https://troupe.example/verify?token=a.b">Verify</a>'

    def test_html_is_escaped_and_text_is_not(self):
        mail = rendered(name="<b>\"Ann\" & 'Bob'</b>")
        assert "&lt;b&gt;&#34;Ann&#34; &amp; &#39;Bob&#39;&lt;/b&gt;" in mail.html
        assert "<b>\"Ann\" & 'Bob'</b>" in mail.text
        assert mail.subject == "Welcome, <b>\"Ann\" & 'Bob'</b>"

    @pytest.mark.parametrize(
        "name",
        [
            "Ann\r\nBcc: all@example.com",
            "Ann\nBcc: all@example.com",
            "Ann\u2028\x85\x0b\x00 Bcc: all@example.com\n",
        ],
    )
    def test_a_subject_is_one_line_with_any_values(self, name):
        assert rendered(name=name).subject == "Welcome, Ann Bcc: all@example.com"

    def test_a_subject_is_not_endless(self):
        assert len(rendered(name="x" * 1000).subject) == 200

    @given(st.text())
    def test_no_value_makes_a_second_line(self, name):
        subject = rendered(name=name).subject
        assert subject.isprintable()
        assert len(subject.splitlines()) == 1

    def test_conditions_loops_and_filters(self):
        source = (
            "{% for item in items %}{{ item.name | upcase }}{% if forloop.last %}.{% else %}, {% endif %}{% endfor %}"
            "{% assign first = items | first %}{% case first.name %}{% when 'a' %}!{% endcase %}"
            "{% unless a %}?{% endunless %}{% # a comment %}{% capture x %}{{ a | default: 'none' }}{% endcapture %}{{ x }}"
        )
        assert html_of(source, items=[{"name": "a"}, {"name": "b"}], a=None) == "A, B.!?none"

    @pytest.mark.parametrize(
        "values",
        [{}, {"name": "Ann"}, VALUES | {"other": 1}, {"name": "Ann", "other": 1}],
    )
    def test_values_for_exactly_the_variables(self, values):
        assert code_of(render, WELCOME, values, tenant_id="@", to="a@b") == "template_values_differ"

    @pytest.mark.parametrize(
        "source",
        [
            "{{ person.nickname }}",
            "{% if person.nickname %}x{% endif %}",
            "{% for each in person.nicknames %}x{% endfor %}",
            "{{ person.__class__ }}",
            "{{ a.__class__.__mro__ }}",
            "{{ a.upper }}",
            "{{ later }}{% assign later = 1 %}",
            "{{ a | truncate: person }}",
            "{% for x in items %}{% for y in items %}{% for z in items %}.{% endfor %}{% endfor %}{% endfor %}",
            "{% for x in items %}{% capture all %}{{ all | default: a }}{{ all | default: a }}{% endcapture %}{% endfor %}",
        ],
    )
    def test_what_is_refused_when_it_is_rendered(self, source):
        values = {"a": "x" * 10_000, "items": list(range(20)), "person": {"name": "Ann"}}
        assert code_of(render, one(html=source), values, tenant_id="@", to="a@b") == "template_not_rendered"

    def test_nor_what_liquid_itself_does_not_expect(self):
        source, values = "{% for x in items limit: -1 %}{% endfor %}", {"a": {}, "items": [1], "person": {}}
        with pytest.raises(BadTemplate) as refused:
            render(one(html=source), values, tenant_id="@", to="a@b")
        assert refused.value.detail == "html: it does not fit the values."

    def test_its_output_is_bounded(self):
        values = {"a": "x" * 10_000, "items": list(range(30)), "person": {}}
        long = one(text="{% for x in items %}{{ a }}{% endfor %}")
        assert code_of(render, long, values, tenant_id="@", to="a@b") == "template_not_rendered"

    def test_an_error_shows_no_value(self):
        with pytest.raises(BadTemplate) as refused:
            render(one(html="{{ a.b }}"), {"a": "secret", "items": [], "person": {}}, tenant_id="@", to="a@b")
        assert refused.value.detail == "html: a.b is undefined."


class TestEscape:
    CHAINS = st.lists(
        st.sampled_from(
            sorted(
                FILTERS - {"append", "prepend"}
                | {'append: "&"', "prepend: a", "append: a", "join: a", "default: a"}
            )
        ),
        max_size=4,
    )

    @given(CHAINS, st.text(string.ascii_letters + "<>&\"'%3Cb;/ \n", max_size=20))
    def test_no_filter_lets_markup_of_a_value_through(self, chain, value):
        source = " | ".join(["{{ a", *chain]) + " }}"
        html = ""
        with suppress(BadTemplate):  # not every filter takes what another gives
            html = html_of(source, a=value)
        broken = re.sub(
            "<br />", "", html, flags=re.IGNORECASE
        )  # a filter behind newline_to_br may change its case
        assert not set(broken) & set("<>\"'")

    @given(st.text(max_size=20))
    def test_nor_does_any_other_way(self, value):
        html = html_of(
            "{% capture x %}{{ a }}{% endcapture %}{{ x }}{% assign y = a | append: a %}{{ y }}"
            "{% for z in items %}{{ z }}{{ items | join: a }}{{ items }}{{ person }}{% endfor %}",
            a=value,
            items=[value],
            person={value: value},
        )
        assert not set(html) & set("<>\"'")

    def test_what_the_author_writes_is_markup(self):
        assert html_of("<b>{{ a | append: '<br>' }}</b>", a="<i>") == "<b>&lt;i&gt;<br></b>"


class TestCheck:
    def test_a_good_one(self):
        check(WELCOME)
        check(replace(WELCOME, variables=WELCOME.variables | {"unused"}))

    @pytest.mark.parametrize(
        "source",
        [
            "{{ b }}",
            "{{ a | append: b }}",
            "{% if b %}{% endif %}",
            "{% for x in b %}{% endfor %}",
            "{% case a %}{% when b %}{% endcase %}",
            "{% assign x = b %}",
            "{% capture x %}{{ b }}{% endcapture %}",
            "{% for x in items limit: b %}{% endfor %}",
            "{{ person[b] }}",
            "{{ b.c.d }}",
            "{{ x }}{% for x in items %}{% endfor %}",
        ],
    )
    @pytest.mark.parametrize("part", ["html", "text", "subject"])
    def test_an_undeclared_variable(self, part, source):
        with pytest.raises(BadTemplate) as refused:
            check(one(**{part: source}))
        assert refused.value.code == "template_undeclared_variable"
        assert refused.value.detail.startswith(f"{part}: ")

    @pytest.mark.parametrize(
        "source",
        [
            "{{ a",
            "{% if a %}",
            "{% endif %}",
            "{{ a | }}",
            "{% include 'x' %}",
            "{% render 'x' %}",
            "{% liquid echo a %}",
            "{% tablerow x in items %}{% endtablerow %}",
            "{% increment a %}",
            "{{ a | safe }}",
            "{{ a | date: '%Y' }}",
            "{{ a | split: '' | join: a }}",
            "{{ a | replace: 'a', 'aa' }}",
            "{% for x in (1..1000000000) reversed %}{% endfor %}",
            "{{ (1..1000000000) | join }}",
            "{% assign x = (1..a) %}",
            "{% if a %}{% for x in items %}{{ (1..3) }}{% endfor %}{% endif %}",
            "{{ a | append: (1..3) }}",
            "{% if a %}" * 40 + "{% endif %}" * 40,
            "{{ a" + "[a" * 3000 + "]" * 3000 + " }}",
            "{% if " + "a and " * 5000 + "a %}{% endif %}",
        ],
    )
    def test_what_the_language_has_not(self, source):
        assert code_of(check, one(html=source)) == "template_syntax"

    @pytest.mark.parametrize("end", ["\n", "\r"])
    def test_a_subject_of_two_lines(self, end):
        assert code_of(check, one(subject=f"Hello{end}Bcc: all@example.com")) == "template_syntax"

    def test_one_that_is_too_long(self):
        assert code_of(check, one(text="x" * (LONGEST_SOURCE + 1))) == "template_too_long"

    @given(st.text("{}%| .'\"ab:," + string.ascii_lowercase))
    def test_any_text_is_a_template_or_refused(self, source):
        with suppress(BadTemplate):
            check(one(html=source, text=source))

    def test_the_language_is_what_it_says(self):
        from troupe.mail.templates import _HTML, _TEXT

        for language in (_HTML, _TEXT):
            assert set(language.tags) >= TAGS
            assert set(language.filters) == FILTERS
        assert (_HTML.autoescape, _TEXT.autoescape) == (True, False)
