"""What the mails say: the same as text and as HTML, with nothing undeclared, and no word of a stranger's."""

import re
from html.parser import HTMLParser

import pytest

from identity.mail import addresses, passwords
from troupe.mail.templates import Template, check, render

ALL = [
    each for module in (addresses, passwords) for each in vars(module).values() if isinstance(each, Template)
]
LINK = "https://troupe.example/verify#token=abc.def"
VALUES = {
    "name": ", Ann <b>",
    "place": "Tom & Jerry's",
    "at": "1 March 2026, 13:00 (Europe/Berlin)",
    "until": "1 March 2026, 13:15 (Europe/Berlin)",
    "attempts": 5,
    "link": LINK,
}


class Words(HTMLParser):
    """The text of a page, and its links."""

    def __init__(self):
        super().__init__()
        self.words, self.links, self.tags = [], [], []

    def handle_data(self, data):
        self.words += data.split()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name == "href"]


def rendered(template):
    values = {name: VALUES[name] for name in template.variables}
    return render(template, values, tenant_id="@", to="ann@example.com")


def read(html):
    page = Words()
    page.feed(html)
    return page


@pytest.mark.parametrize("template", ALL, ids=lambda each: each.name)
class TestEach:
    def test_it_could_be_published(self, template):
        check(template)
        used = set(re.findall(r"{{ (\w+) }}", template.subject + template.text))
        assert used == template.variables

    def test_both_parts_say_the_same(self, template):
        written = rendered(template)
        said = " ".join(read(written.html).words)
        for paragraph in written.text.strip().split("\n\n"):
            assert " ".join(paragraph.split()) in said

    def test_one_link_at_most_and_it_is_ours(self, template):
        written = rendered(template)
        expected = [LINK] if "link" in template.variables else []
        assert read(written.html).links == expected
        assert re.findall(r"https?://\S+", written.text) == expected

    def test_what_people_wrote_is_text(self, template):
        assert "b" not in read(rendered(template).html).tags

    def test_no_placeholder_is_left(self, template):
        written = rendered(template)
        assert not re.search(r"{{|}}|\[|\]", written.subject + written.text + written.html)


def test_to_an_unconfirmed_address_goes_no_name():
    for template in (addresses.VERIFY, addresses.INVITE, addresses.CONFIRM_EMAIL):
        assert template.variables == {"place", "link"}
