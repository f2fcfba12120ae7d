"""Matching, metrics and reports; equals the reference scorer of the guideline."""
