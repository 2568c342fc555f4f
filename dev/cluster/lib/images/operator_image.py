"""The operator's image: what the Dockerfile makes, without Docker.

Layers, from what hardly changes to what always does: Debian's base, a Java
runtime of just the modules needed, the dependencies, the operator's own jar.
User and entry point are read from the Dockerfile, and where it puts files is
compared with where we do, so the two cannot drift apart.
"""

import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import zipfile

from debian import base_of
from layers import CACHE, file_member, make_layer, replace, tree, write_image

PROJECT = pathlib.Path(__file__).resolve().parents[4]
NAME = os.environ.get("OPERATOR_IMAGE") or "local/slotkeeper:dev"


def operator():
    application = PROJECT / "target" / "slotkeeper.jar"
    if not application.exists():
        sys.exit("image: there is no target/slotkeeper.jar; `mvn -DskipTests package` makes it")
    # Where the Dockerfile's last stage copies to: what lies there here.
    content = {
        "/opt/java": runtime_layer(),
        "/opt/slotkeeper/lib": make_layer(dict(member("/opt/slotkeeper/lib/" + jar.name, jar) for jar in dependencies(application))),
        "/opt/slotkeeper/slotkeeper.jar": make_layer(dict([member("/opt/slotkeeper/slotkeeper.jar", application)])),
        "/opt/slotkeeper/java.options": make_layer(dict([member("/opt/slotkeeper/java.options", PROJECT / "dev/image/java.options")])),
    }
    user, entry_point, destinations = last_stage((PROJECT / "Dockerfile").read_text())
    if destinations != set(content):
        sys.exit(f"image: the Dockerfile copies to {sorted(destinations)}, this program to {sorted(content)}")
    out = CACHE / (re.sub(r"[/:]", "-", NAME) + ".tar")
    write_image(out, f"docker.io/{NAME}", [base_of("trixie")[0], *content.values()], {"User": user, "Entrypoint": entry_point})
    return out


def member(path, file):
    return f".{path}", file_member(f".{path}", file.read_bytes())


def last_stage(dockerfile):
    """Of the image that a Dockerfile ends in: user, entry point, destinations of COPY."""
    stage = re.split(r"^FROM .*$", dockerfile, flags=re.MULTILINE)[-1]
    user, = re.findall(r"^USER (\S+)$", stage, re.MULTILINE)
    entry_point, = re.findall(r"^ENTRYPOINT (\[.*\])$", stage, re.MULTILINE)
    return user, json.loads(entry_point), set(re.findall(r"^COPY .* (\S+)$", stage, re.MULTILINE))


def dependencies(application):
    """The jars of the manifest's class path. Others may lie there since an earlier build."""
    with zipfile.ZipFile(application) as jar:
        # Lines are folded at 72 bytes.
        manifest = jar.read("META-INF/MANIFEST.MF").decode().replace("\r\n", "\n").replace("\n ", "")
    return [application.parent / entry for entry in re.search(r"^Class-Path: (.*)$", manifest, re.MULTILINE)[1].split()]


def runtime_layer():
    """Made by jlink, once for each JDK and set of options."""
    java_home = jdk()
    options = PROJECT / "dev/image/jlink.options"
    key = hashlib.sha256((java_home / "release").read_bytes() + options.read_bytes()).hexdigest()[:16]
    file = CACHE / f"java-{key}.tar"
    if not file.exists():
        with tempfile.TemporaryDirectory() as work:
            subprocess.run([java_home / "bin/jlink", f"@{options}", "--output", f"{work}/java"], check=True, stdout=sys.stderr)
            replace(file, make_layer(tree(f"{work}/java", "./opt/java")))
    return file.read_bytes()


def jdk():
    """As find_jdk in dev/lib.sh."""
    for home in [os.environ.get("JAVA_HOME", ""), *sorted(map(str, pathlib.Path("/usr/lib/jvm").glob("*25*")))]:
        release = pathlib.Path(home, "release")
        if home and release.exists() and re.search(r'^JAVA_VERSION="25[".]', release.read_text(), re.MULTILINE):
            return pathlib.Path(home)
    sys.exit("image: JAVA_HOME must name a JDK 25")
