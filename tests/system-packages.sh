#!/usr/bin/env bash
# What the tests use from the system, and cannot have from PyPI or npm. Without it those tests are skipped.
#   openssh-server openssh-client  a dropped line, through a real sshd on the loopback
#   mandoc                         the manual page is read by a real formatter
#   zsh fish                       completion is tried in the real shells
set -euo pipefail

packages=(openssh-server openssh-client mandoc zsh fish)
missing=()
for package in "${packages[@]}"; do
  dpkg -s "$package" >/dev/null 2>&1 || missing+=("$package")
done
if [ "${#missing[@]}" -gt 0 ]; then
  echo "Installing for the tests: ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi
mkdir -p /run/sshd
