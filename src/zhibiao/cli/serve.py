"""``zhibiao serve``: the HTTP service, until it is told to stop."""

from __future__ import annotations

import ipaddress
import logging
import math
import os
import signal
import socket
import sys
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zhibiao.cli.systems import SystemName, make_system
from zhibiao.core.errors import ConfigError
from zhibiao.pipeline.pointer import model_folder
from zhibiao.pipeline.version import model_version, rules_version

if TYPE_CHECKING:
    from zhibiao.serve.settings import Settings

TOKEN_VARIABLE = "ZHIBIAO_TOKEN"
_BACKLOG = 2048
_MAX_PIECE_S = 60.0
_PACKAGES = ("fastapi", "uvicorn", "prometheus_client")

app = typer.Typer(pretty_exceptions_enable=False, rich_markup_mode=None)


@app.command()
def serve(
    system: Annotated[SystemName, typer.Option(help="What finds the statements.")] = SystemName.MODEL,
    model: Annotated[Path | None, typer.Option(help="Folder of an exported model, not the one that ships.")] = None,
    host: Annotated[
        str, typer.Option(help="Address to listen at; all others than loopback need a token.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen at; 0 for any that is free.")] = 9090,
    token_file: Annotated[
        Path | None, typer.Option(help=f"File with the token that clients must send; or set {TOKEN_VARIABLE}.")
    ] = None,
    workers: Annotated[int, typer.Option(help="Processes that extract; 0 for one a core.")] = 0,
    max_body: Annotated[float, typer.Option(help="Largest body in MiB.")] = 16.0,
    max_documents: Annotated[int, typer.Option(help="Documents or tasks in one request.")] = 1000,
    max_waiting: Annotated[int, typer.Option(help="Requests that may wait for a worker.")] = 256,
    timeout: Annotated[float, typer.Option(help="Seconds a request may take, waiting included.")] = 90.0,
    grace: Annotated[float, typer.Option(help="Seconds for running requests after SIGTERM; 0 for no limit.")] = 0.0,
    log_level: Annotated[str, typer.Option(help="debug, info, warning or error.")] = "info",
) -> None:
    """Serve /extract and the Label Studio ML backend protocol; logs are JSON Lines on standard error.

    SIGTERM and Ctrl-C stop it when the requests that it has are answered; then the exit code is 0.
    """
    _check_packages()
    if not 0 < max_body < math.inf:
        raise ConfigError(f"--max-body {max_body:g}: a number of MiB above 0 is expected")
    if not 0 <= grace < math.inf:
        raise ConfigError(f"--grace {grace:g}: a number of seconds is expected, 0 for no limit")
    from zhibiao.serve.settings import MIB, Settings

    cores = _cores()
    count = workers or cores
    # Read once: a worker that is started later must not serve another model under the old version's name.
    model = model and model_folder(model)
    settings = Settings(
        make_system=partial(make_system, system, model, threads=max(1, cores // max(1, count))),
        model_version=model_version(model) if system is SystemName.MODEL else rules_version(),
        token=_token(token_file),
        workers=count,
        max_body_bytes=int(max_body * MIB),
        max_documents=max_documents,
        max_waiting=max_waiting,
        request_timeout_s=timeout,
        work_timeout_s=min(timeout, _MAX_PIECE_S),
    )
    if not settings.token and not _is_loopback(host):
        remedy = f"set {TOKEN_VARIABLE} or name a --token-file, or listen at 127.0.0.1"
        raise ConfigError(f"--host {host} can be reached from other machines and there is no token: {remedy}")
    _run(settings, _listen(host, port), _level(log_level), grace)


def _check_packages() -> None:
    missing = [name for name in _PACKAGES if find_spec(name) is None]
    if missing:
        raise ConfigError(f"`zhibiao serve` needs {', '.join(missing)}: pip install 'zhibiao[serve]'")


def _cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _is_loopback(host: str) -> bool:
    """Whether only this machine reaches ``host``; a name other than localhost can stand for any address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _token(path: Path | None) -> str:
    """The token of the file, or else of the environment; empty if neither is given."""
    if path is None:
        return os.environ.get(TOKEN_VARIABLE, "").strip()
    try:
        token = path.read_text(encoding="utf-8-sig").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"--token-file {path}: cannot be read ({type(error).__name__}); one line is expected"
        ) from error
    if not token:
        raise ConfigError(f"--token-file {path}: the file is empty; one line with the token is expected")
    return token


def _level(name: str) -> int:
    level = logging.getLevelNamesMapping().get(name.upper())
    if level is None:
        raise ConfigError(f"--log-level {name}: debug, info, warning or error is expected")
    return level


def _listen(host: str, port: int) -> socket.socket:
    """A socket that listens, before the system is loaded: a port that is taken is known at once."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except (OSError, OverflowError) as error:
        raise ConfigError(f"{host}:{port}: cannot listen there: {error}; choose another --host or --port") from error


def _run(settings: Settings, listener: socket.socket, level: int, grace: float) -> None:
    import uvicorn

    from zhibiao.serve.app import create_app
    from zhibiao.serve.logs import configure, event

    configure(sys.stderr, level)
    service = create_app(settings)
    pool = service.state.pool
    config = uvicorn.Config(
        service,
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="on",
        ws="none",
        timeout_graceful_shutdown=math.ceil(grace) or None,
    )
    server = uvicorn.Server(config)
    # While the workers start; and uvicorn raises the signal again after an orderly stop, which is no failure.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: setattr(server, "should_exit", True))
    address, port = listener.getsockname()[:2]
    try:
        pool.start()
        event("serving", address=address, port=port, model_version=settings.model_version, workers=settings.workers)
        server.run(sockets=[listener])
        event("stopped")
    finally:
        pool.close()
        listener.close()
