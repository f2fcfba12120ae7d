"""What is needed of Label Studio's HTTP interface, in memory, with faults to order."""

import json
import re
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

TOKEN = "0123456789abcdef0123456789abcdef01234567"
USERS = {1: "one@example.com", 2: "two@example.com"}


class FakeLabelStudio:
    """Its state, and ``faults``: for the next requests that match METHOD and path, what goes wrong.

    A fault is ``before`` or ``after`` (the connection closes before or after the request is carried out), or an HTTP
    status with headers. ``refuse`` tells which task data an import does not take; ``limit`` is the most bytes.
    """

    def __init__(self):
        self.projects, self.tasks, self.predictions = {}, {}, {}
        self.requests, self.faults = [], []
        self.refuse = lambda data: False
        self.limit = 10**9
        self.clock = datetime(2026, 1, 1, tzinfo=UTC)
        self.editions_import = None
        self._last = 0

    def fail(self, method, pattern, *faults):
        """Let the next matching requests fail, one fault each."""
        self.faults += [(method, re.compile(pattern), fault) for fault in faults]

    def fault_of(self, method, path):
        for number, (expected, pattern, fault) in enumerate(self.faults):
            if method == expected and pattern.search(path):
                del self.faults[number]
                return fault
        return None

    def number(self):
        self._last += 1
        return self._last

    def now(self):
        self.clock += timedelta(seconds=1)
        return self.clock.isoformat().replace("+00:00", "Z")

    def add_task(self, project, data, annotations=(), drafts=()):
        number = self.number()
        drafts = [dict(draft) for draft in drafts]
        self.tasks[number] = {
            "id": number,
            "project": project,
            "data": data,
            "annotations": [],
            "drafts": drafts,
            "draft_exists": bool(drafts),
            "updated_at": self.now(),
        }
        for annotation in annotations:
            self.annotate(number, **annotation)
        return number

    def annotate(self, task, *, result=(), by=1, was_cancelled=False, **more):
        now = self.now()
        annotation = {"id": self.number(), "result": list(result), "completed_by": by, "was_cancelled": was_cancelled}
        self.tasks[task]["annotations"].append({**annotation, "created_at": now, "updated_at": now, **more})
        self.tasks[task]["updated_at"] = now

    def predict(self, task, prediction):
        number = self.number()
        self.predictions[number] = {"score": None, **prediction, "task": task, "id": number}

    def task(self, number):
        mine = [prediction for prediction in self.predictions.values() if prediction["task"] == number]
        return {**self.tasks[number], "predictions": mine}

    def ids(self):
        return [task["data"].get("id") for task in self.tasks.values()]

    # What requests do: (method, path pattern) to a method that gives status and body.

    def get_version(self, match, query, body):
        return 200, {"release": "1.23.2", "edition": "Community"}

    def get_user(self, match, query, body):
        return 200, {"id": 1, "email": USERS[1], "username": "one"}

    def get_users(self, match, query, body):
        return 200, [{"id": number, "email": email, "username": email} for number, email in USERS.items()]

    def get_projects(self, match, query, body):
        if query.get("page", ["1"]) != ["1"]:
            return 404, {"detail": "Invalid page."}
        results = [p for p in self.projects.values() if query["title"][0].lower() in p["title"].lower()]
        return 200, {"count": len(results), "next": None, "previous": None, "results": results}

    def post_project(self, match, query, body):
        number = self.number()
        self.projects[number] = {"model_version": "", **body, "id": number}
        return 201, self.projects[number]

    def get_project(self, match, query, body):
        project = self.projects.get(int(match[1]))
        return (200, project) if project else (404, {"detail": "No Project matches the given query."})

    def patch_project(self, match, query, body):
        self.projects[int(match[1])] |= body
        return 200, self.projects[int(match[1])]

    def validate(self, match, query, body):
        if "<View" not in body["label_config"]:
            return 400, {"detail": "Validation error", "validation_errors": {"label_config": ["no <View>"]}}
        return 200, {"label_config": body["label_config"]}

    def import_tasks(self, match, query, body):
        if any(self.refuse(task["data"]) for task in body):
            return 400, {"detail": "Validation error", "validation_errors": {"non_field_errors": ["refused data"]}}
        for task in body:
            number = self.add_task(int(match[1]), task["data"])
            for prediction in task.get("predictions", ()):
                self.predict(number, prediction)
        if self.editions_import:
            return 201, {"import": 9}
        return 201, {"task_count": len(body)}

    def import_state(self, match, query, body):
        state = self.editions_import.pop(0)
        return 200, {"id": 9, "status": state, "error": "no space left" if state == "failed" else None}

    def import_predictions(self, match, query, body):
        if any(self.refuse(self.tasks[prediction["task"]]["data"]) for prediction in body):
            return 400, {"detail": "refused data"}
        for prediction in body:
            self.predict(prediction["task"], {k: prediction.get(k) for k in ("model_version", "result", "score")})
        return 201, {"created": len(body)}

    def get_tasks(self, match, query, body):
        if int(query["project"][0]) not in self.projects:
            return 404, {"detail": "No Project matches the given query."}
        asked = json.loads(query["query"][0])
        numbers = [number for number, task in self.tasks.items() if task["project"] == int(query["project"][0])]
        for item in asked.get("filters", {}).get("items", ()):
            if item["filter"] == "filter:tasks:id":
                numbers = [number for number in numbers if number > item["value"]]
            else:
                since = datetime.strptime(item["value"], "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
                numbers = [n for n in numbers if datetime.fromisoformat(self.tasks[n]["updated_at"]) >= since]
        chosen = asked.get("selectedItems")
        numbers = [n for n in numbers if n in chosen["included"]] if chosen else numbers
        newest_first = asked.get("ordering") == ["-tasks:updated_at"]
        numbers.sort(
            key=lambda number: self.tasks[number]["updated_at"] if newest_first else number, reverse=newest_first
        )
        tasks = [self.task(number) for number in numbers[: int(query["page_size"][0])]]
        if query["fields"] == ["task_only"]:
            tasks = [{k: v for k, v in task.items() if k not in ("annotations", "predictions")} for task in tasks]
        return 200, {"tasks": tasks, "total": len(numbers), "total_annotations": 0, "total_predictions": 0}

    def delete_task(self, match, query, body):
        return (204, None) if self.tasks.pop(int(match[1]), None) else (404, {"detail": "gone"})

    def delete_prediction(self, match, query, body):
        return (204, None) if self.predictions.pop(int(match[1]), None) else (404, {"detail": "gone"})

    ROUTES = (
        ("GET", r"^/api/version", get_version),
        ("GET", r"^/api/current-user/whoami", get_user),
        ("GET", r"^/api/users/$", get_users),
        ("GET", r"^/api/projects/$", get_projects),
        ("POST", r"^/api/projects/$", post_project),
        ("GET", r"^/api/projects/(\d+)/$", get_project),
        ("PATCH", r"^/api/projects/(\d+)/$", patch_project),
        ("POST", r"^/api/projects/(\d+)/validate/$", validate),
        ("POST", r"^/api/projects/(\d+)/import$", import_tasks),
        ("GET", r"^/api/projects/(\d+)/imports/9", import_state),
        ("POST", r"^/api/projects/(\d+)/import/predictions$", import_predictions),
        ("GET", r"^/api/tasks/$", get_tasks),
        ("DELETE", r"^/api/tasks/(\d+)/$", delete_task),
        ("DELETE", r"^/api/predictions/(\d+)/$", delete_prediction),
    )


class _Handler(BaseHTTPRequestHandler):
    def _answer(self):
        fake = self.server.fake
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        place = urlsplit(self.path)
        fake.requests.append((self.command, place.path))
        fault = fake.fault_of(self.command, place.path)
        if fault == "before":
            self.close_connection = True
            return
        if isinstance(fault, tuple):
            self._send(*fault)
            return
        status, body = self._carry_out(fake, place, raw)
        if fault == "after":
            self.close_connection = True
            return
        self._send(status, body)

    def _carry_out(self, fake, place, raw):
        if self.headers.get("Authorization") != f"Token {TOKEN}":
            return 401, {"detail": "Invalid token."}
        if len(raw) > fake.limit:
            return 413, None
        for method, pattern, action in fake.ROUTES:
            match = re.match(pattern, place.path)
            if method == self.command and match:
                return action(fake, match, parse_qs(place.query), json.loads(raw) if raw else None)
        return 404, {"detail": f"{self.command} {place.path}"}

    def _send(self, status, body, headers=()):
        content = b"" if body is None else body.encode() if isinstance(body, str) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in dict(headers).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PATCH = do_DELETE = _answer  # noqa: N815

    def log_message(self, *arguments):
        """Nothing."""


@contextmanager
def running(tls=None):
    """A fake that listens on the loopback: itself and its URL."""
    fake = FakeLabelStudio()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.fake = fake
    server.daemon_threads = True
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield fake, f"http{'s' if tls else ''}://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
