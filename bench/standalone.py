"""l: mode Standalone, a primary with a replica, beside a plain StatefulSet whose first pod is always the primary."""

import ctypes
import json
import os
import time

from failover import Writer, delete, kill
from kube import all_ready
from objects import ORIGINAL

# Where the addresses of Services lead to pods: not in the network of the control plane.
NETWORK = f"/run/netns/{os.environ.get('BENCH_CLUSTER', 'slotkeeper')}-node-1"
CLONE_NEWNET = 0x40000000


def enter(network):
    """This thread alone: its sockets are in that network from now on."""
    libc = ctypes.CDLL(None, use_errno=True)
    with open(network) as namespace:
        if libc.setns(namespace.fileno(), CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), f"cannot enter {network}")


class ServiceWriter(Writer):
    """A client that knows the Service alone. After an error it connects again, and repeats the write."""

    TIMEOUT = 1.0

    def __init__(self, stage, address, password):
        super().__init__(stage, [address], password)
        self.errors, self.there = 0, None

    def run(self):
        enter(NETWORK)
        super().run()
        # Read here, for no other thread is in this network.
        self.there = {int(n) for n in self.server(self.at).command("SMEMBERS", self.key)}

    def another(self):
        self.errors += 1
        self.server(self.at).close()

    def server(self, ip):
        server = super().server(ip)
        server.timeout = self.TIMEOUT
        return server

    def count_lost(self):
        self.end()
        if self.there is None:
            raise RuntimeError("what was written could not be read")
        return len(set(range(1, len(self.acknowledged))) - self.there)


class Pair:
    """A primary and a replica that run, and a client."""

    LETTER, NAME, MODE, REPLICAS, PODS = "l", "pair", "Standalone", 1, 2

    def __init__(self, bench, table, namespace, managed):
        self.bench, self.table, self.namespace, self.managed = bench, table, namespace, managed
        self.prefix = self.LETTER if managed else f"{self.LETTER}-floor"
        # Each as it is after the last change: the replica is in sync where its pod is Ready.
        self.ready = all_ready(1) if managed else all_ready(self.PODS)

    @classmethod
    def follow(cls):
        """What people write into the start script: the first pod is primary, the others follow it."""
        return f'[ "${{HOSTNAME##*-}}" = 0 ] || echo "replicaof {cls.NAME}-shard0-0.{cls.NAME}-gvr 6379" >>"$conf"'

    @classmethod
    def plain(cls, exported, namespace):
        """The operator's own objects, with what people write by hand in place of its decisions."""
        text = json.dumps(exported).replace(ORIGINAL, cls.NAME).replace("NAMESPACE", namespace)
        for path, item in json.loads(text):
            if path.endswith("configmaps"):
                script = item["data"]["start.sh"]
                assert script.endswith("\ntake_role\nlaunch\n"), "start.sh ends with something else"
                item["data"]["start.sh"] = script.replace("\ntake_role\nlaunch\n", f"\n{cls.follow()}\nlaunch\n")
            elif path.endswith("services") and item["metadata"]["name"] == cls.NAME:
                item["spec"]["selector"] = {"statefulset.kubernetes.io/pod-name": f"{cls.NAME}-shard0-0"}
            elif path.endswith("statefulsets"):
                item["spec"]["updateStrategy"] = {"type": "RollingUpdate"}
                item["spec"]["template"]["spec"]["containers"][0].pop("lifecycle", None)
            yield path, item

    def started(self):
        """What people do by hand once the pods of a plain one exist."""

    def add(self, what, value):
        self.table.add(f"{self.prefix}-{what}", value)

    def primary(self):
        name = f"{self.NAME}-shard0-0"
        if self.managed:
            name = self.bench.redis(self.namespace, self.NAME)["status"]["shards"][0]["master"]
        return next(pod for pod in self.bench.pods(self.namespace) if pod["metadata"]["name"] == name)

    def settle(self, but=frozenset()):
        """Both pods are Ready, and none of them is one of these: when."""
        end = time.time() + 120
        while time.time() < end:
            pods = self.bench.pods(self.namespace)
            whole = all_ready(self.PODS, but)(pods) and not any("deletionTimestamp" in pod["metadata"] for pod in pods)
            if whole and (not self.managed or self.ready([self.bench.redis(self.namespace, self.NAME)])):
                return time.time()
            time.sleep(0.05)
        raise TimeoutError("a primary with its replica")

    def servers(self):
        return [pod for pod in self.bench.pods(self.namespace) if pod["metadata"]["name"].startswith(f"{self.NAME}-shard0-")]

    def writers(self, what):
        """The clients, by what is added to the key of a row."""
        address = self.bench.api.get(f"/api/v1/namespaces/{self.namespace}/services/{self.NAME}")["spec"]["clusterIP"]
        return {"": ServiceWriter(what, address, self.bench.password(self.namespace, self.NAME))}

    def stage(self, what, fault):
        """How long writes fail at one fault, how many attempts fail, and how many acknowledged writes are lost."""
        self.settle()
        writers = self.writers(what)
        for writer in writers.values():
            writer.start()
        try:
            time.sleep(1)
            begin = time.time()
            gone = fault()
            # The outage may begin a moment later, and ends at the latest when all is well again.
            self.settle(gone)
            while time.time() < begin + 4 or any(time.time() - w.acknowledged[-1] > 1 for w in writers.values()):
                if time.time() > begin + 120:
                    raise TimeoutError("no write for two minutes")
                time.sleep(0.05)
            for client, writer in writers.items():
                longest, back = writer.outage(begin)
                self.add(f"{what}{client}", back - begin if what == "kill" else longest)
                self.add(f"{what}{client}-errors", writer.errors)
        finally:
            for writer in writers.values():
                writer.end()
        for client, writer in writers.items():
            self.add(f"{what}{client}-lost", writer.count_lost())

    def kill(self):
        kill(self.bench, self.primary())
        return frozenset()

    def delete(self):
        pod = self.primary()
        delete(self.bench, pod)
        return frozenset([pod["metadata"]["uid"]])

    def roll(self):
        gone = frozenset(pod["metadata"]["uid"] for pod in self.servers())
        annotation = {"metadata": {"annotations": {"bench": "rolled"}}}
        if self.managed:
            self.bench.change(self.namespace, self.NAME, {"podTemplate": annotation})
        else:
            path = f"/apis/apps/v1/namespaces/{self.namespace}/statefulsets/{self.NAME}-shard0"
            self.bench.api.patch(path, {"spec": {"template": annotation}})
        return gone


