#include "tools/tlspin/roots.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <system_error>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "pinning/certificate.h"
#include "tools/tlspin/files.h"

namespace tlspin {
namespace {

using ::pinning::Certificate;
using ::pinning::TrustAnchor;
using ::pinning::TrustStore;

std::string DerOf(const Certificate& certificate) {
  return std::string(certificate.der().begin(), certificate.der().end());
}

// ReadPackaged returns the DER of every certificate under `directory`.
absl::StatusOr<std::set<std::string>> ReadPackaged(
    const std::string& directory) {
  std::error_code error;
  std::set<std::string> found;
  std::filesystem::recursive_directory_iterator entry(directory, error), end;
  for (; !error && entry != end; entry.increment(error)) {
    if (entry->path().extension() != ".crt") {
      continue;
    }
    absl::StatusOr<std::vector<Certificate>> certificates =
        ReadCertificates(entry->path().string());
    if (!certificates.ok()) {
      return certificates.status();
    }
    for (const Certificate& certificate : *certificates) {
      found.insert(DerOf(certificate));
    }
  }
  if (error) {
    return absl::NotFoundError(
        absl::StrCat("cannot tell which of the machine's roots were added to "
                     "it: cannot read ",
                     directory, ": ", error.message(), "; give --roots"));
  }
  return found;
}

absl::Status AddFile(const std::string& path, TrustAnchor::Origin origin,
                     TrustStore::Builder& builder,
                     std::vector<RootFile>& files) {
  absl::StatusOr<std::vector<Certificate>> certificates =
      ReadCertificates(path);
  if (!certificates.ok()) {
    return certificates.status();
  }
  const int count = static_cast<int>(certificates->size());
  const bool local = origin == TrustAnchor::Origin::kLocal;
  files.push_back({path, local ? 0 : count, local ? count : 0});
  for (Certificate& certificate : *certificates) {
    builder.AddAnchor({std::move(certificate), origin});
  }
  return absl::OkStatus();
}

absl::Status AddMachine(const MachineStore& machine,
                        TrustStore::Builder& builder,
                        std::vector<RootFile>& files) {
  absl::StatusOr<std::vector<Certificate>> certificates =
      ReadCertificates(machine.bundle);
  if (!certificates.ok()) {
    return certificates.status();
  }
  absl::StatusOr<std::set<std::string>> packaged =
      ReadPackaged(machine.packaged);
  if (!packaged.ok()) {
    return packaged.status();
  }
  RootFile file{machine.bundle};
  for (Certificate& certificate : *certificates) {
    const bool bundled = packaged->count(DerOf(certificate)) > 0;
    ++(bundled ? file.bundled : file.local);
    builder.AddAnchor(
        {std::move(certificate), bundled ? TrustAnchor::Origin::kBundled
                                         : TrustAnchor::Origin::kLocal});
  }
  files.push_back(std::move(file));
  return absl::OkStatus();
}

}  // namespace

void AddRootFlags(Command& command, RootFlags* flags) {
  command.Option("--roots", "FILE", &flags->roots,
                 "Roots to trust, PEM or DER, as a public root programme "
                 "bundles them; default: this machine's store");
  command.Option("--local-roots", "FILE", &flags->local_roots,
                 "Roots to trust that someone added to the machine");
}

absl::StatusOr<Roots> LoadRoots(const RootFlags& flags,
                                const MachineStore& machine) {
  TrustStore::Builder builder;
  Roots roots;
  absl::Status status =
      flags.roots.empty() ? AddMachine(machine, builder, roots.files)
                          : AddFile(flags.roots, TrustAnchor::Origin::kBundled,
                                    builder, roots.files);
  if (status.ok() && !flags.local_roots.empty()) {
    status = AddFile(flags.local_roots, TrustAnchor::Origin::kLocal, builder,
                     roots.files);
  }
  if (!status.ok()) {
    return absl::Status(status.code(),
                        absl::StrCat("roots: ", status.message()));
  }
  roots.store = builder.Build();
  return roots;
}

std::string RootsText(const Roots& roots) {
  return absl::StrCat(
      "roots: ", absl::StrJoin(roots.files, "; ",
                               [](std::string* out, const RootFile& file) {
                                 absl::StrAppend(out, Escape(file.path), " (",
                                                 file.bundled, " bundled, ",
                                                 file.local, " local)");
                               }));
}

Json RootsJson(const Roots& roots) {
  Json list = Json::array();
  for (const RootFile& file : roots.files) {
    Json entry;
    entry["file"] = file.path;
    entry["bundled"] = file.bundled;
    entry["local"] = file.local;
    list.push_back(entry);
  }
  return list;
}

}  // namespace tlspin
