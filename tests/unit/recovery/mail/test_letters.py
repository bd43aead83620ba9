"""The mail of a step is for somebody."""

import pytest

from dunning import ATTEMPT, NOON, WORKSPACE, truth
from recovery.dunning_sequence_events import Step
from recovery.mails.letters import Matter, write
from recovery.subjects import subject_of
from spec import TENANT
from troupe.ids import new_id

STEP = Step(id="s1", delay_hours=0, subject_template="x", body_template="y")


@pytest.mark.parametrize("address", [None, ""])
def test_nobody_writes_without_an_address(address):
    about = subject_of(TENANT, new_id(), ATTEMPT)
    matter = Matter(about=about, attempt=ATTEMPT, truth=truth(customer={"email": address}), step_id="s1")
    with pytest.raises(ValueError, match="somebody"):
        write(STEP, (matter,), WORKSPACE, NOON)
