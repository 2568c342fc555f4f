"""Layers and image archives: members are {path: (tarfile.TarInfo, bytes or None)}.

Times and owners are fixed, so that the same content gives the same digests.
"""

import hashlib
import io
import json
import os
import pathlib
import tarfile

CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "slotkeeper" / "images"


def read_members(tar):
    members = {}
    with tarfile.open(fileobj=io.BytesIO(tar)) as t:
        for info in t:
            if info.isfile() or info.isdir() or info.issym() or info.islnk():
                members["./" + info.name.removeprefix("./")] = (info, t.extractfile(info).read() if info.isfile() else None)
    return members


def make_layer(members):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.GNU_FORMAT) as t:
        # Hard links after all else, for their targets must come first.
        for _, (info, data) in sorted(members.items(), key=lambda m: (m[1][0].islnk(), m[0])):
            info.mtime, info.uname, info.gname, info.pax_headers = 0, "", "", {}
            t.addfile(info, io.BytesIO(data) if data is not None else None)
    return buffer.getvalue()


def file_member(path, data, mode=0o644):
    info = tarfile.TarInfo(path)
    info.size, info.mode = len(data), mode
    return info, data


def directory_member(path, owner=0, mode=0o755):
    info = tarfile.TarInfo(path)
    info.type, info.mode, info.uid, info.gid = tarfile.DIRTYPE, mode, owner, owner
    return info, None


def link_member(path, target):
    info = tarfile.TarInfo(path)
    info.type, info.linkname, info.mode = tarfile.SYMTYPE, target, 0o777
    return info, None


def tree(directory, target, mode_mask=0o755):
    """The members of a directory, to be at `target` in the image."""
    members = {target: directory_member(target)}
    for path in sorted(pathlib.Path(directory).rglob("*")):
        name = f"{target}/{path.relative_to(directory)}"
        if path.is_symlink():
            members[name] = link_member(name, os.readlink(path))
        elif path.is_dir():
            members[name] = directory_member(name)
        else:
            members[name] = file_member(name, path.read_bytes(), path.stat().st_mode & mode_mask)
    return members


def write_image(out, name, layers, config):
    """An archive as both an OCI image layout and what `docker load` has always read."""
    blobs = {}
    layers = [blob(blobs, layer, "application/vnd.oci.image.layer.v1.tar") for layer in layers]
    config = blob(blobs, as_json({
        "architecture": "amd64", "os": "linux", "created": "1970-01-01T00:00:00Z",
        "config": {"Env": ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"], **config},
        "rootfs": {"type": "layers", "diff_ids": [layer["digest"] for layer in layers]},
        "history": [{"created": "1970-01-01T00:00:00Z"} for _ in layers]}), "application/vnd.oci.image.config.v1+json")
    manifest = "application/vnd.oci.image.manifest.v1+json"
    manifest = blob(blobs, as_json({"schemaVersion": 2, "mediaType": manifest, "config": config, "layers": layers}), manifest)
    index = {"schemaVersion": 2, "manifests": [{**manifest, "annotations": {"io.containerd.image.name": name}}]}
    docker = [{"Config": path_of(config), "RepoTags": [name], "Layers": [path_of(layer) for layer in layers]}]
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as t:
        for path, data in {"oci-layout": as_json({"imageLayoutVersion": "1.0.0"}), "index.json": as_json(index),
                           "manifest.json": as_json(docker), **blobs}.items():
            info, _ = file_member(path, data)
            t.addfile(info, io.BytesIO(data))
    replace(out, buffer.getvalue())


def blob(blobs, data, media_type):
    """Adds it under its digest; returns its descriptor."""
    descriptor = {"mediaType": media_type, "digest": "sha256:" + hashlib.sha256(data).hexdigest(), "size": len(data)}
    blobs[path_of(descriptor)] = data
    return descriptor


def path_of(descriptor):
    return "blobs/" + descriptor["digest"].replace(":", "/")


def as_json(value):
    return json.dumps(value).encode()


def read_layers(archive):
    with tarfile.open(archive) as t:
        return [t.extractfile(path).read() for path in json.load(t.extractfile("manifest.json"))[0]["Layers"]]


def replace(file, data):
    """Writes a file atomically."""
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_name(f"{file.name}.new.{os.getpid()}")
    new.write_bytes(data)
    new.rename(file)
