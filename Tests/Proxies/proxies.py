"""The proxies of deploy/proxies, started with the files as they are documented."""

import os
import pathlib
import signal
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
FILES = ROOT / "deploy/proxies"
INSTALLED = ROOT / ".build-proxies/venv/bin"
STOP_SECONDS_MAX = 10
# Debian's nginx reads deploy/proxies/nginx.conf as a file of conf.d; this is the file around it.
NGINX = """daemon off;
error_log stderr;
pid {folder}/nginx.pid;
events {{}}
http {{
    access_log off;
    include {file};
}}
"""


def commands(folder):
    """How each proxy is started; `folder` is for what it must write."""
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, file=FILES / "nginx.conf"))
    return {
        "HAProxy": ["haproxy", "-db", "-f", FILES / "haproxy.cfg"],
        "nginx": ["nginx", "-c", folder / "nginx.conf"],
        "Traefik": [INSTALLED / "traefik", "--entrypoints.web.address=:80", f"--providers.file.filename={FILES}/traefik.yml"],
        "Caddy": [INSTALLED / "caddy", "run", "--config", FILES / "Caddyfile"],
        "Envoy": [INSTALLED / "envoy", "-c", FILES / "envoy.yaml", "--disable-hot-restart", "--concurrency", "2"],
    }


class Proxy:
    """One proxy, for as long as the block takes."""

    def __init__(self, command, folder, log):
        environment = {"PATH": os.environ["PATH"], "HOME": str(folder)}
        self.process = subprocess.Popen(list(map(str, command)), env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
