"""a to f: from nothing to Ready, and from the loss of all pods back to it."""

import time

from kube import all_ready
from objects import is_ready
from resp import Pings, until_whole

PODS = 6
NAMES = [f"one-of-{i}" for i in range(20)]


def uids(bench, namespace):
    return frozenset(pod["metadata"]["uid"] for pod in bench.pods(namespace))


def without_operator(bench, table):
    """a: apply to all Ready. e: their loss to all Ready again. d: redis-cli makes them a cluster."""
    with bench.namespace() as namespace, bench.watch(namespace, "pods") as pods:
        begin = bench.apply_plain(namespace, "plain")
        table.add("a", pods.until("the plain pods Ready", all_ready(PODS)) - begin)
        lost = uids(bench, namespace)
        begin = kill(bench, namespace)
        table.add("e-floor", pods.until("the plain pods Ready again", all_ready(PODS, but=lost)) - begin)
        begin, agreed = bench.form_plain(namespace, "plain")
        table.add("d", agreed - begin)


def with_operator(bench, table):
    """b: apply to Ready. c: what of it came after the last PONG. e: loss of all pods to Ready again."""
    pings, again = Pings(), Pings()
    with (bench.namespace() as namespace, bench.watch(namespace, "redises") as redises,
          bench.watch(namespace, "pods", each=lambda *event: (pings if not lost else again).each(*event)) as _):
        lost = frozenset()
        begin = time.time()
        bench.apply_redis(namespace, "managed")
        ready = redises.until("Redis Ready", all_ready(1))
        pings.ended.set()
        table.add("b", ready - begin)
        table.add("c", ready - max(pings.first.values()))
        # As the operator's log has it: to see in there what it did in between.
        table.say(f"  last PONG at {max(pings.first.values()):.3f}, Ready at {ready:.3f}")
        ips = [pod["status"]["podIP"] for pod in bench.pods(namespace)]
        table.add("c-truth", until_whole(ips, bench.password(namespace, "managed")) - ready)
        lost = uids(bench, namespace)
        again.tried |= lost
        begin = kill(bench, namespace)
        unready = redises.until("Redis not Ready", is_ready("False"), timeout=60)
        table.add("e-unready", unready - begin)
        ready = redises.until("Redis Ready again", all_ready(1), timeout=180)
        again.ended.set()
        table.add("e", ready - begin)
        table.add("e-after-ping", ready - max(again.first.values()))


def kill(bench, namespace):
    """When all pods were asked to be gone."""
    begin = time.time()
    bench.kill_pods(namespace)
    return begin


def start(bench, table):
    for run in range(bench.runs):
        table.run("a, d, e without operator", run, without_operator, bench)
        table.run("b, c, e with Slotkeeper", run, with_operator, bench)


def twenty_plain(bench, table):
    with bench.namespace() as namespace, bench.watch(namespace, "pods") as pods:
        begin = bench.apply_plain(namespace, *NAMES, shards=1, pods=1)
        table.add("f-floor", pods.until("twenty plain pods Ready", all_ready(20), timeout=300) - begin)


def twenty_redis(bench, table):
    with bench.namespace() as namespace, bench.watch(namespace, "redises") as redises:
        begin = time.time()
        bench.apply_redis(namespace, *NAMES, masters=1, replicas=0)
        table.add("f", redises.until("twenty Redis Ready", all_ready(20), timeout=300) - begin)


def many(bench, table):
    for run in range(bench.runs):
        table.run("f without operator", run, twenty_plain, bench)
        table.run("f with Slotkeeper", run, twenty_redis, bench)
