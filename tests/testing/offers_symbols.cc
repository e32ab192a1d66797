// Loads libcurl into a program that offers a name of OpenSSL's, as tlspin must
// not: for tests/bindings_test.py, which has to see it.

#include <dlfcn.h>

extern "C" void* SSL_new(void*);
extern "C" void* SSL_new(void*) { return nullptr; }

int main() {
  return dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL) == nullptr ? 1 : 0;
}
