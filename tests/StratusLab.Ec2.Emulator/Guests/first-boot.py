"""What cloud-init does at a boot, as far as the emulator's guests need it: host name, users, keys, files and scripts of the user data.

The user data comes from the metadata service, in the shapes that cloud-init takes: plain, gzip, MIME multipart (its parts in base64 or not), and as a
jinja template over the metadata. Files and scripts are of the first boot only; the scripts are left in /var/lib/cloud/scripts to be run.
"""
import base64
import email
import gzip
import http.client
import json
import os
import pwd
import socket
import subprocess

import yaml

SEED = "169.254.169.254"
CLOUD = "/var/lib/cloud"
NO_CONFIG = {}
SCRIPTS = os.path.join(CLOUD, "scripts")


def ask(method, path, headers):
    connection = http.client.HTTPConnection(SEED, timeout=30)
    connection.request(method, path, headers=headers)
    reply = connection.getresponse()
    body = reply.read()
    if reply.status == 404:
        return None
    if reply.status != 200:
        raise SystemExit(f"{path}: the metadata service answered {reply.status}")
    return body


def metadata():
    token = ask("PUT", "/latest/api/token", {"X-aws-ec2-metadata-token-ttl-seconds": "600"})
    headers = {"X-aws-ec2-metadata-token": token.decode()}

    def get(path):
        return ask("GET", "/latest/" + path, headers)

    names = ["instance-id", "ami-launch-index", "local-ipv4", "local-hostname", "instance-type"]
    values = {name: (get("meta-data/" + name) or b"").decode() for name in names}
    values["ami-launch-index"] = int(values["ami-launch-index"])
    keys = (get("meta-data/public-keys/") or b"").decode().split("\n")
    values["public-keys"] = [get(f"meta-data/public-keys/{line.split('=')[0]}/openssh-key").decode() for line in keys if line]
    return values, get("user-data") or b""


def parts(data):
    """The parts of user data that are no multipart themselves, as text."""
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    text = data.decode(errors="replace")
    if not text.lower().startswith(("content-type:", "mime-version:")):
        return [text]
    found = []
    for part in email.message_from_string(text).walk():
        if not part.is_multipart():
            found += parts(part.get_payload(decode=True))
    return found


def rendered(text, values):
    first, _, rest = text.partition("\n")
    if not first.replace(" ", "").startswith("##template:jinja"):
        return text
    import jinja2
    shown = {name.replace("-", "_"): value for name, value in values.items()}
    return jinja2.Environment(undefined=jinja2.StrictUndefined, keep_trailing_newline=True).from_string(rest).render(
        ds={"meta_data": {**values, **shown}}, v1={"instance_id": values["instance-id"], "local_hostname": values["local-hostname"]})


def joined(configs):
    """The configurations as one: lists are appended, mappings joined, and of other values the last counts."""
    whole = {}
    for config in configs:
        for name, value in config.items():
            old = whole.get(name)
            whole[name] = old + value if isinstance(old, list) and isinstance(value, list) \
                else {**old, **value} if isinstance(old, dict) and isinstance(value, dict) else value
    return whole


def add_user(name):
    try:
        return pwd.getpwnam(name)
    except KeyError:
        subprocess.run(["useradd", "--create-home", "--shell", "/bin/bash", "--password", "*", name], check=True)
        return pwd.getpwnam(name)


def give_keys(name, keys):
    user = add_user(name)
    folder = os.path.join(user.pw_dir, ".ssh")
    os.makedirs(folder, mode=0o700, exist_ok=True)
    with open(os.path.join(folder, "authorized_keys"), "w", encoding="utf-8") as file:
        file.writelines(key.strip() + "\n" for key in keys)
    for path in (folder, os.path.join(folder, "authorized_keys")):
        os.chown(path, user.pw_uid, user.pw_gid)


def write(path, content, mode):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
    os.chmod(path, mode)


def content_of(file):
    content = file.get("content", "")
    encoding = file.get("encoding", "")
    data = base64.b64decode(content) if "b64" in encoding or "base64" in encoding else content if isinstance(content, bytes) else content.encode()
    return gzip.decompress(data) if encoding.startswith("gz") else data


def owner_of(path, owner):
    user, _, group = owner.partition(":")
    subprocess.run(["chown", f"{user}:{group}" if group else user, path], check=True)


def set_up(values, data):
    texts = [rendered(text, values) for text in parts(data) if text.strip()]
    config = joined([yaml.safe_load(text) or NO_CONFIG for text in texts if text.startswith("#cloud-config")])
    name = str(config.get("hostname") or config.get("fqdn") or values["local-hostname"]).split(".")[0]
    socket.sethostname(name)
    with open("/etc/hostname", "w", encoding="utf-8") as file:
        file.write(name + "\n")
    with open("/etc/hosts", "w", encoding="utf-8") as file:
        file.write(f"127.0.0.1 localhost\n{values['local-ipv4']} {name}\n")
    if os.path.exists(os.path.join(CLOUD, "instance-id")):
        return

    default = config.get("user", (config.get("system_info") or NO_CONFIG).get("default_user", {}).get("name", "root"))
    default = default if isinstance(default, str) else default.get("name", "root")
    give_keys(default, values["public-keys"] + config.get("ssh_authorized_keys", []))
    for user in config.get("users", []):
        if isinstance(user, dict):
            give_keys(user["name"], user.get("ssh_authorized_keys", []))
    for file in config.get("write_files", []):
        write(file["path"], content_of(file), int(str(file.get("permissions", "0644")), 8))
        if "owner" in file:
            owner_of(file["path"], file["owner"])
    commands = "".join(
        (line if isinstance(line, str) else " ".join("'" + str(word).replace("'", "'\\''") + "'" for word in line)) + "\n" for line in config.get("runcmd", []))
    scripts = ["#!/bin/sh\n" + commands] if commands else []
    scripts += [text for text in texts if text.startswith("#!")]
    os.makedirs(SCRIPTS, exist_ok=True)
    for number, script in enumerate(scripts):
        write(os.path.join(SCRIPTS, f"{number:03}"), script.encode(), 0o700)
    write(os.path.join(CLOUD, "instance-id"), values["instance-id"].encode(), 0o644)
    write(os.path.join(CLOUD, "instance-data.json"), json.dumps({"ds": {"meta_data": values}}).encode(), 0o644)


set_up(*metadata())
