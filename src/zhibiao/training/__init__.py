"""Training: configuration, gold in normalised text, loss, Trainer, checkpoints, model card."""
