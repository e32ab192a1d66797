#include "tools/tlspin/page_flag.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tools/tlspin/files.h"
#include "tools/tlspin/phrases.h"
#include "tools/tlspin/roots.h"
#include "tools/tlspin/verdict_html.h"
#include "tools/tlspin/version.h"

namespace tlspin {
namespace {

using ::pinning::Language;

PageFacts::Rows ConnectionRows(const PageSource& source, Language language) {
  if (source.served == nullptr) {
    return {};
  }
  const Served& served = *source.served;
  const auto bytes = [&](const std::vector<uint8_t>& content) {
    return content.empty() ? Say(Phrase::kPageNone, language)
                           : Say(Phrase::kPageBytes, language, content.size());
  };
  return {
      {Phrase::kPageServer,
       source.proxy.empty()
           ? source.endpoint->ToString()
           : absl::StrCat(source.endpoint->ToString(), ", ",
                          Say(Phrase::kThroughProxy, language, source.proxy))},
      {Phrase::kPageTlsVersion, served.tls_version},
      {Phrase::kPageCipher, served.cipher},
      {Phrase::kPageAlpn, served.alpn.empty()
                              ? Say(Phrase::kPageAlpnNone, language)
                              : served.alpn},
      {Phrase::kPageStaple, bytes(served.ocsp)},
      {Phrase::kPageTlsScts, bytes(served.scts)},
  };
}

PageFacts::Rows JudgedRows(const Judge& judge, const PageSource& source,
                           Language language) {
  PageFacts::Rows rows;
  if (source.served == nullptr) {
    rows.push_back({Phrase::kPageFile, source.file});
  }
  for (const RootFile& file : judge.roots.files) {
    rows.push_back(
        {Phrase::kPageRoots, Say(Phrase::kPageRootsLine, language, file.path,
                                 file.bundled, file.local)});
  }
  rows.push_back(
      {Phrase::kPagePinFile,
       judge.has_pins ? judge.pin_file : Say(Phrase::kPageNone, language)});
  if (!judge.requirements_file.empty()) {
    rows.push_back({Phrase::kPageRequirements, judge.requirements_file});
  }
  for (const std::string& file : judge.interceptor_files) {
    rows.push_back({Phrase::kPageInterceptors, file});
  }
  rows.push_back({Phrase::kPageProfile, judge.profile});
  rows.push_back({Phrase::kPageVersion, kVersion});
  return rows;
}

}  // namespace

void AddPageFlag(Command& command, std::string* flag) {
  command
      .Option("--html", "FILE", flag,
              "Write the verdict to this file too, as a page to send to "
              "whoever runs the network")
      .Checked([](const std::string& path) {
        return path.empty() || path == "-" ? "--html needs the name of a file"
                                           : std::string();
      });
}

absl::Status WritePage(Context& context, const std::string& flag,
                       const pinning::Verdict& verdict, const Judge& judge,
                       const PageSource& source) {
  if (flag.empty()) {
    return absl::OkStatus();
  }
  PageFacts facts;
  facts.language = context.language;
  facts.connection = ConnectionRows(source, context.language);
  facts.judged = JudgedRows(judge, source, context.language);
  const absl::Status status =
      WriteFileAtomically(flag, VerdictPage(verdict, facts));
  if (status.ok()) {
    context.out.Note(absl::StrCat("page: ", Escape(flag)));
  }
  return status;
}

}  // namespace tlspin
