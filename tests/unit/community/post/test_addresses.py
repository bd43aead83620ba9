"""Ids that name what something stands in."""

import pytest

from community import addresses
from troupe.ids import new_id

C, P, K, U = (new_id() for _ in range(4))


def test_an_id_names_what_it_stands_in():
    post = addresses.post(C, P)
    comment = addresses.comment(post, K)
    of_post, of_comment = addresses.report(post, U), addresses.report(comment, U)
    for each in (post, comment, of_post, of_comment):
        assert addresses.community_of(each) == C
        assert addresses.post_of(each) == post
    assert addresses.subject_of(of_post) == post
    assert addresses.subject_of(of_comment) == comment


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
    forms = {"post": addresses.is_post, "comment": addresses.is_comment, "report": addresses.is_report}
    assert tuple(kind for kind, is_one in forms.items() if is_one(given)) == kinds
