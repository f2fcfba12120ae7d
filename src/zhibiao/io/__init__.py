"""Readers of documents and writers of records."""
