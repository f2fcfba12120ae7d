"""What the model sees and is taught: tags, pieces, character features, pair features; numpy only."""
