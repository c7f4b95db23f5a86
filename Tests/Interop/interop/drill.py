"""The executable `drill`, as people run it."""

import os
import pathlib
import subprocess

HERE = pathlib.Path(__file__).parent
BROKEN = str(HERE / "broken-drill.yaml")
SCENARIOS = HERE.parents[2] / "Scenarios"


def executable():
    return str(pathlib.Path(os.environ["RUNTIME_BIN"]).with_name("drill"))


def run(*arguments, timeout=120, **how):
    return subprocess.run([executable(), *arguments], capture_output=True, text=True, timeout=timeout, **how)
