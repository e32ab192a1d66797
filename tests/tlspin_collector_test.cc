#include "absl/status/statusor.h"
#include "gtest/gtest.h"
#include "tools/tlspin/http_post.h"

namespace {

TEST(ParseCollectorTest, Forms) {
  const struct {
    const char* url;
    const char* origin;
    const char* path;
  } kRows[] = {
      {"http://example.com", "http://example.com:80", "/"},
      {"https://example.com", "https://example.com:443", "/"},
      {"http://EXAMPLE.com.:8080/a/b?c=d", "http://example.com:8080",
       "/a/b?c=d"},
      {"https://example.com?x", "https://example.com:443", "/?x"},
      {"http://[2001:db8::1]/x", "http://[2001:db8::1]:80", "/x"},
      {"http://[2001:db8::1]:81", "http://[2001:db8::1]:81", "/"},
      {"http://192.0.2.1:443/", "http://192.0.2.1:443", "/"},
      {"https://example.com/a:b@c", "https://example.com:443", "/a:b@c"},
  };
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.url);
    const absl::StatusOr<tlspin::Collector> collector =
        tlspin::ParseCollector(row.url);
    ASSERT_TRUE(collector.ok()) << collector.status();
    EXPECT_EQ(collector->Origin(), row.origin);
    EXPECT_EQ(collector->path, row.path);
  }
}

}  // namespace
