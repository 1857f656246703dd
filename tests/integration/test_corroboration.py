"""`sentinel corroborate-with-replicas`: a primary that only we do not hear is not down.

The primary is taken away from the sentinels alone by a password: its replicas stay connected.
"""

import pytest

from harness.cluster import NAME, Cluster
from harness.waiting import await_that, holds_for

OPTION = "corroborate-with-replicas"


def shut_out_sentinels(primary):
    with primary.connect() as connection:
        connection.call("CONFIG", "SET", "requirepass", "secret")
        connection.call("CLIENT", "KILL", "TYPE", "pubsub")
        connection.call("CLIENT", "KILL", "TYPE", "normal")


def test_without_it_the_primary_is_down(world, subject):
    cluster = Cluster(world, [subject] * 3, quorum=4).start()
    shut_out_sentinels(cluster.primary)
    for sentinel in cluster.sentinels:
        sentinel.events.await_event("+sdown", f"^master {NAME} ")


@pytest.mark.vedette_only("it has no such option")
def test_the_replicas_hold_it_back_until_the_primary_dies(world, subject):
    cluster = Cluster(world, [subject] * 3, options={OPTION: "yes"}).start()
    shut_out_sentinels(cluster.primary)
    for sentinel in cluster.sentinels:
        sentinel.await_log("is silent, but most of its replicas hear from it")
        assert sentinel.explain()["situation"] == "held-back"
        assert "but 2 of its 2 replicas hear from it" in sentinel.explain()["why"]
    holds_for(lambda: all(s.primary()["flags"] == "master" for s in cluster.sentinels), 2, "nobody finds it down")

    cluster.primary.kill()
    cluster.await_new_primary(seconds=10)
    cluster.await_agreement()


@pytest.mark.vedette_only("it has no such option")
def test_it_can_be_set_and_is_saved(sentinel, primary):
    assert sentinel.call("SENTINEL", "SET", NAME, OPTION, "yes") == "OK"
    sentinel.events.await_event("+set", f"^master {NAME} 127.0.0.1 {primary.port} {OPTION} yes$")
    sentinel.restart()
    assert sentinel.saved_conf().one("sentinel", OPTION, NAME) == "yes"
    assert sentinel.reply_to("SENTINEL", "SET", NAME, OPTION, "maybe").startswith("ERR Invalid argument 'maybe'")
