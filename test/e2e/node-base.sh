#!/bin/bash
# Makes in DIRECTORY the root of an image that has what node:*-slim has and the build of the image uses: Node, npm, a shell, each this machine's.
set -euo pipefail
root=$1
node=$(readlink -f "$2")
npm=$(dirname "$(dirname "$(readlink -f "$(command -v npm)")")")

mkdir -p "$root"/{dev,etc/ssl/certs,proc,root,tmp,usr/bin,usr/lib,usr/lib64,usr/local/bin,usr/local/etc,usr/local/lib/node_modules}
for directory in bin lib lib64; do ln -s "usr/$directory" "$root/$directory"; done
cp "$node" "$root/usr/local/bin/node"
cp -r "$npm" "$root/usr/local/lib/node_modules/npm"
ln -s ../lib/node_modules/npm/bin/npm-cli.js "$root/usr/local/bin/npm"
cp -L /bin/sh /usr/bin/env "$root/usr/bin/"
ldd "$node" /bin/sh /usr/bin/env | grep -o '/[^ :]*\.so[^ :]*' | sort -u | while read -r library; do
  mkdir -p "$root$(dirname "$library")"
  cp -L "$library" "$root$library"
done
if [ -e /etc/ssl/certs/ca-certificates.crt ]; then cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"; fi
# What the tests were installed with is here already.
printf 'prefer-offline=true\ncache=/npm-cache\n' >"$root/usr/local/etc/npmrc"
