"""The project of a schema: made, or given the labeling interface that it needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from zhibiao.annotate.client import LabelStudioServer, Project
from zhibiao.annotate.interface import config_problems, labeling_config
from zhibiao.core.errors import ConfigError
from zhibiao.core.schema import Schema


@dataclass(frozen=True, slots=True)
class Setup:
    """The project, what was done, and what its labeling interface had lacked."""

    project: Project
    action: Literal["created", "updated", "unchanged"]
    problems: tuple[str, ...] = ()


def set_up(
    server: LabelStudioServer,
    schema: Schema,
    *,
    title: str = "",
    number: int | None = None,
    annotators: int | None = None,
) -> Setup:
    """The project ``number``, or the one titled ``title``, which is created if there is none, fit for ``schema``.

    An interface that has all that the schema needs stays as it is, captions and additions of others included; one that
    lacks something is replaced, unless the server finds that annotations need what would go. ``annotators`` is the
    number of people who shall annotate each task (None: 1 for a new project, else as it is).

    Raises ConfigError if several projects have the title, ServerError if the server refuses the interface.
    """
    project = _find(server, title, number)
    if project is None:
        return Setup(server.create_project(title, labeling_config(schema), annotators=annotators or 1), "created")
    problems = config_problems(project.label_config, schema)
    if problems:
        server.update_project(project.id, label_config=labeling_config(schema))
    more = annotators is not None and annotators != project.annotators
    if more:
        server.update_project(project.id, maximum_annotations=annotators)
    if not problems and not more:
        return Setup(project, "unchanged")
    return Setup(server.project(project.id), "updated", tuple(problems))


def require_interface(project: Project, schema: Schema) -> None:
    """Raises ConfigError, with all that is missing, if annotations of ``schema`` do not fit the project."""
    problems = config_problems(project.label_config, schema)
    if problems:
        raise ConfigError(
            f"project {project.id} ({project.title!r}): its labeling interface does not fit the schema: "
            f"{'; '.join(problems)}; `zhibiao annotate init --project {project.id}` replaces it"
        )


def _find(server: LabelStudioServer, title: str, number: int | None) -> Project | None:
    if number is not None:
        return server.project(number)
    projects = server.projects_titled(title)
    if len(projects) > 1:
        numbers = ", ".join(str(project.id) for project in projects)
        raise ConfigError(f"--title {title!r}: the projects {numbers} are all called so; name one with --project")
    return projects[0] if projects else None
