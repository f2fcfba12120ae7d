"""A worker process: it loads the system once and answers one job at a time over a pipe."""

from __future__ import annotations

import multiprocessing
import signal
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from zhibiao.core.errors import ConfigError, ZhibiaoError
from zhibiao.pipeline.extractor import System
from zhibiao.serve.jobs import Job, JobResult, run_job

# A fresh interpreter: the server has threads, and a fork of a process with threads may hang.
_CONTEXT = multiprocessing.get_context("spawn")


# Makes lexicons load before the first request waits for them, and shows a system that loads but does not work.
_FIRST_JOB = Job("extract", ({"text": "2024年,宜昌市规模以上工业增加值同比增长8.3%。"},), "")


class WorkerError(ZhibiaoError):
    """A worker gave no answer; ``reason`` is ``timeout``, ``died`` or ``failed``."""

    def __init__(self, message: str, reason: str) -> None:
        """Take the whole ``message`` and the ``reason``."""
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class _Ready:
    """The system is loaded."""


@dataclass(frozen=True, slots=True)
class _Failed:
    """An exception of the worker: ``message`` for the user, ``trace`` for the log."""

    message: str
    trace: str


class Worker:
    """One process; a job that takes too long or kills it costs that job only, the next one gets a new process.

    Used by one thread at a time, but for stop, which ends the process under a job that runs.
    """

    def __init__(self, make_system: Callable[[], System], *, start_timeout_s: float) -> None:
        self._make_system, self._start_timeout_s = make_system, start_timeout_s
        self._process: BaseProcess | None = None
        self._connection: Connection | None = None

    def start(self) -> Connection:
        """Make sure that the process runs and has loaded the system; the pipe to it.

        Raises ConfigError with the reason if the system cannot be loaded, WorkerError if the process ends or hangs.
        """
        if self._connection and self._process and self._process.is_alive():
            return self._connection
        self.stop()
        self._connection, far_end = _CONTEXT.Pipe()
        self._process = _CONTEXT.Process(target=serve_jobs, args=(far_end, self._make_system), name="zhibiao-worker")
        with _signals_held():
            self._process.start()
        far_end.close()
        answer = self._answer(self._connection, self._start_timeout_s, "load the system")
        if isinstance(answer, _Failed):
            self.stop()
            raise ConfigError(answer.message)
        return self._connection

    def run(self, job: Job, timeout_s: float) -> JobResult:
        """The result of ``job``. Raises WorkerError; after a timeout the process is gone."""
        connection = self.start()
        try:
            connection.send(job)
        except OSError as error:
            raise self._died("take the request") from error
        answer = self._answer(connection, timeout_s, "answer")
        if isinstance(answer, _Failed):
            raise WorkerError(f"{answer.message}; please report it\n{answer.trace}", "failed")
        assert isinstance(answer, JobResult)
        return answer

    def stop(self) -> None:
        """End the process at once; it holds nothing that could be lost."""
        if self._process:
            self._process.kill()
            self._process.join()
        self._process = None

    def _answer(self, connection: Connection, timeout_s: float, what: str) -> JobResult | _Ready | _Failed:
        try:
            if connection.poll(timeout_s):
                answer: JobResult | _Ready | _Failed = connection.recv()
                return answer
        except (EOFError, OSError) as error:
            raise self._died(what) from error
        self.stop()
        raise WorkerError(f"a worker took more than {timeout_s:g} s to {what} and was ended", "timeout")

    def _died(self, what: str) -> WorkerError:
        process = self._process
        if process:
            process.join(1)
        code = process.exitcode if process else None
        return WorkerError(
            f"a worker ended before it could {what} (exit code {code}); if it is -9, memory ran out: send less at "
            "once, or run fewer workers",
            "died",
        )


@contextmanager
def _signals_held() -> Iterator[None]:
    """A process that is started here is deaf to what stops the service, from its first moment on.

    A service manager or Ctrl-C signals the whole group, and a new process cannot ignore that before it has begun.
    """
    resource_tracker.ensure_running()  # its own start would let the signals through
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def serve_jobs(connection: Connection, make_system: Callable[[], System]) -> None:
    """The life of a worker process: load, say so, answer jobs until the other end of the pipe is gone."""
    # The service decides when its workers end; a signal to the whole group must not take them from under a request.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        system = make_system()
        run_job(system, _FIRST_JOB)
    except Exception as error:
        connection.send(_failed(error))
        return
    connection.send(_Ready())
    while True:
        try:
            job = connection.recv()
        except EOFError:
            return
        try:
            answer: JobResult | _Failed = run_job(system, job)
        except Exception as error:
            answer = _failed(error)
        try:
            connection.send(answer)
        except OSError:
            return


def _failed(error: Exception) -> _Failed:
    name = "" if isinstance(error, ZhibiaoError) else f"{type(error).__name__}: "
    return _Failed(f"{name}{error}", traceback.format_exc())
