"""k: how long a cluster takes from three masters to four and back, under load, beside the servers' own tools."""

import contextlib
import itertools
import random
import statistics
import subprocess
import threading
import time

from kube import REDISES, SERVER, condition
from operators import operator_pods
from resp import ReplyError, Server, slot, table

KEYS = 1_000_000
VALUE = "x" * 100
NAME = "scale"
VERSIONS = ("7.0", "8.6", "valkey-8.1", "valkey-9.1")
ATOMIC = {"8.6": "redis", "valkey-9.1": "valkey"}


def tags():
    """A hash tag for each slot."""
    found = {}
    for n in itertools.count():
        found.setdefault(slot(str(n)), str(n))
        if len(found) == 16384:
            return [found[i] for i in range(16384)]


class Cluster:
    """The servers of one Redis, and the owner of each slot."""

    def __init__(self, bench, namespace):
        self.bench, self.namespace = bench, namespace
        self.password = bench.password(namespace, NAME)
        self.servers = {}
        self.home = None

    def server(self, ip, timeout=5.0):
        return self.servers.setdefault(ip, Server(ip, self.password, timeout))

    def ips(self):
        pods = self.bench.pods(self.namespace)
        return [p["status"]["podIP"] for p in pods if p["status"].get("podIP") and "deletionTimestamp" not in p["metadata"]]

    def masters(self):
        """By address: the id and the ranges of slots."""
        return masters_as_seen_by(self.server(self.first()))

    def first(self):
        """The address of a pod that stays; nothing is restarted here."""
        if self.home is None:
            self.home = next(p["status"]["podIP"] for p in self.bench.pods(self.namespace) if p["metadata"]["name"] == f"{NAME}-shard0-0")
        return self.home

    def open_slots(self):
        return sum("[" in self.server(ip).command("CLUSTER", "NODES") for ip in self.masters())


def masters_as_seen_by(server):
    seen = table(server.command("CLUSTER", "NODES")) or set()
    return {address.split(":")[0]: (identity, [span(part) for part in slots if "[" not in part])
            for identity, address, master, _, slots in seen if master}


def span(part):
    first, _, last = part.partition("-")
    return range(int(first), int(last or first) + 1)


