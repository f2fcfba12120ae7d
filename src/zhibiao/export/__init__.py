"""Export of the learned parts to ONNX and the bundle that runs without torch."""
