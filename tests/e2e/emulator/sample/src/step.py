"""A step of the flow that raises when it is told to."""


class NotToday(Exception): ...  # noqa: N818 (it reads as the flow names it)


def handler(event, context):
    if event.get("raise"):
        raise NotToday("come back tomorrow")
    return {"said": "done"}
