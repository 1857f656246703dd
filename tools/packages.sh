# shellcheck shell=bash disable=SC2034
# Which Debian packages the project needs, and how they get onto the machine. Sourced by ./dev.
#
# Installing redis-server on Debian starts a server and has it start at every boot. Nobody who only wants to build this
# project asked for that, so both are prevented here. Machines that already have the packages are left alone.

readonly packages_build=(g++ cmake ninja-build ccache mold libboost1.81-dev libfmt-dev libspdlog-dev libcli11-dev
  libgtest-dev libgmock-dev librapidcheck-dev libhiredis-dev)
readonly packages_run=(redis-server redis-tools)
readonly packages_test=(redis-sentinel python3 python3-pytest python3-redis iproute2 procps)
readonly packages_check=(clang clang-format clang-tidy libclang-rt-14-dev)

readonly policy_file=/usr/sbin/policy-rc.d
readonly policy_mark='# Made by the dev script of Vedette while it installs packages; safe to delete.'

missing_packages() { # NAME...
  local name
  for name in "$@"; do
    [[ $(dpkg-query --show --showformat='${db:Status-Status}' "$name" 2>/dev/null) == installed ]] || echo "$name"
  done
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
  for name in redis-server redis-sentinel; do
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
