"""House rules for the templates, as plug-ins of cfn-lint."""
