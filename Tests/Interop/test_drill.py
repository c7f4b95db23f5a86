"""`drill` from outside: its answers, its exit codes, and that a run is the same in every process."""

import json
import re
import shlex

import pytest

from interop import drill

LOST_REPLY = str(drill.SCENARIOS / "lost-reply.yaml")
HAPPY_PATH = str(drill.SCENARIOS / "happy-path.yaml")
LEDGER_PARTITION = str(drill.SCENARIOS / "ledger-partition.yaml")
PROGRESS = re.compile(
    r"\r\x1b\[K([\w-]+) (\d+)/(\d+): (\d+) runs, (\d+) seeds/s, simulated:wall (\d+):1, faults effective (\d+)"
)


def records(*arguments, **how):
    return [json.loads(line) for line in drill.run(*arguments, "--json", **how).stdout.splitlines()]


def test_a_run_is_one_object_with_every_member():
    (record,) = records(LOST_REPLY, "--seed", "1")
    assert list(record) == [
        "scenario", "seed", "result", "reason", "trace_hash", "steps", "virtual_ms", "calls", "faults", "oracles",
        "replay", "build",
    ]
    assert record["scenario"] == "lost-reply" and record["seed"] == "1" and record["result"] == "pass"
    assert record["calls"] > 100 and record["steps"] > record["calls"] and record["virtual_ms"] > 0
    assert record["replay"] == f"drill {LOST_REPLY} --seed 1"
    assert {fault["id"] for fault in record["faults"]} >= {"lost"}
    assert all(set(fault) == {"id", "kind", "armed", "fired", "effective"} for fault in record["faults"])
    assert all(oracle["verdict"] == "pass" for oracle in record["oracles"]) and len(record["oracles"]) >= 12


def test_the_same_seed_is_the_same_run_in_every_process_and_beside_others():
    once = drill.run(LOST_REPLY, "--seeds", "1..4", "--json", "--jobs", "1").stdout
    again = drill.run(LOST_REPLY, "--seeds", "1..4", "--json", "--jobs", "4", env={"LANG": "C"}).stdout
    assert once and once == again
    assert len({json.loads(line)["trace_hash"] for line in once.splitlines()}) == 4


def test_a_broken_rule_exits_1_and_says_how_to_see_it_again():
    ran = drill.run(drill.BROKEN, "--seed", "1")
    assert ran.returncode == 1
    assert "broken-drill seed 1: fail: matches_model: " in ran.stdout
    assert f"replay: drill {drill.BROKEN} --seed 1" in ran.stdout


def test_shrinking_leaves_a_smaller_file_that_breaks_the_same_rule(tmp_path):
    ran = drill.run(drill.BROKEN, "--seed", "1", "--shrink", cwd=tmp_path)
    assert ran.returncode == 1 and "breaks matches_model" in ran.stderr, ran.stdout + ran.stderr
    smaller = tmp_path / "broken-drill.shrunk.yaml"
    again = drill.run(str(smaller))
    assert again.returncode == 1 and "matches_model" in again.stdout
    text = smaller.read_text()
    assert int(re.search(r"total: (\d+)", text).group(1)) <= 5 and "proc.crash" not in text and "net.partition" not in text


def test_a_bundle_has_the_scenario_the_history_and_the_witnesses(tmp_path):
    drill.run(drill.BROKEN, "--seed", "1", "--bundle", str(tmp_path / "bundles"))
    bundle = json.loads((tmp_path / "bundles" / "broken-drill-1.json").read_text())
    broken = [verdict for verdict in bundle["verdicts"] if verdict["verdict"] == "fail"]
    assert broken and all(verdict["witnesses"] for verdict in broken)
    assert max(broken[0]["witnesses"]) < len(bundle["events"])
    assert "broken-drill" in bundle["scenario"]["yaml"]


def test_a_bundle_has_the_kernels_trace_too(tmp_path):
    for folder in ["one", "two"]:
        drill.run(drill.BROKEN, "--seed", "1", "--bundle", str(tmp_path / folder))
    trace, again = ((tmp_path / folder / "broken-drill-1.trace").read_text() for folder in ["one", "two"])
    bundle = json.loads((tmp_path / "one" / "broken-drill-1.json").read_text())
    assert trace == again
    assert len([line for line in trace.splitlines() if " others ready" in line]) >= bundle["steps"]
    assert "| committed(" in trace and "| linkMessage(" in trace


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("clintes: []", "unknown key 'clintes' (nearest known key: 'clients')"),
        ("run: {max_steps: 200_000_000}", "max_steps"),
        ("faults: [{id: a, at: 1s, on: {event: ledger.committed}, do: proc.crash, target: ledger}]", "at and on"),
        ("faults: [{id: a, at: 1s, for: 0s, do: proc.pause, target: ledger}]", "for"),
        ("faults: [{id: a, at: 1s, for: 1s, do: net.drop, p: 1.5, target: ledger}]", "1.5"),
        ("faults: [{id: a, at: 1s, do: proc.crash, target: leger}]", "ledger"),
        ("faults: [{id: a, at: 1s, do: disk.tron, target: ledger}]", "disk.torn"),
    ],
)
def test_bad_input_is_one_clear_error_before_anything_runs(tmp_path, text, complaint):
    path = tmp_path / "bad.yaml"
    path.write_text(
        "version: 1\nname: bad\nabout: Wrong.\nclients: [{name: shop}]\nexpect: {always: [gapless]}\n" + text + "\n"
    )
    ran = drill.run(HAPPY_PATH, str(path))
    assert ran.returncode == 65 and ran.stdout == ""
    assert ran.stderr.startswith(f"{path}:6: ") and complaint in ran.stderr
    assert len(ran.stderr.splitlines()) == 1, ran.stderr


