"""What the real boot appliers make of trees. To be run in network and mount namespaces of one's own.

Reads JSON from standard input: `trees` (directories of /etc, /run, /usr and so on), `base` (an empty directory beside
them), `interfaces` (names in latin1, by the type to make them with) and `before` (what every sysctl is set to first).
Prints for each tree and applier {family: {name: value after it}}. A tree is moved into a root that has the machine's
programs below /host and its /proc.
"""

import json
import os
import subprocess
import sys

SYSCTL = "accept_source_route"
with open("/proc/self/maps") as maps:
    LOADER = next(line.split()[-1] for line in maps if "/ld-" in line)
LIBRARIES = os.path.dirname(LOADER)
APPLIERS = {
    "systemd": ["/host/usr/lib/systemd/systemd-sysctl"],
    "procps": ["/host/usr/sbin/sysctl", "--system"],
}


def files():
    for family in ("ipv4", "ipv6"):
        conf = f"/proc/sys/net/{family}/conf".encode()
        for name in sorted(os.listdir(conf)):
            yield family, name.decode("latin1"), conf + b"/" + name + b"/" + SYSCTL.encode()


def apply(base, command, before, places):
    for _, _, path in places:
        with open(path, "w") as file:
            file.write(before)
    subprocess.run(
        ["chroot", base, f"/host{LOADER}", "--library-path", f"/host{LIBRARIES}:/host{LIBRARIES}/systemd", *command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={"PATH": os.environ["PATH"], "LC_ALL": "C"},
        timeout=60,
    )
    values = {"ipv4": {}, "ipv6": {}}
    for family, name, path in places:
        with open(path) as file:
            values[family][name] = int(file.read())
    return values


def main():
    task = json.load(sys.stdin)
    base = task["base"]
    os.makedirs(f"{base}/host")
    os.makedirs(f"{base}/proc")
    os.makedirs(f"{base}/dev")
    open(f"{base}/dev/null", "w").close()
    subprocess.run(["mount", "--make-rprivate", "/"], check=True)
    subprocess.run(["mount", "--rbind", "/", f"{base}/host"], check=True)
    subprocess.run(["mount", "--rbind", "/proc", f"{base}/proc"], check=True)
    subprocess.run(["mount", "--bind", "/dev/null", f"{base}/dev/null"], check=True)
    for kind, names in task["interfaces"].items():
        for name in names:
            subprocess.run(["ip", "link", "add", "name", name.encode("latin1"), "type", kind], check=True)
    places = list(files())
    results = []
    for tree in task["trees"]:
        entries = os.listdir(tree)
        for entry in entries:
            os.rename(f"{tree}/{entry}", f"{base}/{entry}")
        results.append({name: apply(base, command, str(task["before"]), places) for name, command in APPLIERS.items()})
        for entry in entries:
            os.rename(f"{base}/{entry}", f"{tree}/{entry}")
    json.dump(results, sys.stdout)


main()