def fill(cluster, all_tags):
    """KEYS keys, evenly over all slots, in batches of a thousand."""
    for ip, (_, slots) in cluster.masters().items():
        server = Server(ip, cluster.password, 30)
        server.command("PING")
        keys = (f"{{{all_tags[s]}}}:{n}" for part in slots for s in part for n in range(-(-(KEYS - s) // 16384)))
        for batch in iter(lambda keys=keys: list(itertools.islice(keys, 1000)), []):
            server.socket.sendall(b"".join(encoded("SET", key, VALUE) for key in batch))
            for _ in batch:
                server.reply()
        server.close()


def encoded(*words):
    words = [str(word).encode() for word in words]
    return b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(w), w) for w in words)


class Client(threading.Thread):
    """Reads a random key and writes another, all the time. Follows redirections and then reloads the slot map, as real
    clients do: a client that never does contacts servers that are gone."""

    REFRESH = 0.1

    def __init__(self, cluster, all_tags):
        super().__init__(daemon=True)
        self.cluster, self.tags = cluster, all_tags
        self.home = cluster.first()
        self.owner, self.refreshed = [None] * 16384, 0.0
        self.latencies, self.written, self.wrong, self.errors = [], {}, 0, []
        self.ended = threading.Event()
        self.servers = {}
        self.refresh()

    def server(self, ip):
        return self.servers.setdefault(ip, Server(ip, self.cluster.password, 5))

    def refresh(self):
        if time.time() - self.refreshed > self.REFRESH:
            self.refreshed = time.time()
            for ip, (_, slots) in masters_as_seen_by(self.server(self.home)).items():
                for part in slots:
                    self.owner[part.start:part.stop] = [ip] * len(part)

    def run(self):
        for number in itertools.count():
            if self.ended.wait(0.001):
                return
            s = random.randrange(16384)
            try:
                self.timed(s, "SET", f"{{{self.tags[s]}}}:own", number)
                self.written[s] = str(number)
                if self.timed(s, "GET", f"{{{self.tags[s]}}}:0") != VALUE:
                    self.wrong += 1
            except (OSError, ReplyError) as e:
                self.errors.append(repr(e))
                self.servers.clear()
                with contextlib.suppress(OSError, ReplyError):
                    self.refresh()

    def timed(self, s, *words):
        begin = time.time()
        try:
            return self.command(s, *words)
        finally:
            self.latencies.append((begin, time.time() - begin))

    def command(self, s, *words):
        ip, asking = self.owner[s], False
        for _ in range(16):
            server = self.server(ip)
            try:
                if asking:
                    server.command("ASKING")
                return server.command(*words)
            except ReplyError as e:
                kind, *rest = str(e).split()
                if kind not in ("MOVED", "ASK"):
                    raise
                ip, asking = rest[1].rpartition(":")[0], kind == "ASK"
                if not asking:
                    self.refresh()
                    self.owner[s] = ip
        raise ReplyError("sent from one to the other")

    def between(self, begin, end):
        return sorted(taken for at, taken in self.latencies if begin <= at < end)

    def end(self):
        self.ended.set()
        self.join(10)

    def lost(self):
        """Acknowledged values, its own and those of before, that are not there."""
        self.refreshed = 0.0
        self.refresh()
        own = sum(self.command(s, "GET", f"{{{self.tags[s]}}}:own") != value for s, value in self.written.items())
        there = sum(self.cluster.server(ip).command("DBSIZE") for ip, (_, slots) in self.cluster.masters().items() if slots)
        return own + self.wrong + max(0, KEYS + len(self.written) - there)


def spread(client, bench_table, key, begin, end):
    for name, (since, until) in (("before", (begin - 3, begin)), ("during", (begin, end))):
        values = client.between(since, until)
        if values:
            bench_table.add(f"{key}-{name}-p50", 1000 * statistics.median(values))
            bench_table.add(f"{key}-{name}-p99", 1000 * values[int(len(values) * 0.99)])
            bench_table.add(f"{key}-{name}-max", 1000 * values[-1])


def wish(bench, namespace, masters, paused):
    bench.api.patch(f"{REDISES}/namespaces/{namespace}/redises/{NAME}",
                    {"spec": {"cluster": {"master": masters, "migration": {"paused": paused}}}})


def until(what, predicate, timeout=300):
    end = time.time() + timeout
    while not predicate():
        if time.time() > end:
            raise TimeoutError(f"{what}: not within {timeout} s")
        time.sleep(0.05)
    return time.time()


def is_balanced(cluster, masters):
    sizes = [sum(map(len, slots)) for _, slots in cluster.masters().values() if slots]
    return len(sizes) == masters and max(sizes) - min(sizes) <= 1 and sum(sizes) == 16384


def settled(bench, cluster, masters):
    """The resource says so, and the servers do."""
    def predicate():
        item = bench.api.get(f"{REDISES}/namespaces/{cluster.namespace}/redises/{NAME}")
        status = item.get("status", {})
        return (status.get("observedGeneration") == item["metadata"]["generation"] and status.get("phase") == "Running"
                and condition(item, "Ready") == "True" and status.get("shardCount") == masters and is_balanced(cluster, masters))
    return predicate


def joined(bench, cluster, masters):
    """The new shard is known, its replica in sync, and it takes keys (as a new master, after two seconds): from then on
    slots may move."""
    def predicate():
        try:
            ips = cluster.ips()
            return (len(ips) == 2 * masters and len(cluster.masters()) == masters
                    and all("master_link_status:down" not in cluster.server(ip).command("INFO", "replication") for ip in ips)
                    and all("cluster_state:ok" in cluster.server(ip).command("CLUSTER", "INFO") for ip in ips))
        except (OSError, ReplyError):
            return False
    return predicate


def ours(bench, bench_table, cluster, all_tags, key, masters):
    client = Client(cluster, all_tags)
    client.start()
    try:
        time.sleep(3)
        begin = time.time()
        wish(bench, cluster.namespace, masters, paused=False)
        moving = until("the new shard", joined(bench, cluster, masters)) if masters == 4 else begin
        balanced = until("balance", lambda: is_balanced(cluster, masters))
        ready = until("Ready", settled(bench, cluster, masters))
    finally:
        client.end()
    bench_table.add(f"{key}-total", ready - begin)
    bench_table.add(f"{key}-move", balanced - moving)
    spread(client, bench_table, key, moving, balanced)
    bench_table.add(f"{key}-lost", client.lost())
    for error in client.errors[:3]:
        bench_table.note(f"{key}: a client saw {error}, one of {len(client.errors)}")


@contextlib.contextmanager
def without_operator(bench):
    """Stops the operator, which would close slots that the servers' own tools have opened."""
    def replicas(count):
        bench.api.patch("/apis/apps/v1/namespaces/slotkeeper-system/deployments/slotkeeper", {"spec": {"replicas": count}})
        until("the operator", lambda: len(operator_pods(bench)) == count, 60)

    before = len(operator_pods(bench))
    replicas(0)
    try:
        yield
    finally:
        replicas(before)


def cli(bench, cluster, *arguments):
    # By its address, which sources send the keys to.
    script = 'cli=redis-cli; command -v $cli >/dev/null || cli=valkey-cli; exec $cli --cluster rebalance "$@"'
    begin = time.time()
    done = subprocess.run(
        ["kubectl", f"--server=https://{SERVER[0]}:{SERVER[1]}", "exec", "-n", cluster.namespace, f"{NAME}-shard0-0", "-c", "redis", "--",
         "sh", "-c", script, "rebalance", f"{cluster.first()}:6379", *arguments],
        capture_output=True, text=True, timeout=600)
    if done.returncode:
        raise RuntimeError(f"--cluster rebalance: {done.stdout[-300:]} {done.stderr[-300:]}")
    return time.time() - begin


def raw(cluster, kind):
    """The servers' own command, one source after the other, for what the fourth shard is to have."""
    masters = cluster.masters()
    (destination,) = [ip for ip, (_, slots) in masters.items() if not slots]
    begin = time.time()
    for source, (_, slots) in masters.items():
        part = [s for part in slots for s in part][4096:]
        if not part:
            continue
        ranges = list(ranges_of(part))
        if kind == "redis":
            cluster.server(destination).command("CLUSTER", "MIGRATION", "IMPORT", *ranges)
        else:
            cluster.server(source).command("CLUSTER", "MIGRATESLOTS", "SLOTSRANGE", *ranges, "NODE", masters[destination][0])
        # The destination may not begin the next before it is done with this one.
        until("the task", lambda part=part: any(part[0] in owned for owned in cluster.masters()[destination][1]), 60)
    return time.time() - begin


def ranges_of(slots):
    first = last = slots[0]
    for s in [*slots[1:], None]:
        if s is not None and s == last + 1:
            last = s
            continue
        yield from (first, last)
        first = last = s


def one(bench, bench_table, version):
    bench.version = version
    with bench.namespace() as namespace:
        with bench.watch(namespace, "redises") as redises:
            bench.apply_redis(namespace, NAME)
            redises.until("Redis Ready", lambda items: any(condition(i, "Ready") == "True" for i in items))
        cluster = Cluster(bench, namespace)
        all_tags = tags()
        fill(cluster, all_tags)
        key = f"k-{version}"
        ours(bench, bench_table, cluster, all_tags, f"{key}-out", 4)
        ours(bench, bench_table, cluster, all_tags, f"{key}-in", 3)
        if version in ATOMIC:
            wish(bench, namespace, 4, paused=True)
            until("the new shard", joined(bench, cluster, 4))
            bench_table.add(f"{key}-out-raw", raw(cluster, ATOMIC[version]))
            wish(bench, namespace, 3, paused=False)
            until("Ready", settled(bench, cluster, 3))
        wish(bench, namespace, 4, paused=True)
        until("the new shard", joined(bench, cluster, 4))
        with without_operator(bench):
            bench_table.add(f"{key}-out-cli", cli(bench, cluster, "--cluster-use-empty-masters", "--cluster-threshold", "1"))
            leaving = next(p["status"]["podIP"] for p in bench.pods(namespace) if p["metadata"]["name"] == f"{NAME}-shard3-0")
            identity = cluster.masters()[leaving][0]
            bench_table.add(f"{key}-in-cli", cli(bench, cluster, "--cluster-weight", f"{identity}=0", "--cluster-threshold", "1"))


def scale(bench, bench_table, versions):
    for version in versions:
        bench_table.run(f"k {version}: three masters to four and back, {KEYS} keys", 0, one, bench, version=version)
