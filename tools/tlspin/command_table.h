#ifndef TOOLS_TLSPIN_COMMAND_TABLE_H_
#define TOOLS_TLSPIN_COMMAND_TABLE_H_

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

// The table of commands and their flags. The parser, the help, the completions
// and the manual pages are all made from it, and from nothing else.
namespace tlspin {

// What a shell offers for a value. kByName goes by what the help calls it:
// files for FILE, PINFILE, CHAIN, OLD and NEW, hosts for HOST, nothing for
// another. Where there are choices, those are offered.
enum class Completes {
  kByName,
  kNothing,
  kFile,
  kDirectory,
  kHost,
  kHostOrFile,
  kCommand,  // the commands of the table
};

// A Flag is a row: a switch, an option with a value, or an argument that has no
// name on the command line.
struct Flag {
  // Where the parser puts the value; it outlives parsing. A vector takes one
  // value each time that an option is given, and all arguments that are left.
  using Target =
      std::variant<bool*, int*, std::string*, std::vector<std::string>*>;

  std::string names;  // "--full", "-o,--output"; "PINFILE" for an argument
  std::string value;  // what the help calls the value; empty for a switch
  Target target;
  std::string help;  // no full stop at its end
  bool required = false;
  std::vector<std::string> choices = {};          // empty: anything
  std::optional<std::pair<int, int>> range = {};  // both ends included
  // Returns what is wrong with a value, or "".
  std::function<std::string(const std::string&)> check = {};
  Completes completes = Completes::kByName;
  bool common = false;  // every command has it: the help shows it last

  bool is_switch() const { return std::holds_alternative<bool*>(target); }
  bool is_argument() const { return names[0] != '-'; }
  bool is_repeated() const {
    return std::holds_alternative<std::vector<std::string>*>(target);
  }

  Flag& Required() {
    required = true;
    return *this;
  }
  Flag& OneOf(std::vector<std::string> values) {
    choices = std::move(values);
    return *this;
  }
  Flag& Between(int low, int high) {
    range.emplace(low, high);
    return *this;
  }
  Flag& Checked(std::function<std::string(const std::string&)> function) {
    check = std::move(function);
    return *this;
  }
  Flag& Offer(Completes what) {
    completes = what;
    return *this;
  }
  Flag& Common() {
    common = true;
    return *this;
  }
};

// HelpText is what the help of a command says beyond its flags.
struct HelpText {
  std::string summary;  // one line
  // What the command decides, and what it does not. Lines are filled anew,
  // but for those that begin with a space and those after an empty one.
  std::string decides;
  std::string exit_codes;  // lines "  0  accepted"
  // A command line and its output, indented by two; several with an empty line
  // between them. Printed as it is.
  std::string example;
};

// A Command is a row of the table, with the flags in the order of the help.
class Command {
 public:
  Command(std::string name, HelpText help, std::function<int()> run)
      : name_(std::move(name)), help_(std::move(help)), run_(std::move(run)) {}

  // The result is good until the Command ends.
  Flag& Switch(std::string names, bool* target, std::string help) {
    return Add({std::move(names), "", target, std::move(help)});
  }
  Flag& Option(std::string names, std::string value, Flag::Target target,
               std::string help) {
    return Add({std::move(names), std::move(value), target, std::move(help)});
  }
  // Argument adds an argument. Those that are not required come last, and one
  // that takes several after those.
  Flag& Argument(std::string name, Flag::Target target, std::string help) {
    return Add({name, name, target, std::move(help)});
  }

  // Hide keeps the command out of the help, the completions and the manual.
  void Hide() { hidden_ = true; }

  bool is_hidden() const { return hidden_; }
  const std::string& name() const { return name_; }
  const HelpText& help() const { return help_; }
  const std::function<int()>& run() const { return run_; }
  const std::deque<Flag>& flags() const { return flags_; }

 private:
  Flag& Add(Flag flag) {
    flags_.push_back(std::move(flag));
    return flags_.back();
  }

  bool hidden_ = false;
  std::string name_;
  HelpText help_;
  std::function<int()> run_;
  std::deque<Flag> flags_;  // a deque: what was returned stays where it is
};

using CommandTable = std::deque<Command>;

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_COMMAND_TABLE_H_
