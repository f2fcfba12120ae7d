"""Label Studio: the labeling interface, and annotated texts to tasks and back without loss.

``interface`` writes the labeling configuration, ``tasks`` converts, ``policies`` decides between annotators. None of it
needs Label Studio or its SDK.
"""
