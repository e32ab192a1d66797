#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "pinning/diagnosis.h"
#include "pinning/pin.h"
#include "pinning/pin_set.h"
#include "pinning/verdict.h"
#include "tests/confusion/cases.h"
#include "tests/confusion/shapes.h"
#include "tests/testing/pki.h"
#include "tools/mint/mint.h"

// What is said of each case, against what is true of it: docs/confusion.md has
// the table. `PINNING_CONFUSION=FILE` in the environment rewrites the table in
// FILE instead of comparing it.
namespace confusion {
namespace {

using pinning::AllDiagnosisKinds;
using pinning::ConfidenceName;
using pinning::DiagnosisKind;
using pinning::DiagnosisKindName;
using pinning::Pin;
using pinning::PinRole;
using pinning::Verdict;
using testing_support::PinOf;

constexpr auto kMitm = DiagnosisKind::kInterception;
constexpr absl::string_view kBegin = "<!-- confusion: begin -->\n";
constexpr absl::string_view kEnd = "<!-- confusion: end -->\n";

struct Group {
  std::string name;
  std::vector<Case> cases;
  bool listed = true;  // else the counts and misses alone are
  // Whether an operator's own authority would look the same, to whose root,
  // neither served nor installed, the pins may belong.
  bool alike = false;
};

// A Pinning is what the operator pinned of the genuine chain.
struct Pinning {
  std::string name;
  std::vector<Pin> pins;
  std::vector<PinRole> roles = {};
  // Whether one of them may be of a root that nobody has here.
  bool elsewhere = false;
};

Pinning RootAndIntermediate() {
  return {"pinned", {PinOf(World().root), PinOf(World().intermediate)}};
}

// OtherPinnings: what else operators pin. Most of these name no anchor of the
// bundle, so that nothing says that the name is a public authority's to issue.
std::vector<Pinning> OtherPinnings() {
  const Pin leaf = PinOf(World().leaf);
  const Pin intermediate = PinOf(World().intermediate);
  const Pin root = PinOf(World().root);
  return {
      {"intermediate alone pinned", {intermediate}, {}, /*elsewhere=*/true},
      {"intermediate alone pinned, as issuer",
       {intermediate},
       {PinRole::kIssuer}},
      {"leaf alone pinned", {leaf}, {}, /*elsewhere=*/true},
      {"leaf alone pinned, as leaf", {leaf}, {PinRole::kLeaf}},
      {"leaf and intermediate pinned",
       {leaf, intermediate},
       {},
       /*elsewhere=*/true},
      {"leaf and intermediate pinned, each in its role",
       {leaf, intermediate},
       {PinRole::kLeaf, PinRole::kIssuer}},
      {"root alone pinned, as anchor", {root}, {PinRole::kAnchor}},
      {"all three pinned, each in its role",
       {leaf, intermediate, root},
       {PinRole::kLeaf, PinRole::kIssuer, PinRole::kAnchor}},
  };
}

enum class Root { kNotInstalled, kInstalled, kInBundle };

std::vector<Case> Forged(const std::vector<Interceptor>& interceptors,
                         const Pinning& pinning, Root root) {
  std::vector<Case> cases;
  for (const Interceptor& interceptor : interceptors) {
    Case forged{interceptor.name, kMitm, Pinned(interceptor.served)};
    forged.question.pins = pinning.pins;
    forged.question.roles = pinning.roles;
    if (root == Root::kInstalled) {
      forged.question.local = {interceptor.root};
    } else if (root == Root::kInBundle) {
      forged.question.bundled.push_back(interceptor.root);
    }
    cases.push_back(std::move(forged));
  }
  return cases;
}

// LeafAlone returns the programs under authorities with bland names that are
// not sent.
std::vector<Interceptor> LeafAlone() {
  std::vector<Interceptor> programs = RealInterceptors(/*bland=*/true);
  for (Interceptor& program : programs) {
    program.served = {program.served.front()};
  }
  return programs;
}

// UnderSubordinate returns the programs with an issuing authority of their own,
// which is sent and whose root is not. It signed nothing for those whose leaf
// has the key of its authority.
std::vector<Interceptor> UnderSubordinate() {
  std::vector<Interceptor> programs = RealInterceptors(/*bland=*/true);
  for (Interceptor& program : programs) {
    const mint::Minted top = FakeRoot("Corp Top 2019");
    const mint::Minted subordinate =
        mint::Issue(Authority("Corp Root 2021", 1801 * kDay, 3650 * kDay),
                    program.root.key, top);
    program.served = {program.served.front(), subordinate};
    program.root = top;
  }
  return programs;
}

std::vector<Group> PinnedPrograms() {
  const std::vector<Interceptor> programs = RealInterceptors();
  const std::vector<Interceptor> leaf_alone = LeafAlone();
  const std::vector<Interceptor> subordinate = UnderSubordinate();
  std::vector<Pinning> pinnings = OtherPinnings();
  pinnings.insert(pinnings.begin(), RootAndIntermediate());
  std::vector<Group> groups;
  for (const Pinning& pinning : pinnings) {
    const bool listed = groups.empty();
    const auto add = [&](absl::string_view what,
                         const std::vector<Interceptor>& interceptors,
                         bool alike) {
      groups.push_back(
          {absl::StrCat(what, ", ", pinning.name, ", root not installed"),
           Forged(interceptors, pinning, Root::kNotInstalled), listed, alike});
      groups.push_back(
          {absl::StrCat(what, ", ", pinning.name, ", root installed"),
           Forged(interceptors, pinning, Root::kInstalled), listed});
    };
    add("programs", programs, false);
    add("programs, bland, leaf alone served", leaf_alone, false);
    add("programs, bland, issuing authority served", subordinate,
        pinning.elsewhere);
  }
  return groups;
}

std::vector<Group> MakeGroups() {
  const std::vector<Interceptor> careful = CarefulInterceptors();
  std::vector<Group> groups = PinnedPrograms();
  const std::vector<Group> more = {
      {"programs, pinned, root bundled by mistake",
       Forged(RealInterceptors(), RootAndIntermediate(), Root::kInBundle)},
      {"programs, not pinned, root not installed",
       Forged(RealInterceptors(), {}, Root::kNotInstalled)},
      {"hand-made, pinned, root not installed",
       Forged(careful, RootAndIntermediate(), Root::kNotInstalled)},
      {"hand-made, pinned, root installed",
       Forged(careful, RootAndIntermediate(), Root::kInstalled)},
      {"hand-made, not pinned, root not installed",
       Forged(careful, {}, Root::kNotInstalled)},
      {"servers of public authorities", ServerFailures()},
      {"private authorities", PrivateAuthorities()},
      {"clocks and login pages", ClocksAndPortals()},
      {"rotations and mis-issue", Rotations()},
  };
  groups.insert(groups.end(), more.begin(), more.end());
  return groups;
}

const std::vector<Group>& Groups() {
  static const std::vector<Group>& groups =
      *new std::vector<Group>(MakeGroups());
  return groups;
}

std::string Said(const Verdict& verdict) {
  if (verdict.diagnosis().kind == DiagnosisKind::kNone) {
    return verdict.accepted() ? "accepted" : "none";
  }
  return absl::StrCat(DiagnosisKindName(verdict.diagnosis().kind), ", ",
                      ConfidenceName(verdict.diagnosis().confidence));
}

struct Tables {
  // True kind, said kind: how many.
  std::map<std::string, std::map<DiagnosisKind, int>> counts;
  std::vector<std::string> rows;    // of the table of cases
  std::vector<std::string> misses;  // a line each
};

Tables Fill() {
  Tables tables;
  for (const Group& group : Groups()) {
    for (const Case& row : group.cases) {
      const Verdict verdict = Ask(row.question);
      const DiagnosisKind said = verdict.diagnosis().kind;
      const std::string truth = row.truth == kMitm
                                    ? absl::StrCat(group.name)
                                    : std::string(DiagnosisKindName(row.truth));
      ++tables.counts[truth][said];
      if (group.listed) {
        tables.rows.push_back(absl::StrCat("| ", group.name, " | ", row.name,
                                           " | ", DiagnosisKindName(row.truth),
                                           " | ", Said(verdict), " |\n"));
      }
      if (said != row.truth) {
        tables.misses.push_back(absl::StrCat(
            "- ", group.name, ": ", row.name, ": true ",
            DiagnosisKindName(row.truth), ", said ", Said(verdict), "\n"));
      }
    }
  }
  return tables;
}

std::string Markdown(const Tables& tables) {
  std::string text = "| true | ";
  for (const DiagnosisKind kind : AllDiagnosisKinds()) {
    absl::StrAppend(&text, DiagnosisKindName(kind), " | ");
  }
  text.back() = '\n';
  absl::StrAppend(&text, "| --- |");
  for (size_t i = 0; i < AllDiagnosisKinds().size(); ++i) {
    absl::StrAppend(&text, " ---: |");
  }
  absl::StrAppend(&text, "\n");
  for (const auto& [truth, said] : tables.counts) {
    absl::StrAppend(&text, "| ", truth, " | ");
    for (const DiagnosisKind kind : AllDiagnosisKinds()) {
      const auto found = said.find(kind);
      absl::StrAppend(&text, found == said.end() ? 0 : found->second, " | ");
    }
    text.back() = '\n';
  }
  absl::StrAppend(&text, "\nMisses:\n\n", absl::StrJoin(tables.misses, ""),
                  "\nEvery case:\n\n"
                  "| group | case | true | said |\n"
                  "| --- | --- | --- | --- |\n",
                  absl::StrJoin(tables.rows, ""));
  return text;
}

std::string ReadFile(const std::string& path) {
  std::ifstream in(path);
  return std::string((std::istreambuf_iterator<char>(in)),
                     std::istreambuf_iterator<char>());
}

TEST(Confusion, TheDocumentHasTheTable) {
  const std::string table = Markdown(Fill());
  const char* rewrite = std::getenv("PINNING_CONFUSION");
  const std::string path = rewrite == nullptr ? "docs/confusion.md" : rewrite;
  const std::string document = ReadFile(path);
  const size_t begin = document.find(kBegin);
  const size_t end = document.find(kEnd);
  ASSERT_NE(begin, std::string::npos) << path;
  ASSERT_NE(end, std::string::npos) << path;
  if (rewrite != nullptr) {
    std::ofstream(path) << document.substr(0, begin + kBegin.size()) << "\n"
                        << table << "\n"
                        << document.substr(end);
    return;
  }
  EXPECT_EQ(document.substr(begin + kBegin.size(), end - begin - kBegin.size()),
            absl::StrCat("\n", table, "\n"))
      << "see the head of confusion_test.cc on how to write it anew";
}

TEST(Confusion, NothingForgedIsAccepted) {
  for (const Group& group : Groups()) {
    for (const Case& row : group.cases) {
      SCOPED_TRACE(absl::StrCat(group.name, ": ", row.name));
      if (row.truth == kMitm) {
        EXPECT_FALSE(Ask(row.question).accepted());
      }
    }
  }
}

TEST(Confusion, ProgramsUnderPinsAreCalledInterception) {
  for (const Group& group : PinnedPrograms()) {
    if (group.alike) {
      continue;
    }
    for (const Case& row : group.cases) {
      SCOPED_TRACE(absl::StrCat(group.name, ": ", row.name));
      const Verdict verdict = Ask(row.question);
      EXPECT_TRUE(verdict.is_mitm()) << verdict.ToString();
    }
  }
}

TEST(Confusion, NoHonestFailureIsCalledInterception) {
  for (const Group& group : Groups()) {
    for (const Case& row : group.cases) {
      SCOPED_TRACE(absl::StrCat(group.name, ": ", row.name));
      if (row.truth != kMitm && !row.alike) {
        const Verdict verdict = Ask(row.question);
        EXPECT_FALSE(verdict.is_mitm()) << Said(verdict);
        EXPECT_NE(verdict.diagnosis().kind, kMitm) << Said(verdict);
      }
    }
  }
}

}  // namespace
}  // namespace confusion
