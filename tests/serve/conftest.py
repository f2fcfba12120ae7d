"""One service with the rules and one that does as it is told; workers take a second to start, so each starts once."""

import pytest
from fastapi.testclient import TestClient
from serve_examples import TOKEN, settings

from zhibiao.rules.system import RuleSystem
from zhibiao.serve.app import create_app


@pytest.fixture(scope="package")
def rules():
    """A client with the token; the rules answer."""
    with TestClient(create_app(settings(make_system=RuleSystem, model_version="rules-test"))) as client:
        client.headers["Authorization"] = f"Bearer {TOKEN}"
        yield client


@pytest.fixture(scope="package")
def obedient():
    """A client without a token of a service with small limits."""
    limits = {
        "max_body_bytes": 20_000, "max_documents": 5, "max_waiting": 2,
        "request_timeout_s": 2.0, "work_timeout_s": 2.5,
    }  # fmt: skip
    with TestClient(create_app(settings(**limits)), raise_server_exceptions=False) as client:
        yield client
