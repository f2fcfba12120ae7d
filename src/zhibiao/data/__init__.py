"""Checking annotated data."""
