"""The figures, and the table made of them."""

import json
import statistics
import sys
import time

# key, label, unit, the target in words and as a function of (median, maximum, median of another row), figures of other operators.
ROWS = [
    ("a", "plain StatefulSets of six pods: apply → all Ready (floor)", "s", "", None, "2.7 s"),
    ("b", "`Redis` 3×1: apply → `Ready=True`", "s", "≤ 1.3 × (a) + 1 s", lambda m, _, of: m <= 1.3 * of("a") + 1, "valkey-operator 19.6 s, OT 98 s"),
    ("c", "of that, after the last pod answered PING", "s", "≤ 1.0 s", lambda m, _, of: m <= 1, "valkey-operator 7.0 s"),
    ("c-truth", "from `Ready=True` until a client saw all six servers agree (0: they already did)", "s", "", None, ""),
    ("d", "`redis-cli --cluster create` on six bare pods → every server agrees", "s", "", None, "7.7 s"),
    ("e-floor", "plain pods all force-deleted → all Ready (floor)", "s", "", None, ""),
    ("e", "`Redis`: pods all force-deleted → `Ready=True` again", "s", "≤ floor + 3 s", lambda m, _, of: m <= of("e-floor") + 3, "22–30 s and 43 s"),
    ("e-unready", "… → `Ready=False`", "s", "≤ 1 s", lambda _, x, of: x <= 1, "up to 21 s"),
    ("e-after-ping", "… of that, after the last new pod answered PING", "s", "", None, ""),
    ("f-floor", "twenty plain one-pod StatefulSets at once → all Ready (floor)", "s", "", None, ""),
    ("f", "twenty `Redis` 1×0 at once → last `Ready=True`", "s", "≤ 1.3 × floor + 2 s", lambda m, _, of: m <= 1.3 * of("f-floor") + 2, "19 s and 138 s"),
    ("g-rss", "operator at rest: RSS of the leader", "MiB", "≤ 200 MiB", lambda _, x, of: x <= 200, ""),
    ("g-pss", "… its PSS (pages shared with another replica on the machine counted by half)", "MiB", "", None, ""),
    ("g-standby", "… RSS of the other replica", "MiB", "", None, ""),
    ("g-cpu", "… CPU of the leader", "CPU s", "", None, ""),
    ("g-writes", "… API writes, except for the Lease", "", "0", lambda _, x, of: x == 0, ""),
    ("g-lease", "… renewals of the Lease", "", "", None, ""),
    ("h", "leader's pod deleted → first pass of the other", "s", "≤ 4 s", lambda m, _, of: m <= 4, "16–19 s"),
    ("h-kill", "leader killed without warning → first pass of the other", "s", "≤ lease (10 s) + 3 s", lambda m, _, of: m <= 13, ""),
    ("i-floor-kill", "kill -9 of a master, Redis alone (the kubelet restarts it) → writes again", "s", "", None, ""),
    ("i-kill", "kill -9 of a master, Slotkeeper → writes again", "s", "median ≤ 0.5 s, max ≤ 2 s", lambda m, x, of: m <= 0.5 and x <= 2, "2.9 s and 3.1 s"),
    ("i-floor-held", "the same, never restarted, Redis alone: its election", "s", "", None, ""),
    ("i-held", "the same, never restarted, Slotkeeper", "s", "", None, ""),
    ("i-floor-kill-whole", "kill -9, Redis alone → every replica in sync again", "s", "", None, ""),
    ("i-kill-whole", "kill -9, Slotkeeper → every replica in sync again", "s", "", None, "7–10 s and 15–24 s"),
    ("i-floor-delete", "a master's pod deleted, Redis alone: longest stall of writes", "s", "", None, ""),
    ("i-delete", "a master's pod deleted, Slotkeeper: longest stall of writes", "s", "≤ 1 s", lambda _, x, of: x <= 1, "0.8 s and 0.4 s"),
    ("i-floor-kill-lost", "acknowledged writes lost by kill -9, Redis alone", "", "", None, ""),
    ("i-kill-lost", "acknowledged writes lost by kill -9, Slotkeeper", "", "", None, ""),
    ("i-floor-delete-lost", "acknowledged writes lost by deletion, Redis alone", "", "", None, ""),
    ("i-delete-lost", "acknowledged writes lost by deletion, Slotkeeper", "", "0", lambda _, x, of: x == 0, ""),
    ("j-floor", "a node with masters drained, Redis alone: longest stall of writes", "s", "", None, ""),
    ("j", "a node with masters drained, Slotkeeper: longest stall of writes", "s", "≤ 0.3 s", lambda _, x, of: x <= 0.3, ""),
    ("j-floor-time", "… how long the drain took, Redis alone", "s", "", None, ""),
    ("j-time", "… how long the drain took, Slotkeeper, whose disruption budgets make it wait", "s", "", None, ""),
    ("j-floor-lost", "acknowledged writes lost by it, Redis alone", "", "", None, ""),
    ("j-lost", "acknowledged writes lost by it, Slotkeeper", "", "0", lambda _, x, of: x == 0, ""),
    ("l-floor-start", "plain StatefulSet of a primary and a replica: apply → both Ready (floor)", "s", "", None, ""),
    ("l-start", "`Redis`, Standalone 1+1: apply → `Ready=True`", "s", "≤ 1.3 × floor + 1 s", lambda m, _, of: m <= 1.3 * of("l-floor-start") + 1, ""),
    ("l-floor-kill", "kill -9 of the primary, plain (the kubelet restarts it) → writes through the Service again", "s", "", None, ""),
    ("l-kill", "kill -9 of the primary, Slotkeeper → writes through the Service again", "s", "median ≤ 0.5 s, max ≤ 2 s",
     lambda m, x, of: m <= 0.5 and x <= 2, ""),
    ("l-floor-kill-lost", "acknowledged writes lost by kill -9, plain", "", "", None, ""),
    ("l-kill-lost", "acknowledged writes lost by kill -9, Slotkeeper", "", "", None, ""),
    ("l-floor-delete", "the primary's pod deleted, plain: longest stall of writes", "s", "", None, ""),
    ("l-delete", "the primary's pod deleted, Slotkeeper: longest stall of writes", "s", "≤ 0.3 s", lambda _, x, of: x <= 0.3, ""),
    ("l-floor-delete-lost", "acknowledged writes lost by deletion, plain", "", "", None, ""),
    ("l-delete-lost", "acknowledged writes lost by deletion, Slotkeeper", "", "0", lambda _, x, of: x == 0, ""),
    ("l-floor-roll", "rolling update, plain: longest stall of writes", "s", "", None, ""),
    ("l-roll", "rolling update, Slotkeeper: longest stall of writes", "s", "≤ 0.3 s", lambda _, x, of: x <= 0.3, ""),
    ("l-floor-roll-errors", "… attempts to write that failed, plain", "", "", None, ""),
    ("l-roll-errors", "… attempts to write that failed, Slotkeeper", "", "", None, ""),
    ("l-floor-roll-lost", "… acknowledged writes lost by it, plain", "", "", None, ""),
    ("l-roll-lost", "… acknowledged writes lost by it, Slotkeeper", "", "0", lambda _, x, of: x == 0, ""),
    ("l-floor-all", "plain pods all force-deleted → both Ready (floor)", "s", "", None, ""),
    ("l-all", "`Redis`, Standalone 1+1: pods all force-deleted → `Ready=True` again", "s", "≤ floor + 3 s",
     lambda m, _, of: m <= of("l-floor-all") + 3, ""),
    ("m-floor-start", "plain StatefulSets of a primary, two replicas and three Sentinels: apply → all Ready (floor)", "s", "", None, ""),
    ("m-start", "`Redis`, Sentinel 1+2, 3 Sentinels: apply → `Ready=True`", "s", "≤ 1.3 × floor + 1 s", lambda m, _, of: m <= 1.3 * of("m-floor-start") + 1, ""),
    ("m-floor-kill", "kill -9 of the primary, plain (the kubelet restarts it) → writes of a Sentinel client again", "s", "", None, ""),
    ("m-kill", "kill -9 of the primary, Slotkeeper → writes of a Sentinel client again", "s", "median ≤ 0.5 s, max ≤ 2 s",
     lambda m, x, of: m <= 0.5 and x <= 2, ""),
    ("m-kill-service", "… of a client of the Service", "s", "median ≤ 0.5 s, max ≤ 2 s", lambda m, x, of: m <= 0.5 and x <= 2, ""),
    ("m-floor-kill-lost", "acknowledged writes lost by kill -9, plain", "", "", None, ""),
    ("m-kill-lost", "acknowledged writes lost by kill -9, Slotkeeper", "", "", None, ""),
    *(row for what, words in (("delete", "the primary's pod deleted"), ("roll", "rolling update")) for row in (
        (f"m-floor-{what}", f"{words}, plain: longest stall of a Sentinel client", "s", "", None, ""),
        (f"m-{what}", f"{words}, Slotkeeper: longest stall of a Sentinel client", "s", "≤ 0.3 s", lambda _, x, of: x <= 0.3, ""),
        (f"m-{what}-service", "… of a client of the Service", "s", "≤ 0.3 s", lambda _, x, of: x <= 0.3, ""),
        (f"m-floor-{what}-errors", "… attempts to write that failed, plain", "", "", None, ""),
        (f"m-{what}-errors", "… attempts to write that failed, Slotkeeper", "", "", None, ""),
        (f"m-floor-{what}-lost", "… acknowledged writes lost by it, plain", "", "", None, ""),
        (f"m-{what}-lost", "… acknowledged writes lost by it, Slotkeeper", "", "0", lambda _, x, of: x == 0, ""),
        (f"m-{what}-service-lost", "… of a client of the Service", "", "0", lambda _, x, of: x == 0, ""))),
    ("m-all", "`Redis`, Sentinel 1+2: all pods force-deleted → `Ready=True` again (the plain ones never are: all addresses are new)", "s", "", None, ""),
]

