// Runs what is run most, each a fixed number of times inside the function
// `counted_region`, for tools/dev/count_instructions to count in. It prints the
// name and the number of runs of each, in the order in which they are run.
//
//   hot_paths DIRECTORY   # which write_worlds has filled
//
// Signatures are remembered before, so that none is verified in what is
// counted: that is arithmetic of BoringSSL's, of which it has several kinds.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "pinning/certificate.h"
#include "pinning/chain.h"
#include "pinning/path_builder.h"
#include "pinning/pin.h"
#include "pinning/pin_store.h"
#include "pinning/server_name.h"
#include "pinning/signature_memo.h"
#include "pinning/trust_store.h"
#include "pinning/verifier.h"

// By this name valgrind switches on and off.
extern "C" __attribute__((noinline)) void counted_region(
    absl::FunctionRef<void()> run, int times) {
  for (int i = 0; i < times; ++i) {
    run();
  }
}

namespace pinning {
namespace {

constexpr char kHost[] = "www.example.com";
constexpr int kTimes = 16;

absl::Time Now() { return absl::FromUnixSeconds(1780000000); }

// Require ends the program: what is counted must be what succeeds.
void Require(bool good, absl::string_view what) {
  if (!good) {
    std::fprintf(stderr, "hot_paths: %s\n", std::string(what).c_str());
    std::exit(1);
  }
}

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  Require(static_cast<bool>(file), absl::StrCat("cannot read ", path));
  return {std::istreambuf_iterator<char>(file), {}};
}

absl::Span<const uint8_t> Bytes(absl::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

// Count runs `run` once, so that what is made the first time is there, and
// then counts it.
void Count(const std::string& name, absl::FunctionRef<void()> run,
           int times = kTimes) {
  run();
  std::printf("%s %d\n", name.c_str(), times);
  counted_region(run, times);
}

// A Kind is the files of one kind of chain.
struct Kind {
  Kind(const std::string& folder, std::string kind)
      : name(std::move(kind)),
        leaf(ReadFile(absl::StrCat(folder, "/", name, ".leaf.der"))),
        intermediate(
            ReadFile(absl::StrCat(folder, "/", name, ".intermediate.der"))),
        roots(ReadFile(absl::StrCat(folder, "/", name, ".roots.pem"))) {}

  std::vector<absl::Span<const uint8_t>> Chain() const {
    return {Bytes(leaf), Bytes(intermediate)};
  }

  std::string name, leaf, intermediate, roots;
};

void CountParts(const Kind& kind) {
  Count("parse/" + kind.name, [&] {
    Require(Certificate::FromDer(Bytes(kind.leaf)).ok(), "no certificate");
  });
  const Certificate leaf = *Certificate::FromDer(Bytes(kind.leaf));
  Count("pin/" + kind.name, [&] {
    Require(Pin::OfSpki(leaf.spki_der()) == leaf.pin(), "another pin");
  });
  const ServerName name = *ServerName::FromString(kHost);
  Count("name/" + kind.name,
        [&] { Require(name.Matches(leaf), "another name"); });
}

void CountVerifications(const Kind& kind) {
  Verifier::Options options;
  options.trust_store =
      *TrustStore::FromPem(kind.roots, TrustAnchor::Origin::kBundled);
  options.pin_store = PinStore::Empty();
  options.signature_memo = std::make_shared<SignatureMemo>();
  const auto warm = *Verifier::Create(options);
  options.cache.max_bytes = 0;
  options.cache.max_refused_bytes = 0;
  options.cache.max_intermediate_bytes = 0;
  const auto cold = *Verifier::Create(options);
  const ServerName name = *ServerName::FromString(kHost);
  const auto chain = kind.Chain();
  Count("cold-without-signatures/" + kind.name, [&] {
    const Verdict verdict = cold->VerifyDer(chain, name, Now());
    Require(verdict.accepted() && !verdict.work().from_cache, "not cold");
  });
  Count("warm/" + kind.name, [&] {
    Require(warm->VerifyDer(chain, name, Now()).accepted(), "refused");
  });
  const PathBuilder builder(
      options.trust_store, Limits(), PathBuilder::ValidityPeriod::kEnforce,
      Profile::kRfc5280, PolicyOptions(), options.signature_memo);
  const auto parsed = *pinning::Chain::FromDer(chain);
  Count("path-without-signatures/" + kind.name, [&] {
    const auto result = builder.Search(
        parsed, KeyPurpose::kServerAuth, Now(),
        [](const VerifiedPath&) { return PathBuilder::Visit::kStop; });
    Require(result.signatures_remembered == 2, "a signature was verified");
  });
}

void CountRoots(const Kind& kind) {
  Count(
      "load-151-roots",
      [&] {
        Require(
            TrustStore::FromPem(kind.roots, TrustAnchor::Origin::kBundled).ok(),
            "no roots");
      },
      1);
}

// StoreJson returns a pin file of a thousand hosts, half with subdomains.
std::string StoreJson() {
  const std::string zeros(42, 'A');
  std::string json = absl::StrCat(
      R"({"schema":"pinning.pins/1","updated":"2026-01-01T00:00:00Z","sets":)",
      R"({"a":{"mode":"enforce","expires":"2027-01-01","on-expiry":"reject",)",
      R"("pins":[{"name":"a","pin":"sha256/)", zeros,
      R"(A="}],"backup-pins":[{"name":"b","pin":"sha256/)", zeros,
      R"(E="}]}},"hosts":{)");
  for (int i = 0; i < 1000; ++i) {
    absl::StrAppend(&json, i == 0 ? "\"" : ",\"", i % 2 == 0 ? "" : "**.", "d",
                    i, ".com\":\"a\"");
  }
  return json + "}}";
}

void CountStores() {
  const auto parsed = *PinStore::FromJson(StoreJson());
  const std::string compiled = *parsed->Compile();
  const auto opened = *PinStore::FromCompiled(Bytes(compiled), nullptr);
  // Of many names: where one lies in a table is chance.
  const auto names = [](const char* prefix, int first) {
    std::vector<ServerName> found;
    for (int i = 0; i < kTimes; ++i) {
      found.push_back(*ServerName::FromString(
          absl::StrCat(prefix, "d", first + 50 * i, ".com")));
    }
    return found;
  };
  const std::vector<ServerName> exact = names("", 100);
  const std::vector<ServerName> under = names("www.", 101);
  const std::vector<ServerName> miss = names("www.", 100);
  for (const auto& [form, store] :
       {std::pair{"parsed", parsed}, std::pair{"compiled", opened}}) {
    const auto count = [&, &label = form, &store = store](
                           const char* ask,
                           const std::vector<ServerName>& asked, bool there) {
      size_t i = 0;
      Count(absl::StrCat("find-", ask, "/", label), [&] {
        const auto entry = store->Find(asked[i++ % asked.size()]);
        Require(entry.ok() && entry->has_value() == there, "not so in a store");
      });
    };
    count("exact", exact, true);
    count("subdomain", under, true);
    count("miss", miss, false);
  }
  Count("open-store", [&] {
    Require(PinStore::FromCompiled(Bytes(compiled), nullptr).ok(), "no store");
  });
}

}  // namespace
}  // namespace pinning

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: hot_paths DIRECTORY\n");
    return 2;
  }
  for (const char* name : {"rsa", "ec", "mixed"}) {
    const pinning::Kind kind(argv[1], name);
    pinning::CountParts(kind);
    pinning::CountVerifications(kind);
    if (kind.name == "rsa") {
      pinning::CountRoots(kind);
    }
  }
  pinning::CountStores();
  return 0;
}
