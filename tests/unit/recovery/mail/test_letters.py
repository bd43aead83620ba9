"""The mail of a step needs a recipient."""

import pytest

from recovery.mail.render import InvoiceSummary, write
from recovery.preconditions.inputs import context_of
from recovery.sequence.events import Step
from support.recovery.invoice_states import ATTEMPT, NOON, WORKSPACE, fetched
from support.spec import TENANT
from troupe.ids import new_id

STEP = Step(id="s1", delay_hours=0, subject_template="x", body_template="y")


@pytest.mark.parametrize("address", [None, ""])
def test_a_mail_needs_an_address(address):
    about = context_of(TENANT, new_id(), ATTEMPT)
    summary = InvoiceSummary(
        about=about, attempt=ATTEMPT, fetched=fetched(customer={"email": address}), step_id="s1"
    )
    with pytest.raises(ValueError, match="recipient"):
        write(STEP, (summary,), WORKSPACE, NOON)
