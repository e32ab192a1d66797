#include "tools/tlspin/net/starttls.h"

#include <iterator>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "tests/testing/starttls_row.h"
#include "tools/tlspin/connection_error.h"

// What holds for every protocol. What is its own is in starttls_lines_test and
// starttls_messages_test.
namespace tlspin {
namespace {

using namespace connection_error;  // NOLINT: the codes of the tables
using testing_support::Converse;
using testing_support::StartTlsOutcome;
using testing_support::Text;

TEST(StartTlsTest, NamesAndPorts) {
  const struct {
    const char* name;
    StartTls protocol;
    int port;
  } kRows[] = {
      {"smtp", StartTls::kSmtp, 25},           {"imap", StartTls::kImap, 143},
      {"pop3", StartTls::kPop3, 110},          {"xmpp", StartTls::kXmpp, 5222},
      {"postgres", StartTls::kPostgres, 5432}, {"ldap", StartTls::kLdap, 389},
  };
  EXPECT_EQ(AllStartTls().size(), std::size(kRows));
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.name);
    const auto parsed = ParseStartTls(row.name);
    ASSERT_TRUE(parsed.ok()) << parsed.status();
    EXPECT_EQ(*parsed, row.protocol);
    EXPECT_EQ(StartTlsName(row.protocol), row.name);
    EXPECT_EQ(DefaultPort(row.protocol), row.port);
    EXPECT_EQ(StartTlsOfPort(row.port), row.protocol);
  }
  EXPECT_EQ(DefaultPort(StartTls::kNone), 443);
  EXPECT_EQ(StartTlsOfPort(443), StartTls::kNone);
  EXPECT_EQ(StartTlsOfPort(587), StartTls::kSmtp);
  for (const char* name : {"", "SMTP", "ftp", "smtp ", "none"}) {
    EXPECT_EQ(ParseStartTls(name).status().code(),
              absl::StatusCode::kInvalidArgument)
        << name;
  }
}

TEST(StartTlsTest, NoneHasNothingToSay) {
  StartTlsDialogue dialogue(StartTls::kNone, "example.com");
  EXPECT_EQ(dialogue.Begin(), "");
  EXPECT_TRUE(dialogue.done());
}

// Every byte of it: no name of this machine, and nobody logs in.
TEST(StartTlsTest, WhatIsSent) {
  const struct {
    StartTls protocol;
    std::string received;
    std::string sent;
  } kRows[] = {
      {StartTls::kSmtp, "220 mx\r\n250-mx\r\n250 STARTTLS\r\n220 go\r\n",
       "EHLO tlspin.invalid\r\nSTARTTLS\r\n"},
      {StartTls::kImap, "* OK\r\n* CAPABILITY STARTTLS\r\na1 OK\r\na2 OK\r\n",
       "a1 CAPABILITY\r\na2 STARTTLS\r\n"},
      {StartTls::kImap, "* OK [CAPABILITY STARTTLS]\r\na2 OK\r\n",
       "a2 STARTTLS\r\n"},
      {StartTls::kPop3, "+OK\r\n+OK\r\nSTLS\r\n.\r\n+OK\r\n",
       "CAPA\r\nSTLS\r\n"},
      {StartTls::kXmpp,
       "<stream:stream version='1.0'><stream:features><starttls/>"
       "</stream:features><proceed/>",
       "<?xml version='1.0'?><stream:stream to='im.example.com' version='1.0' "
       "xmlns='jabber:client' "
       "xmlns:stream='http://etherx.jabber.org/streams'>"
       "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"},
      {StartTls::kPostgres, "S", Text("\x00\x00\x00\x08\x04\xd2\x16\x2f")},
      {StartTls::kLdap,
       Text("\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\x00\x04\x00\x04\x00"),
       Text("\x30\x1d\x02\x01\x01\x77\x18\x80\x16"
            "1.3.6.1.4.1.1466.20037")},
  };
  for (const auto& row : kRows) {
    SCOPED_TRACE(StartTlsName(row.protocol));
    const StartTlsOutcome outcome = Converse(row.protocol, row.received);
    EXPECT_TRUE(outcome.done) << outcome.status;
    EXPECT_EQ(outcome.sent, row.sent);
  }
}

