<?php
// The PHP extension "redis" follows a failover. README.md says what each step is.
// It asks sentinels by RedisSentinel, which knows no passwords in this version; the rest is up to its user.

$authority = getenv('CA_FILE');
if ($authority) {
    putenv("SSL_CERT_FILE=$authority"); // RedisSentinel takes no context that would name it
}
define('SCHEME', $authority ? 'tls://' : '');
const PAUSE_MICROS = 50000;

function say(string $step, array $what = []): void
{
    echo json_encode(['step' => $step] + $what), "\n";
}

function until(callable $condition): void
{
    while (true) {
        try {
            if ($condition()) {
                return;
            }
        } catch (RedisException $error) {
            // not yet
        }
        usleep(PAUSE_MICROS);
    }
}

function ask(callable $question)
{
    foreach (explode(' ', getenv('SENTINELS')) as $address) {
        try {
            [$host, $port] = explode(':', $address);
            return $question(new RedisSentinel(SCHEME . $host, (int) $port, 2));
        } catch (RedisException $error) {
            // the next one
        }
    }
    throw new RedisException('no sentinel answers');
}

function connect(string $host, int $port): Redis
{
    $redis = new Redis();
    $redis->connect(SCHEME . $host, $port, 2);
    return $redis;
}

function write(string $value): bool
{
    [$host, $port] = ask(fn ($sentinel) => $sentinel->getMasterAddrByName(getenv('NAME')));
    return connect($host, (int) $port)->set(getenv('KEY'), $value);
}

say('discovered', ['primary' => implode(':', ask(fn ($sentinel) => $sentinel->getMasterAddrByName(getenv('NAME'))))]);

until(fn () => write('before'));
say('wrote', ['value' => 'before']);

$replicas = ask(fn ($sentinel) => $sentinel->slaves(getenv('NAME')));
say('replicas', ['addresses' => array_column($replicas, 'name')]);

$replica = connect($replicas[0]['ip'], (int) $replicas[0]['port']);
until(fn () => $replica->get(getenv('KEY')) === 'before');
say('read', ['value' => 'before', 'role' => $replica->rawCommand('ROLE')[0]]);

$addresses = explode(' ', getenv('SENTINELS'));
[$host, $port] = explode(':', end($addresses));
$subscriber = connect($host, (int) $port);
$subscriber->setOption(Redis::OPT_READ_TIMEOUT, -1);
say('subscribed'); // the call does not return, and tells of nothing but messages
try {
    $subscriber->subscribe(['+switch-master'], function ($redis, $channel, $message) {
        say('switched', ['message' => $message]);
        $redis->close();
    });
} catch (RedisException $error) {
    // there is no other way out
}

until(fn () => write('after'));
say('wrote', ['value' => 'after']);
