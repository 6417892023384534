#!/usr/bin/env bash
# What the tests use from the system, and cannot have from PyPI or npm. Without it those tests are skipped.
#   openssh-server openssh-client  a dropped line, through a real sshd on the loopback
#   mandoc                         the manual page is read by a real formatter
#   zsh fish                       completion is tried in the real shells
#   postgresql-15                  a PostgreSQL with contrib: trigrams, btree_gist, pgcrypto
#   mariadb-server-core            MariaDB, of which the tests start a server of their own
set -euo pipefail

packages=(openssh-server openssh-client mandoc zsh fish postgresql-15 mariadb-server-core mariadb-client-core)
missing=()
for package in "${packages[@]}"; do
  dpkg -s "$package" >/dev/null 2>&1 || missing+=("$package")
done
if [ "${#missing[@]}" -gt 0 ]; then
  echo "Installing for the tests: ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1
  # No server of the system's own: the tests start theirs, and end them.
  mkdir -p /etc/postgresql-common/createcluster.d
  echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.d/none.conf
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi
mkdir -p /run/sshd
