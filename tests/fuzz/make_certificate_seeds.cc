// Mints the seeds of certificate_fuzz, pem_fuzz, crl_fuzz, sct_fuzz and
// ct_log_list_fuzz into a folder: certificates as DER, or as PEM with other
// text and blocks between them; CRLs as DER; SCT lists and OCSP responses; or
// lists of logs.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "tools/mint/mint.h"
#include "tools/mint/sct.h"

namespace {

using mint::Key;
using mint::Minted;

Minted Root() {
  return mint::SelfSigned(mint::Ca("Root"), Key::Shared("p256-root"));
}

Minted Everything() {
  mint::Spec spec = mint::Leaf({"www.example.com", "*.example.com"});
  spec.subject = {{"2.5.4.6", "DE"},
                  {"2.5.4.10", "M\xc3\xbcller, S\xc3\xb6hne"},
                  {"2.5.4.3", "www.example.com"},
                  {"1.2.840.113549.1.9.1", "root@example.com"},
                  {"0.9.2342.19200300.100.1.25", "example"}};
  spec.ip_addresses = {"192.0.2.1", "2001:db8::1"};
  spec.emails = {"root@example.com"};
  spec.uris = {"https://www.example.com/"};
  return mint::Issue(spec, Key::Shared("p256-leaf"), Root());
}

Minted Constrained() {
  mint::Spec spec = mint::Ca("Constrained");
  spec.path_length = 1;
  spec.permitted = {"dns:example.com", "ip:10.0.0.0/8", "email:example.com",
                    "uri:.example.com", "cn:Example"};
  spec.excluded = {"dns:bad.example.com", "ip:2001:db8::/32"};
  return mint::Issue(spec, Key::Shared("p256-ca"), Root());
}

Minted VersionOne() {
  mint::Spec spec;
  spec.common_name = "Version 1";
  spec.version = 1;
  return mint::SelfSigned(spec, Key::Shared("p256-v1"));
}

Minted LongLived() {
  mint::Spec spec = mint::Leaf({"long.example.com"});
  spec.not_before = absl::FromUnixSeconds(-315619200);   // 1960
  spec.not_after = absl::FromUnixSeconds(253402300799);  // 9999-12-31
  return mint::SelfSigned(spec, Key::Shared("ed25519-long"));
}

Minted Rsa() {
  mint::Spec spec = mint::Leaf({"rsa.example.com"});
  spec.algorithm = mint::SignatureAlgorithm::kRsaPssSha256;
  return mint::SelfSigned(spec, Key::Shared("rsa2048-seed"));
}

void Write(const std::string& path, const std::string& bytes) {
  std::ofstream out(path, std::ios::binary);
  if (!(out << bytes).flush()) {
    std::fprintf(stderr, "%s: cannot be written\n", path.c_str());
    std::exit(1);
  }
}

void WriteCrls(const std::string& folder) {
  const auto write = [&](const char* name, const mint::CrlSpec& spec) {
    const std::vector<uint8_t> der = mint::MintCrl(spec, Root());
    Write(absl::StrCat(folder, "/", name, ".der"),
          std::string(der.begin(), der.end()));
  };
  write("none", mint::CrlSpec());
  mint::CrlSpec some;
  some.serials = {{0x11}, {0x00, 0x91}, {0x7f, 0x01}};
  some.entry_extra = {{"2.5.29.21", false, {0x0a, 0x01, 0x01}}};
  // For users, of the distribution point a:b.
  some.extra = {{"2.5.29.28",
                 true,
                 {0x30, 0x0c, 0xa0, 0x07, 0xa0, 0x05, 0x86, 0x03, 'a', ':', 'b',
                  0x81, 0x01, 0xff}}};
  write("some", some);
  mint::CrlSpec delta;
  delta.extra = {{"2.5.29.27", true, {0x02, 0x01, 0x01}}};
  write("delta", delta);
  mint::CrlSpec first;
  first.version = 1;
  first.next_update.reset();
  write("version_one", first);
}

// A seed of sct_fuzz begins with an octet that says what follows.
void WriteScts(const std::string& folder) {
  const auto write = [&](const char* name, char kind,
                         const std::vector<uint8_t>& bytes) {
    Write(absl::StrCat(folder, "/", name),
          std::string(1, kind) + std::string(bytes.begin(), bytes.end()));
  };
  mint::Spec spec = mint::Leaf({"www.example.com"});
  spec.serial = {0x11};
  const Minted leaf = mint::Issue(spec, Key::Shared("p256-leaf"), Root());
  const std::vector<uint8_t> sct =
      mint::X509Sct({Key::Shared("p256-log")}, leaf);
  write("list", 0, mint::SctList({sct, {1, 2, 3}}));
  mint::OcspSpec good;
  good.sct_list = mint::SctList({sct});
  good.extra = {{"1.2.3.4", false, {0x05, 0x00}}};
  write("ocsp", 1, mint::MintOcsp(good, leaf, Root()));
  mint::OcspSpec revoked;
  revoked.revoked = true;
  revoked.next_update.reset();
  write("ocsp_revoked", 1, mint::MintOcsp(revoked, leaf, Root()));
  write("ocsp_try_later", 1, {0x30, 0x03, 0x0a, 0x01, 0x03});
}

void WriteLogs(const std::string& folder) {
  Write(absl::StrCat(folder, "/logs.json"),
        mint::LogListJson(
            {{Key::Shared("p256-log"), "Log", "Operator",
              R"("state": {"retired": {"timestamp": "2026-03-01T00:00:00Z"}},
                 "temporal_interval": {
                   "start_inclusive": "2026-01-01T00:00:00Z",
                   "end_exclusive": "2026-07-01T00:00:00Z"})"},
             {Key::Shared("rsa2048-seed"), "Tiled", "Operator", "", true}}));
}

}  // namespace

int main(int argc, char** argv) {
  const absl::string_view form = argc == 3 ? argv[1] : "";
  if (form == "scts") {
    WriteScts(argv[2]);
    return 0;
  }
  if (form == "logs") {
    WriteLogs(argv[2]);
    return 0;
  }
  if (form != "der" && form != "pem" && form != "crl") {
    std::fprintf(stderr, "usage: %s der|pem|crl|scts|logs FOLDER\n", argv[0]);
    return 2;
  }
  if (form == "crl") {
    WriteCrls(argv[2]);
    return 0;
  }
  const std::pair<const char*, Minted> seeds[] = {
      {"constrained", Constrained()},
      {"everything", Everything()},
      {"long_lived", LongLived()},
      {"root", Root()},
      {"rsa", Rsa()},
      {"version_one", VersionOne()},
  };
  for (const auto& [name, minted] : seeds) {
    Write(absl::StrCat(argv[2], "/", name, ".", form),
          form == "der" ? std::string(minted.der.begin(), minted.der.end())
                        : absl::StrCat("A comment\n", minted.Pem(), "\n",
                                       minted.key.PublicPem(), minted.Pem()));
  }
  return 0;
}
