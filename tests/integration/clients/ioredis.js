// ioredis follows a failover. README.md says what each step is.

const { readFileSync } = require("fs");
const Redis = require("ioredis");
const { NAME: name, KEY: key, SENTINELS, SENTINEL_PASSWORD, SERVER_PASSWORD, CA_FILE } = process.env;

const sentinels = SENTINELS.split(" ").map((text) => ({ host: text.split(":")[0], port: Number(text.split(":")[1]) }));
const tls = CA_FILE && { ca: readFileSync(CA_FILE) };
const options = {
  sentinels,
  name,
  sentinelPassword: SENTINEL_PASSWORD,
  password: SERVER_PASSWORD,
  ...(tls && { tls, sentinelTLS: tls, enableTLSForSentinelMode: true }),
};
const pauseMillis = 50;

const say = (step, what) => console.log(JSON.stringify({ step, ...what }));

function connect(options) {
  const client = new Redis(options);
  client.on("error", () => {}); // it goes on trying, which is what is to be seen
  return client;
}

async function until(condition) {
  while (!(await condition().catch(() => false))) {
    await new Promise((resolve) => setTimeout(resolve, pauseMillis));
  }
}

async function main() {
  const primary = connect(options);
  await primary.ping();
  say("discovered", { primary: `${primary.stream.remoteAddress}:${primary.stream.remotePort}` });

  await until(() => primary.set(key, "before"));
  say("wrote", { value: "before" });

  const sentinel = connect({ ...sentinels.at(-1), password: SENTINEL_PASSWORD, tls });
  const replicas = await sentinel.call("SENTINEL", "REPLICAS", name);
  say("replicas", { addresses: replicas.map((fields) => fields[fields.indexOf("name") + 1]) });

  const replica = connect({ ...options, role: "slave" });
  await until(async () => (await replica.get(key)) === "before");
  say("read", { value: "before", role: (await replica.role())[0] });

  const told = new Promise((resolve) => sentinel.on("message", (channel, message) => resolve(message)));
  await sentinel.subscribe("+switch-master");
  say("subscribed");
  say("switched", { message: await told });

  await until(() => primary.set(key, "after"));
  say("wrote", { value: "after" });
  process.exit();
}

main();
