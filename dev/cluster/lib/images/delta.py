"""Writes an image archive without the blobs whose digests are on standard input.

usage: delta.py ARCHIVE <DIGESTS >ARCHIVE

An archive that is no OCI image layout has no blobs, and is written as it is.
"""

import sys
import tarfile

present = {"blobs/" + digest.replace(":", "/") for digest in sys.stdin.read().split()}
with tarfile.open(sys.argv[1]) as archive, tarfile.open(fileobj=sys.stdout.buffer, mode="w|") as rest:
    for member in archive:
        if member.name not in present:
            rest.addfile(member, archive.extractfile(member) if member.isfile() else None)
