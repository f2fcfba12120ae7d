"""Worker processes behind a bounded queue: the event loop only waits, and never for ever."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from zhibiao.core.errors import ZhibiaoError
from zhibiao.serve.jobs import Job, JobResult
from zhibiao.serve.settings import Settings
from zhibiao.serve.worker import Worker, WorkerError


class BusyError(ZhibiaoError):
    """There is no room or no time left in the queue; the request was not begun, so it can be sent again."""


class WorkerPool:
    """As many jobs at a time as there are workers; ``waiting`` and ``working`` count requests.

    A thread for each worker waits on its pipe. Requests begin in the order in which they came.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._workers = [
            Worker(settings.make_system, start_timeout_s=settings.start_timeout_s) for _ in range(settings.workers)
        ]
        self._idle = list(self._workers)
        self._slots = asyncio.Semaphore(settings.workers)
        self._threads = ThreadPoolExecutor(settings.workers, thread_name_prefix="zhibiao-worker")
        self.waiting = 0

    @property
    def working(self) -> int:
        """Jobs that a worker has."""
        return len(self._workers) - len(self._idle)

    def start(self) -> None:
        """Load the system in every worker; blocks. Raises ConfigError if that fails."""
        try:
            list(self._threads.map(Worker.start, self._workers))
        except ZhibiaoError:
            self.close()
            raise

    def close(self) -> None:
        """End all workers; jobs that run fail."""
        for worker in self._workers:
            worker.stop()
        self._threads.shutdown()

    async def run(self, jobs: Sequence[Job]) -> list[JobResult]:
        """The results of the ``jobs`` of one request, in order; at most as many at a time as there are workers.

        Raises BusyError if the queue is full or the wait too long, WorkerError if a worker gave no answer or all of
        them together took too long; what was not begun then is not.
        """
        if self._slots.locked() and self.waiting >= self._settings.max_waiting:
            raise BusyError(f"{self.waiting} requests are waiting already; send this one again later")
        seconds = self._settings.request_timeout_s
        turn = _Turn(self)
        try:
            async with asyncio.timeout(seconds):
                return await self._run_all(jobs, turn)
        except TimeoutError as error:
            if turn.begun:
                message = f"the work was not done within {seconds:g} s; send fewer documents at once"
                raise WorkerError(message, "timeout") from error
            raise BusyError(f"no worker was free within {seconds:g} s; send this request again later") from error
        finally:
            turn.begin()

    async def _run_all(self, jobs: Sequence[Job], turn: _Turn) -> list[JobResult]:
        results: dict[int, JobResult] = {}
        pending = iter(enumerate(jobs))

        async def work_off() -> None:
            for place, job in pending:
                await self._slots.acquire()
                turn.begin()
                # A request that is cancelled must not give its worker back while that is still at work.
                results[place] = await asyncio.shield(asyncio.ensure_future(self._work(job)))

        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(min(len(jobs), len(self._workers))):
                    group.create_task(work_off())
        except ExceptionGroup as failed:
            raise failed.exceptions[0] from failed
        return [results[place] for place in range(len(jobs))]

    async def _work(self, job: Job) -> JobResult:
        worker = self._idle.pop()
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._threads, worker.run, job, self._settings.work_timeout_s)
        finally:
            self._idle.append(worker)
            self._slots.release()


class _Turn:
    """Counts a request as waiting until its first job begins."""

    def __init__(self, pool: WorkerPool) -> None:
        self._pool = pool
        self.begun = False
        pool.waiting += 1

    def begin(self) -> None:
        if not self.begun:
            self.begun = True
            self._pool.waiting -= 1
