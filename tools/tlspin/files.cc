#include "tools/tlspin/files.h"

#include <fcntl.h>
#include <openssl/bytestring.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <memory>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace tlspin {
namespace {

// A File closes what it holds.
class File {
 public:
  explicit File(int number) : number_(number) {}
  ~File() { (void)Close(); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  int number() const { return number_; }
  int Close() {
    const int number = std::exchange(number_, -1);
    return number < 0 ? 0 : close(number);
  }

 private:
  int number_;
};

std::string NameOf(const std::string& path) {
  return path == "-" ? "standard input" : path;
}

absl::Status ErrorOf(absl::string_view what, const std::string& path) {
  const int error = errno;
  return absl::ErrnoToStatus(error, absl::StrCat("cannot ", what, " ", path));
}

// Target returns where `path` leads, so that a rename replaces the file that a
// link names and not the link.
std::string Target(const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> real(
      realpath(path.c_str(), nullptr), &std::free);
  return real == nullptr ? path : std::string(real.get());
}

// ModeFor returns the mode of the file at `path`, or what the umask gives a new
// one.
mode_t ModeFor(const std::string& path) {
  struct stat existing;
  if (stat(path.c_str(), &existing) == 0) {
    return existing.st_mode & 07777;
  }
  const mode_t mask = umask(0);
  umask(mask);
  return 0666 & ~mask;
}

absl::Status WriteAndSync(int file, absl::string_view content,
                          const std::string& path) {
  while (!content.empty()) {
    const ssize_t count = write(file, content.data(), content.size());
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count < 0) {
      return ErrorOf("write", path);
    }
    content.remove_prefix(static_cast<size_t>(count));
  }
  return fsync(file) == 0 ? absl::OkStatus() : ErrorOf("write", path);
}

// SyncDirectory makes a rename in the directory of `path` last. Not every file
// system can; the content is safe either way.
void SyncDirectory(const std::string& path) {
  const size_t slash = path.rfind('/');
  const std::string directory =
      slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const File file(open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (file.number() >= 0) {
    (void)fsync(file.number());
  }
}

}  // namespace

absl::StatusOr<std::string> ReadInput(const std::string& path,
                                      size_t max_size) {
  const File file(path == "-" ? dup(STDIN_FILENO)
                              : open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.number() < 0) {
    return ErrorOf("read", NameOf(path));
  }
  std::string content;
  std::vector<char> buffer(1 << 16);
  while (true) {
    const ssize_t count = read(file.number(), buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count < 0) {
      return ErrorOf("read", NameOf(path));
    }
    if (count == 0) {
      return content;
    }
    content.append(buffer.data(), static_cast<size_t>(count));
    if (content.size() > max_size) {
      return absl::ResourceExhaustedError(
          absl::StrCat(NameOf(path), " is larger than ", max_size, " bytes"));
    }
  }
}

absl::Status WriteFileAtomically(const std::string& path,
                                 absl::string_view content) {
  const std::string target = Target(path);
  std::string temporary = absl::StrCat(target, ".XXXXXX");
  File file(mkostemp(temporary.data(), O_CLOEXEC));
  if (file.number() < 0) {
    return ErrorOf("write", path);
  }
  absl::Status status = WriteAndSync(file.number(), content, path);
  if (status.ok() && fchmod(file.number(), ModeFor(target)) != 0) {
    status = ErrorOf("write", path);
  }
  if (file.Close() != 0 && status.ok()) {
    status = ErrorOf("write", path);
  }
  if (status.ok() && rename(temporary.c_str(), target.c_str()) != 0) {
    status = ErrorOf("write", path);
  }
  if (!status.ok()) {
    (void)unlink(temporary.c_str());
    return status;
  }
  SyncDirectory(target);
  return absl::OkStatus();
}

bool IsPem(absl::string_view content) {
  return absl::StrContains(content, "-----BEGIN ");
}

absl::StatusOr<std::vector<absl::string_view>> SplitDer(
    absl::string_view content) {
  std::vector<absl::string_view> elements;
  while (!content.empty()) {
    CBS input, element;
    CBS_init(&input, AsBytes(content).data(), content.size());
    if (!CBS_get_any_asn1_element(&input, &element, nullptr, nullptr)) {
      return absl::InvalidArgumentError("neither PEM nor DER");
    }
    elements.push_back(content.substr(0, CBS_len(&element)));
    content.remove_prefix(CBS_len(&element));
  }
  return elements;
}

absl::StatusOr<std::vector<pinning::Certificate>> ReadCertificates(
    const std::string& path) {
  absl::StatusOr<std::string> content = ReadInput(path);
  if (!content.ok()) {
    return content.status();
  }
  if (content->empty()) {
    return absl::NotFoundError(
        absl::StrCat(NameOf(path), ": empty, no certificate"));
  }
  if (IsPem(*content)) {
    absl::StatusOr<std::vector<pinning::Certificate>> certificates =
        pinning::Certificate::ListFromPem(*content);
    if (!certificates.ok()) {
      return InFile(path, certificates.status());
    }
    return certificates;
  }
  absl::StatusOr<std::vector<absl::string_view>> elements = SplitDer(*content);
  if (!elements.ok()) {
    return InFile(path, elements.status());
  }
  std::vector<pinning::Certificate> certificates;
  for (const absl::string_view element : *elements) {
    absl::StatusOr<pinning::Certificate> certificate =
        pinning::Certificate::FromDer(AsBytes(element));
    if (!certificate.ok()) {
      return InFile(path, certificate.status());
    }
    certificates.push_back(*std::move(certificate));
  }
  return certificates;
}

absl::Span<const uint8_t> AsBytes(absl::string_view text) {
  return absl::MakeConstSpan(reinterpret_cast<const uint8_t*>(text.data()),
                             text.size());
}

absl::Status InFile(const std::string& path, const absl::Status& status) {
  return absl::Status(status.code(),
                      absl::StrCat(NameOf(path), ": ", status.message()));
}

}  // namespace tlspin