for version in ("7.0", "8.6", "valkey-8.1", "valkey-9.1"):
    classic = version in ("7.0", "valkey-8.1")
    for way, words in (("out", "3→4"), ("in", "4→3")):
        key = f"k-{version}-{way}"
        move, rival, factor = f"{key}-move", f"{key}-cli", 5 if version == "7.0" else None
        ROWS += [
            (f"{key}-total", f"{version}, {words} masters, 1 M keys: `kubectl scale` → `Ready` and balanced", "s", "", None, ""),
            (move, "… of it, moving slots", "s",
             "≤ rebalance / 5" if factor else ("≤ 1.3 × raw" if not classic and way == "out" else ""),
             (lambda m, _, of, rival=rival: m <= of(rival) / 5) if factor
             else ((lambda m, _, of, key=key: m <= 1.3 * of(f"{key}-raw")) if not classic and way == "out" else None), ""),
            (f"{key}-raw", "… the same slots by the servers' own command", "s", "", None, ""),
            (rival, "… the same by `--cluster rebalance`", "s", "", None, ""),
            *((f"{key}-{when}-{part}", f"… a client's command, {part}, {when}", "ms",
               "≤ 20 ms" if classic and (when, part) == ("during", "p99") else "",
               (lambda m, _, of: m <= 20) if classic and (when, part) == ("during", "p99") else None, "")
              for when in ("before", "during") for part in ("p50", "p99", "max")),
            (f"{key}-lost", "… keys lost or wrong", "", "0", lambda _, x, of: x == 0, ""),
        ]


