# shellcheck shell=bash
# Functions that the scripts in dev/ share. Source this after `set -euo pipefail`.

# shellcheck disable=SC2034 # used by the scripts that source this
project=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck disable=SC2034
cache=${XDG_CACHE_HOME:-$HOME/.cache}/slotkeeper
# The server images, by their names in dev/cluster/image.
# shellcheck disable=SC2034
servers=(redis-7.0 redis-8.0 redis-8.6 valkey-8.1 valkey-9.1)

say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }
die() {
	say "$@"
	exit 1
}

# step WHAT COMMAND...: runs a command, and prints its start, the elapsed time every half
# minute, and the total time.
step_running='' ticker=''
step() {
	local since=$SECONDS
	step_running=$1
	printf '==> %s\n' "$1" >&2
	tick "$since" &
	ticker=$!
	"${@:2}" # not in a condition: that would turn off `set -e` inside
	stop_ticker
	step_running=''
	printf '    %d s\n' $((SECONDS - since)) >&2
}

tick() { # SINCE
	local never
	exec {never}<> <(:)
	# Not `sleep`: that would outlive this process.
	until read -rt 30 -u "$never"; do
		printf '    ... %d s\n' $((SECONDS - $1)) >&2
	done
}

stop_ticker() {
	[[ -z $ticker ]] || { kill "$ticker" && wait "$ticker"; } 2>/dev/null || true
	ticker=''
}

# A script that has to undo or to print something at its end defines a function
# `cleanup`, which gets the exit status.
finish() {
	local rc=$?
	stop_ticker
	[[ -z $step_running ]] || say "failed: $step_running"
	! declare -F cleanup >/dev/null || cleanup "$rc"
	exit "$rc"
}
trap finish EXIT

is_jdk_25() { # DIRECTORY
	[[ -x $1/bin/javac && -f $1/release ]] && grep -q '^JAVA_VERSION="25[".]' "$1/release"
}

# find_jdk sets JAVA_HOME to a JDK 25: the one it already names, one in a directory
# of the packages, or the one on PATH.
find_jdk() {
	use_jdk || {
		# Debian has it from 14 (forky), Ubuntu from 25.10.
		[[ -z $(apt-cache search --names-only '^openjdk-25-jdk-headless$' 2>/dev/null) ]] || install_packages openjdk-25-jdk-headless
		use_jdk || die "needs a JDK 25, in JAVA_HOME or below /usr/lib/jvm; Eclipse Temurin has it for every system (adoptium.net)"
	}
}

use_jdk() {
	local home
	for home in "${JAVA_HOME:-}" /usr/lib/jvm/*25* "$(readlink -f "$(command -v javac)" 2>/dev/null | sed 's,/bin/javac$,,')"; do
		if is_jdk_25 "$home"; then
			export JAVA_HOME=$home
			PATH=$home/bin:$PATH
			return
		fi
	done
	return 1
}

# need COMMAND PACKAGE: installs the package if the command is missing and apt-get can.
need() {
	command -v "$1" >/dev/null || install_packages "$2"
}

install_packages() { # PACKAGE...
	if ! command -v apt-get >/dev/null || ((EUID != 0)); then
		die "please install: $*"
	fi
	say "installing $*"
	local output
	# A fresh machine or container has no package lists yet.
	output=$(apt_install "$@" 2>&1) || output=$({ apt-get update -q && apt_install "$@"; } 2>&1) || die "$output
please install: $*"
}

apt_install() { DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" </dev/null; }

need_go() { # MINOR
	local minor
	PATH=$PATH:/usr/local/go/bin
	minor=$(go env GOVERSION 2>/dev/null | sed -n 's/^go1\.\([0-9]*\).*/\1/p') || true
	((${minor:-0} >= $1)) || die "needs Go 1.$1 or newer (go.dev/dl) in PATH; found: ${minor:+1.}${minor:-none}"
}

# Debian's Maven depends on an older Java, but runs on the one in JAVA_HOME.
need_maven() {
	find_jdk
	need mvn maven
}

# Debian's Maven always writes the escape sequence that ends a color.
maven() { mvn -B -ntp -Dstyle.color=never "$@" | sed -u $'s/\e\\[0*m//g'; }

# kubernetes_programs puts kubectl and helm on PATH.
kubernetes_programs() {
	PATH=$cache/bin:$PATH
	export PATH
}

# load_images CLUSTER IMAGE...: builds missing images, and loads all of them into every node.
load_images() {
	local list archives
	need python3 python3
	list=$("$project/dev/cluster/image" "${@:2}")
	mapfile -t archives <<<"$list"
	"$project/dev/cluster/cluster" load --name "$1" "${archives[@]}"
}
