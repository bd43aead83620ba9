"""No route: an operator folds a kind again from its events, in as many calls as it takes."""

from recovery.attempt.decider import RECOVERY_ATTEMPT
from recovery.attempt.outcome import RECOVERY_OUTCOME
from recovery.contact.decider import CONTACT
from recovery.metric.snapshot_decider import METRIC_SNAPSHOT
from recovery.risk.decider import SUBSCRIPTION_AT_RISK
from recovery.sequence.decider import DUNNING_SEQUENCE
from recovery.stripe_account.decider import STRIPE_ACCOUNT
from recovery.workspace.decider import WORKSPACE
from recovery.workspace.reporting_decider import REPORTING
from troupe.store.refold import refold

handler = refold(
    CONTACT,
    DUNNING_SEQUENCE,
    METRIC_SNAPSHOT,
    RECOVERY_ATTEMPT,
    RECOVERY_OUTCOME,
    REPORTING,
    STRIPE_ACCOUNT,
    SUBSCRIPTION_AT_RISK,
    WORKSPACE,
)
