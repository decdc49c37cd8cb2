#!/bin/bash
# Ends a PostgreSQL server and removes its folder when its standard input closes, which it does however the tests end.
#   keeper.sh FOLDER
set -euo pipefail
folder=$1
read -r _ || true
if [ -f "$folder/data/postmaster.pid" ]; then
  server=$(head -n 1 "$folder/data/postmaster.pid")
  ! kill -QUIT "$server" 2>/dev/null || while kill -0 "$server" 2>/dev/null; do sleep 0.05; done
fi
rm -rf "$folder"
