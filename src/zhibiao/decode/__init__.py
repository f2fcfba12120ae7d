"""From scores to spans, relations and attributes; numpy only, shared by torch and ONNX."""
