// tlspin diff: the comparison, and the command round it.

#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "pinning/pin_store.h"
#include "tests/testing/process.h"
#include "tests/testing/tlspin.h"
#include "tools/tlspin/pin_diff.h"

namespace {

using ::pinning::PinStore;
using ::testing::HasSubstr;
using ::testing_support::Masked;
using ::testing_support::ProcessOptions;
using ::testing_support::ProcessResult;
using ::testing_support::RunTlspin;
using ::testing_support::TempDirectory;
using ::tlspin::ComparePins;
using ::tlspin::HostCell;
using ::tlspin::HostChange;
using ::tlspin::PinChange;
using ::tlspin::PinDiff;

constexpr char kOne[] = "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE=";
constexpr char kTwo[] = "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAI=";
constexpr char kThree[] = "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAM=";
constexpr char kFour[] = "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAQ=";

std::string PinText(const std::string& pin, const std::string& role) {
  return absl::StrCat(R"({"name":"N","pin":")", pin, R"(","role":")", role,
                      R"("})");
}

// A Set is one set of a pin file; every member may be changed.
struct Set {
  std::string mode = "enforce";
  std::string expires = "2027-01-01";
  std::string on_expiry = "reject";
  std::string pins = PinText(kOne, "any");
  std::string backup = PinText(kTwo, "any");
  std::string blocked;
};

