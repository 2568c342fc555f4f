"""See the script `run` beside this."""

import argparse
import os
import pathlib
import platform
import signal
import sys

from drain import drain
from failover import failover
from kube import Api
from objects import Bench
from operators import idle, operator_pods, takeover
from report import Table
from scale import VERSIONS, scale
from sentinel import sentinel
from standalone import standalone
from start import many, start


def machine(api, bench):
    memory = int(pathlib.Path("/proc/meminfo").read_text().split()[1]) / 2**20
    pods = operator_pods(bench)
    version = api.get(f"/apis/slotkeeper.io/v1alpha1/redisversions/{bench.version}")["spec"]
    return (f"{os.cpu_count()} cores, {memory:.0f} GiB, Linux {platform.release()}, load {os.getloadavg()[0]:.1f} at the start; "
            f"Kubernetes {api.get('/version')['gitVersion']} of {len(api.get('/api/v1/nodes')['items'])} nodes on this one machine; "
            f"{version['engine']} {version['version']}; Slotkeeper: {len(pods)} replicas of {pods[0]['spec']['containers'][0]['image']}")


def stop(*_):
    sys.exit("bench: stopped")


def main():
    parser = argparse.ArgumentParser(prog="run")
    parser.add_argument("letters", nargs="*")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--idle", type=int, default=300)
    parser.add_argument("--version")
    options = parser.parse_args()
    letters = set(options.letters or "abcdefghijklm")
    if not letters <= set("abcdefghijklm"):
        parser.error("letters are a to m")
    signal.signal(signal.SIGTERM, stop)

    api = Api()
    bench = Bench(api, options.version or "7.0", options.runs)
    table = Table(machine(api, bench))
    table.say(table.machine)
    bench.discard_leftovers()
    try:
        table.say("a first Redis, for what the operator makes of it")
        table.note(f"the first Redis of this run took {bench.export():.2f} s to Ready; it is in no row")
        if letters & set("abcde"):
            start(bench, table)
        if "f" in letters:
            many(bench, table)
        if "h" in letters:
            takeover(bench, table)
        if "i" in letters:
            failover(bench, table)
        if "j" in letters:
            drain(bench, table)
        if "k" in letters:
            scale(bench, table, [options.version] if options.version else VERSIONS)
        if "l" in letters:
            standalone(bench, table)
        if "m" in letters:
            sentinel(bench, table)
        if "g" in letters:
            idle(bench, table, options.idle)
    finally:
        bench.discard_leftovers()
        path = table.save(pathlib.Path("target/bench"))
        print(table.markdown(), flush=True)
        table.say(f"raw figures: {path}")
    sys.exit(1 if table.failures else 0)


if __name__ == "__main__":
    main()
