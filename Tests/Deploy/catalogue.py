"""The metrics of a process, read from MetricCatalogue.swift, and the admin ports, from ServiceName.swift."""

import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
CATALOGUE = "Sources/Runtime/Telemetry/Metrics/MetricCatalogue.swift"
SERVICES = "Sources/Runtime/Composition/Configuration/ServiceName.swift"
SUFFIXES = {"counter": ["_total"], "gauge": [""], "histogram": ["_bucket", "_sum", "_count"]}


def exposed(name):
    return re.sub(r"[.-]", "_", name)


def samples():
    """The labels of every sample that a process shows, by its name: MetricDescription.sampleNames."""
    source = (ROOT / CATALOGUE).read_text()
    found = {}
    for body in re.findall(r"= MetricDescription\((.*?)\n    \)", source, re.DOTALL):
        name, kind = re.match(r'\s*"([^"]+)",\s*\.(\w+)', body).groups()
        unit = re.search(r'unit: "(\w+)"', body)
        labels = re.search(r"labels: \[(.*?)\]", body, re.DOTALL)
        name = exposed(name)
        if unit and not name.endswith("_" + unit[1]):
            name += "_" + unit[1]
        names = {exposed(label) for label in re.findall(r'"([^"]+)"', labels[1])} if labels else set()
        for suffix in SUFFIXES[kind]:
            found[name + suffix] = names | ({"le"} if suffix == "_bucket" else set())
    declared = source.count("= MetricDescription(")
    assert declared and len({re.sub("_(bucket|sum|count|total)$", "", name) for name in found}) == declared, "a metric was not understood"
    return found


def admin_ports():
    """The standard admin port of each service."""
    source = (ROOT / SERVICES).read_text()
    body = re.search(r"var standardAdminPort: Int \{(.*?)\n    \}", source, re.DOTALL)[1]
    return {name: int(port.replace("_", "")) for name, port in re.findall(r"case \.(\w+): ([\d_]+)", body)}
