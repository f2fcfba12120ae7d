"""From raw to normalised text with an exact offset map, and the units of text that are looked at: lines, sentences."""
