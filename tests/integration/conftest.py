"""Options, the kinds of sentinels under test, and the report of a failure."""

import signal

import pytest

from harness.cluster import NAME, Cluster
from harness.sentinel import Kind, Sentinel
from harness.sentinel_conf import Monitor
from harness.server import Server
from harness.waiting import await_that
from harness.world import World, open_worlds

STOCK, VEDETTE = Kind.STOCK, Kind.VEDETTE


def pytest_addoption(parser):
    parser.addoption(
        "--stock-only",
        action="store_true",
        help="use redis-sentinel in place of Vedette everywhere: the tests then test themselves",
    )
    parser.addoption(
        "--part",
        default="1/1",
        metavar="I/N",
        help="only the I-th of N parts: to run them side by side, as they mostly wait",
    )


def pytest_configure(config):
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # clean up like after Ctrl-C
    config.addinivalue_line("markers", "vedette_only(reason, run=True): the original does not do this")


def pytest_collection_modifyitems(config, items):
    keep_part(config, items)
    expect_failures_of_the_original(config, items)


def keep_part(config, items):
    """Deals the tests out one by one; those of a module that share what they started stay together."""
    part, parts = map(int, config.getoption("--part").split("/"))
    piles = {}
    for item in items:
        piles.setdefault(item.path if "module_world" in item.fixturenames else item.nodeid, []).append(item)
    kept = [item for number, pile in enumerate(piles.values()) if number % parts == part - 1 for item in pile]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept


def expect_failures_of_the_original(config, items):
    """With --stock-only, what only Vedette does is expected to fail: XPASS shows a claim that is not true."""
    if not config.getoption("--stock-only"):
        return
    for item in items:
        for mark in item.iter_markers("vedette_only"):
            run = mark.kwargs.get("run", True)
            item.add_marker(pytest.mark.xfail(reason=f"the original: {mark.args[0]}", strict=False, run=run))


def pytest_generate_tests(metafunc):
    """`quorum` is each mix of kinds, `led_quorum` each mix with each kind as the leader: (kinds, index of it)."""
    stock_only = metafunc.config.getoption("--stock-only")
    mixes = [[STOCK] * 3] if stock_only else [[VEDETTE, STOCK, STOCK], [VEDETTE, VEDETTE, STOCK], [VEDETTE] * 3]
    if "quorum" in metafunc.fixturenames:
        metafunc.parametrize("quorum", mixes, ids=_mix_id)
    if "led_quorum" in metafunc.fixturenames:
        led = [(kinds, kinds.index(leader)) for kinds in mixes for leader in dict.fromkeys(kinds)]
        metafunc.parametrize("led_quorum", led, ids=lambda case: f"{_mix_id(case[0])}-led-by-{case[0][case[1]].value}")


def _mix_id(kinds):
    return "+".join(f"{kinds.count(kind)}{kind.value}" for kind in dict.fromkeys(kinds))


# --- Fixtures ---


@pytest.fixture(scope="session")
def subject(request):
    """The kind under test."""
    return STOCK if request.config.getoption("--stock-only") else VEDETTE


@pytest.fixture
def world(request):
    yield from _world(request)


@pytest.fixture(scope="module")
def module_world(request):
    yield from _world(request)


def _world(request):
    opened = World(request.node.name.split("[")[0].replace("/", "-").removesuffix(".py"))
    try:
        yield opened
    finally:
        opened.close()


@pytest.fixture
def cluster(world, subject):
    """One primary, two replicas, three sentinels of the kind under test, all found. The first one leads failovers."""
    return Cluster(world, [subject] * 3, candidate=0).start()


@pytest.fixture(scope="module")
def primary(module_world):
    """A primary without replicas, which the tests of a module share."""
    return Server(module_world).start()


@pytest.fixture
def sentinel(world, subject, primary):
    """One of the kind under test that watches `primary` alone and knows it."""
    started = Sentinel(world, subject, [Monitor(NAME, *primary.address, quorum=1)]).start()
    await_that(lambda: started.primary()["runid"], 5, "the primary is known")
    return started


# --- Failures ---


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    report = outcome.get_result()
    if not report.failed:
        return
    for opened in open_worlds():
        opened.failed = True
        report.sections.append(("Files kept in", str(opened.directory)))
        report.sections.extend(opened.log_tails())
