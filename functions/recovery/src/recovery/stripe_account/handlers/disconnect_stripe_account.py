"""DELETE /v1/recovery/stripe-accounts/{stripe_account_id}"""

from recovery import connections, oauth
from recovery.stripe_account import DisconnectStripeAccount
from troupe.http import NoBody, Operation, endpoint
from troupe.request import Request, done
from troupe.scope import Answer
from troupe.store import Decision, Snapshot, transact


@endpoint(Operation(permission="stripe_account:disconnect", secret=True))
def handler(request: Request[NoBody]) -> Answer:
    """Written first, then told to Stripe (see `connections`); made again, it goes on where it stopped."""
    account = connections.ref(request.id("stripe_account_id"))

    def disconnect(at: Snapshot) -> Decision:
        return Decision(changes=(at.decide(account, DisconnectStripeAccount()),))

    ended = transact(request.scope, (account,), disconnect)
    if ended.first.state.released_at is None:
        oauth.deauthorize(ended.first.state.stripe_account_id)
        ended = connections.released(request.scope, ended)
    return done(ended)
