"""``zhibiao serve``: extraction over HTTP, and the Label Studio ML backend protocol; create_app is the way in."""
