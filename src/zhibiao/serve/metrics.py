"""Prometheus metrics of one service, in a registry of its own."""

from __future__ import annotations

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)

from zhibiao.serve.pool import WorkerPool

CONTENT_TYPE = CONTENT_TYPE_LATEST
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0)
# What Label Studio 1.23 sends; other names are counted as "other", so that no client can make series without end.
_WEBHOOK_ACTIONS = frozenset(
    f"{kind}_{event}"
    for kind, events in {
        "ANNOTATION": ("CREATED", "UPDATED", "DELETED"),
        "ANNOTATIONS": ("CREATED", "DELETED"),
        "TASKS": ("CREATED", "DELETED"),
        "PROJECT": ("CREATED", "UPDATED", "DELETED"),
        "LABEL_LINK": ("CREATED", "UPDATED", "DELETED"),
        "START": ("TRAINING",),
    }.items()
    for event in events
)


class Metrics:
    """Counts requests, documents and records; reads queue and workers from the pool when it is asked."""

    def __init__(self, pool: WorkerPool, model_version: str) -> None:
        self._registry = registry = CollectorRegistry()
        self.requests = Counter(
            "zhibiao_requests", "Answers by route and status.", ["route", "status"], registry=registry
        )
        self.seconds = Histogram(
            "zhibiao_request_seconds", "From the head of a request to its whole answer.", ["route"],
            buckets=_SECONDS, registry=registry,
        )  # fmt: skip
        self.in_flight = Gauge("zhibiao_requests_in_flight", "Requests without a whole answer.", registry=registry)
        self.held = Gauge(
            "zhibiao_held_bytes", "Bodies that are read, waited with or worked on, and unsent answers.",
            registry=registry,
        )  # fmt: skip
        self._documents = Counter(
            "zhibiao_documents", "Documents and tasks by outcome.", ["outcome"], registry=registry
        )
        self._records = Counter("zhibiao_records", "Records found.", registry=registry)
        self.worker_errors = Counter(
            "zhibiao_worker_errors", "Jobs without an answer: timeout, died, failed.", ["reason"], registry=registry
        )
        self._webhooks = Counter("zhibiao_webhook_events", "Webhook calls by action.", ["action"], registry=registry)
        queue = Gauge("zhibiao_queue_depth", "Requests that wait for a worker.", registry=registry)
        queue.set_function(lambda: pool.waiting)
        busy = Gauge("zhibiao_workers_busy", "Workers with a job.", registry=registry)
        busy.set_function(lambda: pool.working)
        Gauge("zhibiao_model_info", "The model that answers.", ["model_version"], registry=registry).labels(
            model_version
        ).set(1)
        ProcessCollector(registry=registry)

    def count(self, documents: int, failed: int, records: int) -> None:
        """Count the documents of one answer, those of them that failed, and the records."""
        self._documents.labels("done").inc(documents - failed)
        self._documents.labels("failed").inc(failed)
        self._records.inc(records)

    def count_webhook(self, action: str) -> None:
        """Count one call of /webhook."""
        self._webhooks.labels(action if action in _WEBHOOK_ACTIONS else "other").inc()

    def text(self) -> bytes:
        """Everything in Prometheus's text format."""
        return generate_latest(self._registry)
