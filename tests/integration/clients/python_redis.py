"""python3-redis follows a failover. README.md says what each step is."""

import json
import os
import time

import redis
from redis.sentinel import MasterNotFoundError, Sentinel

NAME, KEY = os.environ["NAME"], os.environ["KEY"]
PAUSE_SECONDS = 0.05
UNREACHABLE = (redis.ConnectionError, redis.TimeoutError, redis.ReadOnlyError, MasterNotFoundError)

sentinels = [(host, int(port)) for host, port in (text.split(":") for text in os.environ["SENTINELS"].split())]
tls = {"ssl": True, "ssl_ca_certs": os.environ["CA_FILE"]} if "CA_FILE" in os.environ else {}
to_sentinels = {"password": os.environ.get("SENTINEL_PASSWORD"), **tls}
to_servers = {"password": os.environ.get("SERVER_PASSWORD"), **tls}


def say(step, **what):
    print(json.dumps({"step": step, **what}), flush=True)


def until(condition):
    while not condition():
        time.sleep(PAUSE_SECONDS)


def write(value):
    """Whether the write was acknowledged."""
    try:
        return primary.set(KEY, value)
    except UNREACHABLE:
        return False


client = Sentinel(sentinels, sentinel_kwargs=to_sentinels, socket_timeout=2, decode_responses=True, **to_servers)
say("discovered", primary="{}:{}".format(*client.discover_master(NAME)))

primary = client.master_for(NAME)
until(lambda: write("before"))
say("wrote", value="before")

say("replicas", addresses=["{}:{}".format(*address) for address in client.discover_slaves(NAME)])

replica = client.slave_for(NAME)
until(lambda: replica.get(KEY) == "before")
say("read", value="before", role=replica.role()[0])

host, port = sentinels[-1]
with redis.Redis(host, port, decode_responses=True, **to_sentinels).pubsub() as subscription:
    subscription.subscribe("+switch-master")
    for message in subscription.listen():
        if message["type"] == "subscribe":
            say("subscribed")
        else:
            say("switched", message=message["data"])
            break

until(lambda: write("after"))
say("wrote", value="after")
