"""No route: an operator rebuilds a read model by hand, in as many calls as it takes."""

from community.projections.people import PEOPLE
from troupe.rebuild import rebuild

handler = rebuild(PEOPLE)
