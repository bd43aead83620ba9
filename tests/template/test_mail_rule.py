"""A mail queue gets what mails are written for, and nothing else."""

import pytest

from commerce.mail import WRITTEN as TO_SUPPLIERS
from identity.mail.mail import WRITTEN as TO_PEOPLE
from support.templates import ROOT, resources


@pytest.mark.parametrize(
    ("context", "written"),
    [("identity", TO_PEOPLE), ("commerce", TO_SUPPLIERS)],
    ids=["identity", "commerce"],
)
def test_the_rule_names_every_event_that_a_mail_is_written_for(context, written):
    pattern = resources(ROOT / f"functions/{context}/template.yaml")["MailRule"]["Properties"]["EventPattern"]
    assert sorted(pattern["detail-type"]) == sorted(written)
