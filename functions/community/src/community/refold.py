"""No route: an operator folds a kind again from its events, in as many calls as it takes."""

from community.comment.decider import COMMENT
from community.communities.decider import COMMUNITY
from community.communities.membership_decider import MEMBERSHIP
from community.post.decider import POST
from community.report.decider import REPORT
from troupe.store.refold import refold

handler = refold(COMMENT, COMMUNITY, MEMBERSHIP, POST, REPORT)
