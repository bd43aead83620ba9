"""DELETE /v1/recovery/stripe-accounts/{stripe_account_id}"""

from recovery.stripe_account import oauth, transactions
from recovery.stripe_account.decider import DisconnectStripeAccount
from troupe.edge.endpoint import NoBody, Operation, endpoint
from troupe.edge.request import Request, done
from troupe.store.scope import Answer
from troupe.store.transact import Decision, Snapshot, transact


@endpoint(Operation(permission="stripe_account:disconnect", secret=True))
def handler(request: Request[NoBody]) -> Answer:
    """Written first, then told to Stripe (see `connections`); made again, it goes on where it stopped."""
    account = transactions.ref(request.id("stripe_account_id"))

    def disconnect(at: Snapshot) -> Decision:
        return Decision(changes=(at.decide(account, DisconnectStripeAccount()),))

    ended = transact(request.scope, (account,), disconnect)
    if ended.first.state.released_at is None:
        oauth.deauthorize(ended.first.state.stripe_account_id)
        ended = transactions.released(request.scope, ended)
    return done(ended)
