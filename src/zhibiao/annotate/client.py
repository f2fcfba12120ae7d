"""What is needed of a Label Studio server, through the clients of label-studio-sdk."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from zhibiao.annotate.calls import Caller, MissingError, RefusedError
from zhibiao.annotate.connect import ConnectOptions, checked_url, require_sdk, sdk_client
from zhibiao.annotate.credentials import Token
from zhibiao.core.errors import ServerError

_PAGE = 50
_LIGHT_PAGE = 500
_POLL_S = 1.0
# The SDK repeats on its own, imports included, which would double tasks; Caller does it with care.
_ONCE: Any = {"max_retries": 0}
_PROJECT_FIELDS = ("id", "title", "label_config", "model_version", "maximum_annotations")
_TASK_FIELDS = ("id", "data", "annotations", "predictions", "drafts", "draft_exists")

Task = dict[str, Any]
Prediction = dict[str, Any]
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Project:
    """A project of the server; ``annotators`` is the number of annotations that each task shall have."""

    id: int
    title: str
    label_config: str
    model_version: str
    annotators: int


class LabelStudioServer:
    """What is needed of a server; every method raises ServerError, see Caller."""

    def __init__(self, url: str, token: Token, options: ConnectOptions | None = None) -> None:
        """Connect to ``url`` (of the server, not of a page in it); nothing is sent but, for a JWT, nothing yet either.

        Raises ConfigError for a URL or certificate file that cannot be right, or if the SDK is not installed.
        """
        require_sdk()
        options = options or ConnectOptions()
        self.url = checked_url(url)
        self._caller = Caller(self.url, token, attempts=options.attempts, sleep=options.sleep)
        self._sleep = options.sleep
        self._client = self._caller.call("connecting", lambda: sdk_client(self.url, token, options))

    def whoami(self) -> str:
        """The e-mail address of the token's user."""
        return str(
            self._call(
                "asking who the token belongs to", lambda: self._client.users.whoami(request_options=_ONCE)
            ).email
        )

    def version(self) -> str:
        """The version of the server, such as 1.23.2."""
        answer = self._call("asking for the version", lambda: self._client.versions.get(request_options=_ONCE))
        release = getattr(answer, "release", None)
        if not release:
            raise ServerError(
                f"{self.url}: the answer gives no version; check that this is the address of Label Studio"
            )
        return str(release)

    def project(self, number: int) -> Project:
        """The project ``number``."""
        what = f"reading project {number}"
        return _project(self._call(what, lambda: self._client.projects.get(number, request_options=_ONCE)))

    def projects_titled(self, title: str) -> list[Project]:
        """All projects whose title is exactly ``title``, by number."""

        def found() -> list[int]:
            pager = self._client.projects.list(title=title, page_size=_PAGE, request_options=_ONCE)
            return [project.id for project in pager if project.title == title]

        return [self.project(number) for number in sorted(self._call("listing the projects", found))]

    def create_project(self, title: str, label_config: str, *, annotators: int) -> Project:
        """A new project for ``annotators`` people a task, which shows predictions and allows empty annotations."""
        before = {project.id for project in self.projects_titled(title)}

        def create() -> Project:
            return _project(
                self._client.projects.create(
                    title=title,
                    label_config=label_config,
                    maximum_annotations=annotators,
                    show_collab_predictions=True,
                    enable_empty_annotation=True,
                    request_options=_ONCE,
                )
            )

        def made() -> Project | None:
            return next((p for p in self.projects_titled(title) if p.id not in before), None)

        return self._caller.call(f"creating the project {title!r}", create, before_repeating=made)

    def update_project(self, number: int, **settings: Any) -> None:
        """Change settings of a project, named as in the SDK; a labeling configuration is validated by the server."""
        projects = self._client.projects
        if "label_config" in settings:
            config = settings["label_config"]
            self._call(
                f"validating the labeling interface for project {number}",
                lambda: projects.validate_label_config(number, label_config=config, request_options=_ONCE),
            )
        what = f"changing {', '.join(settings)} of project {number}"
        self._call(what, lambda: projects.update(number, **settings, request_options=_ONCE))

    def tasks(self, project: int, *, updated_since: datetime | None = None) -> Iterator[Task]:
        """All tasks by number, with annotations, predictions and the token's user's drafts.

        ``updated_since``: only tasks that were changed then or later (a new or changed annotation changes its task).
        """
        since = [] if updated_since is None else [_filter("updated_at", "greater_or_equal", _stamp(updated_since))]
        yield from self._listed(project, "all", _PAGE, since)

    def newest_change(self, project: int) -> datetime | None:
        """When the newest of all changes of the project's tasks was made; None if it has no tasks."""
        query = {"ordering": ["-tasks:updated_at"]}
        page = self._page(project, "task_only", 1, query, ("updated_at",))
        return datetime.fromisoformat(str(page[0]["updated_at"])) if page else None

    def task_heads(self, project: int) -> Iterator[Task]:
        """All tasks by number, without annotations and predictions."""
        yield from self._listed(project, "task_only", _LIGHT_PAGE, [])

    def tasks_by_number(self, project: int, numbers: Sequence[int]) -> Iterator[Task]:
        """The tasks ``numbers`` as ``tasks`` gives them; those that are gone are left out."""
        for at in range(0, len(numbers), _PAGE):
            chosen = {"selectedItems": {"all": False, "included": list(numbers[at : at + _PAGE])}}
            yield from self._page(project, "all", _PAGE, chosen)

    def _listed(self, project: int, fields: str, size: int, filters: list[dict[str, Any]]) -> Iterator[Task]:
        # By number and not by page: a page shifts when a task is deleted meanwhile, and some tasks would be left out.
        last = 0
        while True:
            items = [_filter("id", "greater", last), *filters]
            query = {"filters": {"conjunction": "and", "items": items}, "ordering": ["tasks:id"]}
            page = self._page(project, fields, size, query)
            yield from page
            if not page:
                return
            last = page[-1]["id"]

    def _page(
        self, project: int, fields: str, size: int, query: Mapping[str, Any], names: Sequence[str] = _TASK_FIELDS
    ) -> list[Task]:
        def listed() -> list[Task]:
            pager = self._client.tasks.list(
                project=project,
                fields=fields,
                page=1,
                page_size=size,
                resolve_uri=False,
                query=json.dumps(query),
                request_options=_ONCE,
            )
            return [_fields(task, names) for task in pager.items or ()]

        return self._call(f"listing the tasks of project {project}", listed)

    def import_tasks(
        self, project: int, tasks: Sequence[Task], *, before_repeating: Callable[[], Sequence[Task]]
    ) -> None:
        """Create ``tasks``, all or none of them; ``before_repeating`` tells which of them are still not there.

        Raises RefusedError if the server refuses the content.
        """

        def send(left: Sequence[Task]) -> None:
            answer = self._client.projects.import_tasks(
                project, request=left, commit_to_project=True, return_task_ids=False, request_options=_ONCE
            )
            if answer.import_ is not None:
                self._wait_for_import(project, answer.import_)

        self._import(f"importing tasks into project {project}", send, tasks, before_repeating)

    def import_predictions(
        self,
        project: int,
        predictions: Sequence[Prediction],
        *,
        before_repeating: Callable[[], Sequence[Prediction]],
    ) -> None:
        """Add predictions, each with ``task``, ``model_version``, ``result`` and perhaps ``score``.

        ``before_repeating`` and what is raised are as in ``import_tasks``.
        """

        def send(left: Sequence[Prediction]) -> None:
            from label_studio_sdk.types import PredictionRequest

            requests = [PredictionRequest(**prediction) for prediction in left]
            self._client.projects.import_predictions(project, request=requests, request_options=_ONCE)

        self._import(f"importing predictions into project {project}", send, predictions, before_repeating)

    def _import(
        self,
        what: str,
        send: Callable[[Sequence[Task]], None],
        items: Sequence[Task],
        before_repeating: Callable[[], Sequence[Task]],
    ) -> None:
        left = list(items)

        def attempt() -> bool:
            send(left)
            return True

        def look() -> bool | None:
            left[:] = before_repeating()
            return None if left else True

        self._caller.call(what, attempt, before_repeating=look)

    def _wait_for_import(self, project: int, number: int) -> None:
        """Wait for an import that is carried out in the background, as the other editions do."""
        while True:
            state = self._client.tasks.create_many_status(project, number, request_options=_ONCE)
            if state.status == "failed":
                raise RefusedError(f"{self.url}: import {number} into project {project} failed: {state.error}", 400)
            if state.status == "completed":
                return
            self._sleep(_POLL_S)

    def delete_prediction(self, number: int) -> None:
        """Delete a prediction; it need not be there any more."""
        self._delete(
            f"deleting prediction {number}", lambda: self._client.predictions.delete(number, request_options=_ONCE)
        )

    def delete_task(self, number: int) -> None:
        """Delete a task; it need not be there any more."""
        self._delete(f"deleting task {number}", lambda: self._client.tasks.delete(str(number), request_options=_ONCE))

    def users(self) -> dict[int, str]:
        """E-mail addresses of the server's users by number; empty if the token's user may not see them."""
        try:
            users = self._call("listing the users", lambda: self._client.users.list(request_options=_ONCE))
        except (MissingError, RefusedError):
            return {}
        return {user.id: user.email for user in users}

    def _delete(self, what: str, action: Callable[[], object]) -> None:
        try:
            self._call(what, action)
        except MissingError:
            return

    def _call(self, what: str, action: Callable[[], Result]) -> Result:
        return self._caller.call(what, action)


def _project(raw: Any) -> Project:
    project = _fields(raw, _PROJECT_FIELDS)
    title, config, version = (project[name] or "" for name in ("title", "label_config", "model_version"))
    return Project(project["id"], title, config, version, project["maximum_annotations"] or 1)


def _fields(raw: Any, names: Sequence[str]) -> dict[str, Any]:
    """Attributes of an object of the SDK as values of JSON.

    Its own dump warns of every field that differs from the declared type, as those of tasks do.
    """
    return {name: _plain(getattr(raw, name, None)) for name in names}


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.model_dump(mode="json") if hasattr(value, "model_dump") else value


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _filter(field: str, operator: str, value: Any) -> dict[str, Any]:
    kind = "Datetime" if field == "updated_at" else "Number"
    return {"filter": f"filter:tasks:{field}", "operator": operator, "type": kind, "value": value}
