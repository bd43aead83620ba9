"""Loaded by cfn-lint; see .cfnlintrc."""
