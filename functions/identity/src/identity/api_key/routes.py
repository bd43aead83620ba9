"""The plain commands of an API key."""

from identity.api_key import transactions
from identity.api_key.decider import API_KEY, RevokeApiKey
from troupe.edge.routes import Routes

routes = Routes(API_KEY)

revoke_api_key = routes.delete(
    "/api-keys/{api_key_id}",
    RevokeApiKey,
    permission="api_key:revoke",
    also=transactions.revoked,
)
