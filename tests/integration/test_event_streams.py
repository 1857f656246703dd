"""Events of a failover, and of a replica's death: what the original publishes in the same run is the contract.

Payloads are compared whole, after addresses and run ids are replaced by the parts that they play. What is left out
depends on timing in the original too: the moment when a state is over, and what an observer sees by itself of a
failover that it also hears about. What is told differently on purpose is a table of docs/COMPATIBILITY.md.
"""

import re

import pytest

from harness.cluster import NAME, Cluster
from harness.deviations import listed_in_compatibility
from harness.sentinel import Kind
from harness.waiting import await_that

OF_A_MOMENT = {"-odown", "-sdown"}
SEEN_BY_CHANCE = OF_A_MOMENT | {"+odown", "-role-change", "+role-change", "+convert-to-slave"}
FROM_A_PEER = re.compile(r"^\+config-update-from sentinel (LEADER|OBSERVER)-ID \1 port")
LOG_LINE = re.compile(r"^\d+:X \d\d \w{3} \d{4} \d\d:\d\d:\d\d\.\d{3} [.*#-] (?P<text>.*)$")


class Recording:
    """One failover of a cluster whose first sentinel leads it, as everyone's events."""

    def __init__(self, world, kinds, order):
        self.cluster = Cluster(world, kinds, candidate=0).start()
        self.old = self.cluster.primary
        order(self.cluster)
        self.cluster.await_new_primary()
        self.cluster.await_agreement()
        self.leader, *self.observers = self.cluster.sentinels
        for sentinel in self.cluster.sentinels:
            await_that(lambda: len(self._after_switch(sentinel)) >= 2, 10, f"{sentinel.name} names the replicas anew")

    @staticmethod
    def _after_switch(sentinel):
        events = sentinel.events.since()
        switched = next(i for i, event in enumerate(events) if event.name == "+switch-master")
        return [event for event in events[switched:] if event.name == "+slave"]

    def sequence(self, sentinel, without):
        """From the first event of the failover to the last `+slave` after it, as lines of text."""
        names = {"+sdown", "+new-epoch", "+try-failover"}
        events = sentinel.events.since()
        first = next(i for i, event in enumerate(events) if event.name in names)
        last = events.index(self._after_switch(sentinel)[1])
        told = [event for event in events[first : last + 1] if event.name not in without]
        return [f"{event.name} {self._anonymous(event.payload)}" for event in told]

    def _anonymous(self, payload):
        new = self.cluster.primary
        parts = {server.port: "OTHER" for server in self.cluster.servers}
        parts |= {self.old.port: "OLD", new.port: "NEW"}
        parts |= {sentinel.port: "OBSERVER" for sentinel in self.observers} | {self.leader.port: "LEADER"}
        for port, part in parts.items():
            payload = re.sub(rf"127\.0\.0\.1([: ]){port}\b", rf"{part}\1port", payload)
        for sentinel in self.cluster.sentinels:
            payload = payload.replace(sentinel.id(), "LEADER-ID" if sentinel is self.leader else "OBSERVER-ID")
        return re.sub(r"#quorum \d/", "#quorum n/", payload)


def listed_for(situation):
    """The events that the table names for it."""
    rows = listed_in_compatibility("### Events that are told differently")
    return {event for event, where in rows if where == situation}


def kill_primary(cluster):
    cluster.primary.kill()


def order_failover(cluster):
    cluster.sentinels[0].call("SENTINEL", "FAILOVER", NAME)


SITUATIONS = {kill_primary: "the primary died", order_failover: "`SENTINEL FAILOVER`"}


@pytest.fixture(scope="module", params=SITUATIONS, ids=["automatic", "manual"])
def order(request):
    return request.param


@pytest.fixture(scope="module")
def reference(module_world, order):
    return Recording(module_world, [Kind.STOCK] * 3, order)


@pytest.fixture(scope="module")
def led_by_subject(module_world, subject, order):
    return Recording(module_world, [subject, subject, Kind.STOCK], order)


@pytest.fixture(scope="module")
def led_by_stock(module_world, subject, order):
    return Recording(module_world, [Kind.STOCK, subject, subject], order)


def of_the_failover(sequence):
    """Without what another sentinel does with the old primary as soon as it has heard of the new one."""
    return [line for line in sequence if not line.startswith("-role-change master")]


def ordered(sequence):
    """The `+slave` lines after the switch come in any order."""
    split = next(i for i, line in enumerate(sequence) if line.startswith("+switch-master")) + 1
    return sequence[:split] + sorted(sequence[split:])


def test_the_leader_tells_the_same_story_as_the_original(reference, led_by_subject):
    expected = reference.sequence(reference.leader, OF_A_MOMENT)
    ours = led_by_subject.sequence(led_by_subject.leader, OF_A_MOMENT)
    ours = of_the_failover(ours)
    assert ordered(ours) == ordered(of_the_failover(expected))


