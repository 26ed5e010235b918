"""nginx with the configuration that we ship, in front of an installation."""

import shutil
from pathlib import Path

from tests.servers.process import Process, accepts

SHIPPED = Path(__file__).parents[2] / "deploy/nginx.conf"
PROGRAM = shutil.which("nginx") or "/usr/sbin/nginx"


class Nginx:
    """The shipped configuration, with the ports and folders of a test and nothing else changed.

    Args:
        port: where browsers come; the installation must know it as one of its origins.
        processes: the ports behind.
        data_dir: where the installation collected its static files.
    """

    def __init__(self, directory: Path, port: int, processes: list[int], data_dir: Path) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self.error_log = directory / "error.log"
        servers = "".join(f"server 127.0.0.1:{process};" for process in processes)
        configuration = directory / "nginx.conf"
        configuration.write_text(
            _fitted(
                {
                    "user www-data;": "user root;",  # the folders of a test are root's
                    "pid /run/nginx.pid;": f"pid {directory}/pid;",
                    "/var/log/nginx/error.log": str(self.error_log),
                    "listen 80;\n    #listen 443": f"listen 127.0.0.1:{port};\n    #listen 443",
                    "server 127.0.0.1:8001;": servers,
                    "root /var/lib/havenlight;": f"root {data_dir};",
                    "http {\n": f"http {{\n{_own_folders(directory)}",
                }
            )
        )
        self.process = Process(
            [PROGRAM, "-e", "stderr", "-c", str(configuration), "-g", "daemon off;"],
            log=directory / "nginx.log",
            ready=lambda: accepts(port),
        )
        self.process.start()

    def output(self) -> str:
        """All that it wrote anywhere."""
        own = self.error_log.read_text() if self.error_log.exists() else ""
        return self.process.output() + own

    def close(self) -> None:
        """Stop for good."""
        self.process.stop()


def _fitted(changes: dict[str, str]) -> str:
    text = SHIPPED.read_text()
    for shipped, fitted in changes.items():
        if text.count(shipped) != 1:
            raise ValueError(f"{SHIPPED.name} has {shipped!r} not once")
        text = text.replace(shipped, fitted)
    return text


def _own_folders(directory: Path) -> str:
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    return "".join(f"  {kind}_temp_path {directory}/{kind};\n" for kind in kinds)
