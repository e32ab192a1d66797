// SMTP, IMAP and POP3.
#include "gtest/gtest.h"
#include "tests/testing/starttls_row.h"
#include "tools/tlspin/connection_error.h"
#include "tools/tlspin/net/starttls.h"

namespace tlspin {
namespace {

using namespace connection_error;  // NOLINT: the codes of the tables
using Row = testing_support::StartTlsRow;

TEST(StartTlsLinesTest, Smtp) {
  const auto smtp = StartTls::kSmtp;
  const Row kRows[] = {
      {"smtp", smtp,
       "220 mx ESMTP\r\n250-mx\r\n250-SIZE 1\r\n250 STARTTLS\r\n220 go\r\n",
       ""},
      {"smtp: lines in every reply, case, bare LF", smtp,
       "220-mx\n220 ready\n250-mx\r\n250-starttls\r\n250 HELP\r\n"
       "220-2.0.0\r\n220 go\r\n",
       ""},
      {"smtp: codes alone", smtp,
       "220\r\n250-mx\r\n250-STARTTLS\r\n250\r\n220\r\n", ""},
      {"smtp: no service", smtp, "554 no service here\r\n", kStartTlsRefused,
       "554 no service here"},
      {"smtp: EHLO unknown", smtp, "220 mx\r\n502 what?\r\n",
       kStartTlsNotOffered, "502 what?"},
      {"smtp: hangs up at EHLO", smtp, "220 mx\r\n421 busy\r\n",
       kStartTlsRefused, "421 busy"},
      {"smtp: not offered", smtp,
       "220 mx\r\n250-mx\r\n250-PIPELINING\r\n250 HELP\r\n",
       kStartTlsNotOffered, "PIPELINING, HELP"},
      {"smtp: offers nothing", smtp, "220 mx\r\n250 mx\r\n",
       kStartTlsNotOffered, "nothing"},
      {"smtp: the name of the server is no offer", smtp,
       "220 mx\r\n250-STARTTLS\r\n250 HELP\r\n", kStartTlsNotOffered, "HELP"},
      {"smtp: another keyword that begins so", smtp,
       "220 mx\r\n250-mx\r\n250 STARTTLSX\r\n", kStartTlsNotOffered,
       "STARTTLSX"},
      {"smtp: written over by a firewall", smtp,
       "220 mx\r\n250-mx\r\n250-XXXXXXXA\r\n250 HELP\r\n", kStartTlsNotOffered,
       "firewall"},
      {"smtp: 454", smtp,
       "220 mx\r\n250-mx\r\n250 STARTTLS\r\n454 4.7.0 later\r\n",
       kStartTlsRefused, "454 4.7.0 later"},
      {"smtp: 502", smtp, "220 mx\r\n250-mx\r\n250 STARTTLS\r\n502 never\r\n",
       kStartTlsRefused, "502 never"},
      {"smtp: go-ahead of another command", smtp,
       "220 mx\r\n250-mx\r\n250 STARTTLS\r\n250 OK\r\n", kStartTlsRefused,
       "250 OK"},
      {"smtp: codes differ within a reply", smtp,
       "220 mx\r\n250-mx\r\n220 x\r\n", kStartTlsMalformed},
      {"smtp: another protocol", smtp, "* OK IMAP ready\r\n",
       kStartTlsMalformed, "IMAP ready"},
      {"smtp: code of no reply", smtp, "999 x\r\n", kStartTlsMalformed},
      {"smtp: words are escaped", smtp, "554 \x1b[31mred\x07\r\n",
       kStartTlsRefused, "\\u{1b}[31mred\\u{7}"},
      {"smtp: a reply after the go-ahead", smtp,
       "220 mx\r\n250-mx\r\n250 STARTTLS\r\n220 go\r\n250 injected\r\n",
       kStartTlsInjected},
      {"smtp: one byte after the go-ahead", smtp,
       "220 mx\r\n250-mx\r\n250 STARTTLS\r\n220 go\r\n\x16", kStartTlsInjected},
  };
  for (const Row& row : kRows) {
    testing_support::ExpectRow(row);
  }
}

TEST(StartTlsLinesTest, Imap) {
  const auto imap = StartTls::kImap;
  const Row kRows[] = {
      {"imap", imap,
       "* OK ready\r\n* CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED\r\n"
       "a1 OK done\r\na2 OK begin\r\n",
       ""},
      {"imap: offered in the greeting", imap,
       "* OK [CAPABILITY IMAP4rev2 StartTLS AUTH=PLAIN] hi\r\na2 OK\r\n", ""},
      {"imap: the greeting says less, and responses nobody asked for", imap,
       "* OK [CAPABILITY IMAP4rev1] hi\r\n* CAPABILITY STARTTLS\r\n"
       "* OK still here\r\na1 ok\r\n* 3 EXISTS\r\na2 OK\r\n",
       ""},
      {"imap: not offered", imap,
       "* OK hi\r\n* CAPABILITY IMAP4rev1 STARTTLSX\r\na1 OK\r\n",
       kStartTlsNotOffered, "IMAP4rev1 STARTTLSX"},
      {"imap: no capabilities", imap, "* OK hi\r\na1 OK\r\n",
       kStartTlsNotOffered},
      {"imap: logged in", imap, "* PREAUTH [CAPABILITY STARTTLS] welcome\r\n",
       kStartTlsNotOffered, "PREAUTH"},
      {"imap: BYE for a greeting", imap, "* BYE overloaded\r\n",
       kStartTlsRefused, "overloaded"},
      {"imap: BYE later", imap, "* OK hi\r\n* bye shutting down\r\n",
       kStartTlsRefused, "shutting down"},
      {"imap: CAPABILITY refused", imap, "* OK hi\r\na1 BAD what\r\n",
       kStartTlsRefused, "a1 BAD what"},
      {"imap: NO", imap, "* OK [CAPABILITY STARTTLS]\r\na2 NO certificate\r\n",
       kStartTlsRefused, "NO certificate"},
      {"imap: BAD", imap, "* OK [CAPABILITY STARTTLS]\r\na2 BAD off\r\n",
       kStartTlsRefused, "BAD off"},
      {"imap: answer to what was not asked", imap,
       "* OK [CAPABILITY STARTTLS]\r\na1 OK\r\n", kStartTlsMalformed},
      {"imap: a continuation", imap, "* OK [CAPABILITY STARTTLS]\r\n+ go\r\n",
       kStartTlsMalformed},
      {"imap: another protocol", imap, "+OK POP3\r\n", kStartTlsMalformed,
       "POP3"},
      {"imap: PREAUTH after the go-ahead", imap,
       "* OK [CAPABILITY STARTTLS]\r\na2 OK\r\n* PREAUTH hi\r\n",
       kStartTlsInjected},
  };
  for (const Row& row : kRows) {
    testing_support::ExpectRow(row);
  }
}

TEST(StartTlsLinesTest, Pop3) {
  const auto pop3 = StartTls::kPop3;
  const Row kRows[] = {
      {"pop3", pop3, "+OK hi\r\n+OK list\r\nUSER\r\nSTLS\r\n.\r\n+OK go\r\n",
       ""},
      {"pop3: without CAPA", pop3, "+OK hi\r\n-ERR what\r\n+OK go\r\n", ""},
      {"pop3: refuses the client", pop3, "-ERR [SYS/TEMP] busy\r\n",
       kStartTlsRefused, "busy"},
      {"pop3: not offered", pop3, "+OK\r\n+OK\r\nUSER\r\nSASL PLAIN\r\n.\r\n",
       kStartTlsNotOffered, "USER, SASL PLAIN"},
      {"pop3: -ERR", pop3, "+OK\r\n+OK\r\nstls\r\n.\r\n-ERR no key\r\n",
       kStartTlsRefused, "no key"},
      {"pop3: -ERR without CAPA", pop3, "+OK\r\n-ERR\r\n-ERR what\r\n",
       kStartTlsRefused, "what"},
      {"pop3: another protocol", pop3, "220 mx ESMTP\r\n", kStartTlsMalformed,
       "220 mx ESMTP"},
      {"pop3: almost an indicator", pop3, "+OKAY\r\n", kStartTlsMalformed},
      {"pop3: a line after the go-ahead", pop3,
       "+OK\r\n-ERR\r\n+OK go\r\n+OK logged in\r\n", kStartTlsInjected},
  };
  for (const Row& row : kRows) {
    testing_support::ExpectRow(row);
  }
}

}  // namespace
}  // namespace tlspin
