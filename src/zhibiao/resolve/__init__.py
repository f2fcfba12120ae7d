"""From linked spans to normalised records."""
