"""Types, schema, codec and errors that every other part shares; standard library and PyYAML only."""
