"""What a mail's links report: that it was opened, or that the customer went to pay. Advisory, both of them.

A report never keeps the reader from the picture or the page: what cannot be recorded is logged.
"""

from recovery.attempt.commands import RecordStepClicked, RecordStepOpened
from recovery.attempt.decider import RECOVERY_ATTEMPT
from recovery.attempt.state import Attempt
from recovery.mail.links import Link
from recovery.step.bot_rules import too_soon
from troupe.domain.decider import Rejected
from troupe.observability import outcome
from troupe.store.aggregates import Ref
from troupe.store.scope import Scope
from troupe.store.table import Unavailable, confined
from troupe.store.transact import Contended, Decision, Snapshot, transact


def opened(scope: Scope, link: Link) -> None:
    if link.step_id:
        _report(scope, link, RecordStepOpened(step_id=link.step_id))


def clicked(scope: Scope, link: Link) -> None:
    if link.step_id:
        _report(scope, link, RecordStepClicked(step_id=link.step_id))


def _report(scope: Scope, link: Link, command: RecordStepOpened | RecordStepClicked) -> None:
    """`Unknown` where there is no such attempt: the answer is that of a token with a bad signature."""
    ref = Ref(decider=RECOVERY_ATTEMPT, id=link.about_id)

    def decide(at: Snapshot) -> Decision:
        attempt = at.of(ref).state
        if isinstance(command, RecordStepClicked) and (why := _machine(attempt, command, scope)):
            outcome("click_of_a_machine", tenant_id=link.tenant_id, attempt_id=link.about_id, why=why)
            return Decision(changes=())
        return Decision(changes=(at.decide(ref, command),))

    with confined(link.tenant_id):
        try:
            transact(scope, (ref,), decide)
        except Rejected as refused:
            outcome("mail_report_refused", tenant_id=link.tenant_id, code=refused.code)
        except (Contended, Unavailable) as failed:
            outcome("mail_report_lost", tenant_id=link.tenant_id, error=type(failed).__name__)


def _machine(attempt: object, command: RecordStepClicked, scope: Scope) -> str | None:
    if not isinstance(attempt, Attempt):
        return None
    step = next((each for each in attempt.steps if each.id == command.step_id), None)
    return too_soon(step, scope.context.now) if step else None
