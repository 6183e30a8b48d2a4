#!/bin/bash
# Hands the data of a service over to Valise, with curl and openssl alone.
#
# usage: VALISE=https://valise.example TOKEN=vs_… serve.sh OUTBOX MEDIA SERVICE KEY ACCOUNT
#
# OUTBOX   what has happened, as lines (docs/formats/ingest.md); MEDIA a folder with the account's files
# SERVICE  the name that the service is registered under; KEY its private key (PEM)
# ACCOUNT  whose gear is clicked: prints the address that it leads to
set -euo pipefail
[ $# -eq 5 ] || { sed -n '2,8s/^# \{0,1\}//p' "$0" >&2; exit 2; }
outbox=$1 media=$2 service=$3 key=$4 account=$5
api=${VALISE%/}/api/v1/ingest

# The token goes through a file: arguments can be read by everybody on the machine.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
(umask 077; printf 'header = "Authorization: Bearer %s"\n' "$TOKEN" >"$work/auth")
call() { curl --silent --show-error --fail-with-body --retry 5 --config "$work/auth" "$@"; }

# Everything after the last durable line. -T sends a file of any length without holding it in memory.
cursor=$(call "$api/cursor" | sed -n 's/.*"cursor":"\([^"]*\)".*/\1/p')
if [ -n "$cursor" ]; then
  sed "1,/^{\"cursor\":\"$cursor\",/d" "$outbox" >"$work/rest"
else
  cp "$outbox" "$work/rest"
fi
call --request POST --header 'Content-Type: application/x-ndjson' --upload-file "$work/rest" "$api/stream"
echo

# Media, each under its SHA-256; what is there already is not read (--head answers 200).
for file in "$media"/*; do
  digest=$(sha256sum "$file" | cut -d' ' -f1)
  call --head --output /dev/null "$api/accounts/$account/blobs/$digest" 2>/dev/null ||
    call --upload-file "$file" --output /dev/null "$api/accounts/$account/blobs/$digest"
done

# One thing as it happens: put, then taken back.
call --request PUT --header 'Content-Type: application/json' \
  --data '{"version":"1","record":{"kind":"post","time":"2026-11-22T08:00:00Z","text":"Only for a moment"}}' \
  "$api/accounts/$account/records/post/p9"
call --request DELETE "$api/accounts/$account/records/post/p9"

# What the other side holds.
call "$api/accounts/$account/reconcile"
echo

# The address that the gear leads to (docs/formats/hand-off.md): good once and for a minute.
part() { base64 -w0 | tr '+/' '-_' | tr -d '='; }
now=$(date +%s)
{
  printf '{"alg":"EdDSA","typ":"JWT"}' | part
  printf .
  printf '{"iss":"%s","sub":"%s","aud":"%s","iat":%d,"exp":%d,"jti":"%s"}' \
    "$service" "$account" "${VALISE%/}" "$now" $((now + 60)) "$(openssl rand -hex 16)" | part
} >"$work/signed"
openssl pkeyutl -sign -rawin -inkey "$key" -in "$work/signed" -out "$work/signature"
echo "${VALISE%/}/hand-off?token=$(cat "$work/signed").$(part <"$work/signature")"
