#!/usr/bin/env bash
# A script with redis-cli follows a failover. README.md says what each step is.
set -euo pipefail

read -ra sentinels <<<"$SENTINELS"
tls=(${CA_FILE:+--tls --cacert "$CA_FILE"})

say() { # STEP [MEMBERS]
  echo "{\"step\": \"$1\"${2:+, $2}}"
}

at() { # ADDRESS PASSWORD WORD...
  REDISCLI_AUTH=$2 redis-cli -h "${1%:*}" -p "${1##*:}" "${tls[@]}" "${@:3}" 2>/dev/null
}

# What the first sentinel that answers says.
ask() { # WORD...
  local address
  for address in "${sentinels[@]}"; do
    if at "$address" "${SENTINEL_PASSWORD:-}" SENTINEL "$@"; then return; fi
  done
  return 1
}

primary() { ask GET-MASTER-ADDR-BY-NAME "$NAME" | paste -sd :; }

replicas() { ask REPLICAS "$NAME" | grep -x -A 1 name | grep :; }

write() { # VALUE
  [[ $(at "$(primary)" "${SERVER_PASSWORD:-}" SET "$KEY" "$1") == OK ]]
}

until_true() {
  until "$@"; do sleep 0.05; done
}

say discovered "\"primary\": \"$(primary)\""

until_true write before
say wrote '"value": "before"'

say replicas "\"addresses\": [$(replicas | sed 's/.*/"&"/' | paste -sd ,)]"

replica=$(replicas | head -n 1)
has() { [[ $(at "$replica" "${SERVER_PASSWORD:-}" GET "$KEY") == "$1" ]]; }
until_true has before
say read "\"value\": \"before\", \"role\": \"$(at "$replica" "${SERVER_PASSWORD:-}" ROLE | head -n 1)\""

coproc subscription { at "${sentinels[-1]}" "${SENTINEL_PASSWORD:-}" SUBSCRIBE +switch-master; }
while read -r line <&"${subscription[0]}"; do
  case $line in
    subscribe) say subscribed ;;
    "$NAME "*)
      say switched "\"message\": \"$line\""
      break
      ;;
  esac
done
kill "$subscription_PID"

until_true write after
say wrote '"value": "after"'
