"""Ids that name what something stands in."""

import pytest

from community.post import values
from troupe.ids import new_id

C, P, K, U = (new_id() for _ in range(4))


def test_an_id_names_what_it_stands_in():
    post = values.post(C, P)
    comment = values.comment(post, K)
    of_post, of_comment = values.report(post, U), values.report(comment, U)
    for each in (post, comment, of_post, of_comment):
        assert values.community_of(each) == C
        assert values.post_of(each) == post
    assert values.subject_of(of_post) == post
    assert values.subject_of(of_comment) == comment


@pytest.mark.parametrize(
    "text, kinds",
    [
        ((C,), ()),
        ((C, P), ("post",)),
        ((C, P, K), ("comment", "report")),
        ((C, P, K, U), ("report",)),
        ((C, P, K, U, C), ()),
        ((C, ""), ()),
        ((C, P.upper()), ()),
        ((C, f"{P}\n"), ()),
        ((C, "#"), ()),
        (("",), ()),
    ],
)
def test_and_is_of_one_form(text, kinds):
    given = ".".join(text)
    forms = {"post": values.is_post, "comment": values.is_comment, "report": values.is_report}
    assert tuple(kind for kind, is_one in forms.items() if is_one(given)) == kinds
