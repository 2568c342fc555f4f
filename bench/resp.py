"""Redis servers, spoken to directly: just enough of the protocol."""

import socket
import threading
import time

PORT = 6379


class ReplyError(Exception):
    pass


class Server:
    """A connection, made when it is first used and again after it broke."""

    def __init__(self, ip, password, timeout=1.0, port=PORT):
        self.ip, self.password, self.timeout, self.port = ip, password, timeout, port
        self.socket = self.file = None

    def close(self):
        if self.socket:
            self.file.close()
            self.socket.close()
        self.socket = self.file = None

    def command(self, *words):
        try:
            if not self.socket:
                self.socket = socket.create_connection((self.ip, self.port), self.timeout)
                self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self.file = self.socket.makefile("rb")
                if self.password:
                    self.send("AUTH", self.password)
            return self.send(*words)
        except OSError:
            self.close()
            raise

    def send(self, *words):
        encoded = [str(word).encode() for word in words]
        self.socket.sendall(b"*%d\r\n" % len(encoded) + b"".join(b"$%d\r\n%s\r\n" % (len(w), w) for w in encoded))
        return self.reply()

    def reply(self):
        line = self.file.readline()
        if not line.endswith(b"\r\n"):
            raise ConnectionError("closed")
        kind, rest = line[:1], line[1:-2].decode()
        if kind == b"-":
            raise ReplyError(rest)
        if kind == b":":
            return int(rest)
        if kind == b"$":
            return None if rest == "-1" else self.file.read(int(rest) + 2)[:-2].decode()
        if kind == b"*":
            return [self.reply() for _ in range(int(rest))]
        return rest


def answers(ip):
    """Whether a server answers PING, be it by asking for a password."""
    try:
        with socket.create_connection((ip, PORT), 0.2) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(64).startswith((b"+PONG", b"-NOAUTH"))
    except OSError:
        return False


class Pings:
    """When each pod's server first answered, tried every 5 ms from when its address is known."""

    def __init__(self):
        self.first, self.tried, self.ended = {}, set(), threading.Event()

    def each(self, _at, _kind, pod):
        uid, ip = pod["metadata"]["uid"], pod.get("status", {}).get("podIP")
        if ip and uid not in self.tried:
            self.tried.add(uid)
            threading.Thread(target=self.ping, args=(uid, ip), daemon=True).start()

    def ping(self, uid, ip):
        while not self.ended.wait(0.005):
            if answers(ip):
                self.first[uid] = time.time()
                return


def table(text):
    """CLUSTER NODES without what differs between two servers that agree; None where one is in doubt."""
    nodes = set()
    for line in text.splitlines():
        identity, address, flags, master, _ping, _pong, _epoch, _link, *slots = line.split()
        flags = set(flags.split(","))
        if flags & {"fail", "fail?", "handshake", "noaddr"}:
            return None
        nodes.add((identity, address.split("@")[0], "master" in flags, master, tuple(slots)))
    return nodes


def whole(servers):
    """Every server says the same of every server, all slots are served, and every replica is in sync."""
    first = None
    for server in servers:
        try:
            if "cluster_state:ok" not in server.command("CLUSTER", "INFO"):
                return False
            seen = table(server.command("CLUSTER", "NODES"))
            replication = server.command("INFO", "replication")
        except (OSError, ReplyError):
            return False
        first = first or seen
        if not seen or seen != first or len(seen) != len(servers):
            return False
        if "role:slave" in replication and "master_link_status:up" not in replication:
            return False
    return sum(1 for node in first if node[2]) == 3


def until_whole(ips, password, timeout=90):
    """When that was so; asked every 50 ms."""
    servers = [Server(ip, password) for ip in ips]
    end = time.time() + timeout
    try:
        while not whole(servers):
            if time.time() > end:
                raise TimeoutError(f"the servers did not agree within {timeout} s")
            time.sleep(0.05)
        return time.time()
    finally:
        for server in servers:
            server.close()


def slot(tag):
    """The slot of a key with this hash tag: CRC16 of XMODEM."""
    crc = 0
    for byte in tag.encode():
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ 0x1021 if crc & 0x8000 else crc << 1) & 0xFFFF
    return crc % 16384
