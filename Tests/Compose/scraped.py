"""What Prometheus says that it sees, by its HTTP API."""

import http.client
import json

PROMETHEUS = ("localhost", 9090)


def ask(path):
    connection = http.client.HTTPConnection(*PROMETHEUS, timeout=10)
    try:
        connection.request("GET", f"/api/v1/{path}")
        return json.loads(connection.getresponse().read())["data"]
    finally:
        connection.close()


def read_targets():
    """How many processes of each job it found and has read."""
    jobs = {}
    for target in ask("targets?state=active")["activeTargets"]:
        job = target["labels"]["job"]
        jobs[job] = jobs.get(job, 0) + (target["health"] == "up")
    return jobs


def rules():
    """How many rules there are, and what is wrong with those that cannot be evaluated; none may be new still."""
    found = [rule for group in ask("rules")["groups"] for rule in group["rules"]]
    return len(found), [f"{rule['name']}: {rule['health']} {rule.get('lastError', '')}" for rule in found if rule["health"] != "ok"]
