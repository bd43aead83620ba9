"""A step of the flow that raises when it is told to."""


class NotToday(Exception): ...


def handler(event, context):
    if event.get("raise"):
        raise NotToday("come back tomorrow")
    return {"said": "done"}
