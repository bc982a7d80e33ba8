"""MLflow's own server on a port of this machine, with a database in the current folder: prints its address, and leaves
when standard input, a pipe, ends."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

HERE = Path.cwd()
# The environment that `mlflow server` sets for its application.
os.environ["_MLFLOW_SERVER_FILE_STORE"] = f"sqlite:///{HERE}/runs.db"
os.environ["_MLFLOW_SERVER_ARTIFACT_DESTINATION"] = str(HERE / "files")
os.environ["_MLFLOW_SERVER_ARTIFACT_ROOT"] = "mlflow-artifacts:/"
os.environ["_MLFLOW_SERVER_SERVE_ARTIFACTS"] = "true"

from mlflow.server import app  # noqa: E402 (it reads the environment)
from werkzeug.serving import make_server  # noqa: E402

server = make_server("127.0.0.1", 0, app, threaded=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(f"http://127.0.0.1:{server.server_port}", flush=True)
sys.stdin.read()
