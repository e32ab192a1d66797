#include "tests/e2e/winbind.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace e2e {
namespace {

constexpr char kConfig[] = R"([global]
 workgroup = CORP
 netbios name = PROXYHOST
 server role = standalone server
 security = user
 private dir = $DIRECTORY/private
 state directory = $DIRECTORY/state
 cache directory = $DIRECTORY/cache
 lock directory = $DIRECTORY/lock
 pid directory = $DIRECTORY/pid
 ncalrpc dir = $DIRECTORY/ncalrpc
 winbindd socket directory = /run/samba/winbindd
 passdb backend = tdbsam
 log level = 1
 logging = file
 log file = $DIRECTORY/log.%m
 interfaces = lo
 bind interfaces only = yes
 disable spoolss = yes
 ntlm auth = yes
)";

}  // namespace

Winbind::Winbind(const Network& network, const std::string& user,
                 const std::string& password) {
  const std::string directory = network.WritableDirectory("samba");
  for (const char* name :
       {"private", "state", "cache", "lock", "pid", "ncalrpc"}) {
    network.MustRun("mkdir", {absl::StrCat(directory, "/", name)});
  }
  // winbindd and its clients mind who may write there.
  network.MustRun("chmod", {"755", directory});
  network.MustRun("mount", {"-t", "tmpfs", "-o", "mode=755", "none", "/run"});
  network.MustRun("mkdir", {"-p", "/run/samba/winbindd"});
  config_ = network.Write(
      "smb.conf", absl::StrReplaceAll(kConfig, {{"$DIRECTORY", directory}}));
  testing_support::ProcessOptions twice;
  twice.standard_input = absl::StrCat(password, "\n", password, "\n");
  const ProcessResult added = network.Run(
      FindProgram("smbpasswd"), {"-L", "-c", config_, "-a", "-s", user}, twice);
  EXPECT_EQ(added.exit_code, 0) << "smbpasswd: " << Show(added);
  process_ = network.Start(
      FindProgram("winbindd"),
      {"-F", "--no-process-group", "--debug-stdout", "-s", config_});
  const absl::Time deadline = absl::Now() + absl::Minutes(2);
  ProcessResult tried;
  do {
    tried =
        network.Run(FindProgram("wbinfo"),
                    {"-a", absl::StrCat("PROXYHOST\\", user, "%", password)});
    absl::SleepFor(absl::Milliseconds(50));
  } while (tried.exit_code != 0 && process_->IsRunning() &&
           absl::Now() < deadline);
  if (tried.exit_code != 0) {
    ADD_FAILURE() << "winbindd did not start: " << Show(tried)
                  << Show(process_->Wait(absl::ZeroDuration()));
  }
  // What squid runs as may ask it then.
  network.MustRun("chmod", {"755", absl::StrCat(directory, "/state")});
  network.MustRun(
      "chgrp",
      {"proxy", absl::StrCat(directory, "/state/winbindd_privileged")});
}

}  // namespace e2e
