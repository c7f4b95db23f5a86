"""The picture of a run in a real browser: drawn, clicked, filtered, zoomed, on a desk and on a phone.

The page is of a run that `drill` made and that breaks a rule on purpose; FLORIN_SAMPLE_REPORT may name another.
"""

import json
import os
import pathlib
import re
import time

import pytest

from interop import browser, drill

EVENTS_MANY = 20_000
REDRAW_SECONDS_MAX = 3
# What befalls messages in the run, and how the page says it.
FATES = {"lost": "was lost", "late": "came too late", "duplicated": "arrived a second time"}
BUNDLE = re.compile(r'(<script type="application/json" id="report">)(.*?)(</script>)', re.DOTALL)


@pytest.fixture(scope="session")
def page(tmp_path_factory):
    """The file of a report."""
    given = os.environ.get("FLORIN_SAMPLE_REPORT")
    if given:
        return pathlib.Path(given)
    path = tmp_path_factory.mktemp("report") / "run.html"
    ran = drill.run(drill.BROKEN, "--seed", "2", "--report", str(path))
    assert ran.returncode == 1, ran.stderr
    return path


@pytest.fixture(scope="session")
def bundle(page):
    return json.loads(BUNDLE.search(page.read_text()).group(2))


@pytest.fixture(scope="session")
def chromium():
    path = browser.find()
    assert path, "there is no Chromium: install Debian's chromium, or name one in CHROMIUM_BIN"
    made = browser.Browser(path)
    yield made
    made.close()


@pytest.fixture
def desk(chromium, page):
    """Opens the page on a desk, at an address's end."""
    yield lambda end="", **how: chromium.show(page.as_uri() + end, **how) or chromium
    assert chromium.faults == []


def witnesses(bundle):
    return next(verdict["witnesses"] for verdict in bundle["verdicts"] if verdict["verdict"] == "fail")


def committed(bundle):
    return [place for place, event in enumerate(bundle["events"]) if event["what"] == "committed"]


def rows(chromium):
    return chromium.run("[...document.querySelectorAll('#events tbody tr')].map(row => Number(row.dataset.event))")


def details(chromium):
    """The event whose details are open, or None."""
    return chromium.run(
        "document.querySelector('#details').hidden ? null : Number(document.querySelector('#details').dataset.event)"
    )


def window(chromium, bundle):
    found = re.search(r"view=(-?\d+)-(\d+)", chromium.run("location.hash"))
    return (int(found.group(1)), int(found.group(2))) if found else (0, bundle["virtual_ns"])


def around(bundle, place, width=40_000_000):
    at = bundle["events"][place]["at"]
    return f"view={at - width // 2}-{at + width // 2}"


def with_bundle(page, bundle, folder):
    """The same page around another bundle."""
    text = json.dumps(bundle).replace("<", "\\u003c").replace("&", "\\u0026")
    path = folder / "page.html"
    path.write_text(BUNDLE.sub(lambda found: found.group(1) + text + found.group(3), page.read_text()))
    return path


def test_the_head_says_what_was_run_and_what_broke(desk, bundle):
    chromium = desk()
    text = chromium.run("document.querySelector('header').innerText")
    for part in (bundle["scenario"]["name"], bundle["seed"], bundle["commit"], bundle["replay"], bundle["result"]):
        assert part in text
    signs = chromium.run("[...document.querySelectorAll('#verdicts li')].map(it => it.getAttribute('aria-label'))")
    assert signs == [f"{verdict['oracle']}: {verdict['verdict']}" for verdict in bundle["verdicts"]]
    faults = chromium.run("[...document.querySelectorAll('#faults tbody td:first-child')].map(it => it.innerText)")
    assert faults == [fault["id"] for fault in bundle["faults"]]


def test_a_click_on_a_witness_opens_it_everywhere(desk, bundle):
    place = witnesses(bundle)[-1]
    chromium = desk()
    assert details(chromium) is None
    chromium.click(f"[data-witness='{place}']")
    assert details(chromium) == place
    assert f"select={place}" in chromium.run("location.hash")
    chosen = "[...document.querySelectorAll('#events tr[aria-selected=true]')].map(row => Number(row.dataset.event))"
    assert chromium.run(chosen) == [place]
    first, last = window(chromium, bundle)
    assert first <= bundle["events"][place]["at"] <= last
    assert last - first < bundle["virtual_ns"] / 2


