"""Content for images from Debian packages, unpacked without being installed.

A suite's images share one base layer: a shell, coreutils, the C library.
"""

import gzip
import os
import re
import shutil
import subprocess
import sys
import tempfile

from layers import CACHE, directory_member, file_member, link_member, make_layer, read_members, replace

FORMAT = "1"  # part of the cache's file names; to be raised when what is made changes
BASE = ["base-files", "coreutils", "dash", "grep", "libc-bin", "libc6", "sed"]
USER = 999
# What no server needs at run time. Not /usr/share/doc/*/copyright: licences stay.
UNWANTED = re.compile(
    r"^\./(usr/share/(?!zoneinfo|doc|common-licenses)|usr/share/doc/[^/]+/(?!copyright$)"
    r"|var/cache/|var/lib/(apt|dpkg|systemd)|var/log/|etc/(apt|cron|init\.d|logrotate\.d|default|systemd|ufw)"
    r"|usr/lib/(systemd|udev|tmpfiles\.d|sysusers\.d|init)|usr/lib/x86_64-linux-gnu/gconv"
    r"|etc/(hostname|resolv\.conf|fstab)|dev/|boot|media|srv|opt|mnt|home|root/\.|\.$)")  # hostname, resolv.conf: this machine's


def base_of(suite):
    """The base layer of a suite, and its members."""
    suite = "sid" if suite == "experimental" else suite
    file = CACHE / f"base-{suite}-{FORMAT}.tar.gz"
    if not file.exists():
        members = unpacked(suite, BASE)
        members["./etc/passwd"] = file_member("./etc/passwd", (
            "root:x:0:0:root:/root:/bin/sh\n"
            f"app:x:{USER}:{USER}:app:/:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n").encode())
        members["./etc/group"] = file_member("./etc/group", f"root:x:0:\napp:x:{USER}:\nnogroup:x:65534:\n".encode())
        members["./etc/nsswitch.conf"] = file_member("./etc/nsswitch.conf", b"passwd: files\ngroup: files\nhosts: files dns\n")
        members["./tmp"] = directory_member("./tmp", mode=0o1777)
        # Made by maintainer scripts, which have not run.
        for directory in ("bin", "sbin", "lib", "lib64"):
            members[f"./{directory}"] = link_member(f"./{directory}", f"usr/{directory}")
        members["./usr/bin/sh"] = link_member("./usr/bin/sh", "dash")
        replace(file, gzip.compress(make_layer(members), 1, mtime=0))
    layer = gzip.decompress(file.read_bytes())
    return layer, read_members(layer)


def mirror():
    """The Debian mirror that this machine's apt uses; $DEBIAN_MIRROR elsewhere."""
    if os.environ.get("DEBIAN_MIRROR"):
        return os.environ["DEBIAN_MIRROR"]
    targets = subprocess.run(["apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages", "Origin: Debian", "Label: Debian"],
                             capture_output=True, text=True).stdout.split()
    if not targets:
        sys.exit("image: set DEBIAN_MIRROR to the address of a Debian mirror")
    return targets[0].rstrip("/")


def install(package):
    if not shutil.which(package):
        print(f"image: installing {package}", file=sys.stderr)
        command = ["apt-get", "install", "-y", "-q", "--no-install-recommends", package]
        # A fresh machine or container has no package lists yet.
        if subprocess.run(command, capture_output=True).returncode:
            subprocess.run(["apt-get", "update", "-q"], check=True, stdout=subprocess.DEVNULL)
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def unpacked(suite, packages):
    """The wanted files of packages and all that they depend on."""
    install("mmdebstrap")
    with tempfile.TemporaryDirectory() as work:
        tar = f"{work}/root.tar"
        # Release files of sid and experimental are valid for a week, those on a mirror that
        # stands still (a snapshot) expire. Their signatures are checked all the same.
        moving = suite in ("sid", "experimental")
        valid = ["--aptopt=Acquire::Check-Valid-Until \"false\""] if moving else []
        # Experimental is no whole suite: what it has comes on top of sid.
        suites, base = [suite], suite
        if suite == "experimental":
            suites, base = ["sid", suite], "sid"
            packages = [f"{p}/{suite}" if p not in BASE else p for p in packages]
        subprocess.run(["mmdebstrap", "--quiet", "--variant=extract", "--mode=root", *valid,
                        f"--include={','.join(packages)}", base, tar, *(f"deb {mirror()} {s} main" for s in suites)], check=True)
        with open(tar, "rb") as f:
            members = read_members(f.read())
    wanted = {}
    for path, (info, data) in members.items():
        # Before trixie, packages still have files in /bin and /lib.
        path = re.sub(r"^\./(bin|sbin|lib|lib64)(?=/)", r"./usr/\1", path)
        if path not in ("./bin", "./sbin", "./lib", "./lib64") and not UNWANTED.match(path):
            info.name = path
            if info.islnk():
                info.linkname = re.sub(r"^\./(bin|sbin|lib|lib64)(?=/)", r"./usr/\1", info.linkname)
            wanted[path] = (info, data)
    return wanted
