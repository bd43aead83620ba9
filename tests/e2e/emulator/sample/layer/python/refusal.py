"""The refusal of the sample's functions: input that asks for it."""


def refused(text: str) -> bool:
    return "poison" in text