def test_an_address_opens_its_filter_and_its_event(desk, bundle):
    place = witnesses(bundle)[0]
    payment = bundle["events"][place]["payment_id"]
    chromium = desk(f"#filter=payment:{payment}&select={place}")
    assert details(chromium) == place
    listed = rows(chromium)
    mine = [it for it in committed(bundle) if bundle["events"][it]["payment_id"] == payment]
    assert [it for it in listed if bundle["events"][it]["what"] == "committed"] == mine
    assert 0 < len(listed) < len(bundle["events"])
    assert chromium.run("document.querySelector('#by-payment').value") == payment


def test_an_address_changed_by_hand_is_followed(desk, bundle):
    chromium = desk()
    chromium.run("location.hash = '#show=trouble&select=5'")
    chromium.wait("document.querySelector('#details').dataset.event === '5'")
    fates = {bundle["events"][it].get("fate") for it in rows(chromium)}
    assert fates.isdisjoint({"sent", "delivered"})


def test_a_request_typed_in_leaves_its_events_only(desk, bundle):
    request = next(event["request_id"] for event in bundle["events"] if event.get("request_id"))
    chromium = desk()
    chromium.click("#by-request")
    chromium.call("Input.insertText", text=request)
    chromium.press("Enter", "\r")
    listed = rows(chromium)
    mine = {place for place, event in enumerate(bundle["events"]) if event.get("request_id") == request}
    assert mine <= set(listed)
    assert {bundle["events"][it].get("request_id", request) for it in listed} == {request}
    chromium.click("#clear")
    assert "filter" not in chromium.run("location.hash")
    assert chromium.run("document.querySelector('#count').innerText").startswith(f"{len(bundle['events']):,} of")


def test_a_process_chosen_leaves_its_events_only(desk, bundle):
    name = next(event["process"] for event in bundle["events"] if event["what"] == "process")
    chromium = desk(f"#filter=process:{name}")
    for event in map(bundle["events"].__getitem__, rows(chromium)):
        assert name in (event.get("process"), event.get("judge"), event.get("from"), event.get("to")), event


def test_a_click_on_a_diamond_opens_its_entry(desk, bundle):
    place = committed(bundle)[0]
    chromium = desk("#show=none&" + around(bundle, place))
    _, y = chromium.center(".labels .service[title^='ledger']")
    x = chromium.run("(() => { const box = scene.getBoundingClientRect(); return box.x + box.width / 2; })()")
    chromium.click_at(x, y)
    assert details(chromium) == place
    chromium.click("#details header button")
    assert details(chromium) is None


def messages(bundle, fate):
    """Messages of users that met this fate, each the place of its sending and of its end."""
    sent = {}
    for place, event in enumerate(bundle["events"]):
        if event["what"] != "crossing" or not event["request_id"]:
            continue
        key = (event["call"], event["leg"], event["from"], event["to"])
        if event["fate"] == "sent":
            sent[key] = place
        elif event["fate"] == fate and key in sent:
            yield sent[key], place


def spot(chromium, bundle, at, name):
    """Where a moment is on a lane, in the window of the browser."""
    first, last = window(chromium, bundle)
    left, width, y = chromium.run(
        f"(() => {{ const label = document.querySelector(\".labels [title='{name}']\").getBoundingClientRect();"
        " const box = scene.getBoundingClientRect(); return [box.x, box.width, label.y + label.height / 2]; })()"
    )
    return left + (at - first) / (last - first) * width, y


def colour(chromium, x, y, reach=6):
    """The brightest colour around a spot, by the name of that of the page's which is nearest to it."""
    dots = chromium.run(
        f"(() => {{ const box = scene.getBoundingClientRect(), x = {x} - box.x - {reach}, y = {y} - box.y - {reach};"
        f" return [...scene.getContext('2d').getImageData(x, y, {2 * reach}, {2 * reach}).data]; }})()"
    )
    brightest = max(zip(dots[::4], dots[1::4], dots[2::4]), key=lambda dot: max(dot) - min(dot))
    known = chromium.run(
        f"Object.fromEntries({json.dumps([*FATES, 'fault'])}.map((name) =>"
        " [name, getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim()]))"
    )
    far = lambda name: sum((a - b) ** 2 for a, b in zip(bytes.fromhex(known[name][1:]), brightest))
    return min(known, key=far)