TEST(StartTlsTest, TheHostOfAStreamIsQuoted) {
  EXPECT_TRUE(
      absl::StrContains(StartTlsDialogue(StartTls::kXmpp, "a'><&").Begin(),
                        "to='a&apos;>&lt;&amp;' "));
  EXPECT_TRUE(absl::StrContains(
      StartTlsDialogue(StartTls::kXmpp, "2001:db8::1").Begin(),
      "to='[2001:db8::1]' "));
}

// Others speak first, or say so when they are spoken to.
TEST(StartTlsTest, OtherProtocols) {
  std::vector<testing_support::StartTlsRow> rows;
  for (const StartTls protocol : AllStartTls()) {
    rows.push_back({"an alert of TLS", protocol,
                    Text("\x15\x03\x01\x00\x02\x02\x46"), kTlsAtOnce});
    rows.push_back(
        {"a handshake of TLS", protocol, "\x16\x03\x03", kTlsAtOnce});
    rows.push_back(
        {"HTTP", protocol, "HTTP/1.1 400 Bad Request\r\n", kPlainHttp});
    rows.push_back(
        {"almost HTTP", protocol, "HTTQ/1.1\r\n", kStartTlsMalformed});
  }
  for (const auto& row : rows) {
    testing_support::ExpectRow(row);
  }
}

// What each protocol goes on reading, without an end.
TEST(StartTlsTest, NothingIsReadWithoutEnd) {
  const struct {
    StartTls protocol;
    std::string begin;
    std::string more;
  } kRows[] = {
      {StartTls::kSmtp, "", "220-and so on\r\n"},
      {StartTls::kSmtp, "220 ", "one line"},
      {StartTls::kImap, "* OK\r\n", "* 1 EXISTS\r\n"},
      {StartTls::kPop3, "+OK\r\n+OK\r\n", "USER\r\n"},
      {StartTls::kXmpp, "", " \n"},
      {StartTls::kXmpp, "<s:stream version='1.0'><a>", "<b>"},
      {StartTls::kXmpp, "<s:stream ", "'>'"},
      {StartTls::kPostgres, "E", "error "},
      {StartTls::kLdap, Text("\x30\x82\x3f\xfc"), "0123456789"},
  };
  for (const auto& row : kRows) {
    SCOPED_TRACE(absl::StrCat(StartTlsName(row.protocol), ": ", row.more));
    std::string received = row.begin;
    while (received.size() <= StartTlsDialogue::kMaxReceived) {
      received += row.more;
    }
    const size_t bound = StartTlsDialogue::kMaxReceived;
    const StartTlsOutcome whole = Converse(row.protocol, received);
    if (row.protocol != StartTls::kLdap) {
      EXPECT_TRUE(
          Converse(row.protocol, received.substr(0, bound)).status.ok());
    }
    EXPECT_FALSE(whole.done);
    EXPECT_EQ(CodeOf(whole.status), kStartTlsMalformed) << whole.status;
    EXPECT_EQ(Converse(row.protocol, received, {bound - 1, bound}).status,
              whole.status);
  }
}

TEST(StartTlsTest, ErrorsAreFinal) {
  StartTlsDialogue dialogue(StartTls::kPostgres, "example.com");
  const absl::Status refused = dialogue.Receive("N").status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(dialogue.Receive("S").status(), refused);
  EXPECT_FALSE(dialogue.done());
}

TEST(StartTlsTest, AnInjectionLeavesNothingDone) {
  StartTlsDialogue dialogue(StartTls::kPostgres, "example.com");
  EXPECT_EQ(dialogue.Receive("SX").status().code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_FALSE(dialogue.done());
}

TEST(StartTlsTest, WhereAConnectionIsLost) {
  using Loss = StartTlsDialogue::Loss;
  StartTlsDialogue dialogue(StartTls::kSmtp, "example.com");
  absl::Status lost = dialogue.Lost(Loss::kTimedOut);
  EXPECT_EQ(CodeOf(lost), kStartTlsTimeout);
  EXPECT_EQ(lost.code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_TRUE(absl::StrContains(lost.message(), "greeting")) << lost;
  ASSERT_TRUE(dialogue.Receive("220 mx\r\n250-mx\r\n").ok());
  for (const Loss how : {Loss::kClosed, Loss::kReset}) {
    lost = dialogue.Lost(how);
    EXPECT_EQ(CodeOf(lost), kStartTlsClosed);
    EXPECT_EQ(lost.code(), absl::StatusCode::kAborted);
    EXPECT_TRUE(absl::StrContains(lost.message(), "EHLO")) << lost;
  }
}

}  // namespace
}  // namespace tlspin
