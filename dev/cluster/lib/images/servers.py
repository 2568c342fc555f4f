"""Images of Redis and Valkey servers, of their exporter, and of a client for tests, from Debian packages."""

import io
import pathlib
import re
import subprocess
import tarfile
import tempfile

from debian import BASE, USER, base_of, unpacked
from layers import CACHE, directory_member, file_member, link_member, make_layer, read_layers, write_image

FORMAT = "1"  # to be raised when what is made changes
# Debian's servers that can do the work of the official images: name, suite, program.
SERVERS = {
    "redis-7.0": ("bookworm", "redis"),
    "redis-8.0": ("trixie", "redis"),
    "valkey-8.1": ("trixie", "valkey"),
    "redis-8.6": ("experimental", "redis"),
    "valkey-9.1": ("sid", "valkey"),
}
CLIENT_OF = "redis-8.6"  # a new redis-cli talks to old servers, too


def server(name):
    suite, program = SERVERS[name]
    out = CACHE / f"{name}.tar"
    if out.exists() and is_current(out):
        return out
    base, base_members = base_of(suite)
    own = {path: m for path, m in programs_of(unpacked(suite, [*BASE, f"{program}-server", f"{program}-tools"]), program).items()
           if not same(m, base_members.get(path))}
    # As in the official images: "-x" and "*.conf" are arguments of the server.
    own["./usr/local/bin/docker-entrypoint.sh"] = file_member("./usr/local/bin/docker-entrypoint.sh", (
        f'#!/bin/sh\ncase ${{1:-}} in -* | *.conf) set -- {program}-server "$@" ;; esac\nexec "$@"\n').encode(), 0o755)
    own["./data"] = directory_member("./data", USER, 0o755)
    if program == "valkey":
        for tool in ("server", "cli", "benchmark"):
            own[f"./usr/bin/redis-{tool}"] = link_member(f"./usr/bin/redis-{tool}", f"valkey-{tool}")
    write_image(out, f"docker.io/local/{name.replace('-', ':', 1)}", [base, make_layer(own)], {
        "Entrypoint": ["docker-entrypoint.sh"], "Cmd": [f"{program}-server"], "User": f"{USER}:{USER}",
        "WorkingDir": "/data", "Volumes": {"/data": {}}, "ExposedPorts": {"6379/tcp": {}}})
    out.with_suffix(".key").write_text(FORMAT)
    return out


def exporter():
    """redis_exporter, with the entry point of the official image."""
    out = CACHE / "redis-exporter-1.69.tar"
    if out.exists() and is_current(out):
        return out
    program = "./usr/bin/prometheus-redis-exporter"
    base, _ = base_of("trixie")
    members = unpacked("trixie", [*BASE, "prometheus-redis-exporter"])
    own = {path: m for path, m in members.items() if path == program or "/prometheus-redis-exporter/copyright" in path}
    own["./redis_exporter"] = link_member("./redis_exporter", program[1:])
    write_image(out, "docker.io/local/redis-exporter:1.69", [base, make_layer(own)], {
        "Entrypoint": ["/redis_exporter"], "User": "59000:59000", "ExposedPorts": {"9121/tcp": {}}})
    out.with_suffix(".key").write_text(FORMAT)
    return out


def client():
    """A pod to run redis-cli, redis-benchmark and a shell in; it waits until it is ended."""
    layers = read_layers(server(CLIENT_OF))
    out = CACHE / "test-client.tar"
    # The shell, being process 1, has no default action for signals.
    write_image(out, "docker.io/local/test-client:dev", layers, {
        "Cmd": ["sh", "-c", "trap exit TERM INT; sleep infinity & wait"], "User": f"{USER}:{USER}", "WorkingDir": "/tmp"})
    return out


def programs_of(members, program):
    """A server's programs, the libraries that they load, and all licences.

    The packages' dependencies bring in much that only their installation needs
    (adduser, Perl). Which libraries a program loads, its own suite's loader tells.
    """
    with tempfile.TemporaryDirectory() as root:
        with tarfile.open(fileobj=io.BytesIO(make_layer(members))) as t:
            t.extractall(root)
        wanted = {path for path in members if re.match(rf"\./usr/bin/{program}-|\./usr/share/doc/.*/copyright$", path)}
        for path in [p for p in wanted if p.startswith("./usr/bin/")]:
            libraries = pathlib.Path(root, "usr/lib/x86_64-linux-gnu")
            listed = subprocess.run([libraries / "ld-linux-x86-64.so.2", "--library-path", libraries, "--list", pathlib.Path(root, path)],
                                    check=True, capture_output=True, text=True).stdout
            for library in re.findall(rf"=> {re.escape(root)}/(\S+)", listed):
                wanted.add("./" + library)
                wanted.add("./" + str(pathlib.Path(root, library).resolve().relative_to(pathlib.Path(root).resolve())))
    return {path: member for path, member in members.items() if path in wanted}


def same(a, b):
    return b is not None and (a[0].type, a[0].mode, a[0].linkname, a[1]) == (b[0].type, b[0].mode, b[0].linkname, b[1])


def is_current(out):
    key = out.with_suffix(".key")
    return key.exists() and key.read_text() == FORMAT
