#!/usr/bin/env bash
# tlspin holds BoringSSL inside: it offers none of its symbols to the dynamic
# linker, where a library that was built for OpenSSL could bind to them, and it
# needs no libssl or libcrypto to start. Those that libcurl brings, for a proxy,
# are bindings_test's.
set -euo pipefail
tlspin=$1
# What BoringSSL's C functions are called, and its C++ namespace when mangled.
names='^(_ZN4bssl|(SSL|X509|X509V3|EVP|CRYPTO|OPENSSL|BN|RSA|EC|ECDSA|ERR|ASN1|BIO|CBS|CBB|SHA256|HMAC|PEM|DH|d2i|i2d)_)'

# Grep must see them in the whole symbol table, or it proves nothing below.
inside=$(nm --defined-only "$tlspin" | awk '{print $3}' | grep -cE "$names" || true)
if [[ $inside -lt 500 ]]; then
  echo "FAIL: only $inside symbols of BoringSSL in the symbol table of $tlspin"
  exit 1
fi

offered=$(nm -D --defined-only "$tlspin" | awk '{print $3}')
if grep -E "$names" <<<"$offered"; then
  echo 'FAIL: those symbols of BoringSSL are offered to the dynamic linker'
  exit 1
fi

needed=$(readelf -d "$tlspin" | grep NEEDED)
if grep -E 'lib(ssl|crypto|curl)' <<<"$needed"; then
  echo 'FAIL: tlspin needs those libraries to start'
  exit 1
fi
echo "PASS: $inside symbols inside, $(wc -w <<<"$offered") offered, none of BoringSSL"
