"""When a failed charge is tried again, and whether: declines, ceilings, schedule. Pure."""
