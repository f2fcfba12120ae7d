#!/usr/bin/env python3
"""`zhibiao serve` under load on loopback: throughput, latencies, errors, peak memory, as measured.

    scripts/bench_serve.py [--clients 200] [--seconds 60] [--system model]

Starts a server, lets each client send one sample page after the other over a connection of its own, and stops it. The
clients share the cores with the server, so a machine of its own would serve more. Memory is sampled every half second
from /proc (Linux): the resident sets of the server and its workers, added up, which counts shared pages twice.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import secrets
import signal
import statistics
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import httpx2

SAMPLE = Path(__file__).resolve().parents[1] / "data" / "sample"
MIB = 1024 * 1024


def pages() -> list[bytes]:
    """The sample pages as bodies of requests."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(SAMPLE.glob("*.txt")) if "gb18030" not in path.name]
    return [json.dumps({"id": f"p{i}", "text": t, "date": "2024-07-22"}).encode() for i, t in enumerate(texts)]


def resident_bytes(process: int) -> int:
    """The resident sets of a process and all its children; 0 once it is gone."""
    total = 0
    for number in [process, *_children(process)]:
        try:
            fields = Path(f"/proc/{number}/statm").read_text(encoding="ascii").split()
        except OSError:
            continue
        total += int(fields[1]) * os.sysconf("SC_PAGE_SIZE")
    return total


def _children(process: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            found += [int(number) for number in task.read_text(encoding="ascii").split()]
        except OSError:
            continue
    return found


class Load:
    """What the clients saw."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.statuses: Counter[str] = Counter()
        self.memory: list[int] = []

    async def client(self, url: str, headers: dict[str, str], number: int, until: float) -> None:
        """Send page after page until the time is over."""
        bodies = pages()
        async with httpx2.AsyncClient(base_url=url, headers=headers, timeout=120) as client:
            while time.perf_counter() < until:
                started = time.perf_counter()
                try:
                    answer = await client.post("/extract", content=bodies[number % len(bodies)])
                    self.statuses[str(answer.status_code)] += 1
                except httpx2.HTTPError as error:
                    self.statuses[type(error).__name__] += 1
                self.seconds.append(time.perf_counter() - started)
                number += 1

    async def watch(self, process: int) -> None:
        """Sample the memory until cancelled."""
        while True:
            self.memory.append(resident_bytes(process))
            await asyncio.sleep(0.5)

    async def run(self, url: str, token: str, process: int, options: argparse.Namespace) -> float:
        """All clients at once; the seconds that it took until the last answer."""
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        watcher = asyncio.create_task(self.watch(process))
        started = time.perf_counter()
        until = started + options.seconds
        await asyncio.gather(*(self.client(url, headers, i, until) for i in range(options.clients)))
        watcher.cancel()
        return time.perf_counter() - started


def start(options: argparse.Namespace, token: str) -> tuple[subprocess.Popen[str], str]:
    """A server of its own and its address."""
    command = [
        sys.executable,
        "-m",
        "zhibiao",
        "serve",
        "--system",
        options.system,
        "--port",
        "0",
        "--log-level",
        "info",
    ]
    if options.workers:
        command += ["--workers", str(options.workers)]
    with Path(options.log).open("w", encoding="utf-8") as log:
        server = subprocess.Popen(command, stderr=log, text=True, env=os.environ | {"ZHIBIAO_TOKEN": token})
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and server.poll() is None:
        found = re.search(r'"event": "serving".*"port": (\d+)', Path(options.log).read_text(encoding="utf-8"))
        if found:
            return server, f"http://127.0.0.1:{found[1]}"
        time.sleep(0.1)
    server.kill()
    raise SystemExit(f"the server did not start; see {options.log}")


def main() -> int:
    """Measure once and print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--system", default="model")
    parser.add_argument("--workers", type=int, default=0, help="as of zhibiao serve; 0: one a core")
    parser.add_argument("--log", default="/tmp/bench_serve.log", help="where the server's log goes")
    options = parser.parse_args()
    token, load = secrets.token_urlsafe(32), Load()
    server, url = start(options, token)
    try:
        before = resident_bytes(server.pid)
        elapsed = asyncio.run(load.run(url, token, server.pid, options))
        after = resident_bytes(server.pid)
        server.send_signal(signal.SIGTERM)
        exit_code = server.wait(120)
    finally:
        server.kill()
    cuts = statistics.quantiles(load.seconds, n=100)
    answered = load.statuses["200"]
    figures = {
        "system": options.system,
        "clients": options.clients,
        "seconds": round(elapsed, 1),
        "requests": len(load.seconds),
        "requests_per_second": round(answered / elapsed, 1),
        "errors": len(load.seconds) - answered,
        "statuses": dict(load.statuses),
        "p50_ms": round(cuts[49] * 1000),
        "p99_ms": round(cuts[98] * 1000),
        "max_ms": round(max(load.seconds) * 1000),
        "resident_mib": {
            "started": round(before / MIB),
            "at_half_time": round(load.memory[len(load.memory) // 2] / MIB),
            "peak": round(max(load.memory) / MIB),
            "after": round(after / MIB),
        },
        "exit_code": exit_code,
        "load_average": os.getloadavg(),
    }
    print(json.dumps(figures, indent=2))
    return 0 if answered == len(load.seconds) and exit_code == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
