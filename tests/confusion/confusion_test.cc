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
#include "pinning/verdict.h"
#include "tests/confusion/cases.h"

// What is said of each case, against what is true of it: docs/confusion.md has
// the table. `PINNING_CONFUSION=FILE` in the environment rewrites the table in
// FILE instead of comparing it.
namespace confusion {
namespace {

using pinning::AllDiagnosisKinds;
using pinning::ConfidenceName;
using pinning::DiagnosisKind;
using pinning::DiagnosisKindName;
using pinning::Verdict;

constexpr auto kMitm = DiagnosisKind::kInterception;
constexpr absl::string_view kBegin = "<!-- confusion: begin -->\n";
constexpr absl::string_view kEnd = "<!-- confusion: end -->\n";

struct Group {
  std::string name;
  bool pinned = true;  // for interceptors
  std::vector<Case> cases;
};

std::vector<Case> Forged(const std::vector<Interceptor>& interceptors,
                         bool pinned, bool installed) {
  std::vector<Case> cases;
  for (const Interceptor& interceptor : interceptors) {
    Case forged{interceptor.name, kMitm, Pinned(interceptor.served)};
    if (!pinned) {
      forged.question.pins.clear();
    }
    if (installed) {
      forged.question.local = {interceptor.root};
    }
    cases.push_back(std::move(forged));
  }
  return cases;
}

const std::vector<Group>& Groups() {
  static const std::vector<Group>& groups = *new std::vector<Group>{
      {"programs, pinned, root not installed", true,
       Forged(RealInterceptors(), true, false)},
      {"programs, pinned, root installed", true,
       Forged(RealInterceptors(), true, true)},
      {"programs, not pinned, root not installed", false,
       Forged(RealInterceptors(), false, false)},
      {"hand-made, pinned, root not installed", true,
       Forged(CarefulInterceptors(), true, false)},
      {"hand-made, pinned, root installed", true,
       Forged(CarefulInterceptors(), true, true)},
      {"hand-made, not pinned, root not installed", false,
       Forged(CarefulInterceptors(), false, false)},
      {"servers of public authorities", true, ServerFailures()},
      {"private authorities", true, PrivateAuthorities()},
      {"clocks and login pages", true, ClocksAndPortals()},
      {"rotations and mis-issue", true, Rotations()},
  };
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
      tables.rows.push_back(absl::StrCat("| ", group.name, " | ", row.name,
                                         " | ", DiagnosisKindName(row.truth),
                                         " | ", Said(verdict), " |\n"));
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
  for (const bool installed : {false, true}) {
    for (const Case& row : Forged(RealInterceptors(), true, installed)) {
      SCOPED_TRACE(absl::StrCat(row.name, installed ? ", installed" : ""));
      const Verdict verdict = Ask(row.question);
      EXPECT_TRUE(verdict.is_mitm()) << verdict.ToString();
    }
  }
}

TEST(Confusion, NoHonestFailureIsCalledInterception) {
  for (const Group& group : Groups()) {
    for (const Case& row : group.cases) {
      SCOPED_TRACE(absl::StrCat(group.name, ": ", row.name));
      if (row.truth != kMitm) {
        const Verdict verdict = Ask(row.question);
        EXPECT_FALSE(verdict.is_mitm()) << Said(verdict);
        EXPECT_NE(verdict.diagnosis().kind, kMitm) << Said(verdict);
      }
    }
  }
}

}  // namespace
}  // namespace confusion
