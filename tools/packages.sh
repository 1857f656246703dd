# shellcheck shell=bash disable=SC2034
# Which Debian packages the project needs, and how they get onto the machine. Sourced by ./dev.
#
# Installing a server such as redis-server on Debian starts it and has it start at every boot. Nobody who only wants to
# build this project asked for that, so both are prevented here. Machines that already have the packages are left alone.

readonly packages_build=(g++ cmake ninja-build ccache mold libboost1.81-dev libfmt-dev libcli11-dev
  libssl-dev libc-ares-dev libzstd-dev libgtest-dev libgmock-dev librapidcheck-dev libhiredis-dev)
readonly packages_run=(redis-server redis-tools)
readonly packages_clients=(python3-redis ruby-redis php8.2-cli php-redis php-predis nodejs npm golang-go
  golang-github-fzambia-sentinel-dev golang-github-gomodule-redigo-dev haproxy prometheus-redis-exporter)
readonly packages_test=(redis-sentinel openssl python3 python3-pytest iproute2 procps "${packages_clients[@]}")
readonly packages_check=(clang clang-format clang-tidy libclang-rt-14-dev)

readonly services=(redis-server redis-sentinel haproxy prometheus-redis-exporter)

readonly policy_file=/usr/sbin/policy-rc.d
readonly policy_mark='# Made by the dev script of Vedette while it installs packages; safe to delete.'

missing_packages() { # NAME...
  local name
  for name in "$@"; do
    is_installed "$name" || echo "$name"
  done
}

is_installed() { # NAME
  # Node.js of other origin than Debian's brings npm along, and does not suffer Debian's beside it.
  if [[ $1 == npm ]] && command -v npm >/dev/null; then return; fi
  [[ $(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

as_root() {
  if ((EUID == 0)); then "$@"; else sudo "$@"; fi
}

# While packages are unpacked: a policy that lets no service start, unless the machine has a policy of its own.
forbid_service_starts() {
  if [[ -e $policy_file ]] && ! grep -qxF "$policy_mark" "$policy_file"; then return; fi
  trap allow_service_starts EXIT
  trap 'exit 130' INT TERM
  printf '#!/bin/sh\n%s\nexit 101\n' "$policy_mark" | as_root tee "$policy_file" >/dev/null
  as_root chmod 755 "$policy_file"
}

allow_service_starts() {
  if grep -sqxF "$policy_mark" "$policy_file"; then as_root rm -f "$policy_file"; fi
}

# Installs what is missing of the packages named. What they are for is said by `purpose`.
install_packages() { # PURPOSE NAME...
  local purpose=$1
  shift
  if ! command -v dpkg-query >/dev/null; then
    echo "This is not a Debian system: make sure that it has what these packages of Debian 12 hold: $*" >&2
    return
  fi
  local missing
  mapfile -t missing < <(missing_packages "$@")
  ((${#missing[@]})) || return 0

  echo "Installing Debian packages, needed $purpose:"
  printf '%s\n' "${missing[*]}" | fold -s -w 110 | sed 's/^/  /'
  if ((EUID != 0)) && ! command -v sudo >/dev/null; then
    fail "neither root nor sudo here; as root, run: apt-get install --no-install-recommends ${missing[*]}"
  fi
  (
    forbid_service_starts || exit
    as_root apt-get update -q || echo "apt-get update failed in part; going on with the lists at hand." >&2
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}"
  ) || fail "the packages could not be installed; apt says why above"
  local name
  for name in "${services[@]}"; do
    if [[ " ${missing[*]} " == *" $name "* ]]; then keep_off_at_boot "$name"; fi
  done
}

keep_off_at_boot() { # SERVICE
  if command -v systemctl >/dev/null; then
    as_root systemctl --quiet disable "$1"
  else
    as_root update-rc.d "$1" disable
  fi
  echo "$1 is installed, but not started, now or at boot: it is only used by tests and the demo."
}