class Table:
    def __init__(self, machine):
        self.machine, self.figures, self.failures, self.notes = machine, {}, [], []
        self.begin = time.time()

    def say(self, text):
        print(f"{time.time() - self.begin:7.1f}  {text}", file=sys.stderr, flush=True)

    def note(self, text):
        self.notes.append(text)
        self.say(text)

    def add(self, key, value):
        self.figures.setdefault(key, []).append(round(value, 4))
        self.say(f"  {key}: {value:.3f}")

    def run(self, what, run, measure, bench, **options):
        """One run; a failure is reported, and the other runs continue."""
        self.say(f"{what}, run {run + 1} of {bench.runs}")
        try:
            measure(bench, self, **options)
        except Exception as e:  # noqa: BLE001 every failure belongs in the report
            self.failures.append(f"{what}, run {run + 1}: {type(e).__name__}: {e}")
            self.say(f"  FAILED: {e!r}")

    def median(self, key):
        return statistics.median(self.figures[key]) if key in self.figures else float("nan")

    def markdown(self):
        lines = [f"{self.machine}", "", "| | Measured | median | max | n | target | met | others* |", "|---|---|--:|--:|--:|---|---|---|"]
        for key, what, unit, target, met, others in ROWS:
            values = self.figures.get(key)
            if values:
                verdict = ("yes" if met(self.median(key), max(values), self.median) else "**no**") if met else ""
                lines.append(f"| {key.split('-')[0]} | {what} | {number(self.median(key), unit)} | {number(max(values), unit)} "
                             f"| {len(values)} | {target} | {verdict} | {others} |")
        lines += ["", *(f"- {text}" for text in self.notes)]
        lines += [f"- FAILED: {text}" for text in self.failures]
        return "\n".join(lines).rstrip() + "\n"

    def save(self, directory):
        directory.mkdir(parents=True, exist_ok=True)
        path = directory / time.strftime("%Y%m%dT%H%M%SZ.json", time.gmtime(self.begin))
        path.write_text(json.dumps({"machine": self.machine, "figures": self.figures, "notes": self.notes, "failures": self.failures}, indent=1))
        path.with_suffix(".md").write_text(self.markdown())
        return path


def number(value, unit):
    digits = {"s": 2, "CPU s": 1, "ms": 1, "MiB": 0, "": 0}[unit]
    return f"{value:.{digits}f} {unit}".strip()