@pytest.mark.parametrize("fate", FATES)
def test_an_arrow_has_the_colour_of_its_fate_and_a_click_on_it_says_what_became_of_the_message(desk, bundle, fate):
    sent, place = next(messages(bundle, fate))
    begin, event = bundle["events"][sent], bundle["events"][place]
    margin = max(2 * (event["at"] - begin["at"]), 1_000_000)
    view = f"view={begin['at'] - margin}-{event['at'] + margin}"
    chromium = desk(f"#filter=request:{event['request_id']}&show=trouble&{view}")
    chromium.center("#scene")
    ends = spot(chromium, bundle, begin["at"], event["from"]), spot(chromium, bundle, event["at"], event["to"])
    x, y = (sum(ways) / 2 for ways in zip(*ends))
    assert colour(chromium, x, y) == fate
    said = f"{event['leg']} {FATES[fate]}"
    chromium.mouse("mouseMoved", x, y)
    assert chromium.run("document.querySelector('#tip').innerText").endswith(said)
    chromium.click_at(x, y)
    assert details(chromium) == place
    assert said in chromium.run("document.querySelector('#details h3').innerText")


def test_a_click_on_a_band_says_which_fault_it_is(desk, bundle):
    turns = {event["state"]: place for place, event in enumerate(bundle["events"]) if event.get("fault") == "cut"}
    begin, end = (bundle["events"][turns[state]]["at"] for state in ("fired", "reverted"))
    chromium = desk("#show=none")
    chromium.center("#scene")
    x, y = spot(chromium, bundle, (begin + end) / 2, "cut")
    assert colour(chromium, x, y) == "fault"
    chromium.click_at(*spot(chromium, bundle, end + (end - begin), "cut"))
    assert details(chromium) is None
    chromium.click_at(x, y)
    assert details(chromium) == turns["fired"]
    assert "Fault cut fires" in chromium.run("document.querySelector('#details h3').innerText")


def test_the_wheel_zooms_and_the_hand_moves(desk, bundle):
    chromium = desk("#" + around(bundle, committed(bundle)[0]))
    before = window(chromium, bundle)
    x, y = chromium.center("#scene")
    chromium.mouse("mouseWheel", x, y, deltaX=0, deltaY=-100, modifiers=2)
    chromium.settle()
    closer = window(chromium, bundle)
    assert closer[1] - closer[0] < before[1] - before[0]
    chromium.mouse("mousePressed", x, y, button="left", buttons=1, clickCount=1)
    chromium.mouse("mouseMoved", x - 200, y, button="left", buttons=1)
    chromium.mouse("mouseReleased", x - 200, y, button="left", clickCount=1)
    chromium.settle()
    later = window(chromium, bundle)
    assert later[0] > closer[0]
    assert abs((later[1] - later[0]) - (closer[1] - closer[0])) <= 2
    assert details(chromium) is None


