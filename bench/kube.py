"""A client of the API server. kubectl would add a tenth of a second to each step."""

import base64
import concurrent.futures
import http.client
import json
import pathlib
import queue
import ssl
import subprocess
import tempfile
import threading
import time

SERVER = ("10.250.0.1", 6443)  # as it is known in the network of the control plane
REDISES = "/apis/slotkeeper.io/v1alpha1"


class ApiError(Exception):
    def __init__(self, status, message):
        super().__init__(f"{status}: {message}")
        self.status = status


class Api:
    """Thread-safe: each thread has a connection of its own."""

    def __init__(self):
        config = json.loads(subprocess.run(["kubectl", "config", "view", "--raw", "--minify", "-o", "json"],
                                           check=True, capture_output=True).stdout)
        user, cluster = config["users"][0]["user"], config["clusters"][0]["cluster"]
        authority = base64.b64decode(cluster["certificate-authority-data"]).decode()
        self.tls = ssl.create_default_context(cadata=authority)
        with tempfile.NamedTemporaryFile() as pem:  # ssl takes a client's key from a file only
            pem.write(base64.b64decode(user["client-certificate-data"]) + b"\n" + base64.b64decode(user["client-key-data"]))
            pem.flush()
            self.tls.load_cert_chain(pem.name)
        self.local = threading.local()

    def connect(self, timeout):
        connection = http.client.HTTPSConnection(*SERVER, context=self.tls, timeout=timeout)
        connection.connect()
        return connection

    def raw(self, method, path, body=None, kind="application/json"):
        for attempt in (1, 2):
            connection = getattr(self.local, "connection", None)
            try:
                if connection is None:
                    connection = self.local.connection = self.connect(timeout=30)
                connection.request(method, path, body and json.dumps(body), {"Content-Type": kind})
                answer = connection.getresponse()
                text = answer.read()
                break
            except (OSError, http.client.HTTPException):
                self.local.connection = None
                # A connection that had been idle may be closed by the server; anything else is a fault.
                if attempt == 2:
                    raise
        if answer.status >= 400:
            try:
                message = json.loads(text).get("message")
            except ValueError:
                message = text[:200]
            raise ApiError(answer.status, f"{method} {path}: {message}")
        return text

    def get(self, path):
        return json.loads(self.raw("GET", path))

    def post(self, path, body):
        return json.loads(self.raw("POST", path, body))

    def patch(self, path, body):
        """A merge patch."""
        return json.loads(self.raw("PATCH", path, body, "application/merge-patch+json"))

    def delete(self, path, **options):
        """One object, or all of a collection. Not being there is fine."""
        try:
            self.raw("DELETE", path, {"apiVersion": "v1", "kind": "DeleteOptions", **options})
        except ApiError as e:
            if e.status != 404:
                raise

    def post_all(self, bodies_by_path):
        """All at once, each (path, body)."""
        with concurrent.futures.ThreadPoolExecutor(10) as pool:
            list(pool.map(lambda pair: self.post(*pair), bodies_by_path))

    def metrics(self):
        return self.raw("GET", "/metrics").decode()


class Watch:
    """
    The objects of a collection as they change. Each event gets a timestamp when it arrives and is kept
    until the next wait, so none is missed between two waits.
    """

    def __init__(self, api, path, each=lambda at, kind, item: None):
        self.objects = {}  # by name
        self.events = queue.Queue()
        self.each = each
        self.connection = api.connect(timeout=3600)
        self.connection.request("GET", f"{path}{'&' if '?' in path else '?'}watch=true")
        self.answer = self.connection.getresponse()
        if self.answer.status != 200:
            raise ApiError(self.answer.status, f"watch {path}")
        threading.Thread(target=self.read, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        # Shut down, not closed: the reader is in the middle of a read.
        self.connection.sock.shutdown(2)

    def read(self):
        try:
            for line in self.answer:
                event, at = json.loads(line), time.time()
                self.each(at, event["type"], event["object"])
                self.events.put((at, event["type"], event["object"]))
        except (OSError, ValueError, http.client.HTTPException):
            pass  # closed

    def until(self, what, predicate, timeout=120):
        """When the event came after which predicate(objects) was true. Raises TimeoutError."""
        end = time.time() + timeout
        while True:
            try:
                at, kind, item = self.events.get(timeout=max(0.001, end - time.time()))
            except queue.Empty:
                raise TimeoutError(f"{what}: not within {timeout} s") from None
            if kind == "DELETED":
                self.objects.pop(item["metadata"]["name"], None)
            else:
                self.objects[item["metadata"]["name"]] = item
            if predicate(list(self.objects.values())):
                return at


def condition(item, kind):
    return next((c["status"] for c in item.get("status", {}).get("conditions", []) if c["type"] == kind), None)


def all_ready(count, but=frozenset()):
    """A predicate: so many objects, all Ready, none of them with a uid in `but`."""
    return lambda items: (len(items) == count
                          and all(condition(i, "Ready") == "True" and i["metadata"]["uid"] not in but for i in items))


def processes(uid, names):
    """The processes of a pod that are called one of these names: pids, found by the cgroup."""
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if uid in (entry / "cgroup").read_text().replace("_", "-") and (entry / "comm").read_text().strip() in names:
                    found.append(int(entry.name))
            except OSError:
                pass  # it has ended
    return found
