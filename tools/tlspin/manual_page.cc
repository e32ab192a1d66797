#include "tools/tlspin/manual_page.h"

#include <set>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "tools/tlspin/flag_text.h"
#include "tools/tlspin/mdoc.h"
#include "tools/tlspin/version.h"

namespace tlspin {
namespace {

std::string Head(const std::string& page, const std::string& summary) {
  return absl::StrCat(".\\\" Made by tlspin of what its help is made of.\n.Dd ",
                      kVersionDate, "\n.Dt ", absl::AsciiStrToUpper(page),
                      " 1\n.Os \"", MdocText(kVersion), "\"\n.Sh NAME\n.Nm ",
                      page, "\n.Nd ", MdocText(summary), "\n");
}

// LowerFirst returns `text` as what follows a dash.
std::string LowerFirst(std::string text) {
  text[0] = absl::ascii_tolower(static_cast<unsigned char>(text[0]));
  return text;
}

// FlagHead returns the "-o, --output FILE" of an item.
std::string FlagHead(const Flag& flag) {
  if (flag.is_argument()) {
    return absl::StrCat("Ar ", MdocWord(flag.value));
  }
  std::string head;
  for (const std::string& name : AllNames(flag)) {
    absl::StrAppend(&head, head.empty() ? "" : " , ", "Fl ",
                    MdocText(name.substr(1)));
  }
  if (!flag.value.empty()) {
    absl::StrAppend(&head, " Ar ", MdocWord(flag.value));
  }
  return head;
}

std::string FlagItem(const Flag& flag) {
  return absl::StrCat(".It ", FlagHead(flag), "\n",
                      MdocSentences(absl::StrCat(DescriptionOf(flag), ".")),
                      "\n");
}

std::string List(const std::string& items) {
  return items.empty()
             ? ""
             : absl::StrCat(".Bl -tag -width indent\n", items, ".El\n");
}

std::string Synopsis(const Command& command) {
  std::string text = absl::StrCat(".Sh SYNOPSIS\n.Nm tlspin\n.Cm ",
                                  MdocText(command.name()), "\n");
  bool options = false;
  std::string required, arguments;
  for (const Flag& flag : command.flags()) {
    if (flag.is_argument()) {
      absl::StrAppend(&arguments, flag.required ? ".Ar " : ".Op Ar ",
                      MdocWord(flag.value), flag.is_repeated() ? " ..." : "",
                      "\n");
    } else if (flag.required) {
      absl::StrAppend(&required, ".Fl ", MdocText(MainName(flag).substr(1)),
                      " Ar ", MdocWord(flag.value), "\n");
    } else {
      options = true;
    }
  }
  return absl::StrCat(text, options ? ".Op Ar \\&OPTION ...\n" : "", required,
                      arguments);
}

constexpr char kEnvironment[] =
    ".Sh ENVIRONMENT\n"
    ".Bl -tag -width indent\n"
    ".It Ev COLUMNS\n"
    "How wide the help may be, before the width of the terminal.\n"
    ".It Ev LC_ALL , LC_MESSAGES , LANG\n"
    "The first that is set chooses the language of verdicts and advice,\n"
    "English or Spanish, unless\n"
    ".Fl \\-lang\n"
    "does.\n"
    ".It Ev NO_COLOR\n"
    "If it is set and not empty, nothing is coloured unless\n"
    ".Fl \\-color Ns = Ns Cm always\n"
    "says so.\n"
    ".It Ev TERM\n"
    "Nothing is coloured if it is not set, or\n"
    ".Cm dumb .\n"
    ".El\n";

}  // namespace

std::string ProgramManual(const CommandTable& table) {
  std::string commands;
  std::set<std::string> pages;  // in the order that manuals have
  for (const Command& command : table) {
    if (command.is_hidden()) {
      continue;
    }
    absl::StrAppend(&commands, ".It Cm ", MdocText(command.name()), "\n",
                    MdocText(absl::StrCat(command.help().summary, ".")), "\n");
    pages.insert(absl::StrCat(".Xr tlspin\\-", MdocText(command.name()), " 1"));
  }
  return absl::StrCat(
      Head("tlspin", "decide whether TLS connections may be trusted"),
      ".Sh SYNOPSIS\n.Nm\n.Ar \\&COMMAND\n.Op Ar \\&OPTION ...\n"
      ".Op Ar \\&ARGUMENT ...\n.Nm\n.Fl \\-help | Fl \\-version\n"
      ".Sh DESCRIPTION\n",
      MdocText(kProgramSummary), "\n.Pp\nThe commands are:\n", List(commands),
      ".Pp\nEach has a manual page of its own, and\n"
      ".Nm Cm help Ar \\&COMMAND\n"
      "prints the same in short.\n"
      ".Pp\nThe options are:\n",
      List(FlagItem(HelpFlag()) + FlagItem(VersionFlag())), kEnvironment,
      ".Sh EXIT STATUS\nThe same for every command:\n",
      MdocItems(kProgramExitCodes), ".Sh SEE ALSO\n",
      absl::StrJoin(pages, " ,\n"), "\n");
}

std::string CommandManual(const Command& command) {
  std::string arguments, options, common;
  for (const Flag& flag : command.flags()) {
    std::string& list = flag.is_argument() ? arguments
                        : flag.common      ? common
                                           : options;
    absl::StrAppend(&list, FlagItem(flag));
  }
  absl::StrAppend(common.empty() ? &options : &common, FlagItem(HelpFlag()));
  const HelpText& help = command.help();
  std::string page = absl::StrCat(
      Head(absl::StrCat("tlspin\\-", command.name()), LowerFirst(help.summary)),
      Synopsis(command), ".Sh DESCRIPTION\n",
      MdocText(absl::StrCat(help.summary, ".")), "\n.Pp\n",
      MdocProse(help.decides));
  if (!arguments.empty()) {
    absl::StrAppend(&page, ".Pp\nThe arguments are:\n", List(arguments));
  }
  absl::StrAppend(&page, ".Sh OPTIONS\n", List(options));
  if (!common.empty()) {
    absl::StrAppend(&page, options.empty() ? "" : ".Pp\n",
                    "Every command has these:\n", List(common));
  }
  absl::StrAppend(&page, ".Sh EXIT STATUS\n", MdocItems(help.exit_codes));
  if (!help.example.empty()) {
    absl::StrAppend(&page, ".Sh EXAMPLES\n", MdocLiteral(help.example));
  }
  return absl::StrCat(page, ".Sh SEE ALSO\n.Xr tlspin 1\n");
}

}  // namespace tlspin