def test_two_fingers_zoom(chromium, page, bundle):
    end = "#" + around(bundle, committed(bundle)[0])
    chromium.show(page.as_uri() + end, 390, 844, touch=True)
    before = window(chromium, bundle)
    x, y = chromium.center("#scene")
    for kind, apart in (("touchStart", 20), ("touchMove", 50), ("touchMove", 90)):
        points = [{"x": x - apart, "y": y, "id": 0}, {"x": x + apart, "y": y, "id": 1}]
        chromium.call("Input.dispatchTouchEvent", type=kind, touchPoints=points)
    chromium.call("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])
    chromium.settle()
    after = window(chromium, bundle)
    assert after[1] - after[0] < before[1] - before[0]


def test_keys_move_zoom_and_select(desk, bundle):
    chromium = desk()
    chromium.run("document.querySelector('#picture').focus()")
    chromium.press("+", "+")
    closer = window(chromium, bundle)
    assert closer[1] - closer[0] < bundle["virtual_ns"]
    chromium.press("ArrowRight")
    assert window(chromium, bundle)[0] > closer[0]
    chromium.press("w", "w")
    assert details(chromium) == witnesses(bundle)[0]
    chromium.press("n", "n")
    assert details(chromium) == witnesses(bundle)[0] + 1
    chromium.press("Escape")
    assert details(chromium) is None
    chromium.press("0", "0")
    assert "view" not in chromium.run("location.hash")


def test_the_replay_line_is_copied(desk):
    chromium = desk()
    chromium.click("#copy")
    chromium.wait("document.querySelector('#copy').innerText === 'Copied'")


def colours(chromium):
    """How many colours the picture has: a blank one has one."""
    return chromium.run(
        "(() => { const all = scene.getContext('2d').getImageData(0, 0, scene.width, scene.height).data;"
        " return new Set(new Uint32Array(all.buffer)).size; })()"
    )


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", [(390, 844), (1440, 900)], ids=["phone", "desk"])
def test_it_fits_and_draws(desk, size, dark):
    width, height = size
    chromium = desk(width=width, height=height, dark=dark, touch=width < 500)
    assert chromium.run("document.documentElement.scrollWidth") <= width
    assert colours(chromium) > 20
    paper = chromium.run("getComputedStyle(document.body).backgroundColor")
    assert (sum(map(int, re.findall(r"\d+", paper))) < 384) == dark


def test_on_a_phone_the_details_do_not_hide_what_they_tell_of(chromium, page, bundle):
    chromium.show(page.as_uri(), 390, 844, touch=True)
    chromium.click(f"[data-witness='{witnesses(bundle)[0]}']")
    lane = chromium.run("document.querySelector(\".labels .service[title^='ledger']\").getBoundingClientRect().bottom")
    assert lane <= chromium.run("document.querySelector('#details').getBoundingClientRect().top")


def test_names_are_text_and_nothing_else(chromium, page, bundle, tmp_path):
    name = "</script><img src=x onerror=\"document.title='broken'\"> & \u2028 <b>"
    events = [dict(event) for event in bundle["events"]]
    for event in events:
        if event["what"] == "fault":
            event["fault"] = name
        if event["what"] == "crossing":
            event["from"] = name
    hostile = bundle | {"scenario": {"name": name, "about": name, "yaml": name}, "events": events}
    chromium.show(with_bundle(page, hostile, tmp_path).as_uri())
    assert chromium.run("document.querySelector('h1').textContent") == name
    assert chromium.run("document.querySelectorAll('img, h1 b').length") == 0
    assert chromium.run("document.title") != "broken"
    assert chromium.faults == []


def test_a_run_in_which_nothing_happened_is_shown(chromium, page, bundle, tmp_path):
    quiet = bundle | {"events": [], "faults": [], "verdicts": [], "result": "pass", "reason": None}
    chromium.show(with_bundle(page, quiet | {"virtual_ns": 0}, tmp_path).as_uri())
    assert rows(chromium) == []
    assert chromium.run("document.querySelector('#result').innerText") == "✓ pass"
    chromium.click("#zoom-in")
    assert chromium.faults == []


def test_why_a_run_failed_is_said_when_no_rule_says_it(chromium, page, bundle, tmp_path):
    stuck = bundle | {"verdicts": [], "reason": "deadlock: nothing is ready and no timer is set"}
    chromium.show(with_bundle(page, stuck, tmp_path).as_uri())
    assert chromium.run("document.querySelector('#reason').innerText") == stuck["reason"]


def test_a_long_run_is_drawn_at_once(chromium, page, bundle, tmp_path):
    events, turn = [], 0
    while len(events) < EVENTS_MANY:
        for event in bundle["events"]:
            moved = dict(event, at=event["at"] + turn * bundle["virtual_ns"])
            for name, step in (("operation", 100_000), ("call", 1_000_000)):
                if name in moved:
                    moved[name] += turn * step
            if moved.get("request_id"):
                moved["request_id"] += f"-{turn}"
            events.append(moved)
        turn += 1
    long = bundle | {"events": events, "virtual_ns": turn * bundle["virtual_ns"]}
    chromium.show(with_bundle(page, long, tmp_path).as_uri())
    assert len(rows(chromium)) <= 200
    chromium.click("#zoom-in")
    begin = time.monotonic()
    for _ in range(10):
        chromium.run("document.querySelector('#zoom-out').click()")
        chromium.settle()
        chromium.run("document.querySelector('#zoom-in').click()")
        chromium.settle()
    assert (time.monotonic() - begin) / 20 < REDRAW_SECONDS_MAX
    assert chromium.faults == []
