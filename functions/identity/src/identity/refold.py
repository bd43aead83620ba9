"""No route: an operator folds a kind again from its events, in as many calls as it takes.

The kernel's own kinds are among these.
"""

from identity.api_key.decider import API_KEY
from identity.feature.flag_decider import FEATURE_FLAG
from identity.feature.override_decider import FEATURE_OVERRIDE
from identity.follow.decider import FOLLOW
from identity.organization.decider import ORGANIZATION
from identity.role.decider import ROLE
from identity.sign_in.decider import SIGN_IN
from identity.staff.decider import STAFF
from identity.tenant.decider import TENANT
from identity.usage.decider import USAGE
from identity.usage.period_decider import USAGE_PERIOD
from identity.user.decider import USER
from troupe.quota.warnings import QUOTA
from troupe.security.credential import CREDENTIAL
from troupe.store.refold import refold

handler = refold(
    API_KEY,
    CREDENTIAL,
    FEATURE_FLAG,
    FEATURE_OVERRIDE,
    FOLLOW,
    ORGANIZATION,
    QUOTA,
    ROLE,
    SIGN_IN,
    STAFF,
    TENANT,
    USAGE,
    USAGE_PERIOD,
    USER,
)
