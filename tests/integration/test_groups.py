"""Who belongs to a group: servers of other groups, and of nobody, at addresses of ours.

An address says nothing about who lives there. Pods and containers get addresses that others had, and the original then
merges two groups that have one name, and takes servers away from others.
"""

import time
from functools import partial

import pytest

from harness.cluster import NAME, Cluster, start_clusters, start_together
from harness.sentinel import BRISK, Kind
from harness.server import Server
from harness.waiting import await_that, broken_promises, holds_for

STOCK = Kind.STOCK
OTHER_NAME = "other"
OUR_KEYS, THEIR_KEYS = 20, 500
HOLD_SECONDS = 12


def follow_in_conf(primary):
    return [f"replicaof {primary.host} {primary.port}"]


def lose(cluster, replica):
    """It dies, and all sentinels have seen it."""
    replica.call("CONFIG", "REWRITE")  # it will know whom it followed
    replica.kill()
    for sentinel in cluster.sentinels:
        sentinel.events.await_event("+sdown", f"^slave 127.0.0.1:{replica.port} ")


def agree_on(cluster):
    return all(sentinel.primary_address(cluster.name) == cluster.primary.address for sentinel in cluster.sentinels)


def voters(cluster):
    return [int(sentinel.primary(cluster.name)["num-other-sentinels"]) for sentinel in cluster.sentinels]


def foreign(sentinel, server, event="+foreign-replica"):
    return sentinel.events.matching(event, rf"\b127\.0\.0\.1:{server.port}\b")


def start_two_groups_of_one_name(world, x_kinds, y_kinds, replicas):
    """X, and Y at a greater epoch: whatever Y's sentinels say is news to X's."""
    x, y = Cluster(world, x_kinds, replicas=replicas), Cluster(world, y_kinds, replicas=1)
    start_clusters([x, y])
    y.fail_over()
    x.write_keys(OUR_KEYS)
    y.write_keys(THEIR_KEYS)
    return x, y


# --- Replicas of living groups come up at the addresses of dead replicas ---------------------------------------------


class Taken:
    """What the tests look at after it happened: who took which address, and which promises were broken meanwhile."""

    def __init__(self, world, subject):
        self.x, self.y = start_two_groups_of_one_name(world, [subject] * 3, [subject, STOCK, STOCK], replicas=3)
        self.z = Cluster(world, [subject], replicas=0, quorum=1, name=OTHER_NAME).start()
        self.z.write_keys(THEIR_KEYS)
        self.dead, also_dead, self.survivor = self.x.replicas
        for replica in (self.dead, also_dead):
            lose(self.x, replica)
            self.x.servers.remove(replica)
        self.told = {server: server.orders() for server in (self.x.primary, self.survivor)}
        self.of_y = Server(world, at=self.dead, extra=follow_in_conf(self.y.primary)).start()
        self.of_z = Server(world, at=also_dead).start(replica_of=self.z.primary)
        for newcomer, primary in ((self.of_y, self.y.primary), (self.of_z, self.z.primary)):
            await_that(lambda: newcomer.follows(primary), 5, "it is a replica of another group")
        self.broken = broken_promises({name: partial(holds, self) for name, holds in PROMISES.items()}, HOLD_SECONDS)


PROMISES = {
    "X keeps its primary": lambda taken: agree_on(taken.x) and taken.x.primary.role() == "master",
    "X keeps its keys": lambda taken: {server.key_count() for server in taken.told} == {OUR_KEYS},
    "X keeps its voters": lambda taken: voters(taken.x) == [2, 2, 2],
    "X is told nothing": lambda taken: all(server.orders() == told for server, told in taken.told.items()),
    "Y keeps its primary": lambda taken: agree_on(taken.y) and taken.y.primary.role() == "master",
    "Y keeps its voters": lambda taken: voters(taken.y) == [2, 2, 2],
    "Y keeps the newcomer": lambda taken: taken.of_y.follows(taken.y.primary) and taken.of_y.orders() == 0,
    "Y's data stays": lambda taken: taken.of_y.key_count() == THEIR_KEYS,
    "Z keeps the newcomer": lambda taken: taken.of_z.follows(taken.z.primary) and taken.of_z.orders() == 1,
    "Z's data stays": lambda taken: taken.of_z.key_count() == THEIR_KEYS,
}
KEPT_BY_THE_ORIGINAL = {"Y keeps its primary", "Y keeps the newcomer", "Y's data stays"}
ONE_GROUP = pytest.mark.vedette_only("it takes all for one group")