def test_the_leader_leaves_nothing_out(led_by_subject):
    """The contract, spelt out: independent of what the reference did in this run."""
    expected = [
        "+new-epoch 1",
        f"+try-failover master {NAME} OLD port",
        "+vote-for-leader LEADER-ID 1",
        f"+elected-leader master {NAME} OLD port",
        f"+failover-state-select-slave master {NAME} OLD port",
        f"+selected-slave slave NEW:port NEW port @ {NAME} OLD port",
        f"+failover-state-send-slaveof-noone slave NEW:port NEW port @ {NAME} OLD port",
        f"+failover-state-wait-promotion slave NEW:port NEW port @ {NAME} OLD port",
        f"+promoted-slave slave NEW:port NEW port @ {NAME} OLD port",
        f"+failover-state-reconf-slaves master {NAME} OLD port",
        f"+slave-reconf-sent slave OTHER:port OTHER port @ {NAME} OLD port",
        f"+slave-reconf-inprog slave OTHER:port OTHER port @ {NAME} OLD port",
        f"+slave-reconf-done slave OTHER:port OTHER port @ {NAME} OLD port",
        f"+failover-end master {NAME} OLD port",
        f"+switch-master {NAME} OLD port NEW port",
    ]
    told = iter(led_by_subject.sequence(led_by_subject.leader, OF_A_MOMENT))
    missing = [line for line in expected if line not in told]
    assert not missing, f"missing or out of order: {missing}"


@pytest.mark.parametrize("led", ["led_by_subject", "led_by_stock"])
def test_an_observer_hears_the_same_story_as_the_original(request, reference, subject, led, order):
    recording = request.getfixturevalue(led)
    ignored = SEEN_BY_CHANCE | listed_for(SITUATIONS[order])
    stories = [reference.sequence(observer, ignored) for observer in reference.observers]
    for observer in recording.observers:
        if observer.kind is subject:
            ours = recording.sequence(observer, ignored)
            assert comparable(ours) in [comparable(story) for story in stories]


@pytest.mark.vedette_only("it does not differ from itself")
def test_what_is_listed_is_still_told_differently(reference, led_by_subject, order):
    def told_to_observers(recording):
        observers = [sentinel for sentinel in recording.observers if sentinel.kind is recording.leader.kind]
        lines = [line for observer in observers for line in recording.sequence(observer, SEEN_BY_CHANCE | {"+sdown"})]
        return {line.split()[0] for line in lines}

    differing = told_to_observers(led_by_subject) ^ told_to_observers(reference)
    assert differing == listed_for(SITUATIONS[order])


def comparable(sequence):
    """An observer may be asked for its vote before it sees the primary down by itself, or after.

    And it hears of the new primary from whichever peer is the first to say hello: the leader, or the other observer,
    who may have heard of it a moment before.
    """
    told = [FROM_A_PEER.sub("+config-update-from sentinel PEER-ID PEER port", line) for line in sequence]
    down = [line for line in told if line.startswith("+sdown master")]
    return down, ordered([line for line in told if line not in down])


def test_every_event_is_in_the_log_too(led_by_subject):
    for sentinel in led_by_subject.cluster.sentinels:
        lines = [LOG_LINE.match(line) for line in sentinel.log_of_this_run().splitlines()]
        logged = {line["text"] for line in lines if line}
        quiet = {"-role-change", "+role-change"}  # below the default loglevel
        for event in sentinel.events.since():
            if event.name not in quiet:
                assert f"{event.name} {event.payload}" in logged


def test_the_switch_is_told_when_the_new_address_is_answered(led_by_subject):
    """A client that hears `+switch-master` and asks gets the new address: by then every sentinel has told it."""
    for sentinel in led_by_subject.cluster.sentinels:
        (event,) = sentinel.events.matching("+switch-master")
        old, new = led_by_subject.old, led_by_subject.cluster.primary
        assert event.payload == f"{NAME} {old.host} {old.port} {new.host} {new.port}"


# --- A replica ---


@pytest.fixture(scope="module")
def of_a_replica(module_world, subject):
    """What both kinds tell of one replica: it hangs and comes to, and is then killed and started."""
    cluster = Cluster(module_world, [subject, Kind.STOCK]).start()
    replica = cluster.replicas[0]
    marks = [sentinel.events.mark() for sentinel in cluster.sentinels]

    def await_all(name, since=marks):
        for sentinel, mark in zip(cluster.sentinels, since):
            sentinel.events.await_event(name, "^slave ", mark)

    replica.pause()
    await_all("+sdown")
    replica.resume()
    await_all("-sdown")
    after = [sentinel.events.mark() for sentinel in cluster.sentinels]
    replica.kill()
    await_all("+sdown", after)
    replica.start()
    await_all("-sdown", after)
    await_all("+reboot", after)
    cluster.await_agreement()
    return [sentinel.events.since(mark) for sentinel, mark in zip(cluster.sentinels, marks)]


def test_a_replica_that_hangs_or_dies_is_told_alike(of_a_replica):
    """`-sdown` comes with the first PONG in ours, and at the next tick in the original: after `+reboot`, perhaps."""
    ours, stock = (
        [(event.name, event.payload) for event in events if event.name not in SEEN_BY_CHANCE] for events in of_a_replica
    )
    assert [name for name, _ in ours] == ["+sdown", "+sdown", "+reboot"]
    assert ours == stock


def test_the_end_of_its_death_is_told_alike(of_a_replica):
    ours, stock = ([event.payload for event in events if event.name == "-sdown"] for events in of_a_replica)
    assert len(ours) == 2
    assert ours == stock
