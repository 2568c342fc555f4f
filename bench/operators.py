"""g and h: the operator at rest, and when it is replaced."""

import os
import pathlib
import re
import signal
import time
import urllib.request

from kube import Watch, all_ready, processes

NAMESPACE = os.environ.get("OPERATOR_NAMESPACE", "slotkeeper-system")
PODS = f"/api/v1/namespaces/{NAMESPACE}/pods"
SELECTOR = "labelSelector=app.kubernetes.io/name=slotkeeper"
LEASES = f"/apis/coordination.k8s.io/v1/namespaces/{NAMESPACE}/leases"
# Resources that only the operator writes while all pods stay as they are.
WRITTEN = {"redises", "statefulsets", "services", "configmaps", "secrets", "persistentvolumeclaims",
           "poddisruptionbudgets", "networkpolicies", "pods", "events"}


def operator_pods(bench):
    return bench.api.get(f"{PODS}?{SELECTOR}")["items"]


def leader(bench):
    holder = next(iter(bench.api.get(LEASES)["items"]))["spec"]["holderIdentity"]
    return next(pod for pod in operator_pods(bench) if pod["metadata"]["name"] == holder)


def process(pod):
    return processes(pod["metadata"]["uid"], ("java",))[0]


def memory(pid):
    """Rss and Pss in MiB."""
    text = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
    return [int(re.search(rf"^{name}:\s+(\d+)", text, re.M)[1]) / 1024 for name in ("Rss", "Pss")]


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def writes(bench):
    """Write requests that the API server has had, by resource and verb, and so whether they changed anything or not."""
    counts = {}
    for line in bench.api.metrics().splitlines():
        if line.startswith("apiserver_request_total{"):
            labels = dict(re.findall(r'(\w+)="([^"]*)"', line))
            if labels["verb"] in ("POST", "PUT", "PATCH", "APPLY", "DELETE", "DELETECOLLECTION") and labels["resource"] in WRITTEN:
                key = f"{labels['verb']} {labels['resource']}" + (f"/{labels['subresource']}" if labels["subresource"] else "")
                counts[key] = counts.get(key, 0) + float(line.rpartition(" ")[2])
    return counts


def idle(bench, table, seconds):
    """g: one Redis of six pods, five minutes."""
    with bench.namespace() as namespace, bench.watch(namespace, "redises") as redises:
        bench.apply_redis(namespace, "idle")
        redises.until("Redis Ready", all_ready(1))
        table.say("half a minute for it to come to rest")
        time.sleep(30)
        pod = leader(bench)
        pid = process(pod)
        cpu, before = cpu_seconds(pid), writes(bench)
        with Watch(bench.api, LEASES) as leases:
            for left in range(seconds, 0, -60):
                table.say(f"{left} s to go")
                time.sleep(min(60, left))
            renewals = leases.events.qsize() - 1  # the first is the Lease as it was
        after = writes(bench)
        table.add("g-cpu", cpu_seconds(pid) - cpu)
        changes = {key: count - before.get(key, 0) for key, count in after.items() if count != before.get(key, 0)}
        table.add("g-writes", sum(changes.values()))
        table.note(f"writes of all clients to what Slotkeeper writes: {changes or 'none'}")
        table.add("g-lease", renewals)
        rss, pss = memory(pid)
        table.add("g-rss", rss)
        table.add("g-pss", pss)
        for other in operator_pods(bench):
            if other["metadata"]["uid"] != pod["metadata"]["uid"]:
                table.add("g-standby", memory(process(other))[0])


def reconciliations(pod):
    """How many passes that process has begun; None when it cannot be asked."""
    try:
        with urllib.request.urlopen(f"http://{pod['status']['podIP']}:8080/metrics", timeout=1) as answer:
            text = answer.read().decode()
    except (OSError, KeyError):
        return None
    return sum(float(line.rpartition(" ")[2]) for line in text.splitlines() if line.startswith("operator_sdk_reconciliations_started_total"))


def replaced(bench, table, key, kill):
    """From the end of the leader to the first pass of another. There is a Redis, or it had nothing to do."""
    before = bench.api.get(f"{PODS}?{SELECTOR}")["items"]
    pod = leader(bench)
    others = {p["metadata"]["uid"]: reconciliations(p) or 0 for p in before if p["metadata"]["uid"] != pod["metadata"]["uid"]}
    begin = time.time()
    if kill:
        os.kill(process(pod), signal.SIGKILL)
        bench.api.delete(f"{PODS}/{pod['metadata']['name']}", gracePeriodSeconds=0)
    else:
        bench.api.delete(f"{PODS}/{pod['metadata']['name']}")
    table.add(key, first_pass(bench, pod, others, begin) - begin)
    with Watch(bench.api, f"{PODS}?{SELECTOR}") as pods:
        pods.until("two operator pods Ready", all_ready(len(before)))
    time.sleep(2)


def first_pass(bench, gone, counts, begin):
    while time.time() < begin + 90:
        for pod in operator_pods(bench):
            uid = pod["metadata"]["uid"]
            if uid != gone["metadata"]["uid"] and (reconciliations(pod) or 0) > counts.get(uid, 0):
                return time.time()
        time.sleep(0.02)
    raise TimeoutError("no other operator began a pass within 90 s")


def takeover(bench, table):
    with bench.namespace() as namespace, bench.watch(namespace, "redises") as redises:
        bench.apply_redis(namespace, "watched", masters=1, replicas=0)
        redises.until("Redis Ready", all_ready(1))
        for run in range(bench.runs):
            table.run("h, leader's pod deleted", run, replaced, bench, key="h", kill=False)
            table.run("h, leader killed", run, replaced, bench, key="h-kill", kill=True)