@pytest.fixture(scope="module")
def taken(module_world, subject):
    return Taken(module_world, subject)


@pytest.mark.parametrize(
    "promise", [pytest.param(name, marks=[ONE_GROUP] * (name not in KEPT_BY_THE_ORIGINAL)) for name in PROMISES]
)
def test_whoever_takes_an_address_of_ours_stays_in_its_own_group(taken, promise):
    assert promise not in taken.broken, f"{promise}: {taken.broken[promise]}"


@pytest.mark.vedette_only("it has no such event")
def test_each_foreign_replica_is_told_once(taken):
    for sentinel in taken.x.sentinels:
        assert [len(foreign(sentinel, newcomer)) for newcomer in (taken.of_y, taken.of_z)] == [1, 1]
        assert "+foreign-replica" in sentinel.log()


@pytest.mark.vedette_only("it lists it")
def test_a_foreign_replica_is_not_listed(taken):
    for sentinel in taken.x.sentinels:
        assert set(sentinel.replicas()) == {taken.survivor.port}
        assert sentinel.primary()["num-slaves"] == "1"


@pytest.mark.vedette_only("it explains nothing")
def test_a_foreign_replica_is_explained(taken):
    for sentinel in taken.x.sentinels:
        explained = str(sentinel.call("SENTINEL", "EXPLAIN", NAME))
        assert taken.of_y.host_and_port in explained
        assert "foreign" in explained


@pytest.mark.vedette_only("there is nothing left to return to")
def test_our_own_replica_is_taken_back_when_it_returns(taken):
    """Y is told to forget the address: the original would go on to call whoever is there its own."""
    taken.of_y.kill()
    await_that(lambda: taken.y.primary.info("replication")["connected_slaves"] == "1", 5, "its primary has seen it")
    for sentinel in taken.y.sentinels:
        sentinel.call("SENTINEL", "RESET", NAME)
    taken.dead.start()
    for sentinel in taken.x.sentinels:
        await_that(lambda: taken.dead.port in sentinel.replicas(), 10, "it is a replica again")
        await_that(lambda: foreign(sentinel, taken.dead, "-foreign-replica"), 5, "and that is told")
    await_that(lambda: taken.dead.follows(taken.x.primary), 5, "it follows")
    assert taken.dead.key_count() == OUR_KEYS


def test_the_original_loses_all_data_of_a_group_of_the_same_name(world):
    x, y = start_two_groups_of_one_name(world, [STOCK] * 3, [STOCK] * 3, replicas=2)
    dead = x.replicas[0]
    lose(x, dead)
    Server(world, at=dead, extra=follow_in_conf(y.primary)).start()
    started = time.monotonic()
    await_that(lambda: x.primary.follows(y.primary) and x.primary.key_count() == THEIR_KEYS, 20, "X is part of Y")
    print(f"the data of X is gone after {time.monotonic() - started:.1f} s")


def test_the_original_takes_replicas_away_from_others(world):
    x = Cluster(world, [STOCK], replicas=1, quorum=1).start()
    x.write_keys(OUR_KEYS)
    (dead,) = x.replicas
    lose(x, dead)
    other = Server(world).start()
    newcomer = Server(world, at=dead, extra=follow_in_conf(other)).start()
    await_that(lambda: newcomer.follows(x.primary), 20, "it is taken")


@pytest.mark.vedette_only("it goes on with six")
def test_sentinels_of_another_group_are_dropped(world, subject):
    """A file from before: all six were one group already. Y is at a greater epoch."""
    x = Cluster(world, [subject] * 3, replicas=1)
    y = Cluster(world, [STOCK] * 3, replicas=1).start()
    y.fail_over()
    for sentinel in x.sentinels:
        for peer in y.sentinels:
            sentinel.add_to_conf(f"sentinel known-sentinel {NAME} {peer.host} {peer.port} {peer.id()}")
    start_together(x.servers)
    x.start_from_servers()
    assert voters(x) == [2, 2, 2]
    for sentinel in x.sentinels:
        for peer in y.sentinels:
            sentinel.events.await_event("+foreign-sentinel", rf"\b{peer.port}\b")
    holds_for(lambda: agree_on(x), 3, "X keeps its primary")


