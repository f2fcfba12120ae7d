"""Pieces of work, worker processes and the queue before them, without HTTP."""

import asyncio
import json
import multiprocessing
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from serve_examples import ObedientSystem, broken_system, doc, settings

from zhibiao.core.errors import ConfigError
from zhibiao.serve.jobs import Job, run_job
from zhibiao.serve.pool import WorkerPool
from zhibiao.serve.worker import Worker, WorkerError


def job(*texts, kind="extract"):
    return Job(kind, tuple(doc(text, f"d{i}") for i, text in enumerate(texts)), "v")


@pytest.fixture(scope="module")
def worker():
    running = Worker(ObedientSystem, start_timeout_s=60)
    yield running
    running.stop()


def ids(result):
    return [json.loads(one)["id"] for one in result.results]


@pytest.mark.parametrize(
    ("sizes", "pieces"),
    [
        ([], []),
        ([5], [1]),
        ([1] * 40, [16, 16, 8]),
        ([30_000, 1, 30_000, 10_000, 10_000, 10_000], [1, 1, 1, 2, 1]),
    ],
)
def test_work_is_cut_by_documents_and_characters(sizes, pieces):
    whole = job(*("x" * size for size in sizes))
    cut = whole.pieces()
    assert [len(piece.documents) for piece in cut] == pieces
    assert [document for piece in cut for document in piece.documents] == list(whole.documents)
    assert [piece.first for piece in cut] == [sum(pieces[:i]) for i in range(len(pieces))]


def test_documents_without_an_id_are_numbered_through_all_pieces():
    pieces = Job("extract", tuple({"text": "x"} for _ in range(20)), "v").pieces()
    names = [name for piece in pieces for name in ids(run_job(ObedientSystem(), piece))]
    assert names == [f"document-{i}" for i in range(1, 21)]


def test_a_worker_is_ended_after_its_time_and_the_next_job_gets_a_new_one(worker):
    started = time.monotonic()
    with pytest.raises(WorkerError, match=r"more than 0.2 s") as caught:
        worker.run(job("sleep 30"), 0.2)
    assert caught.value.reason == "timeout"
    assert time.monotonic() - started < 20
    assert ids(worker.run(job("a", "b"), 30)) == ["d0", "d1"]


def test_a_worker_that_dies_says_how(worker):
    with pytest.raises(WorkerError, match="exit code 7") as caught:
        worker.run(job("exit"), 30)
    assert caught.value.reason == "died"
    assert ids(worker.run(job("a"), 30)) == ["d0"]


def test_an_error_outside_of_a_document_has_its_trace_and_leaves_the_worker_alive(worker):
    with pytest.raises(WorkerError, match="TypeError") as caught:
        worker.run(Job("extract", None, "v"), 30)
    assert caught.value.reason == "failed"
    assert "Traceback" in str(caught.value)
    assert ids(worker.run(job("a"), 30)) == ["d0"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_to_the_whole_group_leaves_a_worker_that_starts_alive(number):
    starting, others = Worker(ObedientSystem, start_timeout_s=60), set(multiprocessing.active_children())
    try:
        with ThreadPoolExecutor(1) as thread:
            started = thread.submit(starting.start)
            while not (new := set(multiprocessing.active_children()) - others):
                assert not started.done()
            os.kill(new.pop().pid, number)
            started.result(60)
        assert ids(starting.run(job("a"), 30)) == ["d0"]
    finally:
        starting.stop()


def test_a_system_that_cannot_be_loaded_stops_the_start_with_its_reason():
    with pytest.raises(ConfigError, match="ValueError: no such system"):
        WorkerPool(settings(make_system=broken_system)).start()


async def _finished(pool, requests):
    """The names of the requests in the order in which they were answered."""
    order = []

    async def ask(name, jobs):
        results = await pool.run(jobs)
        order.append(name)
        return [name for result in results for name in ids(result)]

    answers = await asyncio.gather(*(ask(name, jobs) for name, jobs in requests))
    return order, answers


def test_a_large_request_lets_small_ones_through_and_keeps_its_order():
    pool = WorkerPool(settings(workers=1))
    pool.start()
    try:
        large = Job("extract", tuple(doc("sleep 0.01", f"d{i}") for i in range(100)), "v").pieces()
        order, answers = asyncio.run(_finished(pool, [("large", large), ("small", job("a").pieces())]))
    finally:
        pool.close()
    assert order == ["small", "large"]
    assert answers == [[f"d{i}" for i in range(100)], ["d0"]]


def test_one_request_uses_all_workers(tmp_path):
    pool = WorkerPool(settings(workers=2))
    pool.start()
    a, b = tmp_path / "a", tmp_path / "b"
    try:
        results = asyncio.run(pool.run([job(f"meet {a} {b}"), job(f"meet {b} {a}")]))
    finally:
        pool.close()
    assert [ids(result) for result in results] == [["d0"], ["d0"]]
    assert pool.waiting == pool.working == 0
