"""The learned parts, in torch: encoder with character lift and tag head, pair scorer, attribute head."""
