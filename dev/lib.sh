# shellcheck shell=bash
# What the scripts in dev/ share. To be sourced, after `set -euo pipefail`.

# shellcheck disable=SC2034 # used by those who source this
project=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck disable=SC2034
cache=${XDG_CACHE_HOME:-$HOME/.cache}/slotkeeper
# The server images, as dev/cluster/image calls them.
# shellcheck disable=SC2034
servers=(redis-7.0 redis-8.0 redis-8.6 valkey-8.1 valkey-9.1)

say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }
die() {
	say "$@"
	exit 1
}

# step WHAT COMMAND...: says what begins, how long it has been at it every half
# minute, and how long it took.
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

# A script that has something to undo or to tell at its end defines a function
# `cleanup`, which is given the exit status.
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

# find_jdk makes JAVA_HOME name a JDK 25: the one it names already, one where
# packages put them, or the one that PATH leads to.
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

# A Maven of Debian's brings an older Java along, but runs on JAVA_HOME's.
need_maven() {
	find_jdk
	need mvn maven
}

# Debian's writes the code that ends a colour in any case.
maven() { mvn -B -ntp -Dstyle.color=never "$@" | sed -u $'s/\e\\[0*m//g'; }

# kubernetes_programs makes kubectl and helm known.
kubernetes_programs() {
	PATH=$cache/bin:$PATH
	export PATH
}

# load_images CLUSTER IMAGE...: builds what is not there yet, and makes it known to every node.
load_images() {
	local list archives
	need python3 python3
	list=$("$project/dev/cluster/image" "${@:2}")
	mapfile -t archives <<<"$list"
	"$project/dev/cluster/cluster" load --name "$1" "${archives[@]}"
}
