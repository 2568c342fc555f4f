"""j: how long writes fail when a node with masters on it is drained, with Slotkeeper and without, and whether acknowledged ones are lost."""

import subprocess
import time

from failover import SHARDS, Writer, all_addresses, cluster, master_pod, tag_of
from kube import SERVER, Watch, all_ready
from operators import PODS, SELECTOR
from resp import until_whole


def kubectl(*words):
    subprocess.run(["kubectl", f"--server=https://{SERVER[0]}:{SERVER[1]}", *words], check=True, capture_output=True, timeout=150)


def drained(bench, table, namespace, key):
    password = bench.password(namespace, "failover")
    ips = all_addresses(bench, namespace)
    until_whole(ips, password)
    writers = [Writer(tag_of(shard), ips, password) for shard in range(SHARDS)]
    homes = [master_pod(bench, namespace, password, writer.key)["spec"]["nodeName"] for writer in writers]
    node = max(homes, key=homes.count)
    for writer in writers:
        writer.start()
    try:
        time.sleep(1)
        begin = time.time()
        try:
            kubectl("drain", node, "--ignore-daemonsets", "--delete-emptydir-data", "--timeout=120s")
        finally:
            kubectl("uncordon", node)
        table.add(f"{key}-time", time.time() - begin)
        until_whole(all_addresses(bench, namespace), password)
        while min(writer.acknowledged[-1] for writer in writers) < time.time() - 1:
            if time.time() > begin + 180:
                raise TimeoutError("no writes after the drain")
            time.sleep(0.1)
        table.add(key, max(writer.outage(begin)[0] for writer in writers))
    finally:
        for writer in writers:
            writer.end()
    table.add(f"{key}-lost", sum(writer.lost(all_addresses(bench, namespace)) for writer in writers))


def drain(bench, table):
    for managed, who in ((False, "Redis alone"), (True, "Slotkeeper")):
        with cluster(bench, managed) as namespace:
            for run in range(bench.runs):
                table.run(f"j, {who}", run, drained, bench, namespace=namespace, key="j" if managed else "j-floor")
                # The operator may have been on that node, too.
                with Watch(bench.api, f"{PODS}?{SELECTOR}") as pods:
                    pods.until("two operator pods Ready", all_ready(2))
