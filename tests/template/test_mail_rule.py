"""The mail queue gets what mails are written for, and nothing else."""

from identity.reactions.mail import WRITTEN
from stacks import CONTEXTS, resources


def test_the_rule_names_every_event_that_a_mail_is_written_for():
    (identity,) = [each for each in CONTEXTS if each.parent.name == "identity"]
    pattern = resources(identity)["MailRule"]["Properties"]["EventPattern"]
    assert sorted(pattern["detail-type"]) == sorted(WRITTEN)
