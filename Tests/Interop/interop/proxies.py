"""HAProxy and nginx in front of a gRPC port."""

import contextlib
import pathlib
import socket
import subprocess
import tempfile

from interop.system import HOST, free_ports
from interop.waiting import until

NAMES = ("haproxy", "nginx")

HAPROXY = """
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
frontend front
  bind {host}:{front} proto h2
  default_backend back
backend back
  server only {host}:{port} proto h2
"""

NGINX = """
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log stderr crit;
events {{}}
http {{
  access_log off;
  client_body_temp_path {folder};
  proxy_temp_path {folder};
  fastcgi_temp_path {folder};
  uwsgi_temp_path {folder};
  scgi_temp_path {folder};
  upstream only {{
    server {host}:{port};
    keepalive 8;
  }}
  server {{
    listen {host}:{front} http2;
    location / {{
      grpc_pass grpc://only;
    }}
  }}
}}
"""


@contextlib.contextmanager
def proxy(name, port):
    """Runs one in front of `port`, and gives the target to call."""
    (front,) = free_ports(1)
    with tempfile.TemporaryDirectory(prefix="florin-") as folder:
        path = pathlib.Path(folder) / "proxy.conf"
        text = HAPROXY if name == "haproxy" else NGINX
        path.write_text(text.format(host=HOST, front=front, port=port, folder=folder))
        command = ["haproxy", "-db", "-f", path] if name == "haproxy" else ["nginx", "-c", path]
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            until(lambda: answers(front), lambda answer: answer)
            yield f"{HOST}:{front}"
        finally:
            process.terminate()
            process.wait()


def answers(port):
    """Whether somebody listens."""
    with socket.socket() as connection:
        return connection.connect_ex((HOST, port)) == 0
