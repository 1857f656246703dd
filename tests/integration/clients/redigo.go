// Redigo, with the package FZambia/sentinel, follows a failover. README.md says what each step is.
package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"os"
	"strings"
	"time"

	"github.com/FZambia/sentinel"
	"github.com/gomodule/redigo/redis"
)

const (
	pause   = 50 * time.Millisecond
	timeout = 2 * time.Second
)

var (
	name, key = os.Getenv("NAME"), os.Getenv("KEY")
	tlsConfig = newTLSConfig()
	addresses = strings.Fields(os.Getenv("SENTINELS"))
	sentinels = &sentinel.Sentinel{
		Addrs:      addresses,
		MasterName: name,
		Dial:       func(address string) (redis.Conn, error) { return dial(address, "SENTINEL_PASSWORD") },
	}
)

type fields map[string]interface{}

func say(step string, what fields) {
	what["step"] = step
	check(json.NewEncoder(os.Stdout).Encode(what))
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func dial(address, password string) (redis.Conn, error) {
	options := []redis.DialOption{redis.DialConnectTimeout(timeout), redis.DialPassword(os.Getenv(password))}
	if tlsConfig != nil {
		options = append(options, redis.DialUseTLS(true), redis.DialTLSConfig(tlsConfig))
	}
	return redis.Dial("tcp", address, options...)
}

// Nil if there is no TLS.
func newTLSConfig() *tls.Config {
	path, given := os.LookupEnv("CA_FILE")
	if !given {
		return nil
	}
	authority, err := os.ReadFile(path)
	check(err)
	trusted := x509.NewCertPool()
	trusted.AppendCertsFromPEM(authority)
	return &tls.Config{RootCAs: trusted}
}

func until(condition func() bool) {
	for !condition() {
		time.Sleep(pause)
	}
}

// A pool whose connections go to the primary of the moment, as the package's documentation recommends.
var primary = &redis.Pool{
	Dial: func() (redis.Conn, error) {
		address, err := sentinels.MasterAddr()
		if err != nil {
			return nil, err
		}
		return dial(address, "SERVER_PASSWORD")
	},
}

func write(value string) {
	until(func() bool {
		connection := primary.Get()
		defer connection.Close()
		_, err := connection.Do("SET", key, value)
		return err == nil
	})
	say("wrote", fields{"value": value})
}

func readFrom(address, value string) {
	replica, err := dial(address, "SERVER_PASSWORD")
	check(err)
	defer replica.Close()
	until(func() bool {
		seen, err := redis.String(replica.Do("GET", key))
		return err == nil && seen == value
	})
	role, err := redis.Values(replica.Do("ROLE"))
	check(err)
	say("read", fields{"value": value, "role": string(role[0].([]byte))})
}

func awaitSwitch() {
	connection, err := dial(addresses[len(addresses)-1], "SENTINEL_PASSWORD")
	check(err)
	subscription := redis.PubSubConn{Conn: connection}
	defer subscription.Close()
	check(subscription.Subscribe("+switch-master"))
	for {
		switch message := subscription.ReceiveWithTimeout(0).(type) {
		case redis.Subscription:
			say("subscribed", fields{})
		case redis.Message:
			say("switched", fields{"message": string(message.Data)})
			return
		case error:
			panic(message)
		}
	}
}

func main() {
	address, err := sentinels.MasterAddr()
	check(err)
	say("discovered", fields{"primary": address})

	write("before")

	replicas, err := sentinels.SlaveAddrs()
	check(err)
	say("replicas", fields{"addresses": replicas})

	readFrom(replicas[0], "before")
	awaitSwitch()
	write("after")
}
