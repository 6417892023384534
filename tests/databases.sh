#!/usr/bin/env bash
# Databases that the machine's own release has no package for, from other releases of Debian: nothing
# is installed and no root is needed. Each is unpacked into tests/databases/ with its own libraries.
# Nothing can be pinned: unstable has another MySQL every few weeks, so the tests say which one ran.
# Where a database cannot be had this says so, leaves nothing half made, and its tests are skipped.
set -euo pipefail
cd "$(dirname "$0")"

# folder, suite, packages with commas between them, and their programs below /usr
wanted=(
  "mysql sid mysql-server-core sbin/mysqld"
  "mariadb trixie mariadb-server-core,mariadb-client-core sbin/mariadbd bin/my_print_defaults bin/mariadb-install-db"
)

say() { echo "$1: $2; its tests are skipped." >&2; }

# The sources that the machine has for its own release, with another suite.
sources() { # suite
  local codename uri keys=/usr/share/keyrings/debian-archive-keyring.gpg
  codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
  uri=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' "Release: $codename" 'Component: main' | head -n 1)
  [ -n "$uri" ] || return 1
  printf 'Types: deb\nURIs: %s\nSuites: %s\nComponents: main\n' "$uri" "$1"
  if [ -e "$keys" ]; then echo "Signed-By: $keys"; fi
}

# The packages with all that they need, down to the C library, as archives in work/cache/archives.
download() { # work suite packages
  local work=$1 apt
  mkdir -p "$work"/{state/lists/partial,cache/archives/partial,etc}
  touch "$work/status"
  sources "$2" >"$work/etc/$2.sources" || return 1
  apt=(apt-get -qq -o Dir::State="$work/state" -o Dir::State::status="$work/status" -o Dir::Cache="$work/cache"
    -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$work/etc" -o Debug::NoLocking=1
    -o APT::Install-Recommends=0 -o APT::Sandbox::User= -o Acquire::Retries=0 -o Acquire::http::Timeout=20)
  "${apt[@]}" update && "${apt[@]}" -y --download-only install ${3//,/ }
}

# What starts a program of another release: with the loader and the libraries of that release.
wrapper() { # folder program
  local share='"$here/share/'$1'"'
  printf '#!/bin/sh\nhere=$(cd "$(dirname "$0")/.." && pwd)\n'
  case $2 in
    *-install-db) echo 'exec "$here/programs/'"$2"'" "$@" --basedir="$here" --force' ;;
    *d) started "$2" " --lc-messages-dir=$share --character-sets-dir=$share/charsets" ;;
    *) started "$2" "" ;;
  esac
}

started() { # program options
  echo 'exec "$here/lib/loader" --library-path "$here/lib" "$here/programs/'"$1"'" "$@"'"$2"
}

# An installation in work/made: bin and sbin (what is called), programs, lib (what they load), share.
unpack() { # work folder programs
  local work=$1 root=$1/root made=$1/made archive loader program name
  mkdir -p "$root" "$made"/{bin,sbin,programs,lib,share}
  for archive in "$work"/cache/archives/*.deb; do dpkg-deb -x "$archive" "$root" || return 1; done
  loader=$(find "$root" -name 'ld-linux*.so.*' | head -n 1)
  cp -L "$loader" "$made/lib/loader"
  cp -R "$root/usr/share/$2" "$made/share/" || return 1
  for program in "${@:3}"; do
    name=$(basename "$program")
    cp "$root/usr/$program" "$made/programs/$name" || return 1
    "$loader" --library-path "$(echo "$root"/usr/lib/*-linux-*)" --list "$root/usr/$program" |
      awk '$3 ~ "^/" { print $3 }' | xargs -I{} cp -Ln {} "$made/lib/"
    wrapper "$2" "$name" >"$made/$program"
    chmod +x "$made/$program"
  done
}

# Puts one of them into databases/, or says why not.
get() { # folder suite packages programs
  local folder=$1 suite=$2 packages=$3 work
  work=$(mktemp -d "$PWD/databases/new.XXXXXX")
  trap 'rm -rf "$work"' RETURN
  if ! download "$work" "$suite" "$packages" >"$work/log" 2>&1; then
    say "${packages%%,*}" "it cannot be had from Debian's $suite ($(tail -n 1 "$work/log"))"
  elif ! unpack "$work" "$folder" "${@:4}" >"$work/log" 2>&1 || ! "$work/made/$4" --version; then
    say "${packages%%,*}" "it does not run here ($(tail -n 1 "$work/log"))"
  else
    chmod 755 "$work/made"
    mv "$work/made" "databases/$folder"
  fi
}

for tool in apt-get dpkg-deb; do
  command -v "$tool" >/dev/null || { say "MySQL and MariaDB 11" "there is no $tool here"; exit 0; }
done
mkdir -p databases
for row in "${wanted[@]}"; do
  read -ra words <<<"$row"
  [ -d "databases/${words[0]}" ] || get "${words[@]}"
done
