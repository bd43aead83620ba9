"""GET /v1/recovery/opens/{token}"""

from base64 import b64decode

from recovery.mail import links
from recovery.step import tracking
from troupe.edge.endpoint import AnyQuery, NoBody, Operation, endpoint
from troupe.edge.request import Request
from troupe.store.scope import Answer

# One transparent pixel.
PICTURE = b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")


@endpoint(Operation(anonymous=True, secret=True, any_body=True, parameters=AnyQuery, media="image/gif"))
def handler(request: Request[NoBody]) -> Answer:
    """The picture at the end of a mail. That it was fetched is noted; a machine may have done it."""
    link = links.read(request.path.get("token", ""), "open", request.now)
    tracking.opened(request.within(link.tenant_id).scope, link)
    return Answer(status=200, body={}, headers={"content-type": "image/gif"}, raw=PICTURE)