std::string SetText(const std::string& name, const Set& set) {
  return absl::StrCat("\"", name, R"(":{"mode":")", set.mode,
                      R"(","expires":")", set.expires, R"(","on-expiry":")",
                      set.on_expiry, R"(","pins":[)", set.pins,
                      R"(],"backup-pins":[)", set.backup,
                      R"(],"blocked-pins":[)", set.blocked, "]}");
}

// File returns a pin file with the set "a", the set "b" of other pins if a host
// uses it, and `hosts`: {"example.com=a", ...}.
std::string File(const std::vector<std::string>& hosts, const Set& a = {}) {
  Set b;
  b.pins = PinText(kThree, "any");
  b.backup = PinText(kFour, "any");
  std::vector<std::string> sets, rows;
  const std::string all = absl::StrJoin(hosts, " ") + " ";
  if (all.find("=a ") != std::string::npos) {
    sets.push_back(SetText("a", a));
  }
  if (all.find("=b ") != std::string::npos) {
    sets.push_back(SetText("b", b));
  }
  for (const std::string& host : hosts) {
    rows.push_back(
        absl::StrCat("\"", absl::StrReplaceAll(host, {{"=", "\":\""}}), "\""));
  }
  return absl::StrCat(
      R"({"schema":"pinning.pins/1","updated":"2026-05-01","sets":{)",
      absl::StrJoin(sets, ","), R"(},"hosts":{)", absl::StrJoin(rows, ","),
      "}}");
}

std::shared_ptr<const PinStore> Store(const std::string& text) {
  absl::StatusOr<std::shared_ptr<const PinStore>> store =
      PinStore::FromJson(text, "pins");
  EXPECT_TRUE(store.ok()) << store.status() << text;
  return *store;
}

// Summary returns "HOST HOST: CODE+ CODE-" for each row: + accepts more, -
// refuses more.
std::string Summary(const PinDiff& diff) {
  std::vector<std::string> rows;
  for (const HostChange& host : diff.hosts) {
    std::vector<std::string> names, changes;
    for (const HostCell& cell : host.hosts) {
      names.push_back(cell.ToString());
    }
    for (const PinChange& change : host.changes) {
      changes.push_back(absl::StrCat(PinChangeName(change.kind),
                                     change.accepts_more ? "+" : "",
                                     change.refuses_more ? "-" : ""));
    }
    rows.push_back(absl::StrCat(absl::StrJoin(names, " "), ": ",
                                absl::StrJoin(changes, " ")));
  }
  return absl::StrJoin(rows, "; ");
}

struct HostRow {
  std::string name;
  std::vector<std::string> before, after;
  std::string summary;
};

void PrintTo(const HostRow& row, std::ostream* out) { *out << row.name; }

class DiffHostsTest : public testing::TestWithParam<HostRow> {};

TEST_P(DiffHostsTest, EveryKindOfHostIsCompared) {
  EXPECT_EQ(Summary(ComparePins(*Store(File(GetParam().before)),
                                *Store(File(GetParam().after)))),
            GetParam().summary);
}

constexpr char kToB[] = "pin-removed- pin-removed- pin-added+ pin-added+";

INSTANTIATE_TEST_SUITE_P(
    All, DiffHostsTest,
    testing::Values(
        HostRow{"Same", {"example.com=a"}, {"example.com=a"}, ""},
        HostRow{"OtherSpelling", {"example.com=a"}, {"EXAMPLE.com.=a"}, ""},
        HostRow{"HostAdded",
                {"example.com=a"},
                {"example.com=a", "example.net=a"},
                "example.net: pinned-"},
        HostRow{"HostRemoved",
                {"example.com=a", "example.net=a"},
                {"example.com=a"},
                "example.net: unpinned+"},
        // What a format with names and one label below them can say.
        HostRow{"NameAndOneLabelIsNotAnyDepth",
                {"**.example.com=a"},
                {"example.com=a", "*.example.com=a"},
                "*.*.example.com: unpinned+"},
        HostRow{"AnyDepthForOneLabel",
                {"*.example.com=a"},
                {"**.example.com=a"},
                "example.com *.*.example.com: pinned-"},
        HostRow{"AnyDepthHoldsTheNameAndOneLabel",
                {"**.example.com=a"},
                {"**.example.com=a", "example.com=a", "*.example.com=a"},
                ""},
        HostRow{"SetOfTheNameAlone",
                {"**.example.com=a"},
                {"**.example.com=a", "example.com=b"},
                absl::StrCat("example.com: ", kToB)},
        HostRow{"SetOfOneLabelBelow",
                {"**.example.com=a"},
                {"**.example.com=a", "*.example.com=b"},
                absl::StrCat("*.example.com: ", kToB)},
        HostRow{"MostSpecificWins",
                {"**.example.com=a", "**.sub.example.com=b"},
                {"**.example.com=a"},
                "sub.example.com *.sub.example.com *.*.sub.example.com: "
                "pin-removed- pin-removed- pin-added+ pin-added+"},
        HostRow{"NoneCarvesOut",
                {"**.example.com=a"},
                {"**.example.com=a", "status.example.com=none"},
                "status.example.com: unpinned+"},
        HostRow{"NoneCarvesOutATree",
                {"**.example.com=a", "**.cdn.example.com=none"},
                {"**.example.com=a", "cdn.example.com=none"},
                "*.cdn.example.com *.*.cdn.example.com: pinned-"},
        HostRow{"NoneWhereNothingIsPinned",
                {"example.com=a"},
                {"example.com=a", "example.net=none"},
                ""},
        HostRow{"CarvedOutHostIsRedundantUnderCarvedOutTree",
                {"**.example.com=a", "**.cdn.example.com=none"},
                {"**.example.com=a", "**.cdn.example.com=none",
                 "x.cdn.example.com=none"},
                ""},
        HostRow{"Address",
                {"192.0.2.7=a"},
                {"192.0.2.8=a"},
                "192.0.2.7: unpinned+; 192.0.2.8: pinned-"},
        HostRow{"LabelOfTheProbeInUse",
                {"any.example.com=b", "any1.example.com=b", "*.example.com=a"},
                {"any.example.com=b", "any1.example.com=b"},
                "*.example.com: unpinned+"}),
    [](const testing::TestParamInfo<HostRow>& row) { return row.param.name; });

struct SetRow {
  std::string name;
  Set before, after;
  std::string changes;
};

void PrintTo(const SetRow& row, std::ostream* out) { *out << row.name; }

class DiffSetsTest : public testing::TestWithParam<SetRow> {};

TEST_P(DiffSetsTest, EveryPartOfASetIsCompared) {
  const std::string summary =
      Summary(ComparePins(*Store(File({"example.com=a"}, GetParam().before)),
                          *Store(File({"example.com=a"}, GetParam().after))));
  EXPECT_EQ(summary, GetParam().changes.empty()
                         ? ""
                         : absl::StrCat("example.com: ", GetParam().changes));
}

template <typename Change>
Set With(Change change) {
  Set set;
  change(set);
  return set;
}

Set WithExpiry(const std::string& expires, const std::string& on_expiry) {
  return With([&](Set& set) {
    set.expires = expires;
    set.on_expiry = on_expiry;
  });
}

Set WithRole(const std::string& role) {
  return With([&](Set& set) { set.pins = PinText(kOne, role); });
}

Set WithMode(const std::string& mode) {
  return With([&](Set& set) { set.mode = mode; });
}

Set WithPins(const std::string& pins) {
  return With([&](Set& set) { set.pins = pins; });
}

Set WithBlocked(const std::string& pin) {
  return With([&](Set& set) {
    set.blocked = absl::StrCat(R"({"name":"N","pin":")", pin, R"("})");
  });
}

const std::string& Both() {
  static const std::string& both = *new std::string(
      absl::StrCat(PinText(kOne, "any"), ",", PinText(kThree, "leaf")));
  return both;
}

INSTANTIATE_TEST_SUITE_P(
    All, DiffSetsTest,
    testing::Values(
        SetRow{"Same", {}, {}, ""},
        SetRow{"PinAdded", {}, WithPins(Both()), "pin-added+"},
        SetRow{"PinRemoved", WithPins(Both()), {}, "pin-removed-"},
        SetRow{"RoleNarrowed", {}, WithRole("leaf"), "role-"},
        SetRow{"RoleWidened", WithRole("issuer"), {}, "role+"},
        SetRow{"RoleMoved", WithRole("issuer"), WithRole("anchor"), "role+-"},
        SetRow{"BackupTakenIntoService", WithPins(PinText(kThree, "any")),
               With([](Set& set) {
                 set.pins = PinText(kTwo, "any");
                 set.backup = PinText(kThree, "any");
               }),
               "backup backup"},
        SetRow{"Blocked", {}, WithBlocked(kFour), "blocked-"},
        SetRow{"Unblocked", WithBlocked(kFour), {}, "unblocked+"},
        SetRow{"PinBecameBlocked", WithPins(Both()), WithBlocked(kThree),
               "blocked-"},
        SetRow{"ModeLoosened", {}, WithMode("report-only"), "mode+"},
        SetRow{"ModeTightened", WithMode("report-only"), {}, "mode-"},
        SetRow{"LongerThenRefused",
               {},
               WithExpiry("2027-02-01", "reject"),
               "expires+"},
        SetRow{"ShorterThenRefused",
               {},
               WithExpiry("2026-12-01", "reject"),
               "expires-"},
        SetRow{"LongerThenOpen", WithExpiry("2027-01-01", "stop-enforcing"),
               WithExpiry("2027-02-01", "stop-enforcing"), "expires-"},
        SetRow{"ShorterThenOpen", WithExpiry("2027-01-01", "stop-enforcing"),
               WithExpiry("2026-12-01", "stop-enforcing"), "expires+"},
        SetRow{"OpensAfterExpiry",
               {},
               WithExpiry("2027-01-01", "stop-enforcing"),
               "on-expiry+"},
        SetRow{"RefusesAfterExpiry",
               WithExpiry("2027-01-01", "stop-enforcing"),
               {},
               "on-expiry-"},
        // Refused from January on; now compared until February, then open.
        SetRow{"LaterAndOpens",
               {},
               WithExpiry("2027-02-01", "stop-enforcing"),
               "expires+ on-expiry+"},
        // Open from January on; now refused from December on.
        SetRow{"EarlierAndRefuses", WithExpiry("2027-01-01", "stop-enforcing"),
               WithExpiry("2026-12-01", "reject"), "expires- on-expiry-"},
        SetRow{"ReportOnlyDecidesNothing", WithMode("report-only"),
               With([](Set& set) {
                 set.mode = "report-only";
                 set.pins = Both();
                 set.expires = "2028-01-01";
               }),
               "expires pin-added"}),
    [](const testing::TestParamInfo<SetRow>& row) { return row.param.name; });

TEST(DiffTest, LongestNameHasNoNamesBelow) {
  std::string name = "example.com";
  while (name.size() < 250) {
    name = absl::StrCat("a.", name);
  }
  EXPECT_EQ(Summary(ComparePins(*Store(File({absl::StrCat("**.", name, "=a")})),
                                *PinStore::Empty())),
            absl::StrCat(name, ": unpinned+"));
}

ProcessResult Diff(const std::string& before, const std::string& after,
                   const std::vector<std::string>& flags = {}) {
  const TempDirectory directory;
  const std::string old_file = directory.Write("old.json", before);
  const std::string new_file = directory.Write("new.json", after);
  std::vector<std::string> arguments = {"diff", old_file, new_file};
  arguments.insert(arguments.end(), flags.begin(), flags.end());
  ProcessResult result = RunTlspin(arguments);
  for (std::string* text : {&result.standard_output, &result.standard_error}) {
    *text = Masked(*text, {{old_file, "OLD"}, {new_file, "NEW"}});
  }
  return result;
}

TEST(DiffCommandTest, Same) {
  const std::string file = File({"example.com=a"});
  ProcessResult result = Diff(file, file);
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.standard_output,
            "SAME     OLD -> NEW: every host is decided alike\n");
  EXPECT_EQ(result.standard_error, "");
  result = Diff(file, file, {"--json"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.standard_output,
            R"({"schema":"tlspin.diff/1","old":"OLD","new":"NEW","same":true,)"
            R"("accepts_more":false,"refuses_more":false,"hosts":[]})"
            "\n");
}

TEST(DiffCommandTest, Differences) {
  const std::string before = File({"*.example.com=a", "example.net=a"});
  const std::string after =
      File({"*.example.com=a"}, WithPins(PinText(kOne, "leaf")));
  ProcessResult result = Diff(before, after);
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(result.standard_output,
            absl::StrCat("hosts    *.example.com\n"
                         "         set \"a\" -> set \"a\"\n"
                         "  role         ",
                         kOne,
                         "  N  any -> leaf: refuses more\n"
                         "hosts    example.net\n"
                         "         set \"a\" -> not pinned\n"
                         "  unpinned     enforce: accepts more\n"
                         "DIFFER   OLD -> NEW: accepts more and refuses "
                         "more\n"));
  result = Diff(before, after, {"--json"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(
      result.standard_output,
      absl::StrCat(
          R"({"schema":"tlspin.diff/1","old":"OLD","new":"NEW","same":false,)",
          R"("accepts_more":true,"refuses_more":true,"hosts":[{"hosts":)",
          R"([{"pattern":"*.example.com","example":"any.example.com"}],)",
          R"("old_set":"a","new_set":"a","changes":[{"code":"role",)",
          R"("accepts_more":false,"refuses_more":true,"pin":")", kOne,
          R"(","name":"N","old":"any","new":"leaf"}]},{"hosts":)",
          R"([{"pattern":"example.net","example":"example.net"}],)",
          R"("old_set":"a","new_set":null,"changes":[{"code":"unpinned",)",
          R"("accepts_more":true,"refuses_more":false,"pin":null,)",
          R"("name":null,"old":"enforce","new":null}]}]})", "\n"));
}

TEST(DiffCommandTest, FilesThatAreNone) {
  const std::string good = File({"example.com=a"});
  ProcessResult result = Diff(good, "{\"schema\":1}");
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_EQ(result.standard_output, "");
  EXPECT_THAT(result.standard_error, HasSubstr("tlspin: NEW:1:"));
  EXPECT_EQ(Diff("{", good).exit_code, 3);
  EXPECT_EQ(RunTlspin({"diff", "/nowhere", "/nowhere"}).exit_code, 3);
  EXPECT_EQ(RunTlspin({"diff", "-", "-"}).exit_code, 2);
  EXPECT_EQ(RunTlspin({"diff", "/nowhere"}).exit_code, 2);
}

TEST(DiffCommandTest, StandardInput) {
  const TempDirectory directory;
  ProcessOptions options;
  options.standard_input = File({"example.com=a"});
  const std::string file = directory.Write("pins.json", options.standard_input);
  EXPECT_EQ(RunTlspin({"diff", "-", file}, options).exit_code, 0);
  EXPECT_EQ(RunTlspin({"diff", file, "-", "-q"}, options).standard_output, "");
}

}  // namespace
