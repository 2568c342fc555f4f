"""i: how long writes fail when a master goes, with Slotkeeper and without, and whether acknowledged ones are lost."""

import contextlib
import itertools
import os
import pathlib
import signal
import threading
import time

from kube import all_ready, processes
from objects import SERVERS
from resp import ReplyError, Server, slot, until_whole

SHARDS = 3


class Writer(threading.Thread):
    """
    Adds 0, 1, 2, … to a set in one shard, one every 5 ms, each until it is acknowledged: it goes where it is
    redirected, and to the next server when one does not answer.
    """

    PAUSE = 0.005
    SHUNNED = 0.1  # a server that did not answer, unless there is no other

    def __init__(self, tag, ips, password):
        super().__init__(daemon=True)
        self.key, self.password = f"{{{tag}}}bench", password
        self.servers, self.shunned = {}, {}
        self.next = itertools.cycle(ips)
        self.at = next(self.next)
        self.ips = ips
        self.acknowledged = [time.time()]
        self.ended = threading.Event()

    def run(self):
        while not self.ended.is_set():
            try:
                self.server(self.at).command("SADD", self.key, len(self.acknowledged))
                self.acknowledged.append(time.time())
            except ReplyError as e:
                kind, *rest = str(e).split()
                target = rest[1].rpartition(":")[0] if kind == "MOVED" else None
                if target and self.shunned.get(target, 0) < time.time():
                    self.at = target
                    continue
                self.another()
            except OSError:
                self.shunned[self.at] = time.time() + self.SHUNNED
                self.another()
            self.ended.wait(self.PAUSE)

    def another(self):
        for _ in self.ips:
            self.at = next(self.next)
            if self.shunned.get(self.at, 0) < time.time():
                return

    def server(self, ip):
        if ip not in self.servers:
            self.servers[ip] = Server(ip, self.password, timeout=0.1)
        return self.servers[ip]

    def outage(self, since):
        """The longest time without an acknowledgement from then on, and its end."""
        times = [t for t in self.acknowledged if t >= since - 1]
        return max((later - earlier, later) for earlier, later in itertools.pairwise(times) if later >= since)

    def end(self):
        self.ended.set()
        self.join(5)

    def lost(self, ips):
        """How many of the acknowledged are not in the set any more."""
        for ip in ips:
            with contextlib.suppress(ReplyError), contextlib.closing(Server(ip, self.password)) as server:
                there = {int(n) for n in server.command("SMEMBERS", self.key)}
                return len(set(range(1, len(self.acknowledged))) - there)
        raise RuntimeError("no server has the key")


def tag_of(shard):
    return next(tag for tag in map(str, range(1000)) if slot(tag) * SHARDS // 16384 == shard)


def master_pod(bench, namespace, password, key):
    """The pod that writes of this key go to."""
    for pod in bench.pods(namespace):
        with contextlib.closing(Server(pod["status"]["podIP"], password)) as server, contextlib.suppress(ReplyError):
            if "role:master" in server.command("INFO", "replication"):
                server.command("EXISTS", key)
                return pod
    raise RuntimeError("no master has the key")


def kill(bench, pod):
    """kill -9 of the server; the kubelet starts it again, with the same address."""
    (pid,) = processes(pod["metadata"]["uid"], SERVERS)
    os.kill(pid, signal.SIGKILL)


@contextlib.contextmanager
def held_down(pod):
    """Suspends the container's shim: the end of the server is not reported, and the server is not restarted."""
    (server,) = processes(pod["metadata"]["uid"], SERVERS)
    status = pathlib.Path(f"/proc/{server}/status").read_text()
    shim = int(next(line.split()[1] for line in status.splitlines() if line.startswith("PPid:")))
    os.kill(shim, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(shim, signal.SIGCONT)


def delete(bench, pod):
    bench.api.delete(f"/api/v1/namespaces/{pod['metadata']['namespace']}/pods/{pod['metadata']['name']}")


def fault(bench, table, namespace, name, shard, key, break_it, held=False):
    password = bench.password(namespace, name)
    ips = [pod["status"]["podIP"] for pod in bench.pods(namespace)]
    until_whole(ips, password)
    writers = [Writer(tag_of(i), ips, password) for i in range(SHARDS)]
    hit = writers[shard]
    for writer in writers:
        writer.start()
    try:
        time.sleep(1)
        pod = master_pod(bench, namespace, password, hit.key)
        with held_down(pod) if held else contextlib.nullcontext():
            begin = time.time()
            break_it(bench, pod)
            # Longer than any grace or restart, but not than an election, which is waited for.
            while time.time() < begin + (3 if break_it is kill else 6) or time.time() - hit.acknowledged[-1] > 1:
                if time.time() > begin + 60:
                    raise TimeoutError("no write for a minute")
                time.sleep(0.1)
        longest, back = hit.outage(begin)
        table.add(key, back - begin if break_it is kill else longest)
        whole = until_whole(all_addresses(bench, namespace), password)
        if not held:
            table.add(f"{key}-whole", whole - begin)
    finally:
        for writer in writers:
            writer.end()
    table.add(f"{key}-lost", sum(writer.lost(all_addresses(bench, namespace)) for writer in writers))


def all_addresses(bench, namespace):
    """Of all six pods, once they have one."""
    for _ in range(300):
        pods = bench.pods(namespace)
        ips = [pod["status"]["podIP"] for pod in pods if pod["status"].get("podIP") and "deletionTimestamp" not in pod["metadata"]]
        if len(ips) == 2 * SHARDS:
            return ips
        time.sleep(0.1)
    raise TimeoutError("six pods with an address")


@contextlib.contextmanager
def cluster(bench, managed):
    """A namespace with a formed cluster called `failover`."""
    with bench.namespace() as namespace:
        if managed:
            with bench.watch(namespace, "redises") as redises:
                bench.apply_redis(namespace, "failover")
                redises.until("Redis Ready", all_ready(1))
        else:
            with bench.watch(namespace, "pods") as pods:
                bench.apply_plain(namespace, "failover")
                pods.until("the plain pods Ready", all_ready(2 * SHARDS))
            bench.form_plain(namespace, "failover")
        yield namespace


def failover(bench, table):
    """Each pod is killed once at most: the kubelet lets one that ends again wait for ten seconds."""
    for managed, who in ((False, "Redis alone"), (True, "Slotkeeper")):
        key = "i" if managed else "i-floor"
        for what, break_it, held in (("kill", kill, False), ("held", kill, True), ("delete", delete, False)):
            with cluster(bench, managed) as namespace:
                for run in range(bench.runs):
                    table.run(f"{key} {what}, {who}", run, fault, bench, namespace=namespace, name="failover",
                              shard=run % SHARDS, key=f"{key}-{what}", break_it=break_it, held=held)
