"""What the sample's functions refuse: whatever says so."""


def refused(text: str) -> bool:
    return "poison" in text
