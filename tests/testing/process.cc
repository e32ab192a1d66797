#include "tests/testing/process.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

extern char** environ;

namespace testing_support {
namespace {

[[noreturn]] void Die(absl::string_view what, int error) {
  std::fprintf(stderr, "%s: %s\n", std::string(what).c_str(),
               std::strerror(error));
  std::abort();
}

int MemoryFile(const char* name) {
  const int file = memfd_create(name, MFD_CLOEXEC);
  if (file < 0) {
    Die("memfd_create", errno);
  }
  return file;
}

std::string Contents(int file) {
  std::string all;
  char buffer[65536];
  ssize_t count;
  while ((count = pread(file, buffer, sizeof(buffer),
                        static_cast<off_t>(all.size()))) > 0) {
    all.append(buffer, static_cast<size_t>(count));
  }
  return all;
}

void WriteAll(int file, absl::string_view text) {
  while (!text.empty()) {
    const ssize_t count = write(file, text.data(), text.size());
    if (count < 0) {
      Die("write", errno);
    }
    text.remove_prefix(static_cast<size_t>(count));
  }
}

std::vector<std::string> EnvironmentWith(
    const std::map<std::string, std::string>& changes) {
  std::vector<std::string> environment;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    if (changes.count(text.substr(0, text.find('='))) == 0) {
      environment.push_back(text);
    }
  }
  for (const auto& [name, value] : changes) {
    if (!value.empty()) {
      environment.push_back(absl::StrCat(name, "=", value));
    }
  }
  return environment;
}

std::vector<char*> Pointers(std::vector<std::string>& strings) {
  std::vector<char*> pointers;
  for (std::string& text : strings) {
    pointers.push_back(text.data());
  }
  pointers.push_back(nullptr);
  return pointers;
}

// OpenInput returns the file that becomes standard input, and in `*held` the
// other end of it, if there is one.
int OpenInput(const ProcessOptions& options, int* held) {
  if (options.hold_standard_input) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
      Die("pipe2", errno);
    }
    *held = ends[1];
    return ends[0];
  }
  const int input = MemoryFile("stdin");
  WriteAll(input, options.standard_input);
  lseek(input, 0, SEEK_SET);
  return input;
}

// OpenOutput returns the file that becomes standard output; -1: none.
int OpenOutput(const ProcessOptions& options, int captured) {
  if (!options.standard_output_path.empty()) {
    const int file = open(options.standard_output_path.c_str(),
                          O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0) {
      Die(options.standard_output_path, errno);
    }
    return file;
  }
  if (options.output == ProcessOptions::Output::kBrokenPipe) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
      Die("pipe2", errno);
    }
    close(ends[0]);
    return ends[1];
  }
  return options.output == ProcessOptions::Output::kClosed ? -1 : captured;
}

}  // namespace

BackgroundProcess::BackgroundProcess(const std::string& program,
                                     const std::vector<std::string>& arguments,
                                     const ProcessOptions& options)
    : output_(MemoryFile("stdout")), error_(MemoryFile("stderr")) {
  const int input = OpenInput(options, &held_input_);
  const int output = OpenOutput(options, output_);

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
  if (output < 0) {
    posix_spawn_file_actions_addclose(&actions, STDOUT_FILENO);
  } else {
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  }
  posix_spawn_file_actions_adddup2(&actions, error_, STDERR_FILENO);
  if (!options.working_directory.empty()) {
    posix_spawn_file_actions_addchdir_np(&actions,
                                         options.working_directory.c_str());
  }
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  posix_spawnattr_setpgroup(&attributes, 0);

  std::vector<std::string> words = {program};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<std::string> environment = EnvironmentWith(options.environment);
  const int error =
      posix_spawnp(&pid_, program.c_str(), &actions, &attributes,
                   Pointers(words).data(), Pointers(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (error != 0) {
    Die(program, error);
  }
  close(input);
  if (output >= 0 && output != output_) {
    close(output);
  }
}

BackgroundProcess::~BackgroundProcess() {
  Wait(absl::ZeroDuration());
  close(output_);
  close(error_);
  if (held_input_ >= 0) {
    close(held_input_);
  }
}

bool BackgroundProcess::Reap(absl::Time deadline) {
  while (!ended_) {
    int status = 0;
    const pid_t done = waitpid(pid_, &status, WNOHANG);
    if (done == pid_) {
      ended_ = true;
      exit_code_ =
          WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
      break;
    }
    if (done < 0 && errno != EINTR) {
      Die("waitpid", errno);
    }
    if (absl::Now() >= deadline) {
      return false;
    }
    absl::SleepFor(absl::Milliseconds(2));
  }
  return true;
}

bool BackgroundProcess::IsRunning() { return !Reap(absl::InfinitePast()); }

bool BackgroundProcess::WaitForOutput(absl::string_view text,
                                      absl::Duration limit) {
  const absl::Time deadline = absl::Now() + limit;
  while (true) {
    // Asked first: what a program wrote before its end is there afterwards.
    const bool running = IsRunning();
    if (absl::StrContains(standard_output(), text) ||
        absl::StrContains(standard_error(), text)) {
      return true;
    }
    if (!running || absl::Now() >= deadline) {
      return false;
    }
    absl::SleepFor(absl::Milliseconds(10));
  }
}

ProcessResult BackgroundProcess::Wait(absl::Duration limit) {
  ProcessResult result;
  result.timed_out = !Reap(absl::Now() + limit);
  // The group outlives its leader if that left children behind.
  kill(-pid_, SIGKILL);
  Reap(absl::InfiniteFuture());
  result.exit_code = exit_code_;
  result.standard_output = standard_output();
  result.standard_error = standard_error();
  return result;
}

ProcessResult BackgroundProcess::Stop(absl::Duration grace) {
  if (IsRunning()) {
    kill(-pid_, SIGTERM);
  }
  return Wait(grace);
}

std::string BackgroundProcess::standard_output() const {
  return Contents(output_);
}

std::string BackgroundProcess::standard_error() const {
  return Contents(error_);
}

ProcessResult RunProcess(const std::string& program,
                         const std::vector<std::string>& arguments,
                         const ProcessOptions& options) {
  BackgroundProcess process(program, arguments, options);
  return process.Wait(options.time_limit);
}

TempDirectory::TempDirectory()
    : TempDirectory(std::getenv("TEST_TMPDIR") == nullptr
                        ? "/tmp"
                        : std::getenv("TEST_TMPDIR")) {}

TempDirectory::TempDirectory(absl::string_view parent)
    : path_(absl::StrCat(parent, "/XXXXXX")) {
  if (mkdtemp(path_.data()) == nullptr) {
    Die(path_, errno);
  }
}

TempDirectory::~TempDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string TempDirectory::Path(absl::string_view name) const {
  return absl::StrCat(path_, "/", name);
}

std::string TempDirectory::Write(absl::string_view name,
                                 absl::string_view content) const {
  const std::string path = Path(name);
  std::ofstream file(path, std::ios::binary);
  file << content;
  file.close();
  if (!file) {
    Die(path, errno);
  }
  return path;
}

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    Die(path, errno);
  }
  return std::string(std::istreambuf_iterator<char>(file), {});
}

std::string FromRunfiles(absl::string_view path) {
  const char* source = std::getenv("TEST_SRCDIR");
  const char* workspace = std::getenv("TEST_WORKSPACE");
  if (source == nullptr || workspace == nullptr) {
    return std::string(path);
  }
  return absl::StrCat(source, "/", workspace, "/", path);
}

}  // namespace testing_support
