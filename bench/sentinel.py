"""m: mode Sentinel, a primary, two replicas and three Sentinels, beside plain StatefulSets of the same."""

import contextlib
import itertools
import time

from failover import Writer
from resp import ReplyError, Server
from standalone import Pair, created, outage

SENTINEL_PORT = 26379


class SentinelWriter(Writer):
    """A client that asks the Sentinels for the primary, at first and after each error, and repeats the write there."""

    TIMEOUT = 1.0

    def __init__(self, stage, sentinels, password, name):
        self.sentinels, self.master = itertools.cycle(sentinels), name
        self.count, self.secret, self.errors = len(sentinels), password, 0
        super().__init__(stage, [self.primary()], password)

    def primary(self):
        for ip in itertools.islice(self.sentinels, self.count):
            with contextlib.suppress(OSError, ReplyError), contextlib.closing(
                    Server(ip, self.secret, self.TIMEOUT, SENTINEL_PORT)) as sentinel:
                if address := sentinel.command("SENTINEL", "GET-MASTER-ADDR-BY-NAME", self.master):
                    return address[0]
        return None

    def another(self):
        self.errors += 1
        self.server(self.at).close()
        self.at = self.primary() or self.at

    def server(self, ip):
        server = super().server(ip)
        server.timeout = self.TIMEOUT
        return server

    def count_lost(self):
        self.end()
        return self.lost([self.primary()])


class Watched(Pair):
    """A primary, two replicas and three Sentinels that run, a client that asks these, and one that uses the Service."""

    LETTER, NAME, MODE, REPLICAS, PODS = "m", "watched", "Sentinel", 2, 6

    @classmethod
    def follow(cls):
        """
        What people write into the start script: as the Sentinels say; before they do, the first pod is primary.
        A new pod waits while they name an address where no primary is any more.
        """
        return f"""for attempt in $(seq 120); do
	named=$(redis-cli -h {cls.NAME}-sentinel -p {SENTINEL_PORT} sentinel get-master-addr-by-name {cls.NAME} 2>/dev/null | head -n 1)
	case $named in
	"$POD_IP") break ;;
	*.*.*.*) [ "$(timeout 1 redis-cli -h "$named" role 2>/dev/null | head -n 1)" != master ] || break ;;
	*) break ;;
	esac
	sleep 0.5
done
case $named in
"$POD_IP") ;;
*.*.*.*) echo "replicaof $named 6379" >>"$conf" ;;
*) {super().follow()} ;;
esac"""

    def sentinels(self):
        return [pod["status"]["podIP"] for pod in self.bench.pods(self.namespace)
                if pod["metadata"]["name"].startswith(f"{self.NAME}-sentinel-") and pod["status"].get("podIP")]

    def started(self):
        """What sentinel.conf says: the primary, the password, five seconds as the operator has them, not thirty."""
        password, end = self.bench.password(self.namespace, self.NAME), time.time() + 60
        first = f"{self.NAME}-shard0-0"
        told = set()
        while len(told) < 3 and time.time() < end:
            address = next((pod["status"].get("podIP") for pod in self.servers() if pod["metadata"]["name"] == first), None)
            for ip in set(self.sentinels()) - told if address else ():
                with contextlib.suppress(OSError), contextlib.closing(Server(ip, password, 1.0, SENTINEL_PORT)) as sentinel:
                    with contextlib.suppress(ReplyError):  # it does already, and its answer was late
                        sentinel.command("SENTINEL", "MONITOR", self.NAME, address, 6379, 2)
                    sentinel.command("SENTINEL", "SET", self.NAME, "auth-pass", password)
                    sentinel.command("SENTINEL", "SET", self.NAME, "down-after-milliseconds", 5000)
                    told.add(ip)
            time.sleep(0.02)

    def primary(self):
        if self.managed:
            return super().primary()
        named = self.writers("any")[""].at
        return next(pod for pod in self.servers() if pod["status"].get("podIP") == named)

    def writers(self, what):
        password = self.bench.password(self.namespace, self.NAME)
        asking = {"": SentinelWriter(what, self.sentinels(), password, self.NAME)}
        if not self.managed:
            return asking  # the plain Service does not follow
        return asking | {f"-service{suffix}": writer for suffix, writer in super().writers(f"{what}-service").items()}


def watched(bench, table, exported):
    with bench.namespace() as namespace:
        it = created(Watched, bench, table, namespace, exported)
        it.stage("kill", it.kill)
        it.stage("delete", it.delete)
        it.stage("roll", it.roll)
        if it.managed:
            outage(it)


def sentinel(bench, table):
    exported, _ = bench.exported_objects(replicas=Watched.REPLICAS, mode=Watched.MODE)
    for run in range(bench.runs):
        table.run("m, Redis alone", run, watched, bench, exported=exported)
        table.run("m, Slotkeeper", run, watched, bench, exported=None)
