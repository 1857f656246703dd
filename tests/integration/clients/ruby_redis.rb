# ruby-redis follows a failover. README.md says what each step is.

require "json"
require "redis"

NAME, KEY = ENV.fetch("NAME"), ENV.fetch("KEY")
PAUSE_SECONDS = 0.05

TLS = ENV.key?("CA_FILE") ? { ssl: true, ssl_params: { ca_file: ENV["CA_FILE"] } } : {}
SENTINELS = ENV.fetch("SENTINELS").split.map do |text|
  host, port = text.split(":")
  { host: host, port: port.to_i, password: ENV["SENTINEL_PASSWORD"] }.compact
end
OPTIONS = { url: "redis://#{NAME}", sentinels: SENTINELS, password: ENV["SERVER_PASSWORD"], **TLS }.compact

def say(step, **what)
  puts({ step: step, **what }.to_json)
  $stdout.flush
end

def until_true
  sleep PAUSE_SECONDS until begin
    yield
  rescue Redis::BaseConnectionError, Redis::CommandError
    false
  end
end

primary = Redis.new(**OPTIONS, role: :master)
primary.ping
say("discovered", primary: primary.connection[:location])

until_true { primary.set(KEY, "before") }
say("wrote", value: "before")

sentinel = Redis.new(**SENTINELS.last, **TLS)
replicas = sentinel.sentinel("slaves", NAME)
say("replicas", addresses: replicas.map { |fields| fields["name"] })

replica = Redis.new(**OPTIONS, role: :slave)
until_true { replica.get(KEY) == "before" }
say("read", value: "before", role: replica.call("ROLE").first)

sentinel.subscribe("+switch-master") do |on|
  on.subscribe { say("subscribed") }
  on.message do |_, message|
    say("switched", message: message)
    sentinel.unsubscribe
  end
end

until_true { primary.set(KEY, "after") }
say("wrote", value: "after")
