"""The mails of identity: what each says, as text and as HTML."""
