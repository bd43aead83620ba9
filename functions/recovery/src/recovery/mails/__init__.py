"""The mails of recovery: what each says, as text and as HTML."""
