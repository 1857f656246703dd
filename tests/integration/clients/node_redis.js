// The `redis` of npm follows a failover. README.md says what each step is.

const { readFileSync } = require("fs");
const { createClient, createSentinel } = require("redis");
const { NAME: name, KEY: key, SENTINELS, SENTINEL_PASSWORD, SERVER_PASSWORD, CA_FILE } = process.env;

const sentinels = SENTINELS.split(" ").map((text) => ({ host: text.split(":")[0], port: Number(text.split(":")[1]) }));
const tls = CA_FILE && { tls: true, ca: readFileSync(CA_FILE) };
const pauseMillis = 50;

const say = (step, what) => console.log(JSON.stringify({ step, ...what }));

async function until(condition) {
  while (!(await condition().catch(() => false))) {
    await new Promise((resolve) => setTimeout(resolve, pauseMillis));
  }
}

async function main() {
  const client = createSentinel({
    name,
    sentinelRootNodes: sentinels,
    sentinelClientOptions: { password: SENTINEL_PASSWORD, socket: tls },
    nodeClientOptions: { password: SERVER_PASSWORD, socket: tls },
    replicaPoolSize: 1, // commands that only read go to replicas
  });
  client.on("error", () => {}); // it goes on trying, which is what is to be seen
  await client.connect();
  const primary = client.getMasterNode();
  say("discovered", { primary: `${primary.host}:${primary.port}` });

  await until(() => client.set(key, "before"));
  say("wrote", { value: "before" });

  const replicas = [...client.getReplicaNodes().keys()];
  say("replicas", { addresses: replicas.map((node) => `${node.host}:${node.port}`) });

  await until(async () => (await client.get(key)) === "before");
  const [role] = await client.sendCommand(true, ["ROLE"]);
  say("read", { value: "before", role });

  const subscriber = createClient({ socket: { ...sentinels.at(-1), ...tls }, password: SENTINEL_PASSWORD });
  await subscriber.connect();
  const told = new Promise((resolve) => subscriber.subscribe("+switch-master", resolve).then(() => say("subscribed")));
  say("switched", { message: await told });

  await until(() => client.set(key, "after"));
  say("wrote", { value: "after" });
  process.exit();
}

main();
