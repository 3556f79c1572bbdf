#!/bin/sh
# Makes sure that the server programs of PostgreSQL 14 to 18 are on this machine, for the embedded cluster.
#
# Does nothing where they are. As root on Debian and Ubuntu it installs them; anywhere else it prints the one
# line that says what to install, and exits with 78. The places looked at are those of
# src/db/embedded/binaries.rs.
set -eu

oldest=14
newest=18

is_usable() {
    for program in initdb pg_ctl postgres; do
        [ -x "$1/$program" ] || return 1
    done
    # `postgres (PostgreSQL) 15.18 (Debian ...)`; a beta reads `18beta1`.
    major=$("$1/postgres" --version 2>/dev/null | sed -n 's/^.*(PostgreSQL) \([0-9][0-9]*\).*$/\1/p')
    [ -n "$major" ] && [ "$major" -ge "$oldest" ] && [ "$major" -le "$newest" ]
}

is_installed() {
    if directory=$(pg_config --bindir 2>/dev/null) && is_usable "$directory"; then
        return 0
    fi
    if program=$(command -v postgres) && program=$(readlink -f "$program") &&
        is_usable "$(dirname "$program")"; then
        return 0
    fi
    for directory in \
        /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /usr/lib/postgresql*/bin \
        /usr/lib64/postgresql-*/bin /usr/libexec/postgresql* \
        /opt/homebrew/opt/postgresql*/bin /usr/local/opt/postgresql*/bin \
        /home/linuxbrew/.linuxbrew/opt/postgresql*/bin \
        /Applications/Postgres.app/Contents/Versions/*/bin /Library/PostgreSQL/*/bin; do
        if is_usable "$directory"; then
            return 0
        fi
    done
    return 1
}

# The command that a person runs; the same words as in the program's own hint.
command_for_this_machine() {
    if [ "$(uname -s)" = Darwin ]; then
        echo "brew install postgresql@17"
        return
    fi
    sudo=""
    [ "$(id -u)" -eq 0 ] || sudo="sudo "
    if [ -x /usr/bin/apt-get ]; then
        echo "${sudo}apt-get install -y postgresql"
    elif [ -x /usr/bin/dnf ]; then
        echo "${sudo}dnf install -y postgresql-server"
    elif [ -x /usr/bin/zypper ]; then
        echo "${sudo}zypper install -y postgresql-server"
    elif [ -x /sbin/apk ]; then
        echo "${sudo}apk add postgresql"
    elif [ -x /usr/bin/pacman ]; then
        echo "${sudo}pacman -S postgresql"
    else
        echo "your system's package of the PostgreSQL server"
    fi
}

give_up() {
    echo "$1" >&2
    exit 78
}

if is_installed; then
    exit 0
fi

if [ "$(id -u)" -ne 0 ] || [ ! -x /usr/bin/apt-get ]; then
    give_up "PostgreSQL $oldest to $newest is not installed: run \`$(command_for_this_machine)\`"
fi

echo "installing PostgreSQL" >&2
export DEBIAN_FRONTEND=noninteractive
# A machine that has just booted may still be busy with its own upgrades.
apt-get -qq -o DPkg::Lock::Timeout=300 update </dev/null >&2
apt-get -qq -o DPkg::Lock::Timeout=300 install --yes --no-install-recommends postgresql \
    </dev/null >&2

is_installed || give_up \
    "this system's package of PostgreSQL is not of version $oldest to $newest: see https://www.postgresql.org/download/"
