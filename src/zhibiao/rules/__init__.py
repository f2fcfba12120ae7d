"""The rule-based system: normalised paragraphs to spans, relations and attributes."""