def test_the_same_file_runs_against_real_processes():
    (record,) = records(LEDGER_PARTITION, "--seed", "1", "--transport", "grpc")
    assert record["result"] == "pass", record
    assert all(fault["effective"] > 0 for fault in record["faults"]) and record["faults"]


def test_what_real_processes_cannot_suffer_is_skipped_and_not_passed():
    ran = drill.run(LOST_REPLY, "--seed", "1", "--transport", "grpc", "--json")
    record = json.loads(ran.stdout)
    assert ran.returncode == 1
    assert record["result"] == "skipped" and "rpc.reply_loss" in record["reason"]


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--host", "127.0.0.2", "--own-address", "127.0.0.3"], "--host and --own-address need --transport grpc"),
        (["--transport", "grpc", "--host", "127.0.0.2"], "--host and --own-address need each other"),
        (["--transport", "grpc", "--own-address", "127.0.0.3"], "--host and --own-address need each other"),
        (["--transport", "grpc", "--host", "ip netns exec two", "--own-address", "127.0.0.3"], "'ip netns exec two' is invalid"),
        (["--transport", "grpc", "--host", "127.0.0.2", "--own-address", "0.0.0.0"], "'0.0.0.0' is no address that hosts can reach"),
        (["--transport", "grpc", "--host", "127.0.0.2", "--own-address", "localhost"], "'localhost' is no address that hosts"),
    ],
)
def test_hosts_that_cannot_be_meant_are_refused(options, complaint):
    ran = drill.run(LEDGER_PARTITION, "--seed", "1", *options)
    assert ran.returncode == 64 and complaint in ran.stderr


def test_what_ran_against_real_processes_is_run_again_against_them(tmp_path):
    nothing = tmp_path / "runtime"
    nothing.write_text("#!/bin/sh\nexit 1\n")
    nothing.chmod(0o755)
    hosts = ("--host", "127.0.0.2 env", "--host", "127.0.0.3", "--own-address", "127.0.0.4")
    live = ("--seed", "1", "--transport", "grpc", "--runtime", str(nothing), *hosts)
    (failed,) = records(LEDGER_PARTITION, *live)
    printed = drill.run(LEDGER_PARTITION, *live).stdout
    (skipped,) = records(LOST_REPLY, *live)
    assert (failed["result"], skipped["result"]) == ("fail", "skipped")
    assert f"  replay: {failed['replay']}\n" in printed
    for replay in (failed["replay"], skipped["replay"]):
        assert shlex.split(replay)[-len(live) :] == list(live)
    (again,) = records(*shlex.split(skipped["replay"])[1:])
    assert again["result"] == "skipped"


def test_a_terminal_is_told_how_it_goes_and_keeps_nothing_of_it():
    with drill.Watched(LOST_REPLY, "--seeds", "1..8") as running:
        code, output = running.finish()
        told = [(name, *map(int, figures)) for name, *figures in PROGRESS.findall(running.shown)]
    assert code == 0 and output.startswith("lost-reply: pass, 8 runs, "), output
    names, done, totals, runs, speeds, ratios, effective = zip(*told)
    assert set(names) == {"lost-reply"} and set(totals) == {8}
    assert runs == done and list(runs) == sorted(set(runs))
    assert max(speeds) > 0 and min(ratios) > 0
    assert list(effective) == sorted(effective) and effective[0] > 0
    assert PROGRESS.sub("", running.shown) == "\r\x1b[K"


def test_nobody_is_told_how_it_goes_where_nobody_looks():
    ran = drill.run(LOST_REPLY, "--seeds", "1..2")
    assert (ran.returncode, ran.stderr) == (0, "")


def test_ctrl_c_reports_what_there_is():
    with drill.Watched(HAPPY_PATH, "--seeds", "1..100000") as running:
        running.await_shown(PROGRESS)
        running.interrupt()
        code, output = running.finish()
    assert code == 130
    assert "happy-path: interrupted, so far pass, " in output


def test_ctrl_c_leaves_what_was_asked_for_of_the_runs_that_failed_before(tmp_path):
    report, folder = tmp_path / "run.html", tmp_path / "bundles"
    with drill.Watched(
        drill.BROKEN, "--seeds", "1..100000", "--report", str(report), "--bundle", str(folder)
    ) as running:
        running.await_shown(PROGRESS)
        running.interrupt()
        code, output = running.finish()
    failed = re.findall(r"^broken-drill seed (\d+): fail: ", output, re.MULTILINE)
    assert code == 130 and failed[0] == "1", output
    assert "broken-drill: interrupted, so far fail, " in output
    assert {path.name for path in folder.glob("*.json")} == {f"broken-drill-{seed}.json" for seed in failed}
    assert '"seed":"1"' in report.read_text().replace(" ", "")
