// XMPP, PostgreSQL and LDAP.
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "tests/testing/starttls_row.h"
#include "tools/tlspin/connection_error.h"
#include "tools/tlspin/net/starttls.h"

namespace tlspin {
namespace {

using namespace connection_error;  // NOLINT: the codes of the tables
using Row = testing_support::StartTlsRow;
using testing_support::Text;

constexpr absl::string_view kStream =
    "<?xml version='1.0'?><stream:stream from='im.example.com' id='1' "
    "version='1.0' xmlns='jabber:client' "
    "xmlns:stream='http://etherx.jabber.org/streams'>";
constexpr absl::string_view kFeatures =
    "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'>"
    "<required/></starttls><mechanisms><mechanism>PLAIN</mechanism>"
    "</mechanisms></stream:features>";
constexpr absl::string_view kProceed =
    "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>";

TEST(StartTlsMessagesTest, Xmpp) {
  const auto xmpp = StartTls::kXmpp;
  const Row kRows[] = {
      {"xmpp", xmpp, absl::StrCat(kStream, kFeatures, kProceed), ""},
      {"xmpp: white space, double quotes, other prefixes, tags in pairs", xmpp,
       "<?xml version=\"1.0\"?>\n<s:stream\n version=\"1.0\" id=\"a>b\" "
       "xmlns:s=\"http://etherx.jabber.org/streams\">\n"
       "<s:features> <t:starttls "
       "xmlns:t=\"urn:ietf:params:xml:ns:xmpp-tls\"></t:starttls>"
       "</s:features>\n<t:proceed "
       "xmlns:t=\"urn:ietf:params:xml:ns:xmpp-tls\"></t:proceed>",
       ""},
      {"xmpp: not offered", xmpp,
       absl::StrCat(kStream,
                    "<stream:features><mechanisms><mechanism>PLAIN</mechanism>"
                    "</mechanisms><register/></stream:features>"),
       kStartTlsNotOffered, "\"mechanisms, register\""},
      {"xmpp: offered within another offer", xmpp,
       absl::StrCat(kStream,
                    "<stream:features><x><starttls/></x></stream:features>"),
       kStartTlsNotOffered, "\"x\""},
      {"xmpp: no features", xmpp, absl::StrCat(kStream, "<stream:features/>"),
       kStartTlsNotOffered, "nothing"},
      {"xmpp: a stream without a version", xmpp,
       "<stream:stream xmlns='jabber:client' my_version='1.0'>",
       kStartTlsNotOffered, "version"},
      {"xmpp: an error of the stream", xmpp,
       absl::StrCat(kStream,
                    "<stream:error><host-unknown/><text>not\x1b here</text>"
                    "</stream:error></stream:stream>"),
       kStartTlsRefused, "host-unknown: not\\u{1b} here"},
      {"xmpp: an end of the stream", xmpp,
       absl::StrCat(kStream, "</stream:stream>"), kStartTlsRefused},
      {"xmpp: a failure", xmpp,
       absl::StrCat(kStream, kFeatures,
                    "<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"),
       kStartTlsRefused, "<failure/>"},
      {"xmpp: an error after <starttls/>", xmpp,
       absl::StrCat(kStream, kFeatures,
                    "<stream:error><reset/></stream:error>"),
       kStartTlsRefused, "reset"},
      {"xmpp: a go-ahead before it was asked for", xmpp,
       absl::StrCat(kStream, kProceed), kStartTlsMalformed, "<proceed>"},
      {"xmpp: features again", xmpp,
       absl::StrCat(kStream, kFeatures, kFeatures), kStartTlsMalformed},
      {"xmpp: tags that do not match", xmpp, absl::StrCat(kStream, "<a></b>"),
       kStartTlsMalformed},
      {"xmpp: an end at the beginning", xmpp, "</stream:stream>",
       kStartTlsMalformed},
      {"xmpp: a document type", xmpp, "<!DOCTYPE stream>", kStartTlsMalformed},
      {"xmpp: a comment", xmpp, absl::StrCat(kStream, "<!-- hi -->"),
       kStartTlsMalformed},
      {"xmpp: a processing instruction", xmpp, absl::StrCat(kStream, "<?a?>"),
       kStartTlsMalformed},
      {"xmpp: another document", xmpp, "<html><body>", kStartTlsMalformed,
       "<html>"},
      {"xmpp: text", xmpp, "220 mx ESMTP\r\n", kStartTlsMalformed,
       "\"220 mx ESMTP\""},
      {"xmpp: text in the stream", xmpp, absl::StrCat(kStream, "hi<a/>"),
       kStartTlsMalformed, "\"hi\""},
      {"xmpp: a stanza after the go-ahead", xmpp,
       absl::StrCat(kStream, kFeatures, kProceed, "<message/>"),
       kStartTlsInjected},
      {"xmpp: white space after the go-ahead", xmpp,
       absl::StrCat(kStream, kFeatures, kProceed, "\n"), kStartTlsInjected},
  };
  for (const Row& row : kRows) {
    testing_support::ExpectRow(row);
  }
}

TEST(StartTlsMessagesTest, Postgres) {
  const auto postgres = StartTls::kPostgres;
  const Row kRows[] = {
      {"postgres", postgres, "S", ""},
      {"postgres: off", postgres, "N", kStartTlsNotOffered},
      {"postgres: an error", postgres,
       Text("E\x00\x00\x00\x1dSFATAL\0C53300\0Mtoo many\0\0"), kStartTlsRefused,
       "too many"},
      {"postgres: an error of nothing", postgres, Text("E\x00\x00\x00\x04"),
       kStartTlsRefused},
      {"postgres: an error whose text has no end", postgres,
       Text("E\x00\x00\x00\x08Mabc"), kStartTlsRefused, "abc"},
      {"postgres: an error of a field that has no end", postgres,
       Text("E\x00\x00\x00\x08Sabc"), kStartTlsRefused},
      {"postgres: an error of version 2", postgres,
       Text("Eunsupported frontend protocol\0"), kStartTlsRefused,
       "unsupported frontend"},
      {"postgres: another answer", postgres, "X", kStartTlsMalformed},
      {"postgres: a message after the go-ahead", postgres,
       Text("SR\x00\x00\x00\x08\x00\x00\x00\x00"), kStartTlsInjected},
  };
  for (const Row& row : kRows) {
    testing_support::ExpectRow(row);
  }
}

TEST(StartTlsMessagesTest, Ldap) {
  const auto ldap = StartTls::kLdap;
  const Row kRows[] = {
      {"ldap", ldap,
       Text("\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\x00\x04\x00\x04\x00"), ""},
      {"ldap: long lengths, name and value", ldap,
       Text("\x30\x84\x00\x00\x00\x2c\x02\x01\x01\x78\x84\x00\x00\x00\x23"
            "\x0a\x01\x00\x04\x00\x04\x00"
            "\x8a\x16"
            "1.3.6.1.4.1.1466.20037"
            "\x8b\x02ok"),
       ""},
      {"ldap: not known", ldap,
       Text("\x30\x11\x02\x01\x01\x78\x0c\x0a\x01\x02\x04\x00\x04\x05"
            "never"),
       kStartTlsNotOffered, "never"},
      {"ldap: unavailable", ldap,
       Text("\x30\x11\x02\x01\x01\x78\x0c\x0a\x01\x34\x04\x00\x04\x05no\x1bky"),
       kStartTlsRefused, "unavailable, \"no\\u{1b}ky\""},
      {"ldap: a referral", ldap,
       Text("\x30\x14\x02\x01\x01\x78\x0f\x0a\x01\x0a\x04\x00\x04\x00"
            "\xa3\x06\x04\x04ldap"),
       kStartTlsRefused, "referral"},
      {"ldap: notice of disconnection", ldap,
       Text("\x30\x24\x02\x01\x00\x78\x1f\x0a\x01\x34\x04\x00\x04\x00"
            "\x8a\x16"
            "1.3.6.1.4.1.1466.20036"),
       kStartTlsRefused, "ends the connection"},
      {"ldap: another name", ldap,
       Text("\x30\x0f\x02\x01\x01\x78\x0a\x0a\x01\x00\x04\x00\x04\x00"
            "\x8a\x01x"),
       kStartTlsMalformed},
      {"ldap: answer to another message", ldap,
       Text("\x30\x0c\x02\x01\x02\x78\x07\x0a\x01\x00\x04\x00\x04\x00"),
       kStartTlsMalformed},
      {"ldap: answer to another operation", ldap,
       Text("\x30\x0c\x02\x01\x01\x61\x07\x0a\x01\x00\x04\x00\x04\x00"),
       kStartTlsMalformed},
      {"ldap: an element past the end of its message", ldap,
       Text("\x30\x0c\x02\x01\x01\x78\x08\x0a\x01\x00\x04\x00\x04\x00"),
       kStartTlsMalformed},
      {"ldap: result of no length", ldap,
       Text("\x30\x0b\x02\x01\x01\x78\x06\x0a\x00\x04\x00\x04\x00"),
       kStartTlsMalformed},
      {"ldap: no end", ldap, Text("\x30\x80\x02\x01\x01"), kStartTlsMalformed},
      {"ldap: a length of five octets", ldap, Text("\x30\x85\x00"),
       kStartTlsMalformed},
      {"ldap: more than is read", ldap, Text("\x30\x84\xff\xff\xff\xff"),
       kStartTlsMalformed, "4294967301"},
      {"ldap: no BER", ldap, "hello", kStartTlsMalformed},
      {"ldap: a message after the go-ahead", ldap,
       Text("\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\x00\x04\x00\x04\x00\x30"),
       kStartTlsInjected},
  };
  for (const Row& row : kRows) {
    testing_support::ExpectRow(row);
  }
}

}  // namespace
}  // namespace tlspin
