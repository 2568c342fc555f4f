"""What is measured: a Redis, and the same pods without an operator."""

import base64
import contextlib
import itertools
import json
import subprocess
import time

from kube import REDISES, SERVER, ApiError, Watch, all_ready, condition, processes
from resp import until_whole

LABEL = "slotkeeper.io/bench"
SERVERS = ("redis-server", "valkey-server")
ORIGINAL = "bench-original"
serial = itertools.count(1)


def redis(name, version, masters=3, replicas=1, mode="Cluster"):
    servers = {"cluster": {"master": masters, "replicas": replicas}} if mode == "Cluster" else {mode.lower(): {"replicas": replicas}}
    return {
        "apiVersion": "slotkeeper.io/v1alpha1", "kind": "Redis", "metadata": {"name": name},
        "spec": {
            "version": version, "mode": mode, **servers,
            "storageType": "Durable", "terminationPolicy": "WipeOut",
            "storage": {"resources": {"requests": {"storage": "1Gi"}}, "storageClassName": "standard", "accessModes": ["ReadWriteOnce"]},
        },
    }


class Bench:
    def __init__(self, api, version, runs):
        self.api, self.version, self.runs = api, version, runs
        self.exported = None

    @contextlib.contextmanager
    def namespace(self):
        """A namespace of one measurement, gone with all of its processes afterwards."""
        name = f"bench-{next(serial)}"
        self.api.post("/api/v1/namespaces", {"metadata": {"name": name, "labels": {LABEL: "true"}}})
        try:
            for _ in range(200):
                with contextlib.suppress(ApiError):
                    self.api.get(f"/api/v1/namespaces/{name}/serviceaccounts/default")
                    break
                time.sleep(0.05)
            yield name
        finally:
            self.discard(name)

    def discard(self, name):
        pods = self.pods(name)
        self.api.delete(f"{REDISES}/namespaces/{name}/redises")
        self.api.delete(f"/apis/apps/v1/namespaces/{name}/statefulsets")
        end = time.time() + 240
        while True:
            # Again and again: a controller may not yet know that its owner is gone.
            with contextlib.suppress(ApiError):
                self.kill_pods(name)
                self.api.delete(f"/api/v1/namespaces/{name}")
            try:
                self.api.get(f"/api/v1/namespaces/{name}")
            except ApiError as e:
                if e.status == 404 and not any(processes(p["metadata"]["uid"], SERVERS) for p in pods):
                    return
            if time.time() > end:
                raise TimeoutError(f"namespace {name} does not go; pods left: {len(self.pods(name))}")
            time.sleep(0.5)

    def discard_leftovers(self):
        for item in self.api.get(f"/api/v1/namespaces?labelSelector={LABEL}")["items"]:
            self.discard(item["metadata"]["name"])

    def pods(self, namespace):
        return self.api.get(f"/api/v1/namespaces/{namespace}/pods")["items"]

    def kill_pods(self, namespace):
        """All at once, without grace; their volumes stay."""
        self.api.delete(f"/api/v1/namespaces/{namespace}/pods", gracePeriodSeconds=0)

    def watch(self, namespace, kind, **options):
        group = REDISES if kind == "redises" else "/api/v1"
        return Watch(self.api, f"{group}/namespaces/{namespace}/{kind}", **options)

    def apply_redis(self, namespace, *names, **shape):
        self.api.post_all([(f"{REDISES}/namespaces/{namespace}/redises", redis(name, self.version, **shape)) for name in names])

    def password(self, namespace, name):
        data = self.api.get(f"/api/v1/namespaces/{namespace}/secrets/{name}-auth")["data"]
        return base64.b64decode(data["password"]).decode()

    def redis(self, namespace, name):
        return self.api.get(f"{REDISES}/namespaces/{namespace}/redises/{name}")

    def change(self, namespace, name, spec):
        self.api.patch(f"{REDISES}/namespaces/{namespace}/redises/{name}", {"spec": spec})

    def export(self):
        """Exports the objects of a cluster, to create them without the operator. Also warms everything up."""
        self.exported, took = self.exported_objects()
        return took

    def exported_objects(self, **shape):
        """The objects of a Redis, and how long it took to be Ready."""
        with self.namespace() as namespace, self.watch(namespace, "redises") as redises:
            begin = time.time()
            self.apply_redis(namespace, ORIGINAL, **shape)
            ready = redises.until("the first Redis Ready", all_ready(1))
            items = []
            for path in ("/api/v1/{}/configmaps", "/api/v1/{}/secrets", "/api/v1/{}/services", "/apis/apps/v1/{}/statefulsets"):
                path = path.format(f"namespaces/{namespace}")
                items += [(path.replace(namespace, "NAMESPACE"), item) for item in self.api.get(path)["items"]
                          if item["metadata"]["name"].startswith(ORIGINAL)]
            return [(path, bare(item)) for path, item in items], ready - begin

    def plain(self, namespace, name, shards=3, pods=2):
        """Configuration and StatefulSets to be posted: the operator's own objects, without an owner."""
        text = json.dumps(self.exported).replace(ORIGINAL, name).replace("NAMESPACE", namespace)
        sets, rest = [], []
        for path, item in json.loads(text):
            if not path.endswith("statefulsets"):
                rest.append((path, item))
            elif len(sets) < shards:
                item["spec"]["replicas"] = pods
                sets.append((path, item))
        return rest, sets

    def apply_plain(self, namespace, *names, **shape):
        """When the StatefulSets were posted; what they need is there before."""
        parts = [self.plain(namespace, name, **shape) for name in names]
        self.api.post_all([pair for rest, _ in parts for pair in rest])
        begin = time.time()
        self.api.post_all([pair for _, sets in parts for pair in sets])
        return begin

    def form_plain(self, namespace, name):
        """`redis-cli --cluster create` in the first pod: when it began, and when the servers agreed."""
        ips = [pod["status"]["podIP"] for pod in self.pods(namespace)]
        addresses = " ".join(f"{ip}:6379" for ip in ips)
        script = f"""date +%s.%N; cli=redis-cli; command -v $cli >/dev/null || cli=valkey-cli
            $cli --cluster create {addresses} --cluster-replicas 1 --cluster-yes"""
        done = subprocess.run(
            ["kubectl", f"--server=https://{SERVER[0]}:{SERVER[1]}", "exec", "-n", namespace, f"{name}-shard0-0", "-c", "redis", "--", "sh", "-c", script],
            capture_output=True, text=True, timeout=120)
        if done.returncode:
            raise RuntimeError(f"redis-cli --cluster create: {done.stdout[-500:]} {done.stderr[-500:]}")
        return float(done.stdout.split()[0]), until_whole(ips, self.password(namespace, name))


def bare(item):
    """Without what the API server and the operator put into it."""
    meta = item["metadata"]
    result = {k: v for k, v in item.items() if k != "status"}
    result["metadata"] = {k: meta[k] for k in ("name", "labels") if k in meta}
    for field in ("clusterIP", "clusterIPs", "ipFamilies"):
        if result.get("spec", {}).get(field) != "None" and result.get("spec", {}).get(field) != ["None"]:
            result.get("spec", {}).pop(field, None)
    # Nor is it to be found by the operator.
    return json.loads(json.dumps(result).replace('"app.kubernetes.io/managed-by": "slotkeeper"', '"app.kubernetes.io/managed-by": "bench"'))


def is_ready(status):
    return lambda items: any(condition(item, "Ready") == status for item in items)
