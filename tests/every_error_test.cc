#include <openssl/ssl.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "pinning/boringssl.h"
#include "pinning/error.h"
#include "pinning/internal/compiled_layout.h"
#include "pinning/internal/parsed_certificate.h"
#include "pinning/pin.h"
#include "pinning/pin_store.h"
#include "pinning/revocation.h"
#include "pinning/trust_store.h"
#include "pinning/verdict.h"
#include "pinning/verifier.h"
#include "tests/testing/handshake.h"
#include "tests/testing/pki.h"
#include "tools/mint/mint.h"

// One refusal for each ErrorCode, whole: from what a peer presents to the code
// and the depth in the verdict. The tests of the rooms have the rows between; a
// code that is added fails here until something produces it.
namespace pinning {
namespace {

using mint::Key;
using testing_support::ClientContext;
using testing_support::Connection;
using testing_support::NameOf;
using testing_support::Now;
using testing_support::PinOf;
using testing_support::PinPolicy;
using testing_support::PinStoreOf;
using testing_support::ServerContext;

constexpr char kHost[] = "www.example.com";

// A World is root, upper, issuer and leaf, at depths 3 to 0, pinned to the
// issuer. A row changes what it needs.
struct World {
  mint::Spec root = mint::Ca("Root");
  mint::Spec upper = mint::Ca("Upper");
  mint::Spec issuer = mint::Ca("Issuer");
  mint::Spec leaf = mint::Leaf({kHost});
  Key leaf_key = Key::Shared("p256-leaf");
  PinPolicy pins;
  bool damage_pins = false;
  std::vector<Pin> distrusted;
  Verifier::Options options;
  std::string host = kHost;
  absl::Time now = Now();
  std::function<void(std::vector<std::vector<uint8_t>>&)> served;
  std::optional<mint::CrlSpec> root_crl, upper_crl, issuer_crl;
};

// Damaged returns the compiled form of `store` with each octet after the header
// changed, as a disk may do it.
std::shared_ptr<const PinStore> Damaged(const PinStore& store) {
  auto bytes = std::make_shared<std::string>(*store.Compile());
  for (size_t i = internal::compiled::kHeaderSize; i < bytes->size(); ++i) {
    (*bytes)[i] = static_cast<char>((*bytes)[i] ^ 1);
  }
  return *PinStore::FromCompiled(
      absl::MakeConstSpan(reinterpret_cast<const uint8_t*>(bytes->data()),
                          bytes->size()),
      bytes);
}

Key IssuerKey() { return Key::Shared("p256-issuer"); }
Key UpperKey() { return Key::Shared("p256-upper"); }

Verdict Judge(World world) {
  const mint::Minted root =
      mint::SelfSigned(world.root, Key::Shared("p256-root"));
  const mint::Minted upper = mint::Issue(world.upper, UpperKey(), root);
  const mint::Minted issuer = mint::Issue(world.issuer, IssuerKey(), upper);
  const mint::Minted leaf = mint::Issue(world.leaf, world.leaf_key, issuer);
  std::vector<std::vector<uint8_t>> presented = {leaf.der, issuer.der,
                                                 upper.der};
  if (world.served) {
    world.served(presented);
  }
  TrustStore::Builder roots;
  EXPECT_TRUE(roots.AddPem(root.Pem(), TrustAnchor::Origin::kBundled).ok());
  for (const Pin& pin : world.distrusted) {
    roots.AddDistrusted(pin);
  }
  world.options.trust_store = roots.Build();
  world.options.pin_store = PinStoreOf(world.pins, {kHost});
  if (world.damage_pins) {
    world.options.pin_store = Damaged(*world.options.pin_store);
  }
  const auto verifier = Verifier::Create(world.options);
  EXPECT_TRUE(verifier.ok()) << verifier.status();
  const std::vector<absl::Span<const uint8_t>> spans(presented.begin(),
                                                     presented.end());
  std::vector<std::vector<uint8_t>> crls;
  const auto add = [&](const std::optional<mint::CrlSpec>& crl,
                       const mint::Minted& signer) {
    if (crl.has_value()) {
      crls.push_back(mint::MintCrl(*crl, signer));
    }
  };
  add(world.root_crl, root);
  add(world.upper_crl, upper);
  add(world.issuer_crl, issuer);
  Revocation revocation;
  if (!crls.empty()) {
    const std::vector<absl::Span<const uint8_t>> ders(crls.begin(), crls.end());
    const auto data = RevocationData::FromCrls(ders);
    EXPECT_TRUE(data.ok()) << data.status();
    revocation.crls = *data;
  }
  return (*verifier)->VerifyDer(spans, NameOf(world.host), world.now,
                                revocation);
}

World Unchanged() {
  World world;
  world.pins.pins = {PinOf(IssuerKey())};
  return world;
}

struct Row {
  ErrorCode code;
  int depth;
  std::function<void(World&)> change;
};

const std::vector<Row>& Rows() {
  static const auto& rows = *new std::vector<Row>{
      {ErrorCode::kNoPath, 1,
       [](World& w) {
         w.served = [](auto& presented) { presented.pop_back(); };
       }},
      {ErrorCode::kBudgetExhausted, -1,
       [](World& w) { w.options.limits.max_signatures = 2; }},
      {ErrorCode::kDistrustedAnchor, 1,
       [](World& w) { w.distrusted = {PinOf(IssuerKey())}; }},
      {ErrorCode::kBadSignature, 1,
       [](World& w) { w.issuer.corrupt_signature = true; }},
      {ErrorCode::kExpired, 2,
       [](World& w) { w.upper.not_after = Now() - absl::Hours(1); }},
      {ErrorCode::kNotYetValid, 0,
       [](World& w) { w.leaf.not_before = Now() + absl::Hours(1); }},
      {ErrorCode::kNotACa, 1, [](World& w) { w.issuer.is_ca = false; }},
      {ErrorCode::kPathLengthExceeded, 1,
       [](World& w) { w.upper.path_length = 0; }},
      {ErrorCode::kNameConstraintViolated, 0,
       [](World& w) { w.upper.permitted = {"dns:example.net"}; }},
      {ErrorCode::kUnhandledCriticalExtension, 1,
       [](World& w) {
         w.issuer.extra = {{"1.3.6.1.4.1.55555.1", true, {0x05, 0x00}}};
       }},
      {ErrorCode::kKeyUsage, 2,
       [](World& w) { w.upper.key_usage = internal::kCrlSign; }},
      {ErrorCode::kExtendedKeyUsage, 0,
       [](World& w) { w.leaf.extended_key_usage = {"1.3.6.1.5.5.7.3.2"}; }},
      {ErrorCode::kUnacceptableAlgorithm, 1,
       [](World& w) {
         w.issuer.algorithm = mint::SignatureAlgorithm::kEcdsaSha1;
       }},
      {ErrorCode::kUnacceptableKey, 0,
       [](World& w) { w.leaf_key = Key::Shared("rsa1024-weak"); }},
      {ErrorCode::kInvalidProfile, 2,
       [](World& w) { w.upper.serial.assign(21, 0x7f); }},
      // A policy is required, and the authority at depth 2 has none.
      {ErrorCode::kPolicy, 2,
       [](World& w) {
         w.options.policies.require_explicit_policy = true;
         w.options.policies.acceptable = {"1.3.6.1.4.1.55555.2"};
       }},
      {ErrorCode::kRevoked, 1,
       [](World& w) {
         w.issuer.serial = {0x11};
         w.root_crl = w.upper_crl = w.issuer_crl = mint::CrlSpec();
         w.upper_crl->serials = {{0x11}};
       }},
      {ErrorCode::kRevocationUnknown, 0,
       [](World& w) { w.root_crl = w.upper_crl = mint::CrlSpec(); }},
      {ErrorCode::kNameMismatch, 0, [](World& w) { w.host = "b.example.com"; }},
      {ErrorCode::kPinMismatch, -1,
       [](World& w) { w.pins.pins = {PinOf(Key::Shared("p256-nobody"))}; }},
      {ErrorCode::kBlockedPin, 2,
       [](World& w) { w.pins.blocked = {PinOf(UpperKey())}; }},
      {ErrorCode::kPinSetExpired, -1,
       [](World& w) { w.pins.expires = Now() - absl::Hours(1); }},
      {ErrorCode::kPinStoreDamaged, -1, [](World& w) { w.damage_pins = true; }},
      {ErrorCode::kEmptyChain, -1,
       [](World& w) { w.served = [](auto& presented) { presented.clear(); }; }},
      {ErrorCode::kChainTooLong, 32,
       [](World& w) {
         w.served = [](auto& presented) { presented.resize(33); };
       }},
      {ErrorCode::kMalformedCertificate, 1,
       [](World& w) {
         w.served = [](auto& presented) { presented[1].pop_back(); };
       }},
  };
  return rows;
}

TEST(EveryErrorTest, TheUnchangedWorldIsAccepted) {
  const Verdict verdict = Judge(Unchanged());
  EXPECT_TRUE(verdict.accepted()) << verdict.ToString();
  EXPECT_EQ(verdict.pin_status(), PinStatus::kMatched);
}

TEST(EveryErrorTest, IsProducedWithItsDepth) {
  for (const Row& row : Rows()) {
    SCOPED_TRACE(ErrorCodeName(row.code));
    World world = Unchanged();
    row.change(world);
    const Verdict verdict = Judge(std::move(world));
    EXPECT_FALSE(verdict.accepted());
    EXPECT_EQ(verdict.error().code, row.code) << verdict.ToString();
    EXPECT_EQ(verdict.error().depth, row.depth) << verdict.ToString();
  }
}

// A caller that gives a name cannot make this one: it is the hook's.
TEST(EveryErrorTest, NoServerNameIsProducedWithItsDepth) {
  const testing_support::Pki pki = testing_support::MakePki("every", kHost);
  const auto client = ClientContext(TLS1_3_VERSION);
  ASSERT_TRUE(InstallVerifier(client.get(),
                              testing_support::VerifierOf(
                                  testing_support::TrustStoreOf({pki.root}),
                                  PinStore::Empty()))
                  .ok());
  const auto server = ServerContext(TLS1_3_VERSION, pki.Presented());
  Connection connection(client.get(), server.get());
  EXPECT_FALSE(connection.Handshake());
  const Verdict* verdict = LastVerdict(connection.client());
  ASSERT_NE(verdict, nullptr);
  EXPECT_FALSE(verdict->accepted());
  EXPECT_EQ(verdict->error().code, ErrorCode::kNoServerName);
  EXPECT_EQ(verdict->error().depth, -1);
}

TEST(EveryErrorTest, HasARow) {
  std::map<ErrorCode, int> rows = {{ErrorCode::kNoServerName, 1}};  // above
  for (const Row& row : Rows()) {
    ++rows[row.code];
  }
  for (const ErrorCode code : AllErrorCodes()) {
    EXPECT_EQ(rows[code], 1) << ErrorCodeName(code);
  }
  EXPECT_EQ(rows.size(), AllErrorCodes().size());
}

}  // namespace
}  // namespace pinning
