# shellcheck shell=bash disable=SC2034,SC2154
# Shell functions shared by tools/quickstart, tools/test and .ci/run: they
# install what is missing from the Debian archive and say so first. Sourced
# with `set -euo pipefail` in force; the caller sets `root` to the checkout.

# What a build needs. bazel-bootstrap is Bazel 4.2.3; the bazel-* packages are
# rule sets it would otherwise fetch.
readonly BUILD_PACKAGES=(
  bazel-bootstrap bazel-rules-java bazel-rules-proto bazel-skylib bazel-platforms
  g++ git python3 publicsuffix ca-certificates openssl xz-utils libcurl4-openssl-dev
  libc-ares-dev
)
# What the tests run besides: a real server, a real client, real interceptors, a
# resolver, a firewall, namespaces to put them in, symbol listings, a judge of
# JSON schemas, a browser, servers of mail, chat, directories and databases,
# shells to complete in, a judge of manual pages, what tells proxies who is there.
readonly TEST_PACKAGES=(
  nginx curl mitmproxy squid-openssl sslsplit privoxy haproxy dnsmasq-base
  iptables iproute2 util-linux procps binutils python3-jsonschema chromium
  python3-prometheus-client python3-yaml
  exim4-daemon-light dovecot-imapd dovecot-pop3d prosody slapd postgresql-15
  bash-completion zsh fish mandoc bsdextrautils bsdutils
  winbind samba-common-bin krb5-kdc krb5-admin-server krb5-user microsocks
  gss-ntlmssp
)
# The services of Debian's that come with those.
readonly TEST_SERVICES=(
  nginx squid privoxy haproxy exim4 dovecot prosody slapd postgresql
  winbind krb5-kdc krb5-admin-server
)
# What tools/dev/check_package needs besides: a judge of packages, an OpenSSL to
# be in one program with.
readonly PACKAGE_PACKAGES=(dpkg-dev lintian pkg-config libssl-dev man-db mount)
# What the checks of the source need: formatting, layers, sanitizers, fuzzing,
# the count of instructions.
readonly LINT_PACKAGES=(clang clang-format libclang-rt-14-dev valgrind)

say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }

# fail MESSAGE NEXT: says what went wrong and what to do about it, and ends.
fail() {
  say "$1"
  say "next: $2"
  exit 1
}

# as_root CMD...: runs CMD as root, by sudo if need be.
as_root() {
  if [[ $(id -u) -eq 0 ]]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    fail "installing packages needs root, and sudo is not installed" \
      "as root: apt-get install --no-install-recommends ${missing[*]}"
  fi
}

installed() {
  [[ $(dpkg-query -W -f='${db:Status-Abbrev}' "$1" 2>/dev/null) == ii* ]]
}

# install_packages PACKAGE...: installs those that are missing, and starts no service.
install_packages() {
  missing=()
  local package
  for package in "$@"; do
    installed "$package" || missing+=("$package")
  done
  [[ ${#missing[@]} -eq 0 ]] && return 0
  command -v apt-get >/dev/null ||
    fail "this is no Debian system: apt-get is missing" \
      "see docs/start-here.md for what to install by hand: ${missing[*]}"
  say "installing from the Debian archive: ${missing[*]}"
  as_root apt-get -qq update ||
    fail "apt-get update failed" "check the machine's apt sources and network, then run this again"
  install_quietly "${missing[@]}" ||
    fail "apt-get install failed" \
      "read apt's message above; Debian 12 (bookworm) with its main component is expected"
}

# install_quietly PACKAGE...: apt-get install. A server among the packages
# neither starts now nor at the next boot: the tests start their own.
install_quietly() {
  local policy=/usr/sbin/policy-rc.d made_policy='' status=0
  if [[ ! -e $policy ]]; then
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
    as_root chmod 755 "$policy"
    made_policy=yes
  fi
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -y -q \
    -o Dpkg::Use-Pty=0 install --no-install-recommends "$@" >&2 || status=$?
  [[ -n $made_policy ]] && as_root rm -f "$policy"
  local service
  for service in "${TEST_SERVICES[@]}"; do
    if [[ " $* " == *" $service"[\ -]* && -e /etc/init.d/$service ]]; then
      say "$service was not here before: leaving its service disabled"
      as_root update-rc.d "$service" disable >/dev/null 2>&1 || true
    fi
  done
  return "$status"
}

# run_bazel ARGS...: runs Debian's Bazel in the checkout, returns its status.
run_bazel() {
  local status=0
  (cd "$root" && bazel-4 "$@") || status=$?
  if [[ $status -ne 0 ]]; then
    say "bazel $1 ended with status $status"
    say "next: read the first error above; if it is a download, check that" \
      "apt-get update works here; docs/start-here.md lists other causes"
  fi
  return "$status"
}
