"""The loop: new annotations in, a retrained model that passed the gate out, the current one untouched if none did."""
