"""The other programs: how each does the job that Valise is measured at."""

import os
import shutil
import sys

PYTHON_ZIP = """
import os, sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_STORED) as bundle:
    for folder, _, names in os.walk(sys.argv[2]):
        for name in names:
            path = os.path.join(folder, name)
            bundle.write(path, os.path.relpath(path, sys.argv[2]))
"""


def packers(folder, target):
    """{name: command} that pack `folder` into the ZIP `target` without compressing, in the order of the table."""
    commands = {
        "zip -0": ["zip", "-0", "-q", "-r", target, "."],
        "bsdtar": ["bsdtar", "--format", "zip", "--options", "zip:compression=store", "-cf", target, "."],
        "7zz -mx0": ["7zz", "a", "-tzip", "-mx0", "-bso0", "-bsp0", target, "."],
        "Python zipfile": [sys.executable, "-c", PYTHON_ZIP, target, str(folder)],
    }
    return {name: command for name, command in commands.items() if shutil.which(command[0])}


def unpackers(archive, target):
    """{name: shell command} that unpack `archive` into the folder `target` and make it durable."""
    commands = {
        "bsdtar -x": f"bsdtar -x -f '{archive}' -C '{target}' && sync -f '{target}'",
        "unzip": f"unzip -q '{archive}' -d '{target}' && sync -f '{target}'",
        "7zz x": f"7zz x -bso0 -bsp0 -o'{target}' '{archive}' && sync -f '{target}'",
    }
    return {name: command for name, command in commands.items() if shutil.which(command.split()[0])}


NGINX = """
{user}
worker_processes 1;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  sendfile on;
  tcp_nopush on;
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  server {{ listen 127.0.0.1:{port}; root {root}; }}
}}
"""


def nginx(folder, root, port):
    """Writes a configuration that serves `root` by sendfile, and returns the command that runs it."""
    folder.mkdir(parents=True, exist_ok=True)
    configuration = folder / "nginx.conf"
    user = "user root;" if os.geteuid() == 0 else ""  # bundles are for their owner's eyes only
    configuration.write_text(NGINX.format(user=user, folder=folder, root=root, port=port), encoding="utf-8")
    return ["nginx", "-p", str(folder), "-c", str(configuration)]
