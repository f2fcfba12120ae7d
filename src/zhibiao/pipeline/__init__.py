"""The main path: documents through normalisation, a system and resolution to the sinks."""