def created(kind, bench, table, namespace, exported):
    managed = exported is None
    with bench.watch(namespace, "redises" if managed else "pods") as watch:
        begin = time.time()
        if managed:
            bench.apply_redis(namespace, kind.NAME, replicas=kind.REPLICAS, mode=kind.MODE)
        else:
            objects = list(kind.plain(exported, namespace))
            bench.api.post_all([pair for pair in objects if not pair[0].endswith("statefulsets")])
            begin = time.time()
            bench.api.post_all([pair for pair in objects if pair[0].endswith("statefulsets")])
        pair = kind(bench, table, namespace, managed)
        if not managed:
            pair.started()
        pair.add("start", watch.until("all Ready", pair.ready) - begin)
        return pair


def outage(pair):
    """All pods at once, without grace; their volumes stay."""
    pair.settle()
    lost = frozenset(pod["metadata"]["uid"] for pod in pair.bench.pods(pair.namespace))
    with pair.bench.watch(pair.namespace, "redises" if pair.managed else "pods") as watch:
        begin = time.time()
        pair.bench.kill_pods(pair.namespace)
        if pair.managed:
            watch.until("Redis not Ready", lambda items: not pair.ready(items), timeout=60)
            at = watch.until("Redis Ready again", pair.ready, timeout=180)
        else:
            at = watch.until("the plain pods Ready again", all_ready(pair.PODS, but=lost), timeout=180)
    pair.add("all", at - begin)


def pair(bench, table, exported):
    with bench.namespace() as namespace:
        it = created(Pair, bench, table, namespace, exported)
        it.stage("kill", it.kill)
        it.stage("delete", it.delete)
        it.stage("roll", it.roll)
        outage(it)


def standalone(bench, table):
    exported, _ = bench.exported_objects(replicas=Pair.REPLICAS, mode=Pair.MODE)
    for run in range(bench.runs):
        table.run("l, Redis alone", run, pair, bench, exported=exported)
        table.run("l, Slotkeeper", run, pair, bench, exported=None)
