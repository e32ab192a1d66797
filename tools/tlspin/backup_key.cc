#include "tools/tlspin/backup_key.h"

#include <fcntl.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/bytestring.h>
#include <openssl/cipher.h>
#include <openssl/crypto.h>
#include <openssl/ec_key.h>
#include <openssl/evp.h>
#include <openssl/mem.h>
#include <openssl/nid.h>
#include <openssl/pem.h>
#include <openssl/pkcs8.h>
#include <openssl/rsa.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"
#include "tools/tlspin/key_file.h"

namespace tlspin {
namespace {

// PBKDF2 with HMAC-SHA-1, which is what BoringSSL writes and every OpenSSL
// reads. A second of work for who has the password.
constexpr int kIterations = 1000000;

void Wipe(std::string& text) { OPENSSL_cleanse(text.data(), text.size()); }

absl::Status ErrorOf(absl::string_view what, const std::string& path) {
  const int error = errno;
  return absl::ErrnoToStatus(error, absl::StrCat("cannot ", what, " ", path));
}

bssl::UniquePtr<EVP_PKEY> MakeEcKey() {
  bssl::UniquePtr<EC_KEY> ec(EC_KEY_new_by_curve_name(NID_X9_62_prime256v1));
  bssl::UniquePtr<EVP_PKEY> key(EVP_PKEY_new());
  if (ec == nullptr || key == nullptr || !EC_KEY_generate_key(ec.get()) ||
      !EVP_PKEY_set1_EC_KEY(key.get(), ec.get())) {
    return nullptr;
  }
  return key;
}

bssl::UniquePtr<EVP_PKEY> MakeRsaKey() {
  bssl::UniquePtr<RSA> rsa(RSA_new());
  bssl::UniquePtr<BIGNUM> exponent(BN_new());
  bssl::UniquePtr<EVP_PKEY> key(EVP_PKEY_new());
  if (rsa == nullptr || exponent == nullptr || key == nullptr ||
      !BN_set_word(exponent.get(), RSA_F4) ||
      !RSA_generate_key_ex(rsa.get(), 3072, exponent.get(), nullptr) ||
      !EVP_PKEY_set1_RSA(key.get(), rsa.get())) {
    return nullptr;
  }
  return key;
}

// PemOf returns `key` in PKCS #8 (RFC 5958), encrypted if there is a
// password; "" if it cannot be encoded.
std::string PemOf(const EVP_PKEY* key, absl::string_view password) {
  bssl::ScopedCBB cbb;
  uint8_t* der = nullptr;
  size_t size = 0;
  const bool encrypted = !password.empty();
  if (!CBB_init(cbb.get(), 0) ||
      !(encrypted
            ? PKCS8_marshal_encrypted_private_key(
                  cbb.get(), /*pbe_nid=*/-1, EVP_aes_256_cbc(), password.data(),
                  password.size(), nullptr, 16, kIterations, key)
            : EVP_marshal_private_key(cbb.get(), key)) ||
      !CBB_finish(cbb.get(), &der, &size)) {
    return "";
  }
  // BoringSSL wipes what its allocator takes back.
  const bssl::UniquePtr<uint8_t> owned(der);
  const bssl::UniquePtr<BIO> bio(BIO_new(BIO_s_mem()));
  const uint8_t* text = nullptr;
  size_t length = 0;
  if (bio == nullptr ||
      PEM_write_bio(bio.get(),
                    encrypted ? "ENCRYPTED PRIVATE KEY" : "PRIVATE KEY", "",
                    der, static_cast<long>(size)) <= 0 ||
      !BIO_mem_contents(bio.get(), &text, &length)) {
    return "";
  }
  return std::string(reinterpret_cast<const char*>(text), length);
}

}  // namespace

absl::StatusOr<std::string> NewPassword(const Passwords& passwords) {
  std::string password = passwords.given.value_or("");
  if (!passwords.given.has_value()) {
    absl::StatusOr<std::string> first =
        AskPassword("password of the new backup key: ");
    if (!first.ok()) {
      return first;
    }
    absl::StatusOr<std::string> again = AskPassword("the same again: ");
    if (!again.ok()) {
      Wipe(*first);
      return again;
    }
    const bool same = *first == *again;
    Wipe(*again);
    if (!same) {
      Wipe(*first);
      return absl::InvalidArgumentError("the two passwords differ");
    }
    password = *std::move(first);
  }
  if (password.empty()) {
    return absl::InvalidArgumentError("an empty password encrypts nothing");
  }
  return password;
}

BackupKey::BackupKey(std::string pem, pinning::Pin pin, std::string key)
    : pem_(std::move(pem)), pin_(pin), key_(std::move(key)) {}

BackupKey::~BackupKey() { Wipe(pem_); }

absl::StatusOr<BackupKey> BackupKey::Make(BackupKeyType type,
                                          std::string password) {
  const bssl::UniquePtr<EVP_PKEY> key =
      type == BackupKeyType::kEcP256 ? MakeEcKey() : MakeRsaKey();
  if (key == nullptr) {
    return absl::InternalError("the backup key could not be made");
  }
  const absl::StatusOr<KeyItem> item = ItemOf("private key", key.get());
  if (!item.ok()) {
    return item.status();
  }
  std::string pem = PemOf(key.get(), password);
  Wipe(password);
  if (pem.empty()) {
    return absl::InternalError("the backup key could not be encoded");
  }
  return BackupKey(std::move(pem), item->pin, item->key);
}

absl::Status BackupKey::Write(const std::string& path) const {
  const int file =
      open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
           S_IRUSR | S_IWUSR);
  if (file < 0 && errno == EEXIST) {
    return absl::AlreadyExistsError(
        absl::StrCat(path, " is there already; a key is never overwritten"));
  }
  if (file < 0) {
    return ErrorOf("write", path);
  }
  absl::Status status;
  absl::string_view rest = pem_;
  while (status.ok() && !rest.empty()) {
    const ssize_t count = write(file, rest.data(), rest.size());
    if (count >= 0) {
      rest.remove_prefix(static_cast<size_t>(count));
    } else if (errno != EINTR) {
      status = ErrorOf("write", path);
    }
  }
  if (status.ok() && fsync(file) != 0) {
    status = ErrorOf("write", path);
  }
  if (close(file) != 0 && status.ok()) {
    status = ErrorOf("write", path);
  }
  if (!status.ok()) {
    (void)unlink(path.c_str());
  }
  return status;
}

}  // namespace tlspin
