<?php
// Predis follows a failover. README.md says what each step is.

error_reporting(E_ALL & ~E_DEPRECATED); // Debian's version is older than Debian's PHP
require 'Predis/Autoloader.php';
Predis\Autoloader::register();

define('TLS', getenv('CA_FILE') ? ['scheme' => 'tls', 'ssl' => ['cafile' => getenv('CA_FILE')]] : []);
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
        } catch (Predis\PredisException $error) {
            // not yet
        }
        usleep(PAUSE_MICROS);
    }
}

// This version takes the password of a sentinel only from such an object, not from an array or a URL.
function sentinel_parameters(string $address): Predis\Connection\Parameters
{
    [$host, $port] = explode(':', $address);
    $password = getenv('SENTINEL_PASSWORD');
    return new Predis\Connection\Parameters(['host' => $host, 'port' => $port, 'password' => $password] + TLS);
}

function connect(): Predis\Client
{
    global $sentinels, $name;
    $options = ['replication' => 'sentinel', 'service' => $name];
    return new Predis\Client($sentinels, $options + ['parameters' => ['password' => getenv('SERVER_PASSWORD')] + TLS]);
}

$name = getenv('NAME');
$key = getenv('KEY');
$sentinels = array_map('sentinel_parameters', explode(' ', getenv('SENTINELS')));

$primary = connect();
$connection = $primary->getConnection();
say('discovered', ['primary' => (string) $connection->getMaster()]);

until(fn () => $primary->set($key, 'before'));
say('wrote', ['value' => 'before']);

say('replicas', ['addresses' => array_map('strval', array_values($connection->getSlaves()))]);

$reader = connect(); // reads go to replicas until the first write
until(fn () => $reader->get($key) === 'before');
$role = $reader->getConnection()->getCurrent()->executeCommand(new Predis\Command\RawCommand(['ROLE']));
say('read', ['value' => 'before', 'role' => $role[0]]);

$subscription = (new Predis\Client(['read_write_timeout' => 0] + end($sentinels)->toArray()))->pubSubLoop();
$subscription->subscribe('+switch-master');
foreach ($subscription as $message) {
    if ($message->kind === 'subscribe') {
        say('subscribed');
    } elseif ($message->kind === 'message') {
        say('switched', ['message' => $message->payload]);
        break;
    }
}

until(fn () => $primary->set($key, 'after'));
say('wrote', ['value' => 'after']);