# --- Servers of nobody come up at the addresses of dead replicas -----------------------------------------------------

PATIENT = {**BRISK, "publish-period": 2000}
CONVERT_SECONDS = 8  # four publish periods: what the original waits before it makes a replica of a primary
OPTION = "require-lineage"


def is_untouched(stranger):
    return stranger.orders() == 0 and stranger.key_count() == THEIR_KEYS


class Strangers:
    def __init__(self, world, subject):
        x = Cluster(world, [subject] * 3, replicas=3, pace=PATIENT)
        strict = Cluster(world, [subject], replicas=1, quorum=1, pace=PATIENT)
        start_clusters([x, strict])
        strict.sentinels[0].reply_to("SENTINEL", "SET", NAME, OPTION, "yes")
        for cluster in (x, strict):
            cluster.write_keys(OUR_KEYS)
            for replica in cluster.replicas:
                lose(cluster, replica)
        donor = Server(world).start()
        donor.write_keys(THEIR_KEYS, "their")
        places = (*x.replicas, *strict.replicas)
        self.full, self.empty, self.parent, self.kept = newcomers = [Server(world, at=dead) for dead in places]
        for newcomer in (self.full, self.parent, self.kept):
            newcomer.take_data_of(donor)
        self.x = x
        self.child = Server(world, extra=follow_in_conf(self.parent)).start()
        self.launched_at = time.monotonic()
        start_together(newcomers)
        untouched = {server: partial(is_untouched, server) for server in (self.parent, self.kept)}
        self.broken = broken_promises(untouched, CONVERT_SECONDS + 7)

    def seconds_until(self, server, event):
        """From the launch of all to the first such event about this one, of any sentinel."""
        events = [seen for sentinel in self.x.sentinels for seen in sentinel.events.matching(event, f":{server.port} ")]
        assert events, f"no {event} about {server.name}"
        return min(seen.at for seen in events) - self.launched_at


@pytest.fixture(scope="module")
def strangers(module_world, subject):
    return Strangers(module_world, subject)


@pytest.mark.vedette_only("it waits for four publish periods")
def test_an_empty_server_is_a_replica_at_once(strangers):
    seconds = strangers.seconds_until(strangers.empty, "+convert-to-slave")
    print(f"an empty server is told to follow {seconds:.1f} s after it was launched")
    assert seconds < CONVERT_SECONDS / 2
    await_that(lambda: strangers.empty.follows(strangers.x.primary), 5, "it follows")


@pytest.mark.vedette_only("it has no such event")
def test_a_stranger_with_more_keys_is_announced_before_its_data_goes(strangers):
    announced = strangers.seconds_until(strangers.full, "+foreign-replica")
    turned = strangers.seconds_until(strangers.full, "+convert-to-slave")
    assert announced < turned
    assert turned >= CONVERT_SECONDS
    assert all("ambiguous" in foreign(sentinel, strangers.full)[0].payload for sentinel in strangers.x.sentinels)
    await_that(lambda: strangers.full.follows(strangers.x.primary), 10, "it is turned, as by the original")


@pytest.mark.vedette_only("it looks at the role alone")
def test_a_server_with_a_replica_of_its_own_is_never_turned(strangers):
    assert strangers.parent not in strangers.broken, strangers.broken[strangers.parent]
    assert strangers.child.follows(strangers.parent)


@pytest.mark.vedette_only("it has no such option")
def test_a_stranger_is_never_turned_where_lineage_is_required(strangers):
    assert strangers.kept not in strangers.broken, strangers.broken[strangers.kept]


@pytest.mark.vedette_only("it has no such option")
def test_required_lineage_can_be_set_and_is_saved(sentinel, primary):
    assert sentinel.call("SENTINEL", "SET", NAME, OPTION, "yes") == "OK"
    sentinel.events.await_event("+set", f"^master {NAME} 127.0.0.1 {primary.port} {OPTION} yes$")
    sentinel.restart()
    assert sentinel.saved_conf().one("sentinel", OPTION, NAME) == "yes"
    assert sentinel.reply_to("SENTINEL", "SET", NAME, OPTION, "maybe").startswith("ERR Invalid argument 'maybe'")
